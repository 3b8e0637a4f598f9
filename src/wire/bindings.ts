// Which member of an input or output stands in the path, the query string, a header or the status, and how?
//
//   PUT /{Bucket}/{Key+}?partNumber={PartNumber}
//   x-amz-storage-class: {StorageClass}
//   x-amz-meta-…: {Metadata}

import { fromBase64, fromByteString, text, toBase64, toByteString, utf8 } from '../lib/bytes.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import { filter } from '../lib/iterate.ts'
import { asciiString, parseJson, setKey, stringifyCompact } from '../lib/json.ts'
import { formDecode, percentDecode, percentEncode, percentEncodePath } from '../lib/percent.ts'
import { keysOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Headers } from '../http/message.ts'
import type { Member, Operation } from '../model/model.ts'
import { parsed, plainText, readScalar, scalarText } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'

/** Members of a structure that are set, in the order given, and the body's part of them. */
export interface Parts {
  path: string
  query: string
  headers: Headers
  /** The members without a place of their own. */
  body: Structure
}

/** Takes an input apart. Throws Failure('ParamValidation') where a label of the path has no value. */
export function bindRequest(operation: Operation, input: Structure): Parts {
  const labels = new Map<string, string>()
  const query = new Map<string, string[]>()
  const headers: Headers = {}
  const body: Structure = {}
  for (const name of keysOf(input)) {
    const value = input[name]
    const member = value === undefined || value === null ? undefined : operation.input!.shape.memberNamed(name)
    if (member === undefined) continue
    const label = member.traits.locationName ?? name
    switch (member.traits.location) {
      case 'uri':
        labels.set(label, scalarText(member, value, 'iso8601', 'request'))
        break
      case 'querystring':
        writeQuery(member, label, value as Value, query)
        break
      case 'header':
      case 'headers':
        writeHeader(member, value as Value, headers, 'request')
        break
      default:
        body[name] = value
    }
  }
  const uri = operation.http.requestUri.replace(/\{([^}]*)\}/g, (_, label: string) => {
    const greedy = label.endsWith('+')
    const value = labels.get(greedy ? label.slice(0, -1) : label)
    if (value === undefined) {
      throw new Failure(
        'ParamValidation',
        `Parameter validation failed:\nMissing required parameter in input: "${label}"`,
      )
    }
    return greedy ? percentEncodePath(value) : percentEncode(value)
  })
  const mark = uri.indexOf('?')
  const fixed = mark < 0 ? [] : [uri.slice(mark + 1)]
  return {
    path: mark < 0 ? uri : uri.slice(0, mark),
    query: filter([...fixed, ...queryPairs(query)], (part) => part !== '').join('&'),
    headers,
    body,
  }
}

function queryPairs(query: Map<string, string[]>): string[] {
  const pairs: string[] = []
  for (const [name, values] of query) {
    for (const value of values) pairs.push(`${percentEncode(name)}=${percentEncode(value)}`)
  }
  return pairs
}

function writeQuery(member: Member, label: string, value: Value, query: Map<string, string[]>): void {
  const { shape } = member
  if (shape.type === 'map') {
    const map = value as Structure
    // A parameter that has a member of its own is that member's.
    for (const key of keysOf(map)) if (!query.has(key)) query.set(key, queryTexts(shape.value!, map[key] as Value))
  } else {
    query.set(label, queryTexts(member, value))
  }
}

function queryTexts(member: Member, value: Value): string[] {
  if (member.shape.type !== 'list') return [scalarText(member, value, 'iso8601', 'request')]
  const item = member.shape.member!
  return (value as Value[]).filter((one) => one !== null).map((one) => scalarText(item, one, 'iso8601', 'request'))
}

const lowered = new Map<string, string>()

/** In lower case; remembered, since a dozen are looked for in every request. */
function headerLabel({ traits, name }: Member): string {
  const label = traits.locationName ?? name
  let lower = lowered.get(label)
  if (lower === undefined) lowered.set(label, (lower = label.toLowerCase()))
  return lower
}

