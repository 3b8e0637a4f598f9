// Do the protocols do what AWS's own cases say? Every vendor case in both directions: as the client writes and reads
// it, and as the server reads and writes it. botocore's tests/unit/protocols (Smithy's, converted), and the older ones.

import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fromBase64, text, toBase64, utf8 } from '../lib/bytes.ts'
import { decodeCbor } from '../lib/cbor.ts'
import { AwsError } from '../lib/errors.ts'
import { Float, isStructure } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { parseXml } from '../lib/xml.ts'
import type { XmlElement } from '../lib/xml.ts'
import { readBody } from '../http/message.ts'
import type { Headers, HttpResponse } from '../http/message.ts'
import type { Member, Operation, ProtocolName } from '../model/model.ts'
import { rawService } from '../model/raw.ts'
import { detailOf } from './errors.ts'
import { eventStreamMember, memberOf } from './message.ts'
import type { RequestMessage } from './protocol.ts'
import { protocols } from './protocols.ts'

const folder = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'), 'vectors/protocols')

interface Case {
  id?: string
  description?: string
  given: { name: string; output?: { resultWrapper?: string } }
  params?: Structure
  serialized?: {
    host?: string
    method?: string
    uri?: string
    body?: string
    headers?: Headers
    forbidHeaders?: string[]
  }
  response?: { status_code: number; headers?: Headers; body?: string }
  result?: Structure
  error?: Structure
  errorCode?: string
  errorMessage?: string
}
interface Suite {
  description: string
  metadata: Record<string, unknown>
  shapes: Record<string, unknown>
  cases: Case[]
}

/** Cases that are not ours to satisfy, each with its reason. The key is `file: case direction`. */
const exceptions: Record<string, string> = Object.fromEntries([
  ...['client writes', 'server reads'].map((way) => [
    `input/rest-json.json: MediaTypeHeaderInputBase64 ${way}`,
    'the case gives the JSON as text; here a jsonvalue is the value itself, as for botocore, which skips the case',
  ]),
  ...['client reads', 'server writes'].map((way) => [
    `output/rest-json.json: MediaTypeHeaderOutputBase64 ${way}`,
    'as MediaTypeHeaderInputBase64',
  ]),
  [
    'input/rest-json.json: RestJsonHttpPayloadWithUnsetUnion client writes',
    'botocore sends {} for any payload that is not set, and skips the case; the one service with such a payload requires it',
  ],
  ...['RestJsonNullAndEmptyHeaders', 'NullAndEmptyHeaders'].map((id) => [
    `input/rest-${id.startsWith('Rest') ? 'json' : 'xml'}.json: ${id} client writes`,
    'botocore sends no header for an empty list, and skips the case',
  ]),
  ...['client writes', 'server reads'].map((way) => [
    `input/rest-xml.json: BodyWithXmlName ${way}`,
    "a structure's own locationName names its members in botocore, which the models of S3 count on; it skips the case",
  ]),
  ['output/rest-xml.json: BodyWithXmlName client reads', 'as the input'],
  ...[
    'RestXmlHttpPayloadWithUnion',
    'HttpPayloadWithXmlName',
    'HttpPayloadWithXmlNamespace',
    'HttpPayloadWithXmlNamespaceAndPrefix',
    'XmlAttributesOnPayload',
  ].map((id) => [
    `input/rest-xml.json: ${id} client writes`,
    "the root of a payload is the member's locationName, as in botocore, which skips the case",
  ]),
  ...[
    'input/rest-json.json: RestJsonHttpWithEmptyStructurePayload',
    'legacy/input/rest-json.json: Structure payload#1',
    'input/rest-json.json: RestJsonHttpWithHeadersButNoPayload',
    'legacy/input/rest-json.json: Content-Type and JSON body#2',
    'legacy/input/rest-json.json: Content-Type and JSON body#4',
  ].map((id) => [`${id} server reads`, 'a payload that is not set and an empty one are both sent as {}']),
  [
    'legacy/input/rest-json.json: Content-Type and JSON body#7 server reads',
    'the case compares a header of the request that is not in its params',
  ],
  ...['client reads', 'server writes'].flatMap((way) =>
    ['json.json: RestJson', 'xml.json: '].map((id) => [
      `output/rest-${id}HttpPayloadTraitsWithNoBlobBody ${way}`,
      'an empty body is an empty blob, as in botocore, which skips the case: AWS CLI must have it to write the file',
    ]),
  ),
  ...['output/rest-json.json: RestJson', 'output/smithy-rpc-v2-cbor.json: RpcV2Cbor'].map((id) => [
    `${id}DeserializesDenseSetMapAndSkipsNull client reads`,
    'botocore keeps null in every map and list, whatever the model says, and skips the case',
  ]),
  ...['client reads', 'server writes'].map((way) => [
    `legacy/output/json.json: RPC JSON Event Stream#0 ${way}`,
    'readResponse does not wait for a stream, so it passes over the initial response; no operation of any service has anything in it',
  ]),
  [
    'output/rest-xml.json: XmlLists server writes',
    'two flattened lists whose elements have one name; it must be that name for the only service that has such lists, SimpleDB',
  ],
  ['legacy/output/rest-json.json: Timestamp members#0 server writes', 'a timestamp is written with Z, not +00:00'],
  ...['json.json: Tagged Unions#2', 'xml.json: Unions#2'].map((id) => [
    `legacy/output/rest-${id} server writes`,
    'the server does not write members that its model does not know',
  ]),
])

