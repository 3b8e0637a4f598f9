// What the reference does not have: --read-only, --dry-run on any operation, and what is said after a denial.

import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from './outside.fixture.ts'
import type { Answer, Sent } from './outside.fixture.ts'

const models = await builtModels()
if (models === undefined) console.log('SKIPPED: there is no build/models.bin')

const xml = (body: string): Answer => ({ headers: { 'content-type': 'text/xml' }, body })
const identity = xml(
  '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/dev/ana</Arn><UserId>AROA:ana</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
)
const simulated = (decision: string): Answer =>
  xml(
    `<SimulatePrincipalPolicyResponse><SimulatePrincipalPolicyResult><EvaluationResults><member><EvalActionName>x</EvalActionName><EvalDecision>${decision}</EvalDecision><MatchedStatements><member><SourcePolicyId>P</SourcePolicyId></member></MatchedStatements></member></EvaluationResults></SimulatePrincipalPolicyResult></SimulatePrincipalPolicyResponse>`,
  )
const denied = (text: string): Answer => ({
  status: 403,
  headers: { 'content-type': 'text/xml' },
  body: `<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>${text}</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
})

/** Answers STS and IAM; anything else must not be asked. */
function aws(simulation: Answer) {
  return (sent: Sent): Answer => {
    if (sent.body.includes('Action=GetCallerIdentity')) return identity
    if (sent.body.includes('Action=SimulatePrincipalPolicy')) return simulation
    return { status: 500, body: `not to be sent: ${sent.method} ${sent.url}` }
  }
}

describe.skipIf(!models)('--dry-run, where the operation has none', () => {
  const put = ['s3api', 'put-object', '--bucket', 'bucket', '--key', 'k', '--dry-run']

  test('asks IAM about the caller, and sends nothing else', async () => {
    const { exit, stdout, stderr, sent } = await ran({ argv: put, answers: aws(simulated('allowed')) })
    expect([exit, stderr]).toEqual([0, ''])
    expect(JSON.parse(stdout)).toMatchObject({
      DryRun: true,
      Operation: 'PutObject',
      Allowed: true,
      Request: { Method: 'PUT', Url: 'https://bucket.s3.us-east-1.amazonaws.com/k' },
      Caller: 'arn:aws:sts::123456789012:assumed-role/dev/ana',
      Evaluations: [
        { Action: 's3:PutObject', Resource: 'arn:aws:s3:::bucket/k', Decision: 'allowed', DecidedBy: ['P'] },
      ],
    })
    expect(sent.map(({ url }) => new URL(url).hostname)).toEqual(['sts.us-east-1.amazonaws.com', 'iam.amazonaws.com'])
    expect(sent[1]!.body).toContain('PolicySourceArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdev')
  })

  test('is a denial where IAM says so', async () => {
    const { exit, stdout } = await ran({ argv: put, answers: aws(simulated('implicitDeny')) })
    expect(exit).toBe(254)
    expect(JSON.parse(stdout)).toMatchObject({
      Allowed: false,
      Message: 'The policies of the caller do not allow s3:PutObject.',
    })
  })

  test('is neither where IAM may not be asked', async () => {
    const { exit, stdout, stderr } = await ran({
      argv: put,
      answers: aws(denied('User: x is not authorized to perform: iam:SimulatePrincipalPolicy')),
    })
    expect([exit, stdout]).toEqual([255, ''])
    expect(stderr).toContain('it cannot be told whether it would be allowed: User: x is not authorized')
  })

  test('every mistake of the call is told', async () => {
    const argv = ['s3api', 'put-object', '--bucket', 'b', '--key', '', '--dry-run']
    const { exit, stderr, sent } = await ran({ argv, answers: aws(simulated('allowed')) })
    expect([exit, sent.length]).toEqual([252, 0])
    expect(stderr).toContain('Parameter validation failed')
  })

  test('what needs no permission', async () => {
    const { exit, stdout, sent } = await ran({
      argv: ['sts', 'get-caller-identity', '--dry-run'],
      answers: aws(simulated('allowed')),
    })
    expect([exit, sent.length, JSON.parse(stdout).Allowed]).toEqual([0, 0, true])
  })

  test("an operation's own is the operation's own", async () => {
    const answers = [
      {
        status: 412,
        headers: { 'content-type': 'text/xml' },
        body: '<Response><Errors><Error><Code>DryRunOperation</Code><Message>Request would have succeeded, but DryRun flag is set.</Message></Error></Errors></Response>',
      },
    ]
    const { exit, stderr, sent } = await ran({
      argv: ['ec2', 'run-instances', '--image-id', 'ami-1', '--dry-run'],
      answers,
    })
    expect(exit).toBe(254)
    expect(sent[0]!.body).toContain('DryRun=true')
    expect(stderr).toBe(
      '\naws: [ERROR]: An error occurred (DryRunOperation) when calling the RunInstances operation: Request would have succeeded, but DryRun flag is set.\n',
    )
  })
})

describe.skipIf(!models)('--plan', () => {
  test('tells what it would change besides, by IAM, and nothing else is sent', async () => {
    const argv = ['iam', 'create-login-profile', '--user-name', 'ana', '--password', 'hunter2-hunter2', '--plan']
    const { exit, stdout, sent } = await ran({ argv, answers: aws(simulated('implicitDeny')) })
    expect(exit).toBe(254)
    expect(JSON.parse(stdout)).toMatchObject({
      Plan: true,
      Service: 'iam',
      Operation: 'CreateLoginProfile',
      Changes: true,
      Access: ['iam:CreateLoginProfile (Write)'],
      Input: { UserName: 'ana', Password: '<redacted>' },
      Request: { Method: 'POST', Url: 'https://iam.amazonaws.com/' },
      Allowed: false,
    })
    expect(stdout).not.toContain('hunter2')
    expect(sent.map(({ body }) => /Action=(\w+)/.exec(body)?.[1])).toEqual([
      'GetCallerIdentity',
      'SimulatePrincipalPolicy',
    ])
  })

  test("not the service's own --dry-run: EC2 is not asked", async () => {
    const argv = ['ec2', 'run-instances', '--image-id', 'ami-1', '--plan']
    const { exit, sent } = await ran({ argv, answers: aws(simulated('allowed')) })
    expect([exit, sent.some(({ url }) => url.includes('//ec2.'))]).toEqual([0, false])
  })

  test("an argument that begins so is the operation's", async () => {
    const argv = ['servicecatalog', 'delete-provisioned-product-plan', '--plan', 'pp-1']
    const { exit, sent } = await ran({ argv, answers: [{ body: {} }] })
    expect([exit, sent.length, JSON.parse(sent[0]!.body)]).toEqual([0, 1, { PlanId: 'pp-1' }])
  })
})

describe.skipIf(!models)('--read-only', () => {
  const list = ['iam', 'list-users']
  const change = ['iam', 'create-user', '--user-name', 'x']
  const users = xml(
    '<ListUsersResponse><ListUsersResult><Users/><IsTruncated>false</IsTruncated></ListUsersResult></ListUsersResponse>',
  )

  test.each<[string, string[], Record<string, string>, number]>([
    ['looking goes out', [...list, '--read-only'], {}, 0],
    ['before the command, too', ['--read-only', ...list], {}, 0],
    ['by a variable', list, { VIRGA_READ_ONLY: '1' }, 0],
    ['changing does not', [...change, '--read-only'], {}, 253],
    ['nor before the command', ['--read-only', ...change], {}, 253],
    ['nor by a variable', change, { VIRGA_READ_ONLY: 'true' }, 253],
    ['a variable that says no', change, { VIRGA_READ_ONLY: '0' }, 0],
    ['a dry run changes nothing', [...change, '--read-only', '--dry-run'], {}, 0],
    ['what nobody knows is refused', ['glue', 'list-glossaries', '--read-only'], {}, 253],
    ['a wait only looks', ['iam', 'wait', 'user-exists', '--user-name', 'x', '--read-only'], {}, 0],
  ])('%s', async (_, argv, env, exit) => {
    const answers = (sent: Sent): Answer =>
      sent.body.includes('Action=GetCallerIdentity')
        ? identity
        : sent.body.includes('Action=SimulatePrincipalPolicy')
          ? simulated('allowed')
          : sent.body.includes('Action=ListUsers')
            ? users
            : xml('<R><CreateUserResult/><GetUserResult/></R>')
    const done = await ran({ argv, env, answers })
    expect([done.exit, exit === 253 ? done.sent.length : 0]).toEqual([exit, 0])
    if (exit === 253) expect(done.stderr).toContain('only looking is allowed here (--read-only)')
  })

  test('--re is still --region', async () => {
    const { sent } = await ran({
      argv: ['ec2', 'describe-vpcs', '--re', 'eu-west-1'],
      answers: [xml('<DescribeVpcsResponse/>')],
    })
    expect(sent[0]!.url).toContain('ec2.eu-west-1.amazonaws.com')
  })
})

describe.skipIf(!models)('after a denial', () => {
  const text =
    'User: arn:aws:iam::1:user/x is not authorized to perform: iam:ListUsers because no identity-based policy allows the iam:ListUsers action'
  const line = `\naws: [ERROR]: An error occurred (AccessDenied) when calling the ListUsers operation: ${text}\n`
  const run = (env: Record<string, string> = {}) => ran({ argv: ['iam', 'list-users'], env, answers: [denied(text)] })

  test('nothing is said that the reference does not say', async () => expect((await run()).stderr).toBe(line))

  test('a hint, where a setting asks for it', async () => {
    expect((await run({ VIRGA_DENIALS: 'hint' })).stderr).toBe(
      `${line}\nWhy: virga explain denied MESSAGE takes it apart and says what to do.\n`,
    )
  })

  test('the whole explanation', async () => {
    const { stderr, exit } = await run({ VIRGA_DENIALS: 'explain' })
    expect(exit).toBe(254)
    expect(stderr).toStartWith(`${line}\nwho      arn:aws:iam::1:user/x\nwhat     iam:ListUsers\n`)
  })

  test('not where errors are records', async () => {
    const { stderr } = await ran({
      argv: ['iam', 'list-users', '--cli-error-format', 'json'],
      env: { VIRGA_DENIALS: 'hint' },
      answers: [denied(text)],
    })
    expect(JSON.parse(stderr)).toMatchObject({ Code: 'AccessDenied', Message: text })
  })
})
