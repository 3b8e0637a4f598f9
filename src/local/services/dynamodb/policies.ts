// The resource-based policy of a table: who from elsewhere may use it.

import { AwsError } from '../../../lib/errors.ts'
import type { PolicySource } from '../../../policy/types.ts'
import { invalid } from './errors.ts'
import { arnOf, type Table } from './records.ts'

/** Throws ValidationException for what is no policy. */
export function checkDocument(text: string): void {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw invalid('The resource policy is not valid JSON.')
  }
  if (typeof document !== 'object' || document === null || !('Statement' in document))
    throw invalid('The resource policy has syntax errors: Missing required field Statement')
  if (text.length > 20_480) throw invalid('The resource policy exceeds the maximum size of 20 KB.')
}

export const noPolicy = (arn: string): AwsError =>
  new AwsError('PolicyNotFoundException', `Resource-based policy not found for the provided ResourceArn: ${arn}`)

/** That of the table which a permission is about, or of whose index it is. */
export function policiesOf(table: Table | undefined): PolicySource[] {
  return table?.policy ? [{ kind: 'resource', attachedTo: arnOf(table), document: table.policy.document }] : []
}
