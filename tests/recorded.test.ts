// The built binary against recorded runs of the official CLI: the same requests, valid signatures, the same bytes on
// stdout, the same exit codes. Behind a recording TLS proxy on real host names; the comparer lies with the recordings.

import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { python, referenceModels, shared } from './witnesses/witnesses.ts'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const recordings = shared('reference')
const interpreter = python('ssl')
const models = await referenceModels()
const lacking = [recordings, interpreter, models].find((one) => 'missing' in one)

if (lacking && 'missing' in lacking) {
  console.log(`SKIPPED the recorded runs: ${lacking.missing}`)
  test.skip(`the recorded runs are missing: ${lacking.missing}`, () => {})
} else {
  const found = <T>(witness: { found: T } | { missing: string }): T => (witness as { found: T }).found
  /** The comparer sorts `k=v` texts where SigV4 sorts keys; the official CLI's own requests for these fail its check too. */
  const misjudged = /^codeartifact\./
  test('a thousand operations as the official CLI sent and printed them', async () => {
    const folder = found(recordings)
    const files = ['jobs', 'responses', 'expected'].flatMap((name) => [
      `--${name}`,
      join(folder, `ops-${name}.${name === 'responses' ? 'json' : 'jsonl'}.gz`),
    ])
    const child = Bun.spawn(
      [found(interpreter), join(folder, 'compare.py'), '--cli', virga, '--n', '1000', '--show', '1000', ...files],
      {
        env: { ...process.env, VIRGA_MODELS: found(models) },
        stdout: 'pipe',
        stderr: 'pipe',
      },
    )
    const [printed, complaint] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
    ])
    const summary = printed.trim().split('\n').at(-1) ?? ''
    console.log(summary)
    const percent = (what: string): number => Number(new RegExp(`${what} ([\\d.]+) %`).exec(summary)?.[1] ?? 0)
    const badlySigned = [...printed.matchAll(/^--- (\S+) .*\bSIG\b/gm)]
      .map(([, id]) => id!)
      .filter((id) => !misjudged.test(id))
    expect({ badlySigned, complaint }).toEqual({ badlySigned: [], complaint: '' })
    expect(percent('requests equal')).toBeGreaterThanOrEqual(99.5)
    expect(percent('stdout equal')).toBeGreaterThanOrEqual(99.5)
    expect(percent('exit code equal')).toBeGreaterThanOrEqual(99.5)
  }, 600_000)
}
