// The store for many objects: what the client's pipeline makes of the first request of a kind is kept as a form, and
// filled in for the others; the requests go over sockets of its own.
//
// Only the usual is done here: plain Signature Version 4, no proxy, a checksum that can be computed, no redirect. All
// else takes the exact way, through the client's pipeline.

import { encodedLength } from '../lib/aws-chunked.ts'
import { toBase64 } from '../lib/bytes.ts'
import { canCompute, checksum } from '../lib/checksum.ts'
import type { Checksum, ChecksumName } from '../lib/checksum.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import { hasher, sha256Hex } from '../lib/hash.ts'
import { percentEncodePath } from '../lib/percent.ts'
import type { Structure } from '../lib/value.ts'
import { Connections, lentSize } from '../http/connections.ts'
import type { Answer, Outgoing } from '../http/connections.ts'
import type { HttpResponse } from '../http/message.ts'
import { roadOf } from '../http/send.ts'
import { basicTime, emptySha256, payloadWords } from '../sign/attach.ts'
import { canonicalQuery } from '../sign/canonical.ts'
import { fitsTemplate, HeadWriter } from '../sign/template.ts'
import { credentialsFor } from '../client/auth.ts'
import { attemptHeaders } from '../client/clock.ts'
import { draft } from '../client/draft.ts'
import type { Draft } from '../client/draft.ts'
import { Final, withRetries } from '../client/retry.ts'
import type { Settings } from '../client/settings.ts'
import { CallStore, untilWhole } from './call-store.ts'
import { listedIn, pageIn } from './listing.ts'
import type { Address, CallOptions, ListOptions, Listed, PutOptions, Sink, Source, Store } from './store.ts'

interface Attempt {
  readonly invocation: string
  readonly number: number
  readonly max: number
}

/** A kind of request, prepared. */
interface Form {
  readonly draft: Draft
  readonly connections: Connections
  readonly writer: HeadWriter
  /** Up to the key. */
  readonly before: string
  readonly query: string
  /** Headers that no signature covers. */
  readonly unsigned: string
  readonly algorithm: ChecksumName | undefined
}

/** Stands for the key while a form is made. */
const placeholder = 'key'

const blockSize = 256 * 1024

/** Bodies up to this size are read at once, and go out with their head. */
const smallSize = lentSize - 1024

let lent: Uint8Array | undefined

export class SocketStore extends CallStore implements Store {
  readonly #forms = new WeakMap<Structure, Map<string, Promise<Form | undefined>>>()
  readonly #connections = new Map<string, Connections>()
  /** Told when S3 asks for fewer requests. */
  readonly #throttled: () => void
  #generation = 0
  #stamp = { second: 0, text: '' }

  constructor(settings: Settings, throttled: () => void = () => {}) {
    super(settings)
    this.#throttled = throttled
  }

