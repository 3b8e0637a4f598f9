// The package as it is published, on Node, without Bun: a signed call over a real socket, and its errors.

import assert from 'node:assert/strict'
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { aws, AwsError, responseOf } from '../../dist/npm/virga/lib/index.js'

const seen = []
let answer
const server = createServer((request, response) => {
  const pieces = []
  request.on('data', (piece) => pieces.push(piece))
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString()
    seen.push({ method: request.method, url: request.url, headers: request.headers, body })
    const { status = 200, type = 'text/xml', text, headers = {} } = answer(body, request)
    response.writeHead(status, { 'content-type': type, 'x-amzn-requestid': 'r-1', ...headers }).end(text)
  })
})
let mine
before(async () => {
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  mine = aws.with({
    region: 'eu-west-1',
    endpointUrl: `http://127.0.0.1:${server.address().port}`,
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  })
})
after(() => server.close())

const identity =
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>'

test('a call is signed and its answer read', async () => {
  answer = () => ({ text: identity })
  const output = await mine.sts().getCallerIdentity()
  assert.deepEqual({ ...output }, { Account: '123456789012' })
  const { headers, body } = seen.at(-1)
  assert.equal(body, 'Action=GetCallerIdentity&Version=2011-06-15')
  assert.match(headers.authorization, /^AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/sts\/aws4_request, /)
  assert.match(headers['user-agent'], /^virga\/[\d.]+ ua\/2\.1 .* lang\/js md\/nodejs#/)
})

test('what a response says beside its output', async () => {
  answer = () => ({ text: identity })
  const { status, requestId, retries } = responseOf(await mine.sts().getCallerIdentity())
  assert.deepEqual({ status, requestId, retries }, { status: 200, requestId: 'r-1', retries: 0 })
})

test('settings of one call', async () => {
  answer = () => ({ text: identity })
  await mine.sts().getCallerIdentity({}, { region: 'us-west-2', headers: { 'x-mine': '1' } })
  const { headers } = seen.at(-1)
  assert.match(headers.authorization, /\/us-west-2\/sts\/aws4_request, SignedHeaders=[^,]*x-mine/)
  await mine.sts().getCallerIdentity({}, { anonymous: true })
  assert.equal(seen.at(-1).headers.authorization, undefined)
})

test('an error of the service is thrown with its code', async () => {
  answer = () => ({
    status: 404,
    text: '<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>The user with name x cannot be found.</Message></Error></ErrorResponse>',
  })
  const iam = mine.iam()
  await assert.rejects(iam.getUser({ UserName: 'x' }), (error) => {
    assert.ok(error instanceof AwsError)
    assert.ok(iam.isError(error, 'NoSuchEntity') && !iam.isError(error, 'LimitExceeded'))
    return error.status === 404
  })
})

test('bad input never leaves', async () => {
  const before = seen.length
  await assert.rejects(mine.s3().getObject({ Bucket: 'b' }), /Missing required parameter in input: "Key"/)
  await assert.rejects(mine.s3().getObjekt({ Bucket: 'b' }), /s3 has no operation getObjekt/)
  await assert.rejects(mine.s4().getObject({ Bucket: 'b' }), /s4/)
  assert.equal(seen.length, before)
})

test('pages follow one another, and items pages', async () => {
  answer = (body) => ({
    type: 'application/x-amz-json-1.0',
    text: JSON.parse(body).ExclusiveStartTableName
      ? '{"TableNames":["ccc"]}'
      : '{"TableNames":["aaa","bbb"],"LastEvaluatedTableName":"bbb"}',
  })
  const dynamodb = mine.dynamodb()
  const pages = []
  for await (const { TableNames } of dynamodb.listTables.pages()) pages.push(TableNames)
  assert.deepEqual(pages, [['aaa', 'bbb'], ['ccc']])
  const names = []
  for await (const name of dynamodb.listTables.items({}, { pageSize: 2 })) names.push(name)
  assert.deepEqual(names, ['aaa', 'bbb', 'ccc'])
  assert.equal(JSON.parse(seen.at(-1).body).Limit, 2)
})

test('a waiter asks until it is so', async () => {
  const states = ['CREATING', 'CREATING', 'ACTIVE']
  answer = () => ({
    type: 'application/x-amz-json-1.0',
    text: JSON.stringify({ Table: { TableStatus: states.shift() } }),
  })
  await mine.dynamodb().wait.tableExists({ TableName: 'ttt' }, { delay: 0 })
  assert.equal(states.length, 0)
  answer = () => ({ type: 'application/x-amz-json-1.0', text: '{"Table":{"TableStatus":"CREATING"}}' })
  const waiting = mine.dynamodb().wait.tableExists({ TableName: 'ttt' }, { delay: 0, attempts: 2 })
  await assert.rejects(waiting, /Waiter TableExists failed: Max attempts exceeded/)
})

test('dates are Dates, blobs are bytes, big integers exact', async () => {
  answer = () => ({
    type: 'application/x-amz-json-1.1',
    text: '{"KeyMetadata":{"KeyId":"k","CreationDate":1767323045.5}}',
  })
  const { KeyMetadata } = await mine.kms().describeKey({ KeyId: 'k' })
  assert.deepEqual(KeyMetadata.CreationDate, new Date('2026-01-02T03:04:05.500Z'))
})

test('a link for any operation', async () => {
  const { url, method } = await mine.s3().getObject.presign({ Bucket: 'b', Key: 'a b' }, { expires: 60 })
  assert.equal(method, 'GET')
  assert.match(url, /\/b\/a%20b\?X-Amz-Algorithm=AWS4-HMAC-SHA256&.*X-Amz-Expires=60&/)
})

test('a body can be read as text, JSON, bytes, or as a stream', async () => {
  answer = () => ({ type: 'application/json', text: '{"a":"ü"}' })
  const s3 = mine.s3()
  const body = async () => (await s3.getObject({ Bucket: 'b', Key: 'k' })).Body
  assert.equal(await (await body()).text(), '{"a":"ü"}')
  assert.deepEqual(await (await body()).json(), { a: 'ü' })
  assert.equal((await (await body()).bytes()).length, 10)
  const pieces = []
  for await (const piece of await body()) pieces.push(piece)
  assert.equal(Buffer.concat(pieces).toString(), '{"a":"ü"}')
  assert.equal((await new Response(await body()).text()).length, 9)
})

test('any source of bytes can be sent', async () => {
  answer = () => ({ text: '' })
  const s3 = mine.s3()
  const sent = async (Body, more) => {
    await s3.putObject({ Bucket: 'b', Key: 'k', Body, ...more })
    return seen.at(-1).body
  }
  assert.equal(await sent('ü'), 'ü')
  assert.equal(await sent(new TextEncoder().encode('bytes')), 'bytes')
  assert.equal(await sent(new Blob(['a blob'])), 'a blob')
  assert.match(await sent(Readable.from(['a ', 'stream']), { ContentLength: 8 }), /a stream|a .*\r\n.*stream/s)
})

test('of a file that is streamed the length is known', async () => {
  answer = () => ({ text: '' })
  const [name, size] = [fileURLToPath(import.meta.url), statSync(import.meta.filename).size]
  await mine.s3().putObject({ Bucket: 'b', Key: 'k', Body: createReadStream(name) })
  assert.equal(
    seen.at(-1).headers['x-amz-decoded-content-length'] ?? seen.at(-1).headers['content-length'],
    String(size),
  )
  await mine.s3().putObject({ Bucket: 'b', Key: 'k', Body: createReadStream(name, { start: 3, end: 12 }) })
  assert.equal(seen.at(-1).headers['x-amz-decoded-content-length'] ?? seen.at(-1).headers['content-length'], '10')
})

test('an abort ends a call', async () => {
  let reached
  const arrived = new Promise((resolve) => (reached = resolve))
  const silent = createServer(() => reached())
  await new Promise((ready) => silent.listen(0, '127.0.0.1', ready))
  const controller = new AbortController()
  const endpointUrl = `http://127.0.0.1:${silent.address().port}`
  const calling = mine.sts().getCallerIdentity({}, { signal: controller.signal, endpointUrl })
  await arrived
  controller.abort()
  await assert.rejects(calling, { name: 'Failure', kind: 'Interrupted' })
  silent.closeAllConnections()
  silent.close()
})

test('an observer sees calls begin and end', async () => {
  answer = () => ({ text: identity })
  const told = []
  const observe = ({ serviceId, operation }) => {
    told.push(`${serviceId}.${operation}`)
    return ({ output, response, milliseconds }) => told.push([output.Account, response.status, milliseconds > 0])
  }
  await mine.sts({ observe }).getCallerIdentity()
  assert.deepEqual(told, ['STS.GetCallerIdentity', ['123456789012', 200, true]])
  answer = () => ({ status: 403, text: '<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>' })
  const failing = mine.sts({ observe: () => ({ ended: ({ error }) => told.push(error.code) }) }).getCallerIdentity()
  await assert.rejects(failing)
  assert.equal(told.at(-1), 'AccessDenied')
})

test('clients of one session share credentials; a client with its own has its own', async () => {
  answer = () => ({ text: identity })
  let asked = 0
  const credentials = async () => ({ accessKeyId: `AKID${++asked}`, secretAccessKey: 's' })
  const session = mine.with({ credentials })
  await session.sts().getCallerIdentity()
  await session.sts().getCallerIdentity()
  assert.equal(asked, 1)
  await session.sts({ credentials: { accessKeyId: 'OWN', secretAccessKey: 's' } }).getCallerIdentity()
  assert.match(seen.at(-1).headers.authorization, /Credential=OWN\//)
})
