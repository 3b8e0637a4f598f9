import { describe, expect, test } from 'bun:test'
import { Failure } from '../lib/errors.ts'
import { homeWith, noEnvironment } from './commands/home.fixture.ts'
import { builtModels, ran } from './outside.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

const unreached = async (): Promise<never> => {
  throw new Failure('Connection', 'Could not connect to the endpoint URL: "https://x/"', { stage: 'connect' })
}

describe.skipIf(models === undefined)('at a terminal an error is followed by what can be done', () => {
  const keys = {
    AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'SECRET',
    AWS_REGION: undefined,
    AWS_MAX_ATTEMPTS: '1',
  }
  const asked = async (line: string, { terminal = true, env = {}, config = '' } = {}) => {
    const home = homeWith({ '.aws/config': config })
    const { stderr } = await ran({
      argv: line.split(' ').filter((word) => word !== ''),
      env: { ...noEnvironment, ...env },
      home: home.path,
      models: await models,
      send: unreached,
      atTerminal: terminal,
    })
    home.remove()
    return stderr
  }

  test.each<[string, object, string]>([
    ['', {}, 'Next: virga help lists the commands; virga local tour shows one around an account.'],
    ['sts get-caller-identity', {}, 'Next: virga explain credentials shows where they were looked for.'],
    ['iam list-users --profile loacl', {}, 'Maybe you meant: local.'],
    ['iam list-users --profile nobody', { config: '[profile dev]\n' }, 'There are: dev, local.'],
    ['iam list-users --profile x', { config: '[x]\n' }, 'it must be [profile x].'],
    ['iam list-users', { config: '[default]\nregion\n' }, 'Next: look at line 2: '],
    ['ec2 describe-vpcs', { env: keys }, 'Next: --region NAME, AWS_REGION, or'],
    [
      'ec2 describe-vpcs --region us-est-1',
      { env: keys },
      'Next: no region is known by the name us-est-1; maybe you meant: us-',
    ],
    ['ec2 describe-vpcs --region us-east-1', { env: keys }, 'Next: virga explain config tells more.'],
    [
      'sts get-caller-identity --profile s',
      {
        config:
          '[profile s]\nsso_start_url = https://s.awsapps.com/start\nsso_region = us-east-1\n' +
          'sso_account_id = 123456789012\nsso_role_name = r\n',
      },
      'Next: virga sso login --profile s',
    ],
  ])('%s', async (line, circumstances, said) => expect(await asked(line, circumstances)).toContain(said))

  test('elsewhere stderr is the reference’s', async () =>
    expect(await asked('iam list-users --profile nobody', { terminal: false })).toBe(
      '\naws: [ERROR]: The config profile (nobody) could not be found\n',
    ))
})
