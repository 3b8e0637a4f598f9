// AssumeRole: the trust policy and the caller's own policies must agree (permissions.ts asks them); here the session is
// made, within the limits of the role, of the chain, and of what it inherits.

import type { Session } from '../../../service.ts'
import { accessDenied, invalidParameter, validationError } from '../errors.ts'
import { roleOf } from '../permissions.ts'
import type { StsHandler } from '../state.ts'
import { roleSession } from './role-session.ts'

export const assumeRole: StsHandler = (input, context) => {
  const { state, caller } = context
  const found = roleOf(state, input.RoleArn)
  if (!found) throw accessDenied('Not authorized to perform sts:AssumeRole')
  const chained = caller.session?.kind === 'AssumeRole'
  if (chained && (input.DurationSeconds ?? 3600) > 3600)
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  return roleSession(found, input, context.clock(), {
    sessionName: input.RoleSessionName,
    ...sessionTags(input, caller.session),
    sourceIdentity: inheritedIdentity(input.SourceIdentity, caller.session),
    chained: chained || undefined,
  })
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
