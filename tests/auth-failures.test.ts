// Every way of being turned away, as foreign clients see it: codes, statuses and classes on each kind of protocol.

import { afterAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { account, type Keys } from './witnesses/account.ts'
import { awsSdkOfEveryProtocol, officialCli, python, type Witness } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const local = await account(virga)
afterAll(() => local.stop())

const services = ['iam', 'ec2', 'dynamodb', 'sqs', 'lambda', 's3'] as const
type Service = (typeof services)[number]
type Told = readonly [code: string, status: number]

// IAM User Guide and recorded answers; "Code and HTTP status by protocol"
const expected: Record<string, Partial<Record<Service, Told>>> = {
  'an unknown key': {
    iam: ['InvalidClientTokenId', 403],
    ec2: ['AuthFailure', 401],
    dynamodb: ['UnrecognizedClientException', 400],
    sqs: ['InvalidClientTokenId', 403],
    lambda: ['UnrecognizedClientException', 403],
    s3: ['InvalidAccessKeyId', 403],
  },
  'a wrong secret': {
    iam: ['SignatureDoesNotMatch', 403],
    ec2: ['AuthFailure', 401],
    dynamodb: ['InvalidSignatureException', 400],
    sqs: ['SignatureDoesNotMatch', 403],
    lambda: ['InvalidSignatureException', 403],
    s3: ['SignatureDoesNotMatch', 403],
  },
  'a session that is over': {
    iam: ['ExpiredToken', 403],
    ec2: ['RequestExpired', 400],
    dynamodb: ['ExpiredTokenException', 400],
    sqs: ['ExpiredToken', 403],
    lambda: ['ExpiredTokenException', 403],
    s3: ['ExpiredToken', 400],
  },
  'a token that is none': {
    iam: ['InvalidClientTokenId', 403],
    ec2: ['AuthFailure', 401],
    dynamodb: ['UnrecognizedClientException', 400],
    sqs: ['InvalidClientTokenId', 403],
    lambda: ['UnrecognizedClientException', 403],
    s3: ['InvalidToken', 400],
  },
  'an inactive key': {
    iam: ['InvalidClientTokenId', 403],
    ec2: ['AuthFailure', 401],
    dynamodb: ['UnrecognizedClientException', 400],
    sqs: ['InvalidClientTokenId', 403],
    lambda: ['UnrecognizedClientException', 403],
    s3: ['InvalidAccessKeyId', 403],
  },
  'no signature': {
    iam: ['MissingAuthenticationToken', 403],
    ec2: ['MissingParameter', 400],
    dynamodb: ['MissingAuthenticationTokenException', 400],
    sqs: ['MissingAuthenticationToken', 403],
    s3: ['AccessDenied', 403],
    // Unsigned, at an address that is every service's, Lambda's path is a bucket's: src/local/serve.test.ts asks by its name.
  },
  'no permission': {
    iam: ['AccessDenied', 403],
    ec2: ['UnauthorizedOperation', 403],
    dynamodb: ['AccessDeniedException', 400],
    sqs: ['AccessDenied', 403],
    lambda: ['AccessDeniedException', 403],
    s3: ['AccessDenied', 403],
  },
}

const nobody = user('nobody')
const asleep = user('asleep')
admin(
  'iam',
  'update-access-key',
  '--user-name',
  'asleep',
  '--access-key-id',
  asleep.accessKeyId,
  '--status',
  'Inactive',
)
const { Credentials: made } = JSON.parse(
  local.run([virga, 'sts', 'get-session-token', '--duration-seconds', '900'], nobody).out,
)
const session: Keys = {
  accessKeyId: made.AccessKeyId,
  secretAccessKey: made.SecretAccessKey,
  sessionToken: made.SessionToken,
}
local.local('clock', 'advance', '16m')

const keys: Record<string, Keys | null> = {
  'an unknown key': { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x' },
  'a wrong secret': { ...nobody, secretAccessKey: 'wrong' },
  'a session that is over': session,
  'a token that is none': { ...nobody, sessionToken: 'FwoGZXIvYXdzEEgaDNotOne' },
  'an inactive key': asleep,
  'no signature': null,
  'no permission': nobody,
}

const cases = Object.entries(expected).flatMap(([failure, told]) =>
  services
    .filter((service) => told[service])
    .map((service) => ({ name: `${service}: ${failure}`, service, keys: keys[failure]!, expect: told[service]! })),
)

function admin(...words: string[]): any {
  const done = local.run([virga, ...words], local.admin)
  if (done.code !== 0) throw new Error(done.err)
  return done.out === '' ? undefined : JSON.parse(done.out)
}

function user(name: string): Keys {
  admin('iam', 'create-user', '--user-name', name)
  const { AccessKey } = admin('iam', 'create-access-key', '--user-name', name)
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey }
}

async function seenBy<T>(name: string, witness: Witness<T>, command: (found: T) => { cmd: string[]; cwd?: string }) {
  if ('missing' in witness) {
    console.log(`SKIPPED ${name}: ${witness.missing}`)
    test.skip(`${name} is missing: ${witness.missing}`, () => {})
    return
  }
  const { cmd, cwd } = command(witness.found)
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: local.home,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_ENDPOINT_URL: local.url,
  }
  const child = Bun.spawn(cmd, { env, cwd, stdin: new Blob([JSON.stringify(cases)]), stdout: 'pipe', stderr: 'pipe' })
  const [printed, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const outcomes = new Map(
    printed
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { case: string; why: string })
      .map((each) => [each.case, each.why]),
  )
  describe(`as ${name} sees it`, () => {
    for (const each of cases)
      test(each.name, () => expect(outcomes.get(each.name) ?? `did not run: ${complaint}`).toBe(''))
  })
}

await seenBy('boto3', python('boto3'), (program) => ({
  cmd: [program, join(import.meta.dir, 'foreign', 'auth_boto3.py')],
}))
await seenBy('the AWS SDK for JavaScript', awsSdkOfEveryProtocol(), (folder) => ({
  cmd: ['node', join(import.meta.dir, 'foreign', 'auth_js.mjs')],
  cwd: folder,
}))

const official = await officialCli()
const asked: Record<Service, [command: string, operation: string, calls: string]> = {
  iam: ['iam', 'list-users', 'ListUsers'],
  ec2: ['ec2', 'describe-instances', 'DescribeInstances'],
  dynamodb: ['dynamodb', 'list-tables', 'ListTables'],
  sqs: ['sqs', 'list-queues', 'ListQueues'],
  lambda: ['lambda', 'list-functions', 'ListFunctions'],
  s3: ['s3api', 'list-buckets', 'ListBuckets'],
}

describe.each([
  ['Virga', [virga]],
  ['the official CLI', 'missing' in official ? [] : [official.found.aws]],
] as [string, string[]][])('as %s sees it', (name, program) => {
  if (program.length === 0) console.log(`SKIPPED ${name}: ${'missing' in official ? official.missing : ''}`)
  for (const {
    name: called,
    service,
    keys: by,
    expect: [code],
  } of cases) {
    test.skipIf(program.length === 0)(
      called,
      () => {
        const [command, operation, calls] = asked[service]
        const done = local.run([...program, command, operation, ...(by ? [] : ['--no-sign-request'])], by ?? undefined)
        expect([done.code, done.out]).toEqual([254, ''])
        expect(done.err).toContain(`An error occurred (${code}) when calling the ${calls} operation`)
      },
      30_000,
    )
  }
})
