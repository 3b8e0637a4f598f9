"""boto3 against the local EC2: networks."""

from ec2_common import *


@case
def the_default_vpc():
    found = ec2.describe_vpcs(Filters=by('isDefault', 'true'))['Vpcs']
    same(len(found), 1)
    id = found[0]['VpcId']
    same((found[0]['CidrBlock'], found[0]['State'], found[0]['InstanceTenancy']), ('172.31.0.0/16', 'available', 'default'))
    subnets = ec2.describe_subnets(Filters=by('vpc-id', id))['Subnets']
    same(ids(subnets, 'AvailabilityZone'), [f'us-east-1{letter}' for letter in 'abcdef'])
    assert all(each['DefaultForAz'] and each['MapPublicIpOnLaunch'] for each in subnets)
    same(len(ec2.describe_internet_gateways(Filters=by('attachment.vpc-id', id))['InternetGateways']), 1)
    table = ec2.describe_route_tables(Filters=by('vpc-id', id) + by('association.main', 'true'))['RouteTables'][0]
    same(sorted(each['DestinationCidrBlock'] for each in table['Routes']), ['0.0.0.0/0', '172.31.0.0/16'])
    acl = ec2.describe_network_acls(Filters=by('vpc-id', id))['NetworkAcls'][0]
    same((acl['IsDefault'], len(acl['Associations']), sorted(each['RuleNumber'] for each in acl['Entries'])), (True, 6, [100, 100, 32767, 32767]))
    group = ec2.describe_security_groups(Filters=by('vpc-id', id))['SecurityGroups'][0]
    same((group['GroupName'], group['Description']), ('default', 'default VPC security group'))
    same(group['IpPermissions'][0]['UserIdGroupPairs'], [{'UserId': account, 'GroupId': group['GroupId']}])
    same(group['IpPermissionsEgress'], [{'IpProtocol': '-1', 'UserIdGroupPairs': [], 'IpRanges': [{'CidrIp': '0.0.0.0/0'}], 'Ipv6Ranges': [], 'PrefixListIds': []}])
    refused('DefaultVpcAlreadyExists', ec2.create_default_vpc)
    refused('DefaultSubnetAlreadyExistsInAvailabilityZone', ec2.create_default_subnet, AvailabilityZone='us-east-1a')
    there = client(region_name='eu-west-3')
    there_id = there.describe_vpcs()['Vpcs'][0]['VpcId']
    assert there_id != id
    refused('DependencyViolation', there.delete_vpc, VpcId=there_id)


@case
def vpcs():
    made = ec2.create_vpc(CidrBlock='10.1.2.3/16', TagSpecifications=tagged('vpc', n='1'))['Vpc']
    id = made['VpcId']
    same((made['CidrBlock'], made['State'], made['IsDefault'], made['Tags']), ('10.1.0.0/16', 'pending', False, [{'Key': 'n', 'Value': '1'}]))
    ec2.get_waiter('vpc_exists').wait(VpcIds=[id])
    same(refused('InvalidVpcID.NotFound', ec2.describe_vpcs, VpcIds=['vpc-1']), "The vpc ID 'vpc-1' does not exist")
    same(refused('InvalidVpc.Range', ec2.create_vpc, CidrBlock='10.0.0.0/8'), "The CIDR '10.0.0.0/8' is invalid.")
    same(refused('InvalidParameterValue', ec2.create_vpc, CidrBlock='nonsense'), 'Value (nonsense) for parameter cidrBlock is invalid. This is not a valid CIDR block.')
    same(ec2.describe_vpc_attribute(VpcId=id, Attribute='enableDnsHostnames')['EnableDnsHostnames'], {'Value': False})
    ec2.modify_vpc_attribute(VpcId=id, EnableDnsHostnames={'Value': True})
    same(ec2.describe_vpc_attribute(VpcId=id, Attribute='enableDnsHostnames')['EnableDnsHostnames'], {'Value': True})
    added = ec2.associate_vpc_cidr_block(VpcId=id, CidrBlock='10.2.0.0/16')['CidrBlockAssociation']
    same(added['CidrBlockState']['State'], 'associating')
    same(len(ec2.describe_vpcs(VpcIds=[id])['Vpcs'][0]['CidrBlockAssociationSet']), 2)
    six = ec2.associate_vpc_cidr_block(VpcId=id, AmazonProvidedIpv6CidrBlock=True)['Ipv6CidrBlockAssociation']
    block = ec2.describe_vpcs(VpcIds=[id])['Vpcs'][0]['Ipv6CidrBlockAssociationSet'][0]['Ipv6CidrBlock']
    assert block.startswith('2600:1f') and block.endswith('::/56'), block
    inner = subnet(id, '10.2.0.0/24')
    refused('DependencyViolation', ec2.disassociate_vpc_cidr_block, AssociationId=added['AssociationId'])
    ec2.associate_subnet_cidr_block(SubnetId=inner, Ipv6CidrBlock=block.replace('00::/56', '01::/64'))
    association = ec2.describe_subnets(SubnetIds=[inner])['Subnets'][0]['Ipv6CidrBlockAssociationSet'][0]
    ec2.modify_subnet_attribute(SubnetId=inner, AssignIpv6AddressOnCreation={'Value': True})
    eni = ec2.create_network_interface(SubnetId=inner)['NetworkInterface']
    same(len(eni['Ipv6Addresses']), 1)
    ec2.unassign_ipv6_addresses(NetworkInterfaceId=eni['NetworkInterfaceId'], Ipv6Addresses=[eni['Ipv6Addresses'][0]['Ipv6Address']])
    same(len(ec2.assign_ipv6_addresses(NetworkInterfaceId=eni['NetworkInterfaceId'], Ipv6AddressCount=2)['AssignedIpv6Addresses']), 2)
    ec2.delete_network_interface(NetworkInterfaceId=eni['NetworkInterfaceId'])
    ec2.disassociate_subnet_cidr_block(AssociationId=association['AssociationId'])
    same(refused('DependencyViolation', ec2.delete_vpc, VpcId=id), f"The vpc '{id}' has dependencies and cannot be deleted.")
    ec2.delete_subnet(SubnetId=inner)
    ec2.disassociate_vpc_cidr_block(AssociationId=added['AssociationId'])
    ec2.disassociate_vpc_cidr_block(AssociationId=six['AssociationId'])
    primary = ec2.describe_vpcs(VpcIds=[id])['Vpcs'][0]['CidrBlockAssociationSet'][0]['AssociationId']
    refused('OperationNotPermitted', ec2.disassociate_vpc_cidr_block, AssociationId=primary)
    ec2.modify_vpc_tenancy(VpcId=id, InstanceTenancy='default')
    options = ec2.create_dhcp_options(DhcpConfigurations=[{'Key': 'domain-name', 'Values': ['example.com']}, {'Key': 'domain-name-servers', 'Values': ['10.2.5.1']}])['DhcpOptions']
    ec2.associate_dhcp_options(DhcpOptionsId=options['DhcpOptionsId'], VpcId=id)
    same(ids(ec2.describe_dhcp_options(Filters=by('key', 'domain-name') + by('value', 'example.com'))['DhcpOptions'], 'DhcpOptionsId'), [options['DhcpOptionsId']])
    refused('DependencyViolation', ec2.delete_dhcp_options, DhcpOptionsId=options['DhcpOptionsId'])
    ec2.associate_dhcp_options(DhcpOptionsId='default', VpcId=id)
    ec2.delete_dhcp_options(DhcpOptionsId=options['DhcpOptionsId'])
    refused('InvalidParameterValue', ec2.create_dhcp_options, DhcpConfigurations=[{'Key': 'nonsense', 'Values': ['1']}])
    ec2.delete_vpc(VpcId=id)
    refused('InvalidVpcID.NotFound', ec2.delete_vpc, VpcId=id)
    same(ec2.describe_security_groups(Filters=by('vpc-id', id))['SecurityGroups'], [])
    # The default one can be lost and made anew.
    there = client(region_name='eu-north-1')
    lost = there.describe_vpcs()['Vpcs'][0]['VpcId']
    for each in there.describe_subnets()['Subnets']:
        there.delete_subnet(SubnetId=each['SubnetId'])
    gateway = there.describe_internet_gateways()['InternetGateways'][0]['InternetGatewayId']
    there.detach_internet_gateway(InternetGatewayId=gateway, VpcId=lost)
    there.delete_internet_gateway(InternetGatewayId=gateway)
    there.delete_vpc(VpcId=lost)
    refused('DefaultVpcDoesNotExist', there.create_default_subnet, AvailabilityZone='eu-north-1a')
    refused('VPCIdNotSpecified', there.run_instances, ImageId=linux, InstanceType='t3.micro', MinCount=1, MaxCount=1)
    there.create_default_vpc()
    same(len(there.describe_subnets()['Subnets']), 3)


