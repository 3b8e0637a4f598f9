// A world in memory and callers who sign: what tests of the local AWS begin with.

import type { AwsError } from '../lib/errors.ts'
import type { Credentials } from '../lib/credentials.ts'
import { readBody, type HttpRequest, type HttpResponse } from '../http/message.ts'
import { openModels } from '../model/load.ts'
import { fileSource } from '../model/source.ts'
import { sign } from '../sign/sigv4.ts'
import { protocolOf } from '../wire/protocols.ts'
import { serve } from './serve.ts'
import type { Seed } from './accounts/seed.ts'
import { services } from './services/table.ts'
import { memoryStore } from './store/memory.ts'
import type { Store } from './store/store.ts'
import { makeWorld, type World } from './world.ts'

export const models = await openModels({
  source: fileSource('build/models.bin'),
  actions: fileSource('build/actions.bin'),
})

export const account = '123456789012'
export const adminKeys: Credentials = { accessKeyId: 'AKIAADMINADMINADMIN1', secretAccessKey: 'admin secret' }
export const rootKeys: Credentials = { accessKeyId: 'AKIAROOTROOTROOTROO1', secretAccessKey: 'root secret' }

export const seed: Seed = {
  region: 'us-east-1',
  accounts: [
    {
      id: account,
      root: rootKeys,
      users: [{ name: 'admin', ...adminKeys, policies: ['arn:aws:iam::aws:policy/AdministratorAccess'] }],
    },
    {
      id: '210987654321',
      users: [{ name: 'other', accessKeyId: 'AKIAOTHEROTHEROTHER1', secretAccessKey: 'other secret' }],
    },
  ],
}

export const otherKeys: Credentials = { accessKeyId: 'AKIAOTHEROTHEROTHER1', secretAccessKey: 'other secret' }

export interface Bench {
  readonly world: World
  /** Moves the account's clock. */
  advance(milliseconds: number): void
  now(): Date
  /** Calls an operation as whoever holds the keys; throws the AwsError that came back. */
  call(
    service: string,
    operation: string,
    input?: object,
    keys?: Credentials | null,
    change?: (request: HttpRequest) => HttpRequest,
  ): Promise<any>
  /** The error that a call ends in. */
  refusal(
    service: string,
    operation: string,
    input?: object,
    keys?: Credentials | null,
    change?: (request: HttpRequest) => HttpRequest,
  ): Promise<AwsError>
  /** A new user with a key and, if given, an inline policy. */
  user(name: string, ...statements: object[]): Promise<Credentials>
}

/** `time`: where the account's clock stands when it is not moved; one that stands still makes a test certain. */
export function bench(store: Store = memoryStore(), time: () => number = Date.now): Bench {
  let offset = 0
  const now = (): Date => new Date(time() + offset)
  const world = makeWorld(store, models, seed, { services, clock: now, trouble: surface })

  async function call(
    ...[service, name, input = {}, keys = adminKeys, change]: Parameters<Bench['call']>
  ): Promise<any> {
    const operation = await models.operation(service, name)
    const protocol = await protocolOf(operation)
    const message = protocol.writeRequest(operation, input as never)
    let request: HttpRequest = { ...message, scheme: 'http', host: 'localhost' }
    const signingName = operation.service.metadata.signingName ?? operation.service.metadata.endpointPrefix
    if (keys)
      request = sign(request, { credentials: keys, region: 'us-east-1', service: signingName, date: new Date() })
    if (change) request = change(request)
    const response = await bytes(await serve(request, world))
    if (response.status >= 300) throw protocol.readError(operation, response)
    return protocol.readResponse(operation, response)
  }

  async function refusal(...given: Parameters<Bench['call']>): Promise<AwsError> {
    const error = await call(...given).then(
      (value) => new Error(`was not refused, but answered ${JSON.stringify(value)}`),
      (refused: unknown) => refused,
    )
    if ((error as AwsError).name !== 'AwsError') throw error
    return error as AwsError
  }

  async function user(name: string, ...statements: object[]): Promise<Credentials> {
    await call('iam', 'CreateUser', { UserName: name })
    if (statements.length > 0) {
      const PolicyDocument = document(...statements)
      await call('iam', 'PutUserPolicy', { UserName: name, PolicyName: 'own', PolicyDocument })
    }
    return keysOf((await call('iam', 'CreateAccessKey', { UserName: name })).AccessKey)
  }

  return { world, advance: (milliseconds) => void (offset += milliseconds), now, call, refusal, user }
}

/** A fault of our own fails the test that met it. */
function surface(error: unknown): never {
  throw error
}

async function bytes(response: HttpResponse): Promise<HttpResponse> {
  return { ...response, body: await readBody(response.body) }
}

export function keysOf(given: { AccessKeyId: string; SecretAccessKey: string; SessionToken?: string }): Credentials {
  return { accessKeyId: given.AccessKeyId, secretAccessKey: given.SecretAccessKey, sessionToken: given.SessionToken }
}

export function document(...Statement: object[]): string {
  return JSON.stringify({ Version: '2012-10-17', Statement })
}

export const allow = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): object => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

export const deny = (Action: string | string[], Resource: string | string[] = '*', Condition?: object): object => ({
  Effect: 'Deny',
  Action,
  Resource,
  ...(Condition && { Condition }),
})

/** Code, status and text of an error, for comparing. */
export function told(error: AwsError): [string, number, string] {
  return [error.code, error.status, error.message]
}

/** A denial's text without the way to its details, which differ each time. */
export function sentence({ message }: AwsError): string {
  return message.replace(/\. Go to https:.* authorization id: [a-z0-9]{25}$/, '')
}
