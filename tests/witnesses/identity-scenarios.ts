// Whose keys are used, asked of two programs: environment, files, options, and the services that keys come from.
//
// `{URL}` stands for the fake services, `{HOME}` for the home folder.

import type { Asked, Behaviour, Reply } from './identity-services.ts'
import { oidcError } from './identity-services.ts'

export interface Scenario {
  readonly name: string
  /** Default: `sts get-caller-identity`. */
  readonly argv?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly stdin?: string
  /** What is typed once something has been printed. */
  readonly typed?: (printed: string) => string | undefined
  readonly behaviour?: () => Behaviour
  /** What one program keeps, the other uses: it asks for no more than this, run after the first in the same home. */
  readonly kept?: readonly string[]
  /** Where this program is meant to do otherwise, and why. */
  readonly differs?: { readonly why: string; readonly in: readonly ('stdout' | 'stderr' | 'asked' | 'files')[] }
}

const config = '.aws/config'
const credentials = '.aws/credentials'

const keys = 'aws_access_key_id = AKIAFILEKEYEXAMPLE1\naws_secret_access_key = FILESECRET\n'
const mine = { [credentials]: `[default]\n${keys}` }
const inEnvironment = { AWS_ACCESS_KEY_ID: 'AKIAENVKEYEXAMPLE01', AWS_SECRET_ACCESS_KEY: 'ENVSECRET' }
const arn = (role: string): string => `arn:aws:iam::123456789012:role/${role}`

/** A config file from its sections. */
const sections = (parts: Readonly<Record<string, Readonly<Record<string, string>>>>): string =>
  Object.entries(parts)
    .map(([header, values]) => [`[${header}]`, ...Object.entries(values).map(([key, value]) => `${key} = ${value}`)])
    .flat()
    .map((line) => `${line}\n`)
    .join('')

const role = (name: string, more: Readonly<Record<string, string>>): Record<string, string> => ({
  role_arn: arn(name),
  ...more,
})
const printed = (document: unknown): string => `echo '${JSON.stringify(document)}'`
const soon = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z/, 'Z')

const metadata = { AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: '{URL}/' }
const container = { AWS_CONTAINER_CREDENTIALS_FULL_URI: '{URL}/container' }

const ssoSession = {
  sso_start_url: 'https://corp.awsapps.com/start',
  sso_region: 'us-east-1',
  sso_registration_scopes: 'sso:account:access',
}
const ssoRole = { sso_account_id: '123456789012', sso_role_name: 'Reader' }
const sso = sections({ 'profile p': { sso_session: 'corp', ...ssoRole }, 'sso-session corp': ssoSession })
const oldSso = sections({
  'profile p': { sso_start_url: ssoSession.sso_start_url, sso_region: 'us-east-1', ...ssoRole },
})
/** sha1 of `corp`, and of the start URL. */
const ssoToken = '.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json'
const oldSsoToken = '.aws/sso/cache/a51746d4aa793ae07b25e90c3a5db96fc7832bd7.json'
const registration = '.aws/sso/cache/1b56c55d6e723362537167a7f43960b8185b5a80.json'
const token = (more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    startUrl: ssoSession.sso_start_url,
    region: 'us-east-1',
    accessToken: 'OLDTOKEN',
    expiresAt: '2099-01-02T03:04:05Z',
    clientId: 'the-client',
    clientSecret: 'CLIENTSECRET',
    registrationExpiresAt: '2099-01-01T00:00:00Z',
    refreshToken: 'OLDREFRESH',
    ...more,
  })

const consoleUser = 'arn:aws:iam::123456789012:user/console'
const loginFile = '.aws/login/cache/7793a3f7daa9f66b693841f502099b250dca67e9d164a8696ae25af1317f7645.json'
const dpopKey =
  '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEINe+K3C/7bxurqqnfqSLfbEqdfYAjJFrte9OKQufo4b3oAoGCCqGSM49\n' +
  'AwEHoUQDQgAEDPfn+NFikp3S4mA4BJcNXaW006i7HPphRoiTBgtcZkl5LnH1T0+Z\nnJSD5B3hrdqBTwAoGnZ+5OV5xGp9p8Xjog==\n' +
  '-----END EC PRIVATE KEY-----\n'
