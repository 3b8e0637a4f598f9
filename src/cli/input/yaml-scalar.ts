// What does a plain scalar of YAML mean: a number, a boolean, nothing, a moment, or just its text? YAML 1.2's numbers as
// ruamel.yaml reads them; 1.1's booleans where asked for.

import { Float } from '../../lib/value.ts'

/** A date, or a date with a time: written as Python writes it. */
export class YamlMoment {
  readonly text: string
  readonly kind: 'date' | 'datetime'
  constructor(text: string, kind: YamlMoment['kind']) {
    this.text = text
    this.kind = kind
  }
}

const BOOLEAN = /^(?:(true|True|TRUE)|false|False|FALSE)$/
const OLD_BOOLEAN = /^(?:(true|True|TRUE|yes|Yes|YES|on|On|ON)|false|False|FALSE|no|No|NO|off|Off|OFF)$/
const INTEGER = /^(?!_)([-+]?)(?:0b([01_]+)|0o([0-7_]+)|0x([0-9a-fA-F_]+)|([0-9_]*[0-9][0-9_]*))$/
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?)$/
const SPECIAL = /^(?:([-+]?)\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const MOMENT =
  /^(\d{4})-(\d\d?)-(\d\d?)(?:[Tt]|[ \t]+)(\d\d?):(\d\d):(\d\d)(?:\.(\d*))?(?:[ \t]*(Z|([-+])(\d\d?)(?::(\d\d))?))?$/

export function plainScalar(
  text: string,
  { oldBooleans = false }: { oldBooleans?: boolean } = {},
): null | boolean | number | bigint | Float | YamlMoment | string {
  if (text === '' || /^(?:~|null|Null|NULL)$/.test(text)) return null
  const truth = (oldBooleans ? OLD_BOOLEAN : BOOLEAN).exec(text)
  if (truth) return truth[1] !== undefined
  const integer = INTEGER.exec(text)
  if (integer) return integerOf(integer)
  if (FLOAT.test(text)) return new Float(Number(text.replaceAll('_', '')))
  const special = SPECIAL.exec(text)
  if (special) return new Float(special[1] === undefined ? NaN : special[1] === '-' ? -Infinity : Infinity)
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return new YamlMoment(text, 'date')
  const moment = MOMENT.exec(text)
  return moment ? new YamlMoment(momentText(moment), 'datetime') : text
}

function integerOf(groups: RegExpExecArray): number | bigint {
  const [, sign, binary, octal, hex, decimal] = groups.map((group) => group?.replaceAll('_', ''))
  const digits =
    binary !== undefined
      ? `0b${binary}`
      : octal !== undefined
        ? `0o${octal}`
        : hex !== undefined
          ? `0x${hex}`
          : decimal!
  const number = BigInt(digits) * (sign === '-' ? -1n : 1n)
  return Number.isSafeInteger(Number(number)) ? Number(number) : number
}

/** `2012-10-17 01:02:03+00:00`. */
function momentText(groups: RegExpExecArray): string {
  const [, year, month, day, hour, minute, second, fraction = '', zone, sign, hours, minutes = '00'] = groups
  const two = (digits: string): string => digits.padStart(2, '0')
  const micros = fraction === '' || Number(fraction) === 0 ? '' : `.${fraction.slice(0, 6).padEnd(6, '0')}`
  const offset = zone === undefined ? '' : zone === 'Z' ? '+00:00' : `${sign}${two(hours!)}:${minutes}`
  return `${year}-${two(month!)}-${two(day!)} ${two(hour!)}:${minute}:${second}${micros}${offset}`
}
