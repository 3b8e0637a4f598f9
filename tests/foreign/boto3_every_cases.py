"""boto3 against every operation that is built of every service but EC2 (boto3_ec2_every_cases.py): each is asked by who may
nothing, and for what nobody has, as every-operation.txt says. That each succeeds somewhere, too, is held by the last cases
of each service (`called_and_not`). Prints as boto3_cases.py."""

import os, re, sys

sys.dont_write_bytecode = True
import witness
from witness import account, case, json, policy, run, something, user, xform_name
from botocore.exceptions import ClientError

digits = '01234567-89ab-cdef-0123-456789abcdef'
bucket = 'every-operation'


def arn(service, rest, region='us-east-1'):
    return f'arn:aws:{service}:{region}:{account}:{rest}'


# By service and member: what is well-formed and means nothing.
nobody = {
    'cloudwatch': {'ResourceARN': arn('cloudwatch', 'alarm:nothing')},
    'dynamodb': {
        'BackupArn': arn('dynamodb', 'table/nothing/backup/01700000000000-abcdef12'),
        'ExportArn': arn('dynamodb', 'table/nothing/export/01700000000000-abcdef12'),
        'ImportArn': arn('dynamodb', 'table/nothing/import/01700000000000-abcdef12'),
        'Item': {'k': {'S': 'x'}},
        'Key': {'k': {'S': 'x'}},
        'RequestItems': {'nothing': {'Keys': [{'k': {'S': 'x'}}]}},
        'ResourceArn': arn('dynamodb', 'table/nothing'),
        'Statement': 'SELECT * FROM "nothing"',
        'StreamArn': arn('kinesis', 'stream/nothing'),
        'TableArn': arn('dynamodb', 'table/nothing'),
    },
    'dynamodbstreams': {'StreamArn': arn('dynamodb', 'table/nothing/stream/2026-01-01T00:00:00.000')},
    'iam': {
        'Arn': arn('iam', 'user/nothing', ''),
        'AuthenticationCode1': '123456',
        'AuthenticationCode2': '234567',
        'EntityPath': 'o-nothing1234/r-nothing',
        'OpenIDConnectProviderArn': arn('iam', 'oidc-provider/nothing.example.com', ''),
        'PermissionsBoundary': arn('iam', 'policy/nothing', ''),
        'PolicyArn': arn('iam', 'policy/nothing', ''),
        'PolicyDocument': policy({'Effect': 'Allow', 'Action': 's3:*', 'Resource': '*'}),
        'PolicySourceArn': arn('iam', 'user/nothing', ''),
        'SAMLProviderArn': arn('iam', 'saml-provider/nothing', ''),
        'SerialNumber': arn('iam', 'mfa/nothing', ''),
        'VersionId': 'v1',
    },
    'organizations': {
        'AccountId': '210987654321',
        'ChildId': '210987654321',
        'CreateAccountRequestId': 'car-0123456789abcdef0123456789abcdef',
        'DestinationParentId': 'r-abcd',
        'Email': 'a@example.com',
        'HandshakeId': 'h-nothing123',
        'Id': '210987654321',
        'OrganizationalUnitId': 'ou-abcd-nothing1',
        'ParentId': 'r-abcd',
        'PolicyId': 'p-nothing123',
        'ResourceId': '210987654321',
        'RootId': 'r-abcd',
        'ServicePrincipal': 'config.amazonaws.com',
        'SourceParentId': 'r-abcd',
        'TargetId': '210987654321',
    },
    's3': {'Bucket': bucket, 'CopySource': f'{bucket}/nothing'},
    's3control': {'AccountId': account, 'ResourceArn': arn('s3', 'accesspoint/nothing')},
    'service-quotas': {'AwsRegion': 'us-east-1', 'QuotaCode': 'L-00000000', 'ResourceARN': arn('servicequotas', 'vpc/L-00000000'), 'ServiceCode': 'vpc'},
    'sns': {
        'EndpointArn': arn('sns', f'endpoint/GCM/nothing/{digits}'),
        'OneTimePassword': '123456',
        'PhoneNumber': '+12065550100',
        'PlatformApplicationArn': arn('sns', 'app/GCM/nothing'),
        'ResourceArn': arn('sns', 'nothing'),
        'SubscriptionArn': arn('sns', f'nothing:{digits}'),
        'TopicArn': arn('sns', 'nothing'),
        'phoneNumber': '+12065550100',
    },
    'sqs': {'QueueUrl': f'{os.environ["AWS_ENDPOINT_URL"]}/{account}/nothing', 'SourceArn': arn('sqs', 'nothing')},
    'sts': {
        'AccessKeyId': 'AKIAIOSFODNN7EXAMPLE',
        'RoleArn': arn('iam', 'role/nothing', ''),
        'SigningAlgorithm': 'ES384',
        'TargetPrincipal': '210987654321',
    },
    'support': {},
}
# What is asked beside what the model requires, or otherwise, by service and operation.
more = {
    ('dynamodb', 'BatchWriteItem'): {'RequestItems': {'nothing': [{'DeleteRequest': {'Key': {'k': {'S': 'x'}}}}]}},
    ('dynamodb', 'CreateTable'): {
        'AttributeDefinitions': [{'AttributeName': 'k', 'AttributeType': 'S'}],
        'BillingMode': 'PAY_PER_REQUEST',
        'KeySchema': [{'AttributeName': 'k', 'KeyType': 'HASH'}],
    },
    ('dynamodb', 'Query'): {'KeyConditionExpression': 'k = :k', 'ExpressionAttributeValues': {':k': {'S': 'x'}}},
    ('dynamodb', 'TransactWriteItems'): {'TransactItems': [{'Delete': {'TableName': 'nothing', 'Key': {'k': {'S': 'x'}}}}]},
    ('dynamodb', 'TagResource'): {'Tags': [{'Key': 'k', 'Value': 'v'}]},
    ('s3', 'UpdateObjectEncryption'): {'ObjectEncryption': {'SSEKMS': {'KMSKeyArn': arn('kms', 'key/' + digits)}}},
    ('sns', 'Publish'): {'TopicArn': arn('sns', 'nothing')},
    ('sts', 'AssumeRoot'): {'TaskPolicyArn': {'arn': 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials'}},
}
# How IAM calls them, where not by the client's name.
prefixes = {'dynamodbstreams': 'dynamodb', 's3control': 's3', 'service-quotas': 'servicequotas', 'sns': 'SNS'}


witness.names_lead_here()


def client(service, keys=None):
    # What is wrong is to be told by the service, not by its client.
    return witness.client(service, keys, {'parameter_validation': False}, region_name='us-east-1')


def asked(service, model):
    """What the model requires, well-formed."""
    known = lambda name, shape: nobody[service].get(name)
    given = {name: something(name, model.input_shape.members[name], known) for name in model.input_shape.required_members} if model.input_shape else {}
    return {**given, **more.get((service, model.name), {})}


def rows():
    """By service and operation: the code of the error, what is denied, and what is asked for the error."""
    found, service = {}, ''
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), 'every-operation.txt')) as file:
        for line in file.read().splitlines():
            if line.startswith('['):
                service = line[1:-1]
            elif line and not line.startswith('#'):
                name, code, denied, *wrong = re.split(r'\s{2,}', line)
                found[service, name] = (code, denied, json.loads(wrong[0]) if wrong else {})
    return found


