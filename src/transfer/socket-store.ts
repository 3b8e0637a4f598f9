// The store for many objects: what the client's pipeline makes of the first request of a kind is kept as a form, and
// filled in for the others; the requests go over sockets of its own.
//
// What every object passes are plain functions that chain promises: async ones, each resumed and compiled for itself, cost a
// tenth of the time of many small objects.
//
// Only the usual is done here: plain Signature Version 4, no proxy, a checksum that can be computed, no redirect. All
// else takes the exact way, through the client's pipeline.

import type { ChecksumName } from '../lib/checksum.ts'
import type { Credentials } from '../lib/credentials.ts'
import { AwsError } from '../lib/errors.ts'
import { percentEncode, percentEncodePath } from '../lib/percent.ts'
import type { Structure } from '../lib/value.ts'
import { Connections } from '../http/connections.ts'
import type { Exchange, Outgoing } from '../http/connections.ts'
import type { HttpResponse } from '../http/message.ts'
import type { Answer } from '../http/received-answer.ts'
import { roadOf } from '../http/send.ts'
import { basicTime, emptySha256 } from '../sign/attach.ts'
import { canonicalQuery } from '../sign/canonical.ts'
import { fitsTemplate, HeadWriter } from '../sign/template.ts'
import { credentialsFor } from '../client/auth.ts'
import { draft } from '../client/draft.ts'
import type { Draft } from '../client/draft.ts'
import { Final, withRetries } from '../client/retry.ts'
import type { Attempt as Turn } from '../client/retry.ts'
import type { Settings } from '../client/settings.ts'
import { CallStore, untilWhole } from './call-store.ts'
import { listedIn, PageBuffer, pageIn } from './listing.ts'
import { bare, checkingOf, isCarried, objectOut, rangeOf, withoutBody } from './object-bytes.ts'
import type { Checking, WriteHead } from './object-bytes.ts'
import { ownClock } from './slots.ts'
import type { Address, CallOptions, GetOptions, ListOptions, Listed, PutOptions, Sink, Source, Store } from './store.ts'

interface Attempt extends Turn {
  readonly invocation: string
}

/** A kind of request, prepared. */
interface Form {
  readonly draft: Draft
  readonly connections: Connections
  readonly writer: HeadWriter
  /** The path up to the key. */
  readonly before: string
  readonly query: string
  /** Headers that no signature covers. */
  readonly unsigned: string
  readonly algorithm: ChecksumName | undefined
}

/** What a form is filled in with. */
interface Filling {
  readonly key: string
  readonly attempt: Attempt
  readonly signal: AbortSignal | undefined
  readonly outgoing: (head: WriteHead) => Outgoing
  /** Where the body of the answer goes; it is collected where this is undefined. */
  readonly receive?: (answer: Answer) => ((data: Uint8Array) => void) | undefined
}

/** Stands for the key while a form is made. */
const placeholder = 'key'

/** GetObject of some of an object. */
const rangedGet = 'GetObject of a range'

/** Lines of listings that may lie about. */
const linesLeft = 12_000

/** Who wants to know how the other side answers. */
interface Listener {
  /** S3 asks for fewer requests. */
  tooMany(): void
  /** The first answer: it was waited for so many milliseconds, in which nothing was to be done. */
  waited(time: number): void
}

export class SocketStore extends CallStore implements Store {
  readonly #forms = new WeakMap<Structure, Map<string, Form | Promise<Form | undefined> | undefined>>()
  readonly #connections = new Map<string, Connections>()
  readonly #listener: Listener | undefined
  /** Whether an answer was heard. */
  #heard = false
  #generation = 0
  #stamp = { second: 0, text: '' }
  #asked: { readonly credentials: Credentials; readonly until: number } | undefined
  /** Nothing went wrong so far. */
  #smooth = true

  constructor(settings: Settings, listener?: Listener) {
    super(settings)
    this.#listener = listener
  }

