// How does a command of our own reach AWS by another way than the one it was typed for: in another region, under other
// keys, with or without the address of --endpoint-url?

import type { Credentials } from '../lib/credentials.ts'
import { AwsError, Failure } from '../lib/errors.ts'
import type { Structure, Value } from '../lib/value.ts'
import { call as callOperation } from '../client/call.ts'
import type { CallOptions } from '../client/call.ts'
import { configuredEndpoint } from '../client/config/endpoints.ts'
import type { Settings } from '../client/settings.ts'
import { named } from './error-operation.ts'

export interface Way {
  /** Undefined: as typed or configured. */
  readonly region?: string | undefined
  readonly credentials?: Credentials
  /** 'configured': where variables and files say, whatever --endpoint-url said. */
  readonly endpointUrl?: string | 'configured' | undefined
}

export function settingsFor(settings: Settings, { region, credentials, endpointUrl }: Way): Settings {
  const { configuration } = settings
  return {
    ...settings,
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials: () => Promise.resolve(credentials), anonymous: false }),
    ...(endpointUrl === undefined
      ? {}
      : {
          endpointUrl: (_: string, serviceId: string) => {
            if (endpointUrl !== 'configured') return endpointUrl
            return configuration === undefined ? undefined : configuredEndpoint(configuration, serviceId)?.url
          },
        }),
  }
}

/** Like Context.call, with settings of one's own. */
export async function callWith(
  settings: Settings,
  service: string,
  operation: string,
  input: Structure,
  options: CallOptions = {},
): Promise<Structure> {
  const found = await settings.models.operation(service, operation)
  return named(found, () => callOperation(found, input, settings, options))
}

/** Whether a Get… of IAM's kind finds something: NoSuchEntity says that it does not. */
export async function existsIn(
  settings: Settings,
  service: string,
  operation: string,
  input: Structure,
): Promise<boolean> {
  try {
    await callWith(settings, service, operation, input)
    return true
  } catch (error) {
    if (error instanceof AwsError && error.code === 'NoSuchEntity') return false
    throw error
  }
}

/** Like Context.pages, with settings of one's own. */
export async function* pagesWith(
  settings: Settings,
  service: string,
  name: string,
  input: Structure,
): AsyncIterable<Structure> {
  const operation = await settings.models.operation(service, name)
  const paginator = operation.service.paginator(name)
  if (paginator === undefined) return yield await callWith(settings, service, name, input)
  const { paginate } = await import('../client/paginate.ts')
  const reading = paginate(operation, paginator, input, settings).pages[Symbol.asyncIterator]()
  for (;;) {
    const next = await named(operation, () => reading.next())
    if (next.done) return
    yield next.value
  }
}

/** A member of an answer that a command cannot do without. Throws Failure('UnreadableResponse') where there is none. */
export function needed<T extends Value>(answer: Structure | undefined, name: string): T {
  const value = answer?.[name]
  if (value === undefined || value === null) throw new Failure('UnreadableResponse', `The answer has no ${name}`)
  return value as T
}

/** What AssumeRole and its kin answer, as keys. */
export function keysOf(output: Structure): Credentials {
  const { AccessKeyId, SecretAccessKey, SessionToken } = output.Credentials as Record<string, string>
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! }
}
