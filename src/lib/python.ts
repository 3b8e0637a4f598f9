// How does Python spell, compare and convert a value?
//
// The reference is a Python program and lets it show: `repr` in error texts, `1e-07` in output, `None` in text
// output, code-point order in everything that is sorted. This file is the one place that knows these spellings.

import { fromBase64 } from './bytes.ts'
import { Float, isOrderedMap, keysOf } from './value.ts'

/** `repr(float)`: shortest digits that read back; exponent below 1e-4 and from 1e16 on. */
export function floatRepr(number: number): string {
  if (!Number.isFinite(number)) return Number.isNaN(number) ? 'nan' : number > 0 ? 'inf' : '-inf'
  if (number === 0) return Object.is(number, -0) ? '-0.0' : '0.0'
  const [mantissa = '', exponentText = ''] = number.toExponential().split('e')
  const exponent = Number(exponentText)
  if (exponent < -4 || exponent >= 16) {
    const size = Math.abs(exponent)
    return `${mantissa}e${exponent < 0 ? '-' : '+'}${size < 10 ? '0' : ''}${size}`
  }
  const sign = mantissa.startsWith('-') ? '-' : ''
  const digits = mantissa.replace('-', '').replace('.', '')
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0')
  return `${sign}${whole}.${digits.slice(exponent + 1) || '0'}`
}

/** Python's name of a value's type: `type(value).__name__`. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'str'
    case 'boolean':
      return 'bool'
    case 'bigint':
      return 'int'
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float'
    case 'function':
      return '_Expression'
  }
  if (value === null || value === undefined) return 'NoneType'
  if (value instanceof Float) return 'float'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Uint8Array) return 'bytes'
  if (value instanceof Date) return 'datetime'
  return 'dict'
}

/** A datetime without a zone. */
export class NaiveDate extends Date {}

/** `str(value)`: a string is itself, anything else its repr. */
export function str(value: unknown): string {
  if (typeof value === 'string') return value
  if (value instanceof Date) return dateText(value).replace('T', ' ')
  return repr(value)
}

/** `repr(value)`, as error texts and `--output text` show lists, maps and scalars. */
export function repr(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringRepr(value)
    case 'boolean':
      return value ? 'True' : 'False'
    case 'bigint':
      return value.toString()
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : numberRepr(value)
    // What `&name` in a JMESPath expression stands for. Python shows its address too, which differs from run to run.
    case 'function':
      return '<jmespath.visitor._Expression object>'
  }
  if (value === null || value === undefined) return 'None'
  if (value instanceof Float) return floatRepr(value.value)
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`
  if (value instanceof Uint8Array) return bytesRepr(value)
  if (value instanceof Date) return dateRepr(value)
  const object = value as Record<string, unknown>
  const pairs = keysOf(object).map((key) => `${stringRepr(key)}: ${repr(object[key])}`)
  if (!isOrderedMap(object)) return `{${pairs.join(', ')}}`
  return pairs.length === 0 ? 'OrderedDict()' : `OrderedDict({${pairs.join(', ')}})`
}

/** An integer beyond 2^53 that came as a number is still an int; anything with a fraction is a float. */
function numberRepr(number: number): string {
  return Number.isInteger(number) ? BigInt(number).toString() : floatRepr(number)
}

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\'"]|[^ -~]/gu, (char) => {
    if (char === '\\') return '\\\\'
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char
    return escapedCharacter(char)
  })
  return quote + escaped + quote
}

function escapedCharacter(char: string): string {
  if (char === '\n') return '\\n'
  if (char === '\r') return '\\r'
  if (char === '\t') return '\\t'
  if (!/[\p{C}\p{Z}]/u.test(char)) return char
  const code = char.codePointAt(0) as number
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`
  return `\\U${code.toString(16).padStart(8, '0')}`
}

