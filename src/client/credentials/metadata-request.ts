// One request to a metadata service: plain HTTP to an address of this machine or its container host.

import type { HttpResponse } from '../../http/message.ts'
import { emptyBody, readBody } from '../../http/message.ts'
import { text } from '../../lib/bytes.ts'
import type { Settings } from '../settings.ts'

export interface MetadataAnswer {
  status: number
  text: string
}

/** Throws Failure('Connection' | 'Timeout'). */
export async function metadata(
  settings: Settings,
  method: 'GET' | 'PUT',
  url: string,
  headers: Readonly<Record<string, string>>,
  timeoutSeconds: number,
): Promise<MetadataAnswer> {
  const place = new URL(url)
  const timeout = timeoutSeconds * 1000
  const response: HttpResponse = await settings.send(
    {
      method,
      scheme: place.protocol === 'https:' ? 'https' : 'http',
      host: place.host,
      path: place.pathname,
      query: place.search.slice(1),
      headers: { ...headers, 'user-agent': settings.userAgent },
      body: emptyBody,
    },
    { connectTimeout: timeout, readTimeout: timeout },
  )
  return { status: response.status, text: text(await readBody(response.body)) }
}
