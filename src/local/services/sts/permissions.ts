// What does an operation of STS need? Most need nothing; assuming a role is judged by the role's trust policy as well.

import type { AwsError } from '../../../lib/errors.ts'
import type { Context, PolicySource } from '../../../policy/types.ts'
import { requireCode } from '../../accounts/mfa.ts'
import { Identities } from '../../accounts/identities.ts'
import { trustOf } from '../../accounts/principals.ts'
import type { Role } from '../../accounts/records.ts'
import type { CallContext, Permission } from '../../service.ts'
import { accessDenied, validationError } from './errors.ts'
import type { Sts, StsContext } from './state.ts'

type Input = Record<string, any>

export function permissions(operation: string, input: Input, context: StsContext): readonly Permission[] | undefined {
  refuseLimitedSessions(operation, context)
  switch (operation) {
    case 'GetCallerIdentity':
    case 'GetSessionToken':
      return []
    case 'AssumeRole':
      return toAssumeRole(input, context)
    case 'AssumeRoleWithWebIdentity':
    case 'AssumeRoleWithSAML':
      // Asked once it is known who carries the token.
      return []
    case 'AssumeRoot':
      return [
        {
          action: 'sts:AssumeRoot',
          resource: rootArnOf(input['TargetPrincipal']),
          context: { 'sts:taskpolicyarn': input['TaskPolicyArn'].arn ?? '' },
        },
      ]
    case 'GetWebIdentityToken':
      return toIdentify(input)
    case 'GetFederationToken':
      return withTags(
        'sts:GetFederationToken',
        `arn:aws:sts::${context.account}:federated-user/${input.Name}`,
        input,
        {},
      )
    default:
      return undefined
  }
}

/** Temporary credentials may not do everything in STS. https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html */
function refuseLimitedSessions(operation: string, { caller: { session, principal, lent } }: CallContext): void {
  if (operation === 'GetCallerIdentity') return
  const makesFromKeys = operation === 'GetSessionToken' || operation === 'GetFederationToken'
  const mayAssume = operation === 'AssumeRole' && session?.kind === 'GetSessionToken'
  const limited = session !== undefined && session.kind !== 'AssumeRole' && !mayAssume
  if ((session && makesFromKeys) || limited) throw accessDenied(`Cannot call ${operation} with session credentials`)
  if (operation === 'AssumeRole' && principal.type === 'Account' && !lent)
    throw accessDenied('Roles may not be assumed by root accounts.')
  if (operation === 'AssumeRoot' && principal.type === 'Account')
    throw accessDenied('AssumeRoot may not be called by root accounts.')
}

/** Root's ARN for an account's number; an ARN stays as it is. */
export function rootArnOf(principal: string): string {
  return /^\d{12}$/.test(principal) ? `arn:aws:iam::${principal}:root` : principal
}

function toIdentify(input: Input): Permission[] {
  const [asked] = withTags('sts:GetWebIdentityToken', '*', input, {
    'sts:identitytokenaudience': input['Audience'],
    'sts:signingalgorithm': input['SigningAlgorithm'],
    'sts:durationseconds': String(input['DurationSeconds'] ?? 300),
  })
  return input['Tags']?.length > 0 ? [asked!, { ...asked!, action: 'sts:TagGetWebIdentityToken' }] : [asked!]
}

function toAssumeRole(input: Input, context: StsContext): Permission[] {
  const arn: string = input.RoleArn
  const { account } = parsedRole(arn)
  const mfa = usedMfa(input, context)
  const keys: Record<string, string | string[]> = { 'sts:rolesessionname': input.RoleSessionName, ...mfa }
  if (input.ExternalId !== undefined) keys['sts:externalid'] = input.ExternalId
  if (input.SourceIdentity !== undefined) keys['sts:sourceidentity'] = input.SourceIdentity
  if (input.TransitiveTagKeys?.length > 0) keys['sts:transitivetagkeys'] = input.TransitiveTagKeys
  const asked = withTags('sts:AssumeRole', arn, input, keys).map((permission) => ({
    ...permission,
    resourceAccountId: account,
  }))
  const also = (action: string): Permission[] => asked.map((permission) => ({ ...permission, action }))
  const tagged = input.Tags?.length > 0 || (context.caller.session?.transitiveTagKeys ?? []).length > 0
  return [
    ...asked,
    ...(tagged ? also('sts:TagSession') : []),
    ...(input.SourceIdentity === undefined ? [] : also('sts:SetSourceIdentity')),
  ]
}

/** A code given with the call counts for this call's conditions, though not for the session it makes. */
function usedMfa(input: Input, context: StsContext): Context {
  const { SerialNumber, TokenCode } = input
  if (SerialNumber === undefined && TokenCode === undefined) return {}
  requireCode(context, context.state.identities, SerialNumber, TokenCode)
  return { 'aws:multifactorauthpresent': 'true', 'aws:multifactorauthage': '0' }
}

function withTags(action: string, resource: string, input: Input, keys: Context): Permission[] {
  const tags = (input.Tags ?? []) as { Key: string; Value: string }[]
  const context: Record<string, string | readonly string[]> = { ...keys }
  for (const { Key, Value } of tags) context[`aws:requesttag/${Key}`] = Value
  if (tags.length > 0) context['aws:tagkeys'] = tags.map((tag) => tag.Key)
  return [{ action, resource, context }]
}

/** The trust policy judges; a role that is not there trusts nobody, and so is answered alike. */
export function policiesOf({ action, resource }: Permission, { state }: StsContext): PolicySource[] {
  if (
    !/^sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|TagSession|SetSourceIdentity)$/.test(action) ||
    !/:role\//.test(resource)
  )
    return []
  const found = roleOf(state, resource)
  const document = found ? trustOf(found.identities, found.role) : trustsNobody
  return [{ kind: 'trust', attachedTo: resource, document }]
}

const trustsNobody = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:user/nobody' }, Action: 'sts:AssumeRole' },
  ],
})

/** Whoever comes with a token is told no more than this. */
export function denial(_decision: unknown, { action, caller }: Permission): AwsError | undefined {
  return caller && accessDenied(`Not authorized to perform ${action}`)
}

export function roleOf(state: Sts, arn: string): { role: Role; identities: Identities } | undefined {
  const { account, path, name } = parsedRole(arn)
  const identities = new Identities(state.rows, account)
  const role = identities.roles.get(name)
  return role && role.path === path && role.name === name ? { role, identities } : undefined
}

function parsedRole(arn: string): { account: string; path: string; name: string } {
  const match = /^arn:[\w-]+:iam::(\d{12}):role(\/(?:.*\/)?)([^/]+)$/.exec(arn)
  if (!match) throw validationError(`${arn} is invalid`)
  return { account: match[1]!, path: match[2]!, name: match[3]! }
}
