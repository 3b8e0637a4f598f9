// Serves the account until it is told to stop. Loopback unless asked otherwise, never for web pages that nobody vouched
// for, and only for the account's own keys, unless asked otherwise.

import { resolve } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { fs } from '../../lib/files.ts'
import type { LentKeys } from '../accounts/lent-keys.ts'
import { ownSeed, readSeed, type Seed } from '../accounts/seed.ts'
import { keepGoing } from '../background.ts'
import { openWorld, profileOf } from '../place.ts'
import { besideAws } from '../doors/doors.ts'
import { refusedGuest } from '../guests.ts'
import { serve } from '../serve.ts'
import { withoutPassword } from '../store/postgres-address.ts'
import { flushTrail } from '../trail/keep.ts'
import { isSettled, settle, type World } from '../world.ts'
import type { Command, Place } from './command.ts'
import { logOf, type Log } from './log.ts'
import { running, type ServerNote } from './server.ts'
import { bound, lineOf, portOf, stopped, writeWhole } from './serving.ts'

export const start: Command = async ({ given, on }, folder, outside) => {
  const at = addressOf(given, on)
  const log = logOf(given['log'], outside)
  const place = { ...folder, store: given['store'] ?? folder.store, together: true }
  const store = place.store === undefined ? undefined : withoutPassword(place.store)
  if (given['store'] !== undefined && given['store'] !== store)
    log.trouble('whoever lists the processes sees the password of --store; VIRGA_STORE or PGPASSWORD would hide it')
  const seedFile = given['seed'] === undefined ? place.seedFile : resolve(given['seed'])
  const seed = given['seed'] === undefined ? ownSeed(seedFile) : readSeed(seedFile)
  const lent = lentKeys(given, on, seed)
  const readyFile = given['ready-file']
  if (readyFile !== undefined) fs().rmSync(readyFile, { force: true })
  const already = await running(place)
  if (already) throw new Failure('Local', `a server of this account already runs at ${already.address}`)

  const trouble = (error: unknown): void => log.trouble(lineOf(error))
  const opened = await openWorld(place, outside.models, {
    seed: lent ? withoutUsers(seed, lent) : seed,
    trouble,
    lent,
    watch: log.answered,
  })
  const world: World = on.has('moto') ? { ...opened, usual: { buckets: 'classic' } } : opened
  if (!lent || !(await isSettled(world))) await settle(world)
  const guests = {
    origins: listed(given['allow-origin']),
    hosts: [...listed(given['allow-host']), ...listed(given['host'])],
  }
  const certificate = on.has('tls') ? await certificateOf(place, guests.hosts) : undefined
  if (at.unix !== undefined) fs().rmSync(at.unix, { force: true })
  const house = { world, started: new Date(), close: () => process.kill(process.pid, 'SIGTERM') }
  const server = await bound(
    (request) => refusedGuest(request, guests) ?? besideAws(request, house) ?? serve(request, world),
    { ...at, tls: certificate },
    trouble,
    () => world.store.rest?.(),
  )
  const note: ServerNote = {
    address: server.url.replace('//0.0.0.0', '//127.0.0.1').replace('//[::]', '//[::1]'),
    pid: process.pid,
    started: house.started.toISOString(),
    seedFile,
    ...(store !== undefined && { store }),
    ...(at.unix !== undefined && { unix: at.unix }),
    ...(certificate && { authority: certificate.authority }),
    ...(lent && { keys: dummyKeys(lent) }),
  }
  writeWhole(place.serverFile, JSON.stringify(note))
  if (readyFile !== undefined) writeWhole(readyFile, `${note.address}\n`)
  outside.stdout.write(`${note.address}\n`)
  greet(world, note, log)

  // What starting took from the system and needs no more.
  Bun.shrink()
  const rested = keepGoing(world)
  await stopped()
  rested()
  for (const file of [place.serverFile, readyFile]) if (file !== undefined) fs().rmSync(file, { force: true })
  await server.close()
  if (at.unix !== undefined) fs().rmSync(at.unix, { force: true })
  await flushTrail(world)
  await world.store.close()
  return 0
}

