// Is a server running on this folder, and where? `stop`, `status` and `env` ask the note it left, and the server itself.

import { text } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { fs, readFile } from '../../lib/files.ts'
import { readSeed } from '../accounts/seed.ts'
import { profileOf } from '../place.ts'
import type { Command, Place } from './command.ts'

/** What a server leaves in the folder while it runs. */
export interface ServerNote {
  /** Where it is reached from this machine: a URL, or the path of a socket file. */
  readonly address: string
  readonly pid: number
  readonly started: string
  /** The seed it was started with. */
  readonly seedFile: string
  /** The database it shares with others, without the password. */
  readonly store?: string
  readonly unix?: string
  /** The file of the authority that signed its certificate. */
  readonly authority?: string
  /** Keys it was told to take. */
  readonly keys?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** The running server; a note whose server no longer answers is cleared away. */
export async function running(place: Place): Promise<ServerNote | undefined> {
  let note: ServerNote
  try {
    note = JSON.parse(text(readFile(place.serverFile))) as ServerNote
  } catch {
    return undefined
  }
  if (await answers(note)) return note
  fs().rmSync(place.serverFile, { force: true })
  return undefined
}

/** Asked, not guessed: the process number may have gone to somebody else. */
async function answers({ address, unix, authority, pid }: ServerNote): Promise<boolean> {
  try {
    const response = await fetch(`${unix === undefined ? address : 'http://localhost'}/_virga/health`, {
      signal: AbortSignal.timeout(2000),
      ...(unix !== undefined && { unix }),
      ...(authority !== undefined && { tls: { ca: fs().readFileSync(authority, 'utf8') } }),
    })
    return ((await response.json()) as { pid?: number }).pid === pid
  } catch {
    return false
  }
}

export const status: Command = async (_asked, place, { stdout }) => {
  const note = await running(place)
  stdout.write(
    note ? `serving ${place.folder} at ${note.address} since ${note.started} (process ${note.pid})\n` : 'not running\n',
  )
  return note ? 0 : 1
}

export const stop: Command = async (_asked, place, { stdout }) => {
  const note = await running(place)
  if (!note) {
    stdout.write('not running\n')
    return 0
  }
  process.kill(note.pid, 'SIGTERM')
  for (let tries = 0; tries < 100 && (await answers(note)); tries++) await Bun.sleep(20)
  stdout.write('stopped\n')
  return 0
}

// --- variables for other tools ---------------------------------------------------------------------------------------

/** Would lead elsewhere. */
const inTheWay = ['AWS_SESSION_TOKEN', 'AWS_PROFILE']

const formats: Readonly<Record<string, (variables: Readonly<Record<string, string>>) => string>> = {
  sh: (variables) =>
    `${lines(variables, (name, value) => `export ${name}=${quoted(value, `'\\''`)}`)}unset ${inTheWay.join(' ')}\n`,
  fish: (variables) =>
    `${lines(variables, (name, value) => `set -gx ${name} ${quoted(value.replaceAll('\\', '\\\\'), `\\'`)}`)}` +
    `set -e ${inTheWay.join(' ')}\n`,
  powershell: (variables) =>
    `${lines(variables, (name, value) => `$env:${name} = ${quoted(value, `''`)}`)}` +
    `Remove-Item ${inTheWay.map((name) => `Env:${name}`).join(',')} -ErrorAction SilentlyContinue\n`,
  dotenv: (variables) => lines(variables, (name, value) => `${name}=${JSON.stringify(value)}`),
  json: (variables) => `${JSON.stringify(variables, null, 2)}\n`,
  /** For `virga local env --format github >> "$GITHUB_ENV"`. */
  github: (variables) => lines(variables, (name, value) => `${name}=${value}`),
}

function lines(variables: Readonly<Record<string, string>>, line: (name: string, value: string) => string): string {
  return Object.entries(variables)
    .map(([name, value]) => `${line(name, value)}\n`)
    .join('')
}

function quoted(value: string, quote: string): string {
  return `'${value.replaceAll("'", quote)}'`
}

export const env: Command = async ({ given: { format = 'sh' } }, place, { stdout }) => {
  if (!Object.hasOwn(formats, format))
    throw new Failure('ParamValidation', `--format must be one of ${Object.keys(formats).join(', ')}, not ${format}`)
  const note = await running(place)
  if (!note) throw new Failure('Local', 'no server is running; start one with: virga local start')
  if (note.unix !== undefined)
    throw new Failure('Local', `the server is at the socket ${note.unix}, and no variable can lead a client there`)
  const profile = profileOf(readSeed(note.seedFile))
  const region = profile['region']!
  stdout.write(
    formats[format]!({
      AWS_ENDPOINT_URL: note.address,
      AWS_ACCESS_KEY_ID: note.keys?.accessKeyId ?? profile['aws_access_key_id']!,
      AWS_SECRET_ACCESS_KEY: note.keys?.secretAccessKey ?? profile['aws_secret_access_key']!,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      ...(note.authority !== undefined && { AWS_CA_BUNDLE: note.authority, NODE_EXTRA_CA_CERTS: note.authority }),
    }),
  )
  return 0
}
