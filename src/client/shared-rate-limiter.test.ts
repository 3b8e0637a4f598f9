import { afterEach, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { call } from './call.ts'
import { SharedRateLimiter } from './shared-rate-limiter.ts'
import { client, demo } from './test-client.ts'
import type { Answer } from './test-client.ts'

const folders: string[] = []
const scratch = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'virga-rate-')))
  return folders.at(-1)!
}
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const moment = 1_767_323_045

test('who was not throttled leaves nothing behind and waits for nobody', async () => {
  const folder = scratch()
  const limiter = new SharedRateLimiter(folder, 'default-EC2-eu-west-1')
  expect(await limiter.acquire(moment)).toBe(0)
  await limiter.answered(false, moment)
  expect(readdirSync(folder)).toEqual([])
})

test('what one process is told, the next one obeys', async () => {
  const folder = scratch()
  const one = new SharedRateLimiter(folder, 'default-EC2-eu-west-1')
  await one.acquire(moment)
  await one.answered(true, moment)
  const waits = []
  for (let other = 0; other < 3; other++)
    waits.push(await new SharedRateLimiter(folder, 'default-EC2-eu-west-1').acquire(moment))
  // Half a request a second is the least there is: the next turns are 2, 4 and 6 seconds away.
  expect(waits).toEqual([2, 4, 6])
  expect(await new SharedRateLimiter(folder, 'default-EC2-us-east-1').acquire(moment)).toBe(0)
  expect(statSync(join(folder, 'default-EC2-eu-west-1.json')).mode & 0o777).toBe(0o600)
})

test('success lets the rate rise again, and after a while all is forgotten', async () => {
  const folder = scratch()
  const limiter = new SharedRateLimiter(folder, 'a')
  await limiter.answered(true, moment)
  let now = moment
  for (let request = 0; request < 30; request++) {
    now += await limiter.acquire(now)
    await limiter.answered(false, now)
  }
  expect(now - moment).toBeLessThan(60)
  expect(await new SharedRateLimiter(folder, 'a').acquire(moment + 301)).toBe(0)
})

test.each(['', 'x', '{}', '{"enabled":true,"fillRate":"y"}', '[]', 'null'])(
  'a damaged file, %j, is begun anew',
  async (text) => {
    const folder = scratch()
    writeFileSync(join(folder, 'a.json'), text)
    const limiter = new SharedRateLimiter(folder, 'a')
    expect(await limiter.acquire(moment)).toBe(0)
    await limiter.answered(true, moment)
    expect(JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8'))).toMatchObject({
      enabled: true,
      lastThrottle: moment,
    })
  },
)

test('a place that cannot be written to is passed over', async () => {
  const limiter = new SharedRateLimiter('/dev/null/nowhere', 'a')
  await limiter.answered(true, moment)
  expect(await limiter.acquire(moment)).toBe(0)
})

test('a name that is none for a file', async () => {
  const folder = scratch()
  await new SharedRateLimiter(folder, '../a/b c').answered(true, moment)
  expect(readdirSync(folder)).toEqual(['.._a_b_c.json'])
})

test('two commands, one after the other: the second waits for its turn', async () => {
  const sharedState = scratch()
  const throttled: Answer = { status: 400, body: { __type: 'ThrottlingException', message: 'm' } }
  const run = async (answers: Answer[]): Promise<number[]> => {
    const pauses: number[] = []
    const { settings } = client(answers, { retry: { mode: 'standard', maxAttempts: 1, chosen: true, sharedState } })
    await call(demo('List'), {}, { ...settings, pause: async (seconds) => void pauses.push(seconds) }).catch(() => {})
    return pauses
  }
  expect(await run([{}])).toEqual([])
  expect(await run([throttled])).toEqual([])
  expect(await run([{}])).toEqual([2])
})
