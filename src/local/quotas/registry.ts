// How much of each thing may an account have? AWS's default quotas, for the services that are built here and those people
// ask about first. Every limit that a service enforces comes from here, and so does the Service Quotas API.
// https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html

export interface Quota {
  readonly service: string
  /** `L-1216C47A` */
  readonly code: string
  readonly name: string
  /** AWS's default. */
  readonly value: number
  /** What an account here has from the beginning, where that is not AWS's default. */
  readonly applied?: number
  /** Undefined: it cannot be raised. */
  readonly most?: number
  readonly unit: 'None' | 'Bytes' | 'Gigabytes'
  /** IAM's: one for all regions, asked for in us-east-1. */
  readonly global: boolean
  readonly usage?: {
    readonly Class: string
    readonly Resource: string
    readonly Service: string
    readonly Type: string
  }
}

export const serviceNames: Readonly<Record<string, string>> = {
  cloudformation: 'AWS CloudFormation',
  dynamodb: 'Amazon DynamoDB',
  ec2: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  iam: 'AWS Identity and Access Management (IAM)',
  kms: 'AWS Key Management Service (AWS KMS)',
  lambda: 'AWS Lambda',
  monitoring: 'Amazon CloudWatch',
  s3: 'Amazon Simple Storage Service (Amazon S3)',
  sns: 'Amazon Simple Notification Service (Amazon SNS)',
  vpc: 'Amazon Virtual Private Cloud (Amazon VPC)',
}

type Row = readonly [code: string, name: string, value: number, most: number | undefined, more?: Partial<Quota>]

const vcpus = (Class: string): Partial<Quota> => ({
  usage: { Class, Resource: 'vCPU', Service: 'EC2', Type: 'Resource' },
})
const fixed = undefined

/** `most` is how far this account's AWS goes; where AWS names no end it is a generous one. */
const rows: Readonly<Record<string, readonly Row[]>> = {
  cloudformation: [['L-0485CB21', 'Stack count', 2000, 10_000]],
  dynamodb: [['L-F98FE922', 'Maximum number of tables', 2500, 10_000]],
  ec2: [
    [
      'L-1216C47A',
      'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
      5,
      10_000,
      { applied: 1152, ...vcpus('Standard/OnDemand') },
    ],
    [
      'L-34B43A08',
      'All Standard (A, C, D, H, I, M, R, T, Z) Spot Instance Requests',
      5,
      10_000,
      { applied: 1152, ...vcpus('Standard/Spot') },
    ],
    ['L-DB2E81BA', 'Running On-Demand G and VT instances', 0, 1000, vcpus('G/OnDemand')],
    ['L-417A185B', 'Running On-Demand P instances', 0, 1000, vcpus('P/OnDemand')],
    ['L-7295265B', 'Running On-Demand X instances', 0, 1000, vcpus('X/OnDemand')],
    ['L-0263D0A3', 'EC2-VPC Elastic IPs', 5, 500],
  ],
  iam: [
    ['L-0DA4ABF3', 'Managed policies per role', 10, 25],
    ['L-4019AD8B', 'Managed policies per user', 10, 20],
    ['L-384571C4', 'Managed policies per group', 10, fixed],
    ['L-C07B4B0D', 'Role trust policy length', 2048, 8192],
    ['L-E95E4862', 'Customer managed policies per account', 1500, 10_000],
    ['L-F4A5425F', 'Groups per account', 300, 500],
    ['L-6E65F664', 'Instance profiles per account', 1000, 10_000],
    ['L-FE177D64', 'Roles per account', 1000, 10_000],
    ['L-F55AF5E4', 'Users per account', 5000, fixed],
    ['L-BF35879D', 'Server certificates per account', 20, 1000],
    ['L-858F3967', 'OpenId connect providers per account', 100, 700],
    ['L-7A1621EC', 'IAM groups per user', 10, fixed],
  ],
  kms: [['L-C2F1777E', 'Customer Master Keys (CMKs)', 100_000, 200_000]],
  lambda: [['L-B99A9384', 'Concurrent executions', 1000, 100_000]],
  monitoring: [['L-5E141212', 'Rate of PutMetricData requests', 500, 10_000]],
  s3: [['L-DC2B2D3D', 'General purpose buckets', 10_000, 1_000_000, { global: true }]],
  sns: [['L-61103206', 'Topics per Account', 100_000, 1_000_000]],
  vpc: [
    ['L-F678F1CE', 'VPCs per Region', 5, 100],
    ['L-A4707A72', 'Internet gateways per Region', 5, 100],
    ['L-FE5A380F', 'NAT gateways per Availability Zone', 5, 100],
    ['L-E79EC296', 'VPC security groups per Region', 2500, 10_000],
    ['L-407747CB', 'Subnets per VPC', 200, 1000],
  ],
}

let all: readonly Quota[] | undefined

export function quotas(): readonly Quota[] {
  return (all ??= Object.entries(rows).flatMap(([service, list]) =>
    list.map(([code, name, value, most, more]): Quota => ({
      service,
      code,
      name,
      value,
      ...(most !== undefined && { most }),
      unit: 'None',
      global: service === 'iam',
      ...more,
    })),
  ))
}

export function quotaNamed(service: string, code: string): Quota | undefined {
  return quotas().find((quota) => quota.service === service && quota.code === code)
}
