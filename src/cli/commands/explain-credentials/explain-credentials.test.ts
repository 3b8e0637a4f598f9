import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'
import { aws, homeWith, keysOf, noEnvironment } from '../home.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('explain credentials', () => {
  const explained = async (
    env: Record<string, string | undefined>,
    files: Record<string, string>,
    argv: string[] = [],
  ) => {
    const home = homeWith(files)
    const options = { env: { ...noEnvironment, ...env }, home: home.path, answers: aws(), models: await models }
    const words = await ran({ argv: ['explain', 'credentials', ...argv], ...options })
    const { stdout } = await ran({ argv: ['explain', 'credentials', '--output', 'json', ...argv], ...options })
    home.remove()
    return { words, rungs: JSON.parse(stdout).Rungs as Record<string, string>[] }
  }

  test('every rung, in order, with its verdict', async () => {
    const { words, rungs } = await explained(
      { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 'ENVSECRET' },
      { '.aws/credentials': `[default]\n${keysOf('AKIAMINE')}` },
    )
    expect(words.exit).toBe(0)
    expect(rungs.map(({ Rung, Verdict }) => `${Rung} ${Verdict}`)).toEqual([
      'env used',
      'assume-role nothing',
      'assume-role-with-web-identity nothing',
      'sso nothing',
      'mfa-session nothing',
      'shared-credentials-file hidden',
      'login nothing',
      'custom-process nothing',
      'config-file nothing',
      'container-role nothing',
      'iam-role nothing',
    ])
    expect(words.stdout).toContain('> env                            used     AKIAENV\n')
    expect(words.stdout).toContain('~ shared-credentials-file        hidden   AKIAMINE\n')
    expect(words.stdout).toContain('AWS_EC2_METADATA_DISABLED is true')
    expect(words.stdout).not.toContain('ENVSECRET')
  })

  test('an error is an end', async () => {
    const { words, rungs } = await explained(
      {},
      {
        '.aws/config': '[default]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = gone\n',
        '.aws/credentials': `[default]\n${keysOf('AKIAMINE')}`,
      },
    )
    expect(words.exit).toBe(253)
    expect(rungs.find(({ Rung }) => Rung === 'assume-role')).toMatchObject({
      Verdict: 'failed',
      Why: 'The source_profile "gone" referenced in the profile "default" does not exist.',
    })
    expect(rungs.find(({ Rung }) => Rung === 'shared-credentials-file')).toMatchObject({
      Verdict: 'hidden',
      Why: 'not reached: the chain ends at assume-role',
    })
  })

  test('nothing anywhere', async () => {
    const { words, rungs } = await explained({}, {})
    expect(words.exit).toBe(253)
    expect(rungs.every(({ Verdict }) => Verdict === 'nothing')).toBe(true)
  })
})
