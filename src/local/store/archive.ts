// A whole account as one file. It is a tar archive, so that any tool can look into it:
//
//   virga-account.json   {"format": "virga-account", "version": 1, "made": ISO time}
//   rows/00000001.jsonl  a row a line: [namespace, table, key, value]; as many of these files as it takes
//   blobs.jsonl          a blob a line: {"id", "size" (bytes), "references" (by rows)}
//   blobs/ID             its bytes
//   checksum.json        {"sha256": hex} of all bytes before this entry
//
// Version 1 will always be read. It holds the account's secret keys: whoever has the file has the account.

import { concat, utf8 } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { hasher } from '../../lib/hash.ts'
import { piecesOf } from '../../lib/stream.ts'
import type { SnapshotBlob, SnapshotRow, Store } from './store.ts'
import { BadTar, tarEnd, tarEntries, tarHeader, tarPadding, type TarEntry } from './tar.ts'

const format = 'virga-account'
const version = 1
const [first, list, last] = [`${format}.json`, 'blobs.jsonl', 'checksum.json']
/** The longest entry that is read into memory (bytes): a page of rows, at 400 KiB each at most, and some. */
const longest = 1024 ** 3

/** The pieces of the file that holds a snapshot of `store`. */
export async function* archiveOf(store: Store, snapshot: string, made: Date): AsyncGenerator<Uint8Array> {
  const sum = hasher('sha256')
  const noted = (bytes: Uint8Array): Uint8Array => {
    sum.update(bytes)
    return bytes
  }
  function* entry(name: string, text: string): Generator<Uint8Array> {
    const bytes = utf8(text)
    yield noted(tarHeader(name, bytes.length))
    yield noted(bytes)
    yield noted(tarPadding(bytes.length))
  }

  yield* entry(first, `${JSON.stringify({ format, version, made: made.toISOString() })}\n`)
  let page: readonly SnapshotRow[] = await store.snapshots.rows(snapshot)
  for (let number = 1; page.length > 0; number++) {
    const lines = page.map(
      ({ space, table, key, value }) => `${JSON.stringify([space, table, key]).slice(0, -1)},${value}]\n`,
    )
    yield* entry(`rows/${String(number).padStart(8, '0')}.jsonl`, lines.join(''))
    page = await store.snapshots.rows(snapshot, page.at(-1))
  }
  const blobs = await store.snapshots.blobs(snapshot)
  yield* entry(list, blobs.map(({ id, size, references }) => `${JSON.stringify({ id, size, references })}\n`).join(''))
  for (const { id, size } of blobs) {
    yield noted(tarHeader(`blobs/${id}`, size))
    let written = 0
    for await (const piece of bytesOf(store, id)) {
      written += piece.length
      yield noted(piece)
    }
    if (written !== size) throw new Failure('Local', `the object ${id} is damaged: ${written} of ${size} bytes`)
    yield noted(tarPadding(size))
  }
  const checksum = utf8(`${JSON.stringify({ sha256: sum.hex() })}\n`)
  yield tarHeader(last, checksum.length)
  yield checksum
  yield tarPadding(checksum.length)
  yield tarEnd()
}

async function* bytesOf(store: Store, id: string): AsyncGenerator<Uint8Array> {
  const found = store.namespace('').blobs.open(id)
  if (found === undefined) throw new Failure('Local', `the object ${id} is gone`)
  if (found instanceof Uint8Array) yield found
  else yield* piecesOf(found instanceof Blob ? found.stream() : found)
}

/** A row of the file that is not to be taken over. */
export type Unwanted = (row: SnapshotRow) => boolean

/**
 * Fills a new snapshot of `store` from such a file. Throws Failure('Local') that says what is wrong with the file, which
 * it calls `name`; the snapshot is then only good for being forgotten.
 */
export async function readArchive(
  store: Store,
  snapshot: string,
  source: AsyncIterable<Uint8Array>,
  name: string,
  unwanted: Unwanted,
): Promise<void> {
  try {
    await fill(store, snapshot, source, unwanted)
  } catch (error) {
    if (error instanceof NoArchive) throw new Failure('Local', `${name} is no account file: ${notOurs}`)
    if (error instanceof BadTar || error instanceof BadArchive)
      throw new Failure('Local', `the account file ${name} ${error.message}`)
    throw error
  }
}

