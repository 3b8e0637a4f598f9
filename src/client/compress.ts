// Should a request's body be compressed? For the operations whose model says so, from a size on. And an answer that
// came compressed, though it was not asked for, is read all the same.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html

import { Failure } from '../lib/errors.ts'
import type { HttpResponse } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import type { RequestMessage } from '../wire/protocol.ts'
import type { Settings } from './settings.ts'

export async function compressed(
  operation: Operation,
  message: RequestMessage,
  settings: Settings,
): Promise<RequestMessage> {
  const encodings = operation.traits.requestcompression?.encodings
  if (!encodings?.includes('gzip')) return message
  if (String(settings.key('disable_request_compression')).toLowerCase() === 'true') return message
  const { body } = message
  if (!(body instanceof Uint8Array) || body.length < leastSize(settings)) return message
  const { gzipSync } = process.getBuiltinModule('node:zlib')
  const encoding = message.headers['content-encoding']
  return {
    ...message,
    headers: { ...message.headers, 'content-encoding': encoding ? `${encoding}, gzip` : 'gzip' },
    body: new Uint8Array(gzipSync(body)),
  }
}

/** The response with the body that its writer meant. What a payload streams is the caller's, as it is. */
export function decompressed(response: HttpResponse): HttpResponse {
  const { body, headers } = response
  if (headers['content-encoding'] !== 'gzip' || !(body instanceof Uint8Array) || body[0] !== 0x1f || body[1] !== 0x8b)
    return response
  const { gunzipSync } = process.getBuiltinModule('node:zlib')
  try {
    return { ...response, body: new Uint8Array(gunzipSync(body)) }
  } catch (error) {
    throw new Failure('UnreadableResponse', `The response is not whole: ${(error as Error).message}`, {}, error)
  }
}

/** Bytes; the settings were checked when they were loaded. */
function leastSize(settings: Settings): number {
  return Number(settings.key('request_min_compression_size_bytes') ?? 10_240)
}
