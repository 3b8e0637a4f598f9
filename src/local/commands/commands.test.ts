// `virga local …` as it is typed: the program itself, in a scratch home.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { freshHome, start, tidyUp, virga } from './program.fixture.ts'

afterAll(tidyUp)

describe('a server', () => {
  test('starts, is known, serves what the process sees too, and stops', async () => {
    const home = freshHome()
    expect(virga(home, 'local status')).toMatchObject({ code: 1, out: 'not running\n' })
    const address = await start(home)
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(virga(home, 'local status').out).toStartWith(`serving ${join(home, '.virga', 'local')} at ${address}`)

    const exports = virga(home, 'local env').out
    expect(exports).toStartWith(`export AWS_ENDPOINT_URL='${address}'\n`)
    const keys = Object.fromEntries(
      Array.from(exports.matchAll(/export (\w+)='(.*)'/g), ([, name, value]) => [name!, value!]),
    )
    expect(virga(home, 'iam create-user --user-name ana', keys)).toMatchObject({ code: 0, err: '' })
    expect(virga(home, 'iam list-users --profile local --query Users[].UserName --output text').out).toBe(
      'admin\tana\n',
    )

    const second = virga(home, 'local start --port 0')
    expect([second.code, second.err.trim()]).toEqual([
      255,
      `aws: [ERROR]: a server of this account already runs at ${address}`,
    ])

    const reset = await fetch(`${address}/_virga/reset`, { method: 'POST' })
    expect(await reset.json()).toEqual({ reset: true })
    expect(virga(home, 'iam list-users --query Users[].UserName --output text', keys).out).toBe('admin\n')

    expect(virga(home, 'local stop')).toMatchObject({ code: 0, out: 'stopped\n' })
    expect(existsSync(join(home, '.virga', 'local', 'server.json'))).toBe(false)
    expect(virga(home, 'local env')).toMatchObject({ code: 255, out: '' })
  }, 60_000)

  test('takes accounts and keys from a seed, and refuses web pages', async () => {
    const home = freshHome()
    const seed = join(home, 'seed.json')
    writeFileSync(
      seed,
      '{"accounts": [{"id": "111122223333", "root": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "secretAccessKey": "wJalr"}}]}',
    )
    const address = await start(home, ` --seed ${seed}`)
    const keys = {
      AWS_ENDPOINT_URL: address,
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'wJalr',
      AWS_REGION: 'eu-west-1',
    }
    expect(JSON.parse(virga(home, 'sts get-caller-identity', keys).out)).toEqual({
      UserId: '111122223333',
      Account: '111122223333',
      Arn: 'arn:aws:iam::111122223333:root',
    })
    for (const path of ['/_virga/health', '/_virga/reset', '/']) {
      expect((await fetch(address + path, { method: 'POST', headers: { origin: 'http://evil.com' } })).status).toBe(403)
      expect((await fetch(address + path, { headers: { host: 'evil.com' } })).status).toBe(403)
    }
    expect((await fetch(`${address}/_virga/other`)).status).toBe(404)
  }, 60_000)
})

describe('what goes wrong is told in one line', () => {
  test.each<[string, string]>([
    ['local dance', 'virga local has no command "dance" (it has start, stop, status, '],
    ['local start --prt 1', 'unknown option --prt (known: --port, --host, --unix, --tls,'],
    ['local start --port x', '--port must be 0 to 65535, not x'],
    ['local start --port', '--port needs a value'],
    ['local start --seed /none/seed.json', 'seed file /none/seed.json does not exist'],
    ['local start --host 203.0.113.9 --port 0', 'cannot listen at 203.0.113.9 port 0'],
  ])('%s', (typed, message) => {
    const { code, out, err } = virga(freshHome(), typed)
    expect(code).toBeGreaterThan(0)
    expect(out).toBe('')
    expect(err).toContain(message)
    expect(err).not.toMatch(/\n\s+at /)
  })

  test('a damaged database', () => {
    const home = freshHome()
    expect(virga(home, 'sts get-caller-identity --profile local').code).toBe(0)
    const file = join(home, '.virga', 'local', 'account.db')
    writeFileSync(file, 'no database '.repeat(1000))
    writeFileSync(`${file}-wal`, '')
    const { code, err } = virga(home, 'sts get-caller-identity --profile local')
    expect([code, err.trim()]).toEqual([
      255,
      `aws: [ERROR]: the local AWS's database ${file} is damaged: virga local reset moves it away and makes a new one`,
    ])
    const reset = virga(home, 'local reset')
    expect(reset).toMatchObject({
      code: 0,
      out: expect.stringMatching(/the damaged database is now .*account\.db\.damaged-\d+\n/),
    })
    expect(virga(home, 'sts get-caller-identity --profile local').code).toBe(0)
  }, 30_000)
})

test('the account is private, and made by the first command', () => {
  const home = freshHome()
  virga(home, 'sts get-caller-identity --profile local')
  const folder = join(home, '.virga', 'local')
  expect(statSync(folder).mode & 0o777).toBe(0o700)
  for (const file of ['seed.json', 'account.db']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
})

test('the tour goes to its end, and leaves nothing behind', () => {
  const home = freshHome()
  const folder = join(home, 'tmp')
  mkdirSync(folder)
  const { code, out, err } = virga(home, 'local tour', {
    TMPDIR: folder,
    AWS_PROFILE: 'nobody',
    AWS_ACCESS_KEY_ID: 'not used',
  })
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain('user/ana is not authorized to perform: iam:ListUsers')
  expect(out).toContain('notes/hello.txt')
  expect(out).toContain('virga sts get-caller-identity --profile local\n\nFor other programs')
  expect(out).not.toMatch(/SecretAccessKey": "[^*]/)
  expect(existsSync(join(home, '.virga')) || existsSync(join(home, '.aws'))).toBe(false)
  expect(readdirSync(folder)).toEqual([])
}, 60_000)

test('coverage counts what is built', () => {
  const { out } = virga(freshHome(), 'local coverage sts')
  expect(out).toMatch(/^built {7}GetCallerIdentity +no permission$/m)
  expect(out).toMatch(/^authorized {2}GetDelegatedAccessToken +sts:GetDelegatedAccessToken$/m)
})
