"""boto3 and SQS against the local AWS."""

import hashlib, json, os, threading, time, urllib.error, urllib.parse, urllib.request, uuid

import boto3
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ReadTimeoutError

import witness
from witness import account, called_and_not, case, not_refused, refused, run, same

address = os.environ['AWS_ENDPOINT_URL']
config = Config(retries={'max_attempts': 1})


def client(service='sqs', keys=None, **more):
    return witness.client(service, keys, **more)


sqs = client()


def user(*statements):
    iam, name = client('iam'), 'u' + uuid.uuid4().hex[:8]
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName='p', PolicyDocument=json.dumps({'Version': '2012-10-17', 'Statement': list(statements)}))
    return client(keys=iam.create_access_key(UserName=name)['AccessKey'])


nobody = user()


def denied(action, operation, **arguments):
    text = refused('AccessDenied', 403, getattr(nobody, operation), **arguments)
    assert f'is not authorized to perform: sqs:{action} on resource' in text or f'is not authorized to perform: sqs:{action} because' in text, text


def queue(name=None, **attributes):
    name = name or 'q-' + uuid.uuid4().hex[:8]
    return sqs.create_queue(QueueName=name, Attributes=attributes)['QueueUrl']


def fifo(**attributes):
    return queue('q-' + uuid.uuid4().hex[:8] + '.fifo', FifoQueue='true', **attributes)


def arn(url):
    return f'arn:aws:sqs:us-east-1:{account}:' + url.split('/')[-1]


def bodies(url, **more):
    return [m['Body'] for m in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **more).get('Messages', [])]


@case
def create_queue():
    url = queue('made', VisibilityTimeout='20')
    same(url, f'{address}/{account}/made')
    same(queue('made', VisibilityTimeout='20'), url)
    same(queue('made'), url)
    text = refused('QueueAlreadyExists', 400, sqs.create_queue, QueueName='made', Attributes={'VisibilityTimeout': '21'})
    same(text, 'A queue already exists with the same name and a different value for attribute VisibilityTimeout')
    for name in ('a b', 'x' * 81, 'a.fifo', ''):
        text = refused('InvalidParameterValue', 400, sqs.create_queue, QueueName=name)
        same(text, 'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length')
    refused('InvalidParameterValue', 400, sqs.create_queue, QueueName='notfifo', Attributes={'FifoQueue': 'true'})
    same(refused('InvalidAttributeName', 400, sqs.create_queue, QueueName='std', Attributes={'FifoQueue': 'false'}), 'Unknown Attribute FifoQueue.')
    same(refused('InvalidAttributeName', 400, sqs.create_queue, QueueName='std', Attributes={'What': '1'}), 'Unknown Attribute What.')
    for name, value in (('VisibilityTimeout', '43201'), ('VisibilityTimeout', 'x'), ('DelaySeconds', '901'), ('MessageRetentionPeriod', '59'),
                        ('MaximumMessageSize', '1023'), ('ReceiveMessageWaitTimeSeconds', '21'), ('SqsManagedSseEnabled', 'x')):
        same(refused('InvalidAttributeValue', 400, sqs.create_queue, QueueName='std', Attributes={name: value}), f'Invalid value for the parameter {name}.')
    denied('createqueue', 'create_queue', QueueName='mine')


@case
def get_queue_url():
    url = queue('found')
    same(sqs.get_queue_url(QueueName='found')['QueueUrl'], url)
    same(sqs.get_queue_url(QueueName='found', QueueOwnerAWSAccountId=account)['QueueUrl'], url)
    same(refused('AWS.SimpleQueueService.NonExistentQueue', 400, sqs.get_queue_url, QueueName='lost'), 'The specified queue does not exist.')
    try:
        sqs.get_queue_url(QueueName='lost')
    except sqs.exceptions.QueueDoesNotExist as error:
        same(error.response['Error']['QueryErrorCode'], 'QueueDoesNotExist')
    denied('getqueueurl', 'get_queue_url', QueueName='found')


@case
def list_queues_and_pages():
    for i in range(5):
        queue(f'listed-{i}')
    found = sqs.list_queues(QueueNamePrefix='listed-')
    same([url.split('/')[-1] for url in found['QueueUrls']], [f'listed-{i}' for i in range(5)])
    assert 'NextToken' not in found
    assert 'QueueUrls' not in sqs.list_queues(QueueNamePrefix='none-')
    pages = list(sqs.get_paginator('list_queues').paginate(QueueNamePrefix='listed-', PaginationConfig={'PageSize': 2}))
    same([len(page['QueueUrls']) for page in pages], [2, 2, 1])
    denied('listqueues', 'list_queues')


