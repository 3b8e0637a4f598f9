// EC2 in a world of its own: what the clock does, what accounts share, what is said of bad input, who may do what.

import { describe, expect, test } from 'bun:test'
import { changeSettings } from '../../settings.ts'
import { account, allow, bench, otherKeys, told, type Bench } from '../../account.fixture.ts'

const image = 'ami-0abcdef1234567890'
const launch = { ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 }

async function launched(b: Bench, more: object = {}): Promise<any> {
  return (await b.call('ec2', 'RunInstances', { ...launch, ...more })).Instances[0]
}

async function instance(b: Bench, InstanceId: string): Promise<any> {
  const { Reservations } = await b.call('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] })
  return Reservations[0].Instances[0]
}

describe('by the clock', () => {
  test('an instance runs at the next look, and is forgotten an hour after its end', async () => {
    const b = bench()
    const { InstanceId, State } = await launched(b)
    expect(State.Name).toBe('pending')
    expect((await instance(b, InstanceId)).State.Name).toBe('running')
    await b.call('ec2', 'TerminateInstances', { InstanceIds: [InstanceId] })
    expect((await instance(b, InstanceId)).State.Name).toBe('terminated')
    b.advance(59 * 60_000)
    expect((await instance(b, InstanceId)).State.Name).toBe('terminated')
    b.advance(2 * 60_000)
    expect((await b.refusal('ec2', 'DescribeInstances', { InstanceIds: [InstanceId] })).code).toBe(
      'InvalidInstanceID.NotFound',
    )
    expect((await b.call('ec2', 'DescribeInstances')).Reservations).toEqual([])
  })

  test("at AWS's pace, states take their time", async () => {
    const b = bench()
    await changeSettings(b.world, { pace: 'real' })
    const { InstanceId } = await launched(b)
    const state = async () => (await instance(b, InstanceId)).State.Name
    expect(await state()).toBe('pending')
    b.advance(15_000)
    expect(await state()).toBe('running')
    await b.call('ec2', 'StopInstances', { InstanceIds: [InstanceId] })
    expect(await state()).toBe('stopping')
    const refused = await b.refusal('ec2', 'StartInstances', { InstanceIds: [InstanceId] })
    expect(refused.code).toBe('IncorrectInstanceState')
    b.advance(31_000)
    expect(await state()).toBe('stopped')
    const { VolumeId } = await b.call('ec2', 'CreateVolume', { AvailabilityZone: 'us-east-1a', Size: 1 })
    const attach = { VolumeId, InstanceId, Device: '/dev/sdf' }
    expect(told(await b.refusal('ec2', 'AttachVolume', attach))).toEqual([
      'IncorrectState',
      400,
      `${VolumeId} is not 'available'.`,
    ])
    b.advance(4_000)
    await b.call('ec2', 'AttachVolume', attach)
  })

  test('a request to peer expires after a week', async () => {
    const b = bench()
    const [one, two] = await Promise.all(
      ['10.0.0.0/16', '10.1.0.0/16'].map((CidrBlock) => b.call('ec2', 'CreateVpc', { CidrBlock })),
    )
    const asked = { VpcId: one.Vpc.VpcId, PeerVpcId: two.Vpc.VpcId }
    const { VpcPeeringConnection: made } = await b.call('ec2', 'CreateVpcPeeringConnection', asked)
    const status = async () =>
      (await b.call('ec2', 'DescribeVpcPeeringConnections')).VpcPeeringConnections[0].Status.Code
    expect(await status()).toBe('pending-acceptance')
    b.advance(7 * 24 * 3_600_000)
    expect(await status()).toBe('expired')
    const { VpcPeeringConnectionId } = made
    expect((await b.refusal('ec2', 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId })).code).toBe(
      'InvalidStateTransition',
    )
  })

  test('a deprecated image is shown to others no more', async () => {
    const b = bench()
    const { InstanceId } = await launched(b)
    const { ImageId } = await b.call('ec2', 'CreateImage', { InstanceId, Name: 'mine' })
    const LaunchPermission = { Add: [{ Group: 'all' }] }
    await b.call('ec2', 'ModifyImageAttribute', { ImageId, LaunchPermission })
    const DeprecateAt = new Date(b.now().getTime() + 3_600_000)
    await b.call('ec2', 'EnableImageDeprecation', { ImageId, DeprecateAt })
    await letOther(b)
    const seen = async (more: object = {}) =>
      (await b.call('ec2', 'DescribeImages', { Owners: [account], ...more }, otherKeys)).Images.length
    expect(await seen()).toBe(1)
    b.advance(2 * 3_600_000)
    expect([await seen(), await seen({ IncludeDeprecated: true })]).toEqual([0, 1])
  })
})

