// EC2 of `virga local start`, as boto3 and the official CLI see it; and an instance's metadata, as boto3 in it would.

import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { served } from '../witnesses/foreign-cases.ts'
import { officialCli, python } from '../witnesses/witnesses.ts'

const { virga, server, env, boto3 } = await served('ec2')

await boto3('boto3', 22, 'boto3_ec2_cases.py')
await boto3('boto3, networks', 14, 'boto3_ec2_network_cases.py')
await boto3('boto3, transit gateways', 8, 'boto3_ec2_transit_cases.py')
await boto3('boto3, fleets, hosts and services', 8, 'boto3_ec2_capacity_cases.py')
await boto3('boto3, settings', 11, 'boto3_ec2_settings_cases.py')

const image = 'ami-0abcdef1234567890'
const windows = 'ami-03cf127a'

const witness = python('boto3')
if ('found' in witness)
  test('boto3 in an instance finds its role', async () => {
    const home = { ...env, HOME: server.folder, VIRGA_HOME: join(server.folder, '.virga') }
    const run = (...words: string[]) => {
      const done = Bun.spawnSync([virga, ...words], { env: home })
      return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
    }
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    })
    run('iam', 'create-role', '--role-name', 'inside', '--assume-role-policy-document', trust)
    run('iam', 'create-instance-profile', '--instance-profile-name', 'inside')
    run('iam', 'add-role-to-instance-profile', '--instance-profile-name', 'inside', '--role-name', 'inside')
    const launch = ['ec2', 'run-instances', '--image-id', image, '--instance-type', 't3.micro']
    const launched = run(...launch, '--iam-instance-profile', 'Name=inside', '--query', 'Instances[0].InstanceId')
    const id = JSON.parse(launched.out) as string
    const ready = join(env.HOME, 'imds')
    const imds = Bun.spawn(
      [virga, 'local', 'metadata', 'start', '--instance', id, '--port', '0', '--ready-file', ready],
      { env: home, stdout: 'ignore', stderr: 'inherit', stdin: 'ignore' },
    )
    try {
      while (imds.exitCode === null && !(await Bun.file(ready).exists())) await Bun.sleep(5)
      const [url] = (await Bun.file(ready).text()).split('\n')
      const { AWS_ACCESS_KEY_ID: _, AWS_SECRET_ACCESS_KEY: __, AWS_EC2_METADATA_DISABLED: ___, ...inside } = env
      const program = "import boto3; print(boto3.client('sts').get_caller_identity()['Arn'])"
      const done = Bun.spawnSync([witness.found, '-c', program], {
        env: { ...inside, AWS_EC2_METADATA_SERVICE_ENDPOINT: url! },
      })
      expect(done.stderr.toString()).toBe('')
      expect(done.stdout.toString()).toBe(`arn:aws:sts::123456789012:assumed-role/inside/${id}\n`)
    } finally {
      imds.kill()
      await imds.exited
    }
    expect(run('local', 'metadata', 'start', '--instance', 'i-0123456789abcdef0', '--port', '0')).toMatchObject({
      code: 255,
      err: expect.stringContaining('no instance i-0123456789abcdef0 runs in us-east-1'),
    })
  }, 30_000)

const official = await officialCli()
if ('missing' in official) {
  console.log(`SKIPPED the official CLI: ${official.missing}`)
  test.skip(`the official CLI is missing: ${official.missing}`, () => {})
} else {
  const run = (program: string, words: readonly string[]) => {
    const done = Bun.spawnSync([program, ...words], { env, cwd: env.HOME })
    return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
  }
  const aws = (...words: string[]) => run(official.found.aws, words)

  describe('the official CLI', () => {
    test('launches, waits, describes; ours prints the same', () => {
      const named = 'ResourceType=instance,Tags=[{Key=Name,Value=by-cli}]'
      const launch = ['ec2', 'run-instances', '--image-id', image, '--instance-type', 't3.micro', '--count', '2']
      const launched = aws(...launch, '--tag-specifications', named, '--query', 'Instances[].InstanceId')
      const ids = JSON.parse(launched.out) as string[]
      expect(ids).toHaveLength(2)
      expect(aws('ec2', 'wait', 'instance-running', '--instance-ids', ...ids)).toEqual({ code: 0, out: '', err: '' })
      const describe = ['ec2', 'describe-instances', '--filters', 'Name=tag:Name,Values=by-cli']
      const told = aws(...describe)
      expect(JSON.parse(told.out).Reservations[0].Instances).toHaveLength(2)
      expect(run(virga, describe)).toEqual(told)
      expect(run(virga, [...describe, '--output', 'table'])).toEqual(aws(...describe, '--output', 'table'))
      const refused = aws('ec2', 'terminate-instances', '--instance-ids', ids[0]!, '--dry-run')
      expect(refused.err).toContain('(DryRunOperation) when calling the TerminateInstances operation')
      expect(aws('ec2', 'terminate-instances', '--instance-ids', ...ids).code).toBe(0)
    }, 60_000)

    test('a password for the owner of the key', async () => {
      const made = aws('ec2', 'create-key-pair', '--key-name', 'by-cli', '--query', 'KeyMaterial', '--output', 'text')
      await Bun.write(join(env.HOME, 'key.pem'), made.out)
      const launch = ['ec2', 'run-instances', '--image-id', windows, '--instance-type', 't3.medium']
      const launched = aws(...launch, '--key-name', 'by-cli', '--query', 'Instances[0].InstanceId')
      const ask = ['ec2', 'get-password-data', '--instance-id', JSON.parse(launched.out)]
      const told = aws(...ask, '--priv-launch-key', 'key.pem', '--query', 'PasswordData')
      expect(JSON.parse(told.out)).toHaveLength(24)
    }, 60_000)
  })
}
