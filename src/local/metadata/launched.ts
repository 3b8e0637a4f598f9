// What does an instance of the local EC2 tell of itself? Read anew for each request, so that tags, options and addresses
// are those of now.

import { fromBase64 } from '../../lib/bytes.ts'
import { Identities } from '../accounts/identities.ts'
import { ec2In, type Ec2 } from '../services/ec2/state.ts'
import { atItsTime, settingsOf } from '../settings.ts'
import type { World } from '../world.ts'
import type { ImdsOptions } from './imds.ts'
import type { Instance, NetworkInterface } from './instance.ts'

export interface Launched {
  readonly instance: Instance
  readonly options: ImdsOptions
}

/** Undefined where there is no such instance, or it does not run. */
export async function launchedInstance(
  world: World,
  account: string,
  region: string,
  id: string,
): Promise<Launched | undefined> {
  const { clock } = atItsTime(world, await settingsOf(world))
  const found = await world.store.namespace('ec2').transaction((rows) => {
    const state = ec2In(rows, account, region, clock().getTime())
    const record = state.instances.get(id)
    if (!record || record.State.Name !== 'running') return undefined
    const { MetadataOptions: options, IamInstanceProfile: profile, KeyName } = record
    const key = state.keyPairs.all().find((each) => each.KeyName === KeyName)
    const instance: Instance = {
      id,
      account,
      region,
      zone: record.Placement.AvailabilityZone,
      zoneId: String(record.Placement['AvailabilityZoneId'] ?? ''),
      type: record.InstanceType,
      architecture: record.Architecture,
      image: record.ImageId,
      reservation: record.reservation,
      launchIndex: record.AmiLaunchIndex,
      lifecycle: record['InstanceLifecycle'] === 'spot' ? 'spot' : 'on-demand',
      interfaces: record.interfaces.flatMap((each) => interfaceIn(state, each) ?? []),
      devices: [
        record.RootDeviceName,
        ...record.BlockDeviceMappings.map((each) => each.DeviceName).filter((name) => name !== record.RootDeviceName),
      ],
      ...(key && { publicKey: { name: key.KeyName, body: key.publicKey } }),
      ...(profile && { profile: { arn: profile.Arn, id: profile.Id } }),
      launched: Date.parse(record.LaunchTime),
      ...(record.userData && { userData: fromBase64(record.userData.replace(/\s/g, '')) }),
      ...(options.InstanceMetadataTags === 'enabled' && {
        tags: Object.fromEntries((record.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
      }),
    }
    return {
      instance,
      options: {
        tokens: options.HttpTokens === 'required' ? 'required' : 'optional',
        enabled: options.HttpEndpoint === 'enabled',
        hops: options.HttpPutResponseHopLimit,
      } as const,
    }
  })
  const role = found?.instance.profile && (await roleIn(world, account, found.instance.profile.arn))
  return found && { ...found, instance: { ...found.instance, ...(role !== undefined && { role }) } }
}

function interfaceIn(state: Ec2, id: string): NetworkInterface | undefined {
  const found = state.interfaces.get(id)
  if (!found) return undefined
  const { Association } = found
  return {
    id,
    mac: found.MacAddress,
    device: found.Attachment?.DeviceIndex ?? 0,
    owner: found.OwnerId,
    vpc: found.VpcId,
    vpcBlocks: state.vpcs.get(found.VpcId)?.CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock) ?? [],
    subnet: found.SubnetId,
    subnetBlock: state.subnets.get(found.SubnetId)?.CidrBlock ?? '',
    groups: found.Groups.map(({ GroupId, GroupName }) => ({ id: GroupId, name: GroupName })),
    privateIps: found.PrivateIpAddresses.map((each) => each.PrivateIpAddress),
    ipv6s: found.Ipv6Addresses.map((each) => each.Ipv6Address),
    ...(Association && { publicIp: Association.PublicIp, publicName: Association.PublicDnsName }),
  }
}

async function roleIn(world: World, account: string, profile: string): Promise<string | undefined> {
  return world.identities.transaction((rows) => {
    const identities = new Identities(rows, account)
    return identities.profiles.all().find((each) => identities.arn('instance-profile', each) === profile)?.role
  })
}
