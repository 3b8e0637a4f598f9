// Both ways at once: HTTP/2, for streams of events that are answered while they are still being sent. Services that take
// such streams speak nothing else.

import type { ClientHttp2Session, ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { piecesOf, streamOf, wholeOf } from '../lib/stream.ts'
import type { Body, Headers, HttpResponse } from './message.ts'
import type { Exchange } from './send.ts'
import { brokenOff, connectTimeout, interrupted, readTimeout, unreached } from './unreached.ts'

/** Headers of a connection, which HTTP/2 does without. */
const OF_THE_CONNECTION = new Set(['host', 'connection', 'transfer-encoding', 'keep-alive', 'upgrade', 'expect'])

/** Keeps a connection to each host, which keeps no process alive by itself. */
export function makeHttp2Send(): (exchange: Exchange) => Promise<HttpResponse> {
  const sessions = new Map<string, ClientHttp2Session>()

  async function sessionTo({ request, trust }: Exchange): Promise<ClientHttp2Session> {
    const known = sessions.get(request.host)
    if (known && !known.closed && !known.destroyed) return known
    const http2 = await import('node:http2')
    const session = http2.connect(`https://${request.host}`, trust)
    sessions.set(request.host, session)
    const forget = (): void => void (sessions.get(request.host) === session && sessions.delete(request.host))
    session.on('error', forget).on('goaway', forget).on('close', forget)
    return session
  }

  return async (exchange) => {
    const session = await sessionTo(exchange)
    await connected(session, exchange)
    return answered(session, exchange)
  }
}

function connected(session: ClientHttp2Session, { request, connectTimeout: within, signal }: Exchange): Promise<void> {
  if (!session.connecting) return Promise.resolve()
  return new Promise((resolve, reject) => {
    const fail = (error: Error): void => {
      settle()
      session.destroy()
      reject(error)
    }
    const onConnect = (): void => {
      settle()
      resolve()
    }
    const onError = (error: Error): void => fail(unreached(request, error))
    const onAbort = (): void => fail(interrupted(signal?.reason))
    const timer = within > 0 ? setTimeout(() => fail(connectTimeout(request)), within) : undefined
    function settle(): void {
      clearTimeout(timer)
      session.off('connect', onConnect).off('error', onError)
      signal?.removeEventListener('abort', onAbort)
    }
    session.once('connect', onConnect).once('error', onError)
    signal?.addEventListener('abort', onAbort)
  })
}

function answered(session: ClientHttp2Session, exchange: Exchange): Promise<HttpResponse> {
  const { request, readTimeout: within, signal, stream } = exchange
  session.ref()
  const path = request.path + (request.query === '' ? '' : `?${request.query}`)
  const kept = Object.entries(request.headers).filter(([name]) => !OF_THE_CONNECTION.has(name))
  const call = session.request(
    { ':method': request.method, ':path': path, ':authority': request.host, ...Object.fromEntries(kept) },
    { endStream: false },
  )
  let stopped: Error | undefined
  const stop = (failure: Error): void => {
    stopped ??= failure
    call.destroy(failure)
  }
  const onAbort = (): void => stop(interrupted(signal?.reason))
  signal?.addEventListener('abort', onAbort)
  if (signal?.aborted) onAbort()
  call.once('close', () => {
    signal?.removeEventListener('abort', onAbort)
    session.unref()
  })
  void sendBody(call, request.body).then(
    // While there is something to say, silence is no fault; after that the answer has so long to come.
    () => within > 0 && call.setTimeout(within, () => stop(readTimeout(request))),
    (error: Error) => stop(error),
  )
  return new Promise((resolve, reject) => {
    call.on('error', (error) => reject(stopped ?? unreached(request, error)))
    call.once('close', () => reject(stopped ?? unreached(request, new Error('socket hang up'))))
    call.once('response', (raw) => {
      const body = streamOf(received(call, () => stopped))
      const head = { status: Number(raw[':status']), headers: headersOf(raw) }
      if (stream) resolve({ ...head, body })
      else wholeOf(body).then((whole) => resolve({ ...head, body: whole }), reject)
    })
  })
}

async function sendBody(call: ClientHttp2Stream, body: Body): Promise<void> {
  const pieces = body instanceof Uint8Array ? [body] : piecesOf(body instanceof Blob ? body.stream() : body)
  for await (const piece of pieces) {
    if (call.closed || call.destroyed) return
    if (call.write(piece)) continue
    await new Promise<void>((resolve) => {
      call.once('drain', resolve)
      call.once('close', resolve)
    })
  }
  call.end()
}

async function* received(call: ClientHttp2Stream, stopped: () => Error | undefined): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of call as AsyncIterable<Buffer>)
      yield new Uint8Array(piece.buffer, piece.byteOffset, piece.byteLength)
  } catch (error) {
    throw stopped() ?? brokenOff(error)
  } finally {
    if (!call.closed) call.close()
  }
}

function headersOf(raw: IncomingHttpHeaders): Headers {
  const headers: Headers = {}
  for (const [name, value] of Object.entries(raw)) {
    if (name.startsWith(':') || value === undefined) continue
    headers[name] = Array.isArray(value) ? value.join(name === 'set-cookie' ? '\n' : ', ') : value
  }
  return headers
}
