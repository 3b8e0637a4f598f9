"""boto3 against the local EC2: transit gateways, VPN connections. Prints as boto3_cases.py."""

import sys

sys.dont_write_bytecode = True
from ec2_common import *


def hub(at=ec2, **more):
    made = at.create_transit_gateway(**more)['TransitGateway']
    same((made['State'], at.describe_transit_gateways(TransitGatewayIds=[made['TransitGatewayId']])['TransitGateways'][0]['State']), ('pending', 'available'))
    return made


def attached(gateway, network, part):
    made = ec2.create_transit_gateway_vpc_attachment(TransitGatewayId=gateway, VpcId=network, SubnetIds=[part])['TransitGatewayVpcAttachment']
    same((made['State'], made['VpcId'], made['VpcOwnerId'], made['SubnetIds']), ('pending', network, account, [part]))
    id = made['TransitGatewayAttachmentId']
    same(ec2.describe_transit_gateway_vpc_attachments(TransitGatewayAttachmentIds=[id])['TransitGatewayVpcAttachments'][0]['State'], 'available')
    return id


def routes(table, name='type', *values):
    found = ec2.search_transit_gateway_routes(TransitGatewayRouteTableId=table, Filters=by(name, *(values or ('static', 'propagated'))))
    same(found['AdditionalRoutesAvailable'], False)
    return {each['DestinationCidrBlock']: (each['Type'], each['State']) for each in found['Routes']}


@case
def transit_gateways():
    made = hub(Description='a', Options={'DnsSupport': 'disable'}, TagSpecifications=tagged('transit-gateway', n='1'))
    id, options = made['TransitGatewayId'], made['Options']
    same(made['TransitGatewayArn'], f'arn:aws:ec2:us-east-1:{account}:transit-gateway/{id}')
    same((options['AmazonSideAsn'], options['DnsSupport'], options['VpnEcmpSupport'], options['MulticastSupport']), (64512, 'disable', 'enable', 'disable'))
    same(ids(ec2.describe_transit_gateways(Filters=by('tag:n', '1') + by('options.dns-support', 'disable'))['TransitGateways'], 'TransitGatewayId'), [id])
    changed = ec2.modify_transit_gateway(TransitGatewayId=id, Description='b', Options={'DnsSupport': 'enable', 'AddTransitGatewayCidrBlocks': ['10.9.0.0/24']})['TransitGateway']
    same((changed['State'], changed['Description'], changed['Options']['TransitGatewayCidrBlocks']), ('modifying', 'b', ['10.9.0.0/24']))
    refused('InvalidParameterValue', ec2.create_transit_gateway, Options={'AmazonSideAsn': 7})
    message = refused('InvalidTransitGatewayID.NotFound', ec2.describe_transit_gateways, TransitGatewayIds=['tgw-0123456789abcdef0'])
    same(message, 'Transit Gateway tgw-0123456789abcdef0 was deleted or does not exist.')
    for _ in range(4):
        last = hub()['TransitGatewayId']
    refused('TransitGatewayLimitExceeded', ec2.create_transit_gateway)
    page = ec2.describe_transit_gateways(MaxResults=5)
    assert len(page['TransitGateways']) == 5 and 'NextToken' not in page
    for each in page['TransitGateways']:
        same(ec2.delete_transit_gateway(TransitGatewayId=each['TransitGatewayId'])['TransitGateway']['State'], 'deleting')
    same(ec2.describe_transit_gateways(TransitGatewayIds=[last])['TransitGateways'][0]['State'], 'deleted')
    refused('InvalidTransitGatewayID.NotFound', ec2.delete_transit_gateway, TransitGatewayId=last)


