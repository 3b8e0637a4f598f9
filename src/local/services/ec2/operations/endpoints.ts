// VPC endpoints: ways to AWS's services that do not leave the network.

import { AwsError } from '../../../../lib/errors.ts'
import { awsPrefixLists, gatewayServices, prefixListOf } from '../aws-prefix-lists.ts'
import { describe, paged } from '../describe.ts'
import { connect, ownService } from '../endpoint-connections.ts'
import { need, oneOf } from '../errors.ts'
import { passing } from '../filters.ts'
import { FreeAddresses, groupsIn, makeInterface, removeInterface } from '../interfaces.ts'
import type { Route, RouteTable, VpcEndpoint } from '../records.ts'
import type { EndpointService } from '../side-records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { fixedDigits, zonesOf } from '../zones.ts'

export const createVpcEndpoint: Ec2Handler = (input, context) =>
  once(context, input, () => {
    need(input, 'VpcId', 'ServiceName')
    const { state } = context
    const VpcEndpointType =
      oneOf('vpcEndpointType', input.VpcEndpointType, [
        'Gateway',
        'Interface',
        'GatewayLoadBalancer',
        'Resource',
        'ServiceNetwork',
      ]) ?? 'Gateway'
    const vpc = state.vpcs.named(input)
    const { ServiceName } = input
    const own = ownService(state, ServiceName)
    if (own) checkType(own.service, VpcEndpointType)
    else checkService(state, ServiceName, VpcEndpointType)
    checkPolicy(input.PolicyDocument)
    const tables = state.routeTables.findAll(input.RouteTableIds ?? [])
    if (VpcEndpointType === 'Gateway') checkRoutes(state, ServiceName, tables)
    const subnets = state.subnets.findAll(input.SubnetIds ?? [])
    const isInterface = VpcEndpointType === 'Interface'
    const groups = isInterface ? groupsIn(state, vpc.VpcId, input.SecurityGroupIds) : []
    const Tags = tagsFor(input, 'vpc-endpoint')
    const endpoint = state.endpoints.add({
      VpcEndpointType,
      VpcId: vpc.VpcId,
      ServiceName,
      ...(own?.service.AcceptanceRequired
        ? { State: 'pendingAcceptance' }
        : { State: 'pending', later: [{ at: state.after(30), change: { State: 'available' } }] }),
      ...(input.PolicyDocument !== undefined || VpcEndpointType === 'Gateway' || isInterface
        ? { PolicyDocument: input.PolicyDocument ?? everything }
        : {}),
      RouteTableIds: tables.map(({ RouteTableId }) => RouteTableId),
      SubnetIds: subnets.map(({ SubnetId }) => SubnetId),
      Groups: groups,
      NetworkInterfaceIds: [],
      PrivateDnsEnabled: isInterface ? (input.PrivateDnsEnabled ?? !own) : false,
      RequesterManaged: false,
      IpAddressType: input.IpAddressType ?? 'ipv4',
      ...(isInterface && { DnsOptions: { DnsRecordIpType: 'ipv4', ...input.DnsOptions } }),
      DnsEntries: [],
      CreationTimestamp: moment(state.now),
      OwnerId: state.account,
      Tags,
    } as Omit<VpcEndpoint, 'order' | 'VpcEndpointId'>)
    if (isInterface) addInterfaces(state, endpoint, endpoint.SubnetIds)
    if (VpcEndpointType === 'Gateway') addRoutes(state, endpoint, endpoint.RouteTableIds)
    state.endpoints.put(endpoint)
    if (own) connect(own.owner, own.service, endpoint, state.account)
    return { VpcEndpoint: endpoint, ClientToken: input.ClientToken }
  })

const everything = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
})

function checkPolicy(text: string | undefined): void {
  if (text === undefined) return
  try {
    if (typeof JSON.parse(text) === 'object') return
  } catch {}
  throw new AwsError('InvalidPolicyDocument', 'The specified policy document is not a valid JSON policy document.')
}

