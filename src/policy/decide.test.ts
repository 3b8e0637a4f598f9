import { describe, expect, test } from 'bun:test'
import { AwsError } from '../lib/errors.ts'
import {
  A,
  B,
  allow,
  anonymous,
  ask,
  deny,
  document,
  elsewhere,
  federated,
  linked,
  policy,
  role,
  root,
  service,
  to,
  user,
  verdict,
  web,
} from './decide.fixtures.ts'
import { decide } from './decide.ts'
import type { AuthorizationRequest, Context, PolicyKind, PolicySource, Principal } from './types.ts'

type Case = [what: string, Principal, PolicySource[], expected: string, more?: Partial<AuthorizationRequest>]

function table(name: string, cases: Case[]): void {
  describe(name, () => {
    for (const [what, principal, policies, expected, more] of cases) {
      test(`${what} → ${expected}`, () => expect(verdict(decide(ask(principal, more), policies))).toBe(expected))
    }
  })
}

const ALLOW = 'ALLOW'
const no = (kind: PolicyKind): string => `IMPLICIT_DENY ${kind}`
const denied = (kind: PolicyKind): string => `EXPLICIT_DENY ${kind}`

table('the order inside one account', [
  ['user, no policy', user, [], no('identity')],
  ['user, identity allows', user, [allow('identity')], ALLOW],
  ['user, identity about another action', user, [elsewhere('identity')], no('identity')],
  ['role session, no policy', role, [], no('identity')],
  ['role session, identity allows', role, [allow('identity')], ALLOW],
  ['root, no policy', root, [], ALLOW],
  ['user, boundary allows, identity does not', user, [allow('boundary')], no('identity')],
  ['user, identity and boundary allow', user, [allow('identity'), allow('boundary')], ALLOW],
  ['user, boundary does not allow', user, [allow('identity'), elsewhere('boundary')], no('boundary')],
  ['role, session policy allows', role, [allow('identity'), allow('session')], ALLOW],
  ['role, session policy does not allow', role, [allow('identity'), elsewhere('session')], no('session')],
  [
    'role, one of two session policies allows',
    role,
    [allow('identity'), elsewhere('session'), allow('session')],
    ALLOW,
  ],
  ['role, session policy alone', role, [allow('session')], no('identity')],
  [
    'role, boundary before session',
    role,
    [allow('identity'), elsewhere('boundary'), elsewhere('session')],
    no('boundary'),
  ],
  ['user, one of two identity policies allows', user, [elsewhere('identity'), allow('identity')], ALLOW],
  ['vpc endpoint allows', user, [allow('identity'), to('*', 'vpc-endpoint', { Resource: '*' })], ALLOW],
  ['vpc endpoint does not allow', user, [allow('identity'), elsewhere('vpc-endpoint')], no('vpc-endpoint')],
])

