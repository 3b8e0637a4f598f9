"""boto3 against the local EC2: instances, images, volumes, keys, tags."""

import base64, json

import boto3

from ec2_common import *


@case
def an_instance_lives_and_ends():
    answer = ec2.run_instances(ImageId=linux, InstanceType='t3.micro', MinCount=1, MaxCount=1, TagSpecifications=tagged('instance', Name='web'))
    made = answer['Instances'][0]
    same(made['State'], {'Code': 0, 'Name': 'pending'})
    same(answer['OwnerId'], account)
    id = made['InstanceId']
    assert id.startswith('i-0') and len(id) == 19, id
    ec2.get_waiter('instance_running').wait(InstanceIds=[id])
    ec2.get_waiter('instance_status_ok').wait(InstanceIds=[id])
    now = instance(id)
    same(now['State'], {'Code': 16, 'Name': 'running'})
    same(now['Tags'], [{'Key': 'Name', 'Value': 'web'}])
    same(now['Architecture'], 'x86_64')
    same(now['RootDeviceName'], '/dev/xvda')
    assert now['PrivateDnsName'].startswith('ip-172-31-') and now['PublicDnsName'].endswith('.compute-1.amazonaws.com'), now
    same(now['NetworkInterfaces'][0]['Attachment']['DeviceIndex'], 0)
    same(now['SecurityGroups'][0]['GroupName'], 'default')
    volume = now['BlockDeviceMappings'][0]['Ebs']['VolumeId']
    public = now['PublicIpAddress']
    changed = ec2.stop_instances(InstanceIds=[id])['StoppingInstances'][0]
    same((changed['PreviousState']['Name'], changed['CurrentState']['Name']), ('running', 'stopping'))
    ec2.get_waiter('instance_stopped').wait(InstanceIds=[id])
    now = instance(id)
    assert 'PublicIpAddress' not in now, now
    same(now['StateReason']['Code'], 'Client.UserInitiatedShutdown')
    assert now['StateTransitionReason'].startswith('User initiated ('), now['StateTransitionReason']
    text = refused('IncorrectInstanceState', ec2.reboot_instances, InstanceIds=[id])
    same(text, f"The instance '{id}' is not in a state from which it can be rebooted.")
    same(ec2.start_instances(InstanceIds=[id])['StartingInstances'][0]['CurrentState']['Name'], 'pending')
    assert instance(id)['PublicIpAddress'] != public or True
    ec2.reboot_instances(InstanceIds=[id])
    same(ec2.terminate_instances(InstanceIds=[id])['TerminatingInstances'][0]['CurrentState']['Name'], 'shutting-down')
    ec2.get_waiter('instance_terminated').wait(InstanceIds=[id])
    now = instance(id)
    same(now['State'], {'Code': 48, 'Name': 'terminated'})
    assert 'VpcId' not in now and now['BlockDeviceMappings'] == [] and now['NetworkInterfaces'] == [], now
    text = refused('InvalidVolume.NotFound', ec2.describe_volumes, VolumeIds=[volume])
    same(text, f"The volume '{volume}' does not exist.")
    refused('IncorrectInstanceState', ec2.start_instances, InstanceIds=[id])


@case
def ids_are_judged():
    same(refused('InvalidInstanceID.Malformed', ec2.describe_instances, InstanceIds=['foo']), 'Invalid id: "foo"')
    same(refused('InvalidInstanceID.NotFound', ec2.describe_instances, InstanceIds=['i-0123456789abcdef0']), "The instance ID 'i-0123456789abcdef0' does not exist")
    same(refused('InvalidInstanceID.NotFound', ec2.stop_instances, InstanceIds=['i-0123456789abcdef0', 'i-0123456789abcdef1']),
         "The instance IDs 'i-0123456789abcdef0, i-0123456789abcdef1' do not exist")
    same(refused('InvalidAMIID.NotFound', launch, ImageId='ami-0000000000000dead'), "The image id '[ami-0000000000000dead]' does not exist")
    same(refused('InvalidAMIID.Malformed', launch, ImageId='banana'), 'Invalid id: "banana" (expecting "ami-...")')
    same(refused('InvalidKeyPair.NotFound', launch, KeyName='nobody'), "The key pair 'nobody' does not exist")
    refused('InvalidSubnetID.NotFound', launch, SubnetId='subnet-0123456789abcdef0')
    refused('InvalidGroup.NotFound', launch, SecurityGroupIds=['sg-0123456789abcdef0'])
    same(refused('InvalidParameterValue', launch, InstanceType='t9.giant'), "Invalid value 't9.giant' for InstanceType.")
    assert 'does not match the architecture' in refused('InvalidParameterValue', launch, InstanceType='t4g.micro')
    same(refused('InvalidParameterValue', launch, Placement={'AvailabilityZone': 'us-east-1z'}), 'Invalid availability zone: [us-east-1z]')
    refused('InvalidParameterValue', launch, IamInstanceProfile={'Name': 'nobody'})
    same(refused('InvalidParameterValue', launch, UserData='x' * 16385), 'User data is limited to 16384 bytes')
    refused('InvalidParameterValue', launch, count=1, MinCount=0, MaxCount=0)
    same(refused('InvalidParameterValue', ec2.describe_instances, Filters=by('colour', 'red')), "The filter 'colour' is invalid")
    same(refused('InvalidParameterValue', ec2.describe_instances, MaxResults=4), 'Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.')
    refused('InvalidParameterCombination', ec2.describe_instances, MaxResults=5, InstanceIds=['i-0123456789abcdef0'])


@case
def other_clients_booleans_and_namespaces():
    # libcloud says True and 1, and finds elements by the namespace that AWS's answers have: with a slash at its end.
    other, answers = client(), []
    other.meta.events.register('before-call.ec2.CreateVolume', lambda params, **_: params['body'].update(Encrypted='1', MultiAttachEnabled='False'))
    other.meta.events.register('after-call.ec2.CreateVolume', lambda http_response, **_: answers.append(http_response.text))
    volume = other.create_volume(AvailabilityZone='us-east-1a', Size=1, VolumeType='gp3')
    same((volume['Encrypted'], volume['MultiAttachEnabled']), (True, False))
    assert 'xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"' in answers[0], answers[0][:200]
    ec2.delete_volume(VolumeId=volume['VolumeId'])