/** A route table has one way to a service. */
function checkRoutes(state: Ec2, service: string, tables: readonly RouteTable[]): void {
  const list = prefixListOf(state.region, service)
  const taken = tables.find(({ Routes }) => Routes.some((route) => route.DestinationPrefixListId === list))
  if (taken)
    throw new AwsError(
      'RouteAlreadyExists',
      `route table ${taken.RouteTableId} already has a route with destination-prefix-list-id ${list}`,
    )
}

function checkType({ ServiceName, ServiceType }: EndpointService, type: string): void {
  if (ServiceType.some((each) => each.ServiceType === type)) return
  throw new AwsError(
    'InvalidParameter',
    `Endpoint type (${type}) does not match available service types ([${ServiceType[0]!.ServiceType}]) of ${ServiceName}.`,
  )
}

function checkService(state: Ec2, name: string, type: string): void {
  const [, service] = /^com\.amazonaws\.[a-z0-9-]+\.(.+)$/.exec(name) ?? []
  const known = service !== undefined || /^(aws|cn\.com\.amazonaws)\./.test(name)
  if (!known || service?.startsWith('vpce-svc-') || (type === 'Gateway' && !gatewayServices.includes(service ?? '')))
    throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`)
  if (service !== undefined && !name.startsWith(`com.amazonaws.${state.region}.`) && !name.includes('.global.'))
    throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`)
}

function addInterfaces(state: Ec2, endpoint: VpcEndpoint, subnets: readonly string[]): void {
  for (const id of subnets) {
    const subnet = state.subnets.find(id)
    const made = makeInterface(state, {
      subnet,
      free: new FreeAddresses(state, subnet),
      groups: endpoint.Groups,
      Description: `VPC Endpoint Interface ${endpoint.VpcEndpointId}`,
      InterfaceType: 'vpc_endpoint',
      RequesterId: state.account,
    })
    state.interfaces.update(made, { Status: 'in-use' })
    endpoint.NetworkInterfaceIds.push(made.NetworkInterfaceId)
  }
  const service = endpoint.ServiceName.replace(/^com\.amazonaws\.(vpce\.)?[a-z0-9-]+\./, '')
  const digits = fixedDigits(endpoint.VpcEndpointId)
  const name = `${endpoint.VpcEndpointId}-${digits.slice(1, 9)}`
  const HostedZoneId = `Z${digits.slice(1, 14).toUpperCase()}`
  endpoint['DnsEntries'] = [
    { DnsName: `${name}.${service}.${state.region}.vpce.amazonaws.com`, HostedZoneId },
    ...(endpoint.PrivateDnsEnabled
      ? [{ DnsName: `${service}.${state.region}.amazonaws.com`, HostedZoneId: `Z${digits.slice(3, 16).toUpperCase()}` }]
      : []),
  ]
}

/** The routes of a gateway endpoint: to the prefix list of its service. */
function addRoutes(state: Ec2, endpoint: VpcEndpoint, tables: readonly string[]): void {
  for (const table of state.routeTables.findAll(tables)) {
    const route: Route = {
      DestinationPrefixListId: prefixListOf(state.region, endpoint.ServiceName),
      GatewayId: endpoint.VpcEndpointId,
      Origin: 'CreateRoute',
      State: 'active',
    }
    state.routeTables.update(table, { Routes: [...table.Routes, route] })
  }
}

function removeRoutes(state: Ec2, endpoint: VpcEndpoint, tables: readonly string[]): void {
  for (const id of tables) {
    const table = state.routeTables.get(id)
    if (table)
      state.routeTables.update(table, {
        Routes: table.Routes.filter((route) => route.GatewayId !== endpoint.VpcEndpointId),
      })
  }
}