/** The other account's user may do everything in EC2. */
async function letOther(b: Bench): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: allow('*') })
  await b.call('sts', 'GetCallerIdentity')
  await b.world.identities.transaction((rows) => {
    const user = rows.get<any>('users/210987654321', 'other')
    user.inline = { all: PolicyDocument }
    rows.put('users/210987654321', 'other', user)
  })
}

describe('what accounts share', () => {
  test('an image and a snapshot, and no longer', async () => {
    const b = bench()
    await letOther(b)
    const { InstanceId } = await launched(b)
    const { ImageId } = await b.call('ec2', 'CreateImage', { InstanceId, Name: 'mine' })
    const theirs = (more: object) => b.call('ec2', 'RunInstances', { ...launch, ...more }, otherKeys)
    expect((await b.refusal('ec2', 'RunInstances', { ...launch, ImageId }, otherKeys)).code).toBe(
      'InvalidAMIID.NotFound',
    )
    const UserId = '210987654321'
    await b.call('ec2', 'ModifyImageAttribute', { ImageId, LaunchPermission: { Add: [{ UserId }] } })
    expect((await theirs({ ImageId })).Instances[0].ImageId).toBe(ImageId)
    const own = await b.call('ec2', 'DescribeImages', { ExecutableUsers: ['self'] }, otherKeys)
    expect(own.Images.map((each: any) => each.ImageId)).toEqual([ImageId])
    expect(told(await b.refusal('ec2', 'DeregisterImage', { ImageId }, otherKeys))).toEqual([
      'AuthFailure',
      400,
      `Not authorized for images: [${ImageId}]`,
    ])
    await b.call('ec2', 'ModifyImageAttribute', { ImageId, LaunchPermission: { Remove: [{ UserId }] } })
    expect((await b.refusal('ec2', 'RunInstances', { ...launch, ImageId }, otherKeys)).code).toBe(
      'InvalidAMIID.NotFound',
    )
  })

  test('networks are each their own', async () => {
    const b = bench()
    await letOther(b)
    const [mine] = (await b.call('ec2', 'DescribeVpcs')).Vpcs
    const [theirs] = (await b.call('ec2', 'DescribeVpcs', {}, otherKeys)).Vpcs
    expect(theirs.OwnerId).toBe('210987654321')
    expect((await b.refusal('ec2', 'DescribeVpcs', { VpcIds: [mine.VpcId] }, otherKeys)).code).toBe(
      'InvalidVpcID.NotFound',
    )
  })

  test('peers of two accounts: who was asked accepts', async () => {
    const b = bench()
    await letOther(b)
    const { Vpc: mine } = await b.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/16' })
    const { Vpc: theirs } = await b.call('ec2', 'CreateVpc', { CidrBlock: '10.1.0.0/16' }, otherKeys)
    const asked = { VpcId: mine.VpcId, PeerVpcId: theirs.VpcId, PeerOwnerId: '210987654321' }
    const { VpcPeeringConnectionId } = (await b.call('ec2', 'CreateVpcPeeringConnection', asked)).VpcPeeringConnection
    expect((await b.refusal('ec2', 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId })).message).toBe(
      `User ${account} cannot accept peering ${VpcPeeringConnectionId}`,
    )
    await b.call('ec2', 'AcceptVpcPeeringConnection', { VpcPeeringConnectionId }, otherKeys)
    const [found] = (await b.call('ec2', 'DescribeVpcPeeringConnections')).VpcPeeringConnections
    expect(found.Status.Code).toBe('active')
  })
})

