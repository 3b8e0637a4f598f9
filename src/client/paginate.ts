// All pages of a listing: one after the other, or folded into one as AWS CLI prints them.
//
// A paginator says which members are tokens and which are results. Where a listing is cut by `maxItems`, the place to go on
// from is base64 of Python's JSON, shared with AWS CLI:
//   {"Marker": null, "boto_truncate_amount": 2}     two items into the page that this token asks for

import { fromBase64, isBase64, text, toBase64, utf8 } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { map, some } from '../lib/iterate.ts'
import { parseJson, stringifyPython } from '../lib/json.ts'
import { parseInteger, repr } from '../lib/python.ts'
import { Float, isStructure } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Member, Operation, Paginator } from '../model/model.ts'
import { call } from './call.ts'
import type { CallOptions } from './call.ts'
import type { Settings } from './settings.ts'

export interface PagingOptions extends CallOptions {
  startingToken?: string
  /** Items altogether; a listing cut short has a token to go on from. */
  maxItems?: number | string
  /** Items a request. */
  pageSize?: number | string
  /** Makes the call of each page; default: `call`. */
  calling?: typeof call
}

export interface Pages {
  /** The answers as they came, the last cut to `maxItems`. Can be read once. */
  readonly pages: AsyncIterable<Structure>
  /** Result members of all pages in one: lists joined, numbers added, text strung together; what else the paginator
   * declares from the first page, null where it was not there; `NextToken` where the listing was cut. */
  whole(): Promise<Structure>
  /** Known once `pages` has been read. */
  resumeToken(): string | undefined
}

type Tokens = Record<string, Value | undefined>

/** Throws what `call` throws, and Failure('Pagination' | 'InvalidValue'), when the pages are read. */
export function paginate(
  operation: Operation,
  paginator: Paginator,
  input: Structure,
  settings: Settings,
  options: PagingOptions = {},
): Pages {
  const inputTokens = listOf(paginator.input_token)
  const maxItems = options.maxItems === undefined ? undefined : integer(options.maxItems)
  let resume: string | undefined
  let results: Path[] = []
  /** Members that are told once, with their values on the first page. */
  const once: [string, Value][] = []

  async function* pages(): AsyncGenerator<Structure> {
    results = await Promise.all(map(listOf(paginator.result_key), pathOf))
    const outputTokens = await Promise.all(map(listOf(paginator.output_token), pathOf))
    const more = paginator.more_results === undefined ? undefined : await pathOf(paginator.more_results)
    const primary = results[0]
    const start = options.startingToken === undefined ? undefined : readToken(options.startingToken, inputTokens)

    const next: Structure = { ...input }
    if (start) putTokens(next, start.tokens)
    if (options.pageSize !== undefined) next[limitKey(paginator)] = pageSizeOf(operation, paginator, options.pageSize)

    let tokens: Tokens = start?.tokens ?? Object.fromEntries(map(inputTokens, (name) => [name, null]))
    let previous: string | undefined
    let seen = 0
    for (let first = true; ; first = false) {
      const page = await (options.calling ?? call)(operation, next, settings, options)
      const skipped = first && start ? start.skip : 0
      if (first) {
        if (start) startWithin(page, results, start.skip)
        for (const expression of paginator.non_aggregate_keys ?? [])
          once.push([expression, (await pathOf(expression))(page)])
      }

      const items = primary?.(page) ?? null
      const excess = maxItems === undefined ? 0 : seen + sizeOf(items) - maxItems
      if (excess > 0 && primary) {
        const kept = sizeOf(items) - excess
        put(page, primary.expression, sliced(items ?? [], 0, kept))
        resume = writeToken({ ...tokens, boto_truncate_amount: kept + skipped })
        yield page
        return
      }
      yield page
      seen += sizeOf(items)

      if (more && !isTruthy(more(page))) return
      tokens = {}
      for (const [index, name] of inputTokens.entries()) {
        const token = outputTokens[index]?.(page) ?? null
        tokens[name] = isTruthy(token) ? sendable(operation.input?.shape.memberNamed(name), token, settings) : null
      }
      if (!some(Object.values(tokens), (token) => token !== null)) return
      if (maxItems !== undefined && seen === maxItems) {
        resume = writeToken(tokens)
        return
      }
      const written = repr(tokens)
      if (written === previous) {
        throw new Failure('Pagination', `Error during pagination: The same next token was received twice: ${written}`)
      }
      previous = written
      putTokens(next, tokens)
    }
  }

  const reading = pages()
  return {
    pages: reading,
    resumeToken: () => resume,
    async whole() {
      const complete: Structure = {}
      for await (const page of reading) {
        for (const result of results) join(complete, result.expression, result(page))
      }
      for (const [expression, value] of once) merge(complete, expression, value)
      if (resume !== undefined) complete['NextToken'] = resume
      return complete
    },
  }
}

