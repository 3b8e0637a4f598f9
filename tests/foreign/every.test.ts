// Every operation of `virga local start` but EC2's (ec2-every.test.ts) is asked by boto3 for what is not there, and by who
// may do nothing.

import { afterAll } from 'bun:test'
import { join } from 'node:path'
import { cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { python, scratch } from '../witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', '..', 'dist', 'virga')
const server = await serve(virga)
afterAll(() => server.stop())

const home = scratch('every')
const base: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: home, AWS_EC2_METADATA_DISABLED: 'true' }

const services = (await Bun.file(join(import.meta.dir, 'every-operation.txt')).text()).match(/(?<=^\[)[\w-]+/gm)!
const built = services.flatMap((service) => {
  const told = Bun.spawnSync([virga, 'local', 'coverage', service], { env: base }).stdout.toString()
  return [...told.matchAll(/^built +(\w+)/gm)].map(([, name]) => `${service}:${name}`)
})

await cases(
  'boto3, every operation',
  python('boto3'),
  services.length + 1,
  { ...base, ...server.env, BUILT: built.join(' ') },
  (program) => ({
    cmd: [program, join(import.meta.dir, 'boto3_every_cases.py')],
  }),
)