@case
def vpcs_at_a_transit_gateway():
    gateway = hub()
    id, first = gateway['TransitGatewayId'], gateway['Options']['AssociationDefaultRouteTableId']
    network = vpc()
    part, twin = subnet(network), subnet(network, '10.0.1.0/24')
    refused('DuplicateSubnetsInSameZone', ec2.create_transit_gateway_vpc_attachment, TransitGatewayId=id, VpcId=network, SubnetIds=[part, twin])
    at = attached(id, network, part)
    refused('DuplicateTransitGatewayAttachment', ec2.create_transit_gateway_vpc_attachment, TransitGatewayId=id, VpcId=network, SubnetIds=[part])
    found = ec2.describe_transit_gateway_attachments(Filters=by('resource-id', network))['TransitGatewayAttachments'][0]
    same((found['ResourceType'], found['Association']), ('vpc', {'TransitGatewayRouteTableId': first, 'State': 'associated'}))
    same(routes(first), {'10.0.0.0/16': ('propagated', 'active')})
    refused('IncorrectState', ec2.delete_transit_gateway_route_table, TransitGatewayRouteTableId=first)
    second = ec2.create_transit_gateway_route_table(TransitGatewayId=id, TagSpecifications=tagged('transit-gateway-route-table', n='2'))['TransitGatewayRouteTable']['TransitGatewayRouteTableId']
    both = {'TransitGatewayRouteTableId': second, 'TransitGatewayAttachmentId': at}
    same(ids(ec2.describe_transit_gateway_route_tables(Filters=by('tag:n', '2') + by('state', 'available'))['TransitGatewayRouteTables'], 'TransitGatewayRouteTableId'), [second])
    refused('Resource.AlreadyAssociated', ec2.associate_transit_gateway_route_table, **both)
    same(ec2.disassociate_transit_gateway_route_table(TransitGatewayRouteTableId=first, TransitGatewayAttachmentId=at)['Association']['State'], 'disassociating')
    same(ec2.associate_transit_gateway_route_table(**both)['Association']['State'], 'associating')
    same(ids(ec2.get_transit_gateway_route_table_associations(TransitGatewayRouteTableId=second)['Associations'], 'ResourceId'), [network])
    same(ec2.enable_transit_gateway_route_table_propagation(**both)['Propagation']['State'], 'enabled')
    refused('TransitGatewayRouteTablePropagation.Duplicate', ec2.enable_transit_gateway_route_table_propagation, **both)
    same(ids(ec2.get_transit_gateway_attachment_propagations(TransitGatewayAttachmentId=at)['TransitGatewayAttachmentPropagations'], 'TransitGatewayRouteTableId'), sorted([first, second]))
    same(ec2.disable_transit_gateway_route_table_propagation(**both)['Propagation']['State'], 'disabled')
    refused('TransitGatewayRouteTablePropagation.NotFound', ec2.disable_transit_gateway_route_table_propagation, **both)
    same(ec2.get_transit_gateway_route_table_propagations(TransitGatewayRouteTableId=second)['TransitGatewayRouteTablePropagations'], [])
    same(ec2.create_transit_gateway_route(**both, DestinationCidrBlock='1.2.3.4/8')['Route']['DestinationCidrBlock'], '1.0.0.0/8')
    refused('RouteAlreadyExists', ec2.create_transit_gateway_route, **both, DestinationCidrBlock='1.0.0.0/8')
    ec2.create_transit_gateway_route(TransitGatewayRouteTableId=second, DestinationCidrBlock='1.2.0.0/16', Blackhole=True)
    same(routes(second), {'1.0.0.0/8': ('static', 'active'), '1.2.0.0/16': ('static', 'blackhole')})
    same(list(routes(second, 'route-search.supernet-of-match', '1.3.0.0/24')), ['1.0.0.0/8'])
    same(list(routes(second, 'route-search.subnet-of-match', '1.2.0.0/15')), ['1.2.0.0/16'])
    same(list(routes(second, 'state', 'blackhole')), ['1.2.0.0/16'])
    same(ec2.replace_transit_gateway_route(**both, DestinationCidrBlock='1.2.0.0/16')['Route']['State'], 'active')
    same(ec2.delete_transit_gateway_route(TransitGatewayRouteTableId=second, DestinationCidrBlock='1.2.0.0/16')['Route']['State'], 'deleted')
    refused('InvalidRoute.NotFound', ec2.delete_transit_gateway_route, TransitGatewayRouteTableId=second, DestinationCidrBlock='1.2.0.0/16')
    entries = [{'Cidr': '10.77.0.0/16'}]
    named = ec2.create_managed_prefix_list(PrefixListName='far', MaxEntries=3, AddressFamily='IPv4', Entries=entries)['PrefixList']['PrefixListId']
    reference = ec2.create_transit_gateway_prefix_list_reference(**both, PrefixListId=named)['TransitGatewayPrefixListReference']
    same((reference['State'], reference['Blackhole'], reference['TransitGatewayAttachment']['ResourceId']), ('pending', False, network))
    same(routes(second, 'prefix-list-id', named), {'10.77.0.0/16': ('static', 'active')})
    ec2.modify_transit_gateway_prefix_list_reference(TransitGatewayRouteTableId=second, PrefixListId=named, Blackhole=True)
    same(ids(ec2.get_transit_gateway_prefix_list_references(TransitGatewayRouteTableId=second, Filters=by('is-blackhole', 'true'))['TransitGatewayPrefixListReferences'], 'PrefixListId'), [named])
    ec2.delete_transit_gateway_prefix_list_reference(TransitGatewayRouteTableId=second, PrefixListId=named)
    main = ec2.describe_route_tables(Filters=by('vpc-id', network))['RouteTables'][0]['RouteTableId']
    ec2.create_route(RouteTableId=main, DestinationCidrBlock='9.0.0.0/8', TransitGatewayId=id)
    same(ids(ec2.describe_route_tables(Filters=by('route.transit-gateway-id', id))['RouteTables'], 'RouteTableId'), [main])
    options = ec2.modify_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=at, Options={'ApplianceModeSupport': 'enable'})['TransitGatewayVpcAttachment']['Options']
    same((options['ApplianceModeSupport'], options['DnsSupport']), ('enable', 'enable'))
    refused('IncorrectState', ec2.accept_transit_gateway_vpc_attachment, TransitGatewayAttachmentId=at)
    same(refused('IncorrectState', ec2.delete_transit_gateway, TransitGatewayId=id), f'{id} has non-deleted VPC Attachments: {at}.')
    refused('DependencyViolation', ec2.delete_vpc, VpcId=network)
    same(ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=at)['TransitGatewayVpcAttachment']['State'], 'deleting')
    same(routes(second), {'1.0.0.0/8': ('static', 'blackhole')})
    same(ec2.delete_transit_gateway_route_table(TransitGatewayRouteTableId=second)['TransitGatewayRouteTable']['State'], 'deleting')
    ec2.delete_transit_gateway(TransitGatewayId=id)
    same([each['State'] for each in ec2.describe_route_tables(RouteTableIds=[main])['RouteTables'][0]['Routes']], ['active', 'blackhole'])


