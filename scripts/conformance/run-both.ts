// Runs jobs in the official CLI (many in one process, by a plugin) and in ours (in this process).

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Database } from 'bun:sqlite'
import { ran } from '../../src/cli/outside.fixture.ts'
import { readBody, type HttpRequest } from '../../src/http/message.ts'
import type { Models } from '../../src/model/model.ts'
import type { Outcome, Request } from './compare.ts'
import type { Answer, Job } from './jobs.ts'

const keys = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_MAX_ATTEMPTS: '1',
  TZ: 'UTC',
}

/** What the reference did is asked once and kept: it takes a hundred times as long as ours. */
export class Reference {
  readonly #aws: string
  readonly #folder: string
  readonly #kept: Database
  /** The program, and a number to count up when the runner is changed so that it would say something else. */
  readonly #edition: string

  constructor(aws: string, folder: string, kept: string) {
    this.#aws = aws
    this.#folder = folder
    this.#kept = new Database(kept)
    this.#kept.run('PRAGMA busy_timeout = 10000')
    this.#kept.run('CREATE TABLE IF NOT EXISTS outcome (job TEXT PRIMARY KEY, outcome TEXT) WITHOUT ROWID')
    this.#edition = `${aws} 1`
  }

  /** Whether it has been asked this before. */
  knows(job: Job): boolean {
    return this.#kept.query('SELECT 1 FROM outcome WHERE job = ?').get(this.#name(job)) !== null
  }