export const modifyVpcEndpoint: Ec2Handler = (input, { state }) => {
  const endpoint = state.endpoints.named(input)
  const added = (name: string): string[] => input[name] ?? []
  checkPolicy(input.PolicyDocument)
  if (endpoint.VpcEndpointType === 'Gateway')
    checkRoutes(state, endpoint.ServiceName, state.routeTables.findAll(added('AddRouteTableIds')))
  if (input.ResetPolicy) endpoint.PolicyDocument = everything
  if (input.PolicyDocument !== undefined) endpoint.PolicyDocument = input.PolicyDocument
  if (input.PrivateDnsEnabled !== undefined) endpoint.PrivateDnsEnabled = input.PrivateDnsEnabled
  removeRoutes(state, endpoint, added('RemoveRouteTableIds'))
  addRoutes(state, endpoint, added('AddRouteTableIds'))
  endpoint.RouteTableIds = changed(endpoint.RouteTableIds, added('AddRouteTableIds'), added('RemoveRouteTableIds'))
  for (const id of endpoint.NetworkInterfaceIds) {
    const found = state.interfaces.get(id)
    if (!found || !added('RemoveSubnetIds').includes(found.SubnetId)) continue
    removeInterface(state, found)
    endpoint.NetworkInterfaceIds = endpoint.NetworkInterfaceIds.filter((each) => each !== id)
  }
  if (added('AddSubnetIds').length > 0) addInterfaces(state, endpoint, added('AddSubnetIds'))
  endpoint.SubnetIds = changed(endpoint.SubnetIds, added('AddSubnetIds'), added('RemoveSubnetIds'))
  const groups = changed(
    endpoint.Groups.map(({ GroupId }) => GroupId),
    added('AddSecurityGroupIds'),
    added('RemoveSecurityGroupIds'),
  )
  if (endpoint.VpcEndpointType === 'Interface') endpoint.Groups = groupsIn(state, endpoint.VpcId, groups)
  state.endpoints.put(endpoint)
  return { Return: true }
}

function changed(old: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  return [...new Set([...old, ...added])].filter((each) => !removed.includes(each))
}

export const deleteVpcEndpoints: Ec2Handler = (input, { state }) => {
  need(input, 'VpcEndpointIds')
  const Unsuccessful = (input.VpcEndpointIds as string[]).flatMap((id) => {
    const endpoint = state.endpoints.get(id)
    if (!endpoint) {
      const { message: Message } = state.endpoints.kind.missing([id])
      return [{ ResourceId: id, Error: { Code: 'InvalidVpcEndpoint.NotFound', Message } }]
    }
    removeRoutes(state, endpoint, endpoint.RouteTableIds)
    for (const each of endpoint.NetworkInterfaceIds) {
      const found = state.interfaces.get(each)
      if (found) removeInterface(state, found)
    }
    state.endpoints.delete(endpoint)
    return []
  })
  return { Unsuccessful }
}

export const describeVpcEndpoints: Ec2Handler = (input, { state }) =>
  describe(state.endpoints, input, {
    ids: 'VpcEndpointIds',
    list: 'VpcEndpoints',
    pages: [1, 1000],
    filters: {
      'ip-address-type': 'IpAddressType',
      'service-name': 'ServiceName',
      'service-region': 'ServiceRegion',
      'vpc-id': 'VpcId',
      'vpc-endpoint-id': 'VpcEndpointId',
      'vpc-endpoint-state': 'State',
      'vpc-endpoint-type': 'VpcEndpointType',
    },
  })

// https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
const services = `
access-analyzer account acm-pca airflow.api airflow.env airflow.ops apigateway appconfig appconfigdata appmesh
appmesh-envoy-management apprunner apprunner.requests appstream.api application-autoscaling athena auditmanager
autoscaling autoscaling-plans backup batch bedrock bedrock-agent bedrock-agent-runtime bedrock-runtime
cassandra cloudcontrolapi clouddirectory cloudformation cloudhsmv2 cloudtrail codeartifact.api
codeartifact.repositories codebuild codecommit codedeploy codedeploy-commands-secure codepipeline comprehend config
connect-campaigns data-servicediscovery databrew dataexchange datasync datazone deadline.management devops-guru dms ds
dynamodb ebs ec2 ec2messages ecr.api ecr.dkr ecs ecs-agent ecs-telemetry eks eks-auth elasticache elasticbeanstalk
elasticbeanstalk-health elasticfilesystem elasticloadbalancing elasticmapreduce email-smtp emr-containers
emr-serverless events evidently execute-api fis forecast fsx git-codecommit glue grafana greengrass
groundstation guardduty-data healthlake identitystore imagebuilder inspector2 iot.data iotsitewise.api kafka kendra
kinesis-firehose kinesis-streams kms lakeformation lambda license-manager logs macie2 monitoring mgn
neptune-graph network-firewall organizations pipes polly ram rds rds-data
redshift redshift-data rekognition resource-groups rolesanywhere s3 s3-outposts sagemaker.api
sagemaker.runtime scheduler secretsmanager securityhub servicecatalog servicediscovery servicequotas
sns sqs ssm ssm-contacts ssm-incidents ssmmessages states storagegateway sts sync-states synthetics tagging textract
timestream.ingest-cell1 transcribe transfer transfer.server translate verifiedpermissions vpc-lattice
wellarchitected workspaces xray`

