// Bad input to the built binary: one clear line on stderr, the reference's exit code, no stack trace, nothing half-written.

import { Database } from 'bun:sqlite'
import { describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'
import { scratch } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')

interface Case {
  name: string
  words: string[]
  env?: Record<string, string>
  /** Files of the home directory. */
  files?: Record<string, string>
  code: number
  says: RegExp
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret', AWS_REGION: 'us-east-1' }
const table: Case[] = [
  { name: 'an unknown service', words: ['nonsense'], code: 252, says: /Found invalid choice 'nonsense'/ },
  { name: 'a misspelt service', words: ['ecs2'], code: 252, says: /invalid choice/ },
  {
    name: 'an unknown operation',
    words: ['sts', 'get-nonsense'],
    code: 252,
    says: /Found invalid choice 'get-nonsense'/,
  },
  {
    name: 'an unknown option',
    words: ['sts', 'get-caller-identity', '--nonsense', 'x'],
    code: 252,
    says: /Unknown options: --nonsense, x/,
  },
  {
    name: 'a missing option',
    words: ['iam', 'create-user'],
    code: 252,
    says: /the following arguments are required: --user-name/,
  },
  {
    name: 'an unknown member',
    words: ['iam', 'create-user', '--cli-input-json', '{"UserName":"a","Nonsense":1}'],
    code: 252,
    says: /Unknown parameter in input: "Nonsense", must be one of: /,
  },
  {
    name: 'malformed JSON',
    words: ['iam', 'create-user', '--cli-input-json', '{"UserName":'],
    code: 252,
    says: /Invalid JSON/,
  },
  {
    name: 'malformed shorthand',
    words: ['iam', 'create-user', '--user-name', 'a', '--tags', 'Key'],
    code: 252,
    says: /Expected: '=', received: 'EOF' for input:/,
  },
  {
    name: 'a file that is not there',
    words: ['iam', 'create-user', '--user-name', 'file:///nowhere'],
    code: 252,
    says: /Unable to load paramfile file:\/\/\/nowhere/,
  },
  {
    name: 'a bad query',
    words: ['sts', 'get-caller-identity', '--query', 'a['],
    code: 252,
    says: /Bad value for --query a\[/,
  },
  {
    name: 'an endpoint without a scheme',
    words: ['sts', 'get-caller-identity', '--endpoint-url', 'localhost'],
    code: 252,
    says: /scheme is missing/,
  },
  {
    name: 'an unknown output',
    words: ['sts', 'get-caller-identity', '--output', 'xml'],
    code: 252,
    says: /Found invalid choice 'xml'/,
  },
  {
    name: 'an unknown profile',
    words: ['sts', 'get-caller-identity', '--profile', 'nobody'],
    code: 255,
    says: /The config profile \(nobody\) could not be found/,
  },
  {
    name: 'no credentials',
    words: ['iam', 'list-users'],
    env: { AWS_ACCESS_KEY_ID: '' },
    code: 253,
    says: /Unable to locate credentials/,
  },
  {
    name: 'no region',
    words: ['ec2', 'describe-vpcs'],
    env: { AWS_REGION: '' },
    code: 253,
    says: /You must specify a region/,
  },
  {
    name: 'a malformed config file',
    words: ['sts', 'get-caller-identity'],
    files: { '.aws/config': '[default\nregion=x\n' },
    code: 255,
    says: /Unable to parse config file: .*\.aws\/config/,
  },
  {
    name: 'a malformed credentials file',
    words: ['sts', 'get-caller-identity'],
    files: { '.aws/credentials': 'no section\n' },
    code: 255,
    says: /Unable to parse config file: .*\.aws\/credentials/,
  },
  {
    name: 'a CA bundle that is not there',
    words: ['sts', 'get-caller-identity', '--ca-bundle', '/nowhere.pem'],
    code: 255,
    says: /nowhere\.pem|No such file/,
  },
  {
    name: 'a model file that is no model file',
    words: ['sts', 'get-caller-identity'],
    env: { VIRGA_MODELS: '/etc/hostname' },
    code: 255,
    says: /\/etc\/hostname: it is not a compiled model file/,
  },
  {
    name: 'a model file that is not there',
    words: ['sts', 'get-caller-identity'],
    env: { VIRGA_MODELS: '/nowhere.bin' },
    code: 255,
    says: /\/nowhere\.bin/,
  },
  {
    name: 'a raw model that is no JSON',
    words: ['mine', 'do-it'],
    files: { '.aws/models/mine/2020-01-01/service-2.json': '{"metadata":' },
    code: 255,
    says: /\.aws\/models\/mine\/2020-01-01\/service-2\.json/,
  },
  {
    name: 'nobody listens',
    words: ['sts', 'get-caller-identity', '--endpoint-url', 'http://127.0.0.1:1'],
    env: { AWS_MAX_ATTEMPTS: '1' },
    code: 255,
    says: /Could not connect to the endpoint URL: "http:\/\/127\.0\.0\.1:1\/"/,
  },
  { name: 'an unknown local command', words: ['local', 'nonsense'], code: 252, says: /nonsense/ },
  {
    name: 'a seed that is not there',
    words: ['local', 'start', '--port', '0', '--seed', '/nowhere.json'],
    code: 253,
    says: /\/nowhere\.json/,
  },
  { name: 'a port that is none', words: ['local', 'start', '--port', 'x'], code: 252, says: /port/ },
]

function run(home: string, words: readonly string[], env: Record<string, string> = {}) {
  const done = Bun.spawnSync([virga, ...words], {
    env: {
      PATH: process.env.PATH ?? '',
      HOME: home,
      VIRGA_HOME: join(home, '.virga'),
      AWS_EC2_METADATA_DISABLED: 'true',
      ...keys,
      ...env,
    },
    stdin: 'ignore',
    timeout: 20_000,
  })
  return { code: done.exitCode, out: done.stdout.toString(), err: done.stderr.toString() }
}

/** One message, and the usage the reference prints behind it where there is one: no stack, no source line of ours. */
function isClear(err: string): void {
  expect(err).not.toMatch(/\n\s+at |\$bunfs|\.ts:\d|TypeError|undefined is not|panic/)
  expect(
    err
      .trim()
      .split('\n')
      .filter((line) => line.startsWith('aws: [ERROR]')).length,
  ).toBeLessThanOrEqual(1)
  expect(err.trim()).not.toBe('')
}

describe('bad input', () => {
  for (const { name, words, env, files, code, says } of table) {
    test(name, () => {
      const home = scratch('bad')
      for (const [path, content] of Object.entries(files ?? {})) {
        mkdirSync(dirname(join(home, path)), { recursive: true })
        writeFileSync(join(home, path), content)
      }
      const done = run(home, words, env)
      expect(done.err).toMatch(says)
      expect({ code: done.code, out: done.out }).toEqual({ code, out: '' })
      isClear(done.err)
    })
  }
})

describe('a local account that cannot be opened', () => {
  function account(): { home: string; database: string } {
    const home = scratch('account')
    expect(run(home, ['iam', 'create-user', '--user-name', 'a', '--profile', 'local']).code).toBe(0)
    const found = [...new Bun.Glob('**/*.{db,sqlite}').scanSync({ cwd: home, dot: true })]
    expect(found.length).toBe(1)
    return { home, database: join(home, found[0]!) }
  }

  test('corrupt: one line naming the file, and the file is left as it was', () => {
    const { home, database } = account()
    for (const suffix of ['-wal', '-shm']) if (existsSync(database + suffix)) writeFileSync(database + suffix, '')
    writeFileSync(database, 'this is no database, but somebody may still want to look at it'.repeat(100))
    const done = run(home, ['iam', 'list-users', '--profile', 'local'])
    expect(done.code).toBe(255)
    expect(done.err).toContain(database)
    isClear(done.err)
    expect(Bun.file(database).size).toBe('this is no database, but somebody may still want to look at it'.length * 100)
  })

  test('locked by another program: one line after a short wait', () => {
    const { home, database } = account()
    const holder = new Database(database)
    holder.exec('BEGIN EXCLUSIVE')
    try {
      const done = run(home, ['iam', 'create-user', '--user-name', 'b', '--profile', 'local'])
      expect(done.code).toBe(255)
      isClear(done.err)
      expect(done.err).toMatch(/locked|busy|in use/)
    } finally {
      holder.exec('ROLLBACK')
      holder.close()
    }
    expect(run(home, ['iam', 'create-user', '--user-name', 'b', '--profile', 'local']).code).toBe(0)
  }, 30_000)

  test('a folder that cannot be written', () => {
    const home = scratch('folder')
    writeFileSync(join(home, '.virga'), 'a file where the folder should be')
    const done = run(home, ['iam', 'list-users', '--profile', 'local'])
    expect(done.code).toBe(253)
    isClear(done.err)
    expect(readdirSync(home)).toContain('.virga')
  })
})

test.skipIf(!existsSync(virga))('without HOME the system knows whose home it is', () => {
  const { stdout } = Bun.spawnSync([virga, 'explain', 'config', 'region'], { env: {} })
  expect(stdout.toString()).toContain(` ${join(userInfo().homedir, '.aws', 'config')} `)
})
