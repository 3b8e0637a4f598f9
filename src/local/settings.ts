// How does this world behave where AWS has changed over time, or where it is a matter of taste? A row in the store, so
// that every process that shares the account sees the same; `virga local settings` shows and changes it
// (commands/choices.ts).

import type { Generation } from '../policy/messages.ts'
import { known } from './known.ts'
import type { Fault } from './faults/faults.ts'
import type { Rows } from './store/store.ts'
import type { ThrottleRule } from './throttle/rules.ts'
import type { World } from './world.ts'

/** AWS Support plans; its API is there from business on. */
export const SUPPORT_PLANS = ['basic', 'developer', 'business', 'enterprise'] as const

/** How much a denial tells: as before 2021, with the reason, with the policy's ARN, with an authorization id (IAM). */
export const GENERATIONS = ['classic', '2021', '2026-01', '2026-08'] as const

export interface LocalSettings {
  readonly messages: (typeof GENERATIONS)[number]
  /** `off`, AWS's documented limits, or rules of one's own. */
  readonly throttle: 'off' | 'aws' | readonly ThrottleRule[]
  /** How many requests the trail keeps; 0 keeps none. */
  readonly trail: number
  /** How far the account's clock is ahead of the machine's, milliseconds: sessions and codes end by it. */
  readonly clock: number
  /** What becomes of a request for a higher quota. */
  readonly quotas: 'approve' | 'deny' | 'wait'
  /** Which plan of AWS Support the accounts have. */
  readonly support: (typeof SUPPORT_PLANS)[number]
  /** After how many seconds a change in IAM takes effect. */
  readonly consistency: number
  /** Whether states that take AWS time take it here, by the account's clock; `quick`: they are over at the next request. */
  readonly pace: 'quick' | 'real'
  /** New buckets: as S3 makes them today (no ACLs, nothing public), or as before April 2023, when moto's users met S3. */
  readonly buckets: 'today' | 'classic'
  /** What goes wrong on purpose. */
  readonly faults: readonly Fault[]
}

export const defaults: LocalSettings = {
  messages: '2026-08',
  throttle: 'off',
  trail: 1000,
  clock: 0,
  quotas: 'approve',
  support: 'business',
  consistency: 0,
  pace: 'quick',
  buckets: 'today',
  faults: [],
}

/** What the sentence says; the id of 2026-08 is added to it. */
export function generationOf({ messages }: LocalSettings): Generation {
  return messages === '2026-08' ? '2026-01' : messages
}

const table = 'world'
const key = 'settings'

/** `usual`: what stands where nothing else was chosen, beside the defaults. */
export function settingsIn(rows: Rows, usual?: Partial<LocalSettings>): LocalSettings {
  const stored = rows.get<Partial<LocalSettings>>(table, key)
  return stored === undefined && usual === undefined ? defaults : { ...defaults, ...usual, ...stored }
}

export function settingsOf(world: World): LocalSettings | Promise<LocalSettings> {
  return known(world.identities, 'settings', (rows) => settingsIn(rows, world.usual))
}

/** The world by the account's own clock. */
export function atItsTime(world: World, { clock }: LocalSettings): World {
  return clock === 0 ? world : { ...world, clock: () => new Date(world.clock().getTime() + clock) }
}

export async function changeSettings(world: World, change: Partial<LocalSettings>): Promise<void> {
  await world.identities.transaction((rows) => rows.put(table, key, { ...settingsIn(rows, world.usual), ...change }))
}
