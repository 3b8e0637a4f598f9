// How a server is started, reached, asked for its variables and ended: the program itself.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { freshHome, start, started, tidyUp, virga } from './program.fixture.ts'

afterAll(tidyUp)

/** What `virga local env --format json` says, for the environment of another program. */
function variables(home: string): Record<string, string> {
  return JSON.parse(virga(home, 'local env --format json').out)
}

const identity = 'sts get-caller-identity --query Arn --output text'

describe('TLS', () => {
  test('with a certificate made on request, which only the owner can read', async () => {
    const home = freshHome()
    const address = await start(home, ' --tls --allow-host aws.example.com,10.0.0.7')
    expect(address).toStartWith('https://127.0.0.1:')
    const given = variables(home)
    const folder = join(home, '.virga', 'local', 'tls')
    expect(given['AWS_CA_BUNDLE']).toBe(join(folder, 'ca.pem'))
    for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(virga(home, identity, given)).toMatchObject({ code: 0, out: 'arn:aws:iam::123456789012:user/admin\n' })
    expect(virga(home, 'local status').code).toBe(0)
    // A server that is not trusted is not spoken to.
    const { AWS_CA_BUNDLE: _one, NODE_EXTRA_CA_CERTS: _other, ...untrusting } = given
    expect(virga(home, `${identity} --cli-connect-timeout 5`, { ...untrusting, AWS_MAX_ATTEMPTS: '1' }).code).not.toBe(
      0,
    )
    const before = readFileSync(join(folder, 'server.pem'), 'utf8')
    const authority = readFileSync(join(folder, 'ca.pem'), 'utf8')
    expect(virga(home, 'local stop').code).toBe(0)

    // The authority stays, and the certificate as long as it names all that is asked.
    await start(home, ' --tls --allow-host aws.example.com')
    expect(readFileSync(join(folder, 'server.pem'), 'utf8')).toBe(before)
    expect(virga(home, 'local stop').code).toBe(0)
    await start(home, ' --tls --allow-host other.example.com')
    expect(readFileSync(join(folder, 'server.pem'), 'utf8')).not.toBe(before)
    expect(readFileSync(join(folder, 'ca.pem'), 'utf8')).toBe(authority)
  }, 60_000)
})

test('a socket file, which goes with the server', async () => {
  const home = freshHome()
  const path = join(home, 'virga.sock')
  const { address } = await started(home, `--unix ${path}`)
  expect(address).toBe(path)
  const health = await fetch('http://localhost/_virga/health', { unix: path })
  expect(await health.json()).toMatchObject({ status: 'running' })
  expect(virga(home, 'local status').out).toContain(`at ${path} since`)
  expect(virga(home, 'local env').err).toContain(`the server is at the socket ${path}`)
  expect(virga(home, 'local stop').out).toBe('stopped\n')
  expect(existsSync(path)).toBe(false)
}, 60_000)

