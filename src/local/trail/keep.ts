// Where is a request remembered, and for how long? In the store, the newest so many; details that a denial's
// authorization id stands for are told for 24 hours.

import type { Target } from '../identify.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import type { Rows } from '../store/store.ts'
import type { World } from '../world.ts'
import { entryOf, type Entry, type Story } from './entry.ts'

const requests = 'requests'
const counter = 'counter'

/** Remembers a request that was answered. */
export async function keep(story: Story, target: Target, status: number, world: World): Promise<void> {
  const most = story.settings.trail
  if (most === 0) return
  await world.store.namespace('trail').transaction((rows) => {
    const number = (rows.get<number>(counter, '') ?? 0) + 1
    rows.put(counter, '', number)
    rows.put(requests, keyOf(number), entryOf(story, target, status, number, world.clock().getTime()))
    rows.delete(requests, keyOf(number - most))
    // Where fewer are kept than before, the surplus goes bit by bit.
    for (const { key } of rows.scan(requests, { before: keyOf(Math.max(0, number - most)), limit: 10 })) rows.delete(requests, key)
  })
}

/** Ordered as text as it is as numbers. */
function keyOf(number: number): string {
  return String(Math.max(0, number)).padStart(12, '0')
}

/** The newest first. */
export async function entries(world: World, limit?: number): Promise<Entry[]> {
  return world.store.namespace('trail').transaction((rows) => newestFirst(rows, limit))
}

function newestFirst(rows: Rows, limit?: number): Entry[] {
  return rows.scan<Entry>(requests, { reverse: true, ...(limit !== undefined && { limit }) } as never).map((row) => row.value as Entry)
}

const detailsKept = 24 * 60 * 60 * 1000

/** By number, request id or authorization id (for 24 hours); without one, the newest that was refused. */
export async function entryNamed(world: World, id: string | undefined): Promise<Entry | undefined> {
  const all = await entries(world)
  if (id === undefined) return all.find((entry) => entry.decisions.some(({ effect }) => effect !== 'ALLOW'))
  const now = atItsTime(world, await settingsOf(world)).clock().getTime()
  return all.find((entry) =>
    entry.authorizationId === id ? now - entry.time <= detailsKept : String(entry.number) === id || entry.requestId === id)
}

/** 25 letters and digits, as AWS's are. */
export function newAuthorizationId(): string {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from(crypto.getRandomValues(new Uint8Array(25)), (byte) => letters[byte % 36]).join('')
}
