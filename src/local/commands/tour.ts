// A first walk through an account: real commands of this program, shown as they would be typed, in a scratch folder.
// The user's own ~/.aws and account are left alone, and nothing waits for a key.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Failure } from '../../lib/errors.ts'
import type { Command, Outside } from './command.ts'

/** One step: what it shows, what is typed, and how it must end. */
interface Step {
  readonly say: string
  /** As typed, without the program's name. */
  readonly type: string
  /** 0, or 254 for a refusal by AWS. */
  readonly ends?: number
}

const steps: readonly Step[] = [
  { say: 'An AWS account that lives in a folder. Who are you in it?', type: 'sts get-caller-identity --profile local' },
  {
    say: 'You are its administrator. Make somebody who is not:',
    type: 'iam create-user --user-name ana --profile local',
  },
  {
    say: 'Ana gets a key. (The profile "ana" now holds it.)',
    type: 'iam create-access-key --user-name ana --profile local',
  },
  {
    say: 'Ana tries to see the users. IAM is real here: what nobody allowed is denied.',
    type: 'iam list-users --profile ana',
    ends: 254,
  },
  {
    say: 'Read the denial: who, which action, on what, and why: no policy of hers allows it. So attach one.',
    type: 'iam attach-user-policy --user-name ana --policy-arn arn:aws:iam::aws:policy/IAMReadOnlyAccess --profile local',
  },
  { say: 'And now:', type: "iam list-users --profile ana --query 'Users[].[UserName,CreateDate]' --output table" },
  { say: 'She may look, but not touch:', type: 'iam delete-user --user-name admin --profile ana', ends: 254 },
  { say: 'A bucket, and an object in it:', type: 's3api create-bucket --bucket tour-bucket --profile local' },
  { say: '', type: 's3api put-object --bucket tour-bucket --key notes/hello.txt --body hello.txt --profile local' },
  {
    say: 'What is there? As a table, and by a query:',
    type: "s3api list-objects-v2 --bucket tour-bucket --query 'Contents[].{Key: Key, Bytes: Size}' --output table --profile local",
  },
  {
    say: 'And back again:',
    type: 's3api get-object --bucket tour-bucket --key notes/hello.txt back.txt --query ContentLength --profile local',
  },
]

export const tour: Command = async (_asked, _place, outside) => {
  const scratch = mkdtempSync(join(tmpdir(), 'virga-tour-'))
  try {
    writeFileSync(join(scratch, 'hello.txt'), 'Rain that evaporates before it reaches the ground.\n')
    for (const step of steps) await take(step, scratch, outside)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  outside.stdout.write(farewell)
  return 0
}

async function take(step: Step, scratch: string, { stdout, env }: Outside): Promise<void> {
  stdout.write(`${step.say === '' ? '' : `\n# ${step.say}\n`}$ virga ${step.type}\n`)
  const { code, output } = await run(step.type, scratch, env)
  const shown = step.type.includes('create-access-key') ? keepKey(output, scratch) : output
  stdout.write(shown)
  if (code !== (step.ends ?? 0))
    throw new Failure('Local', `the tour stops here: "virga ${step.type}" ended with ${code}`)
}

async function run(typed: string, scratch: string, env: Outside['env']): Promise<{ code: number; output: string }> {
  const child = Bun.spawn([...program(), ...words(typed)], {
    cwd: scratch,
    env: {
      ...withoutAws(env),
      HOME: scratch,
      VIRGA_HOME: join(scratch, '.virga'),
      AWS_PAGER: '',
      AWS_CONFIG_FILE: join(scratch, 'config'),
    },
    stdin: 'ignore',
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  return { code, output: out + err.replace(/^\n/, '') }
}

/** This program again: the compiled file, or Bun with the source. */
function program(): string[] {
  return Bun.main.startsWith('/$bunfs/') || Bun.main.startsWith('B:/~BUN/')
    ? [process.execPath]
    : [process.execPath, Bun.main]
}

/** The words of a step as a shell would split them; steps quote with single quotes only. */
function words(typed: string): string[] {
  return Array.from(typed.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain!)
}

/** Keys, profiles and endpoints of the user's own have no business here. */
function withoutAws(env: Outside['env']): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && !/^(AWS|VIRGA)_/.test(name))
  return Object.fromEntries([...kept, ...modelsOf(env)]) as Record<string, string>
}

function modelsOf(env: Outside['env']): [string, string][] {
  return env['VIRGA_MODELS'] === undefined ? [] : [['VIRGA_MODELS', env['VIRGA_MODELS']]]
}

/** Ana's key becomes the profile "ana"; the secret is not shown. */
function keepKey(output: string, scratch: string): string {
  const { AccessKey: key } = JSON.parse(output) as { AccessKey: { AccessKeyId: string; SecretAccessKey: string } }
  const section = [
    '[profile ana]',
    `aws_access_key_id = ${key.AccessKeyId}`,
    `aws_secret_access_key = ${key.SecretAccessKey}`,
    'region = us-east-1',
    'endpoint_url = virga-local:',
  ]
  const file = join(scratch, 'config')
  writeFileSync(file, section.join('\n') + '\n', { mode: 0o600 })
  return output.replace(key.SecretAccessKey, '****************************************')
}

const farewell = `
That was a scratch account, and it is gone. Your own is made when you first type:

  virga sts get-caller-identity --profile local

For other programs (boto3, Terraform, the AWS CLI):

  virga local start &
  eval "$(virga local env)"

What else there is: virga local help
`
