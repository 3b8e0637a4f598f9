// What is stored of an IP address manager: itself, its scopes, its pools with what they hold and what they gave away. As in
// records.ts, members with a capital are AWS's own.

import type { Resource, Tag } from './records.ts'

export interface Ipam extends Resource {
  IpamId: string
  IpamArn: string
  IpamRegion: string
  OwnerId: string
  PublicDefaultScopeId: string
  PrivateDefaultScopeId: string
  DefaultResourceDiscoveryId: string
  DefaultResourceDiscoveryAssociationId: string
  Description?: string
  OperatingRegions: { RegionName: string }[]
  State: string
  Tier: string
  EnablePrivateGua: boolean
  MeteredAccount: string
}

export interface IpamScope extends Resource {
  IpamScopeId: string
  IpamScopeArn: string
  IpamArn: string
  IpamRegion: string
  OwnerId: string
  IpamScopeType: string
  IsDefault: boolean
  Description?: string
  State: string
  /** The IPAM's. */
  ipam: string
}

export interface IpamPool extends Resource {
  IpamPoolId: string
  IpamPoolArn: string
  IpamScopeArn: string
  IpamScopeType: string
  IpamArn: string
  IpamRegion: string
  OwnerId: string
  SourceIpamPoolId?: string
  Locale: string
  PoolDepth: number
  State: string
  Description?: string
  AutoImport: boolean
  AddressFamily: string
  AllocationMinNetmaskLength?: number
  AllocationMaxNetmaskLength?: number
  AllocationDefaultNetmaskLength?: number
  AllocationResourceTags: Tag[]
  scope: string
  cidrs: PoolCidr[]
  allocations: PoolAllocation[]
}

export interface PoolCidr {
  Cidr: string
  State: string
  IpamPoolCidrId: string
  NetmaskLength: number
  FailureReason?: { Code: string; Message: string }
}

export interface PoolAllocation {
  Cidr: string
  IpamPoolAllocationId: string
  Description?: string
  ResourceId?: string
  ResourceType: 'ipam-pool' | 'vpc' | 'custom'
  ResourceRegion?: string
  ResourceOwner: string
}
