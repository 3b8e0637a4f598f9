// rest-json: REST with JSON bodies (Lambda, API Gateway, EKS …).
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html

import { utf8 } from '../lib/bytes.ts'
import type { Value } from '../lib/value.ts'
import { readBoundResponse } from './bindings.ts'
import { errorShape, plainCode, queryErrorHeader } from './errors.ts'
import { jsonBytes, parseJsonBody, readJson } from './json.ts'
import { errorBody, errorJson, jsonError, jsonEvents } from './json-rpc.ts'
import { memberOf } from './message.ts'
import { rest } from './rest.ts'
import type { RestFormat } from './rest.ts'
import { clientReading, serverReading } from './scalars.ts'

const format: RestFormat = {
  name: 'rest-json',
  mime: 'application/json',
  requestMime: 'application/json',
  encode: (_, member, value, side) => jsonBytes(member, value, side),
  decode(_, member, body, reading): Value {
    const json = parseJsonBody(body, reading)
    return readJson(member, json, reading, true)
  },
  nothing: utf8('{}'),
  alwaysBody: true,
  events: jsonEvents,
  requestReading: () => serverReading('SerializationException'),
  requestIdHeaders: (_, requestId) => ({ 'x-amzn-requestid': requestId }),

  writeError(service, shape, error, requestId) {
    return {
      headers: {
        'content-type': 'application/json',
        'x-amzn-requestid': requestId,
        'x-amzn-errortype': shape?.name ?? error.code,
        ...queryErrorHeader(service, shape, error),
      },
      body: utf8(errorJson(shape, error, {})),
    }
  },

  readError(operation, response, options) {
    const body = errorBody(response)
    const found = response.headers['x-amzn-errortype'] ?? body['code'] ?? body['Code'] ?? body['__type']
    const code = plainCode(found === undefined || found === null ? String(response.status) : String(found))
    const shape = errorShape(operation, code)
    const located = shape ? readBoundResponse(memberOf(shape), response, clientReading(options)) : {}
    return jsonError(operation, response, body, code, options, located)
  },
}

export const restJson = rest(format)
