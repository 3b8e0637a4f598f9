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
  test(
    'a thousand operations as the official CLI sent and printed them',
    async () => {
      const folder = found(recordings)
      const child = Bun.spawn(
        [
          found(interpreter), join(folder, 'compare.py'), '--cli', virga, '--n', '1000', '--show', '20',
          '--jobs', join(folder, 'ops-jobs.jsonl.gz'), '--responses', join(folder, 'ops-responses.json.gz'),
          '--expected', join(folder, 'ops-expected.jsonl.gz'), '--min-req', '99.5', '--min-out', '99',
        ],
        { env: { ...process.env, VIRGA_MODELS: found(models) }, stdout: 'pipe', stderr: 'pipe' },
      )
      const [printed, complaint] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
      console.log(printed.trim().split('\n').at(-1))
      expect({ code: await child.exited, printed, complaint }).toEqual({ code: 0, printed, complaint: expect.any(String) as never })
    },
    600_000,
  )
}
