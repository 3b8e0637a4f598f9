// Timestream's endpoints are cells: which one answers for an account is asked of the service first, and kept as long as
// it says. https://docs.aws.amazon.com/timestream/latest/developerguide/Using-API.endpoint-discovery.html

import { AwsError, Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { Endpoint } from '../endpoint/resolve.ts'
import type { Settings } from '../settings.ts'
import type { Exchange, Quirks } from './index.ts'

export const timestream: Quirks = {
  async endpoint(endpoint, exchange) {
    const { operation, settings } = exchange
    const { service } = operation
    if (!operation.traits.endpointdiscovery) return endpoint
    if (settings.endpointUrl(service.name, service.metadata.serviceId) !== undefined) return endpoint
    if (discovery(settings) === 'false') {
      throw new Failure('InvalidConfig', 'Endpoint Discovery is not enabled but this operation requires it.')
    }
    const address = await discovered(exchange)
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

interface Cell {
  readonly address: string
  readonly until: number
}

// By client and service.
const known = new WeakMap<Settings['retry'], Map<string, Cell>>()

async function discovered({ operation: { service }, settings }: Exchange): Promise<string> {
  let cells = known.get(settings.retry)
  if (!cells) known.set(settings.retry, (cells = new Map()))
  const now = settings.clock().getTime()
  const held = cells.get(service.name)
  if (held && held.until > now) return held.address

  const { call } = await import('../call.ts')
  const describe = await settings.models.operation(service.name, 'DescribeEndpoints')
  try {
    const { Endpoints: endpoints = [] } = await call(describe, {}, { ...settings, scalars: 'native' })
    const [first] = endpoints as Structure[]
    if (first === undefined)
      throw new Failure('Endpoint', `${service.name} answered DescribeEndpoints without an endpoint`)
    const cell = { address: String(first['Address']), until: now + Number(first['CachePeriodInMinutes']) * 60_000 }
    cells.set(service.name, cell)
    return cell.address
  } catch (error) {
    // While nobody answers, the old address is the best guess.
    if (held && !(error instanceof AwsError)) return held.address
    throw error
  }
}
