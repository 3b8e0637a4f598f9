// Requests that nobody meant well: always an answer in AWS's form, never an exception, never a yes.

import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { readBody, type HttpRequest } from '../http/message.ts'
import { sign } from '../sign/sigv4.ts'
import { protocolOf } from '../wire/protocols.ts'
import { adminKeys, bench, models } from './account.fixture.ts'
import { serve } from './serve.ts'

const { world } = bench()

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('%', '%zz', '%00', '../..', '\u0000', '&&==', '{}', '<a', '[', '"'),
)
const scope = fc.constantFrom('sts', 'iam', 's3', 'ec2', 'dynamodb', 'lambda', 'nobody', '', '../x', 'constructor')

const anyRequest: fc.Arbitrary<HttpRequest> = fc.record({
  method: fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'PATCH', 'BREW'),
  scheme: fc.constant<'http'>('http'),
  host: fc.oneof(fc.constantFrom('localhost', 'sts.amazonaws.com', 'b.s3.localhost:1', '', '[::1]'), text),
  path: text.map((each) => `/${each}`),
  query: fc.oneof(
    text,
    text.map((each) => `Action=${each}&Version=2011-06-15`),
    text.map((each) => `X-Amz-Credential=${each}`),
  ),
  headers: fc.oneof(
    fc.constant({}),
    fc.record({ authorization: text }),
    fc.record({ 'x-amz-target': text }),
    scope.map((name) => ({
      authorization: `AWS4-HMAC-SHA256 Credential=AKIA/20260102/r/${name}/aws4_request, SignedHeaders=host, Signature=0`,
      'x-amz-date': '20260102T000000Z',
    })),
    fc.record({
      'content-type': fc.constantFrom('application/x-www-form-urlencoded', 'application/json', 'text/xml'),
      'content-length': text,
      'x-amz-content-sha256': fc.constantFrom('STREAMING-AWS4-HMAC-SHA256-PAYLOAD', 'x'),
    }),
  ),
  body: fc.oneof(
    fc.constant(new Uint8Array(0)),
    fc.uint8Array(),
    text.map((each) => new TextEncoder().encode(`Action=${each}`)),
  ),
}) as fc.Arbitrary<HttpRequest>

test('anything at all is answered, and refused', async () => {
  await fc.assert(
    fc.asyncProperty(anyRequest, async (request) => {
      const response = await serve(request, world)
      expect(response.status).toBeWithin(400, 502)
      await readBody(response.body)
    }),
    { numRuns: 1500 },
  )
})

/** A signed call, and places at which to change one character of it. */
const operation = await models.operation('iam', 'ListUsers')
const message = (await protocolOf(operation)).writeRequest(operation, {})

function signed(): HttpRequest {
  const plain: HttpRequest = { ...message, scheme: 'http', host: 'iam.amazonaws.com' }
  return sign(plain, { credentials: adminKeys, region: 'us-east-1', service: 'iam', date: new Date() })
}

/** What a request says once canonical form has taken away what it takes away: case of the method, empty parameters, dots, white space. */
function meaning({ method, path, query, host, headers, body }: HttpRequest): string {
  const segments = path.split('/').filter((each) => each !== '' && each !== '.')
  const { authorization, ...rest } = headers
  const parameters = authorization!.replace(/[\s,]+/g, ' ').replace(/SignedHeaders=\S*/, (names) => names.toLowerCase())
  const text = new TextDecoder().decode(body as Uint8Array)
  return JSON.stringify([
    method.toUpperCase(),
    segments,
    query.split('&').filter((each) => each !== ''),
    host,
    rest,
    parameters,
    text,
  ])
}

test('no request that was changed behind its signature is accepted', async () => {
  const part = fc.constantFrom('method', 'path', 'query', 'host', 'body', 'authorization', 'x-amz-date')
  const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_/=&%.')
  let refused = 0
  await fc.assert(
    fc.asyncProperty(part, fc.nat(400), letter, fc.boolean(), async (where, at, put, insert) => {
      const original = signed()
      const change = (value: string): string => {
        const place = value.length === 0 ? 0 : at % value.length
        return value.slice(0, place) + put + value.slice(place + (insert ? 0 : 1))
      }
      const mutant: HttpRequest = { ...original, headers: { ...original.headers } }
      if (where === 'body')
        mutant.body = new TextEncoder().encode(change(new TextDecoder().decode(original.body as Uint8Array)))
      else if (where === 'authorization' || where === 'x-amz-date')
        mutant.headers[where] = change(original.headers[where]!)
      else mutant[where] = change(original[where])
      if (mutant.path !== original.path && !mutant.path.startsWith('/')) mutant.path = `/${mutant.path}`
      if (meaning(mutant) === meaning(original)) return
      const response = await serve(mutant, world)
      expect(response.status).not.toBe(200)
      refused++
    }),
    { numRuns: 2500 },
  )
  expect(refused).toBeGreaterThan(2000)
})