@case
def subnets():
    id = vpc('10.3.0.0/16')
    one = ec2.create_subnet(VpcId=id, CidrBlock='10.3.1.0/24', AvailabilityZone='us-east-1b')['Subnet']
    same((one['AvailableIpAddressCount'], one['AvailabilityZoneId'], one['State'], one['MapPublicIpOnLaunch']), (251, 'use1-az2', 'available', False))
    same(refused('InvalidSubnet.Conflict', subnet, of=id, cidr='10.3.1.128/25'), "The CIDR '10.3.1.128/25' conflicts with another subnet")
    same(refused('InvalidSubnet.Range', subnet, of=id, cidr='10.4.1.0/24'), "The CIDR '10.4.1.0/24' is invalid.")
    refused('InvalidParameterValue', subnet, of=id, cidr='x')
    text = refused('InvalidParameterValue', subnet, of=id, cidr='10.3.2.0/24', zone='us-east-1z')
    assert 'Subnets can currently only be created in the following availability zones: us-east-1a, ' in text, text
    ec2.get_waiter('subnet_available').wait(SubnetIds=[one['SubnetId']])
    ec2.modify_subnet_attribute(SubnetId=one['SubnetId'], MapPublicIpOnLaunch={'Value': True})
    made = launch(SubnetId=one['SubnetId'])
    same(ec2.describe_subnets(SubnetIds=[one['SubnetId']])['Subnets'][0]['AvailableIpAddressCount'], 250)
    assert instance(made['InstanceId'])['PublicIpAddress']
    same(instance(made['InstanceId'])['PublicDnsName'], '')
    refused('DependencyViolation', ec2.delete_subnet, SubnetId=one['SubnetId'])
    ec2.terminate_instances(InstanceIds=[made['InstanceId']])
    ec2.delete_subnet(SubnetId=one['SubnetId'])
    same(refused('InvalidSubnetID.NotFound', ec2.delete_subnet, SubnetId=one['SubnetId']), f"The subnet ID '{one['SubnetId']}' does not exist")


