// What AWS CLI 2.36.12 did when the same was typed, with the same files and the same answers of AWS: its requests, what
// it printed and wrote, its exit code. One run a line in `recorded/*.jsonl`; the reference was run against a server that
// answers by the patterns in `answers`.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'bun:test'
import { openHistory } from './history/database.ts'
import { builtModels, ran } from './outside.fixture.ts'
import type { Answer, Sent } from './outside.fixture.ts'

interface RecordedAnswer extends Answer {
  readonly ct?: string
  /** The body is bytes, one a character. */
  readonly latin1?: boolean
}

interface Recorded {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string | null>>
  /** Below the working directory, or `home/…`. */
  readonly files?: Readonly<Record<string, string | { hex: string } | { records: string }>>
  /** Programs on the path. */
  readonly bin?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Pattern of `METHOD PATH TARGET BODY` and what answers it, one after the other, the last for good. */
  readonly answers?: readonly [string, readonly RecordedAnswer[]][]
  /** What differs between two runs of the reference itself. */
  readonly scrub?: readonly [string, string][]
  readonly skip?: readonly ('out' | 'err' | 'reqs' | 'files')[]
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  readonly requests: readonly { method: string; path: string; target?: string; type?: string; body: string }[]
  /** Mode and text. */
  readonly written?: Readonly<Record<string, readonly [string, string]>>
}

const folder = join(import.meta.dir, 'recorded')
// Where the reference was run; some commands show local time.
process.env.TZ = 'UTC'

const ADDRESS = 'http://127.0.0.1:18765'

/** Those that the reference runs as threads of Python, or whose children print past us, are judged elsewhere. */
const missing = builtModels() === undefined
if (missing) console.log('SKIPPED the recorded runs: no models are built: npm run models')

for (const file of readdirSync(folder)
  .filter((name) => name.endsWith('.jsonl'))
  .toSorted()) {
  const lines = readFileSync(join(folder, file), 'utf8').trim().split('\n')
  describe(file.replace('.jsonl', ''), () => {
    lines.forEach((line, at) => {
      const recorded = JSON.parse(line) as Recorded
      test.skipIf(missing)(`${at + 1} ${recorded.argv.join(' ').slice(0, 120)}`, () => compare(recorded))
    })
  })
}

async function compare(recorded: Recorded): Promise<void> {
  const { skip = [] } = recorded
  const place = mkdtempSync(join(tmpdir(), 'virga-recorded-'))
  const before = process.cwd()
  try {
    const ours = await runIn(place, recorded)
    const clean = (value: object): string[] => scrubbed(value, recorded, place)
    const facts = {
      exit: recorded.exit,
      ...(skip.includes('out') ? {} : { stdout: recorded.stdout }),
      ...(skip.includes('err') ? {} : { stderr: recorded.stderr }),
      ...(skip.includes('reqs')
        ? {}
        : { requests: recorded.requests.map((one) => byValue(one.method, one.path, one.target, one.type, one.body)) }),
      ...(skip.includes('files') ? {} : { written: recorded.written ?? {} }),
    }
    const found = {
      exit: ours.exit,
      ...(skip.includes('out') ? {} : { stdout: ours.stdout }),
      ...(skip.includes('err') ? {} : { stderr: ours.stderr }),
      ...(skip.includes('reqs')
        ? {}
        : {
            requests: ours.sent.map((one) => {
              return byValue(
                one.method,
                one.url.slice(ADDRESS.length),
                one.headers['x-amz-target'],
                one.headers['content-type'],
                one.body,
              )
            }),
          }),
      ...(skip.includes('files') ? {} : { written: writtenIn(place, recorded) }),
    }
    expect(clean(found)).toEqual(clean(facts))
  } finally {
    process.chdir(before)
    rmSync(place, { recursive: true, force: true })
  }
}

