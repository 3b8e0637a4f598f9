"""boto3 against the local AWS."""

import io, os

import boto3
from botocore.config import Config

from witness import allow, case, client, policy, refused, run, trust, user

config = Config(retries={'max_attempts': 1}, s3={'addressing_style': 'path'})


@case
def sts_caller_identity():
    identity = client('sts').get_caller_identity()
    assert identity['Account'] == '123456789012', identity
    assert identity['Arn'].startswith('arn:aws:iam::123456789012:'), identity


@case
def sts_wrong_secret_is_refused():
    text = refused('SignatureDoesNotMatch', 403, client('sts', {'SecretAccessKey': 'x' * 40}).get_caller_identity)
    assert text.startswith('The request signature we calculated does not match'), text


@case
def sts_unknown_key_is_refused():
    text = refused('InvalidClientTokenId', 403, client('sts', {'AccessKeyId': 'AKIAIOSFODNN7EXAMPLE'}).get_caller_identity)
    assert text == 'The security token included in the request is invalid.', text


@case
def sts_session_token():
    keys = user('session-user', allow('iam:GetUser'))
    session = client('sts', keys).get_session_token(DurationSeconds=900)['Credentials']
    identity = client('sts', session).get_caller_identity()
    assert identity['Arn'].endswith(':user/session-user'), identity
    refused('InvalidClientTokenId', 403, client('iam', session).get_user)  # no MFA: no IAM
    forged = dict(session, SessionToken=session['SessionToken'][:-6] + 'AAAAAA')
    refused('InvalidClientTokenId', 403, client('sts', forged).get_caller_identity)


@case
def sts_assume_role():
    iam = client('iam')
    keys = user('assumer', allow('sts:AssumeRole', 'arn:aws:iam::123456789012:role/assumed'))
    role = iam.create_role(RoleName='assumed', AssumeRolePolicyDocument=trust({'AWS': 'arn:aws:iam::123456789012:root'}))['Role']
    iam.put_role_policy(RoleName='assumed', PolicyName='p', PolicyDocument=policy(allow('s3:ListAllMyBuckets')))
    answer = client('sts', keys).assume_role(RoleArn=role['Arn'], RoleSessionName='me')
    assert answer['AssumedRoleUser']['Arn'] == 'arn:aws:sts::123456789012:assumed-role/assumed/me', answer
    session = answer['Credentials']
    client('s3', session).list_buckets()
    text = refused('AccessDenied', 403, client('iam', session).list_users)
    assert 'assumed-role/assumed/me is not authorized to perform: iam:ListUsers' in text, text
    # A session policy narrows.
    narrow = client('sts', keys).assume_role(RoleArn=role['Arn'], RoleSessionName='me', Policy=policy(allow('sts:*')))['Credentials']
    refused('AccessDenied', 403, client('s3', narrow).list_buckets)
    refused('AccessDenied', 403, client('sts', keys).assume_role, RoleArn='arn:aws:iam::123456789012:role/nobody', RoleSessionName='me')


@case
def iam_users_and_keys():
    iam = client('iam')
    made = iam.create_user(UserName='ann', Path='/team/', Tags=[{'Key': 'k', 'Value': 'v'}])['User']
    assert made['Arn'] == 'arn:aws:iam::123456789012:user/team/ann' and made['UserId'].startswith('AIDA'), made
    assert iam.get_user(UserName='ann')['User']['Tags'] == [{'Key': 'k', 'Value': 'v'}]
    refused('EntityAlreadyExists', 409, iam.create_user, UserName='ann')
    text = refused('NoSuchEntity', 404, iam.get_user, UserName='nobody')
    assert text == 'The user with name nobody cannot be found.', text
    first = iam.create_access_key(UserName='ann')['AccessKey']
    iam.create_access_key(UserName='ann')
    text = refused('LimitExceeded', 409, iam.create_access_key, UserName='ann')
    assert text == 'Cannot exceed quota for AccessKeysPerUser: 2', text
    client('sts', first).get_caller_identity()
    iam.update_access_key(UserName='ann', AccessKeyId=first['AccessKeyId'], Status='Inactive')
    refused('InvalidClientTokenId', 403, client('sts', first).get_caller_identity)
    refused('DeleteConflict', 409, iam.delete_user, UserName='ann')
    for key in iam.list_access_keys(UserName='ann')['AccessKeyMetadata']:
        iam.delete_access_key(UserName='ann', AccessKeyId=key['AccessKeyId'])
    iam.delete_user(UserName='ann')
    assert 'ann' not in [user['UserName'] for page in iam.get_paginator('list_users').paginate() for user in page['Users']]