@case
def security_groups():
    id = vpc('10.5.0.0/16')
    made = ec2.create_security_group(GroupName='web', Description='for the web', VpcId=id, TagSpecifications=tagged('security-group', g='1'))
    group = made['GroupId']
    same((made['Tags'], made['SecurityGroupArn']), ([{'Key': 'g', 'Value': '1'}], f'arn:aws:ec2:us-east-1:{account}:security-group/{group}'))
    same(refused('InvalidGroup.Duplicate', ec2.create_security_group, GroupName='web', Description='x', VpcId=id), f"The security group 'web' already exists for VPC '{id}'")
    same(refused('InvalidParameterValue', ec2.create_security_group, GroupName='default', Description='x', VpcId=id), 'Cannot use reserved security group name: default')
    refused('InvalidParameterValue', ec2.create_security_group, GroupName='sg-x', Description='x', VpcId=id)
    ssh = {'IpProtocol': 'tcp', 'FromPort': 22, 'ToPort': 22, 'IpRanges': [{'CidrIp': '10.0.0.0/8', 'Description': 'inside'}, {'CidrIp': '192.168.0.0/16'}]}
    rules = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[ssh], TagSpecifications=tagged('security-group-rule', r='1'))['SecurityGroupRules']
    same([(each['CidrIpv4'], each['IsEgress'], each['GroupId'], each['Tags']) for each in rules],
         [('10.0.0.0/8', False, group, [{'Key': 'r', 'Value': '1'}]), ('192.168.0.0/16', False, group, [{'Key': 'r', 'Value': '1'}])])
    same(refused('InvalidPermission.Duplicate', ec2.authorize_security_group_ingress, GroupId=group, IpProtocol='tcp', FromPort=22, ToPort=22, CidrIp='10.0.0.0/8'),
         'the specified rule "peer: 10.0.0.0/8, TCP, from port: 22, to port: 22, ALLOW" already exists')
    same(refused('InvalidPermission.Duplicate', ec2.authorize_security_group_egress, GroupId=group, IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}]),
         'the specified rule "peer: 0.0.0.0/0, ALL, ALLOW" already exists')
    for message, permission in [
        ("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.", {'IpProtocol': 'tcp'}),
        ('TCP/UDP port (70000) out of range', {'IpProtocol': 'tcp', 'FromPort': 1, 'ToPort': 70000}),
        ('Invalid TCP/UDP port range (5:1)', {'IpProtocol': 'udp', 'FromPort': 5, 'ToPort': 1}),
        ("Invalid value 'spdy' for IP protocol. Unknown protocol.", {'IpProtocol': 'spdy'}),
        ('CIDR block 10.0.0.0/99 is malformed', {'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '10.0.0.0/99'}]}),
        ('The same permission must not appear multiple times', {'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '10.0.0.0/9'}, {'CidrIp': '10.0.0.0/9'}]}),
    ]:
        same(refused('InvalidParameterValue', ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[{'IpRanges': [{'CidrIp': '1.1.1.1/32'}], **permission}]), message)
    other = ec2.create_security_group(GroupName='db', Description='for the db', VpcId=id)['GroupId']
    ec2.authorize_security_group_ingress(GroupId=other, IpPermissions=[{'IpProtocol': 'tcp', 'FromPort': 5432, 'ToPort': 5432, 'UserIdGroupPairs': [{'GroupId': group}],
                                                                        'Ipv6Ranges': [{'CidrIpv6': '::/0'}]}, {'IpProtocol': 'icmp', 'FromPort': -1, 'ToPort': -1, 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
    found = ec2.describe_security_groups(GroupIds=[other])['SecurityGroups'][0]['IpPermissions']
    same(found[0]['UserIdGroupPairs'], [{'UserId': account, 'GroupId': group}])
    same((found[1]['IpProtocol'], found[1]['FromPort']), ('icmp', -1))
    same(ids(ec2.describe_security_groups(Filters=by('ip-permission.group-id', group))['SecurityGroups'], 'GroupId'), [other])
    same(ids(ec2.describe_security_groups(Filters=by('ip-permission.from-port', 22) + by('ip-permission.cidr', '10.*') + by('vpc-id', id))['SecurityGroups'], 'GroupId'), [group])
    same(ids(ec2.get_security_groups_for_vpc(VpcId=id)['SecurityGroupForVpcs'], 'GroupName'), ['db', 'default', 'web'])
    same(refused('DependencyViolation', ec2.delete_security_group, GroupId=group), f'resource {group} has a dependent object')
    ec2.update_security_group_rule_descriptions_ingress(GroupId=group, IpPermissions=[{**ssh, 'IpRanges': [{'CidrIp': '10.0.0.0/8', 'Description': 'changed'}]}])
    told = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rules[0]['SecurityGroupRuleId']])['SecurityGroupRules'][0]
    same((told['Description'], told['GroupOwnerId']), ('changed', account))
    ec2.update_security_group_rule_descriptions_egress(GroupId=group, IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '0.0.0.0/0', 'Description': 'out'}]}])
    ec2.modify_security_group_rules(GroupId=group, SecurityGroupRules=[{'SecurityGroupRuleId': rules[0]['SecurityGroupRuleId'], 'SecurityGroupRule': {'IpProtocol': 'tcp', 'FromPort': 2222, 'ToPort': 2222, 'CidrIpv4': '10.0.0.0/8'}}])
    same(ec2.describe_security_group_rules(Filters=by('security-group-rule-id', rules[0]['SecurityGroupRuleId']))['SecurityGroupRules'][0]['FromPort'], 2222)
    ec2.create_tags(Resources=[rules[0]['SecurityGroupRuleId']], Tags=[{'Key': 'more', 'Value': '2'}])
    same(len(ec2.describe_security_group_rules(Filters=by('tag:more', 2))['SecurityGroupRules']), 1)
    same(refused('InvalidPermission.NotFound', ec2.revoke_security_group_ingress, GroupId=group, IpProtocol='tcp', FromPort=1, ToPort=1, CidrIp='10.0.0.0/8'),
         'The specified rule does not exist in this security group.')
    same(refused('InvalidSecurityGroupRuleId.NotFound', ec2.revoke_security_group_ingress, GroupId=group, SecurityGroupRuleIds=['sgr-0123456789abcdef0']),
         "The security group rule ID 'sgr-0123456789abcdef0' does not exist")
    same(ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rules[0]['SecurityGroupRuleId']])['Return'], True)
    gone = ec2.revoke_security_group_egress(GroupId=group, IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': '0.0.0.0/0'}]}])
    same(len(gone['RevokedSecurityGroupRules']), 1)
    same(ec2.describe_security_groups(GroupIds=[group])['SecurityGroups'][0]['IpPermissionsEgress'], [])
    unknown = ec2.revoke_security_group_ingress(GroupName='default', IpProtocol='tcp', FromPort=1, ToPort=1, CidrIp='10.0.0.0/8')['UnknownIpPermissions']
    same(unknown[0]['FromPort'], 1)
    text = refused('RulesPerSecurityGroupLimitExceeded', ec2.authorize_security_group_ingress, GroupId=group, IpPermissions=[{'IpProtocol': '-1', 'IpRanges': [{'CidrIp': f'10.0.{n}.0/24'} for n in range(61)]}])
    same(text, 'The maximum number of rules per security group has been reached.')
    refused('MissingParameter', ec2.authorize_security_group_ingress, GroupId=group)
    same(refused('InvalidGroup.NotFound', ec2.describe_security_groups, GroupNames=['nobody']).split(' vpc-')[0][:58], "The security group 'nobody' does not exist in default VPC '"[:58])
    refused('InvalidGroupId.Malformed', ec2.describe_security_groups, GroupIds=['nonsense'])
    default = ec2.describe_security_groups(Filters=by('vpc-id', id) + by('group-name', 'default'))['SecurityGroups'][0]['GroupId']
    same(refused('CannotDelete', ec2.delete_security_group, GroupId=default), f'the specified group: "{default}" name: "default" cannot be deleted by a user')
    ec2.delete_security_group(GroupId=other)
    ec2.delete_security_group(GroupId=group)
    same(refused('InvalidGroup.NotFound', ec2.delete_security_group, GroupId=group), f"The security group '{group}' does not exist")
    ec2.delete_vpc(VpcId=id)


@case
def routes_and_gateways():
    id = vpc('10.6.0.0/16')
    inner = subnet(id, '10.6.1.0/24')
    gateway = ec2.create_internet_gateway(TagSpecifications=tagged('internet-gateway', n='1'))['InternetGateway']['InternetGatewayId']
    table = ec2.create_route_table(VpcId=id)['RouteTable']
    same(table['Routes'], [{'DestinationCidrBlock': '10.6.0.0/16', 'GatewayId': 'local', 'Origin': 'CreateRouteTable', 'State': 'active'}])
    table = table['RouteTableId']
    text = refused('InvalidParameterValue', ec2.create_route, RouteTableId=table, DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway)
    same(text, f'route table {table} and network gateway {gateway} belong to different networks')
    ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=id)
    same(refused('Resource.AlreadyAssociated', ec2.attach_internet_gateway, InternetGatewayId=gateway, VpcId=id), f'resource {gateway} is already attached to network {id}')
    same(refused('DependencyViolation', ec2.delete_internet_gateway, InternetGatewayId=gateway), f"The internetGateway '{gateway}' has dependencies and cannot be deleted.")
    same(ec2.create_route(RouteTableId=table, DestinationCidrBlock='0.0.0.0/0', GatewayId=gateway)['Return'], True)
    address = ec2.allocate_address(Domain='vpc')['AllocationId']
    nat = ec2.create_nat_gateway(SubnetId=inner, AllocationId=address, TagSpecifications=tagged('natgateway', n='1'))['NatGateway']
    same(nat['State'], 'pending')
    ec2.get_waiter('nat_gateway_available').wait(NatGatewayIds=[nat['NatGatewayId']])
    found = ec2.describe_nat_gateways(Filter=by('vpc-id', id))['NatGateways'][0]
    same((found['State'], found['NatGatewayAddresses'][0]['AllocationId']), ('available', address))
    same(refused('RouteAlreadyExists', ec2.create_route, RouteTableId=table, DestinationCidrBlock='0.0.0.0/0', NatGatewayId=nat['NatGatewayId']), 'The route identified by 0.0.0.0/0 already exists.')
    ec2.replace_route(RouteTableId=table, DestinationCidrBlock='0.0.0.0/0', NatGatewayId=nat['NatGatewayId'])
    routes = lambda: {each['DestinationCidrBlock']: each for each in ec2.describe_route_tables(RouteTableIds=[table])['RouteTables'][0]['Routes']}
    same(routes()['0.0.0.0/0']['NatGatewayId'], nat['NatGatewayId'])
    ec2.delete_nat_gateway(NatGatewayId=nat['NatGatewayId'])
    ec2.get_waiter('nat_gateway_deleted').wait(NatGatewayIds=[nat['NatGatewayId']])
    same(routes()['0.0.0.0/0']['State'], 'blackhole')
    ec2.delete_route(RouteTableId=table, DestinationCidrBlock='0.0.0.0/0')
    same(refused('InvalidRoute.NotFound', ec2.delete_route, RouteTableId=table, DestinationCidrBlock='0.0.0.0/0'), f'no route with destination-cidr-block 0.0.0.0/0 in route table {table}')
    same(refused('InvalidParameterValue', ec2.delete_route, RouteTableId=table, DestinationCidrBlock='10.6.0.0/16'), f'cannot remove local route 10.6.0.0/16 in route table {table}')
    association = ec2.associate_route_table(RouteTableId=table, SubnetId=inner)['AssociationId']
    same(refused('DependencyViolation', ec2.delete_route_table, RouteTableId=table), f"The routeTable '{table}' has dependencies and cannot be deleted.")
    second = ec2.create_route_table(VpcId=id)['RouteTable']['RouteTableId']
    refused('Resource.AlreadyAssociated', ec2.associate_route_table, RouteTableId=second, SubnetId=inner)
    association = ec2.replace_route_table_association(AssociationId=association, RouteTableId=second)['NewAssociationId']
    same(ids(ec2.describe_route_tables(Filters=by('association.subnet-id', inner))['RouteTables'], 'RouteTableId'), [second])
    ec2.disassociate_route_table(AssociationId=association)
    same(refused('InvalidAssociationID.NotFound', ec2.disassociate_route_table, AssociationId=association), f"The association ID '{association}' does not exist")
    egress = ec2.create_egress_only_internet_gateway(VpcId=id)['EgressOnlyInternetGateway']['EgressOnlyInternetGatewayId']
    ec2.create_route(RouteTableId=table, DestinationIpv6CidrBlock='::/0', EgressOnlyInternetGatewayId=egress)
    same(ids(ec2.describe_egress_only_internet_gateways()['EgressOnlyInternetGateways'], 'EgressOnlyInternetGatewayId'), [egress])
    ec2.delete_egress_only_internet_gateway(EgressOnlyInternetGatewayId=egress)
    for each in (table, second):
        ec2.delete_route_table(RouteTableId=each)
    refused('Gateway.NotAttached', ec2.detach_internet_gateway, InternetGatewayId=gateway, VpcId=vpc('10.7.0.0/16'))
    ec2.detach_internet_gateway(InternetGatewayId=gateway, VpcId=id)
    ec2.delete_internet_gateway(InternetGatewayId=gateway)
    same(refused('InvalidInternetGatewayID.NotFound', ec2.delete_internet_gateway, InternetGatewayId=gateway), f"The internetGateway ID '{gateway}' does not exist")
    ec2.release_address(AllocationId=address)


