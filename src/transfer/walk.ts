// Which files are below a folder, in the order in which S3 lists keys?
//
// S3 lists by the bytes of the whole key. A folder therefore stands where its name with a slash behind it would stand,
// and is walked through before the names after it. Of each level only the names are held, and each is looked at when its
// turn comes: a million files cost no more than their names, and are looked at while requests are under way.

import { accessSync, constants, lstatSync, readdirSync, statSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { compareText } from '../lib/python.ts'
import type { Entry, Skip } from './entry.ts'

export interface WalkOptions {
  /** What links lead to counts as if it were there. Default true. */
  readonly followLinks?: boolean
  /** Told of what is passed over. */
  readonly skipped?: (path: string, why: Skip) => void
}

/** Every readable file below `root`, which ends with a slash. */
export function filesBelow(root: string, options: WalkOptions = {}): IterableIterator<Entry> {
  return new Walk(root, options)
}

/** The one file at `path`, if it is there and can be read. */
export function* fileAt(path: string, options: WalkOptions = {}): Generator<Entry> {
  const stats = seen(path, options)
  if (stats !== undefined) yield entryOf(path, path.slice(path.lastIndexOf('/') + 1), stats)
}

/** A folder that is being walked through. */
interface Level {
  readonly folder: string
  /** Its path below the root: '' or `a/b/`. */
  readonly below: string
  readonly names: readonly string[]
  /** Of the name whose turn it is. */
  at: number
  /** Folders that were met and whose turn has not come, in their order: `a-b` and `a.txt` come before `a/`. */
  readonly folders: string[]
}

/** No generator: one in the other, a level each, would hand every file up through all of them. */
class Walk implements IterableIterator<Entry> {
  readonly #options: WalkOptions
  readonly #levels: Level[] = []

  constructor(root: string, options: WalkOptions) {
    this.#options = options
    if (seen(root, options) !== undefined) this.#enter(root, '')
  }

  next(): IteratorResult<Entry> {
    for (;;) {
      const level = this.#levels.at(-1)
      if (level === undefined) return { done: true, value: undefined }
      const { folder, below, names, folders } = level
      const name = names[level.at]
      if (folders.length > 0 && (name === undefined || compareText(folders[0]!, name) < 0)) {
        const key = folders.shift()!
        this.#enter(folder + key, below + key)
        continue
      }
      if (name === undefined) {
        this.#levels.pop()
        continue
      }
      level.at++
      const path = folder + name
      const stats = seen(path, this.#options)
      if (stats === undefined) continue
      if (!isFolder(stats)) return { done: false, value: entryOf(path, below + name, stats) }
      const key = `${name}/`
      const at = folders.findIndex((other) => compareText(key, other) < 0)
      folders.splice(at < 0 ? folders.length : at, 0, key)
    }
  }

  #enter(folder: string, below: string): void {
    this.#levels.push({ folder, below, names: sorted(namesIn(folder)), at: 0, folders: [] })
  }

  [Symbol.iterator](): this {
    return this
  }
}

/** By code point. The engine's own order is by UTF-16 unit: the same, and many times faster, where no name has surrogates. */
function sorted(names: string[]): string[] {
  const plain = !/[\ud800-\udfff]/.test(names.join())
  return plain ? names.sort() : names.sort(compareText)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // told when it was seen
  }
}

const quietly = { throwIfNoEntry: false } as const

/** What is at a path, if it is a file or folder that can be read. */
function seen(path: string, options: WalkOptions): Stats | undefined {
  if (options.followLinks === false && lstatSync(path.replace(/\/$/, ''), quietly)?.isSymbolicLink()) return undefined
  let stats: Stats | undefined
  try {
    stats = statSync(path, quietly)
  } catch {
    // A loop of links, a folder that may not be entered, a file where a folder was named: it is not there.
  }
  const why = stats === undefined ? 'missing' : whyNot(path, stats)
  if (why === undefined) return stats
  options.skipped?.(path, why)
  return undefined
}

function isFolder({ mode }: Stats): boolean {
  return (mode & constants.S_IFMT) === constants.S_IFDIR
}

let me: number | undefined

function whyNot(path: string, stats: Stats): Skip | undefined {
  const { mode, uid } = stats
  const folder = isFolder(stats)
  if (!folder && (mode & constants.S_IFMT) !== constants.S_IFREG) return 'special'
  // The owner's own bits are the last word for the owner, and save a look at every file.
  const owners = folder ? constants.S_IRUSR | constants.S_IXUSR : constants.S_IRUSR
  if (uid === (me ??= process.geteuid?.()) && (mode & owners) === owners) return undefined
  try {
    accessSync(path, folder ? constants.R_OK | constants.X_OK : constants.R_OK)
    return undefined
  } catch {
    return 'unreadable'
  }
}

function entryOf(path: string, name: string, stats: Stats): Entry {
  return { side: 'local', path, name, size: stats.size, modified: stats.mtimeMs }
}
