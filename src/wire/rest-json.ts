// rest-json: REST with JSON bodies (Lambda, API Gateway, EKS …).
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html

import { utf8 } from '../lib/bytes.ts'
import type { Value } from '../lib/value.ts'
import { queryErrorHeader } from './errors.ts'
import { jsonBytes, parseJsonBody, readJson } from './json.ts'
import { errorBody, errorJson, jsonCode, jsonError, jsonEvents } from './json-rpc.ts'
import { rest } from './rest.ts'
import type { RestFormat } from './rest.ts'
import { serverReading } from './scalars.ts'

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
    return jsonError(operation, response, body, jsonCode(response, body), options)
  },
}

export const restJson = rest(format)
