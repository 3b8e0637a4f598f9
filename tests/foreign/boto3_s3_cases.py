"""boto3 against the local S3: every operation that is built, its results, errors and permissions."""

import base64, datetime, hashlib, io, json, os, urllib.error, urllib.request, zlib

import boto3
from botocore import UNSIGNED
from botocore.exceptions import ClientError

import witness
import s3_operations
from witness import account, allow, called_and_not, case, policy, refused, run, same

endpoint = os.environ['AWS_ENDPOINT_URL']


def client(service='s3', keys=None, region=None, **config):
    signed = {'signature_version': 's3v4'} if service == 's3' else {}
    return witness.client(service, keys, {**signed, **config}, region_name=region)


def user(name, *statements):
    return witness.user(f's3-{name}', *statements)


def bucket(name, public=False, **more):
    s3 = client()
    s3.create_bucket(Bucket=name, **more)
    if public:
        s3.delete_public_access_block(Bucket=name)
    return s3


def anonymous():
    return client(signature_version=UNSIGNED)


def fetch(method, path, headers={}, body=None, host=None):
    request = urllib.request.Request(endpoint + path, data=body, headers=headers, method=method)
    if host:
        request.add_header('Host', host)

    class Still(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    try:
        answer = urllib.request.build_opener(Still).open(request)
        return answer.status, dict((k.lower(), v) for k, v in answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict((k.lower(), v) for k, v in error.headers.items()), error.read()


@case
def buckets_are_made_where_they_may():
    s3 = client()
    made = s3.create_bucket(Bucket='in-virginia')
    same(made['Location'], '/in-virginia')
    s3.create_bucket(Bucket='in-virginia')  # us-east-1 does not mind
    made = s3.create_bucket(Bucket='in-ireland', CreateBucketConfiguration={'LocationConstraint': 'EU'})
    same(made['Location'], 'http://in-ireland.s3.amazonaws.com/')
    same(s3.get_bucket_location(Bucket='in-ireland')['LocationConstraint'], 'eu-west-1')
    same(s3.get_bucket_location(Bucket='in-virginia')['LocationConstraint'], None)
    same(s3.head_bucket(Bucket='in-ireland')['BucketRegion'], 'eu-west-1')
    refused('BucketAlreadyOwnedByYou', 409, s3.create_bucket, Bucket='in-ireland', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    refused('InvalidLocationConstraint', 400, s3.create_bucket, Bucket='nowhere', CreateBucketConfiguration={'LocationConstraint': 'us-east-1'})
    refused('InvalidLocationConstraint', 400, s3.create_bucket, Bucket='nowhere', CreateBucketConfiguration={'LocationConstraint': 'mars'})
    there = client(region='eu-central-1')
    text = refused('IllegalLocationConstraintException', 400, there.create_bucket, Bucket='nowhere')
    same(text, 'The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.')
    text = refused('IllegalLocationConstraintException', 400, there.create_bucket, Bucket='nowhere', CreateBucketConfiguration={'LocationConstraint': 'eu-west-1'})
    same(text, 'The eu-west-1 location constraint is incompatible for the region specific endpoint this request was sent to.')
    there.create_bucket(Bucket='in-germany', CreateBucketConfiguration={'LocationConstraint': 'eu-central-1'})
    same(there.head_bucket(Bucket='in-germany')['BucketRegion'], 'eu-central-1')


@case
def bucket_names_are_judged():
    s3 = client()
    for name in ('Upper', 'under_score', 'a..b', '-dash', '192.168.1.1', 'xn--x', 'x-s3alias'):
        try:
            refused('InvalidBucketName', 400, s3.create_bucket, Bucket=name)
        except Exception as error:
            assert 'ParamValidation' in type(error).__name__, (name, error)


@case
def buckets_are_listed_by_pages():
    s3 = client()
    for n in range(3):
        s3.create_bucket(Bucket=f'page-{n}')
    first = s3.list_buckets(MaxBuckets=2, Prefix='page-')
    same([b['Name'] for b in first['Buckets']], ['page-0', 'page-1'])
    rest = s3.list_buckets(MaxBuckets=2, Prefix='page-', ContinuationToken=first['ContinuationToken'])
    same([b['Name'] for b in rest['Buckets']], ['page-2'])
    assert 'ContinuationToken' not in rest
    same(len(first['Owner']['ID']), 64)
    refused('InvalidArgument', 400, s3.list_buckets, ContinuationToken='nonsense')


@case
def buckets_go_when_empty():
    s3 = bucket('going')
    s3.put_object(Bucket='going', Key='k', Body=b'x')
    text = refused('BucketNotEmpty', 409, s3.delete_bucket, Bucket='going')
    same(text, 'The bucket you tried to delete is not empty')
    s3.delete_object(Bucket='going', Key='k')
    s3.create_multipart_upload(Bucket='going', Key='unfinished')
    s3.delete_bucket(Bucket='going')
    refused('NoSuchBucket', 404, s3.delete_bucket, Bucket='going')
    refused('404', 404, s3.head_bucket, Bucket='going')
    refused('NoSuchBucket', 404, s3.put_object, Bucket='going', Key='k', Body=b'')


@case
def what_a_put_says_comes_back():
    s3 = bucket('said')
    until = datetime.datetime(2030, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
    s3.put_object(
        Bucket='said', Key='k', Body=b'body', ContentType='text/plain', CacheControl='no-cache', ContentDisposition='inline',
        ContentEncoding='gzip', ContentLanguage='de', Expires=until, Metadata={'A-b': 'c'}, StorageClass='STANDARD_IA',
        WebsiteRedirectLocation='/other', Tagging='a=1&b=2',
    )
    got = s3.get_object(Bucket='said', Key='k')
    wanted = dict(
        ContentType='text/plain', CacheControl='no-cache', ContentDisposition='inline', ContentEncoding='gzip', ContentLanguage='de',
        Metadata={'a-b': 'c'}, StorageClass='STANDARD_IA', WebsiteRedirectLocation='/other', TagCount=2, ContentLength=4,
        ServerSideEncryption='AES256', AcceptRanges='bytes', Expires=until,
    )
    same({name: got[name] for name in wanted}, wanted)
    head = s3.head_object(Bucket='said', Key='k')
    same({name: head[name] for name in wanted}, wanted)
    got = s3.get_object(Bucket='said', Key='k', ResponseContentType='x/y', ResponseCacheControl='max-age=1')
    same((got['ContentType'], got['CacheControl']), ('x/y', 'max-age=1'))
    s3.put_object(Bucket='said', Key='plain', Body=b'')
    head = s3.head_object(Bucket='said', Key='plain')
    same((head['ContentType'], head['ContentLength'], head['ETag']), ('binary/octet-stream', 0, '"d41d8cd98f00b204e9800998ecf8427e"'))
    same(s3.get_object(Bucket='said', Key='plain')['Body'].read(), b'')
    refused('InvalidStorageClass', 400, s3.put_object, Bucket='said', Key='k', StorageClass='COLD')
    refused('MetadataTooLarge', 400, s3.put_object, Bucket='said', Key='k', Metadata={'m': 'x' * 2048})
    refused('KeyTooLongError', 400, s3.put_object, Bucket='said', Key='k' * 1025)


@case
def ranges():
    s3 = bucket('ranges')
    s3.put_object(Bucket='ranges', Key='k', Body=b'0123456789')
    for given, body, told in (
        ('bytes=0-0', b'0', 'bytes 0-0/10'), ('bytes=7-', b'789', 'bytes 7-9/10'), ('bytes=-3', b'789', 'bytes 7-9/10'),
        ('bytes=2-100', b'23456789', 'bytes 2-9/10'), ('bytes=-100', b'0123456789', 'bytes 0-9/10'),
    ):
        got = s3.get_object(Bucket='ranges', Key='k', Range=given)
        same((got['Body'].read(), got['ContentRange'], got['ResponseMetadata']['HTTPStatusCode']), (body, told, 206))
    for ignored in ('bytes=5-2', 'lines=1-2', 'bytes=1-2,4-5'):
        got = s3.get_object(Bucket='ranges', Key='k', Range=ignored)
        same((got['Body'].read(), got['ResponseMetadata']['HTTPStatusCode']), (b'0123456789', 200))
    text = refused('InvalidRange', 416, s3.get_object, Bucket='ranges', Key='k', Range='bytes=10-')
    same(text, 'The requested range is not satisfiable')
    head = s3.head_object(Bucket='ranges', Key='k', Range='bytes=1-3')
    same((head['ContentLength'], head['ContentRange']), (3, 'bytes 1-3/10'))


@case
def conditions_on_reading():
    s3 = bucket('reading')
    etag = s3.put_object(Bucket='reading', Key='k', Body=b'x')['ETag']
    modified = s3.head_object(Bucket='reading', Key='k')['LastModified']
    before = modified - datetime.timedelta(seconds=10)
    s3.get_object(Bucket='reading', Key='k', IfMatch=etag, IfUnmodifiedSince=before)
    s3.get_object(Bucket='reading', Key='k', IfNoneMatch='"other"', IfModifiedSince=modified)
    refused('PreconditionFailed', 412, s3.get_object, Bucket='reading', Key='k', IfMatch='"other"')
    refused('PreconditionFailed', 412, s3.get_object, Bucket='reading', Key='k', IfUnmodifiedSince=before)
    refused('412', 412, s3.head_object, Bucket='reading', Key='k', IfMatch='"other"')
    refused('304', 304, s3.get_object, Bucket='reading', Key='k', IfNoneMatch=etag)
    refused('304', 304, s3.head_object, Bucket='reading', Key='k', IfModifiedSince=modified)


@case
def conditions_on_writing():
    s3 = bucket('writing')
    etag = s3.put_object(Bucket='writing', Key='k', Body=b'1', IfNoneMatch='*')['ETag']
    text = refused('PreconditionFailed', 412, s3.put_object, Bucket='writing', Key='k', Body=b'2', IfNoneMatch='*')
    same(text, 'At least one of the pre-conditions you specified did not hold')
    refused('PreconditionFailed', 412, s3.put_object, Bucket='writing', Key='k', Body=b'2', IfMatch='"x"')
    s3.put_object(Bucket='writing', Key='k', Body=b'3', IfMatch=etag)
    refused('NoSuchKey', 404, s3.put_object, Bucket='writing', Key='none', Body=b'2', IfMatch=etag)
    refused('NotImplemented', 501, s3.put_object, Bucket='writing', Key='k', Body=b'2', IfNoneMatch=etag)
    same(s3.get_object(Bucket='writing', Key='k')['Body'].read(), b'3')
    refused('PreconditionFailed', 412, s3.delete_object, Bucket='writing', Key='k', IfMatch='"x"')
    s3.delete_object(Bucket='writing', Key='k', IfMatch='*')


@case
def checksums():
    s3 = bucket('sums')
    body = b'the quick brown fox'
    sums = {
        'SHA256': base64.b64encode(hashlib.sha256(body).digest()).decode(),
        'SHA1': base64.b64encode(hashlib.sha1(body).digest()).decode(),
        'CRC32': base64.b64encode(zlib.crc32(body).to_bytes(4, 'big')).decode(),
    }
    for algorithm, value in sums.items():
        put = s3.put_object(Bucket='sums', Key=algorithm, Body=body, ChecksumAlgorithm=algorithm)
        same((put[f'Checksum{algorithm}'], put['ChecksumType']), (value, 'FULL_OBJECT'))
        got = s3.get_object(Bucket='sums', Key=algorithm, ChecksumMode='ENABLED')
        same(got[f'Checksum{algorithm}'], value)
        same(got['Body'].read(), body)
        head = s3.head_object(Bucket='sums', Key=algorithm)
        assert f'Checksum{algorithm}' not in head
    wrong = base64.b64encode(b'\0\0\0\0').decode()
    text = refused('BadDigest', 400, s3.put_object, Bucket='sums', Key='w', Body=body, ChecksumCRC32=wrong)
    same(text, 'The CRC32 you specified did not match the calculated checksum.')
    text = refused('InvalidRequest', 400, s3.put_object, Bucket='sums', Key='w', Body=body, ChecksumCRC32='xyz')
    same(text, 'Value for x-amz-checksum-crc32 header is invalid.')
    refused('BadDigest', 400, s3.put_object, Bucket='sums', Key='w', Body=body, ContentMD5=base64.b64encode(b'0' * 16).decode())
    refused('InvalidDigest', 400, s3.put_object, Bucket='sums', Key='w', Body=body, ContentMD5='bm8=')
    refused('NoSuchKey', 404, s3.get_object, Bucket='sums', Key='w')
    s3.put_object(Bucket='sums', Key='m', Body=body, ContentMD5=base64.b64encode(hashlib.md5(body).digest()).decode())
    plain = client(request_checksum_calculation='when_required')
    put = plain.put_object(Bucket='sums', Key='none', Body=body)
    assert put['ChecksumCRC64NVME'], put
    attributes = s3.get_object_attributes(Bucket='sums', Key='CRC32', ObjectAttributes=['ETag', 'Checksum', 'ObjectSize', 'StorageClass'])
    same(attributes['ETag'], hashlib.md5(body).hexdigest())
    same(attributes['Checksum'], {'ChecksumCRC32': sums['CRC32'], 'ChecksumType': 'FULL_OBJECT'})
    same((attributes['ObjectSize'], attributes['StorageClass']), (len(body), 'STANDARD'))


@case
def keys_of_every_kind():
    s3 = bucket('odd-keys')
    keys = ['a/../b', '..', './x', 'y//z', '/lead', 'trail/', 'q?=&#%2F+ ', "it's", 'ü/日本/😀', 'a\\b', '~!*()', ' ', 'new\nline']
    for key in keys:
        s3.put_object(Bucket='odd-keys', Key=key, Body=key.encode())
    for key in keys:
        same(s3.get_object(Bucket='odd-keys', Key=key)['Body'].read(), key.encode())
    listed = [o['Key'] for o in s3.list_objects_v2(Bucket='odd-keys')['Contents']]
    same(listed, sorted(keys, key=lambda k: k.encode()))
    deleted = s3.delete_objects(Bucket='odd-keys', Delete={'Objects': [{'Key': key} for key in keys]})
    same(sorted(d['Key'] for d in deleted['Deleted']), sorted(keys))
    same(s3.list_objects_v2(Bucket='odd-keys')['KeyCount'], 0)


@case
def virtual_hosts():
    s3 = bucket('hosted')
    s3.put_object(Bucket='hosted', Key='dir/k', Body=b'there')
    for host in ('hosted.localhost', 'hosted.s3.localhost', 'hosted.s3.us-east-1.amazonaws.com'):
        status, _, body = fetch('GET', '/dir/k', host=host)
        assert status == 403, (host, status)  # known, and not for everybody
        status, _, body = fetch('GET', '/', host='none.' + host)
        assert b'<Code>NoSuchBucket</Code>' in body, (host, body)


@case
def listing_v2():
    s3 = bucket('listed')
    keys = ['a/1', 'a/2', 'b', 'c/1/x', 'c/2', 'd', 'é']
    for key in keys:
        s3.put_object(Bucket='listed', Key=key, Body=b'x')
    pages = list(s3.get_paginator('list_objects_v2').paginate(Bucket='listed', Delimiter='/', PaginationConfig={'PageSize': 1}))
    found = [p.get('Prefix') for page in pages for p in page.get('CommonPrefixes', [])] + [o['Key'] for page in pages for o in page.get('Contents', [])]
    same(found, ['a/', 'c/', 'b', 'd', 'é'])
    same(len(pages), 5)
    inner = s3.list_objects_v2(Bucket='listed', Prefix='c/', Delimiter='/')
    same(([p['Prefix'] for p in inner['CommonPrefixes']], [o['Key'] for o in inner['Contents']], inner['KeyCount']), (['c/1/'], ['c/2'], 2))
    after = s3.list_objects_v2(Bucket='listed', StartAfter='b')
    same([o['Key'] for o in after['Contents']], ['c/1/x', 'c/2', 'd', 'é'])
    same(after['StartAfter'], 'b')
    assert 'Owner' not in after['Contents'][0] and len(s3.list_objects_v2(Bucket='listed', FetchOwner=True)['Contents'][0]['Owner']['ID']) == 64
    some = s3.list_objects_v2(Bucket='listed', MaxKeys=2)
    same((some['IsTruncated'], some['KeyCount'], some['MaxKeys']), (True, 2, 2))
    none = s3.list_objects_v2(Bucket='listed', MaxKeys=0)
    same((none['IsTruncated'], none['KeyCount']), (False, 0))
    text = refused('InvalidArgument', 400, s3.list_objects_v2, Bucket='listed', ContinuationToken='x')
    same(text, 'The continuation token provided is incorrect')
    status, _, body = fetch('GET', s3.generate_presigned_url('list_objects_v2', Params={'Bucket': 'listed', 'EncodingType': 'url', 'Prefix': 'é'})[len(endpoint):])
    assert status == 200 and b'<Key>%C3%A9</Key>' in body and b'<EncodingType>url</EncodingType>' in body, body


@case
def listing_v1():
    s3 = bucket('listed-v1')
    for key in ('a/1', 'a/2', 'b', 'c'):
        s3.put_object(Bucket='listed-v1', Key=key, Body=b'x')
    first = s3.list_objects(Bucket='listed-v1', Delimiter='/', MaxKeys=1)
    same((first['NextMarker'], first['CommonPrefixes'], first['IsTruncated']), ('a/', [{'Prefix': 'a/'}], True))
    rest = s3.list_objects(Bucket='listed-v1', Delimiter='/', Marker='a/')
    same([o['Key'] for o in rest['Contents']], ['b', 'c'])
    assert 'CommonPrefixes' not in rest
    plain = s3.list_objects(Bucket='listed-v1', MaxKeys=2)
    assert 'NextMarker' not in plain and plain['IsTruncated']
    same([o['Key'] for o in s3.list_objects(Bucket='listed-v1', Marker='a/2')['Contents']], ['b', 'c'])


@case
def deleting_many():
    s3 = bucket('many')
    for n in range(5):
        s3.put_object(Bucket='many', Key=str(n), Body=b'x')
    answer = s3.delete_objects(Bucket='many', Delete={'Objects': [{'Key': '0'}, {'Key': 'never'}]})
    same(sorted(d['Key'] for d in answer['Deleted']), ['0', 'never'])
    answer = s3.delete_objects(Bucket='many', Delete={'Objects': [{'Key': '1'}], 'Quiet': True})
    assert 'Deleted' not in answer and 'Errors' not in answer, answer
    keys = user('deleter', allow('s3:DeleteObject', 'arn:aws:s3:::many/2'))
    answer = client(keys=keys).delete_objects(Bucket='many', Delete={'Objects': [{'Key': '2'}, {'Key': '3'}]})
    same([d['Key'] for d in answer['Deleted']], ['2'])
    same((answer['Errors'][0]['Key'], answer['Errors'][0]['Code']), ('3', 'AccessDenied'))
    assert 's3:DeleteObject on resource: "arn:aws:s3:::many/3"' in answer['Errors'][0]['Message'], answer
    refused('MalformedXML', 400, s3.delete_objects, Bucket='many', Delete={'Objects': []})


@case
def copies():
    s3 = bucket('copies')
    bucket('copies-2')
    s3.put_object(Bucket='copies', Key='from ü', Body=b'copied', ContentType='a/b', Metadata={'m': '1'}, Tagging='t=1')
    answer = s3.copy_object(Bucket='copies-2', Key='to', CopySource={'Bucket': 'copies', 'Key': 'from ü'})
    same(answer['CopyObjectResult']['ETag'], f'"{hashlib.md5(b"copied").hexdigest()}"')
    got = s3.get_object(Bucket='copies-2', Key='to')
    same((got['Body'].read(), got['ContentType'], got['Metadata'], got['TagCount']), (b'copied', 'a/b', {'m': '1'}, 1))
    s3.copy_object(Bucket='copies-2', Key='new', CopySource='copies/from ü', MetadataDirective='REPLACE', Metadata={'n': '2'}, TaggingDirective='REPLACE', Tagging='u=2')
    got = s3.head_object(Bucket='copies-2', Key='new')
    same((got['Metadata'], got['ContentType']), ({'n': '2'}, 'binary/octet-stream'))
    same(s3.get_object_tagging(Bucket='copies-2', Key='new')['TagSet'], [{'Key': 'u', 'Value': '2'}])
    s3.delete_object(Bucket='copies', Key='from ü')
    same(s3.get_object(Bucket='copies-2', Key='new')['Body'].read(), b'copied')
    text = refused('InvalidRequest', 400, s3.copy_object, Bucket='copies-2', Key='to', CopySource='copies-2/to')
    assert text.startswith('This copy request is illegal because it is trying to copy an object to itself'), text
    s3.copy_object(Bucket='copies-2', Key='to', CopySource='copies-2/to', StorageClass='STANDARD_IA')
    refused('NoSuchKey', 404, s3.copy_object, Bucket='copies-2', Key='x', CopySource='copies/none')
    refused('NoSuchBucket', 404, s3.copy_object, Bucket='copies-2', Key='x', CopySource='not-there/none')
    refused('PreconditionFailed', 412, s3.copy_object, Bucket='copies-2', Key='x', CopySource='copies-2/to', CopySourceIfNoneMatch='*')
    summed = s3.copy_object(Bucket='copies-2', Key='sum', CopySource='copies-2/to', ChecksumAlgorithm='SHA256')
    same(summed['CopyObjectResult']['ChecksumSHA256'], base64.b64encode(hashlib.sha256(b'copied').digest()).decode())
    keys = user('copier', allow('s3:PutObject'))
    text = refused('AccessDenied', 403, client(keys=keys).copy_object, Bucket='copies-2', Key='x', CopySource='copies-2/to')
    assert 's3:GetObject on resource: "arn:aws:s3:::copies-2/to"' in text, text


@case
def multipart():
    s3 = bucket('in-parts')
    five = os.urandom(5 * 1024 * 1024)
    upload = s3.create_multipart_upload(Bucket='in-parts', Key='big', ContentType='x/y', Metadata={'a': 'b'})['UploadId']
    listed = s3.list_multipart_uploads(Bucket='in-parts')
    same([(u['Key'], u['UploadId']) for u in listed['Uploads']], [('big', upload)])
    one = s3.upload_part(Bucket='in-parts', Key='big', UploadId=upload, PartNumber=1, Body=five)['ETag']
    two = s3.upload_part(Bucket='in-parts', Key='big', UploadId=upload, PartNumber=7, Body=b'end')['ETag']
    parts = s3.list_parts(Bucket='in-parts', Key='big', UploadId=upload)
    same([(p['PartNumber'], p['Size'], p['ETag']) for p in parts['Parts']], [(1, len(five), one), (7, 3, two)])
    page = s3.list_parts(Bucket='in-parts', Key='big', UploadId=upload, MaxParts=1)
    same((page['IsTruncated'], page['NextPartNumberMarker']), (True, 1))
    refused('NoSuchKey', 404, s3.get_object, Bucket='in-parts', Key='big')
    complete = lambda *given: dict(Bucket='in-parts', Key='big', UploadId=upload, MultipartUpload={'Parts': [{'PartNumber': n, 'ETag': e} for n, e in given]})
    text = refused('InvalidPartOrder', 400, s3.complete_multipart_upload, **complete((7, two), (1, one)))
    same(text, 'The list of parts was not in ascending order. Parts must be ordered by part number.')
    refused('InvalidPart', 400, s3.complete_multipart_upload, **complete((1, one), (2, two)))
    refused('InvalidPart', 400, s3.complete_multipart_upload, **complete((1, two)))
    refused('InvalidArgument', 400, s3.upload_part, Bucket='in-parts', Key='big', UploadId=upload, PartNumber=10001, Body=b'')
    refused('MalformedXML', 400, s3.complete_multipart_upload, **complete())
    done = s3.complete_multipart_upload(**complete((1, one), (7, two)))
    wanted = hashlib.md5(hashlib.md5(five).digest() + hashlib.md5(b'end').digest()).hexdigest()
    same(done['ETag'], f'"{wanted}-2"')
    got = s3.get_object(Bucket='in-parts', Key='big')
    same((got['ContentType'], got['Metadata'], got['ContentLength']), ('x/y', {'a': 'b'}, len(five) + 3))
    assert got['Body'].read() == five + b'end'
    same(s3.get_object(Bucket='in-parts', Key='big', Range=f'bytes={len(five) - 2}-{len(five)}')['Body'].read(), five[-2:] + b'e')
    part = s3.get_object(Bucket='in-parts', Key='big', PartNumber=2)
    same((part['Body'].read(), part['PartsCount'], part['ContentRange']), (b'end', 2, f'bytes {len(five)}-{len(five) + 2}/{len(five) + 3}'))
    refused('InvalidPartNumber', 416, s3.get_object, Bucket='in-parts', Key='big', PartNumber=3)
    refused('NoSuchUpload', 404, s3.list_parts, Bucket='in-parts', Key='big', UploadId=upload)
    same(s3.get_object_attributes(Bucket='in-parts', Key='big', ObjectAttributes=['ObjectParts'])['ObjectParts']['TotalPartsCount'], 2)
    s3.copy_object(Bucket='in-parts', Key='copy', CopySource='in-parts/big')
    same(s3.head_object(Bucket='in-parts', Key='copy')['ETag'], f'"{hashlib.md5(five + b"end").hexdigest()}"')


@case
def small_parts_are_refused():
    s3 = bucket('small')
    upload = s3.create_multipart_upload(Bucket='small', Key='k')['UploadId']
    etags = [s3.upload_part(Bucket='small', Key='k', UploadId=upload, PartNumber=n, Body=b'tiny')['ETag'] for n in (1, 2)]
    text = refused('EntityTooSmall', 400, s3.complete_multipart_upload, Bucket='small', Key='k', UploadId=upload,
                   MultipartUpload={'Parts': [{'PartNumber': n + 1, 'ETag': e} for n, e in enumerate(etags)]})
    same(text, 'Your proposed upload is smaller than the minimum allowed size')
    s3.abort_multipart_upload(Bucket='small', Key='k', UploadId=upload)
    s3.abort_multipart_upload(Bucket='small', Key='k', UploadId=upload)  # as often as one likes
    refused('NoSuchUpload', 404, s3.abort_multipart_upload, Bucket='small', Key='k', UploadId='never')


@case
def checksums_of_parts():
    s3 = bucket('part-sums')
    pieces = [os.urandom(5 * 1024 * 1024), b'rest']
    crcs = [base64.b64encode(zlib.crc32(p).to_bytes(4, 'big')).decode() for p in pieces]

    def upload(key, **kind):
        made = s3.create_multipart_upload(Bucket='part-sums', Key=key, ChecksumAlgorithm='CRC32', **kind)
        sent = [s3.upload_part(Bucket='part-sums', Key=key, UploadId=made['UploadId'], PartNumber=n + 1, Body=p, ChecksumAlgorithm='CRC32') for n, p in enumerate(pieces)]
        same([s['ChecksumCRC32'] for s in sent], crcs)
        return made, sent

    made, sent = upload('composite')
    same(made['ChecksumType'], 'COMPOSITE')
    bare = {'Parts': [{'PartNumber': n + 1, 'ETag': s['ETag']} for n, s in enumerate(sent)]}
    text = refused('InvalidRequest', 400, s3.complete_multipart_upload, Bucket='part-sums', Key='composite', UploadId=made['UploadId'], MultipartUpload=bare)
    assert text.endswith('It was missing for part 1 in the request.'), text
    full = {'Parts': [{'PartNumber': n + 1, 'ETag': s['ETag'], 'ChecksumCRC32': s['ChecksumCRC32']} for n, s in enumerate(sent)]}
    done = s3.complete_multipart_upload(Bucket='part-sums', Key='composite', UploadId=made['UploadId'], MultipartUpload=full)
    whole = zlib.crc32(b''.join(base64.b64decode(c) for c in crcs)).to_bytes(4, 'big')
    same((done['ChecksumCRC32'], done['ChecksumType']), (base64.b64encode(whole).decode() + '-2', 'COMPOSITE'))

    made, sent = upload('full', ChecksumType='FULL_OBJECT')
    done = s3.complete_multipart_upload(Bucket='part-sums', Key='full', UploadId=made['UploadId'], MultipartUpload=bare | {'Parts': [{'PartNumber': n + 1, 'ETag': s['ETag']} for n, s in enumerate(sent)]}, ChecksumType='FULL_OBJECT')
    same(done['ChecksumCRC32'], base64.b64encode(zlib.crc32(b''.join(pieces)).to_bytes(4, 'big')).decode())
    text = refused('InvalidRequest', 400, s3.create_multipart_upload, Bucket='part-sums', Key='k', ChecksumAlgorithm='SHA1', ChecksumType='FULL_OBJECT')
    same(text, 'The FULL_OBJECT checksum type cannot be used with the sha1 checksum algorithm.')


@case
def parts_may_be_copied():
    s3 = bucket('part-copies')
    body = os.urandom(6 * 1024 * 1024)
    s3.put_object(Bucket='part-copies', Key='from', Body=body)
    upload = s3.create_multipart_upload(Bucket='part-copies', Key='to')['UploadId']
    half = 5 * 1024 * 1024
    sent = [
        s3.upload_part_copy(Bucket='part-copies', Key='to', UploadId=upload, PartNumber=1, CopySource='part-copies/from', CopySourceRange=f'bytes=0-{half - 1}'),
        s3.upload_part_copy(Bucket='part-copies', Key='to', UploadId=upload, PartNumber=2, CopySource='part-copies/from', CopySourceRange=f'bytes={half}-{len(body) - 1}'),
    ]
    same(sent[1]['CopyPartResult']['ETag'], f'"{hashlib.md5(body[half:]).hexdigest()}"')
    refused('InvalidArgument', 400, s3.upload_part_copy, Bucket='part-copies', Key='to', UploadId=upload, PartNumber=3, CopySource='part-copies/from', CopySourceRange='bytes=0-99999999')
    s3.complete_multipart_upload(Bucket='part-copies', Key='to', UploadId=upload, MultipartUpload={'Parts': [{'PartNumber': n + 1, 'ETag': s['CopyPartResult']['ETag']} for n, s in enumerate(sent)]})
    s3.delete_object(Bucket='part-copies', Key='from')
    assert s3.get_object(Bucket='part-copies', Key='to')['Body'].read() == body


@case
def versions():
    s3 = bucket('versions')
    same(s3.get_bucket_versioning(Bucket='versions').get('Status'), None)
    s3.put_object(Bucket='versions', Key='k', Body=b'null')
    s3.put_bucket_versioning(Bucket='versions', VersioningConfiguration={'Status': 'Enabled'})
    same(s3.get_bucket_versioning(Bucket='versions')['Status'], 'Enabled')
    one = s3.put_object(Bucket='versions', Key='k', Body=b'one')['VersionId']
    two = s3.put_object(Bucket='versions', Key='k', Body=b'two')['VersionId']
    assert one != two and len(one) == 32
    same(s3.get_object(Bucket='versions', Key='k')['VersionId'], two)
    same(s3.get_object(Bucket='versions', Key='k', VersionId=one)['Body'].read(), b'one')
    same(s3.get_object(Bucket='versions', Key='k', VersionId='null')['Body'].read(), b'null')
    gone = s3.delete_object(Bucket='versions', Key='k')
    assert gone['DeleteMarker']
    listed = s3.list_object_versions(Bucket='versions')
    same([(v['VersionId'], v['IsLatest']) for v in listed['Versions']], [(two, False), (one, False), ('null', False)])
    same([(m['VersionId'], m['IsLatest']) for m in listed['DeleteMarkers']], [(gone['VersionId'], True)])
    assert 'Contents' not in s3.list_objects_v2(Bucket='versions')
    try:
        s3.get_object(Bucket='versions', Key='k')
    except ClientError as error:
        same((error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPHeaders']['x-amz-delete-marker']), ('NoSuchKey', 'true'))
    refused('MethodNotAllowed', 405, s3.get_object, Bucket='versions', Key='k', VersionId=gone['VersionId'])
    text = refused('BucketNotEmpty', 409, s3.delete_bucket, Bucket='versions')
    same(text, 'The bucket you tried to delete is not empty. You must delete all versions in the bucket.')
    s3.delete_object(Bucket='versions', Key='k', VersionId=gone['VersionId'])
    same(s3.get_object(Bucket='versions', Key='k')['Body'].read(), b'two')
    s3.delete_object(Bucket='versions', Key='k', VersionId=two)
    same(s3.get_object(Bucket='versions', Key='k')['Body'].read(), b'one')
    s3.put_bucket_versioning(Bucket='versions', VersioningConfiguration={'Status': 'Suspended'})
    same(s3.put_object(Bucket='versions', Key='k', Body=b'again').get('VersionId'), None)
    same(s3.head_object(Bucket='versions', Key='k')['VersionId'], 'null')
    same([v['VersionId'] for v in s3.list_object_versions(Bucket='versions')['Versions']], ['null', one])
    marker = s3.delete_object(Bucket='versions', Key='k')
    same((marker['VersionId'], marker['DeleteMarker']), ('null', True))
    same([v['VersionId'] for v in s3.list_object_versions(Bucket='versions')['Versions']], [one])
    refused('NoSuchVersion', 404, s3.get_object, Bucket='versions', Key='k', VersionId=two)
    refused('InvalidArgument', 400, s3.get_object, Bucket='versions', Key='k', VersionId='a' * 32)
    refused('InvalidArgument', 400, s3.get_object, Bucket='versions', Key='k', VersionId='bad')
    answer = s3.delete_objects(Bucket='versions', Delete={'Objects': [{'Key': 'k', 'VersionId': one}, {'Key': 'k', 'VersionId': 'null'}]})
    same(len(answer['Deleted']), 2)
    s3.delete_bucket(Bucket='versions')
    refused('IllegalVersioningConfigurationException', 400, bucket('versions-2').put_bucket_versioning, Bucket='versions-2', VersioningConfiguration={})


@case
def versions_by_pages():
    s3 = bucket('version-pages')
    s3.put_bucket_versioning(Bucket='version-pages', VersioningConfiguration={'Status': 'Enabled'})
    ids = [(key, s3.put_object(Bucket='version-pages', Key=key, Body=b'x')['VersionId']) for key in ('a', 'a', 'a', 'b', 'c/1', 'c/2') for _ in (1,)]
    found = [(v['Key'], v['VersionId']) for page in s3.get_paginator('list_object_versions').paginate(Bucket='version-pages', PaginationConfig={'PageSize': 2}) for v in page['Versions']]
    same(found, list(reversed(ids[:3])) + ids[3:])
    rolled = s3.list_object_versions(Bucket='version-pages', Delimiter='/')
    same([p['Prefix'] for p in rolled['CommonPrefixes']], ['c/'])
    refused('InvalidArgument', 400, s3.list_object_versions, Bucket='version-pages', VersionIdMarker='x')


@case
def tags():
    s3 = bucket('tags')
    s3.put_object(Bucket='tags', Key='k', Body=b'x', Tagging='a=1&b%20c=2')
    same(s3.get_object_tagging(Bucket='tags', Key='k')['TagSet'], [{'Key': 'a', 'Value': '1'}, {'Key': 'b c', 'Value': '2'}])
    s3.put_object_tagging(Bucket='tags', Key='k', Tagging={'TagSet': [{'Key': 'n', 'Value': ''}]})
    same(s3.get_object_tagging(Bucket='tags', Key='k')['TagSet'], [{'Key': 'n', 'Value': ''}])
    s3.delete_object_tagging(Bucket='tags', Key='k')
    same(s3.get_object_tagging(Bucket='tags', Key='k')['TagSet'], [])
    refused('BadRequest', 400, s3.put_object_tagging, Bucket='tags', Key='k', Tagging={'TagSet': [{'Key': str(n), 'Value': ''} for n in range(11)]})
    refused('InvalidTag', 400, s3.put_object_tagging, Bucket='tags', Key='k', Tagging={'TagSet': [{'Key': 'x', 'Value': '1'}, {'Key': 'x', 'Value': '2'}]})
    refused('InvalidTag', 400, s3.put_object_tagging, Bucket='tags', Key='k', Tagging={'TagSet': [{'Key': 'aws:x', 'Value': '1'}]})
    refused('InvalidArgument', 400, s3.put_object, Bucket='tags', Key='k', Tagging='a=1&a=2')
    refused('NoSuchKey', 404, s3.get_object_tagging, Bucket='tags', Key='none')
    refused('NoSuchTagSet', 404, s3.get_bucket_tagging, Bucket='tags')
    s3.put_bucket_tagging(Bucket='tags', Tagging={'TagSet': [{'Key': 'team', 'Value': 'x'}]})
    same(s3.get_bucket_tagging(Bucket='tags')['TagSet'], [{'Key': 'team', 'Value': 'x'}])
    s3.delete_bucket_tagging(Bucket='tags')
    refused('NoSuchTagSet', 404, s3.get_bucket_tagging, Bucket='tags')


@case
def permissions_by_prefix_and_tag():
    s3 = bucket('prefixes')
    for key in ('home/a/x', 'home/b/x'):
        s3.put_object(Bucket='prefixes', Key=key, Body=b'x', Tagging='secret=' + ('yes' if 'b' in key else 'no'))
    mine = client(keys=user(
        'prefixed',
        allow('s3:ListBucket', 'arn:aws:s3:::prefixes', Condition={'StringLike': {'s3:prefix': 'home/a/*'}}),
        allow('s3:GetObject', 'arn:aws:s3:::prefixes/*', Condition={'StringEquals': {'s3:ExistingObjectTag/secret': 'no'}}),
        allow('s3:PutObject', 'arn:aws:s3:::prefixes/*', Condition={'StringEquals': {'s3:x-amz-server-side-encryption': 'aws:kms'}}),
    ))
    same(mine.list_objects_v2(Bucket='prefixes', Prefix='home/a/')['KeyCount'], 1)
    refused('AccessDenied', 403, mine.list_objects_v2, Bucket='prefixes')
    mine.get_object(Bucket='prefixes', Key='home/a/x')
    text = refused('AccessDenied', 403, mine.get_object, Bucket='prefixes', Key='home/b/x')
    same(text, f'User: arn:aws:iam::{account}:user/s3-prefixed is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::prefixes/home/b/x" because no identity-based policy allows the s3:GetObject action')
    refused('AccessDenied', 403, mine.put_object, Bucket='prefixes', Key='n', Body=b'')
    same(mine.put_object(Bucket='prefixes', Key='n', Body=b'', ServerSideEncryption='aws:kms')['ServerSideEncryption'], 'aws:kms')


@case
def a_missing_object_is_told_to_those_who_may_list():
    s3 = bucket('missing')
    reader = client(keys=user('reader', allow('s3:GetObject')))
    text = refused('AccessDenied', 403, reader.get_object, Bucket='missing', Key='none')
    assert 's3:ListBucket on resource: "arn:aws:s3:::missing"' in text, text
    refused('403', 403, reader.head_object, Bucket='missing', Key='none')
    lister = client(keys=user('lister', allow(['s3:GetObject', 's3:ListBucket'])))
    refused('NoSuchKey', 404, lister.get_object, Bucket='missing', Key='none')


@case
def bucket_policies():
    s3 = bucket('policied', public=True)
    s3.put_object(Bucket='policied', Key='open/k', Body=b'x')
    s3.put_object(Bucket='policied', Key='shut/k', Body=b'x')
    refused('NoSuchBucketPolicy', 404, s3.get_bucket_policy, Bucket='policied')
    keys = user('named')
    refused('AccessDenied', 403, client(keys=keys).get_object, Bucket='policied', Key='shut/k')
    document = policy(
        {**allow('s3:GetObject', 'arn:aws:s3:::policied/shut/*'), 'Principal': {'AWS': f'arn:aws:iam::{account}:user/s3-named'}},
        {**allow('s3:GetObject', 'arn:aws:s3:::policied/open/*'), 'Principal': '*'},
        {'Effect': 'Deny', 'Principal': '*', 'Action': 's3:DeleteObject', 'Resource': 'arn:aws:s3:::policied/open/*'},
    )
    s3.put_bucket_policy(Bucket='policied', Policy=document)
    same(json.loads(s3.get_bucket_policy(Bucket='policied')['Policy']), json.loads(document))
    same(s3.get_bucket_policy_status(Bucket='policied')['PolicyStatus']['IsPublic'], True)
    client(keys=keys).get_object(Bucket='policied', Key='shut/k')
    same(anonymous().get_object(Bucket='policied', Key='open/k')['Body'].read(), b'x')
    same(refused('AccessDenied', 403, anonymous().get_object, Bucket='policied', Key='shut/k'), 'Access Denied')
    text = refused('AccessDenied', 403, s3.delete_object, Bucket='policied', Key='open/k')
    assert text.endswith('with an explicit deny in a resource-based policy'), text
    for bad, why in (
        ('nope', "Policies must be valid JSON and the first byte must be '{'"), ('{}', 'Missing required field Statement'),
        (policy({**allow('s3:GetObject', 'arn:aws:s3:::other/*'), 'Principal': '*'}), 'Policy has invalid resource'),
        (policy({**allow('s3:GetObject', 'arn:aws:s3:::policied'), 'Principal': '*'}), 'Action does not apply to any resource(s) in statement'),
    ):
        same(refused('MalformedPolicy', 400, s3.put_bucket_policy, Bucket='policied', Policy=bad), why)
    s3.delete_bucket_policy(Bucket='policied')
    refused('AccessDenied', 403, anonymous().get_object, Bucket='policied', Key='open/k')
    s3.delete_object(Bucket='policied', Key='open/k')


@case
def public_access_is_blocked():
    s3 = bucket('blocked')
    block = s3.get_public_access_block(Bucket='blocked')['PublicAccessBlockConfiguration']
    same(block, dict.fromkeys(('BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'), True))
    open_to_all = policy({**allow('s3:GetObject', 'arn:aws:s3:::blocked/*'), 'Principal': '*'})
    refused('AccessDenied', 403, s3.put_bucket_policy, Bucket='blocked', Policy=open_to_all)
    s3.put_public_access_block(Bucket='blocked', PublicAccessBlockConfiguration={'BlockPublicPolicy': False, 'RestrictPublicBuckets': True})
    s3.put_bucket_policy(Bucket='blocked', Policy=open_to_all)
    s3.put_object(Bucket='blocked', Key='k', Body=b'x')
    refused('AccessDenied', 403, anonymous().get_object, Bucket='blocked', Key='k')
    s3.delete_public_access_block(Bucket='blocked')
    anonymous().get_object(Bucket='blocked', Key='k')
    text = refused('NoSuchPublicAccessBlockConfiguration', 404, s3.get_public_access_block, Bucket='blocked')
    same(text, 'The public access block configuration was not found')


@case
def access_lists():
    s3 = bucket('lists', public=True)
    acl = s3.get_bucket_acl(Bucket='lists')
    same([(g['Grantee']['ID'] == acl['Owner']['ID'], g['Permission']) for g in acl['Grants']], [(True, 'FULL_CONTROL')])
    same(refused('AccessControlListNotSupported', 400, s3.put_bucket_acl, Bucket='lists', ACL='public-read'), 'The bucket does not allow ACLs')
    refused('AccessControlListNotSupported', 400, s3.put_object, Bucket='lists', Key='k', Body=b'', ACL='public-read')
    s3.put_object(Bucket='lists', Key='k', Body=b'', ACL='bucket-owner-full-control')
    same(s3.get_bucket_ownership_controls(Bucket='lists')['OwnershipControls']['Rules'], [{'ObjectOwnership': 'BucketOwnerEnforced'}])
    s3.put_bucket_ownership_controls(Bucket='lists', OwnershipControls={'Rules': [{'ObjectOwnership': 'ObjectWriter'}]})
    s3.put_bucket_acl(Bucket='lists', ACL='public-read')
    same(sorted(g['Permission'] for g in s3.get_bucket_acl(Bucket='lists')['Grants']), ['FULL_CONTROL', 'READ'])
    anonymous().list_objects_v2(Bucket='lists')
    s3.put_object(Bucket='lists', Key='seen', Body=b'seen', ACL='public-read')
    same(anonymous().get_object(Bucket='lists', Key='seen')['Body'].read(), b'seen')
    refused('AccessDenied', 403, anonymous().get_object, Bucket='lists', Key='k')
    s3.put_object_acl(Bucket='lists', Key='k', ACL='public-read')
    anonymous().get_object(Bucket='lists', Key='k')
    s3.put_object_acl(Bucket='lists', Key='k', AccessControlPolicy={'Owner': acl['Owner'], 'Grants': [{'Grantee': {'Type': 'CanonicalUser', 'ID': acl['Owner']['ID']}, 'Permission': 'READ'}]})
    same([g['Permission'] for g in s3.get_object_acl(Bucket='lists', Key='k')['Grants']], ['READ'])
    refused('InvalidRequest', 400, s3.put_object_acl, Bucket='lists', Key='k', ACL='private', GrantRead='id="' + 'a' * 64 + '"')
    refused('InvalidArgument', 400, s3.put_object_acl, Bucket='lists', Key='k', GrantRead='uri="http://nobody"')
    refused('MissingSecurityHeader', 400, s3.put_object_acl, Bucket='lists', Key='k')
    s3.put_public_access_block(Bucket='lists', PublicAccessBlockConfiguration={'IgnorePublicAcls': True, 'BlockPublicAcls': True})
    refused('AccessDenied', 403, anonymous().get_object, Bucket='lists', Key='seen')
    refused('AccessDenied', 403, s3.put_object_acl, Bucket='lists', Key='k', ACL='public-read')
    s3.delete_bucket_ownership_controls(Bucket='lists')
    refused('OwnershipControlsNotFoundError', 404, s3.get_bucket_ownership_controls, Bucket='lists')
    refused('InvalidBucketAclWithObjectOwnership', 400, s3.create_bucket, Bucket='lists-2', ACL='public-read')


@case
def encryption():
    s3 = bucket('sealed')
    rule = s3.get_bucket_encryption(Bucket='sealed')['ServerSideEncryptionConfiguration']['Rules'][0]
    same(rule, {'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'AES256'}, 'BucketKeyEnabled': False})
    s3.put_bucket_encryption(Bucket='sealed', ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'aws:kms'}, 'BucketKeyEnabled': True}]})
    put = s3.put_object(Bucket='sealed', Key='k', Body=b'x')
    same((put['ServerSideEncryption'], put['BucketKeyEnabled']), ('aws:kms', True))
    assert put['SSEKMSKeyId'].startswith(f'arn:aws:kms:us-east-1:{account}:key/'), put
    s3.delete_bucket_encryption(Bucket='sealed')
    same(s3.put_object(Bucket='sealed', Key='k', Body=b'x')['ServerSideEncryption'], 'AES256')
    refused('InvalidEncryptionAlgorithmError', 400, s3.put_object, Bucket='sealed', Key='k', ServerSideEncryption='ROT13')
    refused('InvalidArgument', 400, s3.put_bucket_encryption, Bucket='sealed', ServerSideEncryptionConfiguration={'Rules': [{'ApplyServerSideEncryptionByDefault': {'SSEAlgorithm': 'AES256', 'KMSMasterKeyID': 'x'}}]})


@case
def customer_keys():
    s3 = bucket('own-keys')
    key, other = os.urandom(32), os.urandom(32)
    with_key = lambda k: {'SSECustomerAlgorithm': 'AES256', 'SSECustomerKey': k}
    put = s3.put_object(Bucket='own-keys', Key='k', Body=b'secret', **with_key(key))
    same(put['SSECustomerKeyMD5'], base64.b64encode(hashlib.md5(key).digest()).decode())
    assert 'ServerSideEncryption' not in put
    same(s3.get_object(Bucket='own-keys', Key='k', **with_key(key))['Body'].read(), b'secret')
    refused('AccessDenied', 403, s3.get_object, Bucket='own-keys', Key='k', **with_key(other))
    text = refused('InvalidRequest', 400, s3.get_object, Bucket='own-keys', Key='k')
    assert text.startswith('The object was stored using a form of Server Side Encryption.'), text
    refused('400', 400, s3.head_object, Bucket='own-keys', Key='k')
    refused('InvalidArgument', 400, s3.put_object, Bucket='own-keys', Key='k', SSECustomerAlgorithm='AES256', SSECustomerKey=b'short')
    s3.copy_object(Bucket='own-keys', Key='plain', CopySource='own-keys/k', CopySourceSSECustomerAlgorithm='AES256', CopySourceSSECustomerKey=key)
    same(s3.get_object(Bucket='own-keys', Key='plain')['Body'].read(), b'secret')
    refused('InvalidRequest', 400, s3.get_object, Bucket='own-keys', Key='plain', **with_key(key))


@case
def object_lock():
    s3 = bucket('locked', ObjectLockEnabledForBucket=True)
    same(s3.get_bucket_versioning(Bucket='locked')['Status'], 'Enabled')
    now = datetime.datetime.now(datetime.timezone.utc)
    soon, later = now + datetime.timedelta(days=1), now + datetime.timedelta(days=2)
    version = s3.put_object(Bucket='locked', Key='k', Body=b'x', ObjectLockMode='GOVERNANCE', ObjectLockRetainUntilDate=later)['VersionId']
    s3.delete_object(Bucket='locked', Key='k')  # a marker may always be laid
    refused('AccessDenied', 403, s3.delete_object, Bucket='locked', Key='k', VersionId=version)
    refused('AccessDenied', 403, s3.put_object_retention, Bucket='locked', Key='k', VersionId=version, Retention={'Mode': 'GOVERNANCE', 'RetainUntilDate': soon})
    last = (later + datetime.timedelta(days=1)).replace(microsecond=0)
    s3.put_object_retention(Bucket='locked', Key='k', VersionId=version, Retention={'Mode': 'GOVERNANCE', 'RetainUntilDate': last})
    same(s3.get_object_retention(Bucket='locked', Key='k', VersionId=version)['Retention'], {'Mode': 'GOVERNANCE', 'RetainUntilDate': last})
    weak = client(keys=user('no-bypass', allow('s3:*'), {'Effect': 'Deny', 'Action': 's3:BypassGovernanceRetention', 'Resource': '*'}))
    refused('AccessDenied', 403, weak.delete_object, Bucket='locked', Key='k', VersionId=version, BypassGovernanceRetention=True)
    s3.delete_object(Bucket='locked', Key='k', VersionId=version, BypassGovernanceRetention=True)
    held = s3.put_object(Bucket='locked', Key='h', Body=b'x', ObjectLockLegalHoldStatus='ON')['VersionId']
    same(s3.get_object_legal_hold(Bucket='locked', Key='h')['LegalHold']['Status'], 'ON')
    refused('AccessDenied', 403, s3.delete_object, Bucket='locked', Key='h', VersionId=held)
    s3.put_object_legal_hold(Bucket='locked', Key='h', LegalHold={'Status': 'OFF'})
    s3.delete_object(Bucket='locked', Key='h', VersionId=held)
    set_to = {'ObjectLockEnabled': 'Enabled', 'Rule': {'DefaultRetention': {'Mode': 'COMPLIANCE', 'Days': 1}}}
    s3.put_object_lock_configuration(Bucket='locked', ObjectLockConfiguration=set_to)
    same(s3.get_object_lock_configuration(Bucket='locked')['ObjectLockConfiguration'], set_to)
    kept = s3.put_object(Bucket='locked', Key='c', Body=b'x')['VersionId']
    same(s3.get_object_retention(Bucket='locked', Key='c')['Retention']['Mode'], 'COMPLIANCE')
    refused('AccessDenied', 403, s3.delete_object, Bucket='locked', Key='c', VersionId=kept, BypassGovernanceRetention=True)
    refused('InvalidBucketState', 409, s3.put_bucket_versioning, Bucket='locked', VersioningConfiguration={'Status': 'Suspended'})
    refused('NoSuchObjectLockConfiguration', 404, s3.get_object_legal_hold, Bucket='locked', Key='c')
    refused('InvalidArgument', 400, s3.put_object, Bucket='locked', Key='k', ObjectLockMode='GOVERNANCE')
    bucket('unlocked')
    refused('ObjectLockConfigurationNotFoundError', 404, s3.get_object_lock_configuration, Bucket='unlocked')
    refused('InvalidRequest', 400, s3.put_object, Bucket='unlocked', Key='k', ObjectLockLegalHoldStatus='ON')


@case
def cross_origin():
    s3 = bucket('origins')
    refused('NoSuchCORSConfiguration', 404, s3.get_bucket_cors, Bucket='origins')
    rules = [{'AllowedMethods': ['GET', 'PUT'], 'AllowedOrigins': ['https://*.example.com'], 'AllowedHeaders': ['x-*'], 'ExposeHeaders': ['ETag'], 'MaxAgeSeconds': 60}]
    s3.put_bucket_cors(Bucket='origins', CORSConfiguration={'CORSRules': rules})
    same(s3.get_bucket_cors(Bucket='origins')['CORSRules'], rules)
    refused('InvalidRequest', 400, s3.put_bucket_cors, Bucket='origins', CORSConfiguration={'CORSRules': [{'AllowedMethods': ['PATCH'], 'AllowedOrigins': ['*']}]})
    s3.delete_bucket_cors(Bucket='origins')
    refused('NoSuchCORSConfiguration', 404, s3.get_bucket_cors, Bucket='origins')


@case
def lifecycle():
    s3 = bucket('cycles')
    refused('NoSuchLifecycleConfiguration', 404, s3.get_bucket_lifecycle_configuration, Bucket='cycles')
    rules = [{'ID': 'logs', 'Status': 'Enabled', 'Filter': {'Prefix': 'logs/'}, 'Expiration': {'Days': 1}}]
    s3.put_bucket_lifecycle_configuration(Bucket='cycles', LifecycleConfiguration={'Rules': rules})
    same(s3.get_bucket_lifecycle_configuration(Bucket='cycles')['Rules'], rules)
    put = s3.put_object(Bucket='cycles', Key='logs/1', Body=b'x')
    assert 'rule-id="logs"' in put['Expiration'], put
    assert 'Expiration' not in s3.put_object(Bucket='cycles', Key='other', Body=b'x')
    for bad in ({'Status': 'On', 'Filter': {}, 'Expiration': {'Days': 1}}, {'Status': 'Enabled', 'Expiration': {'Days': 1}}):
        refused('MalformedXML', 400, s3.put_bucket_lifecycle_configuration, Bucket='cycles', LifecycleConfiguration={'Rules': [bad]})
    dated = {'Status': 'Enabled', 'Filter': {'Prefix': ''}, 'Expiration': {'Date': datetime.datetime(2030, 1, 1, 12, tzinfo=datetime.timezone.utc)}}
    refused('InvalidArgument', 400, s3.put_bucket_lifecycle_configuration, Bucket='cycles', LifecycleConfiguration={'Rules': [dated]})
    s3.delete_bucket_lifecycle(Bucket='cycles')


@case
def web_sites():
    s3 = bucket('site', public=True)
    refused('NoSuchWebsiteConfiguration', 404, s3.get_bucket_website, Bucket='site')
    pages = {
        'IndexDocument': {'Suffix': 'index.html'}, 'ErrorDocument': {'Key': 'error.html'},
        'RoutingRules': [{'Condition': {'KeyPrefixEquals': 'old/'}, 'Redirect': {'ReplaceKeyPrefixWith': 'new/'}}],
    }
    s3.put_bucket_website(Bucket='site', WebsiteConfiguration=pages)
    told = s3.get_bucket_website(Bucket='site')
    same({name: told[name] for name in pages}, pages)
    s3.put_bucket_policy(Bucket='site', Policy=policy({**allow(['s3:GetObject', 's3:ListBucket'], ['arn:aws:s3:::site/*', 'arn:aws:s3:::site']), 'Principal': '*'}))
    for key in ('index.html', 'dir/index.html', 'error.html'):
        s3.put_object(Bucket='site', Key=key, Body=key.encode(), ContentType='text/html')
    s3.put_object(Bucket='site', Key='away', Body=b'', WebsiteRedirectLocation='https://example.com/')
    host = 'site.s3-website.localhost'
    same(fetch('GET', '/', host=host)[::2], (200, b'index.html'))
    same(fetch('GET', '/dir/', host=host)[::2], (200, b'dir/index.html'))
    status, headers, _ = fetch('GET', '/dir', host=host)
    same((status, headers['location']), (302, '/dir/'))
    same(fetch('GET', '/none', host=host)[::2], (404, b'error.html'))
    status, headers, _ = fetch('GET', '/old/page', host=host)
    assert (status, headers['location'].endswith('/new/page')) == (301, True), headers
    same(fetch('GET', '/away', host=host)[1]['location'], 'https://example.com/')
    refused('InvalidArgument', 400, s3.put_bucket_website, Bucket='site', WebsiteConfiguration={'RedirectAllRequestsTo': {'HostName': 'x'}, 'IndexDocument': {'Suffix': 'i'}})
    s3.delete_bucket_website(Bucket='site')
    assert b'NoSuchWebsiteConfiguration' in fetch('GET', '/', host=host)[2]


@case
def forms():
    s3 = bucket('forms')

    def post(form, body=b'posted', **more):
        boundary = 'xxBOUNDARYxx'
        lines = [f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in {**form['fields'], **more}.items()]
        data = ''.join(lines).encode() + f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="f.txt"\r\nContent-Type: text/x\r\n\r\n'.encode() + body + f'\r\n--{boundary}--\r\n'.encode()
        return fetch('POST', form['url'][len(endpoint):], {'Content-Type': f'multipart/form-data; boundary={boundary}'}, data)

    for version in ('s3v4', 's3'):
        maker = client(signature_version=version)
        form = maker.generate_presigned_post('forms', 'up/${filename}', Fields={'x-amz-meta-a': 'b'}, Conditions=[{'x-amz-meta-a': 'b'}, ['content-length-range', 1, 10]])
        same(post(form)[0], 204)
        got = s3.get_object(Bucket='forms', Key='up/f.txt')
        same((got['Body'].read(), got['Metadata'], got['ContentType']), (b'posted', {'a': 'b'}, 'text/x'))
        status, _, body = post(form, b'x' * 11)
        assert (status, b'<Code>EntityTooLarge</Code>' in body) == (400, True), body
        status, _, body = post(form, **{'x-amz-meta-a': 'c'})
        assert status == 403 and b'Invalid according to Policy: Policy Condition failed: ["eq", "$x-amz-meta-a", "b"]' in body.replace(b'&quot;', b'"'), body
        status, _, body = post(form, **{'x-amz-meta-z': 'c'})
        assert status == 403 and b'Extra input fields: x-amz-meta-z' in body, body
        broken = {**form, 'fields': {**form['fields'], 'policy': form['fields']['policy'][:-8] + 'AAAAAAA='}}
        assert post(broken)[0] in (400, 403)
    form = client().generate_presigned_post('forms', 'r', Fields={'success_action_status': '201'}, Conditions=[{'success_action_status': '201'}])
    status, headers, body = post(form)
    assert status == 201 and b'<PostResponse>' in body and b'<Key>r</Key>' in body, body
    keys = user('poster')
    form = client(keys=keys).generate_presigned_post('forms', 'k')
    status, _, body = post(form)
    assert status == 403 and b's3:PutObject' in body, body


@case
def links():
    s3 = bucket('linked')
    url = s3.generate_presigned_url('put_object', Params={'Bucket': 'linked', 'Key': 'k ü', 'ContentType': 'x/y'})
    same(fetch('PUT', url[len(endpoint):], {'Content-Type': 'x/y'}, b'by link')[0], 200)
    url = s3.generate_presigned_url('get_object', Params={'Bucket': 'linked', 'Key': 'k ü', 'ResponseContentType': 'a/b'})
    status, headers, body = fetch('GET', url[len(endpoint):])
    same((status, headers['content-type'], body), (200, 'a/b', b'by link'))
    status, _, body = fetch('GET', url[len(endpoint):].replace('a%2Fb', 'a%2Fc'))
    assert status == 403 and b'<Code>SignatureDoesNotMatch</Code>' in body, body
    url = client(keys=user('linker')).generate_presigned_url('get_object', Params={'Bucket': 'linked', 'Key': 'k ü'})
    same(fetch('GET', url[len(endpoint):])[0], 403)


@case
def archives():
    s3 = bucket('archive')
    s3.put_object(Bucket='archive', Key='k', Body=b'cold', StorageClass='GLACIER')
    refused('InvalidObjectState', 403, s3.get_object, Bucket='archive', Key='k')
    same(s3.restore_object(Bucket='archive', Key='k', RestoreRequest={'Days': 1})['ResponseMetadata']['HTTPStatusCode'], 202)
    same(s3.get_object(Bucket='archive', Key='k')['Body'].read(), b'cold')
    assert 'ongoing-request="false"' in s3.head_object(Bucket='archive', Key='k')['Restore']
    told = s3.list_objects_v2(Bucket='archive', OptionalObjectAttributes=['RestoreStatus'])['Contents'][0]['RestoreStatus']
    same((told['IsRestoreInProgress'], 'RestoreExpiryDate' in told), (False, True))
    s3.put_object(Bucket='archive', Key='warm', Body=b'x')
    refused('InvalidObjectState', 403, s3.restore_object, Bucket='archive', Key='warm', RestoreRequest={'Days': 1})


@case
def smaller_settings():
    s3 = bucket('settings')
    bucket('settings-logs')
    assert 'LoggingEnabled' not in s3.get_bucket_logging(Bucket='settings')
    s3.put_bucket_logging(Bucket='settings', BucketLoggingStatus={'LoggingEnabled': {'TargetBucket': 'settings-logs', 'TargetPrefix': 'l/'}})
    same(s3.get_bucket_logging(Bucket='settings')['LoggingEnabled']['TargetPrefix'], 'l/')
    refused('InvalidTargetBucketForLogging', 400, s3.put_bucket_logging, Bucket='settings', BucketLoggingStatus={'LoggingEnabled': {'TargetBucket': 'no-such', 'TargetPrefix': ''}})
    same(s3.get_bucket_request_payment(Bucket='settings')['Payer'], 'BucketOwner')
    s3.put_bucket_request_payment(Bucket='settings', RequestPaymentConfiguration={'Payer': 'Requester'})
    same(s3.get_bucket_request_payment(Bucket='settings')['Payer'], 'Requester')
    s3.put_bucket_accelerate_configuration(Bucket='settings', AccelerateConfiguration={'Status': 'Enabled'})
    same(s3.get_bucket_accelerate_configuration(Bucket='settings')['Status'], 'Enabled')
    refused('ReplicationConfigurationNotFoundError', 404, s3.get_bucket_replication, Bucket='settings')
    assert 'QueueConfigurations' not in s3.get_bucket_notification_configuration(Bucket='settings')
    s3.put_bucket_notification_configuration(Bucket='settings', NotificationConfiguration={})
    metrics = {'Id': 'm', 'Filter': {'Prefix': 'x'}}
    s3.put_bucket_metrics_configuration(Bucket='settings', Id='m', MetricsConfiguration=metrics)
    same(s3.get_bucket_metrics_configuration(Bucket='settings', Id='m')['MetricsConfiguration'], metrics)
    same(len(s3.list_bucket_metrics_configurations(Bucket='settings')['MetricsConfigurationList']), 1)
    refused('IdMismatch', 400, s3.put_bucket_metrics_configuration, Bucket='settings', Id='n', MetricsConfiguration=metrics)
    s3.delete_bucket_metrics_configuration(Bucket='settings', Id='m')
    refused('NoSuchConfiguration', 404, s3.get_bucket_metrics_configuration, Bucket='settings', Id='m')


@case
def the_expected_owner():
    s3 = bucket('expected')
    s3.head_bucket(Bucket='expected', ExpectedBucketOwner=account)
    same(refused('AccessDenied', 403, s3.list_objects_v2, Bucket='expected', ExpectedBucketOwner='000000000000'), 'Access Denied')
    refused('InvalidBucketOwnerAWSAccountID', 400, s3.list_objects_v2, Bucket='expected', ExpectedBucketOwner='abcd')


@case
def what_is_not_built_says_so():
    s3 = bucket('unbuilt')
    s3.put_object(Bucket='unbuilt', Key='k', Body=b'x')
    table = {'S3TablesDestination': {'TableBucketArn': f'arn:aws:s3tables:us-east-1:{account}:bucket/t', 'TableName': 'n'}}
    text = refused('NotImplemented', 501, s3.create_bucket_metadata_table_configuration, Bucket='unbuilt', MetadataTableConfiguration=table)
    assert 'CreateBucketMetadataTableConfiguration' in text, text
    function = {'LambdaFunctionConfigurations': [{'LambdaFunctionArn': f'arn:aws:lambda:us-east-1:{account}:function:f', 'Events': ['s3:ObjectCreated:*']}]}
    refused('NotImplemented', 501, s3.put_bucket_notification_configuration, Bucket='unbuilt', NotificationConfiguration=function)
    same(refused('InvalidAccessKeyId', 403, client(keys={'AccessKeyId': 'AKIAIOSFODNN7EXAMPLE'}).list_buckets), 'The AWS Access Key Id you provided does not exist in our records.')
    refused('AccessDenied', 403, anonymous().list_buckets)


@case
def everything_that_is_built_was_called():
    same(called_and_not({'s3': s3_operations.unbuilt | s3_operations.refused | s3_operations.settings | s3_operations.express}), {})


run('s3')
