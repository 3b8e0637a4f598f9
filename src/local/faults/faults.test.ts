// What goes wrong on purpose: the same every time, in the service's own words, and seen in the trail.

import { describe, expect, test } from 'bun:test'
import { bench, told } from '../account.fixture.ts'
import { entries } from '../trail/keep.ts'
import { drawn } from '../trail/tree.ts'
import { addFault, clearFaults, describeFault } from './faults.ts'

/** How each of so many calls ended: its error's code, or ''. */
async function ends(b: ReturnType<typeof bench>, count: number, service = 'sts', operation = 'GetCallerIdentity') {
  const codes: string[] = []
  for (let i = 0; i < count; i++)
    codes.push(
      await b.call(service, operation).then(
        () => '',
        (error: { code?: string; kind?: string }) => error.code ?? error.kind!,
      ),
    )
  return codes
}

test('an error of its own, for the operations that are named', async () => {
  const b = bench()
  await addFault(
    { kind: 'error', code: 'Sunspots', status: 503, message: 'Too bright.', service: 'iam', operations: ['List*'] },
    b.world,
  )
  expect(told(await b.refusal('iam', 'ListUsers'))).toEqual(['Sunspots', 503, 'Too bright.'])
  await b.call('iam', 'GetUser')
  await b.call('sts', 'GetCallerIdentity')
})

test.each([
  ['s3', 'ListBuckets', 'SlowDown', 503],
  ['ec2', 'DescribeInstances', 'RequestLimitExceeded', 503],
  ['iam', 'ListUsers', 'Throttling', 400],
  ['organizations', 'DescribeOrganization', 'TooManyRequestsException', 400],
])('%s throttles in its own words', async (service, operation, code, status) => {
  const b = bench()
  await addFault({ kind: 'throttle', service }, b.world)
  expect(told(await b.refusal(service, operation)).slice(0, 2)).toEqual([code, status])
})

test('a rate strikes the same requests for the same seed, and others for another', async () => {
  const struck = async (seed: number): Promise<string[]> => {
    const b = bench()
    await addFault({ kind: 'error', code: 'Sunspots', rate: 0.3, seed }, b.world)
    return ends(b, 100)
  }
  const [one, again, other] = [await struck(7), await struck(7), await struck(8)]
  expect(again).toEqual(one)
  expect(other).not.toEqual(one)
  expect(one.filter((code) => code !== '').length).toBeWithin(15, 46)
})

test('so many times, and no more', async () => {
  const b = bench()
  await addFault({ kind: 'error', code: 'Sunspots', times: 2 }, b.world)
  expect(await ends(b, 4)).toEqual(['Sunspots', 'Sunspots', '', ''])
})

describe('a lost connection', () => {
  test('before anything is done', async () => {
    const b = bench()
    await addFault({ kind: 'drop', service: 'iam', operations: ['CreateUser'], times: 1 }, b.world)
    await expect(b.call('iam', 'CreateUser', { UserName: 'ana' })).rejects.toMatchObject({ kind: 'Connection' })
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
  })

  test('once it is done', async () => {
    const b = bench()
    await addFault({ kind: 'drop-answer', service: 'iam', operations: ['CreateUser'], times: 1 }, b.world)
    await expect(b.call('iam', 'CreateUser', { UserName: 'ana' })).rejects.toMatchObject({ kind: 'Connection' })
    expect((await b.refusal('iam', 'CreateUser', { UserName: 'ana' })).code).toBe('EntityAlreadyExists')
  })
})

test('the trail tells of it', async () => {
  const b = bench()
  await addFault({ kind: 'error', code: 'Sunspots', service: 'iam' }, b.world)
  await addFault({ kind: 'latency', milliseconds: 1 }, b.world)
  await ends(b, 1, 'iam', 'ListUsers')
  await ends(b, 1)
  const [slow, failed] = await entries(b.world)
  expect(failed).toMatchObject({ code: 'Sunspots', faults: ['1: error Sunspots'] })
  expect(slow).toMatchObject({ status: 200, faults: ['2: latency 1 ms'] })
  expect(drawn(failed!)).toContain('answered 500 Sunspots (on purpose: fault 1: error Sunspots)')
})

test('what is cleared is over', async () => {
  const b = bench()
  for (const code of ['A', 'B', 'C']) await addFault({ kind: 'error', code }, b.world)
  expect(await clearFaults('1', b.world)).toBe(true)
  expect(await ends(b, 1)).toEqual(['B'])
  expect(await clearFaults('1', b.world)).toBe(false)
  expect(await clearFaults(undefined, b.world)).toBe(true)
  expect(await ends(b, 1)).toEqual([''])
})

test.each([
  [{ kind: 'drop' }, '1: drop of every service'],
  [
    { kind: 'throttle', service: 's3', operations: ['GetObject', 'Put*'], rate: 0.125, seed: 4 },
    '1: throttle of s3 GetObject,Put*, 12.5 % (seed 4)',
  ],
  [{ kind: 'latency', milliseconds: [5, 10], times: 3 }, '1: latency 5-10 ms of every service, at most 3 times'],
])('%j is told as %s', async (asked, line) => {
  expect(describeFault(await addFault(asked, bench().world))).toBe(line)
})

test.each([
  [[], 'a fault must be an object'],
  [{}, 'kind must be one of latency, error, throttle, drop, drop-answer'],
  [{ kind: 'fire' }, 'kind must be one of latency, error, throttle, drop, drop-answer'],
  [{ kind: 'drop', color: 'red' }, 'a fault has no "color"'],
  [{ kind: 'drop', code: 'A' }, 'code does not belong to a fault of kind drop'],
  [{ kind: 'error' }, 'a fault of kind error needs a code'],
  [{ kind: 'error', code: 'two words' }, 'code must be the name of an error'],
  [{ kind: 'error', code: 'A', status: 200 }, 'status must be 400 to 599'],
  [{ kind: 'drop', rate: 0 }, 'rate must be a number above 0, up to 1'],
  [{ kind: 'drop', rate: 1.5 }, 'rate must be a number above 0, up to 1'],
  [{ kind: 'drop', seed: 0.5 }, 'seed must be a whole number'],
  [{ kind: 'drop', times: 0 }, 'times must be a whole number from 1'],
  [{ kind: 'latency' }, 'milliseconds must be a number, or two, from 0 to 600000'],
  [{ kind: 'latency', milliseconds: [3, 2] }, 'milliseconds must be a number, or two, from 0 to 600000'],
  [{ kind: 'drop', service: 'dynamdb' }, 'there is no service dynamdb; near it: dynamodb'],
  [{ kind: 'drop', service: 's3', operations: ['GetObjekt'] }, 's3 has no operation GetObjekt; near it: GetObject'],
])('%j is refused: %s', async (asked, message) => {
  await expect(addFault(asked, bench().world)).rejects.toThrow(message)
})
