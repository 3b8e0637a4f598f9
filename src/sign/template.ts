// Signs many requests of one kind: what is the same for all of them is put together once.
//
// The same canonical form as canonical.ts makes; `template.test.ts` holds the two against each other.

import type { Headers } from '../http/message.ts'
import type { Credentials } from '../lib/credentials.ts'
import { sha256Hex } from '../lib/hash.ts'
import { scopeSigner } from './key.ts'

export interface Template {
  readonly method: string
  readonly host: string
  /** Headers that all of them carry, signed: plain ASCII, without runs of spaces. */
  readonly headers: Headers
  /** Names of signed headers whose values differ, in lower case. */
  readonly varying: readonly string[]
  readonly region: string
  readonly service: string
}

/** What differs between the requests of a kind. */
export interface Filling {
  /** Encoded, as it goes on the wire. */
  readonly path: string
  /** Encoded and sorted, '' for none. */
  readonly query: string
  /** Of the varying headers, in their order. */
  readonly values: readonly string[]
  /** The body's SHA-256, or the word that says why not. */
  readonly payload: string
}

const plain = /^[!-~](?:[ -~]*[!-~])?$/

/** Whether a template can hold these headers as they are. */
export function fitsTemplate(headers: Headers): boolean {
  return Object.values(headers).every((value) => plain.test(value) && !value.includes('  '))
}

const DATE = 'x-amz-date'
const PAYLOAD = 'x-amz-content-sha256'
const TOKEN = 'x-amz-security-token'

/** What all requests of a kind say, cut where a value is filled in. */
interface Frame {
  /** Lower-case names and values, as they are signed: `host:…\nx-amz-date:`, `\n`. */
  readonly canonical: readonly string[]
  /** The same as they go out. */
  readonly head: readonly string[]
  /** Which of the values stands behind each of these pieces but the last. */
  readonly order: readonly number[]
  /** `host;x-amz-date`. */
  readonly names: string
}

/**
 * Writes request heads: request line, headers, signature; without the empty line behind them, so that what is not signed
 * can follow.
 */
export class HeadWriter {
  readonly #template: Template
  readonly #plain: Frame
  readonly #withToken: Frame

  #kept: { secret: string; day: string; scope: string; sign: (text: string) => string } | undefined

  constructor(template: Template) {
    this.#template = template
    this.#plain = frameOf(template, [DATE, PAYLOAD])
    this.#withToken = frameOf(template, [DATE, PAYLOAD, TOKEN])
  }

  #signer(secret: string, day: string): { scope: string; sign: (text: string) => string } {
    if (this.#kept?.secret !== secret || this.#kept.day !== day) {
      const { region, service } = this.#template
      const scope = `${day}/${region}/${service}/aws4_request`
      this.#kept = { secret, day, scope, sign: scopeSigner(secret, day, region, service) }
    }
    return this.#kept
  }

  /** @param timestamp `20260102T030405Z` */
  head(
    { path, query, values, payload }: Filling,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    timestamp: string,
  ): string {
    const { method, varying } = this.#template
    if (values.length !== varying.length) throw new Error('A value for each varying header is needed')
    const frame = sessionToken === undefined ? this.#plain : this.#withToken
    const filled = [...values, timestamp, payload, sessionToken!]
    let canonical = frame.canonical[0]!
    let head = frame.head[0]!
    for (let gap = 0; gap < frame.order.length; gap++) {
      const value = filled[frame.order[gap]!]!
      canonical += value + frame.canonical[gap + 1]!
      head += value + frame.head[gap + 1]!
    }
    const { scope, sign } = this.#signer(secretAccessKey, timestamp.slice(0, 8))
    const { names } = frame
    const hash = sha256Hex(`${method}\n${path}\n${query}\n${canonical}\n${names}\n${payload}`)
    const signature = sign(`AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash}`)
    const line = query === '' ? `${method} ${path} HTTP/1.1\r\n` : `${method} ${path}?${query} HTTP/1.1\r\n`
    return `${line}${head}authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}\r\n`
  }
}

function frameOf({ host, headers, varying }: Template, own: readonly string[]): Frame {
  const lines: { name: string; value: string | number }[] = [
    { name: 'host', value: host },
    ...Object.entries(headers).map(([name, value]) => ({ name, value })),
    ...[...varying, ...own].map((name, at) => ({ name, value: at })),
  ]
  lines.sort((a, b) => (a.name < b.name ? -1 : 1))
  const canonical = ['']
  const head = ['']
  const order: number[] = []
  for (const { name, value } of lines) {
    canonical[order.length] += `${name}:`
    head[order.length] += `${name}: `
    if (typeof value === 'number') {
      order.push(value)
      canonical.push('\n')
      head.push('\r\n')
    } else {
      canonical[order.length] += `${value}\n`
      head[order.length] += `${value}\r\n`
    }
  }
  return { canonical, head, order, names: lines.map(({ name }) => name).join(';') }
}
