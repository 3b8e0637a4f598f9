"""boto3 against the local EC2: fleets, hosts, reservations, what is mirrored and offered to others. Prints as boto3_cases.py."""

import sys
from datetime import datetime

sys.dont_write_bytecode = True
from ec2_common import *


def default_subnet():
    return ec2.describe_subnets(Filters=by('availability-zone', 'us-east-1a') + by('default-for-az', 'true'))['Subnets'][0]['SubnetId']


@case
def fleets():
    template = ec2.create_launch_template(LaunchTemplateName='fleet', LaunchTemplateData={'ImageId': linux, 'InstanceType': 't3.small'})['LaunchTemplate']['LaunchTemplateId']
    named = {'LaunchTemplateId': template, 'Version': '$Latest'}
    configs = [{'LaunchTemplateSpecification': named, 'Overrides': [{'InstanceType': 't3.large', 'SubnetId': default_subnet()}, {'InstanceType': 't3.micro', 'WeightedCapacity': 2}]}]
    target = {'TotalTargetCapacity': 3, 'OnDemandTargetCapacity': 1, 'DefaultTargetCapacityType': 'spot'}
    id = ec2.create_fleet(LaunchTemplateConfigs=configs, TargetCapacitySpecification=target, TagSpecifications=tagged('fleet', n='1'))['FleetId']
    assert id.startswith('fleet-') and len(id) == 42, id
    fleet = ec2.describe_fleets(FleetIds=[id])['Fleets'][0]
    same((fleet['FleetState'], fleet['Type'], fleet['FulfilledCapacity'], fleet['FulfilledOnDemandCapacity'], fleet['Tags']), ('active', 'maintain', 4.0, 2.0, [{'Key': 'n', 'Value': '1'}]))
    same(fleet['TargetCapacitySpecification'], {'TotalTargetCapacity': 3, 'OnDemandTargetCapacity': 1, 'SpotTargetCapacity': 2, 'DefaultTargetCapacityType': 'spot'})
    # As AWS's example of describe-fleets has them; Terraform compares.
    same(fleet['SpotOptions'], {'AllocationStrategy': 'lowestPrice', 'InstanceInterruptionBehavior': 'terminate', 'InstancePoolsToUseCount': 1})
    same(fleet['OnDemandOptions'], {'AllocationStrategy': 'lowestPrice'})
    active = ec2.describe_fleet_instances(FleetId=id)['ActiveInstances']
    same(([each['InstanceType'] for each in active], ['SpotInstanceRequestId' in each for each in active]), (['t3.micro', 't3.micro'], [False, True]))
    assert {'Key': 'aws:ec2:fleet-id', 'Value': id} in instance(active[0]['InstanceId'])['Tags']
    same(ec2.describe_fleet_history(FleetId=id, StartTime=datetime(2020, 1, 1), EventType='instance-change')['HistoryRecords'][0]['EventInformation']['EventSubType'], 'launched')
    ec2.create_tags(Resources=[id], Tags=[{'Key': 'm', 'Value': '2'}])
    same(ids(ec2.describe_tags(Filters=by('resource-type', 'fleet'))['Tags'], 'Key'), ['m', 'n'])
    ec2.modify_fleet(FleetId=id, TargetCapacitySpecification={'TotalTargetCapacity': 6})
    same(len(ec2.describe_fleet_instances(FleetId=id)['ActiveInstances']), 3)
    deleted = ec2.delete_fleets(FleetIds=[id, 'fleet-1'], TerminateInstances=True)
    same(deleted['SuccessfulFleetDeletions'], [{'CurrentFleetState': 'deleted_terminating', 'PreviousFleetState': 'active', 'FleetId': id}])
    same(deleted['UnsuccessfulFleetDeletions'][0]['Error']['Code'], 'fleetIdDoesNotExist')
    same((ec2.describe_fleets()['Fleets'][0]['FleetState'], ec2.describe_fleet_instances(FleetId=id)['ActiveInstances']), ('deleted', []))
    wrong = [{'LaunchTemplateSpecification': named, 'Overrides': [{'SubnetId': 'subnet-0123456789abcdef0'}]}]
    failed = ec2.create_fleet(Type='instant', LaunchTemplateConfigs=wrong, TargetCapacitySpecification={'TotalTargetCapacity': 1})
    same((failed['Instances'], failed['Errors'][0]['ErrorCode'], failed['Errors'][0]['Lifecycle']), ([], 'InvalidSubnetID.NotFound', 'on-demand'))
    made = ec2.create_fleet(Type='instant', LaunchTemplateConfigs=[{'LaunchTemplateSpecification': named}], TargetCapacitySpecification={'TotalTargetCapacity': 2})
    same((made['Errors'], [len(each['InstanceIds']) for each in made['Instances']], made['Instances'][0]['InstanceType']), ([], [2], 't3.small'))
    same(ec2.delete_fleets(FleetIds=[made['FleetId']], TerminateInstances=False)['UnsuccessfulFleetDeletions'][0]['Error']['Code'], 'fleetNotInDeletableState')
    refused('InvalidLaunchTemplateId.NotFound', ec2.create_fleet, LaunchTemplateConfigs=[{'LaunchTemplateSpecification': {'LaunchTemplateId': 'lt-0123456789abcdef0', 'Version': '1'}}], TargetCapacitySpecification={'TotalTargetCapacity': 1})
    ec2.delete_launch_template(LaunchTemplateId=template)


