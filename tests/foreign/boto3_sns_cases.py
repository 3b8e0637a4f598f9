"""boto3, SNS and the events of S3 against the local AWS."""

import base64, http.server, io, json, os, queue as queues, subprocess, tempfile, threading, urllib.parse, urllib.request, uuid

import witness
from witness import account, called_and_not, case, not_refused, refused, run, same, user

address = os.environ['AWS_ENDPOINT_URL']


def client(service='sns', keys=None, **more):
    return witness.client(service, keys, **more)


sns, sqs, s3 = client(), client('sqs'), client('s3')


def invalid(text, call, **arguments):
    same(refused('InvalidParameter', 400, call, **arguments), f'Invalid parameter: {text}')


iam = client('iam')
iam.create_user(UserName='nobody-of-sns')
nobody = client(keys=iam.create_access_key(UserName='nobody-of-sns')['AccessKey'])


def denied(action, operation, **arguments):
    text = refused('AuthorizationError', 403, getattr(nobody, operation), **arguments)
    assert f'is not authorized to perform: SNS:{action} on resource: arn:aws:sns:us-east-1:{account}:' in text, text


def unique(suffix=''):
    return 't-' + uuid.uuid4().hex[:8] + suffix


def topic(**attributes):
    return sns.create_topic(Name=unique('.fifo' if 'FifoTopic' in attributes else ''), Attributes=attributes)['TopicArn']


def queue(fifo=False, service='sns.amazonaws.com'):
    """A queue that lets a service in: its URL and ARN."""
    name = unique('.fifo' if fifo else '')
    arn = f'arn:aws:sqs:us-east-1:{account}:{name}'
    statement = {'Effect': 'Allow', 'Principal': {'Service': service}, 'Action': 'sqs:SendMessage', 'Resource': arn}
    policy = json.dumps({'Version': '2012-10-17', 'Statement': [statement]})
    return sqs.create_queue(QueueName=name, Attributes={'Policy': policy, **({'FifoQueue': 'true'} if fifo else {})})['QueueUrl'], arn


def take(url):
    """All that is in a queue."""
    found = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=['All']).get('Messages'):
        found += messages
        sqs.delete_message_batch(QueueUrl=url, Entries=[{'Id': str(i), 'ReceiptHandle': m['ReceiptHandle']} for i, m in enumerate(messages)])
    return found


def subscribed(arn=None, **attributes):
    """A topic with a queue behind it: the topic, the queue, the subscription."""
    arn = arn or topic()
    url, queue_arn = queue()
    return arn, url, sns.subscribe(TopicArn=arn, Protocol='sqs', Endpoint=queue_arn, Attributes=attributes)['SubscriptionArn']


@case
def create_topic():
    name = unique()
    arn = sns.create_topic(Name=name, Attributes={'DisplayName': 'News'}, Tags=[{'Key': 'a', 'Value': 'b'}])['TopicArn']
    same(arn, f'arn:aws:sns:us-east-1:{account}:{name}')
    same(sns.create_topic(Name=name)['TopicArn'], arn)
    same(sns.create_topic(Name=name, Attributes={'DisplayName': 'News'}, Tags=[{'Key': 'a', 'Value': 'b'}])['TopicArn'], arn)
    invalid('Attributes Reason: Topic already exists with different attributes', sns.create_topic, Name=name, Attributes={'DisplayName': 'Other'})
    invalid('Tags Reason: Topic already exists with different tags', sns.create_topic, Name=name, Tags=[{'Key': 'c', 'Value': 'd'}])
    for wrong in ('a b', 'x' * 257, 'a.fifo', ''):
        invalid('Topic Name', sns.create_topic, Name=wrong)
    refused('InvalidParameter', 400, sns.create_topic, Name='notfifo', Attributes={'FifoTopic': 'true'})
    denied('CreateTopic', 'create_topic', Name='mine')


@case
def topic_attributes():
    arn = topic()
    got = sns.get_topic_attributes(TopicArn=arn)['Attributes']
    same(json.loads(got.pop('Policy'))['Statement'][0]['Condition'], {'StringEquals': {'AWS:SourceOwner': account}})
    same(json.loads(got.pop('EffectiveDeliveryPolicy'))['http']['defaultHealthyRetryPolicy']['numRetries'], 3)
    same(got, {'Owner': account, 'TopicArn': arn, 'DisplayName': '', 'SubscriptionsPending': '0', 'SubscriptionsConfirmed': '0', 'SubscriptionsDeleted': '0'})
    set = lambda name, value='': sns.set_topic_attributes(TopicArn=arn, AttributeName=name, AttributeValue=value)
    set('DisplayName', 'News')
    set('KmsMasterKeyId', 'alias/aws/sns')
    set('DeliveryPolicy', '{"http": {"defaultHealthyRetryPolicy": {"numRetries": 5}}}')
    set('TracingConfig', 'Active')
    got = sns.get_topic_attributes(TopicArn=arn)['Attributes']
    same((got['DisplayName'], got['KmsMasterKeyId'], got['TracingConfig']), ('News', 'alias/aws/sns', 'Active'))
    same(json.loads(got['EffectiveDeliveryPolicy'])['http']['defaultHealthyRetryPolicy']['numRetries'], 5)
    set('DeliveryPolicy', '{"http": {"defaultThrottlePolicy": {"maxReceivesPerSecond": 10}}}')
    same(json.loads(sns.get_topic_attributes(TopicArn=arn)['Attributes']['DeliveryPolicy'])['http']['defaultThrottlePolicy'], {'maxReceivesPerSecond': 10})
    invalid('AttributeName', set, name='Nothing')
    invalid('DeliveryPolicy: failed to parse JSON.', set, name='DeliveryPolicy', value='{')
    refused('InvalidParameter', 400, set, name='Policy', value='{}')
    same(refused('NotFound', 404, sns.get_topic_attributes, TopicArn=arn + 'x'), 'Topic does not exist')
    refused('NotFound', 404, sns.set_topic_attributes, TopicArn=arn + 'x', AttributeName='DisplayName', AttributeValue='x')
    invalid('TopicArn Reason: An ARN must have at least 6 elements, not 1', sns.get_topic_attributes, TopicArn='nonsense')
    invalid('TopicArn', sns.get_topic_attributes, TopicArn=arn.replace('us-east-1', 'eu-west-1'))
    denied('GetTopicAttributes', 'get_topic_attributes', TopicArn=arn)
    denied('SetTopicAttributes', 'set_topic_attributes', TopicArn=arn, AttributeName='DisplayName', AttributeValue='x')
    fifo = sns.get_topic_attributes(TopicArn=topic(FifoTopic='true'))['Attributes']
    same((fifo['FifoTopic'], fifo['ContentBasedDeduplication']), ('true', 'false'))


