// Each quirk once, without the network: what is sent, what is made of the answer, what a second try does.
// The official CLI judges the same things in tests/wire-scenarios.test.ts.

import { describe, expect, test } from 'bun:test'
import { text, toHex, utf8 } from '../../lib/bytes.ts'
import { AwsError } from '../../lib/errors.ts'
import { sha256 } from '../../lib/hash.ts'
import type { Structure } from '../../lib/value.ts'
import type { HttpRequest } from '../../http/message.ts'
import { openModels } from '../../model/load.ts'
import { fileSource } from '../../model/source.ts'
import { call } from '../call.ts'
import type { Settings } from '../settings.ts'
import { client as demoClient } from '../test-client.ts'
import type { Answer } from '../test-client.ts'
import { treeHash } from './glacier.ts'

const models = await openModels({ source: fileSource('build/models.bin') })

/** Answers without a body have an empty one. */
function client(answers: Answer[], changes: Partial<Settings> & { keys?: Record<string, string> } = {}) {
  return demoClient(
    answers.map((answer) => ({ body: utf8(''), ...answer })),
    { models, endpointUrl: () => undefined, region: 'us-east-1', ...changes },
  )
}

const bytes = (body: string): Answer => ({ body: utf8(body) })

async function ask(
  service: string,
  operation: string,
  input: Structure,
  answers: Answer[] = [{}],
  changes: Parameters<typeof client>[1] = {},
) {
  const { settings, requests } = client(answers, changes)
  const output = await call(await models.operation(service, operation), input, settings)
  const [first] = requests
  return { output, requests, first: first!, form: () => new URLSearchParams(text(first!.body as Uint8Array)) }
}

function urlOf({ scheme, host, path, query }: HttpRequest): string {
  return `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`
}

