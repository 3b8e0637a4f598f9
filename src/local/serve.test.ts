// The pipeline from signed bytes to bytes: who is turned away, how each protocol says it, and that nothing is allowed
// that nobody allowed.

import { describe, expect, test } from 'bun:test'
import type { Member, Operation } from '../model/model.ts'
import { presign, sign } from '../sign/sigv4.ts'
import { readBody, type HttpRequest } from '../http/message.ts'
import {
  account,
  adminKeys,
  allow,
  bench,
  deny,
  document,
  keysOf,
  models,
  rootKeys,
  told,
  sentence,
} from './account.fixture.ts'
import { serve } from './serve.ts'

const admin = `arn:aws:iam::${account}:user/admin`

/** A cheap operation of each kind of protocol. */
const byProtocol = {
  query: ['iam', 'ListUsers'],
  sts: ['sts', 'GetCallerIdentity'],
  ec2: ['ec2', 'DescribeRegions'],
  json: ['dynamodb', 'ListTables'],
  sqs: ['sqs', 'ListQueues'],
  'rest-json': ['lambda', 'ListFunctions'],
  'rest-xml': ['route53', 'ListHostedZones'],
  s3: ['s3', 'ListBuckets'],
} as const
type Kind = keyof typeof byProtocol

const invalid = 'The security token included in the request is invalid.'
const ec2Invalid = 'AWS was not able to validate the provided access credentials'

