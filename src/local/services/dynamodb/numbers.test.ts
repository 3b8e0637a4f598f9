// Numbers: their one spelling, their order in both encodings, their sums; laws against BigInt's arithmetic.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { toHex } from '../../../lib/bytes.ts'
import { compareNumbers, difference, normalNumber, numberBytes, numberSize, sortableNumber, sum } from './numbers.ts'

describe('spelling', () => {
  test.each([
    ['0', '0'],
    ['-0', '0'],
    ['00.00', '0'],
    ['1.50', '1.5'],
    ['+7', '7'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1e3', '1000'],
    ['1E-3', '0.001'],
    ['-12.3400e2', '-1234'],
    ['000123000', '123000'],
    ['1e125', `1${'0'.repeat(125)}`],
    ['1e-130', `0.${'0'.repeat(129)}1`],
    ['12345678901234567890123456789012345678', '12345678901234567890123456789012345678'],
    ['1234567890123456789012345678901234567800', '1234567890123456789012345678901234567800'],
  ])('%s', (given, normal) => expect(normalNumber(given)).toBe(normal))

  test.each([
    ['', 'The parameter cannot be converted to a numeric value'],
    ['b', 'The parameter cannot be converted to a numeric value: b'],
    [' 1', 'The parameter cannot be converted to a numeric value:  1'],
    ['1e', 'The parameter cannot be converted to a numeric value: 1e'],
    ['.', 'The parameter cannot be converted to a numeric value: .'],
    ['0x10', 'The parameter cannot be converted to a numeric value: 0x10'],
    ['NaN', 'The parameter cannot be converted to a numeric value: NaN'],
    ['1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['-1e126', 'Number overflow. Attempting to store a number with magnitude larger than supported range'],
    ['1e-131', 'Number underflow. Attempting to store a number with magnitude smaller than supported range'],
    ['123456789012345678901234567890123456789', 'Attempting to store more than 38 significant digits in a Number'],
    ['1.00000000000000000000000000000000000001', 'Attempting to store more than 38 significant digits in a Number'],
  ])('%s is none', (given, message) => expect(() => normalNumber(given)).toThrow(message))
})

/** Whole multiples of 10^-20 of at most 30 digits, as text and as what they count. */
const decimals = fc
  .bigInt({ min: -(10n ** 30n), max: 10n ** 30n })
  .map((units) => ({ units, text: normalNumber(`${units}e-20`) }))

test('order is that of the values, also of the texts that sort', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      const wanted = a.units < b.units ? -1 : a.units > b.units ? 1 : 0
      expect(Math.sign(compareNumbers(a.text, b.text))).toBe(wanted)
      const [x, y] = [sortableNumber(a.text), sortableNumber(b.text)]
      expect(x < y ? -1 : x > y ? 1 : 0).toBe(wanted)
    }),
    { numRuns: 1000 },
  )
})

test('sums and differences are exact', () => {
  fc.assert(
    fc.property(decimals, decimals, (a, b) => {
      expect(sum(a.text, b.text)).toBe(normalNumber(`${a.units + b.units}e-20`))
      expect(difference(a.text, b.text)).toBe(normalNumber(`${a.units - b.units}e-20`))
    }),
    { numRuns: 1000 },
  )
})

test.each([
  ['1e37', '0.1', '10000000000000000000000000000000000000.1'],
  ['0', '0', '0'],
  ['5', '-5', '0'],
])('%s + %s', (a, b, total) => {
  if (total.replace('.', '').length > 38) expect(() => sum(normalNumber(a), b)).toThrow('38 significant digits')
  else expect(sum(normalNumber(a), b)).toBe(total)
})

test.each([
  ['0', '80'],
  ['1', 'c102'],
  ['-1', '3e6466'],
  ['10', 'c10b'],
  ['100', 'c202'],
  ['123.45', 'c202182e'],
])('bytes of %s', (number, hex) => expect(toHex(numberBytes(number))).toBe(hex))

test.each([
  ['0', 1],
  ['1', 2],
  ['-1', 3],
  ['12', 2],
  ['1.2', 3],
  ['123', 3],
  ['100', 2],
])('%s counts for %d bytes', (number, bytes) => expect(numberSize(number)).toBe(bytes))