describe('what is sent', () => {
  test('API Gateway is asked for plain JSON', async () => {
    expect((await ask('apigateway', 'GetRestApis', {})).first.headers['accept']).toBe('application/json')
  })

  test.each([
    ['ec2', 'RunInstances', { ImageId: 'ami-1', MinCount: 1, MaxCount: 1 }],
    ['autoscaling', 'CreateLaunchConfiguration', { LaunchConfigurationName: 'l' }],
  ])('%s: a machine’s script is base64', async (service, operation, rest) => {
    const { form } = await ask(service, operation, { ...rest, UserData: 'ü' }, [bytes('<R/>')])
    expect(form().get('UserData')).toBe('w7w=')
  })

  test('a snapshot’s copy has a link to the region it comes from', async () => {
    const { form } = await ask(
      'ec2',
      'CopySnapshot',
      { SourceRegion: 'eu-west-1', SourceSnapshotId: 's', Description: 'a b' },
      [bytes('<R/>')],
    )
    const link = new URL(form().get('PresignedUrl')!)
    expect(link.host).toBe('ec2.eu-west-1.amazonaws.com')
    expect(form().get('DestinationRegion')).toBe('us-east-1')
    expect(link.searchParams.get('DestinationRegion')).toBe('us-east-1')
    expect(link.searchParams.get('X-Amz-Credential')).toContain('/eu-west-1/ec2/')
    expect(link.search).toContain('Description=a%20b')
    expect(link.searchParams.has('PresignedUrl')).toBe(false)
  })

  test.each(['rds', 'neptune', 'docdb'])('%s: the region a copy comes from is in the link only', async (service) => {
    const input = { SourceRegion: 'eu-west-1', DBClusterIdentifier: 'c', Engine: 'e' }
    const answer = bytes('<R><CreateDBClusterResult/></R>')
    const { form } = await ask(service, 'CreateDBCluster', input, [answer])
    expect(form().has('SourceRegion')).toBe(false)
    expect(new URL(form().get('PreSignedUrl')!).searchParams.get('DestinationRegion')).toBe('us-east-1')
    const given = await ask(service, 'CreateDBCluster', { ...input, PreSignedUrl: 'mine' }, [answer])
    expect(given.form().get('PreSignedUrl')).toBe('mine')
    expect(given.form().has('SourceRegion')).toBe(false)
  })

  test('Glacier: the version, the account, the hashes', async () => {
    const body = new Uint8Array(2_500_000).fill(7)
    const { first } = await ask('glacier', 'UploadArchive', { vaultName: 'v', body })
    expect(first.path).toBe('/-/vaults/v/archives')
    expect(first.headers['x-amz-glacier-version']).toBe('2012-06-01')
    expect(first.headers['x-amz-content-sha256']).toBe(toHex(sha256(body)))
    // Leaves 1 and 2 are joined; leaf 3 has no partner.
    const [one, two, three] = [0, 1, 2].map((index) => sha256(body.subarray(index << 20, (index + 1) << 20)))
    const tree = sha256(new Uint8Array([...sha256(new Uint8Array([...one!, ...two!])), ...three!]))
    expect(first.headers['x-amz-sha256-tree-hash']).toBe(toHex(tree))
    expect(toHex(treeHash([]))).toBe(toHex(sha256('')))
  })

  test('CodeArtifact: the hash that is given is what is signed, whatever kind of body it is of', async () => {
    const names = {
      domain: 'dom',
      repository: 'rep',
      format: 'generic',
      package: 'p',
      packageVersion: '1',
      assetName: 'a',
    }
    const signatures = [new Uint8Array([1]), new Blob([new Uint8Array([1])])].map(async (assetContent) => {
      const input = { ...names, assetSHA256: 'a'.repeat(64), assetContent }
      return (await ask('codeartifact', 'PublishPackageVersion', input)).first.headers['authorization']
    })
    const [one, two] = await Promise.all(signatures)
    expect(one).toBe(two!)
  })

  test('Route 53 takes ids as it gives them', async () => {
    expect((await ask('route53', 'GetHostedZone', { Id: '/hostedzone/Z1' }, [bytes('<R/>')])).first.path).toBe(
      '/2013-04-01/hostedzone/Z1',
    )
  })

  test('a search is a form', async () => {
    const { first } = await ask('cloudsearchdomain', 'Search', { query: 'a&b', returnFields: 'x' }, [{}], {
      endpointUrl: () => 'https://search.example.com',
    })
    expect(first.method).toBe('POST')
    expect(first.query).toBe('')
    expect(
      text(first.body as Uint8Array)
        .split('&')
        .toSorted(),
    ).toEqual(['format=sdk', 'pretty=true', 'q=a%26b', 'return=x'])
  })

  test('a prediction goes to the model’s endpoint', async () => {
    const { first } = await ask('machinelearning', 'Predict', {
      MLModelId: 'm',
      Record: {},
      PredictEndpoint: 'https://realtime.example.com/x',
    })
    expect(urlOf(first)).toBe('https://realtime.example.com/')
  })

  const sources: [string | Structure, string][] = [
    ['b/a b', 'b/a%20b'],
    ['b/k?versionId=v+1', 'b/k?versionId=v+1'],
    [{ Bucket: 'bkt', Key: 'ä' }, 'bkt/%C3%A4'],
    [{ Bucket: 'bkt', Key: 'k', VersionId: 'v' }, 'bkt/k?versionId=v'],
    [
      { Bucket: 'arn:aws:s3:us-west-2:123456789012:accesspoint/p', Key: 'k' },
      'arn%3Aaws%3As3%3Aus-west-2%3A123456789012%3Aaccesspoint/p/object/k',
    ],
  ]
  test.each(sources)('S3: a copy’s source %j', async (CopySource, expected) => {
    const { first } = await ask('s3', 'CopyObject', { Bucket: 'bkt', Key: 'k', CopySource }, [bytes('<R/>')])
    expect(first.headers['x-amz-copy-source']).toBe(expected)
  })

  test('S3: a customer’s key goes in base64 with its MD5', async () => {
    const { first } = await ask('s3', 'HeadObject', {
      Bucket: 'bkt',
      Key: 'k',
      SSECustomerKey: 'abc',
      SSECustomerAlgorithm: 'AES256',
    })
    expect(first.headers['x-amz-server-side-encryption-customer-key']).toBe('YWJj')
    expect(first.headers['x-amz-server-side-encryption-customer-key-md5']).toBe('kAFQmDzST7DWlj99KOF/cg==')
  })

  test('S3 is asked before a big body is sent, not before a small one', async () => {
    const sent = async (size: number): Promise<string | undefined> =>
      (await ask('s3', 'PutObject', { Bucket: 'bkt', Key: 'k', Body: new Uint8Array(size) })).first.headers['expect']
    expect(await sent(1000)).toBeUndefined()
    expect(await sent(3 << 20)).toBe('100-continue')
  })

  const refused: [string, string, Structure, string][] = [
    [
      's3',
      'HeadBucket',
      { Bucket: 'a/b' },
      'Invalid bucket name "a/b": Bucket name must match the regex "^[a-zA-Z0-9.\\-_]{1,255}$" or be an ARN matching the regex "^arn:',
    ],
    [
      's3',
      'PutObject',
      { Bucket: 'bkt', Key: 'k', Metadata: { a: 'ü' } },
      'Non ascii characters found in S3 metadata for key "a", value: "ü"',
    ],
    [
      's3',
      'CopyObject',
      { Bucket: 'bkt', Key: 'k', CopySource: { Bucket: 'bkt' } },
      "Missing required parameter: 'Key'",
    ],
    [
      's3control',
      'GetAccessPoint',
      { AccountId: '999999999999', Name: 'arn:aws:s3-outposts:us-west-2:123456789012:outpost:op-1:accesspoint:p' },
      'Account ID in arn does not match the AccountId parameter provided: "999999999999"',
    ],
    [
      's3control',
      'GetBucket',
      { Bucket: 'arn:aws:s3:us-west-2:123456789012:accesspoint:p' },
      'The Bucket parameter does not support the provided ARN',
    ],
    [
      'machinelearning',
      'Predict',
      { MLModelId: 'm', Record: {}, PredictEndpoint: 'nowhere' },
      'Invalid endpoint: nowhere',
    ],
  ]
  test.each(refused)('%s %s refuses %j', async (service, operation, input, complaint) => {
    const { settings, requests } = client([{}])
    expect(call(await models.operation(service, operation), input, settings)).rejects.toThrow(complaint)
    expect(requests).toHaveLength(0)
  })
})