@case
def transit_gateways_that_are_peers():
    there = client(region_name='eu-west-1')
    near, far = hub(), hub(there)
    asked = {'TransitGatewayId': near['TransitGatewayId'], 'PeerTransitGatewayId': far['TransitGatewayId'], 'PeerAccountId': account, 'PeerRegion': 'eu-west-1'}
    made = ec2.create_transit_gateway_peering_attachment(**asked)['TransitGatewayPeeringAttachment']
    id = made['TransitGatewayAttachmentId']
    same((made['State'], made['RequesterTgwInfo']['Region'], made['AccepterTgwInfo']['TransitGatewayId']), ('initiatingRequest', 'us-east-1', far['TransitGatewayId']))
    message = refused('InvalidParameterValue', ec2.accept_transit_gateway_peering_attachment, TransitGatewayAttachmentId=id)
    same(message, f'Cannot accept {id} as the source of the peering request.')
    same(there.accept_transit_gateway_peering_attachment(TransitGatewayAttachmentId=id)['TransitGatewayPeeringAttachment']['State'], 'pending')
    same(ids(ec2.describe_transit_gateway_peering_attachments(Filters=by('state', 'available'))['TransitGatewayPeeringAttachments'], 'TransitGatewayAttachmentId'), [id])
    table = near['Options']['AssociationDefaultRouteTableId']
    ec2.create_transit_gateway_route(TransitGatewayRouteTableId=table, TransitGatewayAttachmentId=id, DestinationCidrBlock='10.5.0.0/16')
    same(there.delete_transit_gateway_peering_attachment(TransitGatewayAttachmentId=id)['TransitGatewayPeeringAttachment']['State'], 'deleting')
    same(ec2.describe_transit_gateway_peering_attachments()['TransitGatewayPeeringAttachments'][0]['State'], 'deleted')
    second = ec2.create_transit_gateway_peering_attachment(**asked)['TransitGatewayPeeringAttachment']['TransitGatewayAttachmentId']
    same(there.describe_transit_gateway_peering_attachments(TransitGatewayAttachmentIds=[second])['TransitGatewayPeeringAttachments'][0]['State'], 'pendingAcceptance')
    there.reject_transit_gateway_peering_attachment(TransitGatewayAttachmentId=second)
    same(ec2.describe_transit_gateway_attachments(TransitGatewayAttachmentIds=[second])['TransitGatewayAttachments'][0]['State'], 'rejected')
    ec2.delete_transit_gateway(TransitGatewayId=near['TransitGatewayId'])


