// The official CLI and Virga, asked the same behind the same recording proxy on AWS's own host names: they send the same
// requests, print the same and end the same. What is asked stands in witnesses/scenarios.ts.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { canonical } from './witnesses/canonical.ts'
import type { Canonical } from './witnesses/canonical.ts'
import { Authority, recordingProxy } from './witnesses/recording-proxy.ts'
import type { Answers, Proxy } from './witnesses/recording-proxy.ts'
import { scenarios } from './witnesses/scenarios.ts'
import type { Scenario } from './witnesses/scenarios.ts'
import { officialCli, program, referenceModels, scratch } from './witnesses/witnesses.ts'

const virga = process.env.VIRGA_COMMAND?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const only = process.env.VIRGA_SCENARIOS
const official = await officialCli()
const openssl = program('openssl')
const models = await referenceModels()
const lacking = [official, openssl, models].find((one) => 'missing' in one)

interface Outcome {
  requests: Canonical[]
  stdout: string
  stderr: string
  code: number
  outfile: string | undefined
}

const chosen = scenarios.filter(({ name }) => only === undefined || new RegExp(only).test(name))
const outcomes = new Map<Scenario, { official: Outcome; virga: Outcome }>()
const folder = scratch('wire')

async function outcomeOf(
  command: readonly string[],
  scenario: Scenario,
  proxy: Proxy,
  authority: Authority,
  home: string,
): Promise<Outcome> {
  rmSync(home, { recursive: true, force: true })
  mkdirSync(join(home, '.aws'), { recursive: true })
  if (scenario.config !== undefined) writeFileSync(join(home, '.aws', 'config'), scenario.config)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(home, name), content)
  const { argv, answer } = scenario
  proxy.begin(answersOf(answer))
  const through = `http://127.0.0.1:${proxy.port}`
  const child = Bun.spawn([...command, ...(typeof argv === 'string' ? argv.split(' ').filter(Boolean) : argv)], {
    cwd: home,
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      AWS_NEW_RETRIES_2026: 'true',
      HTTPS_PROXY: through,
      HTTP_PROXY: through,
      AWS_CA_BUNDLE: authority.bundle,
      VIRGA_MODELS: (models as { found: string }).found,
      ...scenario.env,
    },
  })
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  const outfile = Bun.file(join(home, 'out'))
  return {
    requests: proxy.requests.map(canonical),
    stdout,
    code,
    stderr: stderr.replaceAll(home, 'HOME'),
    outfile: (await outfile.exists()) ? await outfile.text() : undefined,
  }
}

const files = {
  small: 'small body',
  big: Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 7 + (index >> 9)) & 255),
  empty: '',
  script: '#!/bin/sh\necho ü\n',
}

function answersOf(answer: Scenario['answer']): Answers {
  if (typeof answer === 'function') return answer
  const list =
    answer === undefined ? [{ headers: { 'content-type': 'application/x-amz-json-1.1' }, body: '{}' }] : [answer].flat()
  return (_, index) => list[Math.min(index, list.length - 1)]!
}

if (lacking && 'missing' in lacking) {
  console.log(`SKIPPED the wire scenarios: ${lacking.missing}`)
  test.skip(`the wire scenarios: ${lacking.missing}`, () => {})
} else {
  // All are run first, two at a time: the official CLI needs a second for each.
  beforeAll(async () => {
    const authority = new Authority(join(folder, 'authority'))
    const waiting = [...chosen]
    const work = async (worker: number): Promise<void> => {
      const [one, other] = [await recordingProxy(authority), await recordingProxy(authority)]
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
        const [theirs, ours] = await Promise.all([
          outcomeOf(
            [(official as { found: { aws: string } }).found.aws],
            scenario,
            one,
            authority,
            join(folder, `official-${worker}`),
          ),
          outcomeOf(virga, scenario, other, authority, join(folder, `virga-${worker}`)),
        ])
        outcomes.set(scenario, { official: theirs, virga: ours })
      }
      one.stop()
      other.stop()
    }
    await Promise.all([work(1), work(2)])
  }, 1_200_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  describe('as the official CLI does it', () => {
    test.each(chosen.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
      const { official: theirs, virga: ours } = outcomes.get(scenario)!
      const compared = (['requests', 'stdout', 'stderr', 'code', 'outfile'] as const).filter(
        (part) => part === 'outfile' || !scenario.differs?.in.includes(part),
      )
      const pick = (outcome: Outcome): Partial<Outcome> =>
        Object.fromEntries(compared.map((part) => [part, outcome[part]]))
      expect(pick(ours)).toEqual(pick(theirs))
    })
  })
}
