// How SSH writes keys: fields, each with its length in four bytes before it, and numbers that are never negative.
// RFC 4251 §5

import { concat } from './bytes.ts'

export function field(bytes: Uint8Array): Uint8Array {
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, bytes.length)
  return concat([length, bytes])
}

/** Throws RangeError for a blob that ends within a length. */
export function fieldsOf(blob: Uint8Array): Uint8Array[] {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength)
  const fields: Uint8Array[] = []
  for (let at = 0; at < blob.length;) {
    const length = view.getUint32(at)
    fields.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return fields
}

/** Numbers whose first bit is set get a zero before it, else they were negative. */
export function positive(bytes: Uint8Array): Uint8Array {
  return bytes[0]! & 0x80 ? concat([new Uint8Array(1), bytes]) : bytes
}

export function unsigned(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0 ? bytes.subarray(1) : bytes
}