describe('variables for other tools', () => {
  const home = freshHome()
  const server = start(home)

  test.each([
    ['sh', /^export AWS_ENDPOINT_URL='http:[^]*\nunset AWS_SESSION_TOKEN AWS_PROFILE\n$/],
    ['fish', /^set -gx AWS_ENDPOINT_URL 'http:[^]*\nset -e AWS_SESSION_TOKEN AWS_PROFILE\n$/],
    ['powershell', /^\$env:AWS_ENDPOINT_URL = 'http:[^]*\nRemove-Item Env:AWS_SESSION_TOKEN,Env:AWS_PROFILE /],
    ['dotenv', /^AWS_ENDPOINT_URL="http:[^"]*"\nAWS_ACCESS_KEY_ID="AKIA[A-Z0-9]{16}"\n/],
    ['github', /^AWS_ENDPOINT_URL=http:\S*\nAWS_ACCESS_KEY_ID=AKIA[A-Z0-9]{16}\n/],
  ])('for %s', async (format, text) => {
    await server
    const told = virga(home, `local env --format ${format}`)
    expect(told.err).toBe('')
    expect(told.out).toMatch(text)
  })

  test('as JSON, with which a program can be started', async () => {
    await server
    expect(virga(home, identity, variables(home)).out).toBe('arn:aws:iam::123456789012:user/admin\n')
    expect(virga(home, 'local env --format csh').err).toContain('--format must be one of sh, fish, powershell, ')
  })
})

describe('keys that set-ups bring', () => {
  const dummy = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' }

  test('are refused, unless it was asked for', async () => {
    const home = freshHome()
    const AWS_ENDPOINT_URL = await start(home)
    expect(virga(home, identity, { ...dummy, AWS_ENDPOINT_URL }).err).toContain('InvalidClientTokenId')
  }, 60_000)

  test('any, as with LocalStack: root, with nobody else in the account, and permissions still hold', async () => {
    const home = freshHome()
    const AWS_ENDPOINT_URL = await start(home, ' --localstack')
    const as = (keys: object, typed: string) => virga(home, typed, { ...dummy, AWS_ENDPOINT_URL, ...keys })
    expect(as({}, identity).out).toBe('arn:aws:iam::000000000000:root\n')
    expect(as({ AWS_SESSION_TOKEN: 'testing' }, identity).out).toBe('arn:aws:iam::000000000000:root\n')
    expect(as({ AWS_ACCESS_KEY_ID: '111122223333' }, identity).out).toBe('arn:aws:iam::111122223333:root\n')
    expect(as({}, 'iam list-users --query Users').out.trim()).toBe('[]')
    expect(variables(home)).toMatchObject({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' })
    // Keys that the account gave are proved, and bound by their policies.
    as({}, 'iam create-user --user-name ana')
    const { AccessKey } = JSON.parse(as({}, 'iam create-access-key --user-name ana').out)
    const own = { AWS_ACCESS_KEY_ID: AccessKey.AccessKeyId, AWS_SECRET_ACCESS_KEY: AccessKey.SecretAccessKey }
    expect(as(own, identity).out).toBe('arn:aws:iam::000000000000:user/ana\n')
    expect(as(own, 'iam list-users').err).toContain('AccessDenied')
    expect(as({ ...own, AWS_SECRET_ACCESS_KEY: 'wrong' }, identity).err).toContain('SignatureDoesNotMatch')
    // A role is assumed, though root may not.
    const trust =
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"000000000000"},"Action":"sts:AssumeRole"}]}'
    expect(as({}, `iam create-role --role-name r --assume-role-policy-document ${trust}`).code).toBe(0)
    const assumed = as({}, 'sts assume-role --role-arn arn:aws:iam::000000000000:role/r --role-session-name me')
    expect(assumed).toMatchObject({ code: 0, err: '' })
  }, 60_000)

  test('one, which is proved', async () => {
    const home = freshHome()
    const AWS_ENDPOINT_URL = await start(home, ' --access-key test --secret-key sesame --account 999900001111')
    const as = (secret: string) => virga(home, identity, { ...dummy, AWS_SECRET_ACCESS_KEY: secret, AWS_ENDPOINT_URL })
    expect(as('sesame').out).toBe('arn:aws:iam::999900001111:root\n')
    expect(as('open').err).toContain('SignatureDoesNotMatch')
    expect(variables(home)).toMatchObject({ AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'sesame' })
    virga(home, 'local stop')
    // It was the server's, and not the account's.
    const later = { ...dummy, AWS_SECRET_ACCESS_KEY: 'sesame', AWS_ENDPOINT_URL: await start(home) }
    expect(virga(home, identity, later).err).toContain('InvalidClientTokenId')
  }, 60_000)

  test.each([
    ['--access-key test', '--access-key and --secret-key belong together'],
    ['--account 12', '--account must be 12 digits, not 12'],
    ['--account 123456789012', '--account says whose --accept-any-key or --access-key is'],
    ['--unix s --port 1', '--unix stands for itself: give no --port and no --host with it'],
    ['--log xml', '--log must be json, text or none, not xml'],
    ['now', 'start takes options only, not now'],
  ])('%s is refused', (options, message) => {
    const { code, err } = virga(freshHome(), `local start ${options}`)
    expect(code).toBeGreaterThan(0)
    expect(err).toContain(message)
  })
})

test('logs as lines of JSON, without what was sent', async () => {
  const home = freshHome()
  const { server } = await started(home, '--port 0 --log json')
  virga(home, 'iam create-user --user-name secret-name', variables(home))
  server.kill('SIGTERM')
  expect(await server.exited).toBe(0)
  const lines = (await new Response(server.stderr).text())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(lines[0]).toMatchObject({ level: 'info', address: expect.stringMatching(/^http:/) })
  expect(lines).toContainEqual(expect.objectContaining({ message: 'Ready.' }))
  expect(lines.at(-1)).toMatchObject({
    level: 'info',
    service: 'iam',
    operation: 'CreateUser',
    status: 200,
    principal: 'arn:aws:iam::123456789012:user/admin',
  })
  expect(JSON.stringify(lines.at(-1))).not.toContain('secret-name')
}, 60_000)

test('what is in flight is finished before the end', async () => {
  const home = freshHome()
  const { address, server } = await started(home, '--port 0')
  await fetch(`${address}/_virga/faults`, { method: 'POST', body: '{"kind":"latency","milliseconds":1500}' })
  const child = Bun.spawn(
    [process.execPath, join(import.meta.dirname, '..', '..', 'main.ts'), ...identity.split(' ')],
    {
      env: { PATH: process.env.PATH!, HOME: home, ...variables(home) },
      stdout: 'pipe',
    },
  )
  const underWay = async (): Promise<boolean> => {
    const { faults } = (await (await fetch(`${address}/_virga/faults`)).json()) as { faults: unknown[] }
    return faults.length > 0
  }
  while (!(await underWay())) await Bun.sleep(10)
  await Bun.sleep(600)
  server.kill('SIGTERM')
  expect(await new Response(child.stdout).text()).toBe('arn:aws:iam::123456789012:user/admin\n')
  expect(await server.exited).toBe(0)
}, 60_000)

test('a connection that is lost on purpose: the client tries again', async () => {
  const home = freshHome()
  const address = await start(home)
  const fault = (rule: object) => fetch(`${address}/_virga/faults`, { method: 'POST', body: JSON.stringify(rule) })
  for (const kind of ['drop', 'drop-answer']) await fault({ kind, service: 'sts', times: 1 })
  expect(virga(home, identity, variables(home))).toMatchObject({ code: 0, err: '' })
  await fault({ kind: 'drop', service: 'sts' })
  expect(virga(home, identity, { ...variables(home), AWS_MAX_ATTEMPTS: '1' }).err).toContain('Connection')
  expect(virga(home, 'local faults clear').out).toBe('cleared\n')
  expect(virga(home, identity, variables(home)).code).toBe(0)
  expect(virga(home, 'local trail --service sts').out).toContain('[fault 1: drop]')
}, 60_000)

test('a port that is taken', async () => {
  const other = createServer()
  await new Promise<void>((listening) => other.listen(0, '127.0.0.1', listening))
  const { port } = other.address() as { port: number }
  const { code, err } = virga(freshHome(), `local start --port ${port}`)
  other.close()
  expect(code).toBe(255)
  expect(err).toContain(`port ${port} of 127.0.0.1 is taken; choose another: virga local start --port 0`)
})