describe('an unknown key', () => {
  test.each<readonly [Kind, string, number, string]>([
    ['query', 'InvalidClientTokenId', 403, invalid],
    ['sts', 'InvalidClientTokenId', 403, invalid],
    ['ec2', 'AuthFailure', 401, ec2Invalid],
    ['json', 'UnrecognizedClientException', 400, invalid],
    ['sqs', 'InvalidClientTokenId', 403, invalid],
    ['rest-json', 'UnrecognizedClientException', 403, invalid],
    ['rest-xml', 'InvalidClientTokenId', 403, invalid],
    ['s3', 'InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.'],
  ])('by %s', async (kind, code, status, text) => {
    const keys = { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x' }
    const [service, operation] = byProtocol[kind]
    expect(told(await bench().refusal(service, operation, {}, keys))).toEqual([code, status, text])
  })
})

describe('a wrong secret', () => {
  const mismatch = 'The request signature we calculated does not match the signature you provided.'
  test.each<readonly [Kind, string, number, string]>([
    ['query', 'SignatureDoesNotMatch', 403, mismatch],
    ['ec2', 'AuthFailure', 401, ec2Invalid],
    ['json', 'InvalidSignatureException', 400, mismatch],
    ['sqs', 'SignatureDoesNotMatch', 403, mismatch],
    ['rest-json', 'InvalidSignatureException', 403, mismatch],
    ['s3', 'SignatureDoesNotMatch', 403, mismatch],
  ])('by %s', async (kind, code, status, text) => {
    const [service, operation] = byProtocol[kind]
    const error = await bench().refusal(service, operation, {}, { ...adminKeys, secretAccessKey: 'wrong' })
    expect([error.code, error.status, error.message.slice(0, text.length)]).toEqual([code, status, text])
    expect(error.message).not.toContain(adminKeys.secretAccessKey)
  })
})

describe('no signature', () => {
  test.each<readonly [Kind, string, number, string]>([
    ['query', 'MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    ['json', 'MissingAuthenticationTokenException', 400, 'Request is missing Authentication Token'],
    ['s3', 'AccessDenied', 403, 'Access Denied'],
  ])('by %s', async (kind, code, status, text) => {
    const [service, operation] = byProtocol[kind]
    expect(told(await bench().refusal(service, operation, {}, null))).toEqual([code, status, text])
  })

  test('by rest-json, to a host that says which service', async () => {
    const toLambda = (request: HttpRequest): HttpRequest => ({ ...request, host: 'lambda.us-east-1.amazonaws.com' })
    const error = await bench().refusal('lambda', 'ListFunctions', {}, null, toLambda)
    expect(told(error)).toEqual(['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'])
  })
})

describe('an expired session', () => {
  test.each<readonly [Kind, string, number, string]>([
    ['query', 'ExpiredToken', 403, 'The security token included in the request is expired'],
    ['ec2', 'RequestExpired', 400, 'Request has expired.'],
    ['json', 'ExpiredTokenException', 400, 'The security token included in the request is expired'],
    ['rest-json', 'ExpiredTokenException', 403, 'The security token included in the request is expired'],
    ['s3', 'ExpiredToken', 400, 'The provided token has expired.'],
  ])('by %s', async (kind, code, status, text) => {
    const b = bench()
    const { Credentials } = await b.call('sts', 'GetSessionToken', { DurationSeconds: 900 })
    b.advance(901_000)
    const [service, operation] = byProtocol[kind]
    expect(told(await b.refusal(service, operation, {}, keysOf(Credentials)))).toEqual([code, status, text])
  })
})

describe('a session token', () => {
  test('that was tampered with, or comes with another key, opens nothing', async () => {
    const b = bench()
    const { Credentials } = await b.call('sts', 'GetSessionToken')
    const keys = keysOf(Credentials)
    const flipped = keys.sessionToken!.at(40) === 'A' ? 'B' : 'A'
    const changed = { ...keys, sessionToken: keys.sessionToken!.slice(0, 40) + flipped + keys.sessionToken!.slice(41) }
    const truncated = { ...keys, sessionToken: keys.sessionToken!.slice(0, 60) }
    const stolen = { ...keys, accessKeyId: adminKeys.accessKeyId }
    for (const bad of [changed, truncated, stolen, { ...keys, sessionToken: 'x' }])
      expect((await b.refusal('sts', 'GetCallerIdentity', {}, bad)).code).toBe('InvalidClientTokenId')
    expect((await b.refusal('sts', 'GetCallerIdentity', {}, { ...keys, sessionToken: undefined })).code).toBe(
      'InvalidClientTokenId',
    )
    expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Arn).toBe(admin)
  })

  test('dies with its user, and with a namesake', async () => {
    const b = bench()
    const key = await b.user('ana')
    const { Credentials } = await b.call('sts', 'GetSessionToken', {}, key)
    await b.call('iam', 'DeleteAccessKey', { UserName: 'ana', AccessKeyId: key.accessKeyId })
    expect((await b.call('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).Arn).toEndWith('user/ana')
    await b.call('iam', 'DeleteUser', { UserName: 'ana' })
    await b.call('iam', 'CreateUser', { UserName: 'ana' })
    expect((await b.refusal('sts', 'GetCallerIdentity', {}, keysOf(Credentials))).code).toBe('InvalidClientTokenId')
  })
})

describe('an authorization header that cannot be read', () => {
  test.each<[string, string, RegExp]>([
    ['AWS4-HMAC-SHA256 nonsense', 'IncompleteSignature', /not a valid key=value pair/],
    [
      'AWS4-HMAC-SHA256 Credential=a/20260102/us-east-1/iam/aws4_request',
      'IncompleteSignature',
      /requires 'Signature' parameter/,
    ],
    [
      'AWS4-HMAC-MD5 Credential=a/20260102/us-east-1/iam/aws4_request',
      'IncompleteSignature',
      /Unsupported AWS 'algorithm'/,
    ],
  ])('%s', async (authorization, code, text) => {
    const change = (request: HttpRequest): HttpRequest => ({
      ...request,
      headers: { ...request.headers, authorization },
    })
    const error = await bench().refusal('iam', 'ListUsers', {}, adminKeys, change)
    expect(error.code).toBe(code)
    expect(error.message).toMatch(text)
  })
})

test('a link to GetCallerIdentity works: what EKS and Vault identify by', async () => {
  const link = presign(
    {
      method: 'GET',
      scheme: 'https',
      host: 'sts.us-east-1.amazonaws.com',
      path: '/',
      query: 'Action=GetCallerIdentity&Version=2011-06-15',
      headers: {},
      body: new Uint8Array(0),
    },
    { credentials: adminKeys, region: 'us-east-1', service: 'sts', date: new Date(), expires: 60 },
  )
  const response = await serve(link, bench().world)
  expect([response.status, new TextDecoder().decode(await readBody(response.body))]).toEqual([
    200,
    expect.stringContaining(admin),
  ])
})

describe('what is not there', () => {
  test.each<[string, string, string, number]>([
    ['ec2', 'CreateVerifiedAccessInstance', 'The local AWS has no ec2 CreateVerifiedAccessInstance yet.', 501],
    ['lambda', 'ListFunctions', 'The local AWS has no lambda ListFunctions yet.', 501],
    ['kinesis', 'ListStreams', 'The local AWS has no kinesis ListStreams yet.', 501],
    ['iam', 'ListDelegationRequests', 'The local AWS has no iam ListDelegationRequests yet.', 501],
  ])('%s %s says so', async (service, operation, message, status) => {
    expect(told(await bench().refusal(service, operation))).toEqual(['NotImplemented', status, message])
  })

  test('but only to those who would be allowed', async () => {
    const b = bench()
    expect((await b.refusal('lambda', 'ListFunctions', {}, await b.user('ana'))).code).toBe('AccessDeniedException')
    expect(
      (await b.refusal('lambda', 'ListFunctions', {}, null, (r) => ({ ...r, host: 'lambda.localhost' }))).code,
    ).toBe('MissingAuthenticationTokenException')
  })

  test('and an operation no model knows is an invalid action, after authentication', async () => {
    const b = bench()
    const other = (request: HttpRequest): HttpRequest => ({
      ...request,
      body: new TextEncoder().encode('Action=Nonsense&Version=2010-05-08'),
    })
    expect((await b.refusal('iam', 'ListUsers', {}, adminKeys, other)).code).toBe('SignatureDoesNotMatch')
    const body = new TextEncoder().encode('Action=Nonsense&Version=2010-05-08')
    const request = sign(
      {
        method: 'POST',
        scheme: 'http',
        host: 'localhost',
        path: '/',
        query: '',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
      },
      { credentials: adminKeys, region: 'us-east-1', service: 'iam', date: new Date() },
    )
    const response = await serve(request, b.world)
    expect(new TextDecoder().decode(await readBody(response.body))).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation Nonsense for version 2010-05-08</Message>',
    )
  })
})

describe('EC2', () => {
  test('DryRun answers 412 to whoever may, and the denial to whoever may not', async () => {
    const b = bench()
    const input = { MinCount: 1, MaxCount: 1, DryRun: true }
    expect(told(await b.refusal('ec2', 'RunInstances', input))).toEqual([
      'DryRunOperation',
      412,
      'Request would have succeeded, but DryRun flag is set.',
    ])
    const error = await b.refusal('ec2', 'RunInstances', input, await b.user('ana'))
    expect([error.code, error.status]).toEqual(['UnauthorizedOperation', 403])
    expect(error.message).toMatch(
      /^You are not authorized to perform this operation\. User: arn:aws:iam::123456789012:user\/ana is not authorized to perform: ec2:RunInstances.* because no identity-based policy allows the ec2:RunInstances action\. Encoded authorization failure message: [\w-]{300,}$/,
    )
  })

  test('the encoded message differs each time, and is decoded only with leave', async () => {
    const b = bench()
    const ana = await b.user('ana')
    const encoded = async (): Promise<string> => {
      const { message } = await b.refusal('ec2', 'RunInstances', { MinCount: 1, MaxCount: 1 }, ana)
      return message.split('Encoded authorization failure message: ')[1]!
    }
    const [EncodedMessage, second] = [await encoded(), await encoded()]
    expect(second).not.toBe(EncodedMessage)
    expect(told(await b.refusal('sts', 'DecodeAuthorizationMessage', { EncodedMessage }, ana))).toEqual([
      'AccessDenied',
      403,
      `User: arn:aws:iam::${account}:user/ana is not authorized to perform: sts:DecodeAuthorizationMessage because no identity-based policy allows the sts:DecodeAuthorizationMessage action`,
    ])
    await b.call('iam', 'PutUserPolicy', {
      UserName: 'ana',
      PolicyName: 'decode',
      PolicyDocument: document(allow('sts:DecodeAuthorizationMessage')),
    })
    const { DecodedMessage } = await b.call('sts', 'DecodeAuthorizationMessage', { EncodedMessage }, ana)
    expect(JSON.parse(DecodedMessage)).toMatchObject({
      allowed: false,
      explicitDeny: false,
      context: { action: 'RunInstances', principal: { arn: `arn:aws:iam::${account}:user/ana` } },
    })
    const tampered = EncodedMessage.slice(0, -4) + 'AAAA'
    for (const bad of [tampered, 'AAAA', EncodedMessage.slice(0, 50)])
      expect((await b.refusal('sts', 'DecodeAuthorizationMessage', { EncodedMessage: bad }, ana)).code).toBe(
        'InvalidAuthorizationMessageException',
      )
  })
})

describe('nothing is allowed that nobody allowed', () => {
  test('a user without policies is denied every operation of IAM and STS but the two that need no leave', async () => {
    const b = bench()
    const ana = await b.user('ana')
    const others: string[] = []
    for (const name of ['iam', 'sts']) {
      const service = await models.service(name)
      for (const asked of service.operationNames) {
        const operation = service.operation(asked)
        if (operation.traits.authtype === 'none') continue
        const code = await b.call(name, asked, leastInput(operation), ana).then(
          () => 'allowed',
          (error) => error.code,
        )
        if (code !== 'AccessDenied') others.push(`${asked}: ${code}`)
      }
    }
    expect(others).toEqual(['GetCallerIdentity: allowed', 'GetSessionToken: allowed'])
  })

  test('an explicit deny beats an allow, and says where it stands', async () => {
    const b = bench()
    const ana = await b.user('ana', allow('iam:*'))
    const { Policy } = await b.call('iam', 'CreatePolicy', {
      PolicyName: 'NoList',
      PolicyDocument: document(deny('iam:ListUsers')),
    })
    await b.call('iam', 'AttachUserPolicy', { UserName: 'ana', PolicyArn: Policy.Arn })
    expect(sentence(await b.refusal('iam', 'ListUsers', {}, ana))).toBe(
      `User: arn:aws:iam::${account}:user/ana is not authorized to perform: iam:ListUsers on resource: arn:aws:iam::${account}:user/ ` +
        `with an explicit deny in an identity-based policy: arn:aws:iam::${account}:policy/NoList`,
    )
    expect((await b.call('iam', 'ListRoles', {}, ana)).Roles).toEqual([])
  })

  test('root may, without any policy', async () => {
    expect((await bench().call('iam', 'ListUsers', {}, rootKeys)).Users).toHaveLength(1)
  })
})

/** The least input that keeps the model's constraints. */
function leastInput({ input }: Operation): object {
  return structure(input?.shape.members ?? [])
}

function structure(members: readonly Member[]): object {
  return Object.fromEntries(members.filter((member) => member.required).map((member) => [member.name, sample(member)]))
}

function sample({ name, shape, traits }: Member): unknown {
  const special: Record<string, unknown> = {
    VersionId: 'v1',
    EntityPath: 'o-a1b2c3d4e5/r-f6g7h8i9j0',
    OwnerAccountId: account,
    TaskPolicyArn: { arn: `arn:aws:iam::${account}:policy/p` },
    OpenIDConnectProviderArn: `arn:aws:iam::${account}:oidc-provider/example.com`,
    RequestorWorkflowId: 'abcdef',
    NotificationChannel: `arn:aws:sns:us-east-1:${account}:topic`,
    SessionDuration: 900,
    Permissions: { PolicyTemplateArn: `arn:aws:iam::${account}:policy/p` },
  }
  if (name in special) return special[name]
  if (/Arn$|^SerialNumber$|^TargetPrincipal$/.test(name)) return `arn:aws:iam::${account}:role/some/role`
  if (traits.enum) return traits.enum[0]
  switch (shape.type) {
    case 'structure':
      return structure(shape.members)
    case 'list':
      return Array.from({ length: Math.max(1, traits.min ?? 1) }, () => sample(shape.member!))
    case 'integer':
      return traits.min ?? 1
    case 'boolean':
      return false
    default:
      return '1'.repeat(Math.max(6, traits.min ?? 1)).slice(0, traits.max ?? 128)
  }
}
