// A hundred thousand signed requests, each changed somewhere: none is taken for the signed one unless it says the same.

import { describe, expect, test } from 'bun:test'
import { utf8 } from '../lib/bytes.ts'
import { AwsError } from '../lib/errors.ts'
import type { Credentials } from '../lib/credentials.ts'
import type { HttpRequest } from '../http/message.ts'
import { presign, sign } from '../sign/sigv4.ts'
import { adminKeys, bench, keysOf } from './account.fixture.ts'
import { authenticate } from './authenticate.ts'
import { identify, type Target } from './identify.ts'

const runs = 100_000

/** The same each time: a failure must come again. (mulberry32) */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

const b = bench()
const now = new Date()
const session: Credentials = keysOf((await b.call('sts', 'GetSessionToken')).Credentials)

const form = (keys: Credentials): HttpRequest =>
  sign(
    plain(
      'POST',
      'iam.amazonaws.com',
      '/',
      '',
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      'Action=GetUser&Version=2010-05-08&UserName=ana',
    ),
    { credentials: keys, region: 'us-east-1', service: 'iam', date: now },
  )

const signed: Record<string, HttpRequest> = {
  'a form': form(adminKeys),
  'a form by a session': form(session),
  JSON: sign(
    plain(
      'POST',
      'dynamodb.us-east-1.amazonaws.com',
      '/',
      '',
      { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'DynamoDB_20120810.GetItem' },
      '{"TableName":"T","Key":{"k":{"S":"v"}}}',
    ),
    { credentials: adminKeys, region: 'us-east-1', service: 'dynamodb', date: now },
  ),
  'a path and a query': sign(
    plain('GET', 'lambda.us-east-1.amazonaws.com', '/2015-03-31/functions/f%3A1', 'Qualifier=a%20b&Marker=x'),
    { credentials: adminKeys, region: 'us-east-1', service: 'lambda', date: now },
  ),
  'an object': sign(
    plain(
      'PUT',
      'bucket.s3.us-east-1.amazonaws.com',
      '/a/../b%2Fc',
      'tagging=',
      { 'x-amz-acl': 'private', 'content-type': 'text/plain' },
      'hello',
    ),
    { credentials: adminKeys, region: 'us-east-1', service: 's3', date: now, contentSha256Header: true },
  ),
  'a link': presign(
    plain('GET', 'bucket.s3.us-east-1.amazonaws.com', '/photo.jpg', 'response-content-type=text%2Fplain'),
    {
      credentials: session,
      region: 'us-east-1',
      service: 's3',
      date: now,
      expires: 600,
      payload: 'unsigned',
    },
  ),
}

function plain(
  method: string,
  host: string,
  path: string,
  query: string,
  headers: Record<string, string> = {},
  body = '',
): HttpRequest {
  return { method, scheme: 'https', host, path, query, headers, body: utf8(body) }
}

// --- changes ---------------------------------------------------------------------------------------------------------

type Random = (below: number) => number

const letters = 'abcXYZ0129-_.~/%&=+:;, *?'

function changedText(text: string, random: Random): string {
  const at = random(text.length + 1)
  const letter = letters[random(letters.length)]!
  switch (random(7)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1)
    case 1:
      return text.slice(0, at) + letter + text.slice(at)
    case 2:
      return text.slice(0, at) + letter + text.slice(at + 1)
    case 3:
      return text.slice(0, at) + text.slice(at, at + 1).toUpperCase() + text.slice(at + 1)
    case 4:
      return text.slice(0, at) + `%${(text.charCodeAt(at) || 65).toString(16)}` + text.slice(at + 1)
    case 5:
      return text.slice(0, at)
    default:
      return text
        .split('&')
        .sort(() => random(3) - 1)
        .join('&')
  }
}

