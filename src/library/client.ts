// What is a client? A name and settings, until something is called: then its operations are looked up in the model.
//
//   s3.getObject(input)          one call
//   s3.listObjectsV2.pages(…)    every page      .items(…)  every item of every page
//   s3.getObject.presign(…)      a link
//   s3.wait.bucketExists(…)      until it is so

import { AwsError, Failure } from '../lib/errors.ts'
import { isStructure } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { call } from '../client/call.ts'
import type { CallOptions as CoreOptions } from '../client/call.ts'
import type { Settings } from '../client/settings.ts'
import type { Operation, Paginator, Service } from '../model/model.ts'
import { withReadableBody, withSendableBody } from './body.ts'
import { observed } from './observe.ts'
import { keepFacts } from './response.ts'
import { requestIdIn, settingsFor, settingsForCall } from './session.ts'
import type { Session } from './session.ts'
import { inOurWords } from './words.ts'
import type {
  CallOptions,
  ClientSettings,
  Link,
  LinkOptions,
  Observe,
  PageOptions,
  ResponseFacts,
  WaitOptions,
} from './types.ts'

/** A client whose every property is an operation: what the generated declarations describe. */
export interface AnyClient {
  readonly wait: Record<string, (input?: object, options?: WaitOptions) => Promise<void>>
  isError(error: unknown, code?: string): boolean
  readonly [operation: string]: any
}

interface Loaded {
  readonly settings: Settings
  readonly service: Service
  operation(method: string): Promise<Operation>
}

const inside = Symbol('inside')

/** What a client keeps to itself. */
interface Inside {
  /** Throws Failure('UnknownOperation'). */
  operation(method: string): Promise<Operation>
}

/** For other forms of a client. Throws Failure('ParamValidation') for what is no client of ours. */
export function insideOf(client: object): Inside {
  const found = (client as { [inside]?: Inside })[inside]
  if (found) return found
  throw new Failure('ParamValidation', 'A client of this library is needed here, such as aws.dynamodb()')
}

/** Loads nothing yet. `service` is a model's name: `s3`, `cognito-idp`. */
export function clientOf(service: string, session: Session, own: ClientSettings = {}): AnyClient {
  let loading: Promise<Loaded> | undefined
  const loaded = (): Promise<Loaded> =>
    (loading ??= load(service, session, own).catch((error) => {
      loading = undefined
      throw error
    }))
  const observe = own.observe ?? session.given.observe
  const operations = new Map<string, unknown>()
  return new Proxy({} as AnyClient, {
    get(target, name) {
      if (name === inside) return { operation: async (method) => (await loaded()).operation(method) } satisfies Inside
      if (isNoOperation(target, name)) return Reflect.get(target, name)
      if (name === 'isError') return isError
      let operation = operations.get(name)
      if (operation === undefined) {
        operation = name === 'wait' ? waitersOf(loaded, observe) : operationOf(name, loaded, observe)
        operations.set(name, operation)
      }
      return operation
    },
  })
}

/** What others ask any object for: a client is no promise, and has no JSON; it is printed as an object. */
export function isNoOperation(target: object, name: string | symbol): name is symbol {
  return typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name in target
}

function isError(error: unknown, code?: string): boolean {
  return error instanceof AwsError && (code === undefined || error.code === code)
}

async function load(service: string, session: Session, own: ClientSettings): Promise<Loaded> {
  const settings = await settingsFor(session, own)
  const model = await settings.models.service(service)
  const names = new Map(model.operationNames.map((name) => [methodOf(name), name]))
  return {
    settings,
    service: model,
    async operation(method) {
      const name = names.get(method)
      if (name !== undefined) return model.operation(name)
      throw new Failure('UnknownOperation', `${service} has no operation ${method}`, { service, operation: method })
    },
  }
}

/** `GetObject` → `getObject`. */
export function methodOf(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}

/** Seconds; SigV4's own limit. */
const LONGEST_LINK = 604_800

