"""boto3 against directory buckets of the local S3: what they keep, how they are entered, and what they refuse."""

import base64, datetime, os, zlib

import s3_operations
from botocore.exceptions import ClientError
from witness import account, allow, case, client, names_lead_here, policy, refused, run, same, succeeded, trust, user

names_lead_here()

zone = 'use1-az4'


def name_of(name):
    return f'{name}--{zone}--x-s3'


def arn_of(name):
    return f'arn:aws:s3express:us-east-1:{account}:bucket/{name_of(name)}'


def directory(name, **more):
    """A new directory bucket's name, and a client."""
    s3 = client('s3', **more)
    configuration = {'Location': {'Type': 'AvailabilityZone', 'Name': zone}, 'Bucket': {'Type': 'Directory', 'DataRedundancy': 'SingleAvailabilityZone'}}
    s3.create_bucket(Bucket=name_of(name), CreateBucketConfiguration=configuration)
    return name_of(name), s3


def denied(call, **arguments):
    return refused('AccessDenied', 403, call, **arguments)


def direct(keys=None):
    """A client that signs each request with its own keys, and asks for no session."""
    os.environ['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH'] = 'true'
    try:
        return client('s3', keys)
    finally:
        del os.environ['AWS_S3_DISABLE_EXPRESS_SESSION_AUTH']


@case
def a_directory_bucket_is_made_described_listed_and_removed():
    name, s3 = directory('made')
    same(s3.head_bucket(Bucket=name)['BucketLocationName'], zone)
    listed = [b for b in s3.list_directory_buckets()['Buckets'] if b['Name'] == name]
    same([b['Name'] for b in listed], [name])
    assert name not in [b['Name'] for b in s3.list_buckets()['Buckets']]
    directory('made-2')
    page = s3.list_directory_buckets(MaxDirectoryBuckets=1)
    assert page['ContinuationToken'] and len(page['Buckets']) == 1, page
    names = [b['Name'] for p in s3.get_paginator('list_directory_buckets').paginate(PaginationConfig={'PageSize': 1}) for b in p['Buckets']]
    assert {name, name_of('made-2')} <= set(names), names
    configuration = {'Location': {'Type': 'AvailabilityZone', 'Name': zone}, 'Bucket': {'Type': 'Directory', 'DataRedundancy': 'SingleAvailabilityZone'}}
    refused('BucketAlreadyOwnedByYou', 409, s3.create_bucket, Bucket=name, CreateBucketConfiguration=configuration)
    refused('InvalidBucketName', 400, s3.create_bucket, Bucket='no-zone', CreateBucketConfiguration=configuration)
    s3.put_object(Bucket=name, Key='k', Body=b'')
    refused('BucketNotEmpty', 409, s3.delete_bucket, Bucket=name)
    s3.delete_object(Bucket=name, Key='k')
    s3.delete_bucket(Bucket=name)
    refused('404', 404, s3.head_bucket, Bucket=name)


@case
def objects_are_kept_listed_copied_and_removed():
    name, s3 = directory('objects')
    s3.create_bucket(Bucket='general')
    s3.put_object(Bucket='general', Key='from', Body=b'general')
    for key in ('a/1', 'a/2', 'b/3', 'top'):
        s3.put_object(Bucket=name, Key=key, Body=key.encode(), Metadata={'m': 'v'})
    got = s3.get_object(Bucket=name, Key='a/1')
    same((got['Body'].read(), got['StorageClass'], got['Metadata']), (b'a/1', 'EXPRESS_ONEZONE', {'m': 'v'}))
    page = s3.list_objects_v2(Bucket=name, Delimiter='/')
    same((sorted(p['Prefix'] for p in page['CommonPrefixes']), [o['Key'] for o in page['Contents']]), (['a/', 'b/'], ['top']))
    same({o['StorageClass'] for o in s3.list_objects_v2(Bucket=name, Prefix='a/')['Contents']}, {'EXPRESS_ONEZONE'})
    s3.copy_object(Bucket=name, Key='copied', CopySource={'Bucket': 'general', 'Key': 'from'})
    s3.copy_object(Bucket='general', Key='back', CopySource={'Bucket': name, 'Key': 'copied'})
    back = s3.get_object(Bucket='general', Key='back')
    same((back['Body'].read(), back.get('StorageClass')), (b'general', None))
    upload = s3.create_multipart_upload(Bucket=name, Key='parts')['UploadId']
    of = {'Bucket': name, 'Key': 'parts', 'UploadId': upload}
    parts = [{'PartNumber': 1, 'ETag': s3.upload_part(PartNumber=1, Body=b'whole', **of)['ETag']}]
    same(len(s3.list_parts(**of)['Parts']), 1)
    s3.complete_multipart_upload(MultipartUpload={'Parts': parts}, **of)
    same(s3.head_object(Bucket=name, Key='parts')['StorageClass'], 'EXPRESS_ONEZONE')
    gone = s3.delete_objects(Bucket=name, Delete={'Objects': [{'Key': k} for k in ('a/1', 'a/2', 'b/3', 'top', 'copied', 'parts')]})
    same((len(gone['Deleted']), s3.list_objects_v2(Bucket=name)['KeyCount']), (6, 0))


