// The xxHash family over data that comes in pieces: XXH64, and XXH3 in 64 and 128 bits.
// https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md
//
// The long middle of the data goes through WebAssembly, a stripe at a time; the beginning of a short input and the end
// of a long one are arithmetic on a few big integers here. The seed is 0, the secret the default one.

import {
  add32,
  add64,
  const32,
  const64,
  end,
  i32,
  instantiated,
  load64,
  local,
  locals,
  low,
  multiply64,
  rotateLeft64,
  shiftRight64,
  store64,
  whilst,
  widened,
  xor64,
} from './wasm-code.ts'
import type { Code, Local } from './wasm-code.ts'

export type XxHashName = 'xxhash64' | 'xxhash3' | 'xxhash128'

const u64 = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotated = (value: bigint, bits: bigint): bigint => u64((value << bits) | (value >> (64n - bits)))

const prime32 = [0n, 0x9e3779b1n, 0x85ebca77n, 0xc2b2ae3dn] as const
const prime = [
  0n,
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const
const mix1 = 0x165667919e3779f9n
const mix2 = 0x9fb21c651e98df25n

/** A running hash. After digest it is spent. */
export class XxHash {
  readonly #name: XxHashName
  readonly #machine: Machine
  readonly #stripe: 32 | 64
  /** Bytes that wait in the machine's memory. */
  #held = 0
  #total = 0
  #stripesInBlock = 0

  constructor(name: XxHashName) {
    this.#name = name
    this.#stripe = name === 'xxhash64' ? 32 : 64
    this.#machine = new Machine(name === 'xxhash64' ? start64 : start3)
  }

  update(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length;) {
      const room = capacity - this.#held
      const piece = bytes.subarray(at, at + room)
      this.#machine.bytes.set(piece, data + this.#held)
      this.#held += piece.length
      this.#total += piece.length
      at += piece.length
      if (this.#held === capacity) this.#consume()
    }
    return this
  }

  /** 8 bytes, or 16, the highest first. */
  digest(): Uint8Array {
    const long = this.#total >= (this.#name === 'xxhash64' ? 32 : 241)
    if (long) this.#consume()
    const rest = this.#machine.bytes.slice(data - 64, data + this.#held)
    const input = new Input(rest.subarray(64))
    const total = BigInt(this.#total)
    switch (this.#name) {
      case 'xxhash64':
        return written(end64(long ? this.#machine.accumulators(4) : undefined, total, input))
      case 'xxhash3':
        return written(long ? this.#merged(rest, total)[0]! : short3(input))
      case 'xxhash128':
        return written(...(long ? this.#merged(rest, total) : short128(input)).toReversed())
    }
  }

  /** Hashes all whole stripes but what must stay for the end, and moves the rest, with 64 bytes before it, to the front. */
  #consume(): void {
    const keep = this.#name === 'xxhash64' ? 0 : 1
    let stripes = Math.floor((this.#held - keep) / this.#stripe)
    const taken = stripes * this.#stripe
    let at = data
    while (stripes > 0) {
      const few = this.#name === 'xxhash64' ? stripes : Math.min(stripes, stripesPerBlock - this.#stripesInBlock)
      if (this.#name === 'xxhash64') this.#machine.stripes64(at, few)
      else this.#machine.stripes3(at, few, secretAt + 8 * this.#stripesInBlock)
      at += few * this.#stripe
      stripes -= few
      this.#stripesInBlock += few
      if (this.#name !== 'xxhash64' && this.#stripesInBlock === stripesPerBlock) {
        this.#machine.scramble()
        this.#stripesInBlock = 0
      }
    }
    if (taken === 0) return
    this.#machine.bytes.copyWithin(data - 64, data + taken - 64, data + this.#held)
    this.#held -= taken
  }

  /** XXH3's end: the last 64 bytes once more, then the accumulators joined; the lower and the higher half. */
  #merged(rest: Uint8Array, total: bigint): [bigint, bigint] {
    this.#machine.bytes.set(rest.subarray(rest.length - 64), data)
    this.#machine.stripes3(data, 1, secretAt + 192 - 64 - 7)
    const accumulators = this.#machine.accumulators(8)
    const joined = (secretOffset: number, start: bigint): bigint => {
      let sum = start
      for (let pair = 0; pair < 4; pair++) {
        const one = accumulators[2 * pair]! ^ secret64(secretOffset + 16 * pair)
        const two = accumulators[2 * pair + 1]! ^ secret64(secretOffset + 16 * pair + 8)
        sum += folded(one * two)
      }
      return avalanche3(u64(sum))
    }
    return [joined(11, u64(total * prime[1])), joined(192 - 64 - 11, u64(~(total * prime[2])))]
  }
}

function written(...words: bigint[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * words.length))
  words.forEach((word, index) => view.setBigUint64(8 * index, word))
  return new Uint8Array(view.buffer)
}

class Input {
  readonly length: number
  readonly #view: DataView
  constructor(bytes: Uint8Array) {
    this.length = bytes.length
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }
  u8(at: number): bigint {
    return BigInt(this.#view.getUint8(at))
  }
  u32(at: number): bigint {
    return BigInt(this.#view.getUint32(at, true))
  }
  u64(at: number): bigint {
    return this.#view.getBigUint64(at, true)
  }
}

// --- XXH64 ---

const start64 = [u64(prime[1] + prime[2]), prime[2], 0n, u64(-prime[1])]

function round64(accumulator: bigint, lane: bigint): bigint {
  return u64(rotated(u64(accumulator + lane * prime[2]), 31n) * prime[1])
}

function end64(accumulators: bigint[] | undefined, total: bigint, rest: Input): bigint {
  let hash = prime[5] as bigint
  if (accumulators) {
    const [a, b, c, d] = accumulators as [bigint, bigint, bigint, bigint]
    hash = u64(rotated(a, 1n) + rotated(b, 7n) + rotated(c, 12n) + rotated(d, 18n))
    for (const one of accumulators) hash = u64((hash ^ round64(0n, one)) * prime[1] + prime[4])
  }
  hash = u64(hash + total)
  let at = 0
  for (; at + 8 <= rest.length; at += 8)
    hash = u64(rotated(hash ^ round64(0n, rest.u64(at)), 27n) * prime[1] + prime[4])
  if (at + 4 <= rest.length) {
    hash = u64(rotated(hash ^ u64(rest.u32(at) * prime[1]), 23n) * prime[2] + prime[3])
    at += 4
  }
  for (; at < rest.length; at++) hash = u64(rotated(hash ^ u64(rest.u8(at) * prime[5]), 11n) * prime[1])
  return avalanche64(hash)
}

function avalanche64(hash: bigint): bigint {
  let mixed = u64((hash ^ (hash >> 33n)) * prime[2])
  mixed = u64((mixed ^ (mixed >> 29n)) * prime[3])
  return mixed ^ (mixed >> 32n)
}

// --- XXH3, up to 240 bytes ---

function avalanche3(hash: bigint): bigint {
  const mixed = u64((hash ^ (hash >> 37n)) * mix1)
  return mixed ^ (mixed >> 32n)
}

/** The two halves of a 128-bit number, one on the other. */
function folded(product: bigint): bigint {
  return u64(product) ^ (product >> 64n)
}

function swapped64(value: bigint): bigint {
  return (swapped32(value & 0xffffffffn) << 32n) | swapped32(value >> 32n)
}

function swapped32(value: bigint): bigint {
  return ((value & 0xffn) << 24n) | ((value & 0xff00n) << 8n) | ((value >> 8n) & 0xff00n) | (value >> 24n)
}

/** Sixteen bytes with sixteen of the secret. */
function mixed16(input: Input, at: number, secretOffset: number): bigint {
  return folded((input.u64(at) ^ secret64(secretOffset)) * (input.u64(at + 8) ^ secret64(secretOffset + 8)))
}

function threeBytes(input: Input): bigint {
  const { length } = input
  return (input.u8(0) << 16n) | (input.u8(length >> 1) << 24n) | input.u8(length - 1) | (BigInt(length) << 8n)
}

function short3(input: Input): bigint {
  const { length } = input
  const size = BigInt(length)
  if (length === 0) return avalanche64(secret64(56) ^ secret64(64))
  if (length <= 3) return avalanche64(threeBytes(input) ^ secret32(0) ^ secret32(4))
  if (length <= 8) {
    const keyed = (input.u32(length - 4) + (input.u32(0) << 32n)) ^ secret64(8) ^ secret64(16)
    let hash = u64((keyed ^ rotated(keyed, 49n) ^ rotated(keyed, 24n)) * mix2)
    hash = u64((hash ^ ((hash >> 35n) + size)) * mix2)
    return hash ^ (hash >> 28n)
  }
  if (length <= 16) {
    const one = input.u64(0) ^ secret64(24) ^ secret64(32)
    const two = input.u64(length - 8) ^ secret64(40) ^ secret64(48)
    return avalanche3(u64(size + swapped64(one) + two + folded(one * two)))
  }
  let sum = size * prime[1]
  if (length <= 128) {
    for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--) {
      sum += mixed16(input, 16 * pair, 32 * pair) + mixed16(input, length - 16 * (pair + 1), 32 * pair + 16)
    }
    return avalanche3(u64(sum))
  }
  for (let round = 0; round < 8; round++) sum += mixed16(input, 16 * round, 16 * round)
  sum = avalanche3(u64(sum))
  for (let round = 8; round < Math.floor(length / 16); round++) sum += mixed16(input, 16 * round, 16 * (round - 8) + 3)
  return avalanche3(u64(sum + mixed16(input, length - 16, 136 - 17)))
}

/** The lower and the higher half. */
function short128(input: Input): [bigint, bigint] {
  const { length } = input
  const size = BigInt(length)
  if (length === 0) return [avalanche64(secret64(64) ^ secret64(72)), avalanche64(secret64(80) ^ secret64(88))]
  if (length <= 3) {
    const one = threeBytes(input)
    const turned = swapped32(one)
    const two = ((turned << 13n) | (turned >> 19n)) & 0xffffffffn
    return [avalanche64(one ^ secret32(0) ^ secret32(4)), avalanche64(two ^ secret32(8) ^ secret32(12))]
  }
  if (length <= 8) {
    const keyed = (input.u32(0) + (input.u32(length - 4) << 32n)) ^ secret64(16) ^ secret64(24)
    const product = keyed * u64(prime[1] + (size << 2n))
    const high = u64((product >> 64n) + (product << 1n))
    let lower = u64(product) ^ (high >> 3n)
    lower = u64((lower ^ (lower >> 35n)) * mix2)
    return [lower ^ (lower >> 28n), avalanche3(high)]
  }
  if (length <= 16) {
    const first = input.u64(0)
    const last = input.u64(length - 8)
    const product = (first ^ last ^ secret64(32) ^ secret64(40)) * prime[1]
    const keyed = last ^ secret64(48) ^ secret64(56)
    const lower = u64(u64(product) + ((size - 1n) << 54n))
    const high = u64((product >> 64n) + keyed + (keyed & 0xffffffffn) * (prime32[2] - 1n))
    const again = (lower ^ swapped64(high)) * prime[2]
    return [avalanche3(u64(again)), avalanche3(u64((again >> 64n) + high * prime[2]))]
  }
  const sums: [bigint, bigint] = [u64(size * prime[1]), 0n]
  const add = (one: number, two: number, secretOffset: number): void => {
    sums[0] = u64(sums[0] + mixed16(input, one, secretOffset)) ^ u64(input.u64(two) + input.u64(two + 8))
    sums[1] = u64(sums[1] + mixed16(input, two, secretOffset + 16)) ^ u64(input.u64(one) + input.u64(one + 8))
  }
  if (length <= 128) {
    for (let pair = Math.floor((length - 1) / 32); pair >= 0; pair--)
      add(16 * pair, length - 16 * (pair + 1), 32 * pair)
  } else {
    for (let at = 32; at < 160; at += 32) add(at - 32, at - 16, at - 32)
    sums[0] = avalanche3(sums[0])
    sums[1] = avalanche3(sums[1])
    for (let at = 160; at <= length; at += 32) add(at - 32, at - 16, 3 + at - 160)
    add(length - 16, length - 32, 136 - 17 - 16)
  }
  const lower = u64(sums[0] + sums[1])
  const high = u64(sums[0] * prime[1] + sums[1] * prime[4] + size * prime[2])
  return [avalanche3(lower), u64(-avalanche3(high))]
}

// --- The secret ---

const secretHex =
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
  '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364ea' +
  'c5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e'

let secretView: DataView | undefined

function secret(): DataView {
  return (secretView ??= new DataView(Uint8Array.from(secretHex.match(/../g)!, (pair) => parseInt(pair, 16)).buffer))
}
function secret64(at: number): bigint {
  return secret().getBigUint64(at, true)
}
function secret32(at: number): bigint {
  return BigInt(secret().getUint32(at, true))
}

// --- The long middle, in WebAssembly ---

const start3 = [prime32[3], prime[1], prime[2], prime[3], prime[4], prime32[2], prime[5], prime32[1]]
const stripesPerBlock = 16

// The memory: eight accumulators, the secret, and the data with the 64 bytes that came before it.
const secretAt = 64
const data = 512
const capacity = 64 * 1024

class Machine {
  readonly bytes: Uint8Array
  readonly stripes64: (at: number, count: number) => void
  readonly stripes3: (at: number, count: number, secretAt: number) => void
  readonly scramble: () => void

  constructor(accumulators: readonly bigint[]) {
    const { memory, stripes64, stripes3, scramble } = instantiated<
      Pick<Machine, 'stripes64' | 'stripes3' | 'scramble'>
    >(data + capacity, [
      { name: 'stripes64', parameters: i32 + i32, body: stripes64Body() },
      { name: 'stripes3', parameters: i32 + i32 + i32, body: stripes3Body() },
      { name: 'scramble', parameters: '', body: scrambleBody() },
    ])
    this.bytes = new Uint8Array(memory.buffer)
    this.stripes64 = stripes64
    this.stripes3 = stripes3
    this.scramble = scramble
    const view = new DataView(memory.buffer)
    accumulators.forEach((value, index) => view.setBigUint64(8 * index, value, true))
    this.bytes.set(new Uint8Array(secret().buffer), secretAt)
  }

  accumulators(count: number): bigint[] {
    const view = new DataView(this.bytes.buffer)
    return Array.from({ length: count }, (_, index) => view.getBigUint64(8 * index, true))
  }
}

const zero = const32(0)

/** Four lanes of eight bytes: a = rotate(a + lane × p2, 31) × p1. */
function stripes64Body(): Code {
  const [at, count] = [0, 1].map(local) as [Local, Local]
  const lane = (index: number): Code =>
    store64(
      8 * index,
      zero,
      multiply64(
        rotateLeft64(
          add64(load64(8 * index, zero), multiply64(load64(8 * index, at.get), const64(BigInt.asIntN(64, prime[2])))),
          31,
        ),
        const64(BigInt.asIntN(64, prime[1])),
      ),
    )
  return (
    locals() +
    whilst(
      count.get,
      [0, 1, 2, 3].map(lane).join('') + at.set(add32(at.get, const32(32))) + count.set(add32(count.get, const32(-1))),
    ) +
    end
  )
}

/** Eight lanes: the neighbour's accumulator takes the data, the own one the product of the keyed data's two halves. */
function stripes3Body(): Code {
  const [at, count, key, keyed] = [0, 1, 2, 3].map(local) as [Local, Local, Local, Local]
  const lane = (index: number): Code =>
    keyed.set(xor64(load64(8 * index, at.get), load64(8 * index, key.get))) +
    store64(8 * (index ^ 1), zero, add64(load64(8 * (index ^ 1), zero), load64(8 * index, at.get))) +
    store64(
      8 * index,
      zero,
      add64(load64(8 * index, zero), multiply64(widened(low(keyed.get)), shiftRight64(keyed.get, 32))),
    )
  const lanes = [0, 1, 2, 3, 4, 5, 6, 7].map(lane).join('')
  return (
    locals('\x7e') +
    whilst(
      count.get,
      lanes +
        at.set(add32(at.get, const32(64))) +
        key.set(add32(key.get, const32(8))) +
        count.set(add32(count.get, const32(-1))),
    ) +
    end
  )
}

/** After each block of 16 stripes. */
function scrambleBody(): Code {
  const accumulator = (index: number): Code => {
    const value = load64(8 * index, zero)
    const keyed = xor64(xor64(value, shiftRight64(value, 47)), load64(8 * index + secretAt + 192 - 64, zero))
    return store64(8 * index, zero, multiply64(keyed, const64(prime32[1])))
  }
  return locals() + [0, 1, 2, 3, 4, 5, 6, 7].map(accumulator).join('') + end
}
