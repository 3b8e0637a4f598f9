"""boto3 against the local CloudWatch, Service Quotas and Support: every operation that is built, its results, its errors, and
that a user without permissions is refused each of them."""

import gzip, json, os, struct, urllib.error, urllib.request, zlib
from datetime import datetime, timedelta, timezone

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
import botocore.loaders

import witness
from witness import account, allow, called_and_not, case, not_refused, policy, refused, run, same, user

region = 'us-east-1'
unbuilt = {
    'cloudwatch': {
        'AssociateDatasetKmsKey', 'DisassociateDatasetKmsKey', 'GetDataset', 'GetOTelEnrichment',
        'PutLogAlarm', 'PutManagedInsightRules', 'StartOTelEnrichment', 'StopOTelEnrichment',
    },
    'service-quotas': set(),
    'support': set(),
}


def client(service='cloudwatch', keys=None, **config):
    return witness.client(service, keys, config, region_name=region)


now = datetime.now(timezone.utc)
around = {'StartTime': now - timedelta(minutes=10), 'EndTime': now + timedelta(minutes=2)}


def stat(namespace, name, statistic='Sum', period=60, id='m1', **more):
    metric = {'Namespace': namespace, 'MetricName': name, **{k: v for k, v in more.items() if k == 'Dimensions'}}
    unit = {'Unit': more['Unit']} if 'Unit' in more else {}
    return {'Id': id, 'MetricStat': {'Metric': metric, 'Period': period, 'Stat': statistic, **unit}}


def alarm(name, **more):
    return {
        'AlarmName': name, 'Namespace': 'own', 'MetricName': 'm', 'Statistic': 'Average', 'Period': 60, 'EvaluationPeriods': 1,
        'Threshold': 5, 'ComparisonOperator': 'GreaterThanThreshold', **more,
    }


@case
def what_is_published_is_told():
    cw = client()
    data = [{'MetricName': 'm', 'Values': [float(n) for n in range(1, 101)], 'Unit': 'Count', 'Timestamp': now}]
    cw.put_metric_data(Namespace='told', MetricData=data)
    cw.put_metric_data(Namespace='told', MetricData=[{
        'MetricName': 'set', 'Timestamp': now,
        'StatisticValues': {'SampleCount': 10, 'Sum': 55, 'Minimum': 1, 'Maximum': 10}}])
    asked = {'Namespace': 'told', 'MetricName': 'm', 'Period': 3600, **around}
    everything = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum']
    told = cw.get_metric_statistics(Statistics=everything, **asked)
    same(told['Label'], 'm')
    same([{k: v for k, v in point.items() if k != 'Timestamp'} for point in told['Datapoints']],
         [{'SampleCount': 100.0, 'Average': 50.5, 'Sum': 5050.0, 'Minimum': 1.0, 'Maximum': 100.0, 'Unit': 'Count'}])
    told = cw.get_metric_statistics(ExtendedStatistics=['p90', 'tm90', 'PR(:30)'], **asked)
    same(told['Datapoints'][0]['ExtendedStatistics'], {'p90': 90.0, 'tm90': 45.5, 'PR(:30)': 30.0})
    told = cw.get_metric_statistics(Statistics=['Average'], **{**asked, 'MetricName': 'set'})
    same(told['Datapoints'][0]['Average'], 5.5)
    same(cw.list_metrics(Namespace='told')['Metrics'],
         [{'Namespace': 'told', 'MetricName': name, 'Dimensions': []} for name in ('m', 'set')])


@case
def what_cannot_be_published_is_refused():
    put = client().put_metric_data
    both = {'MetricName': 'm', 'Value': 1.5, 'Values': [1.0, 10.0]}
    same(refused('InvalidParameterCombination', 400, put, Namespace='n', MetricData=[both]),
         'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have '
         'specified both.')
    uneven = {'MetricName': 'm', 'Values': [1.0, 10.0], 'Counts': [2, 4, 5]}
    same(refused('InvalidParameterValue', 400, put, Namespace='n', MetricData=[uneven]),
         'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.')
    old = {'MetricName': 'm', 'Value': 1, 'Timestamp': now - timedelta(days=15)}
    refused('InvalidParameterValue', 400, put, Namespace='n', MetricData=[old])
    refused('InvalidParameterValue', 400, put, Namespace='AWS/EC2', MetricData=[{'MetricName': 'm', 'Value': 1}])
    text = refused('ValidationError', 400, put, Namespace='n', MetricData=[{'MetricName': 'm', 'Value': 1, 'Unit': 'Odd'}])
    assert text.startswith("1 validation error detected: Value 'Odd' at 'metricData.1.member.unit' failed"), text
    try:
        put(Namespace='n', MetricData=[both])
    except client().exceptions.InvalidParameterCombinationException:
        return
    raise AssertionError('is not the modelled error')


@case
def compressed_bodies_are_read():
    cw = client(request_min_compression_size_bytes=1)
    seen = []
    cw.meta.events.register('before-send.*.*', lambda request, **_: seen.append(request.headers.get('Content-Encoding')))
    cw.put_metric_data(Namespace='packed', MetricData=[{'MetricName': 'm', 'Value': 1}] * 100)
    same([value.decode() if isinstance(value, bytes) else value for value in seen], ['gzip'])
    same(len(cw.list_metrics(Namespace='packed')['Metrics']), 1)


