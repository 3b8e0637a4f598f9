// A copy from another region is asked of the region it goes to. That one needs a link, signed for the region the copy
// comes from, by which it may ask for the data: the same request as a GET there.
// https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html

import { text, utf8 } from '../../lib/bytes.ts'
import { percentEncode } from '../../lib/percent.ts'
import type { Structure } from '../../lib/value.ts'
import { emptyBody } from '../../http/message.ts'
import type { RequestMessage } from '../../wire/protocol.ts'
import type { Exchange } from './index.ts'

export interface CopyRules {
  /** The member that takes the link. */
  link: string
  /** Whether the request itself names the region it is sent to, as its link does. */
  sendsDestination?: boolean
}

/** The message, a form, with its link added. */
export async function copiedFrom(
  source: string,
  message: RequestMessage,
  { operation, input, settings }: Exchange & { input: Structure },
  { link, sendsDestination = false }: CopyRules,
): Promise<RequestMessage> {
  const [{ addressed }, { credentialsFor, schemeFor }, { resolveEndpoint }, { presign }] = await Promise.all([
    import('../address.ts'),
    import('../auth.ts'),
    import('../endpoint/resolve.ts'),
    import('../../sign/sigv4.ts'),
  ])
  const there = { ...settings, region: source }
  const endpoint = await resolveEndpoint(operation, input, there)
  const credentials = await credentialsFor(operation, schemeFor(operation, endpoint, there), endpoint, there)
  if (!credentials) return message
  const form = text(message.body as Uint8Array)
  const destination = settings.region ?? endpoint.auth.signingRegion
  const inQuery = form.replaceAll('+', '%20') // a form may write a blank as +, a link that is signed may not
  const named = `&DestinationRegion=${percentEncode(destination)}`
  const asked = { method: 'GET', path: message.path, query: inQuery + named, headers: {}, body: emptyBody }
  const request = addressed(operation, input, asked, endpoint, there)
  const signed = presign(
    { ...request, headers: {} },
    {
      credentials,
      region: source,
      service: endpoint.auth.signingName,
      date: settings.clock(),
      expires: 3600,
    },
  )
  const url = `${signed.scheme}://${signed.host}${signed.path}?${signed.query}`
  return { ...message, body: utf8(`${form}&${link}=${percentEncode(url)}${sendsDestination ? named : ''}`) }
}
