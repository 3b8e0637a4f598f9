// Does a call stay clear of what the engine would compile anew? JavaScriptCore's `map`, `filter`, `find` and their like are
// JavaScript that every process compiles when it first calls one, 0.1 ms each: lib/iterate.ts has them compiled.

import { expect, test } from 'bun:test'
import { join } from 'node:path'

const virga = join(import.meta.dir, '..', 'dist', 'virga')
const ANSWER =
  '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>' +
  '<Arn>arn:aws:iam::123456789012:user/a</Arn><UserId>AIDA</UserId><Account>123456789012</Account>' +
  '</GetCallerIdentityResult></GetCallerIdentityResponse>'

test('sts get-caller-identity compiles nothing but how the program is entered', async () => {
  const server = Bun.serve({ port: 0, hostname: '127.0.0.1', fetch: () => new Response(ANSWER) })
  try {
    const child = Bun.spawn([virga, 'sts', 'get-caller-identity', '--query', 'Account'], {
      env: {
        HOME: '/nowhere',
        AWS_REGION: 'us-east-1',
        AWS_ENDPOINT_URL: server.url.href,
        AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'example',
        BUN_JSC_reportBytecodeCompileTimes: '1',
      },
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [printed, said] = await Promise.all([
      Bun.readableStreamToText(child.stdout),
      Bun.readableStreamToText(child.stderr),
    ])
    expect(printed).toContain('"123456789012"')
    const compiled = `${printed}\n${said}`.split('\n').filter((line) => line.startsWith('Compiled '))
    expect(compiled).toHaveLength(1)
  } finally {
    await server.stop(true)
  }
})
