// A job cut into parts for workers on any machines: everything arrives, whoever dies meanwhile, and nothing arrives
// twice with another content.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { noProgram, virga } from './program.ts'
import { serve } from './witnesses/local-server.ts'
import type { LocalServer } from './witnesses/local-server.ts'
import { scratch } from './witnesses/witnesses.ts'

const files = Number(process.env.VIRGA_WORKER_FILES ?? 10_000)
const folder = scratch('workers')
let server: LocalServer
let env: Record<string, string>

interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

function started(...argv: string[]) {
  return Bun.spawn([...virga, ...argv], { cwd: folder, env, stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' })
}

async function ended(child: ReturnType<typeof started>): Promise<Ran> {
  const [stdout, stderr] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { exit: await child.exited, stdout, stderr }
}

const run = (...argv: string[]): Promise<Ran> => ended(started(...argv))

async function json(...argv: string[]): Promise<any> {
  const { exit, stdout, stderr } = await run(...argv, '--output', 'json')
  if (exit !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`)
  return stdout === '' ? {} : JSON.parse(stdout)
}

async function newQueue(name: string): Promise<string> {
  return (await json('sqs', 'create-queue', '--queue-name', name)).QueueUrl
}

/** Names and sizes of what is below a prefix. */
async function stored(bucket: string): Promise<Map<string, number>> {
  const { Contents = [] } = await json('s3api', 'list-objects-v2', '--bucket', bucket)
  return new Map(Contents.map(({ Key, Size }: { Key: string; Size: number }) => [Key, Size]))
}

describe.skipIf(noProgram !== undefined)(`s3 sync --queue${noProgram === undefined ? '' : `: ${noProgram}`}`, () => {
  beforeAll(async () => {
    server = await serve(virga)
    env = {
      PATH: process.env.PATH ?? '',
      HOME: join(folder, 'home'),
      VIRGA_HOME: join(server.folder, '.virga'),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...server.env,
    }
    mkdirSync(join(folder, 'home'))
  }, 30_000)
  afterAll(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  }, 30_000)

  test(`${files} files, two workers, one killed half-way`, async () => {
    const source = join(folder, 'many')
    for (let at = 0; at < files; at++) {
      const below = join(source, `d${at % 50}`)
      if (at < 50) mkdirSync(below, { recursive: true })
      writeFileSync(join(below, `f${at}`), `file ${at} `.repeat((at % 40) + 1))
    }
    await run('s3', 'mb', 's3://worker-many')
    const queue = await newQueue('many')
    const workers = [1, 2].map(() => started('s3', 'worker', '--queue', queue, '--idle', '3', '--quiet'))
    const job = started('s3', 'sync', 'many', 's3://worker-many', '--queue', queue, '--no-progress')

    const half = async (): Promise<void> => {
      while ((await stored('worker-many')).size < files / 2) await Bun.sleep(20)
    }
    await half()
    workers[0]!.kill('SIGKILL')
    // What it was at is hidden for a minute of the account's time.
    await run('local', 'clock', 'advance', '61s')
    const { exit, stdout, stderr } = await ended(job)

    expect({ exit, stderr: stderr.trim().replace(/virga-s3-.*/, 'ANSWERS') }).toEqual({
      exit: 0,
      stderr: `The work goes on without this; ask how it went: virga s3 result --queue ${server.url}/123456789012/ANSWERS`,
    })
    expect(stdout.match(/^upload: /gm)).toHaveLength(files)
    const objects = await stored('worker-many')
    expect(objects.size).toBe(files)
    await run('s3', 'cp', '--recursive', 's3://worker-many', 'back', '--quiet')
    for (let at = 0; at < files; at++) {
      const name = `d${at % 50}/f${at}`
      expect(readFileSync(join(folder, 'back', name), 'utf8')).toBe(readFileSync(join(source, name), 'utf8'))
    }
    expect((await ended(workers[1]!)).exit).toBe(0)
    expect((await json('sqs', 'list-queues', '--queue-name-prefix', 'virga-s3-')).QueueUrls).toBeUndefined()
  }, 180_000)

  test('nobody waits, and the result can be asked for, twice', async () => {
    const source = join(folder, 'asked')
    mkdirSync(source)
    for (const name of ['a', 'b', 'c']) writeFileSync(join(source, name), name)
    await run('s3', 'mb', 's3://worker-asked')
    const queue = await newQueue('asked')
    const handed = await run('s3', 'sync', 'asked', 's3://worker-asked', '--queue', queue, '--detach')
    expect(handed.exit).toBe(0)
    const answers = /--queue (\S+)/.exec(handed.stderr)![1]!
    const before = await run('s3', 'result', '--queue', answers)
    expect(before).toEqual({ exit: 2, stdout: '0 parts of 1: nothing done (0 Bytes)\n', stderr: '' })

    // A file that is another by now is not what was meant.
    writeFileSync(join(source, 'b'), 'changed')
    const worker = await run('s3', 'worker', '--queue', queue, '--idle', '1')
    expect(worker.exit).toBe(1)
    expect([...(await stored('worker-asked')).keys()]).toEqual(['a', 'c'])
    for (let time = 0; time < 2; time++) {
      const { exit, stdout } = await run('s3', 'result', '--queue', answers)
      expect({ exit, stdout }).toEqual({
        exit: 1,
        stdout:
          `failed: upload of ${source}/b to worker-asked/b File ${source}/b changed while it was being read\n` +
          '1 parts of 1: 2 × upload (2 Bytes)\n',
      })
    }
    await run('s3', 'result', '--queue', answers, '--forget')
    expect((await run('s3', 'result', '--queue', answers)).stderr).toContain('NonExistentQueue')
  }, 60_000)

  test('a worker touches files below its root only', async () => {
    const source = join(folder, 'outside')
    mkdirSync(source)
    mkdirSync(join(folder, 'elsewhere'))
    writeFileSync(join(source, 'secret'), 'x')
    await run('s3', 'mb', 's3://worker-outside')
    const queue = await newQueue('outside')
    const job = started('s3', 'sync', 'outside', 's3://worker-outside', '--queue', queue)
    const worker = started('s3', 'worker', '--queue', queue, '--idle', '2', '--root', join(folder, 'elsewhere'))
    const { exit, stderr } = await ended(job)
    expect(exit).toBe(1)
    expect(stderr).toContain('is outside the folder that this worker may touch')
    expect((await ended(worker)).exit).toBe(1)
    expect((await stored('worker-outside')).size).toBe(0)
  }, 60_000)

  test('downloads and deletions travel, too', async () => {
    const target = join(folder, 'down')
    mkdirSync(target)
    writeFileSync(join(target, 'old'), 'x')
    await run('s3', 'mb', 's3://worker-down')
    for (const name of ['one', 'two']) {
      writeFileSync(join(folder, name), name)
      await run('s3', 'cp', name, `s3://worker-down/${name}`, '--quiet')
    }
    const queue = await newQueue('down')
    const worker = started('s3', 'worker', '--queue', queue, '--idle', '2')
    const { exit } = await run('s3', 'sync', 's3://worker-down', 'down', '--delete', '--queue', queue)
    expect(exit).toBe(0)
    expect(readFileSync(join(target, 'one'), 'utf8')).toBe('one')
    expect(statSync(join(target, 'two')).size).toBe(3)
    expect(statSync(join(target, 'old'), { throwIfNoEntry: false })).toBeUndefined()
    expect((await ended(worker)).exit).toBe(0)
  }, 60_000)

  test.each([
    [['--queue', 'work'], '--queue must be the URL of an SQS queue, not work'],
    [
      ['--queue', 'http://127.0.0.1:1/q', '--sse-c', 'AES256', '--sse-c-key', 'k'.repeat(32)],
      '--sse-c-key cannot be used with --queue: whoever reads the queue would have the key',
    ],
  ])('refused: %p', async (words, message) => {
    const { exit, stderr } = await run('s3', 'sync', 'asked', 's3://worker-asked/other', ...words)
    expect(exit).not.toBe(0)
    expect(stderr).toContain(message)
  })
})
