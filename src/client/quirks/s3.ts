// What S3 wants that its model does not say. Redirects and Express sessions have files of their own.

import { text, toBase64, utf8 } from '../../lib/bytes.ts'
import { AwsError } from '../../lib/errors.ts'
import { md5 } from '../../lib/hash.ts'
import { formDecode, percentEncodePath } from '../../lib/percent.ts'
import { parseTimestamp } from '../../lib/time.ts'
import { isStructure } from '../../lib/value.ts'
import type { Structure, Value } from '../../lib/value.ts'
import type { Body, HttpResponse } from '../../http/message.ts'
import type { Operation } from '../../model/model.ts'
import { invalid } from '../validate.ts'
import type { Exchange, Quirks } from './index.ts'
import { knownRegion, otherRegion } from './s3-redirect.ts'

export const s3: Quirks = {
  input(input, { operation: { name } }) {
    requireBucketName(input['Bucket'])
    if (among(copies, name)) encodeCopySource(input)
    if (describesObject.includes(name)) requireAsciiMetadata(input['Metadata'])
    if (among(encrypted, name)) encodeCustomerKey(input, 'SSECustomer')
    if (among(copies, name)) encodeCustomerKey(input, 'CopySourceSSECustomer')
    if (Object.hasOwn(encodedNames, name)) input['EncodingType'] ??= 'url'
    return input
  },

  request(message, { operation, input }) {
    const headers = asksFirst(message.method, message.body)
      ? { ...message.headers, expect: '100-continue' }
      : message.headers
    // The endpoint says where the bucket goes, in the host or in front of the path; the model's own place for it is dropped.
    const named = operation.http.requestUri.startsWith('/{Bucket}') && input['Bucket'] !== undefined
    const path = named ? message.path.replace(/^\/[^/]*/, '') : message.path
    return { ...message, headers, path }
  },

  settings: (settings, { input }) => knownRegion(settings, input['Bucket']),

  endpoint(endpoint, { input, settings }) {
    const bucket = input['Bucket']
    if (endpoint.auth.scheme !== 'sigv4-s3express' || typeof bucket !== 'string') return endpoint
    return { ...endpoint, credentials: async () => (await import('./s3-session.ts')).sessionFor(bucket, settings) }
  },

  response(response, { operation, settings }) {
    if (tellsErrorIn200(operation, response)) return { ...response, status: 500 }
    return expiresReadably(response, operation, settings.debug)
  },

  output(output, { operation, given, response }) {
    const expires = response.headers['expires'] ?? response.headers[unreadableExpires]
    if (expires !== undefined && hasExpires(operation)) output['ExpiresString'] = expires
    return listWithPlainNames(output, operation.name, given)
  },

  error: (error, exchange) => withAdvice(error, exchange),

  secondTry: (error, exchange) => otherRegion(error, exchange),
}

function among(words: string, word: string): boolean {
  return ` ${words} `.includes(` ${word} `)
}

const describesObject = ['PutObject', 'CopyObject', 'CreateMultipartUpload']
const copies = 'CopyObject UploadPartCopy'
const encrypted =
  'HeadObject GetObject PutObject CopyObject CreateMultipartUpload UploadPart UploadPartCopy CompleteMultipartUpload SelectObjectContent'

// As botocore has them; its complaint quotes them.
const bucketName = '^[a-zA-Z0-9.\\-_]{1,255}$'
const bucketArn =
  '^arn:(aws).*:(s3|s3-object-lambda):[a-z\\-0-9]*:[0-9]{12}:accesspoint[/:][a-zA-Z0-9\\-.]{1,63}$|' +
  '^arn:(aws).*:s3-outposts:[a-z\\-0-9]+:[0-9]{12}:outpost[/:][a-zA-Z0-9\\-]{1,63}[/:]accesspoint[/:][a-zA-Z0-9\\-]{1,63}$'

