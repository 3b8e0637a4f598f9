// A download's file: it grows under a name of its own beside the target, and takes the target's name when it is whole.

import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  statSync,
  unlinkSync,
  futimesSync,
  writeSync,
} from 'node:fs'
import { sha256Hex } from '../lib/hash.ts'

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
  readonly #flags: 'wx' | 'r+' | 'w'
  #file: number | undefined
  #closed = false

  /**
   * Makes the folders above it; throws NoFolder. It is itself made when its first bytes are there: whoever is killed while
   * he waits for them leaves nothing, and hundreds may wait.
   * @param earlier where it grew in an earlier run: 'goes on' keeps what is there, 'begins anew' does not
   */
  constructor(path: string, earlier?: { temporary: string; file: 'goes on' | 'begins anew' }) {
    this.path = path
    this.temporary = earlier?.temporary ?? temporaryName(path)
    this.#flags = earlier === undefined ? 'wx' : earlier.file === 'goes on' ? 'r+' : 'w'
    makeFolder(path.slice(0, path.lastIndexOf('/')) || '/')
  }

  /** Throws what opening throws. */
  open(): number {
    return (this.#file ??= openSync(this.temporary, this.#flags, 0o666))
  }

  write(data: Uint8Array, at: number): void {
    const file = this.open()
    for (let written = 0; written < data.length;) {
      written += writeSync(file, data, written, data.length - written, at + written)
    }
  }

  /** So many bytes from there on, as far as they were written. */
  read(at: number, into: Uint8Array): number {
    return readSync(this.open(), into, 0, into.length, at)
  }

  /** Stays as it is, for a later run. */
  leave(): void {
    this.#close()
  }

  /** Forgets what was written from here on: an attempt begins anew. */
  truncate(length: number): void {
    ftruncateSync(this.open(), length)
  }

  /** Throws what the file system says. @param modified milliseconds; whole seconds are set */
  setModified(modified: number): void {
    const seconds = Math.floor(modified / 1000)
    futimesSync(this.open(), seconds, seconds)
  }

  /** Becomes the target. */
  finish(): void {
    this.open() // it may be empty
    this.#close()
    try {
      renameSync(this.temporary, this.path)
    } catch (error) {
      this.discard()
      throw error
    }
  }

  discard(): void {
    if (this.#file === undefined && this.#flags === 'wx') return // nobody has made it
    this.#close()
    try {
      unlinkSync(this.temporary)
    } catch {
      // Gone already.
    }
  }

  #close(): void {
    if (this.#file !== undefined && !this.#closed) closeSync(this.#file)
    this.#closed = true
  }
}

/** What is known of the folder that the last file went to: files come folder by folder. */
let last: { folder: string; files: number; specials?: ReadonlySet<string> } = { folder: '', files: 0 }

function makeFolder(folder: string): void {
  if (folder === last.folder) return void last.files++
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    // A file where the folder should be is told when the file below it is opened.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new NoFolder(folder, error)
  }
  last = { folder, files: 1 }
}

/** The same each time, so that a run finds what an earlier one left. */
export function lastingName(path: string): string {
  return named(path, sha256Hex(path).slice(0, 8))
}

function temporaryName(path: string): string {
  return named(
    path,
    Math.floor(Math.random() * 0x100000000)
      .toString(16)
      .padStart(8, '0'),
  )
}

function named(path: string, hex: string): string {
  const slash = path.lastIndexOf('/')
  let name = path.slice(slash + 1)
  // A character has three bytes at most for each of its units.
  if (name.length * 3 + hex.length >= longestName) {
    while (Buffer.byteLength(name) + hex.length >= longestName) name = name.slice(0, -1)
  }
  return `${path.slice(0, slash + 1)}${name}.${hex}`
}

/**
 * A device, a pipe or a socket is written to as it is: there is nothing to rename. A folder that gets many files is looked
 * at once for all of them.
 */
export function isSpecial(path: string): boolean {
  const slash = path.lastIndexOf('/')
  if (last.files < 8 || path.slice(0, slash) !== last.folder) return isSpecialItself(path)
  last.specials ??= new Set(specialsIn(last.folder))
  return last.specials.has(path.slice(slash + 1))
}

function isSpecialItself(path: string): boolean {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats !== undefined && !stats.isFile() && !stats.isDirectory()
  } catch {
    return false // what is wrong with the path is told when it is opened
  }
}

function specialsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isFile() && !entry.isDirectory() && isSpecialItself(`${folder}/${entry.name}`))
    .map(({ name }) => name)
}
