// What a queue is set to, and what it says of itself.

import { asKept, changed, told } from '../attributes.ts'
import type { SqsHandler } from '../state.ts'

export const getQueueAttributes: SqsHandler = ({ QueueUrl, AttributeNames = [] }, context) => {
  const { state } = context
  const Attributes = told(state.asked(QueueUrl, context), AttributeNames, state)
  return Object.keys(Attributes).length > 0 ? { Attributes } : {}
}

export const setQueueAttributes: SqsHandler = ({ QueueUrl, Attributes }, context) => {
  const { state } = context
  const queue = state.asked(QueueUrl, context)
  state.update(queue, { attributes: changed(queue, asKept(Attributes), state), modified: state.now() })
}