def raw(path, headers, body):
    """Sends a signed request as old and new clients send it; the answer's status, headers and body."""
    request = AWSRequest('POST', os.environ['AWS_ENDPOINT_URL'] + path, data=body, headers=headers)
    keys = Credentials(os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY'])
    SigV4Auth(keys, 'monitoring', region).add_auth(request)
    prepared = urllib.request.Request(request.url, body, dict(request.headers), method='POST')
    try:
        answer = urllib.request.urlopen(prepared)
    except urllib.error.HTTPError as error:
        answer = error
    return answer.status, dict(answer.headers.items()), answer.read()


form = {'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8'}


@case
def query_as_old_clients_send_it():
    data = (b'Action=PutMetricData&Version=2010-08-01&Namespace=form&MetricData.member.1.MetricName=m&'
            b'MetricData.member.1.Value=1&MetricData.member.1.Dimensions.member.1.Name=a&'
            b'MetricData.member.1.Dimensions.member.1.Value=b')
    status, headers, body = raw('/', form, data)
    same(status, 200)
    assert b'<PutMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">' in body, body
    status, _, _ = raw('/', {**form, 'Content-Encoding': 'GZIP'}, gzip.compress(data))
    same(status, 200)
    status, _, body = raw('/', form, b'Action=ListMetrics&Version=2010-08-01&Namespace=form')
    assert b'<Metrics><member><Namespace>form</Namespace><MetricName>m</MetricName>' in body.replace(b'\n', b''), body
    status, _, body = raw('/', form, b'Action=SetAlarmState&Version=2010-08-01&AlarmName=x&StateValue=OK&StateReason=x')
    same(status, 404)
    assert b'<Code>ResourceNotFound</Code>' in body, body


@case
def cbor_as_new_clients_send_it():
    headers = {'Content-Type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor', 'Accept': 'application/cbor',
               'x-amzn-query-mode': 'true'}
    path = '/service/GraniteServiceVersion20100801/operation/'
    # {"Namespace": "form"}
    status, answered, body = raw(path + 'ListMetrics', headers, b'\xa1\x69Namespace\x64form')
    same((status, answered.get('smithy-protocol')), (200, 'rpc-v2-cbor'))
    assert b'Metrics' in body and b'form' in body, body
    # {"DashboardName": "no"}
    status, answered, body = raw(path + 'GetDashboard', headers, b'\xa1\x6dDashboardName\x62no')
    same((status, answered.get('x-amzn-query-error')), (404, 'ResourceNotFound;Sender'))
    assert b'DashboardNotFoundError' in body, body


@case
def many_metrics_in_one_request():
    cw = client()
    dimensions = [{'Name': 'Host', 'Value': 'a'}]
    for i in range(6):
        cw.put_metric_data(Namespace='many', MetricData=[
            {'MetricName': 'm', 'Dimensions': dimensions, 'Value': i, 'Timestamp': now - timedelta(minutes=i)}])
    queries = [stat('many', 'm', Dimensions=dimensions), {'Id': 'e1', 'Expression': 'm1 * 10', 'Label': 'ten times'}]
    told = cw.get_metric_data(MetricDataQueries=queries, **around)
    same([(r['Id'], r['Label'], r['StatusCode'], r['Values']) for r in told['MetricDataResults']],
         [('m1', 'm', 'Complete', [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]),
          ('e1', 'ten times', 'Complete', [0.0, 10.0, 20.0, 30.0, 40.0, 50.0])])
    same(told['Messages'], [])
    pages = cw.get_paginator('get_metric_data').paginate(
        MetricDataQueries=queries[:1], PaginationConfig={'PageSize': 4}, ScanBy='TimestampAscending', **around)
    same([page['MetricDataResults'][0]['Values'] for page in pages], [[5.0, 4.0, 3.0, 2.0], [1.0, 0.0]])
    none = cw.get_metric_data(MetricDataQueries=[stat('many', 'm')], **around)
    same(none['MetricDataResults'][0]['Values'], [])
    search = {'Id': 's', 'Expression': "SUM(SEARCH('{many,Host} m', 'Sum', 60))"}
    same(sum(cw.get_metric_data(MetricDataQueries=[search], **around)['MetricDataResults'][0]['Values']), 15.0)
    same(refused('ValidationError', 400, cw.get_metric_data, MetricDataQueries=[{'Id': 'a'}], **around),
         'The parameter MetricDataQueries.member.1.MetricStat is required.\n')
    band = {'Id': 'b', 'Expression': 'ANOMALY_DETECTION_BAND(m1)'}
    refused('NotImplemented', 501, cw.get_metric_data, MetricDataQueries=[*queries, band], **around)


@case
def a_queue_tells_of_itself():
    cw, sqs = client(), client('sqs')
    url = sqs.create_queue(QueueName='cw-told')['QueueUrl']
    sqs.receive_message(QueueUrl=url)
    sqs.send_message(QueueUrl=url, MessageBody='Hello')
    sqs.delete_message(QueueUrl=url, ReceiptHandle=sqs.receive_message(QueueUrl=url)['Messages'][0]['ReceiptHandle'])
    of = [{'Name': 'QueueName', 'Value': 'cw-told'}]
    wanted = {'NumberOfMessagesSent': 1.0, 'SentMessageSize': 5.0, 'NumberOfEmptyReceives': 1.0, 'NumberOfMessagesReceived': 1.0, 'NumberOfMessagesDeleted': 1.0}
    assert set(wanted) <= {one['MetricName'] for one in cw.list_metrics(Namespace='AWS/SQS', Dimensions=of)['Metrics']}
    queries = [stat('AWS/SQS', name, id=f'm{i}', Dimensions=of) for i, name in enumerate(wanted)]
    told = cw.get_metric_data(MetricDataQueries=queries, **around)['MetricDataResults']
    same({one['Label']: sum(one['Values']) for one in told}, wanted)


@case
def metrics_page_by_page():
    cw = client()
    for start in range(0, 600, 300):
        cw.put_metric_data(Namespace='pages', MetricData=[
            {'MetricName': f'm{n}', 'Value': 1} for n in range(start, start + 300)])
    first = cw.list_metrics(Namespace='pages')
    same((len(first['Metrics']), 'NextToken' in first), (500, True))
    everything = cw.get_paginator('list_metrics').paginate(Namespace='pages', RecentlyActive='PT3H').build_full_result()
    same(len(everything['Metrics']), 600)
    same(refused('InvalidParameterValue', 400, cw.list_metrics, NextToken='x'), 'Request parameter NextToken is invalid')


@case
def alarms_are_kept_told_and_deleted():
    cw = client()
    cw.put_metric_alarm(**alarm('kept', AlarmDescription='<', Tags=[{'Key': 'a', 'Value': '1'}], Unit='Percent',
                                Dimensions=[{'Name': 'Host', 'Value': 'h'}], TreatMissingData='ignore'))
    told = cw.describe_alarms(AlarmNames=['kept'])
    same(told['CompositeAlarms'], [])
    kept = told['MetricAlarms'][0]
    assert all(isinstance(kept.pop(name), datetime) for name in (
        'AlarmConfigurationUpdatedTimestamp', 'StateUpdatedTimestamp', 'StateTransitionedTimestamp'))
    same(kept, {
        'AlarmName': 'kept', 'AlarmArn': f'arn:aws:cloudwatch:{region}:{account}:alarm:kept', 'AlarmDescription': '<',
        'ActionsEnabled': True, 'OKActions': [], 'AlarmActions': [], 'InsufficientDataActions': [],
        'StateValue': 'INSUFFICIENT_DATA', 'StateReason': 'Unchecked: Initial alarm creation', 'MetricName': 'm',
        'Namespace': 'own', 'Statistic': 'Average', 'Dimensions': [{'Name': 'Host', 'Value': 'h'}], 'Period': 60,
        'Unit': 'Percent', 'EvaluationPeriods': 1, 'Threshold': 5.0, 'ComparisonOperator': 'GreaterThanThreshold',
        'TreatMissingData': 'ignore'})
    arn = kept['AlarmArn']
    cw.tag_resource(ResourceARN=arn, Tags=[{'Key': 'b', 'Value': '2'}])
    cw.untag_resource(ResourceARN=arn, TagKeys=['a'])
    same(cw.list_tags_for_resource(ResourceARN=arn)['Tags'], [{'Key': 'b', 'Value': '2'}])
    same(len(cw.describe_alarms_for_metric(
        MetricName='m', Namespace='own', Dimensions=[{'Name': 'Host', 'Value': 'h'}])['MetricAlarms']), 1)
    cw.disable_alarm_actions(AlarmNames=['kept'])
    same(cw.describe_alarms(AlarmNames=['kept'])['MetricAlarms'][0]['ActionsEnabled'], False)
    cw.enable_alarm_actions(AlarmNames=['kept'])
    cw.set_alarm_state(AlarmName='kept', StateValue='ALARM', StateReason='by hand', StateReasonData='{"a": 1}')
    same([a['AlarmName'] for a in cw.describe_alarms(StateValue='ALARM')['MetricAlarms']], ['kept'])
    history = cw.describe_alarm_history(AlarmName='kept', HistoryItemType='StateUpdate')['AlarmHistoryItems']
    same(history[0]['HistorySummary'], 'Alarm updated from INSUFFICIENT_DATA to ALARM')
    same(json.loads(history[0]['HistoryData'])['newState'],
         {'stateValue': 'ALARM', 'stateReason': 'by hand', 'stateReasonData': {'a': 1}})
    same(cw.describe_alarm_contributors(AlarmName='kept')['AlarmContributors'], [])
    cw.delete_alarms(AlarmNames=['kept', 'nobody'])
    same(cw.describe_alarms(AlarmNames=['kept'])['MetricAlarms'], [])
    refused('ResourceNotFoundException', 404, cw.list_tags_for_resource, ResourceARN=arn)
    refused('ResourceNotFound', 404, cw.set_alarm_state, AlarmName='kept', StateValue='OK', StateReason='x')


@case
def alarms_that_cannot_be_are_refused():
    put = client().put_metric_alarm
    same(refused('ValidationError', 400, put, **alarm('x', Period=45)), 'Period must be 10, 20, 30 or a multiple of 60')
    same(refused('ValidationError', 400, put, **alarm('x', DatapointsToAlarm=2)),
         'DatapointsToAlarm must be less than or equal to EvaluationPeriods')
    two = [stat('n', 'm', id='a'), stat('n', 'm', id='b')]
    same(refused('ValidationError', 400, put, AlarmName='x', Metrics=two, EvaluationPeriods=1, Threshold=1,
                 ComparisonOperator='GreaterThanThreshold'), 'Exactly one element of the metrics list should return data.')
    same(refused('ValidationError', 400, client().set_alarm_state, AlarmName='x', StateValue='INVALID', StateReason='x')[:60],
         "1 validation error detected: Value 'INVALID' at 'stateValue'"[:60])


@case
def an_alarm_tells_a_topic():
    cw, sns, sqs = client(), client('sns'), client('sqs')
    topic = sns.create_topic(Name='cw-news')['TopicArn']
    queue = sqs.create_queue(QueueName='cw-mail')['QueueUrl']
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={'Policy': json.dumps({'Version': '2012-10-17', 'Statement': [{
        'Effect': 'Allow', 'Principal': {'AWS': '*'}, 'Action': 'sqs:SendMessage', 'Resource': arn,
        'Condition': {'ArnEquals': {'aws:SourceArn': topic}}}]})})
    sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=arn)
    cw.put_metric_alarm(**alarm('loud', AlarmActions=[topic], OKActions=[topic], TreatMissingData='ignore'))
    cw.set_alarm_state(AlarmName='loud', StateValue='ALARM', StateReason='testing alarm')
    mail = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)['Messages'][0]
    told = json.loads(json.loads(mail['Body'])['Message'])
    same((told['AlarmName'], told['OldStateValue'], told['NewStateValue'], told['NewStateReason'], told['Region']),
         ('loud', 'INSUFFICIENT_DATA', 'ALARM', 'testing alarm', 'US East (N. Virginia)'))
    same(told['Trigger']['Statistic'], 'AVERAGE')
    done = cw.describe_alarm_history(AlarmName='loud', HistoryItemType='Action')['AlarmHistoryItems'][0]
    same(done['HistorySummary'], f'Successfully executed action {topic}')


