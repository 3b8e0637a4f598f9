// Reads AWS's signing vectors; for tests only.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import { utf8 } from '../lib/bytes.ts'
import type { PresignOptions } from './types.ts'

export const root = join(process.env['VIRGA_SHARED'] ?? '../shared', 'vectors/sigv4')

export interface Context {
  credentials: { access_key_id: string; secret_access_key: string; token?: string }
  expiration_in_seconds: number
  normalize: boolean
  double_uri_encode?: boolean
  region: string
  service: string
  sign_body: boolean
  timestamp: string
  omit_session_token?: boolean
}

/** A vector's request.txt: a request line, headers (a line that begins with a space goes on with the last), a body. */
export function readRequest(raw: string): HttpRequest {
  const end = raw.search(/\r?\n\r?\n/)
  const head = end < 0 ? raw : raw.slice(0, end)
  const body = end < 0 ? '' : raw.slice(end).replace(/^\r?\n\r?\n/, '')
  const [line, ...rest] = head.split(/\r?\n/)
  const [, method, target] = /^(\S+) (.*?)(?: HTTP\/1.1)?$/.exec(line!)!
  const headers: Record<string, string> = {}
  let last = ''
  for (const row of rest.filter((row) => row !== '')) {
    if (/^\s/.test(row)) {
      headers[last] += '\n' + row
      continue
    }
    const colon = row.indexOf(':')
    last = row.slice(0, colon).toLowerCase()
    const value = row.slice(colon + 1)
    headers[last] = headers[last] === undefined ? value : headers[last] + ',' + value.trim()
  }
  const host = headers['host'] ?? ''
  delete headers['host']
  const question = target!.indexOf('?')
  return {
    method: method!,
    scheme: 'https',
    host,
    path: question < 0 ? target! : target!.slice(0, question),
    query: question < 0 ? '' : target!.slice(question + 1),
    headers,
    body: body === '' ? emptyBody : utf8(body),
  }
}

export function optionsOf(context: Context): PresignOptions {
  return {
    credentials: {
      accessKeyId: context.credentials.access_key_id,
      secretAccessKey: context.credentials.secret_access_key,
      sessionToken: context.credentials.token,
    },
    region: context.region,
    service: context.service,
    date: new Date(context.timestamp),
    expires: context.expiration_in_seconds,
    payloadHash: context.sign_body ? undefined : 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    contentSha256Header: context.sign_body,
    normalizePath: context.normalize,
    pathAsSent: context.double_uri_encode === false,
    tokenAfterSigning: context.omit_session_token ?? false,
  }
}

export const has = existsSync(root)
export const cases = (suite: string): string[] =>
  has ? readdirSync(join(root, suite)).filter((name) => !name.includes('.')) : []
export const read = (...parts: string[]): string => readFileSync(join(root, ...parts), 'utf8')
export const contextOf = (suite: string, name: string): Context =>
  JSON.parse(read(suite, name, 'context.json')) as Context
