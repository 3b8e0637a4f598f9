// Signature Version 2, which SimpleDB still wants: the proof stands among the members of the form.
// https://docs.aws.amazon.com/AmazonSimpleDB/latest/DeveloperGuide/HMACAuth.html
//
//   Action=ListDomains&Version=2009-04-15&AWSAccessKeyId=AKIDEXAMPLE&SignatureVersion=2&SignatureMethod=HmacSHA256
//     &Timestamp=2026-01-02T03%3A04%3A05Z&Signature=6gdrgrEp…

import { text, toBase64, utf8 } from '../lib/bytes.ts'
import type { Credentials } from '../lib/credentials.ts'
import { hmacSha256 } from '../lib/hash.ts'
import { percentDecode, percentEncode } from '../lib/percent.ts'
import type { HttpRequest } from '../http/message.ts'

/** The request, whose body is a form, with its proof added to it. */
export function signForm(request: HttpRequest, credentials: Credentials, date: Date): HttpRequest {
  const parameters = new Map(
    text(request.body as Uint8Array)
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const [name = '', value = ''] = pair.replaceAll('+', ' ').split(/=(.*)/s)
        return [percentDecode(name), percentDecode(value)]
      }),
  )
  parameters.set('AWSAccessKeyId', credentials.accessKeyId)
  parameters.set('SignatureVersion', '2')
  parameters.set('SignatureMethod', 'HmacSHA256')
  parameters.set('Timestamp', date.toISOString().replace(/\.\d+/, ''))
  if (credentials.sessionToken !== undefined) parameters.set('SecurityToken', credentials.sessionToken)
  parameters.delete('Signature')
  const names = [...parameters.keys()].sort()
  const pair = (name: string): string => `${percentEncode(name)}=${percentEncode(parameters.get(name)!)}`
  const toSign = [request.method, request.host, request.path, names.map(pair).join('&')].join('\n')
  parameters.set('Signature', toBase64(hmacSha256(credentials.secretAccessKey, toSign)))
  return { ...request, body: utf8([...parameters.keys()].map(pair).join('&')) }
}