@case
def a_composite_alarm_follows_its_children():
    cw = client()
    for name in ('c-one', 'c-two'):
        cw.put_metric_alarm(**alarm(name, TreatMissingData='ignore'))
    cw.put_composite_alarm(AlarmName='c-both', AlarmRule='ALARM("c-one") AND ALARM(c-two)')
    for name in ('c-one', 'c-two'):
        cw.set_alarm_state(AlarmName=name, StateValue='ALARM', StateReason='x')
    told = cw.describe_alarms(AlarmNames=['c-both'], AlarmTypes=['CompositeAlarm'])['CompositeAlarms'][0]
    same((told['StateValue'], told['AlarmRule']), ('ALARM', 'ALARM("c-one") AND ALARM(c-two)'))
    children = cw.describe_alarms(ChildrenOfAlarmName='c-both')['MetricAlarms']
    same([a['AlarmName'] for a in children], ['c-one', 'c-two'])
    refused('ValidationError', 400, cw.delete_alarms, AlarmNames=['c-one'])
    refused('ValidationError', 400, cw.put_composite_alarm, AlarmName='c-x', AlarmRule='ALARM(nobody)')
    cw.delete_alarms(AlarmNames=['c-both'])
    cw.delete_alarms(AlarmNames=['c-one', 'c-two'])