interface Job {
  file: string
  id: string
  protocol: ProtocolName
  operation: Operation
  vector: Case
}

function jobs(directory: string): Job[] {
  const found: Job[] = []
  for (const name of readdirSync(join(folder, directory))
    .filter((file) => file.endsWith('.json'))
    .sort()) {
    const file = `${directory}/${name}`
    for (const suite of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Suite[]) {
      suite.cases.forEach((vector, index) => {
        // Compression is the client room's work, done after the protocol's.
        if (/^SDKAppend|^SDKApplied/.test(vector.id ?? '')) return
        const given = { http: { method: 'POST', requestUri: '/' }, ...vector.given } as typeof vector.given
        // As botocore's own runner does: the converted cases leave the wrapper out, the real models have it.
        if (suite.metadata['protocol'] === 'query' && given.output) {
          given.output = { resultWrapper: `${given.name}Result`, ...given.output }
        }
        const service = rawService('vendor', {
          service: {
            metadata: { apiVersion: '', endpointPrefix: '', serviceId: '', ...suite.metadata },
            // The reference knows the errors of the whole service.
            operations: { [given.name]: given, ErrorsOfTheService: { errors: exceptionsOf(suite) } },
            shapes: suite.shapes,
          },
        })
        found.push({
          file,
          vector,
          id: vector.id ?? `${suite.description}#${index}`,
          protocol: service.protocol,
          operation: service.operation(given.name),
        })
      })
    }
  }
  return found
}

function exceptionsOf({ shapes }: Suite): { shape: string }[] {
  return Object.keys(shapes)
    .filter((shape) => (shapes[shape] as { exception?: boolean }).exception)
    .map((shape) => ({ shape }))
}

/** A value as the vendor cases write it: timestamps in seconds, blobs as text, NaN as a word. */
function plain(member: Member | undefined, value: unknown): unknown {
  if (value === null || value === undefined) return value
  if (value instanceof Date) return value.getTime() / 1000
  if (value instanceof Uint8Array) return text(value)
  if (value instanceof Float) return plain(member, value.value)
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value)
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map((item) => plain(member?.shape.member, item))
  if (!isStructure(value)) return value
  const out: Record<string, unknown> = {}
  for (const name of Object.keys(value)) {
    // The names of headers are lower case in this house.
    const lower = member?.traits.location === 'headers' ? name.toLowerCase() : name
    const inner = member?.shape.type === 'map' ? member.shape.value : member?.shape.memberNamed(name)
    if (value[name] !== undefined) out[lower] = plain(inner, value[name])
  }
  return out
}

/** An input after the client's preparation: with its idempotency token. */
function prepared(operation: Operation, params: Structure): Structure {
  const input = given(operation.input!, params) as Structure
  for (const member of operation.input!.shape.members) {
    if (member.traits.idempotencyToken) input[member.name] ??= '00000000-0000-4000-8000-000000000000'
  }
  return input
}

