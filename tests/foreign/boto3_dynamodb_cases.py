"""boto3 against the local DynamoDB and its streams: every operation that is built, its results, its errors, and that a
user without permissions is refused each of them."""

import gzip, json, time
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary

import witness
from witness import account, called_and_not, case, not_refused, remember, run, same, user

unbuilt = {
    'dynamodb': {
        'CreateGlobalTable', 'DescribeGlobalTable', 'DescribeGlobalTableSettings', 'DisableKinesisStreamingDestination',
        'UpdateGlobalTable', 'UpdateGlobalTableSettings', 'UpdateKinesisStreamingDestination', 'UpdateTableReplicaAutoScaling',
    },
    'dynamodbstreams': set(),
}


def client(service='dynamodb', keys=None, **more):
    return witness.client(service, keys, **more)


def resource():
    made = boto3.resource('dynamodb')
    remember(made.meta.client)
    return made


def refused(code, call, **arguments):
    return witness.refused(code, 400, call, **arguments)


def table(name, hash='p', range=None, **more):
    types = {'p': 'S', 's': 'N', 'g': 'S', 'b': 'B'}
    keys = [{'AttributeName': hash, 'KeyType': 'HASH'}] + ([{'AttributeName': range, 'KeyType': 'RANGE'}] if range else [])
    used = {k['AttributeName'] for k in keys} | {k['AttributeName'] for i in more.get('GlobalSecondaryIndexes', []) + more.get('LocalSecondaryIndexes', []) for k in i['KeySchema']}
    made = client()
    answer = made.create_table(**{
        'TableName': name, 'KeySchema': keys, 'BillingMode': 'PAY_PER_REQUEST',
        'AttributeDefinitions': [{'AttributeName': a, 'AttributeType': types[a]} for a in sorted(used)],
        **more,
    })
    made.get_waiter('table_exists').wait(TableName=name, WaiterConfig={'Delay': 1, 'MaxAttempts': 5})
    return answer['TableDescription']


@case
def tables_come_and_go():
    made = client()
    description = table('d-tables', Tags=[{'Key': 'team', 'Value': 'a'}])
    same(description['TableStatus'], 'CREATING')
    arn = description['TableArn']
    same(arn, f'arn:aws:dynamodb:us-east-1:{account}:table/d-tables')
    same(made.describe_table(TableName='d-tables')['Table']['TableStatus'], 'ACTIVE')
    same(refused('ResourceInUseException', made.create_table, TableName='d-tables', KeySchema=[{'AttributeName': 'p', 'KeyType': 'HASH'}],
                 AttributeDefinitions=[{'AttributeName': 'p', 'AttributeType': 'S'}], BillingMode='PAY_PER_REQUEST'),
         'Table already exists: d-tables')
    assert 'd-tables' in [n for page in made.get_paginator('list_tables').paginate(PaginationConfig={'PageSize': 1}) for n in page['TableNames']]
    same(made.list_tags_of_resource(ResourceArn=arn)['Tags'], [{'Key': 'team', 'Value': 'a'}])
    made.tag_resource(ResourceArn=arn, Tags=[{'Key': 'more', 'Value': 'b'}])
    made.untag_resource(ResourceArn=arn, TagKeys=['team'])
    same(made.list_tags_of_resource(ResourceArn=arn)['Tags'], [{'Key': 'more', 'Value': 'b'}])
    made.update_table(TableName='d-tables', BillingMode='PROVISIONED', ProvisionedThroughput={'ReadCapacityUnits': 5, 'WriteCapacityUnits': 6})
    after = made.describe_table(TableName='d-tables')['Table']
    same((after['BillingModeSummary']['BillingMode'], after['ProvisionedThroughput']['WriteCapacityUnits']), ('PROVISIONED', 6))
    made.delete_table(TableName='d-tables')
    made.get_waiter('table_not_exists').wait(TableName='d-tables', WaiterConfig={'Delay': 1, 'MaxAttempts': 5})
    same(refused('ResourceNotFoundException', made.describe_table, TableName='d-tables'),
         'Requested resource not found: Table: d-tables not found')


@case
def the_account():
    made = client()
    same(made.describe_limits()['TableMaxReadCapacityUnits'], 40000)
    assert made.describe_endpoints()['Endpoints'][0]['Address']


@case
def items_of_the_resource_api():
    table('d-movies', range='s')
    movies = resource().Table('d-movies')
    same(movies.table_status, 'ACTIVE')
    info = {'rating': Decimal('8.25'), 'cast': ['x', 'y'], 'tags': {'b', 'a'}, 'years': {Decimal(1), Decimal(2)}, 'raw': Binary(b'\x00\xff'), 'none': None, 'yes': True}
    movies.put_item(Item={'p': 'Alien', 's': 1979, 'info': info})
    got = movies.get_item(Key={'p': 'Alien', 's': 1979}, ConsistentRead=True)['Item']
    same(got, {'p': 'Alien', 's': Decimal(1979), 'info': info})
    answer = movies.update_item(
        Key={'p': 'Alien', 's': 1979}, ReturnValues='UPDATED_NEW',
        UpdateExpression='SET info.rating = info.rating + :one, #c = list_append(if_not_exists(#c, :none), :more)',
        ExpressionAttributeNames={'#c': 'comments'}, ExpressionAttributeValues={':one': Decimal('0.5'), ':none': [], ':more': ['good']},
        ConditionExpression=Attr('info.rating').gt(8) & Attr('s').exists(),
    )
    same(answer['Attributes'], {'info': {'rating': Decimal('8.75')}, 'comments': ['good']})
    same(refused('ConditionalCheckFailedException', movies.delete_item, Key={'p': 'Alien', 's': 1979}, ConditionExpression=Attr('nothing').exists()),
         'The conditional request failed')
    same(movies.delete_item(Key={'p': 'Alien', 's': 1979}, ReturnValues='ALL_OLD')['Attributes']['comments'], ['good'])
    assert 'Item' not in movies.get_item(Key={'p': 'Alien', 's': 1979})