/** Sets the header or, for a map, the headers of a member. */
export function writeHeader(member: Member, value: Value, headers: Headers, side: Side): void {
  const label = headerLabel(member)
  if (member.traits.location === 'headers') {
    // Without a name, botocore's requests take the member's as the prefix, and responses take none.
    const prefix = member.traits.locationName === undefined && side === 'response' ? '' : label
    const map = value as Structure
    for (const key of keysOf(map)) {
      if (map[key] !== undefined) headers[prefix + key.toLowerCase()] = written(plainText(map[key]), side)
    }
    return
  }
  if (member.shape.type === 'list' && (value as Value[]).length === 0) return
  headers[label] = written(headerText(member, value, side), side)
}

/** A request's header goes out as UTF-8; what a service answers is told as it keeps it. */
function written(text: string, side: Side): string {
  return side === 'request' ? toByteString(text) : text
}

function headerText(member: Member, value: Value, side: Side): string {
  if (member.traits.jsonvalue) {
    const json =
      side === 'request' ? stringifyCompact(value).replace(/[\x7f-\uffff]+/g, escaped) : stringifyCompact(value)
    return toBase64(utf8(json))
  }
  if (member.shape.type !== 'list') return scalarText(member, value, 'rfc822', side)
  const item = member.shape.member!
  return (value as Value[])
    .filter((one) => one !== null)
    .map((one) => (item.shape.type === 'string' ? quoted(String(one)) : scalarText(item, one, 'rfc822', side)))
    .join(',')
}

function escaped(run: string): string {
  return asciiString(run).slice(1, -1)
}

/** An element of a header list: quoted where it holds a comma or a quote. */
function quoted(element: string): string {
  return /[",]/.test(element) ? `"${element.replaceAll('"', '\\"')}"` : element
}

/** Reads what a request says outside its body. */
export function readBound(
  operation: Operation,
  request: { path: string; query: string; headers: Headers },
  reading: Reading,
): Structure {
  const labels = readLabels(operation, request.path)
  const query = parseQuery(request.query)
  const input: Structure = {}
  for (const { member, location, label } of boundMembers(operation)) {
    let found: Value | undefined
    if (location === 'uri') {
      const text = labels[label]
      if (text !== undefined) found = readScalar(member, text, reading)
    } else if (location === 'querystring') found = readQuery(operation, member, label, query, reading)
    else found = readHeader(member, label, request.headers, reading)
    if (found !== undefined) input[member.name] = found
  }
  return input
}

interface Bound {
  readonly member: Member
  readonly location: 'uri' | 'querystring' | 'header' | 'headers'
  /** Of a header, in lower case. */
  readonly label: string
}

const bound = new WeakMap<Operation, readonly Bound[]>()

/** The members of an input that do not stand in the body. */
function boundMembers(operation: Operation): readonly Bound[] {
  const known = bound.get(operation)
  if (known) return known
  const found: Bound[] = []
  for (const member of operation.input!.shape.members) {
    const { location, locationName = member.name } = member.traits
    if (location === 'uri' || location === 'querystring') found.push({ member, location, label: locationName })
    else if (location === 'header' || location === 'headers')
      found.push({ member, location, label: headerLabel(member) })
  }
  bound.set(operation, found)
  return found
}

const patterns = new WeakMap<Operation, { pattern: RegExp; labels: string[] }>()

/** The labels of a path, decoded. Throws AwsError where the path is not the operation's. */
function readLabels(operation: Operation, path: string): Record<string, string> {
  let known = patterns.get(operation)
  if (known === undefined) {
    const labels: string[] = []
    const template = operation.http.requestUri.split('?', 1)[0]!
    const source = template.replace(/\{([^}]*)\}|[.*+?^$()|[\]\\]/g, (found, label?: string) => {
      if (label === undefined) return `\\${found}`
      labels.push(label.replace('+', ''))
      return label.endsWith('+') ? '(.+)' : '([^/]+)'
    })
    // Some clients write `/bucket/` for `/bucket`.
    known = { pattern: new RegExp(`^${source}${template.endsWith('+}') ? '' : '/?'}$`), labels }
    patterns.set(operation, known)
  }
  const found = known.pattern.exec(path)
  if (!found)
    throw new AwsError('UnknownOperationException', `${path} is not a path of ${operation.name}`, { status: 404 })
  return Object.fromEntries(known.labels.map((label, index) => [label, percentDecode(found[index + 1]!)]))
}

