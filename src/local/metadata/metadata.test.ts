// What instances and containers see: every status of the metadata service, and credentials that IAM takes for what they are.

import { describe, expect, test } from 'bun:test'
import { text } from '../../lib/bytes.ts'
import { readBody, type HttpRequest } from '../../http/message.ts'
import { account, allow, bench, deny, keysOf, type Bench } from '../account.fixture.ts'
import { containerCredentials, type Agent } from './container.ts'
import { imds, type ImdsOptions } from './imds.ts'
import { instanceOf } from './instance.ts'

const trust = (...Service: string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
  })

async function withRole(b: Bench, policy: object[] = [], trusted = trust('ec2.amazonaws.com')): Promise<void> {
  await b.call('iam', 'CreateRole', { RoleName: 'web', AssumeRolePolicyDocument: trusted })
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: policy })
  if (policy.length > 0) await b.call('iam', 'PutRolePolicy', { RoleName: 'web', PolicyName: 'p', PolicyDocument })
}

type Ask = (
  method: string,
  path: string,
  headers?: Record<string, string>,
) => Promise<{ status: number; body: string; headers: Record<string, string> }>

function asker(handle: (request: HttpRequest) => Promise<{ status: number; body: any; headers: any }>): Ask {
  return async (method, path, headers = {}) => {
    const response = await handle({
      method,
      scheme: 'http',
      host: '127.0.0.1',
      path,
      query: '',
      headers,
      body: new Uint8Array(),
    })
    return { status: response.status, body: text(await readBody(response.body)), headers: response.headers }
  }
}

function instanceOn(b: Bench, options: Partial<ImdsOptions> = {}, userData?: Uint8Array): Ask {
  const profile = { arn: `arn:aws:iam::${account}:instance-profile/web`, id: 'AIPAEXAMPLE' }
  const instance = instanceOf({
    account,
    region: 'eu-west-1',
    role: 'web',
    profile,
    launched: Date.UTC(2026, 0, 2),
    ...(userData && { userData }),
  })
  const asked = { instance, options: { tokens: 'required', enabled: true, hops: 1, ...options } as const }
  return asker(imds(async () => asked, b.world))
}

const ttl = 'x-aws-ec2-metadata-token-ttl-seconds'
const credentialsPath = '/latest/meta-data/iam/security-credentials/web'

async function tokenFrom(ask: Ask): Promise<Record<string, string>> {
  return { 'x-aws-ec2-metadata-token': (await ask('PUT', '/latest/api/token', { [ttl]: '60' })).body }
}

