import { describe, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtModels, ran } from '../outside.fixture.ts'

const models = await builtModels()
const none = models === undefined ? 'the models are not compiled: npm run models' : undefined
if (none) console.log(`SKIPPED cli_help_output: ${none}`)

const home = mkdtempSync(join(tmpdir(), 'virga-help-'))
process.on('exit', () => rmSync(home, { recursive: true, force: true }))
mkdirSync(join(home, '.aws'))
writeFileSync(join(home, '.aws', 'config'), '[default]\ncli_help_output = url\n')

describe.skipIf(none !== undefined)('cli_help_output = url prints what AWS CLI 2.36.12 prints', () => {
  test.each([
    ['help', 'index.html'],
    ['ec2 help', 'reference/ec2/index.html'],
    ['ec2 run-instances help', 'reference/ec2/run-instances.html'],
    ['s3 cp help', 'reference/s3/cp.html'],
    ['ec2 wait help', 'reference/ec2/wait/index.html'],
    ['ec2 wait instance-running help', 'reference/ec2/wait/instance-running.html'],
    ['help topics', 'topic/index.html'],
    ['help config-vars', 'topic/config-vars.html'],
    ['s3api get-object help', 'reference/s3api/get-object.html'],
  ])('%s', async (words, page) => {
    const { exit, stdout } = await ran({ argv: words.split(' '), home })
    expect({ exit, stdout }).toEqual({
      exit: 0,
      stdout: `https://awscli.amazonaws.com/v2/documentation/api/2.36.12/${page}`,
    })
  })

  test('a command that AWS CLI does not have is shown here', async () => {
    expect((await ran({ argv: ['completion', 'help'], home })).stdout).toStartWith('NAME\n   completion - ')
  })
})
