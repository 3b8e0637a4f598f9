// AssumeRoleWithWebIdentity: nobody signs the request; a token of an identity provider says who asks, and the role's
// trust policy whether that is enough.

import { ownKeys } from '../../../accounts/web-tokens.ts'
import type { SlowHandler } from '../../../service.ts'
import { roleOf } from '../permissions.ts'
import type { Sts } from '../state.ts'
import {
  claimedSession,
  identityKeys,
  keysOfProvider,
  lastingKeys,
  parsedToken,
  provenIdentity,
  providerOf,
} from '../web-identity.ts'
import { bearerOf, federatedSession } from './federated-session.ts'

export const assumeRoleWithWebIdentity: SlowHandler<Sts> = async (input, context) => {
  const token = parsedToken(input.WebIdentityToken)
  const [, , , , account] = (input.RoleArn as string).split(':')
  const { provider, own } = await context.transaction((state) => {
    // A role that is not there is told as one that does not trust.
    roleOf(state, input.RoleArn)
    const provider = providerOf(token, state.identities.of(account!).oidcProviders.all())
    return { provider, own: ownKeys(state.rows) }
  })
  const isOwn = own.some((key) => key.kid === token.kid)
  const keys = isOwn ? own : await keysOfProvider(provider.url)
  const identity = provenIdentity(token, provider, keys, context.clock())
  const conditions = await identityKeys(identity, await context.models.actions())
  const made = await federatedSession(
    {
      action: 'sts:AssumeRoleWithWebIdentity',
      role: input.RoleArn,
      bearer: bearerOf('WebIdentityUser', identity.provider, `${identity.audience}:${identity.subject}`),
      sessionName: input.RoleSessionName,
      claims: claimedSession(identity),
      conditions,
      lasting: lastingKeys(identity, conditions),
      input,
    },
    context,
  )
  return {
    ...made,
    SubjectFromWebIdentityToken: identity.subject,
    Provider: identity.provider,
    Audience: identity.audience,
  }
}
