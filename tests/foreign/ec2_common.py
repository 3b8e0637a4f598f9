"""What the cases of EC2 share: clients, refusals, and the end, where all that succeeded is refused to somebody powerless."""

import os

from botocore import xform_name
from botocore.exceptions import ClientError

import witness
from witness import account, allow, case, cases, same, succeeded

linux = 'ami-0abcdef1234567890'
windows = 'ami-03cf127a'


def client(service='ec2', keys=None, **more):
    return witness.client(service, keys, **more)


ec2 = client()


def refused(code, call, status=400, **arguments):
    return witness.refused(code, status, call, **arguments)


def ids(list_of, member):
    return sorted(each[member] for each in list_of)


def by(name, *values):
    return [{'Name': name, 'Values': [str(each) for each in values]}]


def tagged(kind, **tags):
    return [{'ResourceType': kind, 'Tags': [{'Key': key, 'Value': value} for key, value in tags.items()]}]


def user(name, *statements):
    return witness.user(f'ec2-{name}', *statements)


def vpc(cidr='10.0.0.0/16', **more):
    made = ec2.create_vpc(CidrBlock=cidr, **more)['Vpc']['VpcId']
    ec2.get_waiter('vpc_available').wait(VpcIds=[made])
    return made


def subnet(of, cidr='10.0.0.0/24', zone='us-east-1a'):
    return ec2.create_subnet(VpcId=of, CidrBlock=cidr, AvailabilityZone=zone)['Subnet']['SubnetId']


def launch(count=1, **more):
    arguments = {'ImageId': linux, 'InstanceType': 't3.micro', 'MinCount': count, 'MaxCount': count, **more}
    made = ec2.run_instances(**arguments)['Instances']
    return made[0] if count == 1 else made


def instance(id):
    return ec2.describe_instances(InstanceIds=[id])['Reservations'][0]['Instances'][0]


def tidy_up():
    """The account may have five VPCs: what a case has made goes."""
    ends = [each['InstanceId'] for found in ec2.describe_instances()['Reservations'] for each in found['Instances'] if each['State']['Name'] != 'terminated']
    if ends:
        ec2.terminate_instances(InstanceIds=ends)
    for made in ec2.describe_vpcs(Filters=by('is-default', 'false'))['Vpcs']:
        inside = by('vpc-id', made['VpcId'])
        for each in ec2.describe_network_interfaces(Filters=inside)['NetworkInterfaces']:
            ec2.delete_network_interface(NetworkInterfaceId=each['NetworkInterfaceId'])
        for each in ec2.describe_subnets(Filters=inside)['Subnets']:
            ec2.delete_subnet(SubnetId=each['SubnetId'])
        groups = [each for each in ec2.describe_security_groups(Filters=inside)['SecurityGroups'] if each['GroupName'] != 'default']
        for each in groups:
            if each['IpPermissions']:
                ec2.revoke_security_group_ingress(GroupId=each['GroupId'], IpPermissions=each['IpPermissions'])
        for each in groups:
            ec2.delete_security_group(GroupId=each['GroupId'])
        for each in ec2.describe_internet_gateways(Filters=by('attachment.vpc-id', made['VpcId']))['InternetGateways']:
            ec2.detach_internet_gateway(InternetGatewayId=each['InternetGatewayId'], VpcId=made['VpcId'])
        for each in ec2.describe_vpc_peering_connections(Filters=by('status-code', 'active'))['VpcPeeringConnections']:
            ec2.delete_vpc_peering_connection(VpcPeeringConnectionId=each['VpcPeeringConnectionId'])
        ec2.delete_vpc(VpcId=made['VpcId'])


def everything_needs_leave():
    """Every operation that a case has called with success is refused to one who may do nothing, DryRun or not."""
    powerless = client(keys=user(f'powerless-{os.getpid()}'))
    wrong = []
    done = {operation: parameters for (service, operation), parameters in succeeded.items() if service == 'ec2'}
    for operation, parameters in sorted(done.items()):
        try:
            getattr(powerless, xform_name(operation))(**parameters)
            wrong.append(f'{operation} was allowed')
        except ClientError as error:
            code, message = error.response['Error']['Code'], error.response['Error']['Message']
            if code != 'UnauthorizedOperation' or f'is not authorized to perform: ec2:{operation} ' not in message:
                wrong.append(f'{operation}: {code} {message[:150]}')
    assert wrong == [], wrong
    assert len(done) > 20, len(done)


def run():
    cases.append(everything_needs_leave)
    witness.run(after_each=tidy_up)