const notOurs = 'virga local export writes them'

class BadArchive extends Error {}

/** Some other file. */
class NoArchive extends Error {}

async function fill(
  store: Store,
  snapshot: string,
  source: AsyncIterable<Uint8Array>,
  unwanted: Unwanted,
): Promise<void> {
  await store.snapshots.create(snapshot)
  const sum = hasher('sha256')
  let entries = 0
  let blobs: Map<string, SnapshotBlob> | undefined
  let finished = false
  const add = (bytes: Uint8Array, name: string): void => void (name !== last && sum.update(bytes))
  for await (const entry of tarEntries(startingAsOurs(source), add)) {
    if (entries++ === 0) checkFormat(entry.name === first ? await jsonIn(entry) : undefined)
    else if (finished) throw damaged()
    else if (entry.name.startsWith('rows/')) {
      const rows = (await textOf(entry)).trimEnd().split('\n').map(rowIn)
      await store.snapshots.addRows(
        snapshot,
        rows.filter((row) => !unwanted(row)),
      )
    } else if (entry.name === list) {
      const lines = (await textOf(entry)).split('\n').filter((line) => line !== '')
      blobs = new Map(lines.map(blobIn).map((blob) => [`blobs/${blob.id}`, blob]))
    } else if (blobs?.has(entry.name)) {
      const blob = blobs.get(entry.name)!
      if (blob.size !== entry.size) throw damaged()
      blobs.delete(entry.name)
      if (!(await store.snapshots.addBlob(snapshot, blob, entry.pieces))) throw damaged()
    } else if (entry.name === last) {
      if ((await jsonIn(entry))['sha256'] !== sum.hex()) throw damaged()
      finished = true
    } else throw damaged()
  }
  if (!finished || blobs === undefined || blobs.size > 0) throw damaged()
}

/** A file too short to tell is none of ours. */
async function* startingAsOurs(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Uint8Array = new Uint8Array(0)
  let told = false
  for await (const piece of source) {
    if (!told) head = concat([head, piece])
    if (head.length < 512) continue
    if (!told && !isArchive(head)) throw new NoArchive()
    yield told ? piece : head
    told = true
  }
  if (!told) throw new NoArchive()
}

function damaged(): BadArchive {
  return new BadArchive('is damaged')
}

function checkFormat(told: Record<string, unknown> | undefined): void {
  if (told?.['format'] !== format) throw new NoArchive()
  if (!((told['version'] as number) <= version))
    throw new BadArchive(`was written by a newer version of this program (format ${String(told['version'])})`)
}

function rowIn(line: string): SnapshotRow {
  const [space, table, key, value] = parsed(line) as unknown[]
  if (typeof space !== 'string' || typeof table !== 'string' || typeof key !== 'string' || value === undefined)
    throw damaged()
  return { space, table, key, value: JSON.stringify(value) }
}

/** Ids become names of files. */
function blobIn(line: string): SnapshotBlob {
  const { id, size, references } = parsed(line) as SnapshotBlob
  if (!/^[0-9a-z]{1,64}$/.test(id) || !(size >= 0) || !(references > 0)) throw damaged()
  return { id, size, references }
}

async function jsonIn(entry: TarEntry): Promise<Record<string, unknown>> {
  return parsed(await textOf(entry)) as Record<string, unknown>
}

function parsed(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  throw damaged()
}

async function textOf({ size, pieces }: TarEntry): Promise<string> {
  if (size > longest) throw damaged()
  const decoder = new TextDecoder()
  let text = ''
  for await (const piece of pieces) text += decoder.decode(piece, { stream: true })
  return text + decoder.decode()
}

/** By its first 512 bytes. */
export function isArchive(head: Uint8Array): boolean {
  return new TextDecoder().decode(head).startsWith(`${first}\0`)
}
