// `virga/local` on Node: an account in memory, its permissions, its clock, and a port for others.

import assert from 'node:assert/strict'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import { localAws } from '../../dist/npm/virga/lib/embedded.js'
import { aws } from '../../dist/npm/virga/lib/index.js'

let account
before(async () => {
  account = await localAws({ region: 'eu-west-1' })
})
after(() => account.close())

test('an administrator, and a user who may less', async () => {
  const iam = account.aws.iam()
  await iam.createUser({ UserName: 'reader' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'reader' })
  await iam.putUserPolicy({
    UserName: 'reader',
    PolicyName: 'read',
    PolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shared/*' }],
    }),
  })
  const s3 = account.aws.s3()
  await s3.createBucket({ Bucket: 'shared', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })
  await s3.putObject({ Bucket: 'shared', Key: 'a.txt', Body: 'read me' })
  const credentials = { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
  const reader = account.as({ credentials }).s3()
  const { Body } = await reader.getObject({ Bucket: 'shared', Key: 'a.txt' })
  assert.equal(await Body.text(), 'read me')
  await assert.rejects(reader.deleteObject({ Bucket: 'shared', Key: 'a.txt' }), (error) => {
    assert.ok(reader.isError(error, 'AccessDenied'))
    return /user\/reader is not authorized to perform: s3:DeleteObject on resource/.test(error.message)
  })
})

test('credentials that end, when the clock is moved', async () => {
  const other = await localAws()
  const { Credentials } = await other.aws.sts().getSessionToken({ DurationSeconds: 900 })
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = Credentials
  const sts = other.as({ credentials: { accessKeyId, secretAccessKey, sessionToken } }).sts()
  assert.equal((await sts.getCallerIdentity()).Account, other.accountId)
  other.advance(901_000)
  await assert.rejects(sts.getCallerIdentity(), (error) => sts.isError(error, 'ExpiredToken'))
  await other.close()
})

test('what was done is forgotten by reset, and never seen by another account', async () => {
  const other = await localAws({ accountId: '210987654321' })
  await other.aws.iam().createUser({ UserName: 'passing' })
  await assert.rejects(account.aws.iam().getUser({ UserName: 'passing' }), { code: 'NoSuchEntity' })
  await other.reset()
  await assert.rejects(other.aws.iam().getUser({ UserName: 'passing' }), { code: 'NoSuchEntity' })
  assert.match((await other.aws.sts().getCallerIdentity()).Arn, /^arn:aws:iam::210987654321:user\/admin$/)
  await other.close()
})

test('a call that was given up before it was made', async () => {
  const calling = account.aws.sts().getCallerIdentity({}, { signal: AbortSignal.abort() })
  await assert.rejects(calling, { name: 'Failure', kind: 'Interrupted' })
})

test('a port for others', async () => {
  const server = await account.listen()
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL, AWS_REGION } = server.env
  const outside = aws.with({
    region: AWS_REGION,
    endpointUrl: AWS_ENDPOINT_URL,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  })
  assert.equal((await outside.sts().getCallerIdentity()).Account, account.accountId)
  const status = await new Promise((resolve, reject) =>
    request(`${server.url}/shared/a.txt`, (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end(),
  )
  assert.equal(status, 403)
  await server.close()
  await assert.rejects(outside.sts({ maxAttempts: 1 }).getCallerIdentity(), { kind: 'Connection' })
})

test('nothing of the machine is seen', async () => {
  const { env } = process
  const before = { ...env }
  Object.assign(env, {
    AWS_ACCESS_KEY_ID: 'FOREIGN',
    AWS_SECRET_ACCESS_KEY: 's',
    AWS_REGION: 'ap-south-1',
    AWS_PROFILE: 'x',
  })
  try {
    const fresh = await localAws()
    assert.match((await fresh.aws.sts().getCallerIdentity()).Arn, /user\/admin$/)
    await fresh.close()
  } finally {
    for (const name of Object.keys(env)) if (!(name in before)) delete env[name]
    Object.assign(env, before)
  }
})
