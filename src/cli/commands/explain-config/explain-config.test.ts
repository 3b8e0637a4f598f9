import { describe, expect, test } from 'bun:test'
import { builtModels, ran } from '../../outside.fixture.ts'
import { homeWith, noEnvironment } from '../home.fixture.ts'

const models = builtModels()
if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('explain config', () => {
  const explained = async (...argv: string[]) => {
    const home = homeWith({
      '.aws/config': '[default]\nregion = from-config\nown_key = x\ns3 =\n  addressing_style = path\n',
      '.aws/credentials': '[default]\nregion = from-credentials\naws_secret_access_key = SECRETVALUE\n',
    })
    const env = { ...noEnvironment, AWS_REGION: 'from-variable' }
    const result = await ran({ argv: ['explain', 'config', ...argv], env, home: home.path, models: await models })
    home.remove()
    return { ...result, stdout: result.stdout.replaceAll(home.path, '~').replace(/  +/g, '  ') }
  }

  test('each source of one setting', async () => {
    const { stdout, exit } = await explained('region')
    expect(exit).toBe(0)
    expect(stdout).toBe(
      'Profile default. The first source with a value counts.\n\n' +
        'region = from-variable\n' +
        '  > AWS_REGION  from-variable\n' +
        '  AWS_DEFAULT_REGION  -\n' +
        '  ~/.aws/credentials  from-credentials  AWS_REGION comes first\n' +
        '  ~/.aws/config  from-config  AWS_REGION comes first\n',
    )
  })

  test('the option before all', async () => {
    const { stdout } = await explained(
      'region',
      '--region',
      'us-east-2',
      '--output',
      'json',
      '--query',
      'Settings[0].Value',
    )
    expect(stdout).toBe('"us-east-2"\n')
  })

  test('a key in a block, a key of nobody’s, a key that is not there', async () => {
    expect((await explained('s3.addressing_style')).stdout).toContain('s3.addressing_style = path\n')
    expect((await explained('own_key')).stdout).toContain('own_key = x\n')
    expect((await explained('nothing')).stdout).toContain('nothing is not set\n')
  })

  test('every setting that has a value, and no secret', async () => {
    const { stdout } = await explained()
    expect(stdout).toContain('\n\noutput = json\n')
    expect(stdout).toContain('aws_secret_access_key = ****************ALUE')
    expect(stdout).not.toContain('SECRETVALUE')
  })
})