/** A case's value as a program would give it: bytes for blobs, numbers for 'NaN', nothing for null. */
function given(member: Member, value: unknown): Value {
  if (value === null) return null
  if (member.traits.eventstream) return eventsOf(member, value as Structure[])
  switch (member.shape.type) {
    case 'blob':
      return utf8(String(value))
    case 'float':
    case 'double':
      return Number(value)
    case 'timestamp':
      return typeof value === 'number' ? new Date(value * 1000) : (value as Value)
    case 'list':
      return (value as unknown[]).map((item) => given(member.shape.member!, item))
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, item]) => [key, given(member.shape.value!, item)]),
      )
    case 'structure': {
      if (member.traits.document) return value as Value
      return Object.fromEntries(
        Object.entries(value as object).flatMap(([key, item]) => {
          const known = item === null ? undefined : member.shape.memberNamed(key)
          return known ? [[key, given(known, item)]] : []
        }),
      )
    }
    default:
      return value as Value
  }
}

async function* eventsOf(member: Member, events: Structure[]): AsyncGenerator<Value> {
  for (const event of events) yield given({ ...member, shape: member.shape, traits: {}, ownTraits: {} }, event)
}

function tree(node: XmlElement): unknown {
  const children = node.children.map(tree).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
  const attributes = Object.fromEntries(Object.entries(node.attributes ?? {}).sort())
  return [node.name, attributes, children.length > 0 ? children : node.text]
}

/** A body as something that can be compared. */
function comparable(protocol: ProtocolName, body: string, mime: string | undefined): unknown {
  if (protocol === 'smithy-rpc-v2-cbor')
    return body === '' ? '' : plain(undefined, untagged(decodeCbor(fromBase64(body))))
  if (mime !== undefined && !/json|xml|form/.test(mime)) return body
  try {
    if (protocol === 'json' || protocol === 'rest-json') return JSON.parse(body)
    if (body.trimStart().startsWith('<')) return tree(parseXml(body.trim().replace(/>\s+</g, '><')))
  } catch {
    return body
  }
  if (protocol === 'query' || protocol === 'ec2')
    return body
      .split('&')
      .map((pair) => pair.trim())
      .sort()
  return body
}

function untagged(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value instanceof Float) return value
  if (Array.isArray(value)) return value.map(untagged)
  if ('tag' in value && 'value' in value) return untagged((value as { value: unknown }).value)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untagged(item)]))
}

function bodyString(protocol: ProtocolName, body: unknown): string {
  if (protocol === 'smithy-rpc-v2-cbor') return toBase64(body as Uint8Array)
  return text(body as Uint8Array)
}

function bodyBytes(protocol: ProtocolName, body: string | undefined, isStream = false): Uint8Array {
  if (body === undefined) return new Uint8Array(0)
  return protocol === 'smithy-rpc-v2-cbor' || isStream ? fromBase64(body) : utf8(body)
}

function lower(headers: Headers | undefined): Headers {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
}

/** Lists in headers may or may not have a space after the comma. */
function tight(value: string | undefined): string | undefined {
  return value?.trim().replace(/\s*,\s*/g, ',')
}

function sortedQuery(uri: string): { path: string; query: string[] } {
  const [path = '/', query = ''] = uri.split('?')
  return {
    path: path || '/',
    query: query
      .split('&')
      .filter((pair) => pair !== '')
      .sort(),
  }
}

