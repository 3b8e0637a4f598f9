// Telephones: who wants nothing more, and whom the sandbox lets texts go to. An account begins in the sandbox and stays
// there; nobody here can answer STOP. A phone's password is a text of the outbox.
// https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html

import { AwsError } from '../../../../lib/errors.ts'
import { invalid } from '../errors.ts'
import { isPhone } from '../outbox.ts'
import { readToken } from '../paging.ts'
import type { Phone, SnsContext, SnsHandler } from '../state.ts'

export const checkIfPhoneNumberIsOptedOut: SnsHandler = ({ phoneNumber }) => {
  checkNumber(phoneNumber)
  return { isOptedOut: false }
}

export const optInPhoneNumber: SnsHandler = ({ phoneNumber }) => {
  checkNumber(phoneNumber)
  return {}
}

function checkNumber(number: string): void {
  if (!isPhone(number)) throw invalid('PhoneNumber Reason: input incorrectly formatted')
}

export const listPhoneNumbersOptedOut: SnsHandler = () => ({ phoneNumbers: [] })

/** Numbers that texts come from are rented; this world rents none. */
export const listOriginationNumbers: SnsHandler = () => ({ PhoneNumbers: [] })

// --- the sandbox -----------------------------------------------------------------------------------------------------

const most = 10
const goodFor = 15 * 60_000

export const getSMSSandboxAccountStatus: SnsHandler = () => ({ IsInSandbox: true })

export const createSMSSandboxPhoneNumber: SnsHandler = ({ PhoneNumber: number }, context) => {
  const { state } = context
  checkNumber(number)
  const known = state.phone(context, number)
  if (known?.verified) throw new AwsError('UserError', 'PhoneNumber is already verified')
  if (!known && state.phones(context).length >= most)
    throw new AwsError('UserError', `The maximum number of ${most} destination phone numbers was reached`)
  const password = String(100_000 + (crypto.getRandomValues(new Uint32Array(1))[0]! % 900_000))
  state.putPhone(context, { number, verified: false, password, until: state.now() + goodFor })
  const message = `Your AWS SNS SMS verification code is ${password}`
  state.send(context, { to: number, messageId: crypto.randomUUID(), message })
  return {}
}

export const verifySMSSandboxPhoneNumber: SnsHandler = (
  { PhoneNumber: number, OneTimePassword: password },
  context,
) => {
  const phone = told(number, context)
  if (phone.verified) return {}
  if (phone.password !== password || phone.until < context.state.now())
    throw new AwsError('VerificationException', 'The one-time password (OTP) is not valid')
  context.state.putPhone(context, { ...phone, verified: true })
  return {}
}

export const deleteSMSSandboxPhoneNumber: SnsHandler = ({ PhoneNumber: number }, context) => {
  context.state.removePhone(context, told(number, context).number)
  return {}
}

/** Throws ResourceNotFound. */
function told(number: string, context: SnsContext): Phone {
  const phone = context.state.phone(context, number)
  if (!phone) throw new AwsError('ResourceNotFound', 'PhoneNumber does not exist', { status: 404 })
  return phone
}

export const listSMSSandboxPhoneNumbers: SnsHandler = ({ NextToken, MaxResults = 100 }, context) => {
  const found = context.state.phones(context, readToken(NextToken), MaxResults + 1)
  const shown = found.slice(0, MaxResults)
  return {
    PhoneNumbers: shown.map(({ number, verified }) => ({
      PhoneNumber: number,
      Status: verified ? 'Verified' : 'Pending',
    })),
    ...(found.length > shown.length && { NextToken: btoa(shown.at(-1)!.number) }),
  }
}