def denial(service, name, denied):
    """The words of a denial, up to their reason."""
    prefix = prefixes.get(service, service)
    action, on, resource = denied.rpartition(' on ')
    action = action or f'{prefix}:{name}'
    own = f'arn:aws:s3:::{bucket}' if service == 's3' else arn(prefix.lower(), '', '' if service == 'iam' else 'us-east-1')
    where = '' if resource == '-' else f' on resource: {resource.replace("~", own)}'
    return f'is not authorized to perform: {action.lower() if service == "sqs" else action}{where}'


def answer(caller, name, given):
    """The code and the message of a refusal; of what was not refused, what was not done of it."""
    try:
        answered = getattr(caller, xform_name(name))(**given)
    except ClientError as error:
        return error.response['Error']['Code'], error.response['Error'].get('Message', '')
    first = next(iter(answered.get('Errors', [])), {})
    return first.get('Code'), first.get('Message', '')


def is_denied(service, name, denied, code, message, wanted):
    if denied == 'free':
        return code is None
    if denied == '=':
        return code == wanted
    if denied == '403':
        return code == '403'
    if denied == 'untold':
        return (code, message) == ('AccessDeniedException', "You don't have permissions to access this resource.")
    words = message.partition(' because no identity-based policy allows the ')[0]
    return code in ('AccessDenied', 'AccessDeniedException', 'AuthorizationError') and words.endswith(f' {denial(service, name, denied)}')


every = rows()
built = {tuple(one.split(':')) for one in os.environ['BUILT'].split()}
# Some have no client of that name in boto3.
powerless = user('nothing-at-all')
client('s3').create_bucket(Bucket=bucket)


def all_of(service):
    able, unable, wrong = client(service), client(service, powerless), []
    for at, name in every:
        if at != service:
            continue
        code, denied, instead = every[service, name]
        given = asked(service, able.meta.service_model.operation_model(name))
        got = answer(unable, name, given)
        if not is_denied(service, name, denied, *got, code):
            wrong.append(f'{name}, who may nothing: {got}, not {denied}')
        if code == '-':
            continue
        elsewhere = {'Bucket': 'nobody-has-this'} if service == 's3' and 'Bucket' in given else {}
        got = answer(able, name, {**given, **elsewhere, **instead})
        if got[0] != code:
            wrong.append(f'{name}: {got}, not {code}')
    assert wrong == [], '; '.join(wrong)


def case_of(service):
    def every_operation():
        if service == 'organizations':
            client(service).create_organization()
            client(service).create_account(Email='b@example.com', AccountName='b')
        all_of(service)

    every_operation.__name__ = f'{service}: what is not there, and who may nothing'
    case(every_operation)


for service in dict.fromkeys(service for service, _ in every):
    case_of(service)


@case
def every_operation_that_is_built_is_asked():
    witness.same((sorted(built - set(every)), sorted(set(every) - built)), ([], []))


run()
