// Signed chunks: the example of AWS's documentation to the byte, and every chunk changed is a chunk refused.

import { describe, expect, test } from 'bun:test'
import * as fc from 'fast-check'
import { readBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import { encodeChunked, encodedLength } from '../lib/aws-chunked.ts'
import { text, utf8 } from '../lib/bytes.ts'
import { withSignedChunks } from './chunks.ts'
import { eventSigner, eventVerifier } from './event-stream.ts'
import { sign } from './sigv4.ts'
import type { SigningOptions } from './types.ts'
import { verifiedBody } from './verify-body.ts'
import { claimOf, verify } from './verify.ts'

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html (Example calculations)
const options: SigningOptions = {
  credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' },
  region: 'us-east-1',
  service: 's3',
  date: new Date('2013-05-24T00:00:00Z'),
  payload: 'chunks',
}
const secret = options.credentials.secretAccessKey
const payload = new Uint8Array(66_560).fill(97)
const request: HttpRequest = {
  method: 'PUT',
  scheme: 'https',
  host: 's3.amazonaws.com',
  path: '/examplebucket/chunkObject.txt',
  query: '',
  headers: {
    'x-amz-storage-class': 'REDUCED_REDUNDANCY',
    'content-encoding': 'aws-chunked',
    'content-length': '66824',
    'x-amz-decoded-content-length': '66560',
  },
  body: payload,
}

test('the documentation’s example', async () => {
  const signed = sign(request, options)
  expect(signed.headers['authorization']).toEndWith('4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9')
  const sent = await readBody(withSignedChunks(signed, options, { chunkSize: 65_536 }).body)
  expect(sent.length).toBe(66_824)
  expect(encodedLength(66_560, { chunkSize: 65_536, signed: 64 })).toBe(66_824)
  expect(text(sent).match(/chunk-signature=[0-9a-f]+/g)).toEqual([
    'chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648',
    'chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497',
    'chunk-signature=b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9',
  ])
})

// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
test('the documentation’s example with a trailer', async () => {
  const how = { ...options, payload: 'chunks-trailer' as const }
  const { 'content-length': _length, ...headers } = request.headers
  const signed = sign({ ...request, headers: { ...headers, 'x-amz-trailer': 'x-amz-checksum-crc32c' } }, how)
  expect(signed.headers['authorization']).toEndWith('106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e')
  const chunked = withSignedChunks(signed, how, {
    chunkSize: 65_536,
    trailers: () => ({ 'x-amz-checksum-crc32c': 'sOO8/Q==' }),
  })
  const signatures = text(await readBody(chunked.body)).match(/signature[=:][0-9a-f]+/g)
  expect(signatures).toEqual([
    'signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2',
    'signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7',
    'signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992',
    'signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435',
  ])
})

function upload(
  body: Uint8Array,
  how: 'chunks' | 'chunks-trailer' | 'unsigned-trailer',
  chunkSize: number,
): Uint8Array | Promise<Uint8Array> {
  const trailers = how === 'chunks' ? undefined : () => ({ 'x-amz-checksum-crc32': 'AAAAAA==' })
  if (how === 'unsigned-trailer') return encodeChunked(body, { chunkSize, trailers }) as Uint8Array
  const signed = signedHead(body, how)
  return readBody(withSignedChunks(signed, { ...options, payload: how }, { chunkSize, trailers }).body)
}

function signedHead(body: Uint8Array, how: 'chunks' | 'chunks-trailer' | 'unsigned-trailer'): HttpRequest {
  const headers: Record<string, string> = {
    'content-encoding': 'aws-chunked',
    'x-amz-decoded-content-length': String(body.length),
  }
  if (how !== 'chunks') headers['x-amz-trailer'] = 'x-amz-checksum-crc32'
  return sign({ ...request, headers, body }, { ...options, payload: how })
}

function piecewise(bytes: Uint8Array, size: number): ReadableStream<Uint8Array> {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.slice(at, at + size))
      at += size
    },
  })
}