function changed(request: HttpRequest, random: Random): HttpRequest {
  const { headers } = request
  const names = Object.keys(headers)
  const name = names[random(names.length)]
  if (name === undefined) return { ...request, query: changedText(request.query, random) }
  switch (random(10)) {
    case 0:
      return { ...request, method: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'][random(5)]! }
    case 1:
      return { ...request, host: changedText(request.host, random) }
    case 2:
      return { ...request, path: `/${changedText(request.path.slice(1), random)}` }
    case 3:
      return { ...request, query: changedText(request.query, random) }
    case 4:
      return { ...request, body: utf8(changedText(new TextDecoder().decode(request.body as Uint8Array), random)) }
    case 5:
      return { ...request, headers: { ...headers, [name]: changedText(headers[name]!, random) } }
    case 6:
      return { ...request, headers: Object.fromEntries(Object.entries(headers).filter(([each]) => each !== name)) }
    case 7:
      return {
        ...request,
        headers: {
          ...headers,
          [['x-amz-meta-more', 'range', 'x-amz-security-token', 'x-amz-target', 'x-forwarded-for'][random(5)]!]: 'more',
        },
      }
    case 8:
      return { ...request, headers: { ...headers, [name]: `  ${headers[name]!.replace(' ', '   ')} ` } }
    default:
      return {
        ...request,
        query: `${request.query}${request.query === '' ? '' : '&'}${['versionId=1', 'a', 'X-Amz-Expires=9999', 'X-Amz-Date=20260101T000000Z', ''][random(5)]!}`,
      }
  }
}

// --- what a request says ---------------------------------------------------------------------------------------------

/**
 * What the receiver acts upon, without what canonical form takes away: order and spelling of the query, white space, dots,
 * and the case of the signature's own parameter.
 */
function meaning({ method, host, path, query, headers, body }: HttpRequest, ofS3: boolean): string {
  const decoded = (text: string): string => {
    try {
      return decodeURIComponent(text)
    } catch {
      return `undecodable ${text}`
    }
  }
  const segments = path.split('/').map(decoded)
  const normal = ofS3 ? segments : segments.filter((each) => each !== '' && each !== '.')
  const pairs = query
    .split('&')
    .filter((each) => each !== '')
    .map((pair) =>
      (pair.includes('=') ? pair : `${pair}=`)
        .split(/=(.*)/s)
        .slice(0, 2)
        .map(decoded)
        .join('=')
        .replace(/^x-amz-signature=/i, 'X-Amz-Signature='),
    )
  const { authorization = '' } = headers
  const names = /SignedHeaders=([^,\s]*)/.exec(authorization)?.[1]?.toLowerCase().split(';') ?? ['host']
  // Headers that services act upon count though nobody signed them; what proxies add, and what nobody reads, does not.
  const read = (name: string): boolean =>
    names.includes(name) || (ofS3 ? name.startsWith('x-amz-') : /^x-amz-(target|date|security-token)$/.test(name))
  const counted = Object.entries(headers).filter(([name]) => name !== 'authorization' && name !== 'host' && read(name))
  const written = counted.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`)
  const proof = authorization
    .replace(/[\s,]+/g, ' ')
    .trim()
    .replace(/SignedHeaders=\S*/, (each) => each.toLowerCase())
  return JSON.stringify([
    method,
    host.trim().toLowerCase(),
    normal,
    pairs.sort(),
    written.sort(),
    proof,
    new TextDecoder().decode(body as Uint8Array),
  ])
}

async function isAccepted(request: HttpRequest, target: Target): Promise<boolean> {
  try {
    return (await authenticate(request, target, b.world, true)).claim !== undefined
  } catch (error) {
    if (error instanceof AwsError) return false
    throw error
  }
}

describe('as signed', () => {
  test.each(Object.entries(signed))('%s is accepted', async (_, request) => {
    expect(await isAccepted(request, await identify(request, b.world.models))).toBe(true)
  })
})

test(`${runs} changed requests`, async () => {
  const random = randomFrom(20261122)
  const bases = await Promise.all(
    Object.entries(signed).map(async ([name, request]) => ({
      name,
      request,
      target: await identify(request, b.world.models),
    })),
  )
  const wrong: string[] = []
  let accepted = 0
  for (let run = 0; run < runs; run++) {
    const { name, request, target } = bases[run % bases.length]!
    let mutant = changed(request, random)
    for (let more = random(3); more > 0; more--) mutant = changed(mutant, random)
    if (!(await isAccepted(mutant, target))) continue
    accepted++
    const ofS3 = target.service.name === 's3'
    if (meaning(mutant, ofS3) !== meaning(request, ofS3)) wrong.push(`${name}: ${meaning(mutant, ofS3)}`)
  }
  console.log(`of ${runs} changed requests ${accepted} said the same and were accepted`)
  expect(wrong.slice(0, 20)).toEqual([])
  // Some changes change nothing: were none accepted, nothing would have been tried.
  expect(accepted).toBeGreaterThan(runs / 100)
}, 60_000)

// --- what is sealed --------------------------------------------------------------------------------------------------

/** A text with one character changed, at every third place, and the text cut off there. */
function* damaged(text: string): Iterable<string> {
  for (let at = 0; at < text.length; at += 3) {
    const letter = text[at] === 'A' ? 'B' : 'A'
    yield text.slice(0, at) + letter + text.slice(at + 1)
    if (at > 0) yield text.slice(0, at)
  }
  yield `${text}A`
  yield `${text}====`
  yield text.toLowerCase()
}

test('a session token that was changed or cut is nobody’s', async () => {
  const codes = new Set<string>()
  let tried = 0
  for (const sessionToken of damaged(session.sessionToken!)) {
    const error = await b.refusal('sts', 'GetCallerIdentity', {}, { ...session, sessionToken })
    codes.add(`${error.code} ${error.status}`)
    tried++
  }
  expect([...codes]).toEqual(['InvalidClientTokenId 403'])
  expect(tried).toBeGreaterThan(150)
  const other = keysOf((await b.call('sts', 'GetSessionToken')).Credentials)
  expect(
    (await b.refusal('sts', 'GetCallerIdentity', {}, { ...session, sessionToken: other.sessionToken! })).code,
  ).toBe('InvalidClientTokenId')
})

test('an encoded message that was changed or cut, or is another account’s, is not decoded', async () => {
  const keys = await b.user('nobody-much')
  const refused = await b.refusal('ec2', 'StopInstances', { InstanceIds: ['i-1'] }, keys)
  const encoded = /Encoded authorization failure message: (\S+)$/.exec(refused.message)![1]!
  expect((await b.call('sts', 'DecodeAuthorizationMessage', { EncodedMessage: encoded })).DecodedMessage).toStartWith(
    '{"allowed":false',
  )
  const codes = new Set<string>()
  for (const EncodedMessage of damaged(encoded)) {
    const error = await b.refusal('sts', 'DecodeAuthorizationMessage', { EncodedMessage })
    codes.add(`${error.code} ${error.status}`)
  }
  expect([...codes]).toEqual(['InvalidAuthorizationMessageException 400'])
  const again = await b.refusal('ec2', 'StopInstances', { InstanceIds: ['i-1'] }, keys)
  expect(again.message).not.toBe(refused.message)
})

test('an MFA code counts once', async () => {
  const { codeAt, stepAt } = await import('./accounts/mfa.ts')
  const { fromBase64, text } = await import('../lib/bytes.ts')
  const keys = await b.user('careful')
  const { VirtualMFADevice: device } = await b.call('iam', 'CreateVirtualMFADevice', {
    VirtualMFADeviceName: 'careful',
  })
  const seed =
    device.Base32StringSeed instanceof Uint8Array
      ? text(device.Base32StringSeed)
      : text(fromBase64(device.Base32StringSeed))
  const code = (ahead = 0): string => codeAt(seed, stepAt(b.now().getTime()) + ahead)
  await b.call('iam', 'EnableMFADevice', {
    UserName: 'careful',
    SerialNumber: device.SerialNumber,
    AuthenticationCode1: code(),
    AuthenticationCode2: code(1),
  })
  b.advance(120_000)
  const TokenCode = code()
  const given = { SerialNumber: device.SerialNumber, TokenCode }
  await b.call('sts', 'GetSessionToken', given, keys)
  for (let i = 0; i < 3; i++)
    expect((await b.refusal('sts', 'GetSessionToken', given, keys)).message).toBe(
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    )
  b.advance(30_000)
  expect((await b.refusal('sts', 'GetSessionToken', given, keys)).code).toBe('AccessDenied')
  await b.call('sts', 'GetSessionToken', { ...given, TokenCode: code() }, keys)
})
