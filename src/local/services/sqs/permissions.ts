// What does an operation of SQS ask IAM, and which policy of the queue has a say?
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html

import { AwsError } from '../../../lib/errors.ts'
import { accessDeniedMessage } from '../../../policy/messages.ts'
import type { Context, Decision, PolicySource } from '../../../policy/types.ts'
import type { CallContext, Permission } from '../../service.ts'
import { arnOf, keyOf, ofArn, ofUrl, type QueueName } from './names.ts'
import { sourceOfHandle } from './operations/moves.ts'
import type { Sqs, SqsContext } from './state.ts'

type Input = Record<string, any>

/** The batches ask as the single calls do. */
function actionOf(operation: string): string {
  return operation.replace(/Batch$/, '')
}

export function permissions(operation: string, input: Input, context: SqsContext): readonly Permission[] | undefined {
  const on = (queue: QueueName, action: string): Permission => ({
    action: `sqs:${action}`,
    resource: arnOf(queue),
    resourceAccountId: queue.account,
    context: { ...tagKeys(input), ...ownTags(queue, context.state) },
  })
  const byArn = (arn: unknown, ...actions: string[]): Permission[] => {
    const queue = typeof arn === 'string' ? ofArn(arn) : undefined
    if (!queue) return []
    // Of a queue that is not there, wherever, it is said that it is not.
    const owner = context.state.find(queue) ? queue.account : context.account
    return actions.map((action) => ({ ...on(queue, action), resourceAccountId: owner }))
  }
  switch (operation) {
    case 'ListQueues':
      // All of an account's queues are asked for by a queue without a name.
      return [on({ account: context.account, region: context.region, name: '' }, 'ListQueues')]
    case 'CreateQueue': {
      const queue = { account: context.account, region: context.region, name: String(input.QueueName) }
      const tagged = Object.keys(input.tags ?? {}).length > 0
      return [on(queue, 'CreateQueue'), ...(tagged ? [on(queue, 'TagQueue')] : [])]
    }
    case 'GetQueueUrl': {
      const account = input.QueueOwnerAWSAccountId ?? context.account
      return [on({ account, region: context.region, name: String(input.QueueName) }, 'GetQueueUrl')]
    }
    case 'StartMessageMoveTask':
      return [
        ...byArn(input.SourceArn, 'StartMessageMoveTask', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'),
        ...byArn(input.DestinationArn, 'SendMessage'),
      ]
    case 'ListMessageMoveTasks':
      return byArn(input.SourceArn, operation)
    case 'CancelMessageMoveTask':
      return byArn(sourceOfHandle(input.TaskHandle), operation)
    default:
      return typeof input.QueueUrl === 'string' ? [on(ofUrl(input.QueueUrl, context), actionOf(operation))] : undefined
  }
}

function tagKeys({ tags, Tags, TagKeys }: Input): Context {
  const given: Record<string, string> = tags ?? Tags ?? {}
  const names: string[] = [...Object.keys(given), ...(TagKeys ?? [])]
  return {
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`aws:requesttag/${name}`, value])),
    ...(names.length > 0 && { 'aws:tagkeys': names }),
  }
}

function ownTags(queue: QueueName, state: Sqs): Context {
  const tags = state.find(queue)?.tags ?? {}
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [`aws:resourcetag/${name}`, value]))
}

export function policiesOf({ resource }: Permission, { state }: SqsContext): PolicySource[] {
  const name = ofArn(resource)
  const document = name && state.byKey(keyOf(name))?.attributes['Policy']
  return document ? [{ kind: 'resource', attachedTo: resource, document }] : []
}

/** SQS writes actions in small letters. */
export function denial(decision: Decision, permission: Permission, { generation }: CallContext): AwsError {
  const resource = permission.resource === '*' ? null : permission.resource
  const { request } = decision
  const small = { ...decision, request: { ...request, action: request.action.toLowerCase() } }
  return new AwsError('AccessDenied', accessDeniedMessage(small, { resource, generation }), { status: 403 })
}
