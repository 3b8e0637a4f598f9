// Web identities: tokens of providers taken for roles, and tokens of one's own given to others.

import { afterEach, describe, expect, test } from 'bun:test'
import {
  account,
  allow,
  bench,
  deny,
  document,
  keysOf,
  otherKeys,
  sentence,
  told,
  type Bench,
} from '../../account.fixture.ts'
import { ownKeys, readToken, signToken, type OwnAlgorithm } from '../../accounts/web-tokens.ts'

const url = 'token.actions.githubusercontent.com'
const issuer = `https://${url}`
const provider = `arn:aws:iam::${account}:oidc-provider/${url}`
const RoleArn = `arn:aws:iam::${account}:role/deploy`
const asked = { RoleArn, RoleSessionName: 'run-1' }

/** A token of the world's own issuer, for any issuer there is. */
const token = async (b: Bench, claims: object = {}, algorithm: OwnAlgorithm = 'ES384'): Promise<string> => {
  const now = Math.floor(b.now().getTime() / 1000)
  const all = { iss: issuer, aud: 'sts.amazonaws.com', sub: 'repo:me/it:ref:refs/heads/main', iat: now, exp: now + 300 }
  return b.world.identities.transaction((rows) => signToken(rows, algorithm, { ...all, ...claims }))
}

const trusting = (Condition: object = {}, Action: string | string[] = 'sts:AssumeRoleWithWebIdentity') =>
  document({ Effect: 'Allow', Principal: { Federated: provider }, Action, Condition })