const loginToken = (expiresAt: string, refreshToken = 'LOGINREFRESH'): string =>
  JSON.stringify({
    accessToken: {
      accessKeyId: 'ASIALOGINEXAMPLE001',
      secretAccessKey: 'LOGINSECRET',
      sessionToken: 'LOGINTOKEN',
      accountId: '123456789012',
      expiresAt,
    },
    tokenType: 'aws_sigv4',
    clientId: 'arn:aws:signin:::devtools/same-device',
    refreshToken,
    idToken: 'x',
    dpopKey,
  })
const login = (expiresAt: string, refreshToken?: string): Record<string, string> => ({
  [config]: sections({ default: { login_session: consoleUser } }),
  [loginFile]: loginToken(expiresAt, refreshToken),
})

const profile = (name: string, ...command: string[]): string[] => [
  ...(command.length > 0 ? command : ['sts', 'get-caller-identity']),
  '--profile',
  name,
]
const browser = { BROWSER: '{BROWSER} %s &' }
const replies =
  (path: string, reply: (asked: Asked) => Reply): (() => Behaviour) =>
  () => ({ answer: (asked) => (asked.path === path ? reply(asked) : undefined) })
const refusedAt = (path: string): (() => Behaviour) =>
  replies(path, ({ query }) => ({ status: 302, headers: { location: `${query.redirect_uri}?error=access_denied` } }))
const otherState = (path: string): (() => Behaviour) =>
  replies(path, ({ query }) => ({ status: 302, headers: { location: `${query.redirect_uri}?code=c&state=other` } }))
const ownWords = { why: 'it says more of what is wrong', in: ['stderr'] } as const
const plainPrompts = { why: 'questions are lines, not drawings', in: ['stdout', 'stderr'] } as const

