// Smithy RPC v2 CBOR: service and operation in the path, CBOR both ways.
// https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
//
//   POST /service/GraniteServiceVersion20100801/operation/ListMetrics
//   smithy-protocol: rpc-v2-cbor

import type { AwsError } from '../lib/errors.ts'
import { CborWriter } from '../lib/cbor.ts'
import type { Cbor } from '../lib/cbor.ts'
import { emptyBody } from '../http/message.ts'
import type { Headers, HttpResponse } from '../http/message.ts'
import { errorShape } from '../model/error-shape.ts'
import type { Shape } from '../model/model.ts'
import { cborBytes, isCborMap, parseCborBody, readCbor } from './cbor.ts'
import {
  isGenericError,
  isNamed,
  membersOrNone,
  messageMember,
  plainCode,
  queryErrorCode,
  queryErrorHeader,
  responseError,
  rpcStatus,
  statusError,
} from './errors.ts'
import { readEventBody, writeEventBody } from './event-stream.ts'
import type { EventFormat } from './event-stream.ts'
import { bodyBytes, bodyText, eventStreamMember, memberOf, responseOf } from './message.ts'
import type { Protocol } from './protocol.ts'
import { clientReading, serverReading, structureRead } from './scalars.ts'

const MIME = 'application/cbor'
const STREAM_MIME = 'application/vnd.amazon.eventstream'

const events: EventFormat = {
  mime: MIME,
  encode: cborBytes,
  decode: (member, body, reading) => readCbor(member, parseCborBody(body, reading), reading),
}

export const cborRpc: Protocol = {
  name: 'smithy-rpc-v2-cbor',

  writeRequest(operation, input) {
    const { metadata } = operation.service
    const headers: Headers = {
      'smithy-protocol': 'rpc-v2-cbor',
      accept: eventStreamMember(operation.output) ? STREAM_MIME : MIME,
    }
    if (metadata.awsQueryCompatible !== undefined) headers['x-amzn-query-mode'] = 'true'
    const body = operation.input ? cborBytes(operation.input, input, 'request') : emptyBody
    if (operation.input) headers['content-type'] = MIME
    const path = `/service/${metadata.targetPrefix}/operation/${operation.name}`
    return { method: 'POST', path, query: '', headers, body }
  },

  readRequest(operation, request) {
    if (!operation.input) return {}
    const reading = serverReading('SerializationException')
    return structureRead(readCbor(operation.input, parseCborBody(bodyBytes(request.body), reading), reading), reading)
  },

  writeResponse(operation, output, requestId) {
    const headers: Headers = { 'smithy-protocol': 'rpc-v2-cbor', 'x-amzn-requestid': requestId }
    const stream = eventStreamMember(operation.output)
    if (stream) {
      headers['content-type'] = STREAM_MIME
      return responseOf(operation, headers, writeEventBody(stream, output[stream.name], events, true))
    }
    if (!operation.output) return responseOf(operation, headers)
    headers['content-type'] = MIME
    return responseOf(operation, headers, cborBytes(operation.output, output, 'response'))
  },

  readResponse(operation, response, options) {
    const { output } = operation
    if (!output) return {}
    const reading = clientReading(options)
    const stream = eventStreamMember(output)
    if (stream) return { [stream.name]: readEventBody(stream, response.body, events, reading) }
    return structureRead(readCbor(output, parseCborBody(bodyBytes(response.body), reading), reading), reading)
  },

  writeError(service, operation, error, requestId) {
    const shape = errorShape(operation, error.code)
    return {
      status: rpcStatus(shape, error),
      headers: {
        'smithy-protocol': 'rpc-v2-cbor',
        'content-type': MIME,
        'x-amzn-requestid': requestId,
        ...queryErrorHeader(service, shape, error),
      },
      body: errorCbor(shape, error),
    }
  },

  readError(operation, response, options) {
    if (isGenericError(response) && !isNamed(response)) return statusError(response)
    const reading = clientReading(options)
    const body = errorBody(response)
    const type = body['__type']
    const code = plainCode(typeof type === 'string' ? type : String(response.status))
    const message = body['message'] ?? body['Message']
    const shape = errorShape(operation, code)
    return responseError(response, {
      code: queryErrorCode(response) ?? code,
      message: typeof message === 'string' ? message : '',
      detail: shape && membersOrNone(() => readCbor(memberOf(shape), body, reading)),
    })
  },
}

function errorBody(response: HttpResponse): { [key: string]: Cbor } {
  try {
    const body = parseCborBody(bodyBytes(response.body), clientReading(undefined))
    return isCborMap(body) ? body : {}
  } catch {
    return { message: bodyText(response.body) }
  }
}

/** A map of `__type`, the message, and the modelled members. */
function errorCbor(shape: Shape | undefined, error: AwsError): Uint8Array {
  const known = messageMember(shape)
  const detail: [string, Uint8Array][] = []
  for (const member of shape?.members ?? []) {
    const value = error.detail[member.name]
    if (value === undefined || value === null || member.name === known) continue
    detail.push([member.traits.locationName ?? member.name, cborBytes(member, value, 'response')])
  }
  const writer = new CborWriter()
  writer.map(2 + detail.length)
  writer.string('__type')
  writer.string(shape?.name ?? error.code)
  writer.string((known && shape?.memberNamed(known)?.traits.locationName) ?? known ?? 'message')
  writer.string(error.message)
  for (const [name, bytes] of detail) {
    writer.string(name)
    writer.raw(bytes)
  }
  return writer.done()
}
