"""What suites for S3's imitators ask: ACLs between two accounts and nobody, and requests that no SDK would send. Buckets
are classic (`virga local settings buckets classic`): they take ACLs, and nothing public is blocked."""

import base64, datetime, hashlib, http.client, json, os, time, urllib.error, urllib.request, zlib
import xml.etree.ElementTree as ElementTree

import boto3
from botocore import UNSIGNED
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from witness import case, refused, run, same

endpoint = os.environ['AWS_ENDPOINT_URL']
everybody = 'http://acs.amazonaws.com/groups/global/AllUsers'


def client(prefix='AWS', region='us-east-1', **config):
    given = {'retries': {'max_attempts': 1}, 's3': {'addressing_style': 'path'}, 'signature_version': 's3v4', 'read_timeout': 5}
    return boto3.client(
        's3',
        region_name=region,
        aws_access_key_id=os.environ[f'{prefix}_ACCESS_KEY_ID'],
        aws_secret_access_key=os.environ[f'{prefix}_SECRET_ACCESS_KEY'],
        config=Config(**{**given, **config}),
    )


s3, other, nobody = client(), client('OTHER'), client(signature_version=UNSIGNED)
own_id, other_id = (each.list_buckets()['Owner']['ID'] for each in (s3, other))


def may(call, **arguments):
    try:
        call(**arguments)
        return True
    except ClientError as error:
        same(error.response['ResponseMetadata']['HTTPStatusCode'], 403, error)
        return False


def grants(answer):
    return {(grant['Grantee'].get('ID') or grant['Grantee']['URI'], grant['Permission']) for grant in answer['Grants']}


def signed(method, path, body=b'', headers={}, declared=None):
    """A request signed by hand; `declared`: x-amz-content-sha256, '' for none. Gives status and text."""

    class Auth(S3SigV4Auth):
        def _modify_request_before_signing(self, request):
            super()._modify_request_before_signing(request)
            del request.headers['X-Amz-Content-SHA256']
            if declared != '':
                request.headers['X-Amz-Content-SHA256'] = self.payload(request)

        def payload(self, request):
            return hashlib.sha256(body).hexdigest() if declared is None else declared or 'UNSIGNED-PAYLOAD'

    keys = Credentials(os.environ['AWS_ACCESS_KEY_ID'], os.environ['AWS_SECRET_ACCESS_KEY'])
    request = AWSRequest(method, endpoint + path, data=body, headers=headers)
    Auth(keys, 's3', 'us-east-1').add_auth(request)
    return sent(method, request.url, body, dict(request.headers))


def sent(method, url, body=None, headers={}):
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, data=body or None, headers=headers, method=method))
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def told(answer, status, *parts):
    same(answer[0], status, answer[1])
    for part in parts:
        assert part in answer[1], f'{part} is not in {answer[1]}'


@case
def a_grant_on_a_bucket_gives_what_it_says():
    for permission, wanted in {'FULL_CONTROL': 'lwap', 'READ': 'l', 'WRITE': 'w', 'READ_ACP': 'a', 'WRITE_ACP': 'p'}.items():
        name = f'granted-{permission.lower()}'.replace('_', '-')
        s3.create_bucket(Bucket=name)
        given = [{'Grantee': {'ID': each, 'Type': 'CanonicalUser'}, 'Permission': what} for each, what in ((own_id, 'FULL_CONTROL'), (other_id, permission))]
        s3.put_bucket_acl(Bucket=name, AccessControlPolicy={'Owner': {'ID': own_id}, 'Grants': given})
        got = {
            'l': may(other.list_objects, Bucket=name),
            'w': may(other.put_object, Bucket=name, Key='k', Body=b'x'),
            'a': may(other.get_bucket_acl, Bucket=name),
            'p': may(other.put_bucket_acl, Bucket=name, ACL='private'),
        }
        same(''.join(key for key, allowed in got.items() if allowed), wanted, permission)


