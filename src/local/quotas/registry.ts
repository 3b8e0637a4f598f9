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
  acm: 'AWS Certificate Manager (ACM)',
  apigateway: 'Amazon API Gateway',
  autoscaling: 'Amazon EC2 Auto Scaling',
  cloudformation: 'AWS CloudFormation',
  cloudfront: 'Amazon CloudFront',
  dynamodb: 'Amazon DynamoDB',
  ebs: 'Amazon Elastic Block Store (Amazon EBS)',
  ec2: 'Amazon Elastic Compute Cloud (Amazon EC2)',
  ecr: 'Amazon Elastic Container Registry (Amazon ECR)',
  ecs: 'Amazon Elastic Container Service (Amazon ECS)',
  eks: 'Amazon Elastic Kubernetes Service (Amazon EKS)',
  elasticloadbalancing: 'Elastic Load Balancing (ELB)',
  iam: 'AWS Identity and Access Management (IAM)',
  kms: 'AWS Key Management Service (AWS KMS)',
  lambda: 'AWS Lambda',
  logs: 'Amazon CloudWatch Logs',
  monitoring: 'Amazon CloudWatch',
  organizations: 'AWS Organizations',
  rds: 'Amazon Relational Database Service (Amazon RDS)',
  route53: 'Amazon Route 53',
  s3: 'Amazon Simple Storage Service (Amazon S3)',
  secretsmanager: 'AWS Secrets Manager',
  sns: 'Amazon Simple Notification Service (Amazon SNS)',
  vpc: 'Amazon Virtual Private Cloud (Amazon VPC)',
}

type Row = readonly [code: string, name: string, value: number, most: number | undefined, more?: Partial<Quota>]

const vcpus = (Class: string): Partial<Quota> => ({
  usage: { Class, Resource: 'vCPU', Service: 'EC2', Type: 'Resource' },
})
const fixed = undefined
const everywhere: Partial<Quota> = { global: true }