function operationOf(method: string, loaded: () => Promise<Loaded>, observe: Observe | undefined): unknown {
  const one = async (input: Structure = {}, options: CallOptions = {}): Promise<Structure> => {
    const { settings, operation } = await loaded()
    const told = { ...options, observe: options.observe ?? observe }
    return calledOnce(await operation(method), input, settingsForCall(settings, options), told)
  }
  async function* pages(input: Structure = {}, options: PageOptions = {}): AsyncGenerator<Structure> {
    const { settings, operation } = await loaded()
    const listing = await operation(method)
    const paginator = paginatorOf(listing)
    const { paginate } = await import('../client/paginate.ts')
    const { pageSize, ...rest } = { ...options, observe: options.observe ?? observe }
    const paging = { pageSize, calling: madeBy(rest) }
    yield* paginate(listing, paginator, input, settingsForCall(settings, rest), paging).pages
  }
  async function* items(input: Structure = {}, options: PageOptions = {}): AsyncGenerator<Value> {
    const { operation } = await loaded()
    const key = [paginatorOf(await operation(method)).result_key].flat()[0]!
    for await (const page of pages(input, options)) yield* listed(at(page, key))
  }
  const presign = async (input: Structure = {}, options: LinkOptions = {}): Promise<Link> => {
    const { settings, operation } = await loaded()
    const { linkRequest } = await import('../client/presign.ts')
    const { expires, headers, ...own } = options
    if (expires !== undefined && !(expires >= 1 && expires <= LONGEST_LINK))
      throw new Failure('ParamValidation', `A link is good for 1 to ${LONGEST_LINK} seconds, not ${expires}`)
    const as = settingsForCall(settings, own)
    const request = await linkRequest(await operation(method), input, as, { expires, headers })
    const { scheme, host, path, query } = request
    const url = `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`
    return { url, method: request.method, headers: request.headers }
  }
  return Object.assign(one, { pages, items, presign })
}

function paginatorOf({ service, name }: Operation): Paginator {
  const paginator = service.paginator(name)
  if (paginator) return paginator
  throw new Failure(
    'UnknownOperation',
    `${methodOf(name)} of ${service.name} has no pages: it answers everything at once`,
  )
}

function at(page: Structure, path: string): Value | undefined {
  return path.split('.').reduce<any>((value, member) => value?.[member], page)
}

/** What a page lists; of a map its entries. */
function listed(items: Value | undefined): Value[] {
  if (items === undefined || items === null) return []
  if (Array.isArray(items)) return items
  return isStructure(items) ? (Object.entries(items) as Value[][]) : [items]
}

/** By their names with a small letter: BucketExists → `bucketExists`. */
function waitersOf(loaded: () => Promise<Loaded>, observe: Observe | undefined): AnyClient['wait'] {
  return new Proxy({} as AnyClient['wait'], {
    get(target, method) {
      if (isNoOperation(target, method)) return Reflect.get(target, method)
      return async (input: Structure = {}, { delay, attempts, ...options }: WaitOptions = {}): Promise<void> => {
        const { settings, service } = await loaded()
        const name = Object.keys(service.waiters).find((each) => methodOf(each) === method)
        if (name === undefined)
          throw new Failure('UnknownOperation', `${service.name} has no waiter ${method}`, { service: service.name })
        const { wait } = await import('../client/wait.ts')
        await wait(service, name, input, settingsForCall(settings, options), {
          delay,
          maxAttempts: attempts,
          signal: options.signal,
          calling: madeBy({ ...options, observe: options.observe ?? observe }),
        })
      }
    },
  })
}

/** For whoever calls in our name, several times. */
function madeBy(options: Told): typeof call {
  return (operation, input, settings, core) =>
    calledOnce(operation, input, settings, { ...options, also: core?.observe })
}

/** In AWS Lambda every call says which invocation it is part of, so that one that sets itself off is stopped. */
function traceOf({ AWS_LAMBDA_FUNCTION_NAME, _X_AMZN_TRACE_ID }: NodeJS.ProcessEnv): Record<string, string> {
  if (!AWS_LAMBDA_FUNCTION_NAME || !_X_AMZN_TRACE_ID) return {}
  return { 'x-amzn-trace-id': _X_AMZN_TRACE_ID.replace(/[^\x20-\x7e]/g, encodeURIComponent) }
}

interface Told extends Pick<CallOptions, 'observe' | 'signal' | 'headers'> {
  also?: CoreOptions['observe']
}

/** One call of a program: told to whoever observes, its bodies made handy. */
async function calledOnce(
  operation: Operation,
  input: Structure,
  settings: Settings,
  { observe, signal, headers, also }: Told,
): Promise<Structure> {
  let facts: ResponseFacts | undefined
  const core: CoreOptions = {
    signal,
    headers: () => ({ ...headers, ...traceOf(process.env) }),
    observe: (response) => {
      facts = { ...response, requestId: requestIdIn(response) }
      also?.(response)
    },
  }
  const run = async (): Promise<Structure> => {
    const output = await call(operation, withSendableBody(operation, input), settings, core).catch((error: unknown) => {
      throw inOurWords(error)
    })
    if (facts) keepFacts(output, facts)
    return withReadableBody(operation, output)
  }
  return observe ? observed(observe, { operation, input, settings, run, facts: () => facts }) : run()
}
