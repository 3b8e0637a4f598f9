// What is in a zip archive? Its entries by name, each unpacked when it is asked for.
//
//   … data …   central header for each entry   end of central directory
//   https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
//
// Without encryption and without the 64-bit format: archives of up to 4 GB and 65,535 entries, stored or deflated.

import { text } from './bytes.ts'
import { inflate } from './inflate.ts'

export interface ZipEntry {
  readonly name: string
  /** The day it was packed, as the archive has it: `2026-10-26`. */
  readonly date: string
  /** Throws Error for data that is damaged. */
  bytes(): Uint8Array
}

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50]
const END_LENGTH = 22

/** Folders are left out. Throws Error for what is no such archive. */
export function zipEntries(archive: Uint8Array): ZipEntry[] {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength)
  const end = endOf(archive, view)
  const count = view.getUint16(end + 10, true)
  let at = view.getUint32(end + 16, true)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > archive.length || view.getUint32(at, true) !== CENTRAL) throw new Error('its directory is damaged')
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true))
    const name = text(archive.subarray(at + 46, at + 46 + nameLength!))
    if (!name.endsWith('/')) entries.push(entryAt(at, name, archive, view))
    at += 46 + nameLength! + extraLength! + commentLength!
  }
  return entries
}

/** Behind it nothing comes but a comment of at most 64 KB. */
function endOf(archive: Uint8Array, view: DataView): number {
  for (let at = archive.length - END_LENGTH; at >= Math.max(0, archive.length - END_LENGTH - 0xffff); at--)
    if (view.getUint32(at, true) === END) return at
  throw new Error('it is no zip archive')
}

function entryAt(at: number, name: string, archive: Uint8Array, view: DataView): ZipEntry {
  const flags = view.getUint16(at + 8, true)
  const method = view.getUint16(at + 10, true)
  const [packed, length, local] = [20, 24, 42].map((field) => view.getUint32(at + field, true))
  return {
    name,
    date: dateOf(view.getUint16(at + 14, true)),
    bytes() {
      if ((flags & 1) !== 0 || (method !== 0 && method !== 8))
        throw new Error(`${name} is packed in a way not known here`)
      if (local! + 30 > archive.length || view.getUint32(local!, true) !== LOCAL) throw new Error(`${name} is damaged`)
      const start = local! + 30 + view.getUint16(local! + 26, true) + view.getUint16(local! + 28, true)
      const data = archive.subarray(start, start + packed!)
      const bytes = method === 0 ? data : inflate(data)
      if (bytes.length !== length) throw new Error(`${name} is damaged`)
      return bytes
    },
  }
}

/** 7 bits of years since 1980, 4 of the month, 5 of the day. */
function dateOf(date: number): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${1980 + (date >> 9)}-${two((date >> 5) & 15)}-${two(date & 31)}`
}
