"""boto3 against the local S3 Control: access points and the account's public access block, and S3 through them."""

import json, urllib.request

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore import UNSIGNED
from witness import account, allow, called_and_not, case, client, names_lead_here, not_refused, policy, refused, run, same, user

names_lead_here()

region = 'us-east-1'
blocked = {'BlockPublicAcls': True, 'IgnorePublicAcls': True, 'BlockPublicPolicy': True, 'RestrictPublicBuckets': True}
opened = dict.fromkeys(blocked, False)


def control(keys=None, **more):
    return client('s3control', keys, **more)


def point(name, bucket=None, **more):
    """An access point of a bucket, which is made where it is not named; its ARN and alias."""
    if bucket is None:
        bucket = f'{name}-bucket'
        client('s3').create_bucket(Bucket=bucket)
    made = control().create_access_point(AccountId=account, Name=name, Bucket=bucket, **more)
    return made['AccessPointArn'], made['Alias']


def granted(principal, action, resource, **more):
    return {'Effect': 'Allow', 'Principal': principal, 'Action': action, 'Resource': resource, **more}


def let(name, *statements):
    control().put_access_point_policy(AccountId=account, Name=name, Policy=policy(*statements))


def let_in_bucket(name, *statements):
    client('s3').put_bucket_policy(Bucket=name, Policy=policy(*statements))


def delegate(name, owner=account):
    """AWS's recommendation: who comes by an access point of this account may, if the access point lets him."""
    by_point = {'StringEquals': {'s3:DataAccessPointAccount': owner}}
    let_in_bucket(name, granted({'AWS': '*'}, '*', [f'arn:aws:s3:::{name}', f'arn:aws:s3:::{name}/*'], Condition=by_point))


def arn_of(name):
    return f'arn:aws:iam::{account}:user/{name}'


def denied(call, **arguments):
    return refused('AccessDenied', 403, call, **arguments)


@case
def an_access_point_is_made_described_and_removed():
    s3, c = client('s3'), control()
    s3.create_bucket(Bucket='crud-bucket')
    made = c.create_access_point(AccountId=account, Name='crud-with-a-name-of-30-letters', Bucket='crud-bucket')
    arn, alias = made['AccessPointArn'], made['Alias']
    same(arn, f'arn:aws:s3:{region}:{account}:accesspoint/crud-with-a-name-of-30-letters')
    assert alias.startswith('crud-with-a-name-of-') and alias.endswith('use1b-s3alias') and len(alias) <= 63, alias
    listed = {
        'Name': 'crud-with-a-name-of-30-letters',
        'NetworkOrigin': 'Internet',
        'Bucket': 'crud-bucket',
        'AccessPointArn': arn,
        'Alias': alias,
        'BucketAccountId': account,
    }
    got = c.get_access_point(AccountId=account, Name=listed['Name'])
    assert got.pop('CreationDate')
    got.pop('ResponseMetadata')
    endpoints = {
        'ipv4': f's3-accesspoint.{region}.amazonaws.com',
        'fips': f's3-accesspoint-fips.{region}.amazonaws.com',
        'fips_dualstack': f's3-accesspoint-fips.dualstack.{region}.amazonaws.com',
        'dualstack': f's3-accesspoint.dualstack.{region}.amazonaws.com',
    }
    same(got, {**listed, 'PublicAccessBlockConfiguration': blocked, 'Endpoints': endpoints})
    same(c.list_access_points(AccountId=account, Bucket='crud-bucket')['AccessPointList'], [listed])
    refused('BucketHasAccessPointsAttached', 400, s3.delete_bucket, Bucket='crud-bucket')
    refused('AccessPointAlreadyOwnedByYou', 409, c.create_access_point, AccountId=account, Name=listed['Name'], Bucket='crud-bucket')
    same(c.delete_access_point(AccountId=account, Name=listed['Name'])['ResponseMetadata']['HTTPStatusCode'], 204)
    for call in (c.get_access_point, c.delete_access_point, c.get_access_point_policy):
        same(refused('NoSuchAccessPoint', 404, call, AccountId=account, Name=listed['Name']), 'The specified accesspoint does not exist')
    s3.delete_bucket(Bucket='crud-bucket')


