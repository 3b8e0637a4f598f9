"""How boto3 sees every way of being turned away: reads cases (JSON) from standard input, prints one line of JSON a case."""

import json, os, sys

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

asks = {
    'iam': lambda client: client.list_users(),
    'ec2': lambda client: client.describe_instances(),
    'dynamodb': lambda client: client.list_tables(),
    'sqs': lambda client: client.list_queues(),
    'lambda': lambda client: client.list_functions(),
    's3': lambda client: client.list_buckets(),
}

for case in json.load(sys.stdin):
    keys = case['keys']
    config = {'retries': {'max_attempts': 1}}
    if keys is None:
        config['signature_version'] = UNSIGNED
        keys = {}
    client = boto3.client(
        case['service'], region_name='us-east-1', config=Config(**config),
        aws_access_key_id=keys.get('accessKeyId'), aws_secret_access_key=keys.get('secretAccessKey'),
        aws_session_token=keys.get('sessionToken'),
    )
    why = 'was allowed'
    try:
        asks[case['service']](client)
    except ClientError as error:
        got = [error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']]
        known = type(error).__name__
        # A modelled error is its own class, any other is ClientError itself.
        modelled = known if known != 'ClientError' else None
        why = '' if got == case['expect'] and modelled in (None, case['expect'][0]) else f'{got} as {known}'
    except Exception as error:
        why = f'{type(error).__name__}: {error}'
    print(json.dumps({'case': case['name'], 'why': why}), flush=True)
