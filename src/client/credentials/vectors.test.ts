// The scenarios of the Rust SDK: an environment, files, recorded HTTP, and the credentials that must come of it.

import { afterAll, describe, expect, test } from 'bun:test'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { Failure } from '../../lib/errors.ts'
import { openModels } from '../../model/load.ts'
import { fileSource } from '../../model/source.ts'
import { loadSettings } from '../config/load.ts'
import { sessionToken } from './sso-token.ts'
import { chain, climb, contextOf } from './chain.ts'
import { containerUrl } from './container.ts'

const root = join(import.meta.dir, '../../..')
const vectors = join(process.env['VIRGA_SHARED'] ?? join(root, '../shared'), 'vectors/credentials/smithy-rs')
const compiled = join(root, 'build/models.bin')
const present = existsSync(vectors) && existsSync(compiled)
if (!present) console.log(`skipped: credential scenarios need ${vectors} and ${compiled}`)

const scratch = mkdtempSync(join(tmpdir(), 'virga-credentials-'))
afterAll(() => rmSync(scratch, { recursive: true }))
const read = (path: string): any => JSON.parse(readFileSync(path, 'utf8'))

/** Where AWS CLI, which we follow, does otherwise than the Rust SDK. */
const otherwise: Record<string, string> = {
  imds_token_fail: 'AWS CLI takes 403 for "no token, version 1 may do", not for an end',
  imds_default_chain_retries: 'AWS CLI asks the metadata service once, not up to four times',
  profile_overrides_web_identity:
    'AWS CLI takes the web identity of the environment, since AWS_PROFILE does not set it aside',
  credential_process: 'AWS CLI runs no shell, and this command needs one',
  credential_process_account_id_fallback: 'AWS CLI runs no shell, and this command needs one',
}

/** Without the slash at its end, and its query in order. */
function sorted(url: string): string {
  const [path = '', query = ''] = url.split('?')
  return `${path.replace(/\/$/, '')}?${query.split('&').sort().join('&')}`
}

interface Exchange {
  method: string
  uri: string
  headers: Record<string, string[]>
  status: number
  body: string
  responseHeaders: Record<string, string[]>
}

/** The recorded connections: each request with its answer. */
function recorded(path: string): Exchange[] {
  if (!existsSync(path)) return []
  const exchanges = new Map<number, Exchange>()
  for (const { connection_id: id, action } of read(path).events) {
    if (action.Request) {
      const { method, uri, headers } = action.Request.request
      exchanges.set(id, { method, uri, headers, status: 0, body: '', responseHeaders: {} })
    } else if (action.Response?.response?.Ok) {
      Object.assign(exchanges.get(id)!, {
        status: action.Response.response.Ok.status,
        responseHeaders: action.Response.response.Ok.headers,
      })
    } else if (action.Data?.direction === 'Response') {
      exchanges.get(id)!.body += action.Data.data.Utf8 ?? ''
    }
  }
  return [...exchanges.values()]
}

/** A copy of the scenario's files, in which absolute paths lead into the copy. */
function placed(folder: string): { home: string; env: Record<string, string> } {
  const place = mkdtempSync(join(scratch, 'case-'))
  const files = join(folder, 'fs')
  if (existsSync(files)) cpSync(files, place, { recursive: true })
  mkdirSync(join(place, 'home'), { recursive: true })
  const inside = (text: string): string =>
    text.replace(/(^|=\s*)(\/[\w./-]+)$/gm, (whole, before, path) =>
      existsSync(join(place, path)) ? before + join(place, path) : whole,
    )
  const rewrite = (path: string): void => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path)) rewrite(join(path, name))
    else if (/config$|credentials$/.test(path)) writeFileSync(path, inside(readFileSync(path, 'utf8')))
  }
  rewrite(place)
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries<string>(read(join(folder, 'env.json')))) env[name] = inside(value)
  return { home: join(place, 'home'), env }
}

