// An instance of the local EC2, as it sees itself: what EC2 knows of it now, by the options it has now.

import { expect, test } from 'bun:test'
import { text } from '../../lib/bytes.ts'
import { readBody } from '../../http/message.ts'
import { account, bench, keysOf, type Bench } from '../account.fixture.ts'
import { imds } from './imds.ts'
import { launchedInstance } from './launched.ts'

async function launched(b: Bench, more: object = {}): Promise<string> {
  const launch = { ImageId: 'ami-0abcdef1234567890', InstanceType: 't3.small', MinCount: 1, MaxCount: 1, ...more }
  return (await b.call('ec2', 'RunInstances', launch)).Instances[0].InstanceId
}

function asker(b: Bench, id: string, distance?: number) {
  const handle = imds(() => launchedInstance(b.world, account, 'us-east-1', id), b.world, distance)
  return async (method: string, path: string, headers: Record<string, string> = {}) => {
    const whole = {
      method,
      scheme: 'http',
      host: '127.0.0.1',
      path,
      query: '',
      headers,
      body: new Uint8Array(),
    } as const
    const { status, body } = await handle(whole)
    return { status, body: text(await readBody(body)) }
  }
}

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
})

test('what EC2 knows of it', async () => {
  const b = bench()
  await b.call('ec2', 'CreateKeyPair', { KeyName: 'mine', KeyType: 'ed25519' })
  const id = await launched(b, { KeyName: 'mine', UserData: btoa('#!/bin/sh\n') })
  const found = (await b.call('ec2', 'DescribeInstances', { InstanceIds: [id] })).Reservations[0].Instances[0]
  const ask = asker(b, id)
  const told = async (path: string) => (await ask('GET', `/latest/${path}`)).body
  expect(await told('meta-data/instance-id')).toBe(id)
  expect(await told('meta-data/instance-type')).toBe('t3.small')
  expect(await told('meta-data/ami-id')).toBe('ami-0abcdef1234567890')
  expect(await told('meta-data/local-ipv4')).toBe(found.PrivateIpAddress)
  expect(await told('meta-data/public-ipv4')).toBe(found.PublicIpAddress)
  expect(await told('meta-data/public-hostname')).toBe(found.PublicDnsName)
  expect(await told('meta-data/hostname')).toBe(found.PrivateDnsName)
  expect(await told('meta-data/placement/availability-zone')).toBe(found.Placement.AvailabilityZone)
  expect(await told('meta-data/public-keys/')).toBe('0=mine')
  expect(await told('meta-data/public-keys/0/openssh-key')).toStartWith('ssh-ed25519 ')
  expect(await told('user-data')).toBe('#!/bin/sh\n')
  const { mac, subnet } = { mac: found.NetworkInterfaces[0].MacAddress, subnet: found.SubnetId }
  expect(await told('meta-data/network/interfaces/macs/')).toBe(`${mac}/`)
  expect(await told(`meta-data/network/interfaces/macs/${mac}/subnet-id`)).toBe(subnet)
  expect(JSON.parse(await told('dynamic/instance-identity/document'))).toMatchObject({
    instanceId: id,
    region: 'us-east-1',
  })
  for (const path of ['meta-data/iam/info', 'meta-data/tags/instance/'])
    expect((await ask('GET', `/latest/${path}`)).status).toBe(404)
})

test('options and tags are those of now', async () => {
  const b = bench()
  const id = await launched(b, {
    TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
  })
  const ask = asker(b, id)
  const change = (options: object) => b.call('ec2', 'ModifyInstanceMetadataOptions', { InstanceId: id, ...options })
  expect((await ask('GET', '/latest/meta-data/')).status).toBe(200)
  await change({ HttpTokens: 'required', InstanceMetadataTags: 'enabled' })
  expect((await ask('GET', '/latest/meta-data/')).status).toBe(401)
  const token = (await ask('PUT', '/latest/api/token', { 'x-aws-ec2-metadata-token-ttl-seconds': '60' })).body
  const bearing = { 'x-aws-ec2-metadata-token': token }
  expect(await ask('GET', '/latest/meta-data/tags/instance/Name', bearing)).toEqual({ status: 200, body: 'web' })
  await b.call('ec2', 'CreateTags', { Resources: [id], Tags: [{ Key: 'Name', Value: 'db' }] })
  expect((await ask('GET', '/latest/meta-data/tags/instance/Name', bearing)).body).toBe('db')
  await change({ HttpEndpoint: 'disabled' })
  expect((await ask('GET', '/latest/meta-data/', bearing)).status).toBe(403)
  await b.call('ec2', 'StopInstances', { InstanceIds: [id] })
  expect((await ask('GET', '/latest/meta-data/', bearing)).status).toBe(503)
})

test('the credentials are of the role in its profile', async () => {
  const b = bench()
  await b.call('iam', 'CreateRole', { RoleName: 'app', AssumeRolePolicyDocument: trust })
  await b.call('iam', 'CreateInstanceProfile', { InstanceProfileName: 'web' })
  await b.call('iam', 'AddRoleToInstanceProfile', { InstanceProfileName: 'web', RoleName: 'app' })
  const id = await launched(b)
  const ask = asker(b, id)
  const path = '/latest/meta-data/iam/security-credentials/'
  expect((await ask('GET', path)).status).toBe(404)
  await b.call('ec2', 'AssociateIamInstanceProfile', { InstanceId: id, IamInstanceProfile: { Name: 'web' } })
  expect((await ask('GET', path)).body).toBe('app')
  const given = JSON.parse((await ask('GET', `${path}app`)).body)
  const keys = keysOf({ ...given, SessionToken: given.Token })
  expect((await b.call('sts', 'GetCallerIdentity', {}, keys)).Arn).toBe(
    `arn:aws:sts::${account}:assumed-role/app/${id}`,
  )
})

test('from two hops away a token of one hop does not arrive', async () => {
  const b = bench()
  const id = await launched(b)
  const ask = asker(b, id, 2)
  expect((await ask('GET', '/latest/meta-data/instance-id')).body).toBe(id)
  const ttl = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' }
  const first = await Promise.race([ask('PUT', '/latest/api/token', ttl), Promise.resolve('waits')])
  expect(first).toBe('waits')
  await b.call('ec2', 'ModifyInstanceMetadataOptions', { InstanceId: id, HttpPutResponseHopLimit: 2 })
  expect((await ask('PUT', '/latest/api/token', ttl)).status).toBe(200)
})