@case
def vpn_connections():
    customer = ec2.create_customer_gateway(Type='ipsec.1', IpAddress='192.0.2.1', BgpAsn=65010)['CustomerGateway']['CustomerGatewayId']
    network = vpc()
    gateway = ec2.create_vpn_gateway(Type='ipsec.1')['VpnGateway']['VpnGatewayId']
    ec2.attach_vpn_gateway(VpnGatewayId=gateway, VpcId=network)
    ends = {'Type': 'ipsec.1', 'CustomerGatewayId': customer}
    refused('InvalidCustomerGatewayID.NotFound', ec2.create_vpn_connection, Type='ipsec.1', CustomerGatewayId='cgw-0123456789abcdef0')
    made = ec2.create_vpn_connection(**ends, VpnGatewayId=gateway, Options={'StaticRoutesOnly': True, 'TunnelOptions': [{'TunnelInsideCidr': '169.254.44.40/30', 'PreSharedKey': 'very_secret'}]}, TagSpecifications=tagged('vpn-connection', n='1'))['VpnConnection']
    id = made['VpnConnectionId']
    same((made['State'], made['Category'], made['VpnGatewayId'], made['Options']['StaticRoutesOnly']), ('pending', 'VPN', gateway, True))
    first, second = made['Options']['TunnelOptions']
    same((first['TunnelInsideCidr'], first['PreSharedKey']), ('169.254.44.40/30', 'very_secret'))
    from xml.etree import ElementTree
    document = ElementTree.fromstring(made['CustomerGatewayConfiguration'])
    same((document.get('id'), len(document.findall('ipsec_tunnel'))), (id, 2))
    same(document.find('ipsec_tunnel/ike/pre_shared_key').text, 'very_secret')
    same(document.find('ipsec_tunnel/vpn_gateway/tunnel_inside_address/ip_address').text, '169.254.44.41')
    ec2.get_waiter('vpn_connection_available').wait(VpnConnectionIds=[id])
    same(ids(ec2.describe_vpn_connections(Filters=by('tag:n', '1') + by('bgp-asn', 65010))['VpnConnections'], 'VpnConnectionId'), [id])
    ec2.create_vpn_connection_route(VpnConnectionId=id, DestinationCidrBlock='10.99.0.0/16')
    main = ec2.describe_route_tables(Filters=by('vpc-id', network))['RouteTables'][0]['RouteTableId']
    ec2.enable_vgw_route_propagation(GatewayId=gateway, RouteTableId=main)
    learned = ec2.describe_route_tables(RouteTableIds=[main])['RouteTables'][0]['Routes'][-1]
    same(learned, {'DestinationCidrBlock': '10.99.0.0/16', 'GatewayId': gateway, 'Origin': 'EnableVgwRoutePropagation', 'State': 'active'})
    changed = ec2.modify_vpn_tunnel_options(VpnConnectionId=id, VpnTunnelOutsideIpAddress=second['OutsideIpAddress'], TunnelOptions={'DPDTimeoutSeconds': 45})['VpnConnection']['Options']['TunnelOptions'][1]
    same((changed['DpdTimeoutSeconds'], changed['OutsideIpAddress'], changed['PreSharedKey']), (45, second['OutsideIpAddress'], second['PreSharedKey']))
    same(ec2.modify_vpn_connection_options(VpnConnectionId=id, LocalIpv4NetworkCidr='10.1.0.0/16')['VpnConnection']['Options']['LocalIpv4NetworkCidr'], '10.1.0.0/16')
    transit = hub()
    table = transit['Options']['PropagationDefaultRouteTableId']
    moved = ec2.modify_vpn_connection(VpnConnectionId=id, TransitGatewayId=transit['TransitGatewayId'])['VpnConnection']
    same((moved['TransitGatewayId'], 'VpnGatewayId' in moved), (transit['TransitGatewayId'], False))
    same([each['ResourceType'] for each in ec2.describe_transit_gateway_attachments(Filters=by('resource-id', id))['TransitGatewayAttachments']], ['vpn'])
    ec2.describe_transit_gateway_attachments()
    same(routes(table), {'10.99.0.0/16': ('propagated', 'active')})
    ec2.delete_vpn_connection_route(VpnConnectionId=id, DestinationCidrBlock='10.99.0.0/16')
    ec2.delete_vpn_connection(VpnConnectionId=id)
    ec2.get_waiter('vpn_connection_deleted').wait(VpnConnectionIds=[id])
    message = refused('InvalidVpnConnectionID.NotFound', ec2.delete_vpn_connection, VpnConnectionId='vpn-0123456789abcdef0')
    same(message, "The vpnConnection ID 'vpn-0123456789abcdef0' does not exist")
    ec2.delete_transit_gateway(TransitGatewayId=transit['TransitGatewayId'])
    ec2.detach_vpn_gateway(VpnGatewayId=gateway, VpcId=network)


