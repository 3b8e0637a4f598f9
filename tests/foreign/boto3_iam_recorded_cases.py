"""boto3 against the local IAM: what AWS answered when others recorded it, member by member and word by word."""

import json

import witness
from botocore.exceptions import ClientError
from witness import account, case, run, same

iam = witness.client('iam')
trust = {'Version': '2012-10-17', 'Statement': [{'Effect': 'Allow', 'Principal': {'Service': 'ec2.amazonaws.com'}, 'Action': 'sts:AssumeRole'}]}
document = json.dumps({'Version': '2012-10-17', 'Statement': {'Effect': 'Allow', 'Action': 's3:ListBucket', 'Resource': 'arn:aws:s3:::example_bucket'}})
here = f'arn:aws:iam::{account}'


def said(code, status, message, call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        got = error.response['Error']
        same((got['Code'], error.response['ResponseMetadata']['HTTPStatusCode'], got['Message']), (code, status, message))
        return
    raise AssertionError(f'was allowed: {call.__name__} {arguments}'[:500])


def missing(message, call, **arguments):
    said('NoSuchEntity', 404, message, call, **arguments)


def members(given, wanted):
    same(sorted(given), sorted(wanted.split()))


def role(name, **more):
    return iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust), **more)['Role']


brief_role = 'Arn AssumeRolePolicyDocument CreateDate Path RoleId RoleName'
brief_policy = 'Arn AttachmentCount CreateDate DefaultVersionId IsAttachable Path PermissionsBoundaryUsageCount PolicyId PolicyName UpdateDate'
brief_profile = 'Arn CreateDate InstanceProfileId InstanceProfileName Path Roles'
pattern = r'[\p{L}\p{Z}\p{N}_.:/=+\-@]+'


def invalid(where, what):
    return f"1 validation error detected: Value at '{where}' failed to satisfy constraint: {what}"


@case
def roles():
    members(role('r-one', Description='d', MaxSessionDuration=7200), brief_role)
    members(iam.get_role(RoleName='r-one')['Role'], f'{brief_role} Description MaxSessionDuration RoleLastUsed')
    said('EntityAlreadyExists', 409, 'Role with name r-one already exists.', role, name='r-one')
    same(iam.update_role(RoleName='r-one').keys(), {'ResponseMetadata'})
    same(iam.get_role(RoleName='r-one')['Role']['MaxSessionDuration'], 7200)
    members(iam.update_role_description(RoleName='r-one', Description='e')['Role'], f'{brief_role} Description')
    for call in (iam.get_role, iam.update_role, iam.delete_role, iam.list_role_tags):
        missing('The role with name nonexistent cannot be found.', call, RoleName='nonexistent')

    def believes(**statement):
        return json.dumps({**trust, 'Statement': [{**trust['Statement'][0], **statement}]})

    for text, wanted in (
        ('not valid json', 'This policy contains invalid Json'),
        (believes(Action='sts:InvalidAction'), 'AssumeRole policy may only specify STS AssumeRole actions.'),
        (believes(Resource='arn:aws:s3:::example_bucket'), 'Has prohibited field Resource'),
    ):
        said('MalformedPolicyDocument', 400, wanted, iam.update_assume_role_policy, RoleName='r-one', PolicyDocument=text)


