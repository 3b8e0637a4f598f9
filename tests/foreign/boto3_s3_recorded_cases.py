"""boto3 against the local S3, beside what AWS was recorded to answer: the places where one would guess otherwise."""

import hashlib, json, os, urllib.error, urllib.request

from botocore.exceptions import ClientError

from witness import case, client, refused, run, same

forged = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD'


endpoint = os.environ['AWS_ENDPOINT_URL']


def bucket(name, versioning=None):
    s3 = client('s3')
    s3.create_bucket(Bucket=name)
    if versioning:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={'Status': versioning})
    return s3


def error(code, status, call, **arguments):
    """The refusal's own elements, without those that every refusal has."""
    try:
        call(**arguments)
    except ClientError as refusal:
        told = refusal.response['Error']
        same((told['Code'], refusal.response['ResponseMetadata']['HTTPStatusCode']), (code, status), refusal)
        common = ('Code', 'Message', 'RequestID', 'HostID', 'RequestId', 'HostId')
        return {name: value for name, value in told.items() if name not in common}
    raise AssertionError(f'was allowed: {call.__name__} {arguments}'[:500])


def content(answer):
    return {name: value for name, value in answer.items() if name not in ('ResponseMetadata', 'LastModified')}


@case
def a_version_that_never_was_is_no_version():
    s3 = bucket('rec-forged', 'Enabled')
    real = s3.put_object(Bucket='rec-forged', Key='k', Body=b'x')['VersionId']
    told = {'ArgumentName': 'versionId', 'ArgumentValue': forged}
    for call in (s3.get_object, s3.delete_object, s3.get_object_tagging):
        same(error('InvalidArgument', 400, call, Bucket='rec-forged', Key='k', VersionId=forged), told)
    answer = s3.delete_objects(Bucket='rec-forged', Delete={'Objects': [{'Key': 'k', 'VersionId': forged}]})
    same(answer['Errors'], [{'Key': 'k', 'VersionId': forged, 'Code': 'NoSuchVersion', 'Message': 'The specified version does not exist.'}])
    for _ in range(2):
        same(content(s3.delete_object(Bucket='rec-forged', Key='k', VersionId=real)), {'VersionId': real})
    same(error('NoSuchVersion', 404, s3.get_object, Bucket='rec-forged', Key='k', VersionId=real), {'Key': 'k', 'VersionId': real})


@case
def writing_to_a_bucket_whose_versioning_is_suspended_tells_no_version():
    s3 = bucket('rec-suspended', 'Suspended')
    same('VersionId' in s3.put_object(Bucket='rec-suspended', Key='k', Body=b'x'), False)
    copied = s3.copy_object(Bucket='rec-suspended', Key='l', CopySource='rec-suspended/k')
    same((copied['VersionId'], 'CopySourceVersionId' in copied), ('null', False))
    same(s3.get_object(Bucket='rec-suspended', Key='k')['VersionId'], 'null')
    same(content(s3.delete_object(Bucket='rec-suspended', Key='k')), {'DeleteMarker': True, 'VersionId': 'null'})


@case
def a_delete_marker_has_no_tags_named_or_not():
    s3 = bucket('rec-marker', 'Enabled')
    s3.put_object(Bucket='rec-marker', Key='k', Body=b'x')
    marker = s3.delete_object(Bucket='rec-marker', Key='k')['VersionId']
    for more in ({}, {'VersionId': marker}):
        for method, call, tags in (
            ('GET', s3.get_object_tagging, {}),
            ('PUT', s3.put_object_tagging, {'Tagging': {'TagSet': []}}),
            ('DELETE', s3.delete_object_tagging, {}),
        ):
            told = error('MethodNotAllowed', 405, call, Bucket='rec-marker', Key='k', **more, **tags)
            same(told, {'Method': method, 'ResourceType': 'DeleteMarker'})