@case
def what_cannot_be_made_is_refused():
    c = control()
    client('s3').create_bucket(Bucket='refusing')
    unchecked = control(config={'parameter_validation': False})
    for name in ('xn-_test-alias', 'Capital', 'sa', 'a' * 51):
        refused('InvalidURI', 400, unchecked.create_access_point, AccountId=account, Name=name, Bucket='refusing')
    for name in ('-hyphen-start', 'hyphen-end-', 'cannot-end-s3alias', 'cannot-have.dot'):
        text = refused('InvalidRequest', 400, c.create_access_point, AccountId=account, Name=name, Bucket='refusing')
        same(text, 'Your Amazon S3 AccessPoint name is invalid')
    refused('InvalidRequest', 400, c.list_access_points, AccountId=account, Bucket='no-such-bucket')
    text = refused('InvalidRequest', 400, c.create_access_point, AccountId=account, Name='nowhere', Bucket='no-such-bucket')
    same(text, 'Amazon S3 AccessPoint can only be created for existing bucket')
    west = control(region_name='us-west-2')
    refused('InvalidRequest', 400, west.create_access_point, AccountId=account, Name='elsewhere', Bucket='refusing')
    for call, more in (
        (c.create_access_point, {'Name': 'another', 'Bucket': 'refusing'}),
        (c.list_access_points, {}),
        (c.get_public_access_block, {}),
    ):
        denied(call, AccountId='111111111111', **more)
    refused('NotImplemented', 501, c.create_storage_lens_group, AccountId=account, StorageLensGroup={'Name': 'x', 'Filter': {'MatchAnyPrefix': ['x']}})
    refused('NotImplemented', 501, c.get_bucket_versioning, AccountId=account, Bucket='refusing')


@case
def access_points_are_listed_by_pages():
    c = control(region_name='eu-west-1')
    s3 = client('s3', region_name='eu-west-1')
    for name in ('pages-1', 'pages-2'):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    for name, bucket in (('pb', 'pages-1'), ('pc', 'pages-2'), ('pa', 'pages-1'), ('pd', 'pages-2')):
        c.create_access_point(AccountId=account, Name=f'{name}-page', Bucket=bucket)
    names, token = [], {}
    while True:
        page = c.list_access_points(AccountId=account, MaxResults=3, **token)
        names.append([each['Name'] for each in page['AccessPointList']])
        if 'NextToken' not in page:
            break
        token = {'NextToken': page['NextToken']}
    same(names, [['pa-page', 'pb-page', 'pc-page'], ['pd-page']])
    listed = c.list_access_points(AccountId=account, Bucket='pages-2')
    same([each['Name'] for each in listed['AccessPointList']], ['pc-page', 'pd-page'])


@case
def its_own_block_is_as_it_was_given():
    client('s3').create_bucket(Bucket='blocks')
    for name, given, told in (
        ('none', {}, blocked),
        ('some', {'PublicAccessBlockConfiguration': {'BlockPublicAcls': True}}, {**opened, 'BlockPublicAcls': True}),
        ('off', {'PublicAccessBlockConfiguration': opened}, opened),
    ):
        control().create_access_point(AccountId=account, Name=f'block-{name}', Bucket='blocks', **given)
        same(control().get_access_point(AccountId=account, Name=f'block-{name}')['PublicAccessBlockConfiguration'], told, name)


