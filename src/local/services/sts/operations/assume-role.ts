// AssumeRole: the trust policy and the caller's own policies must agree (permissions.ts asks them); here the session is
// made, within the limits of the role, of the chain, and of what it inherits.

import { defaultVersion } from '../../../accounts/identities.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { validateIdentityPolicy } from '../../../../policy/validate.ts'
import { issue } from '../../../accounts/sessions.ts'
import type { Session } from '../../../service.ts'
import { accessDenied, invalidParameter, validationError } from '../errors.ts'
import { wholeSeconds } from '../moments.ts'
import { packedSize } from '../packed-size.ts'
import { roleOf } from '../permissions.ts'
import type { StsContext, StsHandler } from '../state.ts'

export const assumeRole: StsHandler = (input, context) => {
  const { state, caller } = context
  const found = roleOf(state, input.RoleArn)
  if (!found) throw accessDenied('Not authorized to perform sts:AssumeRole')
  const { role, identities } = found
  const now = wholeSeconds(context.clock())
  const chained = caller.session?.kind === 'AssumeRole'
  const duration: number = input.DurationSeconds ?? 3600
  if (chained && duration > 3600)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  if (duration > role.maxSession)
    throw validationError('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.')
  const tags = sessionTags(input, caller.session)
  const sourceIdentity = inheritedIdentity(input.SourceIdentity, caller.session)
  const policyArns = ((input.PolicyArns ?? []) as { arn?: string }[]).map((each) => each.arn!)
  for (const arn of policyArns) requirePolicy(context, arn)
  if (input.Policy !== undefined) validateIdentityPolicy(input.Policy)
  const packed = packedSize(input.Policy, policyArns, tags.tags)

  const credentials = issue(state.rows, {
    kind: 'AssumeRole',
    accountId: identities.account,
    principalId: role.id,
    principalName: role.name,
    sessionName: input.RoleSessionName,
    issued: now,
    expires: now + duration * 1000,
    policy: input.Policy,
    policyArns: policyArns.length > 0 ? policyArns : undefined,
    ...tags,
    sourceIdentity,
    chained: chained || undefined,
  })
  return {
    Credentials: credentials,
    AssumedRoleUser: {
      AssumedRoleId: `${role.id}:${input.RoleSessionName}`,
      Arn: `arn:aws:sts::${identities.account}:assumed-role/${role.name}/${input.RoleSessionName}`,
    },
    PackedPolicySize: packed > 0 ? packed : undefined,
    SourceIdentity: sourceIdentity,
  }
}

/** Session tags: those given, and the transitive ones of the calling session, which cannot be overridden. */
export function sessionTags(
  input: Record<string, any>,
  from: Session | undefined,
): Pick<Session, 'tags' | 'transitiveTagKeys'> {
  const given = (input.Tags ?? []) as { Key: string; Value: string }[]
  const lower = given.map((tag) => tag.Key.toLowerCase())
  if (new Set(lower).size < lower.length)
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  const inherited = from?.transitiveTagKeys ?? []
  if (inherited.some((key) => lower.includes(key.toLowerCase())))
    throw invalidParameter(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    )
  const transitive = ((input.TransitiveTagKeys ?? []) as string[]).map(
    (key) => given[lower.indexOf(key.toLowerCase())]?.Key,
  )
  if (transitive.includes(undefined))
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.')
  const tags: Record<string, string> = {}
  for (const key of inherited) tags[key] = from!.tags![key]!
  for (const { Key, Value } of given) tags[Key] = Value
  const transitiveTagKeys = [...inherited, ...(transitive as string[])]
  return {
    tags: Object.keys(tags).length > 0 ? tags : undefined,
    transitiveTagKeys: transitiveTagKeys.length > 0 ? transitiveTagKeys : undefined,
  }
}

/** Once set it stays for the whole chain. */
function inheritedIdentity(given: string | undefined, from: Session | undefined): string | undefined {
  const before = from?.sourceIdentity
  if (before !== undefined && given !== undefined && given !== before)
    throw accessDenied('The source identity of the calling session cannot be changed.')
  return given ?? before
}

export function requirePolicy({ state }: StsContext, arn: string): string {
  const policy = state.identities.policy(arn)
  if (!policy) throw new AwsError('PolicyNotFound', `Policy ${arn} does not exist or is not attachable.`)
  return defaultVersion(policy)
}
