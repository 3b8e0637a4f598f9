"""boto3 against the local EC2: who has which addresses (IPAM). Prints as boto3_cases.py."""

import sys

sys.dont_write_bytecode = True
from ec2_common import *


def manager(*regions):
    made = ec2.create_ipam(Description='all', OperatingRegions=[{'RegionName': each} for each in regions or ('us-east-1',)], TagSpecifications=tagged('ipam', n='1'))['Ipam']
    same((made['State'], made['ScopeCount'], made['Tier'], made['IpamArn']), ('create-in-progress', 2, 'advanced', f'arn:aws:ec2::{account}:ipam/{made["IpamId"]}'))
    return made


def pool(ipam, cidr=None, **more):
    made = ec2.create_ipam_pool(IpamScopeId=ipam['PrivateDefaultScopeId'], AddressFamily='ipv4', **more)['IpamPool']
    if cidr:
        same(ec2.provision_ipam_pool_cidr(IpamPoolId=made['IpamPoolId'], Cidr=cidr)['IpamPoolCidr']['State'], 'pending-provision')
    return made['IpamPoolId']


def held(pool):
    return [(each['Cidr'], each['State']) for each in ec2.get_ipam_pool_cidrs(IpamPoolId=pool)['IpamPoolCidrs']]


def given(pool):
    return [(each['Cidr'], each['ResourceType'], each.get('ResourceId')) for each in ec2.get_ipam_pool_allocations(IpamPoolId=pool)['IpamPoolAllocations']]


@case
def managers_and_scopes():
    refused('InvalidParameterValue', ec2.create_ipam, OperatingRegions=[{'RegionName': 'nowhere-1'}])
    ipam = manager()
    id = ipam['IpamId']
    same([(each['IpamId'], each['State'], each['Tags']) for each in ec2.describe_ipams(Filters=by('description', 'al*'))['Ipams']], [(id, 'create-complete', [{'Key': 'n', 'Value': '1'}])])
    same(ec2.describe_ipams(Filters=by('tag:n', '2'))['Ipams'], [])
    changed = ec2.modify_ipam(IpamId=id, Description='less', AddOperatingRegions=[{'RegionName': 'eu-west-1'}], Tier='free')['Ipam']
    same((changed['State'], changed['Description'], changed['Tier'], ids(changed['OperatingRegions'], 'RegionName')), ('modify-in-progress', 'less', 'free', ['eu-west-1', 'us-east-1']))
    scopes = ec2.describe_ipam_scopes(Filters=by('ipam-id', id))['IpamScopes']
    same(sorted((each['IpamScopeType'], each['IsDefault']) for each in scopes), [('private', True), ('public', True)])
    same(ids(scopes, 'IpamScopeId'), sorted([ipam['PublicDefaultScopeId'], ipam['PrivateDefaultScopeId']]))
    own = ec2.create_ipam_scope(IpamId=id, Description='own')['IpamScope']
    same((own['IpamScopeType'], own['IsDefault'], own['PoolCount'], own['IpamArn']), ('private', False, 0, ipam['IpamArn']))
    same(ec2.modify_ipam_scope(IpamScopeId=own['IpamScopeId'], Description='mine')['IpamScope']['Description'], 'mine')
    ec2.create_tags(Resources=[id, own['IpamScopeId']], Tags=[{'Key': 'a', 'Value': 'b'}])
    same(ids(ec2.describe_tags(Filters=by('key', 'a'))['Tags'], 'ResourceType'), ['ipam', 'ipam-scope'])
    found = ec2.describe_ipam_resource_discoveries()['IpamResourceDiscoveries']
    same([(each['IpamResourceDiscoveryId'], each['IsDefault']) for each in found], [(ipam['DefaultResourceDiscoveryId'], True)])
    linked = ec2.describe_ipam_resource_discovery_associations(Filters=by('ipam-id', id))['IpamResourceDiscoveryAssociations']
    same(ids(linked, 'IpamResourceDiscoveryAssociationId'), [ipam['DefaultResourceDiscoveryAssociationId']])

    refused('InvalidParameterCombination', ec2.delete_ipam_scope, IpamScopeId=ipam['PrivateDefaultScopeId'])
    refused('DependencyViolation', ec2.delete_ipam, IpamId=id)
    same(ec2.delete_ipam_scope(IpamScopeId=own['IpamScopeId'])['IpamScope']['State'], 'delete-in-progress')
    same(ec2.delete_ipam(IpamId=id)['Ipam']['State'], 'delete-in-progress')
    refused('InvalidIpamId.NotFound', ec2.describe_ipams, IpamIds=[id])
    refused('InvalidIpamId.NotFound', ec2.create_ipam_scope, IpamId=id)
    refused('InvalidIpamId.NotFound', ec2.modify_ipam, IpamId=id)
    refused('InvalidIpamScopeId.NotFound', ec2.modify_ipam_scope, IpamScopeId=own['IpamScopeId'])


