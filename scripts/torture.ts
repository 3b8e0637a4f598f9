// `npm run torture`: a server is killed (`kill -9`) again and again while clients write to it over HTTP and by the
// command line in its own process. After each kill everything acknowledged must be there, whole, and nothing half.
//
//   npm run torture -- [--kills 200] [--seed N] [--keep] [--store postgres://…]

import { existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Seed } from '../src/local/accounts/seed.ts'
import { afterTheGrace, faultsOf, orphansOf } from './torture/account-files.ts'
import { NoAnswer, type Caller } from './torture/caller.ts'
import { accessKeys, chanceOf, commandLine, items, messages, objects, users, type Client } from './torture/clients.ts'

const { values: given } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    store: { type: 'string' },
    keep: { type: 'boolean' },
  },
})
const kills = Number(given.kills)
const seed = Number(given.seed ?? Date.now() % 1_000_000)
const chance = chanceOf(seed)
/** Whether the account is in a folder, whose files can be looked at. */
const inFolder = given.store === undefined

const home = mkdtempSync(join(tmpdir(), 'virga-torture-'))
const folder = join(home, '.virga', 'local')
mkdirSync(folder, { recursive: true, mode: 0o700 })
const env = {
  PATH: process.env.PATH ?? '',
  HOME: home,
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  VIRGA_STORE: given.store,
}
const program = [process.execPath, join(import.meta.dirname, '..', 'src', 'main.ts')]

async function start(): Promise<{ server: Bun.Subprocess; address: string }> {
  const ready = join(home, 'ready')
  rmSync(ready, { force: true })
  const server = Bun.spawn([...program, 'local', 'start', '--port', '0', '--ready-file', ready], {
    env,
    stdout: 'ignore',
    stderr: openSync(join(home, 'log'), 'a'),
  })
  while (!existsSync(ready)) {
    if (server.exitCode !== null) throw new Error(`the server ended: ${readFileSync(join(home, 'log'), 'utf8')}`)
    await Bun.sleep(2)
  }
  return { server, address: readFileSync(ready, 'utf8').trim() }
}

/** True when it ended well. One that is to be killed is, at some moment of its life. */
async function typed(args: string[], kill: boolean): Promise<boolean> {
  const child = Bun.spawn([...program, ...args], { env, stdout: 'ignore', stderr: 'ignore' })
  if (kill) setTimeout(() => child.kill('SIGKILL'), 40 + chance(120))
  return (await child.exited) === 0
}

const clients: Client[] = [
  objects('a', chance),
  objects('b', chance),
  objects('c', chance),
  users('a', chance),
  accessKeys('a'),
  messages('a', chance),
  items('a', chance),
  items('b', chance),
  commandLine('d', chance, typed, join(home, 'object')),
]

const refusals = new Map<string, number>()

/** Works until there is no answer, or it is told to stop. */
async function work(client: Client, caller: Caller, goesOn: () => boolean): Promise<void> {
  while (goesOn())
    try {
      await client.step(caller)
    } catch (error) {
      // The command line goes on without the server.
      if (error instanceof NoAnswer && !client.name.startsWith('command line')) return
      if (!(error instanceof NoAnswer)) note(client, error)
    }
}

function note(client: Client, error: unknown): void {
  const what = `${client.name}: ${String(error).split('\n')[0]}`
  refusals.set(what, (refusals.get(what) ?? 0) + 1)
}

const began = performance.now()
const faults: string[] = []
let mostOrphans = 0
let { server, address } = await start()
process.on('exit', () => server.kill('SIGKILL'))
const { users: [admin] = [] } = (JSON.parse(readFileSync(join(folder, 'seed.json'), 'utf8')) as Seed).accounts[0]!
const credentials = { accessKeyId: admin!.accessKeyId!, secretAccessKey: admin!.secretAccessKey! }
const caller: Caller = { address, credentials }
for (const client of clients) await client.prepare(caller)

for (let kill = 1; kill <= kills && faults.length === 0; kill++) {
  let alive = true
  const working = clients.map((client) => work(client, caller, () => alive))
  await Bun.sleep(50 + chance(450))
  server.kill('SIGKILL')
  await server.exited
  alive = false
  await Promise.all(working)
  if (inFolder) {
    faults.push(...faultsOf(folder).map((fault) => `after kill ${kill}: ${fault}`))
    const { files, blobs } = orphansOf(folder)
    mostOrphans = Math.max(mostOrphans, files + blobs)
  }
  ;({ server, address } = await start())
  caller.address = address
  for (const client of clients) {
    await client.prepare(caller)
    faults.push(...(await client.check(caller)).map((fault) => `after kill ${kill}, ${client.name}: ${fault}`))
  }
}

server.kill('SIGTERM')
await server.exited
if (inFolder) await afterTheGrace(folder)
const left = inFolder ? orphansOf(folder) : { files: 0, blobs: 0 }
if (left.files + left.blobs > 0) faults.push(`${left.files} files and ${left.blobs} blobs are nobody's after the grace`)

for (const { name, ledger } of clients)
  console.log(
    `${name.padEnd(16)} ${String(ledger.acknowledged).padStart(7)} acknowledged, ${ledger.unanswered} unanswered`,
  )
for (const [what, times] of refusals) console.log(`refused ${times} times: ${what}`)
const acknowledged = clients.reduce((sum, { ledger }) => sum + ledger.acknowledged, 0)
const seconds = ((performance.now() - began) / 1000).toFixed(0)
console.log(
  `${kills} kills, ${acknowledged} acknowledged writes, ${faults.length} faults; ${mostOrphans} orphans at the most, ${left.files + left.blobs} after the grace; seed ${seed}, ${seconds} s`,
)
for (const fault of faults.slice(0, 20)) console.log(fault)
if (given.keep || faults.length > 0) console.log(`the account is in ${folder}`)
else rmSync(home, { recursive: true, force: true })
process.exitCode = faults.length === 0 ? 0 : 1