@case
def list_and_delete_topics():
    made = {topic() for _ in range(3)}
    for i in range(101):
        made.add(sns.create_topic(Name=f'many-{i}')['TopicArn'])
    first = sns.list_topics()
    same(len(first['Topics']), 100)
    listed = {one['TopicArn'] for page in sns.get_paginator('list_topics').paginate() for one in page['Topics']}
    assert made <= listed, made - listed
    for arn in made:
        sns.delete_topic(TopicArn=arn)
        sns.delete_topic(TopicArn=arn)
    assert not made & {one['TopicArn'] for page in sns.get_paginator('list_topics').paginate() for one in page['Topics']}
    denied('ListTopics', 'list_topics')
    denied('DeleteTopic', 'delete_topic', TopicArn=topic())


@case
def permissions_of_a_topic():
    arn = topic()
    sns.add_permission(TopicArn=arn, Label='two', AWSAccountId=['210987654321'], ActionName=['Publish', 'GetTopicAttributes'])
    statement = json.loads(sns.get_topic_attributes(TopicArn=arn)['Attributes']['Policy'])['Statement'][1]
    same(statement, {'Sid': 'two', 'Effect': 'Allow', 'Principal': {'AWS': 'arn:aws:iam::210987654321:root'}, 'Action': ['SNS:Publish', 'SNS:GetTopicAttributes'], 'Resource': arn})
    invalid('Statement already exists', sns.add_permission, TopicArn=arn, Label='two', AWSAccountId=[account], ActionName=['Publish'])
    invalid('Policy statement action out of service scope!', sns.add_permission, TopicArn=arn, Label='three', AWSAccountId=[account], ActionName=['NotExists'])
    sns.remove_permission(TopicArn=arn, Label='two')
    same(len(json.loads(sns.get_topic_attributes(TopicArn=arn)['Attributes']['Policy'])['Statement']), 1)
    denied('AddPermission', 'add_permission', TopicArn=arn, Label='x', AWSAccountId=[account], ActionName=['Publish'])
    denied('RemovePermission', 'remove_permission', TopicArn=arn, Label='x')
    guest = iam.create_user(UserName='guest-of-sns')['User']['Arn']
    theirs = client(keys=iam.create_access_key(UserName='guest-of-sns')['AccessKey'])
    policy = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'AWS': guest}, 'Action': 'sns:Publish', 'Resource': arn}]}
    sns.set_topic_attributes(TopicArn=arn, AttributeName='Policy', AttributeValue=json.dumps(policy))
    theirs.publish(TopicArn=arn, Message='let in')


@case
def tags():
    arn = topic()
    sns.tag_resource(ResourceArn=arn, Tags=[{'Key': 'a', 'Value': '1'}, {'Key': 'b', 'Value': '2'}])
    sns.tag_resource(ResourceArn=arn, Tags=[{'Key': 'a', 'Value': '3'}])
    same(sns.list_tags_for_resource(ResourceArn=arn)['Tags'], [{'Key': 'a', 'Value': '3'}, {'Key': 'b', 'Value': '2'}])
    sns.untag_resource(ResourceArn=arn, TagKeys=['a', 'none'])
    same(sns.list_tags_for_resource(ResourceArn=arn)['Tags'], [{'Key': 'b', 'Value': '2'}])
    invalid('Duplicated keys are not allowed.', sns.tag_resource, ResourceArn=arn, Tags=[{'Key': 'x', 'Value': '1'}] * 2)
    refused('TagLimitExceeded', 400, sns.tag_resource, ResourceArn=arn, Tags=[{'Key': str(i), 'Value': ''} for i in range(50)])
    for operation, more in (('list_tags_for_resource', {}), ('tag_resource', {'Tags': [{'Key': 'a', 'Value': 'b'}]}), ('untag_resource', {'TagKeys': ['a']})):
        same(refused('ResourceNotFound', 404, getattr(sns, operation), ResourceArn=arn + 'x', **more), 'Resource does not exist')
        denied(''.join(word.title() for word in operation.split('_')), operation, ResourceArn=arn, **more)


