// S3 of `virga local start`: what buckets are set to do, and answers beside recorded ones of AWS.

import { afterAll } from 'bun:test'
import { join } from 'node:path'
import { cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { python, scratch } from '../witnesses/witnesses.ts'

const server = await serve(join(import.meta.dir, '..', '..', 'dist', 'virga'))
afterAll(() => server.stop())

const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: scratch('s3-settings'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
}

await cases('boto3, recorded', python('boto3'), 17, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_s3_recorded_cases.py')],
}))
await cases('boto3 and settings', python('boto3'), 10, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_s3_settings_cases.py')],
}))
