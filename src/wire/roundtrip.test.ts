// The law of the house: what one side writes, the other reads. For every operation of every service, in every protocol
// its service speaks, with random values of the model's shapes.

import { expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Structure, Value } from '../lib/value.ts'
import { isStructure } from '../lib/value.ts'
import { openModels } from '../model/load.ts'
import type { Member, Operation, ProtocolName } from '../model/model.ts'
import { fileSource } from '../model/source.ts'
import type { Protocol } from './protocol.ts'
import { protocols } from './protocols.ts'

const compiled = join(import.meta.dir, '../../build/models.bin')
const SAMPLES = Number(process.env['VIRGA_SAMPLES'] ?? 2)

/** Operations that do not read what they write, each with its reason. */
const exceptions: Record<string, string> = {
  's3 GetBucketNotification rest-xml response': 'Event and Events, one of them deprecated, are the same element',
  's3 PutBucketNotification rest-xml request': 'Event and Events, one of them deprecated, are the same element',
}

/** A repeatable source of chance: mulberry32. */
class Chance {
  private state: number
  constructor(seed: number) {
    this.state = seed
  }
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!
  }
}

const texts = [
  'a',
  'plain text',
  'with/slash',
  'q?a=b&c=d#e',
  'per%20cent+plus',
  '<tag attr="1">&amp;</tag>',
  "it's",
  'é漢字😀',
  '"quoted", listed',
  'line\nbreak\rreturn\ttab',
  ' ',
  '{"json": true}',
  '0',
  'true',
  '日本',
  'x'.repeat(300),
  '\\back\\slash',
  '~-._!*()',
]
/** What a header can hold: no line ends, no space at the ends, code points of one byte. */
const headerTexts = ['a', 'plain text', 'a/b=c; d="e"', "it's", '0', 'true', 'é', 'comma, comma', '\\back']
const labels = texts.filter((text) => text.trim() !== '' && !/[\n\r]/.test(text))

class Sampler {
  private readonly chance: Chance
  private readonly floats = [0, 0.25, -1.5, 1024.75, 3]

  constructor(seed: number) {
    this.chance = new Chance(seed)
  }

  /** A value of a shape; undefined where its depth allows none. */
  value(member: Member, depth: number, location?: string): Value | undefined {
    const { chance } = this
    const { shape, traits } = member
    if (traits.eventstream) return undefined
    if (traits.jsonvalue && location === 'header') return { a: [1, 'é', null], b: { c: true } }
    switch (shape.type) {
      case 'string':
      case 'character':
        return this.text(location)
      case 'integer':
        return chance.below(2000) - 1000
      case 'long':
      case 'biginteger':
        return chance.of<Value>([0, -5, 1764633600123, 9007199254740993n, -9223372036854775808n])
      case 'float':
      case 'double':
      case 'bigdecimal':
        return chance.of(this.floats)
      case 'boolean':
        return chance.below(2) === 0
      case 'timestamp':
        return new Date(chance.below(2_000_000_000) * 1000)
      case 'blob':
        return Uint8Array.from({ length: chance.below(9) + 1 }, () => chance.below(256))
      case 'list':
        return this.list(shape.member!, depth, location)
      case 'map':
        return this.map(member, depth, location)
      case 'structure':
        return traits.document ? { a: [1, 1.5, 'é', null], b: { c: false } } : this.structure(member, depth)
    }
  }

  private text(location: string | undefined): string {
    if (location === 'header' || location === 'headers') return this.chance.of(headerTexts)
    return this.chance.of(location === 'uri' ? labels : texts)
  }

  private list(item: Member, depth: number, location?: string): Value[] | undefined {
    const items = [this.value(item, depth - 1, location), this.value(item, depth - 1, location)]
    const made = items.filter((one) => one !== undefined)
    return made.length === 0 ? undefined : made.slice(0, 1 + this.chance.below(2))
  }

  private map({ shape, traits }: Member, depth: number, location?: string): Structure | undefined {
    const map: Structure = {}
    for (const key of traits.location === 'headers' ? ['key-a', 'key-b'] : ['10', 'key b', '2', '__proto__', 'é&<']) {
      const value = this.value(shape.value!, depth - 1, location)
      if (value === undefined) return undefined
      if (this.chance.below(2) === 0)
        Object.defineProperty(map, key, { value, enumerable: true, configurable: true, writable: true })
    }
    return Object.keys(map).length === 0 ? undefined : map
  }

