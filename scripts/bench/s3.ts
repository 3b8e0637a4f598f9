// Races of `s3` against the official CLI and rclone on the same sink (s3-sink.c, compiled here), which does of S3 only
// what costs the client time.

import { existsSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Authority } from '../../tests/witnesses/recording-proxy.ts'
import type { OfficialCli, Witness } from '../../tests/witnesses/witnesses.ts'
import { program } from '../../tests/witnesses/witnesses.ts'
import { race, report } from './measure.ts'
import type { Contestant, Figures, Target } from './measure.ts'
import { sinkProgram, startSink, type Sink } from './sink.ts'

interface Field {
  readonly virga: string
  readonly official: Witness<OfficialCli>
  readonly env: Record<string, string>
  readonly rounds: number
  /** A folder for what is made here. */
  readonly folder: string
}

const gibibyte = 1 << 30
const objects = 5000
const objectSize = 4096

/** Each returns how many targets were missed. */
export function s3Races(field: Field): Record<string, () => Promise<number>> {
  // A race here takes seconds, not milliseconds.
  const rounds = Math.max(1, Math.min(3, field.rounds))
  const wait = (name: string, run: (around: Around) => Promise<number>): Record<string, () => Promise<number>> => ({
    [`s3: ${name}`]: async () => {
      const around = prepared(field, rounds)
      if (around === undefined) return 0
      try {
        return await run(around)
      } finally {
        around.end()
      }
    },
  })
  return {
    ...wait(`${objects} × 4 KiB up`, (around) => manyUp(around, [])),
    ...wait(`${objects} × 4 KiB up, 20 ms away`, (around) => manyUp(around, ['-l', '20'])),
    ...wait(`${objects} × 4 KiB down`, (around) => manyDown(around, [])),
    ...wait(`${objects} × 4 KiB down, 20 ms away`, (around) => manyDown(around, ['-l', '20'])),
    ...wait(`sync of ${objects} unchanged files`, unchanged),
    ...wait('1 GiB up over TLS', (around) => large(around, 'up')),
    ...wait('1 GiB down over TLS', (around) => large(around, 'down')),
    ...wait('a million keys', millionKeys),
    ...wait('10 GiB, its memory', tenGibibytes),
  }
}

interface Around extends Field {
  readonly binary: string
  /** In memory where the machine has such a place: a disk would race too. */
  readonly scratch: string
  end(): void
}

function prepared(field: Field, rounds: number): Around | undefined {
  const sink = sinkProgram(field.folder)
  if ('missing' in sink) {
    console.log(`no s3 races: ${sink.missing}`)
    return undefined
  }
  const scratch = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'virga-s3-'))
  return { ...field, rounds, binary: sink.found, scratch, end: () => rmSync(scratch, { recursive: true, force: true }) }
}

function environment({ env, scratch }: Around, { url }: Sink): Record<string, string> {
  return {
    ...env,
    HOME: join(scratch, 'home'),
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  }
}

/** The three that can do it; rclone with 256 transfers at a time, and told not to look for what it would overwrite. */
function contestants(around: Around, server: Sink, words: readonly string[], rclone: readonly string[]): Contestant[] {
  const env = environment(around, server)
  const found: Contestant[] = [{ name: 'virga', command: [around.virga, ...words], env }]
  if ('found' in around.official) found.push({ name: 'aws', command: [around.official.found.aws, ...words], env })
  const other = program('rclone')
  if ('missing' in other) console.log(`  (${other.missing})`)
  else {
    const remote = `:s3,provider=Other,env_auth=true,endpoint="${server.url}",region=us-east-1,no_check_bucket=true,list_version=2:`
    const many = ['--transfers', '256', '--checkers', '256', '-q']
    const command = [other.found, ...rclone.map((word) => word.replace('REMOTE:', remote)), ...many]
    found.push({ name: 'rclone', command, env })
  }
  return found
}

/** Named as the sink lists them, and of the size it tells: filled anew each, or all zeros that take no room. */
function smallFiles({ scratch }: Around, count = objects, content = new Uint8Array(objectSize)): string {
  const folder = join(scratch, 'small')
  mkdirSync(folder)
  for (let index = 0; index < count; index++) {
    const path = join(folder, `f${String(index).padStart(8, '0')}`)
    writeFileSync(path, crypto.getRandomValues(content))
    if (content.length < objectSize) truncateSync(path, objectSize)
  }
  return folder
}

async function manyUp(around: Around, latency: readonly string[]): Promise<number> {
  const server = await startSink(around.binary, latency)
  try {
    const folder = smallFiles(around)
    const field = contestants(
      around,
      server,
      ['s3', 'cp', folder, 's3://b', '--recursive', '--quiet'],
      ['copy', folder, 'REMOTE:b', '--no-check-dest'],
    )
    return reported(
      `s3: ${objects} × 4 KiB up${latency.length > 0 ? ', 20 ms away' : ''}`,
      race(field, around.rounds),
      latency,
    )
  } finally {
    server.stop()
  }
}

async function manyDown(around: Around, latency: readonly string[]): Promise<number> {
  const server = await startSink(around.binary, latency)
  try {
    const folder = join(around.scratch, 'down')
    const field = contestants(
      around,
      server,
      ['s3', 'cp', 's3://b', folder, '--recursive', '--quiet'],
      ['copy', 'REMOTE:b', folder, '--no-check-dest'],
    )
    return reported(
      `s3: ${objects} × 4 KiB down${latency.length > 0 ? ', 20 ms away' : ''}`,
      race(field, around.rounds),
      latency,
    )
  } finally {
    server.stop()
  }
}