@case
def subscribe_and_unsubscribe():
    arn, url, subscription = subscribed()
    assert subscription.startswith(arn + ':')
    endpoint = f'arn:aws:sqs:us-east-1:{account}:' + url.split('/')[-1]
    same(sns.subscribe(TopicArn=arn, Protocol='sqs', Endpoint=endpoint)['SubscriptionArn'], subscription)
    invalid('Attributes Reason: Subscription already exists with different attributes', sns.subscribe, TopicArn=arn, Protocol='sqs', Endpoint=endpoint, Attributes={'RawMessageDelivery': 'true'})
    expected = {'SubscriptionArn': subscription, 'Owner': account, 'Protocol': 'sqs', 'Endpoint': endpoint, 'TopicArn': arn}
    same(sns.list_subscriptions_by_topic(TopicArn=arn)['Subscriptions'], [expected])
    assert expected in [one for page in sns.get_paginator('list_subscriptions').paginate() for one in page['Subscriptions']]
    same(sns.subscribe(TopicArn=arn, Protocol='email', Endpoint='ana@example.com')['SubscriptionArn'], 'pending confirmation')
    pending = sns.subscribe(TopicArn=arn, Protocol='email', Endpoint='ben@example.com', ReturnSubscriptionArn=True)['SubscriptionArn']
    assert pending.startswith(arn), pending
    same(sorted(one['SubscriptionArn'] for one in sns.list_subscriptions_by_topic(TopicArn=arn)['Subscriptions'])[:2], ['PendingConfirmation'] * 2)
    got = sns.get_topic_attributes(TopicArn=arn)['Attributes']
    same((got['SubscriptionsConfirmed'], got['SubscriptionsPending']), ('1', '2'))
    topic_of_others = topic()
    subscribe = lambda protocol, endpoint, topic=arn: sns.subscribe(TopicArn=topic, Protocol=protocol, Endpoint=endpoint)
    invalid('Amazon SNS does not support this protocol string: fax', subscribe, protocol='fax', endpoint='x')
    invalid('Endpoint must match the specified protocol', subscribe, protocol='https', endpoint='http://example.com')
    invalid('SQS endpoint ARN', subscribe, protocol='sqs', endpoint='x')
    invalid('Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics', subscribe, protocol='sqs', endpoint=endpoint + '.fifo')
    same(refused('NotFound', 404, subscribe, protocol='sqs', endpoint=endpoint, topic=arn + 'x'), 'Topic does not exist')
    refused('NotImplemented', 501, subscribe, protocol='firehose', endpoint=f'arn:aws:firehose:us-east-1:{account}:deliverystream/s')
    invalid('Lambda endpoint ARN', subscribe, protocol='lambda', endpoint='x')
    for protocol, endpoint in (('lambda', f'arn:aws:lambda:us-east-1:{account}:function:f'), ('sms', '+15551234567')):
        assert sns.subscribe(TopicArn=topic_of_others, Protocol=protocol, Endpoint=endpoint)['SubscriptionArn'].startswith(topic_of_others + ':')
    denied('Subscribe', 'subscribe', TopicArn=arn, Protocol='email', Endpoint='a@example.com')
    denied('ListSubscriptionsByTopic', 'list_subscriptions_by_topic', TopicArn=arn)
    denied('ListSubscriptions', 'list_subscriptions')
    denied('Unsubscribe', 'unsubscribe', SubscriptionArn=subscription)
    sns.unsubscribe(SubscriptionArn=subscription)
    sns.unsubscribe(SubscriptionArn=subscription)
    invalid('SubscriptionArn Reason: An ARN must have at least 6 elements, not 1', sns.unsubscribe, SubscriptionArn='nonsense')
    same(sns.get_topic_attributes(TopicArn=arn)['Attributes']['SubscriptionsDeleted'], '1')


@case
def subscription_attributes():
    arn, url, subscription = subscribed()
    get = lambda: sns.get_subscription_attributes(SubscriptionArn=subscription)['Attributes']
    got = get()
    assert got.pop('SubscriptionPrincipal').startswith(f'arn:aws:iam::{account}:user/')
    same(got, {'SubscriptionArn': subscription, 'TopicArn': arn, 'Owner': account, 'Protocol': 'sqs', 'Endpoint': f'arn:aws:sqs:us-east-1:{account}:' + url.split('/')[-1],
               'PendingConfirmation': 'false', 'ConfirmationWasAuthenticated': 'true', 'RawMessageDelivery': 'false'})
    set = lambda name, value='': sns.set_subscription_attributes(SubscriptionArn=subscription, AttributeName=name, AttributeValue=value)
    set('RawMessageDelivery', 'TRUE')
    set('FilterPolicyScope', 'MessageBody')
    set('FilterPolicy', '{"a": {"b": ["c"]}}')
    set('RedrivePolicy', json.dumps({'deadLetterTargetArn': f'arn:aws:sqs:us-east-1:{account}:dead'}))
    got = get()
    same((got['RawMessageDelivery'], got['FilterPolicyScope'], got['FilterPolicy']), ('true', 'MessageBody', '{"a": {"b": ["c"]}}'))
    set('FilterPolicy')
    assert 'FilterPolicy' not in get()
    invalid('AttributeName', set, name='Nothing')
    invalid('FilterPolicy: failed to parse JSON.', set, name='FilterPolicy', value='{')
    invalid('FilterPolicy: "a" must be an object or an array', set, name='FilterPolicy', value='{"a": "b"}')
    invalid('FilterPolicyScope: Invalid value [x]. Please use either MessageBody or MessageAttributes', set, name='FilterPolicyScope', value='x')
    for value in ('x', ''):
        invalid(f'RawMessageDelivery: Invalid value [{value}]. Must be true or false.', set, name='RawMessageDelivery', value=value)
    invalid('RedrivePolicy: deadLetterTargetArn is an invalid arn', set, name='RedrivePolicy', value='{"deadLetterTargetArn": "x"}')
    invalid('Attributes Reason: FilterPolicy: "a" must be an object or an array', subscribed, FilterPolicy='{"a": "b"}')
    same(refused('NotFound', 404, sns.get_subscription_attributes, SubscriptionArn=subscription[:-1] + 'z'), 'Subscription does not exist')
    refused('NotFound', 404, sns.set_subscription_attributes, SubscriptionArn=subscription[:-1] + 'z', AttributeName='RawMessageDelivery', AttributeValue='true')
    denied('GetSubscriptionAttributes', 'get_subscription_attributes', SubscriptionArn=subscription)
    denied('SetSubscriptionAttributes', 'set_subscription_attributes', SubscriptionArn=subscription, AttributeName='RawMessageDelivery', AttributeValue='true')