@case
def tags_in_a_header_are_right_or_the_header_is_wrong():
    s3 = bucket('rec-tags')
    for header in ('key1=val1&key1=val2', 'key1=val1,key2=val2'):
        told = error('InvalidArgument', 400, s3.put_object, Bucket='rec-tags', Key='k', Body=b'', Tagging=header)
        same(told, {'ArgumentName': 'x-amz-tagging', 'ArgumentValue': header})
    s3.put_object(Bucket='rec-tags', Key='k', Body=b'', Tagging='one=a%3Db%20c&two')
    same(s3.get_object_tagging(Bucket='rec-tags', Key='k')['TagSet'], [{'Key': 'one', 'Value': 'a=b c'}, {'Key': 'two', 'Value': ''}])
    told = error('InvalidTag', 400, s3.put_bucket_tagging, Bucket='rec-tags', Tagging={'TagSet': [{'Key': 'aws:prefixed', 'Value': ''}]})
    same(told, {'TagKey': 'aws:prefixed'})


@case
def a_range_of_everything_has_the_checksum_of_everything():
    s3 = bucket('rec-ranges')
    s3.put_object(Bucket='rec-ranges', Key='k', Body=b'0123456789')
    for wanted, summed in (('0-8', False), ('0-100', True), ('-15', True), ('-9', False)):
        answer = s3.get_object(Bucket='rec-ranges', Key='k', Range=f'bytes={wanted}', ChecksumMode='ENABLED')
        same((answer['ResponseMetadata']['HTTPStatusCode'], 'ChecksumType' in answer), (206, summed), wanted)
        answer['Body'].read()
    upload = {'Bucket': 'rec-ranges', 'Key': 'up'}
    upload['UploadId'] = s3.create_multipart_upload(**upload)['UploadId']
    part = {**upload, 'PartNumber': 1, 'CopySource': 'rec-ranges/k'}
    same(error('InvalidRequest', 400, s3.upload_part_copy, **part, CopySourceRange='bytes=100-200'), {})
    told = error('InvalidArgument', 400, s3.upload_part_copy, **part, CopySourceRange='bytes=0-100')
    same(told, {'ArgumentName': 'x-amz-copy-source-range', 'ArgumentValue': 'bytes=0-100'})


@case
def conditions_of_writes_in_their_words():
    s3 = bucket('rec-conditions')
    for more, told in (
        ({'IfNoneMatch': '"x"'}, ('If-None-Match', "We don't accept the provided value of If-None-Match header for this API")),
        ({'IfMatch': '*'}, ('If-Match', "We don't accept the provided value of If-Match header for this API")),
        ({'IfMatch': '"x"', 'IfNoneMatch': '*'}, ('If-Match,If-None-Match', 'Multiple conditional request headers present in the request')),
    ):
        refusal = error('NotImplemented', 501, s3.put_object, Bucket='rec-conditions', Key='k', Body=b'', **more)
        same((refusal['Header'], refusal['additionalMessage']), told)
    same(error('NoSuchKey', 404, s3.put_object, Bucket='rec-conditions', Key='k', Body=b'', IfMatch='"x"'), {'Key': 'k'})


def begun(s3, name, key='k'):
    """An upload of one part: what completes it."""
    upload = {'Bucket': name, 'Key': key}
    upload['UploadId'] = s3.create_multipart_upload(**upload)['UploadId']
    part = s3.upload_part(**upload, PartNumber=1, Body=b'test')
    return {**upload, 'MultipartUpload': {'Parts': [{'PartNumber': 1, 'ETag': part['ETag']}]}}


@case
def an_upload_whose_object_changed_meanwhile_must_be_begun_again():
    s3 = bucket('rec-uploads')
    conflict = lambda header: {'Condition': header, 'Key': 'k'}
    s3.put_object(Bucket='rec-uploads', Key='k', Body=b'')
    upload = begun(s3, 'rec-uploads')
    same(error('PreconditionFailed', 412, s3.complete_multipart_upload, **upload, IfNoneMatch='*'), {'Condition': 'If-None-Match'})
    s3.delete_object(Bucket='rec-uploads', Key='k')
    same(error('ConditionalRequestConflict', 409, s3.complete_multipart_upload, **upload, IfNoneMatch='*'), conflict('If-None-Match'))
    s3.complete_multipart_upload(**begun(s3, 'rec-uploads'), IfNoneMatch='*')
    before = s3.put_object(Bucket='rec-uploads', Key='k', Body=b'test')['ETag']
    upload = begun(s3, 'rec-uploads')
    s3.put_object(Bucket='rec-uploads', Key='k', Body=b'test')
    same(error('ConditionalRequestConflict', 409, s3.complete_multipart_upload, **upload, IfMatch=before), conflict('If-Match'))
    same(error('PreconditionFailed', 412, s3.complete_multipart_upload, **upload, IfMatch='"x"'), {'Condition': 'If-Match'})
    s3.complete_multipart_upload(**begun(s3, 'rec-uploads'), IfMatch=before)


