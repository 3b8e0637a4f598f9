// What is there to serve? One world: its store, its models, its clock and its services.

import type { Models } from '../model/model.ts'
import type { LentKeys } from './accounts/lent-keys.ts'
import { isPlanted, plant, type Seed } from './accounts/seed.ts'
import type { Target } from './identify.ts'
import type { ServiceDefinition } from './service.ts'
import type { LocalSettings } from './settings.ts'
import { moment } from './store/moment.ts'
import type { Namespace, Rows, Store } from './store/store.ts'
import type { Story } from './trail/entry.ts'

export interface World {
  readonly store: Store
  /** The namespace `iam`, which authentication, authorization, STS and IAM share. */
  readonly identities: Namespace
  readonly models: Models
  readonly seed: Seed
  /** Where a request that names no region is. */
  readonly region: string
  /** The account's time: of sessions, TOTP, policies and payloads. */
  readonly clock: () => Date
  /** The machine's time: of signatures. */
  readonly realClock: () => Date
  readonly services: Readonly<Record<string, () => Promise<ServiceDefinition<any>>>>
  /**
   * Told of what is no service's error: a store that is locked, a fault of our own. Where it returns, the caller gets
   * InternalFailure; in this process it throws, and the one who typed sees the line itself.
   */
  readonly trouble: (error: unknown) => void
  readonly lent?: LentKeys
  /** How the account behaves where nothing was chosen: what the server was started as. */
  readonly usual?: Partial<LocalSettings>
  /** Told of every request that was answered: for a log. */
  readonly watch?: (answered: Answered) => void
}

export interface Answered {
  readonly story: Story
  readonly target: Target
  readonly status: number
}

const loaded = new WeakMap<World['services'], Map<string, ServiceDefinition<any>>>()

/** The service of that model name, if it is built. Remembered: `import()` is not free, not even the second time. */
export function definitionOf(
  { services }: Pick<World, 'services'>,
  name: string,
): Promise<ServiceDefinition<any>> | ServiceDefinition<any> | undefined {
  let known = loaded.get(services)
  if (!known) loaded.set(services, (known = new Map()))
  const found = known.get(name)
  if (found !== undefined || !Object.hasOwn(services, name)) return found
  return services[name]!().then((definition) => {
    known.set(name, definition)
    return definition
  })
}

/** Whether anybody has called it yet. */
export function isLoaded({ services }: Pick<World, 'services'>, name: string): boolean {
  return loaded.get(services)?.get(name) !== undefined
}

export interface WorldOptions {
  services: World['services']
  clock?: () => Date
  realClock?: () => Date
  trouble?: World['trouble']
  lent?: LentKeys
  watch?: World['watch']
}

export function makeWorld(store: Store, models: Models, seed: Seed, options: WorldOptions): World {
  const realClock = options.realClock ?? (() => new Date(moment()))
  return {
    store,
    identities: store.namespace('iam'),
    models,
    seed,
    region: seed.region ?? 'us-east-1',
    clock: options.clock ?? realClock,
    realClock,
    services: options.services,
    trouble: options.trouble ?? (() => {}),
    lent: options.lent,
    watch: options.watch,
  }
}

/** Sees to it that the seed's accounts are in a store that is new to it or was reset. True when they had to be put there. */
export function settleIn(rows: Rows, world: World): boolean {
  if (isPlanted(rows, world.seed)) return false
  plant(rows, world.seed, world.clock().getTime())
  return true
}

/** Whether the store was used before. */
export async function isSettled({ identities }: World): Promise<boolean> {
  return identities.transaction((rows) => isPlanted(rows))
}

/** Puts the seed's accounts there, whatever else is: for a seed that was given. */
export async function settle(world: World): Promise<void> {
  await world.identities.transaction((rows) => plant(rows, world.seed, world.clock().getTime()))
}
