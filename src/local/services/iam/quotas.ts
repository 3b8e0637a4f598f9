// How much of each thing may an account have? What AWS raises on request, or lists among its quotas, comes from the
// registry; the rest is fixed.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

import type { CallContext } from '../../service.ts'

export const quotas = {
  AccessKeysPerUser: 2,
  ClientIdsPerOidcProvider: 100,
  MFADevicesPerUser: 8,
  SamlProviders: 100,
  ServiceCredentialsPerUser: 2,
  SigningCertificatesPerUser: 2,
  SshKeysPerUser: 5,
  SamlKeysPerProvider: 2,
  ThumbprintsPerOidcProvider: 5,
  TagsPerEntity: 50,
  VersionsPerPolicy: 5,
  /** Characters, white space not counted. */
  PolicySize: 6144,
  UserPolicySize: 2048,
  GroupPolicySize: 5120,
  RolePolicySize: 10240,
} as const

const codes = {
  AssumeRolePolicySize: 'L-C07B4B0D',
  AttachedPoliciesPerGroup: 'L-384571C4',
  AttachedPoliciesPerRole: 'L-0DA4ABF3',
  AttachedPoliciesPerUser: 'L-4019AD8B',
  Groups: 'L-F4A5425F',
  GroupsPerUser: 'L-7A1621EC',
  InstanceProfiles: 'L-6E65F664',
  OidcProviders: 'L-858F3967',
  Policies: 'L-E95E4862',
  Roles: 'L-FE177D64',
  ServerCertificates: 'L-BF35879D',
  Users: 'L-F55AF5E4',
} as const

/** What this account may have of a thing that Service Quotas knows. */
export function quotaOf({ quota }: Pick<CallContext, 'quota'>, name: keyof typeof codes): number {
  return quota('iam', codes[name])
}
