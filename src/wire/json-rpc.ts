// awsJson 1.0 and 1.1: one path, the operation in a header, JSON both ways.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
//
//   POST /                                            HTTP/1.1 200
//   x-amz-target: DynamoDB_20120810.GetItem           x-amzn-requestid: …
//   content-type: application/x-amz-json-1.0          {"Item": {…}}
//   {"TableName": "t", "Key": {…}}

import { utf8 } from '../lib/bytes.ts'
import { asciiString } from '../lib/json.ts'
import type { Json } from '../lib/json.ts'
import type { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Body, Headers, HttpResponse } from '../http/message.ts'
import { errorShape } from '../model/error-shape.ts'
import type { Member, Operation, Service, Shape } from '../model/model.ts'
import {
  bodyDetail,
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
import { isObject, jsonBytes, jsonText, parseJsonBody, readJson } from './json.ts'
import { bodyBytes, bodyText, eventStreamMember, memberOf, responseOf } from './message.ts'
import type { Protocol, ReadOptions } from './protocol.ts'
import { clientReading, serverReading, structureRead } from './scalars.ts'
import type { Reading } from './scalars.ts'

export const jsonRpc: Protocol = {
  name: 'json',

  writeRequest(operation, input) {
    const { metadata } = operation.service
    const headers: Headers = {
      'x-amz-target': `${metadata.targetPrefix}.${operation.name}`,
      'content-type': contentType(operation.service),
    }
    if (metadata.awsQueryCompatible !== undefined) headers['x-amzn-query-mode'] = 'true'
    const body = operation.input ? jsonBytes(operation.input, input, 'request') : utf8('{}')
    return { method: operation.http.method, path: '/', query: '', headers, body }
  },

  readRequest(operation, request) {
    const reading = serverReading('SerializationException', undefined, namespaced[operation.service.name])
    return operation.input ? readBody(operation.input, request.body, reading) : {}
  },

  writeResponse(operation, output, requestId) {
    const headers: Headers = { 'content-type': contentType(operation.service), 'x-amzn-requestid': requestId }
    const stream = eventStreamMember(operation.output)
    if (stream) {
      headers['content-type'] = 'application/vnd.amazon.eventstream'
      return responseOf(operation, headers, writeEventBody(stream, output[stream.name], jsonEvents, true))
    }
    // Operations without output are answered without a body, as the services do.
    return responseOf(operation, headers, operation.output && jsonBytes(operation.output, output, 'response'))
  },

  readResponse(operation, response, options) {
    const reading = clientReading(options)
    const { output } = operation
    if (!output) return {}
    const stream = eventStreamMember(output)
    if (stream) return { [stream.name]: readEventBody(stream, response.body, jsonEvents, reading) }
    return readBody(output, response.body, reading)
  },

  writeError(service, operation, error, requestId) {
    const shape = errorShape(operation, error.code)
    return {
      status: rpcStatus(shape, error),
      headers: {
        'content-type': contentType(service),
        'x-amzn-requestid': requestId,
        ...queryErrorHeader(service, shape, error),
      },
      body: utf8(errorJson(shape, error, { __type: typeOfError(service, shape, error) }, messageKey(service, error))),
    }
  },

  readError(operation, response, options) {
    if (isGenericError(response) && !isNamed(response)) return statusError(response)
    const body = errorBody(response)
    return jsonError(operation, response, body, jsonCode(response, body, '__type'), options)
  },
}

/** Services whose errors have kept the namespaces of their shapes, which programs have come to compare. */
const namespaced: Readonly<Record<string, string>> = {
  dynamodb: 'com.amazonaws.dynamodb.v20120810',
  dynamodbstreams: 'com.amazonaws.dynamodb.v20120810',
}

function typeOfError(service: Service, shape: Shape | undefined, { code }: AwsError): string {
  const own = namespaced[service.name]
  if (own === undefined) return shape?.name ?? code
  if (shape) return `${own}#${shape.name}`
  return `com.amazon.coral.${code === 'ValidationException' ? 'validate' : 'service'}#${code}`
}

/** What the services' common front says, it says with a capital. */
function messageKey({ name }: Service, { code }: AwsError): string {
  return namespaced[name] !== undefined && /^(Serialization|AccessDenied)Exception$/.test(code) ? 'Message' : 'message'
}

function contentType(service: Service): string {
  return `application/x-amz-json-${service.metadata.jsonVersion ?? '1.1'}`
}

function readBody(member: Member, body: Body, reading: Reading): Structure {
  const json = parseJsonBody(bodyBytes(body), reading)
  try {
    return structureRead(readJson(member, json, reading), reading)
  } catch (error) {
    // The stack's end: no shape is read to such a depth by honest means.
    if (error instanceof RangeError) return reading.fail('The body is nested too deeply')
    throw error
  }
}

/** The parsed body of an error; what cannot be parsed is the message, as in the reference. */
export function errorBody(response: HttpResponse): { [key: string]: Json } {
  const reading = clientReading({ scalars: 'wire' })
  try {
    const json = parseJsonBody(bodyBytes(response.body), reading)
    return isObject(json) ? json : {}
  } catch {
    return { message: bodyText(response.body) }
  }
}

/** The code of an error: one key of the body goes before the header, the others after it, the status comes last. */
export function jsonCode(response: HttpResponse, body: { [key: string]: Json }, first?: string): string {
  const found =
    (first === undefined ? undefined : body[first]) ??
    response.headers['x-amzn-errortype'] ??
    body['code'] ??
    body['Code'] ??
    body['__type'] ??
    response.status
  return plainCode(String(found))
}

/** The error a JSON body tells of, under the code its protocol has found. */
export function jsonError(
  operation: Operation,
  response: HttpResponse,
  body: { [key: string]: Json },
  code: string,
  options: ReadOptions | undefined,
): AwsError {
  const message = body['message'] ?? body['Message'] ?? ''
  const queryCode = queryErrorCode(response)
  const shape = errorShape(operation, code) ?? (queryCode ? errorShape(operation, queryCode) : undefined)
  return responseError(response, {
    code: queryCode ?? code,
    message: typeof message === 'string' ? message : String(message),
    detail: shape && membersOrNone(() => readJson(memberOf(shape), body, clientReading(options))),
  })
}

/** An error's body: its type where the protocol has it there, the message under its modelled name, the other members. */
export function errorJson(
  shape: Shape | undefined,
  error: AwsError,
  head: Record<string, string>,
  messageKey = 'message',
): string {
  const known = messageMember(shape)
  const member = known === undefined ? undefined : shape?.memberNamed(known)
  const parts = Object.entries({ ...head, [member?.traits.locationName ?? known ?? messageKey]: error.message }).map(
    ([key, text]) => `${asciiString(key)}:${JSON.stringify(text)}`,
  )
  if (shape) {
    const rest = jsonText(memberOf(shape), bodyDetail(shape, error.detail), 'response').slice(1, -1)
    if (rest !== '') parts.push(rest)
  }
  return `{${parts.join(',')}}`
}

/** How an event's payload is written and read. */
export const jsonEvents: EventFormat = {
  mime: 'application/json',
  encode: jsonBytes,
  decode: (member, body, reading) => readJson(member, parseJsonBody(body, reading), reading),
}
