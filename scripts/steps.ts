// What is checked and tested, and how is a step counted? Shared by `npm run check` and `npm test`.

import { existsSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')

export interface Step {
  readonly name: string
  readonly command: readonly string[]
  /** How many tests passed and failed, from the output; without it the step is one test, by its exit code. */
  readonly count?: (output: string) => Tally
  /** Why the step cannot be run now, if it cannot. */
  readonly skip?: () => string | undefined
}

interface Tally {
  readonly passed: number
  readonly failed: number
}

interface Outcome extends Tally {
  readonly skipped: readonly string[]
}

const tool = (name: string): string => join(ROOT, 'node_modules/.bin', name)
const bun = process.execPath

/** Fast ones first. */
export const CHECKS: readonly Step[] = [
  { name: 'lint', command: [tool('oxlint'), '--quiet'] },
  { name: 'format', command: [tool('oxfmt'), '--check', 'src', 'scripts', 'tests'] },
  { name: 'types', command: [tool('tsc'), '--noEmit', '-p', '.'] },
  { name: 'dead code', command: [tool('knip'), '--no-progress'] },
  { name: 'architecture', command: [bun, 'test', 'tests/architecture.test.ts'], count: countBun },
]

export function countBun(output: string): Tally {
  const number = (word: string): number => Number(new RegExp(`^\\s*(\\d+) ${word}s?$`, 'm').exec(output)?.[1] ?? 0)
  return { passed: number('pass'), failed: number('fail') + number('error') }
}

/** The TAP-like summary of `node --test`. */
export function countNode(output: string): Tally {
  const number = (word: string): number => Number(new RegExp(`^[#ℹ] ${word} (\\d+)$`, 'm').exec(output)?.[1] ?? 0)
  return { passed: number('pass'), failed: number('fail') + number('cancelled') }
}

export async function runSteps(steps: readonly Step[]): Promise<Outcome> {
  const outcomes: Outcome[] = []
  for (const step of steps) outcomes.push(await run(step))
  return {
    passed: sum(outcomes.map(({ passed }) => passed)),
    failed: sum(outcomes.map(({ failed }) => failed)),
    skipped: outcomes.flatMap(({ skipped }) => skipped),
  }
}

async function run({ name, command, count, skip }: Step): Promise<Outcome> {
  const reason = skip?.()
  if (reason !== undefined) {
    console.log(`– ${name}: skipped: ${reason}`)
    return { passed: 0, failed: 0, skipped: [`${name}: ${reason}`] }
  }
  const started = Date.now()
  const { output, succeeded } = await outputOf(command)
  const counted = count?.(output) ?? { passed: succeeded ? 1 : 0, failed: succeeded ? 0 : 1 }
  // A step that breaks off without a failing test has failed all the same.
  const tally = succeeded ? counted : { ...counted, failed: Math.max(1, counted.failed) }
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  const figures = count ? `${tally.passed} passed, ${tally.failed} failed` : succeeded ? 'passed' : 'failed'
  if (tally.failed > 0) console.log(failuresIn(output))
  console.log(`${tally.failed === 0 ? '✓' : '✗'} ${name}: ${figures} (${seconds} s)`)
  return { ...tally, skipped: skippedIn(output) }
}

async function outputOf(command: readonly string[]): Promise<{ output: string; succeeded: boolean }> {
  const missing = command.slice(0, 1).find((file) => file.startsWith(ROOT) && !existsSync(file))
  if (missing !== undefined) return { output: `${missing} is missing`, succeeded: false }
  const child = Bun.spawn([...command], {
    cwd: ROOT,
    stdout: 'pipe',
    stderr: 'pipe',
    env: { ...process.env, NO_COLOR: '1' },
  })
  const texts = [textOf(child.stdout), textOf(child.stderr)]
  const succeeded = (await child.exited) === 0
  // Something that a test started and did not end may hold the pipes for ever.
  await Promise.race([Promise.all(texts.map(({ whole }) => whole)), Bun.sleep(5000)])
  return { output: texts.map(({ soFar }) => soFar()).join(''), succeeded }
}

function textOf(stream: ReadableStream<Uint8Array>): { whole: Promise<void>; soFar: () => string } {
  const decoder = new TextDecoder()
  let text = ''
  const whole = (async () => {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true })
  })()
  return { whole, soFar: () => text }
}

/** Passing tests are not news. */
function failuresIn(output: string): string {
  return output
    .split('\n')
    .filter((line) => !/^(\(pass\)|✔)/.test(line))
    .join('\n')
}

/** Tests say themselves that they are skipped and why, in a line with that word; Bun's own mark has no reason. */
function skippedIn(output: string): string[] {
  return [...new Set(output.split('\n').filter((line) => /^\(skip\)|^\s*skipped\b|\bskipped: /i.test(line)))]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
