// rest-json and rest-xml: members go to the path, the query string and the headers; the rest is the body.
// https://smithy.io/2.0/spec/http-bindings.html
//
// A protocol is this file with a format for the body.

import { text, utf8 } from '../lib/bytes.ts'
import type { AwsError } from '../lib/errors.ts'
import { filter } from '../lib/iterate.ts'
import type { Structure, Value } from '../lib/value.ts'
import { emptyBody } from '../http/message.ts'
import type { Body, Headers, HttpResponse } from '../http/message.ts'
import { errorShape } from '../model/error-shape.ts'
import type { Member, Operation, ProtocolName, Service, Shape } from '../model/model.ts'
import { bindRequest, readBound, readBoundResponse, writeHeader } from './bindings.ts'
import { errorStatus, isGenericError, isNamed, statusError } from './errors.ts'
import { readEventBody, writeEventBody } from './event-stream.ts'
import type { EventFormat } from './event-stream.ts'
import { bodyBytes, memberOf } from './message.ts'
import type { Protocol, ReadOptions } from './protocol.ts'
import { clientReading, structureRead } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'

/** What rest-json and rest-xml do differently. */
export interface RestFormat {
  readonly name: ProtocolName
  readonly mime: string
  /** The Content-Type of a request whose body is a document. */
  readonly requestMime: string | undefined
  /** The body of an input, an output or a payload. `root` is where the body is a document of the operation. */
  encode(operation: Operation, member: Member, value: Value, side: Side): Uint8Array
  /** The whole of a body; an empty body reads as nothing set. */
  decode(operation: Operation, member: Member, body: Uint8Array, reading: Reading): Value
  /** The body where members could stand but none is set, or the payload is absent. */
  readonly nothing: Uint8Array
  /** Whether an input none of whose body members is set still has the body `nothing`. */
  readonly alwaysBody: boolean
  readonly events: EventFormat
  requestReading(): Reading
  requestIdHeaders(service: Service, requestId: string): Headers
  writeError(
    service: Service,
    shape: Shape | undefined,
    error: AwsError,
    requestId: string,
  ): { headers: Headers; body: Uint8Array }
  readError(operation: Operation, response: HttpResponse, options: ReadOptions | undefined): AwsError
}

export function rest(format: RestFormat): Protocol {
  return {
    name: format.name,

    writeRequest(operation, input) {
      const { method, requestUri } = operation.http
      if (!operation.input) {
        const [path = '/', query = ''] = requestUri.split('?')
        return { method, path, query, headers: {}, body: emptyBody }
      }
      const { path, query, headers, body } = bindRequest(operation, input)
      const payload = payloadMember(operation.input)
      const content = payload
        ? requestPayload(format, operation, payload, input[payload.name])
        : requestDocument(format, operation, operation.input, body)
      if (content.mime !== undefined) headers['content-type'] ??= content.mime
      return { method, path, query, headers, body: content.body }
    },

    readRequest(operation, request) {
      const { input } = operation
      if (!input) return {}
      const reading = format.requestReading()
      const value = readBound(operation, request, reading)
      return Object.assign(value, readContent(format, operation, input, request.body, reading))
    },

    writeResponse(operation, output, requestId) {
      const { output: member } = operation
      const headers = format.requestIdHeaders(operation.service, requestId)
      let status = operation.http.responseCode ?? 200
      if (!member) return { status, headers, body: emptyBody }
      const rest: Structure = {}
      for (const known of member.shape.members) {
        const value = output[known.name]
        if (value === undefined || value === null) continue
        const { location } = known.traits
        if (location === 'statusCode') status = Number(value)
        else if (location === 'header' || location === 'headers') writeHeader(known, value, headers, 'response')
        else rest[known.name] = value
      }
      const content = responseContent(format, operation, member, rest)
      if (content.mime !== undefined) headers['content-type'] ??= content.mime
      return { status, headers, body: content.body }
    },

    readResponse(operation, response, options) {
      const { output } = operation
      if (!output) return {}
      const reading = clientReading(options)
      const value = readBoundResponse(output, response, reading)
      return Object.assign(value, readContent(format, operation, output, response.body, reading))
    },

    writeError(service, operation, error, requestId) {
      const shape = errorShape(operation, error.code)
      const { headers, body } = format.writeError(service, shape, error, requestId)
      for (const member of shape?.members ?? []) {
        const value = error.detail[member.name]
        if (member.traits.location === 'header' && value !== undefined && value !== null) {
          writeHeader(member, value, headers, 'response')
        }
      }
      return { status: errorStatus(shape, error), headers, body }
    },

    readError(operation, response, options) {
      if (isGenericError(response) && !isNamed(response)) return statusError(response)
      const error = format.readError(operation, response, options)
      const shape = errorShape(operation, error.code)
      if (shape) Object.assign(error.detail, readBoundResponse(memberOf(shape), response, clientReading(options)))
      return error
    },
  }
}

