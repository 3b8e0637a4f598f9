// Client VPN endpoints: where people's own machines come in. Nobody comes in here, so that there are never connections;
// certificates, directories and log groups are taken as they are named.
// https://docs.aws.amazon.com/vpn/latest/clientvpn-admin/what-is.html

import { AwsError } from '../../../../lib/errors.ts'
import { canonical, parseBlock } from '../cidr.ts'
import type { ClientVpnEndpoint } from '../client-vpn-records.ts'
import { describe } from '../describe.ts'
import { dependencyViolation, invalidParameter, missingParameter, need, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import { groupsIn } from '../interfaces.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

export const createClientVpnEndpoint: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'ServerCertificateArn', 'ConnectionLogOptions')
    if (!input.AuthenticationOptions?.length) throw missingParameter('AuthenticationOptions')
    checkBuilt(input)
    const ClientCidrBlock = clientBlock(input.ClientCidrBlock)
    const endpoint = state.clientVpnEndpoints.add({
      Status: { Code: 'pending-associate' },
      CreationTime: moment(state.now),
      ClientCidrBlock,
      DnsServers: input.DnsServers ?? [],
      SplitTunnel: input.SplitTunnel ?? false,
      VpnProtocol: 'openvpn',
      TransportProtocol: oneOf('transportProtocol', input.TransportProtocol, ['tcp', 'udp']) ?? 'udp',
      VpnPort: portIn(input) ?? 443,
      ServerCertificateArn: input.ServerCertificateArn,
      AuthenticationOptions: input.AuthenticationOptions.map(authentication),
      ConnectionLogOptions: logging(input.ConnectionLogOptions),
      ...placed(state, input),
      ClientConnectOptions: connecting(input.ClientConnectOptions),
      SessionTimeoutHours: hoursIn(input) ?? 24,
      DisconnectOnSessionTimeout: input.DisconnectOnSessionTimeout ?? true,
      ClientLoginBannerOptions: banner(input.ClientLoginBannerOptions),
      ClientRouteEnforcementOptions: { Enforced: input.ClientRouteEnforcementOptions?.Enforced ?? false },
      ...(input.Description !== undefined && { Description: input.Description }),
      portal: oneOf('selfServicePortal', input.SelfServicePortal, ['enabled', 'disabled']) === 'enabled',
      networks: [],
      routes: [],
      rules: [],
      Tags: tagsFor(input, 'client-vpn-endpoint'),
    })
    const { ClientVpnEndpointId, Status } = endpoint
    return { ClientVpnEndpointId, Status, DnsName: nameOf(state, endpoint) }
  })

function checkBuilt(input: any): void {
  const lacks = (what: string): AwsError =>
    new AwsError('NotImplemented', `The local AWS has no ${what} of Client VPN endpoints yet.`, { status: 501 })
  if (input.TransitGatewayConfiguration !== undefined) throw lacks('transit gateways')
  for (const member of ['EndpointIpAddressType', 'TrafficIpAddressType'])
    if (input[member] !== undefined && input[member] !== 'ipv4') throw lacks('IPv6')
}

/** Between /12 and /22. */
function clientBlock(text: string | undefined): string {
  if (text === undefined) throw missingParameter('ClientCidrBlock')
  const block = parseBlock(text)
  if (block?.version !== 4 || block.length < 12 || block.length > 22)
    throw invalidParameter('clientCidrBlock', text, 'The CIDR block size must be between /12 and /22.')
  return canonical(text)!
}

function portIn({ VpnPort }: { VpnPort?: number }): number | undefined {
  if (VpnPort === undefined || VpnPort === 443 || VpnPort === 1194) return VpnPort
  throw invalidParameter('vpnPort', VpnPort, 'Expected one of: 443, 1194.')
}

function hoursIn({ SessionTimeoutHours: hours }: { SessionTimeoutHours?: number }): number | undefined {
  if (hours === undefined || [8, 10, 12, 24].includes(hours)) return hours
  throw invalidParameter('sessionTimeoutHours', hours, 'Expected one of: 8, 10, 12, 24.')
}

