// CBOR, as much of RFC 8949 as Smithy's rpcv2Cbor needs. https://www.rfc-editor.org/rfc/rfc8949.html
//
// Reading keeps what the usual libraries lose: whether a number was an integer or a float, integers up to 64 bits,
// the order of keys. Writing is a set of small steps, because the shape decides what each value becomes.

import { concat, text, utf8 } from './bytes.ts'
import { setKey } from './json.ts'
import { Float, withKeyOrder } from './value.ts'

export class CborTag {
  readonly tag: bigint
  readonly value: Cbor
  constructor(tag: bigint, value: Cbor) {
    this.tag = tag
    this.value = value
  }
}

/** `undefined` is read as null; every float is a Float. */
export type Cbor =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Uint8Array
  | CborTag
  | Cbor[]
  | { [key: string]: Cbor }

export class CborError extends Error {}

const MAX_DEPTH = 1000
const INDEFINITE = 31

/** Reads one item that fills the bytes. Throws CborError. */
export function decodeCbor(bytes: Uint8Array): Cbor {
  const reader = new Reader(bytes)
  const value = reader.item()
  if (reader.at < bytes.length) throw new CborError('There is more after the end')
  return value
}

class Reader {
  at = 0
  private depth = 0
  private readonly bytes: Uint8Array
  private readonly view: DataView

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  private take(length: number): number {
    const from = this.at
    if (length > this.bytes.length - from) throw new CborError('The end came too early')
    this.at += length
    return from
  }

  item(): Cbor {
    if (++this.depth > MAX_DEPTH) throw new CborError('Nested too deeply')
    const initial = this.bytes[this.take(1)]!
    const value = this.ofType(initial >> 5, initial & 31)
    this.depth--
    return value
  }

  private ofType(major: number, info: number): Cbor {
    switch (major) {
      case 0:
        return this.argument(info)
      case 1: {
        const argument = this.argument(info)
        const negative = -1n - BigInt(argument)
        return Number.isSafeInteger(Number(negative)) ? Number(negative) : negative
      }
      case 2:
        return this.byteString(info)
      case 3:
        return text(this.byteString(info, 3))
      case 4:
        return this.array(info)
      case 5:
        return this.map(info)
      case 6:
        return new CborTag(BigInt(this.argument(info)), this.item())
      default:
        return this.simple(info)
    }
  }

  /** An unsigned integer, by the low bits of the initial byte. */
  private argument(info: number): number | bigint {
    if (info < 24) return info
    switch (info) {
      case 24:
        return this.view.getUint8(this.take(1))
      case 25:
        return this.view.getUint16(this.take(2))
      case 26:
        return this.view.getUint32(this.take(4))
      case 27: {
        const big = this.view.getBigUint64(this.take(8))
        return big <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(big) : big
      }
      default:
        throw new CborError(`Additional information ${info} is not known`)
    }
  }

  /** A length cannot be more than what is left: a claim of 2^60 elements must not be believed. */
  private length(info: number): number {
    const length = this.argument(info)
    if (length > this.bytes.length - this.at) throw new CborError('The end came too early')
    return Number(length)
  }

  /** Whether an item of indefinite length ends here. */
  private ends(): boolean {
    if (this.at >= this.bytes.length) throw new CborError('The end came too early')
    if (this.bytes[this.at] !== 0xff) return false
    this.at++
    return true
  }

  private byteString(info: number, major = 2): Uint8Array {
    if (info !== INDEFINITE) {
      const length = this.length(info)
      const from = this.take(length)
      return this.bytes.slice(from, from + length)
    }
    const parts: Uint8Array[] = []
    while (!this.ends()) {
      const initial = this.bytes[this.take(1)]!
      if (initial >> 5 !== major || (initial & 31) === INDEFINITE)
        throw new CborError('A part of a string is no string')
      parts.push(this.byteString(initial & 31, major))
    }
    return parts.length === 0 ? new Uint8Array(0) : concat(parts)
  }

  private array(info: number): Cbor[] {
    const items: Cbor[] = []
    if (info === INDEFINITE) while (!this.ends()) items.push(this.item())
    else for (let left = this.length(info); left > 0; left--) items.push(this.item())
    return items
  }

