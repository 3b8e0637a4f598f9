// CRCs that no runtime has natively, at memory speed: a WebAssembly module, written out here instruction by instruction.
//
// A reflected CRC takes a byte by c = table[(c ^ byte) & 255] ^ (c >> 8). Two things make that fast:
//   - eight bytes at once, with eight tables: table k holds what a byte becomes after k more bytes (slicing-by-8);
//   - four stretches of the data side by side, so that the processor need not wait for one look-up before the next;
//     at the end of a block the four are joined by moving a CRC over a stretch of zeros, which is a look-up as well.
// A 32-bit CRC is a 64-bit one whose upper half stays empty: the same code serves both.
// https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/crc-iscsi-polynomial-crc32-instruction-paper.pdf
//
// Four times as fast again, where a sparse multiple of the polynomial is known, one of few terms that all are powers of
// x^64: subtracted as often as needed, it takes the first words of the data away and leaves a few kilobytes, whose CRC is
// the same. To subtract it is to add each word to seven later ones, sixteen bytes at a time, without any look-up.
// https://arxiv.org/abs/2412.16398 (Chorba: a novel CRC32 implementation)

import {
  add32,
  and32,
  and64,
  below,
  binary,
  const32,
  const64,
  count,
  end,
  i32,
  i64,
  instantiated,
  load128,
  load64,
  load8,
  local,
  locals,
  low,
  select,
  shiftLeft32,
  shiftRight32,
  shiftRight64,
  store128,
  store64,
  subtract32,
  when,
  whilst,
  widened,
  xor128,
  xor64,
} from './wasm-code.ts'
import type { Code, Local } from './wasm-code.ts'

export interface Crc {
  /** The CRC of what came before and `data`; 0n to begin with. */
  (data: Uint8Array, before: bigint): bigint
}

/** @param polynomial reflected, without its highest term: 0x82f63b78n for CRC32C */
export function crcOf(polynomial: bigint): Crc {
  const bits = polynomial > 0xffffffffn ? 64 : 32
  const mask = (1n << BigInt(bits)) - 1n
  const { memory, prepare, update, take, rest } = instance(sparseMultiples.get(polynomial))
  prepare(polynomial, bits - 1)
  const window = new Uint8Array(memory.buffer, data, dataSize)
  const taken = new Uint8Array(memory.buffer, data - longestDistance, longestDistance + dataSize)

  const summed = (bytes: Uint8Array, crc: bigint): bigint => {
    for (let at = 0; at < bytes.length; at += dataSize) {
      const piece = bytes.subarray(at, at + dataSize)
      window.set(piece)
      crc = update(crc, 0, piece.length)
    }
    return crc
  }
  /** The same, of bytes that are worth it. */
  const shortened = (bytes: Uint8Array, crc: bigint): bigint => {
    const away = (bytes.length - longestDistance) & -strip
    taken.fill(0, 0, longestDistance)
    let length = 0
    for (let at = 0; at < away; at += length) {
      taken.copyWithin(0, length, length + longestDistance)
      length = Math.min(away - at, pieceSize)
      window.set(bytes.subarray(at, at + length))
      take!(crc, length)
      crc = 0n
    }
    const stays = bytes.subarray(away)
    window.set(stays, length)
    rest!(length)
    return update(0n, length, length + stays.length)
  }
  return (bytes, before) => {
    const sum = take !== undefined && bytes.length >= worthShortening ? shortened : summed
    return BigInt.asUintN(64, sum(bytes, before ^ mask)) ^ mask
  }
}

// The module's memory: eight tables, eight more that move a CRC over a stretch of zeros, zeros that stand before the data,
// and the data.
const tableSize = 256 * 8
const zeros = 8 * tableSize
const longestDistance = 16 * 1024
const data = 16 * tableSize + longestDistance
/** Bytes that words are taken from at a time: few enough to stay near the processor. */
const pieceSize = 64 * 1024
const dataSize = pieceSize + 2 * longestDistance
const stretch = 512

/** Bytes from which on more is saved by taking words away than the rest costs. */
const worthShortening = 3 * longestDistance

/** Bytes that are worked on in one round; less than the shortest distance. */
const strip = 64

