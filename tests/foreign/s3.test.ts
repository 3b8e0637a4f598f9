// S3 of `virga local start` as the suites for S3's imitators ask it: two accounts, buckets that take ACLs, and requests
// that no SDK would send.

import { afterAll } from 'bun:test'
import { join } from 'node:path'
import { boto3Cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { scratch } from '../witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', '..', 'dist', 'virga')
const accounts = ['111111111111', '222222222222'].map((id, i) => ({
  id,
  root: { accessKeyId: `AKIASUITE${i}ROOTROOTROO`, secretAccessKey: `${i}secret`.repeat(5) },
}))
const seed = join(scratch('s3'), 'seed.json')
await Bun.write(seed, JSON.stringify({ accounts }))

const server = await serve(virga, ['--seed', seed])
afterAll(() => server.stop())
const [main, other] = accounts.map(({ root }) => root)
const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: server.folder,
  VIRGA_HOME: join(server.folder, '.virga'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
  AWS_ACCESS_KEY_ID: main!.accessKeyId,
  AWS_SECRET_ACCESS_KEY: main!.secretAccessKey,
  OTHER_ACCESS_KEY_ID: other!.accessKeyId,
  OTHER_SECRET_ACCESS_KEY: other!.secretAccessKey,
}
Bun.spawnSync([virga, 'local', 'settings', 'buckets', 'classic'], { env })

await boto3Cases('boto3 and raw requests', 24, env, 's3_suite_cases.py')