@case
def publish():
    arn, url, subscription = subscribed()
    sent = sns.publish(TopicArn=arn, Message='Hello world!', Subject='My First Message', MessageAttributes={'store': {'DataType': 'String', 'StringValue': 'shop'}, 'raw': {'DataType': 'Binary', 'BinaryValue': b'\x02\x03'}})
    assert 'SequenceNumber' not in sent
    [message] = take(url)
    assert message['Body'].startswith('{\n  "Type" : "Notification",\n  "MessageId" : "'), message['Body']
    body = json.loads(message['Body'])
    for name in ('Timestamp', 'Signature', 'SigningCertURL', 'UnsubscribeURL'):
        assert body.pop(name), name
    same(body, {'Type': 'Notification', 'MessageId': sent['MessageId'], 'TopicArn': arn, 'Subject': 'My First Message', 'Message': 'Hello world!', 'SignatureVersion': '1',
                'MessageAttributes': {'store': {'Type': 'String', 'Value': 'shop'}, 'raw': {'Type': 'Binary', 'Value': 'AgM='}}})
    sns.publish(TargetArn=arn, MessageStructure='json', Message=json.dumps({'default': 'for all', 'sqs': 'for queues', 'x': 1}))
    same(json.loads(take(url)[0]['Body'])['Message'], 'for queues')
    wrong = lambda text, **more: invalid(text, sns.publish, **{'TopicArn': arn, 'Message': 'x', **more})
    wrong('Empty message', Message='')
    wrong('Subject', Subject='')
    wrong('Subject', Subject='x' * 101)
    wrong('Message too long', Message='x' * 262145)
    wrong('Message Structure - JSON message body failed to parse', MessageStructure='json', Message='{')
    wrong('Message Structure - No default entry in JSON message body', MessageStructure='json', Message='{"sqs": "x"}')
    wrong('MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type', MessageDeduplicationId='x')
    wrong('PhoneNumber Reason: 123 is not valid to publish to', PhoneNumber='123', TopicArn=arn)
    invalid('TargetArn Reason: No endpoint found for the target arn specified', sns.publish, TargetArn=f'arn:aws:sns:us-east-1:{account}:endpoint/APNS/abcdef/0f7d5971', Message='x')
    for attribute, text in (({'DataType': 'Foo', 'StringValue': 'x'}, "The message attribute 'a' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String."),
                            ({'DataType': 'String'}, "The message attribute 'a' must contain non-empty message attribute value for message attribute type 'String'."),
                            ({'DataType': 'Binary', 'StringValue': 'x'}, "The message attribute 'a' with type 'Binary' must use field 'Binary'.")):
        same(refused('ParameterValueInvalid', 400, sns.publish, TopicArn=arn, Message='x', MessageAttributes={'a': attribute}), text)
    refused('NotFound', 404, sns.publish, TopicArn=arn + 'x', Message='x')
    denied('Publish', 'publish', TopicArn=arn, Message='x')


@case
def raw_delivery_and_filters():
    arn = topic()
    _, shop, _ = subscribed(arn, RawMessageDelivery='true', FilterPolicy=json.dumps({'store': ['shop'], 'price': [{'numeric': ['>', 0, '<=', 100]}]}))
    _, body, _ = subscribed(arn, FilterPolicyScope='MessageBody', FilterPolicy=json.dumps({'order': {'state': [{'prefix': 'pa'}]}}))
    text = lambda value, type='String': {'DataType': type, 'StringValue': value}
    sns.publish(TopicArn=arn, Message='cheap', MessageAttributes={'store': text('shop'), 'price': text('5', 'Number')})
    sns.publish(TopicArn=arn, Message='dear', MessageAttributes={'store': text('shop'), 'price': text('101', 'Number')})
    sns.publish(TopicArn=arn, Message=json.dumps({'order': {'state': 'paid'}}))
    [got] = take(shop)
    same((got['Body'], got['MessageAttributes']), ('cheap', {'store': text('shop'), 'price': text('5', 'Number')}))
    same([json.loads(json.loads(one['Body'])['Message']) for one in take(body)], [{'order': {'state': 'paid'}}])


@case
def publish_batch():
    arn, url, _ = subscribed(RawMessageDelivery='true')
    done = sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=[{'Id': str(i), 'Message': f'm{i}'} for i in range(3)])
    same(([one['Id'] for one in done['Successful']], done['Failed']), (['0', '1', '2'], []))
    same(sorted(one['Body'] for one in take(url)), ['m0', 'm1', 'm2'])
    wrong = lambda *entries: sns.publish_batch(TopicArn=arn, PublishBatchRequestEntries=list(entries))
    one = {'Id': 'a', 'Message': 'x'}
    refused('EmptyBatchRequest', 400, wrong)
    same(refused('TooManyEntriesInBatchRequest', 400, lambda: wrong(*({'Id': str(i), 'Message': 'x'} for i in range(11)))), 'The batch request contains more entries than permissible.')
    same(refused('BatchEntryIdsNotDistinct', 400, lambda: wrong(one, one)), 'Two or more batch entries in the request have the same Id.')
    refused('InvalidBatchEntryId', 400, lambda: wrong({**one, 'Id': 'a b'}))
    refused('BatchRequestTooLong', 400, lambda: wrong({**one, 'Message': 'x' * 200000}, {'Id': 'b', 'Message': 'x' * 200000}))
    denied('Publish', 'publish_batch', TopicArn=arn, PublishBatchRequestEntries=[one])


