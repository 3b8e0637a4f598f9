// What comes of a profile: roles and their sources, login sessions, sessions with MFA, and what is kept between commands.

import { afterAll, describe, expect, test } from 'bun:test'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { utf8 } from '../../lib/bytes.ts'
import { AwsError, Failure } from '../../lib/errors.ts'
import { editIni } from '../../lib/ini.ts'
import type { IniSection } from '../../lib/ini.ts'
import type { Models } from '../../model/model.ts'
import { loadSettings } from '../config/load.ts'
import type { Surroundings } from '../settings.ts'
import { climb, contextOf, explainChain, javaOrder, refreshed } from './chain.ts'
import { dpopProof } from './login-session.ts'
import { imdsEndpoint } from './instance-metadata.ts'

const vectors = join(
  process.env['VIRGA_SHARED'] ?? join(import.meta.dir, '../../../../shared'),
  'vectors/credentials/smithy-rs',
)
const present = existsSync(vectors)
if (!present) console.log(`skipped: credential cases need ${vectors}`)
const read = (name: string): any => (present ? JSON.parse(readFileSync(join(vectors, name), 'utf8')) : {})

const root = mkdtempSync(join(tmpdir(), 'virga-profiles-'))
afterAll(() => rmSync(root, { recursive: true }))
let homes = 0

interface Called {
  operation: string
  input: any
  as?: string
}

interface Scene {
  profiles?: Record<string, IniSection>
  config?: string
  profile?: string
  env?: Record<string, string>
  now?: Date
  answer?: (called: Called) => object | Error
  ask?: Surroundings['ask']
  door?: (request: HttpRequest) => HttpResponse
  files?: Record<string, string>
}

/** A home with these profiles, and the calls that are made on the way to credentials. */
async function stage(scene: Scene, home = join(root, String(homes++))) {
  let config = scene.config ?? ''
  for (const [name, keys] of Object.entries(scene.profiles ?? {}))
    config = editIni(config, `profile ${name}`, { ...keys })
  mkdirSync(join(home, '.aws'), { recursive: true })
  writeFileSync(join(home, '.aws', 'config'), config)
  for (const [path, text] of Object.entries(scene.files ?? {})) {
    mkdirSync(join(home, path, '..'), { recursive: true })
    writeFileSync(join(home, path), text)
  }
  const called: Called[] = []
  const door = scene.door
    ? async (request: HttpRequest) => scene.door!(request)
    : () => Promise.reject(new Failure('Connection', 'nobody there'))
  const surroundings: Surroundings = {
    home,
    env: { HOME: home, ...scene.env },
    clock: () => scene.now ?? new Date('2026-01-02T03:04:05Z'),
    ask: scene.ask,
    doors: { http: door, https: door },
  }
  const given = { profile: scene.profile, region: 'eu-west-1' }
  const settings = await loadSettings({} as Models, given, surroundings)
  const call = async (
    service: string,
    operation: string,
    input: any,
    { credentials }: any,
    options: any,
  ): Promise<any> => {
    const one = { operation, input, as: credentials?.accessKeyId }
    called.push(one)
    const answer = scene.answer?.(one) ?? {
      Credentials: {
        AccessKeyId: `ASIA${called.length}`,
        SecretAccessKey: 's',
        SessionToken: 't',
        Expiration: new Date('2026-01-02T04:04:05Z'),
      },
      AssumedRoleUser: { AssumedRoleId: 'id', Arn: 'arn:aws:sts::123456789012:assumed-role/r/s' },
    }
    if (answer instanceof Error) throw answer
    options?.observe?.({ status: 200, headers: { 'x-amzn-requestid': 'rid' }, retries: 0 })
    options?.headers?.(`https://${service}.example/`)
    return answer
  }
  const context = { ...contextOf(given, settings, surroundings), call }
  return { context, called, home, settings, surroundings, given, find: () => climb(context) }
}