@case
def passing_by_governance_is_for_buckets_with_a_lock_even_when_not_wanted():
    s3 = bucket('rec-bypass')
    told = {'ArgumentName': 'x-amz-bypass-governance-retention'}
    for wanted in (True, False):
        same(error('InvalidArgument', 400, s3.delete_object, Bucket='rec-bypass', Key='k', BypassGovernanceRetention=wanted), told)
    same(error('InvalidArgument', 400, s3.delete_objects, Bucket='rec-bypass', Delete={'Objects': [{'Key': 'k'}]}, BypassGovernanceRetention=True), told)


@case
def copies_do_not_tell_the_type_of_their_checksum():
    s3 = bucket('rec-copies')
    s3.put_object(Bucket='rec-copies', Key='k', Body=b'data', ChecksumAlgorithm='CRC32')
    copied = content(s3.copy_object(Bucket='rec-copies', Key='l', CopySource='rec-copies/k')['CopyObjectResult'])
    same(copied, {'ChecksumCRC32': 'rfPzYw==', 'ETag': '"8d777f385d3dfec8815d20f7496026dc"'})


@case
def an_upload_without_an_algorithm_is_summed_as_everything_is():
    s3 = bucket('rec-sums')
    # The part comes with a CRC32; of the object S3 tells its own.
    done = s3.complete_multipart_upload(**begun(s3, 'rec-sums'))
    same((done['ChecksumCRC64NVME'], done['ChecksumType']), ('+bu+zv66sUM=', 'FULL_OBJECT'))
    upload = begun(s3, 'rec-sums')
    part = upload['MultipartUpload']['Parts'][0]
    part['ChecksumCRC32'] = '2H9+DA=='
    told = error('InvalidPart', 400, s3.complete_multipart_upload, **upload)
    same(told, {'ETag': part['ETag'].strip('"'), 'PartNumber': '1', 'UploadId': upload['UploadId']})
    key = hashlib.sha256(b'key').digest()
    own = {'SSECustomerAlgorithm': 'AES256', 'SSECustomerKey': key}
    upload = {'Bucket': 'rec-sums', 'Key': 'own'}
    text = refused('InvalidRequest', 400, s3.upload_part, **begun_only(s3, upload), PartNumber=1, Body=b'x', **own)
    same(text.startswith('The multipart upload initiate requested encryption.'), True)
    upload = begun_only(s3, upload, **own)
    part = s3.upload_part(**upload, PartNumber=1, Body=b'test', **own)
    done = s3.complete_multipart_upload(**upload, MultipartUpload={'Parts': [{'PartNumber': 1, 'ETag': part['ETag']}]})
    same('ChecksumCRC64NVME' in done, False)


def begun_only(s3, upload, **more):
    return {**upload, 'UploadId': s3.create_multipart_upload(**upload, **more)['UploadId']}


@case
def of_a_part_its_own_checksum_is_told_or_none():
    s3 = bucket('rec-parts')
    for kind, told in (('COMPOSITE', True), ('FULL_OBJECT', False)):
        upload = begun_only(s3, {'Bucket': 'rec-parts', 'Key': kind}, ChecksumAlgorithm='CRC32', ChecksumType=kind)
        bodies = (b'a' * (5 * 2**20 + 1), b'a' * 10)
        parts = [
            {'PartNumber': n, **{k: v for k, v in s3.upload_part(**upload, PartNumber=n, Body=body, ChecksumAlgorithm='CRC32').items() if k in ('ETag', 'ChecksumCRC32')}}
            for n, body in enumerate(bodies, 1)
        ]
        s3.complete_multipart_upload(**upload, MultipartUpload={'Parts': parts})
        part = s3.head_object(Bucket='rec-parts', Key=kind, PartNumber=2, ChecksumMode='ENABLED')
        wanted = ('TBHN8A==', 'COMPOSITE') if told else (None, None)
        same((part.get('ChecksumCRC32'), part.get('ChecksumType')), wanted)