@case
def an_empty_name_is_none():
    # Packer, told of no VPC, subnet, zone and instance profile, sends them all, empty.
    group = ec2.create_security_group(GroupName='packed', Description='d', VpcId='')['GroupId']
    made = launch(SubnetId='', Placement={'AvailabilityZone': ''}, IamInstanceProfile={'Name': ''}, TagSpecifications=tagged('instance', empty=''))
    same((made['VpcId'] != '', made['Tags']), (True, [{'Key': 'empty', 'Value': ''}]))
    ec2.terminate_instances(InstanceIds=[made['InstanceId']])
    ec2.delete_security_group(GroupId=group)


@case
def tokens_make_launches_idempotent():
    one = launch(ClientToken='once')
    two = launch(ClientToken='once')
    same(one['InstanceId'], two['InstanceId'])
    text = refused('IdempotentParameterMismatch', launch, ClientToken='once', InstanceType='t3.small')
    assert 'inconsistent' in text, text
    same(launch(ClientToken='once')['State']['Name'], 'running')
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])
    refused('IdempotentInstanceTerminated', launch, ClientToken='once')


@case
def quotas_hold():
    text = refused('VcpuLimitExceeded', launch, InstanceType='p4d.24xlarge')
    same(text, 'You have requested more vCPU capacity than your current vCPU limit of 0 allows for the instance bucket that the specified '
               'instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.')


@case
def pages_and_filters():
    made = launch(7, TagSpecifications=tagged('instance', fleet='seven', **{'with space': 'a b'}))
    wanted = ids(made, 'InstanceId')
    found = []
    for page in ec2.get_paginator('describe_instances').paginate(Filters=by('tag:fleet', 'seven'), PaginationConfig={'PageSize': 5}):
        found += [each['InstanceId'] for reservation in page['Reservations'] for each in reservation['Instances']]
    same(sorted(found), wanted)
    same(found, [each['InstanceId'] for each in made])

    def count(*filters):
        answer = ec2.describe_instances(Filters=[*by('tag:fleet', 'seven'), *filters])
        return sum(len(each['Instances']) for each in answer['Reservations'])

    one = made[0]
    for name, value, wanted_count in [
        ('instance-id', one['InstanceId'], 1), ('instance-state-name', 'run*', 7), ('instance-state-name', 'r?nning', 7), ('instance-state-code', 16, 7),
        ('private-ip-address', one['PrivateIpAddress'], 1), ('image-id', linux, 7), ('instance-type', 't3.*', 7), ('vpc-id', 'vpc-*', 7),
        ('network-interface.addresses.private-ip-address', one['PrivateIpAddress'], 1), ('launch-index', 6, 1), ('tag-key', 'with space', 7),
        ('tag:with space', 'a b', 7), ('architecture', 'arm64', 0), ('block-device-mapping.device-name', '/dev/xvda', 7), ('group-name', 'default', 7),
        ('tenancy', 'default', 7), ('private-dns-name', one['PrivateDnsName'], 1), ('availability-zone', 'us-east-1?', 7), ('tag:fleet', 's\\*', 0),
        ('reservation-id', 'r-*', 7), ('owner-id', account, 7), ('monitoring-state', 'disabled', 7), ('metadata-options.http-tokens', 'optional', 7),
    ]:
        same((name, count(*by(name, value))), (name, wanted_count))
    same(count(*by('instance-id', *wanted[:2])), 2)
    ec2.terminate_instances(InstanceIds=wanted)


