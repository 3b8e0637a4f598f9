"""boto3 against the local EC2: what reaches beyond its place, how snapshots are kept, what holds for a region. Prints as boto3_cases.py."""

import sys
from datetime import datetime, timedelta, timezone

sys.dont_write_bytecode = True
from ec2_common import *


def member():
    """The keys of another account's administrator."""
    org = client('organizations')
    org.create_organization(FeatureSet='ALL')
    request = org.create_account(Email='m@example.com', AccountName='m')['CreateAccountStatus']['Id']
    id = org.describe_create_account_status(CreateAccountRequestId=request)['CreateAccountStatus']['AccountId']
    role = f'arn:aws:iam::{id}:role/OrganizationAccountAccessRole'
    return id, client('sts').assume_role(RoleArn=role, RoleSessionName='admin')['Credentials']


@case
def groups_in_other_networks():
    one, two = vpc(), vpc('10.1.0.0/16')
    group = ec2.create_security_group(GroupName='shared', Description='for both', VpcId=one)['GroupId']
    part = subnet(two, '10.1.0.0/24')
    both = {'GroupId': group, 'VpcId': two}
    refused('InvalidGroup.NotFound', ec2.create_network_interface, SubnetId=part, Groups=['sg-0123456789abcdef0'])
    same(refused('InvalidGroup.NotFound', ec2.create_network_interface, SubnetId=part, Groups=[group]), 'You have specified two resources that belong to different networks.')
    same(ec2.associate_security_group_vpc(**both)['State'], 'associating')
    told = {**both, 'VpcOwnerId': account, 'State': 'associated', 'GroupOwnerId': account}
    same(ec2.describe_security_group_vpc_associations(Filters=by('vpc-id', two))['SecurityGroupVpcAssociations'], [told])
    made = ec2.create_network_interface(SubnetId=part, Groups=[group])['NetworkInterface']['NetworkInterfaceId']
    refused('DependencyViolation', ec2.disassociate_security_group_vpc, **both)
    ec2.delete_network_interface(NetworkInterfaceId=made)
    same(ec2.disassociate_security_group_vpc(**both)['State'], 'disassociating')
    same(ec2.describe_security_group_vpc_associations()['SecurityGroupVpcAssociations'], [])
    refused('InvalidVpcID.NotFound', ec2.associate_security_group_vpc, GroupId=group, VpcId='vpc-0123456789abcdef0')


@case
def addresses_and_images_for_others():
    id, keys = member()
    theirs = client(keys=keys)
    mine = ec2.allocate_address(TagSpecifications=tagged('elastic-ip', n='1'))
    refused('InvalidTransfer.AddressNotFound', theirs.accept_address_transfer, Address=mine['PublicIp'])
    offer = ec2.enable_address_transfer(AllocationId=mine['AllocationId'], TransferAccountId=id)['AddressTransfer']
    same((offer['AddressTransferStatus'], offer['PublicIp'], offer['TransferAccountId']), ('pending', mine['PublicIp'], id))
    assert timedelta(days=6) < offer['TransferOfferExpirationTimestamp'] - datetime.now(timezone.utc) < timedelta(days=8)
    same(ids(ec2.describe_address_transfers()['AddressTransfers'], 'PublicIp'), [mine['PublicIp']])
    same(ec2.disable_address_transfer(AllocationId=mine['AllocationId'])['AddressTransfer']['AddressTransferStatus'], 'disabled')
    refused('InvalidTransfer.AddressNotFound', theirs.accept_address_transfer, Address=mine['PublicIp'])
    ec2.enable_address_transfer(AllocationId=mine['AllocationId'], TransferAccountId=id)
    same(theirs.accept_address_transfer(Address=mine['PublicIp'])['AddressTransfer']['AddressTransferStatus'], 'accepted')
    same(ids(theirs.describe_addresses()['Addresses'], 'PublicIp'), [mine['PublicIp']])
    refused('InvalidAllocationID.NotFound', ec2.describe_addresses, AllocationIds=[mine['AllocationId']])

    made = ec2.register_image(Name='shared', RootDeviceName='/dev/xvda', BlockDeviceMappings=[{'DeviceName': '/dev/xvda', 'Ebs': {'SnapshotId': snapshot()}}])['ImageId']
    ec2.modify_image_attribute(ImageId=made, LaunchPermission={'Add': [{'UserId': id}]})
    same(ids(theirs.describe_images(ExecutableUsers=['self'])['Images'], 'ImageId'), [made])
    theirs.cancel_image_launch_permission(ImageId=made)
    same((theirs.describe_images(ExecutableUsers=['self'])['Images'], ec2.describe_image_attribute(ImageId=made, Attribute='launchPermission')['LaunchPermissions']), ([], []))
    refused('InvalidAMIID.NotFound', theirs.cancel_image_launch_permission, ImageId=made)
    ec2.deregister_image(ImageId=made)