@case
def fifo():
    arn = topic(FifoTopic='true')
    url, queue_arn = queue(fifo=True)
    sns.subscribe(TopicArn=arn, Protocol='sqs', Endpoint=queue_arn)
    invalid('The MessageGroupId parameter is required for FIFO topics', sns.publish, TopicArn=arn, Message='x')
    invalid('The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly', sns.publish, TopicArn=arn, Message='x', MessageGroupId='g')
    sent = [sns.publish(TopicArn=arn, Message=str(i), MessageGroupId='g', MessageDeduplicationId=f'd{i}') for i in (1, 2, 1, 3)]
    same(sent[2]['SequenceNumber'], sent[0]['SequenceNumber'])
    messages = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=['All'])['Messages']
    bodies = [json.loads(one['Body']) for one in messages]
    same([body['Message'] for body in bodies], ['1', '2', '3'])
    same([body['SequenceNumber'] for body in bodies], [sent[i]['SequenceNumber'] for i in (0, 1, 3)])
    assert 'Signature' not in bodies[0]
    same(messages[0]['Attributes']['MessageDeduplicationId'], 'd1')


class Hook:
    """An HTTP endpoint that remembers what was posted."""

    def __init__(self):
        posted = self.posted = queues.Queue()

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                posted.put((dict(self.headers.items()), self.rfile.read(int(self.headers['content-length'])).decode()))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.HTTPServer(('127.0.0.1', 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f'http://127.0.0.1:{self.server.server_port}/hook'

    def next(self):
        headers, body = self.posted.get(timeout=20)
        return {name.lower(): value for name, value in headers.items()}, json.loads(body)


@case
def http_endpoints():
    hook, arn = Hook(), topic()
    same(sns.subscribe(TopicArn=arn, Protocol='http', Endpoint=hook.url)['SubscriptionArn'], 'pending confirmation')
    headers, asked = hook.next()
    same((headers['x-amz-sns-message-type'], asked['Type'], asked['TopicArn']), ('SubscriptionConfirmation', 'SubscriptionConfirmation', arn))
    invalid('Token', sns.confirm_subscription, TopicArn=arn, Token='0' * 288)
    same(refused('InvalidParameter', 400, sns.confirm_subscription, TopicArn=arn, Token='nonsense'), 'Invalid token')
    denied('ConfirmSubscription', 'confirm_subscription', TopicArn=arn, Token=asked['Token'])
    subscription = sns.confirm_subscription(TopicArn=arn, Token=asked['Token'])['SubscriptionArn']
    same(sns.confirm_subscription(TopicArn=arn, Token=asked['Token'])['SubscriptionArn'], subscription)
    sent = sns.publish(TopicArn=arn, Message='over HTTP')
    headers, told = hook.next()
    same((headers['x-amz-sns-message-id'], headers['x-amz-sns-subscription-arn'], told['Message']), (sent['MessageId'], subscription, 'over HTTP'))
    with tempfile.TemporaryDirectory() as folder:
        certificate, key, signature, text = (os.path.join(folder, name) for name in ('cert.pem', 'key.pem', 'signature', 'text'))
        with urllib.request.urlopen(told['SigningCertURL']) as answer, open(certificate, 'wb') as file:
            file.write(answer.read())
        with open(key, 'wb') as file:
            file.write(subprocess.check_output(['openssl', 'x509', '-in', certificate, '-pubkey', '-noout']))
        with open(signature, 'wb') as file:
            file.write(base64.b64decode(told['Signature']))
        with open(text, 'w') as file:
            file.write(''.join(f'{name}\n{told[name]}\n' for name in ('Message', 'MessageId', 'Timestamp', 'TopicArn', 'Type')))
        subprocess.check_output(['openssl', 'dgst', '-sha1', '-verify', key, '-signature', signature, text])
    with urllib.request.urlopen(told['UnsubscribeURL']) as answer:
        same(answer.status, 200)
    same(hook.next()[1]['Type'], 'UnsubscribeConfirmation')
    same(sns.list_subscriptions_by_topic(TopicArn=arn)['Subscriptions'], [])


@case
def sms_and_data_protection_settings():
    sns.set_sms_attributes(attributes={'DefaultSMSType': 'Transactional', 'DefaultSenderID': 'virga'})
    same(sns.get_sms_attributes(attributes=['DefaultSMSType'])['attributes'], {'DefaultSMSType': 'Transactional'})
    refused('InvalidParameter', 400, sns.set_sms_attributes, attributes={'Nothing': 'x'})
    denied('SetSMSAttributes', 'set_sms_attributes', attributes={'DefaultSMSType': 'Transactional'})
    denied('GetSMSAttributes', 'get_sms_attributes')
    arn = topic()
    policy = json.dumps({'Name': 'p', 'Version': '2021-06-01', 'Statement': []})
    sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy=policy)
    same(sns.get_data_protection_policy(ResourceArn=arn)['DataProtectionPolicy'], policy)
    denied('PutDataProtectionPolicy', 'put_data_protection_policy', ResourceArn=arn, DataProtectionPolicy=policy)
    denied('GetDataProtectionPolicy', 'get_data_protection_policy', ResourceArn=arn)
    refused('InvalidParameter', 400, sns.put_data_protection_policy, ResourceArn=arn, DataProtectionPolicy='{')
    # As Terraform takes it away.
    sns.put_data_protection_policy(ResourceArn=arn, DataProtectionPolicy='')
    same(sns.get_data_protection_policy(ResourceArn=arn).get('DataProtectionPolicy'), None)


# --- the events of S3 ------------------------------------------------------------------------------------------------


def configuration(arn, *events, **rules):
    """One queue or topic for some events; `prefix` and `suffix` are rules."""
    kind, member = ('Queue', 'QueueArn') if ':sqs:' in arn else ('Topic', 'TopicArn')
    filter = {'Filter': {'Key': {'FilterRules': [{'Name': name, 'Value': value} for name, value in rules.items()]}}} if rules else {}
    return {f'{kind}Configurations': [{'Id': 'one', member: arn, 'Events': list(events), **filter}]}


def bucket():
    name = 'b-' + uuid.uuid4().hex[:12]
    s3.create_bucket(Bucket=name)
    return name


def events(url):
    return [record for message in take(url) for record in json.loads(message['Body'])['Records']]


@case
def events_into_a_queue():
    name, (url, arn) = bucket(), queue(service='s3.amazonaws.com')
    put = lambda what, **more: s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=what, **more)
    wanted = configuration(arn, 's3:ObjectCreated:*', 's3:ObjectRemoved:*', 's3:ObjectTagging:*', 's3:ObjectAcl:Put', prefix='in/', suffix='.txt')
    put(wanted)
    [test] = take(url)
    test = json.loads(test['Body'])
    same((test['Service'], test['Event'], test['Bucket']), ('Amazon S3', 's3:TestEvent', name))
    got = s3.get_bucket_notification_configuration(Bucket=name)
    same(got['QueueConfigurations'][0]['Filter']['Key']['FilterRules'], [{'Name': 'Prefix', 'Value': 'in/'}, {'Name': 'Suffix', 'Value': '.txt'}])
    key = 'in/red flower+ü.txt'
    tag = s3.put_object(Bucket=name, Key=key, Body=b'hello')['ETag'].strip('"')
    s3.put_object(Bucket=name, Key='out/a.txt', Body=b'hello')
    s3.put_object(Bucket=name, Key='in/a.jpg', Body=b'hello')
    [record] = events(url)
    same((record['eventVersion'], record['eventSource'], record['awsRegion'], record['eventName']), ('2.1', 'aws:s3', 'us-east-1', 'ObjectCreated:Put'))
    same((record['s3']['s3SchemaVersion'], record['s3']['configurationId'], record['s3']['bucket']['name'], record['s3']['bucket']['arn']), ('1.0', 'one', name, f'arn:aws:s3:::{name}'))
    assert record['userIdentity']['principalId'].startswith('AWS:AIDA') and record['requestParameters']['sourceIPAddress'] == '127.0.0.1'
    assert record['s3']['object'].pop('sequencer')
    same(record['s3']['object'], {'key': 'in/red+flower%2B%C3%BC.txt', 'size': 5, 'eTag': tag})
    s3.copy_object(Bucket=name, Key='in/copy.txt', CopySource={'Bucket': name, 'Key': key})
    s3.put_object_tagging(Bucket=name, Key=key, Tagging={'TagSet': [{'Key': 'a', 'Value': 'b'}]})
    s3.delete_object_tagging(Bucket=name, Key=key)
    upload = s3.create_multipart_upload(Bucket=name, Key='in/parts.txt')['UploadId']
    part = s3.upload_part(Bucket=name, Key='in/parts.txt', UploadId=upload, PartNumber=1, Body=b'x')['ETag']
    s3.complete_multipart_upload(Bucket=name, Key='in/parts.txt', UploadId=upload, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part}]})
    s3.delete_object(Bucket=name, Key='in/copy.txt')
    s3.delete_objects(Bucket=name, Delete={'Objects': [{'Key': 'in/parts.txt'}]})
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={'Status': 'Enabled'})
    marker = s3.delete_object(Bucket=name, Key=key)['VersionId']
    got = events(url)
    same([record['eventName'] for record in got], ['ObjectCreated:Copy', 'ObjectTagging:Put', 'ObjectTagging:Delete', 'ObjectCreated:CompleteMultipartUpload',
                                                   'ObjectRemoved:Delete', 'ObjectRemoved:Delete', 'ObjectRemoved:DeleteMarkerCreated'])
    same(got[-1]['s3']['object']['versionId'], marker)
    put({})
    s3.put_object(Bucket=name, Key=key, Body=b'x')
    same(events(url), [])


