// Stands between a client and an S3 server: writes down what is asked, and spoils what a test wants spoiled.

import { createServer, request as ask } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: number
}

/** What is done to a request instead of passing it on, or to its answer. */
export type Fault =
  | { readonly kind: 'reset' } // the connection is cut before an answer
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body?: string
      readonly headers?: Record<string, string>
    }
  | { readonly kind: 'cut'; readonly after: number } // the answer's body breaks off
  | { readonly kind: 'damage' } // a byte of the answer's body is another
  | { readonly kind: 'slow'; readonly milliseconds: number }

export interface Between {
  readonly url: string
  readonly asked: Asked[]
  /** Requests that were passed on and are not answered. */
  passing: number
  /** Asked for each request; undefined lets it pass. */
  fault: ((asked: Asked, count: number) => Fault | undefined | Promise<undefined>) | undefined
  stop(): void
}

/** With a certificate it speaks TLS; what it passes on goes without. */
export async function between(port: number, tls?: { cert: string; key: string }): Promise<Between> {
  const asked: Asked[] = []
  const answer = (incoming: IncomingMessage, response: ServerResponse): void =>
    void pass(incoming, response, port, state)
  const server: Server = tls ? createSecureServer(tls, answer) : createServer(answer)
  const state: Between & { server: Server } = {
    url: '',
    asked,
    passing: 0,
    fault: undefined,
    server,
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
  server.on('checkContinue', (incoming: IncomingMessage, response: ServerResponse) => {
    response.writeContinue()
    void pass(incoming, response, port, state)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return Object.assign(state, {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
  })
}

async function pass(incoming: IncomingMessage, response: ServerResponse, port: number, state: Between): Promise<void> {
  const pieces: Buffer[] = []
  try {
    for await (const piece of incoming) pieces.push(piece as Buffer)
  } catch {
    return // the client went away
  }
  const body = Buffer.concat(pieces)
  const headers = Object.fromEntries(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]))
  const one: Asked = { method: incoming.method!, target: incoming.url!, headers, bytes: body.length }
  state.asked.push(one)
  const fault = await state.fault?.(one, state.asked.length - 1)
  if (fault?.kind === 'reset') return void incoming.socket.destroy()
  if (fault?.kind === 'answer') {
    response.writeHead(fault.status, { 'content-type': 'application/xml', ...fault.headers })
    return void response.end(one.method === 'HEAD' ? undefined : fault.body)
  }
  if (fault?.kind === 'slow') await Bun.sleep(fault.milliseconds)
  const { 'transfer-encoding': _, expect: __, connection: ___, ...kept } = headers
  const onward = ask({
    host: '127.0.0.1',
    port,
    method: one.method,
    path: one.target,
    headers: { ...kept, 'content-length': String(body.length) },
  })
  state.passing++
  onward.on('close', () => void state.passing--)
  onward.on('error', () => incoming.socket.destroy())
  onward.on('response', (answer) => {
    const got: Buffer[] = []
    answer.on('data', (piece: Buffer) => got.push(piece))
    answer.on('end', () => {
      const bytes = Buffer.concat(got)
      const { 'transfer-encoding': ____, connection: _____, ...sent } = answer.headers
      if (fault?.kind === 'damage' && bytes.length > 0) bytes[0]! ^= 1
      response.writeHead(
        answer.statusCode!,
        one.method === 'HEAD' ? sent : { ...sent, 'content-length': String(bytes.length) },
      )
      if (fault?.kind === 'cut') {
        response.write(bytes.subarray(0, fault.after))
        setTimeout(() => incoming.socket.destroy(), 20)
      } else response.end(one.method === 'HEAD' ? undefined : bytes)
    })
  })
  onward.end(body)
}
