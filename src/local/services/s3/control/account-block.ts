// Block Public Access for all buckets of an account, those to come too.

import { s3Error } from '../errors.ts'
import { givenBlock } from '../public-access.ts'
import type { S3Handler } from '../state.ts'

export const putPublicAccessBlock: S3Handler = ({ PublicAccessBlockConfiguration }, { state, account }) => {
  state.putAccountBlock(account, givenBlock(PublicAccessBlockConfiguration))
}

export const getPublicAccessBlock: S3Handler = (_input, { state, account: AccountId }) => {
  const block = state.accountBlock(AccountId)
  if (!block)
    throw s3Error(404, 'NoSuchPublicAccessBlockConfiguration', 'The public access block configuration was not found', {
      AccountId,
    })
  return { PublicAccessBlockConfiguration: block }
}

export const deletePublicAccessBlock: S3Handler = (_input, { state, account, answer }) => {
  state.putAccountBlock(account, undefined)
  answer.status = 204
}
