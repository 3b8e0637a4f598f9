// What is stored of capacity that is held or asked for: hosts, reservations, fleets, Spot fleets. As in records.ts.

import type { Resource } from './records.ts'

export interface Host extends Resource {
  HostId: string
  AutoPlacement: string
  AvailabilityZone: string
  AvailabilityZoneId: string
  HostProperties: { Cores: number; InstanceType?: string; InstanceFamily?: string; Sockets: number; TotalVCpus: number }
  State: string
  AllocationTime: string
  ReleaseTime?: string
  HostRecovery: string
  HostMaintenance: string
  AllowsMultipleInstanceTypes: string
  OwnerId: string
  ClientToken?: string
}

export interface CapacityReservation extends Resource {
  CapacityReservationId: string
  CapacityReservationArn: string
  OwnerId: string
  InstanceType: string
  InstancePlatform: string
  AvailabilityZone: string
  AvailabilityZoneId: string
  Tenancy: string
  TotalInstanceCount: number
  EbsOptimized: boolean
  EphemeralStorage: boolean
  State: string
  StartDate: string
  EndDate?: string
  EndDateType: string
  InstanceMatchCriteria: string
  CreateDate: string
  ReservationType: string
  [more: string]: unknown
}

/** What an instance of a fleet is made of: the template, and what is put over it. */
export interface FleetInstance {
  InstanceId: string
  Lifecycle: string
  InstanceType: string
  weight: number
  LaunchTemplateAndOverrides?: object
}

export interface Fleet extends Resource {
  FleetId: string
  FleetState: string
  ActivityStatus: string
  CreateTime: string
  Type: string
  ClientToken?: string
  ExcessCapacityTerminationPolicy: string
  TerminateInstancesWithExpiration: boolean
  ReplaceUnhealthyInstances: boolean
  LaunchTemplateConfigs: Record<string, any>[]
  TargetCapacitySpecification: {
    TotalTargetCapacity: number
    OnDemandTargetCapacity: number
    SpotTargetCapacity: number
    DefaultTargetCapacityType: string
    TargetCapacityUnitType?: string
  }
  Errors: object[]
  instances: FleetInstance[]
  history: { EventInformation: object; EventType: string; Timestamp: string }[]
  [more: string]: unknown
}

export interface SpotFleet extends Resource {
  SpotFleetRequestId: string
  SpotFleetRequestState: string
  ActivityStatus: string
  CreateTime: string
  SpotFleetRequestConfig: Record<string, any>
  instances: FleetInstance[]
  history: { EventInformation: object; EventType: string; Timestamp: string }[]
}
