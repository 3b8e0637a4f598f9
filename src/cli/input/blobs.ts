// Which bytes does the text of a blob stand for? Base64's, unless `cli_binary_format` says that it is the bytes itself.

import { utf8 } from '../../lib/bytes.ts'
import { Failure } from '../../lib/errors.ts'
import { decodeBase64 } from '../../lib/python.ts'
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

function base64(text: string): Uint8Array {
  if (/[^\0-\x7f]/.test(text)) {
    throw new Failure('InvalidValue', 'string argument should contain only ASCII characters')
  }
  const bytes = decodeBase64(text)
  if (bytes === undefined) throw new Failure('InvalidValue', `Invalid base64: "${text}"`)
  return bytes
}