@case
def attributes():
    url = queue(VisibilityTimeout='20', MessageRetentionPeriod='604800', ReceiveMessageWaitTimeSeconds='10')
    got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['All'])['Attributes']
    assert abs(int(got.pop('CreatedTimestamp')) - time.time()) < 10 and abs(int(got.pop('LastModifiedTimestamp')) - time.time()) < 10
    same(got, {
        'QueueArn': arn(url), 'ApproximateNumberOfMessages': '0', 'ApproximateNumberOfMessagesNotVisible': '0', 'ApproximateNumberOfMessagesDelayed': '0',
        'VisibilityTimeout': '20', 'MaximumMessageSize': '1048576', 'MessageRetentionPeriod': '604800', 'DelaySeconds': '0',
        'ReceiveMessageWaitTimeSeconds': '10', 'SqsManagedSseEnabled': 'true',
    })
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'DelaySeconds': '420', 'MaximumMessageSize': '2048'})
    same(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['DelaySeconds', 'MaximumMessageSize'])['Attributes'], {'DelaySeconds': '420', 'MaximumMessageSize': '2048'})
    assert 'Attributes' not in sqs.get_queue_attributes(QueueUrl=url)
    same(refused('InvalidAttributeName', 400, sqs.get_queue_attributes, QueueUrl=url, AttributeNames=['Foo']), 'Unknown Attribute Foo.')
    same(refused('InvalidAttributeName', 400, sqs.set_queue_attributes, QueueUrl=url, Attributes={'FifoQueue': 'true'}), 'Unknown Attribute FifoQueue.')
    same(refused('InvalidAttributeValue', 400, sqs.set_queue_attributes, QueueUrl=url, Attributes={'Policy': 'x'}), 'Invalid value for the parameter Policy.')
    ordered = fifo()
    got = sqs.get_queue_attributes(QueueUrl=ordered, AttributeNames=['FifoQueue', 'ContentBasedDeduplication', 'DeduplicationScope', 'FifoThroughputLimit'])['Attributes']
    same(got, {'FifoQueue': 'true', 'ContentBasedDeduplication': 'false', 'DeduplicationScope': 'queue', 'FifoThroughputLimit': 'perQueue'})
    # Python's str(True), as Ansible's sqs_queue sends it.
    capital = queue('capital.fifo', FifoQueue='True', ContentBasedDeduplication='True')
    got = sqs.get_queue_attributes(QueueUrl=capital, AttributeNames=['FifoQueue', 'ContentBasedDeduplication'])['Attributes']
    same(got, {'FifoQueue': 'true', 'ContentBasedDeduplication': 'true'})
    same(refused('InvalidAttributeValue', 400, sqs.set_queue_attributes, QueueUrl=ordered, Attributes={'FifoQueue': 'false'}),
         'Invalid value for the parameter FifoQueue. Reason: Modifying queue type is not supported.')
    denied('getqueueattributes', 'get_queue_attributes', QueueUrl=url)
    denied('setqueueattributes', 'set_queue_attributes', QueueUrl=url, Attributes={'DelaySeconds': '0'})


@case
def encryption_attributes():
    url = queue(KmsMasterKeyId='testKeyId', KmsDataKeyReusePeriodSeconds='6000')
    names = ['KmsMasterKeyId', 'KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled']
    same(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)['Attributes'],
         {'KmsMasterKeyId': 'testKeyId', 'KmsDataKeyReusePeriodSeconds': '6000', 'SqsManagedSseEnabled': 'false'})
    text = refused('InvalidAttributeName', 400, sqs.set_queue_attributes, QueueUrl=url, Attributes={'SqsManagedSseEnabled': 'true'})
    same(text, 'You can use one type of server-side encryption (SSE) at one time. You can either enable KMS SSE or SQS SSE.')
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'KmsMasterKeyId': '', 'SqsManagedSseEnabled': 'true'})
    same(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['KmsMasterKeyId', 'SqsManagedSseEnabled'])['Attributes'], {'SqsManagedSseEnabled': 'true'})


