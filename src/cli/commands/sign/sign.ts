// `virga sign URL`: any HTTP request signed, shown as a curl command or a record, or sent.

import { utf8 } from '../../../lib/bytes.ts'
import { Failure } from '../../../lib/errors.ts'
import { percentDecode } from '../../../lib/percent.ts'
import { parseInteger } from '../../../lib/python.ts'
import type { Value } from '../../../lib/value.ts'
import { readBody } from '../../../http/message.ts'
import type { Wish } from '../../../client/any-request.ts'
import { command } from '../command.ts'
import type { GivenWords } from '../command.ts'
import { asCurl, recordOf, urlOf } from './shown.ts'

export const sign = command({
  name: 'sign',
  help: 'Signs any HTTP request with Signature Version 4 and shows it, or sends it.',
  arguments: {
    url: { positional: true, help: 'Where the request goes.' },
    method: { help: 'GET, or POST where there is a body, unless another is named.' },
    header: { append: 'words', nargs: '+', help: "A header, 'name: value'. May be given several times." },
    data: { help: 'The body; file:// and fileb:// read it from a file.' },
    service: { help: 'The signing name, such as execute-api. Without it the host says which service it is.' },
    in: { choices: ['headers', 'query'], default: 'headers', help: 'Where the signature goes.' },
    'expires-in': { default: '3600', help: 'How long a signature in the query is good, in seconds.' },
    'signature-version': { choices: ['4', '4a'], default: '4', help: '4, or 4a, which is good in several regions.' },
    as: { choices: ['curl', 'record', 'url'], help: 'How it is shown: curl (the default), record, or url.' },
    send: { flag: true, help: 'Sends it, and writes the body of the response to stdout.' },
  },
  run: async (given, { outside, globals, settings, show, write, warn }) => {
    const { signedRequest } = await import('../../../client/any-request.ts')
    const client = await settings()
    const request = await signedRequest(wishOf(given, globals.region), client)
    if (client.refuse) requireLooking(request.method, request.query)
    if (given['send'] === true) {
      const { status, body } = await client.send(request, {
        connectTimeout: client.connectTimeout,
        readTimeout: client.readTimeout,
      })
      outside.stdout.write(await readBody(body))
      if (status < 400) return 0
      warn(`HTTP ${status}`)
      return 254
    }
    const as = given['as'] ?? (given['in'] === 'query' ? 'url' : 'curl')
    if (as === 'record') await show('Sign', recordOf(request))
    else write(as === 'url' ? `${urlOf(request)}\n` : asCurl(request))
    return 0
  },
})

/**
 * What a request of any kind does is known to nobody here, and one that is signed may be sent by anybody. A form in a
 * query (`?Action=CreateUser`) may do anything, too. Throws Failure('ReadOnly').
 */
export function requireLooking(method: string, query: string): void {
  const isForm = query.split('&').some((pair) => /^action=/i.test(percentDecode(pair)))
  const named = isForm ? 'a form' : method
  if (named === 'GET' || named === 'HEAD') return
  throw new Failure(
    'ReadOnly',
    `The request was not signed: only looking is allowed here (--read-only), and ${named} may change something.`,
  )
}

function wishOf(given: GivenWords, region: string | undefined): Wish {
  const { data } = given
  return {
    url: String(given['url']),
    method: textOf(given['method']),
    headers: headersOf((given['header'] ?? []) as Value[]),
    body: data instanceof Uint8Array ? data : typeof data === 'string' ? utf8(data) : undefined,
    service: textOf(given['service']),
    region,
    scheme: given['signature-version'] === '4a' ? 'sigv4a' : 'sigv4',
    form: given['in'] as 'headers' | 'query',
    expires: secondsOf(String(given['expires-in'])),
  }
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function headersOf(words: readonly Value[]): Record<string, string> {
  const headers: Record<string, string> = {}
  for (const word of words.flat() as string[]) {
    const parts = /^([^\s:]+):(.*)$/s.exec(word)
    if (!parts) throw new Failure('ParamValidation', `A header is 'name: value', not '${word}'`)
    headers[parts[1]!.toLowerCase()] = parts[2]!.trim()
  }
  return headers
}

export function secondsOf(text: string): number {
  const seconds = Number(parseInteger(text) ?? NaN)
  if (seconds >= 1 && seconds <= 604_800) return seconds
  throw new Failure('ParamValidation', `--expires-in is a number of seconds from 1 to 604800, not '${text}'`)
}
