// What is a number? A decimal of up to 38 digits between 1E-130 and 9.99…E+125, either sign, or zero; as text. Here are
// its one true spelling, its order, its sums, and the two encodings of it: one that sorts, one that is hashed.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html

import { invalid } from './errors.ts'

/** ± d.ddd × 10^exponent, without zeros at either end; zero has no digits. */
interface Decimal {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
}

const mostDigits = 38
const form = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/

/** Spelled so already, as nearly every number is. */
const plain = /^(?:0|-?[1-9]\d{0,37})$/

/** The number as the service gives it back: no exponent, no needless zeros. Throws ValidationException. */
export function normalNumber(text: string): string {
  if (plain.test(text)) return text
  const decimal = parse(text)
  if (!decimal) throw invalid(`The parameter cannot be converted to a numeric value${text === '' ? '' : `: ${text}`}`)
  return spelled(inRange(decimal))
}

function parse(text: string): Decimal | undefined {
  const found = form.exec(text)
  if (!found) return undefined
  const [, sign, whole = '', fraction = '', power = '0'] = found
  if (whole + fraction === '') return undefined
  return decimalOf(sign === '-', whole + fraction, whole.length - 1 + Number(power))
}

/** `exponent` is that of the first of `digits`, zero or not. */
function decimalOf(negative: boolean, digits: string, exponent: number): Decimal {
  const leading = /^0*/.exec(digits)![0].length
  const significant = digits.slice(leading).replace(/0+$/, '')
  if (significant === '') return { negative: false, digits: '', exponent: 0 }
  return { negative, digits: significant, exponent: exponent - leading }
}

function inRange(decimal: Decimal): Decimal {
  const { digits, exponent } = decimal
  if (digits === '') return decimal
  if (exponent > 125)
    throw invalid('Number overflow. Attempting to store a number with magnitude larger than supported range')
  if (exponent < -130)
    throw invalid('Number underflow. Attempting to store a number with magnitude smaller than supported range')
  if (digits.length > mostDigits) throw invalid('Attempting to store more than 38 significant digits in a Number')
  return decimal
}

function spelled({ negative, digits, exponent }: Decimal): string {
  if (digits === '') return '0'
  const sign = negative ? '-' : ''
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return sign + digits + '0'.repeat(exponent + 1 - digits.length)
  return `${sign}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

/** Whether JavaScript's numbers hold it exactly. */
const isSmall = (normal: string): boolean => normal.length <= 15 && !normal.includes('.')

/** Less than 0, 0, or more, for numbers as `normalNumber` spells them. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0
  if (isSmall(a) && isSmall(b)) return Number(a) - Number(b)
  return sortableNumber(a) < sortableNumber(b) ? -1 : 1
}

export function sum(a: string, b: string): string {
  if (isSmall(a) && isSmall(b)) return String(Number(a) + Number(b))
  const x = parse(a)!
  const y = parse(b)!
  // Both as whole numbers of the smaller one's last digit.
  const last = Math.min(lastExponent(x), lastExponent(y))
  const total = whole(x, last) + whole(y, last)
  const digits = String(total < 0n ? -total : total)
  return spelled(inRange(decimalOf(total < 0n, digits, last + digits.length - 1)))
}

export function difference(a: string, b: string): string {
  return sum(a, b === '0' ? b : b.startsWith('-') ? b.slice(1) : `-${b}`)
}

function lastExponent({ digits, exponent }: Decimal): number {
  return exponent - Math.max(0, digits.length - 1)
}

function whole({ negative, digits, exponent }: Decimal, last: number): bigint {
  if (digits === '') return 0n
  const value = BigInt(digits + '0'.repeat(exponent - digits.length + 1 - last))
  return negative ? -value : value
}

/** ASCII text whose order is the numbers' own: sign, exponent, digits; for what is below zero their complements. */
export function sortableNumber(normal: string): string {
  const { negative, digits, exponent } = parse(normal)!
  if (digits === '') return '1'
  if (!negative) return `2${String(exponent + 200).padStart(3, '0')}${digits}`
  const complement = Array.from(digits, (digit) => 9 - Number(digit)).join('')
  // More digits are further below zero: what ends comes last.
  return `0${String(799 - exponent).padStart(3, '0')}${complement}~`
}

/** Base-100 digits after an exponent byte, as Oracle's NUMBER: what the service hashes. */
export function numberBytes(normal: string): Uint8Array {
  const { negative, digits, exponent } = parse(normal)!
  if (digits === '') return new Uint8Array([0x80])
  const places = exponent + 1
  const odd = places % 2 !== 0
  const padded = (odd ? '0' : '') + digits
  const pairs = (padded.length % 2 ? `${padded}0` : padded).match(/../g)!.map(Number)
  const head = Math.floor((places + (odd ? 1 : 0)) / 2) - 64
  const bytes = [negative ? ~head : head, ...pairs.map((pair) => (negative ? 101 - pair : pair + 1))]
  if (negative && pairs.length < 20) bytes.push(102)
  return new Uint8Array(bytes)
}

/** How many bytes it counts for: two digits to a byte, one for the exponent, one for a sign. */
export function numberSize(normal: string): number {
  if (normal === '0') return 1
  const { negative, digits, exponent } = parse(normal)!
  const half = digits.length % 2 || exponent % 2 ? 0 : 1
  return 1 + Math.ceil(digits.length / 2) + half + (negative ? 1 : 0)
}