function reported(title: string, figures: readonly Figures[], latency: readonly string[]): number {
  for (const { name, wall, cpu } of figures) {
    console.log(
      `  ${name}: ${Math.round((objects / wall) * 1000)} objects/s, ${Math.round((cpu / objects) * 1000)} µs of CPU each`,
    )
  }
  const targets: Target[] =
    latency.length > 0
      ? [
          { figure: 'wall', of: 'virga', to: 'aws', atMost: 1 / 40 },
          { figure: 'wall', of: 'virga', to: 'rclone', atMost: 1 / 3 },
        ]
      : [{ figure: 'cpu', of: 'virga', to: 'aws', atMost: 0.02 }]
  return report(title, figures, targets)
}

async function unchanged(around: Around): Promise<number> {
  const server = await startSink(around.binary, [])
  try {
    const folder = smallFiles(around)
    const field = contestants(
      around,
      server,
      ['s3', 'sync', folder, 's3://b', '--quiet'],
      ['sync', folder, 'REMOTE:b', '--size-only'],
    )
    return report(`s3: sync of ${objects} unchanged files`, race(field, around.rounds), [
      { figure: 'wall', of: 'virga', to: 'aws', atMost: 0.025 },
    ])
  } finally {
    server.stop()
  }
}

async function large(around: Around, direction: 'up' | 'down'): Promise<number> {
  const authority = new Authority(join(around.scratch, 'authority'))
  const { cert, key } = authority.certificate('127.0.0.1')
  const files = { cert: join(around.scratch, 'cert.pem'), key: join(around.scratch, 'key.pem') }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key)
  const server = await startSink(around.binary, ['-c', files.cert, '-k', files.key])
  try {
    const file = join(around.scratch, 'big')
    writeFileSync(file, '')
    if (direction === 'up') truncateSync(file, gibibyte)
    const object = `s3://b/big-${gibibyte}`
    const words = ['s3', 'cp', ...(direction === 'up' ? [file, object] : [object, file]), '--quiet']
    const env = { ...environment(around, server), AWS_CA_BUNDLE: authority.bundle }
    const config = join(around.scratch, 'crt.config')
    writeFileSync(config, '[default]\ns3 =\n  preferred_transfer_client = crt\n')
    const field: Contestant[] = [{ name: 'virga', command: [around.virga, ...words], env }]
    if ('found' in around.official) {
      const { aws } = around.official.found
      field.push({ name: 'aws', command: [aws, ...words], env })
      field.push({
        name: 'aws crt',
        command: [aws, ...words, '--endpoint-url', server.url],
        env: { ...env, AWS_CONFIG_FILE: config },
      })
    }
    return report(`s3: 1 GiB ${direction} over TLS, with CRC64NVME`, race(field, around.rounds), [
      { figure: 'wall', of: 'virga', to: 'aws crt', atMost: 0.5 },
      { figure: 'cpu', of: 'virga', to: 'aws crt', atMost: direction === 'up' ? 0.4 : 0.45 },
      ...(direction === 'down' ? [{ figure: 'memory', of: 'virga', to: 'aws crt', atMost: 0.12 } as const] : []),
    ])
  } finally {
    server.stop()
  }
}

/** Ours alone, and once: what counts is that no body is held. */
async function tenGibibytes(around: Around): Promise<number> {
  const file = join(around.scratch, 'ten')
  writeFileSync(file, '')
  truncateSync(file, 10 * gibibyte)
  const object = `big-${10 * gibibyte}`
  return bounded(
    { ...around, rounds: 1 },
    's3: 10 GiB',
    [],
    [
      {
        name: 'one body up',
        words: ['s3api', 'put-object', '--bucket', 'b', '--key', 'k', '--body', file],
        mebibytes: 160,
      },
      {
        name: 'one body down',
        words: ['s3api', 'get-object', '--bucket', 'b', '--key', object, '/dev/null'],
        mebibytes: 160,
      },
      { name: 'in parts up', words: ['s3', 'cp', file, 's3://b/k', '--quiet'], mebibytes: 160 },
    ],
  )
}

/** Ours alone: the official CLI takes minutes. What counts is that memory stays bounded. */
async function millionKeys(around: Around): Promise<number> {
  const keys = 1_000_000
  const folder = smallFiles(around, keys, new Uint8Array(0))
  return bounded(
    around,
    's3: a million keys, none of them changed',
    ['-n', String(keys)],
    [
      { name: 'ls', words: ['s3', 'ls', 's3://b', '--recursive'], mebibytes: 100 },
      { name: 'sync of two buckets', words: ['s3', 'sync', 's3://b', 's3://c', '--quiet'], mebibytes: 100 },
      // All in one folder, whose names are read at once: the worst case.
      { name: 'sync of a folder', words: ['s3', 'sync', folder, 's3://b', '--size-only', '--quiet'], mebibytes: 160 },
    ],
  )
}

interface Bounded {
  readonly name: string
  readonly words: readonly string[]
  /** At the peak. */
  readonly mebibytes: number
}

async function bounded(
  around: Around,
  title: string,
  sinkWords: readonly string[],
  field: readonly Bounded[],
): Promise<number> {
  const server = await startSink(around.binary, sinkWords)
  try {
    const env = environment(around, server)
    const figures = race(
      field.map(({ name, words }) => ({ name, command: [around.virga, ...words], env })),
      around.rounds,
    )
    let missed = report(title, figures, [])
    for (const [index, { name, mebibytes }] of field.entries()) {
      const { memory } = figures[index]!
      const met = memory <= mebibytes
      if (!met) missed++
      console.log(`  ${name}, peak: ${memory.toFixed(1)} MiB  (target ≤ ${mebibytes} MiB)  ${met ? 'met' : 'MISSED'}`)
    }
    return missed
  } finally {
    server.stop()
  }
}
