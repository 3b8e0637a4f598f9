// How is a compiled file laid out? Named blocks behind a small index, so that one block costs one read:
//
//   "VIRGA\0" kind(2)   u32 version   u32 length of the index   index   blocks
//
// The index is JSON, {name: [offset, length]}, offsets counted from its end. Numbers are little-endian.
// models.bin, docs.bin and actions.bin are all such files; the kind says which.

import { text, utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import type { ModelSource } from './source.ts'

export type ArchiveKind = 'MO' | 'DO' | 'AC'

export interface Archive {
  /** In the order they were packed. */
  readonly names: readonly string[]
  has(name: string): boolean
  /**
   * The block's bytes, or `length` of them from `from` on; undefined when there is no such block. Throws Failure('Model')
   * for a truncated file.
   */
  read(name: string, from?: number, length?: number): Promise<Uint8Array | undefined>
}

/** Raised by one whenever a block's inner layout changes: an old file is then refused, not misread. */
export const ARCHIVE_VERSION = 1

const HEADER_LENGTH = 16
/** Enough for the index of all of AWS's services, so that opening takes one read. */
const FIRST_READ = 32 * 1024

export async function openArchive(source: ModelSource, kind: ArchiveKind): Promise<Archive> {
  const first = await source.read(0, FIRST_READ)
  const header = new DataView(first.buffer, first.byteOffset, first.byteLength)
  if (first.length < HEADER_LENGTH || ascii(first, 0, 8) !== `VIRGA\0${kind}`)
    throw damaged(source, 'it is not a compiled model file')
  const version = header.getUint32(8, true)
  if (version !== ARCHIVE_VERSION)
    throw damaged(source, `it has format ${version}, this program reads format ${ARCHIVE_VERSION}; compile it again`)
  const start = HEADER_LENGTH + header.getUint32(12, true)
  const head = start <= first.length ? first : await source.read(0, start)
  if (head.length < start) throw damaged(source, 'it ends in the middle of its index')
  const index = ascii(head, HEADER_LENGTH, start)
  return {
    get names() {
      return namesIn(index, source)
    },
    has: (name) => placeOf(name, index) !== undefined,
    async read(name, from = 0, length = Number.POSITIVE_INFINITY) {
      const place = placeOf(name, index)
      if (place === undefined) return undefined
      const wanted = Math.min(length, place[1] - from)
      const bytes = await source.read(start + place[0] + from, wanted)
      if (bytes.length < wanted) throw damaged(source, `it ends in the middle of ${name}`)
      return bytes
    },
  }
}

/** Found by its text: parsing an index of hundreds to read one entry takes ten times as long as the rest of the opening. */
function placeOf(name: string, index: string): [offset: number, length: number] | undefined {
  const key = `${JSON.stringify(name)}:`
  const at = index.indexOf(key)
  if (at < 0) return undefined
  return JSON.parse(index.slice(at + key.length, index.indexOf(']', at) + 1)) as [number, number]
}

function namesIn(index: string, source: ModelSource): string[] {
  try {
    return Object.keys(JSON.parse(index) as object)
  } catch (error) {
    throw damaged(source, 'its index cannot be read', error)
  }
}

function damaged(source: ModelSource, why: string, cause?: unknown): Failure {
  return new Failure('Model', `${source.name}: ${why}`, { file: source.name }, cause)
}

/** The bytes of an archive: the counterpart of `openArchive`, for the compilers. */
export function packArchive(kind: ArchiveKind, blocks: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const index: Record<string, [number, number]> = {}
  let offset = 0
  for (const [name, block] of blocks) {
    index[name] = [offset, block.length]
    offset += block.length
  }
  const indexBytes = utf8(asciiJson(index))
  const start = HEADER_LENGTH + indexBytes.length
  const file = new Uint8Array(start + offset)
  const header = new DataView(file.buffer)
  file.set(utf8(`VIRGA\0${kind}`))
  header.setUint32(8, ARCHIVE_VERSION, true)
  header.setUint32(12, indexBytes.length, true)
  file.set(indexBytes, HEADER_LENGTH)
  for (const [name, block] of blocks) file.set(block, start + index[name]![0])
  return file
}

export function ascii(bytes: Uint8Array, start: number, end: number): string {
  return text(bytes.subarray(start, end))
}

/** JSON in which every character is ASCII, so that offsets in bytes are offsets in characters. */
export function asciiJson(value: unknown): string {
  const escaped = (character: string): string => '\\u' + character.charCodeAt(0).toString(16).padStart(4, '0')
  return JSON.stringify(value).replace(/[\u007f-\uffff]/g, escaped)
}
