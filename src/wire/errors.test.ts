// What does a response that is no success say? Tables of the forms errors come in, and what the server answers with.

import { describe, expect, test } from 'bun:test'
import { text, utf8 } from '../lib/bytes.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import { Float, keysOf } from '../lib/value.ts'
import type { Structure } from '../lib/value.ts'
import type { HttpResponse } from '../http/message.ts'
import type { Operation, ProtocolName } from '../model/model.ts'
import { operationDo } from './operation.fixture.ts'
import { protocols } from './protocols.ts'

const shapes = {
  In: {
    type: 'structure',
    members: {
      Text: { shape: 'Text' },
      Count: { shape: 'Count' },
      List: { shape: 'Texts' },
      Data: { shape: 'Data' },
      Flag: { shape: 'Flag' },
      Map: { shape: 'Map' },
      Inner: { shape: 'In' },
      Rate: { shape: 'Rate' },
      When: { shape: 'When' },
      Either: { shape: 'Either' },
    },
  },
  Either: { type: 'structure', union: true, members: { A: { shape: 'Text' }, B: { shape: 'Count' } } },
  Text: { type: 'string' },
  Count: { type: 'long' },
  Data: { type: 'blob' },
  Flag: { type: 'boolean' },
  Rate: { type: 'double' },
  When: { type: 'timestamp' },
  Texts: { type: 'list', member: { shape: 'Text' } },
  Map: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Rate' } },
  Gone: {
    type: 'structure',
    exception: true,
    error: { code: 'Thing.Gone', httpStatusCode: 410, senderFault: true },
    members: { message: { shape: 'Text' }, Left: { shape: 'Count' } },
  },
  Broken: { type: 'structure', exception: true, fault: true, members: { Message: { shape: 'Text' } } },
}

function operationOf(protocol: ProtocolName, metadata: Record<string, unknown> = {}, name = 'thing'): Operation {
  const output = { shape: 'In', ...(protocol === 'query' && { resultWrapper: 'DoResult' }) }
  const operation = { input: { shape: 'In' }, output, errors: [{ shape: 'Gone' }, { shape: 'Broken' }] }
  return operationDo(protocol, { operation, shapes, metadata, name })
}

function response(status: number, body: string, headers: Record<string, string> = {}): HttpResponse {
  return { status, headers, body: utf8(body) }
}

const all: ProtocolName[] = ['json', 'rest-json', 'rest-xml', 'query', 'ec2', 'smithy-rpc-v2-cbor']