  /** Asks in portions, so that what was done stays done. */
  async outcomes(jobs: readonly Job[], progress: (done: number) => void): Promise<Outcome[]> {
    const find = this.#kept.query<{ outcome: string }, [string]>('SELECT outcome FROM outcome WHERE job = ?')
    const insert = this.#kept.query('INSERT OR REPLACE INTO outcome VALUES (?, ?)')
    const found = new Map<string, string>()
    const missing: Job[] = []
    for (const job of jobs) {
      const row = find.get(this.#name(job))
      if (row) found.set(this.#name(job), row.outcome)
      else missing.push(job)
    }
    for (let at = 0; at < missing.length; at += 1000) {
      const portion = missing.slice(at, at + 1000)
      const asked = await this.#ask(portion, (done) => progress(at + done))
      this.#kept.transaction(() => {
        for (const [index, job] of portion.entries()) {
          const outcome = JSON.stringify(asked[index])
          insert.run(this.#name(job), outcome)
          found.set(this.#name(job), outcome)
        }
      })()
    }
    return jobs.map((job) => JSON.parse(found.get(this.#name(job))!) as Outcome)
  }

  #name({ argv, answers, files, env, stdin }: Job): string {
    const whole = JSON.stringify([argv, answers, files, env, stdin, this.#edition])
    return new Bun.CryptoHasher('sha256').update(whole).digest('hex')
  }

  /** Shares the jobs out to as many processes of the reference as there are processors. */
  async #ask(jobs: readonly Job[], progress: (done: number) => void): Promise<Outcome[]> {
    const shards = Math.max(1, Math.min(navigator.hardwareConcurrency, Math.ceil(jobs.length / 20)))
    const counts = Array.from({ length: shards }, () => 0)
    // Neighbours are often of one service.
    const bounds = (shard: number): [number, number] => [
      Math.floor((shard * jobs.length) / shards),
      Math.floor(((shard + 1) * jobs.length) / shards),
    ]
    const results = await Promise.all(
      Array.from({ length: shards }, async (_, shard) => {
        const own = jobs.slice(...bounds(shard))
        return runShard(this.#aws, own, join(this.#folder, `shard${shard}`), (done) => {
          counts[shard] = done
          progress(counts.reduce((sum, count) => sum + count, 0))
        })
      }),
    )
    return results.flat()
  }
}

async function runShard(
  aws: string,
  jobs: readonly Job[],
  home: string,
  progress: (done: number) => void,
): Promise<Outcome[]> {
  mkdirSync(join(home, '.aws'), { recursive: true })
  writeFileSync(
    join(home, '.aws', 'config'),
    `[default]\n[plugins]\ncli_legacy_plugin_path = ${import.meta.dir}\nvirga = reference_runner\n`,
  )
  const [jobsFile, outcomesFile] = [join(home, 'jobs'), join(home, 'outcomes')]
  writeFileSync(jobsFile, jobs.map((job) => `${JSON.stringify(job)}\n`).join(''))
  rmSync(outcomesFile, { force: true })
  const child = Bun.spawn([aws, '--version'], {
    cwd: home,
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      LANG: 'C.UTF-8',
      ...keys,
      VIRGA_JOBS: jobsFile,
      VIRGA_OUTCOMES: outcomesFile,
      VIRGA_PLACE: join(home, 'here'),
      PYTHONDONTWRITEBYTECODE: '1',
    },
  })
  const lines = (): string[] =>
    existsSync(outcomesFile) ? readFileSync(outcomesFile, 'utf8').split('\n').slice(0, -1) : []
  while (child.exitCode === null) {
    await Promise.race([child.exited, Bun.sleep(2000)])
    progress(lines().length)
  }
  const outcomes = lines().map((line) => JSON.parse(line) as Outcome)
  if (outcomes.length !== jobs.length) {
    throw new Error(
      `the reference ended after ${outcomes.length} of ${jobs.length}: ${(await new Response(child.stderr).text()).trim()}`,
    )
  }
  return outcomes
}

/** At the moment the reference signed, so that signatures can be compared to the letter. */
export async function runOurs(job: Job, reference: Outcome, models: Models, folder: string): Promise<Outcome> {
  const requests: Request[] = []
  const send = async (request: HttpRequest, options?: { stream?: boolean }) => {
    const sent = await recorded(request)
    requests.push(sent)
    const { answers } = job
    const answer = answers[Math.min(requests.length, answers.length) - 1] ?? plainSuccess(sent)
    const body = Buffer.from(answer.b64, 'base64')
    const headers = Object.fromEntries(
      Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    return {
      status: answer.status,
      headers,
      body: options?.stream ? new Blob([body]).stream() : new Uint8Array(body),
    }
  }
  const place = join(folder, 'here')
  furnish(place, job.files ?? {})
  // As the reference's, which has a plugin in it besides.
  mkdirSync(join(folder, '.aws'), { recursive: true })
  writeFileSync(join(folder, '.aws', 'config'), '[default]\n')
  const home = Object.keys(job.files ?? {}).some((name) => name.startsWith('home/')) ? join(place, 'home') : folder
  const env = Object.entries({ ...keys, HOME: home, ...job.env }).map(([name, value]) => [name, value ?? undefined])
  const [random, timeout, before] = [crypto.randomUUID, globalThis.setTimeout, process.cwd()]
  crypto.randomUUID = () => '00000000-0000-4000-8000-000000000000'
  globalThis.setTimeout = ((done: () => void, _: number, ...rest: []) => timeout(done, 0, ...rest)) as typeof timeout
  process.chdir(place)
  try {
    const { exit, stdout, stderr } = await ran({
      argv: job.argv,
      env: Object.fromEntries(env) as Record<string, string | undefined>,
      home,
      cwd: place,
      models,
      send,
      now: momentOf(reference),
      stdin: job.stdin,
    })
    const outcome = { requests, stdout, stderr, exit }
    return JSON.parse(JSON.stringify(outcome).replaceAll(place, '<here>').replaceAll(folder, '<home>')) as Outcome
  } finally {
    crypto.randomUUID = random
    globalThis.setTimeout = timeout
    process.chdir(before)
  }
}

function furnish(place: string, files: Record<string, string>): void {
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(join(place, name), text)
  }
}

/** Keep equal to plain_success in reference_runner.py. */
function plainSuccess({ headers }: Request): Answer {
  const kind = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? ''
  const form = kind.startsWith('application/x-www-form-urlencoded')
  const text = form ? '<R/>' : kind.includes('xml') ? '<a/>' : '{}'
  return { status: 200, headers: {}, b64: btoa(text) }
}

function momentOf({ requests }: Outcome): string | undefined {
  const [first] = requests
  const date = first?.headers.find(([name]) => name.toLowerCase() === 'x-amz-date')?.[1]
  // In a signature of version 2 the moment stands in the form.
  const form = new URLSearchParams(first === undefined ? '' : atob(first.body))
  const inForm = form.get('SignatureVersion') === '2' ? (form.get('Timestamp') ?? undefined) : undefined
  return date?.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z') ?? inForm
}

async function recorded({ method, scheme, host, path, query, headers, body }: HttpRequest): Promise<Request> {
  return {
    method,
    url: `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`,
    headers: Object.entries(headers),
    body: Buffer.from(await readBody(body)).toString('base64'),
  }
}