@case
def spot_fleets():
    part = default_subnet()
    small = {'ImageId': linux, 'InstanceType': 't2.small', 'SubnetId': part, 'WeightedCapacity': 2.0}
    large = {'ImageId': linux, 'InstanceType': 't2.large', 'SubnetId': part, 'WeightedCapacity': 4.0}

    def asked(strategy):
        config = {'SpotPrice': '0.12', 'TargetCapacity': 6, 'IamFleetRole': f'arn:aws:iam::{account}:role/fleet', 'AllocationStrategy': strategy, 'LaunchSpecifications': [small, large]}
        return ec2.request_spot_fleet(SpotFleetRequestConfig=config)['SpotFleetRequestId']

    def now(id):
        config = ec2.describe_spot_fleet_requests(SpotFleetRequestIds=[id])['SpotFleetRequestConfigs'][0]['SpotFleetRequestConfig']
        return len(ec2.describe_spot_fleet_instances(SpotFleetRequestId=id)['ActiveInstances']), config['FulfilledCapacity']

    one, two = asked('lowestPrice'), asked('diversified')
    same((now(one), now(two)), ((3, 6.0), (2, 6.0)))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=one, TargetCapacity=7)
    same(now(one), (4, 8.0))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=one, TargetCapacity=1, ExcessCapacityTerminationPolicy='noTermination')
    same(now(one), (4, 8.0))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=one, TargetCapacity=1)
    same(now(one), (1, 2.0))
    ec2.modify_spot_fleet_request(SpotFleetRequestId=two, TargetCapacity=19)
    same(now(two), (7, 20.0))
    same(len(ec2.describe_spot_fleet_request_history(SpotFleetRequestId=two, StartTime=datetime(2020, 1, 1), EventType='instanceChange')['HistoryRecords']), 7)
    states = [each['CurrentSpotFleetRequestState'] for each in ec2.cancel_spot_fleet_requests(SpotFleetRequestIds=[one, two], TerminateInstances=True)['SuccessfulFleetRequests']]
    same((states, now(two)), (['cancelled_terminating'] * 2, (0, 0.0)))
    refused('InvalidSpotFleetRequestId.NotFound', ec2.describe_spot_fleet_requests, SpotFleetRequestIds=['sfr-1'])


