// A folder as npm packs it: `package/…` in a gzipped tar. The same files give the same bytes: no times, no owners.

import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const BLOCK = 512
/** npm's own, for the same reason. */
const TIME = 499_162_500

export function tarballOfFolder(folder: string): Uint8Array {
  const blocks = filesBelow(folder).flatMap((file) => {
    const path = join(folder, file)
    const bytes = readFileSync(path)
    const mode = (statSync(path).mode & 0o111) === 0 ? 0o644 : 0o755
    return [header(`package/${file}`, bytes.length, mode), bytes, Buffer.alloc(-bytes.length & (BLOCK - 1))]
  })
  const gzipped = gzipSync(Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]), { level: 6 })
  gzipped[9] = 255 // the system it was made on: unknown
  return gzipped
}

function filesBelow(folder: string, below = ''): string[] {
  return readdirSync(join(folder, below))
    .sort()
    .flatMap((name) => {
      const path = below === '' ? name : `${below}/${name}`
      return statSync(join(folder, path)).isDirectory() ? filesBelow(folder, path) : [path]
    })
}

/** https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html (ustar) */
function header(path: string, size: number, mode: number): Buffer {
  const block = Buffer.alloc(BLOCK)
  const cut = path.length > 100 ? path.lastIndexOf('/', 154) : -1
  const name = path.slice(cut + 1)
  if (Buffer.byteLength(name) > 100) throw new Error(`${path} is too long for a tar archive`)
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  block.write(name, 0)
  block.write(octal(mode, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12) + octal(TIME, 12), 100)
  block.write('        0', 148)
  block.write('ustar\x0000', 257)
  if (cut > 0) block.write(path.slice(0, cut), 345)
  block.write(
    `${block
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  )
  return block
}