/** What of the page before was already given is taken away; the other results were given whole. */
function startWithin(page: Structure, results: readonly Path[], skip: number): void {
  results.forEach((result, index) => {
    const value = result(page)
    if (index === 0) {
      put(page, result.expression, Array.isArray(value) || typeof value === 'string' ? sliced(value, skip) : null)
    } else {
      put(
        page,
        result.expression,
        Array.isArray(value)
          ? []
          : typeof value === 'string'
            ? ''
            : typeof value === 'number' || typeof value === 'bigint' || value instanceof Float
              ? value
              : null,
      )
    }
  })
}

function join(complete: Structure, expression: string, value: Value): void {
  if (value === null) return
  const existing = get(complete, expression)
  if (existing === null) {
    put(complete, expression, Array.isArray(value) ? [...value] : value)
  } else if (Array.isArray(value) && Array.isArray(existing)) {
    for (const item of value) existing.push(item)
  } else if (typeof value === 'string') {
    put(complete, expression, String(existing) + value)
  } else if (typeof value === 'number' || typeof value === 'bigint' || value instanceof Float) {
    put(complete, expression, Number(existing) + Number(value))
  }
}

function putTokens(input: Structure, tokens: Tokens): void {
  for (const [name, token] of Object.entries(tokens)) {
    if (token !== null && token !== undefined && token !== 'None') input[name] = token
    else delete input[name]
  }
}

/** A token as it came becomes one that can be sent: bytes that were kept as base64 for printing are bytes again. */
function sendable(member: Member | undefined, token: Value, { scalars }: Settings): Value {
  if (scalars !== 'wire' || !member) return token
  const { shape } = member
  if (shape.type === 'blob' && typeof token === 'string') return fromBase64(token)
  if (Array.isArray(token)) return token.map((item) => sendable(shape.member, item, { scalars } as Settings))
  if (!isStructure(token)) return token
  const sent: Structure = {}
  for (const [key, value] of Object.entries(token)) {
    sent[key] = sendable(shape.type === 'map' ? shape.value : shape.memberNamed(key), value!, { scalars } as Settings)
  }
  return sent
}

// --- The token of AWS CLI ---

/** Bytes are base64, and `boto_encoded_keys` says where they are. */
export function writeToken(tokens: Tokens): string {
  const encoded: (string | number)[][] = []
  const plain = (value: unknown, path: (string | number)[]): unknown => {
    if (value instanceof Uint8Array) {
      encoded.push(path)
      return toBase64(value)
    }
    if (Array.isArray(value)) return value.map((item, index) => plain(item, [...path, index]))
    if (!isStructure(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, [...path, key])]))
  }
  const written = plain(tokens, []) as Record<string, unknown>
  if (encoded.length > 0) written['boto_encoded_keys'] = encoded
  return toBase64(utf8(stringifyPython(written)))
}

/** Throws Failure('InvalidValue'). Also reads the older form, `token___2`. */
export function readToken(token: string, names: readonly string[]): { tokens: Tokens; skip: number } {
  const value = decoded(token)
  if (!value) return readOldToken(token, names)
  const { boto_truncate_amount: skip, boto_encoded_keys: encoded, ...tokens } = value
  for (const path of (encoded as (string | number)[][] | undefined) ?? []) {
    let holder = tokens as any
    for (const step of path.slice(0, -1)) holder = holder?.[step]
    const last = path.at(-1)!
    if (typeof holder?.[last] === 'string') holder[last] = fromBase64(holder[last])
  }
  return { tokens: tokens as Tokens, skip: typeof skip === 'number' ? skip : 0 }
}

