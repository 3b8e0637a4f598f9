// Checksums: the published check values, any way of cutting the data, and combination.

import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { toHex, utf8 } from './bytes.ts'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { canCompute, checksum, combineCrcs } from './checksum.ts'
import type { ChecksumName, CrcName } from './checksum.ts'
import { crcOf } from './crc-wasm.ts'

// https://reveng.sourceforge.io/crc-catalogue/ ("check": the ASCII digits 1 to 9)
const checks: [ChecksumName, string][] = [
  ['crc32', 'cbf43926'],
  ['crc32c', 'e3069283'],
  ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
  ['xxhash64', '8cb841db40e6ae83'],
]

test.each(checks)('%s of 123456789', (name, expected) => {
  expect(toHex(checksum(name).update(utf8('123456789')).digest())).toBe(expected)
})

/** By definition: one bit after the other. */
function bitwise(polynomial: bigint, width: number, data: Uint8Array): bigint {
  const mask = (1n << BigInt(width)) - 1n
  let crc = mask
  for (const byte of data) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? polynomial : 0n)
  }
  return crc ^ mask
}

describe.each([
  ['crc32', 0xedb88320n, 32],
  ['crc32c', 0x82f63b78n, 32],
  ['crc64nvme', 0x9a6c9329ac4bc9b5n, 64],
] as const)('%s by its definition', (name, polynomial, width) => {
  test('in few bytes, in any pieces', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 }), (pieces) => {
        const expected = bitwise(polynomial, width, Uint8Array.from(pieces.flatMap((piece) => [...piece])))
        const running = checksum(name)
        for (const piece of pieces) running.update(piece)
        expect(BigInt(`0x${toHex(running.digest())}`)).toBe(expected)
        const fast = crcOf(polynomial)
        expect(pieces.reduce((crc, piece) => fast(piece, crc), 0n)).toBe(expected)
      }),
    )
  })

  // Lengths around the edges of what is taken at once: 8 bytes, 4 × 4096, from 49152 on in another way, 262144.
  const lengths = [
    0, 1, 7, 8, 9, 4095, 4097, 16383, 16384, 16385, 49151, 49152, 49153, 49216, 100_001, 262_143, 262_145,
  ]
  test.each(lengths)('in %i bytes', (length) => {
    const data = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 255)
    const expected = bitwise(polynomial, width, data)
    expect(crcOf(polynomial)(data, 0n)).toBe(expected)
    expect(BigInt(`0x${toHex(checksum(name).update(data).digest())}`)).toBe(expected)
  })
})

describe.each(['crc32', 'crc32c', 'crc64nvme'] as const)('%s', (name: CrcName) => {
  const whole = (data: Uint8Array): string => toHex(checksum(name).update(data).digest())

  test('does not depend on how the data is cut', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(200), (data, cut) => {
        const running = checksum(name).update(data.subarray(0, cut)).update(data.subarray(cut))
        expect(toHex(running.digest())).toBe(whole(data))
      }),
    )
  })

  test('of a whole is combined from its parts', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }), (pieces) => {
        const parts = pieces.map((piece) => ({ digest: checksum(name).update(piece).digest(), length: piece.length }))
        expect(toHex(combineCrcs(name, parts))).toBe(whole(new Uint8Array(pieces.flatMap((piece) => [...piece]))))
      }),
    )
  })
})

const vectors = join(process.env['VIRGA_SHARED'] ?? '../shared', 'vectors/misc/checksum-vectors.json')
const has = existsSync(vectors)
if (!has) console.log(`skipped: no checksum vectors at ${vectors} (set VIRGA_SHARED)`)

describe.skipIf(!has)('the vectors of aws-c-s3', () => {
  interface Case {
    algorithm: ChecksumName
    test: string
    input: string
    expected_hex: string
  }
  const cases = has ? (JSON.parse(readFileSync(vectors, 'utf8')) as Case[]) : []
  test.each(cases.map((one) => [one.test, one] as const))('%s', (_name, one) => {
    expect(toHex(checksum(one.algorithm).update(utf8(one.input)).digest())).toBe(one.expected_hex)
  })
  test('they are all there', () => {
    console.log(`checksums: ${cases.length} vectors`)
    expect(cases.length).toBeGreaterThanOrEqual(27)
  })
})

test('what cannot be computed says so', () => {
  expect(canCompute('crc16')).toBe(false)
  expect(canCompute('constructor')).toBe(false)
  expect(() => checksum('crc16' as never)).toThrow('The checksum algorithm CRC16 is not implemented')
})
