// The server's judgement: AWS's words for each thing that can be wrong, and that nothing changed goes unseen.

import { describe, expect, test } from 'bun:test'
import * as fc from 'fast-check'
import type { HttpRequest } from '../http/message.ts'
import { utf8 } from '../lib/bytes.ts'
import { presign, sign } from './sigv4.ts'
import * as v4a from './sigv4a.ts'
import type { PresignOptions } from './types.ts'
import { claimOf, SignatureRefusal, verify } from './verify.ts'
import type { VerifyOptions } from './verify.ts'

const secret = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const date = new Date('2026-01-02T03:04:05Z')
const options: PresignOptions = {
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: secret, sessionToken: 'FwoG/token+=' },
  region: 'eu-west-1',
  service: 'sts',
  date,
  expires: 60,
}
const server: VerifyOptions = { now: date, region: 'eu-west-1', service: 'sts' }
const request: HttpRequest = {
  method: 'POST',
  scheme: 'https',
  host: 'sts.eu-west-1.amazonaws.com',
  path: '/',
  query: '',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: utf8('Action=GetCallerIdentity&Version=2011-06-15'),
}
const s3: HttpRequest = {
  method: 'PUT',
  scheme: 'https',
  host: 'b.s3.amazonaws.com',
  path: '/a/../b%20c/',
  query: 'partNumber=1&uploadId=x%2F',
  headers: { 'x-amz-acl': 'private', 'content-type': 'text/plain' },
  body: utf8('hello'),
}

function judged(signed: HttpRequest, changes: Partial<VerifyOptions> = {}): SignatureRefusal | undefined {
  try {
    return verify(signed, claimOf(signed)!, secret, { ...server, ...changes })
  } catch (error) {
    if (error instanceof SignatureRefusal) return error
    throw error
  }
}

test('header values are signed as the UTF-8 their bytes are', () => {
  const asText = { ...s3, headers: { ...s3.headers, 'content-disposition': 'filename=" é 日本 à"' } }
  const asBytes = {
    ...asText,
    headers: { ...asText.headers, 'content-disposition': 'filename=" \xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac \xc3\xa0"' },
  }
  const [one, other] = [asText, asBytes].map(
    (asked) => sign(asked, { ...options, service: 's3' }).headers['authorization'],
  )
  expect(one).toBe(other!)
})

function withAuthorization(authorization: string, headers: Record<string, string> = {}): HttpRequest {
  return { ...request, headers: { 'x-amz-date': '20260102T030405Z', ...headers, authorization } }
}

