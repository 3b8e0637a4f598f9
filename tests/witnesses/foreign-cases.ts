// A foreign program's cases as tests of ours: it prints a line of JSON a case.

import { afterAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { serve, type LocalServer } from './local-server.ts'
import { python, scratch, type Witness } from './witnesses.ts'

const TESTS = join(import.meta.dir, '..')

interface Outcome {
  case: string
  ok: boolean
  why?: string
}

interface Served {
  /** The built program. */
  readonly virga: string
  readonly server: LocalServer
  /** Where programs find the server and its administrator's keys. */
  readonly env: Record<string, string> & { readonly HOME: string }
  /** The cases of a file in tests/foreign, by boto3. */
  boto3(name: string, least: number, file: string): Promise<void>
}

/** A server for the tests of one file, which is stopped after them. */
export async function served(name: string): Promise<Served> {
  const virga = join(TESTS, '..', 'dist', 'virga')
  const server = await serve(virga)
  afterAll(() => server.stop())
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: scratch(name),
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_PAGER: '',
    ...server.env,
  }
  return { virga, server, env, boto3: (what, least, file) => boto3Cases(what, least, env, file) }
}

export function boto3Cases(name: string, least: number, env: Record<string, string>, file: string): Promise<void> {
  return cases(name, python('boto3'), least, env, (program) => ({ cmd: [program, join(TESTS, 'foreign', file)] }))
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