@case
def addresses_of_nat_gateways():
    id = vpc()
    part = subnet(id)
    gateway = ec2.create_internet_gateway()['InternetGateway']['InternetGatewayId']
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=id)
    one, two = [ec2.allocate_address()['AllocationId'] for _ in range(2)]
    public = ec2.create_nat_gateway(SubnetId=part, AllocationId=one)['NatGateway']['NatGatewayId']
    private = ec2.create_nat_gateway(SubnetId=part, ConnectivityType='private')['NatGateway']['NatGatewayId']
    ec2.get_waiter('nat_gateway_available').wait(NatGatewayIds=[public, private])
    added = ec2.associate_nat_gateway_address(NatGatewayId=public, AllocationIds=[two], PrivateIpAddresses=['10.0.0.77'])['NatGatewayAddresses']
    same([(each['Status'], each['PrivateIp'], each['IsPrimary']) for each in added], [('associating', '10.0.0.77', False)])

    def now(gateway):
        return ec2.describe_nat_gateways(NatGatewayIds=[gateway])['NatGateways'][0]['NatGatewayAddresses']

    same([(each['AllocationId'], each['Status']) for each in now(public)], [(one, 'succeeded'), (two, 'succeeded')])
    refused('InvalidParameter', ec2.disassociate_nat_gateway_address, NatGatewayId=public, AssociationIds=[now(public)[0]['AssociationId']])
    gone = ec2.disassociate_nat_gateway_address(NatGatewayId=public, AssociationIds=[now(public)[1]['AssociationId']])
    same([each['Status'] for each in gone['NatGatewayAddresses']], ['disassociating'])
    ec2.release_address(AllocationId=two)
    taken = ec2.assign_private_nat_gateway_address(NatGatewayId=private, PrivateIpAddressCount=2)['NatGatewayAddresses']
    same(([each['Status'] for each in taken], len(now(private))), (['assigning'] * 2, 3))
    ec2.unassign_private_nat_gateway_address(NatGatewayId=private, PrivateIpAddresses=[taken[0]['PrivateIp']])
    same([each['PrivateIp'] for each in now(private)][1:], [taken[1]['PrivateIp']])
    refused('InvalidParameter', ec2.assign_private_nat_gateway_address, NatGatewayId=public, PrivateIpAddressCount=1)
    for each in (public, private):
        ec2.delete_nat_gateway(NatGatewayId=each)
    ec2.get_waiter('nat_gateway_deleted').wait(NatGatewayIds=[public, private])
    ec2.release_address(AllocationId=one)