describe('tokens', () => {
  test.each<[string, string, Record<string, string>, number]>([
    ['PUT', '/latest/api/token', { [ttl]: '21600' }, 200],
    ['PUT', '/latest/api/token', { [ttl]: '1' }, 200],
    ['PUT', '/latest/api/token', {}, 400],
    ['PUT', '/latest/api/token', { [ttl]: '0' }, 400],
    ['PUT', '/latest/api/token', { [ttl]: '21601' }, 400],
    ['PUT', '/latest/api/token', { [ttl]: '-1' }, 400],
    ['PUT', '/latest/api/token', { [ttl]: '1.5' }, 400],
    ['PUT', '/latest/api/token', { [ttl]: 'x' }, 400],
    ['PUT', '/latest/api/token', { [ttl]: '60', 'x-forwarded-for': '10.0.0.1' }, 403],
    ['PUT', '/2021-03-23/api/token', { [ttl]: '60' }, 403],
    ['GET', '/latest/api/token', { [ttl]: '60' }, 405],
    ['POST', '/latest/meta-data/', {}, 405],
    ['GET', '/latest/meta-data/', {}, 401],
    ['GET', '/latest/meta-data/', { 'x-aws-ec2-metadata-token': 'x' }, 401],
    ['GET', '/latest/meta-data/', { 'x-aws-ec2-metadata-token': '' }, 401],
    ['HEAD', '/latest/meta-data/', {}, 401],
  ])('%s %s %j: %d', async (method, path, headers, status) => {
    expect((await instanceOn(bench())(method, path, headers)).status).toBe(status)
  })

  test('one is told how long it lasts, and is over after that', async () => {
    const b = bench()
    let now = Date.now()
    const ask = instanceOn({ ...b, world: { ...b.world, realClock: () => new Date(now) } })
    const answer = await ask('PUT', '/latest/api/token', { [ttl]: '60' })
    expect(answer).toMatchObject({ status: 200, headers: { [ttl]: '60' } })
    const token = { 'x-aws-ec2-metadata-token': answer.body }
    expect(await ask('GET', '/latest/meta-data/instance-type', token)).toMatchObject({
      status: 200,
      body: 't3.micro',
      headers: { [ttl]: '60' },
    })
    now += 59_000
    expect((await ask('GET', '/latest/meta-data/instance-type', token)).status).toBe(200)
    now += 1_000
    expect((await ask('GET', '/latest/meta-data/instance-type', token)).status).toBe(401)
  })

  test('another instance takes none of them', async () => {
    const token = await tokenFrom(instanceOn(bench()))
    expect((await instanceOn(bench())('GET', '/latest/meta-data/', token)).status).toBe(401)
  })

  test('version 1 asks for none, but a wrong one is wrong', async () => {
    const ask = instanceOn(bench(), { tokens: 'optional' })
    expect((await ask('GET', '/latest/meta-data/instance-type')).body).toBe('t3.micro')
    expect((await ask('GET', '/latest/meta-data/instance-type', { 'x-aws-ec2-metadata-token': 'x' })).status).toBe(401)
  })

  test('switched off, all is forbidden', async () => {
    const ask = instanceOn(bench(), { enabled: false })
    for (const [method, path] of [
      ['PUT', '/latest/api/token'],
      ['GET', '/'],
      ['GET', '/latest/meta-data/'],
    ] as const)
      expect((await ask(method, path, { [ttl]: '60' })).status).toBe(403)
  })
})

describe('what an instance tells', () => {
  test.each([
    ['/latest/', 'dynamic/\nmeta-data/'],
    ['/latest/meta-data/iam/', 'info\nsecurity-credentials/'],
    ['/latest/meta-data/iam/security-credentials', 'web'],
    ['/latest/meta-data/iam/security-credentials/', 'web'],
    ['/2021-03-23/meta-data/placement/', 'availability-zone\navailability-zone-id\nregion'],
    ['/latest/meta-data/placement/region', 'eu-west-1'],
    ['/latest/meta-data/placement/availability-zone/', 'eu-west-1a'],
    ['/latest/meta-data/placement/availability-zone-id', 'euw1-az1'],
    ['/latest/meta-data/services/domain', 'amazonaws.com'],
  ])('%s', async (path, body) => {
    const ask = instanceOn(bench())
    expect(await ask('GET', path, await tokenFrom(ask))).toMatchObject({ status: 200, body })
  })

  test.each([
    '/latest/user-data',
    '/latest/meta-data/x',
    '/latest/meta-data/tags/instance',
    '/1999-01-01/meta-data/',
    '/latest/meta-data/iam/security-credentials/other',
  ])('%s is not there', async (path) => {
    const ask = instanceOn(bench())
    const answer = await ask('GET', path, await tokenFrom(ask))
    expect(answer.status).toBe(404)
    expect(answer.body).toContain('<h1>404 - Not Found</h1>')
  })

  test('user data, the versions, the identity document, the profile', async () => {
    const ask = instanceOn(bench(), {}, new TextEncoder().encode('#!/bin/sh\n'))
    const token = await tokenFrom(ask)
    expect((await ask('GET', '/latest/user-data', token)).body).toBe('#!/bin/sh\n')
    expect((await ask('GET', '/', token)).body.split('\n')).toContain('2021-03-23')
    const id = (await ask('GET', '/latest/meta-data/instance-id', token)).body
    expect(JSON.parse((await ask('GET', '/latest/dynamic/instance-identity/document', token)).body)).toMatchObject({
      accountId: account,
      region: 'eu-west-1',
      instanceId: id,
      instanceType: 't3.micro',
    })
    expect(JSON.parse((await ask('GET', '/latest/meta-data/iam/info', token)).body)).toMatchObject({
      Code: 'Success',
      InstanceProfileArn: `arn:aws:iam::${account}:instance-profile/web`,
    })
    expect(await ask('HEAD', '/latest/meta-data/instance-id', token)).toMatchObject({ status: 200, body: '' })
  })
})