@case
def attributes():
    one = launch(UserData='#!/bin/sh\necho hello', DisableApiTermination=True)
    id = one['InstanceId']
    ask = lambda name: ec2.describe_instance_attribute(InstanceId=id, Attribute=name)
    same(base64.b64decode(ask('userData')['UserData']['Value']), b'#!/bin/sh\necho hello')
    same(ask('instanceType')['InstanceType']['Value'], 't3.micro')
    same(ask('disableApiTermination')['DisableApiTermination']['Value'], True)
    same(ask('instanceInitiatedShutdownBehavior')['InstanceInitiatedShutdownBehavior']['Value'], 'stop')
    same(len(ask('groupSet')['Groups']), 1)
    text = refused('OperationNotPermitted', ec2.terminate_instances, InstanceIds=[id])
    same(text, f"The instance '{id}' may not be terminated. Modify its 'disableApiTermination' instance attribute and try again.")
    ec2.modify_instance_attribute(InstanceId=id, DisableApiTermination={'Value': False})
    text = refused('IncorrectInstanceState', ec2.modify_instance_attribute, InstanceId=id, InstanceType={'Value': 't3.small'})
    same(text, f"The instance '{id}' is not in the 'stopped' state.")
    ec2.modify_instance_attribute(InstanceId=id, DisableApiStop={'Value': True})
    refused('OperationNotPermitted', ec2.stop_instances, InstanceIds=[id])
    ec2.modify_instance_attribute(InstanceId=id, DisableApiStop={'Value': False})
    ec2.stop_instances(InstanceIds=[id])
    ec2.modify_instance_attribute(InstanceId=id, InstanceType={'Value': 't3.small'})
    ec2.modify_instance_attribute(InstanceId=id, UserData={'Value': b'changed'})
    ec2.modify_instance_attribute(InstanceId=id, Attribute='sourceDestCheck', Value='false')
    same(ec2.describe_instance_attribute(InstanceId=id, Attribute='sourceDestCheck')['SourceDestCheck']['Value'], False)
    ec2.reset_instance_attribute(InstanceId=id, Attribute='sourceDestCheck')
    now = instance(id)
    same((now['InstanceType'], now['SourceDestCheck']), ('t3.small', True))
    same(base64.b64decode(ask('userData')['UserData']['Value']), b'changed')
    refused('InvalidParameterCombination', ec2.modify_instance_attribute, InstanceId=id, EbsOptimized={'Value': True}, SourceDestCheck={'Value': True})
    ec2.modify_instance_placement(InstanceId=id, Tenancy='dedicated')
    ec2.modify_instance_cpu_options(InstanceId=id, CoreCount=1, ThreadsPerCore=1)
    same(ec2.modify_instance_maintenance_options(InstanceId=id, AutoRecovery='disabled')['AutoRecovery'], 'disabled')
    ec2.modify_private_dns_name_options(InstanceId=id, PrivateDnsHostnameType='resource-name')
    options = ec2.modify_instance_metadata_options(InstanceId=id, HttpTokens='required', HttpPutResponseHopLimit=3)['InstanceMetadataOptions']
    same((options['HttpTokens'], options['HttpPutResponseHopLimit'], options['State']), ('required', 3, 'pending'))
    same(instance(id)['MetadataOptions']['HttpTokens'], 'required')
    same(ec2.describe_instance_credit_specifications(InstanceIds=[id])['InstanceCreditSpecifications'][0]['CpuCredits'], 'unlimited')
    ec2.modify_instance_credit_specification(InstanceCreditSpecifications=[{'InstanceId': id, 'CpuCredits': 'standard'}])
    same(ec2.describe_instance_credit_specifications(InstanceIds=[id])['InstanceCreditSpecifications'][0]['CpuCredits'], 'standard')
    same(ec2.monitor_instances(InstanceIds=[id])['InstanceMonitorings'][0]['Monitoring']['State'], 'pending')
    same(instance(id)['Monitoring']['State'], 'enabled')
    ec2.unmonitor_instances(InstanceIds=[id])
    same(ec2.describe_instance_status(InstanceIds=[id])['InstanceStatuses'], [])
    same(ec2.describe_instance_status(InstanceIds=[id], IncludeAllInstances=True)['InstanceStatuses'][0]['InstanceState']['Name'], 'stopped')
    assert ec2.get_console_output(InstanceId=id)['Output'], 'no output'
    same(ec2.get_password_data(InstanceId=id)['PasswordData'], '')
    ec2.report_instance_status(Instances=[id], ReasonCodes=['other'], Status='impaired')
    ec2.modify_instance_metadata_defaults(HttpTokens='required')
    same(ec2.get_instance_metadata_defaults()['AccountLevel']['HttpTokens'], 'required')
    same(launch()['MetadataOptions']['HttpTokens'], 'required')
    ec2.modify_instance_metadata_defaults(HttpTokens='no-preference')
    ec2.terminate_instances(InstanceIds=[id])


@case
def key_pairs():
    made = ec2.create_key_pair(KeyName='rsa', TagSpecifications=tagged('key-pair', who='me'))
    assert made['KeyMaterial'].startswith('-----BEGIN RSA PRIVATE KEY-----') and len(made['KeyFingerprint']) == 59, made
    same(refused('InvalidKeyPair.Duplicate', ec2.create_key_pair, KeyName='rsa'), 'The keypair already exists')
    ed = ec2.create_key_pair(KeyName='ed', KeyType='ed25519')
    assert ed['KeyMaterial'].startswith('-----BEGIN OPENSSH PRIVATE KEY-----'), ed
    ppk = ec2.create_key_pair(KeyName='putty', KeyFormat='ppk')
    assert ppk['KeyMaterial'].startswith('PuTTY-User-Key-File-2: ssh-rsa'), ppk
    ec2.create_key_pair(KeyName='putty-ed', KeyFormat='ppk', KeyType='ed25519')
    try:
        from cryptography.hazmat.primitives import serialization, hashes
        import hashlib
        loaded = serialization.load_pem_private_key(made['KeyMaterial'].encode(), None)
        der = loaded.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        same(made['KeyFingerprint'].replace(':', ''), hashlib.sha1(der).hexdigest())
        ed_key = serialization.load_ssh_private_key(ed['KeyMaterial'].encode(), None)
        public = ed_key.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        same(ed['KeyFingerprint'], base64.b64encode(hashlib.sha256(base64.b64decode(public.split()[1])).digest()).decode())
        mine = loaded.public_key().public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        spki = loaded.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        brought = ec2.import_key_pair(KeyName='brought', PublicKeyMaterial=mine)
        same(brought['KeyFingerprint'].replace(':', ''), hashlib.md5(spki).hexdigest())
        ec2.import_key_pair(KeyName='brought-ed', PublicKeyMaterial=public)
    except ImportError:
        pass
    same(refused('InvalidKey.Format', ec2.import_key_pair, KeyName='bad', PublicKeyMaterial=b'nonsense'), 'Key is not in valid OpenSSH public key format')
    found = ec2.describe_key_pairs(KeyNames=['rsa'], IncludePublicKey=True)['KeyPairs'][0]
    same((found['KeyPairId'], found['KeyType'], found['Tags']), (made['KeyPairId'], 'rsa', [{'Key': 'who', 'Value': 'me'}]))
    assert found['PublicKey'].startswith('ssh-rsa '), found
    same(ids(ec2.describe_key_pairs(Filters=by('key-name', 'putty*'))['KeyPairs'], 'KeyName'), ['putty', 'putty-ed'])
    refused('InvalidKeyPair.NotFound', ec2.describe_key_pairs, KeyNames=['nobody'])
    one = launch(KeyName='rsa')
    same(one['KeyName'], 'rsa')
    same(ec2.delete_key_pair(KeyName='rsa')['Return'], True)
    ec2.delete_key_pair(KeyName='rsa')
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])