/**
 * How far behind a word, in words, those lie to which it is added, by polynomial. For CRC64NVME x^(64·e) summed up over e = 0,
 * 204, 394, 601, 848, 895, 1621 and 1852 is a multiple of it; such sums are found by sorting those of pairs (Wagner's
 * generalized birthday problem).
 */
const sparseMultiples: ReadonlyMap<bigint, readonly number[]> = new Map([
  [0x9a6c9329ac4bc9b5n, [1852, 1648, 1458, 1251, 1004, 957, 231]],
])

interface Module {
  prepare(polynomial: bigint, top: number): void
  update(crc: bigint, from: number, to: number): bigint
  take?(crc: bigint, length: number): void
  rest?(away: number): void
}

/** Without `take` and `rest` where nothing is known to shorten by, or the machine has no registers of sixteen bytes. */
function instance(distances: readonly number[] | undefined) {
  const functions = [
    { name: 'prepare', parameters: i64 + i32, body: prepareBody() },
    { name: 'update', parameters: i64 + i32 + i32, results: i64, body: updateBody() },
  ]
  const size = data + dataSize
  if (distances === undefined) return instantiated<Module>(size, functions)
  try {
    const take = { name: 'take', parameters: i64 + i32, body: takeBody(distances) }
    const rest = { name: 'rest', parameters: i32, body: restBody(distances) }
    return instantiated<Module>(size, [...functions, take, rest])
  } catch {
    return instantiated<Module>(size, functions)
  }
}

/**
 * take(crc, length): takes the words of so many bytes, a multiple of the strip, away: each becomes what it was and all that
 * was added to it by those before, which must lie before it as they became. Before the first ones lie zeros.
 */
function takeBody(distances: readonly number[]): Code {
  const [crc, length, at] = [0, 1, 2].map(local) as [Local, Local, Local]
  const steps = Array.from({ length: strip / 16 }, (_, step) => data + step * 16)
  return (
    locals(i32) +
    store64(data, const32(0), xor64(load64(data, const32(0)), crc.get)) +
    whilst(
      below(at.get, length.get),
      steps
        .map((step) =>
          store128(step, at.get, [0, ...distances].map((words) => load128(step - words * 8, at.get)).reduce(xor128)),
        )
        .join('') + at.set(add32(at.get, const32(strip))),
    ) +
    end
  )
}

/**
 * rest(away): what the words before that place add to those that stay behind it, whose CRC is then the CRC of all. By twos,
 * after one where their number is odd.
 */
function restBody(distances: readonly number[]): Code {
  const [away, at, stop] = [0, 1, 2].map(local) as [Local, Local, Local]
  const one = (added: number): Code =>
    store64(data, at.get, xor64(load64(data, at.get), load64(added, at.get))) + at.set(add32(at.get, const32(8)))
  const two = (added: number): Code =>
    store128(data, at.get, xor128(load128(data, at.get), load128(added, at.get))) + at.set(add32(at.get, const32(16)))
  return (
    locals(i32, i32) +
    distances
      .map((words) => {
        const added = data - words * 8
        return (
          at.set(away.get) +
          stop.set(add32(away.get, const32(words * 8))) +
          (words % 2 === 1 ? one(added) : '') +
          whilst(below(at.get, stop.get), two(added))
        )
      })
      .join('') +
    end
  )
}

/**
 * prepare(polynomial, top): fills the tables; `top` is the number of the polynomial's highest bit. A table is linear: it
 * suffices to know what the bits of a byte become.
 */