describe('bad input is told what is wrong with it', () => {
  test.each<[string, object, string, string]>([
    ['CreateVpc', {}, 'MissingParameter', "Either 'cidrBlock' or 'ipv4IpamPoolId' should be provided."],
    ['CreateTags', { Resources: ['i-1'] }, 'MissingParameter', 'The request must contain the parameter tagSet'],
    ['DeleteTags', {}, 'MissingParameter', 'The request must contain the parameter resourceIdSet'],
    [
      'CreateTags',
      { Resources: ['ami-blah'], Tags: [{ Key: 'a', Value: 'b' }] },
      'InvalidID',
      "The ID 'ami-blah' is not valid",
    ],
    [
      'CreateTags',
      { Resources: ['vpc-12345678'], Tags: [{ Key: 'a' }] },
      'InvalidParameterValue',
      'Tag value cannot be null. Use empty string instead.',
    ],
    [
      'CreateVpc',
      { CidrBlock: '10.0.0.0/16', TagSpecifications: [{ ResourceType: 'vpc' }] },
      'InvalidParameterValue',
      'Tag specification must have at least one tag',
    ],
    ['DeleteVpc', {}, 'MissingParameter', 'The request must contain the parameter VpcId'],
    [
      'RunInstances',
      { MinCount: 1, MaxCount: 1 },
      'MissingParameter',
      'The request must contain the parameter ImageId',
    ],
    [
      'RunInstances',
      { ...launch, MinCount: 2 },
      'InvalidParameterCombination',
      "Invalid value '2' for minCount. Must be less than or equal to maxCount.",
    ],
    [
      'RunInstances',
      { ...launch, UserData: '!' },
      'InvalidUserData.Malformed',
      'Invalid BASE64 encoding of user data.',
    ],
    [
      'RunInstances',
      { ...launch, BlockDeviceMappings: [{ DeviceName: '/dev/sdf' }] },
      'MissingParameter',
      'The request must contain the parameter ebs',
    ],
    [
      'RunInstances',
      { ...launch, BlockDeviceMappings: [{ DeviceName: '/dev/sdf', Ebs: { VolumeType: 'gp3' } }] },
      'MissingParameter',
      'The request must contain the parameter size or snapshotId',
    ],
    [
      'RunInstances',
      { ...launch, BlockDeviceMappings: [{ DeviceName: '/dev/sdf', NoDevice: 'yes' }] },
      'InvalidRequest',
      'The request received was invalid',
    ],
    ['DescribeInstances', { NextToken: 'x' }, 'InvalidNextToken', 'The specified NextToken is not valid.'],
    [
      'DescribeVolumes',
      { Filters: [{ Name: 'shape', Values: ['round'] }] },
      'InvalidParameterValue',
      "The filter 'shape' is invalid",
    ],
    [
      'CreateVolume',
      { AvailabilityZone: 'us-east-1a', Size: 1, VolumeType: 'gp9' },
      'UnknownVolumeType',
      "Unsupported volume type 'gp9' for volume creation.",
    ],
    ['DescribeNatGateways', { NatGatewayIds: ['nat-x'] }, 'NatGatewayMalformed', 'The Nat Gateway nat-x is malformed'],
    [
      'DescribeLaunchTemplates',
      { LaunchTemplateIds: ['lt-x'] },
      'InvalidLaunchTemplateId.Malformed',
      "The launch template ID 'lt-x' is malformed",
    ],
    ['DescribeRegions', { RegionNames: ['mars-1'] }, 'InvalidParameterValue', 'Invalid region provided: [mars-1]'],
    [
      'PurchaseReservedInstancesOffering',
      { InstanceCount: 1, ReservedInstancesOfferingId: 'x' },
      'NotImplemented',
      'The local AWS has no ec2 PurchaseReservedInstancesOffering yet.',
    ],
  ])('%s %j: %s', async (operation, input, code, message) => {
    const error = await bench().refusal('ec2', operation, input)
    expect([error.code, error.message]).toEqual([code, message])
  })
})

