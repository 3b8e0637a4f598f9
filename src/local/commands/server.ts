// Is a server running on this folder, and where? `stop`, `status` and `env` ask the note it left, and the server itself.

import { readFileSync, rmSync } from 'node:fs'
import { Failure } from '../../lib/errors.ts'
import { readSeed } from '../accounts/seed.ts'
import { profileOf } from '../door.ts'
import { options, type Command, type Place } from './command.ts'

/** What a server leaves in the folder while it runs. */
export interface ServerNote {
  readonly address: string
  readonly pid: number
  readonly started: string
  /** The seed it was started with. */
  readonly seedFile: string
}

/** The running server; a note whose server no longer answers is cleared away. */
export async function running(place: Place): Promise<ServerNote | undefined> {
  let note: ServerNote
  try {
    note = JSON.parse(readFileSync(place.serverFile, 'utf8')) as ServerNote
  } catch {
    return undefined
  }
  if (await answers(note)) return note
  rmSync(place.serverFile, { force: true })
  return undefined
}

/** Asked, not guessed: the process number may have gone to somebody else. */
async function answers(note: ServerNote): Promise<boolean> {
  try {
    const response = await fetch(`${note.address}/_virga/health`, { signal: AbortSignal.timeout(2000) })
    return ((await response.json()) as { pid?: number }).pid === note.pid
  } catch {
    return false
  }
}

export const status: Command = async (args, place, { stdout }) => {
  options(args, [])
  const note = await running(place)
  stdout.write(
    note ? `serving ${place.folder} at ${note.address} since ${note.started} (process ${note.pid})\n` : 'not running\n',
  )
  return note ? 0 : 1
}

export const stop: Command = async (args, place, { stdout }) => {
  options(args, [])
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

export const env: Command = async (args, place, { stdout }) => {
  options(args, [])
  const note = await running(place)
  if (!note) throw new Failure('Local', 'no server is running; start one with: virga local start')
  const profile = profileOf(readSeed(note.seedFile))
  const variables = {
    AWS_ENDPOINT_URL: note.address,
    AWS_ACCESS_KEY_ID: profile['aws_access_key_id']!,
    AWS_SECRET_ACCESS_KEY: profile['aws_secret_access_key']!,
    AWS_REGION: profile['region']!,
    AWS_DEFAULT_REGION: profile['region']!,
  }
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value.replaceAll("'", "'\\''")}'\n`)
  stdout.write(`${lines.join('')}unset AWS_SESSION_TOKEN AWS_PROFILE\n`)
  return 0
}