@case
def canned_acls_meet_each_other():
    for of_bucket, lists, writes in (('private', False, False), ('public-read', True, False), ('public-read-write', True, True)):
        for of_object, reads in (('private', False), ('public-read', True)):
            name = f'{of_bucket}-{of_object}'
            s3.create_bucket(Bucket=name, ACL=of_bucket)
            s3.put_object(Bucket=name, Key='k', Body=b'x', ACL=of_object)
            for who in (other, nobody):
                same(may(who.get_object, Bucket=name, Key='k'), reads, name)
                same(may(who.list_objects_v2, Bucket=name), lists, name)
                same(may(who.put_object, Bucket=name, Key='new', Body=b'x'), writes, name)
                # That something is not there, only who may list may know.
                refused(*(('NoSuchKey', 404) if lists else ('AccessDenied', 403)), who.get_object, Bucket=name, Key='none')


@case
def an_object_belongs_to_its_writer():
    s3.create_bucket(Bucket='of-both', ACL='public-read-write')
    other.put_object(Bucket='of-both', Key='k', Body=b'x')
    answer = other.get_object_acl(Bucket='of-both', Key='k')
    same((answer['Owner']['ID'], grants(answer)), (other_id, {(other_id, 'FULL_CONTROL')}))
    refused('AccessDenied', 403, s3.get_object, Bucket='of-both', Key='k')
    for acl, permission in {'bucket-owner-read': 'READ', 'bucket-owner-full-control': 'FULL_CONTROL'}.items():
        other.put_object(Bucket='of-both', Key='k', Body=b'x', ACL=acl)
        same(grants(other.get_object_acl(Bucket='of-both', Key='k')), {(other_id, 'FULL_CONTROL'), (own_id, permission)})
        same(s3.get_object(Bucket='of-both', Key='k')['Body'].read(), b'x')
    s3.delete_object(Bucket='of-both', Key='k')
    s3.put_object(Bucket='of-both', Key='given', Body=b'x', GrantRead=f'id={other_id}', GrantWriteACP=f'id={other_id}')
    same(grants(s3.get_object_acl(Bucket='of-both', Key='given')), {(other_id, 'READ'), (other_id, 'WRITE_ACP')})


@case
def classic_buckets_are_open_until_they_are_shut():
    s3.create_bucket(Bucket='With_Capitals')
    refused('NoSuchPublicAccessBlockConfiguration', 404, s3.get_public_access_block, Bucket='With_Capitals')
    refused('OwnershipControlsNotFoundError', 404, s3.get_bucket_ownership_controls, Bucket='With_Capitals')
    s3.put_object(Bucket='With_Capitals', Key='k', Body=b'x', ACL='public-read')
    same(nobody.get_object(Bucket='With_Capitals', Key='k')['Body'].read(), b'x')
    s3.put_public_access_block(Bucket='With_Capitals', PublicAccessBlockConfiguration={'IgnorePublicAcls': True})
    refused('AccessDenied', 403, nobody.get_object, Bucket='With_Capitals', Key='k')
    refused('InvalidRequest', 400, s3.put_public_access_block, Bucket='With_Capitals', PublicAccessBlockConfiguration={})


@case
def nobody_chooses_no_headers_of_an_answer():
    s3.create_bucket(Bucket='chosen', ACL='public-read')
    s3.put_object(Bucket='chosen', Key='k', Body=b'x', ACL='public-read')
    told(sent('GET', f'{endpoint}/chosen/k?response-content-type=a/b'), 400, 'cannot be used for anonymous GET requests')
    refused('InvalidRequest', 400, nobody.get_object, Bucket='chosen', Key='k', ResponseContentType='a/b')
    same(s3.get_object(Bucket='chosen', Key='k', ResponseContentType='a/b')['ContentType'], 'a/b')


@case
def a_link_of_old_carries_headers_in_its_query():
    s3.create_bucket(Bucket='linked')
    old = client(signature_version='s3')
    given = {'Bucket': 'linked', 'Key': 'k', 'Metadata': {'venue': '1 2'}, 'Tagging': 'a=b', 'StorageClass': 'STANDARD_IA'}
    link = old.generate_presigned_url('put_object', Params=given)
    assert 'x-amz-meta-venue' in link, link
    told(sent('PUT', link, b'x', {'Content-Type': ''}), 200)
    found = s3.head_object(Bucket='linked', Key='k')
    same((found['Metadata'], found['StorageClass']), ({'venue': '1 2'}, 'STANDARD_IA'))
    same(s3.get_object_tagging(Bucket='linked', Key='k')['TagSet'], [{'Key': 'a', 'Value': 'b'}])


