// Which functions does a short command run, and which a server? `npm run bun -- scripts/bytecode-order.ts` asks the built
// program and writes scripts/build/bytecode/: the build lays what is listed there side by side, so that a start
// touches fewer pages. Measured: 0.3 ms of 11 and half a MiB for `sts get-caller-identity`, 1.3 MiB with `--profile local`;
// 2.9 of 47.3 MiB for a server that has answered once.
//
// What is listed are hashes of functions, which stay the same while the function does; others are merely not laid with
// them. So the lists are recorded again when much on the way of a call has changed, not with each change.
// https://bun.com/docs/bundler/executables#profile-guided-bytecode-layout

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../tests/witnesses/local-server.ts'
import { scratch } from '../tests/witnesses/witnesses.ts'
import { fakeEc2, RUN_INSTANCES } from './bench/command-line.ts'
import { bytecodeOrders } from './build/program.ts'

const ROOT = join(import.meta.dirname, '..')
const virga = process.env.VIRGA_PROGRAM ?? join(ROOT, 'dist', 'virga')
const folder = scratch('bytecode-order')

/** Functions, modules and names; what the run has not used is listed too, and not needed. */
const USED = /^[FMN] /

type Variables = Readonly<Record<string, string>>

/** Where a program that ends leaves what it has run. */
const order = join(folder, 'order')
const listed = new Set<string>()
let used: string[] = []

function note(): void {
  for (const line of readFileSync(order, 'utf8').split('\n'))
    if (USED.test(line) && !listed.has(line)) {
      listed.add(line)
      used.push(line)
    }
}

function run(args: readonly string[], env: Variables): void {
  const { exitCode, stderr } = Bun.spawnSync([virga, ...args], {
    env: { PATH: process.env.PATH ?? '', HOME: folder, AWS_REGION: 'us-east-1', ...env },
    stdin: 'ignore',
  })
  if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
}

function record(args: readonly string[], env: Variables): void {
  run(args, { ...env, BUN_BYTECODE_ORDER_OUT: order })
  note()
}

/** What a server runs from its start to its end. */
async function recordServer(ask: (env: Variables) => void): Promise<void> {
  const server = await serve(virga, [], { BUN_BYTECODE_ORDER_OUT: order })
  ask(server.env)
  await server.stop()
  note()
}

/** What an earlier list has is not listed again. */
function write(name: keyof typeof bytecodeOrders): void {
  writeFileSync(bytecodeOrders[name], `v2\n${used.join('\n')}\n`)
  console.log(`${bytecodeOrders[name]}: ${used.length} lines`)
  used = []
}

// Few of each, since all that one list has becomes resident at every such start.

async function recordCommands(): Promise<void> {
  const server = await serve(virga)
  const ec2 = await fakeEc2()
  try {
    record(['sts', 'get-caller-identity'], server.env)
    record(RUN_INSTANCES, { ...server.env, AWS_ENDPOINT_URL: ec2.url })
    record(['--profile', 'local', 'sts', 'get-caller-identity'], {})
    record(['complete'], { COMP_LINE: 'aws ec2 des', COMP_POINT: '11' })
    record(['--version'], {})
  } finally {
    ec2.stop()
    await server.stop()
  }
}

const table = ['--table-name', 'table']
const hashTable = {
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
}
const object = ['--bucket', 'bucket', '--key', 'object']
const requests = [
  ['s3api', 'create-bucket', '--bucket', 'bucket'],
  ['s3api', 'put-object', ...object, '--body', virga],
  ['s3api', 'put-object', ...object],
  ['s3api', 'get-object', ...object, join(folder, 'object')],
  ['dynamodb', 'create-table', ...table, '--cli-input-json', JSON.stringify(hashTable)],
  ['dynamodb', 'put-item', ...table, '--item', '{"pk":{"S":"a"},"n":{"N":"1"}}'],
  ['dynamodb', 'get-item', ...table, '--key', '{"pk":{"S":"a"}}'],
]

mkdirSync(folder, { recursive: true })
try {
  await recordCommands()
  write('commands')
  await recordServer((env) => run(['sts', 'get-caller-identity'], env))
  write('server')
  await recordServer((env) => {
    for (const request of requests) run(request, env)
  })
  write('requests')
} finally {
  rmSync(folder, { recursive: true, force: true })
}