@case
def a_windows_password_is_for_the_key_holder():
    made = ec2.create_key_pair(KeyName='administrator')
    one = launch(ImageId=windows, KeyName='administrator', InstanceType='t3.medium')
    same(one['Platform'], 'windows')
    sealed = ec2.get_password_data(InstanceId=one['InstanceId'])['PasswordData']
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import padding
        key = serialization.load_pem_private_key(made['KeyMaterial'].encode(), None)
        assert len(key.decrypt(base64.b64decode(sealed), padding.PKCS1v15())) == 24
    except ImportError:
        assert sealed
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])


@case
def images_are_found():
    find = lambda *filters, **more: ec2.describe_images(Filters=list(filters), **more)['Images']
    newest = find(*by('name', 'al2023-ami-2023*-kernel-6.1-x86_64'), Owners=['amazon'])
    same(len(newest), 1)
    same((newest[0]['ImageOwnerAlias'], newest[0]['OwnerId'], newest[0]['State'], newest[0]['Public']), ('amazon', '137112412989', 'available', True))
    same(len(find(*by('architecture', 'arm64'), *by('name', 'ubuntu/images/*noble*'), Owners=['099720109477'])), 1)
    assert find(*by('platform', 'windows'), *by('root-device-type', 'ebs'))
    same(find(Owners=['self']), [])
    by_name = launch(ImageId='resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64')
    same((by_name['ImageId'], by_name['MetadataOptions']['HttpTokens']), (newest[0]['ImageId'], 'required'))
    refused('InvalidAMIID.NotFound', ec2.describe_images, ImageIds=['ami-0000000000000dead'])
    refused('AuthFailure', ec2.deregister_image, ImageId=linux)
    there = client(region_name='eu-west-1')
    assert there.describe_images(Filters=by('name', 'al2023-ami-2023*-kernel-6.1-x86_64'))['Images'][0]['ImageId'] != newest[0]['ImageId']
    ec2.terminate_instances(InstanceIds=[by_name['InstanceId']])


@case
def images_are_made():
    one = launch()
    made = ec2.create_image(InstanceId=one['InstanceId'], Name='mine', Description='of mine', TagSpecifications=[*tagged('image', a='1'), *tagged('snapshot', b='2')])['ImageId']
    ec2.get_waiter('image_available').wait(ImageIds=[made])
    image = ec2.describe_images(ImageIds=[made])['Images'][0]
    same((image['Name'], image['OwnerId'], image['Public'], image['Tags'], image['SourceInstanceId']), ('mine', account, False, [{'Key': 'a', 'Value': '1'}], one['InstanceId']))
    snapshot = image['BlockDeviceMappings'][0]['Ebs']['SnapshotId']
    same(ec2.describe_snapshots(SnapshotIds=[snapshot])['Snapshots'][0]['Tags'], [{'Key': 'b', 'Value': '2'}])
    same(refused('InvalidSnapshot.InUse', ec2.delete_snapshot, SnapshotId=snapshot), f'The snapshot {snapshot} is currently in use by {made}')
    same(refused('InvalidAMIName.Duplicate', ec2.create_image, InstanceId=one['InstanceId'], Name='mine'), f'AMI name mine is already in use by AMI {made}')
    refused('InvalidAMIName.Malformed', ec2.create_image, InstanceId=one['InstanceId'], Name='mine!')
    copied = ec2.copy_image(Name='copied', SourceImageId=made, SourceRegion='us-east-1', CopyImageTags=True)['ImageId']
    same(ec2.describe_images(ImageIds=[copied])['Images'][0]['Tags'], [{'Key': 'a', 'Value': '1'}])
    there = client(region_name='eu-west-1')
    far = there.copy_image(Name='far', SourceImageId=made, SourceRegion='us-east-1')['ImageId']
    same(there.describe_images(Owners=['self'])['Images'][0]['ImageId'], far)
    refused('InvalidAMIID.NotFound', ec2.describe_images, ImageIds=[far])
    again = ec2.register_image(Name='registered', RootDeviceName='/dev/xvda', Architecture='x86_64', VirtualizationType='hvm',
                               BlockDeviceMappings=[{'DeviceName': '/dev/xvda', 'Ebs': {'SnapshotId': snapshot}}])['ImageId']
    ec2.modify_image_attribute(ImageId=made, LaunchPermission={'Add': [{'UserId': '210987654321'}]})
    ec2.modify_image_attribute(ImageId=made, Attribute='launchPermission', OperationType='add', UserGroups=['all'])
    told = ec2.describe_image_attribute(ImageId=made, Attribute='launchPermission')['LaunchPermissions']
    same(told, [{'UserId': '210987654321'}, {'Group': 'all'}])
    same(ec2.describe_images(ImageIds=[made])['Images'][0]['Public'], True)
    text = refused('InvalidAMIAttributeItemValue', ec2.modify_image_attribute, ImageId=made, LaunchPermission={'Add': [{'UserId': 'me'}]})
    same(text, 'Invalid attribute item value "me" for userId item type.')
    ec2.reset_image_attribute(ImageId=made, Attribute='launchPermission')
    same(ec2.describe_image_attribute(ImageId=made, Attribute='launchPermission')['LaunchPermissions'], [])
    ec2.modify_image_attribute(ImageId=made, Description={'Value': 'new'})
    same(ec2.describe_image_attribute(ImageId=made, Attribute='description')['Description']['Value'], 'new')
    ec2.enable_image_deprecation(ImageId=made, DeprecateAt='2099-01-01T00:00:00Z')
    same(ec2.describe_images(ImageIds=[made])['Images'][0]['DeprecationTime'], '2099-01-01T00:00:00.000Z')
    ec2.disable_image_deprecation(ImageId=made)
    ec2.disable_image(ImageId=made)
    ec2.enable_image(ImageId=made)
    ec2.enable_image_deregistration_protection(ImageId=made)
    refused('OperationNotPermitted', ec2.deregister_image, ImageId=made)
    ec2.disable_image_deregistration_protection(ImageId=made)
    ec2.enable_image_block_public_access(ImageBlockPublicAccessState='block-new-sharing')
    same(ec2.get_image_block_public_access_state()['ImageBlockPublicAccessState'], 'block-new-sharing')
    ec2.disable_image_block_public_access()
    two = launch(ImageId=made)
    same(two['ImageId'], made)
    for each in (made, copied, again):
        ec2.deregister_image(ImageId=each)
    same(ec2.describe_images(ImageIds=[made])['Images'], [])
    refused('InvalidAMIID.Unavailable', launch, ImageId=made)
    ec2.delete_snapshot(SnapshotId=snapshot)
    ec2.terminate_instances(InstanceIds=[one['InstanceId'], two['InstanceId']])


