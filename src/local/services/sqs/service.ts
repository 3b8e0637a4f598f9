// SQS: queues and their messages.

import type { Structure, Value } from '../../../lib/value.ts'
import { isStructure } from '../../../lib/value.ts'
import type { HttpRequest } from '../../../http/message.ts'
import type { Member, Operation } from '../../../model/model.ts'
import { defineService } from '../../service.ts'
import { invalidAction, missingParameter } from './errors.ts'
import { gauges } from './metrics.ts'
import { urlIn } from './names.ts'
import * as attributes from './operations/attributes.ts'
import * as messages from './operations/messages.ts'
import * as moves from './operations/moves.ts'
import * as policies from './operations/policies.ts'
import * as queues from './operations/queues.ts'
import * as tags from './operations/tags.ts'
import { denial, permissions, policiesOf } from './permissions.ts'
import { spoken } from './query-names.ts'
import { Sqs } from './state.ts'

export const sqs = defineService<Sqs>({
  name: 'sqs',
  scope: 'global',
  state: (rows, { clock }) => new Sqs(rows, clock),
  permissions,
  policiesOf,
  denial,
  spoken,
  checked,
  unknownAction: invalidAction,
  due: moves.goOn,
  gauges,
  operations: {
    AddPermission: policies.addPermission,
    CancelMessageMoveTask: moves.cancelMessageMoveTask,
    ChangeMessageVisibility: messages.changeMessageVisibility,
    ChangeMessageVisibilityBatch: messages.changeMessageVisibilityBatch,
    CreateQueue: queues.createQueue,
    DeleteMessage: messages.deleteMessage,
    DeleteMessageBatch: messages.deleteMessageBatch,
    DeleteQueue: queues.deleteQueue,
    GetQueueAttributes: attributes.getQueueAttributes,
    GetQueueUrl: queues.getQueueUrl,
    ListDeadLetterSourceQueues: queues.listDeadLetterSourceQueues,
    ListMessageMoveTasks: moves.listMessageMoveTasks,
    ListQueues: queues.listQueues,
    ListQueueTags: tags.listQueueTags,
    PurgeQueue: queues.purgeQueue,
    RemovePermission: policies.removePermission,
    SendMessage: messages.sendMessage,
    SendMessageBatch: messages.sendMessageBatch,
    SetQueueAttributes: attributes.setQueueAttributes,
    StartMessageMoveTask: moves.startMessageMoveTask,
    TagQueue: tags.tagQueue,
    UntagQueue: tags.untagQueue,
  },
  slow: { ReceiveMessage: messages.receiveMessage },
})

/** Not asked of a queue. */
const ofTheService: readonly string[] = ['CreateQueue', 'ListQueues']

/** SQS has its own words for what is missing, and judges values by itself. */
function checked(operation: Operation, input: Structure, request: HttpRequest): Structure {
  const queue = urlIn(request)
  if (queue !== undefined && ofTheService.includes(operation.name)) throw invalidAction(operation.name)
  const asked = queue !== undefined && input['QueueUrl'] === undefined && operation.input?.shape.memberNamed('QueueUrl')
  const whole = asked ? { ...input, QueueUrl: queue } : input
  if (operation.input) demand(operation.input, whole, '')
  return whole
}

/** Throws MissingParameter. */
function demand({ shape }: Member, value: Value, path: string): void {
  if (Array.isArray(value))
    return value.forEach((each, at) =>
      demand(shape.member!, each, `${path}${shape.name.replace(/List$/, '')}.${at + 1}.`),
    )
  if (!isStructure(value) || shape.type !== 'structure') return
  for (const member of shape.members) {
    const inner = value[member.name]
    if (inner !== undefined && inner !== null) demand(member, inner, path)
    else if (member.required) throw missingParameter(path + member.name)
  }
}