@case
def carrier_gateways():
    network = vpc()
    made = ec2.create_carrier_gateway(VpcId=network, TagSpecifications=tagged('carrier-gateway', n='1'))['CarrierGateway']
    same((made['State'], made['OwnerId'], made['Tags']), ('pending', account, [{'Key': 'n', 'Value': '1'}]))
    same([each['State'] for each in ec2.describe_carrier_gateways(Filters=by('vpc-id', network))['CarrierGateways']], ['available'])
    ec2.delete_carrier_gateway(CarrierGatewayId=made['CarrierGatewayId'])
    refused('InvalidCarrierGatewayID.NotFound', ec2.delete_carrier_gateway, CarrierGatewayId=made['CarrierGatewayId'])


@case
def tunnels_through_a_vpc():
    id = hub(Options={'AmazonSideAsn': 64600, 'TransitGatewayCidrBlocks': ['10.99.0.0/24']})['TransitGatewayId']
    network = vpc()
    transport = attached(id, network, subnet(network))
    gre = {'TransportTransitGatewayAttachmentId': transport, 'Options': {'Protocol': 'gre'}}
    made = ec2.create_transit_gateway_connect(**gre, TagSpecifications=tagged('transit-gateway-attachment', n='1'))['TransitGatewayConnect']
    at = made['TransitGatewayAttachmentId']
    same((made['State'], made['TransitGatewayId'], made['TransportTransitGatewayAttachmentId'], made['Options']), ('pending', id, transport, {'Protocol': 'gre'}))
    same(ids(ec2.describe_transit_gateway_connects(Filters=by('tag:n', '1') + by('state', 'available'))['TransitGatewayConnects'], 'TransitGatewayAttachmentId'), [at])
    same(ids(ec2.describe_transit_gateway_attachments(Filters=by('resource-type', 'connect'))['TransitGatewayAttachments'], 'ResourceId'), [transport])
    refused('InvalidTransitGatewayAttachmentID.NotFound', ec2.describe_transit_gateway_connects, TransitGatewayAttachmentIds=[transport])
    refused('InvalidParameterValue', ec2.create_transit_gateway_connect, **{**gre, 'TransportTransitGatewayAttachmentId': at})
    refused('IncorrectState', ec2.delete_transit_gateway_vpc_attachment, TransitGatewayAttachmentId=transport)

    ends = {'TransitGatewayAttachmentId': at, 'PeerAddress': '10.0.0.10', 'InsideCidrBlocks': ['169.254.6.0/29']}
    for change, code in [
        ({'PeerAddress': 'there'}, 'InvalidParameterValue'),
        ({'InsideCidrBlocks': ['10.0.0.0/29']}, 'InvalidParameterValue'),
        ({'InsideCidrBlocks': ['169.254.0.0/29']}, 'InvalidParameterValue'),
        ({'TransitGatewayAddress': '10.98.0.1'}, 'InvalidParameterValue'),
        ({'TransitGatewayAttachmentId': transport}, 'InvalidTransitGatewayAttachmentID.NotFound'),
    ]:
        refused(code, ec2.create_transit_gateway_connect_peer, **{**ends, **change})
    peer = ec2.create_transit_gateway_connect_peer(**ends, BgpOptions={'PeerAsn': 64700})['TransitGatewayConnectPeer']
    end = peer['ConnectPeerConfiguration']
    same((peer['State'], end['TransitGatewayAddress'], end['PeerAddress'], end['Protocol']), ('pending', '10.99.0.1', '10.0.0.10', 'gre'))
    bgp = {'TransitGatewayAsn': 64600, 'PeerAsn': 64700, 'PeerAddress': '169.254.6.1', 'BgpStatus': 'down'}
    same(end['BgpConfigurations'], [{**bgp, 'TransitGatewayAddress': f'169.254.6.{each}'} for each in (2, 3)])
    refused('InvalidParameterValue', ec2.create_transit_gateway_connect_peer, **ends)
    found = ec2.describe_transit_gateway_connect_peers(Filters=by('transit-gateway-attachment-id', at))['TransitGatewayConnectPeers']
    same([(each['TransitGatewayConnectPeerId'], each['State']) for each in found], [(peer['TransitGatewayConnectPeerId'], 'available')])
    refused('IncorrectState', ec2.delete_transit_gateway_connect, TransitGatewayAttachmentId=at)
    same(ec2.delete_transit_gateway_connect_peer(TransitGatewayConnectPeerId=peer['TransitGatewayConnectPeerId'])['TransitGatewayConnectPeer']['State'], 'deleting')
    refused('IncorrectState', ec2.delete_transit_gateway_connect_peer, TransitGatewayConnectPeerId=peer['TransitGatewayConnectPeerId'])
    same(ec2.delete_transit_gateway_connect(TransitGatewayAttachmentId=at)['TransitGatewayConnect']['State'], 'deleting')
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=transport)
    ec2.delete_transit_gateway(TransitGatewayId=id)


