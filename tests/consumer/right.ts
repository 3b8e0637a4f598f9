// What is right compiles: the other side of the table of mistakes.

import { aws, fromAwsSdk, fromChain, fromProfile, javaChain, toAwsSdk } from 'virga'
import type { Credentials, Observe } from 'virga'
import { Decimal, documents } from 'virga/documents'
import { openTelemetry } from 'virga/opentelemetry'
import type { AttributeValue } from 'virga/dynamodb'
import type { GetObjectOutput, StorageClass } from 'virga/s3'
import { bedrockRuntime } from 'virga/bedrock-runtime'
import { polly } from 'virga/polly'

export async function right(session: ReturnType<typeof aws.with>): Promise<void> {
  const s3 = session.s3({ maxAttempts: 5, readTimeout: 10 })
  await s3.putObject({ Bucket: 'b', Key: 'k', Body: new Blob(['x']), StorageClass: 'GLACIER' })
  await s3.putObject({ Bucket: 'b', Key: 'k', Body: new ReadableStream<Uint8Array>() })
  await s3.listBuckets()
  await s3.listBuckets({ MaxBuckets: 1 }, { signal: AbortSignal.timeout(1000), region: 'us-east-1' })
  const output: GetObjectOutput = await s3.getObject({ Bucket: 'b', Key: 'k' })
  const kind: StorageClass | undefined = output.StorageClass
  const when: Date | undefined = output.LastModified
  for await (const piece of output.Body) piece satisfies Uint8Array
  void [kind, when]

  const { Payload } = await s3.selectObjectContent({
    Bucket: 'b',
    Key: 'k',
    Expression: 'select 1',
    ExpressionType: 'SQL',
    InputSerialization: {},
    OutputSerialization: {},
  })
  for await (const event of Payload) if (event.Records) event.Records.Payload satisfies Uint8Array | undefined

  const attribute: AttributeValue = { M: { list: { L: [{ S: 'x' }, { NULL: true }] } } }
  const tables = session.dynamodb()
  await tables.putItem({ TableName: 't', Item: { id: { S: 'a' }, nested: attribute } })
  const { Item } = await tables.getItem({ TableName: 't', Key: { id: { S: 'a' } } })
  const text: string | undefined = Item?.['id']?.S

  const plain = documents(tables)
  await plain.putItem({
    TableName: 't',
    Item: { id: 'a', count: 12n, price: new Decimal('0.1'), tags: new Set(['x']) },
  })
  const got = await plain.getItem({ TableName: 't', Key: { id: 'a' } })
  const anything: Record<string, any> | undefined = got.Item
  for await (const item of plain.scan.items({ TableName: 't' })) void item['id']
  void [text, anything]

  try {
    await tables.deleteItem({ TableName: 't', Key: {} })
  } catch (error) {
    if (tables.isError(error, 'ConditionalCheckFailedException'))
      error.detail.Item?.['id'] satisfies AttributeValue | undefined
    if (tables.isError(error, 'SomethingUnmodelled')) error.message satisfies string
  }

  const model = bedrockRuntime()
  const { stream } = await model.converseStream({
    modelId: 'm',
    messages: [{ role: 'user', content: [{ text: 'hi' }] }],
  })
  for await (const event of stream) event.contentBlockDelta?.delta?.text satisfies string | undefined

  async function* words() {
    yield { TextEvent: { Text: 'hello' } }
  }
  const speech = await polly().startSpeechSynthesisStream({
    VoiceId: 'Joanna',
    OutputFormat: 'mp3',
    Engine: 'generative',
    ActionStream: words(),
  })
  for await (const { AudioEvent } of speech.EventStream) AudioEvent?.AudioChunk satisfies Uint8Array | undefined

  const observe: Observe =
    ({ operation, region }) =>
    ({ error, milliseconds }) =>
      void [operation, region, error, milliseconds]
  void aws.with({ observe, credentials: fromProfile('dev') })
  void aws.sts({ credentials: fromChain() })
  void aws.sts({ credentials: javaChain({ profile: 'dev' }) })
  void aws.sts({ credentials: fromAwsSdk(toAwsSdk(fromChain())) })
  const keys: Credentials = { accessKeyId: 'a', secretAccessKey: 'b' }
  void aws.sts({ credentials: keys })
  void openTelemetry
}
