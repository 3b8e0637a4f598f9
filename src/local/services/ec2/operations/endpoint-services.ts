// Endpoint services of one's own: what others reach by an interface endpoint in their VPC. The load balancers behind a
// service are taken as they are named; none is here to look at.

import { AwsError } from '../../../../lib/errors.ts'
import { describe, listed } from '../describe.ts'
import { announce, connectionsOf } from '../endpoint-connections.ts'
import { invalidParameter, need, oneOf } from '../errors.ts'
import { newId } from '../ids.ts'
import type { EndpointService } from '../side-records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { zonesOf } from '../zones.ts'

export const createVpcEndpointServiceConfiguration: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const network = balancers(input.NetworkLoadBalancerArns, 'net')
    const gateway = balancers(input.GatewayLoadBalancerArns, 'gwy')
    if ((network.length === 0) === (gateway.length === 0))
      throw new AwsError(
        'InvalidParameter',
        'exactly one of network_load_balancer_arn or gateway_load_balancer_arn is a required member',
      )
    const ServiceId = newId('vpce-svc')
    const service = state.endpointServices.add({
      ServiceId,
      ServiceName: `com.amazonaws.vpce.${state.region}.${ServiceId}`,
      ServiceType: [{ ServiceType: gateway.length > 0 ? 'GatewayLoadBalancer' : 'Interface' }],
      ServiceState: 'Available',
      AvailabilityZones: zonesOf(state.region).map(({ name }) => name),
      AcceptanceRequired: input.AcceptanceRequired ?? true,
      ManagesVpcEndpoints: false,
      ...(network.length > 0 && { NetworkLoadBalancerArns: network }),
      ...(gateway.length > 0 && { GatewayLoadBalancerArns: gateway }),
      SupportedIpAddressTypes: input.SupportedIpAddressTypes ?? ['ipv4'],
      BaseEndpointDnsNames: [`${ServiceId}.${state.region}.vpce.amazonaws.com`],
      ...privateName(input.PrivateDnsName),
      ...(input.SupportedRegions && { SupportedRegions: regionsShown(input.SupportedRegions) }),
      principals: [],
      connections: [],
      Tags: tagsFor(input, 'vpc-endpoint-service'),
    })
    announce(state, service)
    return { ServiceConfiguration: service, ClientToken: input.ClientToken }
  })

function balancers(given: string[] | undefined, type: 'net' | 'gwy'): string[] {
  for (const arn of given ?? [])
    if (!new RegExp(`^arn:[^:]+:elasticloadbalancing:[^:]+:\\d{12}:loadbalancer/${type}/.+`).test(arn))
      throw invalidParameter('loadBalancerArn', arn)
  return given ?? []
}

/** AWS waits until the domain's owner has put this TXT record there; here nobody can, and verifying is asked for. */
function privateName(name: string | undefined): Partial<EndpointService> {
  if (name === undefined || name === '') return {}
  const PrivateDnsNameConfiguration = {
    State: 'pendingVerification',
    Type: 'TXT',
    Value: newId('vpce'),
    Name: newId('_'),
  }
  return { PrivateDnsName: name, PrivateDnsNameConfiguration }
}

function regionsShown(names: readonly string[]): { Region: string; ServiceState: string }[] {
  return names.map((Region) => ({ Region, ServiceState: 'Available' }))
}

export const describeVpcEndpointServiceConfigurations: Ec2Handler = (input, { state }) =>
  describe(state.endpointServices, input, {
    ids: 'ServiceIds',
    list: 'ServiceConfigurations',
    pages: [1, 1000],
    filters: {
      'service-name': 'ServiceName',
      'service-id': 'ServiceId',
      'service-state': 'ServiceState',
      'supported-ip-address-types': 'SupportedIpAddressTypes',
    },
  })

function serviceIn(state: Ec2, input: any): EndpointService {
  return state.endpointServices.named(input)
}

