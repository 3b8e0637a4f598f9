// AddPermission and RemovePermission: statements of the queue's policy, by label.

import { invalidValue, missingParameter, sqsError } from '../errors.ts'
import { arnOf } from '../names.ts'
import type { Queue, SqsHandler } from '../state.ts'

interface Document {
  Statement: { Sid?: string }[]
}

/** What may be given away; an `*` for all of it. */
const actions: readonly string[] = [
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
]

export const addPermission: SqsHandler = (
  given: { QueueUrl: string; Label: string; AWSAccountIds: string[]; Actions: string[] },
  context,
) => {
  const { state } = context
  const queue = state.asked(given.QueueUrl, context)
  const { Label: label, AWSAccountIds: accounts, Actions: asked } = given
  if (!/^[\w-]{1,80}$/.test(label))
    throw invalidValue(
      'Label',
      label,
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length.',
    )
  if (asked.length === 0) throw missingParameter('Actions')
  if (accounts.length === 0) throw invalidValue('PrincipalId', '[]', 'Unable to verify.')
  if (asked.length > 7) throw sqsError('OverLimit', `${asked.length} Actions were found, maximum allowed is 7.`, 403)
  const wrong = asked.find((action) => !actions.includes(action))
  if (wrong !== undefined)
    throw invalidValue('ActionName', `SQS:${wrong}`, 'Only the queue owner is allowed to invoke this action.')
  const stranger = accounts.find((account) => !/^\d{12}$/.test(account))
  if (stranger !== undefined) throw invalidValue('PrincipalId', `[${stranger}]`, 'Unable to verify.')
  const document = documentOf(queue)
  if (document.Statement.some(({ Sid }) => Sid === label)) throw invalidValue('Label', label, 'Already exists.')
  const statement = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrAll(accounts.map((account) => `arn:aws:iam::${account}:root`)) },
    Action: oneOrAll(asked.map((action) => `SQS:${action}`)),
    Resource: arnOf(queue),
  }
  state.update(queue, withPolicy(queue, { ...document, Statement: [...document.Statement, statement] }))
}

export const removePermission: SqsHandler = ({ QueueUrl, Label: label }, context) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  const document = documentOf(queue)
  const left = document.Statement.filter(({ Sid }) => Sid !== label)
  if (left.length === document.Statement.length) throw invalidValue('Label', label, "can't find label.")
  state.update(queue, withPolicy(queue, { ...document, Statement: left }))
}

function documentOf(queue: Queue): Document {
  const known = queue.attributes['Policy']
  if (!known) return { Version: '2008-10-17', Id: `${arnOf(queue)}/SQSDefaultPolicy`, Statement: [] } as Document
  const document = JSON.parse(known) as Document
  return { ...document, Statement: [document.Statement].flat() }
}

/** A policy without a statement is none. */
function withPolicy({ attributes }: Queue, document: Document): Pick<Queue, 'attributes'> {
  const { Policy: _before, ...others } = attributes
  return {
    attributes: document.Statement.length > 0 ? { ...others, Policy: JSON.stringify(document) } : others,
  }
}

function oneOrAll(texts: string[]): string | string[] {
  return texts.length === 1 ? texts[0]! : texts
}
