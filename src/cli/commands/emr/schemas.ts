// What the arguments of the EMR commands look like, where they are more than words. They are shorter than the model's:
// a step has a type, a security setting of a cluster stands in one flat structure.
// https://docs.aws.amazon.com/cli/latest/reference/emr/create-cluster.html

import type { Schema } from '../../schema.ts'

type Properties = NonNullable<Schema['properties']>

const text = { type: 'string' } as const
const number = { type: 'integer' } as const
const fraction = { type: 'double' } as const
const truth = { type: 'boolean' } as const
const texts: Schema = { type: 'array', items: text }
const oneOf = (...names: string[]): Schema => ({ type: 'string', enum: names })
const object = (properties: Properties): Schema => ({ type: 'object', properties })
const list = (properties: Properties): Schema => ({ type: 'array', items: object(properties) })
const required = <T extends Schema>(schema: T): T & { required: true } => ({ ...schema, required: true })

const role = required(oneOf('MASTER', 'CORE', 'TASK'))

const classified: Properties = { Classification: text, Properties: { type: 'map', value: text } }
const configurations = list({ ...classified, Configurations: list(classified) })

const disks = object({
  EbsOptimized: truth,
  EbsBlockDeviceConfigs: list({
    VolumeSpecification: object({
      VolumeType: required(text),
      SizeInGB: required(number),
      Iops: number,
      Throughput: number,
    }),
    VolumesPerInstance: number,
  }),
})

const scaling = object({
  Constraints: object({ MinCapacity: number, MaxCapacity: number }),
  Rules: list({
    Name: text,
    Description: text,
    Action: object({
      Market: oneOf('ON_DEMAND', 'SPOT'),
      SimpleScalingPolicyConfiguration: object({
        AdjustmentType: oneOf('CHANGE_IN_CAPACITY', 'PERCENT_CHANGE_IN_CAPACITY', 'EXACT_CAPACITY'),
        ScalingAdjustment: number,
        CoolDown: number,
      }),
    }),
    Trigger: object({
      CloudWatchAlarmDefinition: object({
        ComparisonOperator: text,
        EvaluationPeriods: number,
        MetricName: text,
        Namespace: text,
        Period: number,
        Statistic: text,
        Threshold: fraction,
        Unit: text,
        Dimensions: list({ Key: text, Value: text }),
      }),
    }),
  }),
})

export const instanceGroups = list({
  Name: text,
  InstanceGroupType: role,
  BidPrice: text,
  InstanceType: required(text),
  InstanceCount: required(number),
  CustomAmiId: text,
  EbsConfiguration: disks,
  AutoScalingPolicy: scaling,
  Configurations: configurations,
})

const onDemand = {
  AllocationStrategy: oneOf('lowest-price', 'prioritized'),
  CapacityReservationOptions: object({
    UsageStrategy: oneOf('use-capacity-reservations-first'),
    CapacityReservationPreference: oneOf('open', 'none'),
    CapacityReservationResourceGroupArn: text,
  }),
}

const spotStrategy = oneOf(
  'capacity-optimized',
  'price-capacity-optimized',
  'lowest-price',
  'diversified',
  'capacity-optimized-prioritized',
)

export const instanceFleets = list({
  Name: text,
  InstanceFleetType: role,
  TargetOnDemandCapacity: number,
  TargetSpotCapacity: number,
  InstanceTypeConfigs: list({
    InstanceType: required(text),
    WeightedCapacity: number,
    BidPrice: text,
    BidPriceAsPercentageOfOnDemandPrice: fraction,
    CustomAmiId: text,
    Priority: fraction,
    EbsConfiguration: disks,
    Configurations: configurations,
  }),
  LaunchSpecifications: object({
    OnDemandSpecification: object(onDemand),
    SpotSpecification: object({
      TimeoutDurationMinutes: number,
      TimeoutAction: oneOf('TERMINATE_CLUSTER', 'SWITCH_TO_ONDEMAND'),
      BlockDurationMinutes: number,
      AllocationStrategy: spotStrategy,
    }),
  }),
  ResizeSpecifications: object({
    SpotResizeSpecification: object({ TimeoutDurationMinutes: number, AllocationStrategy: spotStrategy }),
    OnDemandResizeSpecification: object({ TimeoutDurationMinutes: number, ...onDemand }),
  }),
  Context: text,
})

export const ec2Attributes = object({
  KeyName: text,
  SubnetId: text,
  SubnetIds: texts,
  AvailabilityZone: text,
  AvailabilityZones: texts,
  InstanceProfile: text,
  EmrManagedMasterSecurityGroup: text,
  EmrManagedSlaveSecurityGroup: text,
  ServiceAccessSecurityGroup: text,
  AdditionalMasterSecurityGroups: texts,
  AdditionalSlaveSecurityGroups: texts,
})

export const applications = list({
  Name: required(oneOf('MapR', 'HUE', 'HIVE', 'PIG', 'HBASE', 'IMPALA', 'GANGLIA', 'HADOOP', 'SPARK')),
  Args: texts,
})

export const bootstrapActions = list({ Name: text, Path: required(text), Args: texts })

export const steps = list({
  Type: oneOf('CUSTOM_JAR', 'STREAMING', 'HIVE', 'PIG', 'IMPALA'),
  Name: text,
  ActionOnFailure: oneOf('TERMINATE_CLUSTER', 'CANCEL_AND_WAIT', 'CONTINUE'),
  Jar: text,
  Args: texts,
  MainClass: text,
  Properties: text,
  LogUri: text,
  EncryptionKeyArn: text,
})

export const hbaseBackup = object({ Dir: text, BackupVersion: text })

export const emrfs = object({
  Consistent: truth,
  SSE: truth,
  RetryCount: number,
  RetryPeriod: number,
  Args: texts,
  Encryption: oneOf('SERVERSIDE', 'CLIENTSIDE'),
  ProviderType: oneOf('KMS', 'CUSTOM'),
  KMSKeyId: text,
  CustomProviderLocation: text,
  CustomProviderClass: text,
})

export const tags = texts

export const kerberosAttributes = object({
  Realm: text,
  KdcAdminPassword: text,
  CrossRealmTrustPrincipalPassword: text,
  ADDomainJoinUser: text,
  ADDomainJoinPassword: text,
})

export const managedScalingPolicy = object({
  ComputeLimits: object({
    MinimumCapacityUnits: required(number),
    MaximumCapacityUnits: required(number),
    MaximumOnDemandCapacityUnits: number,
    UnitType: required(oneOf('VCPU', 'Instances', 'InstanceFleetUnits')),
    MaximumCoreCapacityUnits: number,
  }),
  ScalingStrategy: oneOf('DEFAULT', 'ADVANCED'),
  UtilizationPerformanceIndex: number,
})

export const placementGroupConfigs = list({
  InstanceRole: role,
  PlacementStrategy: oneOf('SPREAD', 'PARTITION', 'CLUSTER', 'NONE'),
})

export const autoTerminationPolicy = object({ IdleTimeout: { type: 'long' } })

export const monitoringConfiguration = object({
  CloudWatchLogConfiguration: object({
    Enabled: required(truth),
    LogGroupName: text,
    LogStreamNamePrefix: text,
    EncryptionKeyArn: text,
    LogTypes: { type: 'map', value: texts },
  }),
  S3LoggingConfiguration: object({ LogTypeUploadPolicy: { type: 'map', value: text } }),
})
