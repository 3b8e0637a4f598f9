// Serves the account over HTTP until it is told to stop. Loopback unless asked otherwise, and never for web pages that
// nobody vouched for.

import { keepGoing } from '../background.ts'
import { flushTrail } from '../trail/keep.ts'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { listen, type Listening } from '../../http/listen.ts'
import { readSeed } from '../accounts/seed.ts'
import { openWorld, profileOf } from '../door.ts'
import { isRpc } from '../identify.ts'
import { refusedGuest } from '../guests.ts'
import { serve } from '../serve.ts'
import { reset, settle, type World } from '../world.ts'
import { options, type Command } from './command.ts'
import { running, type ServerNote } from './server.ts'

const known = ['port', 'host', 'seed', 'ready-file', 'allow-origin', 'allow-host']
const defaultPort = 8474

export const start: Command = async (args, place, outside) => {
  const given = options(args, known)
  const port = portOf(given['port'])
  const seedFile = given['seed'] === undefined ? place.seedFile : resolve(given['seed'])
  const seed = given['seed'] === undefined ? undefined : readSeed(seedFile)
  const already = await running(place)
  if (already) throw new Failure('Local', `a server of this account already runs at ${already.address}`)

  const trouble = (error: unknown): void => outside.stderr.write(`virga local: ${lineOf(error)}\n`)
  const world = await openWorld(place, outside.models, { seed, trouble })
  await settle(world)
  const guests = {
    origins: listed(given['allow-origin']),
    hosts: [...listed(given['allow-host']), ...listed(given['host'])],
  }
  const server = await bound(
    async (request) => refusedGuest(request, guests) ?? (await administered(request, world)) ?? serve(request, world),
    given['host'] ?? '127.0.0.1',
    port,
    trouble,
  )
  const note: ServerNote = { address: server.url, pid: process.pid, started: new Date().toISOString(), seedFile }
  writeWhole(place.serverFile, JSON.stringify(note))
  if (given['ready-file'] !== undefined) writeWhole(given['ready-file'], `${server.url}\n`)
  outside.stdout.write(`${server.url}\n`)
  outside.stderr.write(`${greeting(world)}\n`)

  const rest = keepGoing(world)
  await stopped()
  rest()
  rmSync(place.serverFile, { force: true })
  await server.close()
  await flushTrail(world)
  await world.store.close()
  return 0
}

/** A failure says it in one line; where a fault of our own came from, its first frame tells. */
function lineOf(error: unknown): string {
  if (error instanceof Failure || !(error instanceof Error))
    return error instanceof Error ? error.message : String(error)
  return `${error.name}: ${error.message} ${error.stack?.split('\n')[1]?.trim() ?? ''}`
}

export function portOf(text = String(defaultPort)): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65535)
    throw new Failure('ParamValidation', `--port must be 0 to 65535, not ${text}`)
  return port
}

function listed(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((each) => each.trim())
}

export async function bound(
  handler: (request: HttpRequest) => Promise<HttpResponse>,
  host: string,
  port: number,
  trouble: (error: unknown) => void,
): Promise<Listening> {
  try {
    return await listen(handler, {
      host,
      port,
      // Small bodies come whole; objects of any size are read when it is known who sends them.
      wantsStream: (head) => !isRpc(head) && !(Number(head.headers['content-length'] ?? Infinity) <= 128 * 1024),
      onError: trouble,
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE')
      throw new Failure('Local', `port ${port} of ${host} is taken; choose another: virga local start --port 0`)
    throw new Failure('Local', `cannot listen at ${host} port ${port}: ${message}`)
  }
}

/** The server's own small interface, beside AWS's. */
async function administered(request: HttpRequest, world: World): Promise<HttpResponse | undefined> {
  if (!request.path.startsWith('/_virga/')) return undefined
  if (request.method === 'GET' && request.path === '/_virga/health')
    return json(200, {
      status: 'running',
      pid: process.pid,
      accounts: world.seed.accounts.map((account) => account.id),
    })
  if (request.method === 'POST' && request.path === '/_virga/reset') {
    await reset(world)
    return json(200, { reset: true })
  }
  return json(404, { message: `There is no ${request.method} ${request.path} here.` })
}

function json(status: number, value: object): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(JSON.stringify(value) + '\n'),
  }
}

function greeting(world: World): string {
  const account = world.seed.accounts[0]!
  const key = profileOf(world.seed)['aws_access_key_id']
  return `serving account ${account.id} (key ${key}); in another terminal: eval "$(virga local env)"; Ctrl-C ends it`
}

/** Appears whole or not at all. */
export function writeWhole(file: string, text: string): void {
  try {
    const partial = `${file}.${process.pid}`
    writeFileSync(partial, text, { mode: 0o600 })
    renameSync(partial, file)
  } catch (error) {
    throw new Failure('Local', `cannot write ${file}: ${(error as Error).message}`)
  }
}

export function stopped(): Promise<void> {
  return new Promise((end) => {
    process.removeAllListeners('SIGINT')
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end())
  })
}
