// What is stored of transit gateways: the gateways, what is attached to them, their route tables. As in records.ts, members
// with a capital are AWS's own.

import type { Resource } from './records.ts'

export interface TransitGateway extends Resource {
  TransitGatewayId: string
  TransitGatewayArn: string
  State: string
  OwnerId: string
  Description?: string
  CreationTime: string
  Options: {
    AmazonSideAsn: number
    TransitGatewayCidrBlocks?: string[]
    AutoAcceptSharedAttachments: string
    DefaultRouteTableAssociation: string
    AssociationDefaultRouteTableId?: string
    DefaultRouteTablePropagation: string
    PropagationDefaultRouteTableId?: string
    VpnEcmpSupport: string
    DnsSupport: string
    SecurityGroupReferencingSupport: string
    MulticastSupport: string
  }
}

export interface TransitPeer {
  TransitGatewayId: string
  OwnerId: string
  Region: string
}

export interface MulticastDomain extends Resource {
  TransitGatewayMulticastDomainId: string
  TransitGatewayMulticastDomainArn: string
  TransitGatewayId: string
  OwnerId: string
  Options: { Igmpv2Support: string; StaticSourcesSupport: string; AutoAcceptSharedAssociations: string }
  State: string
  CreationTime: string
  associations: { attachment: string; subnet: string }[]
  groups: {
    GroupIpAddress: string
    TransitGatewayAttachmentId: string
    SubnetId: string
    ResourceId: string
    ResourceType: string
    ResourceOwnerId: string
    NetworkInterfaceId: string
    GroupMember: boolean
    GroupSource: boolean
  }[]
}

export interface ConnectPeer extends Resource {
  TransitGatewayConnectPeerId: string
  TransitGatewayAttachmentId: string
  State: string
  CreationTime: string
  ConnectPeerConfiguration: {
    TransitGatewayAddress: string
    PeerAddress: string
    InsideCidrBlocks: string[]
    Protocol: string
    BgpConfigurations: Record<string, string | number>[]
  }
  gateway: string
}

/** A VPC, a VPN connection, another transit gateway or a tunnel through one of these at a transit gateway. */
export interface TransitAttachment extends Resource {
  TransitGatewayAttachmentId: string
  TransitGatewayId: string
  TransitGatewayOwnerId: string
  ResourceOwnerId: string
  ResourceType: 'vpc' | 'vpn' | 'peering' | 'connect'
  ResourceId: string
  State: string
  CreationTime: string
  /** Of VPCs. */
  SubnetIds?: string[]
  Options?: Record<string, string>
  /** Of peerings. */
  RequesterTgwInfo?: TransitPeer
  AccepterTgwInfo?: TransitPeer
  Status?: { Code: string; Message: string }
}

export interface TransitRoute {
  DestinationCidrBlock: string
  /** The attachment's id; undefined: what goes there is dropped. */
  attachment?: string
}

export interface TransitListReference {
  PrefixListId: string
  PrefixListOwnerId: string
  attachment?: string
}

export interface TransitRouteTable extends Resource {
  TransitGatewayRouteTableId: string
  TransitGatewayId: string
  State: string
  DefaultAssociationRouteTable: boolean
  DefaultPropagationRouteTable: boolean
  CreationTime: string
  /** Ids of the attachments whose traffic it routes. */
  associations: string[]
  /** Ids of the attachments that tell it of their blocks. */
  propagations: string[]
  routes: TransitRoute[]
  lists: TransitListReference[]
}

export interface VpnTunnel {
  OutsideIpAddress: string
  TunnelInsideCidr: string
  PreSharedKey: string
  [option: string]: unknown
}

export interface VpnConnection extends Resource {
  VpnConnectionId: string
  State: string
  Type: string
  Category: string
  CustomerGatewayId: string
  VpnGatewayId?: string
  TransitGatewayId?: string
  GatewayAssociationState: string
  Options: {
    StaticRoutesOnly: boolean
    EnableAcceleration: boolean
    LocalIpv4NetworkCidr?: string
    RemoteIpv4NetworkCidr?: string
    OutsideIpAddressType: string
    TunnelInsideIpVersion: string
    TunnelOptions: VpnTunnel[]
  }
  Routes: { DestinationCidrBlock: string; Source: 'Static'; State: string }[]
  VgwTelemetry: {
    AcceptedRouteCount: number
    LastStatusChange: string
    OutsideIpAddress: string
    Status: string
    StatusMessage: string
  }[]
}