async function runIn(place: string, { argv, files = {}, bin = {}, env = {}, stdin, answers = [] }: Recorded) {
  for (const each of ['w', 'home', 'bin']) mkdirSync(join(place, each), { recursive: true })
  const here = (text: string): string =>
    text
      .replaceAll('<here>', join(place, 'w'))
      .replaceAll('<home>', join(place, 'home'))
      .replaceAll('<bin>', join(place, 'bin'))
  for (const [name, content] of Object.entries(files)) {
    const path = pathOf(place, name)
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'string') writeFileSync(path, here(content))
    else if ('hex' in content) writeFileSync(path, Buffer.from(content.hex, 'hex'))
    else await writeHistory(path, content.records)
  }
  for (const [name, script] of Object.entries(bin)) {
    writeFileSync(join(place, 'bin', name), script)
    chmodSync(join(place, 'bin', name), 0o755)
  }
  const queues = answers.map(([pattern, list]) => ({ pattern: new RegExp(pattern), list: [...list] }))
  const answer = ({ method, url, headers, body }: Sent): Answer => {
    const key = `${method} ${url.slice(ADDRESS.length)} ${headers['x-amz-target'] ?? ''} ${body}`
    const queue = queues.find(({ pattern }) => pattern.test(key))
    if (queue !== undefined) return asSent(queue.list.length > 1 ? queue.list.shift()! : queue.list[0]!)
    if (/^\w+ \/(2013-04-01|2020-05-31)\//.test(key)) return asSent({ body: '<a/>', ct: 'text/xml' })
    if (!headers['content-type']?.startsWith('application/x-www-form')) return asSent({ body: '{}' })
    const [, action = 'X'] = /Action=(\w+)/.exec(body) ?? []
    return asSent({ body: `<${action}Response><${action}Result/></${action}Response>` })
  }
  const set = {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: ADDRESS,
    HOME: join(place, 'home'),
    PATH: `${join(place, 'bin')}:/usr/bin:/bin:/usr/local/bin`,
    ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, value === null ? undefined : here(value)])),
  } as Record<string, string>
  const models = (await builtModels())!
  process.chdir(join(place, 'w'))
  return ran({
    argv: argv.map(here),
    env: set,
    home: join(place, 'home'),
    cwd: join(place, 'w'),
    stdin,
    answers: answer,
    models,
    now: new Date().toISOString(),
  })
}

/** A history of the reference's, which is a database, from its rows. */
async function writeHistory(path: string, rows: string): Promise<void> {
  const database = await openHistory(path)
  for (const row of JSON.parse(readFileSync(join(folder, rows), 'utf8')) as (string | number | null)[][]) {
    database.run(
      'INSERT INTO records(id, request_id, source, event_type, timestamp, payload) VALUES (?,?,?,?,?,?)',
      row,
    )
  }
  database.close()
}

function asSent({ ct, latin1, headers, body, status }: RecordedAnswer): Answer {
  const bytes = latin1 ? new Uint8Array(Buffer.from(body as string, 'latin1')) : body
  return { status, headers: { 'content-type': ct ?? 'application/json', ...lowered(headers) }, body: bytes }
}

function lowered(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function pathOf(place: string, name: string): string {
  return name.startsWith('home/') ? join(place, name) : join(place, 'w', name)
}

function byValue(
  method: string,
  path: string,
  target: string | undefined,
  type: string | undefined,
  body: string,
): object {
  if (body.startsWith('PK\x03\x04')) return { method, path, target, type, zipped: namesIn(body) }
  return { method, path, target, type, body: type?.startsWith('application/x-www-form') ? formOf(body) : jsonOf(body) }
}

/** Two archives of the same files differ: the names in the central directory do not. */
function namesIn(zip: string): string[] {
  return [...zip.matchAll(/PK\x01\x02[^]{42}([\w./-]+?)(?=PK)/g)].map(([, name]) => name!).toSorted()
}

function formOf(body: string): string[] {
  return [...new URLSearchParams(body)].map((pair) => pair.join('=')).toSorted()
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}

/** What is there afterwards that was not there, or not so, before. */
function writtenIn(place: string, { files = {} }: Recorded): Record<string, [string, string]> {
  const written: Record<string, [string, string]> = {}
  for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    const name = relative(place, path)
    if (!entry.isFile() || name.startsWith('bin/') || name.includes('/cli/cache/') || !existsSync(path)) continue
    const bytes = readFileSync(path)
    if (files[name.replace(/^w\//, '')] === bytes.toString('utf8')) continue
    written[name] = [`0o${(statSync(path).mode & 0o777).toString(8)}`, bytes.toString('latin1').slice(0, 20_000)]
  }
  return written
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g

/** As text, in which places and what differs anyway have a name. */
function scrubbed(value: object, { scrub = [] }: Recorded, place: string): string[] {
  const plain = JSON.stringify(value, sortedKeys, 1)
    .replaceAll(join(place, 'w'), '<here>')
    .replaceAll(join(place, 'home'), '<home>')
    .replaceAll(join(place, 'bin'), '<bin>')
    .replace(UUID, 'UUID')
  return scrub.reduce((text, [pattern, word]) => text.replace(new RegExp(pattern, 'g'), word), plain).split('\n')
}

function sortedKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