@case
def policies_of_roles():
    role('p-one')
    arn = iam.create_policy(PolicyName='p-policy', PolicyDocument=document)['Policy']['Arn']
    iam.attach_role_policy(RoleName='p-one', PolicyArn=arn)
    said('DeleteConflict', 409, 'Cannot delete entity, must detach all policies first.', iam.delete_role, RoleName='p-one')
    iam.detach_role_policy(RoleName='p-one', PolicyArn=arn)
    missing(f'Policy {arn} was not found.', iam.detach_role_policy, RoleName='p-one', PolicyArn=arn)
    iam.put_role_policy(RoleName='p-one', PolicyName='i', PolicyDocument=document)
    said('DeleteConflict', 409, 'Cannot delete entity, must delete policies first.', iam.delete_role, RoleName='p-one')
    iam.delete_role_policy(RoleName='p-one', PolicyName='i')
    missing('The role policy with name i cannot be found.', iam.get_role_policy, RoleName='p-one', PolicyName='i')
    said('ValidationError', 400, 'ARN longpolicynamebutnoarn is not valid.', iam.attach_role_policy, RoleName='p-one', PolicyArn='longpolicynamebutnoarn')
    missing(f'Policy {arn}x does not exist or is not attachable.', iam.attach_role_policy, RoleName='p-one', PolicyArn=f'{arn}x')
    no_policy, none = f'{here}:not_a_policy/invalid', f'{here}:policy/nonexistent'
    for call, more in ((iam.put_role_permissions_boundary, {'RoleName': 'p-one'}), (role, {'name': 'p-two'})):
        said('InvalidInput', 400, f'ARN {no_policy} is not valid.', call, PermissionsBoundary=no_policy, **more)
        missing(f'Scope ARN: {none} does not exist or is not attachable.', call, PermissionsBoundary=none, **more)
    iam.put_role_permissions_boundary(RoleName='p-one', PermissionsBoundary=arn)
    listed = [each for each in iam.list_roles()['Roles'] if each['RoleName'] == 'p-one'][0]
    members(listed, f'{brief_role} MaxSessionDuration')


@case
def managed_policies():
    made = iam.create_policy(PolicyName='m-policy', PolicyDocument=document, Description='d')['Policy']
    arn = made['Arn']
    members(made, brief_policy)
    members(iam.get_policy(PolicyArn=arn)['Policy'], f'{brief_policy} Description Tags')
    said('EntityAlreadyExists', 409, 'A policy called m-policy already exists. Duplicate names are not allowed.', iam.create_policy, PolicyName='m-policy', PolicyDocument=document)
    for call in (iam.get_policy_version, iam.delete_policy_version, iam.set_default_policy_version):
        for of, version in ((arn, 'v9'), (f'{arn}x', 'v1')):
            missing(f'Policy {of} version {version} does not exist or is not attachable.', call, PolicyArn=of, VersionId=version)
    wrong = invalid('versionId', r'Member must satisfy regular expression pattern: v[1-9][0-9]*(\.[A-Za-z0-9-]*)?')
    said('ValidationError', 400, wrong, iam.set_default_policy_version, PolicyArn=arn, VersionId='wrong')
    said('DeleteConflict', 409, 'Cannot delete the default version of a policy.', iam.delete_policy_version, PolicyArn=arn, VersionId='v1')
    for _ in range(4):
        members(iam.create_policy_version(PolicyArn=arn, PolicyDocument=document)['PolicyVersion'], 'CreateDate IsDefaultVersion VersionId')
    said('LimitExceeded', 409, 'A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing version.', iam.create_policy_version, PolicyArn=arn, PolicyDocument=document)
    same([each['VersionId'] for each in iam.list_policy_versions(PolicyArn=arn)['Versions']], ['v5', 'v4', 'v3', 'v2', 'v1'])


