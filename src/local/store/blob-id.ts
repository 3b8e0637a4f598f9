// What are blobs called?

import { toHex } from '../../lib/bytes.ts'

/** In the order they are made, so that new rows stand together at the table's end: half the pages to write. */
export function newBlobId(): string {
  return namedNow(10)
}

/** Blobs in a pack are called by its name and their place in it. */
export function packName(): string {
  return namedNow(4)
}

function namedNow(randomBytes: number): string {
  return Date.now().toString(16).padStart(12, '0') + toHex(crypto.getRandomValues(new Uint8Array(randomBytes)))
}

/** Blobs being written that nobody has added to for so long (milliseconds) are nobody's: their writer was killed. */
export const strayAge = 3_600_000