@case
def policies_are_kept_and_checked():
    c = control()
    arn, _ = point('pol', PublicAccessBlockConfiguration=opened)
    me = {'AccountId': account, 'Name': 'pol'}
    same(refused('NoSuchAccessPointPolicy', 404, c.get_access_point_policy, **me), 'The specified accesspoint policy does not exist')
    refused('NoSuchAccessPointPolicy', 404, c.get_access_point_policy_status, **me)
    document = policy(granted({'AWS': account}, 's3:GetObject', f'{arn}/object/*'))
    c.put_access_point_policy(Policy=document, **me)
    same(json.loads(c.get_access_point_policy(**me)['Policy']), json.loads(document))
    same(c.get_access_point_policy_status(**me)['PolicyStatus'], {'IsPublic': False})
    for wrong in (
        'no json',
        policy(granted('*', 's3:GetObject', 'arn:aws:s3:::pol-bucket/*')),
        policy(granted('*', 's3:GetObject', f'{arn}/*')),
        policy(granted('*', 's3:GetObject', f'arn:aws:s3:{region}:111111111111:accesspoint/pol/object/*')),
        policy(granted('*', 's3:GetObject', arn)),
        policy(granted('*', 's3:NoSuchAction', arn)),
    ):
        refused('MalformedPolicy', 400, c.put_access_point_policy, Policy=wrong, **me)
    let('pol', granted('*', ['s3:ListBucket', 's3:GetAccessPoint'], f'arn:aws:s3:*:{account}:accesspoint/p*'))
    same(c.get_access_point_policy_status(**me)['PolicyStatus'], {'IsPublic': True})
    same(c.delete_access_point_policy(**me)['ResponseMetadata']['HTTPStatusCode'], 204)
    refused('NoSuchAccessPointPolicy', 404, c.get_access_point_policy, **me)
    closed, _ = point('pol-closed')
    denied(c.put_access_point_policy, AccountId=account, Name='pol-closed', Policy=policy(granted('*', 's3:ListBucket', closed)))
    vpc, _ = point('pol-vpc', VpcConfiguration={'VpcId': 'vpc-1a2b3c'})
    let('pol-vpc', granted('*', 's3:ListBucket', vpc))
    same(c.get_access_point_policy_status(AccountId=account, Name='pol-vpc')['PolicyStatus'], {'IsPublic': False})
    got = c.get_access_point(AccountId=account, Name='pol-vpc')
    same((got['NetworkOrigin'], got['VpcConfiguration']), ('VPC', {'VpcId': 'vpc-1a2b3c'}))


@case
def objects_go_through_it_as_through_the_bucket():
    s3 = client('s3')
    arn, alias = point('data')
    for name in (arn, alias):
        s3.put_object(Bucket=name, Key='a/b c', Body=b'hello', Metadata={'x': 'y'})
        same(s3.get_object(Bucket=name, Key='a/b c')['Body'].read(), b'hello')
        same(s3.head_object(Bucket=name, Key='a/b c')['Metadata'], {'x': 'y'})
        page = s3.list_objects_v2(Bucket=name, Prefix='a/')
        same(([o['Key'] for o in page['Contents']], page['Name']), (['a/b c'], 'data-bucket'))
        s3.put_object_tagging(Bucket=name, Key='a/b c', Tagging={'TagSet': [{'Key': 'k', 'Value': 'v'}]})
        same(s3.get_object_tagging(Bucket=name, Key='a/b c')['TagSet'], [{'Key': 'k', 'Value': 'v'}])
        s3.copy_object(Bucket=name, Key='copy', CopySource={'Bucket': name, 'Key': 'a/b c'})
        upload = s3.create_multipart_upload(Bucket=name, Key='parts')
        same(upload['Bucket'], 'data-bucket')
        of = {'Bucket': name, 'Key': 'parts', 'UploadId': upload['UploadId']}
        part = s3.upload_part_copy(PartNumber=1, CopySource={'Bucket': name, 'Key': 'copy'}, **of)['CopyPartResult']['ETag']
        same(len(s3.list_parts(**of)['Parts']), 1)
        s3.complete_multipart_upload(MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part}]}, **of)
        same(s3.get_object(Bucket='data-bucket', Key='parts')['Body'].read(), b'hello')
        gone = s3.delete_objects(Bucket=name, Delete={'Objects': [{'Key': k} for k in ('a/b c', 'copy', 'parts')]})
        same(sorted(o['Key'] for o in gone['Deleted']), ['a/b c', 'copy', 'parts'])
        same(s3.list_objects_v2(Bucket='data-bucket')['KeyCount'], 0)
    same(s3.get_bucket_location(Bucket=alias)['LocationConstraint'], None)
    same(s3.head_bucket(Bucket=alias)['AccessPointAlias'], True)
    same(s3.head_bucket(Bucket='data-bucket')['AccessPointAlias'], False)
    refused('NoSuchAccessPoint', 404, s3.list_objects_v2, Bucket=arn + 'x')
    refused('InvalidAccessPointAliasError', 400, s3.list_objects_v2, Bucket='nobody-knows-s3alias')


