"""boto3 against the local EC2: Client VPN endpoints. Prints as boto3_cases.py."""

import sys

sys.dont_write_bytecode = True
from ec2_common import *

certificate = f'arn:aws:acm:us-east-1:{account}:certificate/one'
mutual = {'Type': 'certificate-authentication', 'MutualAuthentication': {'ClientRootCertificateChainArn': certificate}}
usual = {
    'ClientCidrBlock': '172.16.0.0/16',
    'ServerCertificateArn': certificate,
    'AuthenticationOptions': [mutual],
    'ConnectionLogOptions': {'Enabled': False},
}


def told(id):
    return ec2.describe_client_vpn_endpoints(ClientVpnEndpointIds=[id])['ClientVpnEndpoints'][0]


@case
def endpoints():
    for change, code in [
        ({'ClientCidrBlock': '172.16.0.0/24'}, 'InvalidParameterValue'),
        ({'VpnPort': 80}, 'InvalidParameterValue'),
        ({'SessionTimeoutHours': 9}, 'InvalidParameterValue'),
        ({'TransportProtocol': 'icmp'}, 'InvalidParameterValue'),
        ({'AuthenticationOptions': [{'Type': 'certificate-authentication'}]}, 'MissingParameter'),
        ({'ConnectionLogOptions': {'Enabled': True}}, 'MissingParameter'),
        ({'SecurityGroupIds': ['sg-0123456789abcdef0']}, 'MissingParameter'),
        ({'VpcId': 'vpc-0123456789abcdef0'}, 'InvalidVpcID.NotFound'),
    ]:
        refused(code, ec2.create_client_vpn_endpoint, **{**usual, **change})
    made = ec2.create_client_vpn_endpoint(**usual, Description='people', DnsServers=['8.8.8.8'], SelfServicePortal='enabled', TagSpecifications=tagged('client-vpn-endpoint', n='1'))
    id = made['ClientVpnEndpointId']
    same((made['Status'], made['DnsName']), ({'Code': 'pending-associate'}, f'*.{id}.prod.clientvpn.us-east-1.amazonaws.com'))
    now = told(id)
    same((now['AuthenticationOptions'], now['VpnPort'], now['TransportProtocol'], now['SplitTunnel'], now['SessionTimeoutHours']), ([{'Type': 'certificate-authentication', 'MutualAuthentication': {'ClientRootCertificateChain': certificate}}], 443, 'udp', False, 24))
    same(now['SelfServicePortalUrl'], f'https://self-service.clientvpn.amazonaws.com/endpoints/{id}')
    same(ids(ec2.describe_client_vpn_endpoints(Filters=by('tag:n', '1') + by('transport-protocol', 'udp'))['ClientVpnEndpoints'], 'ClientVpnEndpointId'), [id])
    ec2.modify_client_vpn_endpoint(ClientVpnEndpointId=id, Description='some', DnsServers={'Enabled': False}, SplitTunnel=True, VpnPort=1194, ClientLoginBannerOptions={'Enabled': True, 'BannerText': 'hello'}, SelfServicePortal='disabled')
    now = told(id)
    same((now['Description'], now['DnsServers'], now['SplitTunnel'], now['VpnPort'], now['ClientLoginBannerOptions'], now.get('SelfServicePortalUrl')), ('some', [], True, 1194, {'Enabled': True, 'BannerText': 'hello'}, None))
    ec2.create_tags(Resources=[id], Tags=[{'Key': 'a', 'Value': 'b'}])
    same(ids(ec2.describe_tags(Filters=by('resource-id', id))['Tags'], 'Key'), ['a', 'n'])

    refused('InvalidParameterValue', ec2.import_client_vpn_client_certificate_revocation_list, ClientVpnEndpointId=id, CertificateRevocationList='none')
    assert 'CertificateRevocationList' not in ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=id)
    revoked = '-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n'
    same(ec2.import_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=id, CertificateRevocationList=revoked)['Return'], True)
    out = ec2.export_client_vpn_client_certificate_revocation_list(ClientVpnEndpointId=id)
    same((out['CertificateRevocationList'].strip(), out['Status']), (revoked.strip(), {'Code': 'active'}))
    refused('NotImplemented', ec2.export_client_vpn_client_configuration, 501, ClientVpnEndpointId=id)

    same(ec2.describe_client_vpn_connections(ClientVpnEndpointId=id)['Connections'], [])
    refused('InvalidClientVpnConnection.IdNotFound', ec2.terminate_client_vpn_connections, ClientVpnEndpointId=id, ConnectionId='cvpn-connection-1')
    refused('InvalidClientVpnConnection.UserNotFound', ec2.terminate_client_vpn_connections, ClientVpnEndpointId=id, Username='x')
    same(ec2.delete_client_vpn_endpoint(ClientVpnEndpointId=id)['Status'], {'Code': 'deleting'})
    same(refused('InvalidClientVpnEndpointId.NotFound', ec2.describe_client_vpn_endpoints, ClientVpnEndpointIds=[id]), f'Endpoint {id} does not exist')


