// Runs jobs in the official CLI (many in one process, by a plugin) and in ours (in this process).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ran } from '../../src/cli/outside.fixture.ts'
import { readBody, type HttpRequest } from '../../src/http/message.ts'
import type { Models } from '../../src/model/model.ts'
import type { Outcome, Request } from './compare.ts'
import type { Job } from './jobs.ts'

const keys = {
  AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  AWS_REGION: 'us-east-1',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_PAGER: '',
  AWS_MAX_ATTEMPTS: '1',
  TZ: 'UTC',
}

/** Shares the jobs out to as many processes of the reference as there are processors. */
export async function runReference(
  aws: string,
  jobs: readonly Job[],
  folder: string,
  progress: (done: number) => void,
): Promise<Outcome[]> {
  const shards = Math.max(1, Math.min(navigator.hardwareConcurrency, Math.ceil(jobs.length / 20)))
  const counts = Array.from({ length: shards }, () => 0)
  const results = await Promise.all(
    Array.from({ length: shards }, async (_, shard) => {
      const own = jobs.filter((__, index) => index % shards === shard)
      return runShard(aws, own, join(folder, `shard${shard}`), (done) => {
        counts[shard] = done
        progress(counts.reduce((sum, count) => sum + count, 0))
      })
    }),
  )
  return jobs.map((_, index) => results[index % shards]![Math.floor(index / shards)]!)
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
export async function runOurs(job: Job, reference: Outcome, models: Models, home: string): Promise<Outcome> {
  const requests: Request[] = []
  const send = async (request: HttpRequest, options?: { stream?: boolean }) => {
    requests.push(await recorded(request))
    const body = Buffer.from(job.response.b64, 'base64')
    const headers = Object.fromEntries(
      Object.entries(job.response.headers).map(([name, value]) => [name.toLowerCase(), value]),
    )
    return {
      status: job.response.status,
      headers,
      body: options?.stream ? new Blob([body]).stream() : new Uint8Array(body),
    }
  }
  const random = crypto.randomUUID
  crypto.randomUUID = () => '00000000-0000-4000-8000-000000000000'
  try {
    const { exit, stdout, stderr } = await ran({
      argv: job.argv,
      env: keys,
      home,
      cwd: home,
      models,
      send,
      now: momentOf(reference),
    })
    return { requests, stdout, stderr, exit }
  } finally {
    crypto.randomUUID = random
  }
}

function momentOf({ requests }: Outcome): string | undefined {
  const date = requests[0]?.headers.find(([name]) => name.toLowerCase() === 'x-amz-date')?.[1]
  return date?.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z')
}

async function recorded({ method, scheme, host, path, query, headers, body }: HttpRequest): Promise<Request> {
  return {
    method,
    url: `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`,
    headers: Object.entries(headers),
    body: Buffer.from(await readBody(body)).toString('base64'),
  }
}
