// sign, presign and explain endpoint, as they are typed. The signatures are checked by the other half of the sign room.

import { describe, expect, test } from 'bun:test'
import { utf8 } from '../../../lib/bytes.ts'
import type { HttpRequest } from '../../../http/message.ts'
import { scopeOfHost, signedRequest } from '../../../client/any-request.ts'
import type { Wish } from '../../../client/any-request.ts'
import { client } from '../../../client/test-client.ts'
import { builtModels, ran } from '../../outside.fixture.ts'
import { asCurl } from './shown.ts'

const models = (await builtModels())!

const hosts: [string, string | undefined, string | undefined][] = [
  ['abc.execute-api.eu-west-1.amazonaws.com', 'execute-api', 'eu-west-1'],
  ['abc.lambda-url.eu-west-1.on.aws', 'lambda', 'eu-west-1'],
  ['search-d-x.us-east-1.es.amazonaws.com', 'es', 'us-east-1'],
  ['x.us-east-1.aoss.amazonaws.com', 'aoss', 'us-east-1'],
  ['a-ats.iot.us-east-1.amazonaws.com', 'iotdata', 'us-east-1'],
  ['bkt.s3.eu-central-1.amazonaws.com', 's3', 'eu-central-1'],
  ['my.dotted.bkt.s3.dualstack.eu-central-1.amazonaws.com', 's3', 'eu-central-1'],
  ['s3.amazonaws.com', 's3', 'us-east-1'],
  ['bkt.s3.cn-north-1.amazonaws.com.cn', 's3', 'cn-north-1'],
  ['p-123456789012.s3-accesspoint.us-west-2.amazonaws.com', 's3', 'us-west-2'],
  ['p-123456789012.s3-object-lambda.us-west-2.amazonaws.com', 's3-object-lambda', 'us-west-2'],
  ['b--use1-az4--x-s3.s3express-use1-az4.us-east-1.amazonaws.com', 's3express', 'us-east-1'],
  ['email.eu-west-1.amazonaws.com', 'ses', 'eu-west-1'],
  ['api.ecr.eu-west-1.amazonaws.com', 'ecr', 'eu-west-1'],
  ['dynamodb-fips.us-gov-west-1.amazonaws.com', 'dynamodb', 'us-gov-west-1'],
  ['ec2.us-east-1.api.aws', 'ec2', 'us-east-1'],
  ['iam.amazonaws.com', 'iam', 'us-east-1'],
  ['example.com', undefined, undefined],
  ['localhost:8000', undefined, undefined],
]
test.each(hosts)('the host %s is for %s in %s', async (host, service, region) => {
  const { settings } = client([{}], { models, region: undefined })
  const wish: Wish = {
    url: `https://${host}/`,
    region: region ?? 'us-east-1',
    service: service === undefined ? 'given' : undefined,
  }
  const { headers } = await signedRequest(wish, settings)
  expect(headers['authorization']).toContain(`/${region ?? 'us-east-1'}/${service ?? 'given'}/aws4_request`)
  expect(scopeOfHost(host).region).toBe(region as string)
})

