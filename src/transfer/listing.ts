// Reads the pages of ListObjectsV2, a thousand lines each, without building what nobody looks at.
//
//   <Contents><Key>a/b.txt</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;…&quot;</ETag>
//   <Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>

import { parseTimestamp } from '../lib/time.ts'
import type { Timestamp } from '../lib/time.ts'
import { percentDecode } from '../lib/percent.ts'
import type { Structure } from '../lib/value.ts'
import type { Listed } from './store.ts'

/** Of a page as the client's pipeline reads it. */
export function listedIn(output: Structure): Listed[] {
  return ((output.Contents ?? []) as Structure[]).map((item) => {
    const restore = item.RestoreStatus as Structure | undefined
    return {
      key: item.Key as string,
      size: Number(item.Size),
      modified: milliseconds(item.LastModified as Timestamp),
      etag: item.ETag as string | undefined,
      storageClass: item.StorageClass as string | undefined,
      restore: restore?.IsRestoreInProgress === false ? 'ongoing-request="false"' : undefined,
    }
  })
}

/** Milliseconds since 1970, of a timestamp in any of the forms in which one may come. */
export function milliseconds(time: Timestamp): number {
  const { seconds, micros } = parseTimestamp(time)
  return seconds * 1000 + micros / 1000
}

/**
 * Of a page as it came. Undefined where it is not of the usual form: names must be URL-encoded, so that nothing in them
 * can be taken for markup.
 */
export function pageIn(body: Uint8Array): { items: Listed[]; token: string | undefined } | undefined {
  const page = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  if (!page.includes('<EncodingType>url</EncodingType>') || !page.includes('</ListBucketResult>')) return undefined
  const items: Listed[] = []
  let at = page.indexOf('<Contents>')
  while (at >= 0) {
    const end = page.indexOf('</Contents>', at)
    if (end < 0) return undefined
    const item = itemIn(page.slice(at + 10, end))
    if (!item) return undefined
    items.push(item)
    at = page.indexOf('<Contents>', end)
  }
  return { items, token: tokenIn(page) }
}

function itemIn(item: string): Listed | undefined {
  const key = element(item, 'Key')
  const size = element(item, 'Size')
  const modified = element(item, 'LastModified')
  if (key === undefined || size === undefined || modified === undefined) return undefined
  const etag = element(item, 'ETag')
  const restored = item.includes('<RestoreStatus>') && element(item, 'IsRestoreInProgress') === 'false'
  return {
    key: key.includes('%') || key.includes('+') ? percentDecode(key.replaceAll('+', ' ')) : key,
    size: Number(size),
    modified: Date.parse(modified),
    etag: etag?.includes('&') ? etag.replaceAll('&quot;', '"').replaceAll('&#34;', '"') : etag,
    storageClass: element(item, 'StorageClass'),
    restore: restored ? 'ongoing-request="false"' : undefined,
  }
}

function element(text: string, name: string): string | undefined {
  const open = text.indexOf(`<${name}>`)
  if (open < 0) return undefined
  const from = open + name.length + 2
  return text.slice(from, text.indexOf('<', from))
}

function tokenIn(page: string): string | undefined {
  const token = element(page, 'NextContinuationToken')
  return token?.replace(/&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);/g, (_, name: string) => {
    const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
    if (named[name] !== undefined) return named[name]
    return String.fromCodePoint(name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1)))
  })
}