export const modifyVpcEndpointServiceConfiguration: Ec2Handler = (input, { state }) => {
  const service = serviceIn(state, input)
  if (input.AcceptanceRequired !== undefined) service.AcceptanceRequired = input.AcceptanceRequired
  if (input.RemovePrivateDnsName) {
    delete service.PrivateDnsName
    delete service.PrivateDnsNameConfiguration
  }
  Object.assign(service, privateName(input.PrivateDnsName))
  balancers(input.AddNetworkLoadBalancerArns, 'net')
  balancers(input.AddGatewayLoadBalancerArns, 'gwy')
  for (const member of ['NetworkLoadBalancerArns', 'GatewayLoadBalancerArns', 'SupportedIpAddressTypes'] as const) {
    const [added, removed] = [input[`Add${member}`] ?? [], input[`Remove${member}`] ?? []]
    if (added.length + removed.length === 0) continue
    service[member] = [...new Set([...(service[member] ?? []), ...added])].filter((each) => !removed.includes(each))
  }
  const regions = (service.SupportedRegions ?? []).filter(
    ({ Region }) => !(input.RemoveSupportedRegions ?? []).includes(Region),
  )
  if (input.AddSupportedRegions || input.RemoveSupportedRegions)
    service.SupportedRegions = [...regions, ...regionsShown(input.AddSupportedRegions ?? [])]
  state.endpointServices.put(service)
  return { Return: true }
}

/** One that is in use stays. */
export const deleteVpcEndpointServiceConfigurations: Ec2Handler = (input, { state }) => {
  need(input, 'ServiceIds')
  const Unsuccessful = (input.ServiceIds as string[]).flatMap((ResourceId) => {
    const service = state.endpointServices.get(ResourceId)
    const failed = (error: AwsError) => [{ ResourceId, Error: { Code: error.code, Message: error.message } }]
    if (!service)
      return failed(
        new AwsError('InvalidVpcEndpointService.NotFound', `The VpcEndpointService Id '${ResourceId}' does not exist`),
      )
    if (connectionsOf(state, service).some(({ endpoint }) => endpoint.State === 'available'))
      return failed(
        new AwsError(
          'ExistingVpcEndpointConnections',
          `Service ${ResourceId} has existing active VPC Endpoint connections!`,
        ),
      )
    state.endpointServices.delete(service)
    return []
  })
  return { Unsuccessful }
}

/** The TXT record cannot be looked for. */
export const startVpcEndpointServicePrivateDnsVerification: Ec2Handler = (input, { state }) => {
  const service = serviceIn(state, input)
  if (!service.PrivateDnsNameConfiguration)
    throw new AwsError('InvalidParameter', `Service ${service.ServiceId} has no private DNS name.`)
  service.PrivateDnsNameConfiguration.State = 'failed'
  state.endpointServices.put(service)
  return { ReturnValue: true }
}

/** The owner pays for what is connected, from now on. */
export const modifyVpcEndpointServicePayerResponsibility: Ec2Handler = (input, { state }) => {
  const service = serviceIn(state, input)
  const PayerResponsibility = oneOf('payerResponsibility', input.PayerResponsibility, ['ServiceOwner'])!
  state.endpointServices.update(service, { PayerResponsibility })
  return { ReturnValue: true }
}

// --- who may connect ---------------------------------------------------------------------------------------------------