@case
def tags():
    role('t-one')
    note = 'Duplicate tag keys found. Please note that Tag keys are case insensitive.'
    both = [{'Key': 'a', 'Value': 'lower'}, {'Key': 'A', 'Value': 'upper'}]
    said('InvalidInput', 400, note, iam.tag_role, RoleName='t-one', Tags=both)
    said('InvalidInput', 400, note, role, name='t-two', Tags=both)
    arn = iam.create_policy(PolicyName='t-policy', PolicyDocument=document, Tags=both)['Policy']['Arn']
    same(iam.list_policy_tags(PolicyArn=arn)['Tags'], both[::-1])
    iam.untag_policy(PolicyArn=arn, TagKeys=['a'])
    same(iam.list_policy_tags(PolicyArn=arn)['Tags'], both[1:])
    said('InvalidInput', 400, 'Duplicate tag keys found.', iam.tag_policy, PolicyArn=arn, Tags=[both[0], both[0]])
    said('ValidationError', 400, invalid('tags.1.member.key', f'Member must satisfy regular expression pattern: {pattern}'), iam.tag_role, RoleName='t-one', Tags=[{'Key': 'NOWAY!', 'Value': ''}])
    said('ValidationError', 400, invalid('tagKeys', 'Member must have length less than or equal to 50'), iam.untag_role, RoleName='t-one', TagKeys=[f'k{each}' for each in range(51)])
    each = f'[Member must have length less than or equal to 128, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: {pattern}, Member must not be null]'
    for key in ('0' * 129, 'NOWAY!'):
        said('ValidationError', 400, invalid('tagKeys', f'Member must satisfy constraint: {each}'), iam.untag_role, RoleName='t-one', TagKeys=[key])


@case
def users_and_groups():
    members(iam.create_user(UserName='u-one')['User'], 'Arn CreateDate Path UserId UserName')
    said('EntityAlreadyExists', 409, 'User with name u-one already exists.', iam.create_user, UserName='u-one')
    iam.create_login_profile(UserName='u-one', Password='TestPassword123!')
    said('EntityAlreadyExists', 409, 'Login Profile for user u-one already exists.', iam.create_login_profile, UserName='u-one', Password='TestPassword123!')
    iam.delete_login_profile(UserName='u-one')
    missing('Login Profile for User u-one cannot be found.', iam.delete_login_profile, UserName='u-one')
    for _ in range(2):
        iam.create_access_key(UserName='u-one')
    said('LimitExceeded', 409, 'Cannot exceed quota for AccessKeysPerUser: 2', iam.create_access_key, UserName='u-one')
    unknown = 'AKIAIOSFODNN7EXAMPLE'
    missing(f'The Access Key with id {unknown} cannot be found.', iam.update_access_key, UserName='u-one', AccessKeyId=unknown, Status='Inactive')
    denied = f'User: {here}:user/admin is not authorized to perform iam:GetAccessKeyLastUsed on resource: access key {unknown}'
    said('AccessDenied', 403, denied, iam.get_access_key_last_used, AccessKeyId=unknown)
    iam.create_group(GroupName='u-group')
    said('EntityAlreadyExists', 409, 'Group with name u-group already exists.', iam.create_group, GroupName='u-group')
    missing('The user with name any-user cannot be found.', iam.remove_user_from_group, GroupName='none', UserName='any-user')
    missing('The group with name none cannot be found.', iam.add_user_to_group, GroupName='none', UserName='u-one')
    missing('The group policy with name x cannot be found.', iam.get_group_policy, GroupName='u-group', PolicyName='x')


@case
def instance_profiles():
    role('i-one', Description='d')
    role('i-two')
    members(iam.create_instance_profile(InstanceProfileName='i-profile')['InstanceProfile'], brief_profile)
    said('EntityAlreadyExists', 409, 'Instance Profile i-profile already exists.', iam.create_instance_profile, InstanceProfileName='i-profile')
    iam.add_role_to_instance_profile(InstanceProfileName='i-profile', RoleName='i-one')
    said('LimitExceeded', 409, 'Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1', iam.add_role_to_instance_profile, InstanceProfileName='i-profile', RoleName='i-two')
    conflict = 'Cannot delete entity, must remove roles from instance profile first.'
    said('DeleteConflict', 409, conflict, iam.delete_instance_profile, InstanceProfileName='i-profile')
    said('DeleteConflict', 409, conflict, iam.delete_role, RoleName='i-one')
    found = iam.get_instance_profile(InstanceProfileName='i-profile')['InstanceProfile']
    members(found, f'{brief_profile} Tags')
    members(found['Roles'][0], brief_role)
    members(iam.list_instance_profiles_for_role(RoleName='i-one')['InstanceProfiles'][0], brief_profile)
    missing('Instance Profile none cannot be found.', iam.delete_instance_profile, InstanceProfileName='none')


