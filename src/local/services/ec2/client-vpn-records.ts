// What is stored of a Client VPN endpoint: itself, the subnets it leads to, its routes, and who may go where. As in
// records.ts, members with a capital are AWS's own.

import type { Resource } from './records.ts'

export interface ClientVpnEndpoint extends Resource {
  ClientVpnEndpointId: string
  Description?: string
  Status: { Code: string }
  CreationTime: string
  ClientCidrBlock: string
  DnsServers: string[]
  SplitTunnel: boolean
  VpnProtocol: string
  TransportProtocol: string
  VpnPort: number
  ServerCertificateArn: string
  AuthenticationOptions: object[]
  ConnectionLogOptions: object
  SecurityGroupIds?: string[]
  VpcId?: string
  ClientConnectOptions: { Enabled: boolean; LambdaFunctionArn?: string; Status?: { Code: string } }
  SessionTimeoutHours: number
  DisconnectOnSessionTimeout: boolean
  ClientLoginBannerOptions: { Enabled: boolean; BannerText?: string }
  ClientRouteEnforcementOptions: { Enforced: boolean }
  /** Whether people get the portal's address. */
  portal: boolean
  networks: ClientVpnNetwork[]
  routes: ClientVpnRoute[]
  rules: ClientVpnRule[]
  revoked?: string
}

export interface ClientVpnNetwork {
  AssociationId: string
  VpcId: string
  TargetNetworkId: string
  /** Its network interface in the subnet, and the zone. */
  interface: string
  zone: string
}

export interface ClientVpnRoute {
  DestinationCidr: string
  TargetSubnet: string
  Type: string
  Origin: 'associate' | 'add-route'
  Description?: string
}

export interface ClientVpnRule {
  DestinationCidr: string
  GroupId: string
  AccessAll: boolean
  Description?: string
}