@case
def an_object_gets_another_name():
    name, s3 = directory('renamed')
    s3.put_object(Bucket=name, Key='old name', Body=b'bytes', ContentType='text/x')
    s3.rename_object(Bucket=name, Key='new/name', RenameSource=f'/{name}/old%20name')
    got = s3.get_object(Bucket=name, Key='new/name')
    same((got['Body'].read(), got['ContentType']), (b'bytes', 'text/x'))
    refused('NoSuchKey', 404, s3.get_object, Bucket=name, Key='old name')
    refused('NoSuchKey', 404, s3.rename_object, Bucket=name, Key='x', RenameSource='never')
    s3.put_object(Bucket=name, Key='there', Body=b'other')
    refused('PreconditionFailed', 412, s3.rename_object, Bucket=name, Key='there', RenameSource='new/name', DestinationIfNoneMatch='*')
    refused('PreconditionFailed', 412, s3.rename_object, Bucket=name, Key='there', RenameSource='new/name', SourceIfMatch='"no"')
    s3.rename_object(Bucket=name, Key='there', RenameSource='new/name', SourceIfMatch=got['ETag'])
    same(s3.get_object(Bucket=name, Key='there')['Body'].read(), b'bytes')
    same([o['Key'] for o in s3.list_objects_v2(Bucket=name)['Contents']], ['there'])


@case
def an_object_grows():
    name, s3 = directory('growing')
    refused('InvalidWriteOffset', 400, s3.put_object, Bucket=name, Key='log', Body=b'x', WriteOffsetBytes=1)
    first = s3.put_object(Bucket=name, Key='log', Body=b'one ', WriteOffsetBytes=0, ContentType='text/log')
    second = s3.put_object(Bucket=name, Key='log', Body=b'two ', WriteOffsetBytes=4)
    same((first['Size'], second['Size']), (4, 8))
    assert first['ETag'] != second['ETag']
    text = refused('InvalidWriteOffset', 400, s3.put_object, Bucket=name, Key='log', Body=b'two ', WriteOffsetBytes=4)
    same(text, 'The write offset value that you specified does not match the current object size.')
    s3.put_object(Bucket=name, Key='log', Body=b'three', WriteOffsetBytes=8, IfMatch=second['ETag'])
    refused('PreconditionFailed', 412, s3.put_object, Bucket=name, Key='log', Body=b'x', WriteOffsetBytes=13, IfMatch=second['ETag'])
    got = s3.get_object(Bucket=name, Key='log', ChecksumMode='ENABLED')
    # boto3 compares the checksum with the bytes.
    same((got['Body'].read(), got['ContentType'], got['ContentLength']), (b'one two three', 'text/log', 13))
    crc = base64.b64encode(zlib.crc32(b'one two three').to_bytes(4, 'big')).decode()
    same((got['ChecksumCRC32'], got['ChecksumType']), (crc, 'FULL_OBJECT'))
    same(s3.get_object(Bucket=name, Key='log', Range='bytes=2-9')['Body'].read(), b'e two th')
    s3.put_object(Bucket=name, Key='sha', Body=b'a', ChecksumAlgorithm='SHA256')
    refused('InvalidRequest', 400, s3.put_object, Bucket=name, Key='sha', Body=b'b', WriteOffsetBytes=1)