@case
def mfa_devices():
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName='d-one')['VirtualMFADevice']
    members(made, 'Base32StringSeed QRCodePNG SerialNumber')
    said('EntityAlreadyExists', 409, 'MFA device already exists.', iam.create_virtual_mfa_device, VirtualMFADeviceName='d-one')
    path = 'The specified value for path is invalid. It must begin and end with / and contain only alphanumeric characters and/or / characters.'
    said('ValidationError', 400, path, iam.create_virtual_mfa_device, VirtualMFADeviceName='d-two', Path='/test')
    said('ValidationError', 400, 'Invalid Marker.', iam.list_virtual_mfa_devices, Marker='none')
    none = f'{here}:mfa/none'
    missing(f'MFA Device with serial number {none} does not exist.', iam.delete_virtual_mfa_device, SerialNumber=none)
    iam.create_user(UserName='d-user')
    missing(f'MFA Device with serial number {none} does not exist.', iam.deactivate_mfa_device, UserName='d-user', SerialNumber=none)


@case
def providers_and_the_password_policy():
    print_of = 'b' * 40
    made = iam.create_open_id_connect_provider(Url='https://oidc.example.com', ThumbprintList=[print_of], ClientIDList=['c'])['OpenIDConnectProviderArn']
    members(iam.get_open_id_connect_provider(OpenIDConnectProviderArn=made), 'ClientIDList CreateDate ResponseMetadata Tags ThumbprintList Url')
    said('EntityAlreadyExists', 409, 'Provider with url https://oidc.example.com already exists.', iam.create_open_id_connect_provider, Url='https://oidc.example.com')
    said('InvalidInput', 400, 'Thumbprint list must contain fewer than 5 entries.', iam.create_open_id_connect_provider, Url='https://two.example.com', ThumbprintList=[print_of] * 6)
    said('ValidationError', 400, 'Invalid Open ID Connect Provider URL', iam.create_open_id_connect_provider, Url='example.org')
    none = f'{here}:oidc-provider/none.example.com'
    missing(f'OpenIDConnect Provider not found for arn {none}', iam.get_open_id_connect_provider, OpenIDConnectProviderArn=none)
    missing(f'OpenId connect Provider {none} cannot be found.', iam.delete_open_id_connect_provider, OpenIDConnectProviderArn=none)
    missing(f'Manifest not found for arn {here}:saml-provider/None', iam.get_saml_provider, SAMLProviderArn=f'{here}:saml-provider/None')
    missing(f'The Password Policy with domain name {account} cannot be found.', iam.get_account_password_policy)
    missing('The account policy with name PasswordPolicy cannot be found.', iam.delete_account_password_policy)
    iam.update_account_password_policy()
    wanted = 'AllowUsersToChangePassword ExpirePasswords MinimumPasswordLength RequireLowercaseCharacters RequireNumbers RequireSymbols RequireUppercaseCharacters'
    members(iam.get_account_password_policy()['PasswordPolicy'], wanted)
    iam.delete_account_password_policy()


@case
def faults_of_organizations():
    """By reports of AWS's own users: it says `InvalidInputException` where other services say `ValidationException`."""
    o = witness.client('organizations')
    pattern = 'You provided a value that does not match the required pattern.'
    said('InvalidInputException', 400, pattern, o.list_tags_for_resource, ResourceId=f'arn:aws:organizations::{account}:account/o-1/1')
    said('InvalidInputException', 400, pattern, o.describe_policy, PolicyId='meaningless')
    said('InvalidInputException', 400, 'You specified an invalid value.', o.list_children, ParentId='r-none', ChildType='CHILD')


run()