@case
def dedicated_hosts():
    [id] = ec2.allocate_hosts(AvailabilityZone='us-east-1a', InstanceType='m5.large', Quantity=1, AutoPlacement='off', TagSpecifications=tagged('dedicated-host', n='1'))['HostIds']
    host = ec2.describe_hosts(Filter=by('tag:n', '1') + by('instance-type', 'm5.large'))['Hosts'][0]
    same((host['HostProperties'], host['State'], host['AutoPlacement']), ({'Cores': 48, 'InstanceType': 'm5.large', 'Sockets': 2, 'TotalVCpus': 96}, 'available', 'off'))
    made = launch(InstanceType='m5.large', Placement={'HostId': id, 'Tenancy': 'host', 'AvailabilityZone': 'us-east-1a'})
    same((made['Placement']['HostId'], made['Placement']['Tenancy']), (id, 'host'))
    host = ec2.describe_hosts(HostIds=[id])['Hosts'][0]
    same((ids(host['Instances'], 'InstanceId'), host['AvailableCapacity']['AvailableVCpus']), ([made['InstanceId']], 94))
    occupied = ec2.release_hosts(HostIds=[id])
    same((occupied['Successful'], occupied['Unsuccessful'][0]['ResourceId']), ([], id))
    refused('InsufficientHostCapacity', launch, InstanceType='m5.large', Placement={'Tenancy': 'host'})
    same(ec2.modify_hosts(HostIds=[id], AutoPlacement='on', InstanceFamily='m5')['Successful'], [id])
    second = launch(InstanceType='m5.xlarge', Placement={'Tenancy': 'host', 'AvailabilityZone': 'us-east-1a'})
    same(second['Placement']['HostId'], id)
    ec2.terminate_instances(InstanceIds=[made['InstanceId'], second['InstanceId']])
    ec2.describe_instances()
    same(ec2.release_hosts(HostIds=[id])['Successful'], [id])
    same(ec2.describe_hosts(HostIds=[id])['Hosts'][0]['State'], 'released')
    refused('InvalidParameterCombination', ec2.allocate_hosts, AvailabilityZone='us-east-1a', InstanceType='m5.large', InstanceFamily='m5', Quantity=1)
    refused('InvalidHostID.NotFound', ec2.describe_hosts, HostIds=['h-0123456789abcdef0'])


@case
def capacity_reservations():
    asked = {'InstanceType': 'm5.large', 'InstancePlatform': 'Linux/UNIX', 'AvailabilityZone': 'us-east-1a', 'InstanceCount': 2}
    made = ec2.create_capacity_reservation(**asked, TagSpecifications=tagged('capacity-reservation', n='1'))['CapacityReservation']
    id = made['CapacityReservationId']
    same((made['State'], made['EndDateType'], made['AvailableInstanceCount'], made['InstanceMatchCriteria']), ('active', 'unlimited', 2, 'open'))
    there = {'AvailabilityZone': 'us-east-1a'}
    same(launch(InstanceType='m5.large', Placement=there)['CapacityReservationId'], id)
    assert 'CapacityReservationId' not in launch(InstanceType='m5.large', Placement=there, CapacityReservationSpecification={'CapacityReservationPreference': 'none'})
    usage = ec2.get_capacity_reservation_usage(CapacityReservationId=id)
    same((usage['AvailableInstanceCount'], usage['InstanceUsages']), (1, [{'AccountId': account, 'UsedInstanceCount': 1}]))
    same(ids(ec2.describe_capacity_reservations(Filters=by('state', 'active') + by('instance-type', 'm5.large'))['CapacityReservations'], 'CapacityReservationId'), [id])
    targeted = {'CapacityReservationTarget': {'CapacityReservationId': id}}
    refused('ReservationCapacityExceeded', launch, InstanceType='c5.large', Placement=there, CapacityReservationSpecification=targeted)
    ec2.modify_capacity_reservation(CapacityReservationId=id, InstanceCount=5, EndDate=datetime(2099, 1, 1), EndDateType='limited')
    found = ec2.describe_capacity_reservations(CapacityReservationIds=[id])['CapacityReservations'][0]
    same((found['TotalInstanceCount'], found['EndDate'].year), (5, 2099))
    same(ec2.get_groups_for_capacity_reservation(CapacityReservationId=id)['CapacityReservationGroups'], [])
    ec2.cancel_capacity_reservation(CapacityReservationId=id)
    refused('InvalidCapacityReservationState', ec2.cancel_capacity_reservation, CapacityReservationId=id)
    refused('InvalidParameterCombination', ec2.create_capacity_reservation, **asked, EndDateType='limited')