@case
def a_link_goes_through_it():
    s3 = client('s3', config={'signature_version': 's3v4'})
    arn, _ = point('link')
    s3.put_object(Bucket=arn, Key='k', Body=b'linked')
    url = s3.generate_presigned_url('get_object', {'Bucket': arn, 'Key': 'k'})
    assert f'//link-{account}.' in url, url
    same(urllib.request.urlopen(url).read(), b'linked')


@case
def its_host_is_told_from_a_buckets():
    s3 = client('s3')
    arn, _ = point('host')
    s3.put_object(Bucket=arn, Key='k', Body=b'by the point')
    s3.create_bucket(Bucket=f'host-{account}')
    s3.put_object(Bucket=f'host-{account}', Key='k', Body=b'by the bucket')
    port = s3.meta.endpoint_url.split(':')[-1]
    named = client('s3', endpoint_url=f'http://localhost:{port}')
    hosted = client('s3', endpoint_url=f'http://localhost:{port}', config={'s3': {'addressing_style': 'virtual'}})
    # Before an address there is never a bucket; before a name there is, and it goes first.
    same(s3.get_object(Bucket=arn, Key='k')['Body'].read(), b'by the point')
    for asked, name in ((hosted, f'host-{account}'), (named, arn)):
        same(asked.get_object(Bucket=name, Key='k')['Body'].read(), b'by the bucket')
    s3.delete_object(Bucket=f'host-{account}', Key='k')
    s3.delete_bucket(Bucket=f'host-{account}')
    same(named.get_object(Bucket=arn, Key='k')['Body'].read(), b'by the point')
    refused('NoSuchBucket', 404, hosted.get_object, Bucket=f'never-{account}', Key='k')
    # AWS's own hosts, by a proxy.
    proxy = {'proxies': {'http': s3.meta.endpoint_url}}
    for endpoint in ('s3-accesspoint', 's3-accesspoint.dualstack', 's3-accesspoint-fips'):
        url = f'http://host-{account}.{endpoint}.{region}.amazonaws.com/k'
        request = AWSRequest('GET', url, headers={'x-amz-content-sha256': 'UNSIGNED-PAYLOAD'})
        S3SigV4Auth(boto3.Session().get_credentials(), 's3', region).add_auth(request)
        same(URLLib3Session(**proxy).send(request.prepare()).content, b'by the point', endpoint)


@case
def what_a_bucket_alone_can_is_refused():
    s3 = client('s3')
    arn, alias = point('less')
    for name in (arn, alias):
        for call in (s3.get_bucket_versioning, s3.delete_bucket, s3.get_public_access_block, s3.delete_bucket_policy):
            refused('MethodNotAllowed', 405, call, Bucket=name)
        refused('MethodNotAllowed', 405, s3.put_bucket_versioning, Bucket=name, VersioningConfiguration={'Status': 'Enabled'})
    refused('InvalidBucketName', 400, s3.create_bucket, Bucket=alias)


