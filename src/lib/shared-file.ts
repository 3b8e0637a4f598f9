// How is a file written that several processes share? Whole or not at all, readable by its owner only, one at a time.

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type { Stats } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** A lock that nobody has touched for so long belonged to a process that died. */
const staleAfter = 10_000

/**
 * Replaces a file in one step: whoever reads it sees the old text or the new, never half of one. A new file gets
 * `mode` (0600), one that is there keeps its own; a link stays a link. Folders on the way are made with mode 0700.
 * What is no file (/dev/null), and a file that cannot be replaced but may be written to, as one that is mounted into a
 * container by itself, is written in place.
 */
export function replaceFile(path: string, text: string, mode = 0o600): void {
  const target = throughLinks(path)
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 })
  const before = statOf(target)
  if (before !== undefined && !before.isFile()) return writeFileSync(target, text)
  const own = before && before.mode & 0o777
  const fresh = join(dirname(target), `.${basename(target)}.${process.pid}.${Math.random().toString(36).slice(2)}`)
  try {
    writeWhole(fresh, text, own ?? mode)
    // The umask may have taken bits away that the old file had.
    if (own !== undefined) chmodSync(fresh, own)
    renameSync(fresh, target)
  } catch (error) {
    removeQuietly(fresh)
    const cannotReplace = ['EACCES', 'EBUSY', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    if (own === undefined || !cannotReplace) throw error
    writeFileSync(target, text)
  }
}

/** The same for a secret: only its owner may read it afterwards, whoever might before. */
export function replaceSecret(path: string, text: string): void {
  if (statOf(path)?.isFile()) chmodSync(path, 0o600)
  replaceFile(path, text)
}

/** A new file, on the disk when this returns. */
function writeWhole(path: string, text: string, mode: number): void {
  const file = openSync(path, 'wx', mode)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/**
 * Reads, changes and replaces a file while no other process does. A file that is not there counts as ''; one that is
 * there and cannot be read is an error.
 */
export async function changeFile(path: string, change: (text: string) => string): Promise<void> {
  await withLock(path, () => {
    const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
    const after = change(before)
    if (after !== before) replaceFile(path, after)
  })
}

/** Undefined for a file that is not there or cannot be read. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/**
 * Does `work` while no other process that uses this function on `path` does its own; waits for its turn. The lock is a
 * file beside it. Where the folder cannot be written to there is no lock, and no error: then nothing else can write either.
 */
export async function withLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  const lock = `${throughLinks(path)}.lock`
  const held = await taken(lock)
  try {
    return await work()
  } finally {
    if (held) removeQuietly(lock)
  }
}

async function taken(lock: string): Promise<boolean> {
  for (let wait = 2; ; wait = Math.min(wait * 2, 100)) {
    try {
      mkdirSync(dirname(lock), { recursive: true, mode: 0o700 })
      closeSync(openSync(lock, 'wx', 0o600))
      return true
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false
    }
    if (!removedStale(lock)) await new Promise((resolve) => setTimeout(resolve, wait * (0.5 + Math.random())))
  }
}

/** Moves the lock aside first, so that of several who find it stale one removes it, and looks again at what it moved. */
function removedStale(lock: string): boolean {
  if (ageOf(lock) < staleAfter) return false
  const aside = `${lock}.${process.pid}`
  try {
    renameSync(lock, aside)
    if (ageOf(aside) < staleAfter) linkSync(aside, lock)
    unlinkSync(aside)
    return true
  } catch {
    return false
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).mtimeMs
  } catch {
    return 0
  }
}

function throughLinks(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path)
  } catch {
    return undefined
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path)
  } catch {
    // It is gone: another took a lock for stale, or it never came to be.
  }
}
