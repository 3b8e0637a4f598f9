import { describe, expect, test } from 'bun:test'
import { text, utf8 } from '../lib/bytes.ts'
import { readChunked } from '../lib/aws-chunked.ts'
import type { Body } from '../http/message.ts'
import { rawService } from '../model/raw.ts'
import type { Structure } from '../lib/value.ts'
import { verified, withChecksum } from './checksum.ts'
import { client } from './test-client.ts'

const service = rawService('store', {
  service: {
    metadata: {
      apiVersion: '1',
      endpointPrefix: 'store',
      serviceId: 'Store',
      serviceFullName: 'Store',
      protocol: 'rest-xml',
    },
    operations: {
      Put: {
        name: 'Put',
        http: { method: 'PUT', requestUri: '/' },
        input: { shape: 'In' },
        httpChecksum: { requestAlgorithmMember: 'Algorithm', requestChecksumRequired: false },
      },
      Must: {
        name: 'Must',
        http: { method: 'PUT', requestUri: '/' },
        input: { shape: 'Plain' },
        httpChecksumRequired: true,
      },
      Get: {
        name: 'Get',
        http: { method: 'GET', requestUri: '/' },
        input: { shape: 'Plain' },
        httpChecksum: { requestValidationModeMember: 'Mode', responseAlgorithms: ['CRC32', 'CRC32C', 'SHA1'] },
      },
    },
    shapes: {
      In: {
        type: 'structure',
        payload: 'Body',
        members: {
          Body: { shape: 'Blob', streaming: true },
          Algorithm: { shape: 'Text', location: 'header', locationName: 'x-amz-sdk-checksum-algorithm' },
        },
      },
      Plain: {
        type: 'structure',
        members: { Mode: { shape: 'Text', location: 'header', locationName: 'x-amz-checksum-mode' } },
      },
      Blob: { type: 'blob' },
      Text: { type: 'string' },
    },
  },
})
const message = (body: Body, headers = {}) => ({ method: 'PUT', path: '/', query: '', headers, body })

// `123456789`: the check values of the catalogue of CRCs (https://reveng.sourceforge.io/crc-catalogue/), in base64.
const digits = utf8('123456789') as Uint8Array<ArrayBuffer>
const crc64 = 'rosUhgp5mIg='
const crc32 = 'y/Q5Jg=='
const crc32c = '4waSgw=='

describe('a request', () => {
  const headersOf = async (operation: string, input: Structure, keys = {}, headers = {}) =>
    (
      await withChecksum(
        service.operation(operation),
        input,
        message(digits, headers),
        client([], { keys }).settings,
        false,
      )
    ).headers

  const cases: [string, () => Promise<object>, object][] = [
    [
      'CRC64NVME where nobody chose',
      () => headersOf('Put', {}),
      { 'x-amz-sdk-checksum-algorithm': 'CRC64NVME', 'x-amz-checksum-crc64nvme': crc64 },
    ],
    [
      'the one that was chosen',
      () => headersOf('Put', { Algorithm: 'CRC32' }, {}, { 'x-amz-sdk-checksum-algorithm': 'CRC32' }),
      { 'x-amz-sdk-checksum-algorithm': 'CRC32', 'x-amz-checksum-crc32': crc32 },
    ],
    [
      'none where it is only supported',
      () => headersOf('Put', {}, { request_checksum_calculation: 'when_required' }),
      {},
    ],
    [
      'the chosen one all the same',
      () => headersOf('Put', { Algorithm: 'crc32c' }, { request_checksum_calculation: 'when_required' }),
      { 'x-amz-sdk-checksum-algorithm': 'CRC32C', 'x-amz-checksum-crc32c': crc32c },
    ],
    [
      'where it is required',
      () => headersOf('Must', {}, { request_checksum_calculation: 'when_required' }),
      { 'x-amz-checksum-crc64nvme': crc64 },
    ],
    [
      'not beside one that is there',
      () => headersOf('Put', {}, {}, { 'x-amz-checksum-sha256': 'mine' }),
      { 'x-amz-checksum-sha256': 'mine' },
    ],
    ['not for an operation without', () => headersOf('Get', {}), {}],
  ]
  test.each(cases)('%s', async (_, found, expected) => expect(await found()).toEqual(expected))

  test('an algorithm we do not know', () =>
    expect(headersOf('Put', { Algorithm: 'CRC99' })).rejects.toThrow('Unsupported checksum algorithm: crc99'))
})