  private map(info: number): { [key: string]: Cbor } {
    const map: { [key: string]: Cbor } = {}
    const keys: string[] = []
    const pair = (): void => {
      const key = this.item()
      if (typeof key !== 'string') throw new CborError('A key of a map is no text')
      if (!Object.hasOwn(map, key)) keys.push(key)
      setKey(map, key, this.item())
    }
    if (info === INDEFINITE) while (!this.ends()) pair()
    else for (let left = this.length(info); left > 0; left--) pair()
    return Object.keys(map).every((key, index) => key === keys[index]) ? map : withKeyOrder(map, keys)
  }

  private simple(info: number): Cbor {
    switch (info) {
      case 20:
        return false
      case 21:
        return true
      case 22:
      case 23:
        return null
      case 25:
        return new Float(halfFloat(this.view.getUint16(this.take(2))))
      case 26:
        return new Float(this.view.getFloat32(this.take(4)))
      case 27:
        return new Float(this.view.getFloat64(this.take(8)))
      default:
        throw new CborError(`Simple value ${info} is not known`)
    }
  }
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? NaN : sign * Infinity
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
}

/** Writes items one after another. Maps and lists are a head, followed by what is in them. */
export class CborWriter {
  private bytes = new Uint8Array(256)
  private view = new DataView(this.bytes.buffer)
  private at = 0

  done(): Uint8Array {
    return this.bytes.slice(0, this.at)
  }

  private room(length: number): number {
    const from = this.at
    this.at += length
    if (this.at > this.bytes.length) {
      const bigger = new Uint8Array(Math.max(this.at, this.bytes.length * 2))
      bigger.set(this.bytes)
      this.bytes = bigger
      this.view = new DataView(bigger.buffer)
    }
    return from
  }

  private byte(value: number): void {
    const at = this.room(1)
    this.bytes[at] = value
  }

  /** Making room may replace the view, so that comes first. */
  private put(length: number, set: (view: DataView, at: number) => void): void {
    const at = this.room(length)
    set(this.view, at)
  }

  private head(major: number, argument: number | bigint): void {
    const high = major << 5
    if (argument < 24) this.byte(high | Number(argument))
    else if (argument < 0x100) {
      this.byte(high | 24)
      this.byte(Number(argument))
    } else if (argument < 0x10000) {
      this.byte(high | 25)
      this.put(2, (view, at) => view.setUint16(at, Number(argument)))
    } else if (argument < 0x100000000) {
      this.byte(high | 26)
      this.put(4, (view, at) => view.setUint32(at, Number(argument)))
    } else {
      this.byte(high | 27)
      this.put(8, (view, at) => view.setBigUint64(at, BigInt(argument)))
    }
  }

  /** An item that is already written. */
  raw(item: Uint8Array): void {
    const from = this.room(item.length)
    this.bytes.set(item, from)
  }

  integer(value: number | bigint): void {
    const big = BigInt(value)
    if (big >= 1n << 64n || big < -(1n << 64n)) throw new CborError(`${big} is more than 64 bits`)
    if (big >= 0n) this.head(0, big)
    else this.head(1, -1n - big)
  }

  blob(value: Uint8Array): void {
    this.head(2, value.length)
    const from = this.room(value.length)
    this.bytes.set(value, from)
  }

  string(value: string): void {
    const encoded = utf8(value)
    this.head(3, encoded.length)
    const from = this.room(encoded.length)
    this.bytes.set(encoded, from)
  }

  list(length: number): void {
    this.head(4, length)
  }

  map(size: number): void {
    this.head(5, size)
  }

  tag(tag: number): void {
    this.head(6, tag)
  }

  boolean(value: boolean): void {
    this.byte(value ? 0xf5 : 0xf4)
  }

  null(): void {
    this.byte(0xf6)
  }

  /** Infinities and NaN take half precision, as botocore writes them. */
  float(value: number, single = false): void {
    if (!Number.isFinite(value)) {
      this.byte(0xf9)
      this.put(2, (view, at) => view.setUint16(at, Number.isNaN(value) ? 0x7e00 : value > 0 ? 0x7c00 : 0xfc00))
    } else if (single) {
      this.byte(0xfa)
      this.put(4, (view, at) => view.setFloat32(at, value))
    } else {
      this.byte(0xfb)
      this.put(8, (view, at) => view.setFloat64(at, value))
    }
  }
}