@case
def batches_queries_and_scans():
    table('d-many', range='s', LocalSecondaryIndexes=[{'IndexName': 'local', 'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}, {'AttributeName': 'g', 'KeyType': 'RANGE'}],
          'Projection': {'ProjectionType': 'KEYS_ONLY'}}],
          GlobalSecondaryIndexes=[{'IndexName': 'global', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'INCLUDE', 'NonKeyAttributes': ['x']}}])
    many = resource().Table('d-many')
    with many.batch_writer(overwrite_by_pkeys=['p', 's']) as batch:
        for i in range(100):
            batch.put_item(Item={'p': f'p{i % 4}', 's': i - 50, 'x': 'x' * 1000, 'y': i, **({'g': f'g{i % 3}'} if i % 2 else {})})
        batch.delete_item(Key={'p': 'p0', 's': -50})
    same(many.query(KeyConditionExpression=Key('p').eq('p1') & Key('s').between(-10, 10), ProjectionExpression='s')['Items'],
         [{'s': Decimal(n)} for n in (-9, -5, -1, 3, 7)])
    same([i['s'] for i in many.query(KeyConditionExpression=Key('p').eq('p1') & Key('s').gt(40), ScanIndexForward=False)['Items']], [47, 43])
    seen, last = [], {}
    while True:
        page = many.query(KeyConditionExpression=Key('p').eq('p2'), Limit=7, FilterExpression=Attr('y').gte(50), **last)
        seen += [i['s'] for i in page['Items']]
        if 'LastEvaluatedKey' not in page:
            break
        last = {'ExclusiveStartKey': page['LastEvaluatedKey']}
    same(seen, [Decimal(n) for n in range(0, 50, 4)])
    same(sorted(many.query(IndexName='local', KeyConditionExpression=Key('p').eq('p3') & Key('g').eq('g0'), Limit=1)['Items'][0]), ['g', 'p', 's'])
    whole = many.query(IndexName='local', KeyConditionExpression=Key('p').eq('p3'), Select='ALL_ATTRIBUTES', ReturnConsumedCapacity='INDEXES')
    same((whole['Count'], 'y' in whole['Items'][0]), (25, True))
    assert whole['ConsumedCapacity']['LocalSecondaryIndexes']['local']['CapacityUnits'] > 0
    same(sorted(many.query(IndexName='global', KeyConditionExpression=Key('g').eq('g1'))['Items'][0]), ['g', 'p', 's', 'x'])
    text = refused('ValidationException', many.query, IndexName='global', KeyConditionExpression=Key('g').eq('g1'), ConsistentRead=True)
    same(text, 'Consistent reads are not supported on global secondary indexes')
    made = client()
    pages = list(made.get_paginator('scan').paginate(TableName='d-many', PaginationConfig={'PageSize': 30}))
    same((len(pages), sum(p['Count'] for p in pages)), (4, 99))
    same(sum(made.scan(TableName='d-many', Segment=i, TotalSegments=5)['Count'] for i in range(5)), 99)
    same(made.scan(TableName='d-many', Select='COUNT', IndexName='global')['Count'], 50)
    got = resource().batch_get_item(RequestItems={'d-many': {'Keys': [{'p': 'p1', 's': -49}, {'p': 'p1', 's': 999}], 'ProjectionExpression': 'y'}})
    same((got['Responses'], got['UnprocessedKeys']), ({'d-many': [{'y': Decimal(1)}]}, {}))
    description = made.describe_table(TableName='d-many')['Table']
    same((description['ItemCount'], description['GlobalSecondaryIndexes'][0]['ItemCount']), (99, 50))


@case
def a_page_ends_after_a_mebibyte():
    table('d-pages', range='s')
    pages = resource().Table('d-pages')
    with pages.batch_writer() as batch:
        for i in range(12):
            batch.put_item(Item={'p': 'a', 's': i, 'x': 'x' * 200_000})
    answer = pages.query(KeyConditionExpression=Key('p').eq('a'))
    same((answer['Count'], answer['LastEvaluatedKey']['s']), (6, 5))


@case
def the_older_parameters():
    table('d-old', range='s')
    made = client()
    item = lambda s, **more: {'p': {'S': 'a'}, 's': {'N': str(s)}, **more}
    made.put_item(TableName='d-old', Item=item(1, n={'N': '1'}))
    made.put_item(TableName='d-old', Item=item(2), Expected={'p': {'Exists': False}})
    refused('ConditionalCheckFailedException', made.put_item, TableName='d-old', Item=item(2), Expected={'p': {'Exists': False}})
    made.update_item(TableName='d-old', Key=item(1), AttributeUpdates={'n': {'Action': 'ADD', 'Value': {'N': '2'}}, 't': {'Value': {'S': 'x'}}},
                     Expected={'n': {'ComparisonOperator': 'LT', 'AttributeValueList': [{'N': '5'}]}})
    got = made.query(TableName='d-old', KeyConditions={'p': {'ComparisonOperator': 'EQ', 'AttributeValueList': [{'S': 'a'}]}},
                     QueryFilter={'n': {'ComparisonOperator': 'NOT_NULL'}}, AttributesToGet=['n', 't'])
    same(got['Items'], [{'n': {'N': '3'}, 't': {'S': 'x'}}])
    same(made.scan(TableName='d-old', ScanFilter={'t': {'ComparisonOperator': 'NULL'}})['Count'], 1)
    assert 'Can not use both expression and non-expression' in refused(
        'ValidationException', made.scan, TableName='d-old', AttributesToGet=['p'], FilterExpression='p = :p', ExpressionAttributeValues={':p': {'S': 'a'}})


@case
def transactions():
    table('d-trans')
    made = client()
    put = lambda p, **more: {'Put': {'TableName': 'd-trans', 'Item': {'p': {'S': p}}, **more}}
    made.transact_write_items(TransactItems=[put('a'), put('b')])
    try:
        made.transact_write_items(TransactItems=[
            put('c'), {'ConditionCheck': {'TableName': 'd-trans', 'Key': {'p': {'S': 'a'}}, 'ConditionExpression': 'attribute_not_exists(p)'}},
            {'Delete': {'TableName': 'd-trans', 'Key': {'p': {'S': 'b'}}}},
        ])
        raise AssertionError('was allowed')
    except made.exceptions.TransactionCanceledException as error:
        same([r['Code'] for r in error.response['CancellationReasons']], ['None', 'ConditionalCheckFailed', 'None'])
    got = made.transact_get_items(TransactItems=[{'Get': {'TableName': 'd-trans', 'Key': {'p': {'S': p}}}} for p in 'abc'])
    same(got['Responses'], [{'Item': {'p': {'S': 'a'}}}, {'Item': {'p': {'S': 'b'}}}, {}])


