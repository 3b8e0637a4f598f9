// Service-specific credentials: user names and passwords for CodeCommit and Keyspaces, API keys for Bedrock.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_service-specific-creds.html

import { toBase64 } from '../../../../lib/bytes.ts'
import { newId, newSecret } from '../../../accounts/ids.ts'
import type { ServiceCredential, User } from '../../../accounts/records.ts'
import { invalidInput, noSuchEntity, quotaExceeded, validationError } from '../errors.ts'
import { page } from '../paging.ts'
import { wholeSeconds } from '../present.ts'
import { quotas } from '../quotas.ts'
import { findUser, ownerOf, type Iam, type IamHandler } from '../state.ts'

/** Which services have them, and whether as a password (which does not expire) or as a key of an API. */
const services: Readonly<Record<string, 'password' | 'key'>> = {
  'codecommit.amazonaws.com': 'password',
  'cassandra.amazonaws.com': 'password',
  'bedrock.amazonaws.com': 'key',
  'logs.amazonaws.com': 'key',
}

export const createServiceSpecificCredential: IamHandler = (input, { state, clock }) => {
  const user = findUser(state, input.UserName)
  const service: string = input.ServiceName
  const kind = kindOf(service)
  if (kind === 'password' && input.CredentialAgeDays !== undefined)
    throw invalidInput(`Credential expiration is not supported for ${service}`)
  const all = user.serviceCredentials ?? []
  if (all.filter((each) => each.service === service).length >= quotas.ServiceCredentialsPerUser)
    throw quotaExceeded('ServiceSpecificCredentialsPerUser', quotas.ServiceCredentialsPerUser)
  const created = clock().getTime()
  const credential: ServiceCredential = {
    id: newId('ACCA', state.account),
    service,
    userName: freeName(state, user, service),
    status: 'Active',
    created,
    expires: input.CredentialAgeDays && created + input.CredentialAgeDays * 86_400_000,
  }
  state.users.update(user, { serviceCredentials: [...all, credential] })
  return { ServiceSpecificCredential: { ...shape(user, credential, created), ...secretOf(credential) } }
}

export const listServiceSpecificCredentials: IamHandler = (input, context) => {
  const { state, clock } = context
  if (input.ServiceName !== undefined) kindOf(input.ServiceName)
  if (input.AllUsers && input.UserName !== undefined)
    throw validationError('AllUsers cannot be used together with UserName.')
  const users = input.AllUsers ? state.users.all() : [ownerOf(context, input.UserName)]
  const listed = users.flatMap((user) => (user.serviceCredentials ?? []).map((credential) => ({ user, credential })))
  const wanted = listed.filter(({ credential }) => (input.ServiceName ?? credential.service) === credential.service)
  return page(wanted, input, 'ServiceSpecificCredentials', ({ user, credential }) =>
    shape(user, credential, clock().getTime()),
  )
}

export const updateServiceSpecificCredential: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  credentialOf(user, input.ServiceSpecificCredentialId).status = input.Status
  context.state.users.put(user)
}

export const resetServiceSpecificCredential: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  const credential = credentialOf(user, input.ServiceSpecificCredentialId)
  const now = context.clock().getTime()
  return { ServiceSpecificCredential: { ...shape(user, credential, now), ...secretOf(credential) } }
}

export const deleteServiceSpecificCredential: IamHandler = (input, context) => {
  const user = ownerOf(context, input.UserName)
  const { id } = credentialOf(user, input.ServiceSpecificCredentialId)
  const serviceCredentials = user.serviceCredentials!.filter((each) => each.id !== id)
  context.state.users.update(user, { serviceCredentials })
}

function kindOf(service: string): 'password' | 'key' {
  const kind = Object.hasOwn(services, service) ? services[service] : undefined
  if (!kind) throw noSuchEntity(`No such service ${service} is supported for Service Specific Credentials`)
  return kind
}

/** `anna-at-123456789012`, then `anna+1-at-123456789012`. */
function freeName(state: Iam, user: User, service: string): string {
  const taken = new Set((user.serviceCredentials ?? []).map((each) => `${each.service} ${each.userName}`))
  for (let i = 0; ; i++) {
    const name = `${user.name}${i === 0 ? '' : `+${i}`}-at-${state.account}`
    if (!taken.has(`${service} ${name}`)) return name
  }
}

function credentialOf(user: User, id: string): ServiceCredential {
  const credential = user.serviceCredentials?.find((each) => each.id === id)
  if (!credential) throw noSuchEntity(`No such credential ${id} exists`)
  return credential
}

function shape(user: User, credential: ServiceCredential, now: number): object {
  const { id, service, userName, status, created, expires } = credential
  return {
    CreateDate: wholeSeconds(created),
    ExpirationDate: expires && wholeSeconds(expires),
    ServiceName: service,
    [services[service] === 'key' ? 'ServiceCredentialAlias' : 'ServiceUserName']: userName,
    ServiceSpecificCredentialId: id,
    UserName: user.name,
    Status: expires !== undefined && expires <= now ? 'Expired' : status,
  }
}

/** Told now and never again; nothing here asks for it. */
function secretOf({ service, userName }: ServiceCredential): object {
  if (services[service] === 'password') return { ServicePassword: newSecret() }
  return { ServiceCredentialSecret: `ABSK${toBase64(new TextEncoder().encode(`${userName}:${newSecret()}`))}` }
}
