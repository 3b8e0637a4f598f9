// The official CLI and Virga before the same environment, files, options and credential services: the same identity, the
// same requests, the same files, the same exit code. What each keeps for later, the other uses. The table stands in
// witnesses/identity-scenarios.ts.
//
//   VIRGA_SCENARIOS='sso' bun test tests/identity-scenarios.test.ts

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { outcomeOf } from './witnesses/identity-run.ts'
import type { Outcome } from './witnesses/identity-run.ts'
import { scenarios } from './witnesses/identity-scenarios.ts'
import type { Scenario } from './witnesses/identity-scenarios.ts'
import { missingProgram, officialCli, scratch } from './witnesses/witnesses.ts'

const virga = process.env.VIRGA_COMMAND?.split(' ') ?? [join(import.meta.dir, '..', 'dist', 'virga')]
const only = process.env.VIRGA_SCENARIOS
const chosen = scenarios.filter(({ name }) => only === undefined || new RegExp(only).test(name))
const official = await officialCli()
const folder = scratch('identity')
const lacking = missingProgram('setsid', 'curl')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Outcomes {
  readonly aws: Outcome
  readonly virga: Outcome
  /** After the other, at its home. */
  readonly awsAfter?: Outcome
  readonly virgaAfter?: Outcome
}

if ('missing' in official) {
  console.log(`SKIPPED the identity scenarios: ${official.missing}`)
  test.skip(`the identity scenarios: ${official.missing}`, () => {})
} else if (lacking !== undefined) {
  console.log(`SKIPPED the identity scenarios: ${lacking}`)
  test.skip(`the identity scenarios: ${lacking}`, () => {})
} else if (!existsSync(virga[0]!)) {
  console.log(`SKIPPED the identity scenarios: there is no ${virga[0]}; npm run build makes it`)
  test.skip('the identity scenarios: nothing is built', () => {})
} else {
  const programs = { aws: [official.found.aws], virga }
  const outcomes = new Map<Scenario, Outcomes>()

  // All are run first, a few at a time: the official CLI needs a second for each.
  beforeAll(async () => {
    const waiting = [...chosen]
    const worker = async (): Promise<void> => {
      for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
        const home = (who: string): string => join(folder, `${scenarios.indexOf(scenario!)}-${who}`)
        const aws = await outcomeOf({ command: programs.aws, home: home('aws') }, scenario)
        const ours = await outcomeOf({ command: programs.virga, home: home('virga') }, scenario)
        const again = async (command: readonly string[], who: string): Promise<Outcome | undefined> =>
          scenario!.kept && outcomeOf({ command, home: home(who) }, scenario!, true)
        outcomes.set(scenario, {
          aws,
          virga: ours,
          virgaAfter: await again(programs.virga, 'aws'),
          awsAfter: await again(programs.aws, 'virga'),
        })
      }
    }
    await Promise.all([worker(), worker(), worker()])
  }, 300_000)

  describe('who am I, and how do I know', () => {
    test.each(chosen.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
      const { aws, virga: ours } = outcomes.get(scenario)!
      const looked = (outcome: Outcome): Partial<Outcome> => {
        const { exit, ...rest } = outcome
        const aside = scenario.differs?.in ?? []
        return { exit, ...Object.fromEntries(Object.entries(rest).filter(([name]) => !aside.includes(name as never))) }
      }
      expect(looked(ours)).toEqual(looked(aws))
    })
  })

  describe('what one keeps, the other uses', () => {
    const operationOf = (asked: any): string => asked.body?.Action ?? asked.path
    const keeping = chosen.filter(({ kept }) => kept !== undefined)
    test.each(keeping.map((scenario) => [scenario.name, scenario] as const))('%s', (_, scenario) => {
      const { aws, awsAfter, virgaAfter } = outcomes.get(scenario)!
      for (const after of [awsAfter!, virgaAfter!]) {
        expect(after.exit).toBe(0)
        expect(after.asked.map(operationOf)).toEqual([...scenario.kept!])
        expect(after.stdout).toBe(aws.stdout)
      }
    })
  })
}
