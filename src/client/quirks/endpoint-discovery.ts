// Which endpoint answers for this account? Some services tell it themselves: they are asked first, and what they say is kept as
// long as they say. Timestream's cells must be asked for, DynamoDB's endpoint only where `endpoint_discovery_enabled = true`.
// https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html

import { AwsError, Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { Endpoint } from '../endpoint/resolve.ts'
import type { Settings } from '../settings.ts'
import type { Exchange, Quirks } from './index.ts'

export const endpointDiscovery: Required<Pick<Quirks, 'endpoint' | 'secondTry'>> = {
  async endpoint(endpoint, exchange) {
    const { operation, settings } = exchange
    const { service } = operation
    const discovered = operation.traits.endpointdiscovery
    if (!discovered || settings.endpointUrl(service.name, service.metadata.serviceId) !== undefined) return endpoint
    const { required = false } = discovered
    const wanted = discovery(settings)
    if (wanted === 'false' && required) {
      throw new Failure('InvalidConfig', 'Endpoint Discovery is not enabled but this operation requires it.')
    }
    if (wanted !== 'true' && !required) return endpoint
    const address = await addressFor(exchange)
    if (address === undefined) {
      if (!required) return endpoint
      throw new Failure('Endpoint', 'Endpoint Discovery failed to refresh the required endpoints.')
    }
    const [, scheme = 'https', host] = /^(?:(https?):\/\/)?([^/]+)/.exec(address)!
    return { ...endpoint, scheme: scheme as Endpoint['scheme'], host: host!, basePath: '' }
  },

  // The cell has moved: it is asked for anew, once.
  secondTry(error, { operation, settings }) {
    if (!operation.traits.endpointdiscovery || (error.status !== 421 && error.code !== 'InvalidEndpointException')) {
      return Promise.resolve(undefined)
    }
    known.get(settings.retry)?.delete(operation.service.name)
    return Promise.resolve(settings)
  },
}

function discovery(settings: Settings): string {
  const given = String(settings.key('endpoint_discovery_enabled') ?? 'auto')
  if (/^(true|false|auto)$/i.test(given)) return given.toLowerCase()
  throw new Failure(
    'InvalidConfig',
    `Unsupported configuration value for endpoint_discovery_enabled. Expected one of ("true", "false", "auto") but got ${given}.`,
  )
}

interface Known {
  readonly address: string
  readonly until: number
}

// By client and service.
const known = new WeakMap<Settings['retry'], Map<string, Known>>()

/** Undefined where there is none, or nobody answers. */
async function addressFor({ operation: { service }, settings }: Exchange): Promise<string | undefined> {
  let addresses = known.get(settings.retry)
  if (!addresses) known.set(settings.retry, (addresses = new Map()))
  const now = settings.clock().getTime()
  const held = addresses.get(service.name)
  if (held && held.until > now) return held.address

  const { call } = await import('../call.ts')
  const describe = await settings.models.operation(service.name, 'DescribeEndpoints')
  const answer = await call(describe, {}, { ...settings, scalars: 'native' }).catch((error: unknown) => {
    if (error instanceof AwsError || !isUnreachable(error)) throw error
    return undefined
  })
  // While nobody answers, the old address is the best guess.
  if (answer === undefined) return held?.address
  const { Endpoints: endpoints } = answer
  if (!Array.isArray(endpoints))
    throw new Failure('Endpoint', `${service.name} answered DescribeEndpoints without Endpoints`)
  const [first] = endpoints as Structure[]
  if (first === undefined) return held?.address
  const { Address: address, CachePeriodInMinutes: minutes = 0 } = first
  if (typeof address !== 'string')
    throw new Failure('Endpoint', `${service.name} answered DescribeEndpoints with an endpoint without Address`)
  addresses.set(service.name, { address, until: now + Number(minutes) * 60_000 })
  return address
}

function isUnreachable(error: unknown): boolean {
  return error instanceof Failure && (error.kind === 'Connection' || error.kind === 'Timeout')
}
