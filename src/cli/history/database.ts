// ~/.aws/cli/history/history.db: what was run, sent and answered, for those who want to know afterwards. One table that
// both programs read and write.

import { chmodSync, existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Database } from 'bun:sqlite'
import { Failure } from '../../lib/errors.ts'

export interface Row {
  readonly id: string
  readonly request_id: string | null
  readonly source: string
  readonly event_type: string
  /** Milliseconds since 1970. */
  readonly timestamp: number
  /** JSON. */
  readonly payload: string
}

export function historyFile(home: string, env: Readonly<Record<string, string | undefined>>): string {
  return env.AWS_CLI_HISTORY_FILE ?? join(home, '.aws', 'cli', 'history', 'history.db')
}

/** Made where it is not there, for its owner alone. Throws what SQLite throws. */
export async function openHistory(file: string): Promise<Database> {
  mkdirSync(dirname(file), { recursive: true })
  return opened(file)
}

/** Throws Failure('InvalidValue') where nothing was ever recorded. */
export async function existingHistory(file: string): Promise<Database> {
  if (existsSync(file)) return opened(file)
  throw new Failure(
    'InvalidValue',
    'Could not locate history. Make sure cli_history is set to enabled in the ~/.aws/config file',
  )
}

async function opened(file: string): Promise<Database> {
  if (typeof Bun === 'undefined') throw new Failure('NotImplemented', 'The history is only kept by the program itself.')
  const { Database } = await import('bun:sqlite')
  const database = new Database(file, { create: true })
  for (const path of [file, `${file}-wal`, `${file}-shm`]) if (existsSync(path)) chmodSync(path, 0o600)
  database.run(`CREATE TABLE IF NOT EXISTS records (
    id TEXT, request_id TEXT, source TEXT, event_type TEXT, timestamp INTEGER, payload TEXT)`)
  database.run('PRAGMA journal_mode=WAL')
  return database
}
