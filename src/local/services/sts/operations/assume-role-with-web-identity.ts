// AssumeRoleWithWebIdentity: nobody signs the request; a token of an identity provider says who asks, and the role's
// trust policy whether that is enough.

import { ownKeys } from '../../../accounts/web-tokens.ts'
import type { Caller, Permission, SlowHandler } from '../../../service.ts'
import { accessDenied } from '../errors.ts'
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
  type Identity,
} from '../web-identity.ts'
import { sessionTags } from './assume-role.ts'
import { roleSession } from './role-session.ts'

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
  const claimed = claimedSession(identity)
  const session = sessionTags(claimed, undefined)
  const conditions = await identityKeys(identity, await context.models.actions())
  const asked: Permission = {
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: input.RoleArn,
    resourceAccountId: account,
    caller: bearer(identity),
    context: {
      ...conditions,
      'sts:rolesessionname': input.RoleSessionName,
      ...(claimed.SourceIdentity === undefined ? {} : { 'sts:sourceidentity': claimed.SourceIdentity }),
      ...(session.tags === undefined ? {} : { 'aws:tagkeys': Object.keys(session.tags) }),
      ...Object.fromEntries(Object.entries(session.tags ?? {}).map(([key, value]) => [`aws:requesttag/${key}`, value])),
      ...(session.transitiveTagKeys && { 'sts:transitivetagkeys': session.transitiveTagKeys }),
    },
  }
  await context.authorize(asked)
  if (session.tags) await context.authorize({ ...asked, action: 'sts:TagSession' })
  if (claimed.SourceIdentity) await context.authorize({ ...asked, action: 'sts:SetSourceIdentity' })
  const made = await context.transaction((state) => {
    const found = roleOf(state, input.RoleArn)
    if (!found) throw accessDenied('Not authorized to perform sts:AssumeRoleWithWebIdentity')
    return roleSession(found, input, context.clock(), {
      sessionName: input.RoleSessionName,
      ...session,
      sourceIdentity: claimed.SourceIdentity,
      provider: { keys: lastingKeys(identity, conditions) },
    })
  })
  return {
    ...made,
    SubjectFromWebIdentityToken: identity.subject,
    Provider: identity.provider,
    Audience: identity.audience,
  }
}

/** Whoever carries the token: a principal without an account. */
function bearer({ provider, subject, audience }: Identity): Caller {
  const id = `${provider}:${audience}:${subject}`
  return {
    principal: {
      type: 'WebIdentityUser',
      accountId: '',
      arn: id,
      principalArn: id,
      userId: id,
      federatedProvider: provider,
    },
    accountId: '',
    context: { 'aws:federatedprovider': provider },
  }
}
