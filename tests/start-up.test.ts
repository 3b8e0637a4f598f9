// Does a call stay clear of what the engine would compile anew? JavaScriptCore's `map`, `filter`, `find` and their like are
// JavaScript that every process compiles when it first calls one, 0.1 ms each: lib/iterate.ts has them compiled.

import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const home = mkdtempSync(join(tmpdir(), 'virga-start-up-'))
afterAll(() => rmSync(home, { recursive: true }))

/** What the program prints, and how often the engine compiled something: once is how the program is entered. */
async function run(args: readonly string[], more: Record<string, string>): Promise<{ text: string; compiled: number }> {
  const env = { HOME: home, AWS_REGION: 'us-east-1', BUN_JSC_reportBytecodeCompileTimes: '1', ...more }
  const child = Bun.spawn([virga, ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [printed, said] = await Promise.all([
    Bun.readableStreamToText(child.stdout),
    Bun.readableStreamToText(child.stderr),
  ])
  const text = `${printed}\n${said}`
  return { text, compiled: text.split('\n').filter((line) => line.startsWith('Compiled ')).length }
}

const ACCOUNT = ['sts', 'get-caller-identity', '--query', 'Account']
const answers: Record<string, string> = {
  GetCallerIdentity:
    '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
    '<Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>AIDA</UserId><Account>123456789012</Account>' +
    '</GetCallerIdentityResult></GetCallerIdentityResponse>',
  ListUsers:
    '<ListUsersResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ListUsersResult><IsTruncated>false</IsTruncated>' +
    '<Users><member><UserName>anna</UserName></member></Users></ListUsersResult></ListUsersResponse>',
}

test.each([
  [ACCOUNT, '"123456789012"', 1],
  [['iam', 'list-users'], '"anna"', 2], // the generator of its pages besides
])('%p compiles nothing but how the program is entered', async (args, said, times) => {
  const answer = async (request: Request): Promise<Response> =>
    new Response(answers[new URLSearchParams(await request.text()).get('Action')!])
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: answer })
  try {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' }
    const { text, compiled } = await run(args, { AWS_ENDPOINT_URL: server.url.href, ...keys })
    expect(text).toContain(said)
    expect(compiled).toBe(times)
  } finally {
    await server.stop(true)
  }
})

test('nor does a call of the local AWS, once it is there', async () => {
  const call = ['--profile', 'local', ...ACCOUNT]
  await run(call, {})
  const { text, compiled } = await run(call, {})
  expect(text).toContain('"123456789012"')
  expect(compiled).toBe(1)
})