table('explicit denies, wherever they are', [
  ...(['scp', 'rcp', 'resource', 'identity', 'boundary', 'session', 'vpc-endpoint'] as const).flatMap(
    (kind): Case[] => [
      [`in ${kind}, user`, user, [allow('identity'), deny(kind)], denied(kind)],
      [
        `in ${kind}, role, with every other set allowing`,
        role,
        [allow('identity'), allow('boundary'), allow('session'), allow('scp'), allow('rcp'), to('*'), deny(kind)],
        denied(kind),
      ],
    ],
  ),
  ['in scp, root of a member account', root, [deny('scp')], denied('scp')],
  ['in rcp, root', root, [allow('rcp'), deny('rcp')], denied('rcp')],
  ['in resource, root', root, [deny('resource')], denied('resource')],
  ['in identity and scp: the scp is named', user, [deny('identity'), deny('scp')], denied('scp')],
  ['in identity and boundary', user, [deny('boundary'), deny('identity')], denied('identity')],
  ['in scp, service-linked role', linked, [allow('identity'), deny('scp')], ALLOW],
  ['in rcp, service-linked role', linked, [allow('identity'), deny('rcp')], ALLOW],
  ['in rcp, service without RCPs', user, [allow('identity'), deny('rcp')], ALLOW, { action: 'ec2:RunInstances' }],
  ['in rcp, anonymous', anonymous, [to('*'), allow('rcp'), deny('rcp')], denied('rcp')],
  ['in rcp, AWS service', service, [to('*'), allow('rcp'), deny('rcp')], denied('rcp')],
  ['in scp, AWS service: does not bind', service, [to({ Service: 'sns.amazonaws.com' }), deny('scp')], ALLOW],
  ['of another action', user, [allow('identity'), deny('identity', { Action: 's3:PutObject' })], ALLOW],
  ['of another resource', user, [allow('identity'), deny('identity', { Resource: 'arn:aws:s3:::b/other' })], ALLOW],
  [
    'with a condition that fails',
    user,
    [allow('identity'), deny('identity', { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    ALLOW,
  ],
  [
    'with a negated condition on a missing key',
    user,
    [allow('identity'), deny('identity', { Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } })],
    denied('identity'),
  ],
])

table('levels of SCPs and RCPs: each must allow', [
  ['one level allows', user, [allow('identity'), allow('scp', { level: 'root' })], ALLOW],
  [
    'all levels allow',
    user,
    [allow('identity'), ...['root', 'ou', 'account'].map((level) => allow('scp', { level }))],
    ALLOW,
  ],
  [
    'one level does not',
    user,
    [
      allow('identity'),
      allow('scp', { level: 'root' }),
      { ...elsewhere('scp'), level: 'ou' },
      allow('scp', { level: 'account' }),
    ],
    no('scp'),
  ],
  [
    'two policies at a level, one allows',
    user,
    [allow('identity'), { ...elsewhere('scp'), level: 'ou' }, allow('scp', { level: 'ou' })],
    ALLOW,
  ],
  ['root user, level does not', root, [{ ...elsewhere('scp'), level: 'ou' }], no('scp')],
  ['scp before identity', user, [elsewhere('scp')], no('scp')],
  [
    'rcp levels',
    user,
    [allow('identity'), allow('rcp', { level: 'root' }), { ...deny('rcp', { Action: 'sqs:*' }), level: 'ou' }],
    no('rcp'),
  ],
  ['rcp before scp', user, [elsewhere('scp'), elsewhere('rcp')], no('rcp')],
  ['service-linked role, level does not', linked, [allow('identity'), elsewhere('scp')], ALLOW],
  [
    'rcp level, service without RCPs',
    user,
    [allow('identity'), elsewhere('rcp')],
    ALLOW,
    { action: 'iam:ListUsers', resource: '*' },
  ],
  [
    'same name of level in scp and rcp are two',
    user,
    [allow('identity'), allow('scp', { level: 'x' }), { ...elsewhere('rcp'), level: 'x' }],
    no('rcp'),
  ],
])

const rootArn = `arn:aws:iam::${A}:root`
/** Which implicit denies survive: identity without Allow, with a boundary, with a session policy that does not allow. */
function spelling(
  what: string,
  who: Principal,
  principal: unknown,
  survive: [identity: boolean, boundary: boolean, session: boolean],
  more = {},
): Case[] {
  const own = to(principal, 'resource', more)
  const context: Context = { 'aws:principalarn': who.principalArn }
  // A federated user has a session policy in any case; give it one that allows where another set is asked about.
  const base = who.type === 'FederatedUser' ? [allow('session')] : []
  return [
    [`${what}, identity says nothing`, who, [own, ...base], survive[0] ? no('identity') : ALLOW, { context }],
    [
      `${what}, boundary says nothing`,
      who,
      [own, ...base, allow('identity'), elsewhere('boundary')],
      survive[1] ? no('boundary') : ALLOW,
      { context },
    ],
    [
      `${what}, session policy says nothing`,
      who,
      [own, allow('identity'), elsewhere('session')],
      survive[2] ? no('session') : ALLOW,
      { context },
    ],
    [
      `${what}, nobody says anything`,
      who,
      [own, elsewhere('identity'), elsewhere('boundary'), elsewhere('session')],
      survive[0] ? no('identity') : survive[1] ? no('boundary') : survive[2] ? no('session') : ALLOW,
      { context },
    ],
    [
      `${what}, but an SCP says nothing`,
      who,
      [own, ...base, allow('identity'), elsewhere('scp')],
      no('scp'),
      { context },
    ],
    [
      `${what}, but a boundary denies`,
      who,
      [own, ...base, allow('identity'), deny('boundary')],
      denied('boundary'),
      { context },
    ],
  ]
}

table('how the resource policy spells the caller decides which implicit denies it outdoes', [
  ...spelling('user by account id', user, { AWS: A }, [true, true, true]),
  ...spelling('user by root ARN', user, { AWS: rootArn }, [true, true, true]),
  ...spelling('user by ARN', user, { AWS: user.arn }, [false, false, false]),
  ...spelling('user by id', user, { AWS: user.userId }, [false, false, false]),
  ...spelling('user by account and ARN', user, { AWS: [A, user.arn] }, [false, false, false]),
  ...spelling('role by account id', role, { AWS: A }, [true, true, true]),
  ...spelling('role by role ARN', role, { AWS: role.principalArn }, [false, true, true]),
  ...spelling('role by session ARN', role, { AWS: role.arn }, [false, false, false]),
  ...spelling('role by "*" and aws:PrincipalArn', role, '*', [false, false, false], {
    Condition: { ArnEquals: { 'aws:PrincipalArn': role.principalArn } },
  }),
  ...spelling('role by {"AWS": "*"}', role, { AWS: '*' }, [false, false, false]),
  ...spelling('federated user by user ARN', federated, { AWS: user.arn }, [false, true, true]),
  ...spelling('federated user by its ARN', federated, { AWS: federated.arn }, [false, false, false]),
  ...spelling('federated user by account id', federated, { AWS: A }, [true, true, true]),
  [
    'role ARN and session ARN in two statements',
    role,
    [to({ AWS: role.principalArn }), to({ AWS: role.arn }), elsewhere('boundary')],
    ALLOW,
  ],
  ['another user by ARN', user, [to({ AWS: `arn:aws:iam::${A}:user/bob` })], no('identity')],
])

table(
  'across accounts both sides must allow',
  [
    ['only identity', user, [allow('identity')], no('resource')],
    ['only resource, by ARN', user, [to({ AWS: user.arn })], no('identity')],
    ['only resource, by "*"', user, [to('*')], no('identity')],
    ['only resource, by session ARN', role, [to({ AWS: role.arn })], no('identity')],
    ['identity and account id', user, [allow('identity'), to({ AWS: A })], ALLOW],
    ['identity and user ARN', user, [allow('identity'), to({ AWS: user.arn })], ALLOW],
    ['identity and "*"', user, [allow('identity'), to('*')], ALLOW],
    ['identity, resource names another account', user, [allow('identity'), to({ AWS: B })], no('resource')],
    [
      'both, but the boundary does not',
      user,
      [allow('identity'), to({ AWS: user.arn }), elsewhere('boundary')],
      no('boundary'),
    ],
    [
      'both, but the session policy does not',
      role,
      [allow('identity'), to({ AWS: role.arn }), elsewhere('session')],
      no('session'),
    ],
    ['both, but an SCP does not', user, [allow('identity'), to('*'), elsewhere('scp')], no('scp')],
    ['both, but an RCP denies', user, [allow('identity'), to('*'), allow('rcp'), deny('rcp')], denied('rcp')],
    ['root of the other account', root, [to({ AWS: A })], ALLOW],
    ['root of the other account, resource does not', root, [], no('resource')],
    ['anonymous, public', anonymous, [to('*')], ALLOW],
    ['anonymous, not public', anonymous, [to({ AWS: B })], no('resource')],
    ['anonymous, nothing', anonymous, [], no('resource')],
    ['anonymous, an identity policy does not help', anonymous, [allow('identity')], no('resource')],
  ].map(([what, who, policies, expected]) => [what, who, policies, expected, { resourceAccountId: B }] as Case),
)

table('federated users', [
  ['no session policy: nothing', federated, [allow('identity')], no('session')],
  ['session policy and identity', federated, [allow('identity'), allow('session')], ALLOW],
  ['session policy, no identity', federated, [allow('session')], no('identity')],
  ['of root, session policy', { ...federated, issuerArn: rootArn }, [allow('session')], ALLOW],
  ['of root, no session policy', { ...federated, issuerArn: rootArn }, [], no('session')],
  ['resource names the session', federated, [to({ AWS: federated.arn })], ALLOW],
  ['resource names the user, no session policy', federated, [to({ AWS: user.arn })], no('session')],
])

table('services and strangers with a token', [
  ['service named', service, [to({ Service: 'sns.amazonaws.com' })], ALLOW],
  ['another service named', service, [to({ Service: 'sqs.amazonaws.com' })], no('resource')],
  [
    'service, with a condition',
    service,
    [to({ Service: 'sns.amazonaws.com' }, 'resource', { Condition: { StringEquals: { 'aws:SourceAccount': A } } })],
    no('resource'),
  ],
  ['web identity, provider trusted', web, [to({ Federated: web.federatedProvider }, 'trust')], ALLOW],
  ['web identity, another provider', web, [to({ Federated: 'x' }, 'trust')], no('trust')],
  ['web identity, only an identity policy', web, [allow('identity')], no('resource')],
])

const assume = { action: 'sts:AssumeRole', resource: `arn:aws:iam::${A}:role/Target` }
table('policies that must allow: trust policies and keys', [
  ['identity alone', user, [allow('identity'), to({ AWS: B }, 'trust')], no('trust'), assume],
  ['trust names the user', user, [to({ AWS: user.arn }, 'trust')], ALLOW, assume],
  ['trust names the account, identity allows', user, [allow('identity'), to({ AWS: A }, 'trust')], ALLOW, assume],
  ['trust names the account, identity does not', user, [to({ AWS: A }, 'trust')], no('identity'), assume],
  ['trust names the role of the session', role, [to({ AWS: role.principalArn }, 'trust')], ALLOW, assume],
  [
    'trust denies',
    user,
    [allow('identity'), to({ AWS: A }, 'trust'), deny('trust', { Resource: undefined })],
    denied('trust'),
    assume,
  ],
  ['no trust policy at all', user, [allow('identity')], no('resource'), { ...assume, resourcePolicyRequired: true }],
  [
    'cross-account, both',
    user,
    [allow('identity'), to({ AWS: A }, 'trust')],
    ALLOW,
    { ...assume, resourceAccountId: B },
  ],
  [
    'cross-account, trust only',
    user,
    [to({ AWS: user.arn }, 'trust')],
    no('identity'),
    { ...assume, resourceAccountId: B },
  ],
  [
    'cross-account, identity only',
    user,
    [allow('identity'), to({ AWS: B }, 'trust')],
    no('trust'),
    { ...assume, resourceAccountId: B },
  ],
  [
    'MFA asked for, not there',
    user,
    [to({ AWS: user.arn }, 'trust', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })],
    no('trust'),
    assume,
  ],
  [
    'MFA asked for, there',
    user,
    [to({ AWS: user.arn }, 'trust', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } })],
    ALLOW,
    { ...assume, context: { 'aws:multifactorauthpresent': 'true' } },
  ],
  [
    'external id wrong',
    user,
    [allow('identity'), to({ AWS: A }, 'trust', { Condition: { StringEquals: { 'sts:ExternalId': '1' } } })],
    no('trust'),
    { ...assume, context: { 'sts:externalid': '2' } },
  ],
  [
    'key policy delegates, identity allows',
    user,
    [allow('identity'), to({ AWS: rootArn })],
    ALLOW,
    { resourcePolicyRequired: true },
  ],
  [
    'key policy delegates, identity does not',
    user,
    [to({ AWS: rootArn })],
    no('identity'),
    { resourcePolicyRequired: true },
  ],
  ['key policy names the user', user, [to({ AWS: user.arn })], ALLOW, { resourcePolicyRequired: true }],
  [
    'key policy silent, identity allows',
    user,
    [allow('identity'), to({ AWS: B })],
    no('resource'),
    { resourcePolicyRequired: true },
  ],
  ['key policy silent, root', root, [to({ AWS: role.principalArn })], no('resource'), { resourcePolicyRequired: true }],
  ['key policy names the account, root', root, [to({ AWS: rootArn })], ALLOW, { resourcePolicyRequired: true }],
])

