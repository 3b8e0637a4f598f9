// A session for whoever came with a provider's word instead of a signature: what the role's trust policy must allow,
// and the session that is made then.

import type { Context } from '../../../../policy/types.ts'
import type { Caller, Permission, SlowHandler } from '../../../service.ts'
import { accessDenied } from '../errors.ts'
import { roleOf } from '../permissions.ts'
import type { Sts } from '../state.ts'
import { sessionTags } from './assume-role.ts'
import { roleSession } from './role-session.ts'

/** What the provider puts on the session. */
export interface Claims {
  readonly Tags?: readonly { Key: string; Value: string }[]
  readonly TransitiveTagKeys?: readonly string[]
  readonly SourceIdentity?: string
}

interface Asked {
  readonly action: string
  readonly role: string
  readonly bearer: Caller
  readonly sessionName: string
  readonly claims: Claims
  /** What the trust policy sees of the bearer. */
  readonly conditions: Context
  /** What of it stays with the session. */
  readonly lasting: Record<string, string | readonly string[]>
  /** Duration and session policies. */
  readonly input: Parameters<typeof roleSession>[1]
}

/** Throws AccessDenied where the role does not trust the bearer. */
export async function federatedSession(asked: Asked, context: Parameters<SlowHandler<Sts>>[1]): Promise<object> {
  const { action, role, bearer, sessionName, claims, conditions, lasting, input } = asked
  const session = sessionTags(claims, undefined)
  const [, , , , account] = role.split(':')
  const permission: Permission = {
    action,
    resource: role,
    resourceAccountId: account,
    caller: bearer,
    context: {
      ...conditions,
      'sts:rolesessionname': sessionName,
      ...(claims.SourceIdentity === undefined ? {} : { 'sts:sourceidentity': claims.SourceIdentity }),
      ...(session.tags === undefined ? {} : { 'aws:tagkeys': Object.keys(session.tags) }),
      ...Object.fromEntries(Object.entries(session.tags ?? {}).map(([key, value]) => [`aws:requesttag/${key}`, value])),
      ...(session.transitiveTagKeys && { 'sts:transitivetagkeys': session.transitiveTagKeys }),
    },
  }
  await context.authorize(permission)
  if (session.tags) await context.authorize({ ...permission, action: 'sts:TagSession' })
  if (claims.SourceIdentity) await context.authorize({ ...permission, action: 'sts:SetSourceIdentity' })
  return context.transaction((state) => {
    const found = roleOf(state, role)
    if (!found) throw accessDenied(`Not authorized to perform ${action}`)
    return roleSession(found, input, context.clock(), {
      sessionName,
      ...session,
      sourceIdentity: claims.SourceIdentity,
      provider: { keys: lasting },
    })
  })
}

/** Whoever carries a provider's word: a principal without an account. */
export function bearerOf(type: 'WebIdentityUser' | 'SAMLUser', provider: string, name: string): Caller {
  const id = `${provider}:${name}`
  return {
    principal: { type, accountId: '', arn: id, principalArn: id, userId: id, federatedProvider: provider },
    accountId: '',
    context: { 'aws:federatedprovider': provider },
  }
}