@case
def muted_alarms_tell_nobody():
    cw, sns, sqs = client(), client('sns'), client('sqs')
    topic, url = sns.create_topic(Name='cw-muted')['TopicArn'], sqs.create_queue(QueueName='cw-muted')['QueueUrl']
    queue = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
    leave = policy({'Effect': 'Allow', 'Principal': {'Service': 'sns.amazonaws.com'}, 'Action': 'sqs:SendMessage', 'Resource': queue})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'Policy': leave})
    sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint=queue, Attributes={'RawMessageDelivery': 'true'})
    for name in ('muted', 'back'):
        cw.put_metric_alarm(**alarm(name, AlarmActions=[topic]))
    always = {'Schedule': {'Expression': 'cron(* * * * *)', 'Duration': 'PT1H', 'Timezone': 'Europe/Berlin'}}
    for rule, code in [({'Expression': 'rate(1 minute)', 'Duration': 'PT1H'}, 'ValidationError'), ({'Expression': 'cron(0 2 * * *)', 'Duration': 'PT1S'}, 'ValidationError')]:
        refused(code, 400, cw.put_alarm_mute_rule, Name='x', Rule={'Schedule': rule})
    cw.put_alarm_mute_rule(Name='night', Description='d', Rule=always, MuteTargets={'AlarmNames': ['muted', 'back']}, Tags=[{'Key': 'a', 'Value': '1'}])
    cw.put_alarm_mute_rule(Name='over', Rule={'Schedule': {'Expression': 'at(2020-01-01T00:00)', 'Duration': 'PT1H'}})
    cw.put_alarm_mute_rule(Name='soon', Rule=always, StartDate=datetime(2090, 1, 1), ExpireDate=datetime(2091, 1, 1))
    told = cw.get_alarm_mute_rule(AlarmMuteRuleName='night')
    arn = f'arn:aws:cloudwatch:{region}:{account}:alarm-mute-rule:night'
    same((told['AlarmMuteRuleArn'], told['Status'], told['MuteType'], told['Rule'], told['MuteTargets']['AlarmNames']), (arn, 'ACTIVE', 'RECURRING', always, ['muted', 'back']))
    every = cw.list_alarm_mute_rules(MaxRecords=2)
    every = every['AlarmMuteRuleSummaries'] + cw.list_alarm_mute_rules(NextToken=every['NextToken'])['AlarmMuteRuleSummaries']
    same([(each['AlarmMuteRuleArn'].split(':')[-1], each['Status'], each['MuteType']) for each in every], [('night', 'ACTIVE', 'RECURRING'), ('over', 'EXPIRED', 'ONE_TIME'), ('soon', 'SCHEDULED', 'RECURRING')])
    same(len(cw.list_alarm_mute_rules(AlarmName='muted', Statuses=['ACTIVE'])['AlarmMuteRuleSummaries']), 1)
    same(cw.list_tags_for_resource(ResourceARN=arn)['Tags'], [{'Key': 'a', 'Value': '1'}])
    # An alarm that is back where it was has nothing to tell afterwards.
    for name, value in (('muted', 'ALARM'), ('back', 'ALARM'), ('back', 'INSUFFICIENT_DATA')):
        cw.set_alarm_state(AlarmName=name, StateValue=value, StateReason='by hand')
    same(sqs.receive_message(QueueUrl=url).get('Messages', []), [])
    cw.delete_alarm_mute_rule(AlarmMuteRuleName='night')
    heard = [json.loads(each['Body']) for each in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)['Messages']]
    same([(each['AlarmName'], each['OldStateValue'], each['NewStateValue']) for each in heard], [('muted', 'INSUFFICIENT_DATA', 'ALARM')])
    refused('ResourceNotFoundException', 404, cw.get_alarm_mute_rule, AlarmMuteRuleName='night')
    cw.delete_alarm_mute_rule(AlarmMuteRuleName='night')
    # Leave is needed for the rule and for each alarm that it mutes.
    only = client(keys=user('cw-mutes', allow('cloudwatch:PutAlarmMuteRule', [arn, f'arn:aws:cloudwatch:{region}:{account}:alarm:muted'])))
    only.put_alarm_mute_rule(Name='night', Rule=always, MuteTargets={'AlarmNames': ['muted']})
    refused('AccessDenied', 403, only.put_alarm_mute_rule, Name='night', Rule=always, MuteTargets={'AlarmNames': ['muted', 'back']})
    for name in ('night', 'over', 'soon'):
        cw.delete_alarm_mute_rule(AlarmMuteRuleName=name)
    cw.delete_alarms(AlarmNames=['muted', 'back'])


