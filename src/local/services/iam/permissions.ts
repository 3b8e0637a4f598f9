// Which action on which resource does an IAM operation need? The action is the operation's name; the resource goes by
// the member that names it. Messages call entities as IAM calls them: `user anna`.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html

import type { Context } from '../../../policy/types.ts'
import { AwsError } from '../../../lib/errors.ts'
import type { Tag } from '../../accounts/records.ts'
import type { Permission } from '../../service.ts'
import { serviceLinkedRole } from './service-linked-roles.ts'
import type { Iam, IamContext } from './state.ts'

type Input = Record<string, any>

/** Kinds of entity: the member that names one, the ARN's word, and how messages call it. */
const kinds = [
  { member: 'UserName', kind: 'user', called: 'user' },
  { member: 'RoleName', kind: 'role', called: 'role' },
  { member: 'GroupName', kind: 'group', called: 'group' },
  { member: 'InstanceProfileName', kind: 'instance-profile', called: 'instance profile' },
  { member: 'ServerCertificateName', kind: 'server-certificate', called: 'server certificate' },
] as const

/** Operations on what does not exist yet, or on all there is: the ARN of the kind. */
const byPath: Record<string, [kind: Parameters<Iam['arn']>[0], name?: string]> = {
  CreateUser: ['user', 'UserName'],
  CreateRole: ['role', 'RoleName'],
  CreateGroup: ['group', 'GroupName'],
  CreatePolicy: ['policy', 'PolicyName'],
  CreateInstanceProfile: ['instance-profile', 'InstanceProfileName'],
  CreateVirtualMFADevice: ['mfa', 'VirtualMFADeviceName'],
  UploadServerCertificate: ['server-certificate', 'ServerCertificateName'],
  ListUsers: ['user'],
  ListRoles: ['role'],
  ListGroups: ['group'],
  ListInstanceProfiles: ['instance-profile'],
  ListVirtualMFADevices: ['mfa'],
}

/** Operations whose resource is made up of members in a way of its own. */
const byMembers: Record<string, (input: Input, account: string) => string> = {
  CreateOpenIDConnectProvider: ({ Url }, account) =>
    `arn:aws:iam::${account}:oidc-provider/${Url.replace(/^https?:\/\//, '').replace(/\/+$/, '')}`,
  CreateSAMLProvider: ({ Name }, account) => `arn:aws:iam::${account}:saml-provider/${Name}`,
  CreateServiceLinkedRole: ({ AWSServiceName, CustomSuffix }, account) => {
    const role = serviceLinkedRole(AWSServiceName)?.roleName ?? '*'
    return `arn:aws:iam::${account}:role/aws-service-role/${AWSServiceName}/${role}${CustomSuffix ? `_${CustomSuffix}` : ''}`
  },
  GetServiceLinkedRoleDeletionStatus: ({ DeletionTaskId }, account) =>
    `arn:aws:iam::${account}:role/${DeletionTaskId.replace(/^task\//, '').replace(/\/[^/]*$/, '')}`,
  GenerateOrganizationsAccessReport: ({ EntityPath }, account) => `arn:aws:iam::${account}:access-report/${EntityPath}`,
  GenerateServiceLastAccessedDetails: ({ Arn }) => Arn,
  ListPoliciesGrantingServiceAccess: ({ Arn }) => Arn,
}

/** Operations on the caller's own user where no name is given. */
const ownUser =
  /^(GetUser|(Create|List|Update|Delete)AccessKeys?|ListMFADevices|ChangePassword|(Create|Get|Delete)LoginProfile|DeactivateMFADevice|ListSSHPublicKeys|(Upload|List|Update|Delete)SigningCertificates?|(List|Update|Reset|Delete)ServiceSpecificCredentials?)$/

export function permissions(operation: string, input: Input, context: IamContext): readonly Permission[] {
  refuseLimitedSessions(context)
  const action = `iam:${operation}`
  const { state } = context
  const given = requestKeys(operation, input)
  const fixed = byPath[operation]
  if (fixed) {
    const [kind, name] = fixed
    const path: string = input.Path ?? input.PathPrefix ?? '/'
    return [
      { action, resource: state.arn(kind, { path, name: name === undefined ? '' : input[name] }), context: given },
    ]
  }
  const made = byMembers[operation]
  if (made) return [{ action, resource: made(input, state.account), context: given }]
  const provider: string | undefined = input.OpenIDConnectProviderArn ?? input.SAMLProviderArn
  if (provider !== undefined) {
    const entity = state.oidcProviders.get(provider) ?? state.samlProviders.get(provider)
    return [{ action, resource: provider, context: { ...given, ...entityKeys(entity) } }]
  }
  if (input.PolicySourceArn !== undefined) return [{ action, resource: input.PolicySourceArn }]
  if (input.PolicyArn !== undefined && !/^(Attach|Detach)/.test(operation))
    return [
      {
        action,
        resource: input.PolicyArn,
        resourceInMessage: `policy ${input.PolicyArn}`,
        context: { ...given, ...policyKeys(state, input.PolicyArn) },
      },
    ]
  const named = kinds.find(
    ({ member }) =>
      input[member] !== undefined &&
      !(member === 'RoleName' && input.InstanceProfileName !== undefined) &&
      !(member === 'UserName' && input.GroupName !== undefined),
  )
  if (named)
    return [
      entityPermission(named, input[named.member], { action, input, given }, context),
      ...passedRole(operation, input, context),
    ]
  if (input.AccessKeyId !== undefined && input.UserName === undefined) {
    const user = state.keys.get(input.AccessKeyId)?.user
    if (user) return [entityPermission(kinds[0], user, { action, input, given }, context)]
  }
  if (input.SerialNumber !== undefined && operation !== 'DeactivateMFADevice')
    return [{ action, resource: input.SerialNumber, context: given }]
  if (ownUser.test(operation)) return [self(action, context)]
  if (operation === 'ListPolicies')
    return [{ action, resource: '*', resourceInMessage: `policy path ${input.PathPrefix ?? '/'}` }]
  return [{ action, resource: '*', resourceInMessage: '*', context: given }]
}