describe('behind a body that streams over TLS', () => {
  const bodies: [string, () => Body][] = [
    ['bytes', () => digits],
    ['a file', () => new Blob([digits])],
    ['a stream', () => new Blob([digits]).stream()],
  ]
  test.each(bodies)('%s', async (kind, body) => {
    const given = message(body(), kind === 'a stream' ? { 'content-length': '9' } : {})
    const found = await withChecksum(service.operation('Put'), {}, given, client([]).settings, true)
    expect(found.headers).toEqual({
      'x-amz-sdk-checksum-algorithm': 'CRC64NVME',
      'content-encoding': 'aws-chunked',
      'x-amz-trailer': 'x-amz-checksum-crc64nvme',
      'x-amz-decoded-content-length': '9',
    })
    for (let attempt = 0; attempt < (kind === 'a stream' ? 1 : 2); attempt++) {
      const sent = new Uint8Array(await new Response(found.trailed!.body() as BodyInit).arrayBuffer())
      expect(sent.length).toBe(found.trailed!.length!)
      const parts = []
      for await (const part of readChunked(new Blob([sent]).stream())) parts.push(part)
      expect(parts.flatMap((part) => (part.kind === 'data' ? [text(part.data)] : [])).join('')).toBe('123456789')
      expect(parts.at(-1)).toMatchObject({ trailers: { 'x-amz-checksum-crc64nvme': crc64 } })
    }
  })

  test('after an encoding that is there', async () => {
    const given = message(digits, { 'content-encoding': 'gzip' })
    const found = await withChecksum(service.operation('Put'), {}, given, client([]).settings, true)
    expect(found.headers['content-encoding']).toBe('gzip,aws-chunked')
  })
})

describe('a response', () => {
  const get = service.operation('Get')
  const read = async (headers: Record<string, string>, input: Structure = { Mode: 'ENABLED' }, body: Body = digits) =>
    text(
      new Uint8Array(
        await new Response((await verified(get, input, { status: 200, headers, body })).body as BodyInit).arrayBuffer(),
      ),
    )

  const wrong = `Expected checksum AAAAAA== did not match calculated checksum: ${crc32}`
  test('that fits', async () => expect(await read({ 'x-amz-checksum-crc32': crc32 })).toBe('123456789'))
  test('that does not', () => expect(read({ 'x-amz-checksum-crc32': 'AAAAAA==' })).rejects.toThrow(wrong))
  test('that does not, streaming', () =>
    expect(read({ 'x-amz-checksum-crc32': 'AAAAAA==' }, undefined, new Blob([digits]).stream())).rejects.toThrow(wrong))
  test('of which the first we prefer counts', async () =>
    expect(await read({ 'x-amz-checksum-crc32c': crc32c, 'x-amz-checksum-sha1': 'wrong' })).toBe('123456789'))
  test('of parts is not checked', async () =>
    expect(await read({ 'x-amz-checksum-crc32': 'AAAAAA==-2' })).toBe('123456789'))
  test('of an algorithm the operation does not list is not', async () =>
    expect(await read({ 'x-amz-checksum-crc64nvme': 'AAAA' })).toBe('123456789'))
  test('nobody asked to check is not', async () =>
    expect(await read({ 'x-amz-checksum-crc32': 'AAAAAA==' }, {})).toBe('123456789'))
})