@case
def dashboards():
    cw = client()
    body = json.dumps({'widgets': [{'type': 'text', 'x': 0, 'y': 7, 'width': 3, 'height': 3,
                                    'properties': {'markdown': 'Hello world'}}]})
    same(cw.put_dashboard(DashboardName='one', DashboardBody=body)['DashboardValidationMessages'], [])
    told = cw.get_dashboard(DashboardName='one')
    same((told['DashboardArn'], told['DashboardBody']), (f'arn:aws:cloudwatch::{account}:dashboard/one', body))
    same([d['Size'] for d in cw.list_dashboards(DashboardNamePrefix='on')['DashboardEntries']], [len(body)])
    same(cw.list_dashboards(DashboardNamePrefix='no')['DashboardEntries'], [])
    refused('ResourceNotFound', 404, cw.delete_dashboards, DashboardNames=['one', 'two'])
    refused('InvalidParameterInput', 400, cw.put_dashboard, DashboardName='bad', DashboardBody='{')
    refused('InvalidParameterValue', 400, cw.put_dashboard, DashboardName='a:b', DashboardBody=body)
    cw.delete_dashboards(DashboardNames=['one'])
    refused('ResourceNotFound', 404, cw.get_dashboard, DashboardName='one')


@case
def a_picture_of_metrics():
    cw = client()
    cw.put_metric_data(Namespace='drawn', MetricData=[{'MetricName': 'm', 'Value': value, 'Timestamp': now - timedelta(minutes=value)} for value in range(10)])
    widget = {'title': 'Drawn', 'width': 320, 'height': 240, 'metrics': [['drawn', 'm', {'stat': 'Sum', 'period': 60, 'color': '#abcdef'}]], 'start': '-PT15M'}
    picture = cw.get_metric_widget_image(MetricWidget=json.dumps(widget))['MetricWidgetImage']
    same((picture[:8], picture[12:16], struct.unpack('>II', picture[16:24])), (b'\x89PNG\r\n\x1a\n', b'IHDR', (320, 240)))
    colours = picture.index(b'PLTE') + 4
    assert b'\xab\xcd\xef' in picture[colours:colours + 60]
    pixels = zlib.decompress(picture[picture.index(b'IDAT') + 4:picture.index(b'IEND')])
    same((len(pixels), len(set(pixels)) > 3), (321 * 240, True))
    assert 'it is not JSON' in refused('InvalidParameterValue', 400, cw.get_metric_widget_image, MetricWidget='{')
    assert 'Undefined variable' in refused('ValidationError', 400, cw.get_metric_widget_image, MetricWidget=json.dumps({'metrics': [[{'expression': 'nothing * 2'}]]}))


@case
def what_is_not_built_says_so():
    cw = client()
    refused('NotImplemented', 501, cw.get_metric_widget_image, MetricWidget='{"view": "pie"}')
    refused('NotImplemented', 501, cw.put_managed_insight_rules, ManagedRules=[{'TemplateName': 'template', 'ResourceARN': 'arn:aws:x:::y'}])


