// The whole grammar, with the reference's own models: every command and argument, name by name.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { referenceModels, shared } from './witnesses/witnesses.ts'

const models = await referenceModels()
const grammar = shared('reference', 'grammar.jsonl.gz')
const lacking = [models, grammar].find((one) => 'missing' in one)

if (lacking && 'missing' in lacking) {
  console.log(`skipped: the grammar: ${lacking.missing}`)
  test.skip(`the grammar is not compared: ${lacking.missing}`, () => {})
} else {
  test('every command and argument is the reference’s', () => {
    const done = Bun.spawnSync([process.execPath, 'test', './src/cli/grammar.test.ts'], {
      cwd: join(import.meta.dir, '..'),
      env: { ...process.env, VIRGA_REFERENCE_MODELS: (models as { found: string }).found },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const printed = done.stdout.toString() + done.stderr.toString()
    console.log(/\d[\d,]* arguments[^\n]*|[^\n]*differen[^\n]*/.exec(printed)?.[0] ?? '')
    expect(printed).toMatch(/\b[1-9]\d* pass\b/)
    expect(printed).not.toMatch(/\b[1-9]\d* (fail|skip)\b/)
    expect(done.exitCode).toBe(0)
  }, 120_000)
}
