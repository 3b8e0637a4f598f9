import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { fromHex, toHex, utf8 } from './bytes.ts'
import { checksum } from './checksum.ts'
import type { ChecksumName } from './checksum.ts'
import { crcOf } from './crc-wasm.ts'

const digits = utf8('123456789')

// The catalogue's check values: https://reveng.sourceforge.io/crc-catalogue/all.htm
const checks: [ChecksumName, string][] = [
  ['crc32', 'cbf43926'], ['crc32c', 'e3069283'], ['crc64nvme', 'ae8b14860a799888'],
  ['sha1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
  ['sha256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ['md5', '25f9e794323b453885f5181f1b624d0b'],
]
test.each(checks)('%s of 123456789', (name, expected) => {
  expect(toHex(checksum(name).update(digits).digest())).toBe(expected)
})

/** By definition: one bit after the other. */
function bitwise(polynomial: bigint, width: 32 | 64, data: Uint8Array): bigint {
  const mask = (1n << BigInt(width)) - 1n
  let crc = mask
  for (const byte of data) {
    crc ^= BigInt(byte)
    for (let bit = 0; bit < 8; bit++) crc = (crc >> 1n) ^ (crc & 1n ? polynomial : 0n)
  }
  return crc ^ mask
}

describe.each([
  ['crc32', 0xedb88320n, 32], ['crc32c', 0x82f63b78n, 32], ['crc64nvme', 0x9a6c9329ac4bc9b5n, 64],
] as const)('%s', (name, polynomial, width) => {
  test('is the definition’s, however the data is cut, in few bytes and in many', () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 6 })
    fc.assert(fc.property(pieces, (given) => {
      const expected = bitwise(polynomial, width, Uint8Array.from(given.flatMap((piece) => [...piece])))
      const running = checksum(name)
      for (const piece of given) running.update(piece)
      expect(BigInt(`0x${toHex(running.digest())}`)).toBe(expected)
      const fast = crcOf(polynomial)
      expect(given.reduce((crc, piece) => fast(piece, crc), 0n)).toBe(expected)
    }))
  })

  // Lengths around the edges of what is taken at once: 8 bytes, 4 × 4096, 65536.
  test.each([0, 1, 7, 8, 9, 4095, 4097, 16383, 16384, 16385, 65535, 65536, 65537, 150_001])('of %i bytes', (length) => {
    const data = Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8) * 7) & 255)
    expect(crcOf(polynomial)(data, 0n)).toBe(bitwise(polynomial, width, data))
    expect(BigInt(`0x${toHex(checksum(name).update(data).digest())}`)).toBe(bitwise(polynomial, width, data))
  })
})

const vectors = join(process.env.VIRGA_SHARED ?? join(import.meta.dir, '../../../shared'), 'vectors/misc/checksum-vectors.json')
if (existsSync(vectors)) {
  const cases = JSON.parse(readFileSync(vectors, 'utf8')) as { algorithm: ChecksumName; test: string; input: string; expected_hex: string }[]
  test.each(cases.map((each) => [each.test, each] as const))('AWS’s own: %s', (_, { algorithm, input, expected_hex }) => {
    expect(checksum(algorithm).update(utf8(input)).digest()).toEqual(fromHex(expected_hex))
  })
} else {
  test.skip(`AWS’s checksum vectors: ${vectors} is not there`, () => {})
}