describe('an error response is read', () => {
  const cases: [
    what: string,
    protocol: ProtocolName,
    response: HttpResponse,
    error: Partial<Record<'code' | 'message' | 'id' | 'detail', unknown>>,
  ][] = [
    [
      'a namespace and a URI around the code',
      'json',
      response(400, '{"__type":"com.amazonaws.x#Thing.Gone:http://x","message":"m"}'),
      { code: 'Thing.Gone', message: 'm' },
    ],
    ['Message in upper case', 'json', response(400, '{"__type":"X","Message":"m"}'), { code: 'X', message: 'm' }],
    ['no code at all', 'json', response(400, '{}'), { code: '400', message: '' }],
    ['no JSON', 'json', response(400, 'what?'), { code: '400', message: 'what?' }],
    ['JSON that is no object', 'json', response(400, '"x"'), { code: '400', message: '' }],
    [
      'modelled members',
      'json',
      response(410, '{"__type":"Gone","message":"m","Left":3,"Other":1}'),
      { code: 'Gone', message: 'm', detail: { Left: 3 } },
    ],
    [
      'modelled members that do not fit',
      'json',
      response(410, '{"__type":"Gone","message":"m","Left":[]}'),
      { code: 'Gone' },
    ],
    [
      'the code of the query days',
      'json',
      response(400, '{"__type":"x#Gone","message":"m"}', { 'x-amzn-query-error': 'Old.Gone;Sender' }),
      { code: 'Old.Gone', message: 'm' },
    ],
    [
      'a header with the code',
      'rest-json',
      response(404, '{"message":"m","code":"Other"}', { 'x-amzn-errortype': 'Gone:http://x' }),
      { code: 'Gone', message: 'm' },
    ],
    ['a code in the body', 'rest-json', response(404, '{"code":"x#Gone","message":"m"}'), { code: 'Gone' }],
    ['a __type in the body', 'rest-json', response(404, '{"__type":"x#Gone"}'), { code: 'Gone', message: '' }],
    [
      'a HEAD without body',
      'rest-xml',
      response(404, '', { 'x-amz-request-id': 'R' }),
      { code: '404', message: 'Not Found', id: 'R' },
    ],
    ['a web page', 'rest-xml', response(403, '<html><body>no<br></html>'), { code: '403', message: 'Forbidden' }],
    [
      'an Error alone, as S3 has it',
      'rest-xml',
      response(
        404,
        '<Error><Code>NoSuchBucket</Code><Message>m</Message><BucketName>b</BucketName><RequestId>X</RequestId></Error>',
        { 'x-amz-request-id': 'R' },
      ),
      { code: 'NoSuchBucket', message: 'm', id: 'R' },
    ],
    [
      'an Error in an ErrorResponse',
      'rest-xml',
      response(
        410,
        '<ErrorResponse xmlns="u"><Error><Type>Sender</Type><Code>Thing.Gone</Code><Message>m</Message><Left>3</Left></Error><RequestId>R</RequestId></ErrorResponse>',
      ),
      { code: 'Thing.Gone', message: 'm', id: 'R', detail: { Left: 3 } },
    ],
    [
      'the same for query',
      'query',
      response(
        410,
        '<ErrorResponse xmlns="u"><Error><Type>Sender</Type><Code>Thing.Gone</Code><Message>a &amp; b</Message><Left>3</Left></Error><RequestId>R</RequestId></ErrorResponse>',
      ),
      { code: 'Thing.Gone', message: 'a & b', id: 'R', detail: { Left: 3 } },
    ],
    [
      "EC2's",
      'ec2',
      response(
        400,
        '<?xml version="1.0"?>\n<Response><Errors><Error><Code>InvalidInstanceID.Malformed</Code><Message>m</Message></Error></Errors><RequestID>R</RequestID></Response>',
      ),
      { code: 'InvalidInstanceID.Malformed', message: 'm', id: 'R' },
    ],
  ]
  test.each(cases)('%s (%s)', async (_, protocol, given, expected) => {
    const error = (await protocols[protocol]()).readError(operationOf(protocol), given)
    expect(error).toBeInstanceOf(AwsError)
    expect(error.status).toBe(given.status)
    const found = { code: error.code, message: error.message, id: error.response.requestId, detail: error.detail }
    expect(found).toMatchObject(expected)
  })

  test.each(all)('a gateway that times out (%s)', async (protocol) => {
    const codec = await protocols[protocol]()
    for (const body of ['', '<html><b>Http/1.1 Service Unavailable</b></html>']) {
      const error = codec.readError(operationOf(protocol), response(503, body))
      expect([error.code, error.message, error.fault]).toEqual(['503', 'Service Unavailable', 'server'])
    }
  })

  test("S3's unmodelled elements are kept for those who must follow a redirect", async () => {
    const body =
      '<Error><Code>PermanentRedirect</Code><Message>m</Message><Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint></Error>'
    const error = (await protocols['rest-xml']()).readError(operationOf('rest-xml'), response(301, body))
    expect(error.response.elements).toMatchObject({ Endpoint: 'b.s3.eu-west-1.amazonaws.com' })
  })

  test('a web page where query expects XML is unreadable', async () => {
    const codec = await protocols.query()
    expect(() => codec.readError(operationOf('query'), response(403, '<p>proxy'))).toThrow('invalid XML received')
  })
})

