"""boto3 against the local EC2: every operation that is built, asked for what nobody has, and by who may nothing. Prints as boto3_cases.py."""

import sys

sys.dont_write_bytecode = True
from ec2_common import *
from witness import something

digits = '0123456789abcdef0'
# By member: what begins an id, and what is said of one that nobody has.
nobody = {
    'AllocationId': ('eipalloc', 'InvalidAllocationID.NotFound'),
    'CapacityReservationId': ('cr', 'InvalidCapacityReservationId.NotFound'),
    'CarrierGatewayId': ('cagw', 'InvalidCarrierGatewayID.NotFound'),
    'ClientVpnEndpointId': ('cvpn-endpoint', 'InvalidClientVpnEndpointId.NotFound'),
    'CustomerGatewayId': ('cgw', 'InvalidCustomerGatewayID.NotFound'),
    'DhcpOptionsId': ('dopt', 'InvalidDhcpOptionID.NotFound'),
    'EgressOnlyInternetGatewayId': ('eigw', 'InvalidGatewayID.NotFound'),
    'ExclusionId': ('vpcbpa-exclude', 'InvalidVpcBlockPublicAccessExclusionId.NotFound'),
    'FlowLogId': ('fl', 'InvalidFlowLogId.NotFound'),
    'GroupId': ('sg', 'InvalidGroup.NotFound'),
    'HostId': ('h', 'InvalidHostID.NotFound'),
    'ImageId': ('ami', 'InvalidAMIID.NotFound'),
    'InstanceConnectEndpointId': ('eice', 'InvalidInstanceConnectEndpointId.NotFound'),
    'InstanceEventWindowId': ('iew', 'InvalidInstanceEventWindowID.NotFound'),
    'InstanceId': ('i', 'InvalidInstanceID.NotFound'),
    'InternetGatewayId': ('igw', 'InvalidInternetGatewayID.NotFound'),
    'IpamId': ('ipam', 'InvalidIpamId.NotFound'),
    'IpamPoolId': ('ipam-pool', 'InvalidIpamPoolId.NotFound'),
    'IpamScopeId': ('ipam-scope', 'InvalidIpamScopeId.NotFound'),
    'LaunchTemplateId': ('lt', 'InvalidLaunchTemplateId.NotFound'),
    'NatGatewayId': ('nat', 'NatGatewayNotFound'),
    'NetworkAclId': ('acl', 'InvalidNetworkAclID.NotFound'),
    'NetworkInterfaceId': ('eni', 'InvalidNetworkInterfaceID.NotFound'),
    'NetworkInterfacePermissionId': ('eni-perm', 'InvalidPermissionID.NotFound'),
    'PrefixListId': ('pl', 'InvalidPrefixListID.NotFound'),
    'ReplaceRootVolumeTaskId': ('replacevol', 'InvalidReplaceRootVolumeTaskId.NotFound'),
    'RouteTableId': ('rtb', 'InvalidRouteTableID.NotFound'),
    'ServiceId': ('vpce-svc', 'InvalidVpcEndpointServiceId.NotFound'),
    'SnapshotId': ('snap', 'InvalidSnapshot.NotFound'),
    'SpotInstanceRequestId': ('sir', 'InvalidSpotInstanceRequestID.NotFound'),
    'SubnetCidrReservationId': ('scr', 'InvalidSubnetCidrReservationID.NotFound'),
    'SubnetId': ('subnet', 'InvalidSubnetID.NotFound'),
    'TrafficMirrorFilterId': ('tmf', 'InvalidTrafficMirrorFilterId.NotFound'),
    'TrafficMirrorFilterRuleId': ('tmfr', 'InvalidTrafficMirrorFilterRuleId.NotFound'),
    'TrafficMirrorSessionId': ('tms', 'InvalidTrafficMirrorSessionId.NotFound'),
    'TrafficMirrorTargetId': ('tmt', 'InvalidTrafficMirrorTargetId.NotFound'),
    'TransitGatewayAttachmentId': ('tgw-attach', 'InvalidTransitGatewayAttachmentID.NotFound'),
    'TransitGatewayConnectPeerId': ('tgw-connect-peer', 'InvalidTransitGatewayConnectPeerID.NotFound'),
    'TransitGatewayId': ('tgw', 'InvalidTransitGatewayID.NotFound'),
    'TransitGatewayMulticastDomainId': ('tgw-mcast-domain', 'InvalidTransitGatewayMulticastDomainId.NotFound'),
    'TransitGatewayRouteTableId': ('tgw-rtb', 'InvalidRouteTableID.NotFound'),
    'VolumeId': ('vol', 'InvalidVolume.NotFound'),
    'VpcEndpointId': ('vpce', 'InvalidVpcEndpointId.NotFound'),
    'VpcId': ('vpc', 'InvalidVpcID.NotFound'),
    'VpcPeeringConnectionId': ('pcx', 'InvalidVpcPeeringConnectionID.NotFound'),
    'VpnConnectionId': ('vpn', 'InvalidVpnConnectionID.NotFound'),
    'VpnGatewayId': ('vgw', 'InvalidVpnGatewayID.NotFound'),
}
other_names = {'SecurityGroupId': 'GroupId', 'PeerVpcId': 'VpcId', 'SourceImageId': 'ImageId', 'SourceSnapshotId': 'SnapshotId', 'TransportTransitGatewayAttachmentId': 'TransitGatewayAttachmentId'}


