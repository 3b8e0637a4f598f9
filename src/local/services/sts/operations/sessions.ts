// Sessions of the caller itself: GetSessionToken (the same permissions, with MFA if a code is given) and
// GetFederationToken (the caller's permissions, cut by session policies).

import { requireCode } from '../../../accounts/mfa.ts'
import { issue } from '../../../accounts/sessions.ts'
import type { Session } from '../../../service.ts'
import { wholeSeconds } from '../moments.ts'
import { packedSize } from '../packed-size.ts'
import type { StsContext, StsHandler } from '../state.ts'
import { sessionTags } from './assume-role.ts'
import { checkedPolicies } from './role-session.ts'

export const getSessionToken: StsHandler = (input, context) => {
  const { SerialNumber, TokenCode } = input
  const withMfa = SerialNumber !== undefined || TokenCode !== undefined
  if (withMfa) requireCode(context, context.state.identities, SerialNumber, TokenCode)
  const session = sessionOf(context, 'GetSessionToken', input.DurationSeconds)
  return { Credentials: issue(context.state.rows, withMfa ? { ...session, mfa: session.issued } : session) }
}

export const getFederationToken: StsHandler = (input, context) => {
  const policyArns = checkedPolicies(context.state.identities, input)
  const tags = sessionTags(input, undefined)
  const PackedPolicySize = packedSize(input.Policy, policyArns, tags.tags)
  const Credentials = issue(context.state.rows, {
    ...sessionOf(context, 'GetFederationToken', input.DurationSeconds),
    sessionName: input.Name,
    policy: input.Policy,
    policyArns: policyArns.length > 0 ? policyArns : undefined,
    ...tags,
  })
  const FederatedUser = {
    FederatedUserId: `${context.account}:${input.Name}`,
    Arn: `arn:aws:sts::${context.account}:federated-user/${input.Name}`,
  }
  return { Credentials, FederatedUser, PackedPolicySize }
}

/** Twelve hours unless said otherwise; root never more than one. */
function sessionOf({ caller, clock }: StsContext, kind: Session['kind'], seconds = 43_200): Session {
  const { principal } = caller
  const issued = wholeSeconds(clock())
  const isRoot = principal.type === 'Account'
  const expires = issued + (isRoot ? Math.min(seconds, 3_600) : seconds) * 1000
  return {
    kind,
    accountId: principal.accountId,
    principalId: principal.userId,
    principalName: principal.userName ?? '',
    issued,
    expires,
  }
}
