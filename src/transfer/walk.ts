// Which files are below a folder, in the order in which S3 lists keys?
//
// S3 lists by the bytes of the whole key. A folder therefore stands where its name with a slash behind it would stand,
// and is walked through before the names after it. Only one folder's names are held for each level.

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
export function* filesBelow(root: string, options: WalkOptions = {}): Generator<Entry> {
  const top = seen(root, options)
  if (top === undefined) return
  yield* walk(root, root.length, options)
}

/** The one file at `path`, if it is there and can be read. */
export function* fileAt(path: string, options: WalkOptions = {}): Generator<Entry> {
  const stats = seen(path, options)
  if (stats !== undefined) yield entryOf(path, path.slice(path.lastIndexOf('/') + 1), stats)
}

function* walk(folder: string, rootLength: number, options: WalkOptions): Generator<Entry> {
  const found = new Map<string, Stats>()
  for (const name of namesIn(folder)) {
    const stats = seen(folder + name, options)
    if (stats !== undefined) found.set(stats.isDirectory() ? `${name}/` : name, stats)
  }
  for (const name of sorted([...found.keys()])) {
    const path = folder + name
    if (name.endsWith('/')) yield* walk(path, rootLength, options)
    else yield entryOf(path, path.slice(rootLength), found.get(name)!)
  }
}

/** By code point. The engine's own order is by UTF-16 unit: the same, and many times faster, where no name has surrogates. */
function sorted(names: string[]): string[] {
  const plain = !names.some((name) => /[\ud800-\udfff]/.test(name))
  return plain ? names.sort() : names.sort(compareText)
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return [] // told when it was seen
  }
}

/** What is at a path, if it is a file or folder that can be read. */
function seen(path: string, { followLinks = true, skipped }: WalkOptions): Stats | undefined {
  if (!followLinks && lstatSync(path.replace(/\/$/, ''), { throwIfNoEntry: false })?.isSymbolicLink()) return undefined
  let stats: Stats | undefined
  try {
    stats = statSync(path, { throwIfNoEntry: false })
  } catch {
    // A loop of links, a folder that may not be entered, a file where a folder was named: it is not there.
  }
  const why = stats === undefined ? 'missing' : whyNot(path, stats)
  if (why === undefined) return stats
  skipped?.(path, why)
  return undefined
}

function whyNot(path: string, stats: Stats): Skip | undefined {
  if (!stats.isFile() && !stats.isDirectory()) return 'special'
  if (isMine(stats)) return undefined
  try {
    accessSync(path, stats.isDirectory() ? constants.R_OK | constants.X_OK : constants.R_OK)
    return undefined
  } catch {
    return 'unreadable'
  }
}

/** The owner's own bits are the last word for the owner, and save a look at every file. */
function isMine(stats: Stats): boolean {
  const needed = stats.isDirectory() ? constants.S_IRUSR | constants.S_IXUSR : constants.S_IRUSR
  return stats.uid === process.geteuid?.() && (stats.mode & needed) === needed
}

function entryOf(path: string, name: string, stats: Stats): Entry {
  return { side: 'local', path, name, size: stats.size, modified: stats.mtimeMs }
}
