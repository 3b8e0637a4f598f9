// The doors beside AWS: this program's own, moto's and LocalStack's; and that what is signed is AWS's.

import { describe, expect, test } from 'bun:test'
import { text, utf8 } from '../../lib/bytes.ts'
import { readBody, type HttpRequest } from '../../http/message.ts'
import { serve } from '../serve.ts'
import { sign } from '../../sign/sigv4.ts'
import { adminKeys, bench } from '../account.fixture.ts'
import { settingsOf } from '../settings.ts'
import { besideAws } from './doors.ts'

const b = bench()
let closed = 0
const house = { world: b.world, started: new Date(), close: () => void closed++ }

async function ask(method: string, target: string, body = '', headers: HttpRequest['headers'] = {}) {
  const [path, query = ''] = target.split('?') as [string, string | undefined]
  const request: HttpRequest = { method, scheme: 'http', host: 'localhost', path, query, headers, body: utf8(body) }
  const response = await besideAws(request, house)
  if (response === undefined) return undefined
  const said = text(await readBody(response.body))
  return { status: response.status, said, json: said === '' ? undefined : JSON.parse(said) }
}

const users = async (): Promise<string[]> =>
  (await b.call('iam', 'ListUsers')).Users.map(({ UserName }: { UserName: string }) => UserName)

test.each([
  ['GET', '/'],
  ['GET', '/health/object'],
  ['POST', '/_other/health'],
  ['GET', '/moto-apis/x'],
  ['GET', '/moto-api/object?X-Amz-Signature=1'],
])('%s %s is for AWS', async (method, target) => {
  expect(await ask(method, target)).toBeUndefined()
})

test('what is signed is for AWS, whatever it is called', async () => {
  for (const path of ['/moto-api/reset', '/_localstack/state/reset', '/_virga/reset', '/health'])
    expect(await ask('POST', path, '', { authorization: 'AWS4-HMAC-SHA256 …' })).toBeUndefined()
})

test.each([
  ['POST', '/moto-api/reset', '{"status":"ok"}\n'],
  ['POST', '/_localstack/state/reset', ''],
  ['POST', '/_virga/reset', '{"reset":true}\n'],
])('%s %s forgets everything but the accounts', async (method, path, said) => {
  await b.call('iam', 'CreateUser', { UserName: 'ana' })
  expect(await users()).toEqual(['admin', 'ana'])
  expect(await ask(method, path)).toMatchObject({ status: 200, said })
  expect(await users()).toEqual(['admin'])
})

describe('LocalStack', () => {
  test('tells what runs, as its health checks look for it', async () => {
    await b.call('sts', 'GetCallerIdentity')
    for (const path of ['/_localstack/health', '/health']) {
      const { said, json } = (await ask('GET', path))!
      expect(json.services.sts).toBe('running')
      expect(said).toMatch(/"s3": "(available|running)"/)
    }
  })

  test('is ready at once', async () => {
    expect((await ask('GET', '/_localstack/init'))!.json.completed).toEqual({
      BOOT: true,
      START: true,
      READY: true,
      SHUTDOWN: false,
    })
    expect((await ask('GET', '/_localstack/init/ready'))!.json).toEqual({
      stage: 'READY',
      completed: true,
      scripts: [],
    })
    expect((await ask('GET', '/_localstack/info'))!.json).toMatchObject({ is_license_activated: false, uptime: 0 })
    expect((await ask('GET', '/_localstack/other'))!.status).toBe(404)
  })

  test('is told to end', async () => {
    expect((await ask('POST', '/_localstack/health', '{"action": "kill"}'))!.status).toBe(200)
    await Bun.sleep(20)
    expect(closed).toBe(1)
    expect((await ask('POST', '/_localstack/health', '{"action": "dance"}'))!.status).toBe(400)
  })
})

test('moto: what there is, by service and kind', async () => {
  await b.call('s3', 'CreateBucket', { Bucket: 'a-bucket' })
  const { json } = (await ask('GET', '/moto-api/data.json'))!
  expect(json.s3.FakeBucket).toMatchObject([{ Name: 'a-bucket' }])
  expect(json.iam.User).toMatchObject([{ UserName: 'admin' }])
  expect((await ask('POST', '/moto-api/reset-auth'))!.json).toEqual({ status: 'ok' })
  expect((await ask('POST', '/moto-api/seed?a=42'))!.status).toBe(501)
})

