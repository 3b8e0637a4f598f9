// The account as a whole: alias, summary, and everything at once (GetAccountAuthorizationDetails).

import type { Entity, ManagedPolicy } from '../../../accounts/records.ts'
import { alreadyExists, noSuchEntity } from '../errors.ts'
import { cut, page } from '../paging.ts'
import {
  attachedShape,
  boundaryShape,
  encodedDocument,
  groupShape,
  lastUsedShape,
  policyShape,
  profileShape,
  roleShape,
  tagsShape,
  userShape,
  versionShape,
} from '../present.ts'
import { quotaOf, quotas } from '../quotas.ts'
import type { Iam, IamHandler } from '../state.ts'

export const createAccountAlias: IamHandler = (input, { state }) => {
  const alias: string = input.AccountAlias
  if (state.accounts.all().some((account) => account.alias === alias && account.id !== state.account))
    throw alreadyExists(`The account alias ${alias} already exists.`)
  state.accounts.update(state.settings(), { alias })
}

export const listAccountAliases: IamHandler = (input, { state }) => {
  const { alias } = state.settings()
  return page(alias === undefined ? [] : [alias], input, 'AccountAliases')
}

export const deleteAccountAlias: IamHandler = (input, { state }) => {
  const settings = state.settings()
  if (settings.alias !== input.AccountAlias)
    throw noSuchEntity(`The account alias ${input.AccountAlias} cannot be found.`)
  state.accounts.update(settings, { alias: undefined })
}

export const getAccountSummary: IamHandler = (_input, context) => {
  const { state } = context
  const devices = state.devices.all()
  const settings = state.settings()
  const policies = state.policies.all()
  const SummaryMap = {
    AccessKeysPerUserQuota: quotas.AccessKeysPerUser,
    AccountAccessKeysPresent: settings.accessKeys.length > 0 ? 1 : 0,
    AccountMFAEnabled: settings.mfaDevices.length > 0 ? 1 : 0,
    AccountPasswordPresent: settings.rootPassword === false ? 0 : 1,
    AccountSigningCertificatesPresent: 0,
    AssumeRolePolicySizeQuota: quotaOf(context, 'AssumeRolePolicySize'),
    AttachedPoliciesPerGroupQuota: quotaOf(context, 'AttachedPoliciesPerGroup'),
    AttachedPoliciesPerRoleQuota: quotaOf(context, 'AttachedPoliciesPerRole'),
    AttachedPoliciesPerUserQuota: quotaOf(context, 'AttachedPoliciesPerUser'),
    GlobalEndpointTokenVersion: settings.tokenVersion ?? 1,
    GroupPolicySizeQuota: quotas.GroupPolicySize,
    Groups: state.groups.all().length,
    GroupsPerUserQuota: quotaOf(context, 'GroupsPerUser'),
    GroupsQuota: quotaOf(context, 'Groups'),
    InstanceProfiles: state.profiles.all().length,
    InstanceProfilesQuota: quotaOf(context, 'InstanceProfiles'),
    MFADevices: devices.length,
    MFADevicesInUse: devices.filter((device) => device.enabled !== undefined).length,
    Policies: policies.length,
    PoliciesQuota: quotaOf(context, 'Policies'),
    PolicySizeQuota: quotas.PolicySize,
    PolicyVersionsInUse: policies.reduce((sum, policy) => sum + policy.versions.length, 0),
    PolicyVersionsInUseQuota: 10000,
    Providers: state.oidcProviders.all().length + state.samlProviders.all().length,
    RolePolicySizeQuota: quotas.RolePolicySize,
    Roles: state.roles.all().length,
    RolesQuota: quotaOf(context, 'Roles'),
    ServerCertificates: state.certificates.all().length,
    ServerCertificatesQuota: quotaOf(context, 'ServerCertificates'),
    SigningCertificatesPerUserQuota: quotas.SigningCertificatesPerUser,
    UserPolicySizeQuota: quotas.UserPolicySize,
    Users: state.users.all().length,
    UsersQuota: quotaOf(context, 'Users'),
    VersionsPerPolicyQuota: quotas.VersionsPerPolicy,
  }
  return { SummaryMap }
}

type Detail = { list: 'UserDetailList' | 'GroupDetailList' | 'RoleDetailList' | 'Policies'; shape: () => object }

export const getAccountAuthorizationDetails: IamHandler = (input, { state }) => {
  const wanted = (filter: string): boolean => !input.Filter?.length || input.Filter.includes(filter)
  const details: Detail[] = []
  if (wanted('User')) details.push(...users(state))
  if (wanted('Group')) details.push(...groups(state))
  if (wanted('Role')) details.push(...roles(state))
  if (wanted('LocalManagedPolicy')) details.push(...policies(state, state.policies.all()))
  // Of AWS's policies only those in use are told.
  if (wanted('AWSManagedPolicy')) details.push(...policies(state, usedAwsPolicies(state)))
  const { slice, ...rest } = cut(details, input)
  const among = (list: Detail['list']): object[] =>
    slice.filter((each) => each.list === list).map((each) => each.shape())
  return {
    UserDetailList: among('UserDetailList'),
    GroupDetailList: among('GroupDetailList'),
    RoleDetailList: among('RoleDetailList'),
    Policies: among('Policies'),
    ...rest,
  }
}

function inlineShape(entity: Entity): object[] {
  return Object.entries(entity.inline).map(([PolicyName, document]) => ({
    PolicyName,
    PolicyDocument: encodedDocument(document),
  }))
}

function users(state: Iam): Detail[] {
  return state.users.all().map((user) => ({
    list: 'UserDetailList',
    shape: () => ({
      ...userShape(state, user),
      UserPolicyList: inlineShape(user),
      GroupList: user.groups,
      AttachedManagedPolicies: attachedShape(state, user),
      PermissionsBoundary: boundaryShape(user),
      Tags: tagsShape(user.tags),
    }),
  }))
}

function groups(state: Iam): Detail[] {
  return state.groups.all().map((group) => ({
    list: 'GroupDetailList',
    shape: () => ({
      ...groupShape(state, group),
      GroupPolicyList: inlineShape(group),
      AttachedManagedPolicies: attachedShape(state, group),
    }),
  }))
}

function roles(state: Iam): Detail[] {
  const profiles = state.profiles.all()
  return state.roles.all().map((role) => ({
    list: 'RoleDetailList',
    shape: () => ({
      ...roleShape(state, role),
      InstanceProfileList: profiles.filter((each) => each.role === role.name).map((each) => profileShape(state, each)),
      RolePolicyList: inlineShape(role),
      AttachedManagedPolicies: attachedShape(state, role),
      PermissionsBoundary: boundaryShape(role),
      Tags: tagsShape(role.tags),
      RoleLastUsed: lastUsedShape(role),
    }),
  }))
}

function policies(state: Iam, of: readonly ManagedPolicy[]): Detail[] {
  return of.map((policy) => ({
    list: 'Policies',
    shape: () => ({
      ...policyShape(state, policy),
      Description: policy.description,
      PolicyVersionList: policy.versions.map((version) => versionShape(policy, version, true)),
    }),
  }))
}

function usedAwsPolicies(state: Iam): ManagedPolicy[] {
  const holders = [...state.users.all(), ...state.groups.all(), ...state.roles.all()]
  const arns = new Set(
    holders.flatMap((holder) => holder.attached).filter((arn) => arn.startsWith('arn:aws:iam::aws:')),
  )
  return [...arns].map((arn) => state.policy(arn)).filter((policy) => policy !== undefined)
}
