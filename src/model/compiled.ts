// How is a service read from a compiled block? By offsets: an operation costs its own record and the fragments of the
// shapes that are looked at. `scripts/models.ts` compiles the blocks.
//
// A block is ASCII but for its numbers, which are little-endian u32:
//
//   counts     shapes, operations; lengths of head, names, waiters and operations
//   offsets    of each shape and its end, of each operation and its end, within their own texts
//   head       JSON: {version, metadata, clientContextParams, ruleset}
//   names      operation names, a line feed, command names; separated by blanks
//   waiters    JSON
//   operations JSON records, one after another
//   shapes     JSON fragments, one after another

import { Failure } from '../lib/errors.ts'
import { utf8 } from '../lib/bytes.ts'
import { map } from '../lib/iterate.ts'
import { ascii, asciiJson } from './archive.ts'
import type { Archive } from './archive.ts'
import { parseFragment } from './long-enum.ts'
import type { CommandNames, EndpointRuleset, Service, ServiceMetadata, WaiterModel } from './model.ts'
import type { Description, OperationRecord } from './service.ts'

/** Blocks whose names begin with a dot are not services: `.partitions`, `.ruleset.0` … */
export const PARTITIONS = '.partitions'

const COUNTS = 6

interface Head {
  /** The folder of the model, an API version: `2014-10-31`. */
  readonly version: string
  readonly metadata: ServiceMetadata
  readonly clientContextParams?: Service['clientContextParams']
  readonly ruleset?: RulesetReference
}

/**
 * Most services share their ruleset but for the first label of their host names, so rulesets are kept once, with
 * `HOST_PREFIX` in the place of the label.
 */
export interface RulesetReference {
  readonly block: string
  readonly prefix: string
}

export const HOST_PREFIX = '\\u0001'

export interface CompiledService extends Description {
  readonly version: string
}

export async function readCompiled(archive: Archive, name: string, file: string): Promise<CompiledService | undefined> {
  const block = await archive.read(name)
  if (block === undefined) return undefined
  try {
    return describe(name, block, archive)
  } catch (error) {
    throw new Failure('Model', `${file}: the block of ${name} cannot be read`, { file }, error)
  }
}

function describe(name: string, block: Uint8Array, archive: Archive): CompiledService {
  const numbers = new DataView(block.buffer, block.byteOffset, block.byteLength)
  const number = (position: number): number => numbers.getUint32(position * 4, true)
  const shapeOffsets = COUNTS
  const operationOffsets = shapeOffsets + number(0) + 1
  const head = (operationOffsets + number(1) + 1) * 4
  const names = head + number(2)
  const waiters = names + number(3)
  const operations = waiters + number(4)
  const shapes = operations + number(5)
  const json = (start: number, end: number): unknown => JSON.parse(ascii(block, start, end))
  const entry = (offsets: number, start: number, position: number): string =>
    ascii(block, start + number(offsets + position), start + number(offsets + position + 1))

  const { version, metadata, clientContextParams = {}, ruleset } = json(head, names) as Head
  const [operationNames, commandNames] = map(ascii(block, names, waiters).split('\n'), (line) =>
    line === '' ? [] : line.split(' '),
  )
  return {
    name,
    version,
    metadata,
    clientContextParams,
    operationNames: operationNames!,
    commandNames: commandNames!,
    operation: (position) => JSON.parse(entry(operationOffsets, operations, position)) as OperationRecord,
    shape: (position) => parseFragment(entry(shapeOffsets, shapes, position)),
    waiters: () => json(waiters, operations) as Record<string, WaiterModel>,
    ruleset: () => readRuleset(archive, ruleset),
  }
}

/** The command names alone, by two small reads: whoever completes a word waits for nothing else. */
export async function readCommandNames(archive: Archive, name: string): Promise<CommandNames | undefined> {
  const counts = await archive.read(name, 0, COUNTS * 4)
  if (counts === undefined) return undefined
  const numbers = new DataView(counts.buffer, counts.byteOffset, counts.byteLength)
  const number = (position: number): number => numbers.getUint32(position * 4, true)
  const start = (COUNTS + number(0) + 1 + number(1) + 1) * 4 + number(2)
  const names = (await archive.read(name, start, number(3)))!
  const commands = ascii(names, 0, names.length).split('\n')[1]!
  return { names: commands === '' ? [] : commands.split(' '), waits: number(4) > '{}'.length }
}

async function readRuleset(archive: Archive, reference?: RulesetReference): Promise<EndpointRuleset | undefined> {
  const block = reference && (await archive.read(reference.block))
  if (block === undefined) return undefined
  return JSON.parse(ascii(block, 0, block.length).replaceAll(HOST_PREFIX, reference!.prefix)) as EndpointRuleset
}

/** What a compiler must know of a service to write its block. */
export interface CompilableService extends Description {
  readonly version: string
  readonly shapeCount: number
}

/** A service's block: the counterpart of `readCompiled`. */
export function compile(service: CompilableService, ruleset: RulesetReference | undefined): Uint8Array {
  const { version, metadata } = service
  const clientContextParams =
    Object.keys(service.clientContextParams).length > 0 ? service.clientContextParams : undefined
  const shapes = Array.from({ length: service.shapeCount }, (_, position) => asciiJson(service.shape(position)))
  const operations = service.operationNames.map((_, position) => asciiJson(service.operation(position)))
  const head = asciiJson({ version, metadata, clientContextParams, ruleset } satisfies Head)
  const names = service.operationNames.join(' ') + '\n' + service.commandNames.join(' ')
  const waiters = asciiJson(service.waiters())
  const text = [head, names, waiters, operations.join(''), shapes.join('')]

  const offsets = [...offsetsOf(shapes), ...offsetsOf(operations)]
  const numbers = [shapes.length, operations.length, ...text.slice(0, 4).map((part) => part.length), ...offsets]
  const body = utf8(text.join(''))
  const block = new Uint8Array(numbers.length * 4 + body.length)
  const view = new DataView(block.buffer)
  numbers.forEach((number, position) => view.setUint32(position * 4, number, true))
  block.set(body, numbers.length * 4)
  return block
}

function offsetsOf(texts: readonly string[]): number[] {
  let end = 0
  return [0, ...texts.map((text) => (end += text.length))]
}
