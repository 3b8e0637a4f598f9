// An upload by an HTML form: POST to the bucket, with a signed policy that says what may come. Once signature and policy
// are found right, the form is a PUT by its signer and goes through the pipeline as one.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-UsingHTTPPOST.html

import { AwsError } from '../../../lib/errors.ts'
import { fromBase64, isBase64, sameSecret, text, toBase64, toHex, utf8 } from '../../../lib/bytes.ts'
import type { Credentials } from '../../../lib/credentials.ts'
import { hmac, hmacSha256 } from '../../../lib/hash.ts'
import { percentDecode, percentEncode, percentEncodePath } from '../../../lib/percent.ts'
import { escapeText, parseXml } from '../../../lib/xml.ts'
import type { Headers, HttpRequest, HttpResponse } from '../../../http/message.ts'
import { signingKey } from '../../../sign/key.ts'
import { sign } from '../../../sign/sigv4.ts'
import { Identities } from '../../accounts/identities.ts'
import { lentCaller } from '../../accounts/lent-keys.ts'
import { openToken } from '../../accounts/sessions.ts'
import { readWhole } from '../../bodies.ts'
import type { World } from '../../world.ts'
import { invalidArgument, malformedXml, preconditionFailed, s3Error } from './errors.ts'
import { byForm, readForm, type Form } from './form-fields.ts'
import { objectUrl } from './object-url.ts'
import { checkPostPolicy } from './post-policy.ts'
import { refusal } from './refusal.ts'

type Serve = (request: HttpRequest) => Promise<HttpResponse>

export function isForm(request: HttpRequest): boolean {
  return request.method === 'POST' && /^multipart\/form-data/i.test(request.headers['content-type'] ?? '')
}

/** What is posted to a bucket, and neither a form nor an operation. */
export function notAForm(): HttpResponse {
  return refusal(preconditionFailed('Bucket POST must be of the enclosure-type multipart/form-data'))
}

/** `request` in path style. */
export async function takeForm(request: HttpRequest, world: World, serve: Serve): Promise<HttpResponse> {
  try {
    const bucket = percentDecode(request.path.split('/')[1] ?? '')
    const whole = await readWhole(request)
    const form = readForm(request.headers['content-type']!, whole.body as Uint8Array)
    return await put(bucket, form, whole, world, serve)
  } catch (error) {
    if (error instanceof AwsError) return refusal(error)
    throw error
  }
}

async function put(
  bucket: string,
  form: Form,
  request: HttpRequest,
  world: World,
  serve: Serve,
): Promise<HttpResponse> {
  const { fields, file, fileName } = form
  if (!file) throw invalidArgument('POST requires exactly one file upload per request.', 'file', '0')
  const template = fields.get('key')
  if (template === undefined)
    throw invalidArgument(
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      'key',
      '',
    )
  const key = fileName === undefined ? template : template.replaceAll('${filename}', fileName)
  const policy = fields.get('policy')
  const credentials = policy === undefined ? undefined : await signer(policy, fields, world)
  if (policy !== undefined) {
    const seen = new Map([...fields, ['bucket', bucket]])
    checkPostPolicy(text(fromBase64(policy)), seen, file.length, world.clock())
  }
  const unsigned: HttpRequest = {
    ...request,
    method: 'PUT',
    host: 's3.localhost',
    path: `/${percentEncode(bucket)}/${percentEncodePath(key)}`,
    query: '',
    body: file,
    headers: { ...headersOf(fields), [byForm]: 'post', 'content-length': String(file.length) },
  }
  const inner = credentials
    ? sign(unsigned, { credentials, region: credentials.region, service: 's3', date: world.realClock() })
    : unsigned
  const response = await serve(inner)
  return response.status >= 300 ? response : done(bucket, key, fields, response, request)
}

