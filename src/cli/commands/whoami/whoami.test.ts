// Who is it, and what may be wrong about it? A table of homes and environments, and what `whoami` says of them.

import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'
import type { Answer, Sent } from '../../outside.fixture.ts'
import { aws, homeWith, keysOf, noEnvironment } from '../home.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

interface Setting {
  readonly argv?: readonly string[]
  readonly files?: Readonly<Record<string, string>>
  readonly modes?: Readonly<Record<string, number>>
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly answers?: (sent: Sent) => Answer
}

async function whoami({ argv = [], files = {}, modes, env, answers = aws() }: Setting) {
  const home = homeWith(files, modes)
  try {
    const options = { env: { ...noEnvironment, ...env }, home: home.path, answers, models: await models }
    const words = await ran({ argv: ['whoami', ...argv], ...options })
    const record = await ran({ argv: ['whoami', '--output', 'json', ...argv], ...options })
    return { words, record: record.exit === 0 && !argv.includes('--shell') ? JSON.parse(record.stdout) : undefined }
  } finally {
    home.remove()
  }
}

const credentials = '.aws/credentials'
const config = '.aws/config'
const mine = { [credentials]: `[default]\n${keysOf('AKIAMINE')}` }
const admin = { AWS_ACCESS_KEY_ID: 'AKIAADMIN', AWS_SECRET_ACCESS_KEY: 'ADMINSECRET' }
const metadata = { AWS_EC2_METADATA_DISABLED: undefined, AWS_EC2_METADATA_SERVICE_ENDPOINT: 'http://127.0.0.1:1338/' }
const instance = (sent: Sent): Answer | undefined => {
  if (!sent.url.includes('/latest/')) return undefined
  return { body: sent.url.endsWith('/token') ? 'TOKEN' : 'least-privilege' }
}

