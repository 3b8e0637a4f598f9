import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { accountOf, newId, newSecret, type IdPrefix } from './ids.ts'

test('a key id of AWS tells its account', () => {
  expect(accountOf('AKIARZPUZDIKGB2VALC4')).toBe('123456789012')
})

test.each<[IdPrefix, number]>([
  ['AKIA', 20],
  ['ASIA', 20],
  ['AIDA', 21],
  ['AROA', 21],
  ['ANPA', 21],
])('ids with %s carry any account in %d characters', (prefix, length) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999 }), (number) => {
      const account = String(number).padStart(12, '0')
      const id = newId(prefix, account)
      expect([id.slice(0, 4), id.length, accountOf(id)]).toEqual([prefix, length, account])
    }),
  )
})

test.each(['', 'test', 'AKIA', 'AKIAIOSFODNN1EXAMPLE', 'akiarzpuzdikgb2valc4'])('%p tells nothing', (id) => {
  expect(accountOf(id)).toBeUndefined()
})

test('secrets are forty characters and never the same', () => {
  const secrets = Array.from({ length: 50 }, newSecret)
  expect(new Set(secrets).size).toBe(50)
  expect(secrets.every((secret) => /^[A-Za-z0-9+/]{40}$/.test(secret))).toBe(true)
})
