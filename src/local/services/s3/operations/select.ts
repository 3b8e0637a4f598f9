// SelectObjectContent: S3 has it for nobody who did not use it before July 2024, and so neither has a new account here.
// https://aws.amazon.com/blogs/storage/how-to-optimize-querying-your-data-in-amazon-s3/

import { methodNotAllowed } from '../errors.ts'
import type { S3Handler } from '../state.ts'
import { versionFor } from './get-object.ts'

export const selectObjectContent: S3Handler = (input, context) => {
  versionFor(input, context)
  throw methodNotAllowed({ Method: 'POST', ResourceType: 'OBJECT' })
}
