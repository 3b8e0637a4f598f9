// `virga s3` against the official CLI, command by command, on moto and on the local AWS: the same lines, requests, files,
// objects, exit codes.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Side, wordsOf } from './s3/both.ts'
import type { Outcome, S3Server, Scenario } from './s3/both.ts'
import { moto } from './s3/moto.ts'
import { scenarios as all } from './s3/scenarios.ts'
import { serve } from './witnesses/local-server.ts'
import { officialCli, scratch } from './witnesses/witnesses.ts'
import type { Witness } from './witnesses/witnesses.ts'

const program = process.env.VIRGA_PROGRAM?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const wanted = process.env.VIRGA_SCENARIOS ?? ''
const scenarios = all.filter(({ name }) => name.includes(wanted))
const root = scratch('s3')

interface Printed {
  readonly stdout: string
  readonly stderr: string
  readonly exit: number | string
}

const official = await officialCli()
const stops: (() => unknown)[] = []

afterAll(async () => {
  for (const stop of stops) await stop()
  rmSync(root, { recursive: true, force: true })
}, 60_000)

async function local(): Promise<Witness<S3Server>> {
  const server = await serve(program)
  stops.push(() => server.stop())
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = server.env
  return { found: { url: server.url, port: Number(new URL(server.url).port), accessKeyId, secretAccessKey } }
}

async function foreign(): Promise<Witness<S3Server>> {
  const server = await moto()
  if ('found' in server) stops.push(() => server.found.stop())
  return server
}

const kinds: Record<string, () => Promise<Witness<S3Server>>> = { moto: foreign, 'the local AWS': local }
for (const [kind, start] of Object.entries(kinds))
  if (kind.includes(process.env.VIRGA_S3 ?? '')) await compareOn(kind, start)

/** Each side has a server of its own: the two must not see each other's objects. */
async function compareOn(kind: string, start: () => Promise<Witness<S3Server>>): Promise<void> {
  const servers = [await start(), await start()]
  const missing = [official, ...servers].flatMap((witness) => ('missing' in witness ? [witness.missing] : []))
  if (missing.length > 0 || 'missing' in official) {
    console.log(`SKIPPED s3 against the official CLI on ${kind}: ${missing.join(', ')}`)
    test.skip(`missing: ${missing.join(', ')}`, () => {})
    return
  }
  const [theirs, ours] = servers.map(
    (server, index) => new Side(['theirs', 'ours'][index]!, join(root, kind), (server as { found: S3Server }).found),
  ) as [Side, Side]
  for (const [index, scenario] of scenarios.entries())
    await Promise.all([theirs, ours].map((side) => side.prepare(index, scenario)))
  const [fromThem, fromUs] = await Promise.all([reference(official.found.aws, theirs), own(ours)])

  describe(`on ${kind}, as the official CLI does it`, () => {
    for (const [index, scenario] of scenarios.entries()) {
      test(scenario.name, async () => {
        const [expected, got] = await Promise.all([
          theirs.outcome(index, fromThem[index]!),
          ours.outcome(index, fromUs[index]!),
        ])
        expect(comparable(got, scenario)).toEqual(comparable(expected, scenario))
      })
    }
  })
}

function comparable(outcome: Outcome, { differs = [] }: Scenario): Partial<Outcome> {
  const kept: Partial<Record<keyof Outcome, unknown>> = { ...outcome }
  for (const part of differs) delete kept[part]
  return kept as Partial<Outcome>
}

async function own(side: Side): Promise<Printed[][]> {
  const printed: Printed[][] = []
  for (const [index, scenario] of scenarios.entries()) {
    const env = side.env(index, scenario)
    printed[index] = []
    for (const words of scenario.run) {
      const child = Bun.spawn([...program, ...wordsOf(words, index)], {
        cwd: side.folder(index),
        env,
        stdin: Buffer.from(scenario.stdin ?? ''),
        stdout: 'pipe',
        stderr: 'pipe',
      })
      const [stdout, stderr, exit] = await Promise.all([
        new Response(child.stdout).text(),
        new Response(child.stderr).text(),
        child.exited,
      ])
      printed[index]!.push({ stdout, stderr, exit })
    }
  }
  return printed
}

/** Two processes of the reference, each with every other scenario. */
async function reference(aws: string, side: Side): Promise<Printed[][]> {
  const printed: Printed[][] = scenarios.map(() => [])
  await Promise.all(
    [0, 1].map(async (shard) => {
      const mine = scenarios.flatMap((scenario, index) => (index % 2 === shard ? [{ scenario, index }] : []))
      const jobs = mine.flatMap(({ scenario, index }) =>
        scenario.run.map((words) => ({
          index,
          argv: wordsOf(words, index),
          cwd: side.folder(index),
          env: side.env(index, scenario),
          stdin: Buffer.from(scenario.stdin ?? '').toString('base64'),
        })),
      )
      const home = join(side.root, `reference-${shard}`)
      mkdirSync(join(home, '.aws'), { recursive: true })
      writeFileSync(
        join(home, '.aws', 'config'),
        `[default]\n[plugins]\ncli_legacy_plugin_path = ${join(import.meta.dir, 's3')}\nvirga = reference_commands\n`,
      )
      writeFileSync(join(home, 'jobs'), jobs.map((job) => `${JSON.stringify(job)}\n`).join(''))
      const child = Bun.spawn([aws, '--version'], {
        cwd: home,
        stdin: 'ignore',
        stdout: 'ignore',
        stderr: 'pipe',
        env: {
          PATH: process.env.PATH ?? '',
          HOME: home,
          LANG: 'C.UTF-8',
          VIRGA_JOBS: join(home, 'jobs'),
          VIRGA_OUTCOMES: join(home, 'outcomes'),
          PYTHONDONTWRITEBYTECODE: '1',
        },
      })
      await child.exited
      const outcomes = existsSync(join(home, 'outcomes'))
        ? readFileSync(join(home, 'outcomes'), 'utf8').split('\n').slice(0, -1)
        : []
      if (outcomes.length !== jobs.length) {
        throw new Error(
          `the reference ended after ${outcomes.length} of ${jobs.length}: ${await new Response(child.stderr).text()}`,
        )
      }
      for (const [at, line] of outcomes.entries()) {
        const { stdout, stderr, exit } = JSON.parse(line) as Printed
        const text = (base64: string): string => Buffer.from(base64, 'base64').toString()
        printed[jobs[at]!.index]!.push({ stdout: text(stdout), stderr: text(stderr), exit })
      }
    }),
  )
  return printed
}
