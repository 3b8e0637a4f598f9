// The library beside others: its credentials in clients of `@aws-sdk/*` and theirs in ours, both against the local
// AWS, which checks who signed; its calls as spans of the real OpenTelemetry.

import { afterAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createRequire } from 'node:module'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { libraryPeers, scratch } from './witnesses/witnesses.ts'

setDefaultTimeout(60_000)
const peers = libraryPeers()
if ('missing' in peers) console.log(`skipped: ${peers.missing}`)
const load = createRequire(join('found' in peers ? peers.found : import.meta.dir, 'package.json'))

const published = async (door: string): Promise<any> =>
  import(join(import.meta.dir, '../dist/npm/virga/lib', `${door}.js`))
const { fromAwsSdk, fromProfile, toAwsSdk } = await published('index')
const { openTelemetry } = await published('opentelemetry')
const { localAws } = await published('embedded')
const account = await localAws({ region: 'eu-west-1' })
afterAll(() => account.close())
const sts = (settings: object) => account.as(settings).sts()
const arn = `arn:aws:iam::${account.accountId}:user/admin`

describe.skipIf(!('found' in peers))('@aws-sdk', () => {
  test('takes our credentials', async () => {
    const { STSClient, GetCallerIdentityCommand } = load('@aws-sdk/client-sts')
    await using server = await account.listen()
    const client = new STSClient({
      region: 'eu-west-1',
      endpoint: server.url,
      credentials: toAwsSdk(account.credentials),
    })
    expect(await client.send(new GetCallerIdentityCommand({}))).toMatchObject({ Arn: arn })
  })

  test('gives us its credentials', async () => {
    const { fromIni } = load('@aws-sdk/credential-providers')
    const { accessKeyId, secretAccessKey } = account.credentials
    const home = scratch('peers')
    const file = join(home, 'credentials')
    writeFileSync(file, `[theirs]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`)
    const theirs = fromIni({ profile: 'theirs', filepath: file, configFilepath: file })
    expect(await sts({ credentials: fromAwsSdk(theirs) }).getCallerIdentity()).toMatchObject({ Arn: arn })
  })

  test('both find the same in a profile', async () => {
    const { fromIni } = load('@aws-sdk/credential-providers')
    const home = scratch('peers')
    mkdirSync(join(home, '.aws'))
    const file = join(home, '.aws', 'credentials')
    writeFileSync(file, '[dev]\naws_access_key_id = AKIDEXAMPLE\naws_secret_access_key = s\naws_session_token = t\n')
    process.env.AWS_SHARED_CREDENTIALS_FILE = file
    try {
      const ours = await toAwsSdk(fromProfile('dev'))()
      const { $source, ...theirs } = await fromIni({ profile: 'dev', filepath: file, configFilepath: file })()
      expect(ours).toEqual(theirs)
    } finally {
      delete process.env.AWS_SHARED_CREDENTIALS_FILE
    }
  })

  test('their credentials are asked for once, and again before they end', async () => {
    let asked = 0
    const theirs = async () => {
      asked++
      return { ...account.credentials, expiration: new Date(Date.now() + (asked === 1 ? 60_000 : 3_600_000)) }
    }
    const client = sts({ credentials: fromAwsSdk(theirs) })
    for (let call = 0; call < 4; call++) await client.getCallerIdentity()
    expect(asked).toBe(2)
  })
})

describe.skipIf(!('found' in peers))('OpenTelemetry', () => {
  const { context, trace } = load('@opentelemetry/api')
  const { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } = load('@opentelemetry/sdk-trace-base')
  const { AsyncLocalStorageContextManager } = load('@opentelemetry/context-async-hooks')
  const exporter = new InMemorySpanExporter()
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }))
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const traced = account.as({ credentials: account.credentials, observe: openTelemetry({ context, trace }) })

  test('a call is a span', async () => {
    exporter.reset()
    await traced.s3().createBucket({ Bucket: 'traced', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })
    const [span] = exporter.getFinishedSpans()
    expect(span.name).toBe('S3.CreateBucket')
    expect(span.attributes).toMatchObject({
      'rpc.system': 'aws-api',
      'rpc.service': 'S3',
      'rpc.method': 'CreateBucket',
      'cloud.region': 'eu-west-1',
      'http.response.status_code': 200,
      'aws.request_id': expect.stringMatching(/^[A-Z0-9]{16}$/),
    })
  })

  test('an error is told, and the span it happened in', async () => {
    exporter.reset()
    const outer = trace.getTracer('test').startSpan('outer')
    const failing = context.with(trace.setSpan(context.active(), outer), () =>
      traced.s3().headBucket({ Bucket: 'not-there' }),
    )
    await expect(failing).rejects.toMatchObject({ code: '404' })
    const [span] = exporter.getFinishedSpans()
    expect(span.status.code).toBe(2)
    expect(span.attributes['error.type']).toBe('404')
    expect(span.parentSpanContext.spanId).toBe(outer.spanContext().spanId)
  })
})
