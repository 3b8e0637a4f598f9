// What is asked of both programs, and what the services answer: where the wire has its special cases.

import { encodeFrame } from '../../src/lib/event-stream.ts'
import { concat, toBase64, utf8 } from '../../src/lib/bytes.ts'
import { checksum } from '../../src/lib/checksum.ts'
import type { Answer, Answers } from './recording-proxy.ts'

export interface Scenario {
  readonly name: string
  /** Words split at blanks, or given one by one. */
  readonly argv: string | readonly string[]
  /** Beside keys and a region; undefined takes one of those away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** ~/.aws/config. */
  readonly config?: string
  /** One for all, one after the other (the last again and again), or by the request. Default: 200 and an empty object. */
  readonly answer?: Answer | readonly Answer[] | Answers
  /** Where Virga does otherwise on purpose: what is not compared, and why. */
  readonly differs?: { readonly in: readonly ('requests' | 'stdout' | 'stderr' | 'code')[]; readonly because: string }
}

const s3Error = (status: number, code: string, more = '', headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/xml', ...headers },
  body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>The message.</Message>${more}<RequestId>R</RequestId></Error>`,
})
const xml = (body: string, headers: Record<string, string> = {}): Answer => ({
  headers: { 'content-type': 'application/xml', ...headers },
  body,
})
const object = (headers: Record<string, string> = {}): Answer => ({
  headers: { 'content-type': 'text/plain', etag: '"e"', ...headers },
  body: 'hello',
})
const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1', ...headers },
  body: JSON.stringify(value),
})
const nothing: Answer = { headers: { 'content-type': 'application/xml' } }
const session = xml(
  '<CreateSessionResult><Credentials><SessionToken>tok</SessionToken><SecretAccessKey>sec</SecretAccessKey>' +
    '<AccessKeyId>ASIASESSION</AccessKeyId><Expiration>2037-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>',
)
const express: Answers = ({ target }) => (target.startsWith('/?session') ? session : object())

const point = 'arn:aws:s3:us-west-2:123456789012:accesspoint:mypoint'
const outpost = 'arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01234567890123456:accesspoint:mypoint'
const lambdaPoint = 'arn:aws:s3-object-lambda:us-west-2:123456789012:accesspoint/mylambda'
const mrap = 'arn:aws:s3::123456789012:accesspoint:mfzwi23gnjvgw.mrap'
const directory = 'bkt--use1-az4--x-s3'

function get(
  name: string,
  bucket: string,
  more: Omit<Scenario, 'name' | 'argv'> & { key?: string; options?: string } = {},
): Scenario {
  const { key = 'k', options = '', ...rest } = more
  const argv = ['s3api', 'get-object', '--bucket', bucket, '--key', key, ...options.split(' ').filter(Boolean), 'out']
  return { name, argv, answer: object(), ...rest }
}

const addressing: Scenario[] = [
  get('a bucket in the host', 'bkt'),
  get('a bucket with dots', 'my.dotted.bucket'),
  get('a bucket in upper case', 'MyBucket'),
  get('a bucket with an underscore', 'my_bucket'),
  get('a bucket that looks like an address', '192.168.1.1'),
  get('the style set to path', 'bkt', { config: '[default]\ns3 =\n  addressing_style = path\n' }),
  get('the style set to virtual, at another endpoint', 'bkt', {
    config: '[default]\ns3 =\n  addressing_style = virtual\n',
    options: '--endpoint-url https://store.example.com',
  }),
  get('another endpoint', 'bkt', { options: '--endpoint-url https://store.example.com:9443' }),
  get('another endpoint with a path', 'bkt', { options: '--endpoint-url https://store.example.com/base/' }),
  get('another endpoint without TLS', 'bkt', { options: '--endpoint-url http://store.example.com' }),
  get('the endpoint of the service by variable', 'bkt', { env: { AWS_ENDPOINT_URL_S3: 'https://s3.example.com' } }),
  get('the endpoint of all services by variable', 'bkt', { env: { AWS_ENDPOINT_URL: 'https://all.example.com' } }),
  get('configured endpoints ignored', 'bkt', {
    env: { AWS_ENDPOINT_URL: 'https://all.example.com', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
  }),
  get('the endpoint from a services section', 'bkt', {
    config: '[default]\nservices = mine\n[services mine]\ns3 =\n  endpoint_url = https://section.example.com\n',
  }),
  ...[
    'a b',
    'ä/ö',
    'a//b',
    'a/../b',
    './a',
    '/lead',
    'tail/',
    'a+b&c=d?e#f',
    '~-_.',
    'a%20b',
    'q\'uo"te',
    'a:b@c,d;e',
    '%2F',
    '(x)*!',
  ].map((key) => get(`the key ${key}`, 'bkt', { key })),
  get('the key a/../b at another endpoint', 'bkt', {
    key: 'a/../b',
    options: '--endpoint-url https://store.example.com',
  }),
  get('China', 'bkt', { options: '--region cn-north-1' }),
  get('GovCloud', 'bkt', { options: '--region us-gov-west-1' }),
  get('the European sovereign cloud', 'bkt', { options: '--region eusc-de-east-1' }),
  get('aws-global', 'bkt', { options: '--region aws-global' }),
  get('accelerate', 'bkt', { config: '[default]\ns3 =\n  use_accelerate_endpoint = true\n' }),
  get('accelerate and dual stack', 'bkt', {
    config: '[default]\ns3 =\n  use_accelerate_endpoint = true\n  use_dualstack_endpoint = true\n',
  }),
  get('dual stack by S3’s own key', 'bkt', { config: '[default]\ns3 =\n  use_dualstack_endpoint = true\n' }),
  get('dual stack', 'bkt', { env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } }),
  get('FIPS', 'bkt', { env: { AWS_USE_FIPS_ENDPOINT: 'true' } }),
  get('FIPS and dual stack', 'bkt', { env: { AWS_USE_FIPS_ENDPOINT: 'true', AWS_USE_DUALSTACK_ENDPOINT: 'true' } }),
  get('FIPS by an old region name', 'bkt', { options: '--region fips-us-gov-west-1' }),
  {
    name: 'the location of a bucket',
    argv: 's3api get-bucket-location --bucket bkt',
    answer: xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>'),
  },
  {
    name: 'the location of a bucket in us-east-1',
    argv: 's3api get-bucket-location --bucket bkt',
    answer: xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>'),
  },
  {
    name: 'a new bucket',
    argv: 's3api create-bucket --bucket bkt --create-bucket-configuration LocationConstraint=eu-west-1 --region eu-west-1',
    answer: nothing,
  },
  {
    name: 'all buckets',
    argv: 's3api list-buckets --region eu-west-1',
    answer: xml('<ListAllMyBucketsResult><Buckets/></ListAllMyBucketsResult>'),
  },
  { name: 'a bucket name that cannot be', argv: 's3api head-bucket --bucket a/b' },
]

const points: Scenario[] = [
  get('an access point in another region', point),
  get('an access point, its region not to be used', point, { env: { AWS_S3_USE_ARN_REGION: 'false' } }),
  get('an access point with dual stack', point, { env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' } }),
  get('an access point with FIPS', point, { env: { AWS_USE_FIPS_ENDPOINT: 'true' } }),
  get('an access point at another endpoint', point, { options: '--endpoint-url https://points.example.com' }),
  get('an access point, the style set to path', point, { config: '[default]\ns3 =\n  addressing_style = path\n' }),
  get('an access point’s alias', 'mypoint-abcdefghijklmnopqrstuvwxyz0123456789-s3alias'),
  get('an access point that does not exist', `${point}x`, { answer: s3Error(404, 'NoSuchAccessPoint') }),
  get('an Outposts access point', outpost),
  get('an Outposts access point of one’s region', outpost, { options: '--region us-west-2' }),
  get('an Object Lambda access point', lambdaPoint),
  get('a multi-region access point', mrap),
  get('a multi-region access point, switched off', mrap, { env: { AWS_S3_DISABLE_MULTIREGION_ACCESS_POINTS: 'true' } }),
  get('a multi-region access point with a region set', mrap, {
    env: { AWS_SIGV4A_SIGNING_REGION_SET: 'us-east-1,eu-west-1' },
  }),
  {
    name: 'listing a multi-region access point',
    argv: ['s3api', 'list-objects-v2', '--bucket', mrap],
    answer: xml('<ListBucketResult/>'),
  },
  {
    name: 'putting by an access point',
    argv: ['s3api', 'put-object', '--bucket', point, '--key', 'k', '--body', 'small'],
    answer: nothing,
  },
  {
    name: 'putting by a multi-region access point',
    argv: ['s3api', 'put-object', '--bucket', mrap, '--key', 'k', '--body', 'small'],
    answer: nothing,
  },
  {
    name: 'the response of an Object Lambda',
    argv: 's3api write-get-object-response --request-route route --request-token token --body small --status-code 200',
    answer: nothing,
  },
  {
    name: 's3control: an account’s block',
    argv: 's3control get-public-access-block --account-id 123456789012',
    answer: xml('<PublicAccessBlockConfiguration/>'),
  },
  {
    name: 's3control: FIPS',
    argv: 's3control get-public-access-block --account-id 123456789012',
    env: { AWS_USE_FIPS_ENDPOINT: 'true' },
    answer: xml('<PublicAccessBlockConfiguration/>'),
  },
  {
    name: 's3control: dual stack',
    argv: 's3control list-jobs --account-id 123456789012',
    env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
    answer: xml('<ListJobsResult/>'),
  },
  {
    name: 's3control: a bucket on an Outpost',
    argv: 's3control get-bucket --bucket arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-01234567890123456:bucket:mybucket',
    env: { AWS_S3_USE_ARN_REGION: 'true' },
    answer: xml('<GetBucketResult/>'),
  },
  {
    name: 's3control: an access point on an Outpost',
    argv: ['s3control', 'get-access-point', '--account-id', '123456789012', '--name', outpost, '--region', 'us-west-2'],
    answer: xml('<GetAccessPointResult/>'),
  },
  {
    name: 's3control: an account that is not the ARN’s',
    argv: ['s3control', 'get-access-point', '--account-id', '999999999999', '--name', outpost, '--region', 'us-west-2'],
  },
  {
    name: 's3control: an ARN that cannot be',
    argv: ['s3control', 'get-access-point', '--account-id', '123456789012', '--name', point],
  },
  { name: 's3control: an account that is no host label', argv: 's3control list-jobs --account-id a/b' },
  {
    name: 's3control: tags with a checksum',
    argv: 's3control put-bucket-tagging --account-id 123456789012 --bucket arn:aws:s3-outposts:us-east-1:123456789012:outpost:op-01234567890123456:bucket:mybucket --tagging TagSet=[{Key=a,Value=b}]',
    answer: nothing,
  },
]

const directories: Scenario[] = [
  get('a directory bucket', directory, { answer: express }),
  get('a directory bucket with FIPS', directory, { env: { AWS_USE_FIPS_ENDPOINT: 'true' }, answer: express }),
  get('a directory bucket without sessions', directory, { env: { AWS_S3_DISABLE_EXPRESS_SESSION_AUTH: 'true' } }),
  get('a directory bucket with a session token of one’s own', directory, {
    env: { AWS_SESSION_TOKEN: 'mine' },
    answer: express,
  }),
  get('a directory bucket at another endpoint', directory, {
    options: '--endpoint-url https://express.example.com',
    answer: express,
  }),
  {
    name: 'putting into a directory bucket',
    argv: `s3api put-object --bucket ${directory} --key k --body small`,
    answer: (request) => (request.target.startsWith('/?session') ? session : nothing),
  },
  {
    name: 'two pages of a directory bucket, one session',
    argv: `s3api list-objects-v2 --bucket ${directory}`,
    answer: (request) =>
      request.target.includes('session')
        ? session
        : request.target.includes('continuation')
          ? xml('<ListBucketResult><Contents><Key>b</Key></Contents></ListBucketResult>')
          : xml(
              '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken><Contents><Key>a</Key></Contents></ListBucketResult>',
            ),
  },
  {
    name: 'a session of one’s own',
    argv: `s3api create-session --bucket ${directory} --session-mode ReadOnly`,
    answer: session,
  },
  {
    name: 'a session that is refused',
    argv: `s3api head-object --bucket ${directory} --key k`,
    answer: s3Error(403, 'AccessDenied'),
  },
  {
    name: 'a new directory bucket',
    argv: `s3api create-bucket --bucket ${directory} --create-bucket-configuration Location={Type=AvailabilityZone,Name=use1-az4},Bucket={Type=Directory,DataRedundancy=SingleAvailabilityZone}`,
    answer: nothing,
  },
  {
    name: 'all directory buckets',
    argv: 's3api list-directory-buckets',
    answer: xml('<ListAllMyDirectoryBucketsResult/>'),
  },
]

const put = (name: string, options: string, more: Omit<Scenario, 'name' | 'argv'> = {}): Scenario => ({
  name,
  argv: `s3api put-object --bucket bkt --key k ${options}`,
  answer: nothing,
  ...more,
})

const bodies: Scenario[] = [
  put('a small object', '--body small'),
  put('a big object', '--body big'),
  put('an empty object', '--body empty'),
  put('no body', ''),
  put('a big object without TLS', '--body big --endpoint-url http://store.example.com'),
  put('no signature', '--body small --no-sign-request'),
  put('no signature, no TLS', '--body small --no-sign-request --endpoint-url http://store.example.com'),
  put('the checksum MD5', '--body small --checksum-algorithm MD5', {
    differs: { in: ['requests', 'stderr', 'code'], because: 'the official CLI refuses it, S3 takes it' },
  }),
  ...['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256', 'SHA512', 'XXHASH64', 'XXHASH3', 'XXHASH128'].map((name) =>
    put(`the checksum ${name}`, `--body big --checksum-algorithm ${name}`),
  ),
  put(
    'the checksum CRC32C without TLS',
    '--body big --checksum-algorithm CRC32C --endpoint-url http://store.example.com',
  ),
  put('a checksum that is given', '--body small --checksum-crc32 DUoRhQ=='),
  put('an MD5 that is given', '--body small --content-md5 rL0Y20zC+Fzt72VPzMSk2A=='),
  put('an encoding that is given', '--body small --content-encoding gzip'),
  put('checksums only where they must be', '--body small', {
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required' },
  }),
  put('checksums only where they must be, one asked for', '--body small --checksum-algorithm SHA256', {
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required' },
  }),
  put('the payload signed', '--body small', { config: '[default]\ns3 =\n  payload_signing_enabled = true\n' }),
  put('the payload not signed, without TLS', '--body small --endpoint-url http://store.example.com', {
    config: '[default]\ns3 =\n  payload_signing_enabled = false\n',
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required' },
  }),
  put(
    'a customer’s key',
    '--body small --sse-customer-algorithm AES256 --sse-customer-key 0123456789abcdef0123456789abcdef',
  ),
  put(
    'a customer’s key and its MD5',
    '--body small --sse-customer-algorithm AES256 --sse-customer-key abc --sse-customer-key-md5 def',
  ),
  put('metadata', '--metadata a=b,C=d'),
  {
    name: 'metadata that is not ASCII',
    argv: ['s3api', 'put-object', '--bucket', 'bkt', '--key', 'k', '--metadata', '{"a":"ü"}'],
  },
  {
    name: 'headers that are not ASCII',
    argv: 's3api put-object --bucket bkt --key k --content-disposition é --cache-control 日本 --content-language à',
  },
  {
    name: 'a header with two lines',
    argv: ['s3api', 'put-object', '--bucket', 'bkt', '--key', 'k', '--content-disposition', 'a\nb: c'],
    differs: { in: ['stderr'], because: 'the header is named, its value may be a secret' },
  },
  put('a time in Expires', '--expires 2030-01-01T00:00:00Z'),
  put('tags and grants', '--tagging a=b&c=d --grant-read id=1 --acl private'),
  {
    name: 'a part',
    argv: 's3api upload-part --bucket bkt --key k --part-number 2 --upload-id u --body big',
    answer: nothing,
  },
  {
    name: 'an object deleted',
    argv: 's3api delete-objects --bucket bkt --delete Objects=[{Key=a},{Key=b}]',
    answer: xml('<DeleteResult/>'),
  },
  {
    name: 'an object deleted, checksums only where they must be',
    argv: 's3api delete-objects --bucket bkt --delete Objects=[{Key=a}]',
    env: { AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required' },
    answer: xml('<DeleteResult/>'),
  },
  {
    name: 'keys with line ends',
    argv: ['s3api', 'delete-objects', '--bucket', 'bkt', '--delete', '{"Objects":[{"Key":"a\\nb\\rc<&>\\"\'"}]}'],
    answer: xml('<DeleteResult/>'),
  },
  {
    name: 'a lifecycle with line ends',
    argv: [
      's3api',
      'put-bucket-lifecycle-configuration',
      '--bucket',
      'bkt',
      '--lifecycle-configuration',
      '{"Rules":[{"ID":"a\\r\\nb","Status":"Enabled","Filter":{"Prefix":"p\\n"},"Expiration":{"Days":1}}]}',
    ],
    answer: nothing,
  },
  {
    name: 'tags with line ends',
    argv: [
      's3api',
      'put-bucket-tagging',
      '--bucket',
      'bkt',
      '--tagging',
      '{"TagSet":[{"Key":"a","Value":"b\\nc\\r"}]}',
    ],
    answer: nothing,
    differs: { in: ['requests'], because: 'a carriage return that is not escaped is lost at its reader' },
  },
  {
    name: 'a policy',
    argv: ['s3api', 'put-bucket-policy', '--bucket', 'bkt', '--policy', '{"a": 1}'],
    answer: nothing,
  },
  ...['src/a b', '/src/ä+ö', 'src/k?versionId=v1', 'src/k?x=1', 'src/a%20b'].map((source): Scenario => ({
    name: `a copy of ${source}`,
    argv: ['s3api', 'copy-object', '--bucket', 'bkt', '--key', 'k', '--copy-source', source],
    answer: xml('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>'),
  })),
  {
    name: 'a copy by ARN',
    argv: ['s3api', 'copy-object', '--bucket', 'bkt', '--key', 'k', '--copy-source', `${point}/object/a b`],
    answer: xml('<CopyObjectResult/>'),
  },
  {
    name: 'a copy with customers’ keys',
    argv: 's3api copy-object --bucket bkt --key k --copy-source s/k --sse-customer-algorithm AES256 --sse-customer-key abc --copy-source-sse-customer-algorithm AES256 --copy-source-sse-customer-key def',
    answer: xml('<CopyObjectResult/>'),
  },
  {
    name: 'a part copied',
    argv: 's3api upload-part-copy --bucket bkt --key k --part-number 1 --upload-id u --copy-source s/k --copy-source-range bytes=0-9',
    answer: xml('<CopyPartResult/>'),
  },
  {
    name: 'keys that XML cannot hold',
    argv: 's3api list-objects-v2 --bucket bkt --prefix a+b',
    answer: xml(
      '<ListBucketResult><EncodingType>url</EncodingType><Prefix>a%2Bb</Prefix><Contents><Key>x%01+y</Key></Contents></ListBucketResult>',
    ),
  },
  {
    name: 'keys as they came',
    argv: 's3api list-objects-v2 --bucket bkt --encoding-type url',
    answer: xml(
      '<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>x%01+y</Key></Contents></ListBucketResult>',
    ),
  },
  {
    name: 'versions',
    argv: 's3api list-object-versions --bucket bkt',
    answer: xml(
      '<ListVersionsResult><EncodingType>url</EncodingType><Version><Key>a%20b</Key></Version><DeleteMarker><Key>c%2Fd</Key></DeleteMarker></ListVersionsResult>',
    ),
  },
]

const answers: Scenario[] = [
  get('a checksum that fits', 'bkt', {
    answer: object({ 'x-amz-checksum-crc64nvme': toBase64(checksum('crc64nvme').update(utf8('hello')).digest()) }),
  }),
  get('a checksum that does not fit', 'bkt', { answer: object({ 'x-amz-checksum-crc32': 'AAAAAA==' }) }),
  get('a checksum of parts', 'bkt', { answer: object({ 'x-amz-checksum-sha256': 'AAAA-2' }) }),
  get('checksums only where they must be', 'bkt', {
    env: { AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required' },
    answer: object({ 'x-amz-checksum-crc32': 'AAAAAA==' }),
  }),
  get('a range', 'bkt', { options: '--range bytes=0-4', answer: { ...object(), status: 206 } }),
  get('an Expires', 'bkt', { answer: object({ expires: 'Fri, 02 Jan 2026 03:04:05 GMT' }) }),
  get('an Expires that is no time', 'bkt', { answer: object({ expires: 'never' }) }),
  get('nothing changed', 'bkt', { options: '--if-none-match "e"', answer: { status: 304 } }),
  get('no such key', 'bkt', { answer: s3Error(404, 'NoSuchKey', '<Key>k</Key>') }),
  get('a redirect with a region', 'bkt', {
    answer: [
      s3Error(301, 'PermanentRedirect', '<Endpoint>bkt.s3-eu-west-1.amazonaws.com</Endpoint><Bucket>bkt</Bucket>', {
        'x-amz-bucket-region': 'eu-west-1',
      }),
      object(),
    ],
  }),
  get('a redirect without a region', 'bkt', {
    answer: (request) =>
      request.method === 'HEAD'
        ? { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } }
        : request.host.includes('eu-west-1')
          ? object()
          : s3Error(301, 'PermanentRedirect', '<Endpoint>bkt.s3-eu-west-1.amazonaws.com</Endpoint>'),
  }),
  get('a redirect that leads nowhere', 'bkt', {
    answer: s3Error(301, 'PermanentRedirect', '<Endpoint>bkt.s3-eu-west-1.amazonaws.com</Endpoint>', {
      'x-amz-bucket-region': 'eu-west-1',
    }),
  }),
  get('a temporary redirect', 'bkt', {
    answer: [
      s3Error(307, 'TemporaryRedirect', '<Endpoint>bkt.s3-eu-west-1.amazonaws.com</Endpoint>', {
        'x-amz-bucket-region': 'eu-west-1',
      }),
      object(),
    ],
  }),
  get('the wrong region in the signature', 'bkt', {
    answer: [s3Error(400, 'AuthorizationHeaderMalformed', '<Region>eu-central-1</Region>'), object()],
  }),
  get('an access point is not redirected', point, {
    answer: s3Error(301, 'PermanentRedirect', '<Endpoint>x</Endpoint>', { 'x-amz-bucket-region': 'eu-west-1' }),
  }),
  {
    name: 'a HEAD of an object redirected',
    argv: 's3api head-object --bucket bkt --key k',
    answer: [
      { status: 400 },
      { status: 200, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      { status: 200, headers: { etag: '"e"' } },
    ],
  },
  {
    name: 'a HEAD of a bucket redirected',
    argv: 's3api head-bucket --bucket bkt',
    answer: [
      { status: 301, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      { status: 200, headers: { 'x-amz-bucket-region': 'eu-west-1' } },
    ],
  },
  { name: 'a HEAD of what is not there', argv: 's3api head-object --bucket bkt --key k', answer: { status: 404 } },
  {
    name: 'two pages, redirected once',
    argv: 's3api list-objects-v2 --bucket bkt',
    answer: (request) =>
      !request.host.includes('eu-west-1')
        ? s3Error(301, 'PermanentRedirect', '<Endpoint>e</Endpoint>', { 'x-amz-bucket-region': 'eu-west-1' })
        : request.target.includes('continuation')
          ? xml('<ListBucketResult><Contents><Key>b</Key></Contents></ListBucketResult>')
          : xml(
              '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>n</NextContinuationToken><Contents><Key>a</Key></Contents></ListBucketResult>',
            ),
  },
  {
    name: 'an error in a 200',
    argv: 's3api copy-object --bucket bkt --key k --copy-source s/k',
    answer: [s3Error(200, 'InternalError'), xml('<CopyObjectResult><ETag>"e"</ETag></CopyObjectResult>')],
  },
  {
    name: 'half an answer in a 200',
    argv: 's3api list-objects-v2 --bucket bkt',
    answer: [xml('<ListBucketResult><Contents><Key>a</Ke'), xml('<ListBucketResult/>')],
  },
  {
    name: 'a bucket that wants version 4',
    argv: 's3api list-objects-v2 --bucket bkt',
    answer: {
      status: 400,
      body: '<Error><Code>InvalidRequest</Code><Message>The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.</Message></Error>',
    },
  },
  {
    name: 'rows of a SELECT',
    argv: [
      's3api',
      'select-object-content',
      '--bucket',
      'bkt',
      '--key',
      'k',
      '--expression',
      'SELECT 1',
      '--expression-type',
      'SQL',
      '--input-serialization',
      '{"CSV":{}}',
      '--output-serialization',
      '{"CSV":{}}',
      'out',
    ],
    answer: { headers: { 'content-type': 'application/octet-stream' }, body: events() },
  },
]

function events(): Uint8Array {
  const event = (type: string, payload: string, mime = 'application/octet-stream'): Uint8Array =>
    encodeFrame({
      headers: {
        ':message-type': { type: 'string', value: 'event' },
        ':event-type': { type: 'string', value: type },
        ':content-type': { type: 'string', value: mime },
      },
      payload: utf8(payload),
    } as never)
  return concat([
    event('Records', 'a,b\n'),
    event('Records', 'c,d\n'),
    event('Stats', '<Stats><BytesScanned>1</BytesScanned></Stats>', 'text/xml'),
    event('End', ''),
  ])
}

const form = (body: string): Answer => ({ headers: { 'content-type': 'text/xml' }, body })
const role = 'arn:aws:iam::123456789012:role/r'

const anyProtocol: Scenario['differs'] = {
  in: ['stdout', 'stderr', 'code'],
  because: 'the answer is the same for all protocols',
}

const services: Scenario[] = [
  { name: 'DynamoDB with an account', argv: 'dynamodb list-tables', env: { AWS_ACCOUNT_ID: '123456789012' } },
  {
    name: 'DynamoDB with an account, by a table’s ARN',
    argv: 'dynamodb describe-table --table-name arn:aws:dynamodb:us-east-1:222222222222:table/t',
    env: { AWS_ACCOUNT_ID: '123456789012' },
  },
  {
    name: 'DynamoDB with an account, not to be used',
    argv: 'dynamodb list-tables',
    env: { AWS_ACCOUNT_ID: '123456789012', AWS_ACCOUNT_ID_ENDPOINT_MODE: 'disabled' },
  },
  {
    name: 'DynamoDB with an account that must be and is not',
    argv: 'dynamodb list-tables',
    env: { AWS_ACCOUNT_ID_ENDPOINT_MODE: 'required' },
  },
  {
    name: 'DynamoDB with FIPS and an account',
    argv: 'dynamodb list-tables',
    env: { AWS_ACCOUNT_ID: '123456789012', AWS_USE_FIPS_ENDPOINT: 'true' },
  },
  {
    name: 'DynamoDB’s CRC32 that fits',
    argv: 'dynamodb list-tables',
    answer: json({ TableNames: [] }, 200, { 'x-amz-crc32': String(Bun.hash.crc32('{"TableNames":[]}')) }),
  },
  {
    name: 'DynamoDB’s CRC32 that does not fit',
    argv: 'dynamodb list-tables',
    answer: [json({ TableNames: [] }, 200, { 'x-amz-crc32': '1' }), json({ TableNames: [] })],
  },
  {
    name: 'Kinesis by a stream’s ARN',
    argv: 'kinesis describe-stream-summary --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/s',
  },
  {
    name: 'Timestream finds its cell',
    argv: 'timestream-write list-databases',
    answer: ({ headers }) =>
      json(
        headers['x-amz-target']?.endsWith('DescribeEndpoints')
          ? { Endpoints: [{ Address: 'cell.timestream.us-east-1.amazonaws.com', CachePeriodInMinutes: 10 }] }
          : { Databases: [] },
      ),
  },
  {
    name: 'Timestream’s cell has moved',
    argv: 'timestream-write list-databases',
    answer: ({ headers }, index) =>
      headers['x-amz-target']?.endsWith('DescribeEndpoints')
        ? json({ Endpoints: [{ Address: `cell${index}.example.com`, CachePeriodInMinutes: 10 }] })
        : index === 1
          ? json({ __type: 'InvalidEndpointException', message: 'm' }, 421)
          : json({ Databases: [] }),
  },
  {
    name: 'Timestream without discovery',
    argv: 'timestream-query describe-account-settings',
    env: { AWS_ENDPOINT_DISCOVERY_ENABLED: 'false' },
  },
  {
    name: 'Timestream at another endpoint',
    argv: 'timestream-query describe-account-settings --endpoint-url https://ts.example.com',
  },
  { name: 'Glacier’s version', argv: 'glacier list-vaults --account-id -', answer: json({ VaultList: [] }) },
  {
    name: 'Glacier’s tree hash',
    argv: 'glacier upload-archive --account-id - --vault-name v --body big',
    answer: { status: 201, headers: { 'x-amz-archive-id': 'a' } },
  },
  {
    name: 'a snapshot copied from another region: EC2',
    argv: 'ec2 copy-snapshot --source-region eu-west-1 --source-snapshot-id snap-1',
    answer: form('<CopySnapshotResponse><snapshotId>snap-2</snapshotId></CopySnapshotResponse>'),
  },
  {
    name: 'a snapshot copied from another region: RDS',
    argv: 'rds copy-db-snapshot --source-region eu-west-1 --source-db-snapshot-identifier arn:aws:rds:eu-west-1:123456789012:snapshot:s --target-db-snapshot-identifier t',
    answer: form('<CopyDBSnapshotResponse/>'),
  },
  {
    name: 'a snapshot copied within a region: RDS',
    argv: 'rds copy-db-snapshot --source-db-snapshot-identifier s --target-db-snapshot-identifier t',
    answer: form('<CopyDBSnapshotResponse/>'),
  },
  {
    name: 'a snapshot copied by a link that is given: RDS',
    argv: 'rds copy-db-snapshot --source-region eu-west-1 --pre-signed-url https://x --source-db-snapshot-identifier s --target-db-snapshot-identifier t',
    answer: form('<CopyDBSnapshotResponse/>'),
  },
  {
    name: 'a cluster from another region: Neptune',
    argv: 'neptune create-db-cluster --source-region eu-west-1 --db-cluster-identifier c --engine neptune',
    answer: form('<CreateDBClusterResponse/>'),
  },
  {
    name: 'a cluster copied from another region: DocumentDB',
    argv: 'docdb copy-db-cluster-snapshot --source-region eu-west-1 --source-db-cluster-snapshot-identifier s --target-db-cluster-snapshot-identifier t',
    answer: form('<CopyDBClusterSnapshotResponse/>'),
  },
  {
    name: 'a machine’s script: EC2',
    argv: 'ec2 run-instances --image-id ami-1 --user-data file://script',
    answer: form('<RunInstancesResponse/>'),
  },
  {
    name: 'a machine’s script in bytes: EC2',
    argv: 'ec2 run-instances --image-id ami-1 --user-data fileb://script',
    answer: form('<RunInstancesResponse/>'),
  },
  {
    name: 'a machine’s script: Auto Scaling',
    argv: 'autoscaling create-launch-configuration --launch-configuration-name l --user-data file://script',
    answer: form('<CreateLaunchConfigurationResponse/>'),
  },
  {
    name: 'a console',
    argv: 'ec2 get-console-output --instance-id i-1',
    answer: form(
      '<GetConsoleOutputResponse><instanceId>i-1</instanceId><output>aMOkbGxv</output></GetConsoleOutputResponse>',
    ),
  },
  {
    name: 'a hosted zone’s id',
    argv: 'route53 get-hosted-zone --id /hostedzone/Z1',
    answer: xml('<GetHostedZoneResponse/>'),
  },
  { name: 'a change’s id', argv: 'route53 get-change --id /change/C1', answer: xml('<GetChangeResponse/>') },
  {
    name: 'a search',
    argv: 'cloudsearchdomain search --search-query a+b --return x --endpoint-url https://search.example.com',
    answer: json({}),
  },
  {
    name: 'a prediction',
    argv: 'machinelearning predict --ml-model-id m --record a=b --predict-endpoint https://realtime.example.com',
    answer: json({}),
  },
  { name: 'REST APIs', argv: 'apigateway get-rest-apis', answer: json({ item: [] }) },
  {
    name: 'a policy of IAM’s',
    argv: 'iam get-role-policy --role-name r --policy-name p',
    answer: form(
      '<GetRolePolicyResponse><GetRolePolicyResult><RoleName>r</RoleName><PolicyName>p</PolicyName><PolicyDocument>%7B%22b%22%3A1.0%2C%22a%22%3A%5B%5D%7D</PolicyDocument></GetRolePolicyResult></GetRolePolicyResponse>',
    ),
  },
  {
    name: 'policies of IAM’s, nested',
    argv: 'iam get-account-authorization-details',
    answer: form(
      '<R><GetAccountAuthorizationDetailsResult><RoleDetailList><member><RoleName>r</RoleName><AssumeRolePolicyDocument>%7B%22Version%22%3A%222012-10-17%22%7D</AssumeRolePolicyDocument><RolePolicyList><member><PolicyName>p</PolicyName><PolicyDocument>not+json</PolicyDocument></member></RolePolicyList></member></RoleDetailList></GetAccountAuthorizationDetailsResult></R>',
    ),
  },
  {
    name: 'a template in JSON',
    argv: 'cloudformation get-template --stack-name s',
    answer: form(
      '<R><GetTemplateResult><TemplateBody>{"z": 1.50, "a": [1e3, 12345678901234567890]}</TemplateBody></GetTemplateResult></R>',
    ),
  },
  {
    name: 'a template in YAML',
    argv: 'cloudformation get-template --stack-name s',
    answer: form('<R><GetTemplateResult><TemplateBody>Resources:\n  A: 1\n</TemplateBody></GetTemplateResult></R>'),
  },
  {
    name: 'a role by a web identity',
    argv: `sts assume-role-with-web-identity --role-arn ${role} --role-session-name s --web-identity-token t`,
    answer: form('<R><AssumeRoleWithWebIdentityResult/></R>'),
  },
  { name: 'an identity', argv: 'cognito-identity get-id --identity-pool-id us-east-1:1' },
  {
    name: 'a global endpoint of EventBridge’s',
    argv: [
      'events',
      'put-events',
      '--endpoint-id',
      'abcde.veo',
      '--entries',
      '[{"Source":"s","DetailType":"d","Detail":"{}"}]',
    ],
  },
  {
    name: 'CBOR, signed for all regions',
    argv: 'partnercentral-revenue-measurement list-revenue-attributions --catalog AWS',
    answer: {
      headers: { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
      body: new Uint8Array([0xbf, 0xff]),
    },
  },
  {
    name: 'a bearer token',
    argv: 'bedrock list-custom-models',
    env: { AWS_BEARER_TOKEN_BEDROCK: 'bear' },
    answer: json({}),
  },
  {
    name: 'metrics, compressed',
    argv: [
      'cloudwatch',
      'put-metric-data',
      '--namespace',
      'n',
      '--metric-data',
      JSON.stringify(
        Array.from({ length: 200 }, (_, i) => ({ MetricName: `metric-number-${i}`, Value: i, Unit: 'Count' })),
      ),
    ],
    answer: json({}),
  },
  {
    name: 'metrics, not compressed',
    argv: [
      'cloudwatch',
      'put-metric-data',
      '--namespace',
      'n',
      '--metric-data',
      JSON.stringify(
        Array.from({ length: 200 }, (_, i) => ({ MetricName: `metric-number-${i}`, Value: i, Unit: 'Count' })),
      ),
    ],
    env: { AWS_DISABLE_REQUEST_COMPRESSION: 'true' },
    answer: json({}),
  },
  {
    name: 'few metrics, compressed',
    argv: 'cloudwatch put-metric-data --namespace n --metric-name m --value 1',
    env: { AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES: '1' },
    answer: json({}),
  },
  {
    name: 'a function',
    argv: 'lambda invoke --function-name f --payload e30= out',
    answer: { body: '{"a":1}', headers: { 'x-amz-executed-version': '$LATEST', 'content-type': 'application/json' } },
  },
  {
    name: 'EventBridge’s global endpoint with a bad id',
    argv: ['events', 'put-events', '--endpoint-id', 'a b', '--entries', '[{"Source":"s"}]'],
  },
  {
    name: 'a scheme preferred: version 4A',
    argv: 's3api list-buckets',
    env: { AWS_AUTH_SCHEME_PREFERENCE: 'sigv4a' },
    answer: xml('<ListAllMyBucketsResult/>'),
  },
  {
    name: 'a scheme preferred: none',
    argv: 's3api list-buckets',
    env: { AWS_AUTH_SCHEME_PREFERENCE: 'noauth' },
    answer: xml('<ListAllMyBucketsResult/>'),
  },
  {
    name: 'no credentials where none are needed',
    argv: 'cognito-identity get-credentials-for-identity --identity-id us-east-1:1',
    env: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
  },
  {
    name: 'no credentials where some are',
    argv: 'sts get-caller-identity',
    env: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined },
  },
  { name: 'no region', argv: 'ec2 describe-regions', env: { AWS_REGION: undefined } },
  { name: 'a region that cannot be', argv: 'ec2 describe-regions --region a.b' },
  {
    name: 'a host prefix',
    argv: 'servicediscovery discover-instances --namespace-name n --service-name s',
    answer: json({ Instances: [] }),
  },
  {
    name: 'a host prefix, switched off',
    argv: 'servicediscovery discover-instances --namespace-name n --service-name s',
    env: { AWS_DISABLE_HOST_PREFIX_INJECTION: 'true' },
    answer: json({ Instances: [] }),
  },
  {
    name: 'a body that is not signed',
    argv: 'mediastore-data put-object --path a/b --body small --endpoint-url https://data.example.com',
    answer: json({}),
  },
  {
    name: 'speech',
    argv: 'polly synthesize-speech --text hi --voice-id Joanna --output-format mp3 out',
    answer: { body: 'mp3', headers: { 'content-type': 'audio/mpeg' } },
  },
  {
    name: 'a message',
    argv: 'sqs send-message --queue-url https://sqs.us-east-1.amazonaws.com/123456789012/q --message-body m',
    answer: json({ MD5OfMessageBody: '6f8f57715090da2632453988d9a1501b', MessageId: 'i' }),
  },
  {
    name: 'an error in the words of the older protocol',
    argv: 'sqs get-queue-url --queue-name q',
    answer: json({ __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'm' }, 400, {
      'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender',
    }),
  },
  {
    name: 'an error of OAuth’s',
    argv: 'sso-oidc create-token --client-id c --client-secret s --grant-type g',
    answer: json({ error: 'invalid_grant', error_description: 'Bad grant' }, 400, {
      'x-amzn-errortype': 'InvalidGrantException',
    }),
    differs: { in: ['stderr'], because: 'the official CLI leaves out what went wrong' },
  },
  {
    name: 'SimpleDB',
    argv: 'sdb list-domains',
    answer: form('<ListDomainsResponse><ListDomainsResult/></ListDomainsResponse>'),
    differs: { in: ['requests'], because: 'its signature holds the time' },
  },
  {
    name: 'a session token',
    argv: 'sts get-caller-identity',
    env: { AWS_SESSION_TOKEN: 'tok/en+=' },
    answer: form('<R><GetCallerIdentityResult/></R>'),
  },
  {
    name: 'no signature',
    argv: 'sts get-caller-identity --no-sign-request',
    answer: form('<R><GetCallerIdentityResult/></R>'),
  },
  ...[
    'iam list-users',
    'organizations list-roots',
    'sts get-caller-identity',
    'ec2 describe-regions',
    'dynamodb list-tables',
  ].flatMap((argv) =>
    ['cn-north-1', 'us-gov-east-1', 'us-iso-east-1'].map((region): Scenario => ({
      name: `${argv} in ${region}`,
      argv: `${argv} --region ${region}`,
      answer: form('<R/>'),
      differs: anyProtocol,
    })),
  ),
  ...['sts get-caller-identity', 'ec2 describe-regions', 'kms list-keys'].flatMap((argv): Scenario[] => [
    {
      name: `${argv} with FIPS`,
      argv,
      env: { AWS_USE_FIPS_ENDPOINT: 'true' },
      answer: form('<R/>'),
      differs: anyProtocol,
    },
    {
      name: `${argv} with dual stack`,
      argv,
      env: { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
      answer: form('<R/>'),
      differs: anyProtocol,
    },
  ]),
]

const identity = form('<R><GetCallerIdentityResult><Account>1</Account></GetCallerIdentityResult></R>')
const throttled: Answer = {
  status: 400,
  headers: { 'content-type': 'text/xml' },
  body: '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>',
}
const refusal = (code: string, status = 400): Answer => ({
  status,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Code>${code}</Code><Message>m</Message></Error></ErrorResponse>`,
})
const again = (name: string, answer: Scenario['answer'], env: Record<string, string> = {}): Scenario => ({
  name,
  argv: 'sts get-caller-identity',
  answer,
  env,
})