def kind_of(member):
    """`VpcIds` and `PeerVpcId` are VPCs; None where a member holds no id of the table."""
    singular = member[:-1] if member.endswith('Ids') else member
    name = other_names.get(singular, singular)
    return name if name in nobody else None


def known(name, shape):
    """The id of nothing, where a member holds one; a block of addresses."""
    if kind_of(name):
        value = f'{nobody[kind_of(name)][0]}-{digits}'
        return [value] if shape.type_name == 'list' else value
    return '10.0.0.0/24' if shape.type_name == 'string' and 'Cidr' in name else None


def asked(model):
    """What is required, with the first id where none is."""
    if not model.input_shape:
        return {}
    members = model.input_shape.members
    given = {name: something(name, members[name], known) for name in model.input_shape.required_members}
    if not any(kind_of(name) for name in given):
        for name in members:
            if kind_of(name):
                return {**given, name: something(name, members[name], known)}
    return given




# Where something else must be named than the first id, or more than the model requires.
more = {
    'AllocateHosts': {'AvailabilityZone': 'us-east-1a'},
    'AssociateIamInstanceProfile': {'IamInstanceProfile': {'Name': 'x'}},
    'AssociateSubnetCidrBlock': {'Ipv6CidrBlock': '2001:db8::/64'},
    'CreateFlowLogs': {'ResourceIds': [f'vpc-{digits}'], 'TrafficType': 'ALL', 'LogDestinationType': 's3', 'LogDestination': 'arn:aws:s3:::x'},
    'CreateImage': {'Name': 'an-image'},
    'CreateLaunchTemplateVersion': {'LaunchTemplateData': {'InstanceType': 't3.micro'}},
    'CreateManagedPrefixList': {'AddressFamily': 'IPv5'},
    'GetCapacityManagerMetricData': {'Period': 3600},
    'CreateNatGateway': {'SubnetId': f'subnet-{digits}'},
    'CreateVolume': {'AvailabilityZone': 'us-east-1a'},
    'CreateVpcEndpoint': {'ServiceName': 'com.amazonaws.us-east-1.s3'},
    'CreateVpcPeeringConnection': {'PeerVpcId': f'vpc-{digits}'},
    'CreateVpnConnection': {'Type': 'ipsec.1', 'VpnGatewayId': f'vgw-{digits}'},
    'DescribePlacementGroups': {'GroupIds': [f'pg-{digits}']},
    'DisableFastSnapshotRestores': {'AvailabilityZones': ['us-east-1a']},
    'EnableFastSnapshotRestores': {'AvailabilityZones': ['us-east-1a']},
    'ModifyAddressAttribute': {'DomainName': 'example.com'},
    'ModifyInstanceCapacityReservationAttributes': {'CapacityReservationSpecification': {'CapacityReservationPreference': 'none'}},
    'ModifyVpcAttribute': {'EnableDnsSupport': {'Value': True}},
    'RegisterImage': {'Name': 'an-image'},
    'ReplaceIamInstanceProfileAssociation': {'IamInstanceProfile': {'Name': 'x'}},
    'ReportInstanceStatus': {'Instances': [f'i-{digits}']},
}
# What else is said, by operation.
told = {
    'AcceptAddressTransfer': 'InvalidTransfer.AddressNotFound',
    'AllocateAddress': 'NotImplemented',
    'AllocateHosts': 'InvalidParameterCombination',
    'AttachClassicLinkVpc': 'UnsupportedOperation',
    'CreateCapacityReservation': 'InvalidParameterValue',
    'CreateClientVpnEndpoint': 'MissingParameter',
    'CreateCustomerGateway': 'MissingParameter',
    'CreateDefaultSubnet': 'DefaultSubnetAlreadyExistsInAvailabilityZone',
    'CreateDefaultVpc': 'DefaultVpcAlreadyExists',
    'CreateDhcpOptions': 'MissingParameter',
    'CreateFleet': 'MissingParameter',
    'CreateFlowLogs': 'InvalidVpcID.NotFound',
    'CreateInstanceEventWindow': 'MissingParameter',
    'CreateLaunchTemplate': 'MissingParameter',
    'CreateManagedPrefixList': 'InvalidParameterValue',
    'CreatePlacementGroup': 'MissingParameter',
    'CreateSnapshots': 'InvalidInstanceID.NotFound',
    'CreateTags': 'MissingParameter',
    'CreateVpc': 'MissingParameter',
    'CreateVpcEndpointServiceConfiguration': 'InvalidParameter',
    'DeleteKeyPair': 'MissingParameter',
    'DeletePlacementGroup': 'InvalidPlacementGroup.Unknown',
    'DeleteTags': 'InvalidID',
    'DeregisterInstanceEventNotificationAttributes': 'MissingParameter',
    'DescribeFleetHistory': 'InvalidFleetId.NotFound',
    'DescribeFleetInstances': 'InvalidFleetId.NotFound',
    'DescribePlacementGroups': 'InvalidPlacementGroup.Unknown',
    'DescribePrefixLists': 'InvalidPrefixListId.NotFound',
    'DescribeSpotDatafeedSubscription': 'InvalidSpotDatafeed.NotFound',
    'DescribeSpotFleetInstances': 'InvalidSpotFleetRequestId.NotFound',
    'DescribeSpotFleetRequestHistory': 'InvalidSpotFleetRequestId.NotFound',
    'DetachClassicLinkVpc': 'UnsupportedOperation',
    'DetachNetworkInterface': 'InvalidAttachmentID.NotFound',
    'DisableVpcClassicLink': 'UnsupportedOperation',
    'DisableVpcClassicLinkDnsSupport': 'UnsupportedOperation',
    'DisassociateAddress': 'MissingParameter',
    'DisassociateIamInstanceProfile': 'InvalidAssociationID.NotFound',
    'DisassociateRouteTable': 'InvalidAssociationID.NotFound',
    'DisassociateSubnetCidrBlock': 'InvalidSubnetCidrBlockAssociationID.NotFound',
    'DisassociateVpcCidrBlock': 'InvalidVpcCidrBlockAssociationIdError.NotFound',
    'EnableVpcClassicLink': 'UnsupportedOperation',
    'EnableVpcClassicLinkDnsSupport': 'UnsupportedOperation',
    'ImportKeyPair': 'InvalidKeyPair.Duplicate',
    'ModifyDefaultCreditSpecification': 'InvalidParameterValue',
    'ModifyFleet': 'InvalidFleetId.NotFound',
    'ModifyIdFormat': 'InvalidParameterValue',
    'ModifyIdentityIdFormat': 'InvalidParameterValue',
    'ModifySpotFleetRequest': 'InvalidSpotFleetRequestId.NotFound',
    'MoveAddressToVpc': 'UnsupportedOperation',
    'RegisterImage': 'InvalidBlockDeviceMapping',
    'RegisterInstanceEventNotificationAttributes': 'MissingParameter',
    'ReplaceIamInstanceProfileAssociation': 'InvalidAssociationID.NotFound',
    'ReplaceRouteTableAssociation': 'InvalidAssociationID.NotFound',
    'ReportInstanceStatus': 'InvalidInstanceID.NotFound',
    'RequestSpotFleet': 'MissingParameter',
    'RequestSpotInstances': 'MissingParameter',
    'RestoreAddressToClassic': 'UnsupportedOperation',
}
# These tell of each that they were given apart, and what they could not do.
apart = {
    'CancelSpotFleetRequests': ('UnsuccessfulFleetRequests', 'fleetRequestIdDoesNotExist'),
    'DeleteFleets': ('UnsuccessfulFleetDeletions', 'fleetIdDoesNotExist'),
    'DeleteVpcEndpointServiceConfigurations': ('Unsuccessful', 'InvalidVpcEndpointService.NotFound'),
    'DeleteVpcEndpoints': ('Unsuccessful', 'InvalidVpcEndpoint.NotFound'),
    'ModifyHosts': ('Unsuccessful', 'InvalidHostID.NotFound'),
    'ModifyInstanceCreditSpecification': ('UnsuccessfulInstanceCreditSpecifications', 'InvalidInstanceID.NotFound'),
    'ReleaseHosts': ('Unsuccessful', 'InvalidHostID.NotFound'),
}
# These are passed over in silence.
unnoticed = {'DescribeClassicLinkInstances', 'DescribeEgressOnlyInternetGateways'}