async function clientWrites({ protocol, operation, vector }: Job): Promise<void> {
  const { serialized, params = {} } = vector
  const input = operation.input ? prepared(operation, params) : {}
  const message = (await protocols[protocol]()).writeRequest(operation, input)
  if (serialized!.method !== undefined) expect(message.method).toBe(serialized!.method)
  if (serialized!.uri !== undefined) {
    const expected = sortedQuery(serialized!.uri)
    // The path of a custom endpoint is put before it later.
    const base = serialized!.host?.split('/')[1]
    if (base) expected.path = expected.path.replace(`/${base}`, '')
    expect(sortedQuery(message.path + (message.query ? `?${message.query}` : ''))).toEqual(expected)
  }
  for (const [name, value] of Object.entries(lower(serialized!.headers))) {
    // Checksums come later. Neither does botocore name the type of a raw payload or of rest-xml's documents.
    if (name === 'content-md5') continue
    if (
      name === 'content-type' &&
      message.headers[name] === undefined &&
      (protocol === 'rest-xml' || isRawPayload(operation))
    )
      continue
    if (name === 'content-type' && (protocol === 'query' || protocol === 'ec2')) {
      expect(message.headers[name]).toStartWith(value)
      continue
    }
    expect([name, tight(message.headers[name])]).toEqual([name, tight(value)])
  }
  for (const name of serialized!.forbidHeaders ?? []) expect(message.headers[name.toLowerCase()]).toBeUndefined()
  if (serialized!.body !== undefined) {
    const mime = message.headers['content-type']
    expect(comparable(protocol, bodyString(protocol, message.body), mime)).toEqual(
      comparable(protocol, serialized!.body, mime),
    )
  }
}

function isRawPayload(operation: Operation): boolean {
  const { payload = '' } = operation.input?.traits ?? {}
  return /^(blob|string)$/.test(operation.input?.shape.memberNamed(payload)?.shape.type ?? '')
}

/**
 * What of an input can be on the wire at all: an empty list has no header, no parameter and, with EC2, no form field;
 * an empty map has no parameter; and a parameter that has a member of its own is not the map's.
 */
function sendable(protocol: ProtocolName, operation: Operation, input: Structure): Structure {
  const kept = { ...input }
  const { members } = operation.input!.shape
  for (const member of members) {
    const { location } = member.traits
    let value = kept[member.name]
    if (location === 'querystring' && isStructure(value)) {
      const taken = new Set(
        members.filter((other) => other !== member).map(({ name, traits }) => traits.locationName ?? name),
      )
      kept[member.name] = value = Object.fromEntries(Object.entries(value).filter(([name]) => !taken.has(name)))
    }
    const unseen = location !== undefined || protocol === 'ec2' || protocol === 'query'
    if (unseen && isStructure(value) && Object.keys(value).length === 0) delete kept[member.name]
    if (unseen && Array.isArray(value) && value.length === 0 && protocol !== 'query') delete kept[member.name]
  }
  return kept
}

async function serverReads({ protocol, operation, vector }: Job): Promise<void> {
  const { serialized, params = {} } = vector
  const { path } = sortedQuery(serialized!.uri ?? '/')
  const request: RequestMessage = {
    method: serialized!.method ?? 'POST',
    path,
    query: (serialized!.uri ?? '').split('?')[1] ?? '',
    headers: lower(serialized!.headers),
    body: bodyBytes(protocol, serialized!.body),
  }
  const input = (await protocols[protocol]()).readRequest(operation, request)
  const expected = operation.input ? sendable(protocol, operation, prepared(operation, params)) : {}
  const found = operation.input ? sendable(protocol, operation, input) : input
  expect(plain(operation.input, found)).toEqual(plain(operation.input, expected))
}

async function clientReads({ protocol, operation, vector }: Job): Promise<void> {
  const { status_code: status, headers, body } = vector.response!
  const isStream = eventStreamMember(operation.output) !== undefined
  const response: HttpResponse = { status, headers: lower(headers), body: bodyBytes(protocol, body, isStream) }
  const codec = await protocols[protocol]()
  if (vector.error === undefined && vector.errorCode === undefined) {
    const output = await collected(codec.readResponse(operation, response))
    expect(plain(operation.output, output)).toEqual(plain(operation.output, vector.result ?? {}))
    return
  }
  const error = codec.readError(operation, response)
  if (vector.errorCode !== undefined) expect(error.code).toBe(vector.errorCode)
  if (vector.errorMessage !== undefined) expect(error.message).toBe(vector.errorMessage)
  const shape = operation.errors[0]
  expect(plain(shape && memberOf(shape), error.detail)).toEqual(detailOf(vector.error ?? {}))
}

/** Event streams as lists. */
async function collected(output: Structure): Promise<Structure> {
  for (const [name, value] of Object.entries(output)) {
    if (typeof value === 'object' && value !== null && Symbol.asyncIterator in value) {
      const events: Value[] = []
      for await (const event of value as AsyncIterable<Value>) events.push(event)
      output[name] = events
    }
  }
  return output
}