@case
def redrive_policies():
    dead, url = queue('dead'), queue('alive')
    wrong = lambda policy: refused('InvalidParameterValue', 400, sqs.set_queue_attributes, QueueUrl=url, Attributes={'RedrivePolicy': policy})
    same(wrong('{"deadLetterTargetArn": "dummy", "maxReceiveCount": 42}'),
         'Value {"deadLetterTargetArn": "dummy", "maxReceiveCount": 42} for parameter RedrivePolicy is invalid. Reason: Invalid value for deadLetterTargetArn.')
    assert wrong('x').endswith('Reason: Redrive policy is not a valid JSON map.')
    assert wrong(json.dumps({'deadLetterTargetArn': arn(dead)})).endswith('Redrive policy does not contain mandatory attribute: maxReceiveCount.')
    assert wrong(json.dumps({'deadLetterTargetArn': arn(dead), 'maxReceiveCount': 1001})).endswith('Invalid value for maxReceiveCount: 1001, valid values are from 1 to 1000 both inclusive.')
    assert wrong(json.dumps({'deadLetterTargetArn': arn(dead) + '-none', 'maxReceiveCount': 1})).endswith('Dead letter target does not exist.')
    assert wrong(json.dumps({'deadLetterTargetArn': arn(fifo()), 'maxReceiveCount': 1})).endswith('Dead-letter queue must be same type of queue as the source.')
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'RedrivePolicy': json.dumps({'deadLetterTargetArn': arn(dead), 'maxReceiveCount': '1'})})
    same(sqs.list_dead_letter_source_queues(QueueUrl=dead)['queueUrls'], [url])
    same(sqs.list_dead_letter_source_queues(QueueUrl=url)['queueUrls'], [])
    refused('AWS.SimpleQueueService.NonExistentQueue', 400, sqs.list_dead_letter_source_queues, QueueUrl=url + 'x')
    denied('listdeadlettersourcequeues', 'list_dead_letter_source_queues', QueueUrl=dead)
    sqs.set_queue_attributes(QueueUrl=dead, Attributes={'RedriveAllowPolicy': '{"redrivePermission": "denyAll"}'})
    assert 'Reason:' in wrong(json.dumps({'deadLetterTargetArn': arn(dead), 'maxReceiveCount': 2}))
    sqs.send_message(QueueUrl=url, MessageBody='dies')
    same(bodies(url, VisibilityTimeout=0), ['dies'])
    same(bodies(url), [])
    same(bodies(dead), ['dies'])


@case
def send_receive_delete():
    url = queue()
    sent = sqs.send_message(QueueUrl=url, MessageBody='message', MessageAttributes={'Foo': {'DataType': 'String', 'StringValue': 'Bar'}},
                            MessageSystemAttributes={'AWSTraceHeader': {'DataType': 'String', 'StringValue': 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1'}})
    same(sent['MD5OfMessageBody'], '78e731027d8fd50ed642340b7c9a63b3')
    same(sent['MD5OfMessageAttributes'], 'ae7155c6026991b6d54b11589678bf9c')
    same(sent['MD5OfMessageSystemAttributes'], '5ae4d5d7636402d80f4eb6d213245a88')
    assert 'SequenceNumber' not in sent
    [got] = sqs.receive_message(QueueUrl=url, AttributeNames=['All'], MessageAttributeNames=['All'])['Messages']
    system = got.pop('Attributes')
    same(sorted(system), ['AWSTraceHeader', 'ApproximateFirstReceiveTimestamp', 'ApproximateReceiveCount', 'SenderId', 'SentTimestamp'])
    same(system['ApproximateReceiveCount'], '1')
    assert system['SenderId'].startswith('AIDA') and abs(int(system['SentTimestamp']) / 1000 - time.time()) < 10
    handle = got.pop('ReceiptHandle')
    same(got, {'MessageId': sent['MessageId'], 'MD5OfBody': sent['MD5OfMessageBody'], 'Body': 'message', 'MD5OfMessageAttributes': sent['MD5OfMessageAttributes'],
               'MessageAttributes': {'Foo': {'StringValue': 'Bar', 'DataType': 'String'}}})
    assert 'Messages' not in sqs.receive_message(QueueUrl=url)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    sqs.delete_message(QueueUrl=url, ReceiptHandle=handle)
    same(refused('ReceiptHandleIsInvalid', 404, sqs.delete_message, QueueUrl=url, ReceiptHandle='nonsense'),
         'The input receipt handle "nonsense" is not a valid receipt handle.')
    refused('ReceiptHandleIsInvalid', 404, sqs.delete_message, QueueUrl=queue(), ReceiptHandle=handle)
    for operation, more in (('send_message', {'MessageBody': 'x'}), ('receive_message', {}), ('delete_message', {'ReceiptHandle': handle})):
        refused('AWS.SimpleQueueService.NonExistentQueue', 400, getattr(sqs, operation), QueueUrl=url + '-none', **more)
        denied(operation.replace('_', ''), operation, QueueUrl=url, **more)


@case
def attribute_names_of_receive():
    url = queue()
    text = lambda value: {'DataType': 'String', 'StringValue': value}
    sqs.send_message(QueueUrl=url, MessageBody='msg', MessageAttributes={'Hello': text('There'), 'General': text('Kenobi'), 'Help.Me': text('Me')})
    for names, digest, found in (
        ([], None, []), (['All'], '4c360f3fdafd970e05fae2f149d997f5', ['General', 'Hello', 'Help.Me']), (['.*'], '4c360f3fdafd970e05fae2f149d997f5', ['General', 'Hello', 'Help.Me']),
        (['Foo'], None, []), (['Hello', 'General'], 'fca026605781cb4126a1e9044df24232', ['General', 'Hello']), (['Foo', 'Hello'], 'a311262e065454b75da111d535b8dacd', ['Hello']),
        (['Hel.*'], '83fee93c1bcd8b9a5a923ffacdc636c7', ['Hello', 'Help.Me']), (['AWS.'], None, []), (['..foo'], None, []),
    ):
        [got] = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, MessageAttributeNames=names)['Messages']
        same((got.get('MD5OfMessageAttributes'), sorted(got.get('MessageAttributes', {}))), (digest, found))
    [got] = sqs.receive_message(QueueUrl=url, VisibilityTimeout=0, MessageSystemAttributeNames=['SenderId'])['Messages']
    same(list(got['Attributes']), ['SenderId'])


@case
def what_may_be_sent():
    url = queue()
    wrong = lambda code='InvalidParameterValue', **more: refused(code, 400, sqs.send_message, QueueUrl=url, **{'MessageBody': 'x', **more})
    same(wrong('MissingParameter', MessageBody=''), 'The request must contain the parameter MessageBody.')
    assert wrong('InvalidMessageContents', MessageBody='a\x02').startswith("Invalid binary character '#x2' was found in the message body")
    same(wrong(DelaySeconds=901), 'Value 901 for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.')
    same(wrong(MessageAttributes={'ErrorDetails': {'DataType': 'String', 'StringValue': ''}}), "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.")
    assert wrong(MessageDeduplicationId='x').endswith('The request includes a parameter that is not valid for this queue type.')
    attributes = {'k': {'DataType': 'String', 'StringValue': 'x'}}
    most = 1048576
    sqs.send_message(QueueUrl=url, MessageBody='a' * (most - 8), MessageAttributes=attributes)
    same(wrong(MessageBody='a' * (most - 7), MessageAttributes=attributes), 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.')
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'MaximumMessageSize': '1024'})
    same(wrong(MessageBody='é' * 513), 'One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.')
    sqs.send_message(QueueUrl=url, MessageBody='"&quot;\r\n\t😀', MessageGroupId='tenant')
    got = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=['MessageGroupId'])['Messages'][-1]
    same((got['Body'], got['Attributes']), ('"&quot;\r\n\t😀', {'MessageGroupId': 'tenant'}))


