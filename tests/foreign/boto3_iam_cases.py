"""boto3 against the local IAM, STS and Organizations: every operation that is built, its results, its errors, and that a
user without permissions is refused each of them."""

import base64, hashlib, hmac, json, os, re, struct, subprocess, time, urllib.error, urllib.request

import witness
from witness import account, allow, called_and_not, case, not_refused, policy, refused, run, same, trust, user

unbuilt = {
    'iam': {
        'AcceptDelegationRequest', 'AssociateDelegationRequest', 'CreateDelegationRequest', 'GetDelegationRequest',
        'GetHumanReadableSummary', 'ListDelegationRequests', 'RejectDelegationRequest', 'SendDelegationToken',
        'UpdateDelegationRequest',
    },
    'sts': {'GetDelegatedAccessToken'},
    'organizations': {
        'CreateGovCloudAccount', 'DescribeResponsibilityTransfer',
        'InviteOrganizationToTransferResponsibility', 'ListAccountsWithInvalidEffectivePolicy',
        'ListEffectivePolicyValidationErrors', 'ListInboundResponsibilityTransfers',
        'ListOutboundResponsibilityTransfers', 'TerminateResponsibilityTransfer', 'UpdateResponsibilityTransfer',
    },
}
fixture = open(os.path.join(os.path.dirname(__file__), '../../src/local/services/iam/keys.fixture.ts')).read()
certificate, authority, private_key = (re.search(rf"export const {name} = `([^`]+)`", fixture)[1] for name in ('certificate', 'authority', 'privateKey'))
ssh_key = re.search(r"export const sshKey = '([^']+)'", fixture)[1]


def client(service='iam', keys=None, **more):
    return witness.client(service, keys, **more)


def arn(kind, name):
    return f'arn:aws:iam::{account}:{kind}/{name}'