@case
def network_acls():
    id = vpc('10.8.0.0/16')
    inner = subnet(id, '10.8.1.0/24')
    made = ec2.create_network_acl(VpcId=id)['NetworkAcl']
    acl = made['NetworkAclId']
    same([each['RuleNumber'] for each in made['Entries']], [32767, 32767])
    entry = {'NetworkAclId': acl, 'RuleNumber': 100, 'Protocol': '6', 'RuleAction': 'allow', 'Egress': False, 'CidrBlock': '0.0.0.0/0', 'PortRange': {'From': 80, 'To': 80}}
    ec2.create_network_acl_entry(**entry)
    same(refused('NetworkAclEntryAlreadyExists', ec2.create_network_acl_entry, **entry), 'The network acl entry identified by 100 already exists.')
    ec2.replace_network_acl_entry(**{**entry, 'RuleAction': 'deny'})
    same(ids(ec2.describe_network_acls(Filters=by('entry.rule-action', 'deny') + by('entry.port-range.from', 80))['NetworkAcls'], 'NetworkAclId'), [acl])
    default = ec2.describe_network_acls(Filters=by('vpc-id', id) + by('default', 'true'))['NetworkAcls'][0]
    association = ec2.replace_network_acl_association(AssociationId=default['Associations'][0]['NetworkAclAssociationId'], NetworkAclId=acl)['NewAssociationId']
    same(ids(ec2.describe_network_acls(Filters=by('association.subnet-id', inner))['NetworkAcls'], 'NetworkAclId'), [acl])
    same(refused('DependencyViolation', ec2.delete_network_acl, NetworkAclId=acl), f"The networkAcl '{acl}' has dependencies and cannot be deleted.")
    same(refused('InvalidParameterValue', ec2.delete_network_acl, NetworkAclId=default['NetworkAclId']), f"cannot delete default network ACL {default['NetworkAclId']}")
    ec2.replace_network_acl_association(AssociationId=association, NetworkAclId=default['NetworkAclId'])
    ec2.delete_network_acl_entry(NetworkAclId=acl, RuleNumber=100, Egress=False)
    same(refused('InvalidNetworkAclEntry.NotFound', ec2.delete_network_acl_entry, NetworkAclId=acl, RuleNumber=100, Egress=False), 'The network acl entry identified by 100 does not exist.')
    ec2.delete_network_acl(NetworkAclId=acl)
    same(refused('InvalidNetworkAclID.NotFound', ec2.delete_network_acl, NetworkAclId=acl), f"The networkAcl ID '{acl}' does not exist")