@case
def receive_message_limits():
    url = queue()
    same(refused('InvalidParameterValue', 400, sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=11),
         'Value 11 for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.')
    same(refused('InvalidParameterValue', 400, sqs.receive_message, QueueUrl=url, WaitTimeSeconds=21),
         'Value 21 for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.')
    refused('InvalidParameterValue', 400, sqs.receive_message, QueueUrl=url, VisibilityTimeout=43201)
    refused('InvalidParameterValue', 400, sqs.receive_message, QueueUrl=url, MaxNumberOfMessages=0)


@case
def long_poll():
    url = queue()
    other = client()
    threading.Timer(0.3, lambda: other.send_message(QueueUrl=url, MessageBody='late')).start()
    same(bodies(url, WaitTimeSeconds=20), ['late'])
    same(bodies(url, WaitTimeSeconds=1), [])


@case
def who_went_away_while_waiting_receives_nothing():
    url = queue()
    impatient = boto3.client('sqs', config=Config(read_timeout=1, retries={'max_attempts': 0}))
    try:
        impatient.receive_message(QueueUrl=url, WaitTimeSeconds=20)
        assert False, 'it answered'
    except ReadTimeoutError:
        pass
    # Connections stay open in a pool until their client ends.
    impatient.close()
    time.sleep(0.5)
    sqs.send_message(QueueUrl=url, MessageBody='for who is there')
    same(bodies(url), ['for who is there'])


@case
def visibility():
    url = queue(VisibilityTimeout='600')
    sqs.send_message(QueueUrl=url, MessageBody='x')
    [got] = sqs.receive_message(QueueUrl=url)['Messages']
    change = lambda seconds, handle=got['ReceiptHandle']: sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=handle, VisibilityTimeout=seconds)
    change(0)
    [again] = sqs.receive_message(QueueUrl=url)['Messages']
    assert again['ReceiptHandle'] != got['ReceiptHandle']
    refused('InvalidParameterValue', 400, change, seconds=43201)
    refused('ReceiptHandleIsInvalid', 404, change, seconds=1, handle='nonsense')
    sqs.delete_message(QueueUrl=url, ReceiptHandle=again['ReceiptHandle'])
    text = refused('InvalidParameterValue', 400, change, seconds=1)
    assert text.endswith('Reason: Message does not exist or is not available for visibility timeout change.'), text
    denied('changemessagevisibility', 'change_message_visibility', QueueUrl=url, ReceiptHandle='x', VisibilityTimeout=1)


