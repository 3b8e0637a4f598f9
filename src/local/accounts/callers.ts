// Who is it that calls, and which policies bind them? From a key or a session to a principal, the condition keys that
// come with it, and every policy that applies. All functions read rows of the namespace `iam`.

import type { Context, PolicySource, Principal } from '../../policy/types.ts'
import type { Caller, Session } from '../service.ts'
import { defaultVersion, Identities } from './identities.ts'
import { controlPolicies, isClosed } from './organizations.ts'
import type { Rows } from '../store/store.ts'
import type { AccessKey, Entity, Role, Tag, User } from './records.ts'

export const nobody: Caller = {
  principal: { type: 'Anonymous', accountId: '', arn: 'anonymous', principalArn: 'anonymous', userId: 'anonymous' },
  accountId: '',
  context: { 'aws:principaltype': 'Anonymous', 'aws:userid': 'anonymous', 'aws:principalaccount': 'anonymous' },
}

/** The caller behind a long-term key; undefined when its user is gone, or the account is closed. */
export function callerByKey(rows: Rows, key: AccessKey): Caller | undefined {
  if (isClosed(rows, key.account)) return undefined
  const identities = new Identities(rows, key.account)
  if (key.user === '') return rootCaller(key.account, key.id)
  const user = identities.users.get(key.user)
  return user && asCaller(userPrincipal(identities, user), user.tags, { accessKeyId: key.id })
}

/** The caller behind a session; undefined when its user or role is gone, or is another one of the same name. */
export function callerBySession(rows: Rows, session: Session, accessKeyId: string): Caller | undefined {
  if (isClosed(rows, session.accountId)) return undefined
  const identities = new Identities(rows, session.accountId)
  const given = { accessKeyId, session }
  if (session.kind === 'AssumeRole') {
    const role = identities.roles.get(session.principalName)
    if (role?.id !== session.principalId) return undefined
    return asCaller(rolePrincipal(identities, role, session.sessionName!), role.tags, given)
  }
  const isRoot = session.principalName === ''
  const user = isRoot ? undefined : identities.users.get(session.principalName)
  if (!isRoot && user?.id !== session.principalId) return undefined
  if (session.kind === 'GetFederationToken')
    return asCaller(federatedPrincipal(identities, user, session.sessionName!), user?.tags ?? [], given)
  return asCaller(user ? userPrincipal(identities, user) : rootPrincipal(session.accountId), user?.tags ?? [], given)
}

export function rootCaller(accountId: string, accessKeyId: string): Caller {
  return asCaller(rootPrincipal(accountId), [], { accessKeyId })
}

export function rootPrincipal(accountId: string): Principal {
  const arn = `arn:aws:iam::${accountId}:root`
  return { type: 'Account', accountId, arn, principalArn: arn, userId: accountId }
}

export function userPrincipal(identities: Identities, user: User): Principal {
  const arn = identities.arn('user', user)
  return { type: 'User', accountId: identities.account, arn, principalArn: arn, userId: user.id, userName: user.name }
}

export function rolePrincipal(identities: Identities, role: Role, sessionName: string): Principal {
  return {
    type: 'AssumedRole',
    accountId: identities.account,
    arn: `arn:aws:sts::${identities.account}:assumed-role/${role.name}/${sessionName}`,
    principalArn: identities.arn('role', role),
    userId: `${role.id}:${sessionName}`,
    sessionName,
    serviceLinked: role.path.startsWith('/aws-service-role/'),
  }
}

function federatedPrincipal(identities: Identities, issuer: User | undefined, name: string): Principal {
  const accountId = identities.account
  const arn = `arn:aws:sts::${accountId}:federated-user/${name}`
  const issuerArn = issuer ? identities.arn('user', issuer) : rootPrincipal(accountId).arn
  return {
    type: 'FederatedUser',
    accountId,
    arn,
    principalArn: arn,
    userId: `${accountId}:${name}`,
    sessionName: name,
    issuerArn,
  }
}

function asCaller(
  principal: Principal,
  tags: readonly Tag[],
  given: { accessKeyId: string; session?: Session },
): Caller {
  return { principal, accountId: principal.accountId, ...given, context: contextOf(principal, tags, given.session) }
}