async function serverWrites({ protocol, operation, vector }: Job): Promise<void> {
  const { status_code: status, headers } = vector.response!
  const codec = await protocols[protocol]()
  if (vector.error !== undefined || vector.errorCode !== undefined)
    return serverWritesError({ protocol, operation, vector } as Job)
  const result = operation.output ? (given(operation.output, vector.result ?? {}) as Structure) : {}
  const response = codec.writeResponse(operation, result, 'request-id')
  expect(response.status).toBe(status)
  for (const [name, value] of Object.entries(lower(headers))) {
    if (/^(content-(type|length)|x-amz-target)$|request-?id/.test(name)) continue
    expect([name, tight(response.headers[name])]).toEqual([name, tight(value)])
  }
  // What was written must read back as the case's result; the text itself may be laid out otherwise.
  const { 'x-amzn-requestid': _, ...rest } = response.headers
  const body = response.body instanceof Uint8Array ? response.body : await readBody(response.body)
  const back = await collected(codec.readResponse(operation, { status, headers: rest, body }))
  const again = operation.output ? (given(operation.output, vector.result ?? {}) as Structure) : {}
  expect(plain(operation.output, back)).toEqual(plain(operation.output, await collected(again)))
}

async function serverWritesError({ protocol, operation, vector }: Job): Promise<void> {
  const codec = await protocols[protocol]()
  const shape = operation.errors[0]
  const { Message, message } = vector.error ?? {}
  const detail = detailOf(vector.error ?? {})
  const text = vector.errorMessage ?? Message ?? message ?? ''
  const error = new AwsError(vector.errorCode!, String(text), {
    status: vector.response!.status_code,
    detail: shape ? (given(memberOf(shape), detail) as Structure) : {},
  })
  const response = codec.writeError(operation.service, operation, error, 'request-id')
  expect(response.status).toBe(vector.response!.status_code)
  const back = codec.readError(operation, response)
  expect(back.code).toBe(error.code)
  expect(back.message).toBe(String(text))
  expect(plain(shape && memberOf(shape), back.detail)).toEqual(detail)
  expect(back.response.requestId).toBe('request-id')
}

/** The lines of a failed expectation that differ, on one line. */
function differences({ message }: Error): string {
  const lines = Bun.stripANSI(message).split('\n')
  const differing = lines.filter((line) => /^[+-] /.test(line) || /^(Expected|Received)/.test(line))
  return (differing.length > 0 ? differing : lines)
    .map((line) => line.replace(/\s+/g, ' '))
    .join(' | ')
    .slice(0, 400)
}

const directions: Record<string, { kind: 'input' | 'output'; run: (job: Job) => Promise<void> }> = {
  'client writes': { kind: 'input', run: clientWrites },
  'server reads': { kind: 'input', run: serverReads },
  'client reads': { kind: 'output', run: clientReads },
  'server writes': { kind: 'output', run: serverWrites },
}

describe.skipIf(!existsSync(folder))('vendor protocol cases', () => {
  for (const [direction, { kind, run }] of Object.entries(directions)) {
    test(direction, async () => {
      const all = existsSync(folder) ? [...jobs(kind), ...jobs(`legacy/${kind}`)] : []
      const failures: string[] = []
      const excused = new Set<string>()
      for (const job of all) {
        const key = `${job.file}: ${job.id} ${direction}`
        try {
          await run(job)
          if (exceptions[key] !== undefined) failures.push(`${key}: passes, so it is no exception`)
        } catch (error) {
          if (exceptions[key] === undefined) failures.push(`${key}: ${differences(error as Error)}`)
          else excused.add(key)
        }
      }
      console.log(
        `vendor protocol cases, ${direction}: ${all.length - excused.size - failures.length} of ${all.length}, ${excused.size} excepted`,
      )
      if (failures.length > 0) throw new Error(failures.join('\n'))
      expect(excused.size / all.length).toBeLessThan(0.02)
    })
  }
})

if (!existsSync(folder)) console.log(`vendor protocol cases: skipped, ${folder} is not there`)
