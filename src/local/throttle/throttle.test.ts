// Token buckets: AWS's documented ones, and rules of one's own, in account, region and time.

import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import { bench, told, type Bench } from '../account.fixture.ts'
import { changeSettings } from '../settings.ts'
import { ec2InstanceLimit, ec2Limit } from './ec2-limits.ts'
import { parseRules } from './rules.ts'

const describing = ['ec2', 'DescribeInstances', { DryRun: true, MaxResults: 5 }] as const

async function throttled(settings: Parameters<typeof changeSettings>[1]['throttle']): Promise<Bench> {
  const b = bench()
  await changeSettings(b.world, { throttle: settings })
  return b
}

/** How many calls go through, and how the first that does not is refused. */
async function untilRefused(b: Bench, call: readonly [string, string, object], most = 2000): Promise<[number, string]> {
  for (let count = 0; count < most; count++) {
    const error = await b.refusal(...call)
    if (error.code !== 'DryRunOperation' && error.code !== 'NotImplemented') return [count, told(error).join(' ')]
  }
  return [most, '']
}

describe('as EC2 documents', () => {
  test('a burst, then as many a second as come in', async () => {
    const b = await throttled('aws')
    expect(await untilRefused(b, describing)).toEqual([100, 'RequestLimitExceeded 503 Request limit exceeded.'])
    b.advance(1000)
    expect((await untilRefused(b, describing))[0]).toBeWithin(20, 41) // the wall clock moves, too
    b.advance(60_000)
    expect((await untilRefused(b, describing))[0]).toBeWithin(100, 121)
  }, 20_000)

  test('without filter and page size half as many', async () => {
    const [count] = await untilRefused(await throttled('aws'), ['ec2', 'DescribeInstances', { DryRun: true }])
    expect(count).toBeWithin(50, 61)
  })

  test('a token for each instance', async () => {
    const b = await throttled('aws')
    const stop = [
      'ec2',
      'StopInstances',
      { DryRun: true, InstanceIds: Array.from({ length: 600 }, (_, i) => `i-${i}`) },
    ] as const
    expect((await untilRefused(b, stop))[0]).toBe(1)
  })

  const file = join(process.env.VIRGA_SHARED ?? '../shared', 'vectors/iam/ec2-throttle.json')
  if (!existsSync(file)) console.log(`SKIPPED: ${file} is not there`)
  test.skipIf(!existsSync(file))('the table is the documented one', () => {
    const { uncategorized, categories, resourceBuckets } = JSON.parse(readFileSync(file, 'utf8'))
    type Pair = { max: number; refill: number }
    for (const [action, { max, refill }] of Object.entries<Pair>(uncategorized))
      expect([action, ...ec2Limit(action, false)]).toEqual([action, max, refill])
    for (const [action, { max, refill }] of Object.entries<Pair>(resourceBuckets))
      expect(ec2InstanceLimit(action)).toEqual([max, refill])
    const { nonMutating, mutating, unfilteredUnpaginated, resourceIntensive } = categories
    expect(ec2Limit('DescribeVpcs', true)).toEqual([nonMutating.max, nonMutating.refill])
    expect(ec2Limit('CreateVpc', false)).toEqual([mutating.max, mutating.refill])
    for (const action of unfilteredUnpaginated.ops)
      expect(ec2Limit(action, true)).toEqual([unfilteredUnpaginated.max, unfilteredUnpaginated.refill])
    for (const action of resourceIntensive.ops)
      expect(ec2Limit(action, true)).toEqual([resourceIntensive.max, resourceIntensive.refill])
  })
})

describe('others', () => {
  test('nothing is refused while it is off', async () => {
    expect(await untilRefused(bench(), describing, 150)).toEqual([150, ''])
  })

  test('STS counts its operations together', async () => {
    const b = await throttled('aws')
    let passed = 0
    for (; passed < 700; passed++) {
      const error = await b.call('sts', 'GetCallerIdentity').then(
        () => undefined,
        (refused: { code: string }) => refused,
      )
      if (error) {
        expect(error.code).toBe('Throttling')
        break
      }
    }
    expect(passed).toBeGreaterThanOrEqual(600)
  }, 20_000)

  test.each([
    ['s3', 'ListBuckets', 'SlowDown 503 Please reduce your request rate.'],
    ['iam', 'ListUsers', 'Throttling 400 Rate exceeded'],
    ['dynamodb', 'ListTables', 'ThrottlingException 400 Rate exceeded'],
    ['lambda', 'ListFunctions', 'TooManyRequestsException 429 Rate exceeded'],
    ['sqs', 'ListQueues', 'RequestThrottled 403 Request is throttled.'],
    ['ec2', 'DescribeVpcs', 'RequestLimitExceeded 503 Request limit exceeded.'],
  ])('a rule refuses %s %s in its own words', async (service, operation, words) => {
    const b = await throttled([{ service, max: 0, refill: 0 }])
    expect(told(await b.refusal(service, operation)).join(' ')).toBe(words)
  })

  test('a rule may say how', async () => {
    const b = await throttled([
      { service: '*', operations: ['List*'], max: 0, refill: 0, code: 'Slow', status: 429, message: 'Slow down' },
    ])
    expect(told(await b.refusal('iam', 'ListUsers'))).toEqual(['Slow', 429, 'Slow down'])
    await b.call('iam', 'GetUser', { UserName: 'admin' })
  })
})

describe('a file of rules', () => {
  test.each([
    ['{', 'not JSON'],
    ['{}', 'it must be a list of rules'],
    ['[1]', 'rule 1 must be an object'],
    ['[{"service": "s3", "max": 1}]', 'rule 1: "refill" must be a number, 0 or more'],
    ['[{"service": "s3", "max": -1, "refill": 1}]', 'rule 1: "max" must be a number, 0 or more'],
    ['[{"max": 1, "refill": 1}]', 'rule 1: "service" must be a text'],
    ['[{"service": "s3", "max": 1, "refill": 1, "rate": 3}]', 'rule 1 has an unknown member "rate"'],
    ['[{"service": "s3", "max": 1, "refill": 1, "operations": "x"}]', 'rule 1: "operations" must be a list of texts'],
    ['[{"service": "s3", "max": 1, "refill": 1, "status": 200}]', 'rule 1: "status" must be 400 to 599'],
  ])('%s: %s', (text, message) => {
    expect(() => parseRules(text, 'f.json')).toThrow(Failure)
    expect(() => parseRules(text, 'f.json')).toThrow(`throttle file f.json: ${message}`)
  })
})
