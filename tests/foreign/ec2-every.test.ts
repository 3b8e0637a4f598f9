// Every operation of EC2 of `virga local start` is asked by boto3 for what is not there, and by a user who may do nothing; and who
// manages addresses, and where people come in.

import { afterAll } from 'bun:test'
import { join } from 'node:path'
import { cases } from '../witnesses/foreign-cases.ts'
import { serve } from '../witnesses/local-server.ts'
import { python, scratch } from '../witnesses/witnesses.ts'

const server = await serve(join(import.meta.dir, '..', '..', 'dist', 'virga'))
afterAll(() => server.stop())

const env: Record<string, string> = {
  PATH: process.env.PATH ?? '',
  HOME: scratch('ec2-every'),
  AWS_EC2_METADATA_DISABLED: 'true',
  ...server.env,
}

await cases('boto3, address managers', python('boto3'), 3, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_ec2_ipam_cases.py')],
}))
await cases('boto3, Client VPN', python('boto3'), 3, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_ec2_client_vpn_cases.py')],
}))
// Last: what needs no names is made and left behind.
await cases('boto3, every operation', python('boto3'), 4, env, (program) => ({
  cmd: [program, join(import.meta.dir, 'boto3_ec2_every_cases.py')],
}))