  override put(
    operation: 'PutObject' | 'UploadPart',
    address: Address,
    extras: Structure,
    source: Source,
    options: PutOptions,
  ): Promise<Structure> {
    const { part, signal } = options
    return this.#filled(operation, address, extras, signal, {
      once: (form, attempt) => {
        const filled = part === undefined ? form : ofPart(form, part)
        return this.#putOnce(filled, address.Key, source, attempt, options)
      },
      exactly: () => super.put(operation, address, extras, source, options),
    })
  }

  #putOnce(
    form: Form,
    key: string,
    source: Source,
    attempt: Attempt,
    { signal, sent }: PutOptions,
  ): Promise<Structure> {
    let told = 0
    const tell = (bytes: number): void => {
      told += bytes
      sent?.(bytes)
    }
    const outgoing = (head: WriteHead): Outgoing =>
      objectOut(form.algorithm!, form.draft.request.scheme, source, head, tell)
    return this.#exchange(form, { key, attempt, signal, outgoing })
      .then((answer) => {
        if (told < source.size) tell(source.size - told)
        const { protocol, operation } = form.draft
        return operation.name === 'PutObject' ? {} : protocol.readResponse(operation, responseOf(answer))
      })
      .catch((error: unknown) => {
        if (told > 0) sent?.(-told)
        throw error
      })
  }

  override get(address: Address, extras: Structure, sink: Sink, options: GetOptions = {}): Promise<void> {
    const { signal, range } = options
    return untilWhole(signal, () =>
      this.#filled(range === undefined ? 'GetObject' : rangedGet, address, extras, signal, {
        once: (form, attempt) => this.#getOnce(form, address.Key, sink, attempt, options),
        exactly: () => super.get(address, extras, sink, options),
      }),
    )
  }

  #getOnce(form: Form, key: string, sink: Sink, attempt: Attempt, { signal, range }: GetOptions): Promise<void> {
    const outgoing = range === undefined ? bare : (head: WriteHead) => ({ head: head([range], emptySha256, '') })
    let running: Checking | undefined
    const receive = (answer: Answer): ((data: Uint8Array) => void) | undefined => {
      if (answer.status >= 300) return undefined
      const checking = (running = checkingOf(answer))
      sink.begin(range === undefined ? {} : rangeOf(answer))
      if (!checking) return (data) => sink.write(data)
      return (data) => {
        checking.checksum.update(data)
        sink.write(data)
      }
    }
    return this.#exchange(form, { key, attempt, signal, outgoing, receive }).then(() => running?.require())
  }

  override delete(address: Address, extras: Structure, options: CallOptions = {}): Promise<void> {
    const { signal } = options
    return this.#filled('DeleteObject', address, extras, signal, {
      once: async (form, attempt) => {
        await this.#exchange(form, { key: address.Key, attempt, signal, outgoing: withoutBody })
      },
      exactly: () => super.delete(address, extras, options),
    })
  }

  override async *list(bucket: string, prefix: string, options: ListOptions): AsyncGenerator<readonly Listed[]> {
    const { pageSize, requestPayer, delimiter } = options
    const input: Structure = { Bucket: bucket, Prefix: prefix }
    if (pageSize !== undefined) input.MaxKeys = pageSize
    if (requestPayer !== undefined) input.RequestPayer = requestPayer
    if (delimiter !== undefined) input.Delimiter = delimiter
    const buffer = new PageBuffer()
    const made = await this.#draft('ListObjectsV2', input)
    const pageBehind = (token?: string): Promise<Page> => this.#page(made, input, token, buffer, options)
    let left = 0
    let next: Promise<Page> | undefined = pageBehind()
    while (next !== undefined) {
      const { items, token }: Page = await next
      // The next page is on its way while this one is worked on.
      next = token === undefined ? undefined : pageBehind(token)
      next?.catch(() => {})
      yield items
      // What pages leave behind would pile up for long before the runtime minds.
      if ((left += items.length) < linesLeft) continue
      left = 0
      Bun.gc(true)
    }
  }

  /** @param made of the first page; a later one differs by its token only */
  async #page(
    made: Draft,
    first: Structure,
    token: string | undefined,
    buffer: PageBuffer,
    { brief, signal }: ListOptions,
  ): Promise<Page> {
    const { operation } = made
    const exactly = async (): Promise<Page> => {
      const input = token === undefined ? first : { ...first, ContinuationToken: token }
      return pageOf(await this.call('ListObjectsV2', input, { signal }))
    }
    const moreQuery = token === undefined ? '' : `&continuation-token=${percentEncode(token)}`
    const form = this.#formFrom(made, undefined, { moreQuery })
    if (!form) return exactly()
    const once = async (attempt: Attempt): Promise<Page> => {
      buffer.clear()
      const receive = (answer: Answer): ((data: Uint8Array) => void) | undefined =>
        answer.status < 300 ? (data) => buffer.add(data) : undefined
      const answer = await this.#exchange(form, { key: '', attempt, signal, outgoing: bare, receive })
      const page = pageIn(buffer.bytes, brief)
      if (page) return page
      const response = { ...responseOf(answer), body: buffer.bytes.slice() }
      const output = made.protocol.readResponse(operation, response, { scalars: this.settings.scalars })
      return pageOf((await made.quirks?.output?.(output, { ...made.exchange, response })) ?? output)
    }
    return this.#retried(form, signal, once, exactly)
  }

  /** A request of a kind whose form is there, or is made now; by the exact way where it can have none. */
  #filled<T>(
    kind: string,
    address: Address,
    extras: Structure,
    signal: AbortSignal | undefined,
    ways: { once(form: Form, attempt: Attempt): Promise<T>; exactly(): Promise<T> },
  ): Promise<T> {
    const form = this.#form(kind, address, extras)
    const fill = (found: Form | undefined): Promise<T> =>
      found ? this.#retried(found, signal, (attempt) => ways.once(found, attempt), ways.exactly) : ways.exactly()
    return form instanceof Promise ? form.then(fill) : fill(form)
  }

  /** What retries keep count of matters only once something went wrong. */
  #retried<T>(
    form: Form,
    signal: AbortSignal | undefined,
    once: (attempt: Attempt) => Promise<T>,
    exactly: () => Promise<T>,
  ): Promise<T> {
    const { mode, maxAttempts } = form.draft.settings.retry
    const invocation = crypto.randomUUID()
    const tried = ({ number, max }: Turn): Promise<T> => once({ invocation, number, max })
    if (!this.#smooth || mode !== 'standard') return this.#counted(form, signal, tried, exactly)
    const first = tried({ number: 1, max: maxAttempts })
    return first.catch(() => {
      this.#smooth = false
      return this.#counted(form, signal, (turn) => (turn.number === 1 ? first : tried(turn)), exactly)
    })
  }

  /** With retries; by the exact way where S3 sends us elsewhere or wants another time of day. */
  async #counted<T>(
    { draft: { operation, settings } }: Form,
    signal: AbortSignal | undefined,
    tried: (turn: Turn) => Promise<T>,
    exactly: () => Promise<T>,
  ): Promise<T> {
    try {
      return await withRetries(operation, settings, tried, { signal })
    } catch (error) {
      if (!(error instanceof AwsError) || !elsewhere.includes(` ${error.code} `)) throw error
      this.#generation++ // what was prepared was prepared for the wrong place
      return exactly()
    }
  }

  /** One exchange. Throws AwsError for an answer that says something went wrong. */
  #exchange(form: Form, filling: Filling): Promise<Answer> {
    const send = (credentials: Credentials): Promise<Answer> => this.#sent(form, filling, credentials)
    return this.#asked && this.#asked.until > Date.now() ? send(this.#asked.credentials) : this.#ask(form).then(send)
  }

  /** Whoever gives credentials keeps and refreshes them; asking is spared for a moment. */
  async #ask({ draft: { operation, scheme, endpoint, settings } }: Form): Promise<Credentials> {
    try {
      const credentials = (await credentialsFor(operation, scheme, endpoint, settings))!
      this.#asked = { credentials, until: Date.now() + 1000 }
      return credentials
    } catch (error) {
      throw new Final(error) // he also tries again by himself
    }
  }

  #sent(form: Form, filling: Filling, credentials: Credentials): Promise<Answer> {
    const { writer, before, query, connections, draft: made } = form
    const { key, attempt, signal, outgoing, receive } = filling
    const path = key === '' ? before : before + percentEncodePath(key)
    const { invocation, number, max } = attempt
    const unsigned = `${form.unsigned}amz-sdk-invocation-id: ${invocation}\r\namz-sdk-request: attempt=${number}; max=${max}\r\n`
    const write = (): Outgoing =>
      outgoing((values, payload, more) => {
        const head = writer.head({ path, query, values, payload }, credentials, this.#now(made.settings))
        return `${head}${unsigned}${more}\r\n`
      })
    const exchange = { request: made.request, path, write, receive, signal }
    return connections.exchange(this.#heard ? exchange : this.#timed(exchange)).then((answer) => {
      if (answer.status < 300) return answer
      throw this.#refusal(made, answer)
    })
  }

  #timed(exchange: Exchange): Exchange {
    const idle = (): number => ownClock.now() - ownClock.worked()
    let before = 0
    return {
      ...exchange,
      write: () => {
        before = idle()
        return exchange.write()
      },
      receive: (answer) => {
        if (!this.#heard) this.#listener?.waited(idle() - before)
        this.#heard = true
        return exchange.receive?.(answer)
      },
    }
  }

  #refusal({ operation, protocol, quirks, exchange, settings }: Draft, answer: Answer): unknown {
    const response = responseOf(answer)
    const error = protocol.readError(operation, response, { scalars: settings.scalars })
    error.response.operation = operation.name
    if (error.status === 503 || error.code === 'SlowDown') this.#listener?.tooMany()
    return quirks?.error?.(error, { ...exchange, response }) ?? error
  }

  #now(settings: Settings): string {
    const date = settings.clock()
    const second = Math.floor(date.getTime() / 1000)
    if (second !== this.#stamp.second) this.#stamp = { second, text: basicTime(date) }
    return this.#stamp.text
  }

  #form(kind: string, address: Address, extras: Structure): Form | Promise<Form | undefined> | undefined {
    if (address.Key === '') return undefined
    let kinds = this.#forms.get(extras)
    if (!kinds) this.#forms.set(extras, (kinds = new Map()))
    const name = `${this.#generation} ${kind} ${address.Bucket}`
    if (kinds.has(name)) return kinds.get(name)
    const made = this.#newForm(kind, address.Bucket, extras).then((form) => {
      kinds.set(name, form)
      return form
    })
    kinds.set(name, made)
    return made
  }

  async #newForm(kind: string, bucket: string, extras: Structure): Promise<Form | undefined> {
    const ranged = kind === rangedGet
    const input: Structure = { ...extras, Bucket: bucket, Key: placeholder }
    if (kind === 'UploadPart') input.PartNumber = 1
    return this.#formFrom(await this.#draft(ranged ? 'GetObject' : kind, input), extras, { ranged })
  }

  /** Throws Failure('ReadOnly') where requests of the kind may not be made. */
  async #draft(name: string, input: Structure): Promise<Draft> {
    const operation = await this.settings.models.operation('s3', name)
    await this.settings.refuse?.(operation)
    return draft(operation, input, this.settings)
  }

  /** Undefined where something is not usual. */
  #formFrom(made: Draft, extras: Structure | undefined, { moreQuery = '', ranged = false }): Form | undefined {
    const { request, scheme, endpoint, settings } = made
    if (typeof Bun === 'undefined' || !settings.sending || scheme !== 'sigv4' || endpoint.credentials) return undefined
    if (request.scheme === 'virga-local' || settings.key('s3.payload_signing_enabled') !== undefined) return undefined
    if (settings.record) return undefined // a history tells of every call
    const puts = request.method === 'PUT'
    const algorithm = String(extras?.ChecksumAlgorithm ?? '').toLowerCase()
    if (puts && !isCarried(algorithm)) return undefined
    const keyed = made.operation.name !== 'ListObjectsV2'
    if (keyed && !request.path.endsWith(`/${placeholder}`)) return undefined
    const connections = this.#connectionsFor(made)
    if (!connections) return undefined

    const { 'user-agent': agent, expect: _, 'accept-encoding': __, ...headers } = request.headers
    const varying: string[] = []
    if (puts && request.scheme === 'https') {
      const encoding = headers['content-encoding']
      headers['content-encoding'] = encoding ? `${encoding},aws-chunked` : 'aws-chunked'
      headers['x-amz-trailer'] = `x-amz-checksum-${algorithm}`
      varying.push('x-amz-decoded-content-length')
    } else if (puts) varying.push(`x-amz-checksum-${algorithm}`)
    if (ranged) varying.push('range')
    delete headers['content-length']
    if (!fitsTemplate(headers)) return undefined
    const { signingRegion: region, signingName: service } = endpoint.auth
    return {
      draft: made,
      connections,
      writer: new HeadWriter({ method: request.method, host: request.host, headers, varying, region, service }),
      before: keyed ? request.path.slice(0, -placeholder.length) : request.path,
      query: canonicalQuery(request.query + moreQuery),
      unsigned: `accept-encoding: identity\r\nuser-agent: ${agent}\r\n`,
      algorithm: puts ? (algorithm as ChecksumName) : undefined,
    }
  }

  #connectionsFor({ request, settings }: Draft): Connections | undefined {
    const { proxied, trust } = roadOf(settings.sending!, request)
    if (proxied || request.scheme === 'virga-local') return undefined
    const name = `${request.scheme}://${request.host}`
    let connections = this.#connections.get(name)
    if (!connections) {
      const { connectTimeout, readTimeout } = settings
      connections = new Connections(request.scheme, request.host, { trust, connectTimeout, readTimeout })
      this.#connections.set(name, connections)
    }
    return connections
  }

  override close(): void {
    for (const connections of this.#connections.values()) connections.close()
    this.#connections.clear()
  }
}

/** The form of UploadPart, filled in with a part's number. */
function ofPart(form: Form, part: number): Form {
  return { ...form, query: form.query.replace(/(?<=^|&)partNumber=\d+/, `partNumber=${part}`) }
}

/** What S3 says when a request must go to another region, or was signed by a wrong clock. */
const elsewhere =
  ' PermanentRedirect TemporaryRedirect Redirect 301 302 307 400 AuthorizationHeaderMalformed ' +
  'IllegalLocationConstraintException IncorrectEndpoint BadRequest RequestTimeTooSkewed RequestExpired '

interface Page {
  readonly items: readonly Listed[]
  readonly token: string | undefined
}

function responseOf({ status, headers, body }: Answer): HttpResponse {
  return { status, headers, body }
}

/** A page that went through the client's own reader. */
function pageOf(output: Structure): Page {
  return { items: listedIn(output), token: output.NextContinuationToken as string | undefined }
}
