// How does IAM page? By MaxItems (default 100) and an opaque Marker: here the number of items already given.

import { fromBase64, text, toBase64, utf8 } from '../../../lib/bytes.ts'
import { validationError } from './errors.ts'

export interface PageRequest {
  Marker?: string
  MaxItems?: number
}

/** One page of `items` under `member`, with IsTruncated and Marker. */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  member: string,
  present: (item: T) => unknown = (item) => item,
): object {
  const { slice, ...rest } = cut(items, request)
  return { [member]: slice.map(present), ...rest }
}

export function cut<T>(
  items: readonly T[],
  request: PageRequest,
): { slice: T[]; IsTruncated: boolean; Marker?: string } {
  const start = request.Marker === undefined ? 0 : positionOf(request.Marker)
  const end = start + (request.MaxItems ?? 100)
  if (end >= items.length) return { slice: items.slice(start), IsTruncated: false }
  return { slice: items.slice(start, end), IsTruncated: true, Marker: toBase64(utf8(`virga:${end}`)) }
}

function positionOf(marker: string): number {
  const match = /^virga:(\d+)$/.exec(text(fromBase64(marker)))
  if (!match) throw validationError(`Invalid Marker.`)
  return Number(match[1])
}

export function underPath<T extends { path: string }>(items: readonly T[], prefix: string | undefined): T[] {
  return items.filter((item) => item.path.startsWith(prefix ?? '/'))
}
