import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'
import { homeWith, keysOf, noEnvironment } from '../home.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('use', () => {
  const used = async (argv: string[], env: Record<string, string | undefined> = {}) => {
    const home = homeWith({
      '.aws/credentials': `[default]\n${keysOf('AKIAMINE')}[it's]\n${keysOf('AKIAITS')}[s]\n${keysOf('ASIAS')}aws_session_token = TOKEN\n`,
    })
    const options = { env: { ...noEnvironment, SHELL: '/bin/bash', ...env }, home: home.path, models: await models }
    const result = await ran({ argv: ['use', ...argv], ...options })
    home.remove()
    return result
  }

  test.each([
    [['default', '--shell'], {}, "export AWS_PROFILE='default'\n"],
    [['default', '--shell'], { SHELL: '/usr/bin/fish' }, "set -gx AWS_PROFILE 'default'\n"],
    [["it's", '--shell', 'sh'], {}, "export AWS_PROFILE='it'\\''s'\n"],
    [["it's", '--shell', 'powershell'], {}, "$Env:AWS_PROFILE = 'it''s'\n"],
    [["it's", '--shell', 'cmd'], {}, 'set "AWS_PROFILE=it\'s"\n'],
    [
      ['default', '--shell', 'sh'],
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' },
      "export AWS_PROFILE='default'\nunset AWS_ACCESS_KEY_ID\nunset AWS_SECRET_ACCESS_KEY\nunset AWS_SESSION_TOKEN\n",
    ],
    [
      ['s', '--shell', '--keys'],
      { AWS_PROFILE: 'default' },
      "unset AWS_PROFILE\nexport AWS_ACCESS_KEY_ID='ASIAS'\nexport AWS_SECRET_ACCESS_KEY='SECRETASIAS'\nexport AWS_SESSION_TOKEN='TOKEN'\n",
    ],
    [['--prompt'], { AWS_PROFILE: 's' }, 's\n'],
    [
      ['--prompt'],
      { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_CREDENTIAL_EXPIRATION: '2026-01-02T04:00:05Z' },
      'keys in the environment 56 min\n',
    ],
  ])('%p with %p', async (argv, env, stdout) => {
    const result = await used(argv, env)
    expect([result.exit, result.stdout, result.sent.length]).toEqual([0, stdout, 0])
  })

  test('without --shell it says how', async () => {
    expect((await used(['s'])).stdout).toContain('eval "$(virga use s --shell)"')
    expect((await used(['s'], { SHELL: '/bin/fish' })).stdout).toContain('virga use s --shell fish | source')
  })

  test('a profile that is not there', async () => {
    expect(await used(['nope', '--shell'])).toMatchObject({ exit: 255, stdout: '' })
  })
})
