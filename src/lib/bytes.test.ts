// Header values are strings of a character a byte; people write text.

import { expect, test } from 'bun:test'
import { asByteString, fromByteString, toByteString } from './bytes.ts'

test.each([
  ['plain', 'plain'],
  ['é', '\xc3\xa9'],
  ['日本', '\xe6\x97\xa5\xe6\x9c\xac'],
  ['', ''],
])('%p as bytes, and back', (text, bytes) => {
  expect(toByteString(text)).toBe(bytes)
  expect(fromByteString(bytes)).toBe(text)
  expect(asByteString(text)).toBe(bytes)
  expect(asByteString(bytes)).toBe(bytes)
})

test('what is no UTF-8 stays what it is', () => {
  expect(fromByteString('caf\xe9')).toBe('caf\xe9')
  expect(fromByteString('日')).toBe('日')
})