describe('an error is written', () => {
  const gone = new AwsError('Thing.Gone', 'It is <gone>', { detail: { Left: 3 } })
  test.each(all)('and read again (%s)', async (protocol) => {
    const codec = await protocols[protocol]()
    const operation = operationOf(protocol)
    const written = codec.writeError(operation.service, operation, gone, 'R')
    const back = codec.readError(operation, written)
    const rpc = protocol === 'json' || protocol === 'smithy-rpc-v2-cbor'
    expect(back.status).toBe(rpc ? 400 : 410)
    expect(back.code).toBe(rpc || protocol === 'rest-json' ? 'Gone' : 'Thing.Gone')
    expect([back.message, back.detail, back.response.requestId]).toEqual(['It is <gone>', { Left: 3 }, 'R'])
  })
  test.each(all)('also where the operation is not known, or the code not modelled (%s)', async (protocol) => {
    const codec = await protocols[protocol]()
    const operation = operationOf(protocol)
    const error = new AwsError('AccessDenied', 'no', { status: 403 })
    for (const known of [undefined, operation]) {
      const back = codec.readError(operation, codec.writeError(operation.service, known, error, 'R'))
      expect([back.code, back.message, back.status]).toEqual(['AccessDenied', 'no', 403])
    }
  })
  test.each(all)('a fault of the server is never a 4xx (%s)', async (protocol) => {
    const operation = operationOf(protocol)
    const written = (await protocols[protocol]()).writeError(
      operation.service,
      operation,
      new AwsError('Broken', 'm'),
      'R',
    )
    expect(written.status).toBe(500)
  })
  test('with the old code where the service came from query', async () => {
    const operation = operationOf('json', { awsQueryCompatible: {} })
    const codec = await protocols.json()
    const written = codec.writeError(operation.service, operation, gone, 'R')
    expect(written.headers['x-amzn-query-error']).toBe('Thing.Gone;Sender')
    expect(JSON.parse(text(written.body as Uint8Array))).toEqual({ __type: 'Gone', message: 'It is <gone>', Left: 3 })
    expect(codec.readError(operation, written).code).toBe('Thing.Gone')
    expect(codec.writeRequest(operation, {}).headers['x-amzn-query-mode']).toBe('true')
  })
  const forms: [ProtocolName, string, string][] = [
    [
      'query',
      'thing',
      '<ErrorResponse xmlns="https://thing.example/doc"><Error><Type>Sender</Type><Code>Thing.Gone</Code><Message>It is &lt;gone&gt;</Message><Left>3</Left></Error><RequestId>R</RequestId></ErrorResponse>',
    ],
    [
      'ec2',
      'thing',
      '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>Thing.Gone</Code><Message>It is &lt;gone&gt;</Message><Left>3</Left></Error></Errors><RequestID>R</RequestID></Response>',
    ],
    [
      'rest-xml',
      's3',
      '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>Thing.Gone</Code><Message>It is &lt;gone&gt;</Message><Left>3</Left><RequestId>R</RequestId><HostId>virga/R</HostId></Error>',
    ],
    ['json', 'thing', '{"__type":"Gone","message":"It is <gone>","Left":3}'],
    ['rest-json', 'thing', '{"message":"It is <gone>","Left":3}'],
  ]
  test.each(forms)('as %s of %s writes it', async (protocol, name, body) => {
    const operation = operationOf(protocol, {}, name)
    const written = (await protocols[protocol]()).writeError(operation.service, operation, gone, 'R')
    expect(text(written.body as Uint8Array)).toBe(body)
  })
})

describe('a request that does not fit its shapes is refused', () => {
  const cases: [body: string, message: string][] = [
    ['{"Text": 1}', 'NUMBER_VALUE cannot be converted to String'],
    ['{"Text": true}', 'TRUE_VALUE cannot be converted to String'],
    ['{"Count": "1"}', 'STRING_VALUE cannot be converted to Long'],
    ['{"Flag": "true"}', 'STRING_VALUE cannot be converted to Boolean'],
    ['{"List": "a"}', 'Expected list or null'],
    ['{"Text": ["a"]}', 'Start of list found where not expected'],
    ['{"Text": {}}', 'Start of structure or map found where not expected.'],
    ['{"Inner": 1}', 'Unexpected value type in payload'],
    ['{"Map": 1}', 'Unexpected value type in payload'],
    ['{"Data": "***"}', 'Invalid base64 in a blob'],
    ['{"Text": ', 'invalid JSON'],
    ['[]', 'Start of list found where not expected'],
    ['{"Either": {"A": "a", "B": 1}}', 'exactly one member'],
  ]
  test.each(cases)('%s', async (body, message) => {
    const codec = await protocols.json()
    try {
      codec.readRequest(operationOf('json'), { method: 'POST', path: '/', query: '', headers: {}, body: utf8(body) })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(AwsError)
      expect((error as AwsError).code).toBe('SerializationException')
      expect((error as AwsError).message).toContain(message)
    }
  })
  test('null is nothing, and members the model does not know are passed over', async () => {
    const body = utf8('{"Text": null, "Unknown": {"x": 1}, "List": [null, "a"]}')
    const request = { method: 'POST', path: '/', query: '', headers: {}, body }
    expect((await protocols.json()).readRequest(operationOf('json'), request)).toEqual({ List: [null, 'a'] })
  })
  const answers: [ProtocolName, Uint8Array][] = [
    ['json', utf8('null')],
    ['rest-json', utf8('null')],
    ['smithy-rpc-v2-cbor', Uint8Array.of(0xf6)],
  ]
  test.each(answers)('null is no answer: %s', async (protocol, body) => {
    const response = { status: 200, headers: { 'smithy-protocol': 'rpc-v2-cbor' }, body }
    const codec = await protocols[protocol]()
    expect(() => codec.readResponse(operationOf(protocol), response)).toThrow('expected Structure, got null')
  })
  test.each(['<In>', '<!DOCTYPE x><In/>', 'x'])('XML: %s', async (body) => {
    const codec = await protocols['rest-xml']()
    expect(() =>
      codec.readRequest(operationOf('rest-xml'), {
        method: 'POST',
        path: '/',
        query: '',
        headers: {},
        body: utf8(body),
      }),
    ).toThrow('The XML you provided was not well-formed')
  })
})