  structure(member: Member, depth: number): Structure | undefined {
    const { shape } = member
    if (depth < 0) return undefined
    const structure: Structure = {}
    if (shape.traits.union) {
      for (let tries = 0; tries < 5; tries++) {
        const one = this.chance.of(shape.members)
        const value = this.value(one, depth - 1)
        if (value !== undefined) return { [one.name]: value }
      }
      return undefined
    }
    for (const one of shape.members) {
      // Below the first floors few of many optional members are set, or the biggest structures would take all the time.
      const rare = depth < 7 && !one.required && shape.members.length > 4 && this.chance.below(shape.members.length) > 3
      if (rare) continue
      const value = this.value(one, depth - 1, one.traits.location)
      if (value !== undefined) structure[one.name] = value
    }
    return structure
  }
}

/** What can differ without a loss: forms cannot tell an empty structure from none, a document of XML none from an empty one. */
function comparable(protocol: ProtocolName, value: Value | undefined): Value | undefined {
  if (Array.isArray(value)) return value.map((item) => comparable(protocol, item) as Value)
  if (!isStructure(value)) return value
  const out: Structure = {}
  for (const key of Object.keys(value).sort()) {
    const inner = comparable(protocol, value[key])
    if (inner === undefined) continue
    if ((protocol === 'query' || protocol === 'ec2') && isStructure(inner) && Object.keys(inner).length === 0) continue
    Object.defineProperty(out, key, { value: inner, enumerable: true, configurable: true, writable: true })
  }
  return out
}

/** Streams of events are not compared here, and an empty map of headers is the same as none. */
function withoutStreams(member: Member, value: Structure): Structure {
  for (const known of member.shape.members) {
    if (known.traits.eventstream) delete value[known.name]
    if (
      known.traits.location === 'headers' &&
      Object.keys((value[known.name] as object | undefined) ?? {}).length === 0
    )
      delete value[known.name]
  }
  return value
}

function checkRequest(protocol: Protocol, operation: Operation, seed: number): void {
  if (!operation.input) return
  const input = new Sampler(seed).structure(operation.input, 8) ?? {}
  const back = protocol.readRequest(operation, protocol.writeRequest(operation, input))
  expectSame(protocol.name, withoutStreams(operation.input, back), input)
}

function checkResponse(protocol: Protocol, operation: Operation, seed: number): void {
  if (!operation.output) return
  const output = new Sampler(seed).structure(operation.output, 8) ?? {}
  const status = operation.output.shape.members.find((member) => member.traits.location === 'statusCode')
  if (status) output[status.name] = 202
  const response = protocol.writeResponse(operation, output, 'id')
  // A map without a prefix takes all headers.
  delete response.headers['x-amzn-requestid']
  delete response.headers['content-type']
  const typed = operation.output.shape.members.find(
    (member) => member.traits.locationName?.toLowerCase() === 'content-type',
  )
  if (typed) delete output[typed.name]
  expectSame(protocol.name, withoutStreams(operation.output, protocol.readResponse(operation, response)), output)
}

function expectSame(protocol: ProtocolName, back: Structure, sent: Structure): void {
  const a = comparable(protocol, back)
  const b = comparable(protocol, sent)
  if (!Bun.deepEquals(a, b)) expect(a).toEqual(b)
}

test.skipIf(!existsSync(compiled))(
  'every operation reads what it writes',
  async () => {
    const models = await openModels({ source: fileSource(compiled) })
    const failures: string[] = []
    let count = 0
    for (const name of models.serviceNames) {
      const service = await models.service(name)
      const spoken = (service.metadata.protocols ?? [service.protocol]).filter(
        (one) => one in protocols,
      ) as ProtocolName[]
      for (const protocolName of new Set([service.protocol, ...spoken])) {
        const protocol = await protocols[protocolName]()
        for (const operationName of service.operationNames) {
          const operation = service.operation(operationName)
          for (const [what, check] of [
            ['request', checkRequest],
            ['response', checkResponse],
          ] as const) {
            const key = `${name} ${operationName} ${protocolName} ${what}`
            for (let sample = 0; sample < SAMPLES; sample++) {
              count++
              try {
                check(protocol, operation, count)
              } catch (error) {
                const message = Bun.stripANSI((error as Error).message)
                  .split('\n')
                  .filter((line) => !/^\s{2,}/.test(line))
                  .join(' ')
                if (exceptions[key] === undefined) failures.push(`${key} (seed ${count}): ${message.slice(0, 300)}`)
              }
            }
          }
        }
      }
    }
    console.log(`round trips: ${count - failures.length} of ${count}, ${models.serviceNames.length} services`)
    if (failures.length > 0) throw new Error(`${failures.length} failures\n${failures.slice(0, 40).join('\n')}`)
  },
  300_000,
)

if (!existsSync(compiled)) console.log(`round trips: skipped, ${compiled} is not there (npm run models)`)