const mfaDeny = (operator: string): PolicySource =>
  deny('identity', {
    NotAction: ['iam:*'],
    Action: undefined,
    Condition: { [operator]: { 'aws:MultiFactorAuthPresent': 'false' } },
  })
table('examples of the user guide', [
  ['Deny with Bool false does not stop long-term keys', user, [allow('identity'), mfaDeny('Bool')], ALLOW],
  ['Deny with BoolIfExists false does', user, [allow('identity'), mfaDeny('BoolIfExists')], denied('identity')],
  [
    '… and not a session with MFA',
    user,
    [allow('identity'), mfaDeny('BoolIfExists')],
    ALLOW,
    { context: { 'aws:multifactorauthpresent': 'true' } },
  ],
  [
    '… and not the actions it spares',
    user,
    [allow('identity'), mfaDeny('BoolIfExists')],
    ALLOW,
    { action: 'iam:ListMFADevices', resource: '*' },
  ],
  [
    'MFA not older than an hour',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': 3600 } },
      }),
    ],
    ALLOW,
    { context: { 'aws:multifactorauthage': '1200' } },
  ],
  [
    'MFA too old',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' } },
      }),
    ],
    no('identity'),
    { context: { 'aws:multifactorauthage': '3600' } },
  ],
  [
    'Deny outside the network',
    user,
    [
      allow('identity'),
      deny('identity', {
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      }),
    ],
    denied('identity'),
    { context: { 'aws:sourceip': '8.8.8.8', 'aws:viaawsservice': 'false' } },
  ],
  [
    '… but not for services that call on',
    user,
    [
      allow('identity'),
      deny('identity', {
        Condition: {
          NotIpAddress: { 'aws:SourceIp': ['192.0.2.0/24', '203.0.113.0/24'] },
          Bool: { 'aws:ViaAWSService': 'false' },
        },
      }),
    ],
    ALLOW,
    { context: { 'aws:viaawsservice': 'true' } },
  ],
  [
    'home directory',
    user,
    [policy('identity', { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b/home/${aws:username}/*' })],
    ALLOW,
    { resource: 'arn:aws:s3:::b/home/anna/x', context: { 'aws:username': 'anna' } },
  ],
  [
    'home directory of another',
    user,
    [policy('identity', { Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b/home/${aws:username}/*' })],
    no('identity'),
    { resource: 'arn:aws:s3:::b/home/bob/x', context: { 'aws:username': 'anna' } },
  ],
  [
    'everything but IAM by NotAction',
    user,
    [policy('identity', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
    ALLOW,
  ],
  [
    '… and IAM',
    user,
    [policy('identity', { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
    no('identity'),
    { action: 'iam:ListUsers', resource: '*' },
  ],
  [
    'Deny all but one bucket by NotResource',
    user,
    [
      allow('identity'),
      deny('identity', { Resource: undefined, NotResource: ['arn:aws:s3:::HRBucket', 'arn:aws:s3:::HRBucket/*'] }),
    ],
    denied('identity'),
  ],
  [
    '… and that bucket',
    user,
    [
      allow('identity'),
      deny('identity', { Resource: undefined, NotResource: ['arn:aws:s3:::HRBucket', 'arn:aws:s3:::HRBucket/*'] }),
    ],
    ALLOW,
    { resource: 'arn:aws:s3:::HRBucket/x' },
  ],
  [
    'revoked sessions',
    role,
    [
      allow('identity'),
      deny('identity', { Condition: { DateLessThan: { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' } } }),
    ],
    denied('identity'),
    { context: { 'aws:tokenissuetime': '2025-12-31T23:00:00Z' } },
  ],
  [
    'tag of caller and resource agree',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
      }),
    ],
    ALLOW,
    { context: { 'aws:resourcetag/Team': 'blue', 'aws:principaltag/TEAM': 'blue' } },
  ],
  [
    '… and neither has one',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
      }),
    ],
    no('identity'),
  ],
])

table('nothing by accident', [
  ['an identity Allow without Resource', user, [policy('identity', { Effect: 'Allow', Action: '*' })], no('identity')],
  [
    'a resource Allow without Principal',
    user,
    [policy('resource', { Effect: 'Allow', Action: '*', Resource: '*' })],
    no('identity'),
  ],
  [
    'a resource Deny without Principal',
    user,
    [allow('identity'), policy('resource', { Effect: 'Deny', Action: '*', Resource: '*' })],
    denied('resource'),
  ],
  [
    'an identity Allow for somebody else',
    user,
    [policy('identity', { Effect: 'Allow', Principal: { AWS: B }, Action: '*', Resource: '*' })],
    no('identity'),
  ],
  [
    'NotResource with a variable that has no value, Allow',
    user,
    [policy('identity', { Effect: 'Allow', Action: '*', NotResource: 'arn:aws:s3:::b/${aws:none}' })],
    no('identity'),
  ],
  [
    'NotResource with a variable that has no value, Deny',
    user,
    [allow('identity'), deny('identity', { Resource: undefined, NotResource: 'arn:aws:s3:::b/${aws:none}' })],
    denied('identity'),
  ],
  [
    'an empty list of actions',
    user,
    [policy('identity', { Effect: 'Allow', Action: [], Resource: '*' })],
    no('identity'),
  ],
  [
    'an action without prefix',
    user,
    [policy('identity', { Effect: 'Allow', Action: 'GetObject', Resource: '*' })],
    no('identity'),
  ],
  [
    'a key named __proto__ that is missing',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: JSON.parse('{"StringEquals":{"__proto__":"x"}}'),
      }),
    ],
    no('identity'),
  ],
  [
    'a key named constructor that is missing',
    user,
    [
      policy('identity', {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { StringLike: { constructor: '*' } },
      }),
    ],
    no('identity'),
  ],
  [
    'Null on toString',
    user,
    [policy('identity', { Effect: 'Allow', Action: '*', Resource: '*', Condition: { Null: { toString: 'true' } } })],
    ALLOW,
  ],
  [
    'NotPrincipal with Allow, caller listed',
    user,
    [policy('resource', { Effect: 'Allow', NotPrincipal: { AWS: user.arn }, Action: '*', Resource: '*' })],
    no('identity'),
  ],
  [
    'NotPrincipal with Deny, caller and account listed',
    user,
    [
      allow('identity'),
      policy('resource', { Effect: 'Deny', NotPrincipal: { AWS: [user.arn, A] }, Action: '*', Resource: '*' }),
    ],
    ALLOW,
  ],
  [
    'NotPrincipal with Deny, only the caller listed',
    user,
    [
      allow('identity'),
      policy('resource', { Effect: 'Deny', NotPrincipal: { AWS: user.arn }, Action: '*', Resource: '*' }),
    ],
    denied('resource'),
  ],
])

describe('documents that cannot be understood are exceptions', () => {
  const bad: [string, string | object][] = [
    ['no JSON', '{'],
    ['a list', '[]'],
    ['no statement', '{"Version":"2012-10-17"}'],
    ['empty', '{"Statement":[]}'],
    ['misspelt Condition', document({ Effect: 'Allow', Action: '*', Resource: '*', Conditions: {} })],
    ['unknown operator', document({ Effect: 'Allow', Action: '*', Resource: '*', Condition: { Like: { a: 'b' } } })],
    ['effect in lower case', document({ Effect: 'allow', Action: '*', Resource: '*' })],
    ['Action and NotAction', document({ Effect: 'Allow', Action: '*', NotAction: 'a:b', Resource: '*' })],
    ['no action', document({ Effect: 'Allow', Resource: '*' })],
    ['a key twice', '{"Statement":{"Effect":"Deny","Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['__proto__ for Effect', '{"Statement":{"__proto__":{"Effect":"Allow"},"Action":"*","Resource":"*"}}'],
    ['__proto__ for everything', '{"__proto__":{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}}'],
    ['deep', `{"Statement":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['parsed form', { Statement: [{ Effect: 'Allow', Action: 1, Resource: '*' }] }],
    [
      'unknown type of principal',
      document({ Effect: 'Allow', Principal: { Everyone: '*' }, Action: '*', Resource: '*' }),
    ],
    ['unknown version', '{"Version":"2013-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
  ]
  for (const [what, text] of bad) {
    test(what, () => {
      expect(() => decide(ask(root), [{ kind: 'identity', document: text }])).toThrow(AwsError)
    })
  }
})

describe('the decision is data', () => {
  test('each statement says whether it matched, and if not, on what it failed', () => {
    const source: PolicySource = {
      kind: 'identity',
      document: document(
        { Sid: 'Action', Effect: 'Allow', Action: 'ec2:*', Resource: '*' },
        { Sid: 'Resource', Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::other' },
        {
          Sid: 'Condition',
          Effect: 'Allow',
          Action: 's3:*',
          Resource: '*',
          Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
        },
        { Sid: 'Yes', Effect: 'Allow', Action: 's3:*', Resource: '*' },
      ),
    }
    const decision = decide(ask(user, { context: { 'aws:requestedregion': 'us-east-1' } }), [source, to({ AWS: B })])
    expect(
      decision.statements.map(({ sid, index, matched, failed }) => [sid, index, matched, failed?.element, failed?.key]),
    ).toEqual([
      ['Action', 0, false, 'Action', undefined],
      ['Resource', 1, false, 'Resource', undefined],
      ['Condition', 2, false, 'Condition', 'aws:RequestedRegion'],
      ['Yes', 3, true, undefined, undefined],
      [undefined, 0, false, 'Principal', undefined],
    ])
    expect(decision.decidedBy?.sid).toBe('Yes')
    expect(decision.decidedBy?.source).toBe(source)
    expect(decision.statements[2]?.failed).toEqual({
      element: 'Condition',
      operator: 'StringEquals',
      key: 'aws:RequestedRegion',
      expected: ['eu-west-1'],
    })
  })

  test('a parsed document decides as its text', () => {
    const text = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' })
    expect(decide(ask(user), [{ kind: 'identity', document: JSON.parse(text) }]).allowed).toBe(true)
  })
})