describe('a response that cannot be read', () => {
  const cases: [ProtocolName, string, string][] = [
    ['json', '<html>login</html>', 'Unable to parse response'],
    ['rest-json', 'x', 'Unable to parse response'],
    ['query', '<a>', 'no element found: line 1, column 3'],
    ['query', '<DoResponse/>', "'DoResult'"],
    ['ec2', '', 'no element found'],
    ['rest-xml', '<a></b>', 'mismatched tag'],
    ['query', '<DoResponse><DoResult><Count>x</Count></DoResult></DoResponse>', 'invalid literal for int()'],
    ['smithy-rpc-v2-cbor', 'hello', 'invalid CBOR'],
    ['json', '{"Either": {"A": "a", "C": 1}}', 'must have one and only one member set'],
  ]
  test.each(cases)('%s %s', async (protocol, body, message) => {
    const codec = await protocols[protocol]()
    try {
      codec.readResponse(operationOf(protocol), response(200, body))
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(Failure)
      expect((error as Failure).kind).toBe('UnreadableResponse')
      expect((error as Failure).message).toContain(message)
    }
  })
})

describe('scalars of the wire', () => {
  const expected: Structure = {
    Text: 'é',
    Count: 9007199254740993n,
    Data: 'AAE=',
    Rate: new Float(1),
    When: new Float(1767323045.5),
    Either: { SDK_UNKNOWN_MEMBER: { name: 'Z' } },
  }
  const json =
    '{"When": 1767323045.5, "Either": {"Z": 1}, "Text": "é", "Count": 9007199254740993, "Data": "AAE=", "Rate": 1.0, "Map": {"b": 1.0, "10": 2.5, "2": 1e3}}'
  test.each(['json', 'rest-json'] as const)('%s', async (protocol) => {
    const { Map: map, ...rest } = (await protocols[protocol]()).readResponse(
      operationOf(protocol),
      response(200, json),
      { scalars: 'wire' },
    )
    expect(rest).toEqual(expected)
    expect(Object.keys(rest)).toEqual(['Text', 'Count', 'Data', 'Rate', 'When', 'Either'])
    expect(keysOf(map as object)).toEqual(['b', '10', '2'])
    expect(map).toMatchObject({ b: new Float(1), 10: new Float(2.5), 2: new Float(1000) })
  })
  test('rest-json makes floats of integers, json leaves them', async () => {
    const read = async (protocol: 'json' | 'rest-json'): Promise<unknown> =>
      (await protocols[protocol]()).readResponse(operationOf(protocol), response(200, '{"Rate": 1}'), {
        scalars: 'wire',
      })['Rate']
    expect(await read('json')).toBe(1)
    expect(await read('rest-json')).toEqual(new Float(1))
  })
  test('XML', async () => {
    const xml =
      '<DoResponse><DoResult><When>2026-01-02T03:04:05.123456Z</When><Rate>1</Rate><Data>AAE=</Data><Count>5</Count><Flag>true</Flag>' +
      '<Map><entry><key>b</key><value>1.50</value></entry><entry><key>10</key><value>2</value></entry></Map></DoResult></DoResponse>'
    const output = (await protocols.query()).readResponse(operationOf('query'), response(200, xml), { scalars: 'wire' })
    expect(keysOf(output)).toEqual(['Count', 'Data', 'Flag', 'Map', 'Rate', 'When'])
    expect(keysOf(output['Map'] as object)).toEqual(['b', '10'])
    expect({ ...output, Map: { ...(output['Map'] as object) } } as object).toEqual({
      Count: 5,
      Data: 'AAE=',
      Flag: true,
      Map: { b: new Float(1.5), 10: new Float(2) },
      Rate: new Float(1),
      When: '2026-01-02T03:04:05.123456Z',
    })
  })
})
