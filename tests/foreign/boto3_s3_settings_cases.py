"""boto3 against the local S3: what a bucket is set to do beside keeping objects, and that it does it."""

import time

import s3_operations
from witness import account, allow, case, client, policy, refused, run, same, succeeded, trust, user


def bucket(name, versioning=None, **more):
    s3 = client('s3')
    s3.create_bucket(Bucket=name, **more)
    if versioning:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={'Status': versioning})
    return s3


def arn(name):
    return f'arn:aws:s3:::{name}'


def until(wanted, look):
    """Waits for what comes about by itself."""
    for _ in range(80):
        found = look()
        if found == wanted:
            return
        time.sleep(0.05)
    same(found, wanted)


def role(name, *statements):
    iam = client('iam')
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust({'Service': 's3.amazonaws.com'}))
    iam.put_role_policy(RoleName=name, PolicyName='p', PolicyDocument=policy(*statements))
    return made['Role']['Arn']


def replicator(name, source, target):
    return role(
        name,
        allow(['s3:GetReplicationConfiguration', 's3:ListBucket'], arn(source)),
        allow(['s3:GetObjectVersionForReplication', 's3:GetObjectVersionTagging', 's3:GetObjectVersionAcl'], arn(f'{source}/*')),
        allow(['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], arn(f'{target}/*')),
    )


def rule(target, prefix='', markers='Enabled', priority=1, **destination):
    return {
        'ID': f'to-{target}-{priority}',
        'Status': 'Enabled',
        'Priority': priority,
        'Filter': {'Prefix': prefix},
        'DeleteMarkerReplication': {'Status': markers},
        'Destination': {'Bucket': arn(target), **destination},
    }


def status(s3, name, key='k', **more):
    return s3.head_object(Bucket=name, Key=key, **more).get('ReplicationStatus')


@case
def what_is_written_goes_to_the_other_bucket():
    s3 = bucket('rep-from', 'Enabled')
    bucket('rep-to', 'Enabled')
    configuration = {'Role': replicator('s3-replicator', 'rep-from', 'rep-to'), 'Rules': [rule('rep-to', 'in/', StorageClass='STANDARD_IA')]}
    s3.put_object(Bucket='rep-from', Key='in/before', Body=b'stays')
    s3.put_bucket_replication(Bucket='rep-from', ReplicationConfiguration=configuration)
    same(s3.get_bucket_replication(Bucket='rep-from')['ReplicationConfiguration'], configuration)

    put = s3.put_object(Bucket='rep-from', Key='in/k', Body=b'hello', Metadata={'a': 'b'}, Tagging='x=y', ContentType='text/plain')
    s3.put_object(Bucket='rep-from', Key='out', Body=b'stays')
    until('COMPLETED', lambda: status(s3, 'rep-from', 'in/k'))
    same(status(s3, 'rep-from', 'out'), None)
    there = s3.get_object(Bucket='rep-to', Key='in/k')
    same(there['Body'].read(), b'hello')
    same(
        (there['VersionId'], there['ReplicationStatus'], there['Metadata'], there['ContentType'], there['StorageClass'], there['LastModified']),
        (put['VersionId'], 'REPLICA', {'a': 'b'}, 'text/plain', 'STANDARD_IA', s3.head_object(Bucket='rep-from', Key='in/k')['LastModified']),
    )
    same([o['Key'] for o in s3.list_objects_v2(Bucket='rep-to')['Contents']], ['in/k'])

    s3.put_object_tagging(Bucket='rep-from', Key='in/k', Tagging={'TagSet': [{'Key': 'x', 'Value': 'z'}]})
    until([{'Key': 'x', 'Value': 'z'}], lambda: s3.get_object_tagging(Bucket='rep-to', Key='in/k')['TagSet'])
    upload = {'Bucket': 'rep-from', 'Key': 'in/parts'}
    upload['UploadId'] = s3.create_multipart_upload(**upload)['UploadId']
    part = s3.upload_part(**upload, PartNumber=1, Body=b'part')
    s3.complete_multipart_upload(**upload, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part['ETag']}]})
    s3.copy_object(Bucket='rep-from', Key='in/copy', CopySource='rep-from/out')
    marker = s3.delete_object(Bucket='rep-from', Key='in/k')['VersionId']
    until(['in/copy', 'in/parts'], lambda: [o['Key'] for o in s3.list_objects_v2(Bucket='rep-to').get('Contents', [])])
    same([m['VersionId'] for m in s3.list_object_versions(Bucket='rep-to')['DeleteMarkers']], [marker])
    # What is deleted for good stays where it went.
    s3.delete_object(Bucket='rep-from', Key='in/copy', VersionId=s3.head_object(Bucket='rep-from', Key='in/copy')['VersionId'])

    text = refused('InvalidBucketState', 409, s3.put_bucket_versioning, Bucket='rep-from', VersioningConfiguration={'Status': 'Suspended'})
    same('first delete the replication configuration' in text, True)
    s3.delete_bucket_replication(Bucket='rep-from')
    refused('ReplicationConfigurationNotFoundError', 404, s3.get_bucket_replication, Bucket='rep-from')
    s3.put_object(Bucket='rep-from', Key='in/after', Body=b'')
    same(status(s3, 'rep-from', 'in/after'), None)
    same(s3.head_object(Bucket='rep-to', Key='in/copy')['ReplicationStatus'], 'REPLICA')


@case
def a_role_that_may_not_does_not():
    s3 = bucket('rep-shut', 'Enabled')
    bucket('rep-shut-to', 'Enabled')
    bare = role('s3-bare', allow('s3:GetObjectVersionForReplication', '*'))
    s3.put_bucket_replication(Bucket='rep-shut', ReplicationConfiguration={'Role': bare, 'Rules': [rule('rep-shut-to')]})
    s3.put_object(Bucket='rep-shut', Key='k', Body=b'x')
    until('FAILED', lambda: status(s3, 'rep-shut'))
    same(s3.list_objects_v2(Bucket='rep-shut-to')['KeyCount'], 0)

    mine = client('s3', user('s3-rep-passer', allow('s3:*')))
    refused('AccessDenied', 403, mine.put_bucket_replication, Bucket='rep-shut', ReplicationConfiguration={'Role': bare, 'Rules': [rule('rep-shut-to')]})
    mine = client('s3', user('s3-rep-reader', allow('s3:GetReplicationConfiguration')))
    same(mine.get_bucket_replication(Bucket='rep-shut')['ReplicationConfiguration']['Role'], bare)
    refused('AccessDenied', 403, mine.delete_bucket_replication, Bucket='rep-shut')


@case
def configurations_of_replication_are_judged():
    s3 = bucket('rep-judged')
    bucket('rep-plain')
    bucket('rep-good', 'Enabled')
    whole = lambda *rules: {'Role': f'arn:aws:iam::{account}:role/r', 'Rules': list(rules)}
    put = lambda *rules: {'Bucket': 'rep-judged', 'ReplicationConfiguration': whole(*rules)}
    same(refused('InvalidRequest', 400, s3.put_bucket_replication, **put(rule('rep-good'))), "Versioning must be 'Enabled' on the bucket to apply a replication configuration")
    s3.put_bucket_versioning(Bucket='rep-judged', VersioningConfiguration={'Status': 'Enabled'})
    same(refused('InvalidRequest', 400, s3.put_bucket_replication, **put(rule('rep-plain'))), 'Destination bucket must have versioning enabled.')
    same(refused('InvalidRequest', 400, s3.put_bucket_replication, **put(rule('rep-nowhere'))), 'Destination bucket must exist.')
    schema = 'for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.'
    without = {name: value for name, value in rule('rep-good').items() if name != 'DeleteMarkerReplication'}
    same(refused('InvalidRequest', 400, s3.put_bucket_replication, **put(without)), f'DeleteMarkerReplication must be specified {schema}')
    old = {name: value for name, value in rule('rep-good').items() if name not in ('Filter', 'Priority')} | {'Prefix': ''}
    same(refused('InvalidRequest', 400, s3.put_bucket_replication, **put(old)), f'DeleteMarkerReplication cannot be used {schema}')
    refused('InvalidRequest', 400, s3.put_bucket_replication, **put(rule('rep-good'), rule('rep-good') | {'ID': 'other'}))
    refused('MalformedXML', 400, s3.put_bucket_replication, **put())
    refused('MalformedXML', 400, s3.put_bucket_replication, **put(rule('rep-good') | {'Status': 'On'}))
    refused('InvalidArgument', 400, s3.put_bucket_replication, **put(rule('rep-good') | {'Destination': {'Bucket': 'rep-good'}}))
    refused('NoSuchBucket', 404, s3.put_bucket_replication, Bucket='rep-nowhere', ReplicationConfiguration=whole(rule('rep-good')))
    del old['DeleteMarkerReplication']
    s3.put_bucket_replication(**put(old))


@case
def reports_are_asked_for_by_name():
    s3 = bucket('reports')
    report = {'S3BucketDestination': {'Format': 'CSV', 'Bucket': arn('reports')}}
    kinds = {
        'analytics': ('Analytics', {'StorageClassAnalysis': {'DataExport': {'OutputSchemaVersion': 'V_1', 'Destination': report}}}),
        'inventory': ('Inventory', {'Destination': report, 'IsEnabled': True, 'IncludedObjectVersions': 'All', 'Schedule': {'Frequency': 'Daily'}}),
        'intelligent_tiering': ('IntelligentTiering', {'Status': 'Enabled', 'Tierings': [{'Days': 90, 'AccessTier': 'ARCHIVE_ACCESS'}]}),
        'metrics': ('Metrics', {'Filter': {'Prefix': 'a/'}}),
    }
    for snake, (kind, body) in kinds.items():
        call = lambda verb, plural='': getattr(s3, f'{verb}_bucket_{snake}_configuration{plural}')
        member = f'{kind}Configuration'
        for name in ('b', 'a'):
            call('put')(Bucket='reports', Id=name, **{member: {'Id': name, **body}})
        same(call('get')(Bucket='reports', Id='a')[member], {'Id': 'a', **body})
        listed = call('list', 's')(Bucket='reports')
        same(([each['Id'] for each in listed[f'{member}List']], listed['IsTruncated']), (['a', 'b'], False))
        call('delete')(Bucket='reports', Id='a')
        refused('NoSuchConfiguration', 404, call('get'), Bucket='reports', Id='a')
        refused('NoSuchConfiguration', 404, call('delete'), Bucket='reports', Id='a')
        same([each['Id'] for each in call('list', 's')(Bucket='reports')[f'{member}List']], ['b'])
        refused('NoSuchBucket', 404, call('list', 's'), Bucket='reports-nowhere')

        mine = client('s3', user(f's3-reports-{kind}', allow(f's3:Get{member}', arn('reports'))))
        own = lambda verb, plural='': getattr(mine, f'{verb}_bucket_{snake}_configuration{plural}')
        same(own('get')(Bucket='reports', Id='b')[member]['Id'], 'b')
        own('list', 's')(Bucket='reports')
        refused('AccessDenied', 403, own('put'), Bucket='reports', Id='b', **{member: {'Id': 'b', **body}})
        refused('AccessDenied', 403, own('delete'), Bucket='reports', Id='b')


@case
def policies_go_by_the_tags_of_a_bucket_that_lets_them():
    s3 = bucket('abac')
    s3.put_bucket_tagging(Bucket='abac', Tagging={'TagSet': [{'Key': 'team', 'Value': 'red'}]})
    s3.put_object(Bucket='abac', Key='k', Body=b'x')
    keys = user(
        's3-abac',
        allow('s3:GetBucketTagging', Condition={'StringEquals': {'aws:ResourceTag/team': 'red'}}),
        allow('s3:GetObject', Condition={'StringEquals': {'s3:BucketTag/team': 'red'}}),
        allow('s3:GetBucketAbac'),
    )
    mine = client('s3', keys)
    same(mine.get_bucket_abac(Bucket='abac')['AbacStatus']['Status'], 'Disabled')
    refused('AccessDenied', 403, mine.get_bucket_tagging, Bucket='abac')
    refused('AccessDenied', 403, mine.put_bucket_abac, Bucket='abac', AbacStatus={'Status': 'Enabled'})
    s3.put_bucket_abac(Bucket='abac', AbacStatus={'Status': 'Enabled'})
    same(mine.get_bucket_abac(Bucket='abac')['AbacStatus']['Status'], 'Enabled')
    same(mine.get_bucket_tagging(Bucket='abac')['TagSet'], [{'Key': 'team', 'Value': 'red'}])
    same(mine.get_object(Bucket='abac', Key='k')['Body'].read(), b'x')
    s3.put_bucket_tagging(Bucket='abac', Tagging={'TagSet': [{'Key': 'team', 'Value': 'blue'}]})
    refused('AccessDenied', 403, mine.get_object, Bucket='abac', Key='k')
    refused('MalformedXML', 400, s3.put_bucket_abac, Bucket='abac', AbacStatus={'Status': 'On'})


@case
def an_object_gets_another_key():
    s3 = bucket('rekeyed', 'Enabled')
    s3.put_object(Bucket='rekeyed', Key='k', Body=b'x')
    key = f'arn:aws:kms:us-east-1:{account}:key/12345678-1234-4234-8234-123456789012'
    update = {'Bucket': 'rekeyed', 'Key': 'k', 'ObjectEncryption': {'SSEKMS': {'KMSKeyArn': key, 'BucketKeyEnabled': True}}}
    s3.update_object_encryption(**update)
    told = s3.head_object(Bucket='rekeyed', Key='k')
    same((told['ServerSideEncryption'], told['SSEKMSKeyId'], told['BucketKeyEnabled'], told['ETag']), ('aws:kms', key, True, '"9dd4e461268c8034f5c8564e155c67a6"'))
    s3.put_object(Bucket='rekeyed', Key='own', Body=b'x', SSECustomerAlgorithm='AES256', SSECustomerKey=b'k' * 32)
    refused('InvalidRequest', 400, s3.update_object_encryption, **{**update, 'Key': 'own'})
    refused('NoSuchKey', 404, s3.update_object_encryption, **{**update, 'Key': 'none'})
    mine = client('s3', user('s3-rekeyer', allow('s3:GetObject')))
    refused('AccessDenied', 403, mine.update_object_encryption, **update)


@case
def a_key_of_a_bucket_is_told_as_it_was_given():
    s3 = bucket('keyed')
    key = '12345678-1234-4234-8234-123456789012'
    byDefault = {'SSEAlgorithm': 'aws:kms', 'KMSMasterKeyID': key}
    s3.put_bucket_encryption(Bucket='keyed', ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault': byDefault}]})
    told = s3.get_bucket_encryption(Bucket='keyed')['ServerSideEncryptionConfiguration']['Rules']
    same(told, [{'ApplyServerSideEncryptionByDefault': byDefault, 'BucketKeyEnabled': False}])
    same(s3.put_object(Bucket='keyed', Key='k', Body=b'')['SSEKMSKeyId'], f'arn:aws:kms:us-east-1:{account}:key/{key}')


@case
def nobody_selects_any_more():
    s3 = bucket('selected')
    s3.put_object(Bucket='selected', Key='k', Body=b'a,b')
    asked = {'Bucket': 'selected', 'ExpressionType': 'SQL', 'Expression': 'select * from s3object', 'InputSerialization': {'CSV': {}}, 'OutputSerialization': {'CSV': {}}}
    refused('MethodNotAllowed', 405, s3.select_object_content, Key='k', **asked)
    refused('NoSuchKey', 404, s3.select_object_content, Key='none', **asked)


@case
def what_is_asked_of_a_bucket_is_to_be_written_down():
    s3 = bucket('logged')
    for name in ('logs', 'logs-listed'):
        bucket(name, **({'ObjectOwnership': 'ObjectWriter'} if name == 'logs-listed' else {}))
    enable = lambda target, **more: {'Bucket': 'logged', 'BucketLoggingStatus': {'LoggingEnabled': {'TargetBucket': target, 'TargetPrefix': 'access/', **more}}}
    s3.put_bucket_logging(**enable('logs'))
    same(s3.get_bucket_logging(Bucket='logged')['LoggingEnabled'], {'TargetBucket': 'logs', 'TargetPrefix': 'access/'})
    refused('InvalidTargetBucketForLogging', 400, s3.put_bucket_logging, **enable('logs-nowhere'))
    text = refused('InvalidTargetBucketForLogging', 400, s3.put_bucket_logging, **enable('logs-listed'))
    same(text, 'You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket')
    s3.put_bucket_acl(Bucket='logs-listed', ACL='log-delivery-write')
    grantee = {'Type': 'Group', 'URI': 'http://acs.amazonaws.com/groups/global/AllUsers'}
    refused('MalformedXML', 400, s3.put_bucket_logging, **enable('logs-listed', TargetGrants=[{'Grantee': grantee, 'Permission': 'ANY'}]))
    format = {'PartitionedPrefix': {'PartitionDateSource': 'EventTime'}}
    s3.put_bucket_logging(**enable('logs-listed', TargetObjectKeyFormat=format))
    same(s3.get_bucket_logging(Bucket='logged')['LoggingEnabled']['TargetObjectKeyFormat'], format)
    client('s3', region_name='eu-west-1').create_bucket(Bucket='logs-far', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    refused('CrossLocationLoggingProhibitted', 403, s3.put_bucket_logging, **enable('logs-far'))
    mine = client('s3', user('s3-logs-reader', allow('s3:GetBucketLogging')))
    mine.get_bucket_logging(Bucket='logged')
    refused('AccessDenied', 403, mine.put_bucket_logging, **enable('logs'))
    s3.put_bucket_logging(Bucket='logged', BucketLoggingStatus={})
    same('LoggingEnabled' in s3.get_bucket_logging(Bucket='logged'), False)


@case
def everything_that_is_built_was_called():
    same(sorted(name for name in s3_operations.settings if ('s3', name) not in succeeded), [])


if __name__ == '__main__':
    run('s3 settings')
