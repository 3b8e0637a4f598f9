// Actions are carried out whoever is killed on the way, and by one at a time.

import { expect, test } from 'bun:test'
import { memoryStore } from '../../../store/memory.ts'
import type { Rows } from '../../../store/store.ts'
import { claim, settle, tell } from './pending.ts'
import type { Alarm } from './record.ts'

const state = { value: 'ALARM', reason: '', updated: 0, transitioned: 0 } as const
const alarm: Alarm = {
  name: 'a',
  place: '123456789012/us-east-1',
  actionsEnabled: true,
  actions: { ALARM: ['one', 'two'], OK: ['three'], INSUFFICIENT_DATA: [] },
  configured: 0,
  state,
}

const within = (body: (rows: Rows) => void): void => void memoryStore().namespace('x').transaction(body)

test('in order, each by one, and once', () =>
  within((rows) => {
    tell(rows, alarm, state)
    const first = claim(rows, 0)!
    const second = claim(rows, 0)!
    expect([first.pending.arn, second.pending.arn, claim(rows, 0)]).toEqual(['one', 'two', undefined])
    settle(rows, first.key)
    settle(rows, second.key)
    expect(claim(rows, 120_000)).toBeUndefined()
  }))

test('what was taken on and not done is taken on again', () =>
  within((rows) => {
    tell(rows, { ...alarm, state: { ...state, value: 'OK' } }, state)
    expect(claim(rows, 0)!.pending.arn).toBe('three')
    expect(claim(rows, 59_000)).toBeUndefined()
    expect(claim(rows, 61_000)!.pending.arn).toBe('three')
  }))

test('none where they are switched off', () =>
  within((rows) => {
    tell(rows, { ...alarm, actionsEnabled: false }, state)
    expect(claim(rows, 0)).toBeUndefined()
  }))
