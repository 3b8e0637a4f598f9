// Which endpoint services of people's own are there, who may reach them, and who is connected?

import { newId } from './ids.ts'
import type { VpcEndpoint } from './records.ts'
import type { EndpointService } from './side-records.ts'
import type { Ec2 } from './state.ts'

const named = /^com\.amazonaws\.vpce\.([a-z0-9-]+)\.(vpce-svc-[0-9a-f]+)$/

/** The names of services stand in one table of all accounts: name → the owner. */
const directory = 'endpoint-service-owners'

export function announce(state: Ec2, { ServiceName }: EndpointService): void {
  state.rows.put(directory, ServiceName, state.account)
}

/** The service of this name, whoever owns it, where the account may connect to it. */
export function ownService(state: Ec2, name: string): { service: EndpointService; owner: Ec2 } | undefined {
  const [, region, id] = named.exec(name) ?? []
  const account = state.rows.get<string>(directory, name)
  if (region !== state.region || id === undefined || account === undefined) return undefined
  const owner = state.at(account, region)
  const service = owner.endpointServices.get(id)
  return service && mayConnect(state, service, account) ? { service, owner } : undefined
}

/** The owner, and whom its account's principals name: anybody, the account, or somebody in it. */
function mayConnect(state: Ec2, { principals }: EndpointService, owner: string): boolean {
  if (state.account === owner) return true
  return principals.some(
    ({ Principal }) => Principal === '*' || Principal === state.account || Principal.includes(`::${state.account}:`),
  )
}

export function connect(owner: Ec2, service: EndpointService, endpoint: VpcEndpoint, account: string): void {
  const connection = { id: newId('vpce-connection'), endpoint: endpoint.VpcEndpointId, owner: account }
  owner.endpointServices.update(service, { connections: [...service.connections, connection] })
}

/** With the endpoints as they are; those that were deleted are not there. */
export function connectionsOf(
  state: Ec2,
  service: EndpointService,
): { id: string; owner: string; endpoint: VpcEndpoint }[] {
  return service.connections.flatMap(({ id, owner, endpoint }) => {
    const found = state.at(owner, state.region).endpoints.get(endpoint)
    return found ? [{ id, owner, endpoint: found }] : []
  })
}
