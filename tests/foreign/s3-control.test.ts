// Access points of `virga local start`: as boto3 uses them, and as `virga s3` does it beside the official CLI.

import { afterAll, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beside, plantTree } from '../witnesses/beside.ts'
import { cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { python, scratch } from '../witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', '..', 'dist', 'virga')
const server = await serve(virga)
afterAll(() => server.stop())

const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: scratch('s3-control'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
}

await cases('boto3', python('boto3'), 18, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_s3_control_cases.py')],
}))

const sides = await beside('access points', {
  server,
  virga,
  async prepare(side) {
    plantTree(side)
    const bucket = `${side.name}-bucket`
    await side.made('s3api', 'create-bucket', '--bucket', bucket)
    const point = ['--account-id', '123456789012', '--name', side.name, '--bucket', bucket]
    const made = JSON.parse(await side.made('s3control', 'create-access-point', ...point))
    return { ALIAS: made.Alias, ARN: made.AccessPointArn, SIDE: side.name }
  },
  lines: [
    's3 cp tree/a.txt s3://ARN/one',
    's3 sync tree s3://ALIAS/tree/',
    's3 ls s3://ARN --recursive',
    's3 ls s3://ALIAS',
    's3 cp s3://ARN/tree/b/c.txt back.txt',
    's3 mv s3://ALIAS/one s3://ARN/two',
    's3 rm s3://ARN/tree/ --recursive',
    's3 ls s3://arn:aws:s3:us-east-1:123456789012:accesspoint/SIDE-not-there',
    's3control get-access-point --account-id 123456789012 --name SIDE',
  ],
})

test('what came back by an access point is what went', () => {
  for (const { folder } of sides) expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('ccc')
})
