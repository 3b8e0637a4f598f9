// What completion offers, by line; the reference's own answers are in tests/completion.test.ts.

import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtModels } from '../outside.fixture.ts'
import type { Outside } from '../door.ts'
import { utf8 } from '../../lib/bytes.ts'
import type { HttpRequest } from '../../http/message.ts'
import { completed } from './choices.ts'
import { choicesFor, complete } from './complete.ts'
import { wordsBefore } from './words.ts'

const models = await builtModels()
const none = models === undefined ? 'the models are not compiled: npm run models' : undefined
if (none) console.log(`SKIPPED completion: ${none}`)

const home = mkdtempSync(join(tmpdir(), 'virga-complete-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
mkdirSync(join(home, '.aws', 'cli'), { recursive: true })
writeFileSync(join(home, '.aws', 'config'), '[default]\nregion = us-east-1\n[profile dev]\n[profile audit]\n')
writeFileSync(join(home, '.aws', 'credentials'), '[work]\naws_access_key_id = a\naws_secret_access_key = b\n')
writeFileSync(
  join(home, '.aws', 'cli', 'alias'),
  '[toplevel]\nmyself = sts get-caller-identity\n[command ec2]\ndesc-all = x\n',
)
mkdirSync(join(home, 'folder', 'inner'), { recursive: true })
for (const file of ['input.json', 'my file.txt', '.secret', 'folder/deep.json']) writeFileSync(join(home, file), '')
symlinkSync(join(home, 'folder'), join(home, 'link'))

const localCommands = {
  start: {
    about: 'serve',
    options: { port: { value: 'N', about: 'where' }, log: { value: 'json|text', about: 'how' } },
  },
  snapshots: { about: 'list or delete', words: '[list|delete NAME]' },
}

/** A machine on which AWS answers with `body`, or refuses to. */
function machine(body?: unknown, asked: string[] = []): Outside {
  const send = async (request: HttpRequest) => {
    asked.push(`${request.method} ${request.host}${request.path}${request.query === '' ? '' : `?${request.query}`}`)
    if (body === undefined) throw new Error('no network')
    const bytes = utf8(typeof body === 'string' ? body : JSON.stringify(body))
    return { status: 200, headers: {}, body: bytes }
  }
  return {
    argv: [],
    env: {
      AWS_ACCESS_KEY_ID: 'AKID',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    home,
    cwd: home,
    clock: () => new Date('2026-01-02T03:04:05Z'),
    stdout: { write: () => true, terminal: false, columns: 80 },
    stderr: { write: () => {}, terminal: false },
    stdin: { read: async () => new Uint8Array(), terminal: false },
    models: models!,
    local: { send, profile: async () => ({}), command: async () => 0, commands: async () => localCommands },
    doors: { https: send, http: send },
  }
}

async function offered(line: string, outside = machine()): Promise<string[]> {
  return completed(await choicesFor(line, undefined, outside))
}

describe.skipIf(none !== undefined)('what may follow', () => {
  test.each<[line: string, all: string[]]>([
    // commands
    ['virga dynamodbs', ['dynamodbstreams']],
    ['virga s3a', ['s3api']],
    ['virga codedep', []],
    ['virga mys', ['myself']],
    ['virga sts get-c', ['get-caller-identity']],
    ['virga ec2 desc-', ['desc-all']],
    ['virga --region eu-west-1 --debug sts get-c', ['get-caller-identity']],
    ['virga s3 m', ['mv', 'mb']],
    ['virga ec2 wait instance-r', ['instance-running']],
    ['virga codecommit credential-helper g', ['get']],
    ['virga local s', ['start', 'snapshots']],
    ['virga local start --', ['--port', '--log']],
    ['virga local start --port 0 --', ['--log']],
    ['virga local start --log ', ['json', 'text']],
    ['virga local snapshots d', ['delete']],
    ['virga local snapshots delete ', []],
    ['virga local help st', ['start']],
    ['virga local nonsense ', []],
    ['virga help s3-c', ['s3-case-insensitivity', 's3-config']],
    ['virga completion ', ['bash', 'zsh', 'fish', 'powershell']],
    ['virga nonsense ', []],
    ['virga ec2 nonsense --x', []],
    ['', []],
    ['virga', []],
    // options
    ['virga sts get-caller-identity --reg', ['--region']],
    ['virga sts get-caller-identity --region eu-west-1 --reg', []],
    ['virga sts assume-role --role-a', ['--role-arn']],
    ['virga sts assume-role --role-arn x --role-', ['--role-session-name']],
    ['virga ec2 describe-instances --dr', ['--dry-run']],
    ['virga ec2 wait instance-running --inst', ['--instance-ids']],
    ['virga logs tail --fol', ['--follow']],
    // values
    ['virga ec2 describe-instances --output y', ['yaml', 'yaml-stream']],
    ['virga ec2 describe-instances --output=te', ['--output=text']],
    ['virga ec2 describe-instances --outp te', ['text']],
    ['virga dynamodb put-item --return-values ALL', ['ALL_OLD', 'ALL_NEW']],
    ['virga ec2 modify-instance-attribute --ebs-optimized t', ['true']],
    ['virga sts get-caller-identity --region us-w', ['us-west-1', 'us-west-2']],
    ['virga sts get-caller-identity --region us-gov-w', ['us-gov-west-1']],
    ['virga sts get-caller-identity --region cn-', ['cn-north-1', 'cn-northwest-1']],
    ['virga sts get-caller-identity --profile ', ['default', 'dev', 'audit', 'work', 'local']],
    ['virga sts get-caller-identity --profile d', ['default', 'dev']],
    ['virga ec2 describe-instances --instance-ids i-1 --outp', ['--output']],
    ['virga sts get-caller-identity --query A', ['Account', 'Arn']],
    ['virga ec2 describe-instances --query Res', ['Reservations']],
    [
      'virga ec2 describe-instances --query Reservations[].Instances[].State.',
      ['Code', 'Name'].map((name) => `Reservations[].Instances[].State.${name}`),
    ],
    [
      "virga ec2 describe-instances --query 'Reservations[0].Instances[?a==`b`].Placement.Ten",
      ['Reservations[0].Instances[?a==`b`].Placement.Tenancy'],
    ],
    ["virga iam list-users --query 'Users[].{Name: UserN", ['Users[].{Name: UserName']],
    ["virga iam list-users --query 'length(Us", ['length(Users']],
    ['virga iam list-users --query Users.', []],
    ['virga ec2 run-instances --count 1 --query Instances[].Nope.', []],
    // shorthand
    ['virga ec2 describe-instances --filters ', ['Name=', 'Values=']],
    ['virga ec2 describe-instances --filters Name=x,', ['Name=x,Values=']],
    ['virga ec2 describe-instances --filters Values=a,b,N', ['Values=a,b,Name=']],
    ['virga ec2 describe-instances --filters Name=x,Values=a Na', ['Name=']],
    ['virga ec2 run-instances --tag-specifications ResourceType=vol', ['ResourceType=volume']],
    ['virga ec2 run-instances --tag-specifications ResourceType=volume,T', ['ResourceType=volume,Tags=[']],
    ['virga ec2 run-instances --tag-specifications Tags=', ['Tags=[']],
    ['virga ec2 run-instances --tag-specifications Tags=[', ['Tags=[{']],
    ['virga ec2 run-instances --tag-specifications Tags=[{Key=a,', ['Tags=[{Key=a,Value=']],
    ['virga ec2 run-instances --tag-specifications Tags=[{Key=a,Value=b},{V', ['Tags=[{Key=a,Value=b},{Value=']],
    [
      'virga ec2 run-instances --block-device-mappings DeviceName=a,Ebs={Encrypted=',
      ['true', 'false'].map((word) => `DeviceName=a,Ebs={Encrypted=${word}`),
    ],
    ['virga ec2 run-instances --block-device-mappings Ebs={VolumeSize=1},Dev', ['Ebs={VolumeSize=1},DeviceName=']],
    ['virga ec2 run-instances --block-device-mappings Nope=', []],
    ['virga ec2 run-instances --block-device-mappings [{', []],
    ['virga sqs set-queue-attributes --attributes Delay', ['DelaySeconds=']],
    [
      'virga cloudwatch put-metric-data --metric-data Unit=Kilob',
      ['Unit=Kilobytes', 'Unit=Kilobits', 'Unit=Kilobytes/Second', 'Unit=Kilobits/Second'],
    ],
    // files
    ['virga iam create-policy --policy-document f', ['file://']],
    [
      'virga iam create-policy --policy-document file://',
      ['folder/', 'input.json', 'link/', 'my file.txt'].map((name) => `file://${name}`),
    ],
    ['virga iam create-policy --policy-document file://.se', ['file://.secret']],
    ['virga iam create-policy --policy-document file://folder/d', ['file://folder/deep.json']],
    ['virga iam create-policy --policy-document file://link/', ['file://link/deep.json', 'file://link/inner/']],
    ['virga iam create-policy --policy-document file://~', ['file://~/']],
    ['virga iam create-policy --policy-document file://~/in', ['file://~/input.json']],
    ['virga iam create-policy --policy-document file://nowhere/', []],
    ['virga lambda update-function-code --zip-file f', ['fileb://']],
    ['virga lambda update-function-code --zip-file fileb://in', ['fileb://input.json']],
    ['virga ec2 run-instances --cli-input-json ', ['file://']],
    ['virga s3api get-object --bucket b --key k my', ['my file.txt']],
    ['virga s3 cp i', ['input.json']],
    ['virga s3 cp input.json s', ['s3://']],
    ['virga cloudformation deploy --template-file in', ['input.json']],
  ])('%s', async (line, all) => {
    expect((await offered(line)).sort()).toEqual([...all].sort())
  })
})

describe.skipIf(none !== undefined)('names from the service', () => {
  test.each<[line: string, answer: unknown, offered: string[], asked: string[]]>([
    [
      'virga dynamodb query --table-name ',
      { TableNames: ['Music', 'Movies', 'Books'] },
      ['Music', 'Movies', 'Books'],
      ['POST dynamodb.us-east-1.amazonaws.com/'],
    ],
    [
      'virga dynamodb query --table-name M',
      { TableNames: ['Music', 'Movies', 'Books'] },
      ['Music', 'Movies'],
      ['POST dynamodb.us-east-1.amazonaws.com/'],
    ],
    ['virga dynamodb create-table --table-name ', { TableNames: ['Music'] }, [], []],
    [
      'virga --region eu-west-1 lambda invoke --function-name f',
      { Functions: [{ FunctionName: 'f1' }] },
      ['f1'],
      ['GET lambda.eu-west-1.amazonaws.com/2015-03-31/functions'],
    ],
    [
      'virga iam get-user --user-name ',
      '<ListUsersResponse><ListUsersResult><Users><member><UserName>Ada</UserName></member></Users></ListUsersResult></ListUsersResponse>',
      ['Ada'],
      ['POST iam.amazonaws.com/'],
    ],
    [
      'virga s3api head-bucket --bucket ',
      '<R><Buckets><Bucket><Name>one</Name></Bucket></Buckets></R>',
      ['one'],
      ['GET s3.us-east-1.amazonaws.com/'],
    ],
    [
      'virga s3 ls s3://',
      '<R><Buckets><Bucket><Name>one</Name></Bucket></Buckets></R>',
      ['s3://one/'],
      ['GET s3.us-east-1.amazonaws.com/'],
    ],
    [
      'virga s3 ls s3://one/a',
      '<R><CommonPrefixes><Prefix>ab/</Prefix></CommonPrefixes><Contents><Key>ac.txt</Key></Contents></R>',
      ['s3://one/ab/', 's3://one/ac.txt'],
      ['GET one.s3.us-east-1.amazonaws.com/?list-type=2&prefix=a&delimiter=%2F&max-keys=1000&encoding-type=url'],
    ],
    [
      'virga ecs describe-tasks --cluster c --tasks ',
      { taskArns: ['arn:1'] },
      ['arn:1'],
      ['POST ecs.us-east-1.amazonaws.com/'],
    ],
    ['virga sqs purge-queue --queue-url ', {}, [], ['POST sqs.us-east-1.amazonaws.com/']],
  ])('%s', async (line, answer, all, calls) => {
    const asked: string[] = []
    expect(await offered(line, machine(answer, asked))).toEqual(all)
    expect(asked).toEqual(calls)
  })

  test('nothing is said where nobody answers', async () => {
    const outside = machine()
    const said: string[] = []
    outside.stderr.write = (text) => void said.push(text)
    outside.env = { ...outside.env, COMP_LINE: 'virga dynamodb query --table-name ', AWS_MAX_ATTEMPTS: '1' }
    outside.stdout.write = (text) => (said.push(String(text)), true)
    expect(await complete(outside)).toBe(0)
    expect(said).toEqual(['\n'])
  })
})

describe('the words of a line', () => {
  test.each<[line: string, cursor: number | undefined, words: string[], fragment: string]>([
    ['virga ec2 des', undefined, ['virga', 'ec2'], 'des'],
    ['virga ec2 ', undefined, ['virga', 'ec2'], ''],
    ['virga ec2 des', 9, ['virga'], 'ec2'],
    ["virga --query 'a b", undefined, ['virga', '--query'], 'a b'],
    ['virga "a b" c', undefined, ['virga', 'a b'], 'c'],
    ['virga "a \\"b" c\\ d', undefined, ['virga', 'a "b'], 'c d'],
    ["virga ''", undefined, ['virga'], ''],
    ['', undefined, [], ''],
  ])('%j up to %p', (line, cursor, words, fragment) => {
    expect(wordsBefore(line, cursor)).toEqual({ words, fragment })
  })
})