describe('laws', () => {
  const kinds = fc.constantFrom('chunks' as const, 'chunks-trailer' as const, 'unsigned-trailer' as const)

  test('what is sent in chunks arrives, however it is cut on the way', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        kinds,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 50 }),
        async (body, how, chunkSize, cut) => {
          const head = signedHead(body, how)
          const sent = await upload(body, how, chunkSize)
          const claim = claimOf(head)!
          expect(verify(head, claim, secret, { now: options.date, service: 's3' })).toBeUndefined()
          const got = verifiedBody({ ...head, body: piecewise(sent, cut) }, claim, secret)
          expect(await readBody(got.body)).toEqual(body)
          expect(got.length).toBe(body.length)
          expect(got.trailers).toEqual(how === 'chunks' ? {} : { 'x-amz-checksum-crc32': 'AAAAAA==' })
          const trailers = how === 'chunks' ? undefined : ([['x-amz-checksum-crc32', 8]] as const)
          expect(
            encodedLength(body.length, { chunkSize, trailers, signed: how === 'unsigned-trailer' ? undefined : 64 }),
          ).toBe(sent.length)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('a stream is cut into the same chunks as bytes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 1, max: 150 }),
        async (body, chunkSize, cut) => {
          const streamed = encodeChunked(piecewise(body, cut), { chunkSize })
          expect(await readBody(streamed)).toEqual(encodeChunked(body, { chunkSize }) as Uint8Array)
        },
      ),
      { numRuns: 60 },
    )
  })

  test('any changed byte of signed chunks is seen', async () => {
    const body = utf8('some twenty bytes or more')
    for (const how of ['chunks', 'chunks-trailer'] as const) {
      const head = signedHead(body, how)
      const sent = await upload(body, how, 10)
      const claim = claimOf(head)!
      for (let at = 0; at < sent.length - 2; at++) {
        const changed = sent.slice()
        changed[at]! ^= 1
        const { body: read } = verifiedBody({ ...head, body: piecewise(changed, 64) }, claim, secret)
        await expect(readBody(read), `byte ${at} of ${how}`).rejects.toThrow()
      }
    }
  })
})

test('a plain body is held to its declared hash', async () => {
  const signed = sign({ ...request, headers: {}, body: utf8('hello') }, { ...options, payload: 'hash' })
  const claim = claimOf(signed)!
  expect(await readBody(verifiedBody(signed, claim, secret).body)).toEqual(utf8('hello'))
  const other = verifiedBody({ ...signed, body: piecewise(utf8('hullo'), 2) }, claim, secret)
  await expect(readBody(other.body)).rejects.toMatchObject({ kind: 'PayloadMismatch' })
})

test.each([
  ['ends in a chunk', 'a\r\n12345'],
  ['ends before the last chunk', '1\r\na\r\n'],
  ['is no number', 'z\r\na\r\n0\r\n\r\n'],
  ['says too little', '1\r\nab\r\n0\r\n\r\n'],
  ['decodes to another length', '1\r\na\r\n0\r\n\r\n'],
])('a body that %s is incomplete', async (_name, raw) => {
  const head = signedHead(utf8('ab'), 'unsigned-trailer')
  const { body } = verifiedBody({ ...head, body: utf8(raw) }, claimOf(head), secret)
  await expect(readBody(body)).rejects.toMatchObject({ code: 'IncompleteBody' })
})

test('messages of an event stream are signed in a chain', () => {
  const how: SigningOptions = {
    ...options,
    payload: undefined,
    service: 'transcribe',
    payloadHash: 'STREAMING-AWS4-HMAC-SHA256-EVENTS',
    contentSha256Header: true,
  }
  const signed = sign({ ...request, headers: {} }, how)
  const next = eventSigner(signed, how)
  const check = eventVerifier(claimOf(signed)!, secret)
  const first = next(utf8('one'), new Date('2013-05-24T00:00:01.5Z'))
  expect(first.date.toISOString()).toBe('2013-05-24T00:00:01.000Z')
  expect(check(utf8('one'), first)).toBe(true)
  expect(check(utf8('two'), next(utf8('two'), new Date('2013-05-25T00:00:00Z')))).toBe(true)
  expect(check(utf8('too'), next(utf8('two'), new Date('2013-05-25T00:00:00Z')))).toBe(false)
})