@case
def volumes():
    made = ec2.create_volume(AvailabilityZone='us-east-1a', Size=10, VolumeType='gp3', TagSpecifications=tagged('volume', n='1'))
    id = made['VolumeId']
    same((made['State'], made['Iops'], made['Throughput'], made['Encrypted']), ('creating', 3000, 125, False))
    ec2.get_waiter('volume_available').wait(VolumeIds=[id])
    same(ec2.create_volume(AvailabilityZone='us-east-1a', Size=100)['Iops'], 300)
    for code, message, arguments in [
        ('InvalidParameterValue', 'Volume of 0GiB is too small for volume type gp2; minimum is 1GiB.', {'Size': 0}),
        ('InvalidParameterCombination', 'The parameter iops must be specified for io1 volumes.', {'Size': 10, 'VolumeType': 'io1'}),
        ('InvalidParameterCombination', 'The parameter iops is not supported for gp2 volumes.', {'Size': 10, 'Iops': 100}),
        ('InvalidParameterValue', 'Iops to volume size ratio of 100.000000 is too high; maximum is 50.000000.', {'Size': 10, 'VolumeType': 'io1', 'Iops': 1000}),
        ('MissingParameter', 'The request must contain the parameter size/snapshot', {}),
        ('InvalidZone.NotFound', "The zone 'nowhere' does not exist.", {'Size': 1, 'AvailabilityZone': 'nowhere'}),
        ('InvalidSnapshot.NotFound', "The snapshot 'snap-0123456789abcdef0' does not exist.", {'SnapshotId': 'snap-0123456789abcdef0'}),
    ]:
        same(refused(code, ec2.create_volume, **{'AvailabilityZone': 'us-east-1a', **arguments}), message)
    one = launch(Placement={'AvailabilityZone': 'us-east-1a'})
    attached = ec2.attach_volume(VolumeId=id, InstanceId=one['InstanceId'], Device='/dev/sdf')
    same(attached['State'], 'attaching')
    ec2.get_waiter('volume_in_use').wait(VolumeIds=[id])
    same(ec2.describe_volumes(Filters=by('attachment.instance-id', one['InstanceId']) + by('attachment.device', '/dev/sdf'))['Volumes'][0]['VolumeId'], id)
    same(refused('VolumeInUse', ec2.delete_volume, VolumeId=id), f"Volume {id} is currently attached to {one['InstanceId']}")
    refused('VolumeInUse', ec2.attach_volume, VolumeId=id, InstanceId=one['InstanceId'], Device='/dev/sdg')
    other = ec2.create_volume(AvailabilityZone='us-east-1b', Size=1)['VolumeId']
    refused('InvalidVolume.ZoneMismatch', ec2.attach_volume, VolumeId=other, InstanceId=one['InstanceId'], Device='/dev/sdg')
    root = instance(one['InstanceId'])['BlockDeviceMappings'][0]['Ebs']['VolumeId']
    refused('OperationNotPermitted', ec2.detach_volume, VolumeId=root)
    same(len(instance(one['InstanceId'])['BlockDeviceMappings']), 2)
    same(ec2.detach_volume(VolumeId=id)['State'], 'detaching')
    same(refused('IncorrectState', ec2.detach_volume, VolumeId=id), f"Volume '{id}' is in the 'available' state.")
    changed = ec2.modify_volume(VolumeId=id, Size=20, Iops=4000)['VolumeModification']
    same((changed['ModificationState'], changed['OriginalSize'], changed['TargetSize']), ('modifying', 10, 20))
    same(ec2.describe_volumes_modifications(VolumeIds=[id])['VolumesModifications'][0]['ModificationState'], 'completed')
    same(ec2.describe_volumes(VolumeIds=[id])['Volumes'][0]['Size'], 20)
    refused('InvalidParameterValue', ec2.modify_volume, VolumeId=id, Size=5)
    same(ec2.describe_volume_status(VolumeIds=[id])['VolumeStatuses'][0]['VolumeStatus']['Status'], 'ok')
    ec2.modify_volume_attribute(VolumeId=id, AutoEnableIO={'Value': True})
    same(ec2.describe_volume_attribute(VolumeId=id, Attribute='autoEnableIO')['AutoEnableIO']['Value'], True)
    ec2.enable_volume_io(VolumeId=id)
    ec2.delete_volume(VolumeId=id)
    ec2.get_waiter('volume_deleted').wait(VolumeIds=[id])
    same(refused('InvalidParameterValue', ec2.delete_volume, VolumeId='x'), "Value (x) for parameter volumeId is invalid. Expected: 'vol-...'.")
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])


