"""What the cases of EC2 share: clients, refusals, and the end, where all that succeeded is refused to somebody powerless."""

import json, os, traceback

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

cases = []
succeeded = {}
account = '123456789012'
linux = 'ami-0abcdef1234567890'
windows = 'ami-03cf127a'


def case(function):
    cases.append(function)
    return function


def given(keys):
    keys = keys or {}
    return {
        'aws_access_key_id': keys.get('AccessKeyId', os.environ['AWS_ACCESS_KEY_ID']),
        'aws_secret_access_key': keys.get('SecretAccessKey', os.environ['AWS_SECRET_ACCESS_KEY']),
        'aws_session_token': keys.get('SessionToken'),
    }


def client(service='ec2', keys=None, **more):
    made = boto3.client(service, **given(keys), config=Config(retries={'max_attempts': 1}), **more)
    if keys is None and service == 'ec2':
        asked = {}
        made.meta.events.register('provide-client-params.ec2.*', lambda params, model, **_: asked.__setitem__(model.name, params))
        made.meta.events.register('after-call.ec2.*', lambda http_response, model, **_: http_response.status_code < 300 and
                                  succeeded.setdefault(model.name, asked[model.name]))
    return made


ec2 = client()


def refused(code, call, status=400, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        got = error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']
        assert got == (code, status), (got, error.response['Error'].get('Message'))
        return error.response['Error'].get('Message', '')
    raise AssertionError(f'was allowed: {call.__name__} {arguments}')


def same(got, wanted):
    assert got == wanted, f'{got!r} is not {wanted!r}'


def ids(list_of, member):
    return sorted(each[member] for each in list_of)


def by(name, *values):
    return [{'Name': name, 'Values': [str(each) for each in values]}]


def tagged(kind, **tags):
    return [{'ResourceType': kind, 'Tags': [{'Key': key, 'Value': value} for key, value in tags.items()]}]


def allow(action, resource='*', **more):
    return {'Effect': 'Allow', 'Action': action, 'Resource': resource, **more}


def user(name, *statements):
    iam = client('iam')
    iam.create_user(UserName=f'ec2-{name}')
    if statements:
        document = json.dumps({'Version': '2012-10-17', 'Statement': list(statements)})
        iam.put_user_policy(UserName=f'ec2-{name}', PolicyName='p', PolicyDocument=document)
    return iam.create_access_key(UserName=f'ec2-{name}')['AccessKey']


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
    from botocore import xform_name
    powerless = client(keys=user(f'powerless-{os.getpid()}'))
    wrong = []
    for operation, parameters in sorted(succeeded.items()):
        try:
            getattr(powerless, xform_name(operation))(**parameters)
            wrong.append(f'{operation} was allowed')
        except ClientError as error:
            code, message = error.response['Error']['Code'], error.response['Error']['Message']
            if code != 'UnauthorizedOperation' or f'is not authorized to perform: ec2:{operation} ' not in message:
                wrong.append(f'{operation}: {code} {message[:150]}')
    assert wrong == [], wrong
    assert len(succeeded) > 20, len(succeeded)


def run():
    for function in [*cases, everything_needs_leave]:
        try:
            function()
            tidy_up()
            print(json.dumps({'case': function.__name__, 'ok': True}), flush=True)
        except Exception as error:
            frames = [each for each in traceback.extract_tb(error.__traceback__) if 'boto' not in each.filename or 'cases' in each.filename]
            at = ' < '.join(f'{os.path.basename(each.filename)}:{each.lineno}' for each in reversed(frames[1:]))
            print(json.dumps({'case': function.__name__, 'ok': False, 'why': f'{type(error).__name__}: {error} at {at}'[:600]}), flush=True)