@case
def nobody_comes_unsigned_or_from_outside_a_vpc():
    s3 = client('s3')
    arn, alias = point('inside', VpcConfiguration={'VpcId': 'vpc-1a2b3c'})
    for name in (arn, alias):
        denied(s3.list_objects_v2, Bucket=name)
        denied(s3.put_object, Bucket=name, Key='k', Body=b'')
    s3.put_object(Bucket='inside-bucket', Key='k', Body=b'')
    denied(s3.copy_object, Bucket='inside-bucket', Key='c', CopySource={'Bucket': arn, 'Key': 'k'})
    s3.create_bucket(Bucket='unsigned')
    s3.delete_public_access_block(Bucket='unsigned')
    let_in_bucket('unsigned', granted('*', 's3:*', ['arn:aws:s3:::unsigned', 'arn:aws:s3:::unsigned/*']))
    arn, alias = point('public', 'unsigned', PublicAccessBlockConfiguration=opened)
    let('public', granted('*', 's3:ListBucket', arn))
    anybody = client('s3', config={'signature_version': UNSIGNED})
    anybody.list_objects_v2(Bucket='unsigned')
    denied(anybody.list_objects_v2, Bucket=alias)


@case
def what_identities_may_they_need_on_both():
    arn, alias = point('both')
    client('s3').put_object(Bucket=arn, Key='k', Body=b'secret')
    on_point, on_bucket = f'{arn}/object/*', 'arn:aws:s3:::both-bucket/*'
    for name, resources, wanted in (
        ('nothing', None, f'User: {arn_of("both-nothing")} is not authorized to perform: s3:GetObject on resource: "{arn}/object/k" because no identity-based policy allows the s3:GetObject action'),
        ('point', on_point, f'User: {arn_of("both-point")} is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::both-bucket/k" because no identity-based policy allows the s3:GetObject action'),
        ('bucket', on_bucket, f'User: {arn_of("both-bucket")} is not authorized to perform: s3:GetObject on resource: "{arn}/object/k" because no identity-based policy allows the s3:GetObject action'),
        ('both', [on_point, on_bucket], None),
    ):
        s3 = client('s3', user(f'both-{name}', *([allow('s3:GetObject', resources)] if resources else [])))
        for called in (arn, alias):
            if wanted:
                same(denied(s3.get_object, Bucket=called, Key='k'), wanted)
            else:
                same(s3.get_object(Bucket=called, Key='k')['Body'].read(), b'secret')
    # Whoever may not list is not told that a key is missing.
    denied(client('s3', user('both-blind', allow('s3:GetObject', '*'))).get_object, Bucket=arn, Key='missing')


@case
def a_bucket_hands_the_decision_to_its_access_points():
    arn, _ = point('jane')
    s3 = client('s3')
    for key in ('Jane/k', 'other/k'):
        s3.put_object(Bucket='jane-bucket', Key=key, Body=b'x')
    jane = client('s3', user('Jane'))
    let('jane', granted({'AWS': arn_of('Jane')}, ['s3:GetObject', 's3:PutObject'], f'{arn}/object/Jane/*'))
    # Only where the bucket allows the same,
    text = denied(jane.get_object, Bucket=arn, Key='Jane/k')
    assert '"arn:aws:s3:::jane-bucket/Jane/k"' in text, text
    delegate('jane-bucket')
    same(jane.get_object(Bucket=arn, Key='Jane/k')['Body'].read(), b'x')
    jane.put_object(Bucket=arn, Key='Jane/new', Body=b'')
    # and only by the access point,
    denied(jane.get_object, Bucket='jane-bucket', Key='Jane/k')
    # and only what it allows.
    denied(jane.get_object, Bucket=arn, Key='other/k')
    denied(jane.delete_object, Bucket=arn, Key='Jane/k')
    gone = jane.delete_objects(Bucket=arn, Delete={'Objects': [{'Key': 'Jane/k'}]})
    same([each['Code'] for each in gone['Errors']], ['AccessDenied'])
    # Or the bucket names her itself.
    let_in_bucket('jane-bucket', granted({'AWS': arn_of('Jane')}, 's3:GetObject', 'arn:aws:s3:::jane-bucket/Jane/*'))
    jane.get_object(Bucket=arn, Key='Jane/k')
    denied(jane.put_object, Bucket=arn, Key='Jane/k', Body=b'')