@case
def interfaces_for_others():
    found = ec2.create_network_interface(SubnetId=subnet(vpc()))['NetworkInterface']
    made = found['NetworkInterfaceId']
    same((found['RequesterId'], found['RequesterManaged']), (client('sts').get_caller_identity()['UserId'], False))
    asked = {'NetworkInterfaceId': made, 'AwsAccountId': '111122223333', 'Permission': 'INSTANCE-ATTACH'}
    given = ec2.create_network_interface_permission(**asked)['InterfacePermission']
    same(given, {**asked, 'NetworkInterfacePermissionId': given['NetworkInterfacePermissionId'], 'PermissionState': {'State': 'granted'}})
    assert given['NetworkInterfacePermissionId'].startswith('eni-perm-')
    filters = by('network-interface-permission.network-interface-id', made)
    same(ec2.describe_network_interface_permissions(Filters=filters)['NetworkInterfacePermissions'], [given])
    same(ec2.delete_network_interface_permission(NetworkInterfacePermissionId=given['NetworkInterfacePermissionId'])['Return'], True)
    same(ec2.describe_network_interface_permissions()['NetworkInterfacePermissions'], [])


def snapshot():
    volume = ec2.create_volume(AvailabilityZone='us-east-1a', Size=1)['VolumeId']
    ec2.get_waiter('volume_available').wait(VolumeIds=[volume])
    made = ec2.create_snapshot(VolumeId=volume)['SnapshotId']
    ec2.get_waiter('snapshot_completed').wait(SnapshotIds=[made])
    return made


@case
def locked_snapshots():
    made = snapshot()
    locked = ec2.lock_snapshot(SnapshotId=made, LockMode='governance', LockDuration=7)
    same((locked['LockState'], locked['LockDuration'], locked['LockExpiresOn'] - locked['LockCreatedOn']), ('governance', 7, timedelta(days=7)))
    same(ids(ec2.describe_locked_snapshots(Filters=by('lock-state', 'governance'))['Snapshots'], 'SnapshotId'), [made])
    refused('OperationNotPermitted', ec2.delete_snapshot, SnapshotId=made)
    same(ec2.unlock_snapshot(SnapshotId=made)['SnapshotId'], made)
    same(ec2.lock_snapshot(SnapshotId=made, LockMode='compliance', CoolOffPeriod=1, LockDuration=2)['LockState'], 'compliance-cooloff')
    ec2.unlock_snapshot(SnapshotId=made)
    final = snapshot()
    same(ec2.lock_snapshot(SnapshotId=final, LockMode='compliance', LockDuration=2)['LockState'], 'compliance')
    refused('OperationNotPermitted', ec2.unlock_snapshot, SnapshotId=final)
    refused('OperationNotPermitted', ec2.lock_snapshot, SnapshotId=final, LockMode='compliance', LockDuration=1)
    same(ec2.lock_snapshot(SnapshotId=final, LockMode='compliance', LockDuration=5)['LockDuration'], 5)
    refused('InvalidParameterValue', ec2.lock_snapshot, SnapshotId=made, LockDuration=1, LockMode='forever')
    ec2.delete_snapshot(SnapshotId=made)


@case
def archived_and_fast_snapshots():
    made = snapshot()
    same(ec2.modify_snapshot_tier(SnapshotId=made, StorageTier='archive')['SnapshotId'], made)

    def tier():
        found = ec2.describe_snapshot_tier_status(Filters=by('snapshot-id', made))['SnapshotTierStatuses'][0]
        return found['StorageTier'], found['LastTieringOperationStatus']

    same(tier(), ('archive', 'archival-completed'))
    refused('IncorrectState', ec2.modify_snapshot_tier, SnapshotId=made, StorageTier='archive')
    refused('IncorrectState', ec2.create_volume, AvailabilityZone='us-east-1a', SnapshotId=made)
    same(ec2.restore_snapshot_tier(SnapshotId=made, TemporaryRestoreDays=2)['RestoreDuration'], 2)
    same(tier(), ('standard', 'temporary-restore-completed'))
    zones = {'AvailabilityZones': ['us-east-1a'], 'SourceSnapshotIds': [made]}
    fast = ec2.enable_fast_snapshot_restores(**zones)
    same((fast['Successful'][0]['State'], fast['Unsuccessful']), ('enabling', []))
    same([each['State'] for each in ec2.describe_fast_snapshot_restores(Filters=by('snapshot-id', made))['FastSnapshotRestores']], ['enabled'])
    same(ec2.disable_fast_snapshot_restores(**zones)['Successful'][0]['State'], 'disabling')
    same(ec2.disable_fast_snapshot_restores(**zones)['Unsuccessful'][0]['SnapshotId'], made)
    same(ec2.describe_fast_snapshot_restores()['FastSnapshotRestores'], [])
    refused('InvalidParameterValue', ec2.enable_fast_snapshot_restores, AvailabilityZones=['us-east-1x'], SourceSnapshotIds=[made])


