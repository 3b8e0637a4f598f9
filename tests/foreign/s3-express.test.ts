// Directory buckets (S3 Express) of `virga local start`: as boto3 uses them, and as `virga s3` does it beside the official CLI.

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
  HOME: scratch('s3-express'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
}

await cases('boto3', python('boto3'), 8, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_s3_express_cases.py')],
}))

const sides = await beside('directory buckets', {
  server,
  virga,
  prepare(side) {
    plantTree(side)
    return Promise.resolve({ BUCKET: `${side.name}--use1-az4--x-s3` })
  },
  lines: [
    's3api create-bucket --bucket BUCKET --create-bucket-configuration Location={Type=AvailabilityZone,Name=use1-az4},Bucket={Type=Directory,DataRedundancy=SingleAvailabilityZone}',
    's3 cp tree s3://BUCKET/tree/ --recursive',
    's3 ls s3://BUCKET/tree/',
    's3api rename-object --bucket BUCKET --key tree/d.txt --rename-source tree/b/c.txt',
    's3 cp s3://BUCKET/tree/d.txt back.txt',
    's3api list-objects-v2 --bucket BUCKET --prefix tr',
    's3 rm s3://BUCKET --recursive',
    's3 rb s3://BUCKET',
  ],
})

test('what came back from a directory bucket is what went', () => {
  for (const { folder } of sides) expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('ccc')
})