def answer(caller, name, given):
    """The code of a refusal, None where there was none; and what was answered."""
    try:
        return None, getattr(caller, xform_name(name))(**given)
    except ClientError as error:
        return error.response['Error']['Code'], error.response['Error'].get('Message', '')


def is_wrong(name, given, code, answered):
    """What is wrong with the answer of an operation, if anything."""
    named = {nobody[kind_of(each)][1] for each in given if kind_of(each)}
    if name in told:
        return None if code == told[name] else f'{name}: {code} {answered}, not {told[name]}'
    if name in apart:
        member, reason = apart[name]
        return None if code is None and [each['Error']['Code'] for each in answered[member]] == [reason] else f'{name}: {code} {answered}'
    if code == 'NotImplemented' and ' by ' in answered:
        # Nobody can make any of these here.
        code, answered = answer(ec2, name, {each: value for each, value in given.items() if not kind_of(each)})
        lists = [value for member, value in answered.items() if isinstance(value, list)] if code is None else [None]
        return None if lists == [[]] else f'{name}: {code} {answered}'
    if named and name not in unnoticed:
        return None if code in named else f'{name}: {code} {answered}, not one of {named}'
    return None if code is None else f'{name}: {code} {answered}'


@case
def every_operation_refuses_what_nobody_has():
    powerless = client(keys=user(f'nobody-{os.getpid()}'))
    wrong, built = [], 0
    for name in ec2.meta.service_model.operation_names:
        given = {**asked(ec2.meta.service_model.operation_model(name)), **more.get(name, {})}
        code, message = answer(powerless, name, given)
        # Who may nothing is told so first, whether it is built or not, and what it would take.
        if code != 'UnauthorizedOperation' or f'is not authorized to perform: ec2:{name} ' not in message:
            wrong.append(f'{name} for who may nothing: {code} {message}')
        code, answered = answer(ec2, name, given)
        if code == 'NotImplemented' and answered == f'The local AWS has no ec2 {name} yet.':
            continue
        built += 1
        wrong += [each for each in [is_wrong(name, given, code, answered)] if each]
    assert wrong == [], '; '.join(wrong)
    assert built >= 507, built


