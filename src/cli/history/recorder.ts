// Keeps what one run of a command does: what was typed, every call, every request, and how it ended.

import type { Database } from 'bun:sqlite'
import { stringifyPython } from '../../lib/json.ts'
import { Float } from '../../lib/value.ts'
import { readBody } from '../../http/message.ts'
import type { Body, HttpRequest, HttpResponse, Send } from '../../http/message.ts'
import type { Settings } from '../../client/settings.ts'
import type { Outside } from '../door.ts'
import { versionLine } from '../version.ts'
import { historyFile, openHistory } from './database.ts'

export class Recorder {
  readonly #database: Database
  readonly #clock: () => Date
  readonly #command = crypto.randomUUID()
  #call: string | undefined

  constructor(database: Database, clock: () => Date) {
    this.#database = database
    this.#clock = clock
  }

  /** `ofCall`: it belongs to the call that was made last. */
  record(event: string, payload: unknown, { source = 'BOTOCORE', ofCall = true } = {}): void {
    if (event === 'API_CALL') this.#call = crypto.randomUUID()
    this.#database.run(
      'INSERT INTO records(id, request_id, source, event_type, timestamp, payload) VALUES (?,?,?,?,?,?)',
      [
        this.#command,
        ofCall ? (this.#call ?? null) : null,
        source,
        event,
        this.#clock().getTime(),
        stringifyPython(plain(payload)),
      ],
    )
  }

  ended(exit: number): void {
    this.record('CLI_RC', exit, { source: 'CLI', ofCall: false })
    this.#database.close()
  }
}

/** Undefined, with a warning, where the file cannot be written: the command goes on. */
export async function startRecorder({ argv, env, home, clock, stderr }: Outside): Promise<Recorder | undefined> {
  const file = historyFile(home, env)
  try {
    const recorder = new Recorder(await openHistory(file), clock)
    recorder.record('CLI_VERSION', versionLine(env, home).trim(), { source: 'CLI', ofCall: false })
    recorder.record('CLI_ARGUMENTS', [...argv], { source: 'CLI', ofCall: false })
    return recorder
  } catch {
    stderr.write(`Warning: Unable to record CLI history. Check file permissions for ${file}\n`)
    return undefined
  }
}

export function recorded(settings: Settings, recorder: Recorder): Settings {
  const send: Send = async (request, options) => {
    recorder.record('HTTP_REQUEST', await describedRequest(request))
    const response = await settings.send(request, options)
    recorder.record('HTTP_RESPONSE', await describedResponse(response))
    return response
  }
  return { ...settings, send, record: (event, payload) => recorder.record(event, payload) }
}

async function describedRequest({ method, scheme, host, path, query, headers, body }: HttpRequest): Promise<object> {
  return {
    method,
    headers: withoutSecrets(headers),
    streaming: body instanceof ReadableStream,
    url: `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`,
    body: await textOf(body),
  }
}

async function describedResponse({ status, headers, body }: HttpResponse): Promise<object> {
  return { headers, status_code: status, streaming: body instanceof ReadableStream, body: await textOf(body) }
}

/** What proves who somebody is is kept no longer than it is needed. */
function withoutSecrets(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (name === 'x-amz-security-token' || value.startsWith('Bearer ')) return [name, '<redacted>']
      return [name, value.replace(/Signature=([a-z0-9]{4})[a-z0-9]{60}/, 'Signature=$1...')]
    }),
  )
}

/** What JSON can hold of it. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return textOfBytes(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || value instanceof Float) return value
  if (value instanceof Blob || value instanceof ReadableStream || Symbol.asyncIterator in value) return '<stream>'
  const members = Object.entries(value).filter(([, each]) => each !== undefined)
  return Object.fromEntries(
    members.map(([key, each]) => [key, isSecret(key) && typeof each === 'string' ? HIDDEN : plain(each)]),
  )
}

const HIDDEN = '<redacted>'
const SECRET =
  'secretaccesskey|sessiontoken|accesstoken|refreshtoken|authorizationtoken|tokenvalue|password|secretstring'

function isSecret(name: string): boolean {
  return new RegExp(`(?:${SECRET})$`, 'i').test(name)
}

/** The same in JSON, in XML and in forms. */
function withoutSecretTexts(body: string): string {
  const name = `\\w*(?:${SECRET})`
  return body
    .replace(new RegExp(`("${name}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi'), `$1"${HIDDEN}"`)
    .replace(new RegExp(`(<(${name})>)[^<]*(</\\2>)`, 'gi'), '$1&lt;redacted&gt;$3')
    .replace(new RegExp(`((?:^|[&?.])${name}=)[^&]*`, 'gi'), `$1${HIDDEN}`)
}

/** A stream is not read here: it is somebody else's. */
async function textOf(body: Body): Promise<string | null> {
  if (body instanceof ReadableStream) return null
  const bytes = await readBody(body)
  return bytes.length === 0 ? null : textOfBytes(bytes)
}

function textOfBytes(bytes: Uint8Array): string {
  try {
    return withoutSecretTexts(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return '<Byte sequence>'
  }
}