@case
def snapshots():
    volume = ec2.create_volume(AvailabilityZone='us-east-1a', Size=3)['VolumeId']
    made = ec2.create_snapshot(VolumeId=volume, Description='three', TagSpecifications=tagged('snapshot', s='1'))
    same((made['State'], made['VolumeSize'], made['OwnerId']), ('pending', 3, account))
    ec2.get_waiter('snapshot_completed').wait(SnapshotIds=[made['SnapshotId']])
    id = made['SnapshotId']
    same(ids(ec2.describe_snapshots(OwnerIds=['self'], Filters=by('description', 'th*'))['Snapshots'], 'SnapshotId'), [id])
    same(ec2.create_volume(AvailabilityZone='us-east-1a', SnapshotId=id)['Size'], 3)
    refused('InvalidParameterValue', ec2.create_volume, AvailabilityZone='us-east-1a', SnapshotId=id, Size=2)
    copied = ec2.copy_snapshot(SourceRegion='us-east-1', SourceSnapshotId=id, Encrypted=True)['SnapshotId']
    found = ec2.describe_snapshots(SnapshotIds=[copied])['Snapshots'][0]
    assert found['Encrypted'] and found['KmsKeyId'].startswith(f'arn:aws:kms:us-east-1:{account}:key/'), found
    ec2.modify_snapshot_attribute(SnapshotId=id, Attribute='createVolumePermission', OperationType='add', GroupNames=['all'])
    same(ec2.describe_snapshot_attribute(SnapshotId=id, Attribute='createVolumePermission')['CreateVolumePermissions'], [{'Group': 'all'}])
    ec2.reset_snapshot_attribute(SnapshotId=id, Attribute='createVolumePermission')
    same(ec2.describe_snapshot_attribute(SnapshotId=id, Attribute='createVolumePermission')['CreateVolumePermissions'], [])
    one = launch()
    same(len(ec2.create_snapshots(InstanceSpecification={'InstanceId': one['InstanceId']})['Snapshots']), 1)
    ec2.delete_snapshot(SnapshotId=id)
    same(refused('InvalidSnapshot.NotFound', ec2.delete_snapshot, SnapshotId=id), f"The snapshot '{id}' does not exist.")
    ec2.enable_ebs_encryption_by_default()
    same(ec2.get_ebs_encryption_by_default()['EbsEncryptionByDefault'], True)
    same(ec2.create_volume(AvailabilityZone='us-east-1a', Size=3)['Encrypted'], True)
    ec2.disable_ebs_encryption_by_default()
    same(ec2.get_ebs_default_kms_key_id()['KmsKeyId'], 'alias/aws/ebs')
    ec2.modify_ebs_default_kms_key_id(KmsKeyId='alias/mine')
    ec2.reset_ebs_default_kms_key_id()
    ec2.enable_snapshot_block_public_access(State='block-all-sharing')
    same(ec2.get_snapshot_block_public_access_state()['State'], 'block-all-sharing')
    ec2.disable_snapshot_block_public_access()
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])


@case
def tags_of_everything():
    one = launch(TagSpecifications=[*tagged('instance', a='1'), *tagged('volume', v='2'), *tagged('network-interface', e='3')])
    id = one['InstanceId']
    volume = instance(id)['BlockDeviceMappings'][0]['Ebs']['VolumeId']
    same(ec2.describe_volumes(VolumeIds=[volume])['Volumes'][0]['Tags'], [{'Key': 'v', 'Value': '2'}])
    eni = instance(id)['NetworkInterfaces'][0]['NetworkInterfaceId']
    same(ec2.describe_network_interfaces(NetworkInterfaceIds=[eni])['NetworkInterfaces'][0]['TagSet'], [{'Key': 'e', 'Value': '3'}])
    ec2.create_tags(Resources=[id, volume], Tags=[{'Key': 'both', 'Value': 'x'}, {'Key': 'a', 'Value': '2'}])
    told = ec2.describe_tags(Filters=by('resource-id', id))['Tags']
    same(sorted((each['Key'], each['Value'], each['ResourceType']) for each in told), [('a', '2', 'instance'), ('both', 'x', 'instance')])
    same(ids(ec2.describe_tags(Filters=by('key', 'both') + by('resource-type', 'volume'))['Tags'], 'ResourceId'), [volume])
    ec2.delete_tags(Resources=[id], Tags=[{'Key': 'a', 'Value': 'other'}, {'Key': 'both'}])
    same(instance(id)['Tags'], [{'Key': 'a', 'Value': '2'}])
    ec2.delete_tags(Resources=[id])
    assert not instance(id).get('Tags'), instance(id)
    refused('InvalidParameterValue', ec2.create_tags, Resources=[id], Tags=[{'Key': 'aws:x', 'Value': 'y'}])
    refused('TagLimitExceeded', ec2.create_tags, Resources=[id], Tags=[{'Key': f'k{n}', 'Value': ''} for n in range(51)])
    same(refused('InvalidID', ec2.create_tags, Resources=['nonsense'], Tags=[{'Key': 'a', 'Value': 'b'}]), "The ID 'nonsense' is not valid")
    refused('InvalidVolume.NotFound', ec2.create_tags, Resources=['vol-0123456789abcdef0'], Tags=[{'Key': 'a', 'Value': 'b'}])
    refused('InvalidParameterValue', launch, TagSpecifications=tagged('vpc', a='1'))
    ec2.terminate_instances(InstanceIds=[id])