/** Asked for with other names than it is told by. */
function authentication({ Type, ActiveDirectory, MutualAuthentication, FederatedAuthentication }: any): object {
  switch (Type) {
    case 'certificate-authentication':
      if (!MutualAuthentication?.ClientRootCertificateChainArn) throw missingParameter('ClientRootCertificateChainArn')
      return {
        Type,
        MutualAuthentication: { ClientRootCertificateChain: MutualAuthentication.ClientRootCertificateChainArn },
      }
    case 'directory-service-authentication':
      if (!ActiveDirectory?.DirectoryId) throw missingParameter('DirectoryId')
      return { Type, ActiveDirectory: { DirectoryId: ActiveDirectory.DirectoryId } }
    case 'federated-authentication': {
      if (!FederatedAuthentication?.SAMLProviderArn) throw missingParameter('SAMLProviderArn')
      const { SAMLProviderArn, SelfServiceSAMLProviderArn } = FederatedAuthentication
      return {
        Type,
        FederatedAuthentication: {
          SamlProviderArn: SAMLProviderArn,
          ...(SelfServiceSAMLProviderArn !== undefined && { SelfServiceSamlProviderArn: SelfServiceSAMLProviderArn }),
        },
      }
    }
    default:
      throw invalidParameter('type', Type)
  }
}

function logging({ Enabled = false, CloudwatchLogGroup, CloudwatchLogStream }: any): object {
  if (!Enabled) return { Enabled }
  if (CloudwatchLogGroup === undefined) throw missingParameter('CloudwatchLogGroup')
  return { Enabled, CloudwatchLogGroup, ...(CloudwatchLogStream !== undefined && { CloudwatchLogStream }) }
}

function connecting({ Enabled = false, LambdaFunctionArn }: any = {}): ClientVpnEndpoint['ClientConnectOptions'] {
  if (!Enabled) return { Enabled }
  if (LambdaFunctionArn === undefined) throw missingParameter('LambdaFunctionArn')
  return { Enabled, LambdaFunctionArn, Status: { Code: 'applied' } }
}

function banner({ Enabled = false, BannerText }: any = {}): ClientVpnEndpoint['ClientLoginBannerOptions'] {
  if (!Enabled) return { Enabled }
  if (BannerText === undefined) throw missingParameter('BannerText')
  return { Enabled, BannerText }
}

/** The VPC and groups of it, where they are given before a subnet tells. */
function placed(
  state: Ec2,
  { VpcId, SecurityGroupIds }: { VpcId?: string; SecurityGroupIds?: string[] },
): Pick<ClientVpnEndpoint, 'VpcId' | 'SecurityGroupIds'> {
  if (VpcId === undefined && SecurityGroupIds?.length) throw missingParameter('VpcId')
  if (VpcId === undefined) return {}
  state.vpcs.find(VpcId)
  return { VpcId, SecurityGroupIds: groupsIn(state, VpcId, SecurityGroupIds).map(({ GroupId }) => GroupId) }
}

function nameOf({ region }: Ec2, { ClientVpnEndpointId }: ClientVpnEndpoint): string {
  return `*.${ClientVpnEndpointId}.prod.clientvpn.${region}.amazonaws.com`
}

export const describeClientVpnEndpoints: Ec2Handler = (input, { state }) =>
  describe(state.clientVpnEndpoints, input, {
    ids: 'ClientVpnEndpointIds',
    list: 'ClientVpnEndpoints',
    pages: [5, 1000],
    shown: (endpoint) => ({
      ...endpoint,
      DnsName: nameOf(state, endpoint),
      EndpointIpAddressType: 'ipv4',
      TrafficIpAddressType: 'ipv4',
      ...(endpoint.portal && {
        SelfServicePortalUrl: `https://self-service.clientvpn.amazonaws.com/endpoints/${endpoint.ClientVpnEndpointId}`,
      }),
      AssociatedTargetNetworks: endpoint.networks.map(({ TargetNetworkId }) => ({
        NetworkId: TargetNetworkId,
        NetworkType: 'vpc',
      })),
    }),
    filters: { 'endpoint-id': 'ClientVpnEndpointId', 'transport-protocol': 'TransportProtocol' },
  })

