// The built library on Node, without Bun: a signed call over a real socket, and its errors.

import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { homedir } from 'node:os'
import { after, before, test } from 'node:test'
import { AwsError, call, fileSource, link, loadSettings, openModels, paginate } from '../../dist/library/index.js'

const seen = []
let answer
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (piece) => (body += piece))
  request.on('end', () => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body })
    const { status = 200, type = 'text/xml', text } = answer(body)
    response.writeHead(status, { 'content-type': type }).end(text)
  })
})
let models, settings
before(async () => {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  models = await openModels({ source: fileSource('build/models.bin') })
  settings = await loadSettings(
    models,
    {
      region: 'eu-west-1',
      endpointUrl: `http://127.0.0.1:${server.address().port}`,
      maxAttempts: 1,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
    },
    { env: {}, home: homedir(), clock: () => new Date('2026-01-02T03:04:05Z') },
  )
})
after(() => server.close())

test('a call is signed and its answer read', async () => {
  answer = () => ({
    text: '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
  })
  const output = await call(await models.operation('sts', 'GetCallerIdentity'), {}, settings)
  assert.deepEqual({ ...output }, { Account: '123456789012' })
  const { headers, body } = seen.at(-1)
  assert.equal(body, 'Action=GetCallerIdentity&Version=2011-06-15')
  assert.match(
    headers.authorization,
    /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/20260102\/eu-west-1\/sts\/aws4_request, /,
  )
})

test('an error of the service is thrown with its code', async () => {
  answer = () => ({
    status: 404,
    text: '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>The user with name x cannot be found.</Message></Error></ErrorResponse>',
  })
  await assert.rejects(
    async () => call(await models.operation('iam', 'GetUser'), { UserName: 'x' }, settings),
    (error) => error instanceof AwsError && error.code === 'NoSuchEntity' && error.status === 404,
  )
})

test('bad input never leaves', async () => {
  const before = seen.length
  await assert.rejects(
    async () => call(await models.operation('s3', 'GetObject'), { Bucket: 'b' }, settings),
    /Missing required parameter in input: "Key"/,
  )
  assert.equal(seen.length, before)
})

test('pages follow one another', async () => {
  answer = (body) => ({
    type: 'application/x-amz-json-1.0',
    text: JSON.parse(body).ExclusiveStartTableName
      ? '{"TableNames":["ccc"]}'
      : '{"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"}',
  })
  const operation = await models.operation('dynamodb', 'ListTables')
  const names = []
  for await (const page of paginate(operation, operation.service.paginator('ListTables'), {}, settings).pages)
    names.push(...page.TableNames)
  assert.deepEqual(names, ['aaa', 'bbb', 'ccc'])
})

test('dates are Dates, blobs are bytes, big integers exact', async () => {
  answer = () => ({
    type: 'application/x-amz-json-1.1',
    text: '{"KeyMetadata":{"KeyId":"k","CreationDate":1767323045.5}}',
  })
  const { KeyMetadata } = await call(await models.operation('kms', 'DescribeKey'), { KeyId: 'k' }, settings)
  assert.deepEqual(KeyMetadata.CreationDate, new Date('2026-01-02T03:04:05.500Z'))
})

test('a link for any operation', async () => {
  const operation = await models.operation('s3', 'GetObject')
  const { url } = await link(operation, { Bucket: 'b', Key: 'a b' }, settings, { expires: 60 })
  assert.match(url, /\/b\/a%20b\?X-Amz-Algorithm=AWS4-HMAC-SHA256&/)
})