@case
def a_delete_marker_has_no_list_to_be_changed():
    s3 = bucket('rec-acl', 'Enabled')
    s3.put_object(Bucket='rec-acl', Key='k', Body=b'')
    s3.delete_object(Bucket='rec-acl', Key='k')
    error('MethodNotAllowed', 405, s3.put_object_acl, Bucket='rec-acl', Key='k', ACL='private')
    error('NoSuchKey', 404, s3.get_object_acl, Bucket='rec-acl', Key='k')
    told = error('InvalidArgument', 400, s3.put_bucket_acl, Bucket='rec-acl', GrantRead='id="wrong-id"')
    same(told, {'ArgumentName': 'id', 'ArgumentValue': 'wrong-id'})


@case
def a_marker_inside_a_common_prefix_is_behind_it():
    s3 = bucket('rec-markers')
    for key in ('folder/aSub/1', 'folder/aSub/2', 'folder/file1', 'folder/file2'):
        s3.put_object(Bucket='rec-markers', Key=key, Body=b'')
    asked = {'Bucket': 'rec-markers', 'Prefix': 'folder/', 'Delimiter': '/'}
    answer = s3.list_objects(**asked, Marker='folder/aSub/1', MaxKeys=1)
    same(([c['Key'] for c in answer['Contents']], answer['NextMarker'], 'CommonPrefixes' in answer), (['folder/file1'], 'folder/file1', False))
    ids = {key: s3.create_multipart_upload(Bucket='rec-markers', Key=key)['UploadId'] for key in ('folder/aSub/1', 'folder/file1', 'folder/file2')}
    answer = s3.list_multipart_uploads(**asked, MaxUploads=1)
    same((answer['CommonPrefixes'], answer['IsTruncated'], answer['NextKeyMarker'], answer['NextUploadIdMarker']), ([{'Prefix': 'folder/aSub/'}], True, '', ''))
    answer = s3.list_multipart_uploads(**asked, MaxUploads=1, KeyMarker='folder/aSub/1')
    same((answer['Uploads'][0]['Key'], answer['NextKeyMarker'], answer['NextUploadIdMarker']), ('folder/file1', 'folder/file1', ids['folder/file1']))
    whole = s3.list_multipart_uploads(Bucket='rec-markers')
    same((whole['IsTruncated'], whole['NextKeyMarker'], 'Prefix' in whole), (False, 'folder/file2', False))


@case
def who_deletes_while_listing_misses_nothing():
    s3 = bucket('rec-pages', 'Enabled')
    for _ in range(5):
        s3.put_object(Bucket='rec-pages', Key='k', Body=b'')
        s3.create_multipart_upload(Bucket='rec-pages', Key='k')
    seen = 0
    for page in s3.get_paginator('list_object_versions').paginate(Bucket='rec-pages', PaginationConfig={'PageSize': 2}):
        for version in page['Versions']:
            s3.delete_object(Bucket='rec-pages', Key='k', VersionId=version['VersionId'])
            seen += 1
    same(seen, 5)
    for page in s3.get_paginator('list_multipart_uploads').paginate(Bucket='rec-pages', PaginationConfig={'PageSize': 2}):
        for upload in page['Uploads']:
            s3.abort_multipart_upload(Bucket='rec-pages', Key='k', UploadId=upload['UploadId'])
            seen += 1
    same(seen, 10)
    s3.delete_bucket(Bucket='rec-pages')


def fetch(method, path, headers={}, body=None):
    request = urllib.request.Request(endpoint + path, data=body, headers=headers, method=method)
    try:
        answer = urllib.request.urlopen(request)
    except urllib.error.HTTPError as refusal:
        answer = refusal
    return answer.status, answer.read().decode()


