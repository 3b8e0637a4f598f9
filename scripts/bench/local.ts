// Races of `virga local start` against moto's server: the same signed requests from the same client (load.ts), both on
// this machine in one run. Virga checks signatures and policies; moto does neither.

import { readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { concat, utf8 } from '../../src/lib/bytes.ts'
import { sign } from '../../src/sign/sigv4.ts'
import { program } from '../../tests/witnesses/witnesses.ts'
import { pace, type Pace } from './load.ts'
import { sinkProgram, startSink } from './sink.ts'

interface Field {
  readonly virga: string
  readonly env: Record<string, string>
  readonly rounds: number
  /** A folder for what is made here. */
  readonly folder: string
}

interface Server {
  readonly name: string
  readonly port: number
  readonly pid: number
  readonly keys: { accessKeyId: string; secretAccessKey: string }
  stop(): Promise<void>
}

const seconds = 3
/** Of the same requests before it counts, for both: what is called often is compiled while it runs. */
const warmUp = 5
const connections = 16
const uploadSize = 256 << 20

/** Each returns how many targets were missed. */
export function localRaces(field: Field): Record<string, () => Promise<number>> {
  const moto = program('moto_server')
  const race = (run: (moto: string) => Promise<number>) => async (): Promise<number> => {
    if ('missing' in moto) {
      console.log(`no races of the local AWS: ${moto.missing}`)
      return 0
    }
    return run(moto.found)
  }
  return {
    'local: requests a second': race((moto) => throughput(field, moto)),
    'local: start and memory': race((moto) => startAndMemory(field, moto)),
    'local: memory after a million requests': () => longRun(field),
  }
}

// --- the two servers -------------------------------------------------------------------------------------------------

async function startVirga({ virga, env, folder }: Field): Promise<Server> {
  const home = join(folder, `local-${crypto.randomUUID()}`)
  const own = { ...env, PATH: process.env.PATH ?? '', HOME: home, VIRGA_HOME: home }
  const port = await freePort()
  const child = Bun.spawn([virga, 'local', 'start', '--port', String(port)], {
    env: own,
    stdout: 'ignore',
    stderr: 'ignore',
  })
  await answering(port, child)
  const { accounts } = JSON.parse(readFileSync(join(home, 'local', 'seed.json'), 'utf8'))
  return {
    name: 'virga',
    port,
    pid: child.pid,
    keys: accounts[0].users[0],
    async stop() {
      child.kill()
      await child.exited
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function startMoto(moto: string, env: Record<string, string>): Promise<Server> {
  const port = await freePort()
  const own = { ...env, PATH: process.env.PATH ?? '' }
  const child = Bun.spawn([moto, '-H', '127.0.0.1', '-p', String(port)], {
    env: own,
    stdout: 'ignore',
    stderr: 'ignore',
  })
  await answering(port, child)
  const keys = { accessKeyId: 'testing', secretAccessKey: 'testing' }
  return {
    name: 'moto_server',
    port,
    pid: child.pid,
    keys,
    async stop() {
      child.kill()
      await child.exited
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

/** Until the port takes connections. */
async function answering(port: number, child: Bun.Subprocess): Promise<void> {
  for (;;) {
    const socket = await Bun.connect({ hostname: '127.0.0.1', port, socket: { data() {} } }).catch(() => undefined)
    if (socket) return void socket.end()
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    await Bun.sleep(1)
  }
}

/** CPU seconds, and MiB now and at the peak, of a process (Linux). */
function usage(pid: number): { cpu: number; memory: number; peak: number } {
  const ticks = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const mebibytes = (name: string): number => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)![1]) / 1024
  return { cpu: (Number(ticks[11]) + Number(ticks[12])) / 100, memory: mebibytes('VmRSS'), peak: mebibytes('VmHWM') }
}

// --- requests --------------------------------------------------------------------------------------------------------

type Headers = Record<string, string>

/** A request as it goes over the wire, signed for this server. */
function signed(
  { port, keys }: Server,
  service: string,
  [method, path]: [string, string],
  headers: Headers,
  body: Uint8Array,
): Uint8Array {
  const plain = { method, scheme: 'http' as const, host: `127.0.0.1:${port}`, path, query: '', headers, body }
  const request = sign(plain, { credentials: keys, region: 'us-east-1', service, date: new Date() })
  const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = `${method} ${path} HTTP/1.1\r\nHost: ${request.host}\r\n${lines.join('')}content-length: ${body.length}\r\n\r\n`
  return concat([utf8(head), body])
}

const nothing = new Uint8Array(0)
const some = (size: number, of: number): Uint8Array => new Uint8Array(size).fill(of & 255)

/**
 * What the client that measures can take at the most: of a server that only answers, in C. More than that no server can
 * show here, and what it does besides runs on the same machine. Undefined for what that server does not know.
 */
const paths: Readonly<Record<string, [method: string, path: string, bytes: number]>> = {
  's3 GetObject 4 KiB': ['GET', '/bench/small', 0],
  's3 GetObject 1 MiB': ['GET', `/bench/big-${1 << 20}`, 0],
  's3 PutObject 4 KiB': ['PUT', '/bench/small', 4096],
}

async function clientsLimit(kind: string, folder: string): Promise<number | undefined> {
  const [binary, asked] = [sinkProgram(folder), paths[kind]]
  if ('missing' in binary || !asked) return undefined
  const [method, path, bytes] = asked
  const sink = await startSink(binary.found)
  try {
    const head = utf8(`${method} ${path} HTTP/1.1\r\nhost: sink\r\ncontent-length: ${bytes}\r\n\r\n`)
    const load = { port: Number(new URL(sink.url).port), requests: [concat([head, some(bytes, 1)])], connections }
    await pace({ ...load, milliseconds: 1000 })
    return (await pace({ ...load, milliseconds: seconds * 1000 })).perSecond
  } finally {
    sink.stop()
  }
}

/** Different requests with different signatures, sent in turn. */
function several(count: number, make: (index: number) => Uint8Array): Uint8Array[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function identityCall(server: Server, index: number): Uint8Array {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-index': String(index) }
  return signed(server, 'sts', ['POST', '/'], headers, utf8('Action=GetCallerIdentity&Version=2011-06-15'))
}

function table(server: Server, operation: string, input: object): Uint8Array {
  const headers = {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-target': `DynamoDB_20120810.${operation}`,
  }
  return signed(server, 'dynamodb', ['POST', '/'], headers, utf8(JSON.stringify(input)))
}

const object = (index: number): object => ({
  pk: { S: `k${index % 200}` },
  data: { S: 'x'.repeat(400) },
  version: { N: String(index) },
})

/** What is there before the race. */
async function furnish(server: Server): Promise<void> {
  const calls = [
    signed(server, 's3', ['PUT', '/bench'], {}, nothing),
    signed(server, 's3', ['PUT', '/bench/small'], {}, some(4096, 1)),
    signed(server, 's3', ['PUT', '/bench/large'], {}, some(1 << 20, 2)),
    table(server, 'CreateTable', {
      TableName: 'bench',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
    ...several(200, (index) => table(server, 'PutItem', { TableName: 'bench', Item: object(index) })),
  ]
  await pace({ port: server.port, requests: calls, connections: 1, count: calls.length })
}

const kinds: Readonly<Record<string, (server: Server) => Uint8Array[]>> = {
  'sts GetCallerIdentity': (server) => several(200, (index) => identityCall(server, index)),
  's3 GetObject 4 KiB': (server) =>
    several(200, (index) => signed(server, 's3', ['GET', '/bench/small'], { 'x-index': String(index) }, nothing)),
  's3 GetObject 1 MiB': (server) =>
    several(200, (index) => signed(server, 's3', ['GET', '/bench/large'], { 'x-index': String(index) }, nothing)),
  's3 PutObject 4 KiB': (server) =>
    several(1000, (index) => signed(server, 's3', ['PUT', `/bench/k${index}`], {}, some(4096, index))),
  'dynamodb GetItem': (server) =>
    several(200, (index) => table(server, 'GetItem', { TableName: 'bench', Key: { pk: { S: `k${index}` } } })),
  // What is there is never what comes: a row that stays as it is need not be written.
  'dynamodb PutItem': (server) =>
    several(400, (index) => table(server, 'PutItem', { TableName: 'bench', Item: object(index) })),
}

// --- the races -------------------------------------------------------------------------------------------------------

type Figures = Pace & { readonly cpu: number }

async function throughput(field: Field, moto: string): Promise<number> {
  const servers = [await startVirga(field), await startMoto(moto, field.env)]
  console.log(`\nlocal: requests a second, ${connections} connections, ${seconds} s each after ${warmUp} s`)
  let missed = 0
  try {
    for (const server of servers) await furnish(server)
    for (const [kind, requests] of Object.entries(kinds)) {
      const figures: Figures[] = []
      for (const server of servers) {
        const { port } = server
        const given = requests(server)
        await pace({ port, requests: given, connections, milliseconds: warmUp * 1000 })
        const before = usage(server.pid).cpu
        const paced = await pace({ port, requests: given, connections, milliseconds: seconds * 1000 })
        figures.push({ ...paced, cpu: ((usage(server.pid).cpu - before) / paced.answers) * 1e6 })
      }
      for (const [index, { perSecond, p50, p99, cpu }] of figures.entries())
        console.log(
          `  ${kind.padEnd(22)} ${servers[index]!.name.padEnd(12)} ${perSecond.toFixed(0).padStart(7)}/s  ` +
            `p50 ${p50.toFixed(2).padStart(6)} ms  p99 ${p99.toFixed(2).padStart(6)} ms  ${cpu.toFixed(0).padStart(5)} µs of CPU`,
        )
      const [ours, theirs] = figures as [Figures, Figures]
      const limit = await clientsLimit(kind, field.folder)
      if (limit !== undefined)
        console.log(
          `  ${kind.padEnd(22)} ${'the client'.padEnd(12)} ${limit.toFixed(0).padStart(7)}/s  is its limit here, ` +
            `${(limit / theirs.perSecond).toFixed(1)} of moto_server; virga / the limit: ${(ours.perSecond / limit).toFixed(2)}`,
        )
      missed += told(`${kind}, requests a second, virga / moto_server`, ours.perSecond / theirs.perSecond, 'least', 30)
      // Where the client has more to do than the server (a MiB to receive), this is what is left to compare.
      console.log(`  ${kind}, CPU of a request, moto_server / virga: ${(theirs.cpu / ours.cpu).toFixed(1)}`)
    }
    for (const { name, pid } of servers) console.log(`  ${name}: ${usage(pid).memory.toFixed(0)} MiB afterwards`)
  } finally {
    for (const server of servers) await server.stop()
  }
  return missed
}

async function startAndMemory(field: Field, moto: string): Promise<number> {
  console.log('\nlocal: start to the first answer, memory, and the peak of an upload of 256 MiB')
  const starts: Record<string, () => Promise<Server>> = {
    virga: () => startVirga(field),
    moto_server: () => startMoto(moto, field.env),
  }
  const medians: Record<string, { first: number; memory: number; peak: number }> = {}
  for (const [name, start] of Object.entries(starts)) {
    const runs: { first: number; memory: number; peak: number }[] = []
    for (let round = 0; round < Math.min(5, field.rounds); round++) {
      const began = performance.now()
      const server = await start()
      await pace({ port: server.port, requests: [identityCall(server, 0)], connections: 1, count: 1 })
      const first = performance.now() - began
      const { memory } = usage(server.pid)
      await upload(server)
      runs.push({ first, memory, peak: usage(server.pid).peak })
      await server.stop()
    }
    const median = (figure: 'first' | 'memory' | 'peak'): number =>
      runs.map((run) => run[figure]).toSorted((a, b) => a - b)[runs.length >> 1]!
    const figures = (medians[name] = { first: median('first'), memory: median('memory'), peak: median('peak') })
    console.log(
      `  ${name.padEnd(12)} first answer ${figures.first.toFixed(0).padStart(5)} ms  ` +
        `then ${figures.memory.toFixed(0).padStart(4)} MiB  peak with the upload ${figures.peak.toFixed(0).padStart(4)} MiB`,
    )
  }
  const ratio = (figure: 'first' | 'memory' | 'peak'): number =>
    medians['virga']![figure] / medians['moto_server']![figure]
  return (
    told('start to the first answer, virga / moto_server', ratio('first'), 'most', 0.08) +
    told('memory after it', ratio('memory'), 'most', 0.7) +
    told('peak memory of an upload of 256 MiB', ratio('peak'), 'most', 0.12)
  )
}

async function upload(server: Server): Promise<void> {
  const bucket = signed(server, 's3', ['PUT', '/bench'], {}, nothing)
  await pace({ port: server.port, requests: [bucket], connections: 1, count: 1 })
  const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
  const whole = signed(server, 's3', ['PUT', '/bench/huge'], headers, some(uploadSize, 3))
  await pace({ port: server.port, requests: [whole], connections: 1, count: 1 })
}

async function longRun(field: Field): Promise<number> {
  console.log('\nlocal: memory after many requests')
  const server = await startVirga(field)
  try {
    await furnish(server)
    const { port } = server
    const mixed = [
      ...kinds['sts GetCallerIdentity']!(server),
      ...kinds['s3 GetObject 4 KiB']!(server),
      ...kinds['s3 PutObject 4 KiB']!(server).slice(0, 50),
      ...kinds['dynamodb GetItem']!(server),
    ]
    const memory: number[] = []
    for (const count of [10_000, 1_000_000]) {
      // Signatures last a quarter of an hour.
      await pace({ port, requests: mixed, connections, count: count - (memory.length > 0 ? 10_000 : 0) })
      // At rest it gives back what it does not need.
      await Bun.sleep(12_000)
      memory.push(usage(server.pid).memory)
      console.log(`  after ${count} requests: ${memory.at(-1)!.toFixed(0)} MiB`)
    }
    return told('memory after a million requests / after ten thousand', memory[1]! / memory[0]!, 'most', 1.05)
  } finally {
    await server.stop()
  }
}

/** Prints a ratio against its target; 1 where it was missed. */
function told(what: string, ratio: number, bound: 'least' | 'most', target: number): number {
  const met = bound === 'least' ? ratio >= target : ratio <= target
  const sign = bound === 'least' ? '≥' : '≤'
  console.log(`  ${what}: ${ratio.toFixed(3)}  (target ${sign} ${target})  ${met ? 'met' : 'MISSED'}`)
  return met ? 0 : 1
}