@case
def metrics_insights():
    cw = client()
    start = datetime.now(timezone.utc).replace(second=0, microsecond=0) - timedelta(minutes=5)
    for host, values in (('a', [1, 2]), ('b', [10, 20])):
        cw.put_metric_data(Namespace='Insights/X', MetricData=[
            {'MetricName': 'load', 'Dimensions': [{'Name': 'Host', 'Value': host}], 'Value': value, 'Timestamp': start + timedelta(minutes=i)}
            for i, value in enumerate(values)])
    around = {'StartTime': start, 'EndTime': start + timedelta(minutes=5), 'ScanBy': 'TimestampAscending'}
    ask = lambda text: [(r['Label'], r['Values']) for r in cw.get_metric_data(
        MetricDataQueries=[{'Id': 'q1', 'Expression': text, 'Period': 60}], **around)['MetricDataResults']]
    same(ask('SELECT SUM(load) FROM "Insights/X"'), [('q1', [11.0, 22.0])])
    same(ask('SELECT MAX(load) FROM SCHEMA("Insights/X", Host) GROUP BY Host ORDER BY AVG() DESC'), [('b', [10.0, 20.0]), ('a', [1.0, 2.0])])
    same(ask('SELECT MAX(load) FROM SCHEMA("Insights/X", Host) GROUP BY Host ORDER BY AVG() DESC LIMIT 1'), [('b', [10.0, 20.0])])
    same(ask("SELECT AVG(load) FROM SCHEMA(\"Insights/X\", Host) WHERE Host != 'b'"), [('q1', [1.0, 2.0])])
    assert 'SQL: expected FROM' in refused('ValidationError', 400, ask, text='SELECT AVG(load)')


@case
def anomaly_detectors():
    cw = client()
    single = {'Namespace': 'n', 'MetricName': 'm', 'Stat': 'Average', 'Dimensions': [{'Name': 'a', 'Value': 'b'}]}
    cw.put_anomaly_detector(SingleMetricAnomalyDetector=single, Configuration={'MetricTimezone': 'Europe/Berlin'})
    cw.put_anomaly_detector(Namespace='n', MetricName='other', Stat='p99')
    math = {'MetricDataQueries': [{'Id': 'm1', 'MetricStat': {'Metric': {'Namespace': 'n', 'MetricName': 'm'}, 'Period': 60, 'Stat': 'Sum'}, 'ReturnData': False},
                                  {'Id': 'e1', 'Expression': 'm1 / 2', 'ReturnData': True}]}
    cw.put_anomaly_detector(MetricMathAnomalyDetector=math)
    found = cw.describe_anomaly_detectors(MetricName='m')['AnomalyDetectors']
    same([(one['SingleMetricAnomalyDetector'], one['Configuration']['MetricTimezone'], one['StateValue']) for one in found], [(single, 'Europe/Berlin', 'PENDING_TRAINING')])
    same(len(cw.describe_anomaly_detectors()['AnomalyDetectors']), 2)
    same(cw.describe_anomaly_detectors(AnomalyDetectorTypes=['METRIC_MATH'])['AnomalyDetectors'][0]['MetricMathAnomalyDetector'], math)
    refused('InvalidParameterCombination', 400, cw.put_anomaly_detector, SingleMetricAnomalyDetector=single, Namespace='n', MetricName='m', Stat='Sum')
    refused('MissingParameter', 400, cw.put_anomaly_detector, Namespace='n', MetricName='m')
    cw.delete_anomaly_detector(SingleMetricAnomalyDetector=single)
    cw.delete_anomaly_detector(MetricMathAnomalyDetector=math)
    refused('ResourceNotFoundException', 404, cw.delete_anomaly_detector, SingleMetricAnomalyDetector=single)


@case
def an_alarm_on_a_band_waits_for_its_model():
    cw = client()
    metric = {**stat('own', 'm', 'Average', id='m1'), 'ReturnData': True}
    band = {'Id': 'ad1', 'Expression': 'ANOMALY_DETECTION_BAND(m1, 2)', 'Label': 'm (expected)', 'ReturnData': True}
    wanted = {'AlarmName': 'band', 'EvaluationPeriods': 1, 'ComparisonOperator': 'GreaterThanUpperThreshold', 'ThresholdMetricId': 'ad1', 'Metrics': [metric, band]}
    cw.put_metric_alarm(**wanted)
    told = cw.describe_alarms(AlarmNames=['band'])['MetricAlarms'][0]
    same((told['ThresholdMetricId'], told['ComparisonOperator'], 'Threshold' in told, told['StateValue']), ('ad1', 'GreaterThanUpperThreshold', False, 'INSUFFICIENT_DATA'))
    same([(one['Id'], one['ReturnData']) for one in told['Metrics']], [('m1', True), ('ad1', True)])
    for change in ({'Threshold': 1.0}, {'ThresholdMetricId': 'm1'}, {'ComparisonOperator': 'GreaterThanThreshold'}, {'Metrics': [band]}, {'Metrics': [metric, band, band]}):
        refused('ValidationError', 400, cw.put_metric_alarm, **{**wanted, **change})
    cw.set_alarm_state(AlarmName='band', StateValue='ALARM', StateReason='by hand')
    same(cw.describe_alarms(AlarmNames=['band'])['MetricAlarms'][0]['StateValue'], 'ALARM')
    cw.delete_alarms(AlarmNames=['band'])


