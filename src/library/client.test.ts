// What a client does with a call beside making it: names, settings, observers, bodies, events.

import { describe, expect, test } from 'bun:test'
import { inspect } from 'node:util'
import { concat, utf8 } from '../lib/bytes.ts'
import { encodeFrame } from '../lib/event-stream.ts'
import { AwsError } from '../lib/errors.ts'
import { answered } from './models.fixture.ts'
import { responseOf } from './response.ts'

const identity = (account: string) => ({
  body: `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>${account}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
})

describe('names', () => {
  const names: [called: string, service: string][] = [
    ['sts', 'sts'],
    ['cognitoIdp', 'cognito-idp'],
    ['cognito-idp', 'cognito-idp'],
    ['resourceExplorer2', 'resource-explorer-2'],
    ['lexv2Runtime', 'lexv2-runtime'],
  ]
  test.each(names)('%s', async (called, service) => {
    const { aws } = answered(() => ({ body: {} }))
    const error = await aws[called]()
      .nothingLikeThis()
      .catch((each: Error) => each)
    expect(error).toMatchObject({ kind: 'UnknownOperation', message: `${service} has no operation nothingLikeThis` })
  })

  test('what is not there', async () => {
    const { aws } = answered(() => ({}))
    await expect(aws.s4().getObject()).rejects.toMatchObject({
      kind: 'UnknownService',
      message: 'there is no service s4',
    })
    await expect(aws.s3().wait.bucketIsThere({})).rejects.toThrow('s3 has no waiter bucketIsThere')
    await expect(aws.sts().getCallerIdentity.items().next()).rejects.toThrow('has no pages')
  })

  test('a client is an object like others', async () => {
    const { aws } = answered(() => identity('1'))
    const sts = aws.sts()
    expect(await sts).toBe(sts)
    expect(await aws).toBe(aws)
    expect(JSON.stringify({ sts, aws })).toBe('{"sts":{},"aws":{}}')
    expect([inspect(sts), inspect(aws), String(sts)]).toEqual(['{}', '{}', '[object Object]'])
    expect(sts.getCallerIdentity).toBe(sts.getCallerIdentity)
  })
})

describe('settings', () => {
  test('of a session, a client, a call: the nearest wins', async () => {
    const { aws, sent } = answered(() => identity('1'), { region: 'us-east-1' })
    const region = () => /\/(\w+-\w+-\d)\/sts/.exec(sent.at(-1)!.request.headers['authorization']!)![1]
    await aws.sts().getCallerIdentity()
    expect(region()).toBe('us-east-1')
    await aws.with({ region: 'us-east-2' }).sts().getCallerIdentity()
    expect(region()).toBe('us-east-2')
    await aws.sts({ region: 'eu-west-1' }).getCallerIdentity()
    expect(region()).toBe('eu-west-1')
    await aws.sts({ region: 'eu-west-1' }).getCallerIdentity({}, { region: 'eu-west-2' })
    expect(region()).toBe('eu-west-2')
    await aws.sts({ region: undefined }).getCallerIdentity({}, { region: undefined })
    expect(region()).toBe('us-east-1')
  })

  test('attempts of one call', async () => {
    const { aws, sent } = answered(() => ({ status: 503, body: '<x/>' }))
    await expect(aws.sts().getCallerIdentity({}, { maxAttempts: 2 })).rejects.toMatchObject({ status: 503 })
    expect(sent).toHaveLength(2)
  })

  test('a wrong one fails the call, and the next may go', async () => {
    const { aws } = answered(() => identity('1'))
    const sts = aws.sts({ region: 'no region' })
    await expect(sts.getCallerIdentity()).rejects.toMatchObject({ kind: 'InvalidConfig' })
    await expect(sts.getCallerIdentity()).rejects.toMatchObject({ kind: 'InvalidConfig' })
  })

  test('keys that are none are refused before anything is sent', async () => {
    const { aws, sent } = answered(() => identity('1'))
    const half = { kind: 'PartialCredentials', message: 'The credentials that were given have no secretAccessKey' }
    const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: '' }
    await expect(aws.sts({ credentials }).getCallerIdentity()).rejects.toMatchObject(half)
    await expect(aws.sts().getCallerIdentity({}, { credentials })).rejects.toMatchObject(half)
    expect(sent).toEqual([])
  })

  test.each([0, -1, 604_801, Number.NaN])('no link is good for %s seconds', async (expires) => {
    const { aws } = answered(() => ({}))
    const link = aws.s3().getObject.presign({ Bucket: 'b', Key: 'k' }, { expires })
    await expect(link).rejects.toThrow('A link is good for 1 to 604800 seconds')
  })

  test('a name of a program before ours', async () => {
    const { aws, sent } = answered(() => identity('1'), { userAgent: 'mine/1.0' })
    await aws.sts().getCallerIdentity()
    expect(sent[0]!.request.headers['user-agent']).toMatch(/^mine\/1\.0 virga\//)
  })
})

describe('in AWS Lambda', () => {
  const variables = { AWS_LAMBDA_FUNCTION_NAME: 'f', _X_AMZN_TRACE_ID: 'Root=1-5759e988;Sampled=1' }
  const traced = async (given: Record<string, string>) => {
    Object.assign(process.env, given)
    try {
      const { aws, sent } = answered(() => identity('1'))
      await aws.sts().getCallerIdentity()
      return sent[0]!.request.headers
    } finally {
      for (const name of Object.keys(variables)) delete process.env[name]
    }
  }

  test('a call says which invocation it is part of, unsigned', async () => {
    const headers = await traced(variables)
    expect(headers['x-amzn-trace-id']).toBe('Root=1-5759e988;Sampled=1')
    expect(headers['authorization']).not.toContain('trace-id')
  })

  test('elsewhere it does not', async () => {
    expect(await traced({ _X_AMZN_TRACE_ID: 'Root=1' })).not.toHaveProperty('x-amzn-trace-id')
  })
})

describe('observers', () => {
  test('see every call of a listing and of a waiter', async () => {
    const seen: string[] = []
    const observe = ({ operation }: { operation: string }) => void seen.push(operation)
    const tables = [{ TableNames: ['aaa'], LastEvaluatedTableName: 'aaa' }, { TableNames: ['bbb'] }]
    const { aws } = answered(
      ({ request }) => ({
        body: request.headers['x-amz-target']!.endsWith('ListTables')
          ? tables.shift()!
          : { Table: { TableStatus: 'ACTIVE' } },
      }),
      { observe },
    )
    const dynamodb = aws.dynamodb()
    for await (const _ of dynamodb.listTables.items({}, { observe: undefined })) continue
    await dynamodb.wait.tableExists({ TableName: 'ttt' })
    expect(seen).toEqual(['ListTables', 'ListTables', 'DescribeTable'])
  })

  test('may run the call inside of something', async () => {
    const { aws } = answered(() => identity('1'))
    const order: string[] = []
    const within = <T>(work: () => T): T => {
      order.push('before')
      return work()
    }
    await aws.sts({ observe: () => ({ within, ended: () => order.push('after') }) }).getCallerIdentity()
    expect(order).toEqual(['before', 'after'])
  })

  test('that fail change nothing', async () => {
    const { aws } = answered(() => identity('1'))
    const warned = new Promise((resolve) => process.once('warning', resolve))
    const ended = () => {
      throw new Error('the observer failed')
    }
    expect(await aws.sts({ observe: () => ({ ended }) }).getCallerIdentity()).toEqual({ Account: '1' })
    expect(await warned).toMatchObject({ message: 'the observer failed' })
  })

  test('are told of what never left', async () => {
    const { aws, sent } = answered(() => ({}))
    let error: unknown
    const observe = () => (outcome: { error?: unknown }) => void (error = outcome.error)
    await expect(aws.s3({ observe }).getObject({ Bucket: 'b' })).rejects.toThrow('Missing required parameter')
    expect(error).toMatchObject({ kind: 'ParamValidation' })
    expect(sent).toHaveLength(0)
  })
})

test('what a response says beside its output', async () => {
  const { aws } = answered(() => ({ ...identity('1'), headers: { 'x-amzn-requestid': 'r-7', 'x-more': 'm' } }))
  const output = await aws.sts().getCallerIdentity()
  expect(responseOf(output)).toMatchObject({ status: 200, requestId: 'r-7', retries: 0, headers: { 'x-more': 'm' } })
  expect(responseOf({})).toBeUndefined()
})

test.each<[string, ArrayBuffer | ArrayBufferView | string]>([
  ['a text', 'ab'],
  ['bytes', utf8('ab')],
  ['an ArrayBuffer', utf8('ab').slice().buffer],
  ['a view of one', new DataView(utf8('xaby').slice().buffer, 1, 2)],
])('a body may be %s', async (_, Body) => {
  const { aws, sent } = answered(() => ({}))
  await aws.s3().putObject({ Bucket: 'bucket', Key: 'key', Body })
  expect(sent[0]!.body).toBe('ab')
})

test('what is wrong with an input, in our words', async () => {
  const { aws } = answered(() => ({}))
  const says = async (input: object): Promise<string> => {
    const error: Error = await aws
      .s3()
      .putObject({ Bucket: 'b', Key: 'k', ...input })
      .catch((each: Error) => each)
    return error.message.split('\n').slice(1).join('\n')
  }
  expect(await says({ Key: 5 })).toBe('Invalid type for parameter Key, value: 5, type: integer, valid types: string')
  expect(await says({ Body: 1.5 })).toBe(
    'Invalid type for parameter Body, value: 1.5, type: number, valid types: Uint8Array, stream',
  )
  expect(await says({ Expires: null })).toContain('type: null, valid types: Date, timestamp')
})

test('isError', async () => {
  const { aws } = answered(() => ({ status: 404, body: '<Error><Code>NoSuchKey</Code></Error>' }))
  const s3 = aws.s3()
  const error = await s3.getObject({ Bucket: 'b', Key: 'k' }).catch((each: unknown) => each)
  expect([s3.isError(error), s3.isError(error, 'NoSuchKey'), s3.isError(error, 'NoSuchBucket')]).toEqual([
    true,
    true,
    false,
  ])
  expect(s3.isError(new Error('x'))).toBe(false)
  expect(error).toBeInstanceOf(AwsError)
})

test('items of a map are its entries, of what is nested its elements', async () => {
  const { aws } = answered(({ request }) =>
    request.path.includes('usage')
      ? { body: { values: { key: [[1, 2]] } } }
      : {
          body: '<DistributionList><Items><DistributionSummary><Id>E1</Id></DistributionSummary></Items></DistributionList>',
        },
  )
  const usage = []
  const input = { usagePlanId: 'p', startDate: '2026-01-01', endDate: '2026-01-02' }
  for await (const item of aws.apigateway().getUsage.items(input)) usage.push(item)
  expect(usage).toEqual([['key', [[1, 2]]]])
  const ids = []
  for await (const { Id } of aws.cloudfront().listDistributions.items()) ids.push(Id)
  expect(ids).toEqual(['E1'])
})

describe('events', () => {
  const text = (value: string) => ({ type: 'string', value }) as const
  const frame = (type: string, payload: string): Uint8Array =>
    encodeFrame({
      headers: { ':message-type': text('event'), ':event-type': text(type), ':content-type': text('application/json') },
      payload: utf8(payload),
    })

  test('come as they are read', async () => {
    const body = concat([
      frame('messageStart', '{"role":"assistant"}'),
      frame('messageStop', '{"stopReason":"end_turn"}'),
    ])
    const { aws } = answered(() => ({ body }))
    const { stream } = await aws.bedrockRuntime().converseStream({ modelId: 'm', messages: [] })
    const events = []
    for await (const event of stream) events.push(event)
    expect(events).toEqual([{ messageStart: { role: 'assistant' } }, { messageStop: { stopReason: 'end_turn' } }])
  })

  test('go as they are made', async () => {
    const { aws, sent } = answered(() => ({}))
    const ActionStream = [{ TextEvent: { Text: 'one' } }, { TextEvent: { Text: 'two' } }]
    const input = { VoiceId: 'Joanna', OutputFormat: 'mp3', Engine: 'generative', ActionStream }
    await aws.polly().startSpeechSynthesisStream(input)
    expect(sent[0]!.request.headers['content-type']).toBe('application/vnd.amazon.eventstream')
    expect(sent[0]!.body.split(':chunk-signature')).toHaveLength(1 + 3) // two events, and the end
  })
})
