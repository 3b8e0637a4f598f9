// How does a browser hand something back to a program? It is sent to an address of this machine that the program listens
// at for as long as somebody takes to sign in.
// https://datatracker.ietf.org/doc/html/rfc8252#section-7.3

import { utf8 } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { listen } from '../../http/listen.ts'

const path = '/oauth/callback'
const longestMilliseconds = 10 * 60_000

/** What a client registers: the port is not known yet then. */
export const registeredAddress = `http://127.0.0.1${path}`

/** Neither where the person said no. */
export interface Handed {
  readonly code?: string
  readonly state?: string
}

export interface Loopback {
  readonly address: string
  /** Throws Failure('CredentialRetrieval') after ten minutes. */
  handed(): Promise<Handed>
  close(): void
}

/** Throws Failure('CredentialRetrieval') where no port can be had. */
export async function loopback(): Promise<Loopback> {
  let hand: (handed: Handed) => void = () => {}
  const handing = new Promise<Handed>((resolve) => (hand = resolve))
  const server = await listen(async ({ query }) => {
    const given = new URLSearchParams(query)
    const [code, state, error] = ['code', 'state', 'error'].map((name) => given.get(name) ?? undefined)
    if (error !== undefined) hand({})
    else if (code !== undefined && state !== undefined) hand({ code, state })
    return {
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8', connection: 'close' },
      body: utf8(page(error === undefined ? 'You are signed in' : 'You are not signed in')),
    }
  }).catch((cause: Error) => {
    throw new Failure(
      'CredentialRetrieval',
      `Unable to initialize the OAuth 2.0 authorization callback handler: ${cause.message}`,
      {},
      cause,
    )
  })
  return {
    address: `http://127.0.0.1:${server.port}${path}`,
    async handed() {
      let timer: ReturnType<typeof setTimeout> | undefined
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(tooLate()), longestMilliseconds)
      })
      try {
        return await Promise.race([handing, late])
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => void server.close(500),
  }
}

export function tooLate(): Failure {
  return new Failure(
    'CredentialRetrieval',
    'The pending authorization to retrieve an SSO token has expired. The login flow to retrieve an SSO token must be restarted.',
  )
}

function page(title: string): string {
  return (
    `<!doctype html><meta charset="utf-8"><title>${title}</title>` +
    '<body style="font: 1.2rem system-ui; margin: 20vh auto; max-width: 30rem; text-align: center">' +
    `<h1>${title}</h1><p>This tab can be closed; everything else goes on in the terminal.`
  )
}
