// One call, from input to output. Read this file first.

import { AwsError } from '../lib/errors.ts'
import { uuid } from '../lib/uuid.ts'
import type { Structure } from '../lib/value.ts'
import { readBody } from '../http/message.ts'
import type { HttpRequest, HttpResponse } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { protocolOf } from '../wire/protocols.ts'
import type { Protocol, RequestMessage } from '../wire/protocol.ts'
import { addressed } from './address.ts'
import { credentialsFor, schemeFor, sendsEvents, signed } from './auth.ts'
import { streamsOut, verified, withChecksum } from './checksum.ts'
import { attemptHeaders, noteClock, withCorrectedClock } from './clock.ts'
import { compressed, decompressed } from './compress.ts'
import { checkEndpointUrl, endpointFor } from './endpoint/resolve.ts'
import type { Endpoint } from './endpoint/resolve.ts'
import { prepare } from './prepare.ts'
import { quirksOf } from './quirks/index.ts'
import type { Exchange, Quirks } from './quirks/index.ts'
import { Final, withRetries } from './retry.ts'
import type { Settings } from './settings.ts'

export interface CallOptions {
  signal?: AbortSignal
  /** False: a payload that streams is read into bytes. Default true: it is handed on as a stream. */
  stream?: boolean
  /** Headers for the request that goes to this URL: signed like all the others. */
  headers?: (url: string) => Record<string, string>
  /** Sees the response whose output is answered, its body apart: request id, headers, number of retries. */
  observe?: (response: { status: number; headers: Readonly<Record<string, string>>; retries: number }) => void
}

/**
 * Throws AwsError for what a service answered with an error, Failure for what never got that far:
 * 'ReadOnly', 'ParamValidation', 'NoRegion', 'NoCredentials', 'Endpoint', 'Connection', 'Timeout', 'UnreadableResponse' …
 */
export async function call(
  operation: Operation,
  input: Structure,
  settings: Settings,
  options: CallOptions = {},
): Promise<Structure> {
  await settings.refuse?.(operation)
  const quirks = await quirksOf(operation.service.name)
  const protocol = await protocolOf(operation)
  const exchange: Exchange = { operation, given: input, settings }
  settings.record?.('API_CALL', { service: operation.service.name, operation: operation.name, params: input })
  checkEndpointUrl(operation, settings)
  const ready = await prepare(operation, input, exchange, quirks)
  const written = protocol.writeRequest(operation, ready)
  const message = await compressed(
    operation,
    (await quirks?.request?.(written, { ...exchange, input: ready })) ?? written,
    settings,
  )
  const invocation = { id: uuid(), attempts: 0 }
  const job: Job = { operation, protocol, ready, message, quirks, exchange, options, invocation }
  const first = withCorrectedClock(settings)
  const endpoint = await endpointFor(ready, { ...exchange, settings: first }, quirks)
  try {
    return await attempts(job, endpoint, first)
  } catch (error) {
    // Another region, a fresh endpoint, a corrected clock: once a call, and only after all attempts failed.
    const changed =
      error instanceof AwsError && replayable(message)
        ? ((await quirks?.secondTry?.(error, { ...exchange, endpoint })) ?? noteClock(error, first))
        : undefined
    if (!changed) throw error
    settings.debug?.(`call: once more after ${(error as AwsError).code}`)
    return attempts(job, await endpointFor(ready, { ...exchange, settings: changed }, quirks), changed)
  }
}

interface Job {
  readonly operation: Operation
  readonly protocol: Protocol
  readonly ready: Structure
  readonly message: RequestMessage
  readonly quirks: Quirks | undefined
  readonly exchange: Exchange
  readonly options: CallOptions
  /** What tells the service that several requests are one call; a second try in another region is one of them. */
  readonly invocation: { readonly id: string; attempts: number }
}

async function attempts(job: Job, endpoint: Endpoint, settings: Settings): Promise<Structure> {
  const { operation, ready, message, options } = job
  const checked = await withChecksum(operation, ready, message, settings, endpoint.scheme === 'https')
  const request = withHeaders(addressed(operation, ready, checked, endpoint, settings), options.headers)
  const scheme = schemeFor(operation, endpoint, settings)
  const { signal } = options

  return withRetries(
    operation,
    settings,
    async (attempt) => {
      // Providers of credentials have retries of their own.
      const credentials = await credentialsFor(operation, scheme, endpoint, settings).catch((error) => {
        throw new Final(error)
      })
      const fresh = checked.trailed ? { ...request, body: checked.trailed.body() } : request
      const trailed = checked.trailed !== undefined
      const proved = await signed(fresh, { operation, endpoint, scheme, credentials, settings, trailed })
      job.invocation.attempts += 1
      const numbered = attemptHeaders(job.invocation.id, job.invocation.attempts, attempt.max)
      const outgoing = withUnsignedHeaders(proved, numbered, checked.trailed?.length)
      settings.debug?.(
        `send: ${outgoing.method} ${outgoing.scheme}://${outgoing.host}${outgoing.path} attempt ${attempt.number}`,
      )
      const { connectTimeout, readTimeout } = settings
      const answer = await settings.send(outgoing, {
        stream: streamsOut(operation),
        connectTimeout,
        readTimeout,
        signal,
        bothWays: sendsEvents(operation),
      })
      settings.debug?.(`send: answered ${answer.status}`)
      const output = await read(job, answer, settings)
      options.observe?.({ status: answer.status, headers: answer.headers, retries: attempt.number - 1 })
      return output
    },
    { signal, replayable: () => replayable(message) },
  )
}

/** The output; throws AwsError for an answer that says something went wrong. */
async function read(job: Job, answer: HttpResponse, settings: Settings): Promise<Structure> {
  const { operation, protocol, ready, quirks, exchange, options } = job
  const { scalars } = settings
  const failed = answer.status >= 300
  const whole = failed || options.stream === false ? { ...answer, body: await readBody(answer.body) } : answer
  const came = (await quirks?.response?.(whole, exchange)) ?? whole
  const response = failed || !streamsOut(operation) ? decompressed(came) : came
  if (response.status >= 300) {
    const error = protocol.readError(operation, response, { scalars })
    error.response.operation = operation.name
    settings.record?.('PARSED_RESPONSE', { Error: { Code: error.code, Message: error.message, ...error.detail } })
    throw quirks?.error?.(error, { ...exchange, response }) ?? error
  }
  const sound = await verified(operation, ready, response)
  const output = protocol.readResponse(operation, sound, { scalars })
  settings.record?.('PARSED_RESPONSE', output)
  return (await quirks?.output?.(output, { ...exchange, response })) ?? output
}

function withHeaders(request: HttpRequest, headers: CallOptions['headers']): HttpRequest {
  if (!headers) return request
  const url = `${request.scheme}://${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`
  return { ...request, headers: { ...request.headers, ...headers(url) } }
}

/** Headers that no signature covers, because proxies and retries may change them. */
function withUnsignedHeaders(
  request: HttpRequest,
  headers: Record<string, string>,
  length: number | undefined,
): HttpRequest {
  const added = length === undefined ? headers : { ...headers, 'content-length': String(length) }
  return { ...request, headers: { ...request.headers, ...added } }
}

/** Whether a body can be sent again. */
function replayable(message: RequestMessage): boolean {
  return !(message.body instanceof ReadableStream)
}
