// What is in a tar archive, as npm packs it? 512-byte headers, each before its file's bytes.
// https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar)

import { text } from './bytes.ts'

const BLOCK = 512

/** The bytes of the files that are wanted, by name. Names beyond 100 characters may be split; pax records are not read. */
export function tarFiles(archive: Uint8Array, wanted: (name: string) => boolean): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>()
  let at = 0
  // An empty block ends it.
  while (archive[at] !== 0) {
    const field = (from: number, length: number): string =>
      text(archive.subarray(at + from, at + from + length)).replace(/\0.*$/s, '')
    const size = Number.parseInt(field(124, 12).trim() || '0', 8)
    const end = at + BLOCK + size
    if (!Number.isSafeInteger(size) || end > archive.length) throw new Error('it is no tar archive, or cut off')
    const prefix = field(257, 5) === 'ustar' ? field(345, 155) : ''
    const name = `${prefix === '' ? '' : `${prefix}/`}${field(0, 100)}`
    const isFile = ['0', ''].includes(field(156, 1))
    if (isFile && wanted(name)) files.set(name, archive.subarray(at + BLOCK, end))
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}