@case
def insight_rules():
    cw = client()
    definition = json.dumps({'Schema': {'Name': 'CloudWatchLogRule', 'Version': 1}, 'LogGroupNames': ['g'], 'LogFormat': 'JSON',
                             'Contribution': {'Keys': ['$.ip'], 'ValueOf': '$.bytes', 'Filters': []}, 'AggregateOn': 'Sum'})
    cw.put_insight_rule(RuleName='rule', RuleDefinition=definition, Tags=[{'Key': 'a', 'Value': 'b'}])
    told = lambda: [(one['Name'], one['State'], one['Definition'] == definition, one['Schema']) for one in cw.describe_insight_rules()['InsightRules']]
    schema = 'CloudWatchLogRule/1'
    same(told(), [('rule', 'ENABLED', True, schema)])
    arn = f'arn:aws:cloudwatch:us-east-1:{account}:insight-rule/rule'
    same(cw.list_tags_for_resource(ResourceARN=arn)['Tags'], [{'Key': 'a', 'Value': 'b'}])
    failures = cw.disable_insight_rules(RuleNames=['rule', 'none'])['Failures']
    same([one['FailureResource'] for one in failures], ['none'])
    same(told(), [('rule', 'DISABLED', True, schema)])
    same(cw.enable_insight_rules(RuleNames=['rule'])['Failures'], [])
    now = datetime.now(timezone.utc)
    report = lambda name: cw.get_insight_rule_report(RuleName=name, StartTime=now - timedelta(hours=1), EndTime=now, Period=60)
    same((report('rule')['KeyLabels'], report('rule')['Contributors']), (['$.ip'], []))
    refused('ResourceNotFoundException', 404, lambda: report('none'))
    hour = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    counted = cw.get_insight_rule_report(RuleName='rule', StartTime=hour, EndTime=hour + timedelta(hours=1), Period=300, Metrics=['UniqueContributors'])['MetricDatapoints']
    same([len(counted), *counted[:2]], [13, *({'Timestamp': hour + timedelta(minutes=minutes), 'UniqueContributors': 0.0} for minutes in (0, 5))])
    same(cw.list_managed_insight_rules(ResourceARN='arn:aws:dynamodb:us-east-1:123456789012:table/t')['ManagedRules'], [])
    refused('InvalidParameterValue', 400, cw.put_insight_rule, RuleName='bad', RuleDefinition='{}')
    cw.delete_insight_rules(RuleNames=['rule'])
    same(told(), [])


@case
def metric_streams():
    cw = client()
    wanted = {'Name': 'stream', 'FirehoseArn': f'arn:aws:firehose:us-east-1:{account}:deliverystream/d', 'RoleArn': f'arn:aws:iam::{account}:role/r',
              'OutputFormat': 'json', 'IncludeFilters': [{'Namespace': 'AWS/EC2', 'MetricNames': ['CPUUtilization']}]}
    arn = cw.put_metric_stream(**wanted, Tags=[{'Key': 'a', 'Value': 'b'}])['Arn']
    same(arn, f'arn:aws:cloudwatch:us-east-1:{account}:metric-stream/stream')
    got = cw.get_metric_stream(Name='stream')
    same({name: got[name] for name in wanted}, wanted)
    same((got['State'], got['Arn'], got['IncludeLinkedAccountsMetrics']), ('running', arn, False))
    cw.stop_metric_streams(Names=['stream'])
    same([(one['Name'], one['State']) for one in cw.list_metric_streams()['Entries']], [('stream', 'stopped')])
    cw.start_metric_streams(Names=['stream'])
    same(cw.get_metric_stream(Name='stream')['State'], 'running')
    same(cw.list_tags_for_resource(ResourceARN=arn)['Tags'], [{'Key': 'a', 'Value': 'b'}])
    refused('InvalidParameterCombination', 400, cw.put_metric_stream, **wanted, ExcludeFilters=[{'Namespace': 'x'}])
    refused('InvalidParameterValue', 400, cw.put_metric_stream, **{**wanted, 'FirehoseArn': 'x'})
    cw.delete_metric_stream(Name='stream')
    cw.delete_metric_stream(Name='stream')
    refused('ResourceNotFoundException', 404, cw.get_metric_stream, Name='stream')


@case
def quotas():
    sq = client('service-quotas')
    assert {'ServiceCode': 'ec2', 'ServiceName': 'Amazon Elastic Compute Cloud (Amazon EC2)'} in \
        sq.get_paginator('list_services').paginate(PaginationConfig={'PageSize': 5}).build_full_result()['Services']
    assert len(sq.list_service_quotas(ServiceCode='vpc')['Quotas']) >= 25
    assert len(sq.list_aws_default_service_quotas(ServiceCode='vpc')['Quotas']) >= 25
    vpcs = {'ServiceCode': 'vpc', 'QuotaCode': 'L-F678F1CE'}
    same(sq.get_service_quota(**vpcs)['Quota']['Value'], 5.0)
    same(sq.get_aws_default_service_quota(**vpcs)['Quota']['QuotaName'], 'VPCs per Region')
    refused('NoSuchResourceException', 400, sq.get_service_quota, ServiceCode='vpc', QuotaCode='L-00000000')
    asked = sq.request_service_quota_increase(DesiredValue=10, SupportCaseAllowed=False, **vpcs)['RequestedQuota']
    same((asked['Status'], asked['DesiredValue']), ('PENDING', 10.0))
    refused('ResourceAlreadyExistsException', 400, sq.request_service_quota_increase, DesiredValue=11, **vpcs)
    sq.create_support_case(RequestId=asked['Id'])
    same(sq.get_requested_service_quota_change(RequestId=asked['Id'])['RequestedQuota']['Status'], 'CASE_OPENED')
    same(len(sq.list_requested_service_quota_change_history(ServiceCode='vpc')['RequestedQuotas']), 1)
    same(len(sq.list_requested_service_quota_change_history_by_quota(**vpcs)['RequestedQuotas']), 1)
    cases = client('support').describe_cases()['cases']
    assert any('VPCs per Region' in each['subject'] for each in cases), cases


