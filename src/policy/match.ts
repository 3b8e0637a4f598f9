// Does a statement speak of this action, this resource, this caller?

import { arnSegments } from './operators.ts'
import type { Principal } from './types.ts'
import type { Lookup, Template } from './variables.ts'
import { hasVariables, isAnything, parseTemplate, resolveTemplate, splitAtColons } from './variables.ts'
import type { Matcher } from './wildcard.ts'
import { compilePattern, patternOf } from './wildcard.ts'

/** Actions are compared without regard to case; hand the matcher a lower-case action. */
export function compileAction(text: string): Matcher {
  return compilePattern(patternOf(text.toLowerCase()))
}

/** The resource of a request, cut up once for all statements. */
export interface ResourceName {
  readonly text: string
  readonly segments: readonly string[] | undefined
}

export function resourceName(text: string): ResourceName {
  return { text, segments: arnSegments(text) }
}

/** Undefined when a variable in the pattern has no value: then it cannot be said what the pattern means. */
export type ResourceMatcher = (resource: ResourceName, lookup: Lookup) => boolean | undefined

/**
 * Compiles an ARN pattern. A wildcard before the fifth colon stays inside its segment, one in the last part spans `/`
 * and `:`. Segments that are left out stand for anything, as IAM reads `arn:aws:ec2:*`. Variables count only in the
 * last part.
 */
export function compileResource(text: string, variables: boolean): ResourceMatcher {
  const template = parseTemplate(text, variables)
  if (isAnything(template)) return () => true
  const segments = splitAtColons(template, 6)
  if (segments.length === 1) return compileWhole(template)
  const head = segments.slice(0, 5)
  if (head.some(hasVariables)) return () => false
  const headMatchers = head.map(fixedMatcher)
  const last = segments[5]
  const lastMatcher = last === undefined ? () => () => true : matcherOf(last)
  return (resource, lookup) => {
    const given = resource.segments
    if (given === undefined) return false
    for (let i = headMatchers.length - 1; i >= 0; i--) if (!headMatchers[i]!(given[i]!)) return false
    return lastMatcher(lookup)?.(given[5]!)
  }
}

/** Names that are no ARNs, which some services' policies have. */
function compileWhole(template: Template): ResourceMatcher {
  const whole = matcherOf(template)
  return (resource, lookup) => whole(lookup)?.(resource.text)
}

function fixedMatcher(template: Template): Matcher {
  return compilePattern(resolveTemplate(template, () => undefined) ?? [])
}

function matcherOf(template: Template): (lookup: Lookup) => Matcher | undefined {
  if (!hasVariables(template)) {
    const fixed = fixedMatcher(template)
    return () => fixed
  }
  return (lookup) => {
    const pattern = resolveTemplate(template, lookup)
    return pattern && compilePattern(pattern)
  }
}

export type PrincipalType = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser'

/** One entry of a Principal element; `*` alone and `"AWS": "*"` are the same entry. */
export interface PrincipalEntry {
  readonly type: PrincipalType
  readonly value: string
}

/**
 * How closely an entry names the caller, which decides whose implicit denies an Allow outdoes:
 * the `account` it belongs to; the user or role `behind` its session; the caller `itself`; or `anyone`.
 */
export type Naming = 'account' | 'behind' | 'itself' | 'anyone'

/** Undefined when the entry does not name the caller. */
export function namingOf(entry: PrincipalEntry, caller: Principal): Naming | undefined {
  const { type, value } = entry
  if (type === 'AWS' && value === '*') return 'anyone'
  if (type === 'Service') return caller.type === 'Service' && value === caller.serviceName ? 'itself' : undefined
  if (type === 'CanonicalUser') return caller.canonicalUserId === value ? 'account' : undefined
  if (type === 'Federated') {
    const federated = caller.type === 'WebIdentityUser' || caller.type === 'SAMLUser'
    return federated && value === caller.federatedProvider ? 'itself' : undefined
  }
  return namingByArn(value, caller)
}

function namingByArn(value: string, caller: Principal): Naming | undefined {
  switch (caller.type) {
    case 'Account':
    case 'User':
    case 'AssumedRole':
    case 'FederatedUser':
      if (accountOf(value) === caller.accountId) return 'account'
      break
    default:
      return undefined
  }
  if (value === caller.arn) return 'itself'
  if (caller.type === 'User') return value === caller.userId ? 'itself' : undefined
  if (caller.type === 'AssumedRole') {
    return value === caller.principalArn || isRoleId(value, caller) ? 'behind' : undefined
  }
  return value === caller.issuerArn ? 'behind' : undefined
}

/** A role that was deleted stays in policies as `AROA…`; its sessions' ids are `AROA…:session`. */
function isRoleId(value: string, caller: Principal): boolean {
  return value !== '' && caller.userId.startsWith(`${value}:`)
}

const ROOT = /^arn:[^:]+:iam::(\d{12}):root$/

/** The account an entry stands for: `123456789012` or `arn:aws:iam::123456789012:root`. */
export function accountOf(value: string): string | undefined {
  return /^\d{12}$/.test(value) ? value : ROOT.exec(value)?.[1]
}

/**
 * Whether a NotPrincipal list leaves the caller out of the statement. An Allow must not reach anyone who is listed in
 * any way; a Deny spares only who is listed in every way: account, role and session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
 */
export function isSpared(entries: readonly PrincipalEntry[], caller: Principal, effect: 'Allow' | 'Deny'): boolean {
  const namings = new Set(entries.map((entry) => namingOf(entry, caller)))
  if (namings.has('anyone')) return true
  if (effect === 'Allow') return namings.has('account') || namings.has('behind') || namings.has('itself')
  switch (caller.type) {
    case 'Account':
      return namings.has('account')
    case 'User':
    case 'FederatedUser':
      return namings.has('account') && namings.has('itself')
    case 'AssumedRole':
      return namings.has('account') && namings.has('behind') && namings.has('itself')
    default:
      return namings.has('itself')
  }
}