@case
def a_site_says_what_it_could_not_show():
    s3 = bucket('rec-site')
    s3.put_bucket_website(Bucket='rec-site', WebsiteConfiguration={'IndexDocument': {'Suffix': 'index.html'}, 'ErrorDocument': {'Key': 'error.html'}})
    s3.delete_public_access_block(Bucket='rec-site')
    public = {'Effect': 'Allow', 'Principal': '*', 'Action': ['s3:GetObject', 's3:ListBucket'], 'Resource': ['arn:aws:s3:::rec-site', 'arn:aws:s3:::rec-site/*']}
    s3.put_bucket_policy(Bucket='rec-site', Policy=json.dumps({'Version': '2012-10-17', 'Statement': [public]}))
    host = {'Host': 'rec-site.s3-website.localhost'}
    status, page = fetch('GET', '/', host)
    lines = page.split('\n')
    missing = ['<li>Code: NoSuchKey</li>', '<li>Message: The specified key does not exist.</li>']
    same((status, lines[5:8]), (404, [*missing, '<li>Key: index.html</li>']))
    same((lines[8][:14], lines[9][:11]), ('<li>RequestId:', '<li>HostId:'))
    same(lines[11:16], ['<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>', '<ul>', *missing, '<li>Key: error.html</li>'])
    status, page = fetch('DELETE', '/', host)
    same((status, '<li>Method: DELETE</li>\n<li>ResourceType: OBJECT</li>' in page), (405, True))


def form_of(fields):
    parts = [f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n' for name, value in fields.items()]
    return {'Content-Type': 'multipart/form-data; boundary=b'}, ''.join([*parts, '--b--\r\n']).encode()


@case
def a_form_is_refused_in_the_words_of_errors():
    s3 = bucket('rec-forms')
    status, text = fetch('POST', '/rec-forms', {'Content-Type': 'text/plain'}, b'x')
    same((status, '<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>' in text), (412, True))
    posted = lambda key, conditions=None, **fields: fetch(
        'POST', '/rec-forms', *form_of({**s3.generate_presigned_post('rec-forms', key, Conditions=conditions, Fields=fields)['fields'], 'file': 'text'})
    )
    status, _ = posted('as-field-${filename}')
    same((status, s3.list_objects_v2(Bucket='rec-forms')['Contents'][0]['Key']), (204, 'as-field-${filename}'))
    status, text = posted('k', [['content-length-range', 'test', '10']])
    unmet = 'Policy Condition failed: ["content-length-range", "test", "10"]'
    same((status, unmet in text.replace('&quot;', '"'), '<HostId>' in text), (403, True, True))
    status, text = posted('k', [['starts-with', '$tagging', '']], tagging='not-xml')
    same((status, '<Code>MalformedXML</Code>' in text), (400, True))


@case
def events_say_what_changed():
    s3, sqs = bucket('rec-events'), client('sqs')
    url = sqs.create_queue(QueueName='rec-events')['QueueUrl']
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=['QueueArn'])['Attributes']['QueueArn']
    into = lambda *arns: {
        'Bucket': 'rec-events',
        'NotificationConfiguration': {'QueueConfigurations': [{'QueueArn': one, 'Events': [event]} for one, event in zip(arns, ('s3:ObjectTagging:*', 's3:ObjectAcl:Put'))]},
    }
    told = error('InvalidArgument', 400, s3.put_bucket_notification_configuration, **into(arn, arn))
    why = 'Permissions on the destination queue do not allow S3 to publish notifications from this bucket'
    same(told, {'ArgumentName1': arn, 'ArgumentValue1': why, 'ArgumentName2': arn, 'ArgumentValue2': why})
    lets_in = {'Effect': 'Allow', 'Principal': {'Service': 's3.amazonaws.com'}, 'Action': 'sqs:SendMessage', 'Resource': arn}
    sqs.set_queue_attributes(QueueUrl=url, Attributes={'Policy': json.dumps({'Version': '2012-10-17', 'Statement': [lets_in]})})
    s3.put_bucket_notification_configuration(**into(arn))
    sqs.receive_message(QueueUrl=url)
    tag = s3.put_object(Bucket='rec-events', Key='k', Body=b'x')['ETag'].strip('"')
    s3.meta.events.register('before-sign.s3', lambda request, **_: request.headers.add_header('X-Amzn-Trace-Id', 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Sampled=1'))
    s3.put_object_tagging(Bucket='rec-events', Key='k', Tagging={'TagSet': []})
    [message] = sqs.receive_message(QueueUrl=url, MessageSystemAttributeNames=['AWSTraceHeader'])['Messages']
    same(json.loads(message['Body'])['Records'][0]['s3']['object'], {'key': 'k', 'eTag': tag})
    same(message['Attributes'], {'AWSTraceHeader': 'Root=1-3152b799-8954dae64eda91bc9a23a7e8;Sampled=1'})


if __name__ == '__main__':
    run('s3 as recorded')