/** A world whose role `deploy` trusts GitHub's tokens under a condition. */
async function settled(Condition?: object, Action?: string[]): Promise<Bench> {
  const b = bench()
  await b.call('iam', 'CreateOpenIDConnectProvider', { Url: issuer, ClientIDList: ['sts.amazonaws.com'] })
  await b.call('iam', 'CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument: trusting(Condition, Action) })
  const PolicyDocument = document(allow(['iam:ListUsers', 'sts:GetWebIdentityToken']))
  await b.call('iam', 'PutRolePolicy', { RoleName: 'deploy', PolicyName: 'p', PolicyDocument })
  return b
}

const assume = async (b: Bench, claims: object = {}, more: object = {}) =>
  b.call('sts', 'AssumeRoleWithWebIdentity', { ...asked, WebIdentityToken: await token(b, claims), ...more }, null)
const refused = async (b: Bench, claims: object = {}, more: object = {}) =>
  told(
    await b.refusal(
      'sts',
      'AssumeRoleWithWebIdentity',
      { ...asked, WebIdentityToken: await token(b, claims), ...more },
      null,
    ),
  )
const notAuthorized: [string, number, string] = [
  'AccessDenied',
  403,
  'Not authorized to perform sts:AssumeRoleWithWebIdentity',
]

describe('AssumeRoleWithWebIdentity', () => {
  test('gives a session of the role to the bearer of a token', async () => {
    const b = await settled()
    const given = await assume(b)
    expect(given).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:me/it:ref:refs/heads/main',
      Provider: provider,
      Audience: 'sts.amazonaws.com',
      AssumedRoleUser: { Arn: `arn:aws:sts::${account}:assumed-role/deploy/run-1` },
    })
    const keys = keysOf(given.Credentials)
    await b.call('iam', 'ListUsers', {}, keys)
    expect((await b.refusal('iam', 'ListRoles', {}, keys)).code).toBe('AccessDenied')
  })

  test('by both of the signatures that this world makes', async () => {
    const b = await settled()
    for (const algorithm of ['RS256', 'ES384'] as const)
      await b.call(
        'sts',
        'AssumeRoleWithWebIdentity',
        { ...asked, WebIdentityToken: await token(b, {}, algorithm) },
        null,
      )
  })

  const aud = { [`${url}:aud`]: 'sts.amazonaws.com' }
  const sub = (pattern: string) => ({ StringLike: { [`${url}:sub`]: pattern } })
  test.each([
    [{ StringEquals: aud, ...sub('repo:me/it:*') }, {}, true],
    [sub('repo:others/*'), {}, false],
    [sub('repo:me/it:*'), { sub: 'repo:me/it-too:ref:x' }, false],
    [{ StringEquals: { [`${url}:aud`]: 'others' } }, {}, false],
    [{ StringEquals: { [`${url}:ref`]: 'refs/heads/main' } }, { ref: 'refs/heads/main' }, true],
    [{ StringEquals: { [`${url}:ref`]: 'refs/heads/main' } }, { ref: 'refs/heads/other' }, false],
    // A claim that AWS does not take for a key.
    [{ StringEquals: { [`${url}:colour`]: 'red' } }, { colour: 'red' }, false],
    [{ StringEquals: { 'sts:RoleSessionName': 'run-1' } }, {}, true],
    [{ StringEquals: { 'aws:FederatedProvider': provider } }, {}, true],
    [{ StringEquals: { 'sts:RoleSessionName': 'run-2' } }, {}, false],
  ])('under the condition %j with %j: %p', async (condition, claims, expected) => {
    const b = await settled(condition)
    if (expected) await assume(b, claims)
    else expect(await refused(b, claims)).toEqual(notAuthorized)
  })

  const past = Math.floor(Date.now() / 1000) - 100
  const invalid = (message: string): [string, number, string] => ['InvalidIdentityToken', 400, message]
  const cases: [string, object, object, [string, number, string | RegExp]][] = [
    [
      'nobody knows the issuer',
      { iss: 'https://a.example.com' },
      {},
      invalid('No OpenIDConnect provider found in your account for https://a.example.com'),
    ],
    ['it is for somebody else', { aud: 'others' }, {}, invalid('Incorrect token audience')],
    ['the authorized party is somebody else', { azp: 'others' }, {}, invalid('Incorrect token audience')],
    ['it names nobody', { sub: undefined }, {}, invalid('Missing a required claim: sub')],
    ['it has no end', { exp: undefined }, {}, invalid('Missing a required claim: exp')],
    [
      'it is too old',
      { exp: past },
      {},
      [
        'ExpiredTokenException',
        400,
        new RegExp(`^Token expired: current date/time \\d+ must be before the expiration date/time ${past}$`),
      ],
    ],
    [
      'it is none',
      {},
      { WebIdentityToken: 'token' },
      invalid('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)'),
    ],
    ['the role is not there', {}, { RoleArn: `${RoleArn}2` }, notAuthorized],
    [
      "the provider is not of the role's account",
      {},
      { RoleArn: 'arn:aws:iam::210987654321:role/x' },
      invalid(`No OpenIDConnect provider found in your account for ${issuer}`),
    ],
    [
      'the role lasts less',
      {},
      { DurationSeconds: 7200 },
      ['ValidationError', 400, 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'],
    ],
  ]
  test.each(cases)('refuses a token: %s', async (_, claims, more, [code, status, message]) => {
    const got = await refused(await settled(), claims, more)
    expect(got.slice(0, 2)).toEqual([code, status])
    if (typeof message === 'string') expect(got[2]).toBe(message)
    else expect(got[2]).toMatch(message)
  })

  test('refuses a token that was changed or signed by another', async () => {
    const b = await settled()
    const [header, claims, signature] = (await token(b)).split('.') as [string, string, string]
    const changed = (part: string, i: number) => part.slice(0, i) + (part[i] === 'A' ? 'B' : 'A') + part.slice(i + 1)
    const unsigned = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    const hmac = Buffer.from(JSON.stringify({ alg: 'HS256', kid: readToken(await token(b))!.kid })).toString(
      'base64url',
    )
    const stranger = await token(bench())
    for (const WebIdentityToken of [
      `${header}.${claims}.${changed(signature, 40)}`,
      `${header}.${changed(claims, claims.length - 20)}.${signature}`,
      `${hmac}.${claims}.${signature}`,
      `${unsigned}.${claims}.AA`,
      stranger,
    ]) {
      const error = await b.refusal('sts', 'AssumeRoleWithWebIdentity', { ...asked, WebIdentityToken }, null)
      expect([error.code, error.status]).toEqual(['InvalidIdentityToken', 400])
    }
  })

  test('tags and source identity need leave of their own', async () => {
    const claims = {
      'https://aws.amazon.com/tags': { principal_tags: { team: ['sea'] }, transitive_tag_keys: ['team'] },
      'https://aws.amazon.com/source_identity': 'ana',
    }
    expect(await refused(await settled(), claims)).toEqual([
      'AccessDenied',
      403,
      'Not authorized to perform sts:TagSession',
    ])
    const all = ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession', 'sts:SetSourceIdentity']
    const b = await settled({ StringEquals: { 'aws:RequestTag/team': 'sea', 'sts:SourceIdentity': 'ana' } }, all)
    const given = await assume(b, claims)
    expect(given.SourceIdentity).toBe('ana')
    const PolicyDocument = document(
      allow('iam:ListUsers', '*', { StringEquals: { 'aws:PrincipalTag/team': 'sea', 'aws:SourceIdentity': 'ana' } }),
    )
    await b.call('iam', 'PutRolePolicy', { RoleName: 'deploy', PolicyName: 'p', PolicyDocument })
    await b.call('iam', 'ListUsers', {}, keysOf(given.Credentials))
  })

  test('a session policy cuts', async () => {
    const b = await settled()
    const given = await assume(b, {}, { Policy: document(allow('iam:ListRoles')) })
    expect(given.PackedPolicySize).toBeGreaterThan(0)
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, keysOf(given.Credentials)))).toContain(
      'because no session policy allows the iam:ListUsers action',
    )
  })

  test('an explicit deny beats the allow', async () => {
    const b = await settled()
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        JSON.parse(trusting()).Statement[0],
        { ...deny('sts:*'), Principal: { Federated: provider }, Resource: undefined },
      ],
    })
    await b.call('iam', 'UpdateAssumeRolePolicy', { RoleName: 'deploy', PolicyDocument })
    expect(await refused(b)).toEqual(notAuthorized)
  })
})

