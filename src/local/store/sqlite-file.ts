// The database of an account folder: opened, made, brought up to date; and what its complaints mean to a user.

import { constants, Database } from 'bun:sqlite'
import { AwsError, Failure } from '../../lib/errors.ts'
import { fs } from '../../lib/files.ts'

/** A log of so many bytes is left by a process that ends; the next one reads it in a fraction of a millisecond. */
const SHORT_LOG = 256 * 1024

/** https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html; Bun has no name for it. */
const SQLITE_FCNTL_NULL_IO = 43

/** What each version of the file adds to the one before. */
const versions = [
  `create table rows (space text, name text, key text, value text, primary key (space, name, key)) without rowid;
   create table blobs (id text primary key, refs integer, since integer, size integer, bytes blob);
   create index loose_blobs on blobs (since) where refs < 1;`,
  `create table snapshots (name text primary key, made integer);
   create table snapshot_rows (snapshot text, space text, name text, key text, value text,
     primary key (snapshot, space, name, key)) without rowid;
   create table snapshot_blobs (snapshot text, id text, refs integer, primary key (snapshot, id)) without rowid;
   create index snapshots_of_blobs on snapshot_blobs (id);`,
  // Of bytes that are in a pack.
  `alter table blobs add column crc integer;`,
]

/** Makes file and folder where there are none; another's writing is waited for `patience` milliseconds. */
export function openDatabase(folder: string, file: string, patience: number): Database {
  try {
    const db = existing(file) ?? made(folder, file)
    db.run(`pragma busy_timeout = ${patience}; pragma synchronous = normal`)
    // The log is folded into the database when it has 16 MiB, and then used again, not cut: half the cost of a small write.
    db.run('pragma wal_autocheckpoint = 4096; pragma journal_size_limit = 16777216')
    // The log's file stays, empty, when the last process leaves: making it anew would be half the cost of opening.
    db.fileControl(constants.SQLITE_FCNTL_PERSIST_WAL, 1)
    const version = versionOf(db)
    if (version > versions.length)
      throw new Failure('Local', `the local AWS's database ${file} was made by a newer version of this program`)
    if (version < versions.length) bringUpToDate(db, version === 0)
    return db
  } catch (error) {
    throw asFailure(error, file)
  }
}

/**
 * Bun closes every database when the process exits, and the last to close one folds its log in: four times the disk is waited for, more
 * than a short command's own work. So a short log stays for the next process, which goes on writing where it ends: nothing can be
 * folded into a file that SQLite has let go of. Returns what calls it off.
 */
export function leaveShortLog(db: Database, file: string): () => void {
  const leave = (): void => {
    if (Bun.file(`${file}-wal`).size > SHORT_LOG) return
    if (db.fileControl(SQLITE_FCNTL_NULL_IO, 0) === 0) db.run('pragma synchronous = off')
  }
  process.once('exit', leave)
  return () => void process.off('exit', leave)
}

function existing(file: string): Database | undefined {
  try {
    return new Database(file, { readwrite: true, create: false })
  } catch {
    return undefined
  }
}

function made(folder: string, file: string): Database {
  fs().mkdirSync(folder, { recursive: true, mode: 0o700 })
  const db = new Database(file, { create: true })
  fs().chmodSync(file, 0o600)
  return db
}

/** Two processes may be the first at once: the loser of the race finds the work done. */
function bringUpToDate(db: Database, fresh: boolean): void {
  // Nothing is lost yet that anybody was told of; waiting for the disk would take most of the time to start.
  if (fresh) db.run('pragma synchronous = off; pragma journal_mode = wal')
  db.run('begin immediate')
  versions.slice(versionOf(db)).forEach((schema) => db.run(schema))
  db.run(`pragma user_version = ${versions.length}`)
  db.run('commit')
  db.run('pragma synchronous = normal')
}

function versionOf(db: Database): number {
  return (db.query('pragma user_version').get() as { user_version: number }).user_version
}

export function isBusy(error: unknown): boolean {
  return String((error as { code?: unknown } | null)?.code).startsWith('SQLITE_BUSY')
}

export function inUse(file: string): Failure {
  return new Failure('Local', `the local AWS's database ${file} is in use by another program`)
}

/** SQLite's and the file system's complaints in one line; everything else as it is. */
export function asFailure(error: unknown, file: string): unknown {
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code !== 'string' || error instanceof Failure || error instanceof AwsError) return error
  if (isBusy(error)) return inUse(file)
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT'))
    return new Failure(
      'Local',
      `the local AWS's database ${file} is damaged: virga local reset moves it away and makes a new one`,
    )
  if (/^(SQLITE_|E[A-Z]+$)/.test(code)) return new Failure('Local', `the local AWS cannot use ${file}: ${message}`)
  return error
}

/** Runs what touches the database or its files, and words its complaints. */
export function guarded<T>(file: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw asFailure(error, file)
  }
}