function prepareBody(): Code {
  const [polynomial, top, index, bit, crc] = [0, 1, 2, 3, 4].map(local) as [Local, Local, Local, Local, Local]
  const divided = crc.set(
    xor64(shiftRight64(crc.get, 1), select(polynomial.get, const64(0), low(and64(crc.get, const64(1))))),
  )
  // Of table `number >> 3`, the entry for a byte of one bit.
  const single = (number: Local, byte: Code): Code => entry(add32(shiftLeft32(shiftRight32(number.get, 3), 8), byte))
  return (
    locals(i32, i32, i64) +
    // tables 0 to 7: the highest bit of a byte is divided by the polynomial at once, each lower one a step later, and all
    // of the next table eight steps later
    crc.set(polynomial.get) +
    count(index, 64, store64(0, single(index, binary('\x76', const32(128), and32(index.get, 7))), crc.get) + divided) +
    // The lowest term, the highest bit, goes through a stretch of zeros; each lower bit is one step further.
    crc.set(binary('\x86', const64(1), widened(top.get))) +
    count(index, 8 * stretch, divided) +
    whilst(
      binary('\x4e', top.get, const32(0)),
      store64(zeros, single(top, binary('\x74', const32(1), and32(top.get, 7))), crc.get) +
        divided +
        top.set(subtract32(top.get, const32(1))),
    ) +
    // A byte of several bits: its lowest one, and the others.
    count(
      index,
      16 * 256,
      bit.set(binary('\x71', index.get, subtract32(const32(0), index.get))) +
        when(
          and32(index.get, 255),
          store64(
            0,
            entry(index.get),
            xor64(
              load64(0, entry(subtract32(index.get, bit.get))),
              load64(0, entry(binary('\x72', binary('\x71', index.get, const32(~255)), bit.get))),
            ),
          ),
        ),
    ) +
    end
  )
}

/** update(crc, from, to): the CRC after the data's bytes between two places. */
function updateBody(): Code {
  const [crc, at, stop, ...more] = [0, 1, 2, 3, 4, 5, 6, 7, 8].map(local)
  const [second, third, fourth, left, right, edge] = more
  const lanes = [crc!, second!, third!, fourth!]
  const halves = (lane: Local): Code => left!.set(low(lane.get)) + right!.set(low(shiftRight64(lane.get, 32)))
  const afterEightBytes = lookUp(left!, right!, (byte) => (7 - byte) * tableSize)
  const afterZeros = lookUp(left!, right!, (byte) => zeros + byte * tableSize)
  const eightBytes = (lane: Local, offset: number): Code =>
    lane.set(xor64(lane.get, load64(offset, at!.get))) + halves(lane) + lane.set(afterEightBytes)
  const oneByte = xor64(shiftRight64(crc!.get, 8), load64(0, entry(and32(low(xor64(crc!.get, load8(at!.get))), 255))))
  const advance = (size: number): Code => at!.set(add32(at!.get, const32(size)))
  const fits = (size: number): Code => binary('\x4d', add32(at!.get, const32(size)), stop!.get)
  return (
    locals(i64, i64, i64, i32, i32, i32) +
    at!.set(add32(at!.get, const32(data))) +
    stop!.set(add32(stop!.get, const32(data))) +
    whilst(
      fits(lanes.length * stretch),
      lanes
        .slice(1)
        .map((lane) => lane.set(const64(0)))
        .join('') +
        edge!.set(add32(at!.get, const32(stretch))) +
        whilst(
          below(at!.get, edge!.get),
          lanes.map((lane, index) => eightBytes(lane, index * stretch)).join('') + advance(8),
        ) +
        lanes
          .slice(1)
          .map((lane) => halves(crc!) + crc!.set(xor64(afterZeros, lane.get)))
          .join('') +
        advance((lanes.length - 1) * stretch),
    ) +
    whilst(fits(8), eightBytes(crc!, 0) + advance(8)) +
    whilst(below(at!.get, stop!.get), crc!.set(oneByte) + advance(1)) +
    crc!.get +
    end
  )
}

/** The eight bytes of a word, given as its two halves, each looked up in its table, and all joined. */
function lookUp(left: Local, right: Local, table: (byte: number) => number): Code {
  let code = ''
  for (let byte = 0; byte < 8; byte++) {
    const half = byte < 4 ? left.get : right.get
    const bits = (byte % 4) * 8
    // (half >> bits & 255) * 8, in one step less where it can be
    const place = bits === 0 ? entry(and32(half, 255)) : and32(shiftRight32(half, bits - 3), 255 * 8)
    code += load64(table(byte), place) + (byte > 0 ? '\x85' : '')
  }
  return code
}

/** Where a table's entry lies. */
function entry(index: Code): Code {
  return shiftLeft32(index, 3)
}
