import { afterAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readConfiguration } from './configuration.ts'
import { explainSettings } from './explain.ts'

const home = mkdtempSync(join(tmpdir(), 'virga-explain-'))
afterAll(() => rmSync(home, { recursive: true }))
mkdirSync(join(home, '.aws'))
writeFileSync(join(home, '.aws/config'), '[default]\nregion = cfg\nmax_attempts = 5\n[profile p]\nregion = p\n')
writeFileSync(join(home, '.aws/credentials'), '[default]\nregion = cred\naws_secret_access_key = abcdefgh\n')

const surroundings = {
  env: { AWS_DEFAULT_REGION: 'def', AWS_REGION: '', AWS_ROLE_ARN: 'r' },
  home,
  clock: () => new Date(),
}

test('every source of a setting, in order, and why it counts or not', async () => {
  const [report] = explainSettings(await readConfiguration({}, surroundings), {}, 'region')
  expect(report!.value).toBe('def')
  expect(report!.sources.map(({ from, value, used, why }) => [from, value, used, why])).toEqual([
    ['env', '', false, 'it is empty'],
    ['env', 'def', true, undefined],
    ['shared-credentials-file', 'cred', false, 'AWS_DEFAULT_REGION comes first'],
    ['config-file', 'cfg', false, 'AWS_DEFAULT_REGION comes first'],
  ])
})

test.each([
  ['region', { region: 'opt' }, 'opt'],
  ['max_attempts', {}, '5'],
  ['retry_mode', {}, 'standard'],
  ['role_arn', {}, undefined],
  ['aws_secret_access_key', {}, '****************efgh'],
  ['no_such_key', {}, undefined],
])('%s with %j', async (name, given, value) => {
  expect(explainSettings(await readConfiguration(given, surroundings), given, name)[0]!.value).toBe(value as never)
})

test('all that have a value, and no secret among them', async () => {
  const reports = explainSettings(await readConfiguration({}, surroundings), {})
  expect(reports.map(({ name }) => name)).toContain('region')
  expect(reports.map(({ name }) => name)).not.toContain('role_arn')
  expect(JSON.stringify(reports)).not.toContain('abcdefgh')
})
