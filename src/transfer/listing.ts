// Reads the pages of ListObjectsV2, a thousand lines each, without building what nobody looks at.
//
//   <Contents><Key>a/b.txt</Key><LastModified>2026-01-02T03:04:05.000Z</LastModified><ETag>&quot;…&quot;</ETag>
//   <Size>5</Size><StorageClass>STANDARD</StorageClass></Contents>

import { parseTimestamp } from '../lib/time.ts'
import type { Timestamp } from '../lib/time.ts'
import { formDecode } from '../lib/percent.ts'
import type { Structure } from '../lib/value.ts'
import type { Listed } from './store.ts'

/** Of a page as the client's pipeline reads it. */
export function listedIn(output: Structure): Listed[] {
  const common = ((output.CommonPrefixes ?? []) as Structure[]).map(({ Prefix }) => commonPrefix(String(Prefix)))
  const objects = ((output.Contents ?? []) as Structure[]).map((item) => {
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
  return common.length === 0 ? objects : [...common, ...objects]
}

function commonPrefix(key: string): Listed {
  return { key, size: 0, modified: 0, etag: undefined, storageClass: undefined, restore: undefined, common: true }
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
export function pageIn(body: Uint8Array, brief = false): { items: Listed[]; token: string | undefined } | undefined {
  const page = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  if (!page.includes('<EncodingType>url</EncodingType>') || !page.includes('</ListBucketResult>')) return undefined
  const reader = new PageReader(page, brief)
  const items: Listed[] = []
  for (let at = page.indexOf('<CommonPrefixes>'); at >= 0;) {
    const end = page.indexOf('</CommonPrefixes>', at)
    const prefix = end < 0 ? undefined : reader.element('Prefix', at, end)
    if (prefix === undefined) return undefined
    items.push(commonPrefix(unescaped(prefix)))
    at = page.indexOf('<CommonPrefixes>', end)
  }
  for (let at = page.indexOf('<Contents>'); at >= 0;) {
    const end = page.indexOf('</Contents>', at)
    const item = end < 0 ? undefined : reader.item(at + 10, end)
    if (!item) return undefined
    items.push(item)
    at = page.indexOf('<Contents>', end)
  }
  return { items, token: decoded(reader.element('NextContinuationToken', 0, page.length)) }
}

/** Looks for an element only where the page has one of that name, so that no search runs to the page's end each time. */
class PageReader {
  readonly #page: string
  /** '' for one that the page does not have. */
  readonly #tags = new Map<string, string>()

  constructor(page: string, brief: boolean) {
    this.#page = page
    if (brief) for (const name of ['ETag', 'StorageClass', 'IsRestoreInProgress']) this.#tags.set(name, '')
  }

  item(start: number, end: number): Listed | undefined {
    const key = this.element('Key', start, end)
    const size = this.element('Size', start, end)
    const modified = this.element('LastModified', start, end)
    if (key === undefined || size === undefined || modified === undefined) return undefined
    return {
      key: unescaped(key),
      size: Number(size),
      modified: Date.parse(modified),
      etag: decoded(this.element('ETag', start, end)),
      storageClass: this.element('StorageClass', start, end),
      restore: this.element('IsRestoreInProgress', start, end) === 'false' ? 'ongoing-request="false"' : undefined,
    }
  }

  element(name: string, start: number, end: number): string | undefined {
    let tag = this.#tags.get(name)
    if (tag === undefined) this.#tags.set(name, (tag = this.#page.includes(`<${name}>`) ? `<${name}>` : ''))
    if (tag === '') return undefined
    const open = this.#page.indexOf(tag, start)
    if (open < 0 || open >= end) return undefined
    const from = open + tag.length
    return this.#page.slice(from, this.#page.indexOf('<', from))
  }
}

/** A name as EncodingType=url writes it. */
function unescaped(name: string): string {
  return name.includes('%') || name.includes('+') ? formDecode(name) : name
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function decoded(text: string | undefined): string | undefined {
  if (!text?.includes('&')) return text
  // An ETag: much the most of what is asked here.
  const quoted = text.startsWith('&quot;') && text.endsWith('&quot;') && text.indexOf('&', 1) === text.length - 6
  if (quoted) return `"${text.slice(6, -6)}"`
  return text.replace(/&(amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);/g, (_, name: string) => {
    const number = name[1] === 'x' ? parseInt(name.slice(2), 16) : Number(name.slice(1))
    return entities[name] ?? String.fromCodePoint(number)
  })
}

/** Where a page is put together, the same for all pages of a listing. */
export class PageBuffer {
  #bytes = Buffer.allocUnsafe(1 << 19)
  #filled = 0

  clear(): void {
    this.#filled = 0
  }

  add(data: Uint8Array): void {
    if (this.#filled + data.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#filled + data.length))
      larger.set(this.#bytes.subarray(0, this.#filled))
      this.#bytes = larger
    }
    this.#bytes.set(data, this.#filled)
    this.#filled += data.length
  }

  /** Lent until the next page begins. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#filled)
  }
}
