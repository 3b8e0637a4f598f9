// Is an account folder whole? Looked at from outside: the database, its rows' blobs, and the files beside it.

import { Database } from 'bun:sqlite'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { sqliteStore } from '../../src/local/store/sqlite.ts'

interface Blob {
  id: string
  refs: number
  size: number
  inside: number | null
  crc: number | null
}

/** By the name of a blob or a pack. */
function filesOf(folder: string): Map<string, string> {
  const files = new Map<string, string>()
  const objects = join(folder, 'objects')
  for (const dir of [...namesIn(objects).map((name) => join(objects, name)), join(folder, 'packs')])
    for (const file of namesIn(dir)) files.set(file, join(dir, file))
  return files
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Of a blob's id: its own name, or its pack's. */
function fileOf(id: string): string {
  return id.split('p')[0]!
}

/** How many bytes of a packed blob are there, and whole. */
function lengthInPack(pack: string | undefined, { id, size, crc }: Blob): number {
  const start = parseInt(id.split('p')[1]!, 16)
  const bytes = pack === undefined ? new Uint8Array(0) : readFileSync(pack).subarray(start, start + size)
  return Bun.hash.crc32(bytes) === crc ? bytes.length : 0
}

/** What is not as it must be. */
export function faultsOf(folder: string): string[] {
  const db = new Database(join(folder, 'account.db'), { readonly: true })
  try {
    const faults: string[] = []
    const [integrity] = db.query('pragma integrity_check').values()
    if (integrity![0] !== 'ok') faults.push(`the database: ${integrity![0]}`)
    const files = filesOf(folder)
    const texts = (
      db
        .query("select value from rows where space = 's3' union all select value from snapshot_rows where space = 's3'")
        .values() as [string][]
    ).map(([text]) => text)
    const referred = new Set(texts.flatMap((text) => [...text.matchAll(/"blob":"(\w+)"/g)].map((match) => match[1]!)))
    const blobs = db.query('select id, refs, size, length(bytes) as inside, crc from blobs').all() as Blob[]
    const known = new Map(blobs.map((blob) => [blob.id, blob]))
    for (const id of referred)
      if ((known.get(id)?.refs ?? 0) < 1) faults.push(`a row refers to the blob ${id}, which nobody keeps`)
    for (const blob of blobs) {
      const { id, refs, size, inside, crc } = blob
      if (refs > 0 && !referred.has(id)) faults.push(`the blob ${id} is kept, and no row refers to it`)
      if (refs < 0) faults.push(`the blob ${id} is kept ${refs} times`)
      const path = files.get(fileOf(id))
      const outside = crc === null ? path && statSync(path).size : lengthInPack(path, blob)
      const length = inside ?? outside
      if (refs > 0 && length !== size) faults.push(`the blob ${id} has ${length} of ${size} bytes`)
    }
    return faults
  } finally {
    db.close()
  }
}

/** Files that no row knows, and blobs that nobody keeps. */
export function orphansOf(folder: string): { files: number; blobs: number } {
  const db = new Database(join(folder, 'account.db'), { readonly: true })
  const known = new Set((db.query('select id from blobs').values() as [string][]).map(([id]) => fileOf(id)))
  const [[blobs]] = db.query('select count(*) from blobs where refs < 1').values() as [[number]]
  db.close()
  return { files: [...filesOf(folder).keys()].filter((name) => !known.has(name)).length, blobs }
}

/** As if two hours had passed and somebody wrote: what the store collects by itself is then collected. */
export async function afterTheGrace(folder: string): Promise<void> {
  const hours = 2 * 3_600_000
  const old = (Date.now() - hours) / 1000
  for (const path of filesOf(folder).values()) utimesSync(path, old, old)
  let later = Date.now() + hours
  const store = sqliteStore(folder, { now: () => later })
  const { blobs } = store.namespace('torture')
  const writer = blobs.create()
  void writer.write(new Uint8Array(100_000))
  writer.abort()
  // Folders are looked through one after the other, a second after the first big write.
  const deadline = Date.now() + 15_000
  for (let left = 1; left > 0 && Date.now() < deadline; await Bun.sleep(50)) {
    later += 2000
    blobs.create().abort()
    const { files, blobs: loose } = orphansOf(folder)
    left = files + loose
  }
  await store.close()
}
