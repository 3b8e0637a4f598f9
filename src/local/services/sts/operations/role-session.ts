// A session of a role, however it was come by: within the limits of the role, and cut by session policies.

import type { Identities } from '../../../accounts/identities.ts'
import { defaultVersion } from '../../../accounts/identities.ts'
import type { Role } from '../../../accounts/records.ts'
import { issue } from '../../../accounts/sessions.ts'
import type { Session } from '../../../service.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { validateIdentityPolicy } from '../../../../policy/validate.ts'
import { validationError } from '../errors.ts'
import { wholeSeconds } from '../moments.ts'
import { packedSize } from '../packed-size.ts'

interface Asked {
  readonly DurationSeconds?: number
  readonly Policy?: string
  readonly PolicyArns?: readonly { readonly arn?: string }[]
}

export function roleSession(
  { role, identities }: { role: Role; identities: Identities },
  input: Asked,
  now: Date,
  session: Pick<Session, 'sessionName' | 'tags' | 'transitiveTagKeys' | 'sourceIdentity' | 'chained' | 'provider'>,
): object {
  const duration = input.DurationSeconds ?? 3600
  if (duration > role.maxSession)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  const policyArns = checkedPolicies(identities, input)
  const packed = packedSize(input.Policy, policyArns, session.tags)
  const issued = wholeSeconds(now)
  const Credentials = issue(identities.rows, {
    kind: 'AssumeRole',
    accountId: identities.account,
    principalId: role.id,
    principalName: role.name,
    issued,
    expires: issued + duration * 1000,
    policy: input.Policy,
    policyArns: policyArns.length > 0 ? policyArns : undefined,
    ...session,
  })
  return {
    Credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${session.sessionName}`,
      Arn: `arn:aws:sts::${identities.account}:assumed-role/${role.name}/${session.sessionName}`,
    },
    PackedPolicySize: packed > 0 ? packed : undefined,
    SourceIdentity: session.sourceIdentity,
  }
}

/** The ARNs of the session's managed policies, which must be there; the inline one must be sound. */
export function checkedPolicies(identities: Identities, { Policy, PolicyArns = [] }: Asked): string[] {
  const arns = PolicyArns.map((each) => each.arn!)
  for (const arn of arns) requirePolicy(identities, arn)
  if (Policy !== undefined) validateIdentityPolicy(Policy)
  return arns
}

function requirePolicy(identities: Identities, arn: string): string {
  const policy = identities.policy(arn)
  if (!policy) throw new AwsError('PolicyNotFound', `Policy ${arn} does not exist or is not attachable.`)
  return defaultVersion(policy)
}
