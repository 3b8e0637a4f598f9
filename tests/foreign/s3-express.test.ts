// Directory buckets (S3 Express) of `virga local start`: as boto3 uses them, and as `virga s3` does it beside the official CLI.

import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beside, plantTree } from '../witnesses/beside.ts'
import { served } from '../witnesses/foreign-cases.ts'

const { virga, server, boto3 } = await served('s3-express')

await boto3('boto3', 11, 'boto3_s3_express_cases.py')

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

test.skipIf(sides.length === 0)('what came back from a directory bucket is what went', () => {
  for (const { folder } of sides) expect(readFileSync(join(folder, 'back.txt'), 'utf8')).toBe('ccc')
})
