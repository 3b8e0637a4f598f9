// Runs a program at a home of its own before fake credential services, and says what came of it: what it printed, what it
// asked, what it left on the disk. What is other each time is named by what it is.

import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Scenario } from './identity-scenarios.ts'
import { identityServices } from './identity-services.ts'
import type { Asked } from './identity-services.ts'

export interface Outcome {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  readonly asked: unknown[]
  readonly files: Record<string, unknown>
}

export interface Run {
  readonly command: readonly string[]
  readonly home: string
}

/** One program at a home of its own; or, `after` another, at the home that one left. */
export async function outcomeOf({ command, home }: Run, scenario: Scenario, after = false): Promise<Outcome> {
  const services = await identityServices(scenario.behaviour?.())
  const filled = (text: string): string =>
    text.replaceAll('{URL}', services.url).replaceAll('{HOME}', home).replaceAll('{BROWSER}', browserBeside(home))
  if (!after) layOut(home, scenario, filled)
  const env = { AWS_ENDPOINT_URL: '{URL}', AWS_REGION: 'us-east-1', AWS_EC2_METADATA_DISABLED: 'true', ...scenario.env }
  const child = Bun.spawn(
    ['setsid', '--wait', ...command, ...(scenario.argv ?? ['sts', 'get-caller-identity']).map(filled)],
    {
      cwd: home,
      stdin: 'pipe',
      stdout: 'pipe',
      stderr: 'pipe',
      env: {
        PATH: process.env.PATH ?? '',
        HOME: home,
        TZ: 'UTC',
        AWS_PAGER: '',
        ...Object.fromEntries(
          Object.entries(env).flatMap(([name, value]) =>
            name === 'AWS_REGION' && value === '' ? [] : [[name, filled(value)]],
          ),
        ),
      },
    },
  )
  child.stdin.write(scenario.stdin ?? '')
  let typed = scenario.typed === undefined
  if (typed) child.stdin.end()
  let stdout = ''
  const decoder = new TextDecoder()
  const reading = (async () => {
    for await (const piece of child.stdout) {
      stdout += decoder.decode(piece, { stream: true })
      const answer = typed ? undefined : scenario.typed!(stdout)
      if (answer === undefined) continue
      typed = true
      child.stdin.write(answer)
      child.stdin.end()
    }
  })()
  const [stderr, exit] = await Promise.all([new Response(child.stderr).text(), child.exited, reading])
  services.stop()
  const plain = (text: string): string => steady(text.replaceAll(services.url, '{URL}').replaceAll(home, '{HOME}'))
  return {
    exit,
    stdout: plain(stdout),
    stderr: plain(stderr),
    asked: services.asked.map((asked) => readable(asked, plain)),
    files: everyFile(home, plain),
  }
}

/** A browser whose person says yes to everything. */
function browserBeside(home: string): string {
  const path = join(dirname(home), 'browser')
  if (!existsSync(path)) {
    writeFileSync(path, '#!/bin/sh\nexec curl -sL -o /dev/null "$1"\n')
    chmodSync(path, 0o755)
  }
  return path
}

function layOut(home: string, { files = {} }: Scenario, filled: (text: string) => string): void {
  mkdirSync(join(home, '.aws'), { recursive: true })
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(home, path)), { recursive: true })
    writeFileSync(join(home, path), filled(text), { mode: 0o600 })
  }
}

/** What is other each time, by what it is. */
function steady(text: string): string {
  return text
    .replace(/http(:|%3A)(\/\/|%2F%2F)127\.0\.0\.1(:|%3A)\d+/g, '{ADDRESS}')
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '{UUID}')
    .replace(/code_challenge=[\w-]{43}/g, 'code_challenge={CHALLENGE}')
    .replace(/botocore-(session|client)-\d{10}/g, 'botocore-$1-{NOW}')
    .replace(/20(2[1-9]|[3-8]\d)-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)/g, '{SOON}')
    .replace(/-----BEGIN EC PRIVATE KEY-----[^-]+-----END EC PRIVATE KEY-----/g, '{KEY}')
}

/** What matters of a request: whom it is signed for, what it carries. */
function readable({ method, path, query, headers, body, key }: Asked, plain: (text: string) => string): unknown {
  const told = [
    'x-amz-security-token',
    'x-amz-sso_bearer_token',
    'x-aws-ec2-metadata-token',
    'x-aws-ec2-metadata-token-ttl-seconds',
  ]
  const fields = typeof body === 'object' ? { ...(body as Record<string, unknown>) } : body
  if (typeof fields === 'object' && 'codeVerifier' in fields!) {
    if (!/^[\w.~-]{64}$/.test(String(fields.codeVerifier)))
      throw new Error(`no verifier: ${String(fields.codeVerifier)}`)
    fields.codeVerifier = '{VERIFIER}'
  }
  const asked = {
    method,
    path,
    query: query.code_challenge === undefined ? query : { ...query, code_challenge: '{CHALLENGE}' },
    body: fields,
    key,
    headers: Object.fromEntries(
      told.filter((name) => headers[name] !== undefined).map((name) => [name, headers[name]]),
    ),
    authorization: key === undefined ? headers.authorization : undefined,
    dpop: headers.dpop === undefined ? undefined : claimsOf(headers.dpop),
  }
  return JSON.parse(plain(JSON.stringify(asked)))
}

function claimsOf(token: string): unknown {
  const [header, payload] = token
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  return { ...header, jwk: Object.keys(header.jwk), ...payload, iat: typeof payload.iat, jti: typeof payload.jti }
}

function everyFile(home: string, plain: (text: string) => string): Record<string, unknown> {
  const paths = readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.length + 1))
    .filter((path) => !/session\.db/.test(path))
  return Object.fromEntries(
    paths.sort().map((path) => {
      const mode = (statSync(join(home, path)).mode & 0o777).toString(8)
      return [path, { mode, content: plain(withoutTransport(readFileSync(join(home, path), 'utf8'))) }]
    }),
  )
}

/** How a connection was kept, and in which order headers came, is nothing that two HTTP clients must write down alike. */
function withoutTransport(text: string): string {
  const transport = ['connection', 'keep-alive', 'transfer-encoding', 'content-length']
  return text.replace(/"HTTPHeaders": (\{[^}]*\})/, (_, headers: string) => {
    const told = Object.entries(JSON.parse(headers)).filter(([name]) => !transport.includes(name))
    return `"HTTPHeaders": ${JSON.stringify(Object.fromEntries(told.sort()))}`
  })
}