@case
def batches():
    url = queue()
    sent = sqs.send_message_batch(QueueUrl=url, Entries=[
        {'Id': 'good', 'MessageBody': 'a', 'MessageAttributes': {'k': {'DataType': 'String', 'StringValue': 'x'}}}, {'Id': 'late', 'MessageBody': 'b', 'DelaySeconds': 901}])
    same([(one['Id'], one['MD5OfMessageBody']) for one in sent['Successful']], [('good', '0cc175b9c0f1b6a831c399e269772661')])
    same([(one['Id'], one['Code'], one['SenderFault']) for one in sent['Failed']], [('late', 'InvalidParameterValue', True)])
    [got] = sqs.receive_message(QueueUrl=url)['Messages']
    handles = [{'Id': 'good', 'ReceiptHandle': got['ReceiptHandle']}, {'Id': 'bad', 'ReceiptHandle': 'x'}]
    changed = sqs.change_message_visibility_batch(QueueUrl=url, Entries=[{**one, 'VisibilityTimeout': 30} for one in handles])
    same(([one['Id'] for one in changed['Successful']], [(one['Id'], one['Code']) for one in changed['Failed']]), (['good'], [('bad', 'ReceiptHandleIsInvalid')]))
    gone = sqs.delete_message_batch(QueueUrl=url, Entries=handles)
    same(([one['Id'] for one in gone['Successful']], [(one['Id'], one['Code']) for one in gone['Failed']]), (['good'], [('bad', 'ReceiptHandleIsInvalid')]))
    for operation, entry, verb in (('send_message_batch', {'MessageBody': 'x'}, 'SendMessage'), ('delete_message_batch', {'ReceiptHandle': 'x'}, 'DeleteMessage'),
                                   ('change_message_visibility_batch', {'ReceiptHandle': 'x', 'VisibilityTimeout': 1}, 'ChangeMessageVisibility')):
        wrong = lambda code, *ids: refused('AWS.SimpleQueueService.' + code, 400, getattr(sqs, operation), QueueUrl=url, Entries=[{'Id': id, **entry} for id in ids])
        same(wrong('EmptyBatchRequest'), f'There should be at least one {verb}BatchRequestEntry in the request.')
        same(wrong('TooManyEntriesInBatchRequest', *map(str, range(20))), 'Maximum number of entries per request are 10. You have sent 20.')
        same(wrong('BatchEntryIdsNotDistinct', 'a', 'a'), 'Id a repeated.')
        for id in ('', 'invalid:id', 'x' * 81):
            same(wrong('InvalidBatchEntryId', id), 'A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.')
        denied(verb.lower(), operation, QueueUrl=url, Entries=[{'Id': 'a', **entry}])
    text = refused('AWS.SimpleQueueService.BatchRequestTooLong', 400, sqs.send_message_batch, QueueUrl=url, Entries=[{'Id': '1', 'MessageBody': 'a' * 1048576}, {'Id': '2', 'MessageBody': 'a'}])
    same(text, 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048577 bytes.')


@case
def fifo_queues():
    url = fifo()
    wrong = lambda code='InvalidParameterValue', **more: refused(code, 400, sqs.send_message, QueueUrl=url, MessageBody='x', **more)
    same(wrong('MissingParameter'), 'The request must contain the parameter MessageGroupId.')
    same(wrong(MessageGroupId='g'), 'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly')
    same(wrong(MessageGroupId='g', MessageDeduplicationId='d', DelaySeconds=2),
         'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.')
    refused('InvalidParameterValue', 400, sqs.send_message_batch, QueueUrl=url, Entries=[{'Id': 'a', 'MessageBody': 'x'}])
    first = sqs.send_message(QueueUrl=url, MessageBody='message-body-1', MessageGroupId='group-1', MessageDeduplicationId='dedup-1')
    again = sqs.send_message(QueueUrl=url, MessageBody='other', MessageGroupId='group-1', MessageDeduplicationId='dedup-1')
    same((again['MessageId'], again['SequenceNumber']), (first['MessageId'], first['SequenceNumber']))
    second = sqs.send_message(QueueUrl=url, MessageBody='message-body-2', MessageGroupId='group-1', MessageDeduplicationId='dedup-2')
    assert len(first['SequenceNumber']) == 20 and second['SequenceNumber'] > first['SequenceNumber']
    [got] = sqs.receive_message(QueueUrl=url, AttributeNames=['All'])['Messages']
    same({name: got['Attributes'][name] for name in ('MessageDeduplicationId', 'MessageGroupId', 'SequenceNumber')},
         {'MessageDeduplicationId': 'dedup-1', 'MessageGroupId': 'group-1', 'SequenceNumber': first['SequenceNumber']})
    same(bodies(url), [])
    sqs.delete_message(QueueUrl=url, ReceiptHandle=got['ReceiptHandle'])
    same(bodies(url), ['message-body-2'])
    refused('InvalidParameterValue', 400, sqs.receive_message, QueueUrl=queue(), ReceiveRequestAttemptId='x')


@case
def move_tasks():
    dead, url = queue(), queue()
    source = arn(dead)
    refused('InvalidParameterValue', 400, sqs.start_message_move_task, SourceArn=source)
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'RedrivePolicy': json.dumps({'deadLetterTargetArn': source, 'maxReceiveCount': 1})})
    for body in 'abc':
        sqs.send_message(QueueUrl=dead, MessageBody=body)
    handle = sqs.start_message_move_task(SourceArn=source, DestinationArn=arn(url))['TaskHandle']
    [task] = sqs.list_message_move_tasks(SourceArn=source)['Results']
    same({name: task[name] for name in ('Status', 'SourceArn', 'DestinationArn', 'ApproximateNumberOfMessagesMoved', 'ApproximateNumberOfMessagesToMove')},
         {'Status': 'COMPLETED', 'SourceArn': source, 'DestinationArn': arn(url), 'ApproximateNumberOfMessagesMoved': 3, 'ApproximateNumberOfMessagesToMove': 3})
    assert abs(task['StartedTimestamp'] / 1000 - time.time()) < 10
    same(sorted(bodies(url)), ['a', 'b', 'c'])
    refused('AWS.SimpleQueueService.UnsupportedOperation', 400, sqs.cancel_message_move_task, TaskHandle=handle)
    for body in 'abc':
        sqs.send_message(QueueUrl=dead, MessageBody=body)
    slow = sqs.start_message_move_task(SourceArn=source, DestinationArn=arn(url), MaxNumberOfMessagesPerSecond=1)['TaskHandle']
    assert sqs.cancel_message_move_task(TaskHandle=slow)['ApproximateNumberOfMessagesMoved'] < 3
    same(sqs.list_message_move_tasks(SourceArn=source, MaxResults=10)['Results'][0]['Status'], 'CANCELLED')
    refused('ResourceNotFoundException', 404, sqs.start_message_move_task, SourceArn=source + 'x')
    refused('ResourceNotFoundException', 404, sqs.list_message_move_tasks, SourceArn=source + 'x')
    denied('startmessagemovetask', 'start_message_move_task', SourceArn=source)
    denied('listmessagemovetasks', 'list_message_move_tasks', SourceArn=source)
    denied('cancelmessagemovetask', 'cancel_message_move_task', TaskHandle=handle)


