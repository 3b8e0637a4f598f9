// Sizes as people write and read them, in powers of two whatever they are called.

import { Failure } from '../../../lib/errors.ts'
import { parseInteger } from '../../../lib/python.ts'

export { sizeText } from '../../size-text.ts'

/** `8MB`, `8mib`, `8388608` → bytes. Throws Failure('InvalidValue'). */
export function sizeInBytes(text: string): number {
  const parts = /^(.*?)(k|m|g|t)i?b$/is.exec(text)
  const number = parseInteger(parts ? parts[1]! : text)
  if (number === undefined) {
    throw new Failure(
      'InvalidValue',
      parts
        ? `invalid literal for int() with base 10: '${parts[1]!.toLowerCase()}'`
        : `Invalid size value: ${text.toLowerCase()}`,
    )
  }
  return Number(number) * (parts ? 1024 ** ('kmgt'.indexOf(parts[2]!.toLowerCase()) + 1) : 1)
}
