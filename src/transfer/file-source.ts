// Reads a file that shall be sent, and notices when it is no longer what it was when the sending began.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import type { Source } from './store.ts'

/** A file changed, shrank or grew while it was read: what was sent is not what is there. */
export class SourceChanged extends Error {
  constructor(path: string) {
    super(`File ${path} changed while it was being read`)
    this.name = 'SourceChanged'
  }
}

/** An open file, for one transfer. */
export class SourceFile implements Source {
  readonly path: string
  readonly size: number
  readonly #file: number
  #open = true
  /** Milliseconds since 1970. */
  readonly modified: number

  /** Throws what opening throws. */
  constructor(path: string) {
    this.path = path
    this.#file = openSync(path, 'r')
    const stats = fstatSync(this.#file)
    if (stats.isDirectory()) {
      closeSync(this.#file)
      throw Object.assign(new Error(`${path} is a directory`), { code: 'EISDIR', path })
    }
    const { size, mtimeMs } = stats
    this.size = size
    this.modified = mtimeMs
  }

  /** The last bytes are given only while the file is still as it was: a request that misses them creates nothing. */
  read(offset: number, into: Uint8Array): number {
    const length = this.#read(offset, into, Math.min(into.length, this.size - offset))
    if (offset + length >= this.size) this.requireUnchanged()
    return length
  }

  /** All of it; the file is closed. */
  content(): Uint8Array {
    try {
      const bytes = new Uint8Array(this.size)
      this.read(0, bytes)
      return bytes
    } finally {
      this.close()
    }
  }

  blob(): Blob {
    return Bun.file(this.path)
  }

  /** `length` bytes from `offset`; throws SourceChanged where they are not all there. */
  part(offset: number, length: number): Source {
    const { path } = this
    return {
      size: length,
      read: (at, into) => this.#read(offset + at, into, Math.min(into.length, length - at)),
      blob: () => Bun.file(path).slice(offset, offset + length),
    }
  }

  #read(offset: number, into: Uint8Array, length: number): number {
    for (let at = 0; at < length;) {
      const got = readSync(this.#file, into, at, length - at, offset + at)
      if (got === 0) throw new SourceChanged(this.path)
      at += got
    }
    return length
  }

  /** Throws SourceChanged where the file is not as it was when it was opened. */
  requireUnchanged(): void {
    const { size, mtimeMs } = fstatSync(this.#file)
    if (size !== this.size || mtimeMs !== this.modified) throw new SourceChanged(this.path)
  }

  close(): void {
    if (this.#open) closeSync(this.#file)
    this.#open = false
  }
}