const retries: Scenario[] = [
  again('503, then well', [{ status: 503 }, identity]),
  again('500 all the time', refusal('InternalFailure', 500)),
  again('502 and 504, then well', [{ status: 502 }, { status: 504 }, identity]),
  again('501 is not tried again', refusal('NotImplemented', 501)),
  again('throttled, then well', [throttled, identity]),
  again('throttled all the time', throttled),
  again('429 without a code', [{ status: 429 }, identity]),
  again('a request that timed out', [refusal('RequestTimeout'), identity]),
  again('no access', refusal('AccessDenied', 403)),
  again('cut off, then well', [{ cut: 'before' }, identity]),
  {
    ...again('cut off all the time', { cut: 'before' }),
    differs: { in: ['stderr'], because: 'the reference blames the proxy' },
  },
  again('cut off in the middle, then well', [{ ...identity, cut: 'within' }, identity]),
  again('cut off in the middle all the time', { ...identity, cut: 'within' }),
  again('a page instead of an answer', {
    headers: { 'content-type': 'text/html' },
    body: '<html><body>x</body></html>',
  }),
  again('a page instead of a refusal', {
    status: 403,
    headers: { 'content-type': 'text/html' },
    body: '<html>x</html>',
  }),
  again('a refusal without a body', { status: 403 }),
  again('a redirect', { status: 302, headers: { location: 'https://example.com/' } }),
  again('one attempt', [{ status: 503 }, identity], { AWS_MAX_ATTEMPTS: '1' }),
  again('two attempts', [{ status: 503 }, { status: 503 }, identity], { AWS_MAX_ATTEMPTS: '2' }),
  again('adaptive', [throttled, identity], { AWS_RETRY_MODE: 'adaptive' }),
  again('a hint how long to wait', [{ ...throttled, headers: { 'x-amz-retry-after': '10' } }, identity]),
  again('an identity provider that cannot be reached', [refusal('IDPCommunicationError'), identity]),
  {
    name: 'one token for all attempts',
    argv: 'ec2 run-instances --image-id ami-1',
    answer: [{ status: 503 }, form('<RunInstancesResponse/>')],
  },
  {
    name: 'DynamoDB has four attempts',
    argv: 'dynamodb list-tables',
    answer: json({ __type: 'InternalServerError' }, 500),
    differs: { in: ['requests', 'stderr'], because: 'the SDKs of 2026 give DynamoDB four, the official CLI three' },
  },
  {
    name: 'an error the model calls retryable',
    argv: 'dynamodb get-item --table-name t --key {"a":{"S":"b"}}',
    answer: [
      json({ __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException', message: 'm' }, 400),
      json({}),
    ],
  },
  {
    name: 'S3 slows down',
    argv: 's3api list-objects-v2 --bucket bkt',
    answer: [s3Error(503, 'SlowDown'), xml('<ListBucketResult/>')],
  },
  {
    name: 'an upload again',
    argv: 's3api put-object --bucket bkt --key k --body big',
    answer: [s3Error(503, 'SlowDown'), nothing],
  },
]

export const scenarios: readonly Scenario[] = [
  ...addressing,
  ...points,
  ...directories,
  ...bodies,
  ...answers,
  ...services,
  ...retries,
]
