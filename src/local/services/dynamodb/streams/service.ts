// DynamoDB Streams: what changed in a table, in order.

import { handlersIn } from '../../../handlers.ts'
import { defineService } from '../../../service.ts'
import { newRequestId, responseHeaders } from '../answers.ts'
import { checkInput } from '../checks.ts'
import { Dynamo } from '../state.ts'
import * as operations from './operations.ts'

export const dynamodbStreams = defineService<Dynamo>({
  name: 'dynamodbstreams',
  scope: 'global',
  namespace: 'dynamodb',
  state: (rows, where) => new Dynamo(rows, where),
  permissions: operations.permissions,
  checked(operation, input) {
    checkInput(operation, input)
    return input
  },
  newRequestId,
  responseHeaders,
  operations: handlersIn(operations.handlers),
})
