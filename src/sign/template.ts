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

const plain = /^[!-~](?:[ -~]*[!-~])?$/

/** Whether a template can hold these headers as they are. */
export function fitsTemplate(headers: Headers): boolean {
  return Object.values(headers).every((value) => plain.test(value) && !value.includes('  '))
}

const DATE = 'x-amz-date'
const PAYLOAD = 'x-amz-content-sha256'
const TOKEN = 'x-amz-security-token'

interface Line {
  readonly name: string
  /** Undefined: filled in for each request. */
  readonly value: string | undefined
  /** Where its value stands among those that are filled in. */
  readonly at: number
}

/**
 * Writes request heads: request line, headers, signature; without the empty line behind them, so that what is not signed
 * can follow.
 */
export class HeadWriter {
  readonly #template: Template
  readonly #plain: { lines: readonly Line[]; names: string }
  readonly #withToken: { lines: readonly Line[]; names: string }

  #kept: { secret: string; day: string; sign: (text: string) => string } | undefined

  constructor(template: Template) {
    this.#template = template
    this.#plain = linesOf(template, [DATE, PAYLOAD])
    this.#withToken = linesOf(template, [DATE, PAYLOAD, TOKEN])
  }

  #signer(secret: string, day: string): (text: string) => string {
    if (this.#kept?.secret !== secret || this.#kept.day !== day) {
      const { region, service } = this.#template
      this.#kept = { secret, day, sign: scopeSigner(secret, day, region, service) }
    }
    return this.#kept.sign
  }

  /**
   * @param path encoded, as it goes on the wire
   * @param query encoded and sorted, '' for none
   * @param values of the varying headers, in their order
   * @param payload the body's SHA-256, or the word that says why not
   * @param timestamp `20260102T030405Z`
   */
  head(
    path: string,
    query: string,
    values: readonly string[],
    payload: string,
    { accessKeyId, secretAccessKey, sessionToken }: Credentials,
    timestamp: string,
  ): string {
    const { method, region, service, varying } = this.#template
    const { lines, names } = sessionToken === undefined ? this.#plain : this.#withToken
    const filled = [...values, timestamp, payload]
    if (sessionToken !== undefined) filled.push(sessionToken)
    if (values.length !== varying.length) throw new Error('A value for each varying header is needed')
    let canonical = ''
    let head = ''
    for (const { name, value, at } of lines) {
      const text = value ?? filled[at]!
      canonical += `${name}:${text}\n`
      head += `${name}: ${text}\r\n`
    }
    const day = timestamp.slice(0, 8)
    const scope = `${day}/${region}/${service}/aws4_request`
    const hash = sha256Hex(`${method}\n${path}\n${query}\n${canonical}\n${names}\n${payload}`)
    const signature = this.#signer(secretAccessKey, day)(`AWS4-HMAC-SHA256\n${timestamp}\n${scope}\n${hash}`)
    const line = query === '' ? `${method} ${path} HTTP/1.1\r\n` : `${method} ${path}?${query} HTTP/1.1\r\n`
    return `${line}${head}authorization: AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}\r\n`
  }
}

function linesOf({ host, headers, varying }: Template, own: readonly string[]): { lines: Line[]; names: string } {
  const filled = [...varying, ...own]
  const lines: Line[] = [
    { name: 'host', value: host, at: -1 },
    ...Object.entries(headers).map(([name, value]) => ({ name, value, at: -1 })),
    ...filled.map((name, at) => ({ name, value: undefined, at })),
  ]
  lines.sort((a, b) => (a.name < b.name ? -1 : 1))
  return { lines, names: lines.map(({ name }) => name).join(';') }
}
