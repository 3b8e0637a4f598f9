// Every operation is known again by the request that asks for it.

import { describe, expect, test } from 'bun:test'
import type { HttpRequest } from '../http/message.ts'
import type { Member, Operation } from '../model/model.ts'
import type { Structure, Value } from '../lib/value.ts'
import { protocolOf } from '../wire/protocols.ts'
import { models } from './account.fixture.ts'
import { identify } from './identify.ts'

/** The least input that has all that its operation's path, query and headers need. */
function leastInput({ input }: Operation): Structure {
  const value: Structure = {}
  for (const member of input?.shape.members ?? [])
    if (member.required && member.traits.location) value[member.name] = sample(member)
  return value
}

function sample({ shape, traits }: Member): Value {
  if (traits.enum) return traits.enum[0]!
  switch (shape.type) {
    case 'integer':
    case 'long':
      return traits.min ?? 1
    case 'boolean':
      return true
    case 'timestamp':
      return new Date(0)
    case 'list':
      return [sample(shape.member!)]
    case 'map':
      return {}
    default:
      return 'x'.repeat(Math.min(Math.max(1, traits.min ?? 1), 64))
  }
}

async function requestFor(operation: Operation): Promise<HttpRequest> {
  const message = (await protocolOf(operation)).writeRequest(operation, leastInput(operation))
  const { signingName, endpointPrefix } = operation.service.metadata
  const authorization = `AWS4-HMAC-SHA256 Credential=AKIA/20260102/us-east-1/${signingName ?? endpointPrefix}/aws4_request, …`
  return { ...message, scheme: 'http', host: 'localhost', headers: { ...message.headers, authorization } }
}

/** One of each protocol at least, and the services with the trickiest paths. */
const services = [
  'sts',
  'iam',
  'ec2',
  's3',
  's3control',
  'lambda',
  'dynamodb',
  'dynamodbstreams',
  'sqs',
  'sns',
  'cloudwatch',
  'logs',
  'apigateway',
  'apigatewayv2',
  'route53',
  'cloudfront',
  'rds',
  'eks',
  'ecs',
  'glacier',
  'iot',
  'kinesis',
  'kms',
  'secretsmanager',
  'ssm',
  'stepfunctions',
  'ses',
  'sesv2',
  'service-quotas',
  'backup',
  'mediaconvert',
  'batch',
]

/** Only their hosts differ (s3express-control…), which an endpoint of one's own hides. */
const alike: Record<string, string> = {
  's3 ListDirectoryBuckets': 'ListBuckets',
  's3control CreateBucket': 's3:PutObject',
}

describe('an operation is identified by its request', () => {
  test.each(services)('%s', async (name) => {
    const service = await models.service(name)
    const wrong: string[] = []
    for (const asked of service.operationNames) {
      const operation = service.operation(asked)
      if (operation.traits.deprecated) continue
      const request = await requestFor(operation)
      const found = await identify(request, models)
      const answer =
        found.service.name === name ? found.operation?.name : `${found.service.name}:${found.operation?.name}`
      if (answer !== asked && alike[`${name} ${asked}`] !== answer) wrong.push(`${asked} was taken for ${answer}`)
    }
    expect(wrong).toEqual([])
  })
})

describe('without a signature', () => {
  const request = (change: Partial<HttpRequest>): HttpRequest => ({
    method: 'POST',
    scheme: 'http',
    host: '127.0.0.1:8474',
    path: '/',
    query: '',
    headers: {},
    body: new Uint8Array(0),
    ...change,
  })
  test.each<[string, Partial<HttpRequest>, string, string | undefined]>([
    [
      'a form tells by its version',
      { query: 'Action=AssumeRoleWithWebIdentity&Version=2011-06-15' },
      'sts',
      'AssumeRoleWithWebIdentity',
    ],
    [
      'also where its body is empty',
      {
        query: 'Action=ListTopics&Version=2010-03-31',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      },
      'sns',
      'ListTopics',
    ],
    [
      "the links of SNS's messages name no version",
      { method: 'GET', query: 'Action=ConfirmSubscription&TopicArn=t&Token=x' },
      'sns',
      'ConfirmSubscription',
    ],
    ['so does one of IAM', { query: 'Action=ListUsers&Version=2010-05-08' }, 'iam', 'ListUsers'],
    [
      'JSON tells by its target',
      { headers: { 'x-amz-target': 'DynamoDB_20120810.ListTables' } },
      'dynamodb',
      'ListTables',
    ],
    [
      'a host tells by its labels',
      { method: 'GET', host: 'lambda.us-east-1.amazonaws.com', path: '/2015-03-31/functions/' },
      'lambda',
      'ListFunctions',
    ],
    ['all else is S3', { method: 'GET', path: '/bucket/a%2Fb/../c' }, 's3', 'GetObject'],
    ['a bucket with a slash behind it is a bucket', { method: 'GET', path: '/bucket/' }, 's3', 'ListObjects'],
    [
      'a bucket may be called as a service',
      { method: 'GET', host: 'batch.s3.localhost', path: '/batch/k' },
      's3',
      'GetObject',
    ],
  ])('%s', async (_, change, service, operation) => {
    const found = await identify(request(change), models)
    expect([found.service.name, found.operation?.name]).toEqual([service, operation])
  })

  test('a service nobody knows is refused', async () => {
    const unknown = request({ headers: { 'x-amz-target': 'Nowhere_2020.DoIt' } })
    expect(identify(unknown, models)).rejects.toThrow("There is no service that signs as 'Nowhere_2020'")
  })
})