@case
def where_events_may_not_go():
    name, (_, arn) = bucket(), queue(service='events.amazonaws.com')
    put = lambda what, code='InvalidArgument', **more: refused(code, 400, s3.put_bucket_notification_configuration, Bucket=name, NotificationConfiguration=what, **more)
    unable = 'Unable to validate the following destination configurations'
    same(put(configuration(arn, 's3:ObjectCreated:*')), unable)
    same(put(configuration(arn + 'x', 's3:ObjectCreated:*')), unable)
    # The default policy of a topic knows no S3.
    same(put(configuration(topic(), 's3:ObjectCreated:*')), unable)
    same(put(configuration(arn, 's3:Nothing:*')), 'A specified event is not supported for notifications.')
    same(put(configuration('arn:aws:sqs:nowhere', 's3:ObjectCreated:*')), 'The ARN could not be parsed')
    same(put(configuration(arn, 's3:ObjectCreated:*', middle='x')), 'filter rule name must be either prefix or suffix')
    same(put(configuration(arn.replace('us-east-1', 'eu-west-1'), 's3:ObjectCreated:*')), 'The notification destination service region is not valid for the bucket location constraint')
    twice = configuration(arn, 's3:ObjectCreated:*')
    twice['QueueConfigurations'].append({'Id': 'two', 'QueueArn': arn, 'Events': ['s3:ObjectCreated:Put']})
    same(put(twice), 'Configurations overlap. Configurations on the same bucket cannot share a common event type.')
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration(arn, 's3:ObjectCreated:*'), SkipDestinationValidation=True)
    s3.put_object(Bucket=name, Key='k', Body=b'nobody hears')
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration={'EventBridgeConfiguration': {}})
    same(s3.get_bucket_notification_configuration(Bucket=name)['EventBridgeConfiguration'], {})