@case
def nothing_and_something_come_by_one_connection():
    # botocore asks to go on before an empty body, too, and hung on the next request where it was not told to.
    s3.create_bucket(Bucket='by-turns')
    for turn in range(4):
        for body in (b'', b'data', b'x' * 100_000):
            s3.put_object(Bucket='by-turns', Key=str(turn), Body=body)
            refused('NoSuchBucket', 404, s3.put_object, Bucket='not-there', Key='k', Body=body)
            same(s3.head_object(Bucket='by-turns', Key=str(turn))['ContentLength'], len(body))


@case
def an_upload_may_be_completed_again():
    s3.create_bucket(Bucket='twice')
    upload = {'Bucket': 'twice', 'Key': 'k', 'UploadId': s3.create_multipart_upload(Bucket='twice', Key='k')['UploadId']}
    etag = s3.upload_part(**upload, PartNumber=1, Body=b'part')['ETag']
    parts = {'Parts': [{'PartNumber': 1, 'ETag': etag}]}
    first = s3.complete_multipart_upload(**upload, MultipartUpload=parts)
    again = s3.complete_multipart_upload(**upload, MultipartUpload=parts, IfNoneMatch='*')
    same((again['ETag'], again['Location']), (first['ETag'], f'{endpoint}/twice/k'))
    s3.delete_object(Bucket='twice', Key='k')
    refused('NoSuchUpload', 404, s3.complete_multipart_upload, **upload, MultipartUpload=parts)


@case
def the_hash_of_a_payload_is_told_and_held_to():
    s3.create_bucket(Bucket='hashed')
    right, wrong = (hashlib.sha256(each).hexdigest() for each in (b'body', b'another'))
    told(signed('PUT', '/hashed/k', b'body'), 200)
    told(signed('PUT', '/hashed/k', b'body', declared=right.upper()), 200)
    told(signed('PUT', '/hashed/k', b'body', declared='UNSIGNED-PAYLOAD'), 200)
    missing = 'Missing required header for this request: x-amz-content-sha256'
    told(signed('PUT', '/hashed/k', b'body', declared=''), 400, '<Code>InvalidRequest</Code>', missing)
    named = '<ArgumentName>x-amz-content-sha256</ArgumentName><ArgumentValue>none</ArgumentValue>'
    told(signed('GET', '/hashed/k', declared='none'), 400, '<Code>InvalidArgument</Code>', 'or a valid sha256 value.', named)
    both = f'<ClientComputedContentSHA256>{wrong}</ClientComputedContentSHA256><S3ComputedContentSHA256>{right}</S3ComputedContentSHA256>'
    told(signed('PUT', '/hashed/k', b'body', declared=wrong), 400, '<Code>XAmzContentSHA256Mismatch</Code>', both)
    told(signed('GET', '/hashed/k', declared=wrong), 200, 'body')


@case
def an_object_has_a_length():
    s3.create_bucket(Bucket='of-a-length')
    link = s3.generate_presigned_url('put_object', Params={'Bucket': 'of-a-length', 'Key': 'k'})
    host, path = link.removeprefix('http://').split('/', 1)
    for headers, status in (((), 411), ((('Content-Length', '0'),), 200)):
        connection = http.client.HTTPConnection(host)
        connection.putrequest('PUT', f'/{path}')
        for header in headers:
            connection.putheader(*header)
        connection.endheaders()
        answer = connection.getresponse()
        told((answer.status, answer.read().decode()), status, '<Code>MissingContentLength</Code>' if status == 411 else '')
        connection.close()


