// One connection through an EC2 Instance Connect Endpoint: what goes in comes out at the instance's port, in the binary
// messages of a WebSocket.

import { Failure } from '../../../lib/errors.ts'

export interface Ends {
  /** What is to be sent; its end leaves the tunnel open for what still comes back. */
  readonly from: AsyncIterable<Uint8Array>
  /** Where what comes is to go; false once nobody takes it any more. */
  readonly to: (bytes: Uint8Array) => boolean
}

/** How to get there, beside the address. */
export interface Road {
  readonly userAgent: string
  readonly proxy?: { readonly url: string; readonly headers?: Readonly<Record<string, string>> } | undefined
  readonly tls?: { readonly ca?: string; readonly rejectUnauthorized?: boolean } | undefined
  readonly signal?: AbortSignal
}

/** Bytes that may wait to be sent before more is read. */
const WAITING = 1 << 20
const LARGEST_MESSAGE = 65_000

const NORMAL = 1000
/** There was no word of farewell. */
const CUT = 1006

/**
 * Until the other side closes it, `signal` ends it, or `to` takes no more.
 * Throws Failure('Connection') where it cannot be opened, is cut, or the endpoint says why it closed it.
 */
export function tunnel(address: string, ends: Ends, { userAgent, proxy, tls, signal }: Road): Promise<void> {
  const options = { headers: { 'user-agent': userAgent }, ...(proxy && { proxy }), ...(tls && { tls }) }
  // Bun's WebSocket takes more than a browser's.
  const socket = new WebSocket(address, options as unknown as string[])
  socket.binaryType = 'arraybuffer'
  return new Promise((resolve, reject) => {
    let failure: Failure | undefined
    let wanted = false
    const close = (because?: Failure): void => {
      wanted = true
      failure ??= because
      socket.close()
    }
    signal?.addEventListener('abort', () => close())
    socket.addEventListener('open', () => {
      send(ends.from, socket).catch((error: Error) => close(new Failure('Connection', error.message)))
    })
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') {
        close(new Failure('Connection', 'Received invalid data from server, closing websocket connection.'))
      } else if (!ends.to(new Uint8Array(data as ArrayBuffer))) close()
    })
    socket.addEventListener('error', (event) => {
      const { message = 'the connection was lost' } = event as { message?: string }
      failure ??= new Failure('Connection', `The tunnel failed: ${withoutAddress(message, address)}`)
    })
    socket.addEventListener('close', ({ code, reason }) => {
      if (signal?.aborted) return resolve()
      if (!wanted && code === CUT) failure ??= new Failure('Connection', 'The tunnel was cut')
      if (code !== NORMAL && reason !== '') failure ??= new Failure('Connection', `Websocket Closure Reason: ${reason}`)
      if (failure === undefined) resolve()
      else reject(failure)
    })
  })
}

async function send(from: AsyncIterable<Uint8Array>, socket: WebSocket): Promise<void> {
  for await (const bytes of from) {
    for (let at = 0; at < bytes.length; at += LARGEST_MESSAGE) {
      while (socket.bufferedAmount > WAITING) await new Promise((resolve) => setTimeout(resolve, 5))
      if (socket.readyState !== WebSocket.OPEN) return
      socket.send(bytes.slice(at, at + LARGEST_MESSAGE))
    }
  }
}

/** The address holds a signature: it is nothing for a message. */
function withoutAddress(message: string, address: string): string {
  return message.replaceAll(address, new URL(address).host)
}