describe('keys of a provider elsewhere', () => {
  const fetched = globalThis.fetch
  afterEach(() => void (globalThis.fetch = fetched))

  test('come by its discovery document', async () => {
    const theirs = bench()
    const b = await settled()
    const WebIdentityToken = await token(theirs)
    const keys = await theirs.world.identities.transaction(ownKeys)
    const asks: string[] = []
    globalThis.fetch = (async (address: string) => {
      asks.push(address)
      return Response.json(address.endsWith('/openid-configuration') ? { jwks_uri: `${issuer}/keys` } : { keys })
    }) as never
    await b.call('sts', 'AssumeRoleWithWebIdentity', { ...asked, WebIdentityToken }, null)
    expect(asks).toEqual([`${issuer}/.well-known/openid-configuration`, `${issuer}/keys`])
  })

  test.each([
    ['cannot be reached', () => Promise.reject(new Error('no network'))],
    ['answers that there is nothing', async () => new Response('', { status: 404 })],
    ['gives other keys', async () => Response.json({ jwks_uri: `${issuer}/keys`, keys: [] })],
    ['gives what is no JSON', async () => new Response('<html>')],
    ['sends elsewhere without TLS', async () => Response.json({ jwks_uri: 'http://127.0.0.1/keys' })],
  ])('that %s are none', async (_, answer) => {
    const b = await settled()
    globalThis.fetch = answer as never
    const WebIdentityToken = await token(bench())
    expect(told(await b.refusal('sts', 'AssumeRoleWithWebIdentity', { ...asked, WebIdentityToken }, null))).toEqual([
      'InvalidIdentityToken',
      400,
      "Couldn't retrieve verification key from your identity provider,  please reference AssumeRoleWithWebIdentity documentation for requirements",
    ])
  })
})