describe('sign', () => {
  test('as curl', async () => {
    const { stdout, exit } = await ran({
      argv: ['sign', 'https://a.execute-api.eu-west-1.amazonaws.com/p?x=1', '--header', "x-a: it's", '--data', '{}'],
    })
    expect(exit).toBe(0)
    expect(stdout).toMatch(
      /^curl --path-as-is -X POST 'https:\/\/a\.execute-api\.eu-west-1\.amazonaws\.com\/p\?x=1' \\\n/,
    )
    expect(stdout).toContain(`-H 'x-a: it'"'"'s'`)
    expect(stdout).toContain('SignedHeaders=host;x-a;x-amz-date')
    expect(stdout).toEndWith("-H 'content-type:' \\\n  --data-raw '{}'\n")
  })

  test('as a record, a query picking from it', async () => {
    const { stdout } = await ran({
      argv: ['sign', 'https://sqs.eu-west-1.amazonaws.com', '--as', 'record', '--query', 'Headers.host'],
    })
    expect(stdout).toBe('"sqs.eu-west-1.amazonaws.com"\n')
  })

  test('in the query', async () => {
    const { stdout } = await ran({
      argv: ['sign', 'https://bkt.s3.eu-west-1.amazonaws.com/a%20b', '--in', 'query', '--expires-in', '60'],
    })
    const url = new URL(stdout.trim())
    expect(url.pathname).toBe('/a%20b')
    expect(url.searchParams.get('X-Amz-Expires')).toBe('60')
  })

  test('for all regions', async () => {
    const { stdout } = await ran({
      argv: ['sign', 'https://example.com/', '--service', 's', '--signature-version', '4a', '--region', 'eu-west-1'],
    })
    expect(stdout).toContain('AWS4-ECDSA-P256-SHA256')
    expect(stdout).toContain('x-amz-region-set: eu-west-1')
  })

  test('with a session’s token', async () => {
    const { stdout } = await ran({
      argv: ['sign', 'https://sqs.eu-west-1.amazonaws.com', '--as', 'record'],
      env: { AWS_SESSION_TOKEN: 'tok' },
    })
    expect(JSON.parse(stdout).Headers['x-amz-security-token']).toBe('tok')
  })

  test('and sent', async () => {
    const machine = { argv: ['sign', 'https://a.execute-api.eu-west-1.amazonaws.com/', '--send'] }
    const well = await ran({ ...machine, answers: [{ body: 'hello' }] })
    expect(well).toMatchObject({ exit: 0, stdout: 'hello', stderr: '' })
    expect(well.sent[0]!.headers['authorization']).toContain('AKIDEXAMPLE')
    expect(await ran({ ...machine, answers: [{ status: 403, body: 'no' }] })).toMatchObject({
      exit: 254,
      stdout: 'no',
      stderr: 'HTTP 403\n',
    })
  })

  const mistakes: [string[], string][] = [
    [['sign', 'example.com'], 'Not a URL: example.com'],
    [
      ['sign', 'https://example.com'],
      'The host example.com does not say which service the request is for: say it with --service',
    ],
    [['sign', 'https://iam.amazonaws.com', '--header', 'bad'], "A header is 'name: value', not 'bad'"],
    [
      ['sign', 'https://iam.amazonaws.com', '--in', 'query', '--expires-in', '0'],
      '--expires-in is a number of seconds from 1 to 604800',
    ],
    [['presign', 'nope', 'x'], "There is no service 'nope'"],
    [['presign', 'sts', 'x'], "'sts' has no operation 'x'"],
    [['presign', 's3api', 'get-object', '--bucket', 'bkt'], 'Missing required parameter in input: "Key"'],
    [['presign', 's3api', 'get-object', '--nope'], 'Unknown options: --nope'],
  ]
  test.each(mistakes)('%j', async (argv, complaint) => {
    const { exit, stderr, sent } = await ran({ argv })
    expect(exit).toBe(252)
    expect(stderr).toContain(complaint)
    expect(sent).toHaveLength(0)
  })

  test('bytes that are no text go through base64', () => {
    const request: HttpRequest = {
      method: 'PUT',
      scheme: 'https',
      host: 'h',
      path: '/',
      query: '',
      headers: { 'content-type': 'x/y' },
      body: new Uint8Array([255, 0]),
    }
    expect(asCurl(request)).toBe(
      "echo /wA= | base64 -d | curl --path-as-is -X PUT https://h/ \\\n  -H 'content-type: x/y' \\\n  --data-binary @-\n",
    )
    expect(asCurl({ ...request, body: utf8('ü') })).toContain("--data-raw 'ü'")
  })
})

