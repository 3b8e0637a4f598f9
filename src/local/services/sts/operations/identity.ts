// Who am I, whose key is that, and what does that message say?

import { AwsError } from '../../../../lib/errors.ts'
import { accountOf } from '../../../accounts/ids.ts'
import { openMessage } from '../../../accounts/messages.ts'
import { validationError } from '../errors.ts'
import type { StsHandler } from '../state.ts'

export const getCallerIdentity: StsHandler = (_input, { caller: { principal } }) => ({
  UserId: principal.userId,
  Account: principal.accountId,
  Arn: principal.arn,
})

/** Keys of this world are known, all others tell it themselves. */
export const getAccessKeyInfo: StsHandler = (input, { state }) => {
  const Account = state.identities.keys.get(input.AccessKeyId)?.account ?? accountOf(input.AccessKeyId)
  if (Account === undefined) throw validationError(`Access key ${input.AccessKeyId} is not valid.`)
  return { Account }
}

export const decodeAuthorizationMessage: StsHandler = (input, { state, account }) => {
  const DecodedMessage = openMessage(state.rows, account, input.EncodedMessage)
  if (DecodedMessage === undefined)
    throw new AwsError('InvalidAuthorizationMessageException', 'Message is invalid or has expired.')
  return { DecodedMessage }
}