describe('roles', () => {
  const keys = { aws_access_key_id: 'AKIDBASE', aws_secret_access_key: 's' }
  const role = 'arn:aws:iam::123456789012:role/r'

  test('everything a profile says goes into the call', async () => {
    const profiles = {
      me: keys,
      r: { role_arn: role, source_profile: 'me', external_id: 'x', role_session_name: 'n', duration_seconds: '1800' },
    }
    const { find, called } = await stage({ profiles, profile: 'r' })
    expect(await find()).toMatchObject({ accessKeyId: 'ASIA1', accountId: '123456789012', source: 'assume-role' })
    expect(called).toEqual([
      {
        operation: 'AssumeRole',
        as: 'AKIDBASE',
        input: { RoleArn: role, RoleSessionName: 'n', ExternalId: 'x', DurationSeconds: 1800, SerialNumber: undefined },
      },
    ])
  })

  test('without a name, one with the time; a duration that is no number is passed over', async () => {
    const { find, called } = await stage({
      profiles: { me: keys, r: { role_arn: role, source_profile: 'me', duration_seconds: 'long' } },
      profile: 'r',
    })
    await find()
    expect(called[0]!.input).toMatchObject({
      RoleSessionName: 'botocore-session-1767323045',
      DurationSeconds: undefined,
    })
  })

  test('the session is kept as AWS CLI keeps it, and used again', async () => {
    const profiles = {
      me: keys,
      r: { role_arn: role, source_profile: 'me', external_id: 'ext', duration_seconds: '900' },
    }
    const first = await stage({ profiles, profile: 'r' })
    await first.find()
    // The name AWS CLI 2.36.12 gives this file.
    const path = join(first.home, '.aws/cli/cache/313ca3e63605910a0fea13733f2425bf6ade134d.json')
    expect(readFileSync(path, 'utf8')).toBe(
      '{"Credentials": {"AccessKeyId": "ASIA1", "SecretAccessKey": "s", "SessionToken": "t", ' +
        '"Expiration": "2026-01-02T04:04:05+00:00", "AccountId": "123456789012"}, ' +
        '"AssumedRoleUser": {"AssumedRoleId": "id", "Arn": "arn:aws:sts::123456789012:assumed-role/r/s"}, ' +
        '"ResponseMetadata": {"RequestId": "rid", "HTTPStatusCode": 200, "HTTPHeaders": {"x-amzn-requestid": "rid"}, "RetryAttempts": 0}}',
    )
    expect(statSync(path).mode & 0o777).toBe(0o600)

    const again = await stage({ profiles, profile: 'r', now: new Date('2026-01-02T03:49:00Z') }, first.home)
    expect(await again.find()).toMatchObject({ accessKeyId: 'ASIA1' })
    expect(again.called).toHaveLength(0)
    const late = await stage({ profiles, profile: 'r', now: new Date('2026-01-02T03:49:06Z') }, first.home)
    await late.find()
    expect(late.called).toHaveLength(1)
  })

  test('a session file that is torn counts as none', async () => {
    const { find, called, home } = await stage({
      profiles: { me: keys, r: { role_arn: role, source_profile: 'me' } },
      profile: 'r',
    })
    await find()
    const [name] = new Bun.Glob('*.json').scanSync(join(home, '.aws/cli/cache'))
    writeFileSync(join(home, '.aws/cli/cache', name!), '{"Credentials": {"Acc')
    await find()
    expect(called).toHaveLength(2)
  })

  test('many at once make one call', async () => {
    const { find, called } = await stage({
      profiles: { me: keys, r: { role_arn: role, source_profile: 'me' } },
      profile: 'r',
    })
    const found = await Promise.all([find(), find(), find(), find()])
    expect(called).toHaveLength(1)
    expect(new Set(found.map((one) => one!.accessKeyId)).size).toBe(1)
  })

  test('MFA: the code is asked for in the reference’s words', async () => {
    const prompts: unknown[] = []
    const profiles = { me: keys, r: { role_arn: role, source_profile: 'me', mfa_serial: 'arn:mfa' } }
    const ask = async (...asked: unknown[]) => (prompts.push(asked), '123456')
    const { find, called } = await stage({ profiles, profile: 'r', ask })
    await find()
    expect(prompts).toEqual([['Enter MFA code for arn:mfa: ', true]])
    expect(called[0]!.input).toMatchObject({ SerialNumber: 'arn:mfa', TokenCode: '123456' })
    const alone = await stage({ profiles, profile: 'r' })
    expect(alone.find()).rejects.toThrow('An MFA code for arn:mfa is needed, and there is no terminal to ask for it')
  })

  const refused: [string, Record<string, IniSection>, string][] = [
    [
      'two sources',
      { r: { role_arn: role, source_profile: 'me', credential_source: 'Environment' } },
      'The profile "r" contains both source_profile and credential_source.',
    ],
    [
      'no source',
      { r: { role_arn: role } },
      'Partial credentials found in assume-role, missing: source_profile or credential_source',
    ],
    [
      'an unknown place',
      { r: { role_arn: role, credential_source: 'environment' } },
      'The credential source "environment" referenced in profile "r" is not valid.',
    ],
    [
      'a source that is not there',
      { r: { role_arn: role, source_profile: 'x' } },
      'The source_profile "x" referenced in the profile "r" does not exist.',
    ],
    [
      'a source without anything',
      { r: { role_arn: role, source_profile: 'e' }, e: { region: 'x' } },
      'The source profile "e" must have credentials.',
    ],
    [
      'a circle',
      { r: { role_arn: role, source_profile: 'q' }, q: { role_arn: role, source_profile: 'r' } },
      "Infinite loop in credential configuration detected. Attempting to load from profile r which has already been visited. Visited profiles: ['r', 'q']",
    ],
    [
      'an empty environment',
      { r: { role_arn: role, credential_source: 'Environment' } },
      'Error when retrieving credentials from Environment: No credentials found in credential_source referenced in profile r',
    ],
  ]
  test.each(refused)('%s', async (_, profiles, message) =>
    expect((await stage({ profiles, profile: 'r' })).find()).rejects.toThrow(message),
  )
})