function decoded(token: string): Record<string, unknown> | undefined {
  if (!isBase64(token)) return undefined
  try {
    const value = parseJson(text(fromBase64(token)))
    return isStructure(value) ? value : undefined
  } catch {
    return undefined
  }
}

function readOldToken(token: string, names: readonly string[]): { tokens: Tokens; skip: number } {
  let parts = token.split('___')
  let skip = 0
  if (parts.length === names.length + 1) {
    const last = parseInteger(parts.at(-1)!)
    if (last === undefined) parts = [token]
    else {
      skip = Number(last)
      parts.pop()
    }
  }
  if (parts.length > names.length) throw new Failure('InvalidValue', `Bad starting token: ${token}`)
  const tokens = Object.fromEntries(
    names.map((name, index) => {
      const part = parts[index]
      return [name, part === undefined || part === 'None' ? null : part]
    }),
  )
  return { tokens, skip }
}

// --- Paths: nearly all are `Name` or `Outer.Name`; the few others are JMESPath ---

interface Path {
  (page: Value): Value
  readonly expression: string
}

async function pathOf(expression: string): Promise<Path> {
  const search = /^\w+(\.\w+)*$/.test(expression)
    ? (page: Value) => get(page, expression)
    : (await import('../lib/jmespath/jmespath.ts')).compile(expression)
  return Object.assign((page: Value) => search(page), { expression })
}

function get(value: Value, expression: string): Value {
  let found: Value | undefined = value
  for (const name of expression.split('.')) {
    if (!isStructure(found) || !Object.hasOwn(found, name)) return null
    found = found[name]
  }
  return found ?? null
}

function put(structure: Structure, expression: string, value: Value): void {
  const names = expression.split('.')
  const last = names.pop()!
  let holder = structure
  for (const name of names) {
    if (!isStructure(holder[name])) holder[name] = {}
    holder = holder[name] as Structure
  }
  holder[last] = value
}

/** As `put`, but what is there already keeps its place: results that stand inside a member told once. */
function merge(structure: Structure, expression: string, value: Value): void {
  const existing = get(structure, expression)
  if (Array.isArray(existing)) return
  if (!isStructure(existing) || !isStructure(value)) return put(structure, expression, value)
  for (const [key, part] of Object.entries(value)) merge(existing, key, part!)
}

/** Python's len(); 0 for what has none. */
function sizeOf(value: Value): number {
  if (Array.isArray(value) || typeof value === 'string') return value.length
  return isStructure(value) ? Object.keys(value).length : 0
}

function sliced(value: Value, from: number, to?: number): Value {
  if (Array.isArray(value) || typeof value === 'string') return value.slice(from, to)
  return isStructure(value) ? Object.fromEntries(Object.entries(value).slice(from, to)) : value
}

/** As Python sees it: empty is false. */
function isTruthy(value: Value): boolean {
  if (value instanceof Float) return value.value !== 0
  return Array.isArray(value) || isStructure(value) || typeof value === 'string' ? sizeOf(value) > 0 : Boolean(value)
}

function pageSizeOf(operation: Operation, paginator: Paginator, size: number | string): Value {
  const member = operation.input?.shape.memberNamed(limitKey(paginator))
  return member?.shape.type === 'string' ? String(size) : integer(size)
}

function limitKey(paginator: Paginator): string {
  if (paginator.limit_key !== undefined) return paginator.limit_key
  throw new Failure(
    'Pagination',
    'Error during pagination: PageSize parameter is not supported for the pagination interface for this operation.',
  )
}

function integer(value: number | bigint | string): number {
  if (typeof value !== 'string') return Math.trunc(Number(value))
  const number = parseInteger(value)
  if (number === undefined) throw new Failure('InvalidValue', `invalid literal for int() with base 10: ${repr(value)}`)
  return Number(number)
}

function listOf(names: string | readonly string[] | undefined): readonly string[] {
  return names === undefined ? [] : typeof names === 'string' ? [names] : names
}