describe('limits', () => {
  test('a subnet runs out of addresses, and nothing is half launched', async () => {
    const b = bench()
    const { Vpc } = await b.call('ec2', 'CreateVpc', { CidrBlock: '10.0.0.0/24' })
    const { Subnet } = await b.call('ec2', 'CreateSubnet', { VpcId: Vpc.VpcId, CidrBlock: '10.0.0.0/28' })
    expect(Subnet.AvailableIpAddressCount).toBe(11)
    const error = await b.refusal('ec2', 'RunInstances', { ...launch, MaxCount: 12, SubnetId: Subnet.SubnetId })
    expect(error.code).toBe('InsufficientFreeAddressesInSubnet')
    expect((await b.call('ec2', 'DescribeInstances')).Reservations).toEqual([])
    await b.call('ec2', 'RunInstances', { ...launch, MaxCount: 11, SubnetId: Subnet.SubnetId })
    const [full] = (await b.call('ec2', 'DescribeSubnets', { SubnetIds: [Subnet.SubnetId] })).Subnets
    expect(full.AvailableIpAddressCount).toBe(0)
  })

  test('vCPUs are counted over what runs, and free again when it ends', async () => {
    const b = bench()
    const big = { ...launch, InstanceType: 'm5.24xlarge', MaxCount: 12 }
    const { Instances } = await b.call('ec2', 'RunInstances', big)
    expect((await b.refusal('ec2', 'RunInstances', launch)).message).toContain('your current vCPU limit of 1152 allows')
    await b.call('ec2', 'StopInstances', { InstanceIds: [Instances[0].InstanceId] })
    await b.call('ec2', 'RunInstances', launch)
    expect((await b.refusal('ec2', 'StartInstances', { InstanceIds: [Instances[0].InstanceId] })).code).toBe(
      'VcpuLimitExceeded',
    )
  })

  test('five VPCs, five addresses', async () => {
    const b = bench()
    for (let i = 0; i < 4; i++) await b.call('ec2', 'CreateVpc', { CidrBlock: `10.${i}.0.0/16` })
    expect(told(await b.refusal('ec2', 'CreateVpc', { CidrBlock: '10.9.0.0/16' }))).toEqual([
      'VpcLimitExceeded',
      400,
      'The maximum number of VPCs has been reached.',
    ])
    for (let i = 0; i < 5; i++) await b.call('ec2', 'AllocateAddress')
    expect((await b.refusal('ec2', 'AllocateAddress')).code).toBe('AddressLimitExceeded')
  })
})

describe('permissions', () => {
  test('a launch template lends its role only to those who may pass it', async () => {
    const b = bench()
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    })
    await b.call('iam', 'CreateRole', { RoleName: 'strong', AssumeRolePolicyDocument: trust })
    await b.call('iam', 'CreateInstanceProfile', { InstanceProfileName: 'p' })
    await b.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'strong' })
    const LaunchTemplateData = { ImageId: image, InstanceType: 't3.micro', IamInstanceProfile: { Name: 'p' } }
    await b.call('ec2', 'CreateLaunchTemplate', { LaunchTemplateName: 'web', LaunchTemplateData })
    const keys = await b.user('launcher', allow('ec2:*'))
    const asked = { LaunchTemplate: { LaunchTemplateName: 'web' }, MinCount: 1, MaxCount: 1 }
    expect((await b.refusal('ec2', 'RunInstances', asked, keys)).message).toContain(
      `iam:PassRole on resource: arn:aws:iam::${account}:role/strong`,
    )
    expect((await b.call('ec2', 'RunInstances', asked)).Instances[0].IamInstanceProfile.Arn).toEndWith('/p')
  })

  test('conditions on what is launched: type, tags, the image', async () => {
    const b = bench()
    const small = { StringLike: { 'ec2:InstanceType': ['t3.*'] } }
    const here = `arn:aws:ec2:us-east-1:${account}`
    const keys = await b.user(
      'small',
      allow('ec2:RunInstances', `${here}:instance/*`, small),
      allow(
        'ec2:RunInstances',
        ['volume', 'network-interface', 'subnet', 'security-group'].map((type) => `${here}:${type}/*`),
      ),
      allow('ec2:RunInstances', 'arn:aws:ec2:us-east-1::image/*', { StringEquals: { 'ec2:Owner': 'amazon' } }),
    )
    await b.call('ec2', 'RunInstances', launch, keys)
    const codeOf = async (more: object) => (await b.refusal('ec2', 'RunInstances', { ...launch, ...more }, keys)).code
    expect(await codeOf({ InstanceType: 'm5.large' })).toBe('UnauthorizedOperation')
    expect(await codeOf({ ImageId: 'ami-1e749f67' })).toBe('UnauthorizedOperation')
  })
})
