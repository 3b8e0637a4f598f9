// Access points of `virga local start`: as boto3 uses them, and as `virga s3` does it beside the official CLI.

import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beside, plantTree } from '../witnesses/beside.ts'
import { served } from '../witnesses/foreign-cases.ts'

const { virga, server, boto3 } = await served('s3-control')

await boto3('boto3', 18, 'boto3_s3_control_cases.py')

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

test.skipIf(sides.length === 0)('what came back by an access point is what went', () => {
  for (const { folder } of sides) expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('ccc')
})