@case
def what_no_other_case_asks():
    part = ec2.describe_subnets(Filters=by('default-for-az', 'true') + by('availability-zone', 'us-east-1c'))['Subnets'][0]['SubnetId']
    ec2.delete_subnet(SubnetId=part)
    again = ec2.create_default_subnet(AvailabilityZone='us-east-1c')['Subnet']
    same((again['DefaultForAz'], again['MapPublicIpOnLaunch'], again['AvailabilityZone']), (True, True, 'us-east-1c'))

    group = ec2.create_security_group(GroupName='out', Description='out')['GroupId']
    rule = {'IpProtocol': 'tcp', 'FromPort': 443, 'ToPort': 443, 'IpRanges': [{'CidrIp': '10.0.0.0/8'}]}
    [made] = ec2.authorize_security_group_egress(GroupId=group, IpPermissions=[rule])['SecurityGroupRules']
    same((made['IsEgress'], made['CidrIpv4'], made['FromPort']), (True, '10.0.0.0/8', 443))
    refused('InvalidPermission.Duplicate', ec2.authorize_security_group_egress, GroupId=group, IpPermissions=[rule])
    ec2.delete_security_group(GroupId=group)

    one = launch()['InstanceId']
    refused('IncorrectInstanceState', ec2.modify_instance_capacity_reservation_attributes, InstanceId=one, CapacityReservationSpecification={'CapacityReservationPreference': 'none'})
    refused('IncorrectInstanceState', ec2.modify_instance_network_performance_options, InstanceId=one, BandwidthWeighting='vpc-1')
    ec2.stop_instances(InstanceIds=[one])
    same(ec2.modify_instance_network_performance_options(InstanceId=one, BandwidthWeighting='vpc-1')['BandwidthWeighting'], 'vpc-1')

    ec2.modify_instance_capacity_reservation_attributes(InstanceId=one, CapacityReservationSpecification={'CapacityReservationPreference': 'none'})
    same(instance(one)['CapacityReservationSpecification']['CapacityReservationPreference'], 'none')

    balancer = f'arn:aws:elasticloadbalancing:us-east-1:{account}:loadbalancer/net/one/0123456789abcdef'
    service = ec2.create_vpc_endpoint_service_configuration(NetworkLoadBalancerArns=[balancer], PrivateDnsName='api.example.com')['ServiceConfiguration']['ServiceId']
    same(ec2.start_vpc_endpoint_service_private_dns_verification(ServiceId=service)['ReturnValue'], True)
    same(ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service])['ServiceConfigurations'][0]['PrivateDnsNameConfiguration']['State'], 'failed')
    same(ec2.modify_vpc_endpoint_service_payer_responsibility(ServiceId=service, PayerResponsibility='ServiceOwner')['ReturnValue'], True)
    same(ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[service])['ServiceConfigurations'][0]['PayerResponsibility'], 'ServiceOwner')
    ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[service])

    gateway = ec2.create_transit_gateway(Options={'DefaultRouteTableAssociation': 'disable'})['TransitGateway']['TransitGatewayId']
    network = vpc()
    at = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=network, SubnetIds=[subnet(network)])['TransitGatewayVpcAttachment']['TransitGatewayAttachmentId']
    # Nothing waits to be accepted where both are one account's.
    for call in (ec2.accept_transit_gateway_vpc_attachment, ec2.reject_transit_gateway_vpc_attachment):
        refused('IncorrectState', call, TransitGatewayAttachmentId=at)
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=at)
    ec2.delete_transit_gateway(TransitGatewayId=gateway)

    me = f'arn:aws:iam::{account}:root'
    same([(each['Resource'], each['UseLongIds']) for each in ec2.describe_identity_id_format(PrincipalArn=me, Resource='vpc')['Statuses']], [('vpc', True)])
    ec2.modify_identity_id_format(PrincipalArn=me, Resource='vpc', UseLongIds=True)
    same(ec2.describe_principal_id_format(Resources=['vpc'])['Principals'], [])
    for call in (ec2.describe_classic_link_instances, ec2.describe_moving_addresses):
        same([value for value in call().values() if isinstance(value, list)], [[]])