async function scene(folder: string, scalars: 'native' | 'wire' = 'native') {
  const { home, env } = placed(folder)
  const waiting = recorded(join(folder, 'http-traffic.json'))
  const unexpected: string[] = []
  const door = async (request: HttpRequest): Promise<HttpResponse> => {
    const url = `${request.scheme}://${request.host}${request.path}${request.query && '?' + request.query}`
    const index = waiting.findIndex((each) => each.method === request.method && sorted(each.uri) === sorted(url))
    const found = waiting[index]
    if (!found) {
      unexpected.push(`${request.method} ${url}`)
      throw new Failure('Connection', `nothing is recorded for ${request.method} ${url}`, { retryable: false })
    }
    waiting.splice(index, 1)
    for (const name of ['x-aws-ec2-metadata-token', 'authorization', 'x-amz-sso_bearer_token']) {
      const wanted = found.headers[name]?.[0]
      if (wanted !== undefined && !wanted.startsWith('AWS4'))
        expect(`${name}: ${request.headers[name]}`).toBe(`${name}: ${wanted}`)
    }
    const headers = Object.fromEntries(
      Object.entries(found.responseHeaders).map(([name, values]) => [name.toLowerCase(), values.join(', ')]),
    )
    return { status: found.status, headers, body: new TextEncoder().encode(found.body) }
  }
  const surroundings = { env, home, clock: () => new Date('2001-09-09T01:46:40Z'), doors: { http: door, https: door } }
  const given = { scalars, region: folder.endsWith('region_override') ? 'us-east-2' : undefined }
  const models = await openModels({ source: fileSource(compiled) })
  return { settings: () => loadSettings(models, given, surroundings), surroundings, given, waiting, unexpected }
}

for (const suite of ['default-credential-provider-chain', 'profile-provider']) {
  describe.skipIf(!present)(suite, () => {
    for (const name of present ? readdirSync(join(vectors, suite)) : []) {
      const folder = join(vectors, suite, name)
      const { result, docs } = read(join(folder, 'test-case.json'))
      test.each(['native', 'wire'] as const)(`${name}: ${docs} (%s)`, async (scalars) => {
        const { settings, given, surroundings, waiting, unexpected } = await scene(folder, scalars)
        // The second suite looks at profiles only.
        const rungs = chain.filter((rung) => suite !== 'profile-provider' || rung.name !== 'env')
        const outcome = await settings()
          .then((loaded) => climb(contextOf(given, loaded, surroundings), rungs))
          .catch((error) => error)
        if (otherwise[name]) return console.log(`  ${name}: not as the Rust SDK: ${otherwise[name]}`)
        if (!result.Ok) {
          expect(outcome instanceof Error || outcome === undefined).toBe(true)
          return
        }
        if (outcome instanceof Error) throw outcome
        const { access_key_id, secret_access_key, session_token, account_id, expiry } = result.Ok
        expect({ ...outcome, source: undefined }).toEqual({
          accessKeyId: access_key_id,
          secretAccessKey: secret_access_key,
          sessionToken: session_token,
          accountId: account_id,
          expiration: expiry === undefined ? undefined : new Date(expiry * 1000),
          source: undefined,
        })
        expect(unexpected).toEqual([])
        expect(waiting.map((each) => each.uri)).toEqual([])
      })
    }
  })
}

describe.skipIf(!present)('default-token-provider-chain', () => {
  const suite = join(vectors, 'default-token-provider-chain')
  for (const name of present ? readdirSync(suite) : []) {
    test(name, async () => {
      const { settings, given, surroundings } = await scene(join(suite, name))
      const token = await sessionToken(contextOf(given, await settings(), surroundings))
      expect(token).toBe(read(join(suite, name, 'test-case.json')).result.Ok.token)
    })
  }
})

describe.skipIf(!present)('addresses of container credentials', () => {
  for (const { docs, env, result } of present ? read(join(vectors, 'ecs-tests.json')).tests : []) {
    test(docs, () => {
      let found: unknown
      try {
        found = containerUrl(env)
      } catch (error) {
        found = error
      }
      const url = (found as { full?: string }).full
      if (typeof result.Ok === 'string') expect(url).toBe(result.Ok)
      else expect(url).toBeUndefined()
    })
  }
})
