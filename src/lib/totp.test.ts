import { expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { utf8 } from './bytes.ts'
import { fromBase32, hotp, toBase32, totp } from './totp.ts'

// RFC 6238, appendix B.
const seeds = {
  sha1: '12345678901234567890',
  sha256: '12345678901234567890123456789012',
  sha512: '1234567890123456789012345678901234567890123456789012345678901234',
} as const
test.each([
  [59, 'sha1', '94287082'],
  [59, 'sha256', '46119246'],
  [59, 'sha512', '90693936'],
  [1111111109, 'sha1', '07081804'],
  [1111111109, 'sha256', '68084774'],
  [1111111109, 'sha512', '25091201'],
  [1111111111, 'sha1', '14050471'],
  [1111111111, 'sha256', '67062674'],
  [1111111111, 'sha512', '99943326'],
  [1234567890, 'sha1', '89005924'],
  [1234567890, 'sha256', '91819424'],
  [1234567890, 'sha512', '93441116'],
  [2000000000, 'sha1', '69279037'],
  [2000000000, 'sha256', '90698825'],
  [2000000000, 'sha512', '38618901'],
  [20000000000, 'sha1', '65353130'],
  [20000000000, 'sha256', '77737706'],
  [20000000000, 'sha512', '47863826'],
] as const)('at %d with %s: %s', (seconds, hash, code) => {
  expect(totp(utf8(seeds[hash]), seconds * 1000, { digits: 8, hash })).toBe(code)
})

// RFC 4226, appendix D.
test('the codes of the first ten counters', () => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  expect(codes.map((_code, counter) => hotp(utf8(seeds.sha1), counter))).toEqual(codes)
})

// RFC 4648, §10.
test.each([
  ['', ''],
  ['f', 'MY======'],
  ['fo', 'MZXQ===='],
  ['foo', 'MZXW6==='],
  ['foob', 'MZXW6YQ='],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI======'],
])('base32 of %s', (plain, encoded) => {
  expect(toBase32(utf8(plain))).toBe(encoded)
  expect(fromBase32(encoded)).toEqual(utf8(plain))
})

test('what people type is read; what is no base32 is not', () => {
  expect(fromBase32('mzxw 6ytb-oi')).toEqual(utf8('foobar'))
  expect(fromBase32('MZXW1')).toBeUndefined()
  fc.assert(fc.property(fc.uint8Array(), (bytes) => expect(fromBase32(toBase32(bytes))).toEqual(bytes)))
})