@case
def what_there_is_not_is_refused():
    name, s3 = directory('limits')
    for more in ({'Tagging': 'a=b'}, {'ACL': 'private'}, {'ObjectLockLegalHoldStatus': 'ON'}, {'WebsiteRedirectLocation': '/x'}):
        refused('NotImplemented', 501, s3.put_object, Bucket=name, Key='k', Body=b'', **more)
    refused('InvalidStorageClass', 400, s3.put_object, Bucket=name, Key='k', Body=b'', StorageClass='STANDARD')
    for call in (s3.get_bucket_versioning, s3.get_bucket_acl, s3.get_bucket_tagging, s3.list_objects, s3.list_object_versions, s3.get_bucket_cors):
        refused('NotImplemented', 501, call, Bucket=name)
    refused('InvalidArgument', 400, s3.list_objects_v2, Bucket=name, Delimiter='-')
    refused('InvalidArgument', 400, s3.list_objects_v2, Bucket=name, Prefix='half')
    refused('NotImplemented', 501, s3.list_objects_v2, Bucket=name, StartAfter='a')
    refused('NoSuchBucket', 404, s3.list_objects_v2, Bucket=name_of('never'))
    s3.create_bucket(Bucket='of-no-zone')
    refused('NotImplemented', 501, s3.put_object, Bucket='of-no-zone', Key='k', Body=b'', WriteOffsetBytes=0)
    refused('InvalidStorageClass', 400, s3.put_object, Bucket='of-no-zone', Key='k', Body=b'', StorageClass='EXPRESS_ONEZONE')
    refused('MethodNotAllowed', 405, s3.create_session, Bucket='of-no-zone')


@case
def who_may_have_a_session_may_do_what_it_is_for():
    name, s3 = directory('sessions')
    s3.put_object(Bucket=name, Key='k', Body=b'x')
    nobody = client('s3', user('x-nobody', allow('s3:*')))
    text = denied(nobody.get_object, Bucket=name, Key='k')
    same(text, f'User: arn:aws:iam::{account}:user/x-nobody is not authorized to perform: s3express:CreateSession on resource: "{arn_of("sessions")}" because no identity-based policy allows the s3express:CreateSession action')
    reading = allow('s3express:CreateSession', arn_of('sessions'), Condition={'StringEquals': {'s3express:SessionMode': 'ReadOnly'}})
    reader = client('s3', user('x-reader', reading))
    # Who does not say which gets the most there is.
    same(reader.get_object(Bucket=name, Key='k')['Body'].read(), b'x')
    denied(reader.put_object, Bucket=name, Key='k', Body=b'')
    denied(reader.create_session, Bucket=name, SessionMode='ReadWrite')
    denied(reader.delete_bucket, Bucket=name)
    writer = client('s3', user('x-writer', allow('s3express:CreateSession', arn_of('sessions'))))
    writer.put_object(Bucket=name, Key='k', Body=b'y')
    denied(reader.delete_objects, Bucket=name, Delete={'Objects': [{'Key': 'k'}]})
    other, _ = directory('sessions-2')
    denied(writer.get_object, Bucket=other, Key='k')
    # Without sessions the same is asked of each request.
    keys = user('x-direct', reading)
    same(direct(keys).get_object(Bucket=name, Key='k')['Body'].read(), b'y')
    denied(direct(keys).put_object, Bucket=name, Key='k', Body=b'')


@case
def a_session_is_good_for_one_bucket_and_nothing_else():
    name, s3 = directory('alone')
    other, _ = directory('alone-2')
    made = s3.create_session(Bucket=name)['Credentials']
    left = made['Expiration'] - datetime.datetime.now(datetime.timezone.utc)
    assert datetime.timedelta(minutes=4) < left <= datetime.timedelta(minutes=5), left
    held = direct({k: made[k] for k in ('AccessKeyId', 'SecretAccessKey', 'SessionToken')})
    held.put_object(Bucket=name, Key='k', Body=b'')
    s3.create_bucket(Bucket='alone-general')
    denied(held.list_objects_v2, Bucket=other)
    denied(held.list_objects_v2, Bucket='alone-general')
    denied(held.list_buckets)
    s3.put_object(Bucket='alone-general', Key='secret', Body=b'')
    denied(held.copy_object, Bucket=name, Key='copy', CopySource={'Bucket': 'alone-general', 'Key': 'secret'})
    # What was for a bucket that was not there is not for that of somebody else.
    early = s3.create_session(Bucket=name_of('alone-3'))['Credentials']
    o = client('organizations')
    o.create_organization(FeatureSet='ALL')
    asked = o.create_account(AccountName='maker', Email='maker@example.com')['CreateAccountStatus']['Id']
    made_by = o.describe_create_account_status(CreateAccountRequestId=asked)['CreateAccountStatus']['AccountId']
    role = f'arn:aws:iam::{made_by}:role/OrganizationAccountAccessRole'
    theirs, _ = directory('alone-3', keys=client('sts').assume_role(RoleArn=role, RoleSessionName='maker')['Credentials'])
    denied(direct({k: early[k] for k in ('AccessKeyId', 'SecretAccessKey', 'SessionToken')}).list_objects_v2, Bucket=theirs)
    denied(s3.create_session, Bucket=theirs)
    for service in ('sts', 'iam', 'sqs'):
        keys = {k: made[k] for k in ('AccessKeyId', 'SecretAccessKey', 'SessionToken')}
        call = {'sts': 'get_caller_identity', 'iam': 'list_users', 'sqs': 'list_queues'}[service]
        try:
            getattr(client(service, keys), call)()
            raise AssertionError(f'{service} took the credentials of a session')
        except ClientError as error:
            assert error.response['ResponseMetadata']['HTTPStatusCode'] in (400, 403), error


