// Aliases, with what AWS CLI 2.36.12 does with the same file.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'bun:test'
import { builtModels, ran } from './outside.fixture.ts'

const home = mkdtempSync(join(tmpdir(), 'virga-alias-'))
const told = join(home, 'told')
afterAll(() => rmSync(home, { recursive: true }))
mkdirSync(join(home, '.aws', 'cli'), { recursive: true })
writeFileSync(
  join(home, '.aws', 'cli', 'alias'),
  `
[toplevel]
whoami = sts get-caller-identity
who2 = whoami --output text
sts = sts --region eu-west-1
loop = loop
args = !f() { echo "$# $1-$2" >${told}; }; f
fail = !exit 3
multi =
  !f() {
    echo "one $1" >${told}
  }; f
prof = sts get-caller-identity --profile x
dbg = sts get-caller-identity --debug
bad = sts "unclosed
outq = sts get-caller-identity --query Account --output text
badq = sts get-caller-identity --query a[
vers = --version
inst = ec2 describe-instances --filters

[command sts]
me = get-caller-identity --output text
get-session-token = whatever --query Credentials.AccessKeyId

[command cloudformation wait]
done = stack-exists --stack-name foo
[command ec2 describe-instances]
mine = --owner-ids self
`,
)

const identity =
  '<R><GetCallerIdentityResult><Arn>arn</Arn><UserId>A</UserId><Account>1</Account></GetCallerIdentityResult></R>'
const record = '{\n    "UserId": "A",\n    "Account": "1",\n    "Arn": "arn"\n}\n'

const skip = builtModels() === undefined
if (skip) console.log('SKIPPED aliases: no models are built: npm run models')

test.skipIf(skip).each([
  ['whoami', 0, record],
  ['whoami --output text', 0, '1\tarn\tA\n'],
  ['who2', 0, '1\tarn\tA\n'],
  // The alias's own option wins.
  ['who2 --output yaml', 0, '1\tarn\tA\n'],
  ['outq --output json', 0, '1\n'],
  ['sts me', 0, '1\tarn\tA\n'],
  // An alias may bear the name of what it stands for.
  ['sts get-caller-identity', 0, record],
  ['--output text sts me', 0, '1\tarn\tA\n'],
  ['loop', 255, '\naws: [ERROR]: Alias "loop" leads back to itself.\n'],
  [
    'prof',
    255,
    '\naws: [ERROR]: Global parameter "--profile" detected in alias "prof" which is not supported in subcommand aliases.\n',
  ],
  [
    'dbg',
    255,
    '\naws: [ERROR]: Global parameter "--debug" detected in alias "dbg" which is not supported in subcommand aliases.\n',
  ],
  [
    'bad',
    255,
    '\naws: [ERROR]: Value of alias "bad" could not be parsed. Received error: No closing quotation when parsing:\nsts "unclosed\n',
  ],
  ['fail', 3, ''],
] as const)('%s', async (line, exit, printed) => {
  const { stdout, stderr, exit: code } = await ran({ argv: line.split(' '), home, answers: [{ body: identity }] })
  expect({ code, printed: stdout + stderr }).toEqual({ code: exit, printed })
})

test.skipIf(skip)('options in an alias count for the whole call', async () => {
  const { sent } = await ran({ argv: ['sts', 'me'], home, answers: [{ body: identity }] })
  expect(sent[0]!.url).toBe('https://sts.eu-west-1.amazonaws.com/')
})

test.skipIf(skip)('an alias of the name of an operation stands before it', async () => {
  const body =
    '<R><GetSessionTokenResult><Credentials><AccessKeyId>K</AccessKeyId></Credentials></GetSessionTokenResult></R>'
  expect((await ran({ argv: ['sts', 'get-session-token'], home, answers: [{ body }] })).stdout).toBe('"K"\n')
})

test.skipIf(skip)('words go on where the alias ends', async () => {
  const { sent } = await ran({ argv: ['inst', 'Name=a,Values=b'], home, answers: [{ body: '<R/>' }] })
  expect(sent[0]!.body).toContain('Filter.1.Name=a&Filter.1.Value.1=b')
})

test.skipIf(skip)('an alias below a waiter', async () => {
  const { sent, exit } = await ran({
    argv: ['cloudformation', 'wait', 'done'],
    home,
    answers: [{ body: '<R><DescribeStacksResult><Stacks/></DescribeStacksResult></R>' }],
  })
  expect([exit, sent[0]!.body]).toEqual([0, expect.stringContaining('StackName=foo')])
})

test.skipIf(skip).each([
  [['args', 'a', 'b c'], '2 a-b c\n'],
  [['args', "it's", ''], "2 it's-\n"],
  [['multi', 'z'], 'one z\n'],
])('%p goes to the shell, quoted', async (argv, written) => {
  expect((await ran({ argv, home })).exit).toBe(0)
  expect(readFileSync(told, 'utf8')).toBe(written)
})
