// A folder as a zip archive, for services that take code so. Files only, deflated, with their modes and times; those of
// a folder by name, so that the same folder makes the same bytes.
//
//   local header + data, for each file; central header for each file; end of central directory
//   https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT

import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { concat, utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50]
const DEFLATED = 8
/** Names are UTF-8. */
const FLAGS = 0x0800
/** Made on Unix: the modes are to be kept. */
const MADE_BY = (3 << 8) | 20
const MOST = 0xffffffff

/** Paths below `folder`, with `/`, symbolic links followed. `wanted` may leave some out. */
export function filesBelow(folder: string, wanted: (path: string) => boolean = () => true, below = ''): string[] {
  return readdirSync(join(folder, below))
    .toSorted()
    .flatMap((name) => {
      const path = below === '' ? name : `${below}/${name}`
      if (!wanted(path)) return []
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, wanted, path) : [path]
    })
}

/** Throws Failure('InvalidValue') for what does not fit into the plain format: 4 GB, 65,535 files. */
export async function zipOf(folder: string, files: readonly string[] = filesBelow(folder)): Promise<Uint8Array> {
  const { crc32, deflateRawSync } = await import('node:zlib')
  if (files.length > 0xffff)
    throw new Failure('InvalidValue', `${folder} has more files than a zip archive takes: ${files.length}`)
  const parts: Uint8Array[] = []
  const directory: Uint8Array[] = []
  let at = 0
  for (const file of files) {
    const status = statSync(join(folder, file))
    const content = readFileSync(join(folder, file))
    const packed = deflateRawSync(content)
    const name = utf8(file)
    const facts = [FLAGS, DEFLATED, ...dosTime(status.mtime)]
    const sizes = [crc32(content), packed.length, content.length]
    const local = record([4, LOCAL], [2, 20], ...facts.map(two), ...sizes.map(four), [2, name.length], [2, 0])
    directory.push(
      record(
        [4, CENTRAL],
        [2, MADE_BY],
        [2, 20],
        ...facts.map(two),
        ...sizes.map(four),
        [2, name.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, status.mode * 0x10000],
        [4, at],
      ),
      name,
    )
    parts.push(local, name, packed)
    at += local.length + name.length + packed.length
    if (at > MOST) throw new Failure('InvalidValue', `${folder} is larger than a zip archive may be`)
  }
  const central = concat(directory)
  const end = record(
    [4, END],
    [2, 0],
    [2, 0],
    [2, files.length],
    [2, files.length],
    [4, central.length],
    [4, at],
    [2, 0],
  )
  return concat([...parts, central, end])
}

/** Whether a file ends as a zip archive does. */
export function isZip(path: string): boolean {
  const bytes = readFileSync(path)
  // The comment behind the record is at most 64 KiB.
  const last = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]))
  return last >= 0 && bytes.length - last >= 22 && bytes.length - last <= 22 + 0xffff
}

function record(...fields: readonly [size: 2 | 4, value: number][]): Uint8Array {
  const bytes = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0))
  let at = 0
  for (const [size, value] of fields) {
    if (size === 2) bytes.writeUInt16LE(value, at)
    else bytes.writeUInt32LE(value >>> 0, at)
    at += size
  }
  return bytes
}

const two = (value: number): [2, number] => [2, value]
const four = (value: number): [4, number] => [4, value]

/** Local time, in steps of two seconds, from 1980 on. */
function dosTime(time: Date): [number, number] {
  const year = Math.max(1980, time.getFullYear())
  return [
    (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1),
    ((year - 1980) << 9) | ((time.getMonth() + 1) << 5) | time.getDate(),
  ]
}
