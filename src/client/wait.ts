// Waits until something is as wished: asks again and again, as the waiter's model says.

import { AwsError, Failure } from '../lib/errors.ts'
import { str } from '../lib/python.ts'
import type { Structure, Value } from '../lib/value.ts'
import type { Service, WaiterModel } from '../model/model.ts'
import { call } from './call.ts'
import { sleep } from './retry.ts'
import type { Settings } from './settings.ts'

export interface WaitOptions {
  /** Seconds between two tries, instead of the model's. */
  delay?: number
  maxAttempts?: number
  signal?: AbortSignal
  pause?: (seconds: number, signal?: AbortSignal) => Promise<void>
  /** Makes each call; default: `call`. */
  calling?: typeof call
}

type Acceptor = WaiterModel['acceptors'][number]

/** What one try saw: an output or a service's error, and the HTTP status. */
interface Seen {
  output?: Structure
  error?: AwsError
  status: number
}

/**
 * Returns once the waiter's success state is seen. Throws Failure('Waiter') with the reference's words for a failure
 * state, an error the waiter does not know, or too many tries; and whatever keeps a call from being made.
 * @param name the waiter's model name: `InstanceRunning`
 */
export async function wait(
  service: Service,
  name: string,
  input: Structure,
  settings: Settings,
  { delay, maxAttempts, signal, pause = sleep, calling = call }: WaitOptions = {},
): Promise<void> {
  const waiter = service.waiters[name]
  if (!waiter) throw new Failure('UnknownOperation', `Waiter does not exist: ${name}`)
  const operation = service.operation(waiter.operation)
  const most = maxAttempts ?? waiter.maxAttempts
  let last: Acceptor | undefined
  for (let attempt = 1; ; attempt++) {
    const seen = await see(() => {
      let status = 200
      return calling(operation, input, settings, { signal, observe: (response) => (status = response.status) }).then(
        (output) => ({ output, status }),
      )
    })
    const matched = await firstMatch(waiter.acceptors, seen)
    if (!matched && seen.error)
      throw failed(name, `An error occurred (${seen.error.code}): ${seen.error.message}`, seen)
    if (matched?.state === 'success') return
    if (matched?.state === 'failure') {
      throw failed(name, `Waiter encountered a terminal failure state: ${explained(matched)}`, seen)
    }
    last = matched ?? last
    if (attempt >= most) {
      const before = last ? `. Previously accepted state: ${explained(last)}` : ''
      throw failed(name, `Max attempts exceeded${before}`, seen)
    }
    settings.debug?.(`wait: ${name}: attempt ${attempt} of ${most}`)
    await pause(delay ?? waiter.delay, signal)
  }
}

async function see(once: () => Promise<Seen>): Promise<Seen> {
  try {
    return await once()
  } catch (error) {
    if (error instanceof AwsError) return { error, status: error.status }
    throw error
  }
}

async function firstMatch(acceptors: readonly Acceptor[], seen: Seen): Promise<Acceptor | undefined> {
  for (const acceptor of acceptors) if (await matches(acceptor, seen)) return acceptor
  return undefined
}

async function matches(
  { matcher, argument = '', expected }: Acceptor,
  { output, error, status }: Seen,
): Promise<boolean> {
  switch (matcher) {
    case 'status':
      return status === expected
    case 'error':
      return expected === true
        ? error !== undefined
        : expected === false
          ? error === undefined
          : error?.code === expected
    default: {
      if (error || !output) return false
      const { search } = await import('../lib/jmespath/jmespath.ts')
      const found = search(argument, output)
      if (matcher === 'path') return same(found, expected)
      if (!Array.isArray(found) || found.length === 0) return false
      return matcher === 'pathAll'
        ? found.every((item) => same(item, expected))
        : found.some((item) => same(item, expected))
    }
  }
}

function same(found: Value, expected: unknown): boolean {
  if (typeof found === 'object' && found !== null) return JSON.stringify(found) === JSON.stringify(expected)
  return typeof found === 'bigint' ? found === BigInt(expected as number) : found === expected
}

function explained({ matcher, argument, expected }: Acceptor): string {
  const wish = `"${str(expected)}"`
  switch (matcher) {
    case 'path':
      return `For expression "${argument}" we matched expected path: ${wish}`
    case 'pathAll':
      return `For expression "${argument}" all members matched expected path: ${wish}`
    case 'pathAny':
      return `For expression "${argument}" we matched expected path: ${wish} at least once`
    case 'status':
      return `Matched expected HTTP status code: ${str(expected)}`
    case 'error':
      return `Matched expected service error code: ${str(expected)}`
  }
}

function failed(name: string, reason: string, { output, error }: Seen): Failure {
  return new Failure('Waiter', `Waiter ${name} failed: ${reason}`, { waiter: name, reason, output }, error)
}
