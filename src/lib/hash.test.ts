import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { createHash, createHmac } from 'node:crypto'
import { fromBase64, fromHex, isBase64, sameSecret, text, toBase64, toHex, utf8 } from './bytes.ts'
import { hash, hasher, hashHex, hmac, keyedSha256, md5Hex, sha256Hex } from './hash.ts'
import { percentDecode, percentEncode, percentEncodePath } from './percent.ts'

const names = fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const, 'sha512' as const)
const data = fc.oneof(fc.uint8Array(), fc.string())

test('hashes and HMACs are node:crypto’s', () => {
  fc.assert(
    fc.property(names, data, data, (name, first, second) => {
      const both = createHash(name).update(first).update(second).digest()
      expect(toHex(hasher(name).update(first).update(second).digest())).toBe(both.toString('hex'))
      expect(hashHex(name, first)).toBe(toHex(hash(name, first)))
      expect(toHex(hmac(name, first, second))).toBe(createHmac(name, first).update(second).digest('hex'))
    }),
  )
})

test('one key, many messages', () => {
  const key = utf8('key')
  const sign = keyedSha256(key)
  for (const message of ['a', '', 'a'])
    expect(sign(message)).toBe(createHmac('sha256', key).update(message).digest('hex'))
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
})

test('bytes become text and come back', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(fromHex(toHex(bytes))).toEqual(bytes)
      expect(fromBase64(toBase64(bytes))).toEqual(bytes)
      expect(isBase64(toBase64(bytes))).toBe(true)
    }),
  )
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (string) => expect(text(utf8(string))).toBe(string)))
  expect(fromHex('0g')).toBeUndefined()
  expect(fromHex('012')).toBeUndefined()
  expect(isBase64('a===')).toBe(false)
})

test('secrets are the same or they are not', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => expect(sameSecret(a, b)).toBe(a === b)))
  expect(sameSecret('abc', 'abc')).toBe(true)
})

test.each([
  ['a b', 'a%20b'],
  ['/', '%2F'],
  ["!'()*", '%21%27%28%29%2A'],
  ['-._~', '-._~'],
  ['ሴ', '%E1%88%B4'],
  ['\ud800', '%EF%BF%BD'],
  ['%', '%25'],
])('percent-encoding of %j', (plain, encoded) => {
  expect(percentEncode(plain)).toBe(encoded)
  if (plain !== '\ud800') expect(percentDecode(encoded)).toBe(plain)
})

test('a path keeps its slashes; bad escapes stay', () => {
  expect(percentEncodePath('a/b c%2F')).toBe('a/b%20c%252F')
  expect(percentDecode('%zz%41%ff')).toBe('%zzA\ufffd')
})

test('MD5 in hex, of text and of bytes', () => {
  expect(md5Hex('message')).toBe('78e731027d8fd50ed642340b7c9a63b3')
  expect(md5Hex(utf8('message'))).toBe('78e731027d8fd50ed642340b7c9a63b3')
})
