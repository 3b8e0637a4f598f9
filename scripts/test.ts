// `npm test`: everything that can be tested here, fast things first. A step that fails does not hide the later ones.
// The last line is `N passed, N failed`, over all tests of all steps.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS, countBun, countNode, runSteps } from './steps.ts'
import type { Step } from './steps.ts'

const ROOT = join(import.meta.dirname, '..')
const bun = process.execPath
// A machine that does other things besides is no failure of a test.
const PATIENCE = '--timeout=60000'
const nodeTests = (): string[] =>
  existsSync(join(ROOT, 'tests/node')) ? [...new Bun.Glob('tests/node/*.test.mjs').scanSync(ROOT)].sort() : []
const blackBoxTests = [...new Bun.Glob('tests/**/*.test.ts').scanSync(ROOT)]
  .filter((file) => !file.endsWith('/architecture.test.ts')) // a check, done already
  .sort()

const STEPS: readonly Step[] = [
  ...CHECKS,
  { name: 'unit tests', command: [bun, 'test', PATIENCE, './src'], count: countBun },
  { name: 'build', command: [bun, 'scripts/build.ts'] },
  { name: 'build the library', command: [bun, 'scripts/library.ts'] },
  {
    name: 'black-box tests',
    command: [bun, 'test', PATIENCE, ...blackBoxTests.map((file) => `./${file}`)],
    count: countBun,
  },
  {
    name: 'library on Node',
    command: ['node', '--test', ...nodeTests()],
    count: countNode,
    skip: () => (nodeTests().length === 0 ? 'there are no tests/node/*.test.mjs' : undefined),
  },
]

const { passed, failed, skipped } = await runSteps(STEPS)
if (skipped.length > 0) console.log(`\nSkipped:\n${skipped.map((line) => `  ${line.trim()}`).join('\n')}`)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
