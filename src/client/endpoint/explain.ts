// Where does a call go, how is it signed, and who decided so? What `explain endpoint` tells.

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import { emptyBody } from '../../http/message.ts'
import type { Operation } from '../../model/model.ts'
import { addressed } from '../address.ts'
import { schemeFor } from '../auth.ts'
import { configuredEndpoint } from '../config/endpoints.ts'
import { quirksOf } from '../quirks/index.ts'
import type { Settings } from '../settings.ts'
import { parametersFor } from './parameters.ts'
import { endpointFor, regionFor } from './resolve.ts'

export interface EndpointReport extends Structure {
  Url: string
  /** `the rules of AWS`, or what named the endpoint. */
  From: string
  Region: string
  RegionFrom: string
  Signing: Structure
  /** What the rules were given. */
  Parameters: Structure
}

/** Throws what a call throws before it signs. `input` may lack members that only a call needs. */
export async function explainEndpoint(
  operation: Operation,
  input: Structure,
  settings: Settings,
): Promise<EndpointReport> {
  const { service } = operation
  const url = settings.endpointUrl(service.name, service.metadata.serviceId)
  const region = await regionFor(operation, settings, url !== undefined)
  const quirks = await quirksOf(service.name)
  const endpoint = await endpointFor(input, { operation, given: input, settings }, quirks)
  const ruleset = await service.endpointRuleset()
  const given = ruleset ? await parametersFor(ruleset, { operation, input, settings, region, endpointUrl: url }) : {}
  const { auth } = endpoint
  return {
    Url: urlOf(operation, input, endpoint, settings),
    From: url === undefined ? 'the rules of AWS' : whoNamed(url, service.metadata.serviceId, settings),
    Region: region,
    RegionFrom: regionFrom(region, settings),
    Signing: {
      Scheme: schemeFor(operation, endpoint, settings),
      Name: auth.signingName,
      ...(auth.signingRegionSet ? { RegionSet: [...auth.signingRegionSet] } : { Region: auth.signingRegion }),
    },
    Parameters: Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Structure,
  }
}

function urlOf(
  operation: Operation,
  input: Structure,
  endpoint: Parameters<typeof addressed>[3],
  settings: Settings,
): string {
  const message = { method: 'GET', path: '', query: '', headers: {}, body: emptyBody }
  try {
    const { scheme, host, path } = addressed(operation, input, message, endpoint, settings)
    return `${scheme}://${host}${path}`
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    // A member that goes into the host was not given: its place is shown.
    return `${endpoint.scheme}://${operation.traits.endpoint!.hostPrefix}${endpoint.host}${endpoint.basePath}/`
  }
}

function whoNamed(url: string, serviceId: string, { configuration }: Settings): string {
  const configured = configuration && configuredEndpoint(configuration, serviceId)
  return configured?.url === url ? configured.from : 'the option --endpoint-url'
}

function regionFrom(region: string, { region: chosen, configuration }: Settings): string {
  if (chosen === undefined) {
    return region === 'aws-global'
      ? 'nobody named one: the service answers for the whole partition'
      : 'the instance’s metadata'
  }
  const found = configuration?.find('region')
  return found?.value === chosen ? found.where : 'the option --region'
}