def code(seed, step):
    padded = seed + b'=' * (-len(seed) % 8)
    digest = hmac.new(base64.b32decode(padded), struct.pack('>Q', step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f'{(struct.unpack(">I", digest[at:at + 4])[0] & 0x7fffffff) % 1000000:06}'


@case
def a_signed_question_shown_to_others():
    """What aws-iam-authenticator, Vault and others do: somebody else asks with it, and may ask for JSON."""
    url = client('sts').generate_presigned_url('get_caller_identity', HttpMethod='GET')
    ask = lambda more='': json.load(urllib.request.urlopen(urllib.request.Request(url + more, headers={'Accept': 'application/json'})))
    same(ask()['GetCallerIdentityResponse']['GetCallerIdentityResult']['Account'], account)
    try:
        ask('0')
    except urllib.error.HTTPError as error:
        same((error.code, json.load(error)['Error']['Code']), (403, 'SignatureDoesNotMatch'))
    else:
        raise AssertionError('another signature was taken')


@case
def users():
    iam = client()
    iam.create_user(UserName='i-ann', Tags=[{'Key': 'a', 'Value': '1'}])
    same(iam.get_user(UserName='i-ann')['User']['Tags'], [{'Key': 'a', 'Value': '1'}])
    iam.tag_user(UserName='i-ann', Tags=[{'Key': 'b', 'Value': '2'}])
    iam.untag_user(UserName='i-ann', TagKeys=['a'])
    same(iam.list_user_tags(UserName='i-ann')['Tags'], [{'Key': 'b', 'Value': '2'}])
    iam.update_user(UserName='i-ann', NewUserName='i-anna', NewPath='/staff/')
    same(iam.get_user(UserName='i-anna')['User']['Arn'], arn('user', 'staff/i-anna'))
    same([u['UserName'] for u in iam.list_users(PathPrefix='/staff/')['Users']], ['i-anna'])
    boundary = iam.create_policy(PolicyName='i-boundary', PolicyDocument=policy(allow('s3:*')))['Policy']['Arn']
    iam.put_user_permissions_boundary(UserName='i-anna', PermissionsBoundary=boundary)
    same(iam.get_user(UserName='i-anna')['User']['PermissionsBoundary']['PermissionsBoundaryArn'], boundary)
    iam.delete_user_permissions_boundary(UserName='i-anna')
    iam.put_user_policy(UserName='i-anna', PolicyName='p', PolicyDocument=policy(allow('s3:*')))
    same(iam.list_user_policies(UserName='i-anna')['PolicyNames'], ['p'])
    same(iam.get_user_policy(UserName='i-anna', PolicyName='p')['PolicyDocument']['Statement'], [allow('s3:*')])
    iam.delete_user_policy(UserName='i-anna', PolicyName='p')
    iam.attach_user_policy(UserName='i-anna', PolicyArn='arn:aws:iam::aws:policy/ReadOnlyAccess')
    same(iam.list_attached_user_policies(UserName='i-anna')['AttachedPolicies'][0]['PolicyName'], 'ReadOnlyAccess')
    refused('DeleteConflict', 409, iam.delete_user, UserName='i-anna')
    iam.detach_user_policy(UserName='i-anna', PolicyArn='arn:aws:iam::aws:policy/ReadOnlyAccess')
    iam.delete_user(UserName='i-anna')
    refused('NoSuchEntity', 404, iam.get_user, UserName='i-anna')


@case
def access_keys_and_passwords():
    keys = user('i-keys', allow(['iam:ChangePassword', 'iam:GetUser']))
    iam = client()
    same(iam.get_access_key_last_used(AccessKeyId=keys['AccessKeyId'])['AccessKeyLastUsed']['ServiceName'], 'N/A')
    client(keys=keys).get_user()
    same(iam.get_access_key_last_used(AccessKeyId=keys['AccessKeyId'])['AccessKeyLastUsed']['ServiceName'], 'iam')
    iam.update_access_key(UserName='i-keys', AccessKeyId=keys['AccessKeyId'], Status='Inactive')
    refused('InvalidClientTokenId', 403, client(keys=keys).get_user)
    iam.update_access_key(UserName='i-keys', AccessKeyId=keys['AccessKeyId'], Status='Active')
    same(len(iam.list_access_keys(UserName='i-keys')['AccessKeyMetadata']), 1)
    iam.create_login_profile(UserName='i-keys', Password='Correct-Horse-9')
    text = refused('EntityAlreadyExists', 409, iam.create_login_profile, UserName='i-keys', Password='Correct-Horse-9')
    same(text, 'Login Profile for user i-keys already exists.')
    iam.update_login_profile(UserName='i-keys', PasswordResetRequired=True)
    same(iam.get_login_profile(UserName='i-keys')['LoginProfile']['PasswordResetRequired'], True)
    client(keys=keys).change_password(OldPassword='Correct-Horse-9', NewPassword='Battery-Staple-9')
    refused('PasswordPolicyViolation', 400, client(keys=keys).change_password, OldPassword='Battery-Staple-9', NewPassword='x')
    iam.delete_login_profile(UserName='i-keys')
    refused('NoSuchEntity', 404, iam.get_account_password_policy)
    iam.update_account_password_policy(MinimumPasswordLength=12)
    same(iam.get_account_password_policy()['PasswordPolicy']['MinimumPasswordLength'], 12)
    iam.delete_account_password_policy()
    iam.delete_access_key(UserName='i-keys', AccessKeyId=keys['AccessKeyId'])


@case
def mfa():
    iam = client()
    keys = user('i-mfa', allow('iam:ListUsers', Condition={'Bool': {'aws:MultiFactorAuthPresent': 'true'}}))
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName='i-mfa')['VirtualMFADevice']
    serial, seed = device['SerialNumber'], device['Base32StringSeed']
    assert device['QRCodePNG'].startswith(b'\x89PNG'), device['QRCodePNG'][:8]
    step = int(time.time()) // 30
    refused('InvalidAuthenticationCode', 403, iam.enable_mfa_device, UserName='i-mfa', SerialNumber=serial, AuthenticationCode1='000000', AuthenticationCode2='000000')
    iam.enable_mfa_device(UserName='i-mfa', SerialNumber=serial, AuthenticationCode1=code(seed, step - 2), AuthenticationCode2=code(seed, step - 1))
    same(iam.list_mfa_devices(UserName='i-mfa')['MFADevices'][0]['SerialNumber'], serial)
    same(iam.get_mfa_device(SerialNumber=serial)['UserName'], 'i-mfa')
    assert serial in [d['SerialNumber'] for d in iam.list_virtual_mfa_devices(AssignmentStatus='Assigned')['VirtualMFADevices']]
    iam.tag_mfa_device(SerialNumber=serial, Tags=[{'Key': 'a', 'Value': '1'}])
    same(iam.list_mfa_device_tags(SerialNumber=serial)['Tags'], [{'Key': 'a', 'Value': '1'}])
    iam.untag_mfa_device(SerialNumber=serial, TagKeys=['a'])
    refused('AccessDenied', 403, client(keys=keys).list_users)
    sts = client('sts', keys)
    text = refused('AccessDenied', 403, sts.get_session_token, SerialNumber=serial, TokenCode='000000')
    same(text, 'MultiFactorAuthentication failed with invalid MFA one time pass code. ')
    session = sts.get_session_token(SerialNumber=serial, TokenCode=code(seed, int(time.time()) // 30))['Credentials']
    client(keys=session).list_users()
    iam.resync_mfa_device(UserName='i-mfa', SerialNumber=serial, AuthenticationCode1=code(seed, step + 20), AuthenticationCode2=code(seed, step + 21))
    iam.deactivate_mfa_device(UserName='i-mfa', SerialNumber=serial)
    iam.delete_virtual_mfa_device(SerialNumber=serial)


@case
def groups():
    iam = client()
    user('i-member')
    iam.create_group(GroupName='i-g', Path='/t/')
    iam.add_user_to_group(GroupName='i-g', UserName='i-member')
    same([u['UserName'] for u in iam.get_group(GroupName='i-g')['Users']], ['i-member'])
    same([g['GroupName'] for g in iam.list_groups_for_user(UserName='i-member')['Groups']], ['i-g'])
    same([g['GroupName'] for g in iam.list_groups(PathPrefix='/t/')['Groups']], ['i-g'])
    iam.update_group(GroupName='i-g', NewGroupName='i-h')
    iam.put_group_policy(GroupName='i-h', PolicyName='p', PolicyDocument=policy(allow('s3:*')))
    same(iam.list_group_policies(GroupName='i-h')['PolicyNames'], ['p'])
    same(iam.get_group_policy(GroupName='i-h', PolicyName='p')['GroupName'], 'i-h')
    iam.delete_group_policy(GroupName='i-h', PolicyName='p')
    iam.attach_group_policy(GroupName='i-h', PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess')
    same(len(iam.list_attached_group_policies(GroupName='i-h')['AttachedPolicies']), 1)
    same([g['GroupName'] for g in iam.list_entities_for_policy(PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess')['PolicyGroups']], ['i-h'])
    iam.detach_group_policy(GroupName='i-h', PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess')
    iam.remove_user_from_group(GroupName='i-h', UserName='i-member')
    iam.delete_group(GroupName='i-h')


@case
def roles_and_profiles():
    iam = client()
    iam.create_role(RoleName='i-r', AssumeRolePolicyDocument=trust({'AWS': account}), Tags=[{'Key': 'a', 'Value': '1'}])
    same(iam.get_role(RoleName='i-r')['Role']['AssumeRolePolicyDocument']['Statement'][0]['Principal'], {'AWS': account})
    iam.update_assume_role_policy(RoleName='i-r', PolicyDocument=trust({'Service': 'ec2.amazonaws.com'}))
    iam.update_role(RoleName='i-r', MaxSessionDuration=7200, Description='d')
    same(iam.update_role_description(RoleName='i-r', Description='e')['Role']['Description'], 'e')
    assert 'i-r' in [r['RoleName'] for p in iam.get_paginator('list_roles').paginate() for r in p['Roles']]
    iam.tag_role(RoleName='i-r', Tags=[{'Key': 'b', 'Value': '2'}])
    iam.untag_role(RoleName='i-r', TagKeys=['a'])
    same(iam.list_role_tags(RoleName='i-r')['Tags'], [{'Key': 'b', 'Value': '2'}])
    iam.put_role_policy(RoleName='i-r', PolicyName='p', PolicyDocument=policy(allow('s3:*')))
    same(iam.list_role_policies(RoleName='i-r')['PolicyNames'], ['p'])
    iam.get_role_policy(RoleName='i-r', PolicyName='p')
    iam.attach_role_policy(RoleName='i-r', PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess')
    same(len(iam.list_attached_role_policies(RoleName='i-r')['AttachedPolicies']), 1)
    iam.put_role_permissions_boundary(RoleName='i-r', PermissionsBoundary='arn:aws:iam::aws:policy/PowerUserAccess')
    iam.delete_role_permissions_boundary(RoleName='i-r')
    iam.create_instance_profile(InstanceProfileName='i-p')
    iam.add_role_to_instance_profile(InstanceProfileName='i-p', RoleName='i-r')
    same(iam.get_instance_profile(InstanceProfileName='i-p')['InstanceProfile']['Roles'][0]['RoleName'], 'i-r')
    same(len(iam.list_instance_profiles_for_role(RoleName='i-r')['InstanceProfiles']), 1)
    iam.list_instance_profiles()
    iam.tag_instance_profile(InstanceProfileName='i-p', Tags=[{'Key': 'a', 'Value': '1'}])
    same(len(iam.list_instance_profile_tags(InstanceProfileName='i-p')['Tags']), 1)
    iam.untag_instance_profile(InstanceProfileName='i-p', TagKeys=['a'])
    refused('DeleteConflict', 409, iam.delete_role, RoleName='i-r')
    iam.remove_role_from_instance_profile(InstanceProfileName='i-p', RoleName='i-r')
    iam.delete_instance_profile(InstanceProfileName='i-p')
    iam.detach_role_policy(RoleName='i-r', PolicyArn='arn:aws:iam::aws:policy/AmazonS3FullAccess')
    iam.delete_role_policy(RoleName='i-r', PolicyName='p')
    iam.delete_role(RoleName='i-r')


@case
def a_namesake_is_not_trusted():
    iam = client()
    first = user('i-once')
    iam.create_role(RoleName='i-trusting', AssumeRolePolicyDocument=trust({'AWS': arn('user', 'i-once')}))
    role = {'RoleArn': arn('role', 'i-trusting'), 'RoleSessionName': 'me'}
    client('sts', first).assume_role(**role)
    iam.delete_access_key(UserName='i-once', AccessKeyId=first['AccessKeyId'])
    iam.delete_user(UserName='i-once')
    shown = iam.get_role(RoleName='i-trusting')['Role']['AssumeRolePolicyDocument']['Statement'][0]['Principal']['AWS']
    assert shown.startswith('AIDA'), shown
    refused('AccessDenied', 403, client('sts', user('i-once')).assume_role, **role)


@case
def managed_policies():
    iam = client()
    made = iam.create_policy(PolicyName='i-m', PolicyDocument=policy(allow('s3:*')), Description='d')['Policy']
    name = {'PolicyArn': made['Arn']}
    same(iam.get_policy(**name)['Policy']['Description'], 'd')
    iam.create_policy_version(PolicyDocument=policy(allow('sqs:*')), **name)
    iam.set_default_policy_version(VersionId='v2', **name)
    same([v['VersionId'] for v in iam.list_policy_versions(**name)['Versions']], ['v2', 'v1'])
    same(iam.get_policy_version(VersionId='v2', **name)['PolicyVersion']['Document']['Statement'], [allow('sqs:*')])
    iam.delete_policy_version(VersionId='v1', **name)
    iam.tag_policy(Tags=[{'Key': 'a', 'Value': '1'}], **name)
    same(len(iam.list_policy_tags(**name)['Tags']), 1)
    iam.untag_policy(TagKeys=['a'], **name)
    same(len([p for page in iam.get_paginator('list_policies').paginate(Scope='AWS') for p in page['Policies']]) > 1500, True)
    admin = iam.get_policy_version(PolicyArn='arn:aws:iam::aws:policy/AdministratorAccess', VersionId='v1')['PolicyVersion']
    same(admin['Document']['Statement'], [{'Effect': 'Allow', 'Action': '*', 'Resource': '*'}])
    iam.delete_policy(**name)


@case
def ssh_signing_and_service_credentials():
    iam = client()
    user('i-old')
    key = iam.upload_ssh_public_key(UserName='i-old', SSHPublicKeyBody=ssh_key)['SSHPublicKey']
    which = {'UserName': 'i-old', 'SSHPublicKeyId': key['SSHPublicKeyId']}
    same(iam.get_ssh_public_key(Encoding='SSH', **which)['SSHPublicKey']['SSHPublicKeyBody'], ssh_key)
    iam.update_ssh_public_key(Status='Inactive', **which)
    same(iam.list_ssh_public_keys(UserName='i-old')['SSHPublicKeys'][0]['Status'], 'Inactive')
    iam.delete_ssh_public_key(**which)
    signing = iam.upload_signing_certificate(UserName='i-old', CertificateBody=certificate)['Certificate']
    which = {'UserName': 'i-old', 'CertificateId': signing['CertificateId']}
    iam.update_signing_certificate(Status='Inactive', **which)
    same(iam.list_signing_certificates(UserName='i-old')['Certificates'][0]['Status'], 'Inactive')
    iam.delete_signing_certificate(**which)
    made = iam.create_service_specific_credential(UserName='i-old', ServiceName='codecommit.amazonaws.com')['ServiceSpecificCredential']
    same(made['ServiceUserName'], f'i-old-at-{account}')
    which = {'UserName': 'i-old', 'ServiceSpecificCredentialId': made['ServiceSpecificCredentialId']}
    iam.update_service_specific_credential(Status='Inactive', **which)
    assert iam.reset_service_specific_credential(**which)['ServiceSpecificCredential']['ServicePassword'] != made['ServicePassword']
    same(len(iam.list_service_specific_credentials(UserName='i-old')['ServiceSpecificCredentials']), 1)
    text = refused('NoSuchEntity', 404, iam.create_service_specific_credential, UserName='i-old', ServiceName='s3.amazonaws.com')
    same(text, 'No such service s3.amazonaws.com is supported for Service Specific Credentials')
    iam.delete_service_specific_credential(**which)


@case
def server_certificates():
    iam = client()
    name = {'ServerCertificateName': 'i-c'}
    iam.upload_server_certificate(CertificateBody=certificate, PrivateKey=private_key, CertificateChain=authority, **name)
    same(iam.get_server_certificate(**name)['ServerCertificate']['CertificateBody'], certificate)
    iam.tag_server_certificate(Tags=[{'Key': 'a', 'Value': '1'}], **name)
    same(len(iam.list_server_certificate_tags(**name)['Tags']), 1)
    iam.untag_server_certificate(TagKeys=['a'], **name)
    refused('MalformedCertificate', 400, iam.upload_server_certificate, ServerCertificateName='x', CertificateBody='x', PrivateKey=private_key)
    iam.update_server_certificate(NewServerCertificateName='i-d', **name)
    same([c['ServerCertificateName'] for c in iam.list_server_certificates()['ServerCertificateMetadataList']], ['i-d'])
    iam.delete_server_certificate(ServerCertificateName='i-d')


@case
def providers():
    iam = client()
    oidc = {'OpenIDConnectProviderArn': iam.create_open_id_connect_provider(Url='https://i.example.com', ClientIDList=['a'])['OpenIDConnectProviderArn']}
    iam.add_client_id_to_open_id_connect_provider(ClientID='b', **oidc)
    iam.remove_client_id_from_open_id_connect_provider(ClientID='a', **oidc)
    iam.update_open_id_connect_provider_thumbprint(ThumbprintList=['a' * 40], **oidc)
    iam.tag_open_id_connect_provider(Tags=[{'Key': 'a', 'Value': '1'}], **oidc)
    same(len(iam.list_open_id_connect_provider_tags(**oidc)['Tags']), 1)
    iam.untag_open_id_connect_provider(TagKeys=['a'], **oidc)
    got = iam.get_open_id_connect_provider(**oidc)
    same((got['Url'], got['ClientIDList'], got['ThumbprintList']), ('i.example.com', ['b'], ['a' * 40]))
    assert {'Arn': oidc['OpenIDConnectProviderArn']} in iam.list_open_id_connect_providers()['OpenIDConnectProviderList']
    iam.delete_open_id_connect_provider(**oidc)
    refused('NoSuchEntity', 404, iam.get_open_id_connect_provider, **oidc)
    metadata = f'<EntityDescriptor entityID="i"><IDPSSODescriptor>{" " * 1000}</IDPSSODescriptor></EntityDescriptor>'
    saml = {'SAMLProviderArn': iam.create_saml_provider(Name='i-s', SAMLMetadataDocument=metadata)['SAMLProviderArn']}
    same(iam.get_saml_provider(**saml)['SAMLMetadataDocument'], metadata)
    iam.update_saml_provider(AddPrivateKey=private_key, **saml)
    same([p['Arn'] for p in iam.list_saml_providers()['SAMLProviderList']], [saml['SAMLProviderArn']])
    iam.tag_saml_provider(Tags=[{'Key': 'a', 'Value': '1'}], **saml)
    same(len(iam.list_saml_provider_tags(**saml)['Tags']), 1)
    iam.untag_saml_provider(TagKeys=['a'], **saml)
    iam.delete_saml_provider(**saml)


@case
def service_linked_roles():
    iam = client()
    role = iam.create_service_linked_role(AWSServiceName='batch.amazonaws.com')['Role']
    same(role['Arn'], arn('role', 'aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch'))
    refused('UnmodifiableEntity', 400, iam.delete_role, RoleName=role['RoleName'])
    task = iam.delete_service_linked_role(RoleName=role['RoleName'])['DeletionTaskId']
    same(iam.get_service_linked_role_deletion_status(DeletionTaskId=task)['Status'], 'SUCCEEDED')


@case
def reports():
    iam = client()
    refused('ReportNotPresent', 410, iam.get_credential_report)
    same(iam.generate_credential_report()['State'], 'STARTED')
    lines = iam.get_credential_report()['Content'].decode().split('\n')
    assert lines[0].startswith('user,arn,user_creation_time,') and lines[1].startswith('<root_account>,'), lines[:2]
    keys = user('i-seen', allow('iam:ListUsers'))
    client(keys=keys).list_users()
    job = {'JobId': iam.generate_service_last_accessed_details(Arn=arn('user', 'i-seen'))['JobId']}
    (service,) = iam.get_service_last_accessed_details(**job)['ServicesLastAccessed']
    same((service['ServiceNamespace'], service['LastAuthenticatedEntity']), ('iam', arn('user', 'i-seen')))
    entities = iam.get_service_last_accessed_details_with_entities(ServiceNamespace='iam', **job)['EntityDetailsList']
    same(entities[0]['EntityInfo']['Name'], 'i-seen')
    granting = iam.list_policies_granting_service_access(Arn=arn('user', 'i-seen'), ServiceNamespaces=['iam'])
    same(granting['PoliciesGrantingServiceAccess'][0]['Policies'][0]['PolicyName'], 'p')
    same(len(iam.get_account_authorization_details(Filter=['User'])['UserDetailList']) > 1, True)
    same(iam.get_account_summary()['SummaryMap']['AccessKeysPerUserQuota'], 2)
    iam.create_account_alias(AccountAlias='i-alias')
    same(iam.list_account_aliases()['AccountAliases'], ['i-alias'])
    iam.delete_account_alias(AccountAlias='i-alias')
    iam.set_security_token_service_preferences(GlobalEndpointTokenVersion='v2Token')


@case
def simulation():
    iam = client()
    user('i-simulated', allow('s3:GetObject'))
    ask = {'ActionNames': ['s3:GetObject', 's3:PutObject']}
    result = iam.simulate_principal_policy(PolicySourceArn=arn('user', 'i-simulated'), **ask)['EvaluationResults']
    same([r['EvalDecision'] for r in result], ['allowed', 'implicitDeny'])
    result = iam.simulate_custom_policy(PolicyInputList=[policy(allow('s3:Put*'))], **ask)['EvaluationResults']
    same([r['EvalDecision'] for r in result], ['implicitDeny', 'allowed'])
    with_key = policy(allow('s3:*', Condition={'StringEquals': {'aws:PrincipalTag/a': 'b'}}))
    same(iam.get_context_keys_for_custom_policy(PolicyInputList=[with_key])['ContextKeyNames'], ['aws:PrincipalTag/a'])
    same(iam.get_context_keys_for_principal_policy(PolicySourceArn=arn('user', 'i-simulated'))['ContextKeyNames'], [])


@case
def tokens():
    sts, iam = client('sts'), client()
    same(sts.get_caller_identity()['Account'], account)
    same(sts.get_access_key_info(AccessKeyId=os.environ['AWS_ACCESS_KEY_ID'])['Account'], account)
    iam.create_role(RoleName='i-assumed', AssumeRolePolicyDocument=trust({'AWS': account}))
    sts.assume_role(RoleArn=arn('role', 'i-assumed'), RoleSessionName='me')
    federated = sts.get_federation_token(Name='bob', Policy=policy(allow('s3:ListAllMyBuckets')))
    same(federated['FederatedUser']['Arn'], f'arn:aws:sts::{account}:federated-user/bob')
    client('s3', federated['Credentials']).list_buckets()
    refused('AccessDenied', 403, client('sts', federated['Credentials']).get_session_token)
    refused('InvalidClientTokenId', 403, client(keys=federated['Credentials']).list_users)
    powerless = user('i-powerless')
    text = refused('UnauthorizedOperation', 403, client('ec2', powerless).terminate_instances, InstanceIds=['i-12345678'])
    encoded = text.split('Encoded authorization failure message: ')[1]
    decoded = json.loads(sts.decode_authorization_message(EncodedMessage=encoded)['DecodedMessage'])
    same((decoded['allowed'], decoded['context']['action']), (False, 'TerminateInstances'))


# Written in canonical form by hand: what is signed is what stands here.
saml_folder = os.path.join(os.path.dirname(__file__), '../../src/local/services/sts/saml/signed')


def saml_response(provider, role, name='ana'):
    """A response whose assertion OpenSSL has signed."""
    at = lambda offset: time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(time.time() + offset))
    attribute = lambda key, value: f'<Attribute Name="https://aws.amazon.com/SAML/Attributes/{key}"><AttributeValue>{value}</AttributeValue></Attribute>'
    head = f'<Assertion xmlns="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" IssueInstant="{at(0)}" Version="2.0"><Issuer>https://idp.example.com</Issuer>'
    rest = (
        f'<Subject><NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">{name}</NameID><SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
        f'<SubjectConfirmationData NotOnOrAfter="{at(300)}" Recipient="https://signin.aws.amazon.com/saml"></SubjectConfirmationData></SubjectConfirmation></Subject>'
        f'<Conditions NotOnOrAfter="{at(300)}"><AudienceRestriction><Audience>urn:amazon:webservices</Audience></AudienceRestriction></Conditions>'
        f'<AttributeStatement>{attribute("Role", f"{role},{provider}")}{attribute("RoleSessionName", name)}{attribute("PrincipalTag:team", "sea")}</AttributeStatement></Assertion>'
    )
    xmldsig = 'http://www.w3.org/2000/09/xmldsig#'
    exclusive = 'http://www.w3.org/2001/10/xml-exc-c14n#'
    digest = base64.b64encode(hashlib.sha256((head + rest).encode()).digest()).decode()
    info = (
        f'<SignedInfo xmlns="{xmldsig}"><CanonicalizationMethod Algorithm="{exclusive}"></CanonicalizationMethod>'
        '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></SignatureMethod><Reference URI="#_a"><Transforms>'
        f'<Transform Algorithm="{xmldsig}enveloped-signature"></Transform><Transform Algorithm="{exclusive}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod><DigestValue>{digest}</DigestValue></Reference></SignedInfo>'
    )
    signing = ['openssl', 'dgst', '-sha256', '-sign', os.path.join(saml_folder, 'key.pem')]
    value = base64.b64encode(subprocess.run(signing, input=info.encode(), capture_output=True, check=True).stdout).decode()
    signature = f'<Signature xmlns="{xmldsig}">{info}<SignatureValue>{value}</SignatureValue></Signature>'
    status = '<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
    return f'<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0">{status}{head}{signature}{rest}</samlp:Response>'


@case
def assertions():
    iam, sts = client(), client('sts')
    pem = open(os.path.join(saml_folder, 'certificate.pem')).read()
    body = ''.join(line for line in pem.splitlines() if '-----' not in line)
    metadata = (
        '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example.com"><IDPSSODescriptor protocolSupportEnumeration='
        '"urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data><X509Certificate>'
        f'{body}</X509Certificate></X509Data></KeyInfo></KeyDescriptor></IDPSSODescriptor></EntityDescriptor>'
    )
    provider = iam.create_saml_provider(Name='i-saml', SAMLMetadataDocument=metadata)['SAMLProviderArn']
    actions = ['sts:AssumeRoleWithSAML', 'sts:TagSession']
    condition = {'StringEquals': {'saml:aud': 'https://signin.aws.amazon.com/saml', 'aws:RequestTag/team': 'sea'}}
    iam.create_role(RoleName='i-saml', AssumeRolePolicyDocument=trust({'Federated': provider}, actions, Condition=condition))
    asked = {'RoleArn': arn('role', 'i-saml'), 'PrincipalArn': provider}
    xml = saml_response(provider, asked['RoleArn'])
    given = sts.assume_role_with_saml(SAMLAssertion=base64.b64encode(xml.encode()).decode(), **asked)
    same((given['Subject'], given['SubjectType'], given['Issuer']), ('ana', 'persistent', 'https://idp.example.com'))
    same(client('sts', given['Credentials']).get_caller_identity()['Arn'], f'arn:aws:sts::{account}:assumed-role/i-saml/ana')
    forged = base64.b64encode(xml.replace('>ana<', '>eve<').encode()).decode()
    same(refused('InvalidIdentityToken', 400, sts.assume_role_with_saml, SAMLAssertion=forged, **asked), 'Response signature invalid')
    other = base64.b64encode(saml_response(provider, arn('role', 'i-assumed')).encode()).decode()
    text = refused('AccessDenied', 403, sts.assume_role_with_saml, SAMLAssertion=other, RoleArn=arn('role', 'i-assumed'), PrincipalArn=provider)
    same(text, 'Not authorized to perform sts:AssumeRoleWithSAML')


@case
def web_identities():
    iam, sts = client(), client('sts')
    refused('OutboundWebIdentityFederationDisabledException', 403, sts.get_web_identity_token, Audience=['a'], SigningAlgorithm='ES384')
    issuer = iam.enable_outbound_web_identity_federation()['IssuerIdentifier']
    told = iam.get_outbound_web_identity_federation_info()
    same((told['IssuerIdentifier'], told['JwtVendingEnabled']), (issuer, True))
    provider = iam.create_open_id_connect_provider(Url=issuer, ClientIDList=['a'])['OpenIDConnectProviderArn']
    iam.create_role(RoleName='i-web', AssumeRolePolicyDocument=trust({'Federated': provider}, 'sts:AssumeRoleWithWebIdentity'))
    role = {'RoleArn': arn('role', 'i-web'), 'RoleSessionName': 'me'}
    for algorithm in ('ES384', 'RS256'):
        token = sts.get_web_identity_token(Audience=['a'], SigningAlgorithm=algorithm)['WebIdentityToken']
        given = sts.assume_role_with_web_identity(WebIdentityToken=token, **role)
        same(given['Provider'], provider)
        same(client('sts', given['Credentials']).get_caller_identity()['Arn'], f'arn:aws:sts::{account}:assumed-role/i-web/me')
    other = sts.get_web_identity_token(Audience=['b'], SigningAlgorithm='ES384')['WebIdentityToken']
    same(refused('InvalidIdentityToken', 400, sts.assume_role_with_web_identity, WebIdentityToken=other, **role), 'Incorrect token audience')
    head, claims, signature = token.split('.')
    refused('InvalidIdentityToken', 400, sts.assume_role_with_web_identity, WebIdentityToken=f'{head}.{claims}.{signature[::-1]}', **role)
    text = refused('AccessDenied', 403, sts.assume_role_with_web_identity, WebIdentityToken=token, RoleArn=arn('role', 'i-assumed'), RoleSessionName='me')
    same(text, 'Not authorized to perform sts:AssumeRoleWithWebIdentity')
    iam.disable_outbound_web_identity_federation()


@case
def organizations():
    o, iam, sts = client('organizations'), client(), client('sts')
    refused('AWSOrganizationsNotInUseException', 400, o.describe_organization)
    o.create_organization(FeatureSet='CONSOLIDATED_BILLING')
    handshake = o.enable_all_features()['Handshake']['Id']
    o.accept_handshake(HandshakeId=handshake)
    org = o.describe_organization()['Organization']
    same((org['FeatureSet'], org['MasterAccountId']), ('ALL', account))
    root = o.list_roots()['Roots'][0]['Id']
    o.enable_policy_type(RootId=root, PolicyType='SERVICE_CONTROL_POLICY')
    request = o.create_account(Email='i@example.com', AccountName='i')['CreateAccountStatus']['Id']
    member = o.describe_create_account_status(CreateAccountRequestId=request)['CreateAccountStatus']['AccountId']
    same([s['AccountId'] for s in o.list_create_account_status(States=['SUCCEEDED'])['CreateAccountStatuses']], [member])
    same(o.describe_account(AccountId=member)['Account']['Name'], 'i')
    same(sorted(a['Id'] for p in o.get_paginator('list_accounts').paginate() for a in p['Accounts']), sorted([account, member]))
    unit = o.create_organizational_unit(ParentId=root, Name='u')['OrganizationalUnit']['Id']
    refused('DuplicateOrganizationalUnitException', 400, o.create_organizational_unit, ParentId=root, Name='u')
    o.update_organizational_unit(OrganizationalUnitId=unit, Name='v')
    same(o.describe_organizational_unit(OrganizationalUnitId=unit)['OrganizationalUnit']['Name'], 'v')
    o.move_account(AccountId=member, SourceParentId=root, DestinationParentId=unit)
    same(o.list_parents(ChildId=member)['Parents'], [{'Id': unit, 'Type': 'ORGANIZATIONAL_UNIT'}])
    same(o.list_children(ParentId=unit, ChildType='ACCOUNT')['Children'], [{'Id': member, 'Type': 'ACCOUNT'}])
    same(len(o.list_accounts_for_parent(ParentId=unit)['Accounts']), 1)
    same(len(o.list_organizational_units_for_parent(ParentId=root)['OrganizationalUnits']), 1)

    made = o.create_policy(Name='p', Description='', Type='SERVICE_CONTROL_POLICY', Content=policy({'Effect': 'Deny', 'Action': 'iam:ListUsers', 'Resource': '*'}))['Policy']
    which = {'PolicyId': made['PolicySummary']['Id']}
    o.attach_policy(TargetId=unit, **which)
    role = f'arn:aws:iam::{member}:role/OrganizationAccountAccessRole'
    keys = sts.assume_role(RoleArn=role, RoleSessionName='me')['Credentials']
    text = refused('AccessDenied', 403, client(keys=keys).list_users)
    assert f'with an explicit deny in a service control policy: {made["PolicySummary"]["Arn"]}' in text, text
    o.update_policy(Name='q', **which)
    same(o.describe_policy(**which)['Policy']['PolicySummary']['Name'], 'q')
    same([t['TargetId'] for t in o.list_targets_for_policy(**which)['Targets']], [unit])
    same(sorted(p['Name'] for p in o.list_policies_for_target(TargetId=unit, Filter='SERVICE_CONTROL_POLICY')['Policies']), ['FullAWSAccess', 'q'])
    same(len(o.list_policies(Filter='SERVICE_CONTROL_POLICY')['Policies']), 2)
    refused('PolicyInUseException', 400, o.delete_policy, **which)
    o.detach_policy(TargetId=unit, **which)
    client(keys=keys).list_users()
    o.delete_policy(**which)
    refused('MalformedPolicyDocumentException', 400, o.create_policy, Name='x', Description='', Type='SERVICE_CONTROL_POLICY', Content='{}')

    effective = lambda target: json.loads(o.describe_effective_policy(PolicyType='TAG_POLICY', TargetId=target)['EffectivePolicy']['PolicyContent'])
    refused('EffectivePolicyNotFoundException', 400, effective, target=member)
    o.enable_policy_type(RootId=root, PolicyType='TAG_POLICY')
    for name, target, value in (('all', root, {'@@assign': ['a', 'b']}), ('unit', unit, {'@@append': ['c']})):
        tags = o.create_policy(Name=name, Description='', Type='TAG_POLICY', Content=json.dumps({'tags': {'cost': {'tag_value': value}}}))['Policy']['PolicySummary']['Id']
        o.attach_policy(PolicyId=tags, TargetId=target)
    same([effective(target) for target in (account, member)], [{'tags': {'cost': {'tag_value': values}}} for values in (['a', 'b'], ['a', 'b', 'c'])])
    own = client('organizations', keys).describe_effective_policy(PolicyType='TAG_POLICY')['EffectivePolicy']
    same((own['TargetId'], own['PolicyType'], json.loads(own['PolicyContent'])), (member, 'TAG_POLICY', effective(member)))
    o.disable_policy_type(RootId=root, PolicyType='TAG_POLICY')

    o.tag_resource(ResourceId=unit, Tags=[{'Key': 'a', 'Value': '1'}])
    same(len(o.list_tags_for_resource(ResourceId=unit)['Tags']), 1)
    o.untag_resource(ResourceId=unit, TagKeys=['a'])

    o.enable_aws_service_access(ServicePrincipal='iam.amazonaws.com')
    same(len(o.list_aws_service_access_for_organization()['EnabledServicePrincipals']), 1)
    o.register_delegated_administrator(AccountId=member, ServicePrincipal='access-analyzer.amazonaws.com')
    same([a['Id'] for a in o.list_delegated_administrators()['DelegatedAdministrators']], [member])
    same(len(o.list_delegated_services_for_account(AccountId=member)['DelegatedServices']), 1)
    o.deregister_delegated_administrator(AccountId=member, ServicePrincipal='access-analyzer.amazonaws.com')
    refused('AccessDeniedException', 400, client('organizations', keys).list_accounts)
    o.put_resource_policy(Content=trust({'AWS': member}, 'organizations:ListAccounts', Resource='*'))
    same(len(client('organizations', keys).list_accounts()['Accounts']), 2)
    o.describe_resource_policy()
    o.delete_resource_policy()

    iam.enable_organizations_root_credentials_management()
    iam.enable_organizations_root_sessions()
    same(sorted(iam.list_organizations_features()['EnabledFeatures']), ['RootCredentialsManagement', 'RootSessions'])
    audit = {'arn': 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials'}
    rooted = sts.assume_root(TargetPrincipal=member, TaskPolicyArn=audit)['Credentials']
    same(client('sts', rooted).get_caller_identity()['Arn'], f'arn:aws:iam::{member}:root')
    refused('NoSuchEntity', 404, client(keys=rooted).get_login_profile)
    refused('AccessDenied', 403, client(keys=rooted).list_users)
    iam.disable_organizations_root_sessions()
    iam.disable_organizations_root_credentials_management()
    job = iam.generate_organizations_access_report(EntityPath=f'{org["Id"]}/{root}')['JobId']
    assert iam.get_organizations_access_report(JobId=job)['NumberOfServicesAccessible'] > 300
    o.disable_aws_service_access(ServicePrincipal='iam.amazonaws.com')

    client('organizations', keys).leave_organization()
    invited = o.invite_account_to_organization(Target={'Id': member, 'Type': 'ACCOUNT'})['Handshake']['Id']
    theirs = client('organizations', keys)
    same(theirs.describe_handshake(HandshakeId=invited)['Handshake']['State'], 'OPEN')
    theirs.decline_handshake(HandshakeId=invited)
    same(len(theirs.list_handshakes_for_account()['Handshakes']), 1)
    invited = o.invite_account_to_organization(Target={'Id': member, 'Type': 'ACCOUNT'})['Handshake']['Id']
    o.cancel_handshake(HandshakeId=invited)
    same(len(o.list_handshakes_for_organization()['Handshakes']) >= 2, True)
    invited = o.invite_account_to_organization(Target={'Id': member, 'Type': 'ACCOUNT'})['Handshake']['Id']
    theirs.accept_handshake(HandshakeId=invited)
    o.close_account(AccountId=member)
    refused('InvalidClientTokenId', 403, client('sts', keys).get_caller_identity)
    o.remove_account_from_organization(AccountId=member)
    o.delete_organizational_unit(OrganizationalUnitId=unit)
    o.disable_policy_type(RootId=root, PolicyType='SERVICE_CONTROL_POLICY')
    o.delete_organization()


@case
def what_is_not_built_says_so():
    for service, operations in unbuilt.items():
        for name in sorted(operations):
            made = client(service)
            method = next(m for m, n in made.meta.method_to_api_mapping.items() if n == name)
            refused('NotImplemented', 501, getattr(made, method), **least(made.meta.service_model.operation_model(name).input_shape))


known = {
    'ResponsibilityTransferId': 'rt-12345678',
    'AccountId': account,
    'Email': 'a@example.com',
    'DelegationPermission': {'PolicyTemplateArn': 'arn:aws:iam::aws:policy-template/x'},
}


def least(shape):
    """The least input that the model takes."""
    if shape and shape.name in known:
        return known[shape.name]
    kind = shape.type_name if shape else 'structure'
    if kind == 'structure':
        return {name: least(shape.members[name]) for name in shape.required_members} if shape else {}
    if kind == 'list':
        return [least(shape.member)]
    if kind == 'timestamp':
        return 0
    if kind in ('integer', 'long'):
        return shape.metadata.get('min', 60)
    if kind == 'boolean':
        return True
    if getattr(shape, 'enum', None):
        return shape.enum[0]
    return 'a' * max(shape.metadata.get('min', 0), 8)


@case
def everything_that_is_built_was_called():
    same(called_and_not(unbuilt), {})


@case
def who_has_no_permission_has_none():
    free = {('sts', 'GetCallerIdentity'), ('sts', 'GetSessionToken'), ('sts', 'AssumeRoleWithSAML'), ('sts', 'AssumeRoleWithWebIdentity')}
    same(not_refused(user('i-nobody'), unbuilt, free=free), [])


run('iam')
