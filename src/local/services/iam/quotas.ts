// IAM's default quotas. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html

export const quotas = {
  AccessKeysPerUser: 2,
  AttachedPoliciesPerGroup: 10,
  AttachedPoliciesPerRole: 10,
  AttachedPoliciesPerUser: 10,
  Groups: 300,
  GroupsPerUser: 10,
  InstanceProfiles: 1000,
  MFADevicesPerUser: 8,
  Policies: 1500,
  Roles: 1000,
  TagsPerEntity: 50,
  Users: 5000,
  VersionsPerPolicy: 5,
  /** Characters, white space not counted. */
  PolicySize: 6144,
  UserPolicySize: 2048,
  GroupPolicySize: 5120,
  RolePolicySize: 10240,
  AssumeRolePolicySize: 2048,
} as const
