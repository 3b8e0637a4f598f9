// What do conditions learn of the resource that a permission is about? Its tags, and what it is.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html

import type { Context } from '../../../policy/types.ts'
import type { CallContext, Permission } from '../../service.ts'
import { visibleImage } from './images.ts'
import { kindNameOf } from './kinds.ts'
import type { Ec2 } from './state.ts'

export function resourceKeys({ resource }: Permission, { state }: CallContext & { readonly state: Ec2 }): Context {
  const [, , service, , , path = ''] = resource.split(':')
  const id = path.slice(path.indexOf('/') + 1)
  const name = service === 'ec2' ? kindNameOf(id) : undefined
  if (!name) return {}
  const record = state.table(name).get(id) ?? (name === 'images' ? visibleImage(state, id) : undefined)
  if (!record) return {}
  const keys: Record<string, string> = { 'ec2:region': state.region }
  for (const { Key, Value } of record.Tags ?? []) {
    keys[`aws:resourcetag/${Key}`] = Value
    keys[`ec2:resourcetag/${Key}`] = Value
  }
  for (const [key, path] of Object.entries(members[name] ?? {})) {
    const value = path.split('.').reduce<any>((inner, member) => inner?.[member], record)
    if (value !== undefined && value !== null) keys[key] = String(value)
  }
  if ('VpcId' in record && record.VpcId)
    keys['ec2:vpc'] = `arn:aws:ec2:${state.region}:${state.account}:vpc/${String(record.VpcId)}`
  return keys
}

const members: Partial<Record<string, Readonly<Record<string, string>>>> = {
  instances: {
    'ec2:instancetype': 'InstanceType',
    'ec2:instanceid': 'InstanceId',
    'ec2:availabilityzone': 'Placement.AvailabilityZone',
    'ec2:tenancy': 'Placement.Tenancy',
    'ec2:placementgroup': 'Placement.GroupName',
    'ec2:ebsoptimized': 'EbsOptimized',
    'ec2:rootdevicetype': 'RootDeviceType',
    'ec2:instanceprofile': 'IamInstanceProfile.Arn',
    'ec2:metadatahttptokens': 'MetadataOptions.HttpTokens',
    'ec2:metadatahttpendpoint': 'MetadataOptions.HttpEndpoint',
  },
  images: {
    'ec2:owner': 'ImageOwnerAlias',
    'ec2:imagetype': 'ImageType',
    'ec2:public': 'Public',
    'ec2:rootdevicetype': 'RootDeviceType',
    'ec2:imageid': 'ImageId',
  },
  volumes: {
    'ec2:availabilityzone': 'AvailabilityZone',
    'ec2:encrypted': 'Encrypted',
    'ec2:volumesize': 'Size',
    'ec2:volumetype': 'VolumeType',
    'ec2:volumeiops': 'Iops',
    'ec2:volumethroughput': 'Throughput',
    'ec2:volumeid': 'VolumeId',
  },
  snapshots: { 'ec2:owner': 'OwnerId', 'ec2:encrypted': 'Encrypted', 'ec2:volumesize': 'VolumeSize' },
  subnets: { 'ec2:availabilityzone': 'AvailabilityZone', 'ec2:subnetid': 'SubnetId' },
  securityGroups: { 'ec2:securitygroupid': 'GroupId' },
  vpcs: { 'ec2:vpcid': 'VpcId', 'ec2:tenancy': 'InstanceTenancy' },
  interfaces: { 'ec2:availabilityzone': 'AvailabilityZone', 'ec2:networkinterfaceid': 'NetworkInterfaceId' },
}