@case
def no_way_to_the_internet():
    same(ec2.describe_vpc_block_public_access_options()['VpcBlockPublicAccessOptions']['State'], 'default-state')
    changed = ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode='block-ingress')['VpcBlockPublicAccessOptions']
    same((changed['State'], changed['InternetGatewayBlockMode']), ('update-in-progress', 'block-ingress'))
    same(ec2.describe_vpc_block_public_access_options()['VpcBlockPublicAccessOptions']['State'], 'update-complete')
    one, two = vpc(), vpc('10.1.0.0/16')
    part = subnet(one)
    made = ec2.create_vpc_block_public_access_exclusion(VpcId=one, InternetGatewayExclusionMode='allow-egress', TagSpecifications=tagged('vpc-block-public-access-exclusion', n='1'))['VpcBlockPublicAccessExclusion']
    id = made['ExclusionId']
    same((id.startswith('vpcbpa-exclude-'), made['State'], made['ResourceArn'].split(':')[-1]), (True, 'create-in-progress', f'vpc/{one}'))

    def modes():
        vpcs = [ec2.describe_vpcs(VpcIds=[each])['Vpcs'][0]['BlockPublicAccessStates']['InternetGatewayBlockMode'] for each in (one, two)]
        return vpcs + [ec2.describe_subnets(SubnetIds=[part])['Subnets'][0]['BlockPublicAccessStates']['InternetGatewayBlockMode']]

    same(modes(), ['off', 'block-ingress', 'off'])
    ec2.modify_vpc_block_public_access_exclusion(ExclusionId=id, InternetGatewayExclusionMode='allow-bidirectional')
    same([each['InternetGatewayExclusionMode'] for each in ec2.describe_vpc_block_public_access_exclusions(ExclusionIds=[id])['VpcBlockPublicAccessExclusions']], ['allow-bidirectional'])
    ec2.delete_vpc_block_public_access_exclusion(ExclusionId=id)
    same(modes(), ['block-ingress'] * 3)
    ec2.modify_vpc_block_public_access_options(InternetGatewayBlockMode='off')
    refused('InvalidParameterValue', ec2.modify_vpc_block_public_access_options, InternetGatewayBlockMode='on')