@case
def launch_templates():
    data = {'ImageId': linux, 'InstanceType': 't3.small', 'UserData': base64.b64encode(b'hi').decode(), 'TagSpecifications': tagged('instance', from_template='yes')}
    made = ec2.create_launch_template(LaunchTemplateName='web', LaunchTemplateData=data, TagSpecifications=tagged('launch-template', t='1'))['LaunchTemplate']
    id = made['LaunchTemplateId']
    same((made['DefaultVersionNumber'], made['LatestVersionNumber'], made['Tags']), (1, 1, [{'Key': 't', 'Value': '1'}]))
    same(refused('InvalidLaunchTemplateName.AlreadyExistsException', ec2.create_launch_template, LaunchTemplateName='web', LaunchTemplateData=data), 'Launch template name already in use.')
    second = ec2.create_launch_template_version(LaunchTemplateId=id, SourceVersion='1', LaunchTemplateData={'InstanceType': 't3.medium'}, VersionDescription='bigger')['LaunchTemplateVersion']
    same((second['VersionNumber'], second['DefaultVersion'], second['LaunchTemplateData']['ImageId'], second['LaunchTemplateData']['InstanceType']), (2, False, linux, 't3.medium'))
    latest = ec2.describe_launch_template_versions(LaunchTemplateName='web', Versions=['$Latest'])['LaunchTemplateVersions']
    same([each['VersionNumber'] for each in latest], [2])
    same([each['VersionNumber'] for each in ec2.describe_launch_template_versions(LaunchTemplateId=id)['LaunchTemplateVersions']], [2, 1])
    default = ec2.run_instances(LaunchTemplate={'LaunchTemplateName': 'web'}, MinCount=1, MaxCount=1)['Instances'][0]
    same(default['InstanceType'], 't3.small')
    newest = ec2.run_instances(LaunchTemplate={'LaunchTemplateId': id, 'Version': '$Latest'}, MinCount=1, MaxCount=1, TagSpecifications=tagged('instance', own='1'))['Instances'][0]
    same(newest['InstanceType'], 't3.medium')
    tags = {each['Key']: each['Value'] for each in newest['Tags']}
    same(tags, {'from_template': 'yes', 'own': '1', 'aws:ec2launchtemplate:id': id, 'aws:ec2launchtemplate:version': '2'})
    own = ec2.run_instances(LaunchTemplate={'LaunchTemplateId': id}, InstanceType='t3.nano', MinCount=1, MaxCount=1)['Instances'][0]
    same(own['InstanceType'], 't3.nano')
    same(ec2.modify_launch_template(LaunchTemplateId=id, DefaultVersion='2')['LaunchTemplate']['DefaultVersionNumber'], 2)
    result = ec2.delete_launch_template_versions(LaunchTemplateId=id, Versions=['1', '2', '9'])
    same([each['VersionNumber'] for each in result['SuccessfullyDeletedLaunchTemplateVersions']], [1])
    same([each['ResponseError']['Code'] for each in result['UnsuccessfullyDeletedLaunchTemplateVersions']], ['unexpectedError', 'launchTemplateVersionDoesNotExist'])
    text = refused('InvalidLaunchTemplateId.VersionNotFound', ec2.run_instances, LaunchTemplate={'LaunchTemplateId': id, 'Version': '9'}, MinCount=1, MaxCount=1)
    assert 'Could not find the specified version 9' in text, text
    same(ids(ec2.describe_launch_templates(LaunchTemplateNames=['web'])['LaunchTemplates'], 'LaunchTemplateId'), [id])
    same(ec2.get_launch_template_data(InstanceId=own['InstanceId'])['LaunchTemplateData']['InstanceType'], 't3.nano')
    ec2.delete_launch_template(LaunchTemplateName='web')
    text = refused('InvalidLaunchTemplateName.NotFoundException', ec2.describe_launch_templates, LaunchTemplateNames=['web'])
    same(text, 'At least one of the launch templates specified in the request does not exist.')
    text = refused('InvalidLaunchTemplateName.NotFoundException', ec2.describe_launch_template_versions, LaunchTemplateName='web')
    same(text, 'The specified launch template, with template name web, does not exist.')
    ec2.terminate_instances(InstanceIds=[each['InstanceId'] for each in (default, newest, own)])


@case
def spot():
    made = ec2.request_spot_instances(SpotPrice='0.5', InstanceCount=2, LaunchSpecification={'ImageId': linux, 'InstanceType': 't3.micro'})['SpotInstanceRequests']
    same([(each['State'], each['Status']['Code']) for each in made], [('open', 'pending-fulfillment')] * 2)
    id = made[0]['SpotInstanceRequestId']
    ec2.get_waiter('spot_instance_request_fulfilled').wait(SpotInstanceRequestIds=[id])
    found = ec2.describe_spot_instance_requests(SpotInstanceRequestIds=[id])['SpotInstanceRequests'][0]
    same((found['State'], instance(found['InstanceId'])['InstanceLifecycle'], instance(found['InstanceId'])['SpotInstanceRequestId']), ('active', 'spot', id))
    same(ec2.cancel_spot_instance_requests(SpotInstanceRequestIds=[id])['CancelledSpotInstanceRequests'], [{'SpotInstanceRequestId': id, 'State': 'cancelled'}])
    one = launch(InstanceMarketOptions={'MarketType': 'spot'})
    same(ids(ec2.describe_spot_instance_requests(Filters=by('instance-id', one['InstanceId']))['SpotInstanceRequests'], 'SpotInstanceRequestId'), [one['SpotInstanceRequestId']])
    refused('InvalidSpotInstanceRequestID.NotFound', ec2.describe_spot_instance_requests, SpotInstanceRequestIds=['sir-0123456789abcdef0'])


@case
def places():
    names = ids(ec2.describe_regions()['Regions'], 'RegionName')
    assert 'us-east-1' in names and 'af-south-1' not in names and len(names) == 17, names
    assert 'af-south-1' in ids(ec2.describe_regions(AllRegions=True)['Regions'], 'RegionName')
    zones = ec2.describe_availability_zones()['AvailabilityZones']
    same([(each['ZoneName'], each['ZoneId']) for each in zones][:2], [('us-east-1a', 'use1-az1'), ('us-east-1b', 'use1-az2')])
    same(ids(client(region_name='ap-southeast-2').describe_availability_zones()['AvailabilityZones'], 'ZoneId'), ['apse2-az1', 'apse2-az2', 'apse2-az3'])
    same(ec2.describe_account_attributes(AttributeNames=['supported-platforms'])['AccountAttributes'][0]['AttributeValues'], [{'AttributeValue': 'VPC'}])
    micro = ec2.describe_instance_types(InstanceTypes=['t3.micro'])['InstanceTypes'][0]
    same((micro['VCpuInfo']['DefaultVCpus'], micro['MemoryInfo']['SizeInMiB'], micro['BurstablePerformanceSupported'], micro['Hypervisor']), (2, 1024, True, 'nitro'))
    same(refused('InvalidInstanceType', ec2.describe_instance_types, InstanceTypes=['t9.x']), 'The following supplied instance types do not exist: [t9.x]')
    every = [each['InstanceType'] for page in ec2.get_paginator('describe_instance_types').paginate(Filters=by('processor-info.supported-architecture', 'arm64')) for each in page['InstanceTypes']]
    assert 'm7g.large' in every and 'm5.large' not in every, len(every)
    offered = ec2.describe_instance_type_offerings(LocationType='availability-zone', Filters=by('instance-type', 'm5.large'))['InstanceTypeOfferings']
    same(ids(offered, 'Location')[0], 'us-east-1a')
    ec2.enable_serial_console_access()
    same(ec2.get_serial_console_access_status()['SerialConsoleAccessEnabled'], True)
    ec2.disable_serial_console_access()