function requireBucketName(bucket: Value | undefined): void {
  if (typeof bucket !== 'string' || new RegExp(bucketName).test(bucket) || new RegExp(bucketArn).test(bucket)) return
  throw invalid(
    `Invalid bucket name "${bucket}": Bucket name must match the regex "${bucketName}" or be an ARN matching the regex "${bucketArn}"`,
  )
}

/**
 * The source of a copy goes into a header, so it is encoded, all but the version at its end. It may be given in parts.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)
 */
function encodeCopySource(input: Structure): void {
  const source = input['CopySource']
  if (typeof source === 'string') {
    const [version = ''] = /\?versionId=\S+$/.exec(source) ?? []
    input['CopySource'] = percentEncodePath(source.slice(0, source.length - version.length)) + version
  } else if (isStructure(source)) {
    const { Bucket: bucket, Key: key, VersionId: version } = source
    if (bucket === undefined || key === undefined) {
      throw invalid(`Missing required parameter: '${bucket === undefined ? 'Bucket' : 'Key'}'`)
    }
    const between = new RegExp(bucketArn).test(String(bucket)) ? '/object/' : '/'
    const name = percentEncodePath(`${String(bucket)}${between}${String(key)}`)
    input['CopySource'] = version === undefined ? name : `${name}?versionId=${String(version)}`
  }
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
function requireAsciiMetadata(metadata: Value | undefined): void {
  if (!isStructure(metadata)) return
  for (const [key, value] of Object.entries(metadata)) {
    // eslint-disable-next-line no-control-regex
    if (/^[\0-\x7f]*$/.test(key) && (typeof value !== 'string' || /^[\0-\x7f]*$/.test(value))) continue
    throw invalid(
      `Non ascii characters found in S3 metadata for key "${key}", value: "${String(value)}".  \n` +
        'S3 metadata can only contain ASCII characters.',
    )
  }
}

/**
 * A key of the customer's goes in base64, with its MD5, unless the caller gave the MD5.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
 */
function encodeCustomerKey(input: Structure, prefix: string): void {
  const key = input[`${prefix}Key`]
  if (input[`${prefix}KeyMD5`] !== undefined || (typeof key !== 'string' && !(key instanceof Uint8Array))) return
  const bytes = typeof key === 'string' ? utf8(key) : key
  input[`${prefix}Key`] = toBase64(bytes)
  input[`${prefix}KeyMD5`] = toBase64(md5(bytes))
}

/**
 * Whether S3 is asked if it will take the body before it is sent: so that a redirect or a refusal costs no upload. A
 * small body is sent sooner than the answer would be here. https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPUT.html
 */
function asksFirst(method: string, body: Body): boolean {
  if (method !== 'PUT' && method !== 'POST') return false
  const size = body instanceof Uint8Array ? body.length : body instanceof Blob ? body.size : Infinity
  return size >= 2 << 20
}

/**
 * A long copy is answered 200 before it is done; if it fails then, the error is in the body. A body that breaks off is
 * no success either. Both are made again. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
function tellsErrorIn200({ output }: Operation, { status, body }: HttpResponse): boolean {
  if (status !== 200 || !output || !(body instanceof Uint8Array) || body.length === 0) return false
  const { payload } = output.shape.traits
  const member = payload === undefined ? undefined : output.shape.memberNamed(payload)
  if (member && (member.shape.type === 'blob' || member.shape.type === 'string' || member.shape.traits.eventstream))
    return false
  const start = /^(?:\ufeff|\s|<\?[^>]*\?>|<!--.*?-->)*<([\w:.-]+)/s.exec(text(body.subarray(0, 4096)))
  if (start === null || start[1] === 'Error') return true
  const end = text(body.subarray(-256)).trimEnd()
  return !end.endsWith(`</${start[1]}>`) && !end.endsWith('/>')
}

function hasExpires({ output }: Operation): boolean {
  return output?.shape.memberNamed('Expires')?.traits.locationName?.toLowerCase() === 'expires'
}

/** People write anything into Expires: what is no time is left out, and can be had as ExpiresString. */
function expiresReadably(
  response: HttpResponse,
  operation: Operation,
  debug: Exchange['settings']['debug'],
): HttpResponse {
  const { expires, ...headers } = response.headers
  if (expires === undefined || !hasExpires(operation)) return response
  try {
    parseTimestamp(expires)
    return response
  } catch {
    debug?.(`s3: "Expires" is not a timestamp: ${expires}`)
    return { ...response, headers: { ...headers, [unreadableExpires]: expires } }
  }
}

/** Where an Expires is kept that is no time. */
const unreadableExpires = 'expires-as-sent'

const regionAdvice =
  'You can fix this issue by explicitly providing the correct region location using the --region argument, the ' +
  'AWS_DEFAULT_REGION environment variable, or the region variable in the AWS CLI configuration file.  You can get the ' +
  'bucket\'s location by running "aws s3api get-bucket-location --bucket BUCKET".'

const storeAdvice =
  ' This store may not know the checksum that goes with every upload: without it, set request_checksum_calculation = when_required.'

/** What AWS CLI adds to three of S3's messages, and a hint for those who ask another store. */
function withAdvice(error: AwsError, { operation, settings }: Exchange): AwsError {
  const { code, message, status, fault, detail, response } = error
  const endpoint = response.elements?.['Endpoint']
  const better = message.includes('Please use AWS4-HMAC-SHA256')
    ? `You are attempting to operate on a bucket in a region that requires Signature Version 4.  ${regionAdvice}`
    : code === 'PermanentRedirect' && endpoint !== undefined
      ? `${message.slice(0, -1)}: ${endpoint}\n${regionAdvice}`
      : message.includes('AWS KMS managed keys require AWS Signature Version 4')
        ? `${message} You can enable AWS Signature Version 4 by running the command: \naws configure set s3.signature_version s3v4`
        : code === 'NotImplemented' && sendsChecksum(operation, settings)
          ? message + storeAdvice
          : undefined
  return better === undefined ? error : new AwsError(code, better, { status, fault, detail, response })
}

function sendsChecksum({ service, traits }: Operation, settings: Exchange['settings']): boolean {
  const another = settings.endpointUrl(service.name, service.metadata.serviceId) !== undefined
  const checked = traits.httpChecksum?.requestAlgorithmMember !== undefined
  return another && checked && settings.key('request_checksum_calculation') !== 'when_required'
}

/**
 * Keys may hold characters that XML cannot: so listings are asked for in URL encoding, and decoded when the caller did
 * not ask for that. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html (encoding-type)
 */
const encodedNames: Readonly<Record<string, { own: readonly string[]; nested: readonly [string, string][] }>> = {
  ListObjects: {
    own: ['Delimiter', 'Marker', 'NextMarker'],
    nested: [
      ['Contents', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
  ListObjectsV2: {
    own: ['Delimiter', 'Prefix', 'StartAfter'],
    nested: [
      ['Contents', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
  ListObjectVersions: {
    own: ['KeyMarker', 'NextKeyMarker', 'Prefix', 'Delimiter'],
    nested: [
      ['Versions', 'Key'],
      ['DeleteMarkers', 'Key'],
      ['CommonPrefixes', 'Prefix'],
    ],
  },
}

function listWithPlainNames(output: Structure, operation: string, given: Exchange['given']): Structure {
  if (!Object.hasOwn(encodedNames, operation)) return output
  if (given['EncodingType'] !== undefined || output['EncodingType'] !== 'url') return output
  const names = encodedNames[operation]!
  for (const member of names.own) decode(output, member)
  for (const [list, member] of names.nested) {
    for (const item of (output[list] as Value[] | undefined) ?? []) if (isStructure(item)) decode(item, member)
  }
  return output
}

function decode(structure: Structure, member: string): void {
  const value = structure[member]
  if (typeof value === 'string') structure[member] = formDecode(value)
}