const otherwise: Record<string, string> = {
  'SSO token profile selected': 'a session alone gives a token, no credentials',
  'SSO credentials profile selected': 'its token file is not part of the case: we get as far as asking for it',
}

describe.skipIf(!present)('vendor cases: profiles and their roles', () => {
  for (const { docs, input, output } of present ? read('assume-role-tests.json') : []) {
    test(docs, async () => {
      const token = join(root, 'token.jwt')
      writeFileSync(token, 'jwt')
      const profiles = JSON.parse(JSON.stringify(input.profiles).replaceAll('/var/token.jwt', token))
      let config = ''
      for (const [name, keys] of Object.entries<any>(input.sso_sessions ?? {}))
        config = editIni(config, `sso-session ${name}`, keys)
      const door = ({ path }: HttpRequest): HttpResponse => ({
        status: 200,
        headers: {},
        body: utf8(
          path.endsWith('/role')
            ? '{"AccessKeyId":"imds","SecretAccessKey":"s","Token":"t","Expiration":"2027-01-01T00:00:00Z"}'
            : path.endsWith('security-credentials/')
              ? 'role'
              : 'token',
        ),
      })
      const noKeys = 'aws_access_key_id' in (profiles.A ?? {}) || 'role_arn' in (profiles.A ?? {}) ? door : undefined
      const outcome = await stage({ profiles, config, profile: input.selected_profile, door: noKeys })
        .then(async ({ find, called }) => ({ found: await find(), called }))
        .catch((error) => error as Error)
      if (otherwise[docs]) return console.log(`  not as the Rust SDK: ${docs}: ${otherwise[docs]}`)
      if (output.Error) return expect(outcome instanceof Error || outcome.found === undefined).toBe(true)
      if (outcome instanceof Error) throw outcome
      const [base, ...roles] = output.ProfileChain
      const calls = [...outcome.called]
      if (base.WebIdentityToken) {
        expect(calls.shift()).toMatchObject({
          operation: 'AssumeRoleWithWebIdentity',
          input: { RoleArn: base.WebIdentityToken.role_arn, WebIdentityToken: 'jwt' },
        })
      } else {
        expect(calls[0]!.as).toBe(base.NamedSource ? 'imds' : base.AccessKey.access_key_id)
      }
      expect(calls.map((one) => one.input.RoleArn)).toEqual(roles.map((one: any) => one.AssumeRole.role_arn))
      const last = roles.at(-1)?.AssumeRole
      if (last?.external_id) expect(calls.at(-1)!.input.ExternalId).toBe(last.external_id)
      if (last?.role_session_name) expect(calls.at(-1)!.input.RoleSessionName).toBe(last.role_session_name)
    })
  }
})

describe.skipIf(!present)('vendor cases: login sessions', () => {
  for (const one of present ? read('login-provider-test-cases.json') : []) {
    test(one.documentation, async () => {
      const files: Record<string, string> = {}
      for (const [name, token] of Object.entries(one.cacheContents ?? {}))
        files[`.aws/login/cache/${name}`] = JSON.stringify(token)
      const answer = (): object | Error => {
        const { response, responseCode } = one.mockApiCalls[0]
        return responseCode
          ? new AwsError('AccessDeniedException', '', { status: responseCode, detail: { error: 'TOKEN_EXPIRED' } })
          : response
      }
      const { find, called, home } = await stage({
        config: one.configContents,
        profile: 'signin',
        files,
        answer,
        now: new Date('2025-11-19T00:00:00Z'),
      })
      const found = await find().catch((error: Error) => error)
      expect(called.map(({ input }) => input)).toEqual((one.mockApiCalls ?? []).map((call: any) => call.request))
      for (const { result, ...expected } of one.outcomes) {
        if (result === 'error') expect(found).toBeInstanceOf(Failure)
        else if (result === 'credentials') {
          const { expiration, source: _, ...rest } = found as any
          expect({ ...rest, expiresAt: expiration.toISOString().replace('.000', '') }).toEqual(expected)
        } else {
          for (const [name, token] of Object.entries(expected)) {
            expect(JSON.parse(readFileSync(join(home, '.aws/login/cache', name), 'utf8'))).toEqual(token as object)
          }
        }
      }
    })
  }
})

