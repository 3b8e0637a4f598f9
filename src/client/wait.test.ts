import { expect, test } from 'bun:test'
import { wait } from './wait.ts'
import { client, demoService } from './test-client.ts'
import type { Answer } from './test-client.ts'

const acceptors = [
  { state: 'success', matcher: 'path', argument: 'Note', expected: 'ready' },
  { state: 'failure', matcher: 'pathAny', argument: 'Items[]', expected: 'broken' },
  { state: 'success', matcher: 'pathAll', argument: 'Items', expected: 'up' },
  { state: 'retry', matcher: 'error', expected: 'NotYet' },
  { state: 'success', matcher: 'error', expected: 'Gone' },
  { state: 'failure', matcher: 'status', expected: 202 },
]
const service = demoService({ waiters: { Ready: { operation: 'List', delay: 5, maxAttempts: 3, acceptors } } })
const error = (code: string): Answer => ({ status: 400, body: { __type: code, message: 'm' } })

const cases: [string, Answer[], string | undefined, number[]][] = [
  ['a path', [{ body: { Note: 'no' } }, { body: { Note: 'ready' } }], undefined, [5]],
  ['all of a list', [{ body: { Items: ['up', 'no'] } }, { body: { Items: ['up', 'up'] } }], undefined, [5]],
  ['an empty list is not all', [{ body: { Items: [] } }, { body: { Note: 'ready' } }], undefined, [5]],
  ['an error that means success', [error('Gone')], undefined, []],
  ['an error to be waited out', [error('NotYet'), error('Gone')], undefined, [5]],
  [
    'any of a list',
    [{ body: { Items: ['up', 'broken'] } }],
    'Waiter encountered a terminal failure state: For expression "Items[]" we matched expected path: "broken" at least once',
    [],
  ],
  [
    'a status',
    [{ status: 202 }],
    'Waiter encountered a terminal failure state: Matched expected HTTP status code: 202',
    [],
  ],
  ['an unknown error', [error('Denied')], 'An error occurred (Denied): m', []],
  ['too long', [{ body: { Note: 'no' } }], 'Max attempts exceeded', [5, 5]],
  [
    'too long, with an accepted state',
    [error('NotYet'), {}],
    'Max attempts exceeded. Previously accepted state: Matched expected service error code: NotYet',
    [5, 5],
  ],
]
test.each(cases)('%s', async (_, answers, reason, waits) => {
  const { settings } = client(answers)
  const paused: number[] = []
  const outcome = await wait(service, 'Ready', {}, settings, {
    pause: async (seconds) => void paused.push(seconds),
  }).then(
    () => undefined,
    (failure) => failure.message,
  )
  expect(outcome).toBe(reason === undefined ? undefined : `Waiter Ready failed: ${reason}`)
  expect(paused).toEqual(waits)
})
test('delay and attempts as asked', async () => {
  const { settings, requests } = client([{}])
  const paused: number[] = []
  await wait(service, 'Ready', {}, settings, {
    delay: 1,
    maxAttempts: 2,
    pause: async (seconds) => void paused.push(seconds),
  }).catch(() => {})
  expect([paused, requests.length]).toEqual([[1], 2])
})