describe('what is refused, in AWS’s words', () => {
  const late = { now: new Date('2026-01-02T03:24:05Z') }
  const early = { now: new Date('2026-01-02T02:44:05Z') }
  const cases: [string, SignatureRefusal | undefined, string, string][] = [
    [
      'too old',
      judged(sign(request, options), late),
      'Expired',
      'Signature expired: 20260102T030405Z is now earlier than 20260102T030905Z (20260102T032405Z - 15 min.)',
    ],
    [
      'of tomorrow',
      judged(sign(request, options), early),
      'NotYetCurrent',
      'Signature not yet current: 20260102T030405Z is still later than 20260102T025905Z (20260102T024405Z + 15 min.)',
    ],
    [
      'a link too old',
      judged(presign(request, options), { now: new Date('2026-01-02T03:05:06Z') }),
      'LinkExpired',
      'Signature expired: 20260102T030405Z is now earlier than 20260102T030406Z (20260102T030506Z - 1 min.)',
    ],
    [
      'another region',
      judged(sign(request, options), { region: 'us-east-1' }),
      'WrongScope',
      'Credential should be scoped to a valid region.',
    ],
    [
      'another service',
      judged(sign(request, options), { service: 'glue' }),
      'WrongScope',
      "Credential should be scoped to correct service: 'glue'.",
    ],
    [
      'no parameters',
      judged(withAuthorization('AWS4-HMAC-SHA256 ')),
      'Malformed',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
        "Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256 ",
    ],
    [
      'no date',
      judged({
        ...request,
        headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=1' },
      }),
      'Malformed',
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. " +
        'Authorization=AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=host, Signature=1',
    ],
    [
      'a bad date',
      judged(
        withAuthorization('AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=host, Signature=1', {
          'x-amz-date': '2026',
        }),
      ),
      'Malformed',
      "Date must be in ISO-8601 'basic format'. Got '2026'. See http://en.wikipedia.org/wiki/ISO_8601",
    ],
    [
      'no equal-sign',
      judged(withAuthorization('AWS4-HMAC-SHA256 nonsense')),
      'Malformed',
      "'nonsense' not a valid key=value pair (missing equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 nonsense'.",
    ],
    [
      'an unknown algorithm',
      judged(withAuthorization('AWS4-HMAC-SHA1 Credential=a')),
      'Malformed',
      "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'",
    ],
    [
      'version 2',
      judged(withAuthorization('AWS AKID:abc')),
      'Version2',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    ],
    [
      'a link of version 2',
      judged({ ...request, query: 'AWSAccessKeyId=AKID&Signature=abc%3D&Expires=1' }),
      'Version2',
      'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
    ],
    [
      'a short credential',
      judged(withAuthorization('AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=1')),
      'Malformed',
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'a/b'",
    ],
    [
      'no host',
      judged(
        withAuthorization('AWS4-HMAC-SHA256 Credential=a/b/c/d/aws4_request, SignedHeaders=x-amz-date, Signature=1'),
      ),
      'Malformed',
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ],
    [
      'half a link',
      judged({ ...request, query: 'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260102T030405Z' }),
      'Malformed',
      "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include 'X-Amz-Signature'. " +
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters.",
    ],
    [
      'two signatures',
      judged({ ...sign(request, options), query: presign(request, options).query }),
      'TwoSignatures',
      'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
    ],
    [
      'a link for two weeks',
      judged(presign(request, { ...options, expires: 1_209_600 })),
      'MalformedLink',
      'X-Amz-Expires must be less than a week (in seconds) that is 604800',
    ],
  ]
  test.each(cases)('%s', (_name, refusal, kind, message) => {
    expect(refusal).toBeDefined()
    expect(refusal!.kind).toBe(kind as never)
    expect(refusal!.message).toBe(message)
  })

  test('a wrong secret is a mismatch; the echo shows what should have been signed', () => {
    const signed = sign(request, options)
    const plain = verify(signed, claimOf(signed)!, 'other', server)!
    expect(plain.message).toBe(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    )
    const echo = verify(signed, claimOf(signed)!, 'other', { ...server, echo: true })!
    expect(echo.message).toStartWith(
      plain.message + "\n\nThe Canonical String for this request should have been\n'POST\n/\n\n",
    )
    expect(echo.message).toContain("\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20260102T030405Z\n")
    expect(echo.facts.signatureProvided).toBe(claimOf(signed)!.signature)
  })

  test('the date of the credential must be the date of the request', () => {
    const signed = sign(request, options)
    signed.headers['authorization'] = signed.headers['authorization']!.replace('/20260102/', '/20260101/')
    expect(judged(signed)!.message).toContain("'20260101' != '20260102', from '20260102T030405Z'.")
  })

  test('bearer tokens and anonymous requests make no claim', () => {
    expect(claimOf(request)).toBeUndefined()
    expect(claimOf({ ...request, headers: { authorization: 'Bearer abc' } })).toBeUndefined()
  })
})

describe('S3', () => {
  const s3Options = { ...options, service: 's3' }
  const s3Server = { service: 's3' }

  test('a header that was not signed is named', () => {
    const signed = sign(s3, s3Options)
    signed.headers['x-amz-tagging'] = 'a=b'
    const refusal = judged(signed, s3Server)!
    expect(refusal.kind).toBe('HeadersNotSigned')
    expect(refusal.facts.headersNotSigned).toBe('x-amz-tagging')
  })

  test('a body that is not the declared one', () => {
    const signed = { ...sign(s3, s3Options), body: utf8('hullo') }
    const refusal = judged(signed, s3Server)!
    expect(refusal.kind).toBe('PayloadMismatch')
    expect(refusal.facts.clientHash).toBe('2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824')
  })

  test('an unsigned payload may be anything', () => {
    const signed = { ...sign(s3, { ...s3Options, payload: 'unsigned' }), body: utf8('hullo') }
    expect(judged(signed, s3Server)).toBeUndefined()
    expect(judged({ ...presign(s3, s3Options), body: utf8('hullo') }, s3Server)).toBeUndefined()
  })

  test('a key signed more strictly than it was sent', () => {
    const signed = sign({ ...s3, path: '/a%28b%29%21' }, s3Options)
    expect(judged({ ...signed, path: '/a(b)!' }, s3Server)).toBeUndefined()
    expect(judged({ ...signed, path: '/a(b)' }, s3Server)?.kind).toBe('Mismatch')
  })

  test('the session token of S3 Express travels in its own header', () => {
    const signed = sign(s3, { ...options, service: 's3express', tokenHeader: 'x-amz-s3session-token' })
    expect(signed.headers['x-amz-security-token']).toBeUndefined()
    expect(claimOf(signed)!.sessionToken).toBe('FwoG/token+=')
    expect(judged(signed, { service: 's3express' })).toBeUndefined()
  })
})

