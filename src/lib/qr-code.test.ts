// The pictures were read back by another program (jsQR 1.4.0) for every length from 1 to 367 when this was written;
// here their bytes are held.

import { expect, test } from 'bun:test'
import { sha256Hex } from './hash.ts'
import { qrModules, qrPng } from './qr-code.ts'

const text = (length: number): Uint8Array =>
  new TextEncoder().encode('otpauth://totp/ana@123456789012?secret='.padEnd(length, 'A').slice(0, length))

test.each([
  [1, 21],
  [17, 21],
  [18, 25],
  [106, 37],
  [192, 49],
  [271, 57],
  [272, 61],
  [321, 61],
  [322, 65],
  [367, 65],
])('%d bytes take a square of %d modules', (length, size) => {
  const modules = qrModules(text(length))
  expect([modules.length, ...new Set(modules.map((row) => row.length))]).toEqual([size, size])
  expect(modules.flat().every((module) => typeof module === 'boolean')).toBe(true)
})

test('more does not fit', () => {
  expect(() => qrModules(text(368))).toThrow(RangeError)
})

test('the picture is the one that was read back', () => {
  expect([1, 39, 150, 280, 367].map((length) => sha256Hex(qrPng(text(length))).slice(0, 16))).toEqual([
    '5c1d44abf245342e',
    '99be4bf856707066',
    '6e708062b8e724ef',
    'ca7da06166f9b990',
    '21d13ffa0e3fcbb2',
  ])
})
