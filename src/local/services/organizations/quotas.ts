// Default quotas. https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html

export const quotas = {
  Accounts: 10,
  /** Units below units below … the root. */
  UnitDepth: 5,
  Units: 2000,
  /** Of one type on one target. */
  PoliciesPerTarget: { SERVICE_CONTROL_POLICY: 5, RESOURCE_CONTROL_POLICY: 5 } as Readonly<Record<string, number>>,
  OtherPoliciesPerTarget: 10,
  /** Characters. */
  PolicySize: { SERVICE_CONTROL_POLICY: 5120, RESOURCE_CONTROL_POLICY: 5120 } as Readonly<Record<string, number>>,
  OtherPolicySize: 10_000,
  Tags: 50,
} as const