@case
def multicast():
    plain = hub()['TransitGatewayId']
    refused('UnsupportedOperation', ec2.create_transit_gateway_multicast_domain, TransitGatewayId=plain)
    id = hub(Options={'MulticastSupport': 'enable'})['TransitGatewayId']
    network = vpc()
    part, other = subnet(network), subnet(network, '10.0.1.0/24', 'us-east-1b')
    at = attached(id, network, part)
    made = ec2.create_transit_gateway_multicast_domain(TransitGatewayId=id, Options={'StaticSourcesSupport': 'enable'}, TagSpecifications=tagged('transit-gateway-multicast-domain', n='1'))['TransitGatewayMulticastDomain']
    domain = {'TransitGatewayMulticastDomainId': made['TransitGatewayMulticastDomainId']}
    same((made['State'], made['Options']), ('pending', {'Igmpv2Support': 'disable', 'StaticSourcesSupport': 'enable', 'AutoAcceptSharedAssociations': 'disable'}))
    same(made['TransitGatewayMulticastDomainArn'], f'arn:aws:ec2:us-east-1:{account}:transit-gateway-multicast-domain/{made["TransitGatewayMulticastDomainId"]}')
    same([each['State'] for each in ec2.describe_transit_gateway_multicast_domains(Filters=by('tag:n', '1') + by('transit-gateway-id', id))['TransitGatewayMulticastDomains']], ['available'])

    both = {**domain, 'TransitGatewayAttachmentId': at, 'SubnetIds': [part]}
    same(ec2.associate_transit_gateway_multicast_domain(**both)['Associations']['Subnets'], [{'SubnetId': part, 'State': 'associating'}])
    refused('Resource.AlreadyAssociated', ec2.associate_transit_gateway_multicast_domain, **both)
    for call in (ec2.accept_transit_gateway_multicast_domain_associations, ec2.reject_transit_gateway_multicast_domain_associations):
        refused('IncorrectState', call, **both)
    found = ec2.get_transit_gateway_multicast_domain_associations(**domain, Filters=by('subnet-id', part))['MulticastDomainAssociations']
    same([(each['ResourceId'], each['Subnet']) for each in found], [(network, {'SubnetId': part, 'State': 'associated'})])

    one, two = [ec2.create_network_interface(SubnetId=each)['NetworkInterface']['NetworkInterfaceId'] for each in (part, other)]
    group = {**domain, 'GroupIpAddress': '224.0.0.7', 'NetworkInterfaceIds': [one]}
    refused('InvalidParameterValue', ec2.register_transit_gateway_multicast_group_members, **{**group, 'GroupIpAddress': '10.0.0.7'})
    refused('InvalidParameterValue', ec2.register_transit_gateway_multicast_group_members, **{**group, 'NetworkInterfaceIds': [two]})
    same(ec2.register_transit_gateway_multicast_group_members(**group)['RegisteredMulticastGroupMembers']['RegisteredNetworkInterfaceIds'], [one])
    same(ec2.register_transit_gateway_multicast_group_sources(**group)['RegisteredMulticastGroupSources']['GroupIpAddress'], '224.0.0.7')
    [entry] = ec2.search_transit_gateway_multicast_groups(**domain, Filters=by('is-group-source', 'true'))['MulticastGroups']
    same((entry['GroupMember'], entry['MemberType'], entry['SourceType'], entry['NetworkInterfaceId'], entry['ResourceId']), (True, 'static', 'static', one, network))
    same(ec2.deregister_transit_gateway_multicast_group_sources(**group)['DeregisteredMulticastGroupSources']['DeregisteredNetworkInterfaceIds'], [one])
    refused('TransitGatewayMulticastGroupSource.NotFound', ec2.deregister_transit_gateway_multicast_group_sources, **group)
    same([each['GroupSource'] for each in ec2.search_transit_gateway_multicast_groups(**domain)['MulticastGroups']], [False])
    ec2.deregister_transit_gateway_multicast_group_members(**group)
    refused('TransitGatewayMulticastGroupMember.NotFound', ec2.deregister_transit_gateway_multicast_group_members, **group)

    refused('IncorrectState', ec2.delete_transit_gateway_multicast_domain, **domain)
    same(ec2.disassociate_transit_gateway_multicast_domain(**both)['Associations']['Subnets'][0]['State'], 'disassociating')
    refused('InvalidTransitGatewayMulticastDomainAssociation.NotFound', ec2.disassociate_transit_gateway_multicast_domain, **both)
    same(ec2.delete_transit_gateway_multicast_domain(**domain)['TransitGatewayMulticastDomain']['State'], 'deleting')
    refused('InvalidTransitGatewayMulticastDomainId.NotFound', ec2.associate_transit_gateway_multicast_domain, **both)
    ec2.delete_transit_gateway_vpc_attachment(TransitGatewayAttachmentId=at)
    for each in (plain, id):
        ec2.delete_transit_gateway(TransitGatewayId=each)


run()