@case
def a_deny_of_either_holds_for_administrators_too():
    s3 = client('s3')
    arn, _ = point('deny')
    s3.put_object(Bucket=arn, Key='k', Body=b'')
    let('deny', {'Effect': 'Deny', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': f'{arn}/object/*'})
    text = denied(s3.get_object, Bucket=arn, Key='k')
    assert text.endswith(f'on resource: "{arn}/object/k" with an explicit deny in a resource-based policy'), text
    s3.get_object(Bucket='deny-bucket', Key='k')
    control().delete_access_point_policy(AccountId=account, Name='deny')
    s3.get_object(Bucket=arn, Key='k')
    # The bucket's owner wants that all come by access points of VPCs.
    unlike = {'StringNotEquals': {'s3:AccessPointNetworkOrigin': 'VPC'}}
    let_in_bucket('deny-bucket', {'Effect': 'Deny', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::deny-bucket/*', 'Condition': unlike})
    denied(s3.get_object, Bucket=arn, Key='k')
    denied(s3.get_object, Bucket='deny-bucket', Key='k')


@case
def conditions_know_the_access_point():
    arn, _ = point('cond')
    other, _ = point('cond-other', 'cond-bucket')
    client('s3').put_object(Bucket=arn, Key='k', Body=b'', Tagging='data=finance')
    for n, condition in enumerate((
        {'StringLike': {'s3:DataAccessPointArn': f'arn:aws:s3:*:{account}:accesspoint/cond'}},
        {'ArnEquals': {'s3:DataAccessPointArn': arn}},
    )):
        s3 = client('s3', user(f'cond-{n}', allow('s3:GetObject', Condition=condition)))
        s3.get_object(Bucket=arn, Key='k')
        denied(s3.get_object, Bucket=other, Key='k')
        denied(s3.get_object, Bucket='cond-bucket', Key='k')
    internet = {'StringEquals': {'s3:AccessPointNetworkOrigin': 'Internet', 's3:DataAccessPointAccount': account, 's3:ExistingObjectTag/data': 'finance'}}
    client('s3', user('cond-internet', allow('s3:GetObject', Condition=internet))).get_object(Bucket=other, Key='k')
    # A listing by prefix is one on the access point.
    listed = allow('s3:ListBucket', [arn, 'arn:aws:s3:::cond-bucket'], Condition={'StringLike': {'s3:prefix': 'in/*'}})
    s3 = client('s3', user('cond-list', listed))
    s3.list_objects_v2(Bucket=arn, Prefix='in/a')
    denied(s3.list_objects_v2, Bucket=arn)
    denied(s3.list_objects_v2, Bucket=other, Prefix='in/a')
    # Who makes one must give it to a VPC.
    c = control(user('cond-maker', allow('s3:CreateAccessPoint', Condition={'StringEquals': {'s3:AccessPointNetworkOrigin': 'VPC'}})))
    denied(c.create_access_point, AccountId=account, Name='cond-made', Bucket='cond-bucket')
    c.create_access_point(AccountId=account, Name='cond-made', Bucket='cond-bucket', VpcConfiguration={'VpcId': 'vpc-1'})


def member(name):
    """The administrator of another account of the organization."""
    o = client('organizations')
    try:
        o.create_organization(FeatureSet='ALL')
    except o.exceptions.AlreadyInOrganizationException:
        pass
    asked = o.create_account(AccountName=name, Email=f'{name}@example.com')['CreateAccountStatus']['Id']
    made = o.describe_create_account_status(CreateAccountRequestId=asked)['CreateAccountStatus']['AccountId']
    role = f'arn:aws:iam::{made}:role/OrganizationAccountAccessRole'
    return made, client('sts').assume_role(RoleArn=role, RoleSessionName='administrator')['Credentials']


@case
def another_account_needs_the_word_of_all_three():
    s3 = client('s3')
    arn, _ = point('shared')
    s3.put_object(Bucket=arn, Key='k', Body=b'for both')
    theirs, keys = member('reader')
    reader = client('s3', keys)
    same(denied(reader.get_object, Bucket=arn, Key='k'), 'Access Denied')
    delegate('shared-bucket')
    denied(reader.get_object, Bucket=arn, Key='k')
    let('shared', granted({'AWS': theirs}, 's3:GetObject', f'{arn}/object/*'))
    same(reader.get_object(Bucket=arn, Key='k')['Body'].read(), b'for both')
    denied(reader.put_object, Bucket=arn, Key='k', Body=b'')
    denied(reader.get_object, Bucket='shared-bucket', Key='k')
    # An access point of another account to this bucket.
    their = control(keys)
    denied(their.create_access_point, AccountId=theirs, Name='theirs', Bucket='shared-bucket')
    made = their.create_access_point(AccountId=theirs, Name='theirs', Bucket='shared-bucket', BucketAccountId=account)
    same(their.get_access_point(AccountId=theirs, Name='theirs')['BucketAccountId'], account)
    denied(reader.get_object, Bucket=made['AccessPointArn'], Key='k')
    delegate('shared-bucket', theirs)
    same(reader.get_object(Bucket=made['AccessPointArn'], Key='k')['Body'].read(), b'for both')
    same(control().list_access_points(AccountId=account, Bucket='shared-bucket')['AccessPointList'][0]['Name'], 'shared')
    # A public policy reaches no stranger where public access is blocked.
    blocking, _ = point('shared-blocked', 'shared-bucket', PublicAccessBlockConfiguration={**opened, 'RestrictPublicBuckets': True})
    delegate('shared-bucket')
    let('shared-blocked', granted('*', 's3:GetObject', f'{blocking}/object/*'))
    denied(reader.get_object, Bucket=blocking, Key='k')
    s3.get_object(Bucket=blocking, Key='k')


@case
def tags_of_access_points_and_buckets():
    c, s3 = control(), client('s3')
    arn, _ = point('tagged', Tags=[{'Key': 'team', 'Value': 'red'}])
    of = {'AccountId': account, 'ResourceArn': arn}
    same(c.list_tags_for_resource(**of)['Tags'], [{'Key': 'team', 'Value': 'red'}])
    same(c.tag_resource(Tags=[{'Key': 'a', 'Value': '1'}, {'Key': 'team', 'Value': 'blue'}], **of)['ResponseMetadata']['HTTPStatusCode'], 204)
    c.untag_resource(TagKeys=['a', 'never'], **of)
    same(c.list_tags_for_resource(**of)['Tags'], [{'Key': 'team', 'Value': 'blue'}])
    s3.put_object(Bucket=arn, Key='k', Body=b'')
    for key in ('aws:ResourceTag/team', 's3:AccessPointTag/team'):
        whole = allow('s3:GetObject', 'arn:aws:s3:::tagged-bucket/*')
        by_tag = allow('s3:GetObject', f'{arn}/object/*', Condition={'StringEquals': {key: 'blue'}})
        client('s3', user('tagged-' + key.split(':')[0], whole, by_tag)).get_object(Bucket=arn, Key='k')
    bucket = {'AccountId': account, 'ResourceArn': 'arn:aws:s3:::tagged-bucket'}
    c.tag_resource(Tags=[{'Key': 'b', 'Value': '2'}], **bucket)
    same(s3.get_bucket_tagging(Bucket='tagged-bucket')['TagSet'], [{'Key': 'b', 'Value': '2'}])
    same(c.list_tags_for_resource(**bucket)['Tags'], [{'Key': 'b', 'Value': '2'}])
    for wrong, text in (
        ([('aws:x', '')], 'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.'),
        ([('x', ''), ('x', '')], 'There are duplicate tag keys in your request. Remove the duplicate tag keys and try again.'),
        ([('x', '#')], "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters."),
    ):
        same(refused('InvalidTag', 400, c.tag_resource, Tags=[{'Key': k, 'Value': v} for k, v in wrong], **bucket), text)
    unchecked = control(config={'parameter_validation': False})
    for wrong in ({'Key': 'x'}, {'Value': 'x'}):
        refused('MalformedXML', 400, unchecked.tag_resource, Tags=[wrong], **bucket)
    for call, more in ((c.tag_resource, {'Tags': [{'Key': 'x', 'Value': ''}]}), (c.untag_resource, {'TagKeys': ['x']}), (c.list_tags_for_resource, {})):
        for missing in ('arn:aws:s3:::never-was-a-bucket', arn + '-never'):
            same(refused('NoSuchResource', 404, call, AccountId=account, ResourceArn=missing, **more), "The specified resource doesn't exist.")


@case
def the_account_blocks_what_its_buckets_do_not():
    c, s3 = control(), client('s3')
    me = {'AccountId': account}
    missing = {'Code': 'NoSuchPublicAccessBlockConfiguration', 'Message': 'The public access block configuration was not found'}
    try:
        raise AssertionError(c.get_public_access_block(**me))
    except c.exceptions.NoSuchPublicAccessBlockConfiguration as error:
        same(error.response['Error'], {**missing, 'AccountId': account})
        assert error.response['HostId'], error.response
    s3.create_bucket(Bucket='open-1', ObjectOwnership='ObjectWriter')
    s3.delete_public_access_block(Bucket='open-1')
    public = granted('*', 's3:GetObject', 'arn:aws:s3:::open-1/*')
    let_in_bucket('open-1', public)
    s3.put_object(Bucket='open-1', Key='k', Body=b'', ACL='public-read')
    anybody = client('s3', config={'signature_version': UNSIGNED})
    anybody.get_object(Bucket='open-1', Key='k')
    refused('InvalidRequest', 400, c.put_public_access_block, PublicAccessBlockConfiguration={}, **me)
    c.put_public_access_block(PublicAccessBlockConfiguration=blocked, **me)
    same(c.get_public_access_block(**me)['PublicAccessBlockConfiguration'], blocked)
    denied(anybody.get_object, Bucket='open-1', Key='k')
    denied(s3.put_bucket_policy, Bucket='open-1', Policy=policy(public))
    denied(s3.put_object, Bucket='open-1', Key='k', Body=b'', ACL='public-read')
    refused('NoSuchPublicAccessBlockConfiguration', 404, s3.get_public_access_block, Bucket='open-1')
    s3.create_bucket(Bucket='open-2', ObjectOwnership='ObjectWriter')
    s3.delete_public_access_block(Bucket='open-2')
    denied(s3.put_bucket_acl, Bucket='open-2', ACL='public-read')
    arn, _ = point('open', 'open-2', PublicAccessBlockConfiguration=opened)
    denied(c.put_access_point_policy, AccountId=account, Name='open', Policy=policy(granted('*', 's3:ListBucket', arn)))
    for _ in range(2):
        same(c.delete_public_access_block(**me)['ResponseMetadata']['HTTPStatusCode'], 204)
    anybody.get_object(Bucket='open-1', Key='k')
    s3.put_bucket_acl(Bucket='open-2', ACL='public-read')
    let('open', granted('*', 's3:ListBucket', arn))


# What is not built: Outposts, Access Grants, Batch Operations, Storage Lens, Object Lambda, points of several regions.
built = {
    *('CreateAccessPoint', 'GetAccessPoint', 'ListAccessPoints', 'DeleteAccessPoint'),
    *('PutAccessPointPolicy', 'GetAccessPointPolicy', 'DeleteAccessPointPolicy', 'GetAccessPointPolicyStatus'),
    *('PutPublicAccessBlock', 'GetPublicAccessBlock', 'DeletePublicAccessBlock'),
    *('TagResource', 'UntagResource', 'ListTagsForResource'),
}


@case
def what_is_built_is_called_here_and_refused_to_who_may_not():
    every = set(control().meta.service_model.operation_names)
    same(called_and_not({'s3control': every - built}), {})
    same(not_refused(user('control-nobody'), ['s3control']), [])


run()