@case
def interfaces_and_addresses():
    id = vpc('10.10.0.0/16')
    inner = subnet(id, '10.10.1.0/24')
    made = ec2.create_network_interface(SubnetId=inner, Description='mine', PrivateIpAddress='10.10.1.10', SecondaryPrivateIpAddressCount=1, TagSpecifications=tagged('network-interface', n='1'))['NetworkInterface']
    eni = made['NetworkInterfaceId']
    same((made['PrivateIpAddress'], made['Status'], len(made['PrivateIpAddresses']), made['TagSet']), ('10.10.1.10', 'pending', 2, [{'Key': 'n', 'Value': '1'}]))
    ec2.get_waiter('network_interface_available').wait(NetworkInterfaceIds=[eni])
    same(refused('InvalidIPAddress.InUse', ec2.create_network_interface, SubnetId=inner, PrivateIpAddress='10.10.1.10'), 'Address 10.10.1.10 is in use.')
    same(refused('InvalidParameterValue', ec2.create_network_interface, SubnetId=inner, PrivateIpAddress='10.11.1.10'), "Address does not fall within the subnet's address range")
    same(refused('InvalidParameterValue', ec2.create_network_interface, SubnetId=inner, PrivateIpAddress='10.10.1.1'), "Address is in subnet's reserved address range")
    new = ec2.assign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=['10.10.1.20'])['AssignedPrivateIpAddresses']
    same(new, [{'PrivateIpAddress': '10.10.1.20'}])
    ec2.unassign_private_ip_addresses(NetworkInterfaceId=eni, PrivateIpAddresses=['10.10.1.20'])
    group = ec2.create_security_group(GroupName='g', Description='d', VpcId=id)['GroupId']
    ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[group])
    ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, SourceDestCheck={'Value': False})
    ask = lambda name: ec2.describe_network_interface_attribute(NetworkInterfaceId=eni, Attribute=name)
    same((ask('groupSet')['Groups'][0]['GroupId'], ask('sourceDestCheck')['SourceDestCheck']['Value'], ask('description')['Description']['Value']), (group, False, 'mine'))
    ec2.reset_network_interface_attribute(NetworkInterfaceId=eni, SourceDestCheck='true')
    one = launch(SubnetId=inner)
    same(one['PrivateIpAddress'], '10.10.1.5')
    attachment = ec2.attach_network_interface(NetworkInterfaceId=eni, InstanceId=one['InstanceId'], DeviceIndex=1)['AttachmentId']
    same(len(instance(one['InstanceId'])['NetworkInterfaces']), 2)
    same(refused('InvalidParameterValue', ec2.delete_network_interface, NetworkInterfaceId=eni), f"Network interface '{eni}' is currently in use.")
    same(refused('InvalidNetworkInterface.InUse', ec2.attach_network_interface, NetworkInterfaceId=eni, InstanceId=one['InstanceId'], DeviceIndex=2), f'Interface: [{eni}] in use.')
    refused('DependencyViolation', ec2.delete_security_group, GroupId=group)
    made = ec2.allocate_address(Domain='vpc', TagSpecifications=tagged('elastic-ip', n='1'))
    allocation, ip = made['AllocationId'], made['PublicIp']
    same(refused('InvalidInstanceID', ec2.associate_address, AllocationId=allocation, InstanceId=one['InstanceId']),
         f"There are multiple interfaces attached to instance '{one['InstanceId']}'. Please specify an interface ID for the operation instead.")
    primary = instance(one['InstanceId'])['NetworkInterfaces'][0]['NetworkInterfaceId']
    way = ec2.create_internet_gateway()['InternetGateway']['InternetGatewayId']
    ec2.attach_internet_gateway(InternetGatewayId=way, VpcId=id)
    association = ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=primary)['AssociationId']
    same(refused('DependencyViolation', ec2.detach_internet_gateway, InternetGatewayId=way, VpcId=id),
         f'Network {id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.')
    same(instance(one['InstanceId'])['PublicIpAddress'], ip)
    told = ec2.describe_addresses(Filters=by('instance-id', one['InstanceId']))['Addresses'][0]
    same((told['AssociationId'], told['PrivateIpAddress'], told['Domain']), (association, '10.10.1.5', 'vpc'))
    same(refused('InvalidIPAddress.InUse', ec2.release_address, AllocationId=allocation), f'Address {ip} is in use.')
    refused('Resource.AlreadyAssociated', ec2.associate_address, AllocationId=allocation, NetworkInterfaceId=eni, AllowReassociation=False)
    association = ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=eni)['AssociationId']
    ec2.disassociate_address(AssociationId=association)
    same(refused('InvalidAssociationID.NotFound', ec2.disassociate_address, AssociationId=association), f"The association ID '{association}' does not exist")
    ec2.modify_address_attribute(AllocationId=allocation, DomainName='example.com')
    same(ec2.describe_addresses_attribute(AllocationIds=[allocation])['Addresses'][0]['PtrRecord'], 'example.com.')
    ec2.reset_address_attribute(AllocationId=allocation, Attribute='domain-name')
    ec2.release_address(AllocationId=allocation)
    ec2.detach_internet_gateway(InternetGatewayId=way, VpcId=id)
    ec2.delete_internet_gateway(InternetGatewayId=way)
    same(refused('InvalidAllocationID.NotFound', ec2.release_address, AllocationId=allocation), f"The allocation ID '{allocation}' does not exist")
    same(refused('InvalidAddress.NotFound', ec2.describe_addresses, PublicIps=['1.2.3.4']), "Address '1.2.3.4' not found.")
    ec2.detach_network_interface(AttachmentId=attachment)
    same(ids(ec2.describe_network_interfaces(Filters=by('addresses.private-ip-address', '10.10.1.10'))['NetworkInterfaces'], 'Status'), ['available'])
    ec2.delete_network_interface(NetworkInterfaceId=eni)
    same(refused('InvalidNetworkInterfaceID.NotFound', ec2.delete_network_interface, NetworkInterfaceId=eni), f"The networkInterface ID '{eni}' does not exist")
    two = launch(NetworkInterfaces=[{'DeviceIndex': 0, 'SubnetId': inner, 'AssociatePublicIpAddress': True, 'Groups': [group]}])
    assert instance(two['InstanceId'])['PublicIpAddress']
    refused('InvalidParameterCombination', launch, SubnetId=inner, NetworkInterfaces=[{'DeviceIndex': 0}])
    ec2.terminate_instances(InstanceIds=[one['InstanceId'], two['InstanceId']])
    same(ec2.describe_network_interfaces(Filters=by('subnet-id', inner))['NetworkInterfaces'], [])


