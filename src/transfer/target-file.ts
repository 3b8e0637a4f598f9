// A download's file: it grows under a name of its own beside the target, and takes the target's name when it is whole.

import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs'

/** The folder for a download cannot be made. */
export class NoFolder extends Error {
  readonly folder: string
  constructor(folder: string, cause: unknown) {
    super(`Could not create directory ${folder}`, { cause })
    this.folder = folder
  }
}

/** Names may have so many bytes; the temporary one has nine more than the target's. */
const longestName = 255

export class TargetFile {
  readonly path: string
  /** Where it grows. */
  readonly temporary: string
  readonly #file: number
  #open = true

  /**
   * Makes the folders above it. Throws NoFolder, and what opening throws.
   * @param earlier where it grew in an earlier run
   */
  constructor(path: string, earlier?: string) {
    this.path = path
    if (earlier !== undefined) {
      this.temporary = earlier
      this.#file = openSync(earlier, 'r+')
      return
    }
    makeFolder(path.slice(0, path.lastIndexOf('/')) || '/')
    this.temporary = temporaryName(path)
    this.#file = openSync(this.temporary, 'wx', 0o666)
  }

  write(data: Uint8Array, at: number): void {
    for (let written = 0; written < data.length;) {
      written += writeSync(this.#file, data, written, data.length - written, at + written)
    }
  }

  /** So many bytes from there on, as far as they were written. */
  read(at: number, into: Uint8Array): number {
    return readSync(this.#file, into, 0, into.length, at)
  }

  /** Stays as it is, for a later run. */
  leave(): void {
    this.#close()
  }

  /** Forgets what was written from here on: an attempt begins anew. */
  truncate(length: number): void {
    ftruncateSync(this.#file, length)
  }

  /** Becomes the target. */
  finish(): void {
    this.#close()
    try {
      renameSync(this.temporary, this.path)
    } catch (error) {
      this.discard()
      throw error
    }
  }

  discard(): void {
    this.#close()
    try {
      unlinkSync(this.temporary)
    } catch {
      // Gone already.
    }
  }

  #close(): void {
    if (this.#open) closeSync(this.#file)
    this.#open = false
  }
}

let lastFolder = ''

function makeFolder(folder: string): void {
  if (folder === lastFolder) return
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    // A file where the folder should be is told when the file below it is opened.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new NoFolder(folder, error)
  }
  lastFolder = folder
}

function temporaryName(path: string): string {
  const extension = `.${Math.floor(Math.random() * 0x100000000)
    .toString(16)
    .padStart(8, '0')}`
  const slash = path.lastIndexOf('/')
  let name = path.slice(slash + 1)
  // A character has three bytes at most for each of its units.
  if (name.length * 3 + extension.length > longestName) {
    while (Buffer.byteLength(name) + extension.length > longestName) name = name.slice(0, -1)
  }
  return path.slice(0, slash + 1) + name + extension
}

/** A device, a pipe or a socket is written to as it is: there is nothing to rename. */
export function isSpecial(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats !== undefined && !stats.isFile() && !stats.isDirectory()
  } catch {
    return false // what is wrong with the path is told when it is opened
  }
}

/** @param modified milliseconds; whole seconds are set */
export function setModified(path: string, modified: number): void {
  const seconds = Math.floor(modified / 1000)
  utimesSync(path, seconds, seconds)
}