export const describeVpcEndpointServices: Ec2Handler = (input, { state }) => {
  const { region } = state
  const amazons = services
    .trim()
    .split(/\s+/)
    .flatMap((service) => {
      const types = service === 's3' || service === 'dynamodb' ? ['Gateway', 'Interface'] : ['Interface']
      return types.map((type) => serviceShown(region, service, type))
    })
  const own = state.endpointServices
    .all()
    .map((service) => ({ ...service, Owner: state.account, ServiceRegion: region, VpcEndpointPolicySupported: false }))
  const all = [...amazons, ...own]
  const names: string[] | undefined = input.ServiceNames
  for (const name of names ?? [])
    if (!all.some((each) => each.ServiceName === name))
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${name}' does not exist`)
  const passes = passing(input.Filters, {
    owner: 'Owner',
    'service-name': 'ServiceName',
    'service-region': 'ServiceRegion',
    'service-type': 'ServiceType.ServiceType',
    'supported-ip-address-types': 'SupportedIpAddressTypes',
  })
  const found = all.filter((each) => !names?.length || names.includes(each.ServiceName)).filter(passes)
  const { page, NextToken } = paged(
    found.map((each, order) => ({ each, order })),
    input,
    [1, 1000],
  )
  return {
    ServiceDetails: page.map(({ each }) => each),
    ServiceNames: [...new Set(page.map(({ each }) => each.ServiceName))],
    NextToken,
  }
}

function serviceShown(region: string, service: string, type: string) {
  const name = `com.amazonaws.${region}.${service}`
  const dns = `${service}.${region}.amazonaws.com`
  return {
    ServiceName: name,
    ServiceId: `vpce-svc-${fixedDigits(name, type)}`,
    ServiceType: [{ ServiceType: type }],
    ServiceRegion: region,
    AvailabilityZones: zonesOf(region).map((zone) => zone.name),
    Owner: 'amazon',
    BaseEndpointDnsNames: [type === 'Gateway' ? dns : `${service}.${region}.vpce.amazonaws.com`],
    ...(type === 'Interface' && {
      PrivateDnsName: dns,
      PrivateDnsNames: [{ PrivateDnsName: dns }],
      PrivateDnsNameVerificationState: 'verified',
    }),
    VpcEndpointPolicySupported: true,
    AcceptanceRequired: false,
    ManagesVpcEndpoints: false,
    Tags: [],
    SupportedIpAddressTypes: ['ipv4'],
  }
}

// --- AWS's prefix lists, which gateway endpoints route to --------------------------------------------------------------

export const describePrefixLists: Ec2Handler = (input, { state }) => {
  const all = awsPrefixLists(state.region)
  const ids: string[] | undefined = input.PrefixListIds
  for (const id of ids ?? [])
    if (!all.some((each) => each.PrefixListId === id))
      throw new AwsError('InvalidPrefixListId.NotFound', `The prefix list ID '${id}' does not exist`)
  const passes = passing(input.Filters, { 'prefix-list-id': 'PrefixListId', 'prefix-list-name': 'PrefixListName' })
  const found = all.filter((each) => !ids?.length || ids.includes(each.PrefixListId)).filter(passes)
  return {
    PrefixLists: found.map(({ PrefixListId, PrefixListName, cidrs }) => ({
      PrefixListId,
      PrefixListName,
      Cidrs: cidrs,
    })),
  }
}