@case
def partiql():
    table('d-sql', range='s')
    made = client()
    for i in range(5):
        made.execute_statement(Statement='INSERT INTO "d-sql" VALUE {\'p\': ?, \'s\': ?, \'tags\': <<\'x\'>>}', Parameters=[{'S': 'a'}, {'N': str(i)}])
    refused('DuplicateItemException', made.execute_statement, Statement="INSERT INTO \"d-sql\" VALUE {'p': 'a', 's': 1}")
    first = made.execute_statement(Statement="SELECT s FROM \"d-sql\" WHERE p = 'a' AND s >= 1", Limit=3)
    rest = made.execute_statement(Statement="SELECT s FROM \"d-sql\" WHERE p = 'a' AND s >= 1", Limit=3, NextToken=first['NextToken'])
    same([i['s']['N'] for i in first['Items'] + rest['Items']], ['1', '2', '3', '4'])
    same(made.execute_statement(Statement="UPDATE \"d-sql\" SET n = 1 WHERE p = 'a' AND s = 1 RETURNING MODIFIED NEW *")['Items'], [{'n': {'N': '1'}}])
    made.execute_statement(Statement="DELETE FROM \"d-sql\" WHERE p = 'a' AND s = 0")
    got = made.batch_execute_statement(Statements=[{'Statement': "SELECT * FROM \"d-sql\" WHERE p = 'a' AND s = 2"}, {'Statement': "SELECT * FROM \"d-sql\" WHERE p = 'a'"}])
    same((got['Responses'][0]['Item']['s'], got['Responses'][1]['Error']['Code']), ({'N': '2'}, 'ValidationError'))
    made.execute_transaction(TransactStatements=[{'Statement': "DELETE FROM \"d-sql\" WHERE p = 'a' AND s = 3"}, {'Statement': "EXISTS(SELECT * FROM \"d-sql\" WHERE p = 'a' AND s = 4)"}])
    same(made.scan(TableName='d-sql')['Count'], 3)
    assert "wasn't well formed" in refused('ValidationException', made.execute_statement, Statement='SELEKT')


@case
def streams():
    description = table('d-flow', StreamSpecification={'StreamEnabled': True, 'StreamViewType': 'NEW_AND_OLD_IMAGES'})
    made, flow = client(), client('dynamodbstreams')
    stream = description['LatestStreamArn']
    same([s['StreamArn'] for s in flow.list_streams(TableName='d-flow')['Streams']], [stream])
    shard = flow.describe_stream(StreamArn=stream)['StreamDescription']['Shards'][0]['ShardId']
    latest = flow.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType='LATEST')['ShardIterator']
    made.put_item(TableName='d-flow', Item={'p': {'S': 'a'}, 'v': {'B': b'\x01'}})
    made.put_item(TableName='d-flow', Item={'p': {'S': 'a'}, 'v': {'B': b'\x02'}})
    made.delete_item(TableName='d-flow', Key={'p': {'S': 'a'}})
    records = flow.get_records(ShardIterator=latest)['Records']
    same([r['eventName'] for r in records], ['INSERT', 'MODIFY', 'REMOVE'])
    same((records[1]['dynamodb']['OldImage']['v'], records[1]['dynamodb']['NewImage']['v']), ({'B': b'\x01'}, {'B': b'\x02'}))
    second = flow.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType='AFTER_SEQUENCE_NUMBER', SequenceNumber=records[0]['dynamodb']['SequenceNumber'])
    same(len(flow.get_records(ShardIterator=second['ShardIterator'])['Records']), 2)
    made.update_table(TableName='d-flow', StreamSpecification={'StreamEnabled': False})
    end = flow.get_shard_iterator(StreamArn=stream, ShardId=shard, ShardIteratorType='TRIM_HORIZON')['ShardIterator']
    same('NextShardIterator' in flow.get_records(ShardIterator=end), False)


@case
def time_to_live():
    table('d-ttl')
    made = client()
    made.update_time_to_live(TableName='d-ttl', TimeToLiveSpecification={'Enabled': True, 'AttributeName': 'end'})
    same(made.describe_time_to_live(TableName='d-ttl')['TimeToLiveDescription'], {'TimeToLiveStatus': 'ENABLED', 'AttributeName': 'end'})
    made.put_item(TableName='d-ttl', Item={'p': {'S': 'a'}, 'end': {'N': str(int(time.time()) - 10)}})
    made.put_item(TableName='d-ttl', Item={'p': {'S': 'b'}, 'end': {'N': str(int(time.time()) + 1000)}})
    same([i['p']['S'] for i in made.scan(TableName='d-ttl')['Items']], ['b'])
    same(refused('ValidationException', made.update_time_to_live, TableName='d-ttl', TimeToLiveSpecification={'Enabled': True, 'AttributeName': 'end'}),
         'TimeToLive is already enabled')


