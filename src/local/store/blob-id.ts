// What are blobs called?

/** In the order they are made, so that new rows stand together at the table's end: half the pages to write. */
export function newBlobId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  return time + Array.from(crypto.getRandomValues(new Uint8Array(10)), (b) => b.toString(16).padStart(2, '0')).join('')
}

/** Blobs being written that nobody has added to for so long (milliseconds) are nobody's: their writer was killed. */
export const strayAge = 3_600_000
