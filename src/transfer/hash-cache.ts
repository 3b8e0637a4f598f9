// Digests of local files, remembered as long as the files stay what they were.
//
// A file counts as the same while its inode, size and modification time to the nanosecond are. A change that keeps all
// of them would go unnoticed, as with every such cache; --checksum without a cache has no such gap.

import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { checksum } from '../lib/checksum.ts'
import type { ChecksumName } from '../lib/checksum.ts'

const blockSize = 1 << 20

interface Table {
  get(path: string, name: string): { stamp: string; digest: Uint8Array } | null
  set(path: string, name: string, stamp: string, digest: Uint8Array): void
  close(): void
}

export class HashCache {
  readonly #table: Table | undefined
  #block: Uint8Array | undefined

  private constructor(table: Table | undefined) {
    this.#table = table
  }

  /** Undefined: nothing is remembered. A cache that cannot be opened is none. */
  static async open(file: string | undefined): Promise<HashCache> {
    return new HashCache(file === undefined ? undefined : await tableIn(file).catch(() => undefined))
  }

  /** Throws what reading throws. */
  digest(path: string, name: ChecksumName): Uint8Array {
    const { ino, size, mtimeNs } = statSync(path, { bigint: true })
    const stamp = `${ino} ${size} ${mtimeNs}`
    const known = this.#table?.get(path, name)
    if (known && known.stamp === stamp) return new Uint8Array(known.digest)
    const digest = this.#computed(path, name)
    this.#table?.set(path, name, stamp, digest)
    return digest
  }

  #computed(path: string, name: ChecksumName): Uint8Array {
    const block = (this.#block ??= new Uint8Array(blockSize))
    const running = checksum(name)
    const file = openSync(path, 'r')
    try {
      for (;;) {
        const length = readSync(file, block)
        if (length === 0) return running.digest()
        running.update(block.subarray(0, length))
      }
    } finally {
      closeSync(file)
    }
  }

  close(): void {
    this.#table?.close()
  }
}

async function tableIn(file: string): Promise<Table> {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const { Database } = await import('bun:sqlite')
  const database = new Database(file, { create: true })
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA busy_timeout = 2000')
  database.exec(
    'CREATE TABLE IF NOT EXISTS digests (path TEXT, name TEXT, stamp TEXT, digest BLOB, PRIMARY KEY (path, name)) WITHOUT ROWID',
  )
  const get = database.query('SELECT stamp, digest FROM digests WHERE path = ? AND name = ?')
  const set = database.query('INSERT OR REPLACE INTO digests VALUES (?, ?, ?, ?)')
  return {
    get: (path, name) => get.get(path, name) as { stamp: string; digest: Uint8Array } | null,
    set: (path, name, stamp, digest) => void set.run(path, name, stamp, digest),
    close: () => database.close(),
  }
}