@case
def one_checksum_is_one_checksum():
    s3.create_bucket(Bucket='summed')
    crc = base64.b64encode(zlib.crc32(b'body').to_bytes(4, 'big')).decode()

    def put(status, part, **headers):
        told(signed('PUT', '/summed/k', b'body', {f'x-amz-{name.replace("_", "-")}': value for name, value in headers.items()}), status, part)

    put(200, '', checksum_crc32=crc, sdk_checksum_algorithm='CRC32')
    put(400, 'Value for x-amz-sdk-checksum-algorithm header is invalid.', checksum_crc32=crc, sdk_checksum_algorithm='SHA1')
    put(400, 'The algorithm type you specified in x-amz-checksum- header is invalid.', checksum_md4=crc)
    put(400, 'Multiple checksum Types are not allowed.', checksum_crc32=crc, checksum_sha1=base64.b64encode(b'x' * 20).decode())
    put(400, 'Expecting a single x-amz-checksum- header<', checksum_crc32=crc, trailer='x-amz-checksum-crc32')
    put(400, '<Code>MalformedTrailerError</Code>', trailer='x-amz-checksum-crc32')
    put(400, 'The value specified in the x-amz-trailer header is not supported', trailer='x-other')
    # Of the last character before the padding some bits say nothing, and must.
    put(400, 'Value for x-amz-checksum-crc32 header is invalid.', checksum_crc32='y/Q5Jh==')
    wrong = base64.b64encode(hashlib.md5(b'another').digest()).decode()
    answer = signed('PUT', '/summed/k', b'body', {'Content-MD5': wrong})
    told(answer, 400, '<Code>BadDigest</Code>', f'<ExpectedDigest>{hashlib.md5(b"another").hexdigest()}</ExpectedDigest>')


@case
def documents_that_say_nothing_are_refused():
    s3.create_bucket(Bucket='said')
    told(signed('PUT', '/said-nothing', b'<CreateBucketConfiguration/>'), 400, '<Code>MalformedXML</Code>')
    refused('MissingRequestBodyError', 400, s3.put_object_lock_configuration, Bucket='said')
    lacking = [{'NoncurrentVersionExpiration': {'NewerNoncurrentVersions': 1}}, {'NoncurrentVersionTransitions': [{'StorageClass': 'GLACIER'}]}]
    for action in lacking:
        rule = {'Status': 'Enabled', 'Prefix': '', **action}
        refused('MalformedXML', 400, s3.put_bucket_lifecycle_configuration, Bucket='said', LifecycleConfiguration={'Rules': [rule]})


@case
def some_settings_are_answered_with_nothing():
    s3.create_bucket(Bucket='nothing-said')
    reading = {'Effect': 'Allow', 'Principal': '*', 'Action': 's3:GetObject', 'Resource': 'arn:aws:s3:::nothing-said/*'}
    made = s3.put_bucket_policy(Bucket='nothing-said', Policy=json.dumps({'Version': '2012-10-17', 'Statement': [reading]}))
    tagged = s3.put_bucket_tagging(Bucket='nothing-said', Tagging={'TagSet': [{'Key': 'a', 'Value': 'b'}]})
    same([each['ResponseMetadata']['HTTPStatusCode'] for each in (made, tagged)], [204, 204])


@case
def numbers_out_of_range_are_told():
    s3.create_bucket(Bucket='ranged')
    upload = {'Bucket': 'ranged', 'Key': 'k', 'UploadId': s3.create_multipart_upload(Bucket='ranged', Key='k')['UploadId']}
    for given, text in ((-1, 'Argument {} must be an integer between 0 and 2147483647'), (2**31, 'Provided {} not an integer or within integer range')):
        same(refused('InvalidArgument', 400, s3.list_parts, **upload, MaxParts=given), text.format('max-parts'))
        same(refused('InvalidArgument', 400, s3.list_parts, **upload, PartNumberMarker=given), text.format('part-number-marker'))


@case
def a_mode_of_retention_is_one_of_two():
    s3.create_bucket(Bucket='locked', ObjectLockEnabledForBucket=True)
    s3.put_object(Bucket='locked', Key='k', Body=b'x')
    far = datetime.datetime(2140, 1, 1, tzinfo=datetime.timezone.utc)
    for mode in ('governance', 'abc'):
        refused('MalformedXML', 400, s3.put_object_retention, Bucket='locked', Key='k', Retention={'Mode': mode, 'RetainUntilDate': far})


@case
def old_clients_sign_for_a_region_called_US():
    old = client(region='US')
    old.create_bucket(Bucket='of-old')
    same(old.head_bucket(Bucket='of-old')['BucketRegion'], 'us-east-1')


@case
def a_list_goes_on_from_its_token():
    s3.create_bucket(Bucket='paged')
    for key in 'abc':
        s3.put_object(Bucket='paged', Key=key, Body=b'')
    first = s3.list_objects_v2(Bucket='paged', StartAfter='a', MaxKeys=1)
    same((first['StartAfter'], [each['Key'] for each in first['Contents']]), ('a', ['b']))
    rest = s3.list_objects_v2(Bucket='paged', StartAfter='a', ContinuationToken=first['NextContinuationToken'])
    same(('StartAfter' in rest, [each['Key'] for each in rest['Contents']]), (False, ['c']))


