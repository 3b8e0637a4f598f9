// A port of this machine of which every connection gets a tunnel of its own.

import type { Socket } from 'node:net'
import { Failure } from '../../../lib/errors.ts'
import type { Context } from '../command.ts'
import type { Ends } from './tunnel.ts'

export interface Listening {
  readonly port: number
  /** Connections at a time. */
  readonly most: number
  readonly dig: (ends: Ends, signal: AbortSignal) => Promise<void>
  readonly signal: AbortSignal
  readonly context: Pick<Context, 'write' | 'warn'>
}

/** Until the signal. Throws Failure('Connection') where it cannot listen. */
export async function listen({ port, most, dig, signal, context }: Listening): Promise<void> {
  const { createServer } = await import('node:net')
  const open = new Set<Socket>()
  const carrying = new Set<Promise<void>>()
  let count = 0
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    if (open.size >= most) {
      context.write(`Max websocket connections ${most} have been reached, closing incoming connection.\n`)
      connection.destroy()
      return
    }
    const id = ++count
    open.add(connection)
    context.write(`[${id}] Accepted new tcp connection, opening websocket tunnel.\n`)
    const carried: Promise<void> = carry(connection, dig, signal)
      .catch((error: Error) => context.warn(`[${id}] Encountered error with websocket: ${error.message}`))
      .finally(() => {
        open.delete(connection)
        carrying.delete(carried)
        connection.destroy()
        context.write(`[${id}] Closing tcp connection.\n`)
      })
    carrying.add(carried)
  })
  await new Promise<void>((resolve, reject) => {
    server.on('error', (error) => reject(new Failure('Connection', `Cannot listen on port ${port}: ${error.message}`)))
    server.listen(port, 'localhost', () => context.write(`Listening for connections on port ${port}.\n`))
    signal.addEventListener('abort', () => {
      for (const connection of open) connection.destroy()
      server.close()
      void Promise.all(carrying).then(() => resolve())
    })
  })
}

/** Ends with the tunnel, or when the one who connected has said all. */
async function carry(connection: Socket, dig: Listening['dig'], signal: AbortSignal): Promise<void> {
  const gone = new AbortController()
  const end = (): void => gone.abort()
  connection.on('close', end).on('error', end)
  signal.addEventListener('abort', end)
  async function* said(): AsyncGenerator<Uint8Array> {
    yield* connection
    end()
  }
  await dig({ from: said(), to: (bytes) => connection.writable && (connection.write(bytes), true) }, gone.signal)
  // What came last is still on its way.
  await new Promise<void>((resolve) => (connection.destroyed ? resolve() : connection.end(() => resolve())))
}