/** The holder of the key that signed the policy, in either of the two ways. Throws where it did not. */
async function signer(
  policy: string,
  fields: ReadonlyMap<string, string>,
  world: World,
): Promise<Credentials & { region: string }> {
  if (!isBase64(policy)) throw s3Error(400, 'InvalidPolicyDocument', 'Invalid Policy: Invalid Base64.')
  const needed = (name: string): string => {
    const value = fields.get(name.toLowerCase())
    if (value !== undefined) return value
    throw invalidArgument(
      `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
      name,
      '',
    )
  }
  const isOld = fields.has('awsaccesskeyid') || (fields.has('signature') && !fields.has('x-amz-signature'))
  const [accessKeyId, date = '', region = world.region, service = ''] = isOld
    ? [needed('AWSAccessKeyId')]
    : (needed('X-Amz-Algorithm'), needed('X-Amz-Credential')).split('/')
  const sessionToken = fields.get('x-amz-security-token')
  const holder = await world.identities.transaction((rows) => {
    if (sessionToken !== undefined)
      return openToken(rows, accessKeyId!, sessionToken) ?? lentCaller(accessKeyId!, world.lent)
    const key = new Identities(rows, '').keys.get(accessKeyId!)
    if (!key) return lentCaller(accessKeyId!, world.lent)
    return key.status === 'Active' ? { secret: key.secret } : undefined
  })
  if (holder === undefined)
    throw s3Error(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', {
      AWSAccessKeyId: accessKeyId,
    })
  const given = needed(isOld ? 'Signature' : 'X-Amz-Signature')
  // A key that is taken unproved signs as it likes.
  const { secret = '' } = holder
  const right = isOld
    ? toBase64(hmac('sha1', secret, policy))
    : toHex(hmacSha256(signingKey(secret, date, region, service), policy))
  if (holder.secret !== undefined && !sameSecret(given, right))
    throw s3Error(
      403,
      'SignatureDoesNotMatch',
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      {
        AWSAccessKeyId: accessKeyId,
        StringToSign: policy,
        SignatureProvided: given,
        StringToSignBytes: toHex(utf8(policy)).replace(/..(?!$)/g, '$& '),
      },
    )
  return { accessKeyId: accessKeyId!, secretAccessKey: secret, sessionToken, region }
}

/** Fields that are headers of a PUT. */
function headersOf(fields: ReadonlyMap<string, string>): Headers {
  const headers: Headers = {}
  for (const [name, value] of fields) {
    const kept =
      /^(cache-control|content-type|content-disposition|content-encoding|expires)$/.test(name) ||
      /^x-amz-(meta-|server-side-|storage-class|website-|checksum-|object-lock-)/.test(name)
    if (kept) headers[name] = Buffer.from(utf8(value)).toString('latin1')
  }
  headers['content-type'] ??= fields.get('\0content-type') ?? 'binary/octet-stream'
  const acl = fields.get('acl')
  if (acl !== undefined) headers['x-amz-acl'] = acl
  const tags = fields.get('tagging')
  if (tags !== undefined) {
    if (!isXml(tags)) throw malformedXml()
    const pairs = [...tags.matchAll(/<Key>([^<]*)<\/Key>\s*<Value>([^<]*)<\/Value>/g)]
    headers['x-amz-tagging'] = pairs
      .map(([, key, value]) => `${percentEncode(key!)}=${percentEncode(value!)}`)
      .join('&')
  }
  return headers
}

function isXml(text: string): boolean {
  try {
    return parseXml(text) !== undefined
  } catch {
    return false
  }
}

function done(
  bucket: string,
  key: string,
  fields: ReadonlyMap<string, string>,
  response: HttpResponse,
  request: HttpRequest,
): HttpResponse {
  const { etag = '' } = response.headers
  const location = objectUrl(request, { name: bucket }, key)
  const headers = { ...response.headers, location }
  const to = fields.get('success_action_redirect') ?? fields.get('redirect')
  if (to !== undefined && /^https?:\/\//.test(to)) {
    const told = `bucket=${percentEncode(bucket)}&key=${percentEncode(key)}&etag=${percentEncode(etag)}`
    return {
      status: 303,
      headers: { ...headers, location: to + (to.includes('?') ? '&' : '?') + told },
      body: new Uint8Array(0),
    }
  }
  const status = fields.get('success_action_status')
  if (status !== '201') return { status: status === '200' ? 200 : 204, headers, body: new Uint8Array(0) }
  const elements = Object.entries({ Location: location, Bucket: bucket, Key: key, ETag: etag })
    .map(([name, value]) => `<${name}>${escapeText(value)}</${name}>`)
    .join('')
  return {
    status: 201,
    headers: { ...headers, 'content-type': 'application/xml' },
    body: utf8(`<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${elements}</PostResponse>`),
  }
}