@case
def networks_routes_and_rules():
    network, other = vpc(), vpc('172.16.0.0/20')
    one, twin, two = subnet(network), subnet(network, '10.0.1.0/24'), subnet(network, '10.0.2.0/24', 'us-east-1b')
    id = ec2.create_client_vpn_endpoint(**usual)['ClientVpnEndpointId']
    at = {'ClientVpnEndpointId': id}
    refused('InvalidClientVpnSubnetId.NotFound', ec2.associate_client_vpn_target_network, **at, SubnetId='subnet-0123456789abcdef0')
    refused('InvalidClientVpnSubnetId.OverlappingCidr', ec2.associate_client_vpn_target_network, **at, SubnetId=subnet(other, '172.16.0.0/24'))
    made = ec2.associate_client_vpn_target_network(**at, SubnetId=one)
    same(made['Status'], {'Code': 'associating'})
    refused('InvalidClientVpnDuplicateAssociationException', ec2.associate_client_vpn_target_network, **at, SubnetId=one)
    refused('InvalidClientVpnSubnetId.DuplicateAz', ec2.associate_client_vpn_target_network, **at, SubnetId=twin)
    second = ec2.associate_client_vpn_target_network(**at, SubnetId=two)['AssociationId']
    now = told(id)
    [group] = now['SecurityGroupIds']
    same((now['Status'], now['VpcId'], ids(now['AssociatedTargetNetworks'], 'NetworkId')), ({'Code': 'available'}, network, sorted([one, two])))
    refused('DependencyViolation', ec2.delete_subnet, SubnetId=one)
    [told_of] = ec2.describe_client_vpn_target_networks(**at, Filters=by('target-network-id', one))['ClientVpnTargetNetworks']
    same((told_of['AssociationId'], told_of['Status'], told_of['SecurityGroups'], told_of['VpcId']), (made['AssociationId'], {'Code': 'associated'}, [group], network))
    refused('InvalidClientVpnAssociationIdNotFound', ec2.describe_client_vpn_target_networks, **at, AssociationIds=['cvpn-assoc-0123456789abcdef0'])
    more = ec2.create_security_group(GroupName='people', Description='d', VpcId=network)['GroupId']
    same(ec2.apply_security_groups_to_client_vpn_target_network(**at, VpcId=network, SecurityGroupIds=[more])['SecurityGroupIds'], [more])
    refused('InvalidClientVpnActiveAssociationNotFound', ec2.apply_security_groups_to_client_vpn_target_network, **at, VpcId=other, SecurityGroupIds=[more])

    out = {'DestinationCidrBlock': '0.0.0.0/0', 'TargetVpcSubnetId': one}
    same(ec2.create_client_vpn_route(**at, **out, Description='out')['Status'], {'Code': 'creating'})
    refused('InvalidClientVpnDuplicateRoute', ec2.create_client_vpn_route, **at, **out)
    refused('InvalidClientVpnActiveAssociationNotFound', ec2.create_client_vpn_route, **at, DestinationCidrBlock='0.0.0.0/0', TargetVpcSubnetId=twin)
    refused('InvalidParameterValue', ec2.create_client_vpn_route, **at, DestinationCidrBlock='all', TargetVpcSubnetId=one)
    routes = ec2.describe_client_vpn_routes(**at)['Routes']
    same(sorted((each['DestinationCidr'], each['TargetSubnet'], each['Origin'], each['Status']['Code']) for each in routes), sorted([('10.0.0.0/16', one, 'associate', 'active'), ('10.0.0.0/16', two, 'associate', 'active'), ('0.0.0.0/0', one, 'add-route', 'active')]))
    refused('InvalidClientVpnRouteNotFound', ec2.delete_client_vpn_route, **at, DestinationCidrBlock='10.0.0.0/16', TargetVpcSubnetId=one)
    same(ec2.delete_client_vpn_route(**at, **out)['Status'], {'Code': 'deleting'})

    same(ec2.authorize_client_vpn_ingress(**at, TargetNetworkCidr='10.0.0.0/16', AuthorizeAllGroups=True, Description='all')['Status'], {'Code': 'authorizing'})
    refused('InvalidClientVpnDuplicateAuthorizationRule', ec2.authorize_client_vpn_ingress, **at, TargetNetworkCidr='10.0.0.0/16', AuthorizeAllGroups=True)
    refused('MissingParameter', ec2.authorize_client_vpn_ingress, **at, TargetNetworkCidr='10.0.0.0/16')
    ec2.authorize_client_vpn_ingress(**at, TargetNetworkCidr='10.0.0.0/16', AccessGroupId='S-1')
    rules = ec2.describe_client_vpn_authorization_rules(**at, Filters=by('destination-cidr', '10.0.0.0/16'))['AuthorizationRules']
    same([(each['GroupId'], each['AccessAll'], each['Status']['Code']) for each in rules], [('', True, 'active'), ('S-1', False, 'active')])
    same(ec2.revoke_client_vpn_ingress(**at, TargetNetworkCidr='10.0.0.0/16', AccessGroupId='S-1')['Status'], {'Code': 'revoking'})
    refused('InvalidClientVpnEndpointAuthorizationRuleNotFound', ec2.revoke_client_vpn_ingress, **at, TargetNetworkCidr='10.0.0.0/16', AccessGroupId='S-1')

    refused('DependencyViolation', ec2.delete_client_vpn_endpoint, **at)
    same(ec2.disassociate_client_vpn_target_network(**at, AssociationId=made['AssociationId'])['Status'], {'Code': 'disassociating'})
    same([each['TargetSubnet'] for each in ec2.describe_client_vpn_routes(**at)['Routes']], [two])
    ec2.disassociate_client_vpn_target_network(**at, AssociationId=second)
    same(told(id)['Status'], {'Code': 'pending-associate'})
    refused('InvalidClientVpnAssociationIdNotFound', ec2.disassociate_client_vpn_target_network, **at, AssociationId=second)
    ec2.delete_client_vpn_endpoint(**at)


run()