@case
def events_through_a_topic():
    name = bucket()
    arn, url, _ = subscribed(RawMessageDelivery='true')
    statement = {'Effect': 'Allow', 'Principal': {'Service': 's3.amazonaws.com'}, 'Action': 'SNS:Publish', 'Resource': arn,
                 'Condition': {'ArnLike': {'aws:SourceArn': f'arn:aws:s3:::{name}'}, 'StringEquals': {'aws:SourceAccount': account}}}
    sns.set_topic_attributes(TopicArn=arn, AttributeName='Policy', AttributeValue=json.dumps({'Version': '2012-10-17', 'Statement': [statement]}))
    s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration(arn, 's3:ObjectCreated:Put'))
    same([json.loads(one['Body'])['Event'] for one in take(url)], ['s3:TestEvent'])
    s3.upload_fileobj(io.BytesIO(b'x'), name, 'by/topic')
    same([(record['eventName'], record['s3']['object']['key']) for record in events(url)], [('ObjectCreated:Put', 'by/topic')])


def outbox(what, **asked):
    """What went to telephones and apps."""
    query = '&'.join(f'{name}={urllib.parse.quote(value)}' for name, value in asked.items())
    with urllib.request.urlopen(f'{address}/_aws/sns/{what}?{query}') as answer:
        return json.load(answer)


@case
def platform_applications():
    name = unique()
    secrets = {'PlatformCredential': 'key', 'PlatformPrincipal': 'certificate'}
    arn = sns.create_platform_application(Name=name, Platform='APNS', Attributes=secrets)['PlatformApplicationArn']
    same(arn, f'arn:aws:sns:us-east-1:{account}:app/APNS/{name}')
    get = lambda: sns.get_platform_application_attributes(PlatformApplicationArn=arn)['Attributes']
    same(get(), {'Enabled': 'true'})
    sns.set_platform_application_attributes(PlatformApplicationArn=arn, Attributes={'SuccessFeedbackSampleRate': '50', **secrets})
    same(get(), {'Enabled': 'true', 'SuccessFeedbackSampleRate': '50'})
    assert {'PlatformApplicationArn': arn, 'Attributes': get()} in sns.list_platform_applications()['PlatformApplications']
    make = lambda **more: sns.create_platform_application(**{'Name': name, 'Platform': 'ADM', 'Attributes': secrets, **more})
    for wrong, text in (({'Name': ''}, ' Reason: cannot be empty'), ({'Name': 'x' * 257}, 'x' * 257 + ' Reason: must be at most 256 characters long'),
                        ({'Name': 'a b'}, "a b Reason: must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'"),
                        ({'Platform': 'TELEX'}, 'Platform Reason: TELEX is not supported'),
                        ({'Attributes': {'PlatformCredential': 'key'}}, 'Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal'),
                        ({'Attributes': {'PlatformPrincipal': 'x'}}, 'Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential')):
        invalid(text, make, **wrong)
    refused('ValidationError', 400, make, Attributes={})
    same(refused('NotFound', 404, sns.get_platform_application_attributes, PlatformApplicationArn=arn + 'x'), 'PlatformApplication does not exist')
    invalid('PlatformApplicationArn Reason: An ARN must have at least 6 elements, not 1', sns.get_platform_application_attributes, PlatformApplicationArn='x')
    refused('AuthorizationError', 403, nobody.create_platform_application, Name='x', Platform='GCM', Attributes={'PlatformCredential': 'x'})
    sns.delete_platform_application(PlatformApplicationArn=arn)
    sns.delete_platform_application(PlatformApplicationArn=arn)
    refused('NotFound', 404, sns.list_endpoints_by_platform_application, PlatformApplicationArn=arn)