describe('what is made of the answer', () => {
  test('IAM’s policies are what they say', async () => {
    const document = encodeURIComponent('{"Statement":[]}')
    const { output } = await ask('iam', 'GetAccountAuthorizationDetails', {}, [
      bytes(
        `<R><GetAccountAuthorizationDetailsResult><RoleDetailList><member><AssumeRolePolicyDocument>${document}</AssumeRolePolicyDocument>` +
          '<RolePolicyList><member><PolicyDocument>not%20json</PolicyDocument></member></RolePolicyList></member></RoleDetailList></GetAccountAuthorizationDetailsResult></R>',
      ),
    ])
    const [role] = output['RoleDetailList'] as Structure[]
    expect(role!['AssumeRolePolicyDocument']).toEqual({ Statement: [] })
    expect((role!['RolePolicyList'] as Structure[])[0]!['PolicyDocument']).toBe('not%20json')
  })

  test('CloudFormation’s templates in JSON are what they say, others are text', async () => {
    const template = (body: string): Promise<unknown> =>
      ask('cloudformation', 'GetTemplate', {}, [
        bytes(`<R><GetTemplateResult><TemplateBody>${body}</TemplateBody></GetTemplateResult></R>`),
      ]).then(({ output }) => output['TemplateBody'])
    expect(await template('{"A": [1]}')).toEqual({ A: [1] })
    expect(await template('A: 1')).toBe('A: 1')
  })

  test('a console is text', async () => {
    const { output } = await ask('ec2', 'GetConsoleOutput', { InstanceId: 'i' }, [
      bytes('<R><output>w7z/</output></R>'),
    ])
    expect(output['Output']).toBe('ü\ufffd')
  })

  test('OAuth’s errors say what went wrong', async () => {
    const answer = {
      status: 400,
      headers: { 'x-amzn-errortype': 'InvalidGrantException' },
      body: { error: 'invalid_grant', error_description: 'Bad grant' },
    }
    expect(
      ask('sso-oidc', 'CreateToken', { clientId: 'c', clientSecret: 's', grantType: 'g' }, [answer]),
    ).rejects.toThrow('Bad grant')
  })

  test('DynamoDB’s damaged answers are asked for again', async () => {
    const sound = '{"TableNames":["t"]}'
    const answer = (crc: number): Answer => ({ headers: { 'x-amz-crc32': String(crc) }, body: utf8(sound) })
    const { output, requests } = await ask('dynamodb', 'ListTables', {}, [answer(1), answer(Bun.hash.crc32(sound))], {
      retry: { mode: 'standard', maxAttempts: 2, chosen: true },
    })
    expect(output).toEqual({ TableNames: ['t'] })
    expect(requests).toHaveLength(2)
  })

  test('S3: another store that does not know checksums gets its user a hint', async () => {
    const answer: Answer = {
      status: 501,
      body: utf8('<Error><Code>NotImplemented</Code><Message>A header.</Message></Error>'),
    }
    const put = (changes: Parameters<typeof client>[1]) =>
      ask('s3', 'PutObject', { Bucket: 'bkt', Key: 'k' }, [answer], changes)
    const endpointUrl = (): string => 'https://store.example.com'
    expect(put({ endpointUrl })).rejects.toThrow('set request_checksum_calculation = when_required')
    expect(put({ endpointUrl, keys: { request_checksum_calculation: 'when_required' } })).rejects.toThrow(
      /^A header\.$/,
    )
    expect(put({})).rejects.toThrow(/^A header\.$/)
  })

  test('an answer that came compressed is read', async () => {
    const body = new Uint8Array(
      Bun.gzipSync(
        utf8('<R><GetUserResult><User><UserName>u</UserName></User></GetUserResult></R>') as Uint8Array<ArrayBuffer>,
      ),
    )
    const { output } = await ask('iam', 'GetUser', {}, [{ headers: { 'content-encoding': 'gzip' }, body }])
    expect(output).toEqual({ User: { UserName: 'u' } })
    expect(
      ask('iam', 'GetUser', {}, [{ headers: { 'content-encoding': 'gzip' }, body: body.slice(0, -9) }]),
    ).rejects.toThrow('not whole')
    const object = await ask('s3', 'GetObject', { Bucket: 'bkt', Key: 'k' }, [
      { headers: { 'content-encoding': 'gzip' }, body },
    ])
    expect(object.output['Body']).toEqual(body)
  })

  const in200: [string, string, number][] = [
    ['an error', '<?xml version="1.0"?>\n<Error><Code>InternalError</Code></Error>', 2],
    ['half an answer', '<ListBucketResult><Contents><Key>a', 2],
    ['no XML', 'oops', 2],
    [
      'a whole answer',
      '<?xml version="1.0" encoding="UTF-8"?>\n<!-- c --><ListBucketResult xmlns="x"></ListBucketResult>\n',
      1,
    ],
    ['an empty element', '<ListBucketResult/>', 1],
  ]
  test.each(in200)('S3: %s in a 200', async (_, body, expected) => {
    const retry = { mode: 'standard', maxAttempts: 2, chosen: true } as const
    const { requests } = await ask(
      's3',
      'ListObjectsV2',
      { Bucket: 'bkt' },
      [bytes(body), bytes('<ListBucketResult/>')],
      { retry },
    )
    expect(requests).toHaveLength(expected)
  })

  test('S3: an object that looks like an error is none', async () => {
    const { output } = await ask('s3', 'GetObject', { Bucket: 'bkt', Key: 'k' }, [bytes('<Error/>')])
    expect(text(output['Body'] as Uint8Array)).toBe('<Error/>')
  })

  test('S3: Expires, whatever it says', async () => {
    const expires = (value: string): Promise<Structure> =>
      ask('s3', 'HeadObject', { Bucket: 'bkt', Key: 'k' }, [{ headers: { expires: value } }]).then(
        ({ output }) => output,
      )
    expect(await expires('Fri, 02 Jan 2026 03:04:05 GMT')).toMatchObject({
      Expires: new Date('2026-01-02T03:04:05Z'),
      ExpiresString: 'Fri, 02 Jan 2026 03:04:05 GMT',
    })
    const never = await expires('never')
    expect(never['ExpiresString']).toBe('never')
    expect(never['Expires']).toBeUndefined()
  })

  test('S3: names that XML cannot hold, unless they were asked for in code', async () => {
    const listing = bytes('<R><EncodingType>url</EncodingType><Contents><Key>a%01+b</Key></Contents></R>')
    const key = (output: Structure): unknown => (output['Contents'] as Structure[])[0]!['Key']
    expect(key((await ask('s3', 'ListObjectsV2', { Bucket: 'bkt' }, [listing])).output)).toBe('a\u0001 b')
    expect(key((await ask('s3', 'ListObjectsV2', { Bucket: 'bkt', EncodingType: 'url' }, [listing])).output)).toBe(
      'a%01+b',
    )
  })
})

