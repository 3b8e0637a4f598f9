// Foreign clients against `virga local start`: boto3, the AWS SDK for JavaScript on Node, the official CLI.
// A witness that is missing is reported as missing.

import { describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { awsSdkForDocuments, awsSdkForJavaScript, officialCli } from './witnesses/witnesses.ts'
import { cases, served } from './witnesses/foreign-cases.ts'

const { env, boto3 } = await served('foreign')

await boto3('boto3', 17, 'boto3_cases.py')
await boto3('boto3 and S3', 40, 'boto3_s3_cases.py')
await boto3('boto3 and DynamoDB', 21, 'boto3_dynamodb_cases.py')
await boto3('boto3 and IAM', 21, 'boto3_iam_cases.py')
await boto3('boto3 and SQS', 27, 'boto3_sqs_cases.py')
await boto3('boto3, SNS and the events of S3', 22, 'boto3_sns_cases.py')
await cases('the AWS SDK for JavaScript', awsSdkForJavaScript(), 7, env, (folder) => ({
  cmd: ['node', join(import.meta.dir, 'foreign', 'js_sdk_cases.mjs')],
  cwd: folder,
}))

await cases('the AWS SDK for JavaScript and documents', awsSdkForDocuments(), 8, env, (folder) => ({
  cmd: ['node', join(import.meta.dir, 'foreign', 'js_dynamodb_cases.mjs')],
  cwd: folder,
}))

const official = await officialCli()
if ('missing' in official) {
  console.log(`SKIPPED the official CLI: ${official.missing}`)
  test.skip(`the official CLI is missing: ${official.missing}`, () => {})
} else {
  const aws = (...words: string[]) => {
    const done = Bun.spawnSync([official.found.aws, ...words], { env, cwd: env.HOME })
    return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
  }
  describe('the official CLI', () => {
    test('who am I', () => {
      expect(JSON.parse(aws('sts', 'get-caller-identity').out).Account).toBe('123456789012')
    })
    test('a denial reads as AWS writes it', () => {
      aws('iam', 'create-user', '--user-name', 'by-aws')
      const key = JSON.parse(aws('iam', 'create-access-key', '--user-name', 'by-aws').out).AccessKey
      const done = Bun.spawnSync([official.found.aws, 'iam', 'list-users'], {
        env: { ...env, AWS_ACCESS_KEY_ID: key.AccessKeyId, AWS_SECRET_ACCESS_KEY: key.SecretAccessKey },
      })
      expect(done.exitCode).toBe(254)
      expect(done.stderr.toString()).toContain(
        'An error occurred (AccessDenied) when calling the ListUsers operation: User: arn:aws:iam::123456789012:user/by-aws is not authorized to perform: iam:ListUsers',
      )
    }, 30_000)
    test('s3 mb, cp there and back, ls, rm', async () => {
      const content = 'x'.repeat(9_000_000)
      await Bun.write(join(env.HOME, 'big.txt'), content)
      expect(aws('s3', 'mb', 's3://by-aws')).toEqual({ code: 0, out: 'make_bucket: by-aws\n', err: '' })
      expect(aws('s3', 'cp', 'big.txt', 's3://by-aws/dir/big.txt', '--no-progress')).toEqual({
        code: 0,
        out: 'upload: ./big.txt to s3://by-aws/dir/big.txt\n',
        err: '',
      })
      expect(aws('s3', 'ls', 's3://by-aws/').out).toBe('                           PRE dir/\n')
      expect(aws('s3', 'cp', 's3://by-aws/dir/big.txt', 'back.txt', '--no-progress').code).toBe(0)
      expect(await Bun.file(join(env.HOME, 'back.txt')).text()).toBe(content)
      expect(aws('s3', 'rb', 's3://by-aws', '--force').code).toBe(0)
    }, 60_000)
  })
}
