// Queues: made, found, listed, emptied, deleted.

import { asKept, changed, different, sourcesOf } from '../attributes.ts'
import { invalidParameter, invalidValue, noSuchQueue, sqsError } from '../errors.ts'
import { urlOf } from '../names.ts'
import type { Queue, SqsHandler } from '../state.ts'
import { checkTags } from './tags.ts'

export const createQueue: SqsHandler = (
  { QueueName: name, Attributes = {}, tags = {} }: { QueueName: string; Attributes?: any; tags?: any },
  { state, account, region, request },
) => {
  const given = asKept(Attributes)
  checkName(name, given['FifoQueue'] === 'true')
  const now = state.now()
  const fresh: Queue = {
    account,
    region,
    name,
    id: crypto.randomUUID(),
    created: now,
    modified: now,
    attributes: {},
    tags,
  }
  // FifoQueue=false is refused as an attribute that a standard queue has not.
  const attributes = changed(fresh, given, state)
  const known = state.find(fresh)
  if (known) {
    const other = different(known, given)
    if (other !== undefined)
      throw sqsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${other}`,
      )
  } else {
    checkTags(tags, {})
    state.put({ ...fresh, attributes })
  }
  return { QueueUrl: urlOf(fresh, request) }
}

function checkName(name: string, fifo: boolean): void {
  if (fifo && !/^[\w-]{1,75}\.fifo$/.test(name))
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length.',
    )
  if (!fifo && !/^[\w-]{1,80}$/.test(name))
    throw invalidParameter('Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
}

export const deleteQueue: SqsHandler = ({ QueueUrl }, context) => {
  const { state } = context
  state.remove(state.asked(QueueUrl, context))
}

export const getQueueUrl: SqsHandler = ({ QueueName, QueueOwnerAWSAccountId }, context) => {
  const queue = context.state.find({
    account: QueueOwnerAWSAccountId ?? context.account,
    region: context.region,
    name: QueueName,
  })
  if (!queue) throw noSuchQueue(context)
  return { QueueUrl: urlOf(queue, context.request) }
}

const mostListed = 1000

export const listQueues: SqsHandler = (
  { QueueNamePrefix, MaxResults, NextToken },
  { state, account, region, request },
) => {
  const limit = pageSize(MaxResults)
  const found = state.queues({ account, region }, QueueNamePrefix, readToken(NextToken), limit + 1)
  const page = found.slice(0, limit)
  return {
    ...(page.length > 0 && { QueueUrls: page.map((queue) => urlOf(queue, request)) }),
    // Without MaxResults there is no paging: the first thousand are all that is told.
    ...(MaxResults !== undefined && found.length > limit && { NextToken: btoa(page.at(-1)!.name) }),
  }
}

export const listDeadLetterSourceQueues: SqsHandler = ({ QueueUrl, MaxResults, NextToken }, context) => {
  const { state, request } = context
  const limit = pageSize(MaxResults)
  const after = readToken(NextToken)
  const sources = sourcesOf(state.asked(QueueUrl, context), state).filter(
    ({ name }) => after === undefined || name > after,
  )
  const page = sources.slice(0, limit)
  return {
    queueUrls: page.map((queue) => urlOf(queue, request)),
    ...(MaxResults !== undefined && sources.length > limit && { NextToken: btoa(page.at(-1)!.name) }),
  }
}

function pageSize(given: number | undefined): number {
  if (given !== undefined && (given < 1 || given > mostListed))
    throw invalidValue('MaxResults', given, 'MaxResults must be an integer between 1 and 1000.')
  return given ?? mostListed
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined) return undefined
  try {
    return atob(token)
  } catch {
    throw invalidParameter('Invalid or expired next token.')
  }
}

const purgeEvery = 60_000

export const purgeQueue: SqsHandler = ({ QueueUrl }, context) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  const now = state.now()
  if (queue.purged !== undefined && now - queue.purged < purgeEvery && now >= queue.purged)
    throw sqsError(
      'PurgeQueueInProgress',
      `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
      403,
    )
  state.messages(queue).clear()
  state.update(queue, { purged: now })
}
