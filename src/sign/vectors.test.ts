// AWS's own signing vectors, in both directions: what we sign is what they signed, and what they signed we accept.

import { describe, expect, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { HttpRequest } from '../http/message.ts'
import { sha256Hex } from '../lib/hash.ts'
import { canonicalRequest } from './canonical.ts'
import { stringToSign } from './attach.ts'
import { presign, sign } from './sigv4.ts'
import * as v4a from './sigv4a.ts'
import type { PresignOptions } from './types.ts'
import { cases, contextOf, has, optionsOf, read, readRequest, root } from './vectors.fixture.ts'
import { claimOf, verify } from './verify.ts'

/** What a signed request is canonically, computed from its own words. */
function canonicalOf(request: HttpRequest, options: PresignOptions, presigned: boolean): string {
  const query = request.query.replace(/&X-Amz-Signature=[0-9a-f]*/, '')
  const without = options.tokenAfterSigning ? query.replace(/&X-Amz-Security-Token=[^&]*/, '') : query
  const names = presigned
    ? decodeURIComponent(/X-Amz-SignedHeaders=([^&]*)/.exec(request.query)![1]!)
    : /SignedHeaders=([^,]*)/.exec(request.headers['authorization']!)![1]!
  const payload =
    request.headers['x-amz-content-sha256'] ?? options.payloadHash ?? sha256Hex(request.body as Uint8Array)
  return canonicalRequest(request, without, names.split(';'), payload, options)
}

if (!has) console.log(`skipped: no signing vectors at ${root} (set VIRGA_SHARED)`)

/** The server's view of the same request: no complaint, and one about any other body. */
function accepted(request: HttpRequest, options: PresignOptions): void {
  const claim = claimOf(request)!
  const server = {
    now: options.date,
    region: options.region,
    service: options.service,
    normalizePath: options.normalizePath,
    pathAsSent: options.pathAsSent,
    tokenAfterSigning: options.tokenAfterSigning,
    payloadHash: options.payloadHash,
  }
  const secret = options.credentials.secretAccessKey
  expect(claim.accessKeyId).toBe(options.credentials.accessKeyId)
  expect(claim.sessionToken).toBe(options.credentials.sessionToken)
  expect(verify(request, claim, secret, server)).toBeUndefined()
  expect(verify(request, claim, secret + 'x', server)?.kind).toBe('Mismatch')
  expect(verify({ ...request, method: 'DELETE' }, claim, secret, server)?.kind).toBe('Mismatch')
}

describe.skipIf(!has)('version 4', () => {
  const names = cases('v4').filter((name) => existsSync(join(root, 'v4', name, 'header-signature.txt')))

  test.each(names)('%s in headers', (name) => {
    const options = optionsOf(contextOf('v4', name))
    const signed = sign(readRequest(read('v4', name, 'request.txt')), options)
    const canonical = canonicalOf(signed, options, false)
    expect(canonical).toBe(read('v4', name, 'header-canonical-request.txt'))
    const scope = `20150830/${options.region}/${options.service}/aws4_request`
    expect(stringToSign('AWS4-HMAC-SHA256', signed.headers['x-amz-date']!, scope, canonical)).toBe(
      read('v4', name, 'header-string-to-sign.txt'),
    )
    expect(signed.headers['authorization']).toEndWith('Signature=' + read('v4', name, 'header-signature.txt').trim())
    accepted(readRequest(read('v4', name, 'header-signed-request.txt')), options)
  })

  test.each(names)('%s as a link', (name) => {
    const options = optionsOf(contextOf('v4', name))
    const signed = presign(readRequest(read('v4', name, 'request.txt')), options)
    expect(canonicalOf(signed, options, true)).toBe(read('v4', name, 'query-canonical-request.txt'))
    expect(signed.query).toEndWith('X-Amz-Signature=' + read('v4', name, 'query-signature.txt').trim())
    accepted(readRequest(read('v4', name, 'query-signed-request.txt')), options)
  })

  test('there are as many vectors as AWS has', () => {
    console.log(`version 4: ${names.length} vectors, each in headers and as a link`)
    expect(names.length).toBeGreaterThanOrEqual(38)
  })
})

describe.skipIf(!has)('version 4A', () => {
  const names = cases('v4a').filter((name) => existsSync(join(root, 'v4a', name, 'header-signature.txt')))

  test.each(names)('%s', (name) => {
    const options = optionsOf(contextOf('v4a', name))
    const key = { id: options.credentials.accessKeyId, secret: options.credentials.secretAccessKey }
    const request = readRequest(read('v4a', name, 'request.txt'))

    const inHeaders = canonicalOf(v4a.sign(request, options), options, false)
    expect(inHeaders).toBe(read('v4a', name, 'header-canonical-request.txt'))
    const asLink = canonicalOf(v4a.presign(request, options), options, true)
    expect(asLink).toBe(read('v4a', name, 'query-canonical-request.txt'))

    accepted(v4a.sign(request, options), options)
    accepted(v4a.presign(request, options), options)
    for (const form of ['header', 'query']) {
      accepted(readRequest(read('v4a', name, `${form}-signed-request.txt`)), options)
      const toSign = read('v4a', name, `${form}-string-to-sign.txt`)
      const signature = read('v4a', name, `${form}-signature.txt`).trim()
      expect(v4a.signatureHolds(toSign, signature, key.id, key.secret)).toBe(true)
      expect(v4a.signatureHolds(toSign + ' ', signature, key.id, key.secret)).toBe(false)
    }
    const jwk = v4a.keysOf(key.id, key.secret).publicKey.export({ format: 'jwk' })
    const expected = JSON.parse(read('v4a', name, 'public-key.json')) as { X: string; Y: string }
    expect(Buffer.from(jwk.x!, 'base64url').toString('hex')).toBe(expected.X)
    expect(Buffer.from(jwk.y!, 'base64url').toString('hex')).toBe(expected.Y)
  })

  test('there are as many vectors as AWS has', () => {
    console.log(`version 4A: ${names.length} vectors, each in headers and as a link`)
    expect(names.length).toBeGreaterThanOrEqual(38)
  })
})

describe.skipIf(!has)('the vectors of botocore and smithy-rs', () => {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
  const legacy = cases('botocore-legacy').filter((name) =>
    existsSync(join(root, 'botocore-legacy', name, `${name}.sreq`)),
  )

  test.each(legacy)('botocore %s', (name) => {
    const request = readRequest(read('botocore-legacy', name, `${name}.req`))
    const sessionToken = readRequest(read('botocore-legacy', name, `${name}.sreq`)).headers[
      'x-amz-security-token'
    ]?.trim()
    const signed = sign(request, {
      credentials: { ...credentials, sessionToken },
      region: 'us-east-1',
      service: 'service',
      date: new Date('2015-08-30T12:36:00Z'),
    })
    expect(signed.headers['authorization']).toBe(read('botocore-legacy', name, `${name}.authz`).trim())
  })

  test.each(['double-encode-path', 'double-url-encode'])('smithy-rs %s', (name) => {
    const request = readRequest(read('smithy-rs-extra', name, 'request.txt'))
    const signed = sign(request, {
      credentials,
      region: 'us-east-2',
      service: 'lambda',
      date: new Date('2021-05-11T15:40:45Z'),
    })
    const canonical = canonicalRequest(
      signed,
      '',
      ['host', 'x-amz-date'],
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      {},
    )
    expect(canonical).toBe(read('smithy-rs-extra', name, 'header-canonical-request.txt').trim())
  })
})