@case
def an_object_is_the_same_age_wherever_it_is_told():
    s3.create_bucket(Bucket='ages')
    s3.put_bucket_versioning(Bucket='ages', VersioningConfiguration={'Status': 'Enabled'})
    for n in range(3):
        s3.put_object(Bucket='ages', Key=f'{n}', Body=b'')
    upload = s3.create_multipart_upload(Bucket='ages', Key='m')['UploadId']
    part = {'Bucket': 'ages', 'Key': 'm', 'UploadId': upload, 'PartNumber': 1}
    told = [each['LastModified'] for each in s3.list_objects_v2(Bucket='ages')['Contents']]
    same(told, [s3.head_object(Bucket='ages', Key=f'{n}')['LastModified'] for n in range(3)])
    same(told, [each['LastModified'] for each in s3.list_object_versions(Bucket='ages')['Versions']])
    told += [
        s3.copy_object(Bucket='ages', Key='c', CopySource='ages/0')['CopyObjectResult']['LastModified'],
        s3.upload_part_copy(**part, CopySource='ages/0')['CopyPartResult']['LastModified'],
        s3.list_parts(Bucket='ages', Key='m', UploadId=upload)['Parts'][0]['LastModified'],
        s3.list_multipart_uploads(Bucket='ages')['Uploads'][0]['Initiated'],
    ]
    same([moment.microsecond for moment in told], [0] * len(told))


