// What happens that nobody asks for at the moment? Services do what has become due by the account's clock: a server that
// runs lets them about every second; in any process they catch up before an operation of one of them.
//
// Nothing is kept here: what is to be done, and when, are rows of the services, so that a kill loses none of it.

import { inState } from './in-state.ts'
import { callAs } from './job.ts'
import { launch } from './launched.ts'
import { handOver, handOverRegularly, measure } from './measured.ts'
import type { Background } from './service.ts'
import { atItsTime, settingsOf } from './settings.ts'
import type { Store } from './store/store.ts'
import { definitionOf, type World } from './world.ts'

/**
 * Those with a `due`, in the order in which one may give work to the next, and their tables of what is to be done: a service
 * is not loaded while these are empty. All of them are of scope `global`.
 */
const agendas: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: ['due', 'pending', 'muted'],
  s3: ['errands', 'restores', 'lines'],
  sns: ['deliveries'],
  sqs: ['moves'],
}

const often = 1000

interface Progress {
  /** When services were last let, by the account's clock. */
  last: number
  /** Being done. */
  run?: Promise<void>
}

const progressOf = new WeakMap<Store, Progress>()

function progress({ store }: World): Progress {
  let known = progressOf.get(store)
  if (!known) progressOf.set(store, (known = { last: -Infinity }))
  return known
}

/** Lets every service do what is due, unless a second has not passed. `world` goes by the account's clock. */
export async function catchUp(world: World): Promise<void> {
  const state = progress(world)
  const now = world.clock().getTime()
  if (state.run) return state.run
  if (Math.abs(now - state.last) < often) return
  state.last = now
  state.run = letThem(world).finally(() => (state.run = undefined))
  return state.run
}

async function letThem(world: World): Promise<void> {
  await handOver(world).catch(world.trouble)
  for (const [name, tables] of Object.entries(agendas)) {
    if (!(await hasRows(world, name, tables))) continue
    const definition = await definitionOf(world, name)
    if (!definition?.due) continue
    const background: Background<any> = {
      clock: world.clock,
      models: world.models,
      transaction: async (body, where = { account: '', region: world.region }) =>
        inState(definition, { ...where, clock: world.clock }, world, body),
      callAs: callAs(world),
      launch: (work) => launch(work, world),
      measure: (subject, measurements) => measure(subject, measurements, { service: name, world }),
    }
    await definition.due(background).catch(world.trouble)
  }
}

function hasRows({ store }: World, service: string, tables: readonly string[]): Promise<boolean> | boolean {
  return store
    .namespace(service)
    .transaction((rows) => tables.some((table) => rows.keys(table, { limit: 1 }).length > 0))
}

/** Lets services do what is due, about every second, until the returned function is called. */
export function keepGoing(world: World): () => void {
  handOverRegularly(world)
  const go = async (): Promise<void> => catchUp(atItsTime(world, await settingsOf(world)))
  const timer = setInterval(() => void go().catch(world.trouble), often)
  return () => clearInterval(timer)
}
