// What is kept of a command when `cli_history = enabled`, and what is not.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'bun:test'
import { Database } from 'bun:sqlite'
import { builtModels, ran } from '../outside.fixture.ts'

const home = mkdtempSync(join(tmpdir(), 'virga-history-'))
afterAll(() => rmSync(home, { recursive: true }))
mkdirSync(join(home, '.aws'))
writeFileSync(join(home, '.aws', 'config'), '[default]\ncli_history = enabled\n')
const file = join(home, '.aws', 'cli', 'history', 'history.db')

const skip = builtModels() === undefined
if (skip) console.log('SKIPPED the history: no models are built: npm run models')

function events(): [string, unknown][] {
  const database = new Database(file, { readonly: true })
  const rows = database.query<{ event_type: string; payload: string }, []>('SELECT * FROM records ORDER BY rowid').all()
  database.close()
  return rows.map(({ event_type: type, payload }) => [type, JSON.parse(payload)])
}

const keys =
  '<R><AssumeRoleResult><Credentials><AccessKeyId>AK</AccessKeyId><SecretAccessKey>VERYSECRET</SecretAccessKey><SessionToken>TOKENSECRET</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></R>'

test.skipIf(skip)('a call, its request, its answer, its end; no secrets', async () => {
  const argv = ['sts', 'assume-role', '--role-arn', 'arn:aws:iam::123456789012:role/r', '--role-session-name', 'ss']
  const env = { AWS_SESSION_TOKEN: 'OWNSECRET', HOME: home }
  await ran({ argv, env, home, answers: [{ body: keys, headers: { 'content-type': 'text/xml' } }] })
  const all = events()
  expect(all.map(([type]) => type)).toEqual([
    'CLI_VERSION',
    'CLI_ARGUMENTS',
    'API_CALL',
    'HTTP_REQUEST',
    'HTTP_RESPONSE',
    'PARSED_RESPONSE',
    'CLI_RC',
  ])
  expect(all[1]![1]).toEqual(argv)
  expect(all[2]![1]).toMatchObject({ service: 'sts', operation: 'AssumeRole' })
  expect(all[6]![1]).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const text = readFileSync(file, 'latin1')
  for (const secret of ['VERYSECRET', 'TOKENSECRET', 'OWNSECRET']) expect(text).not.toContain(secret)
})

test.skipIf(skip)('looking at the history is no part of it', async () => {
  const before = events().length
  const { stdout, exit } = await ran({ argv: ['history', 'list'], home, env: { HOME: home } })
  expect([exit, stdout.includes('sts assume-role'), events().length]).toEqual([0, true, before])
})

test.skipIf(skip)('a file that cannot be written is told, and the command goes on', async () => {
  const env = { AWS_CLI_HISTORY_FILE: join(home, '.aws', 'config', 'history.db'), HOME: home }
  const { exit, stderr } = await ran({
    argv: ['sts', 'get-caller-identity'],
    home,
    env,
    answers: [{ body: '<R><GetCallerIdentityResult/></R>' }],
  })
  expect([exit, stderr]).toEqual([
    0,
    `Warning: Unable to record CLI history. Check file permissions for ${env.AWS_CLI_HISTORY_FILE}\n`,
  ])
})
