// The same commands by the official CLI and by ours, each with a server, folders and buckets of its own: then what both
// printed, asked, left on disk and left in S3 is there to be compared.

import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { request as httpRequest } from 'node:http'
import { dirname, join } from 'node:path'
import type { HttpRequest } from '../../src/http/message.ts'
import { sign } from '../../src/sign/sigv4.ts'
import { between } from './between.ts'
import type { Asked, Between } from './between.ts'

export interface Scenario {
  readonly name: string
  /** Files before, by path: text, so many bytes, a link, and how old in seconds since 1970. */
  readonly files?: Readonly<
    Record<string, string | { size?: number; text?: string; link?: string; time?: number; mode?: number }>
  >
  /** Objects before, by key in the first bucket (`BUCKET`): text, so many bytes, headers. */
  readonly objects?: Readonly<
    Record<string, string | { size?: number; text?: string; headers?: Record<string, string> }>
  >
  /** Words of each command after `aws`; BUCKET and OTHER stand for the scenario's two buckets. */
  readonly run: readonly (readonly string[])[]
  readonly stdin?: string
  readonly env?: Readonly<Record<string, string>>
  /** The profile's `s3` section. */
  readonly s3?: Readonly<Record<string, string>>
  /** What may differ, and why. */
  readonly differs?: readonly ('requests' | 'stderr' | 'stdout')[]
}

export interface Outcome {
  readonly stdout: readonly string[]
  readonly stderr: readonly string[]
  readonly exit: readonly (number | string)[]
  readonly files: readonly string[]
  readonly objects: readonly string[]
  readonly requests: readonly string[]
}

export interface S3Server {
  readonly url: string
  readonly port: number
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export class Side {
  readonly name: string
  readonly root: string
  readonly server: S3Server
  readonly proxies: Between[] = []
  constructor(name: string, root: string, server: S3Server) {
    this.name = name
    this.root = join(root, name)
    this.server = server
  }

  folder(index: number): string {
    return join(this.root, String(index))
  }

  async prepare(index: number, scenario: Scenario): Promise<void> {
    const folder = this.folder(index)
    mkdirSync(folder, { recursive: true })
    for (const [path, content] of Object.entries(scenario.files ?? {})) writeTree(join(folder, path), content)
    for (const bucket of buckets(index)) await this.ask('PUT', `/${bucket}`)
    for (const [key, content] of Object.entries(scenario.objects ?? {})) {
      const { size, text, headers } =
        typeof content === 'string' ? { text: content, size: undefined, headers: {} } : content
      const body = size === undefined ? Buffer.from(text ?? '') : filled(size)
      await this.ask('PUT', `/${buckets(index)[0]}/${encodeURIComponent(key).replaceAll('%2F', '/')}`, body, headers)
    }
    const proxy = await between(this.server.port)
    this.proxies[index] = proxy
    mkdirSync(join(this.root, 'homes', String(index)), { recursive: true })
    writeFileSync(this.#config(index), configText(scenario))
  }

  #config(index: number): string {
    return join(this.root, 'homes', String(index), 'config')
  }

  env(index: number, scenario: Scenario): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.proxies[index]!.url,
      AWS_ACCESS_KEY_ID: this.server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: this.server.secretAccessKey,
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_CONFIG_FILE: this.#config(index),
      HOME: join(this.root, 'homes', String(index)),
      TZ: 'UTC',
      LANG: 'C.UTF-8',
      PATH: process.env.PATH ?? '',
      ...scenario.env,
    }
  }

  async ask(
    method: string,
    target: string,
    body: Uint8Array = new Uint8Array(0),
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const [path, query = ''] = target.split('?') as [string, string?]
    const request: HttpRequest = {
      method,
      scheme: 'http',
      host: new URL(this.server.url).host,
      path,
      query,
      headers,
      body,
    }
    const signed = sign(request, { credentials: this.server, region: 'us-east-1', service: 's3', date: new Date() })
    const response = await exactly(
      this.server.port,
      method,
      target,
      { ...signed.headers, 'accept-encoding': 'identity' },
      body,
    )
    if (!response.ok && method === 'PUT')
      throw new Error(`${method} ${target}: ${response.status} ${await response.text()}`)
    return response
  }

  async outcome(index: number, printed: { stdout: string; stderr: string; exit: number | string }[]): Promise<Outcome> {
    const folder = this.folder(index)
    const clean = (text: string): string =>
      text.replaceAll(folder, 'FOLDER').replaceAll(this.proxies[index]!.url, 'URL')
    const requests = this.proxies[index]!.asked.map(shown).sort()
    this.proxies[index]!.stop()
    return {
      stdout: printed.flatMap(({ stdout }) => linesOf(clean(stdout))).sort(),
      stderr: printed.flatMap(({ stderr }) => linesOf(clean(stderr))).sort(),
      exit: printed.map(({ exit }) => exit),
      files: treeBelow(folder),
      objects: (await Promise.all(buckets(index).map((bucket) => this.#contents(bucket)))).flat().sort(),
      requests,
    }
  }

  async #contents(bucket: string): Promise<string[]> {
    const listing = await (await this.ask('GET', `/${bucket}?list-type=2&encoding-type=url`)).text()
    const uploads = await (await this.ask('GET', `/${bucket}?uploads`)).text()
    const found = [...uploads.matchAll(/<UploadId>/g)].map(() => `${bucket}: an upload is left over`)
    for (const [, key] of listing.matchAll(/<Key>([^<]*)<\/Key>/g)) {
      const path = `/${bucket}/${key!.replaceAll('+', '%20')}`
      const [head, object] = await Promise.all([this.ask('HEAD', path), this.ask('GET', path)])
      const tags = [
        ...(await (await this.ask('GET', `${path}?tagging`)).text()).matchAll(
          /<Key>(.*?)<\/Key><Value>(.*?)<\/Value>/g,
        ),
      ]
      const kept = [...head.headers].filter(([name]) => keptHeader(name)).map(([name, value]) => `${name}=${value}`)
      const bytes = new Uint8Array(await object.arrayBuffer())
      const digest = object.ok ? createHash('md5').update(bytes).digest('hex') : object.status
      found.push(
        [
          decodeURIComponent(path),
          digest,
          ...kept.sort(),
          ...tags.map(([, name, value]) => `tag ${name}=${value}`),
        ].join(' '),
      )
    }
    return found
  }
}

/** fetch would resolve the dots of a path. */
function exactly(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: Uint8Array,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { ...headers, 'content-length': body.length },
    })
    asked.on('error', reject)
    asked.on('response', (answer) => {
      const pieces: Buffer[] = []
      answer.on('data', (piece: Buffer) => pieces.push(piece))
      answer.on('end', () => {
        const kept = Object.entries(answer.headers).map(([name, value]): [string, string] => [name, String(value)])
        const none = method === 'HEAD' || answer.statusCode === 204
        resolve(new Response(none ? null : Buffer.concat(pieces), { status: answer.statusCode!, headers: kept }))
      })
    })
    asked.end(body)
  })
}

