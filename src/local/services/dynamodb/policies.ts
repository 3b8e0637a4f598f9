// The resource-based policy of a table: who from elsewhere may use it.

import { AwsError } from '../../../lib/errors.ts'
import { isStructure, type Value } from '../../../lib/value.ts'
import type { PolicySource } from '../../../policy/types.ts'
import { invalidValue } from './errors.ts'
import { arnOf, type Table } from './records.ts'

/** Throws ValidationException for what is no policy. */
export function checkDocument(text: string): void {
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
  const { Statement: statements } = document
  if (statements === undefined) throw invalidPolicy('Missing required field Statement')
  const list = Array.isArray(statements) ? statements : [statements]
  if (list.length === 0) throw invalidPolicy('Could not parse the policy: Statement is empty!')
  for (const field of ['Effect', 'Principal', 'Action', 'Resource'])
    if (list.some((each) => isStructure(each) && !(field in each) && !(`Not${field}` in each)))
      throw invalidPolicy(`Missing required field ${field}`)
}

const invalidPolicy = (what: string): AwsError => invalidValue(`Invalid policy document: ${what}`)

export const noPolicy = (arn: string): AwsError =>
  new AwsError('PolicyNotFoundException', `Resource-based policy not found for the provided ResourceArn: ${arn}`)

/** That of the table which a permission is about, or of whose index it is. */
export function policiesOf(table: Table | undefined): PolicySource[] {
  return table?.policy ? [{ kind: 'resource', attachedTo: arnOf(table), document: table.policy.document }] : []
}