@case
def tags():
    url = sqs.create_queue(QueueName='tagged', tags={'tag1': 'value1'})['QueueUrl']
    sqs.tag_queue(QueueUrl=url, Tags={'tag2': 'value2', 'tag3': ''})
    same(sqs.list_queue_tags(QueueUrl=url)['Tags'], {'tag1': 'value1', 'tag2': 'value2', 'tag3': ''})
    sqs.untag_queue(QueueUrl=url, TagKeys=['tag1', 'tag3', 'none'])
    same(sqs.list_queue_tags(QueueUrl=url)['Tags'], {'tag2': 'value2'})
    sqs.untag_queue(QueueUrl=url, TagKeys=['tag2'])
    assert 'Tags' not in sqs.list_queue_tags(QueueUrl=url)
    same(refused('InvalidParameterValue', 400, sqs.tag_queue, QueueUrl=url, Tags={str(i): '' for i in range(51)}), 'Too many tags added for queue tagged.')
    for operation, more in (('tag_queue', {'Tags': {'a': 'b'}}), ('untag_queue', {'TagKeys': ['a']}), ('list_queue_tags', {})):
        refused('AWS.SimpleQueueService.NonExistentQueue', 400, getattr(sqs, operation), QueueUrl=url + '-none', **more)
        denied(operation.replace('_', ''), operation, QueueUrl=url, **more)


