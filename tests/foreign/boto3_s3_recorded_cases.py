"""boto3 against the local S3, beside what AWS was recorded to answer: the places where one would guess otherwise."""

from botocore.exceptions import ClientError

from witness import case, client, refused, run, same

forged = 'HPniJFCxqTsMuIH9KX8K8wEjNUgmABCD'


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
    same('VersionId' in s3.copy_object(Bucket='rec-suspended', Key='l', CopySource='rec-suspended/k'), False)
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


if __name__ == '__main__':
    run('s3 as recorded')
