// Where are a service's rows? In the namespace of its name; its definition says whose part of it is meant.

import type { CallContext, ServiceDefinition, Where } from './service.ts'
import type { World } from './world.ts'

/** Runs `body` in one transaction of the service's namespace. */
export function inState<T>(
  definition: ServiceDefinition<any>,
  where: Where & Pick<CallContext, 'clock'>,
  { store }: Pick<World, 'store'>,
  body: (state: any) => T,
): T | Promise<T> {
  const { scope, namespace: name = definition.name } = definition
  const space =
    scope === 'global'
      ? name
      : scope === 'account'
        ? `${name}/${where.account}`
        : `${name}/${where.account}/${where.region}`
  return store.namespace(space).transaction((rows) => body(definition.state(rows, where)))
}