@case
def iam_groups_and_managed_policies():
    iam = client('iam')
    keys = user('grouped')
    refused('AccessDenied', 403, client('s3', keys).list_buckets)
    arn = iam.create_policy(PolicyName='lister', PolicyDocument=policy(allow('s3:ListAllMyBuckets')))['Policy']['Arn']
    iam.create_group(GroupName='g')
    iam.attach_group_policy(GroupName='g', PolicyArn=arn)
    iam.add_user_to_group(GroupName='g', UserName='grouped')
    client('s3', keys).list_buckets()
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=policy(allow('s3:GetObject')), SetAsDefault=True)
    refused('AccessDenied', 403, client('s3', keys).list_buckets)
    assert [v['VersionId'] for v in iam.list_policy_versions(PolicyArn=arn)['Versions']] == ['v2', 'v1']
    document = iam.get_policy_version(PolicyArn=arn, VersionId='v1')['PolicyVersion']['Document']
    assert document['Statement'][0]['Action'] == 's3:ListAllMyBuckets', document


@case
def iam_malformed_policy():
    text = refused('MalformedPolicyDocument', 400, client('iam').create_policy, PolicyName='bad', PolicyDocument='{"Version":"2012-10-17"}')
    assert text == 'Syntax errors in policy.', text


@case
def iam_explicit_deny_wins():
    keys = user('denied', allow('*'), {'Effect': 'Deny', 'Action': 's3:ListAllMyBuckets', 'Resource': '*'})
    text = refused('AccessDenied', 403, client('s3', keys).list_buckets)
    assert 'with an explicit deny in an identity-based policy' in text, text


@case
def s3_objects():
    s3 = client('s3')
    s3.create_bucket(Bucket='cases')
    put = s3.put_object(Bucket='cases', Key='a/b c/ü.txt', Body=b'hello world', ContentType='text/plain', Metadata={'who': 'me'})
    assert put['ETag'] == '"5eb63bbbe01eeed093cb22bb8f5acdc3"', put
    got = s3.get_object(Bucket='cases', Key='a/b c/ü.txt')
    assert got['Body'].read() == b'hello world' and got['ContentType'] == 'text/plain' and got['Metadata'] == {'who': 'me'}, got
    part = s3.get_object(Bucket='cases', Key='a/b c/ü.txt', Range='bytes=6-')
    assert part['Body'].read() == b'world' and part['ContentRange'] == 'bytes 6-10/11', part
    head = s3.head_object(Bucket='cases', Key='a/b c/ü.txt')
    assert head['ContentLength'] == 11, head
    refused('NoSuchKey', 404, s3.get_object, Bucket='cases', Key='none')
    refused('404', 404, s3.head_object, Bucket='cases', Key='none')
    refused('NoSuchBucket', 404, s3.list_objects_v2, Bucket='not-there')
    refused('BucketNotEmpty', 409, s3.delete_bucket, Bucket='cases')
    s3.delete_object(Bucket='cases', Key='a/b c/ü.txt')
    s3.delete_bucket(Bucket='cases')


@case
def s3_dot_segments_are_keys():
    s3 = client('s3')
    s3.create_bucket(Bucket='dots')
    for key in ('a/../b', './x', 'y//z', 'q?=&#%2F+ ', "it's"):
        s3.put_object(Bucket='dots', Key=key, Body=key.encode())
        assert s3.get_object(Bucket='dots', Key=key)['Body'].read() == key.encode(), key
    assert sorted(o['Key'] for o in s3.list_objects_v2(Bucket='dots')['Contents']) == sorted(('a/../b', './x', 'y//z', 'q?=&#%2F+ ', "it's"))