@case
def backups():
    table('d-safe', GlobalSecondaryIndexes=[{'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}}])
    made = client()
    made.put_item(TableName='d-safe', Item={'p': {'S': 'a'}, 'g': {'S': 'x'}})
    backup = made.create_backup(TableName='d-safe', BackupName='first')['BackupDetails']['BackupArn']
    made.put_item(TableName='d-safe', Item={'p': {'S': 'b'}, 'g': {'S': 'x'}})
    same([b['BackupName'] for b in made.list_backups(TableName='d-safe')['BackupSummaries']], ['first'])
    same(made.describe_backup(BackupArn=backup)['BackupDescription']['SourceTableDetails']['ItemCount'], 1)
    made.restore_table_from_backup(TargetTableName='d-again', BackupArn=backup)
    same(made.scan(TableName='d-again', IndexName='by-g')['Count'], 1)
    same(made.describe_continuous_backups(TableName='d-safe')['ContinuousBackupsDescription']['PointInTimeRecoveryDescription']['PointInTimeRecoveryStatus'], 'DISABLED')
    refused('PointInTimeRecoveryUnavailableException', made.restore_table_to_point_in_time, SourceTableName='d-safe', TargetTableName='d-now', UseLatestRestorableTime=True)
    made.update_continuous_backups(TableName='d-safe', PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': True})
    made.restore_table_to_point_in_time(SourceTableName='d-safe', TargetTableName='d-now', UseLatestRestorableTime=True)
    same(made.scan(TableName='d-now')['Count'], 2)
    same(made.describe_backup(BackupArn=backup)['BackupDescription']['SourceTableFeatureDetails'].get('LocalSecondaryIndexes'), None)
    # Another name for an index that was there; none for none; on-demand as it was, or not.
    again = {'IndexName': 'by-other', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}}
    units = {'ReadCapacityUnits': 3, 'WriteCapacityUnits': 4}
    def restore(name, **more):
        return made.restore_table_from_backup(TargetTableName=name, BackupArn=backup, **more)['TableDescription']
    summary = restore('d-renamed', GlobalSecondaryIndexOverride=[{**again, 'ProvisionedThroughput': units}], BillingModeOverride='PROVISIONED', ProvisionedThroughputOverride=units)['RestoreSummary']
    same((summary['SourceBackupArn'], summary['RestoreInProgress']), (backup, True))
    same(made.scan(TableName='d-renamed', IndexName='by-other')['Count'], 1)
    assert 'RestoreSummary' not in made.describe_table(TableName='d-renamed')['Table']
    restore('d-bare', GlobalSecondaryIndexOverride=[], SSESpecificationOverride={'Enabled': True})
    bare = made.describe_table(TableName='d-bare')['Table']
    same(('GlobalSecondaryIndexes' in bare, bare['SSEDescription']['SSEType'], len(bare['AttributeDefinitions'])), (False, 'KMS', 1))
    for text, change in (
        ('Cannot override ProvisionedThroughput unless BillingMode is PROVISIONED', {'ProvisionedThroughputOverride': units}),
        ('Must override ProvisionedThroughput if BillingMode is overridden to PROVISIONED', {'BillingModeOverride': 'PROVISIONED'}),
        ('Must specify provisioned throughput for index by-other', {'BillingModeOverride': 'PROVISIONED', 'ProvisionedThroughputOverride': units, 'GlobalSecondaryIndexOverride': [again]}),
        ('Index by-other does not match a secondary index that existed in the source table and cannot be created during the restore operation',
         {'GlobalSecondaryIndexOverride': [{**again, 'Projection': {'ProjectionType': 'KEYS_ONLY'}}]}),
    ):
        same(refused('ValidationException', restore, name='d-never', **change), f'Invalid Request: {text}')
    point = lambda **more: made.restore_table_to_point_in_time(SourceTableName='d-safe', TargetTableName='d-never', **more)
    refused('ValidationException', point)
    refused('InvalidRestoreTimeException', point, RestoreDateTime=0)
    same(refused('ValidationException', made.describe_backup, BackupArn=f'arn:aws:dynamodb:us-east-1:{account}:table/d-safe'), 'Invalid Backup ARN')
    made.create_backup(TableName='d-safe', BackupName='second')
    made.delete_backup(BackupArn=backup)
    refused('BackupNotFoundException', made.describe_backup, BackupArn=backup)
    same([b['BackupName'] for b in made.list_backups(ExclusiveStartBackupArn=backup)['BackupSummaries']], ['second'])


@case
def resource_policies():
    arn = table('d-policy')['TableArn']
    made = client()
    document = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Deny', 'Principal': '*', 'Action': 'dynamodb:PutItem', 'Resource': arn}]}, separators=(',', ':'))
    put = lambda policy: made.put_resource_policy(ResourceArn=arn, Policy=json.dumps(policy))['RevisionId']
    first = made.put_resource_policy(ResourceArn=arn, Policy=document)['RevisionId']
    # However it is written, it is the same, and told in one form.
    same(put({'Version': '2012-10-17', 'Statement': {'Resource': [arn], 'Action': ['dynamodb:PutItem'], 'Principal': '*', 'Effect': 'deny'}}), first)
    allow = {'Sid': 'a', 'Effect': 'Allow', 'Principal': {'AWS': account}, 'Action': 'dynamodb:GetItem', 'Resource': arn}
    assert put({'Statement': [allow]}) > first
    same(json.loads(made.get_resource_policy(ResourceArn=arn)['Policy']), {'Version': '2008-10-17', 'Statement': [{**allow, 'Principal': {'AWS': f'arn:aws:iam::{account}:root'}}]})
    assert refused('ValidationException', put, policy={'Statement': [allow, allow]}).endswith('The Statement Ids in the policy are not unique')
    assert 'unbounded access' in refused('ValidationException', put, policy={'Statement': [{**allow, 'Principal': {'AWS': '*'}}]})
    made.put_resource_policy(ResourceArn=arn, Policy=document)
    same(made.get_resource_policy(ResourceArn=arn)['Policy'], document)
    assert 'explicit deny in a resource-based policy' in refused('AccessDeniedException', made.put_item, TableName='d-policy', Item={'p': {'S': 'a'}})
    made.delete_resource_policy(ResourceArn=arn)
    made.put_item(TableName='d-policy', Item={'p': {'S': 'a'}})
    refused('PolicyNotFoundException', made.get_resource_policy, ResourceArn=arn)


@case
def index_keys_of_several_attributes():
    made = client()
    types = {'id': 'S', 'kind': 'S', 'place': 'S', 'day': 'S', 'rank': 'N'}
    hashes = lambda *names: [{'AttributeName': name, 'KeyType': 'HASH'} for name in names]
    ranges = lambda *names: [{'AttributeName': name, 'KeyType': 'RANGE'} for name in names]
    index = lambda name, keys: {'IndexName': name, 'KeySchema': keys, 'Projection': {'ProjectionType': 'ALL'}}
    create = lambda *indexes, **more: made.create_table(**{
        'TableName': 'd-several', 'BillingMode': 'PAY_PER_REQUEST', 'KeySchema': hashes('id'), 'GlobalSecondaryIndexes': list(indexes),
        'AttributeDefinitions': [{'AttributeName': name, 'AttributeType': type} for name, type in types.items()], **more})
    for wrong in (hashes('kind') + ranges('day') + hashes('place'), hashes('kind', 'place') + ranges('day', 'day'), hashes('id', 'kind', 'place', 'day', 'rank')):
        refused('ValidationException', lambda: create(index('bad', wrong)))
    create(index('all', hashes('kind', 'place') + ranges('day', 'rank')))
    same([key['KeyType'] for key in made.describe_table(TableName='d-several')['Table']['GlobalSecondaryIndexes'][0]['KeySchema']], ['HASH', 'HASH', 'RANGE', 'RANGE'])
    put = lambda id, *values: made.put_item(TableName='d-several', Item={'id': {'S': id}, **{name: {types[name]: v} for name, v in zip(list(types)[1:], values)}})
    for id, *values in (('1', 'a', 'x', 'mon', '10'), ('2', 'a', 'x', 'mon', '9'), ('3', 'a', 'x', 'tue', '1'), ('4', 'a', 'y', 'mon', '1'), ('5', 'a', 'x', 'mon')):
        put(id, *values)

    def query(text, **more):
        values = {':a': {'S': 'a'}, ':x': {'S': 'x'}, ':mon': {'S': 'mon'}, ':n': {'N': '9'}}
        answer = made.query(TableName='d-several', IndexName='all', KeyConditionExpression=text,
                            ExpressionAttributeValues={name: value for name, value in values.items() if name in text}, **more)
        return [item['id']['S'] for item in answer['Items']], answer.get('LastEvaluatedKey')

    both = 'kind = :a AND place = :x'
    first, last = query(both, Limit=1)
    same((first, sorted(last)), (['2'], sorted(types)))
    same(query(both, ExclusiveStartKey=last)[0], ['1', '3'])
    named = lambda rest: query(both + rest, ExpressionAttributeNames={name: full for name, full in {'#d': 'day', '#r': 'rank'}.items() if name in rest})[0]
    same([named(' AND #d = :mon'), named(' AND #d = :mon AND #r > :n'), named(' AND #d > :mon')], [['2', '1'], ['1'], ['3']])
    same(refused('ValidationException', query, text='kind = :a'), 'Query condition missed key schema element: place')
    skipped = lambda: named(' AND #r > :n')
    same(refused('ValidationException', skipped), 'Query condition missed key schema element: day')
    refused('ValidationException', lambda: named(' AND #d > :mon AND #r > :n'))


@case
def exports_and_imports():
    made, s3 = client(), witness.client('s3')
    bucket = 'd-exports'
    s3.create_bucket(Bucket=bucket)
    arn = table('d-exported')['TableArn']
    for item in ({'p': {'S': 'a'}, 'b': {'B': b'bar'}}, {'p': {'S': 'b'}, 'm': {'M': {'n': {'NS': ['1', '2.5']}}}}, {'p': {'S': 'ü\n'}}):
        made.put_item(TableName='d-exported', Item=item)
    export = lambda **more: made.export_table_to_point_in_time(**{'TableArn': arn, 'S3Bucket': bucket, 'S3Prefix': 'here', **more})['ExportDescription']
    same(refused('PointInTimeRecoveryUnavailableException', export), "Point in time recovery is not enabled for table 'd-exported'")
    same(refused('TableNotFoundException', export, TableArn=arn + 'x'), f'Table not found: {arn}x')
    made.update_continuous_backups(TableName='d-exported', PointInTimeRecoverySpecification={'PointInTimeRecoveryEnabled': True})
    begun = export(ClientToken='once')
    same((begun['ExportStatus'], 'ExportType' in begun, 'ItemCount' in begun), ('IN_PROGRESS', False, False))
    same(export(ClientToken='once')['ExportArn'], begun['ExportArn'])
    same(refused('ExportConflictException', export, ClientToken='once', S3Prefix='there'), 'Export conflict: Duplicate request detected with conflicting parameters')
    same(refused('ValidationException', export, TableArn='d-exported'), 'One or more parameter values were invalid: tableArn is not a valid ARN')
    same(refused('InvalidExportTimeException', export, ExportTime=time.time() + 3600), 'Export Time is invalid')
    same(refused('ValidationException', made.describe_export, ExportArn=arn), 'Invalid Export ARN')
    done = made.describe_export(ExportArn=begun['ExportArn'])['ExportDescription']
    same((done['ExportStatus'], done['ItemCount'], done['BilledSizeBytes'] > 0, done['TableArn']), ('COMPLETED', 3, True, arn))
    read = lambda key: s3.get_object(Bucket=bucket, Key=key)['Body'].read()
    summary = json.loads(read(done['ExportManifest']))
    same((summary['itemCount'], summary['exportArn']), (3, begun['ExportArn']))
    data = json.loads(read(summary['manifestFilesS3Key']))['dataFileS3Key']
    lines = [json.loads(line) for line in gzip.decompress(read(data)).decode().split('\n') if line]
    assert {'Item': {'p': {'S': 'a'}, 'b': {'B': 'YmFy'}}} in lines, lines
    lost = made.describe_export(ExportArn=export(S3Bucket='d-no-such-bucket')['ExportArn'])['ExportDescription']
    same((lost['ExportStatus'], lost['FailureCode'], 'The specified bucket does not exist' in lost['FailureMessage']), ('FAILED', 'S3NoSuchBucket', True))
    same([one['ExportStatus'] for one in made.list_exports(TableArn=arn)['ExportSummaries']], ['FAILED', 'COMPLETED'])
    page = made.list_exports(TableArn=arn, MaxResults=1)
    page['ExportSummaries'] += made.list_exports(TableArn=arn, MaxResults=1, NextToken=page['NextToken'])['ExportSummaries']
    same([one['ExportStatus'] for one in page['ExportSummaries']], ['FAILED', 'COMPLETED'])
    refused('ExportNotFoundException', made.describe_export, ExportArn=arn + '/export/01234567890123-abcdefgh')

    def bring(name, source, format='DYNAMODB_JSON', compression='NONE', **more):
        parameters = {'TableName': name, 'AttributeDefinitions': [{'AttributeName': 'p', 'AttributeType': 'S'}],
                      'KeySchema': [{'AttributeName': 'p', 'KeyType': 'HASH'}], 'BillingMode': 'PAY_PER_REQUEST'}
        begun = made.import_table(S3BucketSource=source, InputFormat=format, InputCompressionType=compression,
                                  TableCreationParameters={**parameters, **more.pop('parameters', {})}, **more)['ImportTableDescription']
        same(begun['ImportStatus'], 'IN_PROGRESS')
        done = made.describe_import(ImportArn=begun['ImportArn'])['ImportTableDescription']
        return [done[name] for name in ('ImportStatus', 'ProcessedItemCount', 'ImportedItemCount', 'ErrorCount')] + [done.get('FailureCode')]

    same(bring('d-imported', {'S3Bucket': bucket, 'S3KeyPrefix': data}, compression='GZIP'), ['COMPLETED', 3, 3, 0, None])
    items = lambda name: sorted(made.scan(TableName=name)['Items'], key=lambda item: item['p']['S'])
    same(items('d-imported'), items('d-exported'))
    one = json.dumps({'Item': {'p': {'S': '}"{'}}})
    s3.put_object(Bucket=bucket, Key='mixed/1', Body=one + '\n' + one.replace('"{', '"') + ' ' + json.dumps({'p': {'S': 'no'}}) + json.dumps({'Item': {'p': {'N': '1'}}}) + ' rest')
    same(bring('d-mixed', {'S3Bucket': bucket, 'S3KeyPrefix': 'mixed/'}), ['FAILED', 5, 2, 3, 'ItemValidationError'])
    s3.put_object(Bucket=bucket, Key='table.csv', Body='p;note\na;"says ""x;y"""\nb;\nc;1;2\n')
    csv = {'InputFormatOptions': {'Csv': {'Delimiter': ';'}}}
    same(bring('d-csv', {'S3Bucket': bucket, 'S3KeyPrefix': 'table.csv'}, 'CSV', **csv), ['FAILED', 3, 2, 1, 'ItemValidationError'])
    same(items('d-csv'), [{'p': {'S': 'a'}, 'note': {'S': 'says "x;y"'}}, {'p': {'S': 'b'}}])
    same(bring('d-nowhere', {'S3Bucket': 'd-no-such-bucket'}), ['FAILED', 0, 0, 0, 'S3NoSuchBucket'])
    refused('ResourceNotFoundException', made.describe_table, TableName='d-nowhere')
    refused('ResourceInUseException', lambda: bring('d-csv', {'S3Bucket': bucket}))
    refused('ValidationException', lambda: bring('d-none', {'S3Bucket': bucket}, parameters={'BillingMode': 'PROVISIONED'}))
    same(refused('ValidationException', lambda: bring('d-none', {'S3Bucket': bucket}, **csv)), 'Invalid Request: Unsupported InputFormatOptions for the given input format: DYNAMODB_JSON.')
    assert len(made.list_imports()['ImportSummaryList']) == 4
    refused('ImportNotFoundException', made.describe_import, ImportArn=arn + '/import/01234567890123-abcdefgh')


@case
def global_tables():
    here, east, tokyo = client(), client(region_name='us-east-2'), client(region_name='ap-northeast-1')
    name = 'd-global'
    table(name, 'p', 's')
    here.put_item(TableName=name, Item={'p': {'S': 'a'}, 's': {'N': '1'}})
    update = lambda made=here, **change: made.update_table(TableName=name, ReplicaUpdates=[change])
    answer = update(Create={'RegionName': 'us-east-2', 'KMSMasterKeyId': 'key-of-east'})['TableDescription']
    same((answer['TableStatus'], answer['GlobalTableVersion']), ('UPDATING', '2019.11.21'))
    update(Create={'RegionName': 'ap-northeast-1'})
    regions = lambda made: sorted((one['RegionName'], one.get('KMSMasterKeyId')) for one in made.describe_table(TableName=name)['Table'].get('Replicas', []))
    same(regions(here), [('ap-northeast-1', None), ('us-east-2', 'key-of-east')])
    same(regions(tokyo), [('us-east-1', None), ('us-east-2', 'key-of-east')])
    same(east.describe_table(TableName=name)['Table']['TableArn'], f'arn:aws:dynamodb:us-east-2:{account}:table/{name}')
    tokyo.put_item(TableName=name, Item={'p': {'S': 'a'}, 's': {'N': '2'}})
    same([made.query(TableName=name, KeyConditionExpression='p = :p', ExpressionAttributeValues={':p': {'S': 'a'}})['Count'] for made in (here, east, tokyo)], [2, 2, 2])
    # Each region has a stream of its own, and every write in it.
    for region in ('us-east-1', 'us-east-2'):
        streams = client('dynamodbstreams', region_name=region)
        arn = streams.list_streams(TableName=name)['Streams'][-1]['StreamArn']
        shard = streams.describe_stream(StreamArn=arn)['StreamDescription']['Shards'][0]['ShardId']
        iterator = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType='TRIM_HORIZON')['ShardIterator']
        same([one['dynamodb']['Keys']['s']['N'] for one in streams.get_records(ShardIterator=iterator)['Records']], ['2'])
    index = {'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}}
    attributes = [{'AttributeName': a, 'AttributeType': t} for a, t in (('p', 'S'), ('s', 'N'), ('g', 'S'))]
    here.update_table(TableName=name, AttributeDefinitions=attributes, GlobalSecondaryIndexUpdates=[{'Create': index}])
    east.put_item(TableName=name, Item={'p': {'S': 'b'}, 's': {'N': '1'}, 'g': {'S': 'x'}})
    same(tokyo.scan(TableName=name, IndexName='by-g')['Count'], 1)
    for text, change in (('Cannot add or delete the local region through ReplicaUpdates. Use CreateTable, DeleteTable, or UpdateTable as required.', {'Create': {'RegionName': 'us-east-1'}}),
                         ('Update global table operation failed because one or more replicas were not part of the global table. Please retry the request without these replicas: [eu-west-1].', {'Delete': {'RegionName': 'eu-west-1'}})):
        same(refused('ValidationException', update, **change), text)
    assert 'already existed as tables' in refused('ValidationException', update, Create={'RegionName': 'us-east-2'})
    update(Delete={'RegionName': 'us-east-2'})
    refused('ResourceNotFoundException', east.describe_table, TableName=name)
    same(regions(tokyo), [('us-east-1', None)])
    here.delete_table(TableName=name)
    same((regions(tokyo), tokyo.scan(TableName=name)['Count']), ([], 3))
    tokyo.delete_table(TableName=name)


@case
def contributor_insights():
    made, name = client(), 'd-insights'
    index = {'IndexName': 'by-g', 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}, {'AttributeName': 's', 'KeyType': 'RANGE'}], 'Projection': {'ProjectionType': 'ALL'}}
    table(name, GlobalSecondaryIndexes=[index])
    def update(action='ENABLE', of={}, **more):
        answer = made.update_contributor_insights(TableName=name, ContributorInsightsAction=action, **of, **more)
        return answer['ContributorInsightsStatus'], answer.get('ContributorInsightsMode')
    describe = lambda of={}: made.describe_contributor_insights(TableName=name, **of)
    kinds = lambda of={}: [rule.split('-', 2)[1] for rule in describe(of).get('ContributorInsightsRuleList', [])]
    both, throttled = 'ACCESSED_AND_THROTTLED_KEYS', 'THROTTLED_KEYS'
    same(update('DISABLE'), ('DISABLED', None))
    same([update(), update(), kinds()], [('ENABLING', both), ('ENABLED', both), ['PKC', 'PKT']])
    first = describe()['ContributorInsightsRuleList']
    assert first[0].startswith(f'DynamoDBContributorInsights-PKC-{name}-'), first
    same((update(ContributorInsightsMode=throttled), describe()['ContributorInsightsRuleList']), (('ENABLING', throttled), first[1:]))
    same([update(), update('DISABLE', ContributorInsightsMode=throttled), kinds()], [('ENABLING', both), ('DISABLING', both), []])
    same((describe()['ContributorInsightsStatus'], describe()['ContributorInsightsMode']), ('DISABLED', both))
    of = {'IndexName': 'by-g'}
    same([update(of=of), kinds(of), kinds()], [('ENABLING', both), ['PKC', 'PKT', 'SKC', 'SKT'], []])
    listed = made.list_contributor_insights()['ContributorInsightsSummaries']
    same(listed, [{'TableName': name, 'IndexName': 'by-g', 'ContributorInsightsStatus': 'ENABLED', 'ContributorInsightsMode': both}])
    other = f'{name}-2'
    table(other)
    made.update_contributor_insights(TableName=other, ContributorInsightsAction='ENABLE')
    page = made.list_contributor_insights(MaxResults=1)
    rest = made.list_contributor_insights(MaxResults=1, NextToken=page['NextToken'])
    same([one['TableName'] for one in page['ContributorInsightsSummaries'] + rest['ContributorInsightsSummaries']], [name, other])
    assert 'NextToken' not in made.list_contributor_insights(TableName=other, MaxResults=1)
    made.delete_table(TableName=other)
    same(refused('ResourceNotFoundException', describe, of={'IndexName': 'ghost'}), f'Requested resource not found: Index: ghost not found for table: {name}')
    made.delete_table(TableName=name)


@case
def what_an_update_may_not_be():
    made, name = client(), 'd-updates'
    def told(code='ValidationException', **change):
        return refused(code, made.update_table, TableName=name, **change).removeprefix('One or more parameter values were invalid: ')
    index = lambda name='by-g', **more: {'IndexName': name, 'KeySchema': [{'AttributeName': 'g', 'KeyType': 'HASH'}], 'Projection': {'ProjectionType': 'ALL'}, **more}
    table(name, GlobalSecondaryIndexes=[index()])
    limits, units, warm = {'MaxReadRequestUnits': 5}, {'ReadCapacityUnits': 1, 'WriteCapacityUnits': 1}, {'ReadUnitsPerSecond': 13000, 'WriteUnitsPerSecond': 4500}
    more = {'DeletionProtectionEnabled': False}
    for text, change in (
        ('Server-Side Encryption modification must be the only operation in the request', {'SSESpecification': {'Enabled': True}, **more}),
        ('TableClass modification must be the only operation in the request', {'TableClass': 'STANDARD', 'BillingMode': 'PAY_PER_REQUEST'}),
        ('DeletionProtection modification must be the only operation in the request', {'BillingMode': 'PAY_PER_REQUEST', **more}),
        ('WarmThroughput must be the only operation in the request', {'WarmThroughput': warm, 'BillingMode': 'PAY_PER_REQUEST'}),
        ('OnDemandThroughput can only be combined with BillingMode in an UpdateTable request', {'OnDemandThroughput': limits, 'StreamSpecification': {'StreamEnabled': False}}),
        ('If stream is being enabled then UpdateViewType is required', {'StreamSpecification': {'StreamEnabled': True}}),
        (f'Table has no stream to disable: TableName: {name}', {'StreamSpecification': {'StreamEnabled': False}}),
        ('Table is already encrypted by default', {'SSESpecification': {}}),
        ('SSEType KMS is required if KMSMasterKeyId is specified', {'SSESpecification': {'Enabled': True, 'KMSMasterKeyId': 'a'}}),
        ('List of GlobalSecondaryIndexUpdates is empty', {'GlobalSecondaryIndexUpdates': [], **more}),
        ('AttributeDefinitions is not specified for index: by-p', {'GlobalSecondaryIndexUpdates': [{'Create': index('by-p')}]}),
        ('Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object', {'GlobalSecondaryIndexUpdates': [{'Delete': {'IndexName': 'by-g'}, 'Create': index('by-p')}]}),
        ('The only Updates for index: by-g when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput',
         {'GlobalSecondaryIndexUpdates': [{'Update': {'IndexName': 'by-g', 'ProvisionedThroughput': units}}]}),
        ('Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: by-p when BillingMode is PAY_PER_REQUEST',
         {'AttributeDefinitions': [{'AttributeName': 'g', 'AttributeType': 'S'}], 'GlobalSecondaryIndexUpdates': [{'Create': index('by-p', ProvisionedThroughput=units)}]}),
        ('Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range', {'OnDemandThroughput': {'MaxReadRequestUnits': 0}}),
        ('Requested ReadUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported', {'WarmThroughput': {'ReadUnitsPerSecond': 1, 'WriteUnitsPerSecond': 5000}}),
    ):
        same(told(**change), text)
    same(told('ResourceNotFoundException', GlobalSecondaryIndexUpdates=[{'Delete': {'IndexName': 'ghost'}}]), f'Requested resource not found: Index ghost for table {name}')
    now = lambda: made.describe_table(TableName=name)['Table']
    # What is defined counts for new indexes only: stale names change nothing.
    made.update_table(TableName=name, AttributeDefinitions=[{'AttributeName': 'p', 'AttributeType': 'N'}, {'AttributeName': 'x', 'AttributeType': 'S'}],
                      OnDemandThroughput=limits)
    same((now()['AttributeDefinitions'], now()['OnDemandThroughput']), ([{'AttributeName': one, 'AttributeType': 'S'} for one in 'gp'], limits))
    made.update_table(TableName=name, OnDemandThroughput={'MaxReadRequestUnits': -1})
    same(now()['OnDemandThroughput'], {'MaxReadRequestUnits': -1})
    made.update_table(TableName=name, AttributeDefinitions=[{'AttributeName': 's', 'AttributeType': 'N'}],
                      GlobalSecondaryIndexUpdates=[{'Create': {**index('by-s'), 'KeySchema': [{'AttributeName': 's', 'KeyType': 'HASH'}]}}])
    same([one['AttributeName'] for one in now()['AttributeDefinitions']], ['g', 'p', 's'])
    made.update_table(TableName=name, WarmThroughput=warm)
    same(now()['WarmThroughput'], {**warm, 'Status': 'ACTIVE'})
    arn = now()['TableArn']
    for text, tag in (('The Tag Value provided is invalid, Value: a,b', {'Key': 'k', 'Value': 'a,b'}), ('The Tag Key provided is invalid, Key: k#', {'Key': 'k#', 'Value': ''}),
                      ('Tag Key cannot be prefixed with aws:, Key: aws:k', {'Key': 'aws:k', 'Value': ''})):
        same(refused('ValidationException', made.tag_resource, ResourceArn=arn, Tags=[tag]), text)
    for text, policy in (('This policy contains invalid Json', ''), ('This text appears not to be a policy', 'null'), ('Could not parse the policy: Statement is empty!', '{"Statement": []}'),
                         ('Missing required field Effect', '{"Statement": [{}]}')):
        same(refused('ValidationException', made.put_resource_policy, ResourceArn=arn, Policy=policy), f'One or more parameter values were invalid: Invalid policy document: {text}')
    made.delete_table(TableName=name)


@case
def what_a_table_has_not():
    made = client()
    table('d-alone', SSESpecification={'Enabled': True})
    same(made.describe_contributor_insights(TableName='d-alone')['ContributorInsightsStatus'], 'DISABLED')
    same(made.list_contributor_insights(TableName='d-alone')['ContributorInsightsSummaries'], [])
    same(made.describe_kinesis_streaming_destination(TableName='d-alone')['KinesisDataStreamDestinations'], [])
    same(made.describe_table_replica_auto_scaling(TableName='d-alone')['TableAutoScalingDescription'],
         {'TableName': 'd-alone', 'TableStatus': 'ACTIVE', 'Replicas': []})
    same(made.list_global_tables()['GlobalTables'], [])
    refused('GlobalTableNotFoundException', made.describe_global_table, GlobalTableName='d-alone')
    for settings in (made.describe_global_table_settings, made.update_global_table_settings):
        refused('GlobalTableNotFoundException', settings, GlobalTableName='d-alone')
    older = 'One or more parameter values were invalid: DynamoDB global tables version 2017.11.29 is not supported.'
    assert refused('ValidationException', made.create_global_table, GlobalTableName='d-alone', ReplicationGroup=[{'RegionName': 'us-east-1'}]).startswith(older)
    assert refused('ValidationException', made.update_global_table, GlobalTableName='d-alone', ReplicaUpdates=[]).startswith(older)
    refused('ResourceNotFoundException', made.describe_contributor_insights, TableName='d-none')
    # Nor, from now on, a key.
    answer = made.update_table(TableName='d-alone', SSESpecification={'Enabled': False})['TableDescription']
    same((answer['TableStatus'], answer['SSEDescription']['Status']), ('UPDATING', 'UPDATING'))
    assert 'SSEDescription' not in made.describe_table(TableName='d-alone')['Table']
    written = made.execute_transaction(TransactStatements=[{'Statement': f"INSERT INTO \"d-alone\" VALUE {{'p': '{p}'}}"} for p in 'ab'])
    same(written['Responses'], [])


@case
def streams_of_kinesis_that_are_not_there():
    made = client()
    table('d-kinesis')
    of = {'TableName': 'd-kinesis', 'StreamArn': f'arn:aws:kinesis:us-east-1:{account}:stream/none'}
    there = {**of, 'StreamArn': f'arn:aws:kinesis:eu-west-1:{account}:stream/none'}
    state = 'Table is not in a valid state to enable Kinesis Streaming Destination: '
    unknown = f'{state}No streaming destination with streamArn: {of["StreamArn"]} found for table with tableName: d-kinesis'
    wanted = {'ApproximateCreationDateTimePrecision': 'MICROSECOND'}
    same(refused('ValidationException', made.update_kinesis_streaming_destination, **of, UpdateKinesisStreamingConfiguration=wanted), unknown)
    for _ in range(2):
        same(made.enable_kinesis_streaming_destination(**of)['DestinationStatus'], 'ENABLING')
    made.enable_kinesis_streaming_destination(**there, EnableKinesisStreamingConfiguration=wanted)
    told = made.describe_kinesis_streaming_destination(TableName='d-kinesis')['KinesisDataStreamDestinations']
    same([(each['StreamArn'], each['DestinationStatus'], each['DestinationStatusDescription']) for each in told], [
        (there['StreamArn'], 'ENABLE_FAILED', 'The kinesis Arn used to enable kinesis replication belongs to a stream which is not in the current region'),
        (of['StreamArn'], 'ENABLE_FAILED', 'User does not have a permission to use kinesis stream'),
    ])
    same(refused('ValidationException', made.disable_kinesis_streaming_destination, **of), f'{state}KinesisStreamingDestination must be ACTIVE to perform DISABLE operation.')
    refused('ResourceNotFoundException', made.enable_kinesis_streaming_destination, **{**of, 'TableName': 'd-none'})


@case
def everything_that_is_built_was_called():
    same(called_and_not(unbuilt), {})


@case
def who_has_no_permission_has_none():
    same(not_refused(user('d-nobody'), unbuilt, denials=['AccessDeniedException']), [])


run('dynamodb')
