// Resource-based policies of tables.

import { AwsError } from '../../../../lib/errors.ts'
import { noTable } from '../errors.ts'
import { noPolicy, policyOf } from '../policies.ts'
import type { Table } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'

function owned(state: Dynamo, arn: string): Table {
  const table = state.find(arn)
  if (!table) throw noTable(arn.slice(arn.indexOf('/') + 1))
  return table
}

const absent = 'NO_POLICY'

function checkRevision(table: Table, expected: string | undefined, arn: string): void {
  if (expected === undefined || expected === (table.policy?.revision ?? absent)) return
  if (!table.policy) throw noPolicy(arn)
  const { revision } = table.policy
  throw new AwsError(
    'PolicyNotFoundException',
    'Resource-based policy not found for the provided ResourceArn: ' +
      (expected === absent
        ? `Requested policy update expecting none to be present for table ${table.name}, but a policy exists with revision id ${revision}.`
        : `Requested update for policy with revision id ${expected}, but the policy associated to target table ${table.name} has revision id ${revision}.`),
  )
}

interface PutResourcePolicy {
  ResourceArn: string
  Policy: string
  ExpectedRevisionId?: string
}

export const putResourcePolicy: DynamoHandler<PutResourcePolicy> = (input, { state }) => {
  const { ResourceArn, Policy, ExpectedRevisionId } = input
  const document = policyOf(Policy)
  const table = owned(state, ResourceArn)
  checkRevision(table, ExpectedRevisionId, ResourceArn)
  const revision = table.policy?.document === document ? table.policy.revision : revisionAt(state.now, table)
  table.policy = { document, revision }
  state.keep(table)
  return { RevisionId: revision }
}

/** The time; two in a millisecond differ. */
function revisionAt(now: number, { policy }: Table): string {
  return String(Math.max(now, Number(policy?.revision ?? 0) + 1))
}

export const getResourcePolicy: DynamoHandler<{ ResourceArn: string }> = ({ ResourceArn }, { state }) => {
  const { policy } = owned(state, ResourceArn)
  if (!policy) throw noPolicy(ResourceArn)
  return { Policy: policy.document, RevisionId: policy.revision }
}

export const deleteResourcePolicy: DynamoHandler<{ ResourceArn: string; ExpectedRevisionId?: string }> = (
  { ResourceArn, ExpectedRevisionId },
  { state },
) => {
  const table = owned(state, ResourceArn)
  checkRevision(table, ExpectedRevisionId, ResourceArn)
  if (!table.policy) return {}
  const { revision } = table.policy
  delete table.policy
  state.keep(table)
  return { RevisionId: revision }
}
