"""What boto3's cases share: clients that remember what succeeded, refusals, people, and the run, which prints a line of
JSON a case, {"case", "ok", "why"}. The address and the administrator's keys come by the environment."""

import json, os, socket, traceback

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

account = '123456789012'
cases = []
# By service and operation, what it was called with when it first succeeded; see `not_refused`.
succeeded = {}


def case(function):
    cases.append(function)
    return function


def client(service, keys=None, config={}, **more):
    """A client that asks once, with keys as IAM and STS give them; without any, with the administrator's."""
    keys = keys or {}
    made = boto3.client(
        service,
        aws_access_key_id=keys.get('AccessKeyId', os.environ['AWS_ACCESS_KEY_ID']),
        aws_secret_access_key=keys.get('SecretAccessKey', os.environ['AWS_SECRET_ACCESS_KEY']),
        aws_session_token=keys.get('SessionToken'),
        config=Config(**{'retries': {'max_attempts': 1}, 's3': {'addressing_style': 'path'}, **config}),
        **more,
    )
    remember(made)
    return made


def names_lead_here():
    """Clients put an account or a bucket before the address they are given: nobody else resolves such names."""
    resolve = socket.getaddrinfo
    socket.getaddrinfo = lambda host, *more, **named: resolve(
        '127.0.0.1' if str(host).endswith(('.127.0.0.1', '.localhost')) else host, *more, **named
    )


def remember(made):
    """From now on, what succeeds by this client stands in `succeeded`."""
    asked = {}

    def ask(params, model, **_):
        asked[model.name] = params

    def succeed(http_response, model, **_):
        if http_response.status_code < 300:
            succeeded.setdefault((model.service_model.service_name, model.name), asked[model.name])

    # Last: a resource's client writes numbers and binaries anew before.
    made.meta.events.register_last('before-parameter-build.*.*', ask)
    made.meta.events.register('after-call.*.*', succeed)


def refused(code, status, call, **arguments):
    """The message of a refusal, which must be this one."""
    try:
        call(**arguments)
    except ClientError as error:
        same((error.response['Error']['Code'], error.response['ResponseMetadata']['HTTPStatusCode']), (code, status), error)
        return error.response['Error'].get('Message', '')
    raise AssertionError(f'was allowed: {call.__name__} {arguments}'[:500])


def called_and_not(unbuilt, elsewhere=()):
    """What does not hold of: every operation of these services succeeded in some case or stands in `unbuilt`, none in both."""
    wrong = {}
    for service, missing in unbuilt.items():
        every = set(client(service).meta.service_model.operation_names)
        called = {name for at, name in [*succeeded, *elsewhere] if at == service}
        if every - missing != called:
            wrong[service] = {'not called': sorted(every - missing - called), 'not unbuilt': sorted(called & missing)}
    return wrong


def not_refused(keys, services, denials=('AccessDenied', 'AccessDeniedException'), free=()):
    """Which of the operations of these services that succeeded are not denied to somebody else; `free`: need no permission."""
    allowed = []
    for (service, name), params in sorted(succeeded.items(), key=lambda each: each[0]):
        if service not in services or (service, name) in free:
            continue
        try:
            getattr(client(service, keys), xform_name(name))(**params)
            allowed.append(f'{service} {name}')
        except ClientError as error:
            if error.response['Error']['Code'] not in denials:
                allowed.append(f'{service} {name}: {error.response["Error"]["Code"]}')
    return allowed


def something(name, shape, known=lambda name, shape: None):
    """A value that is well-formed and means nothing; `known` has the first word."""
    value = known(name, shape)
    if value is not None:
        return value
    if shape.type_name == 'list':
        return [something(name, shape.member, known)]
    if shape.type_name == 'structure':
        return {member: something(member, shape.members[member], known) for member in shape.required_members}
    if shape.type_name == 'map':
        return {something(name, shape.key, known): something(name, shape.value, known)}
    if shape.type_name in ('integer', 'long', 'double', 'float'):
        return shape.metadata.get('min', 1)
    if shape.type_name == 'boolean':
        return True
    if shape.type_name == 'timestamp':
        return '2030-01-01T00:00:00Z'
    if getattr(shape, 'enum', None):
        return shape.enum[0]
    return b'nothing' if shape.type_name == 'blob' else 'nothing'.ljust(shape.metadata.get('min', 0), '0')


def same(got, wanted, why=''):
    assert got == wanted, f'{got!r} is not {wanted!r} {why}'.strip()


def policy(*statements):
    return json.dumps({'Version': '2012-10-17', 'Statement': list(statements)})


def allow(action, resource='*', **more):
    return {'Effect': 'Allow', 'Action': action, 'Resource': resource, **more}


def trust(principal, action='sts:AssumeRole', **more):
    return policy({'Effect': 'Allow', 'Principal': principal, 'Action': action, **more})


def user(name, *statements):
    """The keys of a new user who may do this."""
    iam = client('iam')
    iam.create_user(UserName=name)
    if statements:
        iam.put_user_policy(UserName=name, PolicyName='p', PolicyDocument=policy(*statements))
    return iam.create_access_key(UserName=name)['AccessKey']


def run(name='', after_each=lambda: None):
    for function in cases:
        told = {'case': f'{name}: {function.__name__}' if name else function.__name__}
        try:
            function()
            after_each()
            told['ok'] = True
        except Exception as error:
            here = os.path.dirname(os.path.abspath(__file__))
            frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(here)]
            at = ' < '.join(f'{os.path.basename(frame.filename)}:{frame.lineno}' for frame in reversed(frames[1:]))
            told |= {'ok': False, 'why': f'{type(error).__name__}: {error} at {at}'[:900]}
        print(json.dumps(told), flush=True)
