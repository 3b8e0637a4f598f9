// What do services tell CloudWatch of themselves? How many messages a queue was sent, how many wait in it. What is counted is
// gathered in this process and handed over together: about every second in a server that runs, else once its request is
// answered. What only stands somewhere, a gauge, is read once a minute, of what was used in the last hours.
//
// Nobody is asked for leave, and the trail does not tell of it. A kill loses the last second.

import { inState } from './in-state.ts'
import { launch } from './launched.ts'
import type { Where } from './service.ts'
import type { Store } from './store/store.ts'
import { definitionOf, type World } from './world.ts'

/** What a metric is of: `AWS/SQS`, and the queue. */
export interface Subject extends Where {
  readonly namespace: string
  readonly dimensions: Readonly<Record<string, string>>
}

export interface Measurement {
  readonly name: string
  readonly value: number
  readonly unit: string
}

/** The values of one metric in one minute. */
export interface Measured extends Subject, Pick<Measurement, 'name' | 'unit'> {
  /** When the first of them came, milliseconds. */
  readonly at: number
  /** How often each came. */
  readonly values: Map<number, number>
  /** One value a minute is enough, whichever process read it. */
  readonly isGauge: boolean
}

/** A subject that was measured. */
interface Used {
  readonly service: string
  readonly subject: Subject
  /** When it was last, milliseconds. */
  at: number
  /** What CloudWatch has not heard of yet, by metric and minute. */
  measured: Map<string, Measured>
}

interface Gathering {
  readonly used: Map<string, Used>
  /** Somebody hands over every second. */
  isRegular: boolean
  /** About to be handed over. */
  isPending: boolean
  /** The last minute of which gauges were read. */
  minute: number
}

const gatherings = new WeakMap<Store, Gathering>()

function gatheringOf({ store }: Pick<World, 'store'>): Gathering {
  let known = gatherings.get(store)
  if (!known) gatherings.set(store, (known = { used: new Map(), isRegular: false, isPending: false, minute: -1 }))
  return known
}

const minuteOf = (at: number): number => Math.floor(at / 60_000)

function keyOf({ account, region, namespace, dimensions }: Subject): string {
  let key = `${account}/${region}/${namespace}`
  for (const name in dimensions) key += `\u001f${name}\u001f${dimensions[name]}`
  return key
}

/** `service`: whose gauges belong to the subject. `world` goes by the account's clock. */
export function measure(
  subject: Subject,
  measurements: readonly Measurement[],
  { service, world }: { service: string; world: World },
): void {
  const gathering = gatheringOf(world)
  const at = world.clock().getTime()
  const key = keyOf(subject)
  let used = gathering.used.get(key)
  if (!used) gathering.used.set(key, (used = { service, subject, at, measured: new Map() }))
  used.at = at
  for (const measurement of measurements) add(used, measurement, at, false)
  if (gathering.isRegular || gathering.isPending) return
  gathering.isPending = true
  launch(handOver(world), world)
}

function add({ measured, subject }: Used, { name, value, unit }: Measurement, at: number, isGauge: boolean): void {
  const key = name + minuteOf(at)
  let known = measured.get(key)
  if (!known) measured.set(key, (known = { ...subject, name, unit, at, values: new Map(), isGauge }))
  known.values.set(value, (known.values.get(value) ?? 0) + 1)
}

/** From now on `handOver` is called about every second. */
export function handOverRegularly(world: World): void {
  gatheringOf(world).isRegular = true
}

/** What was gathered of an account that is no more. */
export function forgetMeasured({ store }: World): void {
  gatherings.get(store)?.used.clear()
}

/** Gives CloudWatch what was gathered. `world` goes by the account's clock. */
export async function handOver(world: World): Promise<void> {
  const gathering = gatherings.get(world.store)
  if (!gathering) return
  await readGauges(gathering, world)
  gathering.isPending = false
  const all = [...gathering.used.values()].flatMap((used) => {
    const measured = [...used.measured.values()]
    used.measured.clear()
    return measured
  })
  if (all.length === 0) return
  const cloudwatch = await definitionOf(world, 'cloudwatch')
  const places = new Map(all.map((one) => [`${one.account}/${one.region}`, one]))
  for (const { account, region } of places.values()) {
    const here = all.filter((one) => one.account === account && one.region === region)
    const where = { account, region, clock: world.clock }
    await inState(cloudwatch!, where, world, (state) => cloudwatch!.hear!(here, state))
  }
}

/** For so long something counts as used, milliseconds: as SQS has it. */
const usedFor = 6 * 3_600_000

async function readGauges(gathering: Gathering, world: World): Promise<void> {
  const now = world.clock().getTime()
  const minute = minuteOf(now)
  if (minute === gathering.minute) return
  const isFirst = gathering.minute === -1
  gathering.minute = minute
  // A process that only passes by reads none.
  if (isFirst) return
  for (const [key, used] of gathering.used) {
    const definition = await definitionOf(world, used.service)
    const where = { ...used.subject, clock: world.clock }
    const gauges =
      now - used.at > usedFor
        ? undefined
        : await inState(definition!, where, world, (state) => definition!.gauges?.(used.subject, state))
    if (gauges) for (const gauge of gauges) add(used, gauge, now, true)
    else if (used.measured.size === 0) gathering.used.delete(key)
  }
}