@case
def peerings():
    one, two, third = vpc('10.20.0.0/16'), vpc('10.21.0.0/16'), vpc('10.20.0.0/16')
    made = ec2.create_vpc_peering_connection(VpcId=one, PeerVpcId=two)['VpcPeeringConnection']
    id = made['VpcPeeringConnectionId']
    same(made['Status']['Code'], 'initiating-request')
    ec2.get_waiter('vpc_peering_connection_exists').wait(VpcPeeringConnectionIds=[id])
    same(ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[id])['VpcPeeringConnections'][0]['Status'], {'Code': 'pending-acceptance', 'Message': f'Pending Acceptance by {account}'})
    refused('OperationNotPermitted', ec2.modify_vpc_peering_connection_options, VpcPeeringConnectionId=id, RequesterPeeringConnectionOptions={'AllowDnsResolutionFromRemoteVpc': True})
    same(ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=id)['VpcPeeringConnection']['AccepterVpcInfo']['CidrBlock'], '10.21.0.0/16')
    same(ec2.describe_vpc_peering_connections(Filters=by('status-code', 'active'))['VpcPeeringConnections'][0]['VpcPeeringConnectionId'], id)
    refused('InvalidStateTransition', ec2.reject_vpc_peering_connection, VpcPeeringConnectionId=id)
    ec2.modify_vpc_peering_connection_options(VpcPeeringConnectionId=id, RequesterPeeringConnectionOptions={'AllowDnsResolutionFromRemoteVpc': True})
    theirs = ec2.create_security_group(GroupName='theirs', Description='d', VpcId=two)['GroupId']
    mine = ec2.create_security_group(GroupName='mine', Description='d', VpcId=one)['GroupId']
    ec2.authorize_security_group_ingress(GroupId=mine, IpPermissions=[{'IpProtocol': '-1', 'UserIdGroupPairs': [{'GroupId': theirs}]}])
    same(ec2.describe_security_group_references(GroupId=[theirs])['SecurityGroupReferenceSet'][0]['ReferencingVpcId'], one)
    ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=id)
    ec2.get_waiter('vpc_peering_connection_deleted').wait(VpcPeeringConnectionIds=[id])
    failed = ec2.create_vpc_peering_connection(VpcId=one, PeerVpcId=third)['VpcPeeringConnection']['VpcPeeringConnectionId']
    same(ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[failed])['VpcPeeringConnections'][0]['Status']['Code'], 'failed')
    there = client(region_name='eu-west-2')
    far = there.create_vpc(CidrBlock='10.30.0.0/16')['Vpc']['VpcId']
    across = ec2.create_vpc_peering_connection(VpcId=one, PeerVpcId=far, PeerRegion='eu-west-2')['VpcPeeringConnection']['VpcPeeringConnectionId']
    refused('OperationNotPermitted', ec2.accept_vpc_peering_connection, VpcPeeringConnectionId=across)
    there.accept_vpc_peering_connection(VpcPeeringConnectionId=across)
    same(ec2.describe_vpc_peering_connections(VpcPeeringConnectionIds=[across])['VpcPeeringConnections'][0]['Status']['Code'], 'active')
    rejected = ec2.create_vpc_peering_connection(VpcId=two, PeerVpcId=third)['VpcPeeringConnection']['VpcPeeringConnectionId']
    ec2.reject_vpc_peering_connection(VpcPeeringConnectionId=rejected)
    text = refused('VpcLimitExceeded', lambda **_: [vpc(f'10.{60 + n}.0.0/16') for n in range(6)])
    same(text, 'The maximum number of VPCs has been reached.')
    refused('InvalidVpcPeeringConnectionID.NotFound', ec2.accept_vpc_peering_connection, VpcPeeringConnectionId='pcx-0123456789abcdef0')


