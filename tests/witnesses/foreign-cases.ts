// A foreign program's cases as tests of ours: it prints a line of JSON a case.

import { describe, expect, test } from 'bun:test'
import type { Witness } from './witnesses.ts'

interface Outcome {
  case: string
  ok: boolean
  why?: string
}

/** Runs the program, if its witness is there; `least`: how many cases there must be. */
export async function cases<T>(
  name: string,
  witness: Witness<T>,
  least: number,
  env: Record<string, string>,
  command: (found: T) => { cmd: string[]; cwd?: string },
): Promise<void> {
  if ('missing' in witness) {
    test.skip(`${name} is missing: ${witness.missing}`, () => {})
    console.log(`SKIPPED ${name}: ${witness.missing}`)
    return
  }
  const { cmd, cwd } = command(witness.found)
  // Python would leave compiled files beside the cases.
  const still = { ...env, PYTHONDONTWRITEBYTECODE: '1' }
  const child = Bun.spawn(cmd, { cwd, env: still, stdout: 'pipe', stderr: 'pipe' })
  const [printed, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  const outcomes = printed
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Outcome)
  describe(name, () => {
    test('all its cases ran', () =>
      expect({ ran: outcomes.length >= least, complaint }).toEqual({
        ran: true,
        complaint: expect.any(String) as never,
      }))
    for (const outcome of outcomes) test(outcome.case, () => expect(outcome.why ?? '').toBe(''))
  })
}