/** `most` is how far this account's AWS goes; where AWS names no end it is a generous one. */
const table = (): Readonly<Record<string, readonly Row[]>> => ({
  acm: [['L-F141DD1D', 'ACM certificates', 2500, 10_000]],
  apigateway: [
    ['L-8A5B8E43', 'Throttle rate', 10_000, 100_000],
    ['L-A966AB5C', 'Regional APIs', 600, fixed],
    ['L-B97207D0', 'Edge APIs', 120, fixed],
  ],
  autoscaling: [
    ['L-CDE20ADC', 'Auto Scaling groups per region', 500, 5000],
    ['L-6B80B8FA', 'Launch configurations per region', 200, 2000],
  ],
  cloudformation: [
    ['L-0485CB21', 'Stack count', 2000, 10_000],
    ['L-31709F13', 'Stack sets per administrator account', 1000, 10_000],
  ],
  cloudfront: [['L-24B04930', 'Web distributions per AWS account', 200, 2000, everywhere]],
  dynamodb: [
    ['L-F98FE922', 'Maximum number of tables', 2500, 10_000],
    ['L-F7858A77', 'Global Secondary Indexes per table', 20, 100],
    ['L-CF0CBE56', 'Account-level read throughput limit (Provisioned mode)', 80_000, 1_000_000],
    ['L-34F8CCC8', 'Account-level write throughput limit (Provisioned mode)', 80_000, 1_000_000],
    ['L-AB614373', 'Table-level read throughput limit', 40_000, 1_000_000],
    ['L-34F6A552', 'Table-level write throughput limit', 40_000, 1_000_000],
  ],
  ebs: [
    ['L-309BACF6', 'Snapshots per Region', 100_000, 1_000_000],
    ['L-D18FCD1D', 'Storage for General Purpose SSD (gp2) volumes, in TiB', 50, 1000],
    ['L-7A658B76', 'Storage for General Purpose SSD (gp3) volumes, in TiB', 50, 1000],
    ['L-FD252861', 'Storage for Provisioned IOPS SSD (io1) volumes, in TiB', 50, 1000],
    ['L-09BD8365', 'Storage for Provisioned IOPS SSD (io2) volumes, in TiB', 20, 1000],
    ['L-82ACEF56', 'Storage for Throughput Optimized HDD (st1) volumes, in TiB', 50, 1000],
    ['L-17AF77E8', 'Storage for Cold HDD (sc1) volumes, in TiB', 50, 1000],
    ['L-9CF3C2EB', 'Storage for Magnetic (standard) volumes, in TiB', 50, 1000],
    ['L-B3A130E6', 'IOPS for Provisioned IOPS SSD (io1) volumes', 300_000, 1_000_000],
    ['L-8D977E7E', 'IOPS for Provisioned IOPS SSD (io2) volumes', 100_000, 1_000_000],
  ],
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
    ['L-74FC7D96', 'Running On-Demand F instances', 0, 1000, vcpus('F/OnDemand')],
    ['L-1945791B', 'Running On-Demand Inf instances', 0, 1000, vcpus('Inf/OnDemand')],
    ['L-2C3B7624', 'Running On-Demand Trn instances', 0, 1000, vcpus('Trn/OnDemand')],
    ['L-43DA4232', 'Running On-Demand High Memory instances', 0, 1000, vcpus('HighMem/OnDemand')],
    ['L-3819A6DF', 'All G and VT Spot Instance Requests', 0, 1000, vcpus('G/Spot')],
    ['L-7212CCBC', 'All P Spot Instance Requests', 0, 1000, vcpus('P/Spot')],
    ['L-88CF9481', 'All F Spot Instance Requests', 0, 1000, vcpus('F/Spot')],
    ['L-E3A00192', 'All X Spot Instance Requests', 0, 1000, vcpus('X/Spot')],
    ['L-B5D1601B', 'All Inf Spot Instance Requests', 0, 1000, vcpus('Inf/Spot')],
    ['L-0263D0A3', 'EC2-VPC Elastic IPs', 5, 500],
    ['L-B665C33B', 'AMIs', 50_000, 100_000],
    ['L-0E3CBAB9', 'Public AMIs', 5, 100],
    ['L-3E6EC3A3', 'VPN connections per region', 50, 500],
    ['L-A2478D36', 'Transit gateways per account', 5, 50],
  ],
  ecr: [['L-CFEB8E8D', 'Registered repositories', 100_000, 1_000_000]],
  ecs: [
    ['L-21C621EB', 'Clusters per account', 10_000, 50_000],
    ['L-9EF96962', 'Services per cluster', 5000, 50_000],
  ],
  eks: [['L-1194D53C', 'Clusters', 100, 1000]],
  elasticloadbalancing: [
    ['L-53DA6B97', 'Application Load Balancers per Region', 50, 1000],
    ['L-69A177A2', 'Network Load Balancers per Region', 50, 1000],
    ['L-E9E9831D', 'Classic Load Balancers per Region', 20, 1000],
    ['L-B22855CB', 'Target Groups per Region', 3000, 10_000],
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
  lambda: [
    ['L-B99A9384', 'Concurrent executions', 1000, 100_000],
    ['L-2ACBD22F', 'Function and layer storage', 75, 10_000, { unit: 'Gigabytes' }],
    ['L-9FEE3D26', 'Elastic network interfaces per VPC', 500, 5000],
  ],
  logs: [['L-D2832119', 'Log groups', 1_000_000, 10_000_000]],
  monitoring: [['L-5E141212', 'Rate of PutMetricData requests', 500, 10_000]],
  organizations: [['L-E619E033', 'Default maximum number of accounts', 10, 10_000, everywhere]],
  rds: [
    ['L-7B6409FD', 'DB instances', 40, 1000],
    ['L-952B80B8', 'DB clusters', 40, 1000],
    ['L-272F1212', 'Manual DB instance snapshots', 100, 10_000],
  ],
  route53: [
    ['L-4EA4796A', 'Hosted zones', 500, 10_000, everywhere],
    ['L-ACB674F3', 'Health checks', 200, 10_000, everywhere],
  ],
  s3: [
    ['L-DC2B2D3D', 'General purpose buckets', 10_000, 1_000_000, everywhere],
    ['L-FAABEEBA', 'Access Points', 10_000, 100_000],
  ],
  secretsmanager: [['L-2F66C23C', 'Secrets in each Region', 500_000, fixed]],
  sns: [
    ['L-61103206', 'Topics per Account', 100_000, 1_000_000],
    ['L-1A43D3DB', 'Pending Subscriptions per Account', 5000, 50_000],
  ],
  vpc: [
    ['L-F678F1CE', 'VPCs per Region', 5, 100],
    ['L-A4707A72', 'Internet gateways per Region', 5, 100],
    ['L-FE5A380F', 'NAT gateways per Availability Zone', 5, 100],
    ['L-E79EC296', 'VPC security groups per Region', 2500, 10_000],
    ['L-407747CB', 'Subnets per VPC', 200, 1000],
    ['L-7E9ECCDB', 'Active VPC peering connections per VPC', 50, 125],
    ['L-3248932A', 'Characters per VPC endpoint policy', 20_480, fixed],
    ['L-45FE3B85', 'Egress-only internet gateways per Region', 5, 100],
    ['L-1B52E74A', 'Gateway VPC endpoints per Region', 20, 255],
    ['L-83CA0A9D', 'IPv4 CIDR blocks per VPC', 5, 50],
    ['L-085A6257', 'IPv6 CIDR blocks per VPC', 5, 50],
    ['L-0EA8095F', 'Inbound or outbound rules per security group', 60, 200],
    ['L-29B6F2EB', 'Interface VPC endpoints per VPC', 50, 500],
    ['L-B4A6D682', 'Network ACLs per VPC', 200, 1000],
    ['L-BB24F6E5', 'Network Address Usage', 64_000, 256_000],
    ['L-DF5E4CA3', 'Network interfaces per Region', 5000, 100_000],
    ['L-DC9F7029', 'Outstanding VPC peering connection requests', 25, 125],
    ['L-2C462E13', 'Participant accounts per VPC', 100, 500],
    ['L-CD17FD4B', 'Peered Network Address Usage', 128_000, 512_000],
    ['L-589F43AA', 'Route tables per VPC', 200, 1000],
    ['L-93826ACB', 'Routes per route table', 50, 1000],
    ['L-2AEEBF1A', 'Rules per network ACL', 20, 40],
    ['L-2AFB9258', 'Security groups per network interface', 5, 16],
    ['L-44499CD2', 'Subnets that can be shared with an account', 100, 1000],
    ['L-8312C5BB', 'VPC peering connection request expiry hours', 168, fixed],
  ],
})

let all: readonly Quota[] | undefined

export function quotas(): readonly Quota[] {
  return (all ??= Object.entries(table()).flatMap(([service, list]) =>
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