@case
def platform_endpoints():
    name = unique()
    app = sns.create_platform_application(Name=name, Platform='GCM', Attributes={'PlatformCredential': 'key'})['PlatformApplicationArn']
    make = lambda **more: sns.create_platform_endpoint(**{'PlatformApplicationArn': app, 'Token': 'phone', **more})['EndpointArn']
    arn = make()
    assert arn.startswith(f'arn:aws:sns:us-east-1:{account}:endpoint/GCM/{name}/'), arn
    same([make(), make(Attributes={'Enabled': 'true'})], [arn, arn])
    invalid(f'Token Reason: Endpoint {arn} already exists with the same Token, but different attributes.', make, CustomUserData='ana')
    invalid('Attributes Reason: Invalid attribute name: Colour', make, Attributes={'Colour': 'red'})
    invalid('Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding', make, Attributes={'CustomUserData': 'x' * 2049})
    same(refused('NotFound', 404, make, PlatformApplicationArn=app + 'x'), 'PlatformApplication does not exist')
    second = make(Token='tablet', CustomUserData='ana', Attributes={'Enabled': 'false'})
    same(sns.get_endpoint_attributes(EndpointArn=second)['Attributes'], {'Enabled': 'false', 'Token': 'tablet', 'CustomUserData': 'ana'})
    same(len(sns.list_endpoints_by_platform_application(PlatformApplicationArn=app)['Endpoints']), 2)
    same(refused('EndpointDisabled', 400, sns.publish, TargetArn=second, Message='x', MessageStructure='json'), 'Endpoint is disabled')
    sns.set_endpoint_attributes(EndpointArn=second, Attributes={'Enabled': 'true', 'Token': 'other'})
    refused('ValidationError', 400, sns.set_endpoint_attributes, EndpointArn=second, Attributes={})
    assert make(Token='tablet') != second
    sent = sns.publish(TargetArn=second, MessageStructure='json', Message=json.dumps({'default': 'all', 'GCM': '{"a": 1}'}))['MessageId']
    of_topic = topic()
    subscription = sns.subscribe(TopicArn=of_topic, Protocol='application', Endpoint=second)['SubscriptionArn']
    sns.publish(TopicArn=of_topic, Message='to everybody', Subject='News')
    got = outbox('platform-endpoint-messages', endpointArn=second)['platform_endpoint_messages'][second]
    same([(one['Message'], one['TopicArn'], one['SubscriptionArn'], one['Subject']) for one in got],
         [('{"a": 1}', None, None, None), ('to everybody', of_topic, subscription, 'News')])
    same(got[0]['MessageId'], sent)
    sns.delete_endpoint(EndpointArn=second)
    sns.delete_endpoint(EndpointArn=second)
    same(refused('NotFound', 404, sns.get_endpoint_attributes, EndpointArn=second), 'Endpoint does not exist')
    invalid('TargetArn Reason: No endpoint found for the target arn specified', sns.publish, TargetArn=second, Message='x')
    invalid(f'Endpoint Reason: Endpoint does not exist for endpoint arn{second}', sns.subscribe, TopicArn=of_topic, Protocol='application', Endpoint=second)
    sns.delete_platform_application(PlatformApplicationArn=app)
    refused('NotFound', 404, sns.get_endpoint_attributes, EndpointArn=arn)


@case
def telephones():
    number = '+491701234567'
    same(sns.check_if_phone_number_is_opted_out(phoneNumber=number)['isOptedOut'], False)
    same(sns.list_phone_numbers_opted_out()['phoneNumbers'], [])
    sns.opt_in_phone_number(phoneNumber=number)
    invalid('PhoneNumber Reason: input incorrectly formatted', sns.check_if_phone_number_is_opted_out, phoneNumber='+44742LALALA')
    same(sns.list_origination_numbers()['PhoneNumbers'], [])
    same(sns.get_sms_sandbox_account_status()['IsInSandbox'], True)
    same(sns.get_sms_attributes()['attributes']['MonthlySpendLimit'], '1')
    invalid('DefaultSMSType is invalid', sns.set_sms_attributes, attributes={'DefaultSMSType': 'Loud'})

    sns.create_sms_sandbox_phone_number(PhoneNumber=number)
    text = outbox('sms-messages', phoneNumber=number)['sms_messages'][number][-1]['Message']
    password = ''.join(c for c in text if c.isdigit())
    same(sns.list_sms_sandbox_phone_numbers()['PhoneNumbers'], [{'PhoneNumber': number, 'Status': 'Pending'}])
    refused('VerificationException', 400, sns.verify_sms_sandbox_phone_number, PhoneNumber=number, OneTimePassword='00000')
    sns.verify_sms_sandbox_phone_number(PhoneNumber=number, OneTimePassword=password)
    same(sns.list_sms_sandbox_phone_numbers()['PhoneNumbers'], [{'PhoneNumber': number, 'Status': 'Verified'}])
    refused('UserError', 400, sns.create_sms_sandbox_phone_number, PhoneNumber=number)
    sns.delete_sms_sandbox_phone_number(PhoneNumber=number)
    refused('ResourceNotFound', 404, sns.delete_sms_sandbox_phone_number, PhoneNumber=number)

    invalid('PhoneNumber Reason: 123 is not valid to publish to', sns.publish, PhoneNumber='123', Message='x')
    sns.publish(PhoneNumber=number, Message='hello', MessageAttributes={'a': {'DataType': 'String', 'StringValue': 'b'}})
    arn = topic()
    sns.subscribe(TopicArn=arn, Protocol='sms', Endpoint=number)
    sns.publish(TopicArn=arn, Message=json.dumps({'default': 'long', 'sms': 'short'}), MessageStructure='json')
    got = outbox('sms-messages')['sms_messages'][number][-2:]
    same([(one['Message'], one['MessageAttributes'], one['TopicArn']) for one in got],
         [('hello', {'a': {'Type': 'String', 'Value': 'b'}}, None), ('short', None, arn)])
    request = urllib.request.Request(f'{address}/_aws/sns/sms-messages', method='DELETE')
    same(urllib.request.urlopen(request).status, 204)
    same(outbox('sms-messages')['sms_messages'], {})


@case
def subscription_tokens():
    arn = topic()
    one = sns.subscribe(TopicArn=arn, Protocol='email', Endpoint='ana@example.com', ReturnSubscriptionArn=True)['SubscriptionArn']
    token = outbox(f'subscription-tokens/{one}')['subscription_token']
    same(sns.confirm_subscription(TopicArn=arn, Token=token)['SubscriptionArn'], one)
    same(sns.get_subscription_attributes(SubscriptionArn=one)['Attributes']['PendingConfirmation'], 'false')


@case
def everything_that_is_built_was_called():
    same(called_and_not({'sns': set()}), {})


@case
def who_has_no_permission_has_none():
    same(not_refused(user('n-nobody'), {'sns'}, denials=['AuthorizationError']), [])


run('sns')
