// Which EC2 Instance Connect Endpoint leads to an instance? One that was named, one in its subnet, or any in its VPC.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { callWith, pagesWith } from '../../clients.ts'
import type { Settings } from '../../../client/settings.ts'

export interface Instance {
  readonly PrivateIpAddress?: string
  readonly PublicIpAddress?: string
  readonly Ipv6Address?: string
  readonly VpcId?: string
  readonly SubnetId?: string
}

interface Endpoint {
  readonly InstanceConnectEndpointId: string
  readonly DnsName: string
  readonly FipsDnsName?: string
  readonly SubnetId?: string
}

/** Where a tunnel begins. */
export interface Entrance {
  readonly id: string
  readonly dnsName: string
}

const usable = {
  Name: 'state',
  Values: ['create-complete', 'update-in-progress', 'update-failed', 'update-complete'],
}

export async function describeInstance(ec2: Settings, id: string): Promise<Instance> {
  const { Reservations = [] } = await callWith(ec2, 'ec2', 'DescribeInstances', { InstanceIds: [id] })
  const [instance] = (Reservations as { Instances?: Instance[] }[])[0]?.Instances ?? []
  if (instance === undefined) throw new Failure('InvalidValue', `There is no instance ${id}.`)
  return instance
}

/** Throws Failure('ParamValidation') where there is none. `instance` may be left out where `id` is given. */
export async function findEntrance(
  ec2: Settings,
  { id, instance }: { id?: string | undefined; instance?: Instance | undefined },
): Promise<Entrance> {
  const found = id === undefined ? await near(ec2, instance ?? {}) : await byId(ec2, id)
  const dnsName = ec2.useFips ? found.FipsDnsName : found.DnsName
  if (!dnsName) throw new Failure('Configuration', 'Unable to find FIPS Endpoint')
  return { id: found.InstanceConnectEndpointId, dnsName }
}

async function byId(ec2: Settings, id: string): Promise<Endpoint> {
  const input = { Filters: [usable], InstanceConnectEndpointIds: [id] }
  const answer = await callWith(ec2, 'ec2', 'DescribeInstanceConnectEndpoints', input)
  const [endpoint] = endpointsIn(answer)
  if (endpoint !== undefined) return endpoint
  throw new Failure('ParamValidation', `There are no available instance connect endpoints with ${id}`)
}

async function near(ec2: Settings, { VpcId, SubnetId }: Instance): Promise<Endpoint> {
  const input = { Filters: [usable, { Name: 'vpc-id', Values: [VpcId ?? ''] }] }
  let first: Endpoint | undefined
  for await (const page of pagesWith(ec2, 'ec2', 'DescribeInstanceConnectEndpoints', input)) {
    const endpoints = endpointsIn(page)
    const beside = endpoints.find((endpoint) => endpoint.SubnetId === SubnetId)
    if (beside !== undefined) return beside
    first ??= endpoints[0]
  }
  if (first !== undefined) return first
  throw new Failure('ParamValidation', 'There are no available instance connect endpoints.')
}

function endpointsIn({ InstanceConnectEndpoints = [] }: Structure): readonly Endpoint[] {
  return InstanceConnectEndpoints as unknown as Endpoint[]
}
