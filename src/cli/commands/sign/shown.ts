// A signed request as a person can use it: a curl command, a record, a URL.

import { toBase64 } from '../../../lib/bytes.ts'
import { quoteWord } from '../../../lib/shlex.ts'
import type { Structure } from '../../../lib/value.ts'
import type { HttpRequest } from '../../../http/message.ts'

export function urlOf({ scheme, host, path, query }: HttpRequest): string {
  return `${scheme}://${host}${path}${query === '' ? '' : `?${query}`}`
}

/** A body that is not text goes through base64. `--path-as-is`, because what is signed may not be tidied up. */
export function asCurl(request: HttpRequest): string {
  const { method, headers, body } = request
  const bytes = body as Uint8Array
  const shown = bytes.length > 0 ? textOf(bytes) : undefined
  const lines = [`curl --path-as-is -X ${quoteWord(method)} ${quoteWord(urlOf(request))}`]
  for (const [name, value] of Object.entries(headers)) lines.push(`-H ${quoteWord(`${name}: ${value}`)}`)
  if (bytes.length > 0) {
    // curl would name a type of its own, which is not signed but may be believed.
    if (headers['content-type'] === undefined) lines.push("-H 'content-type:'")
    lines.push(shown === undefined ? '--data-binary @-' : `--data-raw ${quoteWord(shown)}`)
  }
  const command = `${lines.join(' \\\n  ')}\n`
  return bytes.length > 0 && shown === undefined ? `echo ${toBase64(bytes)} | base64 -d | ${command}` : command
}

export function recordOf(request: HttpRequest): Structure {
  const bytes = request.body as Uint8Array
  const shown = textOf(bytes)
  return {
    Method: request.method,
    Url: urlOf(request),
    Headers: { host: request.host, ...request.headers },
    ...(bytes.length === 0 ? {} : shown === undefined ? { BodyBase64: toBase64(bytes) } : { Body: shown }),
  }
}

/** Undefined for bytes that are no text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    const decoded = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return decoded.includes('\0') ? undefined : decoded
  } catch {
    return undefined
  }
}