function bytesRepr(bytes: Uint8Array): string {
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const escaped = text.replace(/[\\'"]|[^ -~]/g, (char) => {
    if (char === '\\') return '\\\\'
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char
    if (char === '\n') return '\\n'
    if (char === '\r') return '\\r'
    if (char === '\t') return '\\t'
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return `b${quote}${escaped}${quote}`
}

/** `datetime.isoformat()` of a moment in UTC: `2026-01-02T03:04:05+00:00`, with microseconds when there are any. */
function dateText(date: Date): string {
  const [seconds = '', fraction = ''] = date.toISOString().slice(0, -1).split('.')
  return `${seconds}${Number(fraction) ? `.${fraction}000` : ''}${date instanceof NaiveDate ? '' : '+00:00'}`
}

function dateRepr(date: Date): string {
  const parts = [
    date.getUTCFullYear(),
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
  ]
  if (date.getUTCSeconds() || date.getUTCMilliseconds()) parts.push(date.getUTCSeconds())
  if (date.getUTCMilliseconds()) parts.push(date.getUTCMilliseconds() * 1000)
  return `datetime.datetime(${parts.join(', ')}${date instanceof NaiveDate ? '' : ', tzinfo=tzutc()'})`
}

/** Orders text by code point, as Python does; JavaScript's `<` orders by UTF-16 unit, which differs above U+FFFF. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i)
    const right = b.charCodeAt(i)
    if (left !== right) return codePointRank(left) - codePointRank(right)
  }
  return a.length - b.length
}

const SURROGATE = /[\ud800-\udfff]/

/** A surrogate stands for a code point above U+FFFF, and so after U+E000–U+FFFF. */
function codePointRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}

/** `int(text)`: undefined where Python raises ValueError. Spaces around and `_` between digits are allowed. */
export function parseInteger(text: string): number | bigint | undefined {
  if (/^[0-9]{1,15}$/.test(text)) return Number(text) // as nearly always
  const digits = asciiDigits(trimmed(text))
  if (!/^[+-]?\d+(_\d+)*$/.test(digits)) return undefined
  const plain = digits.replace(/_/g, '')
  const number = Number(plain)
  if (Number.isSafeInteger(number)) return number + 0
  return plain.startsWith('-') ? -BigInt(plain.slice(1)) : BigInt(plain.replace('+', ''))
}

/** `float(text)`: undefined where Python raises ValueError. */
export function parseFloatingPoint(text: string): number | undefined {
  const digits = asciiDigits(trimmed(text))
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(digits)
  if (word) return word[2]?.toLowerCase() === 'nan' ? NaN : word[1] === '-' ? -Infinity : Infinity
  if (!/^[+-]?(\d+(_\d+)*\.?(\d+(_\d+)*)?|\.\d+(_\d+)*)(e[+-]?\d+(_\d+)*)?$/i.test(digits)) return undefined
  return Number(digits.replace(/_/g, ''))
}

/** Digits of every script count: `１２` as East Asian keyboards type it is 12. Each script has its ten in a row. */
function asciiDigits(text: string): string {
  // oxlint-disable-next-line no-control-regex
  if (/^[\0-\x7f]*$/.test(text)) return text
  return text.replace(/\p{Nd}/gu, (digit) => {
    let value = 0
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - value - 1))) value++
    return String(value)
  })
}

/** `str.strip()`, whose spaces include the separators FS to US and NEL. */
function trimmed(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/^[\s\x1c-\x1f\x85]+|[\s\x1c-\x1f\x85]+$/g, '')
}

/**
 * `base64.b64decode(text)`: what is not of the alphabet is skipped, wherever it stands, and padding counts at the end only.
 * Undefined where the digits do not come out even, or where there are characters that are not ASCII.
 */
export function decodeBase64(text: string): Uint8Array | undefined {
  if (/[^\0-\x7f]/.test(text)) return undefined
  const digits = text.replaceAll(/[^A-Za-z0-9+/]/g, '')
  const padding = /[^A-Za-z0-9+/]*$/.exec(text)![0].replaceAll(/[^=]/g, '').length
  const odd = digits.length % 4
  if (odd === 1 || (odd > 1 && odd + padding < 4)) return undefined
  return fromBase64(digits)
}