@case
def instance_profiles():
    iam = client('iam')
    trust = json.dumps({'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]})
    for name in ('app', 'other'):
        iam.create_role(RoleName=f'{name}-role', AssumeRolePolicyDocument=trust)
        iam.create_instance_profile(InstanceProfileName=f'{name}-profile')
        iam.add_role_to_instance_profile(InstanceProfileName=f'{name}-profile', RoleName=f'{name}-role')
    one = launch(IamInstanceProfile={'Name': 'app-profile'})
    same(one['IamInstanceProfile']['Arn'], f'arn:aws:iam::{account}:instance-profile/app-profile')
    associations = ec2.describe_iam_instance_profile_associations(Filters=by('instance-id', one['InstanceId']))['IamInstanceProfileAssociations']
    same([each['State'] for each in associations], ['associated'])
    refused('IncorrectState', ec2.associate_iam_instance_profile, InstanceId=one['InstanceId'], IamInstanceProfile={'Name': 'other-profile'})
    replaced = ec2.replace_iam_instance_profile_association(AssociationId=associations[0]['AssociationId'], IamInstanceProfile={'Name': 'other-profile'})['IamInstanceProfileAssociation']
    same(replaced['State'], 'associating')
    ec2.disassociate_iam_instance_profile(AssociationId=replaced['AssociationId'])
    assert 'IamInstanceProfile' not in instance(one['InstanceId'])
    launcher = client(keys=user('launcher', allow(['ec2:RunInstances', 'ec2:AssociateIamInstanceProfile']), allow('iam:PassRole', f'arn:aws:iam::{account}:role/app-role')))
    # The role in the profile is what is passed, whatever the profile is called.
    launcher.associate_iam_instance_profile(InstanceId=one['InstanceId'], IamInstanceProfile={'Name': 'app-profile'})
    arguments = {'ImageId': linux, 'InstanceType': 't3.micro', 'MinCount': 1, 'MaxCount': 1}
    launcher.run_instances(**arguments, IamInstanceProfile={'Name': 'app-profile'})
    text = refused('UnauthorizedOperation', launcher.run_instances, 403, **arguments, IamInstanceProfile={'Name': 'other-profile'})
    assert f'iam:PassRole on resource: arn:aws:iam::{account}:role/other-role' in text, text
    ec2.terminate_instances(InstanceIds=[one['InstanceId']])


@case
def conditions_know_the_resource():
    mine = launch(TagSpecifications=tagged('instance', owner='ann'))['InstanceId']
    theirs = launch(TagSpecifications=tagged('instance', owner='bob'))['InstanceId']
    ann = client(keys=user('ann', allow(['ec2:StartInstances', 'ec2:StopInstances'], Condition={'StringEquals': {'ec2:ResourceTag/owner': 'ann'}}),
                           allow('ec2:CreateVolume')))
    ann.stop_instances(InstanceIds=[mine])
    refused('UnauthorizedOperation', ann.stop_instances, 403, InstanceIds=[theirs])
    refused('UnauthorizedOperation', ann.stop_instances, 403, InstanceIds=[mine, theirs])
    ann.create_volume(AvailabilityZone='us-east-1a', Size=1)
    text = refused('UnauthorizedOperation', ann.create_volume, 403, AvailabilityZone='us-east-1a', Size=1, TagSpecifications=tagged('volume', a='b'))
    assert 'ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:volume/*' in text, text
    # Who may not, does not learn whether there is such a thing.
    refused('UnauthorizedOperation', ann.terminate_instances, 403, InstanceIds=['i-0123456789abcdef0'])
    same(refused('DryRunOperation', ec2.stop_instances, 412, InstanceIds=[theirs], DryRun=True), 'Request would have succeeded, but DryRun flag is set.')
    same(instance(theirs)['State']['Name'], 'running')
    ec2.terminate_instances(InstanceIds=[mine, theirs])


@case
def the_resource_api():
    resource = boto3.resource('ec2')
    made = resource.create_instances(ImageId=linux, MinCount=2, MaxCount=2, InstanceType='t3.micro')
    made[0].wait_until_running()
    made[0].create_tags(Tags=[{'Key': 'Name', 'Value': 'first'}])
    made[0].reload()
    same((made[0].tags, made[0].state['Name'], made[0].vpc.is_default), ([{'Key': 'Name', 'Value': 'first'}], 'running', True))
    same([each.id for each in resource.instances.filter(Filters=by('tag:Name', 'first'))], [made[0].id])
    same(len(list(made[0].volumes.all())), 1)
    for each in made:
        each.terminate()
        each.wait_until_terminated()
    key = resource.KeyPair('of-resource')
    made_vpc = resource.create_vpc(CidrBlock='10.9.0.0/16')
    made_subnet = made_vpc.create_subnet(CidrBlock='10.9.1.0/24')
    group = made_vpc.create_security_group(GroupName='g', Description='d')
    group.authorize_ingress(IpProtocol='tcp', FromPort=22, ToPort=22, CidrIp='0.0.0.0/0')
    group.reload()
    same(group.ip_permissions[0]['IpRanges'], [{'CidrIp': '0.0.0.0/0'}])
    group.delete()
    made_subnet.delete()
    made_vpc.delete()


run()
