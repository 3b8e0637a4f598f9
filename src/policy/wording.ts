// What does a policy say, in words? A sentence a statement, for people who read policies seldom.

import { parseOperator, type Condition } from './condition.ts'
import { parsePolicy } from './parse.ts'
import type { Listed, Principals, Statement } from './parse.ts'

/** One paragraph of lines for each statement. Throws MalformedPolicyDocument. */
export function inWords(document: string): string[][] {
  return parsePolicy(document).statements.map(statementInWords)
}

function statementInWords(statement: Statement): string[] {
  const { sid, index, effect, principals, actions, resources, conditions } = statement
  const name = sid === undefined ? `Statement ${index + 1}` : `Statement ${index + 1} (${sid})`
  const verb = effect === 'Allow' ? 'allows' : 'denies'
  const lines = [
    `${name} ${verb}${whom(principals)}`,
    `  ${listed(actions, 'every action', 'the actions', 'every action but')}`,
  ]
  if (resources) lines.push(`  on ${listed(resources, 'every resource', 'the resources', 'every resource but')}`)
  for (const [i, condition] of conditions.entries())
    lines.push(
      `  ${i === 0 ? (effect === 'Allow' ? 'only where' : 'where') : 'and where'} ${conditionInWords(condition)}`,
    )
  return lines
}

function whom(principals: Principals | undefined): string {
  if (!principals) return ''
  const named = principals.entries.map(({ type, value }) =>
    value === '*' ? 'anyone' : type === 'AWS' ? value : `${type} ${value}`,
  )
  return principals.negated ? ` anyone but ${named.join(', ')}` : ` ${named.join(', ')}`
}

function listed(list: Listed<unknown>, all: string, some: string, but: string): string {
  const texts = list.texts.join(', ')
  if (list.negated) return `${but} ${texts}`
  return list.texts.length === 1 && texts === '*'
    ? all
    : `${list.texts.length === 1 ? some.replace(/s$/, '') : some} ${texts}`
}

const verbs: Readonly<Record<string, string>> = {
  StringEquals: 'is',
  StringNotEquals: 'is not',
  StringLike: 'is like',
  StringNotLike: 'is not like',
  StringEqualsIgnoreCase: 'is, in any case of letters,',
  StringNotEqualsIgnoreCase: 'is not, in any case of letters,',
  NumericEquals: 'is',
  NumericNotEquals: 'is not',
  NumericLessThan: 'is less than',
  NumericLessThanEquals: 'is at most',
  NumericGreaterThan: 'is greater than',
  NumericGreaterThanEquals: 'is at least',
  DateEquals: 'is',
  DateNotEquals: 'is not',
  DateLessThan: 'is before',
  DateLessThanEquals: 'is not after',
  DateGreaterThan: 'is after',
  DateGreaterThanEquals: 'is not before',
  Bool: 'is',
  BinaryEquals: 'is (in base64)',
  IpAddress: 'is in',
  NotIpAddress: 'is not in',
  ArnEquals: 'is like',
  ArnLike: 'is like',
  ArnNotEquals: 'is not like',
  ArnNotLike: 'is not like',
}

function conditionInWords({ operator, key, values }: Condition): string {
  const { qualifier, name, ifExists } = parseOperator(operator)!
  if (name === 'Null') return values[0] === 'true' ? `the request has no ${key}` : `the request has ${key}`
  const several = values.length > 1
  const negated = several && /^(?:\w+)?Not/.test(name)
  const wanted = several ? `${negated ? 'none' : 'one'} of ${values.join(', ')}` : values[0]
  const verb = verbs[name] ?? name
  const subject =
    qualifier === 'ForAllValues'
      ? `every value of ${key} (there may be none)`
      : qualifier === 'ForAnyValue'
        ? `some value of ${key}`
        : key
  return `${subject} ${negated ? verb.replace(' not', '') : verb} ${wanted}${ifExists ? ', if the request has it' : ''}`
}
