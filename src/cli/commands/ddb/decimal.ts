// Numbers of DynamoDB: 38 digits, more than a float has, so they stay text; written as Python's Decimal writes itself.

import { Failure } from '../../../lib/errors.ts'

export class Decimal {
  /** As Python's str() of it: `1.50`, `1E+3`. */
  readonly text: string
  readonly isWhole: boolean

  /** @param source digits, a point, an exponent. Throws Failure('InvalidValue') for what has no exact place. */
  constructor(source: string) {
    const [, sign = '', whole = '', fraction = '', power = '0'] =
      /^([-+]?)(\d*)\.?(\d*)(?:[eE]([-+]?\d+))?$/.exec(source) ?? []
    if (whole + fraction === '') throw new Failure('InvalidValue', "[<class 'decimal.ConversionSyntax'>]")
    const digits = (whole + fraction).replace(/^0+(?=\d)/, '')
    const exponent = Number(power) - fraction.length
    if (digits.length > 38) throw new Failure('InvalidValue', "[<class 'decimal.Inexact'>, <class 'decimal.Rounded'>]")
    this.text = (sign === '-' ? '-' : '') + written(digits, exponent)
    this.isWhole = exponent >= 0 || /^0*$/.test(digits.slice(exponent)) || digits === '0'
  }
}

/** https://docs.python.org/3/library/decimal.html: with an exponent where it is positive, or the number very small. */
function written(digits: string, exponent: number): string {
  const left = digits.length + exponent
  if (exponent <= 0 && left > -6) {
    if (exponent === 0) return digits
    return left > 0 ? `${digits.slice(0, left)}.${digits.slice(left)}` : `0.${'0'.repeat(-left)}${digits}`
  }
  const power = left - 1
  return `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ''}E${power < 0 ? '' : '+'}${power}`
}