interface Content {
  body: Body
  mime: string | undefined
}

function payloadMember(member: Member): Member | undefined {
  const { payload } = member.traits
  return payload === undefined ? undefined : member.shape.memberNamed(payload)
}

function isRaw(member: Member): boolean {
  return member.shape.type === 'blob' || member.shape.type === 'string'
}

function requestPayload(format: RestFormat, operation: Operation, payload: Member, value: Value | undefined): Content {
  if (payload.traits.eventstream) {
    return { body: writeEventBody(payload, value, format.events, false), mime: 'application/vnd.amazon.eventstream' }
  }
  if (isRaw(payload)) return { body: rawBody(value), mime: undefined }
  const body =
    value === undefined || value === null ? format.nothing : format.encode(operation, payload, value, 'request')
  return { body, mime: body.length > 0 ? format.requestMime : undefined }
}

function rawBody(value: Value | undefined): Body {
  if (value === undefined || value === null) return emptyBody
  return typeof value === 'string' ? utf8(value) : (value as Body)
}

function requestDocument(format: RestFormat, operation: Operation, input: Member, members: Structure): Content {
  if (Object.keys(members).length > 0) {
    return { body: format.encode(operation, input, members, 'request'), mime: format.requestMime }
  }
  const some = format.alwaysBody && input.shape.members.some((member) => inBody(member, 'request'))
  return some ? { body: format.nothing, mime: format.requestMime } : { body: emptyBody, mime: undefined }
}

function responseContent(format: RestFormat, operation: Operation, output: Member, members: Structure): Content {
  const payload = payloadMember(output)
  if (!payload) {
    if (!output.shape.members.some((member) => inBody(member, 'response'))) {
      return { body: emptyBody, mime: undefined }
    }
    return { body: format.encode(operation, output, members, 'response'), mime: format.mime }
  }
  const value = members[payload.name]
  if (payload.traits.eventstream) {
    return { body: writeEventBody(payload, value, format.events, false), mime: 'application/vnd.amazon.eventstream' }
  }
  if (isRaw(payload)) {
    return { body: rawBody(value), mime: payload.shape.type === 'blob' ? 'application/octet-stream' : 'text/plain' }
  }
  if (value === undefined) return { body: emptyBody, mime: undefined }
  return { body: format.encode(operation, payload, value, 'response'), mime: format.mime }
}

/** What the body says: of the payload member, or of all members that stand nowhere else. */
function readContent(
  format: RestFormat,
  operation: Operation,
  member: Member,
  body: Body,
  reading: Reading,
): Structure {
  const payload = payloadMember(member)
  if (!payload) {
    const side = reading.strict ? 'request' : 'response'
    const elsewhere = filter(member.shape.members, (known) => !inBody(known, side))
    if (elsewhere.length === member.shape.members.length) return {}
    const value = structureRead(format.decode(operation, member, bodyBytes(body), reading), reading)
    for (const known of elsewhere) delete value[known.name]
    return value
  }
  const { name } = payload
  if (payload.traits.eventstream) return { [name]: readEventBody(payload, body, format.events, reading) }
  if (isRaw(payload)) {
    if (reading.strict && body instanceof Uint8Array && body.length === 0) return {}
    return { [name]: payload.shape.type === 'string' && body instanceof Uint8Array ? text(body) : (body as Value) }
  }
  const bytes = bodyBytes(body)
  if (bytes.length === 0 && (reading.strict || payload.shape.traits.union)) return {}
  return { [name]: format.decode(operation, payload, bytes, reading) }
}

/** Whether a member stands in the body: labels and query parameters are nothing to a response. */
function inBody(member: Member, side: Side): boolean {
  const { location } = member.traits
  return location === undefined || (side === 'response' && (location === 'uri' || location === 'querystring'))
}
