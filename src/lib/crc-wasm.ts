// CRCs that no runtime has natively, at memory speed: a WebAssembly module, written out here instruction by instruction.
//
// A reflected CRC takes a byte by c = table[(c ^ byte) & 255] ^ (c >> 8). Two things make that fast:
//   - eight bytes at once, with eight tables: table k holds what a byte becomes after k more bytes (slicing-by-8);
//   - four stretches of the data side by side, so that the processor need not wait for one look-up before the next;
//     at the end of a block the four are joined by moving a CRC over a stretch of zeros, which is a look-up as well.
// A 32-bit CRC is a 64-bit one whose upper half stays empty: the same code serves both.
// https://www.intel.com/content/dam/www/public/us/en/documents/white-papers/crc-iscsi-polynomial-crc32-instruction-paper.pdf

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
  load64,
  load8,
  local,
  locals,
  low,
  select,
  shiftLeft32,
  shiftRight32,
  shiftRight64,
  store64,
  when,
  whilst,
  widened,
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
  const { memory, prepare, update } = instance()
  prepare(polynomial, bits - 1)
  const window = new Uint8Array(memory.buffer, data, dataSize)
  return (bytes, before) => {
    let crc = before ^ mask
    for (let at = 0; at < bytes.length; at += dataSize) {
      const piece = bytes.subarray(at, at + dataSize)
      window.set(piece)
      crc = update(crc, piece.length)
    }
    return BigInt.asUintN(64, crc) ^ mask
  }
}

// The module's memory: eight tables, eight more that move a CRC over a stretch of zeros, and the data.
const tableSize = 256 * 8
const zeros = 8 * tableSize
const data = 16 * tableSize
const dataSize = 64 * 1024
const stretch = 4096

interface Module {
  prepare(polynomial: bigint, top: number): void
  update(crc: bigint, length: number): bigint
}

function instance() {
  return instantiated<Module>(data + dataSize, [
    { name: 'prepare', parameters: i64 + i32, body: prepareBody() },
    { name: 'update', parameters: i64 + i32, results: i64, body: updateBody() },
  ])
}

/** prepare(polynomial, top): fills the tables; `top` is the number of the polynomial's highest bit. */
function prepareBody(): Code {
  const [polynomial, top, index, crc, round] = [0, 1, 2, 3, 4].map(local) as [Local, Local, Local, Local, Local]
  const division = xor64(shiftRight64(crc.get, 1), select(polynomial.get, const64(0), low(and64(crc.get, const64(1)))))
  const oneByte = xor64(shiftRight64(crc.get, 8), load64(0, entry(and32(low(crc.get), 255))))
  const zeroEntry = entry(add32(shiftLeft32(shiftRight32(top.get, 3), 8), round.get))
  const inRound = and32(binary('\x76', round.get, and32(top.get, 7)), 1)
  return (
    locals(i32, i64, i32) +
    // table 0: a byte through eight steps of division
    count(
      index,
      256,
      crc.set(widened(index.get)) + count(round, 8, crc.set(division)) + store64(0, entry(index.get), crc.get),
    ) +
    // tables 1 to 7: the table before, after one more byte
    count(index, 7 * 256, crc.set(load64(0, entry(index.get))) + store64(tableSize, entry(index.get), oneByte)) +
    // What the lowest term, the highest bit, becomes after a stretch of zeros; each lower bit is one more step of
    // division from there. Every byte at every place is made of those.
    crc.set(binary('\x86', const64(1), widened(top.get))) +
    count(round, stretch, crc.set(oneByte)) +
    whilst(
      binary('\x4e', top.get, const32(0)),
      count(round, 256, when(inRound, store64(zeros, zeroEntry, xor64(load64(zeros, zeroEntry), crc.get)))) +
        crc.set(division) +
        top.set(binary('\x6b', top.get, const32(1))),
    ) +
    end
  )
}

/** update(crc, length): the CRC after so many bytes of the data. */
function updateBody(): Code {
  const [crc, length, at, stop, ...more] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map(local)
  const [second, third, fourth, left, right, edge] = more
  const lanes = [crc!, second!, third!, fourth!]
  const halves = (lane: Local): Code => left!.set(low(lane.get)) + right!.set(low(shiftRight64(lane.get, 32)))
  const eightBytes = (lane: Local, offset: number): Code =>
    lane.set(xor64(lane.get, load64(offset, at!.get))) +
    halves(lane) +
    lane.set(lookUp(left!, right!, (byte) => (7 - byte) * tableSize))
  const oneByte = xor64(shiftRight64(crc!.get, 8), load64(0, entry(and32(low(xor64(crc!.get, load8(at!.get))), 255))))
  const advance = (size: number): Code => at!.set(add32(at!.get, const32(size)))
  const fits = (size: number): Code => binary('\x4d', add32(at!.get, const32(size)), stop!.get)
  return (
    locals(i32, i32, i64, i64, i64, i32, i32, i32) +
    at!.set(const32(data)) +
    stop!.set(add32(at!.get, length!.get)) +
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
          .map(
            (lane) =>
              halves(crc!) +
              crc!.set(
                xor64(
                  lookUp(left!, right!, (byte) => zeros + byte * tableSize),
                  lane.get,
                ),
              ),
          )
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
