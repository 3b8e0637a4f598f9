// The resource-based policy of a table: who from elsewhere may use it.

import { AwsError } from '../../../lib/errors.ts'
import { isStructure, type Structure, type Value } from '../../../lib/value.ts'
import { STATEMENT_ELEMENTS } from '../../../policy/parse.ts'
import type { PolicySource } from '../../../policy/types.ts'
import { invalid, invalidValue } from './errors.ts'
import { arnOf, type Table } from './records.ts'

/** The policy as it is kept and told: in one form, however it was written. Throws ValidationException for what is none. */
export function policyOf(text: string): string {
  if (text.length > 20_480) throw invalidValue('Maximum policy size of 20480 bytes exceeded')
  let document: Value
  try {
    document = JSON.parse(text)
  } catch {
    throw invalidPolicy('This policy contains invalid Json')
  }
  if (Array.isArray(document)) throw invalidPolicy('This policy contains invalid Json')
  if (!isStructure(document)) throw invalidPolicy('This text appears not to be a policy')
  if (Object.keys(document).length === 0) throw invalidPolicy('Syntax error at position (1,3)')
  const list = statementsOf(document)
  const { Version = '2008-10-17', Id, Statement: _statement, ...rest } = document
  return JSON.stringify({ Version, Id, ...rest, Statement: list.map(canonical) })
}

function statementsOf({ Statement: statements }: Structure): readonly Value[] {
  if (statements === undefined) throw invalidPolicy('Missing required field Statement')
  const list = Array.isArray(statements) ? statements : [statements]
  if (list.length === 0) throw invalidPolicy('Could not parse the policy: Statement is empty!')
  for (const field of ['Effect', 'Principal', 'Action', 'Resource'])
    if (list.some((each) => isStructure(each) && !(field in each) && !(`Not${field}` in each)))
      throw invalidPolicy(`Missing required field ${field}`)
  const ids = list.flatMap((each) => (isStructure(each) ? (each['Sid'] ?? []) : []))
  if (new Set(ids).size < ids.length) throw invalidPolicy('The Statement Ids in the policy are not unique')
  if (list.some(isUnbounded))
    throw invalid(
      'Resource-based policy grants unbounded access in one or more elements. ' +
        'Please revise the policy to ensure least-privilege form of access',
    )
  return list
}

/** An Allow for everybody, whatever the circumstances. */
function isUnbounded(statement: Value): boolean {
  if (!isStructure(statement) || !/^allow$/i.test(String(statement['Effect'])) || statement['Condition']) return false
  const { Principal: who } = statement
  const names = isStructure(who) ? who['AWS'] : who
  return names === '*' || (Array.isArray(names) && names.includes('*'))
}

function canonical(statement: Value): Value {
  if (!isStructure(statement)) return statement
  const told: Structure = {}
  for (const member of [...STATEMENT_ELEMENTS, ...Object.keys(statement)]) {
    const value = statement[member]
    if (value === undefined || value === null) continue
    if (member === 'Effect') told[member] = /^allow$/i.test(String(value)) ? 'Allow' : 'Deny'
    else if (member.endsWith('Principal')) told[member] = principals(value)
    else told[member] = /(Action|Resource)$/.test(member) ? single(value) : value
  }
  return told
}

function single(value: Value): Value {
  return Array.isArray(value) && value.length === 1 ? value[0]! : value
}

/** An account is its root user. */
function principals(value: Value): Value {
  if (!isStructure(value)) return value
  const { AWS: names } = value
  if (names === undefined || names === null) return value
  const all = (Array.isArray(names) ? names : [names]).map((name) =>
    /^\d{12}$/.test(String(name)) ? `arn:aws:iam::${String(name)}:root` : name,
  )
  return { ...value, AWS: single([...new Set(all)]) }
}

const invalidPolicy = (what: string): AwsError => invalidValue(`Invalid policy document: ${what}`)

export const noPolicy = (arn: string): AwsError =>
  new AwsError('PolicyNotFoundException', `Resource-based policy not found for the provided ResourceArn: ${arn}`)

/** That of the table which a permission is about, or of whose index it is. */
export function policiesOf(table: Table | undefined): PolicySource[] {
  return table?.policy ? [{ kind: 'resource', attachedTo: arnOf(table), document: table.policy.document }] : []
}
