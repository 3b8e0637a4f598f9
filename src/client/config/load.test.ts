import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { editIni } from '../../lib/ini.ts'
import type { Models } from '../../model/model.ts'
import type { Given, Settings } from '../settings.ts'
import { loadSettings } from './load.ts'

const shared = join(process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../../shared'), 'vectors')
const root = mkdtempSync(join(tmpdir(), 'virga-load-'))
afterAll(() => rmSync(root, { recursive: true }))

let homes = 0
interface Scene {
  config?: string
  credentials?: string
  env?: Record<string, string>
  given?: Given
  builtInProfiles?: Record<string, () => Promise<Record<string, string>>>
}

async function load({ config, credentials, env = {}, given = {}, builtInProfiles }: Scene): Promise<Settings> {
  const home = join(root, String(homes++))
  mkdirSync(join(home, '.aws'), { recursive: true })
  if (config !== undefined) writeFileSync(join(home, '.aws', 'config'), config)
  if (credentials !== undefined) writeFileSync(join(home, '.aws', 'credentials'), credentials)
  return loadSettings({} as Models, given, { env, home, clock: () => new Date(0), builtInProfiles })
}

describe('precedence', () => {
  const config =
    '[default]\nregion = cfg\n[profile p]\nregion = p-cfg\nmax_attempts = 7\ns3 =\n  addressing_style = path\n'
  const cases: [string, Scene, (settings: Settings) => unknown, unknown][] = [
    [
      'nothing at all',
      {},
      (s) => [s.region, s.profile, s.retry.maxAttempts, s.retry.mode],
      [undefined, 'default', 3, 'standard'],
    ],
    ['the file', { config }, (s) => s.region, 'cfg'],
    ['AWS_DEFAULT_REGION over the file', { config, env: { AWS_DEFAULT_REGION: 'd' } }, (s) => s.region, 'd'],
    ['AWS_REGION over AWS_DEFAULT_REGION', { env: { AWS_DEFAULT_REGION: 'd', AWS_REGION: 'r' } }, (s) => s.region, 'r'],
    ['the option over all', { config, env: { AWS_REGION: 'r' }, given: { region: 'o' } }, (s) => s.region, 'o'],
    ['a profile by variable', { config, env: { AWS_PROFILE: 'p' } }, (s) => [s.profile, s.region], ['p', 'p-cfg']],
    [
      'AWS_PROFILE over AWS_DEFAULT_PROFILE',
      { config, env: { AWS_PROFILE: 'p', AWS_DEFAULT_PROFILE: 'x' } },
      (s) => s.profile,
      'p',
    ],
    [
      'a profile by option',
      { config, env: { AWS_PROFILE: 'nope' }, given: { profile: 'p' } },
      (s) => s.region,
      'p-cfg',
    ],
    [
      'the credentials file wins key by key',
      { config, credentials: '[p]\nregion = cred\n', given: { profile: 'p' } },
      (s) => [s.region, s.retry.maxAttempts],
      ['cred', 7],
    ],
    [
      'a profile in the credentials file only',
      { credentials: '[only]\nregion = o\n', given: { profile: 'only' } },
      (s) => s.region,
      'o',
    ],
    ['a block', { config, given: { profile: 'p' } }, (s) => s.key('s3.addressing_style'), 'path'],
    [
      'a block as a whole',
      { config, given: { profile: 'p' } },
      (s) => ({ ...(s.key('s3') as object) }),
      { addressing_style: 'path' },
    ],
    [
      'a variable over a key',
      { config, env: { AWS_MAX_ATTEMPTS: '9', AWS_PROFILE: 'p' } },
      (s) => [s.key('max_attempts'), s.retry],
      ['9', { mode: 'standard', maxAttempts: 9, chosen: true, classic: false }],
    ],
    [
      'web identity variables do not stand in for a profile’s role',
      { env: { AWS_ROLE_ARN: 'x' } },
      (s) => s.key('role_arn'),
      undefined,
    ],
    ['FIPS pseudo region', { given: { region: 'fips-us-east-1' } }, (s) => [s.region, s.useFips], ['us-east-1', true]],
    ['AWS_USE_FIPS_ENDPOINT', { env: { AWS_USE_FIPS_ENDPOINT: 'True' } }, (s) => s.useFips, true],
    ['retries of before 2026', { env: { AWS_NEW_RETRIES_2026: 'false' } }, (s) => s.retry.classic, true],
    [
      'a built-in profile',
      {
        given: { profile: 'local' },
        builtInProfiles: { local: async () => ({ region: 'l', endpoint_url: 'virga-local:' }) },
      },
      (s) => [s.region, s.endpointUrl('s3', 'S3')],
      ['l', 'virga-local:'],
    ],
    [
      'a built-in profile that a role is assumed with',
      {
        config: '[profile r]\nrole_arn = x\nsource_profile = s\n[profile s]\nrole_arn = y\nsource_profile = local\n',
        given: { profile: 'r' },
        builtInProfiles: { local: async () => ({ aws_access_key_id: 'AKID' }) },
      },
      (s) => s.configuration!.files.profiles.get('local'),
      { aws_access_key_id: 'AKID' },
    ],
    [
      'a file’s profile over a built-in one',
      {
        config: '[profile local]\nregion = mine\n',
        given: { profile: 'local' },
        builtInProfiles: { local: () => Promise.reject(new Error('asked')) },
      },
      (s) => s.region,
      'mine',
    ],
  ]
  test.each(cases)('%s', async (_, scene, see, expected) => expect(see(await load(scene))).toEqual(expected))

  test('AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE, with ~ and $VAR', async () => {
    const folder = mkdtempSync(join(root, 'elsewhere-'))
    writeFileSync(join(folder, 'c'), '[default]\nregion = there\n')
    const env = { PLACE: folder, AWS_CONFIG_FILE: '$PLACE/c', AWS_SHARED_CREDENTIALS_FILE: '~/nowhere' }
    const settings = await load({ config: '[default]\nregion = here\n', env })
    expect(settings.region).toBe('there')
    expect(settings.configuration!.files.credentialsPath).toEndWith('/nowhere')
  })
})

describe('sections', () => {
  test('profiles, sessions and services, by their names', async () => {
    const config =
      '[default]\nk=1\n[profile a]\n[profile "b c"]\n[profile x y]\n[sso-session s]\n[services v]\ns3 =\n  endpoint_url = e\n[plugins]\n[preview]\n'
    const { files } = (await load({ config, credentials: '[z]\n' })).configuration!
    expect([...files.profiles.keys()]).toEqual(['default', 'a', 'b c', 'z'])
    expect([...files.ssoSessions.keys(), ...files.services.keys(), ...files.others.keys()]).toEqual([
      's',
      'v',
      'plugins',
      'preview',
    ])
  })
  test('[profile default] after [default] takes its place', async () =>
    expect(
      (await load({ config: '[default]\nregion = a\n[profile default]\noutput = text\n' })).region,
    ).toBeUndefined())
})

describe('refusals, in the reference’s words', () => {
  const cases: [string, Scene, string, string][] = [
    ['profile by option', { given: { profile: 'x' } }, 'ProfileNotFound', 'The config profile (x) could not be found'],
    [
      'default by variable, without one',
      { env: { AWS_PROFILE: 'default' } },
      'ProfileNotFound',
      'The config profile (default) could not be found',
    ],
    ['empty AWS_PROFILE', { env: { AWS_PROFILE: '' } }, 'ProfileNotFound', 'The config profile () could not be found'],
    ['a broken file', { config: '[default]\nword' }, 'InvalidConfig', 'Unable to parse config file: HOME/.aws/config'],
    [
      'region',
      { given: { region: 'a b' } },
      'InvalidConfig',
      "Provided region_name 'a b' doesn't match a supported format.",
    ],
    [
      'max_attempts',
      { env: { AWS_MAX_ATTEMPTS: 'abc' } },
      'InvalidValue',
      "invalid literal for int() with base 10: 'abc'",
    ],
    [
      'max_attempts 0',
      { env: { AWS_MAX_ATTEMPTS: '0' } },
      'InvalidConfig',
      'Value provided to "max_attempts": 0 must be an integer greater than or equal to one.',
    ],
    [
      'retry_mode',
      { env: { AWS_RETRY_MODE: 'legacy' } },
      'InvalidConfig',
      'Invalid value provided to "mode": "legacy" must be one of: "standard" or "adaptive"',
    ],
    [
      'checksums',
      { env: { AWS_REQUEST_CHECKSUM_CALCULATION: 'xx' } },
      'InvalidConfig',
      "Unsupported configuration value for request_checksum_calculation. Expected one of ('when_supported', 'when_required') but got xx.",
    ],
    [
      'account ids',
      { env: { AWS_ACCOUNT_ID_ENDPOINT_MODE: 'xx' } },
      'InvalidConfig',
      "The configured value 'xx' for 'account_id_endpoint_mode' is invalid. Valid values are: ('preferred', 'disabled', 'required').",
    ],
  ]
  test.each(cases)('%s', async (_, scene, kind, message) => {
    const error = await load(scene).then(
      () => undefined,
      (reason) => reason,
    )
    expect({ kind: error?.kind, message: error?.message.replace(root + '/' + (homes - 1), 'HOME') }).toEqual({
      kind,
      message,
    })
  })

  test('services that are not there', async () => {
    const settings = await load({ config: '[default]\nservices = x\n' })
    expect(() => settings.endpointUrl('s3', 'S3')).toThrow(
      'The profile is configured to use the services section but the "x" services configuration does not exist.',
    )
  })
})

const vectors = join(shared, 'misc/configured-endpoint-urls-profile-tests.json')
if (!existsSync(vectors)) console.log(`skipped: no endpoint url cases at ${vectors}`)

describe.skipIf(!existsSync(vectors))('vendor cases: configured endpoint urls', () => {
  const serviceIds: Record<string, string> = { s3: 'S3', dynamodb: 'DynamoDB', kms: 'KMS' }
  for (const suite of existsSync(vectors) ? JSON.parse(readFileSync(vectors, 'utf8')).testSuites : []) {
    let config = ''
    for (const [name, keys] of Object.entries(suite.profiles)) config = editIni(config, `profile ${name}`, keys as {})
    for (const [name, keys] of Object.entries(suite.services)) config = editIni(config, `services ${name}`, keys as {})
    suite.endpointUrlTests.forEach((testCase: any, index: number) => {
      test(`${index}: ${testCase.name}`, async () => {
        const client = suite.client_configs[testCase.client_config]
        const env = { ...suite.environments[testCase.environment] }
        // A client's own switch is, for a command line, the variable.
        if (client.ignore_configured_endpoint_urls) env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS = 'true'
        const settings = await load({
          config,
          env,
          given: { profile: testCase.profile, endpointUrl: client.endpoint_url },
        })
        const expected = testCase.output.endpointUrl
        const found = settings.endpointUrl(testCase.service, serviceIds[testCase.service] ?? testCase.service)
        // Where the suite writes AWS's own endpoint, we say: none configured.
        expect(found ?? null).toBe(/\.amazonaws\.com/.test(expected ?? '') ? null : expected)
      })
    })
  }
})
