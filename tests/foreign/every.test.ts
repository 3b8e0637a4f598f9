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

const told = (...words: string[]): string =>
  Bun.spawnSync([virga, 'local', 'coverage', ...words], { env: base }).stdout.toString()

const services = [...told().matchAll(/^(\S+) +[1-9]\d* built/gm)].map(([, name]) => name!)
const built = services
  .filter((service) => service !== 'ec2')
  .flatMap((service) => [...told(service).matchAll(/^built +(\w+)/gm)].map(([, name]) => `${service}:${name}`))

await cases(
  'boto3, every operation',
  python('boto3'),
  services.length,
  { ...base, ...server.env, BUILT: built.join(' ') },
  (program) => ({
    cmd: [program, join(import.meta.dir, 'boto3_every_cases.py')],
  }),
)
