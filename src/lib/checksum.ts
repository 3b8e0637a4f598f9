// The checksums AWS sends beside data, by name, over data that comes in pieces.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
//
// CRC32 and the hashes are native; CRC32C and CRC64NVME are ours: a few bytes are counted here, more in WebAssembly,
// whose making costs some milliseconds.

import { crcOf } from './crc-wasm.ts'
import type { Crc } from './crc-wasm.ts'
import { hasher } from './hash.ts'
import type { HashName } from './hash.ts'

export type ChecksumName = 'crc32' | 'crc32c' | 'crc64nvme' | HashName

/** A running checksum. After digest it is spent. */
export interface Checksum {
  update(data: Uint8Array): Checksum
  /** Big-endian, as AWS writes it in base64. */
  digest(): Uint8Array
}

export function checksum(name: ChecksumName): Checksum {
  switch (name) {
    case 'crc32':
      return running(4, crc32())
    case 'crc32c':
      return running(4, crc(0x82f63b78n))
    case 'crc64nvme':
      return running(8, crc(0x9a6c9329ac4bc9b5n))
    default:
      return hasher(name)
  }
}

function running(size: 4 | 8, add: Crc): Checksum {
  let value = 0n
  return {
    update(data) {
      value = add(data, value)
      return this
    },
    digest() {
      const bytes = new DataView(new ArrayBuffer(8))
      bytes.setBigUint64(0, value)
      return new Uint8Array(bytes.buffer, 8 - size)
    },
  }
}

function crc32(): Crc {
  if (typeof Bun !== 'undefined') return (data, before) => BigInt(Bun.hash.crc32(data, Number(before)))
  const { crc32: native } = process.getBuiltinModule('node:zlib') as unknown as {
    crc32(data: Uint8Array, before: number): number
  }
  return (data, before) => BigInt(native(data, Number(before)))
}

const made = new Map<bigint, Crc>()

/** @param polynomial reflected, without its highest term */
function crc(polynomial: bigint): Crc {
  return (data, before) => {
    if (data.length <= 4096 && !made.has(polynomial)) return crcOfFew(data, before, polynomial)
    if (!made.has(polynomial)) made.set(polynomial, crcOf(polynomial))
    return made.get(polynomial)!(data, before)
  }
}

/** Four bits at a time. */
function crcOfFew(data: Uint8Array, before: bigint, polynomial: bigint): bigint {
  const mask = polynomial > 0xffffffffn ? 0xffffffffffffffffn : 0xffffffffn
  const table = Array.from({ length: 16 }, (_, index) => {
    let rest = BigInt(index)
    for (let bit = 0; bit < 4; bit++) rest = (rest >> 1n) ^ (rest & 1n ? polynomial : 0n)
    return [Number(rest >> 32n), Number(rest & 0xffffffffn)] as const
  })
  let high = Number((before ^ mask) >> 32n)
  let low = Number((before ^ mask) & 0xffffffffn)
  for (const byte of data) {
    low ^= byte
    for (let half = 0; half < 2; half++) {
      const [tableHigh, tableLow] = table[low & 15]!
      low = (low >>> 4) ^ (high << 28) ^ tableLow
      high = (high >>> 4) ^ tableHigh
    }
  }
  return ((BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)) ^ mask
}
