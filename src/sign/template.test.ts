import { expect, test } from 'bun:test'
import fc from 'fast-check'
import type { HttpRequest } from '../http/message.ts'
import { canonicalQuery } from './canonical.ts'
import { sign } from './sigv4.ts'
import { fitsTemplate, HeadWriter } from './template.ts'

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const date = new Date('2026-01-02T03:04:05.678Z')

const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/)
const segment = fc.stringMatching(/^[A-Za-z0-9._~%-]{0,8}$/)

test('a filled form is signed as a request of its own is', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('GET', 'PUT', 'DELETE'),
      fc.array(segment, { maxLength: 4 }),
      fc.dictionary(word, word, { maxKeys: 3 }),
      fc.dictionary(
        word.map((name) => `x-amz-meta-${name}`),
        fc.stringMatching(/^[!-~]( ?[!-~]){0,9}$/),
        { maxKeys: 4 },
      ),
      fc.option(word, { nil: undefined }),
      fc.option(word, { nil: undefined }),
      (method, segments, parameters, headers, varied, sessionToken) => {
        const path = `/${segments.map((each) => encodeURIComponent(each)).join('/')}`
        const query = canonicalQuery(new URLSearchParams(parameters).toString())
        const credentials = { ...keys, ...(sessionToken === undefined ? {} : { sessionToken }) }
        const varying: Record<string, string> = varied === undefined ? {} : { 'x-amz-checksum-crc64nvme': varied }
        const request: HttpRequest = {
          method,
          scheme: 'https',
          host: 'bucket.s3.amazonaws.com',
          path,
          query,
          headers: { ...headers, ...varying },
          body: new Uint8Array(0),
        }
        const signed = sign(request, { credentials, region: 'us-east-1', service: 's3', date, payload: 'unsigned' })
        const writer = new HeadWriter({
          method,
          host: request.host,
          headers,
          varying: Object.keys(varying),
          region: 'us-east-1',
          service: 's3',
        })
        const filling = { path, query, values: Object.values(varying), payload: 'UNSIGNED-PAYLOAD' }
        const head = writer.head(filling, credentials, '20260102T030405Z')
        const [line, ...lines] = head.split('\r\n').slice(0, -1)
        expect(line).toBe(`${method} ${path}${query === '' ? '' : `?${query}`} HTTP/1.1`)
        const expected = { host: request.host, ...signed.headers }
        expect(Object.fromEntries(lines.map((each) => each.split(/: (.*)/).slice(0, 2)))).toEqual(expected)
      },
    ),
  )
})

test('only headers that are signed as they are written fit', () => {
  const cases: [string, boolean][] = [
    ['text/plain', true],
    ['a b', true],
    ['a  b', false],
    [' a', false],
    ['a ', false],
    ['é', false],
    ['', false],
  ]
  for (const [value, fits] of cases) expect([value, fitsTemplate({ name: value })]).toEqual([value, fits])
})
