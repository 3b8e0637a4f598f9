// A small service, and a client whose requests go into an array: for the tests of this room.

import type { HttpRequest, HttpResponse } from '../http/message.ts'
import { utf8 } from '../lib/bytes.ts'
import type { Operation, Service } from '../model/model.ts'
import { rawService } from '../model/raw.ts'
import type { Settings } from './settings.ts'

const text = { type: 'string' }

export const model = {
  metadata: {
    apiVersion: '2020-01-01',
    endpointPrefix: 'demo',
    serviceId: 'Demo',
    serviceFullName: 'Demo',
    protocol: 'json',
    jsonVersion: '1.1',
    targetPrefix: 'Demo_1',
    signatureVersion: 'v4',
    uid: 'demo-2020-01-01',
  },
  operations: {
    Put: {
      name: 'Put',
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'PutInput' },
      output: { shape: 'PutOutput' },
      errors: [{ shape: 'Busy' }],
    },
    List: {
      name: 'List',
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'ListInput' },
      output: { shape: 'ListOutput' },
    },
    Open: { name: 'Open', http: { method: 'POST', requestUri: '/' }, authtype: 'none' },
    Homed: {
      name: 'Homed',
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'HomedInput' },
      endpoint: { hostPrefix: '{Account}.data-' },
    },
    Sum: {
      name: 'Sum',
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'PutInput' },
      httpChecksum: { requestChecksumRequired: true },
    },
    Squeeze: {
      name: 'Squeeze',
      http: { method: 'POST', requestUri: '/' },
      input: { shape: 'PutInput' },
      requestcompression: { encodings: ['gzip'] },
    },
  },
  shapes: {
    PutInput: {
      type: 'structure',
      required: ['Name'],
      members: {
        Name: { shape: 'Name' },
        Token: { shape: 'Text', idempotencyToken: true },
        Count: { shape: 'Count' },
        Ratio: { shape: 'Ratio' },
        Flag: { shape: 'Flag' },
        Data: { shape: 'Data' },
        When: { shape: 'When' },
        Tags: { shape: 'Tags' },
        Map: { shape: 'Map' },
        Inner: { shape: 'Inner' },
        Either: { shape: 'Either' },
        Free: { shape: 'Free' },
      },
    },
    PutOutput: { type: 'structure', members: { Id: { shape: 'Text' }, State: { shape: 'Text' } } },
    ListInput: {
      type: 'structure',
      members: {
        Marker: { shape: 'Text' },
        Other: { shape: 'Text' },
        Key: { shape: 'KeyMap' },
        Limit: { shape: 'Count' },
      },
    },
    ListOutput: {
      type: 'structure',
      members: {
        Items: { shape: 'Tags' },
        More: { shape: 'Flag' },
        NextMarker: { shape: 'Text' },
        NextOther: { shape: 'Text' },
        Sum: { shape: 'Count' },
        Note: { shape: 'Text' },
        LastKey: { shape: 'KeyMap' },
        Inner: { shape: 'ListInner' },
        Label: { shape: 'Text' },
      },
    },
    ListInner: { type: 'structure', members: { Items: { shape: 'Tags' }, Total: { shape: 'Count' } } },
    HomedInput: { type: 'structure', required: ['Account'], members: { Account: { shape: 'Text', hostLabel: true } } },
    Inner: { type: 'structure', required: ['A'], members: { A: { shape: 'Text' }, B: { shape: 'Text' } } },
    Either: { type: 'structure', union: true, members: { L: { shape: 'Text' }, R: { shape: 'Text' } } },
    Free: { type: 'structure', document: true, members: {} },
    Busy: {
      type: 'structure',
      members: { message: { shape: 'Text' } },
      exception: true,
      retryable: { throttling: true },
    },
    Name: { type: 'string', min: 2 },
    Text: text,
    Count: { type: 'integer', min: 1 },
    Ratio: { type: 'double' },
    Flag: { type: 'boolean' },
    Data: { type: 'blob' },
    When: { type: 'timestamp' },
    Tags: { type: 'list', member: { shape: 'Text' } },
    Map: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Count' } },
    KeyMap: { type: 'map', key: { shape: 'Text' }, value: { shape: 'Data' } },
  },
}

export function demoService(extras: { waiters?: Record<string, unknown>; name?: string } = {}): Service {
  const waiters = extras.waiters && { version: 2, waiters: extras.waiters }
  return rawService(extras.name ?? 'demo', { service: model, waiters })
}

export function demo(operation: string): Operation {
  return demoService().operation(operation)
}

export type Answer = { status?: number; headers?: Record<string, string>; body?: unknown } | Error

/** Settings whose requests are kept, and answered one after the other; the last answer again and again. */
export function client(answers: Answer[], changes: Partial<Settings> & { keys?: Record<string, string> } = {}) {
  const requests: HttpRequest[] = []
  const send = async (request: HttpRequest): Promise<HttpResponse> => {
    requests.push(request)
    const answer = answers[Math.min(requests.length, answers.length) - 1]!
    if (answer instanceof Error) throw answer
    const body = answer.body instanceof Uint8Array ? answer.body : utf8(JSON.stringify(answer.body ?? {}))
    return { status: answer.status ?? 200, headers: answer.headers ?? {}, body }
  }
  const { keys = {}, ...rest } = changes
  const settings: Settings = {
    models: undefined as never,
    profile: 'default',
    region: 'eu-west-1',
    credentials: () => Promise.resolve({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }),
    anonymous: false,
    endpointUrl: () => 'http://127.0.0.1:9',
    useFips: false,
    useDualstack: false,
    retry: { mode: 'standard', maxAttempts: 1, chosen: true },
    send,
    clock: () => new Date('2026-01-02T03:04:05Z'),
    connectTimeout: 1000,
    readTimeout: 1000,
    userAgent: 'virga/test',
    key: (name) => keys[name],
    scalars: 'native',
    ...rest,
  }
  const bodies = (): unknown[] =>
    requests.map((request) => JSON.parse(new TextDecoder().decode(request.body as Uint8Array)))
  return { settings, requests, bodies }
}