describe.skipIf(models === undefined)('whoami', () => {
  test('in words', async () => {
    const { words } = await whoami({ files: mine })
    expect(words.exit).toBe(0)
    expect(words.stdout).toBe(
      'arn:aws:iam::123456789012:user/AKIAMINE\n' +
        '  account  123456789012\n' +
        '  from     keys of the profile default in the credentials file\n' +
        '  key      AKIAMINE, long-term\n' +
        '  mfa      no\n' +
        '  ends     never\n' +
        '  region   eu-west-1 (AWS_REGION)\n',
    )
  })

  test('as lines for a shell, which forgets what would count before them', async () => {
    const { words } = await whoami({ files: mine, argv: ['--shell'], env: { AWS_SESSION_TOKEN: 'OLD' } })
    expect(words.stdout).toBe(
      "export AWS_ACCESS_KEY_ID='AKIAMINE'\nexport AWS_SECRET_ACCESS_KEY='SECRETAKIAMINE'\nunset AWS_SESSION_TOKEN\n",
    )
  })

  test('as a record', async () => {
    const { record } = await whoami({ files: mine })
    expect(record).toEqual({
      Arn: 'arn:aws:iam::123456789012:user/AKIAMINE',
      UserId: 'AIDA',
      Account: '123456789012',
      Profile: 'default',
      Source: 'shared-credentials-file',
      AccessKeyId: 'AKIAMINE',
      Mfa: 'no',
      Region: 'eu-west-1',
      Warnings: [],
    })
  })

  test('a session and its end', async () => {
    const session = { ...admin, AWS_SESSION_TOKEN: 't', AWS_CREDENTIAL_EXPIRATION: '2026-01-02T04:34:05Z' }
    const { words, record } = await whoami({ env: session })
    expect(words.stdout).toContain('  ends     in 1 h 30 min (2026-01-02 04:34 UTC)\n')
    expect(record).toMatchObject({ Source: 'env', SecondsLeft: 5400, Mfa: 'unknown' })
  })

  test('offline nobody is asked', async () => {
    const home = homeWith(mine)
    const { sent, stdout, exit } = await ran({
      argv: ['whoami', '--offline'],
      env: noEnvironment,
      home: home.path,
      models: await models,
    })
    home.remove()
    expect([exit, sent.length, stdout.split('\n')[0]]).toEqual([0, 0, 'AKIAMINE'])
  })

  test('AWS says no', async () => {
    const answers = (): Answer => ({
      status: 403,
      body: '<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>The security token is invalid.</Message></Error></ErrorResponse>',
    })
    const { words } = await whoami({ files: mine, answers })
    expect([words.exit, words.stdout.split('\n')[0]]).toEqual([254, 'unknown: The security token is invalid.'])
  })

  test('nobody', async () => {
    const { words } = await whoami({})
    expect([words.exit, words.stdout]).toEqual([253, ''])
    expect(words.stderr).toContain('There are no credentials')
  })

  test('the chain ends in an error', async () => {
    const { words } = await whoami({ env: { AWS_ACCESS_KEY_ID: 'AKIAHALF' }, files: mine })
    expect([words.exit, words.stderr]).toEqual([
      255,
      '\naws: [ERROR]: env: Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY\n',
    ])
  })

  test.each([
    [
      'a profile that is nearly there',
      ['--profile', 'prodution'],
      { [config]: '[profile production]\nregion = x\n' },
      'Maybe you meant: production',
    ],
    [
      'a section without the word profile',
      ['--profile', 'dev'],
      { [config]: '[dev]\nregion = x\n' },
      'it must be [profile dev]',
    ],
    ['a profile of another name', ['--profile', 'x'], mine, 'There are: default, local'],
  ])('%s', async (_, argv, files, text) => {
    const { words } = await whoami({ argv, files })
    expect(words.exit).toBe(255)
    expect(words.stderr).toContain(text)
  })

  const warned: [string, Setting, string, string?][] = [
    [
      'keys hide the role of the instance',
      { env: { ...admin, ...metadata }, answers: aws(undefined, instance) },
      'KeysHideRole',
      'hides the role least-privilege of this instance',
    ],
    [
      'keys hide the role of the container',
      { env: { ...admin, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://localhost/x' } },
      'KeysHideRole',
      'the role of this container',
    ],
    [
      'keys hide a role of the profile',
      {
        env: admin,
        files: {
          [config]: '[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = q\n[profile q]\nregion = x\n',
        },
      },
      'KeysHideRole',
      'the role arn:aws:iam::1:role/r, assumed by the profile q',
    ],
    [
      'keys hide a profile',
      { env: { ...admin, AWS_PROFILE: 'q' }, files: { [credentials]: `[q]\n${keysOf('AKIAQ')}` } },
      'KeysHideProfile',
      'AWS_PROFILE',
    ],
    ['a file that others read', { files: mine, modes: { [credentials]: 0o644 } }, 'FileReadableByOthers', 'chmod 600'],
    ['a key of 91 days', { files: mine, answers: aws('2025-10-03T00:00:00Z') }, 'OldKey', '91 days old'],
    [
      'a session that has ended',
      { files: { [credentials]: `[default]\n${keysOf('AKIAMINE')}aws_session_expiration = 2026-01-01T00:00:00Z\n` } },
      'SessionEnded',
      'ended at 2026-01-01 00:00 UTC',
    ],
    [
      'a profile twice',
      { files: { ...mine, [config]: '[profile a]\nregion = x\n[profile "a"]\nregion = y\n' } },
      'ProfileTwice',
      'The profile a stands twice',
    ],
    ['a section that is no profile', { files: { ...mine, [config]: '[a]\nregion = x\n' } }, 'NoProfile', '[profile a]'],
    [
      'a key that is misspelt',
      { files: { [credentials]: `[default]\n${keysOf('AKIAMINE')}aws_sesion_token = x\n` } },
      'Misspelt',
      'aws_session_token',
    ],
    [
      'the root user',
      {
        files: mine,
        answers: aws(undefined, (sent) =>
          sent.body.includes('GetCallerIdentity')
            ? {
                body: '<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::1:root</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>',
              }
            : undefined,
        ),
      },
      'RootUser',
    ],
  ]
  test.each(warned)('%s', async (_, setting, kind, text = '') => {
    const { words, record } = await whoami(setting)
    expect(record.Warnings.map(({ Kind }: { Kind: string }) => Kind)).toEqual([kind])
    expect(record.Warnings[0].Text).toContain(text)
    expect(words.stdout).toContain(`\n! ${record.Warnings[0].Text}\n`)
  })

  test('what is not wrong is not warned of', async () => {
    const quiet: Setting[] = [
      { files: mine, answers: aws('2025-10-05T00:00:00Z') },
      {
        files: {
          ...mine,
          [config]: '[default]\nregion = x\n[profile b]\noutput = json\n[plugins]\nx = y\n[services s]\n',
        },
      },
      { env: { ...admin, AWS_SESSION_TOKEN: 't', ...metadata }, answers: aws(undefined, instance) },
      {
        argv: ['--profile', 'default'],
        env: { ...admin, ...metadata },
        files: mine,
        answers: aws(undefined, instance),
      },
    ]
    for (const setting of quiet) expect((await whoami(setting)).record.Warnings).toEqual([])
  })
})
