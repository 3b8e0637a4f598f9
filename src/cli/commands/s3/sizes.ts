// Sizes as people write and read them, in powers of two whatever they are called.

import { Failure } from '../../../lib/errors.ts'
import { parseInteger } from '../../../lib/python.ts'

const UNITS = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB', 'EiB']

/** `1 Byte`, `12 Bytes`, `1.5 KiB`. */
export function sizeText(bytes: number): string {
  if (bytes === 1) return '1 Byte'
  if (bytes < 1024) return `${Math.trunc(bytes)} Bytes`
  let value = bytes / 1024
  for (const unit of UNITS) {
    if (Math.round(value) < 1024 || unit === 'EiB') return `${oneDecimal(value)} ${unit}`
    value /= 1024
  }
  return String(bytes)
}

/** As Python rounds: what lies in the middle goes to the even digit, so 1.25 is 1.2. */
function oneDecimal(value: number): string {
  return (value * 4) % 4 === 1 ? (Math.floor(value * 10) / 10).toFixed(1) : value.toFixed(1)
}

/** `8MB`, `8mib`, `8388608` → bytes. Throws Failure('InvalidValue'). */
export function sizeInBytes(text: string): number {
  const parts = /^(.*?)(k|m|g|t)i?b$/is.exec(text)
  const number = parseInteger(parts ? parts[1]! : text)
  if (number === undefined) {
    throw new Failure(
      'InvalidValue',
      parts ? `invalid literal for int() with base 10: '${parts[1]!.toLowerCase()}'` : `Invalid size value: ${text.toLowerCase()}`,
    )
  }
  return Number(number) * (parts ? 1024 ** ('kmgt'.indexOf(parts[2]!.toLowerCase()) + 1) : 1)
}