describe('presign', () => {
  test('any operation, its options as they are typed', async () => {
    const { stdout, stderr } = await ran({
      argv: ['presign', 's3api', 'get-object', '--bucket', 'bkt', '--key', 'a b', '--expires-in', '60'],
    })
    const url = new URL(stdout.trim())
    expect(`${url.host}${url.pathname}`).toBe('bkt.s3.us-east-1.amazonaws.com/a%20b')
    expect(url.searchParams.get('X-Amz-Expires')).toBe('60')
    expect(url.search).not.toContain('checksum')
    expect(stderr).toBe('')
  })

  test('a form as a GET', async () => {
    const { stdout } = await ran({ argv: ['presign', 'sts', 'get-caller-identity', '--method', 'GET'] })
    expect(new URL(stdout.trim()).searchParams.get('Action')).toBe('GetCallerIdentity')
  })

  test('says which headers must be sent', async () => {
    const { stderr } = await ran({
      argv: ['presign', 's3api', 'put-object', '--bucket', 'bkt', '--key', 'k', '--content-type', 'text/plain'],
    })
    expect(stderr).toBe('Whoever uses the link to PutObject must send these headers: content-type: text/plain\n')
  })
})

describe('explain endpoint', () => {
  const explained = async (argv: string[], env: Record<string, string> = {}): Promise<Record<string, any>> => {
    const { stdout, stderr } = await ran({ argv: ['explain', 'endpoint', ...argv], env })
    expect(stderr).toBe('')
    return JSON.parse(stdout) as Record<string, unknown>
  }

  test('of a service', async () => {
    expect(await explained(['sts'])).toMatchObject({
      Url: 'https://sts.us-east-1.amazonaws.com/',
      From: 'the rules of AWS',
      Region: 'us-east-1',
      RegionFrom: 'AWS_REGION',
      Signing: { Scheme: 'sigv4', Name: 'sts', Region: 'us-east-1' },
    })
  })
  test('of S3, by either name', async () => {
    expect(await explained(['s3'])).toEqual(await explained(['s3api']))
  })
  test('of an operation, with some of its options', async () => {
    expect(await explained(['s3api', 'get-object', '--bucket', 'bkt', '--region', 'eu-west-1'])).toMatchObject({
      Url: 'https://bkt.s3.eu-west-1.amazonaws.com/',
      RegionFrom: 'the option --region',
    })
  })
  test('that somebody named', async () => {
    expect(await explained(['sqs'], { AWS_ENDPOINT_URL_SQS: 'http://localhost:1' })).toMatchObject({
      Url: 'http://localhost:1/',
      From: 'AWS_ENDPOINT_URL_SQS',
    })
    expect(await explained(['sqs', '--endpoint-url', 'http://localhost:2'])).toMatchObject({
      From: 'the option --endpoint-url',
    })
  })
  test('for a whole partition', async () => {
    const { stdout } = await ran({ argv: ['explain', 'endpoint', 'iam'], env: { AWS_REGION: '' } })
    expect(JSON.parse(stdout)).toMatchObject({
      Url: 'https://iam.amazonaws.com/',
      Region: 'aws-global',
      Signing: { Region: 'us-east-1' },
    })
  })
  test('with a host prefix whose member is not given', async () => {
    const point = 'arn:aws:s3:us-west-2:123456789012:accesspoint:mfzwi23gnjvgw.mrap'
    expect(await explained(['s3api', 'get-object', '--bucket', point.replace('us-west-2', '')])).toMatchObject({
      Signing: { Scheme: 'sigv4a', RegionSet: ['*'] },
    })
    expect((await explained(['servicediscovery', 'discover-instances']))['Url']).toBe(
      'https://data-servicediscovery.us-east-1.amazonaws.com/',
    )
  })
  test('signs nothing and sends nothing', async () => {
    const { sent } = await ran({
      argv: ['explain', 'endpoint', 'sts'],
      env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' },
    })
    expect(sent).toHaveLength(0)
  })
})