describe('the credentials of an instance', () => {
  const keysIn = (document: any) => keysOf({ ...document, SessionToken: document.Token })

  test('are a session of the role, named as the instance, with how it came by them', async () => {
    const b = bench()
    await withRole(b, [
      allow('iam:ListRoles'),
      deny('iam:ListRoles', '*', { NumericLessThan: { 'ec2:RoleDelivery': '2.0' } }),
    ])
    const ask = instanceOn(b, { tokens: 'optional' })
    const token = await tokenFrom(ask)
    const second = JSON.parse((await ask('GET', credentialsPath, token)).body)
    expect(second).toMatchObject({
      Code: 'Success',
      Type: 'AWS-HMAC',
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    })
    const id = (await ask('GET', '/latest/meta-data/instance-id', token)).body
    expect((await b.call('sts', 'GetCallerIdentity', {}, keysIn(second))).Arn).toBe(
      `arn:aws:sts::${account}:assumed-role/web/${id}`,
    )
    await b.call('iam', 'ListRoles', {}, keysIn(second))
    const first = JSON.parse((await ask('GET', credentialsPath)).body)
    expect((await b.refusal('iam', 'ListRoles', {}, keysIn(first))).message).toContain('with an explicit deny')
  })

  test('stay the same until a quarter of an hour before their end', async () => {
    const b = bench()
    await withRole(b)
    const ask = instanceOn(b, { tokens: 'optional' })
    const key = async (): Promise<string> => JSON.parse((await ask('GET', credentialsPath)).body).AccessKeyId
    const first = await key()
    b.advance(5.7 * 3600_000)
    expect(await key()).toBe(first)
    b.advance(0.1 * 3600_000)
    expect(await key()).not.toBe(first)
  })

  test('are refused where the role does not trust EC2', async () => {
    const b = bench()
    await withRole(b, [], trust('lambda.amazonaws.com'))
    const answer = await instanceOn(b, { tokens: 'optional' })('GET', credentialsPath)
    expect(answer.status).toBe(200)
    expect(JSON.parse(answer.body)).toMatchObject({ Code: 'AssumeRoleUnauthorizedAccess' })
    expect(answer.body).not.toContain('SecretAccessKey')
  })
})

describe('the credentials of a container', () => {
  const served = (b: Bench, agent: Agent) =>
    containerCredentials(
      { account, region: 'us-east-1', role: 'web', roleArn: `arn:aws:iam::${account}:role/web`, agent },
      b.world,
    )

  test.each(['ecs', 'eks'] as const)('by %s, for whoever has the token', async (agent) => {
    const b = bench()
    await withRole(b, [], trust('ecs-tasks.amazonaws.com', 'pods.eks.amazonaws.com'))
    const door = served(b, agent)
    const ask = asker(door.handle)
    const answer = await ask('GET', door.path, { authorization: door.token })
    expect(answer.status).toBe(200)
    const document = JSON.parse(answer.body)
    expect(
      (await b.call('sts', 'GetCallerIdentity', {}, keysOf({ ...document, SessionToken: document.Token }))).Arn,
    ).toMatch(/:assumed-role\/web\//)
    expect((await ask('GET', door.path, { authorization: 'wrong' })).status).toBe(401)
    expect((await ask('GET', '/v2/credentials/other', { authorization: door.token })).status).toBe(404)
    expect((await ask('POST', door.path, { authorization: door.token })).status).toBe(405)
    expect((await ask('GET', door.path)).status).toBe(agent === 'ecs' ? 200 : 401)
  })

  test('a role that does not trust the agent', async () => {
    const b = bench()
    await withRole(b)
    const door = served(b, 'ecs')
    expect(await asker(door.handle)('GET', door.path)).toMatchObject({
      status: 400,
      body: expect.stringContaining('does not trust ecs-tasks.amazonaws.com'),
    })
  })
})