@case
def permissions():
    url = queue()
    policy = lambda: json.loads(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['Policy']).get('Attributes', {}).get('Policy', 'null'))
    give = lambda label, accounts, actions: sqs.add_permission(QueueUrl=url, Label=label, AWSAccountIds=accounts, Actions=actions)
    give('one', ['210987654321', account], ['ReceiveMessage'])
    same(policy(), {'Version': '2008-10-17', 'Id': f'{arn(url)}/SQSDefaultPolicy', 'Statement': [
        {'Sid': 'one', 'Effect': 'Allow', 'Principal': {'AWS': ['arn:aws:iam::210987654321:root', f'arn:aws:iam::{account}:root']}, 'Action': 'SQS:ReceiveMessage', 'Resource': arn(url)}]})
    same(refused('InvalidParameterValue', 400, give, label='one', accounts=[account], actions=['SendMessage']), 'Value one for parameter Label is invalid. Reason: Already exists.')
    refused('InvalidParameterValue', 400, give, label='two', accounts=[account], actions=['CreateQueue'])
    refused('OverLimit', 403, give, label='two', accounts=[account], actions=['SendMessage'] * 8)
    sqs.remove_permission(QueueUrl=url, Label='one')
    same(policy(), None)
    same(refused('InvalidParameterValue', 400, sqs.remove_permission, QueueUrl=url, Label='one'), "Value one for parameter Label is invalid. Reason: can't find label.")
    denied('addpermission', 'add_permission', QueueUrl=url, Label='x', AWSAccountIds=[account], Actions=['SendMessage'])
    denied('removepermission', 'remove_permission', QueueUrl=url, Label='x')


@case
def a_policy_of_the_queue_lets_its_account_in():
    url = queue()
    name = 'guest' + uuid.uuid4().hex[:6]
    iam = client('iam')
    guest = iam.create_user(UserName=name)['User']['Arn']
    theirs = client(keys=iam.create_access_key(UserName=name)['AccessKey'])
    refused('AccessDenied', 403, theirs.send_message, QueueUrl=url, MessageBody='x')
    statement = {'Effect': 'Allow', 'Principal': {'AWS': guest}, 'Action': 'sqs:SendMessage', 'Resource': arn(url)}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'Policy': json.dumps({'Version': '2012-10-17', 'Statement': [statement]})})
    theirs.send_message(QueueUrl=url, MessageBody='x')
    refused('AccessDenied', 403, theirs.receive_message, QueueUrl=url)


@case
def purge_and_delete():
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody='x')
    sqs.purge_queue(QueueUrl=url)
    same(bodies(url), [])
    refused('AWS.SimpleQueueService.PurgeQueueInProgress', 403, sqs.purge_queue, QueueUrl=url)
    denied('purgequeue', 'purge_queue', QueueUrl=url)
    denied('deletequeue', 'delete_queue', QueueUrl=url)
    sqs.delete_queue(QueueUrl=url)
    refused('AWS.SimpleQueueService.NonExistentQueue', 400, sqs.delete_queue, QueueUrl=url)
    refused('AWS.SimpleQueueService.NonExistentQueue', 400, sqs.receive_message, QueueUrl=url)


@case
def the_resource_interface():
    service = boto3.resource('sqs', aws_access_key_id=os.environ['AWS_ACCESS_KEY_ID'], aws_secret_access_key=os.environ['AWS_SECRET_ACCESS_KEY'])
    made = service.create_queue(QueueName='by-resource')
    made.send_messages(Entries=[{'Id': str(i), 'MessageBody': f'm{i}'} for i in range(10)])
    got = made.receive_messages(MaxNumberOfMessages=10, AttributeNames=['All'])
    same(sorted(message.body for message in got), [f'm{i}' for i in range(10)])
    for message in got:
        same(message.md5_of_body, hashlib.md5(message.body.encode()).hexdigest())
        message.delete()
    made.reload()
    same(made.attributes['ApproximateNumberOfMessages'], '0')
    same(service.get_queue_by_name(QueueName='by-resource').url, made.url)


@case
def several_workers_share_a_queue():
    url = queue(VisibilityTimeout='600')
    for start in range(0, 50, 10):
        sqs.send_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'MessageBody': str(i)} for i in range(start, start + 10)])
    done, lock = [], threading.Lock()

    def work():
        mine = client()
        while True:
            messages = mine.receive_message(QueueUrl=url, MaxNumberOfMessages=3).get('Messages', [])
            if not messages:
                return
            for message in messages:
                mine.delete_message(QueueUrl=url, ReceiptHandle=message['ReceiptHandle'])
                with lock:
                    done.append(int(message['Body']))

    workers = [threading.Thread(target=work) for _ in range(4)]
    [worker.start() for worker in workers]
    [worker.join() for worker in workers]
    same(sorted(done), list(range(50)))


