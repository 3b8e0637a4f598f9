// No secret in what is told: every scenario of the credential chain once more, with --debug, and again with services that
// answer nonsense; and not one key, token or code in what is printed for people, or kept where nobody looks for secrets.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { outcomeOf } from './witnesses/identity-run.ts'
import type { Outcome } from './witnesses/identity-run.ts'
import { scenarios } from './witnesses/identity-scenarios.ts'
import type { Scenario } from './witnesses/identity-scenarios.ts'
import { missingProgram, scratch } from './witnesses/witnesses.ts'

const virga = process.env.VIRGA_COMMAND?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const folder = scratch('secrets')
const lacking = missingProgram('setsid', 'curl')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Everything in the scenarios and the fake services that opens something. */
const secrets = [
  /(FILE|ENV|PROCESS|LOGIN|CLIENT|KEPT)SECRET/,
  /SECRETALONE/,
  /SECRET[0-9a-f]{20}/,
  /TOKEN[0-9a-f]{20}/,
  /(FILE|OLDFILE|ENV|OLDER|PROCESS|LOGIN|OLD|CONTAINER|IMDS)TOKEN/,
  /TOKENFROMFILE/,
  /ACCESSTOKEN-/,
  /(OLD|LOGIN)?REFRESH(TOKEN)?\b/,
  /\bSPENT\b/,
  /JWT-FROM-FILE/,
  /MHcCAQEE/,
  /the-(login-)?code|the-device/,
  /\b123456\b/,
]
/** Where secrets belong. */
const vaults = /^\.aws\/(credentials|config|cli\/cache\/|sso\/cache\/|login\/cache\/)|^(token|a\/)/
const printsSecrets = (scenario: Scenario): boolean => scenario.argv?.includes('export-credentials') === true

function leaks(scenario: Scenario, { stdout, stderr, files }: Outcome): string[] {
  const elsewhere = Object.entries(files).filter(([path]) => !vaults.test(path))
  const texts = [stderr, printsSecrets(scenario) ? '' : stdout, JSON.stringify(elsewhere)]
  return texts.flatMap((text) => text.split('\n')).filter((line) => secrets.some((secret) => secret.test(line)))
}

const debugging = (scenario: Scenario): Scenario => ({
  ...scenario,
  argv: [...(scenario.argv ?? ['sts', 'get-caller-identity']), '--debug'],
})
/** Every service that keys come from answers in the wrong form, with the secrets in it. */
const nonsense = (scenario: Scenario): Scenario => ({
  ...debugging(scenario),
  behaviour: () => ({
    answer: ({ path, body }) =>
      /authorize|device$/.test(path) || (body as { Action?: string }).Action === 'GetCallerIdentity'
        ? undefined
        : {
            status: path === '/' ? 400 : 200,
            body: `{"Code": 7, "secretAccessKey": "SECRET0123456789abcdef0123456789", "x": <SPENT`,
          },
  }),
})

if (lacking !== undefined) {
  console.log(`SKIPPED the secrets: ${lacking}`)
  test.skip(`the secrets: ${lacking}`, () => {})
} else if (!existsSync(virga[0]!)) {
  console.log(`SKIPPED the secrets: there is no ${virga[0]}; npm run build makes it`)
  test.skip('the secrets: nothing is built', () => {})
} else {
  const ways = { 'with --debug': debugging, 'when services answer nonsense': nonsense } as const
  const outcomes = new Map<string, Outcome>()

  beforeAll(async () => {
    const jobs = Object.entries(ways).flatMap(([way, changed], index) =>
      scenarios.map((scenario, place) => ({
        name: `${way} ${scenario.name}`,
        scenario: changed(scenario),
        home: join(folder, `${index}-${place}`),
      })),
    )
    const worker = async (): Promise<void> => {
      for (let job = jobs.shift(); job; job = jobs.shift()) {
        outcomes.set(job.name, await outcomeOf({ command: virga, home: job.home }, job.scenario))
      }
    }
    await Promise.all([worker(), worker(), worker(), worker()])
  }, 300_000)

  test('the search finds what is there', () => {
    const [scenario] = scenarios.filter(({ name }) => name === 'sso, exported')
    const outcome = outcomes.get(`with --debug ${scenario!.name}`)!
    expect(outcome.stdout).toMatch(/SECRET[0-9a-f]{20}/)
    expect(leaks({ name: 'as if it were another' }, outcome).length).toBeGreaterThan(0)
  })

  describe.each(Object.keys(ways))('%s', (way) => {
    test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', (name, scenario) => {
      expect(leaks(scenario, outcomes.get(`${way} ${name}`)!)).toEqual([])
    })
  })
}