  override async put(
    operation: 'PutObject' | 'UploadPart',
    address: Address,
    extras: Structure,
    source: Source,
    options: PutOptions,
  ): Promise<Structure> {
    const form = await this.#form(operation, address, extras)
    if (!form) return super.put(operation, address, extras, source, options)
    const { signal, sent } = options
    const send = async (attempt: Attempt): Promise<Structure> => {
      let told = 0
      const tell = (bytes: number): void => {
        told += bytes
        sent?.(bytes)
      }
      try {
        const answer = await this.#exchange(form, address.Key, attempt, signal, (head) =>
          this.#body(form, source, head, tell),
        )
        if (told < source.size) tell(source.size - told)
        if (operation === 'PutObject') return {}
        return form.draft.protocol.readResponse(form.draft.operation, responseOf(answer))
      } catch (error) {
        if (told > 0) sent?.(-told)
        throw error
      }
    }
    return this.#withForm(form, signal, send, () => super.put(operation, address, extras, source, options))
  }

  override async get(address: Address, extras: Structure, sink: Sink, options: CallOptions = {}): Promise<void> {
    const form = await this.#form('GetObject', address, extras)
    if (!form) return super.get(address, extras, sink, options)
    const { signal } = options
    const fetchOnce = async (attempt: Attempt): Promise<void> => {
      let running: Checking | undefined
      const receive = (answer: Answer): ((data: Uint8Array) => void) | undefined => {
        if (answer.status >= 300) return undefined
        running = checkingOf(answer)
        sink.begin(outputOf(answer))
        return (data) => {
          running?.checksum.update(data)
          sink.write(data)
        }
      }
      await this.#exchange(form, address.Key, attempt, signal, (head) => ({ head: head([], emptySha256, '') }), receive)
      running?.require()
    }
    await untilWhole(signal, () =>
      this.#withForm(form, signal, fetchOnce, () => super.get(address, extras, sink, options)),
    )
  }

  override async delete(address: Address, extras: Structure, options: CallOptions = {}): Promise<void> {
    const form = await this.#form('DeleteObject', address, extras)
    if (!form) return super.delete(address, extras, options)
    const { signal } = options
    const once = async (attempt: Attempt): Promise<void> => {
      await this.#exchange(form, address.Key, attempt, signal, (head) => ({
        head: head([], emptySha256, 'content-length: 0\r\n'),
      }))
    }
    await this.#withForm(form, signal, once, () => super.delete(address, extras, options))
  }

  override async *list(bucket: string, prefix: string, options: ListOptions): AsyncGenerator<readonly Listed[]> {
    const { pageSize, requestPayer, signal } = options
    const input: Structure = { Bucket: bucket, Prefix: prefix }
    if (pageSize !== undefined) input.MaxKeys = pageSize
    if (requestPayer !== undefined) input.RequestPayer = requestPayer
    let next: Promise<Page> | undefined = this.#page(input, signal)
    while (next !== undefined) {
      const { items, token }: Page = await next
      // The next page is on its way while this one is worked on.
      next = token === undefined ? undefined : this.#page({ ...input, ContinuationToken: token }, signal)
      next?.catch(() => {})
      yield items
    }
  }

  async #page(input: Structure, signal: AbortSignal | undefined): Promise<Page> {
    const operation = await this.settings.models.operation('s3', 'ListObjectsV2')
    const made = await draft(operation, input, this.settings)
    const form = this.#formFrom(made, undefined)
    const exactly = async (): Promise<Page> => pageOf(await this.call('ListObjectsV2', input, { signal }))
    if (!form) return exactly()
    const once = async (attempt: Attempt): Promise<Page> => {
      const answer = await this.#exchange(form, '', attempt, signal, (head) => ({ head: head([], emptySha256, '') }))
      const page = pageIn(answer.body)
      if (page) return page
      const output = made.protocol.readResponse(operation, responseOf(answer), { scalars: this.settings.scalars })
      return pageOf((await made.quirks?.output?.(output, { ...made.exchange, response: responseOf(answer) })) ?? output)
    }
    return this.#withForm(form, signal, once, exactly)
  }

  /** With retries; by the exact way where S3 sends us elsewhere or wants another time of day. */
  async #withForm<T>(
    { draft: { operation, settings } }: Form,
    signal: AbortSignal | undefined,
    once: (attempt: Attempt) => Promise<T>,
    exactly: () => Promise<T>,
  ): Promise<T> {
    try {
      const invocation = crypto.randomUUID()
      return await withRetries(operation, settings, ({ number, max }) => once({ invocation, number, max }), { signal })
    } catch (error) {
      if (!(error instanceof AwsError) || !elsewhere.includes(` ${error.code} `)) throw error
      this.#generation++ // what was prepared was prepared for the wrong place
      return exactly()
    }
  }

  /** One exchange. Throws AwsError for an answer that says something went wrong. */
  async #exchange(
    form: Form,
    key: string,
    attempt: Attempt,
    signal: AbortSignal | undefined,
    outgoing: (head: (values: readonly string[], payload: string, more: string) => string) => Outgoing,
    receive?: (answer: Answer) => ((data: Uint8Array) => void) | undefined,
  ): Promise<Answer> {
    const {
      draft: { operation, scheme, endpoint, settings, request, protocol, quirks, exchange },
      writer,
      before,
      query,
    } = form
    // Whoever gives credentials tries again by himself.
    const credentials = (await credentialsFor(operation, scheme, endpoint, settings).catch((error) => {
      throw new Final(error)
    }))!
    const path = key === '' ? before : before + percentEncodePath(key)
    const tried = attemptHeaders(attempt.invocation, attempt.number, attempt.max)
    const unsigned =
      `${form.unsigned}amz-sdk-invocation-id: ${tried['amz-sdk-invocation-id']}\r\n` +
      `amz-sdk-request: ${tried['amz-sdk-request']}\r\n`
    const answer = await form.connections.exchange({
      request: key === '' ? request : { ...request, path },
      write: () =>
        outgoing((values, payload, more) => {
          const head = writer.head(path, query, values, payload, credentials, this.#now(settings))
          return `${head}${unsigned}${more}\r\n`
        }),
      receive,
      signal,
    })
    if (answer.status < 300) return answer
    const response = responseOf(answer)
    const error = protocol.readError(operation, response, { scalars: settings.scalars })
    error.response.operation = operation.name
    if (error.status === 503 || error.code === 'SlowDown') this.#throttled()
    throw quirks?.error?.(error, { ...exchange, response }) ?? error
  }

  #now(settings: Settings): string {
    const date = settings.clock()
    const second = Math.floor(date.getTime() / 1000)
    if (second !== this.#stamp.second) this.#stamp = { second, text: basicTime(date) }
    return this.#stamp.text
  }

  /** The body of a PUT with its checksum: before it in a header, or behind it where TLS keeps the way. */
  #body(
    { algorithm, draft: { request } }: Form,
    source: Source,
    head: (values: readonly string[], payload: string, more: string) => string,
    tell: (bytes: number) => void,
  ): Outgoing {
    const name = `x-amz-checksum-${algorithm!}`
    const running = checksum(algorithm!)
    if (request.scheme === 'https') {
      const trailer = [name, Math.ceil(digestLengths[algorithm!]! / 3) * 4] as const
      const length = encodedLength(source.size, { chunkSize: blockSize, trailers: [trailer] })
      const text = head([String(source.size)], payloadWords['unsigned-trailer'], `content-length: ${length}\r\n`)
      return {
        head: text,
        body: source.size <= smallSize ? smallChunk(source, running, name) : chunks(source, running, name, tell),
      }
    }
    const more = `content-length: ${source.size}\r\n`
    if (source.size <= smallSize) {
      lent ??= new Uint8Array(lentSize)
      const bytes = lent.subarray(0, source.size)
      source.read(0, bytes)
      return { head: head([toBase64(running.update(bytes).digest())], payloadHash(bytes), more), body: bytes }
    }
    const [digest, payload] = digestsOf(source, running)
    return { head: head([digest], payload, more), body: blocks(source, tell) }
  }

  async #form(operation: string, address: Address, extras: Structure): Promise<Form | undefined> {
    if (address.Key === '') return undefined
    let kinds = this.#forms.get(extras)
    if (!kinds) this.#forms.set(extras, (kinds = new Map()))
    const name = `${this.#generation} ${operation} ${address.Bucket}`
    let form = kinds.get(name)
    if (!form) kinds.set(name, (form = this.#newForm(operation, address.Bucket, extras)))
    return form
  }

  async #newForm(name: string, bucket: string, extras: Structure): Promise<Form | undefined> {
    const operation = await this.settings.models.operation('s3', name)
    return this.#formFrom(
      await draft(operation, { ...extras, Bucket: bucket, Key: placeholder }, this.settings),
      extras,
    )
  }

  /** Undefined where something is not usual. */
  #formFrom(made: Draft, extras: Structure | undefined): Form | undefined {
    const { request, scheme, endpoint, settings } = made
    if (typeof Bun === 'undefined' || !settings.sending || scheme !== 'sigv4' || endpoint.credentials) return undefined
    if (request.scheme === 'virga-local' || settings.key('s3.payload_signing_enabled') !== undefined) return undefined
    const puts = request.method === 'PUT'
    const algorithm = String(extras?.ChecksumAlgorithm ?? '').toLowerCase()
    if (puts && (!canCompute(algorithm) || !(algorithm in digestLengths))) return undefined
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
    delete headers['content-length']
    if (!fitsTemplate(headers)) return undefined
    const { signingRegion: region, signingName: service } = endpoint.auth
    return {
      draft: made,
      connections,
      writer: new HeadWriter({ method: request.method, host: request.host, headers, varying, region, service }),
      before: keyed ? request.path.slice(0, -placeholder.length) : request.path,
      query: canonicalQuery(request.query),
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

/** What S3 says when a request must go to another region, or was signed by a wrong clock. */
const elsewhere =
  ' PermanentRedirect TemporaryRedirect Redirect 301 302 307 400 AuthorizationHeaderMalformed ' +
  'IllegalLocationConstraintException IncorrectEndpoint BadRequest RequestTimeTooSkewed RequestExpired '

const digestLengths: Partial<Record<string, number>> = {
  crc32: 4,
  crc32c: 4,
  crc64nvme: 8,
  sha1: 20,
  sha256: 32,
  sha512: 64,
}

interface Page {
  readonly items: readonly Listed[]
  readonly token: string | undefined
}

function responseOf({ status, headers, body }: Answer): HttpResponse {
  return { status, headers, body }
}

function outputOf(answer: Answer): Structure {
  const output: Structure = { ContentLength: Number(answer.header('content-length') ?? 0) }
  const range = answer.header('content-range')
  if (range !== undefined) output.ContentRange = range
  const etag = answer.header('etag')
  if (etag !== undefined) output.ETag = etag
  return output
}

interface Checking {
  readonly checksum: Checksum
  /** Throws Failure('UnreadableResponse'). */
  require(): void
}

/** In the reference's order of preference; a checksum of parts' checksums says nothing of these bytes. */
const verifiable = ['crc64nvme', 'crc32c', 'crc32', 'sha1', 'sha256', 'sha512'] as const

function checkingOf(answer: Answer): Checking | undefined {
  for (const name of verifiable) {
    const expected = answer.header(`x-amz-checksum-${name}`)
    if (expected === undefined || expected.includes('-')) continue
    const running = checksum(name)
    return {
      checksum: running,
      require() {
        const got = toBase64(running.digest())
        if (got === expected) return
        throw new Failure(
          'UnreadableResponse',
          `Expected checksum ${expected} did not match calculated checksum: ${got}`,
        )
      },
    }
  }
  return undefined
}

function payloadHash(bytes: Uint8Array): string {
  return bytes.length === 0 ? emptySha256 : sha256Hex(bytes)
}

/** Read once before it is sent, because what is known of it goes first. */
function digestsOf(source: Source, running: Checksum): [digest: string, payload: string] {
  const block = new Uint8Array(blockSize)
  const hash = hasher('sha256')
  for (let at = 0; at < source.size;) {
    const bytes = block.subarray(0, source.read(at, block))
    running.update(bytes)
    hash.update(bytes)
    at += bytes.length
  }
  return [toBase64(running.digest()), hash.hex()]
}

function blocks(source: Source, tell: (bytes: number) => void): () => Uint8Array | undefined {
  const block = new Uint8Array(blockSize)
  let at = 0
  let last = 0
  return () => {
    if (last > 0) tell(last)
    if (at >= source.size) return undefined
    last = source.read(at, block)
    at += last
    return block.subarray(0, last)
  }
}

/** The same in the aws-chunked encoding: a chunk a block, with its length before it, and the checksum at the end. */
function chunks(
  source: Source,
  running: Checksum,
  name: string,
  tell: (bytes: number) => void,
): () => Uint8Array | undefined {
  const room = 16
  const block = Buffer.allocUnsafe(room + blockSize + 2)
  let at = 0
  let last = 0
  let ended = false
  return () => {
    if (last > 0) tell(last)
    last = 0
    if (ended) return undefined
    if (at >= source.size) {
      ended = true
      return Buffer.from(`0\r\n${name}:${toBase64(running.digest())}\r\n\r\n`, 'latin1')
    }
    last = source.read(at, block.subarray(room, room + blockSize))
    at += last
    running.update(block.subarray(room, room + last))
    const head = `${last.toString(16)}\r\n`
    block.write(head, room - head.length, 'latin1')
    block.write('\r\n', room + last, 'latin1')
    return block.subarray(room - head.length, room + last + 2)
  }
}

function smallChunk(source: Source, running: Checksum, name: string): Uint8Array {
  lent ??= new Uint8Array(lentSize)
  const buffer = Buffer.from(lent.buffer)
  const head = source.size === 0 ? '' : `${source.size.toString(16)}\r\n`
  buffer.write(head, 0, 'latin1')
  const bytes = buffer.subarray(head.length, head.length + source.size)
  source.read(0, bytes)
  running.update(bytes)
  const end = `${source.size === 0 ? '' : '\r\n'}0\r\n${name}:${toBase64(running.digest())}\r\n\r\n`
  buffer.write(end, head.length + source.size, 'latin1')
  return buffer.subarray(0, head.length + source.size + end.length)
}

/** A page that went through the client's own reader. */
function pageOf(output: Structure): Page {
  return { items: listedIn(output), token: output.NextContinuationToken as string | undefined }
}
