import { describe, expect, test } from 'bun:test'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AwsError, Failure } from '../lib/errors.ts'
import type { Operation } from '../model/model.ts'
import { RateLimiter, Cubic } from './rate-limiter.ts'
import { backoff, causeOf, isLongPoll, retryAfter, RetryQuota, rulesFor } from './retry-strategy.ts'
import { withRetries } from './retry.ts'
import type { Settings } from './settings.ts'

const vectors = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../shared'), 'vectors/retries')
const present = existsSync(vectors)
if (!present) console.log(`skipped: no retry vectors at ${vectors}`)
const read = (name: string) => (present ? JSON.parse(readFileSync(join(vectors, name), 'utf8')) : {})

const operation = (serviceId = 'Any', name = 'Op', errors: unknown[] = []) =>
  ({ name, errors, service: { name: serviceId.toLowerCase(), metadata: { serviceId } } }) as unknown as Operation

const settings = (retry: Partial<Settings['retry']>, seconds = () => 0) =>
  ({ retry: { mode: 'standard', maxAttempts: 3, ...retry }, clock: () => new Date(seconds() * 1000) }) as Settings

const status = (code: number) => new AwsError('X', 'x', { status: code })

describe('what is worth trying again', () => {
  const throttled = { name: 'SlowPlease', traits: { retryable: { throttling: true } } }
  const renamed = { name: 'Shape', traits: { retryable: {}, error: { code: 'Wire' } } }
  const cases: [string, unknown, Operation, string | undefined][] = [
    ['500', status(500), operation(), 'transient'],
    ['502', status(502), operation(), 'transient'],
    ['501', status(501), operation(), undefined],
    ['400', status(400), operation(), undefined],
    ['404', status(404), operation(), undefined],
    [
      'a throttling code, whatever its status',
      new AwsError('Throttling', '', { status: 403 }),
      operation(),
      'throttling',
    ],
    ['KMS LimitExceededException', new AwsError('LimitExceededException', ''), operation(), 'throttling'],
    ['IAM LimitExceeded', new AwsError('LimitExceeded', '', { status: 409 }), operation(), undefined],
    ['SlowDown with 503', new AwsError('SlowDown', '', { status: 503 }), operation(), 'throttling'],
    ['RequestTimeout', new AwsError('RequestTimeout', ''), operation(), 'transient'],
    ['modelled as throttling', new AwsError('SlowPlease', ''), operation('A', 'B', [throttled]), 'throttling'],
    ['modelled as retryable under another code', new AwsError('Wire', ''), operation('A', 'B', [renamed]), 'transient'],
    [
      'an identity provider STS could not reach',
      new AwsError('IDPCommunicationError', ''),
      operation('STS'),
      'transient',
    ],
    ['no connection', new Failure('Connection', ''), operation(), 'transient'],
    ['a timeout', new Failure('Timeout', ''), operation(), 'transient'],
    ['no credentials', new Failure('NoCredentials', ''), operation(), undefined],
    ['a bug', new TypeError('x'), operation(), undefined],
  ]
  test.each(cases)('%s', (_, error, of, cause) => expect(causeOf(error, of)).toBe(cause as never))
})

describe('how long to wait', () => {
  const rules = rulesFor('S3', false)
  const cases: [string, number, number][] = [
    ['first, transient', backoff(rules, 'transient', 1, 1), 0.05],
    ['third, transient', backoff(rules, 'transient', 3, 1), 0.2],
    ['first, throttled', backoff(rules, 'throttling', 1, 1), 1],
    ['capped', backoff(rules, 'throttling', 9, 1), 20],
    ['full jitter', backoff(rules, 'throttling', 2, 0.25), 0.5],
    ['DynamoDB', backoff(rulesFor('DynamoDB', false), 'transient', 2, 1), 0.05],
    ['DynamoDB throttled', backoff(rulesFor('DynamoDB', false), 'throttling', 1, 1), 1],
    ['classic', backoff(rulesFor('S3', true), 'transient', 1, 1), 1],
    ['a hint', backoff(rules, 'transient', 1, 1, 1.5), 1.5],
    ['a hint below the own wait', backoff(rules, 'throttling', 3, 1, 1.5), 4],
    ['a hint far beyond', backoff(rules, 'transient', 1, 1, 60), 5.05],
  ]
  test.each(cases)('%s', (_, found, expected) => expect(found).toBeCloseTo(expected, 9))

  const hints: [string | undefined, number | undefined][] = [
    ['1500', 1.5],
    ['0', 0],
    ['-5', undefined],
    ['soon', undefined],
    ['1.5', undefined],
    [undefined, undefined],
  ]
  test.each(hints)('x-amz-retry-after: %s', (header, seconds) => {
    const headers: Record<string, string> = header === undefined ? {} : { 'x-amz-retry-after': header }
    expect(retryAfter(new AwsError('X', '', { response: { headers } }))).toBe(seconds)
  })

  test('long polls', () => {
    expect(isLongPoll(operation('SQS', 'ReceiveMessage'))).toBe(true)
    expect(isLongPoll(operation('SQS', 'SendMessage'))).toBe(false)
  })
})

