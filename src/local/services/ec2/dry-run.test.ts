// DryRun on every operation of EC2 that has it: what is allowed would have succeeded, what is not is denied as without it.

import { expect, test } from 'bun:test'
import type { Shape } from '../../../model/model.ts'
import { bench, models } from '../../account.fixture.ts'

const ec2 = await models.service('ec2')
const withDryRun = ec2.operationNames.filter((name) => ec2.operation(name).input?.shape.memberNamed('DryRun'))

/** The least input: what is required, with the first value that comes to mind. */
function least(shape: Shape, depth = 0): unknown {
  const { traits } = shape
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        shape.members
          .filter(({ required }) => required && depth < 5)
          .map(({ name, shape: inner }) => [name, least(inner, depth + 1)]),
      )
    case 'list':
      return [least(shape.member!.shape, depth + 1)]
    case 'map':
      return {}
    case 'boolean':
      return true
    case 'timestamp':
      return new Date(0)
    case 'blob':
      return new Uint8Array([1])
    case 'string':
      return traits.enum?.[0] ?? 'x'.repeat(Math.max(1, traits.min ?? 1))
    default:
      return traits.min ?? 1
  }
}

test(`all ${withDryRun.length} of them`, async () => {
  expect(withDryRun.length).toBeGreaterThan(700)
  const b = bench()
  const nobody = await b.user('nobody')
  const wrong: string[] = []
  for (const name of withDryRun) {
    const input = { ...(least(ec2.operation(name).input!.shape) as object), DryRun: true }
    const allowed = await b.refusal('ec2', name, input)
    if (
      allowed.code !== 'DryRunOperation' ||
      allowed.status !== 412 ||
      allowed.message !== 'Request would have succeeded, but DryRun flag is set.'
    )
      wrong.push(`${name}: ${allowed.code} ${allowed.status} ${allowed.message}`)
    const denied = await b.refusal('ec2', name, input, nobody)
    const action = `ec2:${name}`
    if (
      denied.code !== 'UnauthorizedOperation' ||
      denied.status !== 403 ||
      !denied.message.includes(`is not authorized to perform: ${action} `)
    )
      wrong.push(`${name}: ${denied.code} ${denied.status} ${denied.message.slice(0, 200)}`)
    else if (
      name.startsWith('Describe') === denied.message.includes('Encoded authorization failure message') &&
      !/on resource/.test(denied.message)
    )
      wrong.push(`${name}: ${denied.message.slice(0, 200)}`)
  }
  expect(wrong).toEqual([])
}, 60_000)

test('an encoded message names conditions as AWS spells them', async () => {
  const b = bench()
  const keys = await b.user('nobody')
  const { message } = await b.refusal(
    'ec2',
    'RunInstances',
    { ImageId: 'ami-1', MinCount: 1, MaxCount: 1, InstanceType: 't3.micro', DryRun: true },
    keys,
  )
  const EncodedMessage = /message: (\S+)$/.exec(message)![1]!
  const { context } = JSON.parse((await b.call('sts', 'DecodeAuthorizationMessage', { EncodedMessage })).DecodedMessage)
  const names = context.conditions.items.map(({ key }: { key: string }) => key)
  for (const name of ['ec2:InstanceType', 'ec2:Tenancy', 'ec2:Region', 'aws:SourceIp', 'aws:Resource', 'aws:ARN'])
    expect(names).toContain(name)
})

test('launching asks for every thing that takes part', async () => {
  const b = bench()
  const keys = await b.user('launcher')
  const launch = { ImageId: 'ami-1', MinCount: 1, MaxCount: 1, SubnetId: 'subnet-1', KeyName: 'k', DryRun: true }
  const attempt = async (...Resource: string[]) => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: 'ec2:RunInstances', Resource },
    })
    await b.call('iam', 'PutUserPolicy', { UserName: 'launcher', PolicyName: 'own', PolicyDocument })
    return (await b.refusal('ec2', 'RunInstances', launch, keys)).message
  }
  const here = 'arn:aws:ec2:us-east-1:123456789012'
  const all = [
    `${here}:instance/*`,
    'arn:aws:ec2:us-east-1::image/*',
    `${here}:security-group/*`,
    `${here}:subnet/subnet-1`,
    `${here}:network-interface/*`,
    `${here}:volume/*`,
    `${here}:key-pair/k`,
  ]
  expect(await attempt(...all)).toBe('Request would have succeeded, but DryRun flag is set.')
  for (const missing of all)
    expect(await attempt(...all.filter((each) => each !== missing))).toContain(
      `on resource: ${missing.replace('image/*', 'image/ami-1')} because`,
    )
})

test('tags and a role given at the launch need leave of their own', async () => {
  const b = bench()
  const keys = await b.user('launcher', { Effect: 'Allow', Action: 'ec2:RunInstances', Resource: '*' })
  const launch = { ImageId: 'ami-1', MinCount: 1, MaxCount: 1, DryRun: true }
  const tagged = { ...launch, TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a' }] }] }
  expect((await b.refusal('ec2', 'RunInstances', tagged, keys)).message).toContain(
    'is not authorized to perform: ec2:CreateTags on resource: arn:aws:ec2:us-east-1:123456789012:instance/*',
  )
  const withRole = { ...launch, IamInstanceProfile: { Name: 'web' } }
  expect((await b.refusal('ec2', 'RunInstances', withRole, keys)).message).toContain(
    'is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/web',
  )
  const only = {
    Effect: 'Allow',
    Action: 'ec2:CreateTags',
    Resource: '*',
    Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances', 'aws:RequestTag/team': 'a' } },
  }
  await b.call('iam', 'PutUserPolicy', {
    UserName: 'launcher',
    PolicyName: 'tags',
    PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: only }),
  })
  expect((await b.refusal('ec2', 'RunInstances', tagged, keys)).code).toBe('DryRunOperation')
  expect(
    (
      await b.refusal(
        'ec2',
        'CreateTags',
        { Resources: ['i-1'], Tags: [{ Key: 'team', Value: 'a' }], DryRun: true },
        keys,
      )
    ).code,
  ).toBe('UnauthorizedOperation')
})