@case
def instance_connect_endpoints_and_event_windows():
    network = vpc()
    part = subnet(network)
    made = ec2.create_instance_connect_endpoint(SubnetId=part)['InstanceConnectEndpoint']
    id = made['InstanceConnectEndpointId']
    same((made['State'], made['VpcId'], len(made['NetworkInterfaceIds'])), ('create-in-progress', network, 1))
    found = ec2.describe_instance_connect_endpoints(Filters=by('vpc-id', network))['InstanceConnectEndpoints'][0]
    same((found['State'], found['DnsName'].startswith(f'{id}.'), found['PreserveClientIp']), ('create-complete', True, False))
    refused('InstanceConnectEndpointLimitExceeded', ec2.create_instance_connect_endpoint, SubnetId=part)
    ec2.modify_instance_connect_endpoint(InstanceConnectEndpointId=id, PreserveClientIp=True)
    same(ec2.delete_instance_connect_endpoint(InstanceConnectEndpointId=id)['InstanceConnectEndpoint']['State'], 'delete-in-progress')
    refused('InvalidInstanceConnectEndpointId.NotFound', ec2.describe_instance_connect_endpoints, InstanceConnectEndpointIds=[id])
    window = ec2.create_instance_event_window(Name='w', CronExpression='* 21-23 * * 2,3')['InstanceEventWindow']['InstanceEventWindowId']
    target = {'InstanceIds': [launch()['InstanceId']]}
    same(ec2.associate_instance_event_window(InstanceEventWindowId=window, AssociationTarget=target)['InstanceEventWindow']['AssociationTarget']['InstanceIds'], target['InstanceIds'])
    hours = [{'StartWeekDay': 'monday', 'StartHour': 2, 'EndWeekDay': 'monday', 'EndHour': 8}]
    ec2.modify_instance_event_window(InstanceEventWindowId=window, TimeRanges=hours)
    found = ec2.describe_instance_event_windows(Filters=by('event-window-name', 'w'))['InstanceEventWindows'][0]
    same((found['TimeRanges'], 'CronExpression' in found, found['State']), (hours, False, 'active'))
    refused('InvalidInstanceEventWindowState', ec2.delete_instance_event_window, InstanceEventWindowId=window)
    ec2.disassociate_instance_event_window(InstanceEventWindowId=window, AssociationTarget=target)
    same(ec2.delete_instance_event_window(InstanceEventWindowId=window)['InstanceEventWindowState']['State'], 'deleting')
    refused('InvalidParameterValue', ec2.create_instance_event_window, TimeRanges=[{**hours[0], 'EndHour': 5}])


@case
def mirrors():
    eni = launch()['NetworkInterfaces'][0]['NetworkInterfaceId']
    made = ec2.create_traffic_mirror_filter(Description='d', TagSpecifications=tagged('traffic-mirror-filter', n='1'))['TrafficMirrorFilter']
    filter = made['TrafficMirrorFilterId']
    everywhere = {'DestinationCidrBlock': '0.0.0.0/0', 'SourceCidrBlock': '0.0.0.0/0'}
    rule = ec2.create_traffic_mirror_filter_rule(TrafficMirrorFilterId=filter, TrafficDirection='ingress', RuleNumber=1, RuleAction='accept', Protocol=6, **everywhere)['TrafficMirrorFilterRule']['TrafficMirrorFilterRuleId']
    refused('TrafficMirrorFilterRuleAlreadyExists', ec2.create_traffic_mirror_filter_rule, TrafficMirrorFilterId=filter, TrafficDirection='ingress', RuleNumber=1, RuleAction='accept', **everywhere)
    changed = ec2.modify_traffic_mirror_filter_rule(TrafficMirrorFilterRuleId=rule, RuleAction='reject', RemoveFields=['protocol'])['TrafficMirrorFilterRule']
    same((changed['RuleAction'], 'Protocol' in changed), ('reject', False))
    ec2.modify_traffic_mirror_filter_network_services(TrafficMirrorFilterId=filter, AddNetworkServices=['amazon-dns'])
    found = ec2.describe_traffic_mirror_filters(Filters=by('tag:n', '1'))['TrafficMirrorFilters'][0]
    same((len(found['IngressFilterRules']), found['EgressFilterRules'], found['NetworkServices']), (1, [], ['amazon-dns']))
    same(ids(ec2.describe_traffic_mirror_filter_rules(Filters=by('rule-action', 'reject'))['TrafficMirrorFilterRules'], 'TrafficMirrorFilterRuleId'), [rule])
    refused('InvalidInput', ec2.create_traffic_mirror_target)
    target = ec2.create_traffic_mirror_target(NetworkInterfaceId=eni)['TrafficMirrorTarget']
    same((target['Type'], target['OwnerId']), ('network-interface', account))
    both = {'NetworkInterfaceId': eni, 'TrafficMirrorTargetId': target['TrafficMirrorTargetId'], 'TrafficMirrorFilterId': filter}
    session = ec2.create_traffic_mirror_session(**both, SessionNumber=1)['TrafficMirrorSession']['TrafficMirrorSessionId']
    refused('InvalidParameterCombination', ec2.create_traffic_mirror_session, **both, SessionNumber=1)
    same(ec2.modify_traffic_mirror_session(TrafficMirrorSessionId=session, PacketLength=100)['TrafficMirrorSession']['PacketLength'], 100)
    same(ids(ec2.describe_traffic_mirror_sessions(Filters=by('session-number', 1))['TrafficMirrorSessions'], 'TrafficMirrorSessionId'), [session])
    refused('TrafficMirrorTargetInUse', ec2.delete_traffic_mirror_target, TrafficMirrorTargetId=target['TrafficMirrorTargetId'])
    ec2.delete_traffic_mirror_session(TrafficMirrorSessionId=session)
    ec2.delete_traffic_mirror_target(TrafficMirrorTargetId=target['TrafficMirrorTargetId'])
    same(ec2.describe_traffic_mirror_targets()['TrafficMirrorTargets'], [])
    ec2.delete_traffic_mirror_filter_rule(TrafficMirrorFilterRuleId=rule)
    ec2.delete_traffic_mirror_filter(TrafficMirrorFilterId=filter)
    refused('InvalidTrafficMirrorFilterId.NotFound', ec2.delete_traffic_mirror_filter, TrafficMirrorFilterId=filter)