/** GetSessionToken without MFA and GetFederationToken may not call IAM. (Recorded text: without the final period.) */
function refuseLimitedSessions({ caller: { session } }: IamContext): void {
  const limited =
    session?.kind === 'GetFederationToken' || (session?.kind === 'GetSessionToken' && session.mfa === undefined)
  if (limited)
    throw new AwsError('InvalidClientTokenId', 'The security token included in the request is invalid', { status: 403 })
}

function entityPermission(
  { kind, called }: (typeof kinds)[number],
  name: string,
  { action, input, given }: { action: string; input: Input; given: Context },
  { state }: IamContext,
): Permission {
  const entity = entityOf(state, kind, name)
  const resource = state.arn(kind, entity ?? { path: '/', name })
  return {
    action,
    resource,
    resourceInMessage: `${called} ${name}`,
    context: { ...given, ...entityKeys(entity), ...policyCondition(input) },
  }
}

function entityOf(
  state: Iam,
  kind: (typeof kinds)[number]['kind'],
  name: string,
): { path: string; name: string; tags?: Tag[]; boundary?: string } | undefined {
  if (kind === 'user') return state.users.get(name)
  if (kind === 'role') return state.roles.get(name)
  if (kind === 'server-certificate') return state.certificates.get(name)
  return kind === 'group' ? state.groups.get(name) : state.profiles.get(name)
}

function self(action: string, { caller, state }: IamContext): Permission {
  const { principal } = caller
  const user = principal.userName === undefined ? undefined : state.users.get(principal.userName)
  const told = principal.userName === undefined ? undefined : `user ${principal.userName}`
  return {
    action,
    resource: principal.type === 'User' || principal.type === 'Account' ? principal.arn : '*',
    resourceInMessage: told,
    context: entityKeys(user),
  }
}

/** A role handed to an instance profile is passed, which needs leave of its own. */
function passedRole(operation: string, input: Input, { state }: IamContext): Permission[] {
  if (operation !== 'AddRoleToInstanceProfile') return []
  const resource = state.arn('role', state.roles.get(input.RoleName) ?? { path: '/', name: input.RoleName })
  return [{ action: 'iam:PassRole', resource, context: { 'iam:passedtoservice': 'ec2.amazonaws.com' } }]
}

/** aws:ResourceTag, iam:ResourceTag and iam:PermissionsBoundary of what is there. */
function entityKeys(entity: { tags?: Tag[]; boundary?: string } | undefined): Context {
  const keys: Record<string, string> = {}
  for (const { Key, Value } of entity?.tags ?? []) {
    keys[`aws:resourcetag/${Key}`] = Value
    keys[`iam:resourcetag/${Key}`] = Value
  }
  if (entity?.boundary !== undefined) keys['iam:permissionsboundary'] = entity.boundary
  return keys
}

function policyKeys(state: Iam, arn: string): Context {
  return entityKeys(state.policies.get(arn))
}

function policyCondition(input: Input): Context {
  return input.PolicyArn === undefined ? {} : { 'iam:policyarn': input.PolicyArn }
}

/** aws:RequestTag, aws:TagKeys and the boundary that is asked for. */
function requestKeys(operation: string, input: Input): Context {
  const keys: Record<string, string | string[]> = {}
  const tags = (input.Tags ?? []) as Tag[]
  for (const { Key, Value } of tags) keys[`aws:requesttag/${Key}`] = Value
  const tagKeys = tags.length > 0 ? tags.map((tag) => tag.Key) : (input.TagKeys as string[] | undefined)
  if (tagKeys) keys['aws:tagkeys'] = tagKeys
  if (input.PermissionsBoundary !== undefined) keys['iam:permissionsboundary'] = input.PermissionsBoundary
  if (operation === 'CreateServiceLinkedRole') keys['iam:awsservicename'] = input.AWSServiceName
  if (operation === 'CreateServiceSpecificCredential') {
    keys['iam:servicespecificcredentialservicename'] = input.ServiceName
    if (input.CredentialAgeDays !== undefined)
      keys['iam:servicespecificcredentialagedays'] = String(input.CredentialAgeDays)
  }
  if (input.OrganizationsPolicyId !== undefined) keys['iam:organizationspolicyid'] = input.OrganizationsPolicyId
  return keys
}