export const modifyClientVpnEndpoint: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  checkBuilt(input)
  const port = portIn(input)
  const hours = hoursIn(input)
  const portal = oneOf('selfServicePortal', input.SelfServicePortal, ['enabled', 'disabled'])
  const { DnsServers } = input
  state.clientVpnEndpoints.update(endpoint, {
    ...(input.Description !== undefined && { Description: input.Description }),
    ...(input.ServerCertificateArn !== undefined && { ServerCertificateArn: input.ServerCertificateArn }),
    ...(input.SplitTunnel !== undefined && { SplitTunnel: input.SplitTunnel }),
    ...(input.ConnectionLogOptions && { ConnectionLogOptions: logging(input.ConnectionLogOptions) }),
    ...(input.ClientConnectOptions && { ClientConnectOptions: connecting(input.ClientConnectOptions) }),
    ...(input.ClientLoginBannerOptions && { ClientLoginBannerOptions: banner(input.ClientLoginBannerOptions) }),
    ...(input.ClientRouteEnforcementOptions && {
      ClientRouteEnforcementOptions: { Enforced: input.ClientRouteEnforcementOptions.Enforced ?? false },
    }),
    ...(input.DisconnectOnSessionTimeout !== undefined && {
      DisconnectOnSessionTimeout: input.DisconnectOnSessionTimeout,
    }),
    ...(DnsServers && { DnsServers: DnsServers.Enabled === false ? [] : (DnsServers.CustomDnsServers ?? []) }),
    ...(port !== undefined && { VpnPort: port }),
    ...(hours !== undefined && { SessionTimeoutHours: hours }),
    ...(portal !== undefined && { portal: portal === 'enabled' }),
    ...placed(state, { ...input, VpcId: input.VpcId ?? (input.SecurityGroupIds?.length ? endpoint.VpcId : undefined) }),
  })
  return { Return: true }
}

export const deleteClientVpnEndpoint: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  if (endpoint.networks.length > 0) throw dependencyViolation('clientVpnEndpoint', endpoint.ClientVpnEndpointId)
  const Status = { Code: 'deleting' }
  state.clientVpnEndpoints.update(endpoint, { Status, later: [{ at: state.after(30), change: {}, gone: true }] })
  return { Status }
}

// --- certificates that are taken back ----------------------------------------------------------------------------------

export const importClientVpnClientCertificateRevocationList: Ec2Handler = (input, { state }) => {
  const endpoint = state.clientVpnEndpoints.named(input)
  need(input, 'CertificateRevocationList')
  const list: string = input.CertificateRevocationList
  if (!/^-----BEGIN X509 CRL-----\s[A-Za-z0-9+/=\s]+-----END X509 CRL-----\s*$/m.test(list))
    throw invalidParameter('certificateRevocationList', '…', 'This is not a PEM-encoded certificate revocation list.')
  state.clientVpnEndpoints.update(endpoint, { revoked: list })
  return { Return: true }
}

export const exportClientVpnClientCertificateRevocationList: Ec2Handler = (input, { state }) => {
  const { revoked } = state.clientVpnEndpoints.named(input)
  return { ...(revoked !== undefined && { CertificateRevocationList: revoked, Status: { Code: 'active' } }) }
}

// --- connections: nobody is ever there ---------------------------------------------------------------------------------

export const describeClientVpnConnections: Ec2Handler = (input, { state }) => {
  state.clientVpnEndpoints.named(input)
  return { Connections: [] }
}

export const terminateClientVpnConnections: Ec2Handler = (input, { state }) => {
  const { ClientVpnEndpointId } = state.clientVpnEndpoints.named(input)
  const { ConnectionId, Username } = input
  if (ConnectionId === undefined && Username === undefined) throw missingParameter('ConnectionId')
  throw ConnectionId === undefined
    ? new AwsError(
        'InvalidClientVpnConnection.UserNotFound',
        `The user ${Username} has no connection to ${ClientVpnEndpointId}`,
      )
    : new AwsError('InvalidClientVpnConnection.IdNotFound', `The connection ${ConnectionId} does not exist`)
}
