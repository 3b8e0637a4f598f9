// One command line and one answer for an operation: what both programs are asked to do.

import { keysOf, type Structure, type Value } from '../../src/lib/value.ts'
import { readBody } from '../../src/http/message.ts'
import { nativePagingMembers, type Argument } from '../../src/cli/arguments.ts'
import { commandArguments, commandOfService, type OperationCommand } from '../../src/cli/services.ts'
import type { Member, Operation, Service } from '../../src/model/model.ts'
import { protocolOf } from '../../src/wire/protocols.ts'
import { Samples } from './samples.ts'

/** min: what is required. full: every documented argument. input: everything by --cli-input-json. */
export type Mode = 'min' | 'full' | 'input'

export interface Job {
  id: string
  /** The lines of the ledger that it counts in. */
  categories?: string[]
  argv: string[]
  /** One after the other, the last again and again. None: an empty success in the service's protocol. */
  answers: Answer[]
  /** By their path in the folder that the command runs in. Those below `home/` make that folder its home. */
  files?: Record<string, string>
  /** Beside an identity and a region; null takes a variable away. */
  env?: Record<string, string | null>
  stdin?: string
}

export interface Answer {
  status: number
  headers: Record<string, string>
  b64: string
}

/** A file, for what is sent as a stream. */
const STREAMED = 'blob.bin'

/** Undefined where no words of that mode make sense: nothing to give by --cli-input-json. */
export async function jobFor(
  service: Service,
  command: OperationCommand,
  mode: Mode,
  output: string,
): Promise<Job | undefined> {
  const operation = service.operation(command.operation)
  const { table } = await commandArguments(service, command)
  const words = await wordsFor(operation, [...table.values()], mode)
  if (words === undefined) return undefined
  return {
    id: `${commandOfService(service.name)} ${command.name} ${mode} ${output}`,
    categories: [`mode ${mode}`, `output ${output}`],
    argv: [commandOfService(service.name), command.name, ...words, '--output', output],
    answers: await answersOf(operation),
    ...(words.includes(STREAMED) && { files: { [STREAMED]: 'streaming body' } }),
  }
}

async function wordsFor(operation: Operation, table: readonly Argument[], mode: Mode): Promise<string[] | undefined> {
  const samples = new Samples()
  const wish = { optional: mode !== 'min', depth: 4 }
  const words: string[] = []
  const paging = operation.service.paginator(operation.name)
  const skipped = new Set(paging && mode !== 'min' ? nativePagingMembers(paging) : [])
  const outfile = table.some(({ kind }) => kind === 'outfile')

  if (mode === 'input') {
    const { input } = operation
    if (outfile || input === undefined || input.shape.members.length === 0) return undefined
    const whole = samples.of(input, wish) as Structure
    for (const name of skipped) delete whole[name]
    for (const { name, traits } of input.shape.members)
      if (traits.streaming || traits.idempotencyToken) delete whole[name]
    return ['--cli-input-json', JSON.stringify(whole)]
  }
  for (const argument of table) {
    const { kind, name, member, required, positional, hidden, flag } = argument
    if (kind === 'outfile') continue
    if (kind === 'boolean' || kind === 'value pair') {
      if ((required || mode === 'full') && flag === true && !hidden) words.push(`--${name}`)
      continue
    }
    if (kind !== 'member' || member === undefined || hidden || skipped.has(member.name)) continue
    if (!required && (mode === 'min' || member.traits.idempotencyToken)) continue
    if (!positional) words.push(`--${name}`)
    words.push(...typed(member, samples.of(member, wish)))
  }
  return outfile ? [...words, '/dev/null'] : words
}

function typed(member: Member, value: Value): string[] {
  const { shape } = member
  if (member.traits.streaming) return [STREAMED]
  if (shape.type === 'list' && (value as Value[]).every((item) => typeof item !== 'object'))
    return (value as Value[]).map(String)
  return [typeof value === 'object' ? JSON.stringify(value) : String(value)]
}

/** What is said to a call of it: first where it is answered, if that must be asked. */
export async function answersOf(operation: Operation): Promise<Answer[]> {
  const answer = await answerOf(operation)
  if (operation.traits.endpointdiscovery?.required !== true) return [answer]
  const endpoints = { Endpoints: [{ Address: 'cell.example.com', CachePeriodInMinutes: 5 }] }
  return [{ ...answer, b64: btoa(JSON.stringify(endpoints)) }, answer]
}

/** An answer with every member, written by the protocol; without the tokens that would ask for another page. */
async function answerOf(operation: Operation): Promise<Answer> {
  const protocol = await protocolOf(operation)
  const output = (operation.output ? new Samples().of(operation.output, { optional: true, depth: 4 }) : {}) as Structure
  const paging = operation.service.paginator(operation.name)
  if (paging)
    for (const token of [paging.output_token, paging.more_results ?? []].flat()) delete output[token.split(/[.[ ]/)[0]!]
  const written = protocol.writeResponse(operation, native(operation.output, output) as Structure, 'request-id')
  const body = Buffer.from(await readBody(written.body))
  // A made-up length would be a lie.
  const { 'content-length': length, ...headers } = written.headers
  return {
    status: written.status,
    headers: length === undefined ? headers : { ...headers, 'content-length': String(body.length) },
    b64: body.toString('base64'),
  }
}

/** Samples are as typed; a server's values are bytes and Dates. */
function native(member: Member | undefined, value: Value): Value {
  if (member === undefined || value === null || value === undefined) return value
  const { shape } = member
  if (shape.type === 'timestamp') return new Date(value as string)
  if (shape.type === 'blob') return Buffer.from(value as string, 'base64')
  if (shape.type === 'list') return (value as Value[]).map((item) => native(shape.member, item))
  if (shape.type === 'map') {
    const map = value as Structure
    return Object.fromEntries(keysOf(map).map((key) => [key, native(shape.value, map[key] as Value)]))
  }
  if (shape.type !== 'structure' || shape.traits.document) return value
  const structure = value as Structure
  return Object.fromEntries(
    keysOf(structure).map((key) => [key, native(shape.memberNamed(key), structure[key] as Value)]),
  )
}