type Given = Partial<Record<string, string>>

/** Where LocalStack, moto and this program usually listen. */
const ports = { localstack: '4566', moto: '5000', virga: '8474' }

function addressOf(given: Given, on: ReadonlySet<string>): { host: string; port: number; unix?: string } {
  const usual = on.has('localstack') ? ports.localstack : on.has('moto') ? ports.moto : ports.virga
  const { unix, host = '127.0.0.1' } = given
  if (unix !== undefined && (given['port'] !== undefined || given['host'] !== undefined))
    throw new Failure('ParamValidation', '--unix stands for itself: give no --port and no --host with it')
  return { host, port: portOf(given['port'] ?? usual), ...(unix !== undefined && { unix: resolve(unix) }) }
}

function listed(text: string | undefined): string[] {
  return text === undefined ? [] : text.split(',').map((each) => each.trim())
}

async function certificateOf(place: Place, hosts: readonly string[]) {
  const { certificateFor } = await import('../certificate.ts')
  return certificateFor(
    place.folder,
    hosts.filter((name) => name !== '0.0.0.0' && name !== '::'),
  )
}

// --- keys that set-ups bring -----------------------------------------------------------------------------------------

/** Undefined where only the account's own keys are good. */
function lentKeys(given: Given, on: ReadonlySet<string>, seed: Seed): LentKeys | undefined {
  const { 'access-key': key, 'secret-key': secret, account } = given
  const any = on.has('accept-any-key') || on.has('localstack') || on.has('moto')
  if ((key === undefined) !== (secret === undefined))
    throw new Failure('ParamValidation', '--access-key and --secret-key belong together')
  if (account !== undefined && !/^\d{12}$/.test(account))
    throw new Failure('ParamValidation', `--account must be 12 digits, not ${account}`)
  if (!any && key === undefined) {
    if (account === undefined) return undefined
    throw new Failure('ParamValidation', '--account says whose --accept-any-key or --access-key is: give one of them')
  }
  const usual = on.has('localstack') ? '000000000000' : seed.accounts[0]!.id
  return { account: account ?? usual, secrets: new Map(key === undefined ? [] : [[key, secret!]]), any }
}

/** Users of moto and LocalStack expect an account with nobody in it: the seed's keys are root's. */
function withoutUsers(seed: Seed, { account }: LentKeys): Seed {
  const accounts = seed.accounts.map(({ users, ...rest }) => {
    const user = users?.find((each) => each.accessKeyId !== undefined)
    const root = user && { accessKeyId: user.accessKeyId!, secretAccessKey: user.secretAccessKey! }
    return { ...rest, ...(root && { root: rest.root ?? root }) }
  })
  return { ...seed, accounts: accounts.some(({ id }) => id === account) ? accounts : [...accounts, { id: account }] }
}

/** What `virga local env` prints. */
function dummyKeys({ secrets }: LentKeys): ServerNote['keys'] {
  const [[accessKeyId, secretAccessKey] = ['test', 'test']] = secrets
  return { accessKeyId, secretAccessKey }
}

function greet(world: World, { address, authority, keys }: ServerNote, log: Log): void {
  const { lent } = world
  const whose = lent?.account ?? world.seed.accounts[0]!.id
  const key = keys?.accessKeyId ?? profileOf(world.seed)['aws_access_key_id']
  log.say(
    `serving account ${whose} (key ${key}); in another terminal: eval "$(virga local env)"; Ctrl-C ends it`,
    address,
  )
  if (lent?.any)
    log.say(
      `every access key is taken, unchecked, as root of account ${lent.account}, or of the account of its 12 digits`,
    )
  if (authority !== undefined) log.say(`clients are to trust ${authority} (AWS_CA_BUNDLE)`)
  log.say('Ready.')
}
