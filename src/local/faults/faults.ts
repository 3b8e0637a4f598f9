// What goes wrong on purpose? Rules that make some requests slow, refused, throttled or lost, so that programs can be
// tried against it. A setting of the account, so that every process that shares it sees the same.
//
// Which of the requests that a rule names it strikes is settled by its seed and their number: the same every time.

import { Failure } from '../../lib/errors.ts'
import { sha256 } from '../../lib/hash.ts'
import type { Models } from '../../model/model.ts'
import { changeSettings, settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const faultKinds = ['latency', 'error', 'throttle', 'drop', 'drop-answer'] as const

export interface Fault {
  /** Given when it is added: `1`. */
  readonly id: string
  /** `latency`: later; `error`; `throttle`: the service's own; `drop`: nothing is done and the connection ends; `drop-answer`: it is done, and then the connection ends. */
  readonly kind: (typeof faultKinds)[number]
  /** By model name; `*` for any. */
  readonly service: string
  /** Names, with `*` for any letters; default all. */
  readonly operations?: readonly string[]
  /** Of how many requests it strikes, 0 to 1. */
  readonly rate: number
  readonly seed: number
  /** Strikes so often at most. */
  readonly times?: number
  /** Of latency: from, to. */
  readonly milliseconds?: readonly [number, number]
  /** Of errors. */
  readonly code?: string
  readonly status?: number
  readonly message?: string
}

/** Adds a rule and gives it its id. Throws Failure('ParamValidation'). */
export async function addFault(asked: unknown, world: World): Promise<Fault> {
  const checked = await checkedFault(asked, world.models)
  const { faults } = await settingsOf(world)
  const fault = { id: String(1 + Math.max(0, ...faults.map(({ id }) => Number(id)))), ...checked }
  await changeSettings(world, { faults: [...faults, fault] })
  return fault
}

/** Takes one rule away, or all; false where there is none of that id. */
export async function clearFaults(id: string | undefined, world: World): Promise<boolean> {
  const { faults } = await settingsOf(world)
  const left = id === undefined ? [] : faults.filter((each) => each.id !== id)
  const ids = faults.filter((each) => !left.includes(each)).map((each) => each.id)
  await changeSettings(world, { faults: left })
  await world.store.namespace('faults').transaction((rows) => ids.forEach((each) => rows.delete('seen', each)))
  return id === undefined || ids.length > 0
}

/** `1: error ServiceUnavailable of s3 GetObject,PutObject, 10 % (seed 7)` */
export function describeFault(fault: Fault): string {
  const { id, service, operations, rate, seed, times } = fault
  const whose = `${service === '*' ? 'every service' : service}${operations ? ` ${operations.join(',')}` : ''}`
  const often = rate < 1 ? `, ${Math.round(rate * 10_000) / 100} % (seed ${seed})` : ''
  return `${id}: ${harmOf(fault)} of ${whose}${often}${times === undefined ? '' : `, at most ${times} times`}`
}

export function harmOf({ kind, milliseconds, code, status }: Fault): string {
  if (kind === 'latency') {
    const [from, to] = milliseconds!
    return `latency ${from === to ? from : `${from}-${to}`} ms`
  }
  return kind === 'error' ? `error ${code}${status === undefined ? '' : ` ${status}`}` : kind
}

/** A number from 0 to 1 that the seed, the rule and the number of the request settle. */
export function chance({ seed, id }: Fault, number: number, what: string): number {
  const bytes = sha256(`${seed} ${id} ${number} ${what}`)
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) / 2 ** 32
}

// --- what may be asked for -------------------------------------------------------------------------------------------

const members = ['kind', 'service', 'operations', 'rate', 'seed', 'times', 'milliseconds', 'code', 'status', 'message']