export function buckets(index: number): [string, string] {
  return [`bucket-${index}`, `other-${index}`]
}

export function wordsOf(words: readonly string[], index: number): string[] {
  const [bucket, other] = buckets(index)
  return words.map((word) => word.replaceAll('BUCKET', bucket).replaceAll('OTHER', other))
}

function configText({ s3 }: Scenario): string {
  if (!s3) return '[default]\n'
  return `[default]\ns3 =\n${Object.entries(s3)
    .map(([name, value]) => `  ${name} = ${value}\n`)
    .join('')}`
}

function keptHeader(name: string): boolean {
  return /^(content-(type|language|encoding|disposition)|cache-control|expires|x-amz-(meta-.*|storage-class|server-side-encryption.*|website-redirect-location))$/.test(
    name,
  )
}

/** Bytes that do not repeat where parts would. */
export function filled(size: number): Buffer {
  const words = new Uint32Array(Math.ceil(size / 4))
  for (let at = 0; at < words.length; at++) words[at] = Math.imul(at, 2654435761)
  return Buffer.from(words.buffer, 0, size)
}

function writeTree(path: string, content: NonNullable<Scenario['files']>[string]): void {
  mkdirSync(dirname(path), { recursive: true })
  if (path.endsWith('/')) return void mkdirSync(path, { recursive: true })
  const { size, text, link, time, mode } =
    typeof content === 'string' ? ({ text: content } as Exclude<typeof content, string>) : content
  if (link !== undefined) return symlinkSync(link, path)
  writeFileSync(path, size === undefined ? (text ?? '') : filled(size))
  if (time !== undefined) utimesSync(path, time, time)
  if (mode !== undefined) chmodSync(path, mode)
}

/** What is left when progress, which is written over, is gone. */
function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.slice(line.lastIndexOf('\r') + 1).trimEnd())
    .filter((line) => line !== '')
    .map((line) => line.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, 'TIME').replace(/\.[0-9a-fA-F]{8}\b/g, '.RANDOM'))
}

function treeBelow(folder: string, below = ''): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(join(folder, below))
    .sort()
    .flatMap((name) => {
      const path = join(below, name)
      const whole = join(folder, path)
      const status = lstatSync(whole)
      if (status.isSymbolicLink()) return [`${path} -> ${readlinkSync(whole)}`]
      if (status.isDirectory()) return [`${path}/`, ...treeBelow(folder, path)]
      if (!status.isFile()) return [`${path} special`]
      const recent = Math.abs(statSync(whole).mtimeMs - Date.now()) < 3_600_000
      const digest = createHash('md5').update(readFileSync(whole)).digest('hex')
      return [`${path} ${status.size} ${digest} ${recent ? 'recent' : Math.floor(status.mtimeMs / 1000)}`]
    })
}

const dropped =
  /^(host|authorization|x-amz-date|user-agent|amz-sdk-invocation-id|amz-sdk-request|connection|accept|accept-encoding|x-amz-content-sha256|content-length|transfer-encoding|expect)$/

/** A request as one line, in a form that does not change from run to run. */
function shown({ method, target, headers }: Asked): string {
  const kept = Object.entries(headers)
    .filter(([name]) => !dropped.test(name))
    .sort()
    .map(([name, value]) => `${name}: ${value}`)
  const [path, query = ''] = target.split('?')
  const pairs = query
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.replace(/^(uploadId|continuation-token)=.*/, '$1=…').replace(/=$/, ''))
    .sort()
  return [`${method} ${path}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`, ...kept].join(' | ')
}
