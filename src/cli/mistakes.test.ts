// Bad input of every kind: same exit code, same text as AWS CLI 2.36.12, which answered these command lines when the
// cases were recorded. `{USAGE}` stands for its usage text.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import cases from './mistakes.cases.json'
import { openModels } from '../model/load.ts'
import { fileSource } from '../model/source.ts'
import { ran } from './outside.fixture.ts'
import { USAGE } from './usage.ts'

interface Case {
  argv: string[]
  /** An empty value takes the variable away. */
  env?: Record<string, string>
  exit: number
  stdout?: string
  stderr?: string
}

const before = process.cwd()
const built = (name: string) => fileSource(join(before, 'build', name))
const models = existsSync('build/models.bin')
  ? await openModels({ source: built('models.bin'), docs: built('docs.bin') })
  : undefined
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'virga-mistakes-'))
  writeFileSync(join(folder, 'a.txt'), 'hello\n')
  writeFileSync(join(folder, 'bad.json'), '{"a":\n')
  writeFileSync(join(folder, 'bin'), new Uint8Array([0xff, 0xfe, 0]))
  writeFileSync(join(folder, 'in.json'), '{"UserName":"bob"}')
  process.chdir(folder)
})

afterAll(() => {
  process.chdir(before)
  rmSync(folder, { recursive: true })
})

if (models === undefined) console.log('skipped: there is no build/models.bin')

describe.skipIf(models === undefined)('a command line that is wrong', () => {
  const named = (cases as Case[]).map((each) => [each.argv.join(' '), each] as const)
  test.each(named)('%s', async (_, { argv, env, exit, stdout, stderr }) => {
    const result = await ran({ argv, models, env: { AWS_ENDPOINT_URL: 'http://127.0.0.1:9', ...env } })
    expect(result.stderr.replaceAll(`\n${USAGE}`, '{USAGE}')).toBe(stderr ?? '')
    expect(result.stdout).toBe(stdout ?? '')
    expect(result.exit).toBe(exit)
  })
})