describe('the clock', () => {
  const shown = async (): Promise<number> => Date.parse((await ask('GET', '/_virga/clock'))!.json.now)

  test('is advanced, set and real again', async () => {
    await ask('POST', '/_virga/clock', '{"advance": "2h"}')
    expect((await shown()) - Date.now()).toBeWithin(7_190_000, 7_210_000)
    await ask('POST', '/_virga/clock', '{"set": "2030-01-01T00:00:00Z"}')
    expect((await shown()) - Date.parse('2030-01-01')).toBeWithin(0, 10_000)
    await ask('POST', '/_virga/clock', '{"set": "2001-01-01"}')
    expect((await shown()) - Date.parse('2001-01-01')).toBeWithin(0, 10_000)
    await ask('POST', '/_virga/clock', '{"real": true}')
    expect((await shown()) - Date.now()).toBeWithin(-10_000, 10_000)
  })

  test.each(['{"advance": "soon"}', '{"set": "tomorrow"}', '{"real": 1}', '{}', 'x', '[1]'])(
    'is not moved by %s',
    async (body) => {
      const answer = (await ask('POST', '/_virga/clock', body))!
      expect(answer.status).toBe(400)
      expect(answer.json.message).not.toBe('')
    },
  )
})

test('faults are added, listed and cleared', async () => {
  const added = await ask('POST', '/_virga/faults', '{"kind": "throttle", "service": "s3", "operations": ["Get*"]}')
  expect(added).toMatchObject({ status: 201, json: { id: '1', kind: 'throttle', rate: 1, seed: 0 } })
  await ask('POST', '/_virga/faults', '{"kind": "drop"}')
  expect((await ask('GET', '/_virga/faults'))!.json.faults).toHaveLength(2)
  expect((await ask('DELETE', '/_virga/faults/1'))!.status).toBe(200)
  expect((await ask('DELETE', '/_virga/faults/1'))!.status).toBe(404)
  expect((await ask('DELETE', '/_virga/faults'))!.status).toBe(200)
  expect((await settingsOf(b.world)).faults).toEqual([])
  const wrong = (await ask('POST', '/_virga/faults', '{"kind": "drop", "service": "s33"}'))!
  expect([wrong.status, wrong.json.message]).toEqual([400, 'there is no service s33; near it: s3, sdb, ses'])
})

describe('names that lead here', () => {
  const own = bench()
  const get = async (host: string, path: string, service: string, headers: HttpRequest['headers'] = {}, body = '') => {
    const method = body === '' ? 'GET' : 'POST'
    const plain: HttpRequest = { method, scheme: 'http', host, path, query: '', headers, body: utf8(body) }
    const options = { credentials: adminKeys, region: 'us-east-1', service, date: new Date() }
    const response = await serve(sign(plain, options), own.world)
    return [response.status, text(await readBody(response.body))] as const
  }

  test.each([
    ['localhost:4566', '/a-bucket/k'],
    ['s3.localhost.localstack.cloud:4566', '/a-bucket/k'],
    ['a-bucket.s3.localhost.localstack.cloud:4566', '/k'],
    ['a-bucket.s3.us-east-1.localhost.localstack.cloud:4566', '/k'],
    ['a-bucket.s3.localhost:8474', '/k'],
    ['s3.amazonaws.com', '/a-bucket/k'],
    ['a-bucket.s3.amazonaws.com', '/k'],
    ['a-bucket.s3.us-west-2.amazonaws.com', '/k'],
    ['host.docker.internal:4566', '/a-bucket/k'],
  ])('%s: an object', async (host, path) => {
    await own.call('s3', 'CreateBucket', { Bucket: 'a-bucket' }).catch(() => {})
    await own.call('s3', 'PutObject', { Bucket: 'a-bucket', Key: 'k', Body: utf8('hello') })
    expect(await get(host, path, 's3')).toEqual([200, 'hello'])
  })

  test('an account before the name of DynamoDB', async () => {
    const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.ListTables' }
    const [status, body] = await get('123456789012.ddb.us-east-1.amazonaws.com', '/', 'dynamodb', headers, '{}')
    expect([status, JSON.parse(body)]).toEqual([200, { TableNames: [] }])
  })

  test('an account before the name of S3 Control', async () => {
    const headers = { 'x-amz-account-id': '123456789012' }
    const path = '/v20180820/configuration/publicAccessBlock'
    const [status, body] = await get('123456789012.s3-control.us-east-1.amazonaws.com', path, 's3', headers)
    expect([status, body.includes('<Code>NoSuchPublicAccessBlockConfiguration</Code>')]).toEqual([404, true])
  })
})