@case
def services_for_others():
    balancer = f'arn:aws:elasticloadbalancing:us-east-1:{account}:loadbalancer/net/a/1'
    made = ec2.create_vpc_endpoint_service_configuration(NetworkLoadBalancerArns=[balancer], TagSpecifications=tagged('vpc-endpoint-service', n='1'))['ServiceConfiguration']
    id, name = made['ServiceId'], made['ServiceName']
    same((name, made['AcceptanceRequired'], made['ServiceType']), (f'com.amazonaws.vpce.us-east-1.{id}', True, [{'ServiceType': 'Interface'}]))
    ec2.modify_vpc_endpoint_service_permissions(ServiceId=id, AddAllowedPrincipals=['arn:aws:iam::111122223333:root'])
    same([each['PrincipalType'] for each in ec2.describe_vpc_endpoint_service_permissions(ServiceId=id)['AllowedPrincipals']], ['Account'])
    same(ec2.describe_vpc_endpoint_services(ServiceNames=[name])['ServiceDetails'][0]['Owner'], account)
    network = vpc()
    asked = {'VpcId': network, 'VpcEndpointType': 'Interface', 'SubnetIds': [subnet(network)]}
    endpoint = ec2.create_vpc_endpoint(**asked, ServiceName=name)['VpcEndpoint']
    same((endpoint['State'], endpoint['DnsEntries'][0]['DnsName'].endswith(f'.{id}.us-east-1.vpce.amazonaws.com')), ('pendingAcceptance', True))
    same(ids(ec2.describe_vpc_endpoint_connections(Filters=by('vpc-endpoint-state', 'pendingAcceptance'))['VpcEndpointConnections'], 'VpcEndpointId'), [endpoint['VpcEndpointId']])
    both = {'ServiceId': id, 'VpcEndpointIds': [endpoint['VpcEndpointId']]}
    same(ec2.accept_vpc_endpoint_connections(**both)['Unsuccessful'], [])
    same(ec2.describe_vpc_endpoints(Filters=by('service-name', name))['VpcEndpoints'][0]['State'], 'available')
    same(ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[id])['Unsuccessful'][0]['Error']['Code'], 'ExistingVpcEndpointConnections')
    same(ec2.reject_vpc_endpoint_connections(**both)['Unsuccessful'], [])
    ec2.modify_vpc_endpoint_service_configuration(ServiceId=id, AcceptanceRequired=False, PrivateDnsName='api.example.com')
    found = ec2.describe_vpc_endpoint_service_configurations(ServiceIds=[id])['ServiceConfigurations'][0]
    same((found['AcceptanceRequired'], found['PrivateDnsNameConfiguration']['State']), (False, 'pendingVerification'))
    ec2.delete_vpc_endpoints(VpcEndpointIds=[endpoint['VpcEndpointId']])
    same(ec2.delete_vpc_endpoint_service_configurations(ServiceIds=[id])['Unsuccessful'], [])
    refused('InvalidServiceName', ec2.create_vpc_endpoint, **asked, ServiceName=name)
    refused('InvalidVpcEndpointServiceId.NotFound', ec2.describe_vpc_endpoint_service_permissions, ServiceId=id)


run()