@case
def instance_types_by_what_they_have():
    def types(**asked):
        machine = {'ArchitectureTypes': asked.pop('on', ['x86_64']), 'VirtualizationTypes': ['hvm']}
        asked = {'VCpuCount': {'Min': 2, 'Max': 2}, 'MemoryMiB': {'Min': 4096, 'Max': 4096}, **asked}
        return [each['InstanceType'] for each in ec2.get_instance_types_from_instance_requirements(**machine, InstanceRequirements=asked)['InstanceTypes']]

    usual = types(CpuManufacturers=['intel'], InstanceGenerations=['current'], LocalStorage='excluded')
    assert {'c5.large', 'c6i.large', 'c7i.large'} <= set(usual) and not {'t3.medium', 'c5d.large', 'c6a.large', 'c4.large'} & set(usual), usual
    for asked, wanted in [
        ({'BurstablePerformance': 'required'}, ['t2.medium', 't3.medium', 't3a.medium']),
        ({'on': ['arm64'], 'AllowedInstanceTypes': ['c6g*.*', 'm*'], 'LocalStorage': 'required', 'LocalStorageTypes': ['ssd']}, ['c6gd.large']),
        ({'AllowedInstanceTypes': ['c5*.large'], 'RequireEncryptionInTransit': True}, ['c5a.large', 'c5ad.large']),
        ({'VCpuCount': {'Min': 1}, 'MemoryMiB': {'Min': 1}, 'AcceleratorNames': ['v100'], 'AcceleratorCount': {'Max': 4}}, ['p3.2xlarge', 'p3.8xlarge']),
        ({'VCpuCount': {'Min': 1}, 'MemoryMiB': {'Min': 1}, 'AcceleratorTypes': ['fpga'], 'ExcludedInstanceTypes': ['f1*']}, ['f2.12xlarge', 'f2.48xlarge', 'f2.6xlarge']),
        ({'VCpuCount': {'Min': 1}, 'MemoryMiB': {'Min': 1}, 'BareMetal': 'required', 'AllowedInstanceTypes': ['a1.*']}, []),
        ({'on': ['arm64'], 'VCpuCount': {'Min': 1}, 'MemoryMiB': {'Min': 1}, 'BareMetal': 'required', 'AllowedInstanceTypes': ['a1.*']}, ['a1.metal']),
    ]:
        same(types(**asked), wanted, asked)
    ask = {'ArchitectureTypes': ['x86_64'], 'VirtualizationTypes': ['hvm']}
    least = {'VCpuCount': {'Min': 1}, 'MemoryMiB': {'Min': 1}}
    for asked, code, status in [
        ({'VCpuCount': {'Min': 4, 'Max': 2}}, 'InvalidParameterValue', 400),
        ({'AllowedInstanceTypes': ['a*'], 'ExcludedInstanceTypes': ['b*']}, 'InvalidParameterCombination', 400),
        ({'SpotMaxPricePercentageOverLowestPrice': 20}, 'NotImplemented', 501),
    ]:
        refused(code, ec2.get_instance_types_from_instance_requirements, status, **ask, InstanceRequirements={**least, **asked})
    page = ec2.get_instance_types_from_instance_requirements(**ask, InstanceRequirements=least, MaxResults=7)
    same((len(page['InstanceTypes']), 'NextToken' in page), (7, True))


run()
