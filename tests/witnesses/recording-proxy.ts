// What goes over the wire, on AWS's real host names? A proxy that ends TLS for every host with a certificate of its
// own making, writes down what it is asked, and answers what a test tells it to.
//
//   HTTPS_PROXY=http://127.0.0.1:PORT HTTP_PROXY=http://127.0.0.1:PORT AWS_CA_BUNDLE=…/ca.pem  aws …

import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { readFileSync } from 'node:fs'

export interface Recorded {
  readonly scheme: 'http' | 'https'
  readonly host: string
  readonly method: string
  /** Path and query, as sent. */
  readonly target: string
  /** In lower case; of a name given twice the first counts, as for the reference's own recordings. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Instead of an answer: the connection is cut, at once or in the middle of the body. */
  readonly cut?: 'before' | 'within'
}

/** What the next request is answered; `index` counts from 0. */
export type Answers = (request: Recorded, index: number) => Answer

export interface Proxy {
  readonly port: number
  /** What was asked since `begin`. */
  readonly requests: Recorded[]
  begin(answers: Answers): void
  stop(): void
}

/** Certificates for any host, from one authority that lives as long as its folder. Needs the program `openssl`. */
export class Authority {
  readonly folder: string
  readonly bundle: string
  readonly #made = new Map<string, { cert: string; key: string }>()

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.folder = folder
    this.bundle = join(folder, 'ca.pem')
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
    openssl(
      'req',
      '-x509',
      ...curve,
      '-keyout',
      this.#at('ca.key'),
      '-out',
      this.bundle,
      '-days',
      '30',
      '-subj',
      '/CN=test authority',
    )
    openssl('req', '-new', ...curve, '-keyout', this.#at('leaf.key'), '-subj', '/CN=test', '-out', this.#at('leaf.csr'))
  }

  certificate(host: string): { cert: string; key: string } {
    let made = this.#made.get(host)
    if (!made) {
      const name = this.#at(`host-${this.#made.size}`)
      const address = /^[\d.]+$|:/.test(host) ? 'IP' : 'DNS'
      writeFileSync(`${name}.ext`, `subjectAltName=${address}:${host}\nbasicConstraints=CA:FALSE\n`)
      openssl(
        'x509',
        '-req',
        '-in',
        this.#at('leaf.csr'),
        '-CA',
        this.bundle,
        '-CAkey',
        this.#at('ca.key'),
        '-set_serial',
        String(Date.now() * 1000 + this.#made.size),
        '-days',
        '30',
        '-extfile',
        `${name}.ext`,
        '-out',
        `${name}.pem`,
      )
      made = { cert: readFileSync(`${name}.pem`, 'utf8'), key: readFileSync(this.#at('leaf.key'), 'utf8') }
      this.#made.set(host, made)
    }
    return made
  }

  #at(name: string): string {
    return join(this.folder, name)
  }
}

function openssl(...words: string[]): void {
  const ran = Bun.spawnSync(['openssl', ...words], { stdout: 'ignore', stderr: 'pipe' })
  if (ran.exitCode !== 0) throw new Error(`openssl ${words[0]}: ${ran.stderr.toString().trim()}`)
}

export async function recordingProxy(authority: Authority): Promise<Proxy> {
  const requests: Recorded[] = []
  let answers: Answers = () => ({})

  const serve =
    (scheme: 'http' | 'https', host: string) =>
    async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const body = await bodyOf(request)
      const url = request.url ?? '/'
      const absolute = /^http:\/\/([^/]+)(.*)$/.exec(url)
      const recorded: Recorded = {
        scheme,
        host: host || absolute?.[1] || request.headers.host || '',
        method: request.method ?? '',
        target: absolute ? absolute[2] || '/' : url,
        headers: firstOfEach(request.rawHeaders),
        body,
      }
      requests.push(recorded)
      answer(response, answers(recorded, requests.length - 1), recorded)
    }

  const plain = createHttpServer(serve('http', ''))
  const inner = new Map<string, Promise<Server>>()
  plain.on('connect', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    void (async () => {
      const [, host] = /^(.*):\d+$/.exec(request.url ?? '') ?? []
      let server = inner.get(host!)
      if (!server)
        inner.set(host!, (server = listening(createHttpsServer(authority.certificate(host!), serve('https', host!)))))
      const { port } = (await server).address() as AddressInfo
      const onward = connect(port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        if (head.length > 0) onward.write(head)
        onward.pipe(socket)
        socket.pipe(onward)
      })
      for (const end of [onward, socket]) end.on('error', () => (onward.destroy(), socket.destroy()))
    })()
  })
  await listening(plain)

  return {
    port: (plain.address() as AddressInfo).port,
    requests,
    begin(next) {
      requests.length = 0
      answers = next
    },
    stop() {
      for (const server of [plain, ...inner.values()]) {
        void Promise.resolve(server).then((each) => (each.close(), each.closeAllConnections()))
      }
    },
  }
}

function listening(server: Server): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => resolve(server))
  })
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  for await (const piece of request) pieces.push(piece as Uint8Array)
  return new Uint8Array(Buffer.concat(pieces))
}

function firstOfEach(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < raw.length; at += 2) headers[raw[at]!.toLowerCase()] ??= raw[at + 1]!
  return headers
}

function answer(
  response: ServerResponse,
  { status = 200, headers = {}, body = '', cut }: Answer,
  { method }: Recorded,
): void {
  if (cut === 'before') return void response.socket?.destroy()
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const none = method === 'HEAD' || status === 204 || status === 304
  response.writeHead(status, { ...headers, ...(none ? {} : { 'content-length': String(bytes.length) }) })
  if (cut === 'within') {
    response.write(bytes.subarray(0, Math.floor(bytes.length / 2)))
    setTimeout(() => response.socket?.destroy(), 20)
    return
  }
  response.end(none ? undefined : bytes)
}