export const scenarios: readonly Scenario[] = [
  // The environment.
  { name: 'keys in the environment', env: inEnvironment },
  { name: 'with a session token', env: { ...inEnvironment, AWS_SESSION_TOKEN: 'ENVTOKEN' } },
  {
    name: 'the older name of the token counts first',
    env: { ...inEnvironment, AWS_SESSION_TOKEN: 'ENVTOKEN', AWS_SECURITY_TOKEN: 'OLDERTOKEN' },
  },
  { name: 'half a key in the environment', env: { AWS_ACCESS_KEY_ID: 'AKIAENVKEYEXAMPLE01' }, files: mine },
  { name: 'an empty key in the environment', env: { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: 'x' }, files: mine },
  {
    name: 'keys in the environment that have ended',
    env: { ...inEnvironment, AWS_CREDENTIAL_EXPIRATION: '2020-01-01T00:00:00Z' },
    files: mine,
  },
  {
    name: '--profile sets the environment aside',
    argv: profile('p'),
    env: inEnvironment,
    files: { [credentials]: `[p]\n${keys}` },
  },
  {
    name: 'AWS_PROFILE does not',
    env: { ...inEnvironment, AWS_PROFILE: 'p' },
    files: { [credentials]: `[p]\n${keys}` },
  },
  { name: 'no credentials anywhere' },
  { name: 'nothing is signed', argv: ['sts', 'get-caller-identity', '--no-sign-request'], files: mine },

  // The files.
  { name: 'the credentials file', files: mine },
  { name: 'the config file', files: { [config]: `[default]\n${keys}` } },
  {
    name: 'the credentials file before the config file',
    files: { ...mine, [config]: '[default]\naws_access_key_id = AKIACONFIG\naws_secret_access_key = x\n' },
  },
  {
    name: 'a session in the credentials file',
    files: { [credentials]: `[default]\n${keys}aws_session_token = FILETOKEN\naws_security_token = OLDFILETOKEN\n` },
  },
  {
    name: 'files elsewhere',
    env: { AWS_SHARED_CREDENTIALS_FILE: '{HOME}/a/keys', AWS_CONFIG_FILE: '~/a/conf' },
    files: { 'a/keys': `[q]\n${keys}`, 'a/conf': sections({ 'profile q': { region: 'eu-west-1' } }) },
    argv: profile('q'),
  },
  { name: 'a profile that is not there', argv: profile('nope'), files: mine },
  { name: 'a profile that is not there, by variable', env: { AWS_PROFILE: 'nope' }, files: mine },
  { name: '--profile of a script that has none', argv: profile(''), files: mine },
  { name: 'AWS_DEFAULT_PROFILE', env: { AWS_DEFAULT_PROFILE: 'q' }, files: { [credentials]: `[q]\n${keys}` } },
  {
    name: 'AWS_PROFILE before AWS_DEFAULT_PROFILE',
    env: { AWS_DEFAULT_PROFILE: 'nope', AWS_PROFILE: 'q' },
    files: { [credentials]: `[q]\n${keys}` },
  },
  { name: 'a profile with a space in its name', argv: profile('a b'), files: { [config]: `[profile "a b"]\n${keys}` } },
  { name: '[profile default]', files: { [config]: `[profile default]\n${keys}` } },
  { name: 'half a key in the credentials file', files: { [credentials]: '[default]\naws_access_key_id = AKIAHALF\n' } },
  { name: 'a secret alone is no key', files: { [credentials]: '[default]\naws_secret_access_key = SECRETALONE\n' } },
  { name: 'a config file that cannot be read', files: { ...mine, [config]: '[default\nregion = x\n' } },
  { name: 'a section twice', files: { ...mine, [config]: '[default]\nregion = a\n[default]\nregion = b\n' } },
  { name: 'a size that is none', env: { AWS_REQUEST_MIN_COMPRESSION_SIZE_BYTES: '0' }, files: mine },
  {
    name: 'a size that is no number',
    files: { ...mine, [config]: sections({ default: { request_min_compression_size_bytes: 'x' } }) },
  },
  {
    name: 'an addressing style nobody knows',
    argv: ['s3api', 'list-buckets'],
    files: { ...mine, [config]: '[default]\ns3 =\n  addressing_style = x\n' },
  },
  {
    name: 'keys with blanks, tabs and comments around them',
    files: {
      [credentials]: '# mine\n[default]  \n\taws_access_key_id\t=\tAKIAX\n; theirs\naws_secret_access_key: a#b;c="d"\n',
    },
  },
  {
    name: 'keys of any case',
    files: { [credentials]: '[default]\nAWS_ACCESS_KEY_ID = AKIAX\nAws_Secret_Access_Key = S\n' },
  },
  { name: 'a key twice', files: { [credentials]: `[default]\n${keys}${keys}` } },
  { name: 'lines that end as on Windows', files: { [credentials]: `[default]\r\n${keys.replaceAll('\n', '\r\n')}` } },
  { name: 'a config file that is a folder', env: { AWS_CONFIG_FILE: '{HOME}/.aws' }, files: mine },
  { name: 'a profile named by nothing', env: { AWS_PROFILE: '' }, files: mine },
  { name: 'a listing of what cannot be read', argv: ['configure', 'list'], files: { [config]: '[default\n' } },
  { name: 'where they came from', argv: profile('p', 'configure', 'list'), files: { [credentials]: `[p]\n${keys}` } },

  // Roles.
  {
    name: 'a role',
    argv: profile('p'),
    files: { ...mine, [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }) },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'a role with a name, an id and a duration',
    argv: profile('p'),
    files: {
      ...mine,
      [config]: sections({
        'profile p': role('r', {
          source_profile: 'default',
          role_session_name: 'me',
          external_id: 'x1',
          duration_seconds: '1800',
        }),
      }),
    },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'a role without a name',
    argv: profile('p'),
    files: { [config]: sections({ 'profile p': { role_arn: '', source_profile: 'default' } }), ...mine },
  },
  {
    name: 'a duration that is no number',
    argv: profile('p'),
    files: {
      ...mine,
      [config]: sections({ 'profile p': role('r', { source_profile: 'default', duration_seconds: 'long' }) }),
    },
  },
  {
    name: 'a role of a role',
    argv: profile('p'),
    files: {
      ...mine,
      [config]: sections({
        'profile p': role('r', { source_profile: 'q' }),
        'profile q': role('s', { source_profile: 'default' }),
      }),
    },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'a role by its own keys',
    argv: profile('p'),
    files: { [credentials]: `[p]\n${keys}`, [config]: sections({ 'profile p': role('r', { source_profile: 'p' }) }) },
  },
  {
    name: 'a circle of roles',
    argv: profile('p'),
    files: {
      [config]: sections({
        'profile p': role('r', { source_profile: 'q' }),
        'profile q': role('s', { source_profile: 'p' }),
      }),
    },
  },
  {
    name: 'a role whose source is not there',
    argv: profile('p'),
    files: { [config]: sections({ 'profile p': role('r', { source_profile: 'nope' }) }) },
  },
  {
    name: 'a role whose source is empty',
    argv: profile('p'),
    files: {
      [config]: sections({ 'profile p': role('r', { source_profile: 'q' }), 'profile q': { region: 'us-east-1' } }),
    },
  },
  {
    name: 'a role with two sources',
    argv: profile('p'),
    files: {
      ...mine,
      [config]: sections({ 'profile p': role('r', { source_profile: 'default', credential_source: 'Environment' }) }),
    },
  },
  {
    name: 'a role with no source',
    argv: profile('p'),
    files: { ...mine, [config]: sections({ 'profile p': role('r', {}) }) },
  },
  {
    name: 'a role by the environment',
    argv: profile('p'),
    env: inEnvironment,
    files: { [config]: sections({ 'profile p': role('r', { credential_source: 'Environment' }) }) },
  },
  {
    name: 'a role by an empty environment',
    argv: profile('p'),
    files: { [config]: sections({ 'profile p': role('r', { credential_source: 'Environment' }) }) },
  },
  {
    name: 'a role by the instance',
    argv: profile('p'),
    env: metadata,
    files: { [config]: sections({ 'profile p': role('r', { credential_source: 'Ec2InstanceMetadata' }) }) },
  },
  {
    name: 'a role by the container',
    argv: profile('p'),
    env: container,
    files: { [config]: sections({ 'profile p': role('r', { credential_source: 'EcsContainer' }) }) },
  },
  {
    name: 'a role by a source nobody knows',
    argv: profile('p'),
    files: { [config]: sections({ 'profile p': role('r', { credential_source: 'Elsewhere' }) }) },
  },
  {
    name: 'a role that is refused',
    argv: profile('p'),
    files: { ...mine, [config]: sections({ 'profile p': role('denied', { source_profile: 'default' }) }) },
  },
  {
    name: 'the environment before a role',
    env: { ...inEnvironment, AWS_PROFILE: 'p' },
    files: { ...mine, [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }) },
  },
  {
    name: 'a role before the keys of its own profile',
    argv: profile('p'),
    files: {
      [credentials]: `[default]\n${keys}[p]\naws_access_key_id = AKIAOWN\naws_secret_access_key = x\n`,
      [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }),
    },
  },
  {
    name: 'a role with MFA, the code fed',
    argv: profile('p'),
    stdin: '123456\n',
    files: {
      ...mine,
      [config]: sections({
        'profile p': role('r', { source_profile: 'default', mfa_serial: 'arn:aws:iam::123456789012:mfa/me' }),
      }),
    },
    kept: ['GetCallerIdentity'],
    differs: { why: 'the reference warns in the words of a Python module', in: ['stderr'] },
  },
  {
    name: 'where a role came from',
    argv: profile('p', 'configure', 'list'),
    files: { ...mine, [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }) },
  },
  {
    name: 'a role, exported',
    argv: profile('p', 'configure', 'export-credentials', '--format', 'env'),
    files: { ...mine, [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }) },
  },
  {
    name: 'a session that ends soon is fetched again',
    argv: profile('p'),
    behaviour: () => ({ sessionSeconds: 800 }),
    files: { ...mine, [config]: sections({ 'profile p': role('r', { source_profile: 'default' }) }) },
    kept: ['AssumeRole', 'GetCallerIdentity'],
  },

  // Web identity.
  {
    name: 'web identity in the environment',
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: '{HOME}/token', AWS_ROLE_ARN: arn('web'), AWS_ROLE_SESSION_NAME: 'ci' },
    files: { token: 'JWT-FROM-FILE' },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'web identity without a session name',
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: '{HOME}/token', AWS_ROLE_ARN: arn('web') },
    files: { token: 'JWT-FROM-FILE' },
  },
  {
    name: 'web identity in a profile',
    argv: profile('p'),
    files: {
      token: 'JWT-FROM-FILE',
      [config]: sections({ 'profile p': role('web', { web_identity_token_file: '{HOME}/token' }) }),
    },
  },
  {
    name: '--profile sets web identity aside',
    argv: profile('p'),
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: '{HOME}/token', AWS_ROLE_ARN: arn('web') },
    files: { token: 'JWT', [credentials]: `[p]\n${keys}` },
  },
  {
    name: 'web identity without a role',
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: '{HOME}/token' },
    files: { token: 'JWT' },
  },
  {
    name: 'web identity without its file',
    env: { AWS_WEB_IDENTITY_TOKEN_FILE: '{HOME}/nope', AWS_ROLE_ARN: arn('web') },
  },
  {
    name: 'a role whose source has web identity',
    argv: profile('p'),
    files: {
      token: 'JWT',
      [config]: sections({
        'profile p': role('r', { source_profile: 'q' }),
        'profile q': role('web', { web_identity_token_file: '{HOME}/token' }),
      }),
    },
  },

  // IAM Identity Center.
  { name: 'sso', argv: profile('p'), files: { [config]: sso, [ssoToken]: token() }, kept: ['GetCallerIdentity'] },
  {
    name: 'sso, the token renewed',
    argv: profile('p'),
    files: { [config]: sso, [ssoToken]: token({ expiresAt: soon(5) }) },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'sso, the token cannot be renewed but is good',
    argv: profile('p'),
    files: { [config]: sso, [ssoToken]: token({ expiresAt: soon(5), refreshToken: 'SPENT' }) },
  },
  {
    name: 'sso, the token has ended',
    argv: profile('p'),
    files: { [config]: sso, [ssoToken]: token({ expiresAt: '2020-01-01T00:00:00Z', refreshToken: 'SPENT' }) },
  },
  { name: 'sso without a token', argv: profile('p'), files: { [config]: sso } },
  {
    name: 'sso without a session',
    argv: profile('p'),
    files: { [config]: oldSso, [oldSsoToken]: token() },
    kept: ['GetCallerIdentity'],
  },
  {
    name: 'sso without a session, the token has ended',
    argv: profile('p'),
    files: { [config]: oldSso, [oldSsoToken]: token({ expiresAt: '2020-01-01T00:00:00Z' }) },
  },
  {
    name: 'sso with two minds',
    argv: profile('p'),
    files: {
      [config]: sections({
        'profile p': { sso_session: 'corp', sso_region: 'eu-west-1', ...ssoRole },
        'sso-session corp': ssoSession,
      }),
      [ssoToken]: token(),
    },
  },
  {
    name: 'sso with a key missing',
    argv: profile('p'),
    files: {
      [config]: sections({ 'profile p': { sso_session: 'corp', sso_account_id: '1' }, 'sso-session corp': ssoSession }),
      [ssoToken]: token(),
    },
  },
  {
    name: 'sso with its session missing',
    argv: profile('p'),
    files: { [config]: sections({ 'profile p': { sso_session: 'gone', ...ssoRole } }), [ssoToken]: token() },
  },
  {
    name: 'sso for a role that is gone',
    argv: profile('p'),
    files: { [config]: sso.replace('Reader', 'gone'), [ssoToken]: token() },
  },
  {
    name: 'sso before keys',
    argv: profile('p'),
    files: { [config]: sso, [ssoToken]: token(), [credentials]: `[p]\n${keys}` },
  },
  {
    name: 'a role by sso',
    argv: profile('r'),
    files: { [config]: `${sso}${sections({ 'profile r': role('r', { source_profile: 'p' }) })}`, [ssoToken]: token() },
    kept: ['GetCallerIdentity'],
    differs: { why: 'the keys on the way are kept as well', in: ['files'] },
  },
  {
    name: 'sso, exported',
    argv: profile('p', 'configure', 'export-credentials'),
    files: { [config]: sso, [ssoToken]: token() },
  },
  { name: 'sso login', argv: profile('p', 'sso', 'login'), env: browser, files: { [config]: sso } },
  {
    name: 'sso login by session',
    argv: ['sso', 'login', '--sso-session', 'corp'],
    env: browser,
    files: { [config]: sso },
  },
  {
    name: 'sso login with a registration at hand',
    argv: profile('p', 'sso', 'login'),
    env: browser,
    files: {
      [config]: sso,
      [registration]: JSON.stringify({
        clientId: 'kept-client',
        clientSecret: 'KEPTSECRET',
        expiresAt: '2099-01-01T00:00:00Z',
        scopes: ['sso:account:access'],
        grantTypes: ['authorization_code', 'refresh_token'],
      }),
    },
  },
  {
    name: 'sso login with a registration for the other way',
    argv: profile('p', 'sso', 'login', '--use-device-code'),
    env: browser,
    files: {
      [config]: sso,
      [registration]: JSON.stringify({
        clientId: 'kept-client',
        clientSecret: 'KEPTSECRET',
        expiresAt: '2099-01-01T00:00:00Z',
        scopes: ['sso:account:access'],
        grantTypes: ['authorization_code', 'refresh_token'],
      }),
    },
  },
  {
    name: 'sso login by device code',
    argv: profile('p', 'sso', 'login', '--use-device-code', '--no-browser'),
    behaviour: () => ({ pending: 2 }),
    files: { [config]: sso },
  },
  {
    name: 'sso login by device code, in a browser',
    argv: profile('p', 'sso', 'login', '--use-device-code'),
    env: browser,
    behaviour: () => ({ pending: 2 }),
    files: { [config]: sso },
  },
  {
    name: 'sso login without a session',
    argv: profile('p', 'sso', 'login', '--no-browser'),
    behaviour: () => ({ pending: 1 }),
    files: { [config]: oldSso },
  },
  {
    name: 'sso login, too late',
    argv: profile('p', 'sso', 'login', '--use-device-code'),
    env: browser,
    behaviour: replies('/token', () => oidcError('ExpiredTokenException', 'expired_token')),
    files: { [config]: sso },
  },
  {
    name: 'sso login, refused by the service',
    argv: profile('p', 'sso', 'login', '--use-device-code'),
    env: browser,
    behaviour: replies('/token', () => oidcError('AccessDeniedException', 'access_denied')),
    files: { [config]: sso },
    differs: ownWords,
  },
  {
    name: 'sso login, refused in the browser',
    argv: profile('p', 'sso', 'login'),
    env: browser,
    behaviour: refusedAt('/authorize'),
    files: { [config]: sso },
  },
  {
    name: 'sso login, the answer to another question',
    argv: profile('p', 'sso', 'login'),
    env: browser,
    behaviour: otherState('/authorize'),
    files: { [config]: sso },
  },
  { name: 'sso login of a profile without sso', argv: ['sso', 'login'], files: mine },
  {
    name: 'sso login of a session that is not there',
    argv: ['sso', 'login', '--sso-session', 'gone'],
    files: { [config]: sso },
  },
  {
    name: 'sso login at a start URL without TLS',
    argv: profile('p', 'sso', 'login'),
    files: { [config]: sso.replace('https:', 'http:') },
  },
  {
    name: 'sso logout',
    argv: ['sso', 'logout'],
    files: {
      [config]: sso,
      [ssoToken]: token(),
      [oldSsoToken]: '{"accessToken": "T"}',
      [registration]: '{"clientId": "kept"}',
      '.aws/cli/cache/a.json': '{"ProviderType": "sso"}',
      '.aws/cli/cache/b.json': '{"Credentials": {}}',
      '.aws/cli/cache/c.json': 'no json',
    },
  },
  {
    name: 'configure sso',
    argv: ['configure', 'sso'],
    env: browser,
    stdin: 'mine\nhttps://corp.awsapps.com/start\nus-east-1\n\nus-west-2\njson\nprof\n',
    differs: plainPrompts,
  },
  {
    name: 'configure sso with a session that is there',
    argv: profile('p', 'configure', 'sso'),
    env: browser,
    stdin: '\n\n\n',
    files: { [config]: sso },
    differs: plainPrompts,
  },
  {
    name: 'configure sso without a session',
    argv: ['configure', 'sso', '--no-browser'],
    stdin: '\nhttps://corp.awsapps.com/start\nus-east-1\nus-west-2\n\n\n',
    differs: plainPrompts,
  },
  {
    name: 'configure sso-session',
    argv: ['configure', 'sso-session'],
    stdin: 'corp\n\n\nsso:account:access, other\n',
    files: { [config]: sso },
    differs: plainPrompts,
  },

  // The console's sign-in.
  { name: 'a login session', files: login('2099-01-02T03:04:05Z'), kept: ['GetCallerIdentity'] },
  { name: 'a login session, renewed', files: login(soon(3)), kept: ['GetCallerIdentity'] },
  { name: 'a login session that cannot be renewed', files: login('2020-01-01T00:00:00Z', 'SPENT') },
  {
    name: 'a login session without its file',
    files: { [config]: sections({ default: { login_session: consoleUser } }) },
  },
  { name: 'login', argv: ['login'], env: browser },
  {
    name: 'login into a profile',
    argv: profile('q', 'login'),
    env: browser,
    files: { [config]: sections({ 'profile q': { login_session: 'arn:aws:iam::123456789012:user/other' } }) },
    stdin: 'maybe\ny\n',
  },
  {
    name: 'login into a profile, thought better of',
    argv: profile('q', 'login'),
    env: browser,
    files: { [config]: sections({ 'profile q': { login_session: 'arn:aws:iam::123456789012:user/other' } }) },
    stdin: 'n\n',
  },
  {
    name: 'login into a profile with keys',
    argv: profile('q', 'login'),
    env: browser,
    files: { [credentials]: `[q]\n${keys}` },
  },
  {
    name: 'login on another machine',
    argv: ['login', '--remote'],
    typed: (text) => {
      const state = /state=([0-9a-f-]{36})/.exec(text)?.[1]
      return text.includes('in your browser: ') && state ? `${btoa(`state=${state}&code=the-login-code`)}\n` : undefined
    },
  },
  { name: 'login on another machine, mistyped', argv: ['login', '--remote'], stdin: 'x\n' },
  { name: 'login, refused in the browser', argv: ['login'], env: browser, behaviour: refusedAt('/v1/authorize') },
  {
    name: 'login, the code has ended',
    argv: ['login'],
    env: browser,
    behaviour: replies('/v1/token', () => ({
      status: 400,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: { error: 'AUTHCODE_EXPIRED', message: 'm' },
    })),
  },
  {
    name: 'login, not permitted',
    argv: ['login'],
    env: browser,
    behaviour: replies('/v1/token', () => ({
      status: 400,
      headers: { 'x-amzn-errortype': 'AccessDeniedException' },
      body: { error: 'INSUFFICIENT_PERMISSIONS', message: 'm' },
    })),
  },
  { name: 'logout', argv: ['logout'], files: login('2099-01-02T03:04:05Z') },
  { name: 'logout without a session', argv: ['logout'], files: mine },
  {
    name: 'logout of all',
    argv: ['logout', '--all'],
    files: { ...login('2099-01-02T03:04:05Z'), '.aws/login/cache/other.json': '{"a": 1}' },
  },

  // Another program.
  {
    name: 'a process',
    files: {
      [config]: sections({
        default: {
          credential_process: printed({
            Version: 1,
            AccessKeyId: 'AKIAPROCESSEXAMPLE',
            SecretAccessKey: 'PROCESSSECRET',
          }),
        },
      }),
    },
  },
  {
    name: 'a process with a session',
    files: {
      [config]: sections({
        default: {
          credential_process: printed({
            Version: 1,
            AccessKeyId: 'ASIAPROCESSEXAMPLE',
            SecretAccessKey: 'PROCESSSECRET',
            SessionToken: 'PROCESSTOKEN',
            Expiration: '2099-01-01T00:00:00Z',
          }),
        },
      }),
    },
  },
  {
    name: 'a process that fails',
    files: { [config]: sections({ default: { credential_process: 'ls /nonexistent-folder' } }) },
  },
  {
    name: 'a process of a newer version',
    files: { [config]: sections({ default: { credential_process: printed({ Version: 2 }) } }) },
  },
  {
    name: 'a process that forgets the secret',
    files: { [config]: sections({ default: { credential_process: printed({ Version: 1, AccessKeyId: 'x' }) } }) },
  },
  {
    name: 'a process that prints no JSON',
    files: { [config]: sections({ default: { credential_process: 'echo hello' } }) },
    differs: ownWords,
  },
  {
    name: 'a process that is not there',
    files: { [config]: sections({ default: { credential_process: '/nonexistent/program' } }) },
    differs: ownWords,
  },
  {
    name: 'a role by a process',
    argv: profile('p'),
    files: {
      [config]: sections({
        'profile p': role('r', { source_profile: 'q' }),
        'profile q': {
          credential_process: printed({
            Version: 1,
            AccessKeyId: 'AKIAPROCESSEXAMPLE',
            SecretAccessKey: 'PROCESSSECRET',
          }),
        },
      }),
    },
  },

  // Where a program runs.
  { name: 'a container', env: container },
  { name: 'a container with a token', env: { ...container, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'CONTAINERTOKEN' } },
  {
    name: 'a container with a token in a file',
    env: {
      ...container,
      AWS_CONTAINER_AUTHORIZATION_TOKEN: 'not this',
      AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: '{HOME}/token',
    },
    files: { token: 'TOKENFROMFILE' },
  },
  { name: 'a container with two lines of token', env: { ...container, AWS_CONTAINER_AUTHORIZATION_TOKEN: 'a\nb' } },
  {
    name: 'a container at a host that is not allowed',
    env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/x' },
  },
  { name: 'a container that has nothing', env: { AWS_CONTAINER_CREDENTIALS_FULL_URI: '{URL}/nothing' } },
  { name: 'keys before a container', env: container, files: mine },
  { name: 'an instance', env: metadata },
  {
    name: 'an instance that knows version 1 only',
    env: metadata,
    behaviour: replies('/latest/api/token', () => ({ status: 404 })),
  },
  {
    name: 'an instance whose version 1 is forbidden',
    env: { ...metadata, AWS_EC2_METADATA_V1_DISABLED: 'true' },
    behaviour: replies('/latest/api/token', () => ({ status: 404 })),
  },
  {
    name: 'an instance without a role',
    env: metadata,
    behaviour: replies('/latest/meta-data/iam/security-credentials/', () => ({ status: 404 })),
  },
  { name: 'an instance that is not to be asked', env: { ...metadata, AWS_EC2_METADATA_DISABLED: 'true' } },
  { name: 'the environment hides an instance', env: { ...metadata, ...inEnvironment } },
  { name: 'a container before an instance', env: { ...metadata, ...container } },
  { name: 'where an instance is', argv: ['configure', 'list'], env: { ...metadata, AWS_REGION: '' } },
]