/** A query string by name, in order, decoded; a '+' is a space. */
export function parseQuery(query: string): Map<string, string[]> {
  const parameters = new Map<string, string[]>()
  if (query === '') return parameters
  for (const pair of query.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = formDecode(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : formDecode(pair.slice(equals + 1))
    const values = parameters.get(name)
    if (values) values.push(value)
    else parameters.set(name, [value])
  }
  return parameters
}

function readQuery(
  operation: Operation,
  member: Member,
  label: string,
  query: Map<string, string[]>,
  reading: Reading,
): Value | undefined {
  const { shape } = member
  if (shape.type === 'map') return readQueryMap(operation, member, query, reading)
  const values = query.get(label)
  if (values === undefined) return undefined
  if (shape.type !== 'list') return readScalar(member, values[0]!, reading)
  return values.map((value) => readScalar(shape.member!, value, reading))
}

/** All parameters that neither the path's template nor another member speaks for. */
function readQueryMap(
  operation: Operation,
  member: Member,
  query: Map<string, string[]>,
  reading: Reading,
): Value | undefined {
  const taken = new Set(parseQuery(operation.http.requestUri.split('?')[1] ?? '').keys())
  for (const other of operation.input!.shape.members) {
    if (other.traits.location === 'querystring' && other !== member) taken.add(other.traits.locationName ?? other.name)
  }
  const map: Structure = {}
  for (const [name, values] of query) {
    if (taken.has(name)) continue
    const { shape } = member.shape.value!
    setKey(
      map,
      name,
      shape.type === 'list'
        ? values.map((value) => readScalar(shape.member!, value, reading))
        : readScalar(member.shape.value!, values[0]!, reading),
    )
  }
  return Object.keys(map).length > 0 ? map : undefined
}

/** Reads what a response or an error says in its headers and its status. */
export function readBoundResponse(
  member: Member,
  response: { status: number; headers: Headers },
  reading: Reading,
): Structure {
  const output: Structure = {}
  for (const known of member.shape.members) {
    const { location } = known.traits
    if (location !== 'header' && location !== 'headers' && location !== 'statusCode') continue
    const found =
      location === 'statusCode' ? response.status : readHeader(known, headerLabel(known), response.headers, reading)
    if (found !== undefined) output[known.name] = found
  }
  return output
}

function readHeader(member: Member, label: string, headers: Headers, reading: Reading): Value | undefined {
  if (member.traits.location === 'headers') {
    const map: Structure = {}
    const prefix = member.traits.locationName === undefined ? '' : label
    for (const name in headers) {
      if (name.startsWith(prefix)) setKey(map, name.slice(prefix.length), told(headers[name]!, reading))
    }
    return reading.strict && Object.keys(map).length === 0 ? undefined : map
  }
  if (headers[label] === undefined) return undefined
  const value = told(headers[label], reading)
  if (member.traits.jsonvalue) {
    return parsed(() => parseJson(text(fromBase64(value)), reading) as Value, reading, `Invalid JSON in ${label}`)
  }
  const { shape } = member
  if (shape.type === 'boolean') return value.toLowerCase() === 'true'
  if (shape.type !== 'list') return readScalar(member, value, reading)
  const item = shape.member!
  return headerList(value, item).map((one) => readScalar(item, one, reading))
}

/** A server reads UTF-8 in a header. The reference reads a character a byte in what it is answered, and prints that. */
function told(value: string, { strict }: Reading): string {
  return strict ? fromByteString(value) : value
}

/** `a, "b,c"` → `a`, `b,c`. The commas of HTTP dates do not divide. */
function headerList(value: string, item: Member): string[] {
  if (item.shape.type === 'timestamp' && (item.traits.timestampFormat ?? 'rfc822') === 'rfc822') {
    return value.match(/[^,]+,[^,]+/g)?.map((one) => one.trim()) ?? []
  }
  if (value.trim() === '') return []
  const elements: string[] = []
  for (const [, inQuotes, plain] of value.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]*))\s*(?:,|$)/g)) {
    elements.push(inQuotes?.replace(/\\(.)/g, '$1') ?? plain!.trim())
  }
  // The pattern also matches the nothing at the end.
  if (elements.length > 1 && !/,\s*$/.test(value)) elements.pop()
  return elements
}
