// Where is a request remembered, and for how long? In the store, the newest so many; details that a denial's
// authorization id stands for are told for 24 hours.

import { map } from '../../lib/iterate.ts'
import type { Target } from '../identify.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import type { Rows, Store } from '../store/store.ts'
import type { World } from '../world.ts'
import { entryOf, type Entry, type Story } from './entry.ts'

const requests = 'requests'
const counter = 'counter'

/** What was answered and is not written yet. */
interface Waiting {
  entries: ((number: number) => Entry)[]
  /** Requests that came and went between two writings: counted, not kept. */
  skipped: number
  most: number
  timer: ReturnType<typeof setTimeout> | undefined
  /** Milliseconds. */
  patience: number
  writing: Promise<void>
}

const waiting = new WeakMap<Store, Waiting>()

// Writing each request by itself would take as long as answering it; and where more come than are kept, those that would
// be gone by the next second are not written at all.
const patience = { quiet: 50, busy: 1000 }
const many = 256
/** Requests written at once, as one row; others come between. */
const together = 64

/** Remembers a request that was answered. It is written with others a little later, or by `flushTrail`. */
export function keep(story: Story, target: Target, status: number, world: World): void {
  const most = story.settings.trail
  if (most === 0) return
  let queue = waiting.get(world.store)
  if (queue === undefined) {
    queue = { entries: [], skipped: 0, most, timer: undefined, patience: patience.quiet, writing: Promise.resolve() }
    waiting.set(world.store, queue)
  }
  const time = world.clock().getTime()
  queue.entries.push((number) => entryOf(story, target, status, number, time))
  queue.most = most
  if (queue.entries.length > most + many) {
    queue.skipped += many
    queue.entries.splice(0, many)
  }
  queue.timer ??= setTimeout(() => void flushTrail(world).catch(world.trouble), queue.patience)
}

/** Writes what waits: before the trail is read, and before a program ends. */
export async function flushTrail({ store }: Pick<World, 'store'>): Promise<void> {
  const queue = waiting.get(store)
  if (queue === undefined) return
  clearTimeout(queue.timer)
  queue.timer = undefined
  const { entries, skipped, most } = queue
  queue.entries = []
  queue.skipped = 0
  queue.patience = entries.length + skipped > many ? patience.busy : patience.quiet
  const surplus = Math.max(0, entries.length - most)
  // What could not be written is gone; what comes after it is not.
  queue.writing = queue.writing
    .catch(() => {})
    .then(() => write(entries.slice(surplus), skipped + surplus, most, store))
  await queue.writing
}

async function write(entries: Waiting['entries'], skipped: number, most: number, store: Store): Promise<void> {
  for (let at = 0; at < entries.length; at += together) {
    if (at > 0) await new Promise((next) => setImmediate(next))
    const some = entries.slice(at, at + together)
    await store.namespace('trail').transaction((rows) => {
      const last = (rows.get<number>(counter, '') ?? 0) + (at === 0 ? skipped : 0)
      const now = last + some.length
      let number = last
      const sheet: Sheet = map(some, (entry) => entry(++number))
      rows.put(requests, keyOf(now), sheet)
      rows.put(counter, '', now)
      // Where fewer are kept than before, the surplus goes bit by bit.
      const old = rows.keys(requests, { before: keyOf(now - most + 1), limit: some.length + 10 })
      for (const key of old) rows.delete(requests, key)
    })
  }
}

/** A row: requests that were written together, by the number of the last; or one alone, as once they all were. */
type Sheet = Entry[] | Entry

/** Ordered as text as it is as numbers. */
function keyOf(number: number): string {
  return String(Math.max(0, number)).padStart(12, '0')
}

/** The newest first. */
export async function entries(world: World): Promise<Entry[]> {
  await flushTrail(world)
  const all = await world.store.namespace('trail').transaction((rows) => newestFirst(rows))
  // Of the oldest sheet some may be too old.
  const { trail: most } = await settingsOf(world)
  return most === 0 ? all : all.slice(0, most)
}

function newestFirst(rows: Rows): Entry[] {
  return rows.scan<Sheet>(requests, { reverse: true }).flatMap(({ value }) => [value].flat().toReversed())
}

const detailsKept = 24 * 60 * 60 * 1000

/** By number, request id or authorization id (for 24 hours); without one, the newest that was refused. */
export async function entryNamed(world: World, id: string | undefined): Promise<Entry | undefined> {
  const all = await entries(world)
  if (id === undefined) return all.find((entry) => entry.decisions.some(({ effect }) => effect !== 'ALLOW'))
  const now = atItsTime(world, await settingsOf(world))
    .clock()
    .getTime()
  return all.find((entry) =>
    entry.authorizationId === id
      ? now - entry.time <= detailsKept
      : String(entry.number) === id || entry.requestId === id,
  )
}

/** 25 letters and digits, as AWS's are. */
export function newAuthorizationId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(crypto.getRandomValues(new Uint8Array(25)), (byte) => letters[byte % 36]).join('')
}