/** The condition keys that tell of the principal and the session. */
function contextOf(principal: Principal, tags: readonly Tag[], session: Session | undefined): Context {
  const context: Record<string, string> = {
    'aws:principalarn': principal.principalArn,
    'aws:principalaccount': principal.accountId,
    'aws:principaltype': principal.type,
    'aws:principalisawsservice': 'false',
    'aws:userid': principal.userId,
  }
  if (principal.userName) context['aws:username'] = principal.userName
  // Session tags stand in for the principal's own, whose keys may differ in case.
  const effective = new Map<string, Tag>()
  for (const tag of tags) effective.set(tag.Key.toLowerCase(), tag)
  for (const [Key, Value] of Object.entries(session?.tags ?? {})) effective.set(Key.toLowerCase(), { Key, Value })
  for (const { Key, Value } of effective.values()) context[`aws:principaltag/${Key}`] = Value
  if (!session) return context
  context['aws:tokenissuetime'] = new Date(session.issued).toISOString().replace(/\.\d+Z/, 'Z')
  // Long-term keys have neither of the MFA keys, sessions without MFA only the first.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
  context['aws:multifactorauthpresent'] = String(session.mfa !== undefined)
  if (session.kind === 'AssumeRoot') context['aws:assumedroot'] = 'true'
  if (session.provider !== undefined) Object.assign(context, session.provider.keys)
  if (session.sourceIdentity !== undefined) context['aws:sourceidentity'] = session.sourceIdentity
  return context
}

/**
 * Every policy that applies to what the caller does to a resource of `owner`, but the resource's own: identity, boundary
 * and session policies, the SCPs of the caller's account and the RCPs of the owner's.
 */
export function policiesOf(rows: Rows, caller: Caller, owner: string): PolicySource[] {
  return [
    ...ownPolicies(rows, caller),
    ...controlPolicies(rows, caller.accountId, 'SERVICE_CONTROL_POLICY'),
    ...controlPolicies(rows, owner, 'RESOURCE_CONTROL_POLICY'),
  ]
}

function ownPolicies(rows: Rows, { principal, accountId, session }: Caller): PolicySource[] {
  const identities = new Identities(rows, accountId)
  switch (principal.type) {
    case 'User':
    case 'FederatedUser': {
      const name = session ? session.principalName : principal.userName!
      const user = name === '' ? undefined : identities.users.get(name)
      const own = user ? ofUser(identities, user) : []
      return session?.kind === 'GetFederationToken' ? [...own, ...ofSession(identities, session)] : own
    }
    case 'AssumedRole': {
      const role = session && identities.roles.get(session.principalName)
      return role ? [...ofRole(identities, role), ...ofSession(identities, session)] : []
    }
    case 'Account':
      // The policies of root's tasks only deny.
      return session?.kind === 'AssumeRoot'
        ? [{ kind: 'session', document: anything }, ...ofSession(identities, session)]
        : []
    default:
      return []
  }
}

export function ofUser(identities: Identities, user: User): PolicySource[] {
  const groups = user.groups.map((name) => identities.groups.get(name)).filter((group) => group !== undefined)
  return [
    ...ofEntity(identities, user, identities.arn('user', user)),
    ...groups.flatMap((group) => ofEntity(identities, group, identities.arn('group', group))),
    ...boundaryOf(identities, user, identities.arn('user', user)),
  ]
}

export function ofRole(identities: Identities, role: Role): PolicySource[] {
  const arn = identities.arn('role', role)
  return [...ofEntity(identities, role, arn), ...boundaryOf(identities, role, arn)]
}

/** Inline and attached policies of one user, group or role. */
export function ofEntity(identities: Identities, entity: Entity, attachedTo: string): PolicySource[] {
  const inline = Object.entries(entity.inline).map(([name, document]): PolicySource => ({
    kind: 'identity',
    name,
    attachedTo,
    document,
  }))
  return [...inline, ...entity.attached.map((arn) => managed(identities, 'identity', arn, attachedTo))]
}

function boundaryOf(identities: Identities, entity: { boundary?: string }, attachedTo: string): PolicySource[] {
  return entity.boundary === undefined ? [] : [managed(identities, 'boundary', entity.boundary, attachedTo)]
}

function ofSession(identities: Identities, session: Session): PolicySource[] {
  const sources: PolicySource[] = (session.policyArns ?? []).map((arn) => managed(identities, 'session', arn))
  if (session.policy !== undefined) sources.push({ kind: 'session', document: session.policy })
  return sources
}

const anything = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
const nothing = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"none:Nothing","Resource":"*"}]}'

/** A managed policy that is gone (it should not be, while attached) still counts, and allows nothing. */
function managed(identities: Identities, kind: PolicySource['kind'], arn: string, attachedTo?: string): PolicySource {
  const policy = identities.policy(arn)
  return { kind, arn, name: policy?.name, attachedTo, document: policy ? defaultVersion(policy) : nothing }
}
