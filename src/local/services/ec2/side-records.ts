// What is stored of things that stand beside machines and networks: Spot requests, endpoint services, mirrors, event windows,
// and what holds for a region. As in records.ts, members with a capital are AWS's own.

import type { Resource, Tag } from './records.ts'

export interface SpotRequest extends Resource {
  SpotInstanceRequestId: string
  InstanceId: string
  State: string
  Type: string
  Status: { Code: string; Message: string; UpdateTime: string }
  CreateTime: string
  LaunchSpecification: Record<string, unknown>
  LaunchedAvailabilityZone: string
  ProductDescription: string
  InstanceInterruptionBehavior: string
  SpotPrice?: string
  ValidFrom?: string
  ValidUntil?: string
}

export interface CidrReservation extends Resource {
  SubnetCidrReservationId: string
  SubnetId: string
  Cidr: string
  ReservationType: string
  OwnerId: string
  Description?: string
}

export interface InterfacePermission extends Resource {
  NetworkInterfacePermissionId: string
  NetworkInterfaceId: string
  AwsAccountId: string
  Permission: string
  PermissionState: { State: string }
}

export interface AccessExclusion extends Resource {
  ExclusionId: string
  InternetGatewayExclusionMode: string
  ResourceArn: string
  State: string
  CreationTimestamp: string
  LastUpdateTimestamp: string
  DeletionTimestamp?: string
}

export interface RootVolumeTask extends Resource {
  ReplaceRootVolumeTaskId: string
  InstanceId: string
  TaskState: string
  StartTime: string
  CompleteTime?: string
  ImageId?: string
  SnapshotId?: string
  DeleteReplacedRootVolume: boolean
}

/** Settings of the account in the region. */
export interface RegionSettings {
  encryptByDefault?: boolean
  kmsKey?: string
  serialConsole?: boolean
  snapshotBlock?: string
  imageBlock?: string
  metadataDefaults?: Record<string, string | number>
  internetBlock?: { mode: string; at: number }
  /** Of new instances, by family. */
  credits?: Record<string, string>
  noticeTags?: { IncludeAllTagsOfInstance?: boolean; InstanceTagKeys?: string[] }
  datafeed?: { Bucket: string; OwnerId: string; Prefix?: string; State: string } | undefined
}

export interface EndpointService extends Resource {
  PayerResponsibility?: string
  ServiceId: string
  ServiceName: string
  ServiceType: { ServiceType: string }[]
  ServiceState: string
  AvailabilityZones: string[]
  AcceptanceRequired: boolean
  ManagesVpcEndpoints: boolean
  NetworkLoadBalancerArns?: string[]
  GatewayLoadBalancerArns?: string[]
  SupportedIpAddressTypes?: string[]
  BaseEndpointDnsNames: string[]
  PrivateDnsName?: string
  PrivateDnsNameConfiguration?: { State: string; Type: string; Value: string; Name: string }
  SupportedRegions?: { Region: string; ServiceState: string }[]
  principals: { Principal: string; id: string }[]
  /** The endpoint's id, and the account that owns it. */
  connections: { id: string; endpoint: string; owner: string }[]
}

export interface MirrorRule {
  TrafficMirrorFilterRuleId: string
  TrafficMirrorFilterId: string
  TrafficDirection: string
  RuleNumber: number
  RuleAction: string
  Protocol?: number
  DestinationPortRange?: { FromPort?: number; ToPort?: number }
  SourcePortRange?: { FromPort?: number; ToPort?: number }
  DestinationCidrBlock: string
  SourceCidrBlock: string
  Description?: string
  Tags: Tag[]
}

export interface MirrorFilter extends Resource {
  TrafficMirrorFilterId: string
  Description?: string
  NetworkServices: string[]
  rules: MirrorRule[]
}

export interface MirrorTarget extends Resource {
  TrafficMirrorTargetId: string
  Type: string
  OwnerId: string
  Description?: string
  NetworkInterfaceId?: string
  NetworkLoadBalancerArn?: string
  GatewayLoadBalancerEndpointId?: string
}

export interface MirrorSession extends Resource {
  TrafficMirrorSessionId: string
  TrafficMirrorTargetId: string
  TrafficMirrorFilterId: string
  NetworkInterfaceId: string
  OwnerId: string
  SessionNumber: number
  PacketLength?: number
  VirtualNetworkId?: number
  Description?: string
}

export interface ConnectEndpoint extends Resource {
  InstanceConnectEndpointId: string
  InstanceConnectEndpointArn: string
  OwnerId: string
  State: string
  StateMessage: string
  NetworkInterfaceIds: string[]
  VpcId: string
  SubnetId: string
  AvailabilityZone: string
  AvailabilityZoneId: string
  CreatedAt: string
  PreserveClientIp: boolean
  SecurityGroupIds: string[]
  IpAddressType: string
}

export interface EventWindow extends Resource {
  InstanceEventWindowId: string
  Name: string
  TimeRanges?: { StartWeekDay: string; StartHour: number; EndWeekDay: string; EndHour: number }[]
  CronExpression?: string
  AssociationTarget?: { InstanceIds: string[]; Tags: Tag[]; DedicatedHostIds: string[] }
  State: string
}