// The vectors state costs and waits of before 2026, with jitter off.
describe.skipIf(!present)('vendor cases: standard', () => {
  for (const { name, given, responses } of read('standard-retry-v2.0.json').standardRetryIntegrationTestCases ?? []) {
    test(name, () => {
      const rules = {
        ...rulesFor('S3', true),
        base: { transient: given.exponential_base, throttling: 1 },
        maxBackoff: given.max_backoff_time,
      }
      const quota = new RetryQuota()
      quota.available = given.initial_retry_tokens
      let lastCost = 1
      responses.forEach(({ response, expected }: any, index: number) => {
        const attempt = index + 1
        let outcome = 'success'
        let delay: number | undefined
        if (response.status_code === 200) quota.giveBack(lastCost)
        else if (causeOf(status(response.status_code), operation()) === undefined) outcome = 'no_retry'
        else if (attempt >= given.max_attempts) outcome = 'max_attempts_exceeded'
        else if (!quota.take((lastCost = rules.cost.transient))) outcome = 'retry_quota_exceeded'
        else [outcome, delay] = ['retry_request', backoff(rules, 'transient', attempt, 1)]
        expect({ outcome, retry_quota: quota.available, delay }).toEqual({ delay: undefined, ...expected })
      })
    })
  }
})

describe.skipIf(!present)('vendor cases: adaptive', () => {
  const { adaptiveRetryCubicTestCases, adaptiveRetryE2eTestCases } = read('adaptive-retry.json')
  for (const { name, given, cases } of adaptiveRetryCubicTestCases ?? []) {
    test(name, () => {
      const cubic = new Cubic(given.last_max_rate, given.last_throttle_time)
      let rate = given.last_max_rate
      for (const { response, timestamp, calculated_rate } of cases) {
        rate = response === 'success' ? cubic.succeeded(timestamp) : cubic.throttled(rate, timestamp)
        expect(rate).toBeCloseTo(calculated_rate, 6)
      }
    })
  }
  for (const { name, cases } of adaptiveRetryE2eTestCases ?? []) {
    test(name, () => {
      const limiter = new RateLimiter(0)
      for (const { response, timestamp, measured_tx_rate, new_token_bucket_rate } of cases) {
        limiter.answered(response === 'throttle', timestamp)
        expect(limiter.measuredRate).toBeCloseTo(measured_tx_rate, 5)
        expect(limiter.fillRate).toBeCloseTo(new_token_bucket_rate, 5)
      }
    })
  }
})

describe('the loop', () => {
  const run = async (errors: unknown[], retry: Partial<Settings['retry']> = {}, of = operation()) => {
    const waits: number[] = []
    const attempts: string[] = []
    const queue = [...errors]
    let clock = 0
    const result = await withRetries(
      of,
      settings(retry, () => clock),
      (attempt) => {
        attempts.push(`${attempt.number}/${attempt.max}`)
        const error = queue.shift()
        return error === undefined ? Promise.resolve('done') : Promise.reject(error)
      },
      {
        random: () => 1,
        pause: async (seconds) => {
          waits.push(seconds)
          clock += seconds
        },
      },
    ).catch((error) => error)
    return { result, waits, attempts }
  }

  test('gives up after three attempts and says so', async () => {
    const { result, waits, attempts } = await run([status(500), status(503), status(500)])
    expect(attempts).toEqual(['1/3', '2/3', '3/3'])
    expect(waits).toEqual([0.05, 0.1])
    expect(result.response).toMatchObject({ retries: 2, maxAttemptsReached: true })
  })
  test('succeeds in the end', async () =>
    expect(await run([status(500), new Failure('Timeout', '')])).toMatchObject({ result: 'done', waits: [0.05, 0.1] }))
  test('does not retry what will not pass', async () => {
    const { result, attempts } = await run([status(403)])
    expect(attempts).toHaveLength(1)
    expect(result.response).toMatchObject({ retries: 0, maxAttemptsReached: false })
  })
  test('DynamoDB has four attempts', async () =>
    expect((await run([status(500), status(500), status(500)], {}, operation('DynamoDB'))).waits).toEqual([
      0.025, 0.05, 0.1,
    ]))
  test('unless a number was chosen', async () =>
    expect(
      (await run([status(500), status(500)], { maxAttempts: 2, chosen: true }, operation('DynamoDB'))).attempts,
    ).toHaveLength(2))
  test('a body that cannot be sent again is not', async () => {
    let attempts = 0
    const outcome = withRetries(operation(), settings({}), () => (attempts++, Promise.reject(status(500))), {
      replayable: () => false,
    })
    expect(outcome).rejects.toMatchObject({ status: 500 })
    expect(attempts).toBe(1)
  })
  test('when most calls fail, the quota ends retries', async () => {
    const shared = settings({ maxAttempts: 100 })
    const pause = () => Promise.resolve()
    let attempts = 0
    await withRetries(operation(), shared, () => (attempts++, Promise.reject(status(500))), { pause }).catch(() => {})
    expect(attempts).toBe(1 + Math.floor(500 / 14))
  })
  test('an abort ends the wait', async () => {
    const abort = new AbortController()
    const outcome = withRetries(operation(), settings({}), () => Promise.reject(status(500)), {
      signal: abort.signal,
      pause: () => {
        abort.abort()
        return Promise.reject(new Failure('Interrupted', 'Interrupted'))
      },
    })
    expect(outcome).rejects.toMatchObject({ kind: 'Interrupted' })
  })
})
