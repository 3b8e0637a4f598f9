// A machine for tests of the command line: what is typed, what AWS answers, and afterwards what was sent and printed.

import { existsSync } from 'node:fs'
import { text, utf8 } from '../lib/bytes.ts'
import { readBody } from '../http/message.ts'
import type { HttpRequest, HttpResponse, Send } from '../http/message.ts'
import { openModels } from '../model/load.ts'
import type { Models } from '../model/model.ts'
import { fileSource } from '../model/source.ts'
import type { Outside } from './door.ts'
import type { Keychain } from './keychain.ts'
import { run } from './run.ts'

/** What a request gets back. Text stands for itself, anything else for its JSON. */
export interface Answer {
  readonly status?: number
  readonly headers?: Record<string, string>
  readonly body?: unknown
}

/** A request as tests read it. */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Machine {
  readonly argv: readonly string[]
  /** One after the other, the last again and again; or made for each request. */
  readonly answers?: readonly Answer[] | ((sent: Sent) => Answer | Promise<Answer>)
  /** Beside an identity and a region; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly home?: string
  readonly cwd?: string
  readonly now?: string
  readonly models?: Models
  readonly stdin?: string | Uint8Array
  /** Somebody reads stderr as it comes. */
  readonly atTerminal?: boolean
  readonly keychain?: Keychain
  /** Does not fit with `answers`: the door itself. */
  readonly send?: Send
}

export interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  readonly sent: readonly Sent[]
}

export const identity = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
}

let opened: Promise<Models> | undefined

/** The models this tree was built with; undefined where `npm run models` was not run. */
export function builtModels(): Promise<Models> | undefined {
  if (!existsSync('build/models.bin')) return undefined
  return (opened ??= openModels({
    source: fileSource(`${process.cwd()}/build/models.bin`),
    actions: fileSource(`${process.cwd()}/build/actions.bin`),
  }))
}

export async function ran(machine: Machine): Promise<Ran> {
  const sent: Sent[] = []
  const out: Uint8Array[] = []
  let stderr = ''
  const send: Send =
    machine.send ??
    (async (request, options) => {
      const readable = await readableOf(request)
      sent.push(readable)
      const { answers = [{}] } = machine
      const answer =
        typeof answers === 'function' ? await answers(readable) : answers[Math.min(sent.length, answers.length) - 1]!
      const response = responseOf(answer)
      return options?.stream
        ? { ...response, body: new Blob([response.body as Uint8Array<ArrayBuffer>]).stream() }
        : response
    })
  const outside: Outside = {
    argv: machine.argv,
    env: { ...identity, ...machine.env },
    home: machine.home ?? '/nonexistent',
    cwd: machine.cwd ?? '/nonexistent',
    clock: () => new Date(machine.now ?? '2026-01-02T03:04:05Z'),
    stdout: {
      write: (data) => {
        out.push(typeof data === 'string' ? utf8(data) : data)
        return true
      },
      terminal: false,
      columns: 80,
    },
    stderr: { write: (line) => void (stderr += line), terminal: machine.atTerminal === true },
    stdin: {
      read: async () => (typeof machine.stdin === 'string' ? utf8(machine.stdin) : (machine.stdin ?? new Uint8Array())),
      terminal: false,
    },
    models: machine.models ?? (await builtModels())!,
    ...(machine.keychain === undefined ? {} : { keychain: machine.keychain }),
    doors: { https: send, http: send },
    local: {
      send,
      profile: async () => ({}),
      command: async () => 0,
      commands: async () => ({}),
    },
  }
  const exit = await run(outside)
  return { exit, stdout: text(Buffer.concat(out)), stderr, sent }
}

async function readableOf({ method, scheme, host, path, query, headers, body }: HttpRequest): Promise<Sent> {
  const url = `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`
  return { method, url, headers, body: Buffer.from(await readBody(body)).toString('latin1') }
}

function responseOf({ status = 200, headers = {}, body }: Answer): HttpResponse {
  const bytes = body instanceof Uint8Array ? body : utf8(typeof body === 'string' ? body : JSON.stringify(body ?? {}))
  return { status, headers, body: bytes }
}
