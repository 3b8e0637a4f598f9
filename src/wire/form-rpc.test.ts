// What do clients of the form protocols send, and look for, that the models do not tell?

import { describe, expect, test } from 'bun:test'
import { text, utf8 } from '../lib/bytes.ts'
import { AwsError } from '../lib/errors.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { operationDo } from './operation.fixture.ts'
import { protocols } from './protocols.ts'

const shapes = {
  In: {
    type: 'structure',
    members: {
      Flag: { shape: 'Flag' },
      Name: { shape: 'Text' },
      Value: { shape: 'Text' },
      VpcId: { shape: 'Text' },
      Many: { shape: 'Texts' },
    },
  },
  Flag: { type: 'boolean' },
  Text: { type: 'string' },
  Texts: { type: 'list', flattened: true, member: { shape: 'Text' } },
}

function operationOf(name: 'ec2' | 'sqs'): Operation {
  const metadata = { apiVersion: '2016-11-15', xmlNamespace: `http://${name}.amazonaws.com/doc/2016-11-15` }
  return operationDo(name === 'ec2' ? 'ec2' : 'query', {
    operation: { input: { shape: 'In' } },
    shapes,
    metadata,
    name,
  })
}

async function read(name: 'ec2' | 'sqs', parameters: string): Promise<unknown> {
  const body = utf8(`Action=Do&Version=2016-11-15&${parameters}`)
  const request: HttpRequest = { method: 'POST', scheme: 'http', host: 'h', path: '/', query: '', headers: {}, body }
  const operation = operationOf(name)
  return (await protocols[name === 'ec2' ? 'ec2' : 'query']()).readRequest(operation, request)
}

describe('booleans are those of XML Schema, and of EC2 in capitals', () => {
  test.each([
    ['ec2', 'true', true],
    ['ec2', 'False', false],
    ['ec2', 'True', true],
    ['ec2', '1', true],
    ['sqs', '0', false],
    ['sqs', 'true', true],
  ] as const)('%s: %s', async (name, flag, Flag) => expect(await read(name, `Flag=${flag}`)).toEqual({ Flag }))

  test.each([
    ['ec2', 'yes'],
    ['ec2', ''],
    ['sqs', 'True'],
  ] as const)('%s: not %s', async (name, flag) => {
    const refusal = await read(name, `Flag=${flag}`).catch((error: unknown) => error)
    expect(refusal).toEqual(new AwsError('MalformedQueryString', 'boolean must follow xsd1.1 definition'))
  })
})

test.each([
  ['ec2', 'Name.1=a', { Name: 'a' }],
  ['sqs', 'Many=a', { Many: ['a'] }],
  ['sqs', 'Many=', { Many: [] }],
  ['sqs', 'Many.2=b&Many.1=a', { Many: ['a', 'b'] }],
] as const)('%s, as boto 2 numbers: %s', async (name, parameters, input) =>
  expect(await read(name, parameters)).toEqual(input),
)

test.each([
  ['ec2', { Value: '' }],
  ['sqs', { Value: '', Name: '', VpcId: '' }],
] as const)('%s: what is empty', async (name, input) => expect(await read(name, 'Value=&Name=&VpcId=')).toEqual(input))

test.each([
  ['ec2', 'http://ec2.amazonaws.com/doc/2016-11-15/'],
  ['sqs', 'http://sqs.amazonaws.com/doc/2016-11-15'],
] as const)("%s's answers are in the namespace that its clients go by", async (name, uri) => {
  const codec = await protocols[name === 'ec2' ? 'ec2' : 'query']()
  const { body } = codec.writeResponse(operationOf(name), {}, 'R')
  expect(text(body as Uint8Array)).toStartWith(`<DoResponse xmlns="${uri}">`)
})