@case
def endpoints():
    id = vpc('10.40.0.0/16')
    inner = subnet(id, '10.40.1.0/24')
    table = ec2.describe_route_tables(Filters=by('vpc-id', id))['RouteTables'][0]['RouteTableId']
    gateway = ec2.create_vpc_endpoint(VpcId=id, ServiceName='com.amazonaws.us-east-1.s3', RouteTableIds=[table])['VpcEndpoint']
    same((gateway['VpcEndpointType'], gateway['State']), ('Gateway', 'pending'))
    routes = ec2.describe_route_tables(RouteTableIds=[table])['RouteTables'][0]['Routes']
    same([each['GatewayId'] for each in routes], ['local', gateway['VpcEndpointId']])
    same(refused('RouteAlreadyExists', ec2.create_vpc_endpoint, VpcId=id, ServiceName='com.amazonaws.us-east-1.s3', RouteTableIds=[table]),
         f"route table {table} already has a route with destination-prefix-list-id {routes[1]['DestinationPrefixListId']}")
    refused('InvalidPolicyDocument', ec2.create_vpc_endpoint, VpcId=id, ServiceName='com.amazonaws.us-east-1.s3', PolicyDocument='mine')
    managed = ec2.describe_managed_prefix_lists(Filters=by('owner-id', 'AWS'))['PrefixLists']
    assert 'com.amazonaws.global.cloudfront.origin-facing' in ids(managed, 'PrefixListName'), managed
    same(len(ec2.get_managed_prefix_list_entries(PrefixListId=managed[0]['PrefixListId'])['Entries']), 2)
    lists = ec2.describe_prefix_lists(Filters=by('prefix-list-name', 'com.amazonaws.us-east-1.s3'))['PrefixLists']
    same(lists[0]['PrefixListId'], routes[1]['DestinationPrefixListId'])
    private = ec2.create_vpc_endpoint(VpcId=id, VpcEndpointType='Interface', ServiceName='com.amazonaws.us-east-1.ssm', SubnetIds=[inner])['VpcEndpoint']
    same((len(private['NetworkInterfaceIds']), private['PrivateDnsEnabled'], len(private['DnsEntries'])), (1, True, 2))
    same(ids(ec2.describe_vpc_endpoints(Filters=by('vpc-endpoint-type', 'Interface') + by('vpc-id', id))['VpcEndpoints'], 'State'), ['available'])
    ec2.modify_vpc_endpoint(VpcEndpointId=gateway['VpcEndpointId'], RemoveRouteTableIds=[table])
    same(len(ec2.describe_route_tables(RouteTableIds=[table])['RouteTables'][0]['Routes']), 1)
    same(refused('InvalidServiceName', ec2.create_vpc_endpoint, VpcId=id, ServiceName='com.amazonaws.us-east-1.nonsense', VpcEndpointType='Gateway'),
         "The Vpc Endpoint Service 'com.amazonaws.us-east-1.nonsense' does not exist")
    assert 'com.amazonaws.us-east-1.sqs' in ec2.describe_vpc_endpoint_services()['ServiceNames']
    result = ec2.delete_vpc_endpoints(VpcEndpointIds=[gateway['VpcEndpointId'], private['VpcEndpointId'], 'vpce-0123456789abcdef0'])
    same([each['ResourceId'] for each in result['Unsuccessful']], ['vpce-0123456789abcdef0'])
    same(refused('InvalidVpcEndpointId.NotFound', ec2.describe_vpc_endpoints, VpcEndpointIds=[gateway['VpcEndpointId']]), f"The Vpc Endpoint Id '{gateway['VpcEndpointId']}' does not exist")