@case
def quotas_of_an_organization():
    sq = client('service-quotas')
    entry = {'ServiceCode': 'vpc', 'QuotaCode': 'L-F678F1CE', 'AwsRegion': region}
    refused('NoAvailableOrganizationException', 400, sq.get_association_for_service_quota_template)
    client('organizations').create_organization(FeatureSet='ALL')
    put = sq.put_service_quota_increase_request_into_template(DesiredValue=20, **entry)
    same(put['ServiceQuotaIncreaseRequestInTemplate']['DesiredValue'], 20.0)
    sq.associate_service_quota_template()
    same(sq.get_association_for_service_quota_template()['ServiceQuotaTemplateAssociationStatus'], 'ASSOCIATED')
    same(sq.get_service_quota_increase_request_from_template(**entry)['ServiceQuotaIncreaseRequestInTemplate']['AwsRegion'],
         region)
    same(len(sq.list_service_quota_increase_requests_in_template()['ServiceQuotaIncreaseRequestInTemplateList']), 1)
    sq.delete_service_quota_increase_request_from_template(**entry)
    sq.disassociate_service_quota_template()


@case
def quotas_reported_and_managed():
    sq = client('service-quotas')
    report = sq.start_quota_utilization_report()['ReportId']
    while True:
        told = sq.get_quota_utilization_report(ReportId=report)
        if told['Status'] != 'IN_PROGRESS':
            break
    same(told['Status'], 'COMPLETED')
    assert any(quota['QuotaName'] == 'Users per account' and quota['Utilization'] > 0 for quota in told['Quotas'])
    sq.start_auto_management(OptInLevel='ACCOUNT', OptInType='NotifyOnly')
    sq.update_auto_management(OptInType='NotifyAndAdjust')
    same(sq.get_auto_management_configuration()['OptInType'], 'NotifyAndAdjust')
    sq.stop_auto_management()
    same(sq.get_auto_management_configuration()['OptInStatus'], 'DISABLED')
    arn = f'arn:aws:servicequotas:{region}:{account}:vpc/L-F678F1CE'
    refused('NoSuchResourceException', 400, sq.list_tags_for_resource, ResourceARN=arn)
    refused('NoSuchResourceException', 400, sq.tag_resource, ResourceARN=arn, Tags=[{'Key': 'a', 'Value': 'b'}])
    refused('NoSuchResourceException', 400, sq.untag_resource, ResourceARN=arn, TagKeys=['a'])


@case
def support_cases():
    support = client('support')
    files = support.add_attachments_to_set(attachments=[{'fileName': 'a.txt', 'data': b'hello'}])['attachmentSetId']
    case_id = support.create_case(subject='It hums', communicationBody='Why?', attachmentSetId=files)['caseId']
    told = support.describe_cases(caseIdList=[case_id])['cases'][0]
    same((told['subject'], told['status'], told['severityCode']), ('It hums', 'opened', 'low'))
    support.add_communication_to_case(caseId=case_id, communicationBody='Still')
    said = support.describe_communications(caseId=case_id)['communications']
    same(sorted(each['body'] for each in said), ['Still', 'Why?'])
    attached = next(each['attachmentSet'] for each in said if each['attachmentSet'])
    same(support.describe_attachment(attachmentId=attached[0]['attachmentId'])['attachment'],
         {'fileName': 'a.txt', 'data': b'hello'})
    same(support.resolve_case(caseId=case_id)['finalCaseStatus'], 'resolved')
    refused('CaseIdNotFound', 400, support.resolve_case, caseId='case-x')
    support.describe_services()
    support.describe_severity_levels(language='en')
    about = {'issueType': 'technical', 'serviceCode': 'amazon-ec2', 'categoryCode': 'apis'}
    support.describe_supported_languages(**about)
    support.describe_create_case_options(language='en', **about)


@case
def service_limits():
    support = client('support')
    checks = support.describe_trusted_advisor_checks(language='en')['checks']
    users = next(check['id'] for check in checks if check['name'] == 'IAM Users')
    same(support.describe_trusted_advisor_check_result(checkId=users)['result']['status'], 'ok')
    same(support.describe_trusted_advisor_check_summaries(checkIds=[users])['summaries'][0]['hasFlaggedResources'], False)
    same(support.refresh_trusted_advisor_check(checkId=users)['status']['status'], 'enqueued')
    support.describe_trusted_advisor_check_refresh_statuses(checkIds=[users])
    refused('NotImplemented', 501, support.describe_trusted_advisor_check_result, checkId='Qch7DwouX1')


# Refused for their input here: what they do where they may is a case of our own (service-quotas.test.ts).
elsewhere = {('service-quotas', name) for name in ('ListTagsForResource', 'TagResource', 'UntagResource')}


@case
def everything_that_is_built_was_called():
    same(called_and_not(unbuilt, elsewhere), {})


@case
def who_has_no_permission_has_none():
    same(not_refused(user('cw-nobody'), unbuilt), [])


run('cloudwatch')
