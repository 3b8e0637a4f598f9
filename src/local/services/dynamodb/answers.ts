// What does every answer of DynamoDB carry beside its body? A request id in its form, and a checksum that clients check.

import { toHex } from '../../../lib/bytes.ts'
import { crc32Of } from '../../../lib/checksum.ts'
import type { Headers, HttpRequest, HttpResponse } from '../../../http/message.ts'

/** 52 capital letters and digits. */
export function newRequestId(): string {
  return toHex(crypto.getRandomValues(new Uint8Array(26))).toUpperCase()
}

export function responseHeaders(_: HttpRequest, _id: string, { body }: HttpResponse): Headers {
  if (!(body instanceof Uint8Array)) return {}
  return { 'x-amz-crc32': String(crc32Of(body)) }
}