test('the proof of a login session’s key can be checked with that key', async () => {
  const { generateKeyPairSync, createPublicKey, verify } = await import('node:crypto')
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const proof = dpopProof(privateKey, 'https://signin.example/v1/token', new Date(1000_000), 'id')
  const [header, payload, signature] = proof.split('.') as [string, string, string]
  const decoded = [header, payload].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  expect(decoded[1]).toEqual({ htm: 'POST', htu: 'https://signin.example/v1/token', iat: 1000, jti: 'id' })
  const key = createPublicKey({ key: decoded[0].jwk, format: 'jwk' })
  expect(
    verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    ),
  ).toBe(true)
})

describe.skipIf(!present)('vendor cases: where the metadata service is', () => {
  for (const {
    docs,
    env: variables,
    fs,
    endpoint_override: endpointOverride,
    mode_override: modeOverride,
    result,
  } of present ? read('imds-config/imds-endpoint-tests.json').tests : []) {
    test(docs, async () => {
      const env = { ...variables, AWS_CONFIG_FILE: undefined }
      // What the Rust SDK's builder is told outright is, for a command line, the variable.
      if (endpointOverride) env.AWS_EC2_METADATA_SERVICE_ENDPOINT = endpointOverride
      if (modeOverride) env.AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE = modeOverride
      const { settings } = await stage({ config: Object.values<string>(fs)[0], env })
      const found = (() => {
        try {
          return imdsEndpoint(settings.configuration!).replace(/\/?$/, '/latest/api/token')
        } catch (error) {
          return error
        }
      })()
      if (typeof result.Ok === 'string') expect(found).toBe(result.Ok)
      else expect(found).toBeInstanceOf(Failure)
    })
  }
})

describe('sessions with MFA for plain keys', () => {
  const me = { aws_access_key_id: 'AKID', aws_secret_access_key: 's', mfa_serial: 'arn:mfa', mfa_session: 'true' }
  test('are made, and kept', async () => {
    const scene: Scene = { profiles: { me }, profile: 'me', ask: async () => '123456' }
    const { find, called, home } = await stage(scene)
    expect(await find()).toMatchObject({ accessKeyId: 'ASIA1', source: 'mfa-session' })
    expect(called).toEqual([
      { operation: 'GetSessionToken', as: 'AKID', input: { SerialNumber: 'arn:mfa', TokenCode: '123456' } },
    ])
    const again = await stage({ ...scene, ask: undefined }, home)
    expect(await again.find()).toMatchObject({ accessKeyId: 'ASIA1' })
  })
  test('only where the profile asks for them', async () => {
    const { find, called } = await stage({ profiles: { me: { ...me, mfa_session: 'false' } }, profile: 'me' })
    expect(await find()).toMatchObject({ accessKeyId: 'AKID', source: 'config-file' })
    expect(called).toEqual([])
  })
  test('with the code of a program', async () => {
    const { find, called } = await stage({ profiles: { me: { ...me, mfa_process: 'echo 654321' } }, profile: 'me' })
    await find()
    expect(called[0]!.input.TokenCode).toBe('654321')
  })
})

