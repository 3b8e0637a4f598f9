// What happens to an account when its processes are killed, when several work on it at once, and when its files are not
// as they should be. By the program as it is built, and by `npm run torture`'s short form.

import { afterAll, describe, expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { faultsOf } from '../scripts/torture/account-files.ts'
import { scratch } from './witnesses/witnesses.ts'
import { serve, type LocalServer } from './witnesses/local-server.ts'

const root = join(import.meta.dirname, '..')
const virga = join(root, 'dist', 'virga')
const folders: string[] = []
const servers: LocalServer[] = []
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

async function served(): Promise<LocalServer> {
  const server = await serve(virga)
  servers.push(server)
  return server
}

interface Home {
  readonly folder: string
  readonly account: string
  run(...typed: string[]): { code: number; out: string; err: string }
  /** Ends by itself, or is killed after so many milliseconds. */
  killed(after: number, ...typed: string[]): Promise<void>
}

function freshHome(): Home {
  const folder = scratch('store')
  folders.push(folder)
  return homeAt(folder)
}

function homeAt(folder: string, more: Record<string, string> = {}): Home {
  const env = {
    PATH: process.env.PATH!,
    HOME: folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PROFILE: 'local',
    ...more,
  }
  return {
    folder,
    account: join(folder, '.virga', 'local'),
    run(...typed) {
      const { exitCode, stdout, stderr } = Bun.spawnSync([virga, ...typed], { env, cwd: folder })
      return { code: exitCode, out: stdout.toString().trim(), err: stderr.toString().trim() }
    },
    async killed(after, ...typed) {
      const child = Bun.spawn([virga, ...typed], { env, cwd: folder, stdout: 'ignore', stderr: 'ignore' })
      setTimeout(() => child.kill('SIGKILL'), after)
      await child.exited
    },
  }
}

/** A bucket with objects of all sizes, which say where they are from. */
function fill(home: Home, bucket: string, count: number): void {
  const source = join(home.folder, bucket)
  mkdirSync(source)
  for (let i = 0; i < count; i++) writeFileSync(join(source, `${i}`), `${bucket} ${i}\n`.repeat(1 + (i % 7) ** 4 * 8))
  expect(home.run('s3', 'mb', `s3://${bucket}`)).toMatchObject({ code: 0 })
  expect(home.run('s3', 'cp', '--quiet', '--recursive', source, `s3://${bucket}/`)).toMatchObject({ code: 0, err: '' })
}

const listing = (home: Home): string =>
  home.run('s3api', 'list-buckets', '--query', 'Buckets[].Name', '--output', 'text').out

/** The one bucket that is there, and that its objects are all there and whole. */
function wholeBucket(home: Home, counts: Record<string, number>): string {
  const bucket = listing(home)
  const back = join(home.folder, 'back')
  rmSync(back, { recursive: true, force: true })
  expect(home.run('s3', 'cp', '--quiet', '--recursive', `s3://${bucket}/`, back)).toMatchObject({ code: 0, err: '' })
  expect(readdirSync(back)).toHaveLength(counts[bucket]!)
  for (const name of readdirSync(back))
    expect(statSync(join(back, name)).size).toBe(statSync(join(home.folder, bucket, name)).size)
  return bucket
}

describe('a kill leaves the old account or the new', () => {
  test('while it is restored or imported', async () => {
    const home = freshHome()
    const counts = { old: 5, new: 60 }
    fill(home, 'new', counts.new)
    expect(home.run('local', 'snapshot', 'new').err).toBe('')
    expect(home.run('local', 'export', 'new.account').err).toBe('')
    home.run('local', 'reset')
    fill(home, 'old', counts.old)
    expect(home.run('local', 'snapshot', 'old').err).toBe('')
    const seen = new Set<string>()
    for (const to of [
      ['restore', 'new'],
      ['import', 'new.account'],
    ]) {
      const begun = performance.now()
      expect(home.run('local', ...to).err).toBe('')
      const whole = performance.now() - begun
      expect(home.run('local', 'restore', 'old').err).toBe('')
      for (const part of [0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 1]) {
        await home.killed(whole * part, 'local', ...to)
        seen.add(wholeBucket(home, counts))
        expect(faultsOf(home.account)).toEqual([])
        expect(home.run('local', 'restore', 'old').err).toBe('')
      }
    }
    expect(seen.has('old')).toBe(true)
    expect(home.run('local', 'import', 'new.account').err).toBe('')
    expect(wholeBucket(home, counts)).toBe('new')
    // Nothing is left of the imports that were killed but what a later one clears away.
    expect(
      home
        .run('local', 'snapshots')
        .out.split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual(['new', 'old'])
  }, 60_000)
})

describe('an account file', () => {
  test('holds keys, and is for its owner alone', () => {
    const home = freshHome()
    fill(home, 'mine', 3)
    expect(home.run('local', 'export', 'account.tar').err).toBe('')
    expect((statSync(join(home.folder, 'account.tar')).mode & 0o777).toString(8)).toBe('600')
    const { stdout } = Bun.spawnSync(['tar', 'tf', join(home.folder, 'account.tar')])
    expect(stdout.toString().split('\n')).toContain('rows/00000001.jsonl')
    // The keys that came with it work, and those of the folder it came to.
    const [own, other] = [home.run('configure', 'export-credentials').out, freshHome()]
    expect(other.run('local', 'import', join(home.folder, 'account.tar')).err).toBe('')
    const { AccessKeyId, SecretAccessKey } = JSON.parse(own) as Record<string, string>
    const keys = { AWS_ACCESS_KEY_ID: AccessKeyId!, AWS_SECRET_ACCESS_KEY: SecretAccessKey! }
    const guest = homeAt(other.folder, keys)
    const who = ['sts', 'get-caller-identity', '--endpoint-url', 'virga-local:', '--region', 'us-east-1']
    expect(guest.run(...who).err).toBe('')
    expect(listing(other)).toBe('mine')
  })

  test('is written and put in place while a server runs', async () => {
    const server = await served()
    const home = homeAt(server.folder, server.env)
    fill(home, 'first', 12)
    expect(home.run('local', 'export', 'account.tar').err).toBe('')
    home.run('s3', 'rb', '--force', 's3://first')
    expect(home.run('local', 'import', 'account.tar').err).toBe('')
    expect(wholeBucket(home, { first: 12 })).toBe('first')
  }, 30_000)

  test.each([
    ['a text', 'hello', 'FILE is no account file: virga local export writes them'],
    ['nothing', '', 'FILE is no account file: virga local export writes them'],
  ])('%s is refused in one line, and nothing changes', (_, text, told) => {
    const home = freshHome()
    fill(home, 'mine', 2)
    const file = join(home.folder, 'file')
    writeFileSync(file, text)
    const { code, err } = home.run('local', 'import', file)
    expect([code === 0, err.replace(file, 'FILE').split('\n').at(-1)]).toEqual([false, `aws: [ERROR]: ${told}`])
    expect(wholeBucket(home, { mine: 2 })).toBe('mine')
    expect(home.run('local', 'export', file).err === '').toBe(text === '')
  })
})

describe('several processes on one account', () => {
  test('lose nothing of each other', async () => {
    const server = await served()
    const home = homeAt(server.folder)
    const env = { PATH: process.env.PATH!, HOME: server.folder }
    const create = async (name: string, more: string[]): Promise<number> =>
      Bun.spawn([virga, 'iam', 'create-user', '--user-name', name, ...more], {
        env: { ...env, ...server.env, AWS_MAX_ATTEMPTS: '1' },
        stdout: 'ignore',
        stderr: 'inherit',
      }).exited
    const lanes = Array.from({ length: 6 }, async (_, lane) => {
      for (let i = 0; i < 8; i++)
        expect(await create(`user-${lane}-${i}`, lane < 3 ? ['--profile', 'local'] : [])).toBe(0)
    })
    await Promise.all(lanes)
    expect(home.run('iam', 'list-users', '--query', 'length(Users)').out).toBe('49')
  }, 60_000)
})

describe('a database that cannot be used', () => {
  test('is told in one line, by the command line and by a server', async () => {
    const home = freshHome()
    home.run('iam', 'list-users')
    const file = join(home.account, 'account.db')
    const holder = new Database(file)
    holder.run('begin immediate')
    const busy = home.run('iam', 'create-user', '--user-name', 'ana')
    expect(busy.err).toBe(`aws: [ERROR]: the local AWS's database ${file} is in use by another program`)
    holder.run('rollback')
    holder.close()
    expect(home.run('iam', 'create-user', '--user-name', 'ana').code).toBe(0)
    for (const extra of ['-wal', '-shm']) rmSync(file + extra, { force: true })
    writeFileSync(file, 'no database at all, but long enough to be looked at. '.repeat(40))
    const told = `aws: [ERROR]: the local AWS's database ${file} is damaged: virga local reset moves it away and makes a new one`
    expect(home.run('iam', 'list-users').err).toBe(told)
    expect(home.run('local', 'start', '--port', '0').err).toBe(told)
    expect(home.run('local', 'snapshot', 'x').err).toBe(told)
  }, 30_000)
})

describe('the memory store', () => {
  test('does on Node what it does on Bun', async () => {
    const folder = scratch('node-store')
    folders.push(folder)
    const entry = join(folder, 'entry.ts')
    writeFileSync(
      entry,
      `import { test } from 'node:test'
       import { memoryStore } from ${JSON.stringify(join(root, 'src/local/store/memory.ts'))}
       import { storeSuite } from ${JSON.stringify(join(root, 'src/local/store/suite.fixture.ts'))}
       storeSuite('memory', test, async (now) => memoryStore(now))`,
    )
    const built = await Bun.build({
      entrypoints: [entry],
      target: 'node',
      format: 'esm',
      outdir: folder,
      naming: 'suite.mjs',
    })
    expect(built.success).toBe(true)
    const { exitCode, stdout } = Bun.spawnSync(['node', '--test', join(folder, 'suite.mjs')])
    expect([exitCode, Number(/^# pass (\d+)/m.exec(stdout.toString())?.[1]) > 15]).toEqual([0, true])
  }, 30_000)
})

test('eight kills under load lose nothing (npm run torture: two hundred)', () => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([process.execPath, 'scripts/torture.ts', '--kills', '8'], {
    cwd: root,
  })
  const told = stdout.toString().trim()
  console.log(told.split('\n').at(-1))
  expect([exitCode, stderr.toString()]).toEqual([0, ''])
  expect(told).toMatch(/8 kills, \d+ acknowledged writes, 0 faults; \d+ orphans at the most, 0 after the grace/)
}, 120_000)
