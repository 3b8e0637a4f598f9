// Which functions does a short command run? `npm run bun -- scripts/bytecode-order.ts` asks the built program and writes
// scripts/build/bytecode-order: the build lays what is listed there side by side, so that a start touches fewer pages.
// Measured: 0.3 ms of 11 and half a MiB for `sts get-caller-identity`, 1.3 MiB with `--profile local`.
//
// What is listed are hashes of functions, which stay the same while the function does; others are merely not laid with
// them. So the list is recorded again when much on the way of a call has changed, not with each change.
// https://bun.com/docs/bundler/executables#profile-guided-bytecode-layout

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { serve } from '../tests/witnesses/local-server.ts'
import { scratch } from '../tests/witnesses/witnesses.ts'
import { fakeEc2, RUN_INSTANCES } from './bench/command-line.ts'
import { BYTECODE_ORDER } from './build/program.ts'

const ROOT = join(import.meta.dirname, '..')
const virga = process.env.VIRGA_PROGRAM ?? join(ROOT, 'dist', 'virga')
const folder = scratch('bytecode-order')

/** Functions, modules and names; what the run has not used is listed too, and not needed. */
const USED = /^[FMN] /

const server = await serve(virga)
const ec2 = await fakeEc2()
try {
  mkdirSync(folder, { recursive: true })
  const plain = { PATH: process.env.PATH ?? '', HOME: folder, AWS_REGION: 'us-east-1' }
  const used = new Set<string>()
  const record = (args: readonly string[], more: Readonly<Record<string, string>>): void => {
    const order = join(folder, 'order')
    const env = { ...plain, ...more, BUN_BYTECODE_ORDER_OUT: order }
    const { exitCode, stderr } = Bun.spawnSync([virga, ...args], { env, stdin: 'ignore' })
    if (exitCode !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
    for (const line of readFileSync(order, 'utf8').split('\n')) if (USED.test(line)) used.add(line)
  }
  // Few, since all that is listed becomes resident at every start.
  record(['sts', 'get-caller-identity'], server.env)
  record(RUN_INSTANCES, { ...server.env, AWS_ENDPOINT_URL: ec2.url })
  record(['--profile', 'local', 'sts', 'get-caller-identity'], {})
  record(['complete'], { COMP_LINE: 'aws ec2 des', COMP_POINT: '11' })
  record(['--version'], {})
  writeFileSync(BYTECODE_ORDER, `v2\n${[...used].join('\n')}\n`)
  console.log(`${BYTECODE_ORDER}: ${used.size} lines`)
} finally {
  ec2.stop()
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
}
