// IAM's state is the account's identities; here are the ways to find one, or say in IAM's words that there is none.

import type { Identities } from '../../accounts/identities.ts'
import { AwsError } from '../../../lib/errors.ts'
import type {
  Entity,
  Group,
  InstanceProfile,
  ManagedPolicy,
  MfaDevice,
  OidcProvider,
  Role,
  SamlProvider,
  ServerCertificate,
  User,
} from '../../accounts/records.ts'
import type { CallContext, Handler } from '../../service.ts'
import { invalidInput, noSuchEntity, validationError } from './errors.ts'

export type Iam = Identities
export type IamHandler = Handler<Iam>
export type IamContext = CallContext & { readonly state: Iam }

export function findUser(state: Iam, name: string): User {
  const user = state.users.get(name)
  if (!user) throw noSuchEntity(`The user with name ${name} cannot be found.`)
  return user
}

/** The user that is named, or the caller where none is. Undefined for root. */
export function userOrSelf(context: IamContext, name: string | undefined): User | undefined {
  if (name !== undefined) return findUser(context.state, name)
  const { principal } = context.caller
  if (principal.type === 'Account') return undefined
  if (principal.type !== 'User') throw validationError('Must specify userName when calling with non-User credentials')
  return findUser(context.state, principal.userName!)
}

/** The user that is named, or else calls; throws where that is no user. */
export function ownerOf(context: IamContext, name: string | undefined): User {
  const user = userOrSelf(context, name)
  if (!user) throw validationError('Must specify userName when calling with non-User credentials')
  return user
}

export function findGroup(state: Iam, name: string): Group {
  const group = state.groups.get(name)
  if (!group) throw noSuchEntity(`The group with name ${name} cannot be found.`)
  return group
}

export function findRole(state: Iam, name: string): Role {
  const role = state.roles.get(name)
  if (!role) throw noSuchEntity(`The role with name ${name} cannot be found.`)
  return role
}

export function isServiceLinked({ path }: Role): boolean {
  return path.startsWith('/aws-service-role/')
}

/** A role that may be changed: not one that belongs to a service. */
export function findOwnRole(state: Iam, name: string): Role {
  const role = findRole(state, name)
  if (isServiceLinked(role))
    throw new AwsError(
      'UnmodifiableEntity',
      `Cannot perform the operation on the protected role '${role.name}' - this role is only modifiable by AWS`,
    )
  return role
}

export function findProfile(state: Iam, name: string): InstanceProfile {
  const profile = state.profiles.get(name)
  if (!profile) throw noSuchEntity(`Instance Profile ${name} cannot be found.`)
  return profile
}

export function findPolicy(state: Iam, arn: string): ManagedPolicy {
  const policy = state.policy(parsedArn(arn))
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`)
  return policy
}

export function findAttachable(state: Iam, arn: string): ManagedPolicy {
  if (!policyArn.test(arn)) throw validationError(`ARN ${arn} is not valid.`)
  const policy = state.policy(arn)
  if (!policy) throw noSuchEntity(`Policy ${arn} does not exist or is not attachable.`)
  return policy
}

/** The ARN of the policy that shall bound somebody. */
export function boundaryIn(state: Iam, arn: string): string {
  if (!policyArn.test(arn)) throw invalidInput(`ARN ${arn} is not valid.`)
  if (!state.policy(arn)) throw noSuchEntity(`Scope ARN: ${arn} does not exist or is not attachable.`)
  return arn
}

/** A policy, or that its version cannot be there either. */
export function policyOfVersion(state: Iam, arn: string, version: string): ManagedPolicy {
  return state.policy(parsedArn(arn)) ?? noVersion(arn, version)
}

export function noVersion(arn: string, version: string): never {
  throw noSuchEntity(`Policy ${arn} version ${version} does not exist or is not attachable.`)
}

/** A policy that the account may change. */
export function findOwnPolicy(state: Iam, arn: string): ManagedPolicy {
  const policy = state.policies.get(parsedArn(arn))
  if (!policy) throw noSuchEntity(`Policy ${arn} was not found.`)
  return policy
}

export function findDevice(state: Iam, serial: string): MfaDevice {
  const device = state.devices.get(serial)
  if (!device) throw noSuchEntity(`MFA Device with serial number ${serial} does not exist.`)
  return device
}

export function findCertificate(state: Iam, name: string): ServerCertificate {
  const certificate = state.certificates.get(name)
  if (!certificate) throw noSuchEntity(`The Server Certificate with name ${name} cannot be found.`)
  return certificate
}

export function findOidcProvider(state: Iam, arn: string): OidcProvider {
  const provider = state.oidcProviders.get(arn)
  if (!provider) throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`)
  return provider
}

export function findSamlProvider(state: Iam, arn: string): SamlProvider {
  const provider = state.samlProviders.get(arn)
  if (!provider) throw noSuchEntity(`Manifest not found for arn ${arn}`)
  return provider
}

const policyArn = /^arn:[\w-]+:iam::(\d{12}|aws):policy\/./

function parsedArn(arn: string): string {
  if (!policyArn.test(arn)) throw validationError(`Invalid ARN:  Could not be parsed!`)
  return arn
}

/** The three kinds of entity a policy can hang on, for the operations that exist once for each. */
export type Holder = 'User' | 'Group' | 'Role'

export function findHolder(state: Iam, kind: Holder, name: string): Entity {
  if (kind === 'User') return findUser(state, name)
  return kind === 'Group' ? findGroup(state, name) : findRole(state, name)
}

/** One whose policies may be changed. */
export function findOwnHolder(state: Iam, kind: Holder, name: string): Entity {
  return kind === 'Role' ? findOwnRole(state, name) : findHolder(state, kind, name)
}

export function putHolder(state: Iam, kind: Holder, holder: Entity): void {
  if (kind === 'User') state.users.put(holder as User)
  else if (kind === 'Group') state.groups.put(holder)
  else state.roles.put(holder as Role)
}

export interface Uses {
  /** How many users, groups and roles a policy hangs on, and how many it bounds. */
  readonly attached: number
  readonly bounding: number
}

export function usesOf(state: Iam, arn: string): Uses {
  return allUses(state)(arn)
}

/** Counts all policies' uses at once, for lists of them. */
export function allUses(state: Iam): (arn: string) => Uses {
  const attached = new Map<string, number>()
  const bounding = new Map<string, number>()
  const count = (map: Map<string, number>, arn: string): void => void map.set(arn, (map.get(arn) ?? 0) + 1)
  const [users, groups, roles] = [state.users.all(), state.groups.all(), state.roles.all()]
  for (const entity of [...users, ...groups, ...roles]) for (const arn of entity.attached) count(attached, arn)
  for (const { boundary } of [...users, ...roles]) if (boundary !== undefined) count(bounding, boundary)
  return (arn) => ({ attached: attached.get(arn) ?? 0, bounding: bounding.get(arn) ?? 0 })
}
