// Where is a request remembered, and for how long? In the store, the newest so many; details that a denial's
// authorization id stands for are told for 24 hours.

import type { Target } from '../identify.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import type { Rows, Store } from '../store/store.ts'
import type { World } from '../world.ts'
import { entryOf, type Entry, type Story } from './entry.ts'

const requests = 'requests'
const counter = 'counter'

interface Waiting {
  entries: ((number: number) => Entry)[]
  most: number
  timer: ReturnType<typeof setTimeout> | undefined
}

// By store: what was answered and is not written yet. Writing each by itself would take as long as answering it.
const waiting = new WeakMap<Store, Waiting>()
const together = 256
const patience = 50

/** Remembers a request that was answered. It is written with others, after 50 ms at the latest, or by `flushTrail`. */
export async function keep(story: Story, target: Target, status: number, world: World): Promise<void> {
  const most = story.settings.trail
  if (most === 0) return
  let queue = waiting.get(world.store)
  if (queue === undefined) waiting.set(world.store, (queue = { entries: [], most, timer: undefined }))
  const time = world.clock().getTime()
  queue.entries.push((number) => entryOf(story, target, status, number, time))
  queue.most = most
  if (queue.entries.length >= together) return flushTrail(world)
  queue.timer ??= setTimeout(() => void flushTrail(world).catch(world.trouble), patience)
}

/** Writes what waits: before the trail is read, and before a program ends. */
export async function flushTrail({ store }: Pick<World, 'store'>): Promise<void> {
  const queue = waiting.get(store)
  if (queue === undefined) return
  clearTimeout(queue.timer)
  const { entries, most } = queue
  waiting.delete(store)
  await store.namespace('trail').transaction((rows) => {
    const last = rows.get<number>(counter, '') ?? 0
    entries.forEach((entry, index) => rows.put(requests, keyOf(last + 1 + index), entry(last + 1 + index)))
    const now = last + entries.length
    rows.put(counter, '', now)
    // Where fewer are kept than before, the surplus goes bit by bit.
    const surplus = rows.scan(requests, { before: keyOf(Math.max(0, now - most + 1)), limit: entries.length + 10 })
    for (const { key } of surplus) rows.delete(requests, key)
  })
}

/** Ordered as text as it is as numbers. */
function keyOf(number: number): string {
  return String(Math.max(0, number)).padStart(12, '0')
}

/** The newest first. */
export async function entries(world: World, limit?: number): Promise<Entry[]> {
  await flushTrail(world)
  return world.store.namespace('trail').transaction((rows) => newestFirst(rows, limit))
}

function newestFirst(rows: Rows, limit?: number): Entry[] {
  return rows
    .scan<Entry>(requests, { reverse: true, ...(limit !== undefined && { limit }) } as never)
    .map((row) => row.value as Entry)
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