const principalTypes = [
  [/^\*$/, 'All'],
  [/:organizations::.*:ou\//, 'OrganizationUnit'],
  [/:root$|^\d{12}$/, 'Account'],
  [/:user\//, 'User'],
  [/:role\//, 'Role'],
  [/\.amazonaws\.com$/, 'Service'],
] as const

function allowed({ ServiceId, Tags }: EndpointService, { Principal, id }: EndpointService['principals'][number]) {
  const PrincipalType = principalTypes.find(([pattern]) => pattern.test(Principal))?.[1]
  return { Principal, PrincipalType, ServicePermissionId: id, ServiceId, Tags }
}

export const modifyVpcEndpointServicePermissions: Ec2Handler = (input, { state }) => {
  const service = serviceIn(state, input)
  for (const principal of input.AddAllowedPrincipals ?? [])
    if (!principalTypes.some(([pattern]) => pattern.test(principal)))
      throw new AwsError('InvalidPrincipal', `Invalid Principal: '${principal}'`)
  const kept = service.principals.filter(({ Principal }) => !(input.RemoveAllowedPrincipals ?? []).includes(Principal))
  const added = ((input.AddAllowedPrincipals ?? []) as string[])
    .filter((principal) => !kept.some(({ Principal }) => Principal === principal))
    .map((Principal) => ({ Principal, id: newId('vpce-svc-perm') }))
  state.endpointServices.update(service, { principals: [...kept, ...added] })
  return { AddedPrincipals: added.map((each) => allowed(service, each)), ReturnValue: true }
}

export const describeVpcEndpointServicePermissions: Ec2Handler = (input, { state }) => {
  const service = serviceIn(state, input)
  const shown = service.principals.map((each) => allowed(service, each))
  const filters = { principal: 'Principal', 'principal-type': 'PrincipalType' }
  return listed(shown, input, { list: 'AllowedPrincipals', filters, pages: [1, 1000] })
}

// --- who is connected --------------------------------------------------------------------------------------------------

export const describeVpcEndpointConnections: Ec2Handler = (input, { state }) => {
  const filters = {
    'ip-address-type': 'IpAddressType',
    'service-id': 'ServiceId',
    'vpc-endpoint-id': 'VpcEndpointId',
    'vpc-endpoint-owner': 'VpcEndpointOwner',
    'vpc-endpoint-region': 'VpcEndpointRegion',
    'vpc-endpoint-state': 'VpcEndpointState',
  }
  const all = state.endpointServices.all().flatMap((service) =>
    connectionsOf(state, service).map(({ endpoint, id, owner }) => ({
      order: endpoint.order,
      ServiceId: service.ServiceId,
      VpcEndpointId: endpoint.VpcEndpointId,
      VpcEndpointOwner: owner,
      VpcEndpointState: endpoint.State,
      CreationTimestamp: endpoint.CreationTimestamp,
      DnsEntries: endpoint['DnsEntries'],
      NetworkLoadBalancerArns: service.NetworkLoadBalancerArns,
      GatewayLoadBalancerArns: service.GatewayLoadBalancerArns,
      IpAddressType: endpoint['IpAddressType'],
      VpcEndpointConnectionId: id,
      VpcEndpointRegion: state.region,
      Tags: [],
    })),
  )
  all.sort((a, b) => a.order - b.order)
  return listed(all, input, { list: 'VpcEndpointConnections', filters, pages: [1, 1000] })
}

/** Those that wait become this; others are named with the reason. */
const answered =
  (from: readonly string[], to: string): Ec2Handler =>
  (input, { state }) => {
    need(input, 'VpcEndpointIds')
    const service = serviceIn(state, input)
    const connections = connectionsOf(state, service)
    const Unsuccessful = (input.VpcEndpointIds as string[]).flatMap((ResourceId) => {
      const found = connections.find(({ endpoint }) => endpoint.VpcEndpointId === ResourceId)
      const failed = (Code: string, Message: string) => [{ ResourceId, Error: { Code, Message } }]
      if (!found) {
        const { code, message } = state.endpoints.kind.missing([ResourceId])
        return failed(code, message)
      }
      if (!from.includes(found.endpoint.State))
        return failed('InvalidState', `VpcEndpoint ${ResourceId} is in state ${found.endpoint.State}`)
      state.at(found.owner, state.region).endpoints.update(found.endpoint, { State: to, later: [] })
      return []
    })
    return { Unsuccessful }
  }

export const acceptVpcEndpointConnections: Ec2Handler = answered(['pendingAcceptance', 'rejected'], 'available')
export const rejectVpcEndpointConnections: Ec2Handler = answered(['pendingAcceptance', 'available'], 'rejected')