def form(path='/', method='POST', **parameters):
    """The protocol of before 2023."""
    body, url = urllib.parse.urlencode({'Version': '2012-11-05', **parameters}), address + path
    headers = {'content-type': 'application/x-www-form-urlencoded; charset=utf-8'} if method == 'POST' else {}
    if method == 'GET':
        url, body = f'{url}?{body}', ''
    request = AWSRequest(method=method, url=url, data=body, headers=headers)
    SigV4Auth(Credentials(os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY']), 'sqs', 'us-east-1').add_auth(request)
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data=body.encode() if body else None, headers=dict(request.headers), method=method)) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@case
def both_protocols_on_one_queue():
    status, made = form(Action='CreateQueue', QueueName='old', **{'Attribute.1.Name': 'VisibilityTimeout', 'Attribute.1.Value': '5'})
    assert status == 200 and f'<QueueUrl>{address}/{account}/old</QueueUrl>' in made, made
    form(path=f'/{account}/old', Action='SendMessage', MessageBody='<hello & goodbye>')
    same(bodies(f'{address}/{account}/old'), ['<hello & goodbye>'])
    sqs.send_message(QueueUrl=f'{address}/{account}/old', MessageBody='by JSON')
    status, got = form(path=f'/{account}/old', method='GET', Action='ReceiveMessage', MaxNumberOfMessages='10')
    assert '<Body>by JSON</Body>' in got, got
    status, error = form(path=f'/{account}/none', Action='ReceiveMessage')
    assert status == 400 and '<Code>AWS.SimpleQueueService.NonExistentQueue</Code><Message>The specified queue does not exist for this wsdl version.</Message>' in error, error


@case
def queue_urls_of_other_hosts_are_understood():
    queue('elsewhere')
    for url in (f'https://sqs.us-east-1.amazonaws.com/{account}/elsewhere', f'https://queue.amazonaws.com/{account}/elsewhere', f'http://sqs.us-east-1.localhost.localstack.cloud:4566/{account}/elsewhere',
                f'http://localhost:4566/queue/us-east-1/{account}/elsewhere', 'elsewhere'):
        sqs.send_message(QueueUrl=url, MessageBody=url)
    same(len(bodies(f'{address}/{account}/elsewhere')), 5)
    refused('AWS.SimpleQueueService.NonExistentQueue', 400, sqs.send_message, QueueUrl=f'https://sqs.eu-west-1.amazonaws.com/{account}/elsewhere', MessageBody='x')
    refused('InvalidAddress', 404, sqs.send_message, QueueUrl='https://sqs.us-east-1.amazonaws.com/', MessageBody='x')


def looked(place='', accept='application/json', **asked):
    """What is in a queue, as LocalStack's door tells: the status and the document."""
    url = f'{address}/_aws/sqs/messages{place}?{urllib.parse.urlencode(asked)}'
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers={'Accept': accept})) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@case
def messages_are_looked_at():
    url = queue()
    for body, delay in (('one', 0), ('<two>', 0), ('late', 60)):
        sqs.send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay, MessageAttributes={'a': {'DataType': 'String', 'StringValue': 'b'}})

    def told(place='', **asked):
        found = json.loads(looked(place, **asked)[1])['ReceiveMessageResponse']['ReceiveMessageResult']['Message']
        return [(one['Body'], {a['Name']: a['Value'] for a in one['Attribute']}['ApproximateReceiveCount']) for one in (found if isinstance(found, list) else [found])]

    same([told(QueueUrl=url), told(QueueUrl=url)], [[('one', '0'), ('<two>', '0')]] * 2)
    sqs.receive_message(QueueUrl=url)
    same(told(QueueUrl=url), [('<two>', '0')])
    same(told(QueueUrl=url, ShowInvisible=True, ShowDelayed=True), [('one', '1'), ('<two>', '0'), ('late', '0')])
    place = f"/us-east-1/{account}/{url.split('/')[-1]}"
    same(told(place), [('<two>', '0')])
    assert '<Body>&lt;two&gt;</Body>' in looked(place, accept='*/*')[1]
    code = lambda answer: (answer[0], json.loads(answer[1])['ErrorResponse']['Error']['Code'])
    same(code(looked()), (400, 'AWS.SimpleQueueService.NonExistentQueue'))
    same(code(looked(place + 'x')), (400, 'AWS.SimpleQueueService.NonExistentQueue'))
    same(code(looked(QueueUrl=f'{address}/nonsense')), (404, 'InvalidAddress'))
    same(json.loads(looked(QueueUrl=queue())[1])['ReceiveMessageResponse']['ReceiveMessageResult'], None)
    ordered = fifo(ContentBasedDeduplication='true')
    for body, group in (('a1', 'a'), ('a2', 'a'), ('b1', 'b')):
        sqs.send_message(QueueUrl=ordered, MessageBody=body, MessageGroupId=group)
    sqs.receive_message(QueueUrl=ordered)
    same([body for body, _ in told(QueueUrl=ordered)], ['b1'])


@case
def everything_that_is_built_was_called():
    same(called_and_not({'sqs': set()}), {})


@case
def who_has_no_permission_has_none():
    same(not_refused(witness.user('q-nobody'), {'sqs'}), [])


run('sqs')
