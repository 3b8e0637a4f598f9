// Which bytes does the text of a blob stand for? Base64's, unless `cli_binary_format` says that it is the bytes itself.

import { fromBase64, utf8 } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { isStructure } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'
import type { Shape } from '../../model/model.ts'

export type BinaryFormat = 'base64' | 'raw-in-base64-out'

/** Turns the text of every blob in `value` into bytes, in place. Throws Failure('InvalidValue') for bad base64. */
export function decodeBlobs(value: Value, shape: Shape, format: BinaryFormat): Value {
  switch (shape.type) {
    case 'blob':
      return typeof value === 'string' ? (format === 'base64' ? base64(value) : utf8(value)) : value
    case 'structure':
      if (!isStructure(value)) return value
      for (const { name, shape: member } of shape.members) {
        if (value[name] !== undefined) value[name] = decodeBlobs(value[name], member, format)
      }
      return value
    case 'map':
      if (!isStructure(value)) return value
      for (const key of Object.keys(value)) value[key] = decodeBlobs(value[key]!, shape.value!.shape, format)
      return value
    case 'list':
      return Array.isArray(value) ? value.map((item) => decodeBlobs(item, shape.member!.shape, format)) : value
    default:
      return value
  }
}

/** Python's lenient decoder: what is not of the alphabet is skipped, padding must still come out even. */
function base64(text: string): Uint8Array {
  if (/[^\0-\x7f]/.test(text)) {
    throw new Failure('InvalidValue', 'string argument should contain only ASCII characters')
  }
  let digits = ''
  let padding = 0
  for (const char of text) {
    if (char === '=') {
      const position = digits.length % 4
      if (position >= 2 && position + ++padding >= 4) return fromBase64(digits)
    } else if (/[A-Za-z0-9+/]/.test(char)) {
      digits += char
      padding = 0
    }
  }
  if (digits.length % 4 !== 0) throw new Failure('InvalidValue', `Invalid base64: "${text}"`)
  return fromBase64(digits)
}
