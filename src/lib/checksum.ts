// The checksums AWS puts beside a body: CRCs of three kinds, and hashes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
//
// CRC32 is the runtime's own. CRC32C, CRC64NVME and the xxHashes are ours: little data is counted here, much in WebAssembly
// (2.5 GB/s, CRC64NVME 8 GB/s), whose making costs two milliseconds.

import { crcOf } from './crc-wasm.ts'
import type { Crc } from './crc-wasm.ts'
import { Failure } from './errors.ts'
import { hasher } from './hash.ts'
import type { HashName } from './hash.ts'
import { XxHash } from './xxhash.ts'

export type ChecksumName =
  | 'crc32'
  | 'crc32c'
  | 'crc64nvme'
  | 'sha1'
  | 'sha256'
  | 'sha512'
  | 'md5'
  | 'xxhash64'
  | 'xxhash3'
  | 'xxhash128'

/** A running checksum. After digest it is spent. */
export interface Checksum {
  update(data: Uint8Array): Checksum
  /** Big-endian: 4 bytes, 8, or the hash's. */
  digest(): Uint8Array
}

export function canCompute(name: string): name is ChecksumName {
  return isCrc(name) || /^(sha(1|256|512)|md5|xxhash(64|3|128))$/.test(name)
}

/** Throws Failure('NotImplemented') for what `canCompute` denies. */
export function checksum(name: ChecksumName): Checksum {
  if (!canCompute(name)) {
    throw new Failure('NotImplemented', `The checksum algorithm ${String(name).toUpperCase()} is not implemented`)
  }
  switch (name) {
    case 'crc32':
      return new RunningCrc(crc32(), 4)
    case 'crc32c':
      return new RunningCrc(crc('crc32c'), 4)
    case 'crc64nvme':
      return new RunningCrc(crc('crc64nvme'), 8)
    case 'xxhash64':
    case 'xxhash3':
    case 'xxhash128':
      return new XxHash(name)
    default:
      return new Hash(name as HashName)
  }
}

/** The CRC-32 of what is all there, as a number. */
export function crc32Of(data: Uint8Array): number {
  return Number(crc32()(data, 0n))
}

class Hash implements Checksum {
  readonly inner: ReturnType<typeof hasher>
  constructor(name: HashName) {
    this.inner = hasher(name)
  }
  update(data: Uint8Array): Checksum {
    this.inner.update(data)
    return this
  }
  digest(): Uint8Array {
    return this.inner.digest()
  }
}

class RunningCrc implements Checksum {
  readonly add: Crc
  readonly size: 4 | 8
  value = 0n
  constructor(add: Crc, size: 4 | 8) {
    this.add = add
    this.size = size
  }
  update(data: Uint8Array): Checksum {
    this.value = this.add(data, this.value)
    return this
  }
  digest(): Uint8Array {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, this.value)
    return new Uint8Array(view.buffer, 8 - this.size)
  }
}

function crc32(): Crc {
  if (typeof Bun !== 'undefined')
    return (data, before) => BigInt(Bun.hash.crc32(data as Uint8Array<ArrayBuffer>, Number(before)))
  const zlib = process.getBuiltinModule('node:zlib') as { crc32?(data: Uint8Array, before: number): number }
  if (!zlib.crc32) return crc('crc32') // Node before 20.15 has none
  return (data, before) => BigInt(zlib.crc32!(data, Number(before)))
}

const fast = new Map<CrcName, Crc>()
/** Bytes summed the slow way so far, until they cost as much as making the quick one. */
let slowly = 0

function crc(name: CrcName): Crc {
  const { poly, bits } = polynomials[name]
  return (data, before) => {
    let made = fast.get(name)
    if (!made && (slowly += data.length) <= 2048) return crcOfFew(data, before, poly, bits)
    if (!made) fast.set(name, (made = crcOf(poly)))
    return made(data, before)
  }
}

/** Four bits at a time, the CRC in two halves. */
function crcOfFew(data: Uint8Array, before: bigint, poly: bigint, bits: number): bigint {
  const mask = (1n << BigInt(bits)) - 1n
  const table = Array.from({ length: 16 }, (_, index) => {
    let rest = BigInt(index)
    for (let bit = 0; bit < 4; bit++) rest = (rest >> 1n) ^ (rest & 1n ? poly : 0n)
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

export type CrcName = 'crc32' | 'crc32c' | 'crc64nvme'

/** Reflected: the lowest bit is the highest power. */
const polynomials: Record<CrcName, { poly: bigint; bits: number }> = {
  crc32: { poly: 0xedb88320n, bits: 32 },
  crc32c: { poly: 0x82f63b78n, bits: 32 },
  crc64nvme: { poly: 0x9a6c9329ac4bc9b5n, bits: 64 },
}

export function isCrc(name: string): name is CrcName {
  return Object.hasOwn(polynomials, name)
}

/**
 * The CRC of a whole from its parts' CRCs and lengths (bytes), without their bytes.
 * After zlib's crc32_combine: a CRC moves on over n bytes by a product with x^(8n) modulo the polynomial.
 */
export function combineCrcs(name: CrcName, parts: readonly { digest: Uint8Array; length: number }[]): Uint8Array {
  const { poly, bits } = polynomials[name]
  const powers = new Map<number, bigint>()
  let crc = 0n
  for (const { digest, length } of parts) {
    let power = powers.get(length)
    if (power === undefined) powers.set(length, (power = powerOfX(8 * length, poly, bits)))
    crc = product(power, crc, poly, bits) ^ numberOf(digest)
  }
  const bytes = new Uint8Array(bits / 8)
  for (let i = bytes.length - 1; i >= 0; i--, crc >>= 8n) bytes[i] = Number(crc & 255n)
  return bytes
}

function numberOf(bytes: Uint8Array): bigint {
  let number = 0n
  for (const byte of bytes) number = (number << 8n) | BigInt(byte)
  return number
}

function product(a: bigint, b: bigint, poly: bigint, bits: number): bigint {
  let sum = 0n
  for (let bit = 1n << BigInt(bits - 1); bit > 0n; bit >>= 1n) {
    if (a & bit) sum ^= b
    b = b & 1n ? (b >> 1n) ^ poly : b >> 1n
  }
  return sum
}

function powerOfX(exponent: number, poly: bigint, bits: number): bigint {
  let power = 1n << BigInt(bits - 1) // x^0
  let square = 1n << BigInt(bits - 2) // x^1
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) power = product(power, square, poly, bits)
    square = product(square, square, poly, bits)
  }
  return power
}
