// S3 Control: what an account sets for S3 as a whole, and its access points. It works on the rows of S3, and requests to S3
// go by them.

import { handlersIn } from '../../../handlers.ts'
import { defineService } from '../../../service.ts'
import { denial, policiesOf } from '../permissions.ts'
import { newRequestId } from '../request-id.ts'
import { S3 } from '../state.ts'
import * as accessPoints from './access-points.ts'
import * as block from './account-block.ts'
import { permissions } from './permissions.ts'
import * as policies from './policies.ts'
import * as tags from './tags.ts'

export const s3control = defineService<S3>({
  name: 's3control',
  scope: 'global',
  namespace: 's3',
  state: (rows) => new S3(rows),
  permissions,
  policiesOf,
  denial,
  // S3 has its own words for what does not fit.
  checked: (_operation, input) => input,
  newRequestId,
  responseHeaders: () => ({ server: 'AmazonS3' }),
  operations: handlersIn(accessPoints, block, policies, tags),
})
