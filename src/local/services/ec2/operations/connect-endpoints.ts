// EC2 Instance Connect endpoints: a way by SSH to instances that have no public address.

import { describe } from '../describe.ts'
import { limitExceeded } from '../errors.ts'
import { FreeAddresses, groupsIn, makeInterface, removeInterface } from '../interfaces.ts'
import { moment } from '../ids.ts'
import type { ConnectEndpoint } from '../side-records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'
import { fixedDigits } from '../zones.ts'

const shown =
  (state: Ec2) =>
  (endpoint: ConnectEndpoint): object => {
    const host = `${endpoint.InstanceConnectEndpointId}.${fixedDigits(endpoint.InstanceConnectEndpointId).slice(1, 9)}`
    const DnsName = `${host}.ec2-instance-connect-endpoint.${state.region}.amazonaws.com`
    return { ...endpoint, ...(endpoint.State !== 'create-in-progress' && { DnsName }) }
  }

export const createInstanceConnectEndpoint: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const subnet = state.subnets.named(input)
    const inVpc = state.connectEndpoints.all().filter(({ VpcId }) => VpcId === subnet.VpcId)
    if (inVpc.length > 0)
      throw limitExceeded(
        'InstanceConnectEndpointLimitExceeded',
        'You have reached the limit of EC2 Instance Connect Endpoints for the VPC.',
      )
    const groups = groupsIn(state, subnet.VpcId, input.SecurityGroupIds)
    const endpoint = state.connectEndpoints.add({
      InstanceConnectEndpointArn: '',
      OwnerId: state.account,
      State: 'create-in-progress',
      later: [{ at: state.after(120), change: { State: 'create-complete' } }],
      StateMessage: '',
      NetworkInterfaceIds: [],
      VpcId: subnet.VpcId,
      SubnetId: subnet.SubnetId,
      AvailabilityZone: subnet.AvailabilityZone,
      AvailabilityZoneId: subnet.AvailabilityZoneId,
      CreatedAt: moment(state.now),
      PreserveClientIp: input.PreserveClientIp ?? false,
      SecurityGroupIds: groups.map(({ GroupId }) => GroupId),
      IpAddressType: input.IpAddressType ?? 'ipv4',
      Tags: tagsFor(input, 'instance-connect-endpoint'),
    })
    const id = endpoint.InstanceConnectEndpointId
    const made = makeInterface(state, {
      subnet,
      free: new FreeAddresses(state, subnet),
      groups,
      Description: `EC2 Instance Connect Endpoint ${id}`,
      InterfaceType: 'ec2_instance_connect_endpoint',
      RequesterId: state.account,
    })
    state.interfaces.update(made, { Status: 'in-use' })
    state.connectEndpoints.update(endpoint, {
      InstanceConnectEndpointArn: `arn:aws:ec2:${state.region}:${state.account}:instance-connect-endpoint/${id}`,
      NetworkInterfaceIds: [made.NetworkInterfaceId],
    })
    return { InstanceConnectEndpoint: shown(state)(endpoint), ClientToken: input.ClientToken }
  })

export const describeInstanceConnectEndpoints: Ec2Handler = (input, { state }) =>
  describe(state.connectEndpoints, input, {
    ids: 'InstanceConnectEndpointIds',
    list: 'InstanceConnectEndpoints',
    pages: [1, 50],
    shown: shown(state),
    filters: {
      'instance-connect-endpoint-id': 'InstanceConnectEndpointId',
      state: 'State',
      'subnet-id': 'SubnetId',
      'vpc-id': 'VpcId',
    },
  })

export const modifyInstanceConnectEndpoint: Ec2Handler = (input, { state }) => {
  const endpoint = state.connectEndpoints.named(input)
  if (input.PreserveClientIp !== undefined) endpoint.PreserveClientIp = input.PreserveClientIp
  if (input.IpAddressType !== undefined) endpoint.IpAddressType = input.IpAddressType
  if (input.SecurityGroupIds?.length) {
    const groups = groupsIn(state, endpoint.VpcId, input.SecurityGroupIds)
    endpoint.SecurityGroupIds = groups.map(({ GroupId }) => GroupId)
    for (const id of endpoint.NetworkInterfaceIds)
      state.interfaces.update(state.interfaces.find(id), { Groups: groups })
  }
  state.connectEndpoints.put(endpoint)
  return { Return: true }
}

export const deleteInstanceConnectEndpoint: Ec2Handler = (input, { state }) => {
  const endpoint = state.connectEndpoints.named(input)
  for (const id of endpoint.NetworkInterfaceIds) {
    const found = state.interfaces.get(id)
    if (found) removeInterface(state, found)
  }
  state.connectEndpoints.delete(endpoint)
  return { InstanceConnectEndpoint: { ...shown(state)(endpoint), State: 'delete-in-progress' } }
}