async function checkedFault(asked: unknown, models: Models): Promise<Omit<Fault, 'id'>> {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) throw bad('a fault must be an object')
  const unknown = Object.keys(asked).find((name) => !members.includes(name))
  if (unknown !== undefined) throw bad(`a fault has no "${unknown}" (known: ${members.join(', ')})`)
  const { kind, service = '*', operations, rate = 1, seed = 0, times, ...harm } = asked as Record<string, unknown>
  if (!faultKinds.includes(kind as Fault['kind'])) throw bad(`kind must be one of ${faultKinds.join(', ')}`)
  if (typeof service !== 'string') throw bad('service must be a text')
  if (operations !== undefined && !(Array.isArray(operations) && operations.every((each) => typeof each === 'string')))
    throw bad('operations must be a list of texts')
  if (typeof rate !== 'number' || !(rate > 0 && rate <= 1)) throw bad('rate must be a number above 0, up to 1')
  if (!Number.isSafeInteger(seed)) throw bad('seed must be a whole number')
  if (times !== undefined && !(Number.isSafeInteger(times) && (times as number) > 0))
    throw bad('times must be a whole number from 1')
  await checkNames(service, operations as string[] | undefined, models)
  return {
    kind: kind as Fault['kind'],
    service,
    ...(operations !== undefined && { operations: operations as string[] }),
    rate,
    seed: seed as number,
    ...(times !== undefined && { times: times as number }),
    ...checkedHarm(kind as Fault['kind'], harm),
  }
}

function checkedHarm(kind: Fault['kind'], harm: Record<string, unknown>): Partial<Fault> {
  const { milliseconds, code, status, message } = harm
  const given = Object.keys(harm).find((name) => harm[name] !== undefined && !belongs(name, kind))
  if (given !== undefined) throw bad(`${given} does not belong to a fault of kind ${kind}`)
  if (kind === 'latency') {
    const range =
      Array.isArray(milliseconds) && milliseconds.length > 1 ? milliseconds : [milliseconds, milliseconds].flat()
    const [from, to] = range as [unknown, unknown]
    const isTime = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= 600_000
    if (range.length !== 2 || !isTime(from) || !isTime(to) || from > to)
      throw bad('milliseconds must be a number, or two, from 0 to 600000')
    return { milliseconds: [from, to] }
  }
  if (code !== undefined && (typeof code !== 'string' || !/^[\w.:-]{1,128}$/.test(code)))
    throw bad('code must be the name of an error')
  if (kind === 'error' && code === undefined) throw bad('a fault of kind error needs a code')
  if (status !== undefined && !(Number.isInteger(status) && (status as number) >= 400 && (status as number) < 600))
    throw bad('status must be 400 to 599')
  if (message !== undefined && typeof message !== 'string') throw bad('message must be a text')
  return {
    ...(code !== undefined && { code }),
    ...(status !== undefined && { status: status as number }),
    ...(message !== undefined && { message }),
  }
}

function belongs(name: string, kind: Fault['kind']): boolean {
  return name === 'milliseconds' ? kind === 'latency' : kind === 'error' || kind === 'throttle'
}

/** A rule for what does not exist would never strike, and nobody would know why. */
async function checkNames(service: string, operations: readonly string[] | undefined, models: Models): Promise<void> {
  if (service === '*') return
  if (!models.has(service)) throw bad(`there is no service ${service}${nearTo(service, models.serviceNames)}`)
  const { operationNames } = await models.service(service)
  for (const name of operations ?? [])
    if (!name.includes('*') && !operationNames.includes(name))
      throw bad(`${service} has no operation ${name}${nearTo(name, operationNames)}`)
}

function nearTo(word: string, known: Iterable<string>): string {
  const far = (name: string): number => distance(word.toLowerCase(), name.toLowerCase())
  const near = [...known]
    .map((name) => [far(name), name] as const)
    .filter(([steps, name]) => steps <= Math.max(2, Math.floor(name.length / 4)))
    .sort(([a], [b]) => a - b)
    .slice(0, 3)
  return near.length === 0 ? '' : `; near it: ${near.map(([, name]) => name).join(', ')}`
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

function bad(what: string): Failure {
  return new Failure('ParamValidation', what)
}