describe('a program that prints credentials', () => {
  const run = async (command: string) =>
    (await stage({ profiles: { p: { credential_process: command, aws_account_id: '42' } }, profile: 'p' })).find()
  const printed = (fields: object) =>
    `printf %s '${JSON.stringify({ Version: 1, AccessKeyId: 'A', SecretAccessKey: 'S', ...fields })}'`

  test('is heard', async () =>
    expect(await run(printed({ SessionToken: 'T', Expiration: '2026-01-03T00:00:00Z' }))).toEqual({
      accessKeyId: 'A',
      secretAccessKey: 'S',
      sessionToken: 'T',
      expiration: new Date('2026-01-03T00:00:00Z'),
      accountId: '42',
      source: 'custom-process',
    }))
  const refused: [string, string, RegExp][] = [
    [
      'that fails',
      `sh -c 'echo SECRET; echo why >&2; exit 3'`,
      /^Error when retrieving credentials from custom-process: why\n$/,
    ],
    ['that is not there', '/nowhere/at/all', /No such file or directory: '\/nowhere\/at\/all'/],
    [
      'that prints no JSON',
      'echo SECRET',
      /^Error when retrieving credentials from custom-process: the program did not print a JSON object$/,
    ],
    [
      'of another version',
      printed({ Version: 2 }),
      /Unsupported version '2' for credential process provider, supported versions: 1/,
    ],
    [
      'without a secret',
      printed({ SecretAccessKey: undefined }),
      /Missing required key in response: 'SecretAccessKey'/,
    ],
    ['whose credentials have ended', printed({ Expiration: '2020-01-01T00:00:00Z' }), /still expired/],
    ['with an open quotation', `echo "x`, /No closing quotation/],
  ]
  test.each(refused)('%s', async (_, command, message) => {
    const error = await run(command).then(
      () => undefined,
      (failure: Error) => failure,
    )
    expect(error?.message).toMatch(message)
    expect(error?.message).not.toContain('SECRET')
  })
})

describe('explainChain', () => {
  test('every rung says what it looked for, and what hides what', async () => {
    const { given, settings, surroundings } = await stage({
      config: '[default]\naws_access_key_id = CFG\naws_secret_access_key = s\n',
      env: { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's', AWS_EC2_METADATA_DISABLED: 'true' },
    })
    const reports = await explainChain(given, settings, surroundings)
    expect(reports.map(({ rung }) => rung)).toEqual([
      'env',
      'assume-role',
      'assume-role-with-web-identity',
      'sso',
      'mfa-session',
      'shared-credentials-file',
      'login',
      'custom-process',
      'config-file',
      'container-role',
      'iam-role',
    ])
    expect(reports.filter(({ found }) => found).map(({ rung, used, why }) => [rung, used, why])).toEqual([
      ['env', true, 'found'],
      ['config-file', false, 'not reached: env comes first'],
    ])
    expect(reports.every(({ why }) => why !== '')).toBe(true)
  })
  test('a named profile sets the environment aside', async () => {
    const { find, given, settings, surroundings } = await stage({
      profiles: { p: { aws_access_key_id: 'P', aws_secret_access_key: 's' } },
      profile: 'p',
      env: { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' },
    })
    expect(await find()).toMatchObject({ accessKeyId: 'P' })
    expect((await explainChain(given, settings, surroundings))[0]!.why).toContain('was named outright')
  })
})

test('in the Java SDK’s order the environment counts even beside a named profile', async () => {
  const { settings, surroundings } = await stage({
    profiles: { p: { aws_access_key_id: 'P', aws_secret_access_key: 's' } },
    env: { AWS_ACCESS_KEY_ID: 'ENV', AWS_SECRET_ACCESS_KEY: 's' },
  })
  const found = async (chain: 'java' | 'aws-cli') => {
    const given = { profile: 'p', chain }
    return (await loadSettings(settings.models, given, surroundings)).credentials(undefined as never)
  }
  expect(await found('java')).toMatchObject({ accessKeyId: 'ENV' })
  expect(await found('aws-cli')).toMatchObject({ accessKeyId: 'P' })
  expect(
    javaOrder()
      .map(({ name }) => name)
      .slice(0, 4),
  ).toEqual(['env', 'assume-role-with-web-identity', 'assume-role', 'sso'])
})

test('what is held is renewed ahead of its end, once for many callers, and a failure is passed over while there is time', async () => {
  let now = 0
  let made = 0
  let broken = false
  const minute = 60_000
  const find = refreshed(
    async () => {
      made++
      if (broken) throw new Failure('CredentialRetrieval', 'down')
      return { accessKeyId: `K${made}`, secretAccessKey: 's', expiration: new Date(now + 60 * minute) }
    },
    () => new Date(now),
  )
  const [one, two] = await Promise.all([find(), find()])
  expect([one!.accessKeyId, two!.accessKeyId, made]).toEqual(['K1', 'K1', 1])
  now = 44 * minute
  expect((await find())!.accessKeyId).toBe('K1')
  now = 46 * minute
  broken = true
  expect((await find())!.accessKeyId).toBe('K1')
  now = 51 * minute
  expect(find()).rejects.toThrow('down')
  broken = false
  expect((await find())!.accessKeyId).toMatch(/^K[^1]/)
})
