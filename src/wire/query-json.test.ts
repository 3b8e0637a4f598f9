// A query service's answers in JSON: of what has members, of what has none, and of what went wrong.

import { expect, test } from 'bun:test'
import { text } from '../lib/bytes.ts'
import { AwsError } from '../lib/errors.ts'
import type { HttpResponse } from '../http/message.ts'
import { rawService } from '../model/raw.ts'
import { queryInJson } from './query-json.ts'

const service = rawService('things', {
  service: {
    metadata: {
      apiVersion: '2010-03-31',
      endpointPrefix: 'things',
      serviceId: 'Things',
      serviceFullName: 'Things',
      protocol: 'query',
      xmlNamespace: 'http://things.example/doc/',
    },
    operations: {
      List: {
        name: 'List',
        http: { method: 'POST', requestUri: '/' },
        output: { shape: 'Out', resultWrapper: 'ListResult' },
        errors: [{ shape: 'Gone' }],
      },
      Drop: { name: 'Drop', http: { method: 'POST', requestUri: '/' } },
    },
    shapes: {
      Out: {
        type: 'structure',
        members: {
          Names: { shape: 'Names' },
          Attributes: { shape: 'Map' },
          Made: { shape: 'Time' },
          Next: { shape: 'Text' },
        },
      },
      Names: { type: 'list', member: { shape: 'Text' } },
      Map: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Text' } },
      Text: { type: 'string' },
      Time: { type: 'timestamp' },
      Gone: {
        type: 'structure',
        exception: true,
        error: { code: 'ThingGone', httpStatusCode: 404, senderFault: true },
        members: {},
      },
    },
  },
})

const body = (response: HttpResponse): unknown => JSON.parse(text(response.body as Uint8Array))
const told = (name: string, output: object): unknown =>
  body(queryInJson.writeResponse(service.operation(name), output as any, 'R'))

test('members by their names, moments as seconds, and null for what is not there', () =>
  expect(told('List', { Names: ['a', '"'], Attributes: { k: 'v' }, Made: new Date(1_500_000) })).toEqual({
    ListResponse: {
      ListResult: { Names: ['a', '"'], Attributes: { k: 'v' }, Made: 1500, Next: null },
      ResponseMetadata: { RequestId: 'R' },
    },
  }))

test('an operation without an output', () =>
  expect(told('Drop', {})).toEqual({ DropResponse: { ResponseMetadata: { RequestId: 'R' } } }))

test.each([
  ['Gone', 'ThingGone', 404],
  ['AccessDenied', 'AccessDenied', 403],
])('the error %s', (code, Code, status) => {
  const error = new AwsError(code, 'why', { status: 403 })
  const response = queryInJson.writeError(service, service.operation('List'), error, 'R')
  expect([response.status, response.headers['content-type']]).toEqual([status, 'application/json'])
  expect(body(response)).toEqual({ Error: { Code, Message: 'why', Type: 'Sender' }, RequestId: 'R' })
})
