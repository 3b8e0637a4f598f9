// Small blobs as they were last read. A blob never changes, so what is remembered is never out of date; whoever takes
// blobs away forgets them here.

/** Bytes kept at the most. */
const most = 8 * 1024 * 1024
/** Longer ones are not kept: they would push everything else out. */
const longest = 64 * 1024

export class BlobCache {
  readonly #blobs = new Map<string, Uint8Array<ArrayBuffer>>()
  #size = 0

  get(id: string): Uint8Array<ArrayBuffer> | undefined {
    return this.#blobs.get(id)
  }

  remember(id: string, bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > longest) return
    if (this.#size + bytes.length > most) this.clear()
    this.#blobs.set(id, bytes)
    this.#size += bytes.length
  }

  forget(id: string): void {
    this.#size -= this.#blobs.get(id)?.length ?? 0
    this.#blobs.delete(id)
  }

  clear(): void {
    this.#blobs.clear()
    this.#size = 0
  }
}