@case
def s3_listing():
    s3 = client('s3')
    s3.create_bucket(Bucket='listing')
    for n in range(25):
        s3.put_object(Bucket='listing', Key=f'p/{n:03}', Body=b'x')
    s3.put_object(Bucket='listing', Key='q', Body=b'x')
    keys = [o['Key'] for page in s3.get_paginator('list_objects_v2').paginate(Bucket='listing', PaginationConfig={'PageSize': 7}) for o in page['Contents']]
    assert keys == [f'p/{n:03}' for n in range(25)] + ['q'], keys
    top = s3.list_objects_v2(Bucket='listing', Delimiter='/')
    assert [p['Prefix'] for p in top['CommonPrefixes']] == ['p/'] and [o['Key'] for o in top['Contents']] == ['q'], top


@case
def s3_multipart():
    s3 = client('s3')
    s3.create_bucket(Bucket='parts')
    blob = os.urandom(11 * 1024 * 1024)
    s3.upload_fileobj(io.BytesIO(blob), 'parts', 'big')
    out = io.BytesIO()
    s3.download_fileobj('parts', 'big', out)
    assert out.getvalue() == blob
    assert s3.head_object(Bucket='parts', Key='big')['ETag'].endswith('-2"')
    upload = s3.create_multipart_upload(Bucket='parts', Key='never')['UploadId']
    s3.abort_multipart_upload(Bucket='parts', Key='never', UploadId=upload)
    refused('NoSuchUpload', 404, s3.list_parts, Bucket='parts', Key='never', UploadId=upload)


@case
def s3_presigned():
    import urllib.request, urllib.error
    s3 = boto3.client('s3', config=config.merge(Config(signature_version='s3v4')))  # its default is version 2, which new buckets refuse
    s3.create_bucket(Bucket='links')
    s3.put_object(Bucket='links', Key='k', Body=b'linked')
    url = s3.generate_presigned_url('get_object', Params={'Bucket': 'links', 'Key': 'k'}, ExpiresIn=60)
    assert urllib.request.urlopen(url).read() == b'linked'
    try:
        urllib.request.urlopen(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=61'))
        raise AssertionError('a changed link was honoured')
    except urllib.error.HTTPError as error:
        assert error.code == 403, error.code


@case
def s3_policies_name_objects():
    s3 = client('s3')
    s3.create_bucket(Bucket='guarded')
    s3.put_object(Bucket='guarded', Key='open/x', Body=b'1')
    s3.put_object(Bucket='guarded', Key='shut/x', Body=b'2')
    keys = user('reader', allow('s3:GetObject', 'arn:aws:s3:::guarded/open/*'),
                         allow('s3:ListBucket', 'arn:aws:s3:::guarded', Condition={'StringLike': {'s3:prefix': 'open/*'}}))
    mine = client('s3', keys)
    assert mine.get_object(Bucket='guarded', Key='open/x')['Body'].read() == b'1'
    text = refused('AccessDenied', 403, mine.get_object, Bucket='guarded', Key='shut/x')
    assert 's3:GetObject on resource: "arn:aws:s3:::guarded/shut/x" because no identity-based policy allows the s3:GetObject action' in text, text
    mine.list_objects_v2(Bucket='guarded', Prefix='open/')
    refused('AccessDenied', 403, mine.list_objects_v2, Bucket='guarded')
    refused('AccessDenied', 403, mine.put_object, Bucket='guarded', Key='open/x', Body=b'3')


@case
def unsigned_is_refused():
    from botocore import UNSIGNED
    s3 = boto3.client('s3', config=config.merge(Config(signature_version=UNSIGNED)))
    refused('AccessDenied', 403, s3.list_buckets)


@case
def what_is_not_built_says_so():
    text = refused('NotImplemented', 501, client('glue').list_jobs)
    assert 'ListJobs' in text, text
    keys = user('powerless')
    refused('AccessDeniedException', 400, client('glue', keys).list_jobs)


run()
