import { describe, expect, test } from 'bun:test'
import { gunzipSync } from 'node:zlib'
import type { Failure } from '../lib/errors.ts'
import { call } from './call.ts'
import { client, demo } from './test-client.ts'
import type { Answer } from './test-client.ts'

describe('a request', () => {
  test('is written, addressed and signed', async () => {
    const { settings, requests, bodies } = client([{ body: { Id: 'i', Unknown: 1 } }])
    expect(await call(demo('Put'), { Name: 'nm' }, settings)).toEqual({ Id: 'i' })
    const { method, scheme, host, path, headers } = requests[0]!
    expect({ method, scheme, host, path }).toEqual({ method: 'POST', scheme: 'http', host: '127.0.0.1:9', path: '/' })
    expect(headers).toMatchObject({
      'x-amz-target': 'Demo_1.Put',
      'x-amz-date': '20260102T030405Z',
      'user-agent': 'virga/test',
    })
    expect(headers['authorization']).toContain('AKIDEXAMPLE/20260102/eu-west-1/demo/aws4_request')
    expect((bodies()[0] as any).Token).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4/)
  })

  test('says which attempt it is, unsigned, under one id', async () => {
    const { settings, requests } = client([{ status: 500 }, {}], { retry: { mode: 'standard', maxAttempts: 3 } })
    const outcome = await call(demo('Put'), { Name: 'nm' }, settings)
    expect(outcome).toEqual({})
    expect(requests.map((request) => request.headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=3',
      'attempt=2; max=3',
    ])
    expect(new Set(requests.map((request) => request.headers['amz-sdk-invocation-id'])).size).toBe(1)
    for (const { headers } of requests) expect(headers['authorization']).not.toContain('amz-sdk')
  })

  test('keeps its idempotency token over all attempts, and one that was given', async () => {
    const { settings, bodies } = client([{ status: 503 }, {}], { retry: { mode: 'standard', maxAttempts: 3 } })
    await call(demo('Put'), { Name: 'nm' }, settings)
    const [first, second] = bodies() as any[]
    expect(first.Token).toBe(second.Token)
    const given = client([{}])
    await call(demo('Put'), { Name: 'nm', Token: 'mine' }, given.settings)
    expect((given.bodies()[0] as any).Token).toBe('mine')
  })

  const unsigned: [string, string, object][] = [
    ['an operation that takes no signature', 'Open', {}],
    ['--no-sign-request', 'List', { anonymous: true }],
  ]
  test.each(unsigned)('is not signed: %s', async (_, operation, changes) => {
    const { settings, requests } = client([{}], { credentials: () => Promise.reject(new Error('asked')), ...changes })
    await call(demo(operation), {}, settings)
    expect(requests[0]!.headers['authorization']).toBeUndefined()
  })

  test('has its host prefix', async () => {
    const { settings, requests } = client([{}])
    await call(demo('Homed'), { Account: '123' }, settings)
    expect(requests[0]!.host).toBe('123.data-127.0.0.1:9')
    expect(call(demo('Homed'), { Account: 'a b' }, settings)).rejects.toMatchObject({
      message:
        'Parameter validation failed:\nInvalid value for parameter(s): Account. Must contain only alphanumeric characters, hyphen, or period.',
    })
    const off = client([{}], { keys: { disable_host_prefix_injection: 'true' } })
    await call(demo('Homed'), { Account: '123' }, off.settings)
    expect(off.requests[0]!.host).toBe('127.0.0.1:9')
  })

  test('is compressed from 10240 bytes on, unless that is switched off', async () => {
    const sizes: [number, Record<string, string>, string | undefined][] = [
      [20_000, {}, 'gzip'],
      [100, {}, undefined],
      [100, { request_min_compression_size_bytes: '10' }, 'gzip'],
      [20_000, { disable_request_compression: 'true' }, undefined],
    ]
    for (const [size, keys, encoding] of sizes) {
      const { settings, requests } = client([{}], { keys })
      await call(demo('Squeeze'), { Name: 'n'.repeat(size), Token: 't' }, settings)
      const { headers, body } = requests[0]!
      expect(headers['content-encoding']).toBe(encoding as string)
      if (encoding) expect(JSON.parse(gunzipSync(body as Uint8Array).toString()).Name).toHaveLength(size)
    }
  })
})