describe('a second try', () => {
  const redirect = (headers: Record<string, string>, more = ''): Answer => ({
    status: 301,
    headers,
    body: utf8(`<Error><Code>PermanentRedirect</Code><Message>m.</Message>${more}</Error>`),
  })

  test('S3: where the bucket is, and there at once the next time', async () => {
    const { settings, requests } = client([redirect({ 'x-amz-bucket-region': 'eu-west-1' }), bytes('x'), bytes('y')])
    const operation = await models.operation('s3', 'GetObject')
    for (let again = 0; again < 2; again++) await call(operation, { Bucket: 'bkt', Key: 'k' }, settings)
    expect(requests.map(({ host }) => host)).toEqual([
      'bkt.s3.us-east-1.amazonaws.com',
      'bkt.s3.eu-west-1.amazonaws.com',
      'bkt.s3.eu-west-1.amazonaws.com',
    ])
    expect(requests.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
      'attempt=1; max=1',
      'attempt=2; max=1',
      'attempt=1; max=1',
    ])
    expect(requests[1]!.headers['authorization']).toContain('/eu-west-1/s3/')
  })

  test('S3: the bucket is asked where it is', async () => {
    const { requests } = await ask('s3', 'ListObjectsV2', { Bucket: 'bkt' }, [
      redirect({}),
      { headers: { 'x-amz-bucket-region': 'eu-west-1' } },
      bytes('<R/>'),
    ])
    expect(requests.map(({ method, host }) => `${method} ${host}`)).toEqual([
      'GET bkt.s3.us-east-1.amazonaws.com',
      'HEAD bkt.s3.us-east-1.amazonaws.com',
      'GET bkt.s3.eu-west-1.amazonaws.com',
    ])
  })

  test('S3: once, and then what S3 says is told with advice', async () => {
    const answer = redirect({ 'x-amz-bucket-region': 'eu-west-1' }, '<Endpoint>b.s3-eu-west-1.amazonaws.com</Endpoint>')
    const { settings, requests } = client([answer])
    const failed = call(await models.operation('s3', 'GetObject'), { Bucket: 'bkt', Key: 'k' }, settings)
    expect(failed).rejects.toThrow(
      'm: b.s3-eu-west-1.amazonaws.com\nYou can fix this issue by explicitly providing the correct region',
    )
    await failed.catch(() => {})
    expect(requests).toHaveLength(2)
  })

  test('S3: not for an access point, and not for an error of another kind', async () => {
    const point = 'arn:aws:s3:us-east-1:123456789012:accesspoint:p'
    for (const [Bucket, answer] of [
      [point, redirect({ 'x-amz-bucket-region': 'eu-west-1' })],
      ['bkt', { status: 403, headers: { 'x-amz-bucket-region': 'eu-west-1' } }],
    ] as const) {
      const { settings, requests } = client([answer])
      await call(await models.operation('s3', 'GetObject'), { Bucket, Key: 'k' }, settings).catch((error) =>
        expect(error).toBeInstanceOf(AwsError),
      )
      expect(requests).toHaveLength(1)
    }
  })

  test('Timestream: the cell is asked for once, and again when it has moved', async () => {
    const cell = (Address: string): Answer => ({ body: { Endpoints: [{ Address, CachePeriodInMinutes: 10 }] } })
    const moved: Answer = { status: 421, body: { __type: 'InvalidEndpointException', message: 'm' } }
    const { settings, requests } = client([cell('one.example.com'), {}, {}, moved, cell('two.example.com'), {}])
    const operation = await models.operation('timestream-write', 'ListDatabases')
    for (let again = 0; again < 3; again++) await call(operation, {}, settings)
    expect(requests.map(({ host }) => host)).toEqual([
      'ingest.timestream.us-east-1.amazonaws.com',
      'one.example.com',
      'one.example.com',
      'one.example.com',
      'ingest.timestream.us-east-1.amazonaws.com',
      'two.example.com',
    ])
    expect(requests[0]!.headers['x-amz-api-version']).toBe('2018-11-01')
  })

  test('Timestream: what is no endpoint is not called', async () => {
    const operation = await models.operation('timestream-write', 'ListDatabases')
    for (const [Endpoints, told] of [
      [[], 'Endpoint Discovery failed to refresh the required endpoints.'],
      [undefined, 'timestream-write answered DescribeEndpoints without Endpoints'],
      [[{ CachePeriodInMinutes: 1 }], 'timestream-write answered DescribeEndpoints with an endpoint without Address'],
    ] as const) {
      const { settings, requests } = client([{ body: { Endpoints } }])
      expect(call(operation, {}, settings)).rejects.toThrow(told)
      await call(operation, {}, settings).catch(() => {})
      expect(new Set(requests.map(({ host }) => host))).toEqual(new Set(['ingest.timestream.us-east-1.amazonaws.com']))
    }
  })

  test("DynamoDB: its endpoint is asked for where that is switched on, and is the region's where there is none", async () => {
    const operation = await models.operation('dynamodb', 'ListTables')
    const hosts = async (enabled: string, Endpoints: Structure[]): Promise<string[]> => {
      const { settings, requests } = client(enabled === 'true' ? [{ body: { Endpoints } }, {}] : [{}], {
        keys: { endpoint_discovery_enabled: enabled },
      })
      await call(operation, {}, settings)
      return requests.map(({ host }) => host)
    }
    const endpoint = { Address: 'one.example.com', CachePeriodInMinutes: 10 }
    const regional = 'dynamodb.us-east-1.amazonaws.com'
    expect(await hosts('true', [endpoint])).toEqual([regional, 'one.example.com'])
    expect(await hosts('true', [])).toEqual([regional, regional])
    expect(await hosts('auto', [endpoint])).toEqual([regional])
    expect(await hosts('false', [endpoint])).toEqual([regional])
  })

  test('Timestream: not where discovery is off, not at an endpoint that somebody named', async () => {
    const off = client([{}], { keys: { endpoint_discovery_enabled: 'false' } })
    const operation = await models.operation('timestream-write', 'ListDatabases')
    expect(call(operation, {}, off.settings)).rejects.toThrow(
      'Endpoint Discovery is not enabled but this operation requires it.',
    )
    const named = await ask('timestream-write', 'ListDatabases', {}, [{}], {
      endpointUrl: () => 'https://ts.example.com',
    })
    expect(named.requests.map(urlOf)).toEqual(['https://ts.example.com/'])
  })
})

