import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { toBase64, toHex } from './bytes.ts'
import { XxHash } from './xxhash.ts'

// https://github.com/Cyan4973/xxHash/blob/dev/cli/xsum_sanity_check.c
test('of nothing', () => {
  expect(toHex(new XxHash('xxhash64').digest())).toBe('ef46db3751d8e999')
  expect(toHex(new XxHash('xxhash3').digest())).toBe('2d06800538d394c2')
  expect(toHex(new XxHash('xxhash128').digest())).toBe('99aa06d3014798d86001c324468d497f')
})

// Around the edges of what is hashed in different ways: 3, 8, 16, 128, 240 bytes; stripes, blocks, our buffer of 65536.
const lengths = [
  1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 96, 97, 127, 128, 129, 143, 144, 160, 239, 240, 241, 255,
  256, 511, 512, 1023, 1024, 1025, 1088, 4096, 65_535, 65_536, 65_537, 65_600, 131_072, 131_073, 200_001,
]
test.each(lengths)('the runtime’s own agree on %i bytes', (length) => {
  const data = Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8) * 13) & 255)
  expect(toHex(new XxHash('xxhash64').update(data).digest())).toBe(
    Bun.hash.xxHash64(data).toString(16).padStart(16, '0'),
  )
  expect(toHex(new XxHash('xxhash3').update(data).digest())).toBe(Bun.hash.xxHash3(data).toString(16).padStart(16, '0'))
})

// The x-amz-checksum-xxhash128 of AWS CLI 2.36.12 for so many bytes.
const recorded: [number, string][] = [
  [1, 'edLHnodPcs2KIdeLFTixwA=='],
  [2, 'PNO4vMO3mQ9RpoftHpzupw=='],
  [3, 'T5lUqJas+9i34j6cGtJOSw=='],
  [4, 'rxtBmo3ch/ZSu9DHEjgQFA=='],
  [7, 'jPi60ZFyxOConr5K2ZR8tQ=='],
  [8, '7uCg2tsl0xBsImbRfgmQeQ=='],
  [9, '0jyJE8udUCUucvkpFScaWQ=='],
  [15, '3ijUwFnoYywGPyOqiLjgHQ=='],
  [16, 'gSXj7MXt7653UreItHa0Mw=='],
  [17, 't4tYuBMZYzSfhSk3Ejmokw=='],
  [33, 'GOW3Zj/7Ybnolj5ri9s9Ew=='],
  [64, 'jRKz0MuGOmnGRHlu4W+7Sg=='],
  [65, 'Hf9x/XyAt7POq5XyDJiKyw=='],
  [97, 'phb5sv+8bm4T7linefVzFQ=='],
  [128, '0j31quoLYdyde3O7YxFIeg=='],
  [129, 'Vq+0NF0lndxk6DImT5XE/A=='],
  [143, 'Q8n6UecR94ORysTTd6mqnw=='],
  [160, 'XaNJ05DF64E1FN5iYAK2wA=='],
  [175, 'dVIh3yDqZtm2yCvj0/sOVQ=='],
  [240, 'fYtLg1Pnz3VXP5M/2xfleg=='],
  [241, '+BlmGWaTZkWllVaobGpupg=='],
]
test.each(recorded)('the official CLI agrees on %i bytes', (length, expected) => {
  const data = Uint8Array.from({ length }, (_, index) => (index * 7 + 13) & 255)
  expect(toBase64(new XxHash('xxhash128').update(data).digest())).toBe(expected)
})
test('the official CLI agrees on three megabytes', () => {
  const data = Uint8Array.from({ length: 3_000_001 }, (_, index) => (index * 7 + (index >> 9)) & 255)
  expect(toBase64(new XxHash('xxhash128').update(data).digest())).toBe('oaE7IB2OXsSWUBKZpFo+Jg==')
})

describe.each(['xxhash64', 'xxhash3', 'xxhash128'] as const)('%s', (name) => {
  test('does not depend on how the data is cut', () => {
    const pieces = fc.array(fc.integer({ min: 0, max: 70_000 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(pieces, (sizes) => {
        const whole = Uint8Array.from(
          { length: sizes.reduce((sum, size) => sum + size, 0) },
          (_, index) => (index * 31 + (index >> 7)) & 255,
        )
        const running = new XxHash(name)
        let at = 0
        for (const size of sizes) {
          running.update(whole.subarray(at, at + size))
          at += size
        }
        expect(running.digest()).toEqual(new XxHash(name).update(whole).digest())
      }),
      { numRuns: 30 },
    )
  })
})