describe('what goes wrong', () => {
  const answer = (code: string, status = 400): Answer => ({
    status,
    body: { __type: code, message: 'm' },
    headers: { 'x-amzn-requestid': 'r' },
  })

  test('a service’s error', async () => {
    const { settings } = client([answer('Odd')])
    expect(call(demo('List'), {}, settings)).rejects.toMatchObject({ code: 'Odd', message: 'm', status: 400 })
  })
  test('an error the model calls retryable', async () => {
    const { settings, requests } = client([answer('Busy'), {}], { retry: { mode: 'standard', maxAttempts: 2 } })
    const pauses = settings.debug
    expect(pauses).toBeUndefined()
    await call(demo('Put'), { Name: 'nm' }, settings)
    expect(requests).toHaveLength(2)
  })
  test('no region', () => {
    const { settings } = client([{}], { region: undefined })
    expect(call(demo('List'), {}, settings)).rejects.toMatchObject({ kind: 'NoRegion' })
  })
  test('the instance’s region, when nobody named one', async () => {
    const { settings, requests } = client([{}], { region: undefined, lastRegion: async () => 'sa-east-1' })
    await call(demo('List'), {}, settings)
    expect(requests[0]!.headers['authorization']).toContain('/sa-east-1/')
  })
  test('no credentials', () => {
    const { settings } = client([{}], { credentials: () => Promise.resolve(undefined) })
    expect(call(demo('List'), {}, settings)).rejects.toMatchObject({ kind: 'NoCredentials' })
  })
  test('an input that does not fit sends nothing', async () => {
    const { settings, requests } = client([{}])
    await call(demo('Put'), {}, settings).catch((error: Failure) => expect(error.kind).toBe('ParamValidation'))
    expect(requests).toHaveLength(0)
    const lax = client([{}], { keys: { parameter_validation: 'false' } })
    await call(demo('Put'), {}, lax.settings)
    expect(lax.requests).toHaveLength(1)
  })

  test('a wrong clock is corrected, once, and stays so', async () => {
    const late = {
      ...(answer('RequestTimeTooSkewed', 403) as object),
      headers: { date: 'Fri, 02 Jan 2026 04:04:05 GMT' },
    }
    const { settings, requests } = client([late, {}, {}])
    await call(demo('List'), {}, settings)
    await call(demo('List'), {}, settings)
    expect(requests.map((request) => request.headers['x-amz-date'])).toEqual([
      '20260102T030405Z',
      '20260102T040405Z',
      '20260102T040405Z',
    ])
  })
  test('a wrong key is not taken for a wrong clock', async () => {
    const wrong = {
      ...(answer('SignatureDoesNotMatch', 403) as object),
      headers: { date: 'Fri, 02 Jan 2026 03:04:35 GMT' },
    }
    const { settings, requests } = client([wrong])
    await call(demo('List'), {}, settings).catch(() => {})
    expect(requests).toHaveLength(1)
  })
  test('no secret is in the debug lines', async () => {
    const lines: string[] = []
    const { settings } = client([{ status: 500 }, {}], {
      retry: { mode: 'standard', maxAttempts: 2 },
      debug: (line) => lines.push(line),
      credentials: async () => ({ accessKeyId: 'AK', secretAccessKey: 'VERYSECRET', sessionToken: 'TOKENSECRET' }),
    })
    await call(demo('List'), {}, settings)
    expect(lines.join('\n')).toContain('retry: attempt 1 of 2 failed')
    expect(lines.join('\n')).not.toMatch(/VERYSECRET|TOKENSECRET/)
  })
})

test('the response is seen beside the output', async () => {
  const seen: unknown[] = []
  const { settings } = client([{ status: 500 }, { headers: { 'x-amzn-requestid': 'r' } }], {
    retry: { mode: 'standard', maxAttempts: 2 },
  })
  await call(demo('List'), {}, settings, { observe: (response) => seen.push(response) })
  expect(seen).toEqual([{ status: 200, headers: { 'x-amzn-requestid': 'r' }, retries: 1 }])
})

describe('an address that somebody named', () => {
  const taken: [url: string, place: string][] = [
    ['http://127.0.0.1:9', 'http://127.0.0.1:9/'],
    ['HTTP://A.Example.COM:80/Base/', 'http://a.example.com/Base'],
    ['https://my_container:4566', 'https://my_container:4566/'],
    ['https://bücher.example.', 'https://bücher.example./'],
    ['http://user:secret@host', 'http://host/'],
    ['http://[::1]:8000/x', 'http://[::1]:8000/x'],
  ]
  test.each(taken)('%s', async (url, place) => {
    const { settings, requests } = client([{}], { endpointUrl: () => url })
    await call(demo('List'), {}, settings)
    const { scheme, host, path } = requests[0]!
    expect(`${scheme}://${host}${path}`).toBe(place)
  })

  const refused = ['', 'host', 'ftp://h', 'http://', 'http:///x', 'http://a b', 'http://a..b', 'http://-a', 'http://a-']
  test.each([...refused, 'http://a:x', 'http://a:65536', 'http://[::1', 'http://a%20b'])(
    'none, which is told before the input is looked at: %j',
    (url) => {
      const { settings, requests } = client([], { endpointUrl: () => url })
      expect(call(demo('Put'), { Wrong: 1 }, settings)).rejects.toThrow(`Invalid endpoint: ${url}`)
      expect(requests).toEqual([])
    },
  )
})