describe('version 4A', () => {
  test.each([
    ['*', true],
    ['eu-west-1', true],
    ['us-east-1,eu-*', true],
    ['us-*', false],
  ])('region set %s', (set, good) => {
    const signed = v4a.sign(request, { ...options, region: set })
    expect(judged(signed)?.kind).toBe(good ? undefined : ('WrongScope' as never))
  })
})

// Every character of a signed request that means something: change one, and the signature is no longer good.
describe('laws', () => {
  const signers: [string, HttpRequest, VerifyOptions][] = [
    ['headers', sign(request, options), server],
    ['a link', presign(request, options), server],
    ['S3 headers', sign(s3, { ...options, service: 's3' }), { ...server, service: 's3' }],
    ['S3 link', presign(s3, { ...options, service: 's3' }), { ...server, service: 's3' }],
    ['4A', v4a.sign(request, { ...options, region: '*' }), server],
  ]

  test.each(signers)('any changed character is seen: %s', (_name, signed, how) => {
    expect(judged(signed, how)).toBeUndefined()
    const signedNames = claimOf(signed)!.signedHeaders
    const places: ((change: (text: string) => string) => HttpRequest)[] = [
      (change) => ({ ...signed, method: change(signed.method) }),
      (change) => ({ ...signed, path: change(signed.path) }),
      (change) => ({ ...signed, host: change(signed.host) }),
      ...(signed.query === ''
        ? []
        : [(change: (text: string) => string) => ({ ...signed, query: change(signed.query) })]),
      ...Object.keys(signed.headers)
        .filter((name) => signedNames.includes(name))
        .map((name) => (change: (text: string) => string) => ({
          ...signed,
          headers: { ...signed.headers, [name]: change(signed.headers[name]!) },
        })),
    ]
    fc.assert(
      fc.property(fc.nat(places.length - 1), fc.nat(10_000), fc.constantFrom(...'aZ0~_-'), (which, at, character) => {
        let same = true
        const changed = places[which]!((text) => {
          const index = at % text.length
          const next = text.slice(0, index) + character + text.slice(index + 1)
          // A method's case and an escape's hexadecimal digits mean the same in either case.
          same = next === text || next.toUpperCase() === text.toUpperCase()
          return next
        })
        if (!same) expect(judged(changed, how)).toBeDefined()
      }),
      { numRuns: 300 },
    )
  })

  test('whatever is signed is accepted', () => {
    const word = fc.string({ unit: 'grapheme', maxLength: 12 })
    const encoded = word.map((text) => encodeURIComponent((text as string & { toWellFormed(): string }).toWellFormed()))
    fc.assert(
      fc.property(
        fc.array(encoded),
        fc.array(fc.tuple(encoded, encoded)),
        fc.string(),
        fc.uint8Array(),
        fc.constantFrom('s3', 'sts'),
        fc.constantFrom(sign, presign, v4a.sign, v4a.presign),
        (path, query, header, body, service, how) => {
          const any: HttpRequest = {
            ...request,
            path: '/' + path.join('/'),
            query: query.map((pair) => pair.join('=')).join('&'),
            headers: { 'x-amz-meta-a': header, 'user-agent': 'x' },
            body,
          }
          const signed = how(any, { ...options, service })
          signed.headers['user-agent'] = 'y'
          signed.headers['amz-sdk-request'] = 'attempt=1'
          expect(judged(signed, { service })).toBeUndefined()
        },
      ),
      { numRuns: 200 },
    )
  })
})
