// What in the conditions of a policy is allowed by IAM and yet hardly meant: keys that nobody has, operators that are not of
// the key's kind, values that nothing matches, and the traps of missing keys.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html

import type { Actions } from '../../../model/actions.ts'
import { contains, parseBlock } from '../../../policy/addresses.ts'
import { parseOperator, type Condition, type OperatorName } from '../../../policy/condition.ts'
import { parseDate } from '../../../policy/dates.ts'
import type { Statement } from '../../../policy/parse.ts'

/** A line for each doubt. */
export async function conditionDoubts({ effect, conditions }: Statement, actions: Actions): Promise<string[]> {
  const doubts: string[] = []
  for (const condition of conditions) {
    const { operator, key, values } = condition
    const parsed = parseOperator(operator)!
    const { qualifier, name, ifExists } = parsed
    const type = await typeOf(key, actions)
    const isMfa = key.toLowerCase() === 'aws:multifactorauthpresent'
    if (type === undefined) doubts.push(`no service has the condition key ${key}`)
    else doubts.push(...kindDoubts(condition, parsed, type))
    doubts.push(...valueDoubts(condition, name))
    if (effect === 'Deny' && isMfa && name === 'Bool' && !ifExists && values.includes('false'))
      doubts.push(
        'long-term access keys have no aws:MultiFactorAuthPresent, so this Deny does not stop them: use BoolIfExists',
      )
    if (effect === 'Allow' && qualifier === 'ForAllValues' && name !== 'Null')
      doubts.push(`ForAllValues also holds where the request has no ${key} at all: add "Null": {"${key}": "false"}`)
    if (effect === 'Allow' && isMfa && ifExists && values.includes('true'))
      doubts.push('…IfExists lets long-term access keys through, which have no aws:MultiFactorAuthPresent: use Bool')
  }
  return doubts
}

/** The operators that go with a kind of key, beside Null, and how they are called. */
const fitting: Readonly<Record<string, readonly [RegExp, string]>> = {
  Bool: [/^(Bool|String)/, 'is true or false: use Bool'],
  Date: [/^(Date|Numeric)/, 'is a time: use DateLessThan and its like'],
  Numeric: [/^Numeric/, 'is a number: use NumericLessThan and its like'],
  IPAddress: [/IpAddress$/, 'is an address: use IpAddress'],
}

function kindDoubts({ operator, key }: Condition, { qualifier, name }: OperatorName, type: string): string[] {
  if (name === 'Null') return []
  const isList = type.startsWith('ArrayOf')
  if (isList && qualifier === '')
    return [`${key} has several values: ${operator} needs ForAnyValue: or ForAllValues: before it`]
  if (!isList && qualifier !== '') return [`${key} has one value: ${operator} needs no ${qualifier}: before it`]
  const [fits, advice] = fitting[type] ?? []
  return fits === undefined || fits.test(name) ? [] : [`${key} ${advice}`]
}

/** Values that nothing matches, which IAM stores all the same. */
function valueDoubts({ operator, key, values }: Condition, name: string): string[] {
  const doubts: string[] = []
  for (const value of values) {
    if (value.includes('${')) continue
    if (/^String(Not)?Equals/.test(name) && /[*?]/.test(value))
      doubts.push(`${operator} takes ${value} to the letter: use ${name.replace(/Equals.*$/, 'Like')} for a pattern`)
    if (!readable(name, value)) doubts.push(`${value} is nothing that ${operator} compares: it never matches`)
    if (name.endsWith('IpAddress') && key.toLowerCase() === 'aws:sourceip' && isPrivate(value))
      doubts.push(`${value} is a private address, and aws:SourceIp is a public one: use aws:VpcSourceIp`)
  }
  return doubts
}

function readable(name: string, value: string): boolean {
  if (name.endsWith('IpAddress')) return parseBlock(value) !== undefined
  if (name.startsWith('Date')) return parseDate(value) !== undefined
  if (name.startsWith('Numeric')) return value.trim() !== '' && Number.isFinite(Number(value))
  return !/^(Bool|Null)$/.test(name) || /^(true|false)$/i.test(value)
}

function isPrivate(value: string): boolean {
  const block = parseBlock(value)
  const privates = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
  return block !== undefined && privates.some((one) => contains(parseBlock(one)!, block))
}

async function typeOf(key: string, actions: Actions): Promise<string | undefined> {
  const known = async () => {
    const prefix = key.split(':')[0]!.toLowerCase()
    const own = (await actions.service(prefix))?.conditionKeys ?? []
    return [...(await actions.globalConditionKeys()), ...own]
  }
  const found = (await known()).find(({ key: pattern }) => {
    // `aws:PrincipalTag/tag-key`, `ec2:ResourceTag/${TagKey}`: what follows the slash is anybody's.
    const fixed = pattern.replace(/(?:tag-key|\$\{.*)$/i, '').toLowerCase()
    return fixed.length < pattern.length ? key.toLowerCase().startsWith(fixed) : key.toLowerCase() === fixed
  })
  // Keys of identity providers (`accounts.google.com:aud`) are nobody's in particular.
  return found?.type ?? (key.split(':')[0]!.includes('.') || key.startsWith('saml:') ? 'String' : undefined)
}