@case
def a_role_has_sessions_too():
    name, s3 = directory('roles')
    iam = client('iam')
    arn = iam.create_role(RoleName='x-role', AssumeRolePolicyDocument=trust({'AWS': account}))['Role']['Arn']
    iam.put_role_policy(RoleName='x-role', PolicyName='p', PolicyDocument=policy(allow('s3express:CreateSession', arn_of('roles'))))
    keys = client('sts').assume_role(RoleArn=arn, RoleSessionName='somebody')['Credentials']
    client('s3', keys).put_object(Bucket=name, Key='k', Body=b'of a role')
    same(s3.get_object(Bucket=name, Key='k')['Body'].read(), b'of a role')
    # Whatever the session of a role was narrowed to binds what comes of it.
    narrow = policy(allow('s3express:CreateSession', arn_of('other')))
    keys = client('sts').assume_role(RoleArn=arn, RoleSessionName='narrow', Policy=narrow)['Credentials']
    text = denied(client('s3', keys).put_object, Bucket=name, Key='k', Body=b'')
    assert 'because no session policy allows' in text, text


@case
def it_has_tags_by_s3_control():
    name, _ = directory('tagged')
    of = {'AccountId': account, 'ResourceArn': arn_of('tagged')}
    control = client('s3control')
    control.tag_resource(Tags=[{'Key': 'team', 'Value': 'red'}], **of)
    same(control.list_tags_for_resource(**of)['Tags'], [{'Key': 'team', 'Value': 'red'}])
    text = denied(client('s3control', user('x-tagger', allow('s3:*'))).list_tags_for_resource, **of)
    assert 's3express:ListTagsForResource' in text, text


@case
def the_buckets_policy_decides_who_enters():
    name, s3 = directory('policy')
    s3.put_object(Bucket=name, Key='k', Body=b'x')
    keys = user('x-guest')
    guest = f'arn:aws:iam::{account}:user/x-guest'
    denied(client('s3', keys).get_object, Bucket=name, Key='k')
    document = policy({'Effect': 'Allow', 'Principal': {'AWS': guest}, 'Action': 's3express:CreateSession', 'Resource': arn_of('policy')})
    s3.put_bucket_policy(Bucket=name, Policy=document)
    same(client('s3', keys).get_object(Bucket=name, Key='k')['Body'].read(), b'x')
    same(s3.get_bucket_policy(Bucket=name)['Policy'], document)
    for wrong in (
        {'Action': 's3:GetObject', 'Resource': arn_of('policy')},
        {'Action': 's3express:CreateSession', 'Resource': f'arn:aws:s3:::{name}'},
        {'Action': 's3express:CreateSession', 'Resource': arn_of('other')},
    ):
        refused('MalformedPolicy', 400, s3.put_bucket_policy, Bucket=name, Policy=policy({'Effect': 'Allow', 'Principal': '*', **wrong}))
    s3.put_bucket_policy(Bucket=name, Policy=policy({'Effect': 'Deny', 'Principal': '*', 'Action': 's3express:CreateSession', 'Resource': arn_of('policy')}))
    text = denied(client('s3').get_object, Bucket=name, Key='k')
    assert text.endswith('with an explicit deny in a resource-based policy'), text
    direct().delete_bucket_policy(Bucket=name)
    client('s3').get_object(Bucket=name, Key='k')


@case
def each_operation_of_its_own_was_called():
    same(sorted(name for name in s3_operations.express if ('s3', name) not in succeeded), [])


run()