describe('GetWebIdentityToken', () => {
  const input = { Audience: ['https://api.example.com'], SigningAlgorithm: 'ES384' }

  test('tells others who one is, and this world knows it again', async () => {
    const b = bench()
    const { IssuerIdentifier } = await b.call('iam', 'EnableOutboundWebIdentityFederation')
    expect(IssuerIdentifier).toMatch(/^https:\/\/[0-9a-f-]{36}\.tokens\.sts\.global\.api\.aws$/)
    const { WebIdentityToken, Expiration } = await b.call('sts', 'GetWebIdentityToken', {
      ...input,
      Tags: [{ Key: 'job', Value: '7' }],
    })
    const { claims, algorithm } = readToken(WebIdentityToken)!
    expect(algorithm).toBe('ES384')
    expect(claims).toMatchObject({
      iss: IssuerIdentifier,
      aud: 'https://api.example.com',
      sub: `arn:aws:iam::${account}:user/admin`,
      exp: Expiration.getTime() / 1000,
      'https://sts.amazonaws.com/': { aws_account: account, source_region: 'us-east-1', request_tags: { job: '7' } },
    })
    expect((claims['exp'] as number) - (claims['iat'] as number)).toBe(300)
    // The same account, or any other, can take it for an identity.
    await b.call('iam', 'CreateOpenIDConnectProvider', { Url: IssuerIdentifier, ClientIDList: input.Audience })
    const Federated = `arn:aws:iam::${account}:oidc-provider/${IssuerIdentifier.slice(8)}`
    const AssumeRolePolicyDocument = document({
      Effect: 'Allow',
      Principal: { Federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${IssuerIdentifier.slice(8)}:sub`]: `arn:aws:iam::${account}:user/admin` } },
    })
    await b.call('iam', 'CreateRole', { RoleName: 'deploy', AssumeRolePolicyDocument })
    await b.call('sts', 'AssumeRoleWithWebIdentity', { ...asked, WebIdentityToken }, null)
  })

  test('is refused where the account has not switched it on', async () => {
    const b = bench()
    const error = await b.refusal('sts', 'GetWebIdentityToken', input)
    expect([error.code, error.status]).toEqual(['OutboundWebIdentityFederationDisabledException', 403])
  })

  test('needs leave, which may ask for audience, algorithm and time', async () => {
    const b = bench()
    await b.call('iam', 'EnableOutboundWebIdentityFederation')
    const condition = {
      'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': input.Audience },
      StringEquals: { 'sts:SigningAlgorithm': 'ES384' },
      NumericLessThanEquals: { 'sts:DurationSeconds': 600 },
    }
    const keys = await b.user('ana', allow('sts:GetWebIdentityToken', '*', condition))
    await b.call('sts', 'GetWebIdentityToken', input, keys)
    for (const change of [
      { Audience: ['others'] },
      { SigningAlgorithm: 'RS256' },
      { DurationSeconds: 900 },
      { Tags: [{ Key: 'a', Value: 'b' }] },
    ])
      expect((await b.refusal('sts', 'GetWebIdentityToken', { ...input, ...change }, keys)).code).toBe('AccessDenied')
  })

  test('does not outlast the session', async () => {
    const b = await settled()
    await b.call('iam', 'EnableOutboundWebIdentityFederation')
    const keys = keysOf((await assume(b, {}, { DurationSeconds: 900 })).Credentials)
    expect(readToken((await b.call('sts', 'GetWebIdentityToken', input, keys)).WebIdentityToken)!.claims['sub']).toBe(
      RoleArn,
    )
    const error = await b.refusal('sts', 'GetWebIdentityToken', { ...input, DurationSeconds: 901 }, keys)
    expect([error.code, error.status]).toEqual(['SessionDurationEscalationException', 403])
  })
})

describe('AssumeRoot', () => {
  const other = '210987654321'
  const task = (name: string) => ({
    TargetPrincipal: other,
    TaskPolicyArn: { arn: `arn:aws:iam::aws:policy/root-task/${name}` },
  })

  /** The other account in the organization of the first, with root sessions on. */
  async function managed(): Promise<Bench> {
    const b = bench()
    await b.call('organizations', 'CreateOrganization')
    const Target = { Id: other, Type: 'ACCOUNT' }
    const { Handshake } = await b.call('organizations', 'InviteAccountToOrganization', { Target })
    await b.world.identities.transaction((rows) => {
      const user = rows.get<any>(`users/${other}`, 'other')
      rows.put(`users/${other}`, 'other', { ...user, attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] })
    })
    await b.call('organizations', 'AcceptHandshake', { HandshakeId: Handshake.Id }, otherKeys)
    await b.call('organizations', 'EnableAWSServiceAccess', { ServicePrincipal: 'iam.amazonaws.com' })
    return b
  }

  test('gives root of a member for one task', async () => {
    const b = await managed()
    expect((await b.refusal('sts', 'AssumeRoot', task('IAMAuditRootUserCredentials'))).code).toBe('AccessDenied')
    await b.call('iam', 'EnableOrganizationsRootSessions')
    const { Credentials } = await b.call('sts', 'AssumeRoot', task('IAMAuditRootUserCredentials'))
    const keys = keysOf(Credentials)
    expect(await b.call('sts', 'GetCallerIdentity', {}, keys)).toMatchObject({
      Account: other,
      Arn: `arn:aws:iam::${other}:root`,
    })
    expect((await b.call('iam', 'ListAccessKeys', {}, keys)).AccessKeyMetadata).toEqual([])
    expect((await b.call('iam', 'GetLoginProfile', {}, keys)).LoginProfile.UserName).toBe(other)
    expect((await b.refusal('iam', 'ListUsers', {}, keys)).message).toContain(
      'with an explicit deny in a session policy: arn:aws:iam::aws:policy/root-task/',
    )
    expect((await b.refusal('iam', 'DeleteLoginProfile', {}, keys)).code).toBe('AccessDenied')
    expect((await b.refusal('sts', 'GetSessionToken', {}, keys)).code).toBe('AccessDenied')
    b.advance(901_000)
    expect((await b.refusal('iam', 'ListAccessKeys', {}, keys)).code).toBe('ExpiredToken')
  })

  test("takes and gives root's password", async () => {
    const b = await managed()
    await b.call('iam', 'EnableOrganizationsRootSessions')
    const as = async (name: string) => keysOf((await b.call('sts', 'AssumeRoot', task(name))).Credentials)
    await b.call('iam', 'DeleteLoginProfile', {}, await as('IAMDeleteRootUserCredentials'))
    expect((await b.refusal('iam', 'GetLoginProfile', {}, await as('IAMAuditRootUserCredentials'))).code).toBe(
      'NoSuchEntity',
    )
    await b.call('iam', 'CreateLoginProfile', {}, await as('IAMCreateRootUserPassword'))
    await b.call('iam', 'GetLoginProfile', {}, await as('IAMAuditRootUserCredentials'))
  })

  test.each([
    ['an account that is not a member', { TargetPrincipal: '333333333333' }, 'AccessDenied'],
    ['the management account', { TargetPrincipal: account }, 'AccessDenied'],
    [
      'a policy that is for no task',
      { TaskPolicyArn: { arn: 'arn:aws:iam::aws:policy/AdministratorAccess' } },
      'ValidationError',
    ],
    ['what is no account', { TargetPrincipal: `arn:aws:iam::${other}:user/other` }, 'ValidationError'],
    ['more than a quarter of an hour', { DurationSeconds: 901 }, 'ValidationError'],
  ])('refuses %s', async (_, change, code) => {
    const b = await managed()
    await b.call('iam', 'EnableOrganizationsRootSessions')
    expect((await b.refusal('sts', 'AssumeRoot', { ...task('IAMAuditRootUserCredentials'), ...change })).code).toBe(
      code,
    )
  })

  test('needs leave for the task, and to be the manager', async () => {
    const b = await managed()
    await b.call('iam', 'EnableOrganizationsRootSessions')
    const audit = 'arn:aws:iam::aws:policy/root-task/IAMAuditRootUserCredentials'
    const keys = await b.user(
      'ana',
      allow('sts:AssumeRoot', `arn:aws:iam::${other}:root`, { StringEquals: { 'sts:TaskPolicyArn': audit } }),
    )
    await b.call('sts', 'AssumeRoot', task('IAMAuditRootUserCredentials'), keys)
    expect((await b.refusal('sts', 'AssumeRoot', task('IAMDeleteRootUserCredentials'), keys)).code).toBe('AccessDenied')
    const back = { ...task('IAMAuditRootUserCredentials'), TargetPrincipal: account }
    expect((await b.refusal('sts', 'AssumeRoot', back, otherKeys)).code).toBe('AccessDenied')
  })
})

test('what STS has not got says so', async () => {
  const b = bench()
  expect((await b.refusal('sts', 'GetDelegatedAccessToken', { TradeInToken: 'x' })).code).toBe('NotImplemented')
})