@case
def settings_of_the_region():
    def credits():
        made = launch()['InstanceId']
        return ec2.describe_instance_credit_specifications(InstanceIds=[made])['InstanceCreditSpecifications'][0]['CpuCredits']

    same((ec2.get_default_credit_specification(InstanceFamily='t3')['InstanceFamilyCreditSpecification']['CpuCredits'], credits()), ('unlimited', 'unlimited'))
    changed = ec2.modify_default_credit_specification(InstanceFamily='t3', CpuCredits='standard')['InstanceFamilyCreditSpecification']
    same((changed, credits()), ({'InstanceFamily': 't3', 'CpuCredits': 'standard'}, 'standard'))
    ec2.modify_default_credit_specification(InstanceFamily='t3', CpuCredits='unlimited')
    same(ec2.describe_id_format(Resource='instance')['Statuses'], [{'Resource': 'instance', 'UseLongIds': True}])
    ec2.modify_id_format(Resource='instance', UseLongIds=True)
    same(ec2.describe_aggregate_id_format()['UseLongIdsAggregated'], True)
    noticed = ec2.register_instance_event_notification_attributes(InstanceTagAttribute={'InstanceTagKeys': ['a', 'b']})['InstanceTagAttribute']
    same(noticed, {'InstanceTagKeys': ['a', 'b'], 'IncludeAllTagsOfInstance': False})
    ec2.deregister_instance_event_notification_attributes(InstanceTagAttribute={'InstanceTagKeys': ['a']})
    same(ec2.describe_instance_event_notification_attributes()['InstanceTagAttribute']['InstanceTagKeys'], ['b'])
    refused('InvalidSpotDatafeed.NotFound', ec2.describe_spot_datafeed_subscription)
    feed = ec2.create_spot_datafeed_subscription(Bucket='feed', Prefix='p')['SpotDatafeedSubscription']
    same(feed, {'Bucket': 'feed', 'OwnerId': account, 'Prefix': 'p', 'State': 'Active'})
    same(ec2.describe_spot_datafeed_subscription()['SpotDatafeedSubscription'], feed)
    ec2.delete_spot_datafeed_subscription()
    network = vpc()
    same(ec2.describe_vpc_classic_link(VpcIds=[network])['Vpcs'], [{'VpcId': network, 'ClassicLinkEnabled': False}])
    refused('UnsupportedOperation', ec2.enable_vpc_classic_link, VpcId=network)


@case
def another_root():
    made = launch()['InstanceId']
    ec2.get_waiter('instance_running').wait(InstanceIds=[made])

    def root():
        return instance(made)['BlockDeviceMappings'][0]['Ebs']['VolumeId']

    before = root()
    task = ec2.create_replace_root_volume_task(InstanceId=made, TagSpecifications=tagged('replace-root-volume-task', n='1'))['ReplaceRootVolumeTask']
    same((task['ReplaceRootVolumeTaskId'].startswith('replacevol-'), task['TaskState'], task['Tags']), (True, 'pending', [{'Key': 'n', 'Value': '1'}]))
    assert root() != before
    same(ec2.describe_volumes(VolumeIds=[before])['Volumes'][0]['State'], 'available')
    same([each['TaskState'] for each in ec2.describe_replace_root_volume_tasks(Filters=by('instance-id', made))['ReplaceRootVolumeTasks']], ['succeeded'])
    kept = ec2.create_snapshot(VolumeId=before)['SnapshotId']
    between = root()
    ec2.create_replace_root_volume_task(InstanceId=made, SnapshotId=kept, DeleteReplacedRootVolume=True)
    refused('InvalidVolume.NotFound', ec2.describe_volumes, VolumeIds=[between])
    same(ec2.describe_volumes(VolumeIds=[root()])['Volumes'][0]['SnapshotId'], kept)
    ec2.delete_volume(VolumeId=before)
    copy = ec2.create_image(InstanceId=made, Name='of-it')['ImageId']
    same([each['ImageId'] for each in ec2.get_image_ancestry(ImageId=copy)['ImageAncestryEntries']], [copy, linux])
    same([each['ImageMetadata']['ImageId'] for each in ec2.describe_instance_image_metadata(InstanceIds=[made])['InstanceImageMetadata']], [linux])
    ec2.deregister_image(ImageId=copy)
    ec2.terminate_instances(InstanceIds=[made])
    refused('IncorrectInstanceState', ec2.create_replace_root_volume_task, InstanceId=made)


@case
def who_uses_a_prefix_list():
    made = ec2.create_managed_prefix_list(PrefixListName='l', AddressFamily='IPv4', MaxEntries=2, Entries=[{'Cidr': '10.9.0.0/16'}])['PrefixList']['PrefixListId']
    group = ec2.create_security_group(GroupName='lists', Description='by list', VpcId=vpc())['GroupId']
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[{'IpProtocol': '-1', 'PrefixListIds': [{'PrefixListId': made}]}])
    same(ec2.get_managed_prefix_list_associations(PrefixListId=made)['PrefixListAssociations'], [{'ResourceId': group, 'ResourceOwner': account}])


run()
