// Which operation do a method and a path mean? For services whose operations differ by URI (REST): a tree of the
// model's request URIs, made once a service.

import { percentDecode } from '../lib/percent.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation, Service } from '../model/model.ts'

interface Node {
  readonly literals: Map<string, Node>
  /** `{Name}`: one segment. */
  label?: Node
  /** Operations whose URI ends here. */
  readonly here: Operation[]
  /** Those whose label takes all the rest, but for what stands behind it: `{Key+}`, `{Name+}/policy`; longest first. */
  readonly greedy: { readonly suffix: readonly string[]; readonly operations: Operation[] }[]
}

export type Routes = (request: HttpRequest) => Operation | undefined

const routesOf = new WeakMap<Service, Routes>()

export function routes(service: Service): Routes {
  let found = routesOf.get(service)
  if (!found) routesOf.set(service, (found = build(service)))
  return found
}

function build(service: Service): Routes {
  const methods = new Map<string, Node>()
  for (const name of service.operationNames) {
    const operation = service.operation(name)
    const { method } = operation.http
    let root = methods.get(method)
    if (!root) methods.set(method, (root = newNode()))
    add(root, operation)
  }
  return (request) => {
    const root = methods.get(request.method)
    if (!root) return undefined
    const query = namesOf(request.query)
    const segments = segmentsOf(request.path)
    const found = find(root, segments, 0, query, request)
    // Many clients put a slash behind a bucket; no operation's URI ends in one.
    return found ?? (segments.at(-1) === '' ? find(root, segments.slice(0, -1), 0, query, request) : undefined)
  }
}

function newNode(): Node {
  return { literals: new Map(), here: [], greedy: [] }
}

function segmentsOf(path: string): string[] {
  const text = path.replace(/^\//, '')
  return text === '' ? [] : text.split('/')
}

function add(root: Node, operation: Operation): void {
  let node = root
  const uri = segmentsOf(operation.http.requestUri.split('?', 1)[0]!)
  for (const [at, segment] of uri.entries()) {
    if (segment.endsWith('+}')) return addGreedy(node, uri.slice(at + 1), operation)
    if (segment.startsWith('{')) node = node.label ??= newNode()
    else {
      let next = node.literals.get(segment)
      if (!next) node.literals.set(segment, (next = newNode()))
      node = next
    }
  }
  node.here.push(operation)
}

function addGreedy({ greedy }: Node, suffix: readonly string[], operation: Operation): void {
  const known = greedy.find((each) => each.suffix.join('/') === suffix.join('/'))
  if (known) known.operations.push(operation)
  else greedy.push({ suffix, operations: [operation] })
  greedy.sort((a, b) => b.suffix.length - a.suffix.length)
}

/** Literal segments win over labels, labels over a greedy label. */
function find(
  node: Node,
  segments: readonly string[],
  at: number,
  query: Query,
  request: HttpRequest,
): Operation | undefined {
  if (at === segments.length) return best(node.here, query, request)
  const segment = segments[at]!
  const literal = node.literals.get(segment)
  const byLiteral = literal && find(literal, segments, at + 1, query, request)
  if (byLiteral) return byLiteral
  const byLabel = node.label && segment !== '' ? find(node.label, segments, at + 1, query, request) : undefined
  if (byLabel) return byLabel
  const rest = segments.slice(at)
  if (rest.length === 1 && rest[0] === '') return undefined
  for (const { suffix, operations } of node.greedy) {
    const ends =
      suffix.length < rest.length && suffix.every((part, i) => rest[rest.length - suffix.length + i] === part)
    const found = ends ? best(operations, query, request) : undefined
    if (found) return found
  }
  return undefined
}

type Query = ReadonlyMap<string, string>

function namesOf(query: string): Query {
  const names = new Map<string, string>()
  if (query === '') return names
  for (const pair of query.split('&')) {
    const equals = pair.indexOf('=')
    names.set(percentDecode(equals < 0 ? pair : pair.slice(0, equals)), equals < 0 ? '' : pair.slice(equals + 1))
  }
  return names
}

/** Of several operations with one path, the one that asks for most of what the request has. */
function best(operations: readonly Operation[], query: Query, request: HttpRequest): Operation | undefined {
  let winner: Operation | undefined
  let most = -1
  for (const operation of operations) {
    const points = pointsOf(operation, query, request, operations.length > 1)
    if (points > most || (points === most && winner && isRather(operation, winner, query))) {
      most = points
      winner = operation
    }
  }
  return winner
}

/** Of two that ask for as much: SDKs name the one they mean, and who does not means none of yesterday. */
function isRather(operation: Operation, winner: Operation, query: Query): boolean {
  const named = query.get('x-id')
  if (named === operation.name || named === winner.name) return named === operation.name
  return winner.traits.deprecated === true && operation.traits.deprecated !== true
}

/** What a request must have beside the path to be this operation. */
interface Wants {
  /** From the URI; a value that is undefined may be any. */
  readonly query: readonly (readonly [name: string, value: string | undefined])[]
  /** Of required members. */
  readonly parameters: readonly string[]
  readonly headers: readonly string[]
}

const wantsOf = new WeakMap<Operation, Wants>()

function wants(operation: Operation): Wants {
  let found = wantsOf.get(operation)
  if (found) return found
  const pairs = (operation.http.requestUri.split('?')[1] ?? '').split('&')
  const required = (operation.input?.shape.members ?? []).filter((member) => member.required)
  const at = (location: string): string[] =>
    required.filter(({ traits }) => traits.location === location).map(({ traits, name }) => traits.locationName ?? name)
  found = {
    query: pairs
      .map((pair) => pair.split('=') as [string, string | undefined])
      .filter(([name]) => name !== '' && name !== 'x-id'),
    parameters: at('querystring'),
    headers: at('header').map((name) => name.toLowerCase()),
  }
  wantsOf.set(operation, found)
  return found
}

/** How much of the operation's own query and headers is there; -1 when something that must be is not. */
function pointsOf(operation: Operation, query: Query, request: HttpRequest, contested: boolean): number {
  const wanted = wants(operation)
  for (const [name, value] of wanted.query) {
    const given = query.get(name)
    if (given === undefined || (value !== undefined && value !== given)) return -1
  }
  const points = 2 * wanted.query.length
  if (!contested) return points
  for (const name of wanted.parameters) if (!query.has(name)) return -1
  for (const name of wanted.headers) if (request.headers[name] === undefined) return -1
  return points + wanted.parameters.length + wanted.headers.length
}