@case
def flow_logs_prefix_lists_placement_groups():
    id = vpc('10.50.0.0/16')
    arguments = {'ResourceIds': [id], 'ResourceType': 'VPC', 'TrafficType': 'ALL', 'LogDestinationType': 's3', 'LogDestination': 'arn:aws:s3:::flow-logs-go-here'}
    failed = ec2.create_flow_logs(**arguments)
    same((failed['FlowLogIds'], failed['Unsuccessful']), ([], [{'ResourceId': id, 'Error': {'Code': '400', 'Message': 'LogDestination: flow-logs-go-here does not exist'}}]))
    client('s3').create_bucket(Bucket='flow-logs-go-here')
    log = ec2.create_flow_logs(**arguments)['FlowLogIds'][0]
    refused('FlowLogAlreadyExists', ec2.create_flow_logs, **arguments)
    same(ids(ec2.describe_flow_logs(Filter=by('resource-id', id))['FlowLogs'], 'FlowLogStatus'), ['ACTIVE'])
    ec2.delete_flow_logs(FlowLogIds=[log])
    text = refused('InvalidFlowLogId.NotFound', ec2.delete_flow_logs, FlowLogIds=[log])
    same(text, f'These flow log ids in the input list are not found: [TotalCount: 1] {log}')
    made = ec2.create_managed_prefix_list(PrefixListName='offices', MaxEntries=3, AddressFamily='IPv4', Entries=[{'Cidr': '10.0.0.0/8', 'Description': 'one'}])['PrefixList']
    list_id = made['PrefixListId']
    same((made['State'], made['Version']), ('create-in-progress', 1))
    ec2.modify_managed_prefix_list(PrefixListId=list_id, CurrentVersion=1, AddEntries=[{'Cidr': '11.0.0.0/8'}], RemoveEntries=[{'Cidr': '10.0.0.0/8'}])
    same([each['Cidr'] for each in ec2.get_managed_prefix_list_entries(PrefixListId=list_id)['Entries']], ['11.0.0.0/8'])
    refused('PrefixListVersionMismatch', ec2.modify_managed_prefix_list, PrefixListId=list_id, CurrentVersion=1, AddEntries=[{'Cidr': '12.0.0.0/8'}])
    ec2.restore_managed_prefix_list_version(PrefixListId=list_id, PreviousVersion=1, CurrentVersion=2)
    same([each['Cidr'] for each in ec2.get_managed_prefix_list_entries(PrefixListId=list_id)['Entries']], ['10.0.0.0/8'])
    same(ids(ec2.describe_managed_prefix_lists(Filters=by('prefix-list-name', 'off*'))['PrefixLists'], 'Version'), [3])
    ec2.delete_managed_prefix_list(PrefixListId=list_id)
    group = ec2.create_placement_group(GroupName='near', Strategy='cluster')['PlacementGroup']
    same(group['State'], 'available')
    refused('InvalidPlacementGroup.Duplicate', ec2.create_placement_group, GroupName='near', Strategy='cluster')
    one = launch(InstanceType='c5.large', Placement={'GroupName': 'near'})
    refused('InvalidPlacementGroup.InUse', ec2.delete_placement_group, GroupName='near')
    same(ids(ec2.describe_placement_groups(GroupNames=['near'])['PlacementGroups'], 'Strategy'), ['cluster'])
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])
    ec2.delete_placement_group(GroupName='near')
    same(refused('InvalidPlacementGroup.Unknown', launch, Placement={'GroupName': 'near'}), "The Placement Group 'near' is unknown.")


@case
def vpn_gateways():
    id = vpc('10.55.0.0/16')
    gateway = ec2.create_vpn_gateway(Type='ipsec.1', AmazonSideAsn=65001, TagSpecifications=tagged('vpn-gateway', n='1'))['VpnGateway']
    same((gateway['State'], gateway['AmazonSideAsn'], gateway['Tags']), ('available', 65001, [{'Key': 'n', 'Value': '1'}]))
    gateway = gateway['VpnGatewayId']
    same(ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=id)['VpcAttachment'], {'State': 'attaching', 'VpcId': id})
    same(ids(ec2.describe_vpn_gateways(Filters=by('attachment.vpc-id', id))['VpnGateways'], 'VpnGatewayId'), [gateway])
    table = ec2.describe_route_tables(Filters=by('vpc-id', id))['RouteTables'][0]['RouteTableId']
    ec2.enable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    same(ec2.describe_route_tables(RouteTableIds=[table])['RouteTables'][0]['PropagatingVgws'], [{'GatewayId': gateway}])
    ec2.disable_vgw_route_propagation(RouteTableId=table, GatewayId=gateway)
    same(refused('DependencyViolation', ec2.delete_vpc, VpcId=id), f"The vpc '{id}' has dependencies and cannot be deleted.")
    ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=id)
    refused('InvalidVpnGatewayAttachment.NotFound', ec2.detach_vpn_gateway, VpnGatewayId=gateway, VpcId=id)
    ec2.delete_vpn_gateway(VpnGatewayId=gateway)
    same(ids(ec2.describe_vpn_gateways(VpnGatewayIds=[gateway])['VpnGateways'], 'State'), ['deleted'])
    same(refused('InvalidVpnGatewayID.NotFound', ec2.describe_vpn_gateways, VpnGatewayIds=['vgw-0123456789abcdef0']), "The vpnGateway ID 'vgw-0123456789abcdef0' does not exist")
    end = ec2.create_customer_gateway(Type='ipsec.1', PublicIp='12.1.2.3', BgpAsn=65534)['CustomerGateway']
    same((end['BgpAsn'], end['IpAddress']), ('65534', '12.1.2.3'))
    same(len(ec2.describe_customer_gateways(Filters=by('ip-address', '12.1.2.3'))['CustomerGateways']), 1)
    ec2.delete_customer_gateway(CustomerGatewayId=end['CustomerGatewayId'])


@case
def cidr_reservations():
    inner = subnet(vpc('10.56.0.0/16'), '10.56.1.0/24')
    made = ec2.create_subnet_cidr_reservation(SubnetId=inner, Cidr='10.56.1.16/28', ReservationType='explicit')['SubnetCidrReservation']
    refused('InvalidParameterValue', ec2.create_subnet_cidr_reservation, SubnetId=inner, Cidr='10.56.1.16/30', ReservationType='explicit')
    refused('InvalidParameterValue', ec2.create_subnet_cidr_reservation, SubnetId=inner, Cidr='10.57.1.16/30', ReservationType='explicit')
    same(ids(ec2.get_subnet_cidr_reservations(SubnetId=inner)['SubnetIpv4CidrReservations'], 'Cidr'), ['10.56.1.16/28'])
    ec2.delete_subnet_cidr_reservation(SubnetCidrReservationId=made['SubnetCidrReservationId'])
    same(ec2.get_subnet_cidr_reservations(SubnetId=inner)['SubnetIpv4CidrReservations'], [])


@case
def what_nobody_can_make_is_not_there():
    from botocore import xform_name
    lists = ['DescribeVerifiedAccessInstances', 'DescribeLocalGateways', 'DescribeReservedInstances']
    for name in lists:
        answer = getattr(ec2, xform_name(name))()
        same((name, [value for key, value in answer.items() if key != 'ResponseMetadata']), (name, [[]]))
    refused('NotImplemented', ec2.describe_verified_access_instances, 501, VerifiedAccessInstanceIds=['vai-0123456789abcdef0'])


run()