describe('sessions of directory buckets', () => {
  const bucket = 'bkt--use1-az4--x-s3'
  const session = (id: string, expires: string): Answer =>
    bytes(
      `<R><Credentials><AccessKeyId>${id}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>${expires}</Expiration></Credentials></R>`,
    )

  test('are made once for many calls, and anew before they end', async () => {
    let now = new Date('2026-01-02T03:00:00Z')
    const { settings, requests } = client(
      [session('ONE', '2026-01-02T03:05:00Z'), {}, {}, session('TWO', '2026-01-02T03:10:00Z'), {}],
      { clock: () => now },
    )
    const operation = await models.operation('s3', 'HeadObject')
    const input = { Bucket: bucket, Key: 'k' }
    await call(operation, input, settings)
    await call(operation, input, settings)
    now = new Date('2026-01-02T03:04:30Z')
    await call(operation, input, settings)
    expect(requests.map(({ headers }) => /Credential=(\w+)/.exec(headers['authorization']!)![1])).toEqual([
      'AKIDEXAMPLE',
      'ONE',
      'ONE',
      'AKIDEXAMPLE',
      'TWO',
    ])
    expect(requests[1]!.headers['x-amz-s3session-token']).toBe('t')
    expect(requests[1]!.headers['x-amz-security-token']).toBeUndefined()
  })

  test('that are refused are not asked for again', async () => {
    const { settings, requests } = client([{ status: 500 }], {
      retry: { mode: 'standard', maxAttempts: 2, chosen: true },
    })
    await call(await models.operation('s3', 'HeadObject'), { Bucket: bucket, Key: 'k' }, settings).catch(() => {})
    expect(requests.map(({ query }) => query)).toEqual(['session', 'session']) // CreateSession's own two attempts
  })
})