@case
def where_a_bucket_is_hears_who_may_not_look():
    s3.create_bucket(Bucket='abroad', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    for call in (nobody.head_bucket, nobody.list_objects, nobody.list_objects_v2, other.head_bucket):
        try:
            call(Bucket='abroad')
            raise AssertionError('let in')
        except ClientError as error:
            told = error.response['ResponseMetadata']
            same((told['HTTPStatusCode'], told['HTTPHeaders'].get('x-amz-bucket-region')), (403, 'eu-west-1'))
    headers = s3.list_objects_v2(Bucket='abroad')['ResponseMetadata']['HTTPHeaders']
    same(headers['x-amz-bucket-region'], 'eu-west-1')


@case
def answers_are_of_the_namespace_of_s3():
    s3.create_bucket(Bucket='spaced')
    s3.put_object(Bucket='spaced', Key='k', Body=b'')
    for path, root in (
        ('/', 'ListAllMyBucketsResult'),
        ('/spaced', 'ListBucketResult'),
        ('/spaced?list-type=2', 'ListBucketResult'),
        ('/spaced?versions', 'ListVersionsResult'),
        ('/spaced?uploads', 'ListMultipartUploadsResult'),
        ('/spaced?acl', 'AccessControlPolicy'),
        ('/spaced?location', 'LocationConstraint'),
        ('/spaced?versioning', 'VersioningConfiguration'),
        ('/spaced/k?tagging', 'Tagging'),
    ):
        status, text = signed('GET', path)
        same((status, ElementTree.fromstring(text).tag), (200, f'{{http://s3.amazonaws.com/doc/2006-03-01/}}{root}'))


@case
def versions_and_delete_markers_are_told_in_one_sequence():
    s3.create_bucket(Bucket='mingled')
    s3.put_bucket_versioning(Bucket='mingled', VersioningConfiguration={'Status': 'Enabled'})
    for key in 'ab':
        s3.put_object(Bucket='mingled', Key=key, Body=b'')
        s3.delete_object(Bucket='mingled', Key=key)
    s3.put_object(Bucket='mingled', Key='b', Body=b'')
    _, text = signed('GET', '/mingled?versions')
    told = [each for each in ElementTree.fromstring(text) if each.tag.endswith(('Version', 'DeleteMarker'))]
    marks = ' '.join(f"{each.findtext('{*}Key')}{each.tag.split('}')[1][0]}" for each in told)
    same(marks, 'aD aV bV bD bV')
    page = s3.list_object_versions(Bucket='mingled')
    same((len(page['Versions']), len(page['DeleteMarkers'])), (3, 2))
    newest = [(each['Key'], each['IsLatest']) for each in page['Versions'] + page['DeleteMarkers'] if each['IsLatest']]
    same(newest, [('b', True), ('a', True)])


@case
def who_asks_pays():
    s3.create_bucket(Bucket='paid', ACL='public-read')
    s3.put_object(Bucket='paid', Key='k', Body=b'x', ACL='public-read')
    s3.put_bucket_request_payment(Bucket='paid', RequestPaymentConfiguration={'Payer': 'Requester'})
    same('RequestCharged' in s3.get_object(Bucket='paid', Key='k'), False)
    refused('AccessDenied', 403, other.get_object, Bucket='paid', Key='k')
    same(other.get_object(Bucket='paid', Key='k', RequestPayer='requester')['RequestCharged'], 'requester')
    same(other.list_objects_v2(Bucket='paid', RequestPayer='requester')['RequestCharged'], 'requester')
    refused('AccessDenied', 403, nobody.get_object, Bucket='paid', Key='k', RequestPayer='requester')
    s3.put_bucket_request_payment(Bucket='paid', RequestPaymentConfiguration={'Payer': 'BucketOwner'})
    nobody.get_object(Bucket='paid', Key='k')


@case
def owners_have_names():
    s3.create_bucket(Bucket='named')
    s3.put_object(Bucket='named', Key='k', Body=b'x')
    name = s3.list_buckets()['Owner']['DisplayName']
    told = s3.get_object_acl(Bucket='named', Key='k')
    same((told['Owner']['DisplayName'], told['Grants'][0]['Grantee']['DisplayName']), (name, name))
    same(s3.list_objects(Bucket='named')['Contents'][0]['Owner']['DisplayName'], name)


def statement(action, resource, **more):
    return {'Effect': 'Allow', 'Action': action, 'Resource': resource, **more}


def document(*statements):
    return json.dumps({'Version': '2012-10-17', 'Statement': list(statements)})


def role_of_s3(name):
    iam = boto3.client('iam', region_name='us-east-1')
    trust = {'Effect': 'Allow', 'Action': 'sts:AssumeRole', 'Principal': {'Service': 's3.amazonaws.com'}}
    made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
    iam.put_role_policy(RoleName=name, PolicyName='p', PolicyDocument=document(statement('s3:*', '*')))
    return made['Role']['Arn']


def arrived(bucket, key):
    """How the replication of an object ended."""
    for _ in range(80):
        status = s3.head_object(Bucket=bucket, Key=key)['ReplicationStatus']
        if status != 'PENDING':
            return status
        time.sleep(0.05)


@case
def what_is_replicated_to_another_account_is_let_in_there():
    targets = ('across-shut', 'across-open')
    s3.create_bucket(Bucket='across')
    for owner, name in ((s3, 'across'), (other, targets[0]), (other, targets[1])):
        if owner is other:
            other.create_bucket(Bucket=name)
        owner.put_bucket_versioning(Bucket=name, VersioningConfiguration={'Status': 'Enabled'})
    role = role_of_s3('across')
    replicate = ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ObjectOwnerOverrideToBucketOwner']
    let_in = statement(replicate, 'arn:aws:s3:::across-open/*', Principal={'AWS': role})
    other.put_bucket_policy(Bucket='across-open', Policy=document(let_in))
    account = other.list_buckets()['Owner']['DisplayName']
    rules = [
        {
            'ID': name,
            'Status': 'Enabled',
            'Priority': n,
            'Filter': {'Prefix': name},
            'DeleteMarkerReplication': {'Status': 'Disabled'},
            'Destination': {'Bucket': f'arn:aws:s3:::{name}', 'Account': account, 'AccessControlTranslation': {'Owner': 'Destination'}},
        }
        for n, name in enumerate(targets)
    ]
    s3.put_bucket_replication(Bucket='across', ReplicationConfiguration={'Role': role, 'Rules': rules})
    for name in targets:
        s3.put_object(Bucket='across', Key=f'{name}/k', Body=b'x')
    same([arrived('across', f'{name}/k') for name in targets], ['FAILED', 'COMPLETED'])
    same(other.list_objects_v2(Bucket='across-shut')['KeyCount'], 0)
    same(other.get_object_acl(Bucket='across-open', Key='across-open/k')['Owner']['ID'], other_id)


run()
