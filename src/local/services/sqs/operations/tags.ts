// Tags of queues.

import { invalidParameter, missingParameter } from '../errors.ts'
import type { SqsHandler } from '../state.ts'

type Tags = Record<string, string>

export const tagQueue: SqsHandler = ({ QueueUrl, Tags }, context) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  if (Object.keys(Tags).length === 0) throw missingParameter('Tags')
  state.update(queue, { tags: checkTags(Tags, queue.tags, queue.name) })
}

export const untagQueue: SqsHandler = ({ QueueUrl, TagKeys }: { QueueUrl: string; TagKeys: string[] }, context) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  if (TagKeys.length === 0) throw invalidParameter('Tag keys must be between 1 and 128 characters in length.')
  state.update(queue, {
    tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !TagKeys.includes(key))),
  })
}

export const listQueueTags: SqsHandler = ({ QueueUrl }, context) => {
  const { tags } = context.state.asked(QueueUrl, context)
  return Object.keys(tags).length > 0 ? { Tags: tags } : {}
}

/** The tags there are then. Throws InvalidParameterValue. */
export function checkTags(given: Tags, known: Tags, name = ''): Tags {
  for (const [key, value] of Object.entries(given)) {
    if (key.length < 1 || key.length > 128)
      throw invalidParameter('Tag keys must be between 1 and 128 characters in length.')
    if (value.length > 256) throw invalidParameter('Tag values must be between 0 and 256 characters in length.')
    if (/^aws:/i.test(key)) throw invalidParameter('Tag keys must not start with aws:, which is reserved.')
  }
  const all = { ...known, ...given }
  if (Object.keys(all).length > 50) throw invalidParameter(`Too many tags added for queue ${name}.`)
  return all
}