@case
def pools_within_pools():
    ipam = manager('us-east-1', 'eu-west-1')
    public = {'IpamScopeId': ipam['PublicDefaultScopeId'], 'AddressFamily': 'ipv4'}
    refused('NotImplemented', ec2.create_ipam_pool, 501, **public)
    refused('InvalidParameterValue', pool, ipam=ipam, Locale='ap-south-1')
    refused('InvalidParameterValue', pool, ipam=ipam, AllocationMinNetmaskLength=24, AllocationMaxNetmaskLength=16)
    top = pool(ipam, '10.0.0.0/8', TagSpecifications=tagged('ipam-pool', n='top'))
    same(held(top), [('10.0.0.0/8', 'provisioned')])
    low = pool(ipam, '10.1.0.0/16', SourceIpamPoolId=top, Locale='us-east-1', AllocationDefaultNetmaskLength=24, AllocationMinNetmaskLength=20)
    far = pool(ipam, SourceIpamPoolId=top, Locale='eu-west-1')
    ec2.provision_ipam_pool_cidr(IpamPoolId=far, NetmaskLength=16)
    same((held(far), given(top)), ([('10.0.0.0/16', 'provisioned')], [('10.1.0.0/16', 'ipam-pool', low), ('10.0.0.0/16', 'ipam-pool', far)]))
    other = pool(ipam, '10.9.0.0/16')
    [failed] = ec2.get_ipam_pool_cidrs(IpamPoolId=other)['IpamPoolCidrs']
    same((failed['State'], failed['FailureReason']['Code']), ('failed-provision', 'cidr-not-available'))
    told = ec2.describe_ipam_pools(IpamPoolIds=[low])['IpamPools'][0]
    same((told['PoolDepth'], told['State'], told['SourceIpamPoolId'], told['Locale'], told['IpamScopeArn']), (2, 'create-complete', top, 'us-east-1', f'arn:aws:ec2::{account}:ipam-scope/{ipam["PrivateDefaultScopeId"]}'))
    same(ids(ec2.describe_ipam_pools(Filters=by('tag:n', 'top'))['IpamPools'], 'IpamPoolId'), [top])
    same(ec2.describe_ipam_scopes(IpamScopeIds=[ipam['PrivateDefaultScopeId']])['IpamScopes'][0]['PoolCount'], 4)
    changed = ec2.modify_ipam_pool(IpamPoolId=low, Description='low', ClearAllocationDefaultNetmaskLength=True, AddAllocationResourceTags=[{'Key': 'env', 'Value': 'x'}])['IpamPool']
    same((changed['Description'], changed.get('AllocationDefaultNetmaskLength'), changed['AllocationResourceTags']), ('low', None, [{'Key': 'env', 'Value': 'x'}]))

    # By hand: the next that is free, or this one.
    refused('MissingParameter', ec2.allocate_ipam_pool_cidr, IpamPoolId=low)
    refused('InvalidParameterValue', ec2.allocate_ipam_pool_cidr, IpamPoolId=low, NetmaskLength=16)
    refused('InvalidParameterValue', ec2.allocate_ipam_pool_cidr, IpamPoolId=low, Cidr='10.2.0.0/24')
    same(ec2.allocate_ipam_pool_cidr(IpamPoolId=low, NetmaskLength=24, PreviewNextCidr=True)['IpamPoolAllocation']['Cidr'], '10.1.0.0/24')
    one = ec2.allocate_ipam_pool_cidr(IpamPoolId=low, Cidr='10.1.0.0/24', Description='mine')['IpamPoolAllocation']
    same((one['ResourceType'], one['ResourceOwner'], one['IpamPoolAllocationId'][:16]), ('custom', account, 'ipam-pool-alloc-'))
    refused('InvalidParameterValue', ec2.allocate_ipam_pool_cidr, IpamPoolId=low, Cidr='10.1.0.128/25')
    two = ec2.allocate_ipam_pool_cidr(IpamPoolId=low, NetmaskLength=20)['IpamPoolAllocation']
    within = ec2.allocate_ipam_pool_cidr(IpamPoolId=low, NetmaskLength=28, AllowedCidrs=['10.1.128.0/17'], DisallowedCidrs=['10.1.128.0/24'])['IpamPoolAllocation']
    same((two['Cidr'], within['Cidr']), ('10.1.16.0/20', '10.1.129.0/28'))

    # A network of the pool's region.
    made = ec2.create_vpc(Ipv4IpamPoolId=low, Ipv4NetmaskLength=24)['Vpc']
    same(made['CidrBlock'], '10.1.1.0/24')
    same(given(low)[-1], ('10.1.1.0/24', 'vpc', made['VpcId']))
    refused('InvalidParameterValue', ec2.create_vpc, Ipv4IpamPoolId=far, Ipv4NetmaskLength=24)
    there = client(region_name='eu-west-1')
    same(ids(there.describe_ipam_pools()['IpamPools'], 'IpamPoolId'), [far])
    abroad = there.create_vpc(Ipv4IpamPoolId=far, Ipv4NetmaskLength=20)['Vpc']
    same((abroad['CidrBlock'], given(far)), ('10.0.0.0/20', [('10.0.0.0/20', 'vpc', abroad['VpcId'])]))
    more = ec2.associate_vpc_cidr_block(VpcId=made['VpcId'], Ipv4IpamPoolId=low, Ipv4NetmaskLength=26)['CidrBlockAssociation']
    same(more['CidrBlock'], '10.1.2.0/26')

    # Back again.
    refused('DependencyViolation', ec2.deprovision_ipam_pool_cidr, IpamPoolId=low, Cidr='10.1.0.0/16')
    refused('DependencyViolation', ec2.delete_ipam_pool, IpamPoolId=low)
    refused('DependencyViolation', ec2.delete_ipam_pool, IpamPoolId=top)
    refused('DependencyViolation', ec2.delete_ipam, IpamId=ipam['IpamId'], Cascade=True)
    used = {each['ResourceType']: each for each in ec2.get_ipam_pool_allocations(IpamPoolId=low)['IpamPoolAllocations']}['vpc']
    refused('DependencyViolation', ec2.release_ipam_pool_allocation, IpamPoolId=low, Cidr=used['Cidr'], IpamPoolAllocationId=used['IpamPoolAllocationId'])
    ec2.disassociate_vpc_cidr_block(AssociationId=more['AssociationId'])
    ec2.delete_vpc(VpcId=made['VpcId'])
    there.delete_vpc(VpcId=abroad['VpcId'])
    for each in (one, two, within):
        same(ec2.release_ipam_pool_allocation(IpamPoolId=low, Cidr=each['Cidr'], IpamPoolAllocationId=each['IpamPoolAllocationId'])['Success'], True)
    refused('InvalidIpamPoolAllocationId.NotFound', ec2.get_ipam_pool_allocations, IpamPoolId=low, IpamPoolAllocationId=one['IpamPoolAllocationId'])
    refused('InvalidIpamPoolAllocationId.NotFound', ec2.release_ipam_pool_allocation, IpamPoolId=low, Cidr=one['Cidr'], IpamPoolAllocationId=one['IpamPoolAllocationId'])
    same((given(low), given(far)), ([], []))
    refused('InvalidParameterValue', ec2.deprovision_ipam_pool_cidr, IpamPoolId=low, Cidr='10.2.0.0/16')
    said = refused('DependencyViolation', ec2.delete_ipam_pool, IpamPoolId=low)
    same(said, f'The specified action is not valid for {low}. There are one or more pool cidrs provisioned in the pool.')
    same(ec2.deprovision_ipam_pool_cidr(IpamPoolId=low, Cidr='10.1.0.0/16')['IpamPoolCidr']['State'], 'pending-deprovision')
    same(ec2.delete_ipam_pool(IpamPoolId=low)['IpamPool']['State'], 'delete-in-progress')
    same(given(top), [('10.0.0.0/16', 'ipam-pool', far)])
    ec2.delete_ipam(IpamId=ipam['IpamId'], Cascade=True)
    for call in (ec2.get_ipam_pool_cidrs, ec2.get_ipam_pool_allocations, ec2.allocate_ipam_pool_cidr, ec2.delete_ipam_pool, ec2.modify_ipam_pool):
        refused('InvalidIpamPoolId.NotFound', call, IpamPoolId=top)
    same(ec2.describe_ipam_pools()['IpamPools'], [])
    refused('MissingParameter', ec2.create_vpc)


run()
