import { describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import type { EndpointRuleset } from '../../model/model.ts'
import { fileSource } from '../../model/source.ts'
import { openModels } from '../../model/load.ts'
import type { Partitions } from './partitions.ts'
import { evaluate, type Parameters } from './ruleset.ts'

const vectors = join(process.env.VIRGA_SHARED ?? '../shared', 'vectors')
const models = await openModels({ source: fileSource('build/models.bin') })
const partitions = (await models.partitions()) as Partitions

interface Case {
  documentation?: string
  params?: Record<string, unknown>
  expect: { endpoint?: { url: string; properties?: object; headers?: object }; error?: string }
}

/** Why the answer is not the one expected; undefined where it is. */
function difference({ params, expect }: Case, ruleset: EndpointRuleset, among = partitions): string | undefined {
  let got
  try {
    got = evaluate(ruleset, (params ?? {}) as Parameters, among)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return expect.error === undefined ? `${error.message} instead of ${expect.endpoint?.url}` : undefined
  }
  if (expect.error !== undefined) return `${got.url} instead of the error ${expect.error}`
  const wanted = { properties: {}, headers: {}, ...expect.endpoint }
  return Bun.deepEquals({ ...got, properties: { ...got.properties } }, wanted)
    ? undefined
    : `${JSON.stringify(got)} instead of ${JSON.stringify(wanted)}`
}

function casesIn(file: string): Case[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { testCases: Case[] }).testCases
}

/** The vectors are of another day than the models: what AWS changed in between. A case with a parameter that the ruleset does not know is later than it. */
const drifted: Readonly<Record<string, RegExp>> = {
  dynamodb: /^\{Endpoint=https:\/\/dynamodb\.us-east-1\.api\.aws\/, Region=us-east-1\}$/, // the override check is later
  iam: /^For region cn-northwest-1 with FIPS enabled/, // signed for cn-north-1 later
}

function isLater(service: string, { params, documentation }: Case, ruleset: EndpointRuleset): boolean {
  return (
    Object.keys(params ?? {}).some((name) => !(name in ruleset.parameters)) ||
    drifted[service]?.test(documentation ?? '') === true
  )
}

const rulesFolder = join(vectors, 'endpoint-rules')
if (existsSync(rulesFolder)) {
  describe('every endpoint case of every service', () => {
    let cases = 0
    let later = 0
    for (const service of readdirSync(rulesFolder)) {
      const file = join(rulesFolder, service, 'endpoint-tests-1.json')
      if (!existsSync(file)) continue
      if (!models.has(service)) {
        console.log(`SKIPPED endpoint cases of ${service}: the models do not have it`)
        continue
      }
      test(service, async () => {
        const ruleset = await (await models.service(service)).endpointRuleset()
        const all = casesIn(file)
        cases += all.length
        const wrong = all.flatMap((one) => {
          const why = difference(one, ruleset!)
          if (why === undefined) return []
          if (!isLater(service, one, ruleset!)) return [`${one.documentation}: ${why}`]
          later++
          return []
        })
        expect(wrong).toEqual([])
      })
    }
    test('the count', () => {
      console.log(`endpoint cases: ${cases - later} of ${cases} as AWS says; ${later} of rules later than these models`)
      expect(later).toBeLessThan(100)
      expect(cases).toBeGreaterThan(13_000)
    })
  })

  for (const suite of ['botocore', 'aws-c-sdkutils']) {
    describe(`the rules engine cases of ${suite}`, () => {
      const folder = join(vectors, 'rules-engine', suite)
      for (const name of readdirSync(join(folder, 'test-cases'))) {
        test(name, () => {
          const rules = ['aws-c-sdkutils', 'botocore'].map((one) =>
            join(vectors, 'rules-engine', one, 'valid-rules', name),
          )
          const ruleset = JSON.parse(readFileSync(rules.find(existsSync)!, 'utf8')) as EndpointRuleset
          const own = join(folder, 'partitions.json')
          const among = existsSync(own) ? (JSON.parse(readFileSync(own, 'utf8')) as Partitions) : partitions
          const wrong = casesIn(join(folder, 'test-cases', name)).flatMap(
            (one) => difference(one, ruleset, among) ?? [],
          )
          expect(wrong).toEqual([])
        })
      }
    })
  }

  describe('the rules engine cases of Smithy', () => {
    interface Ast {
      shapes: Record<string, { traits?: Record<string, unknown> }>
    }
    const file = join(vectors, 'rules-engine', 'smithy-rules-engine-tests', 'smithy-rules-engine-tests.json')
    for (const [name, { traits }] of Object.entries((JSON.parse(readFileSync(file, 'utf8')) as Ast).shapes)) {
      const ruleset = traits?.['smithy.rules#endpointRuleSet'] as EndpointRuleset | undefined
      const suite = traits?.['smithy.rules#endpointTests'] as { testCases: Case[] } | undefined
      if (!ruleset || !suite) continue
      test(name, () => expect(suite.testCases.flatMap((one) => difference(one, ruleset) ?? [])).toEqual([]))
    }
  })
} else {
  test.skip(`endpoint cases: ${rulesFolder} is not there`, () => {})
}
