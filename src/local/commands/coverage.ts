// What is built? Operations that answer, and those that are only authenticated and authorized, by service.

import { Failure } from '../../lib/errors.ts'
import { services } from '../world.ts'
import type { Command, Outside } from './command.ts'

export const coverage: Command = async ([service, ...rest], _place, outside) => {
  if (rest.length > 0) throw new Failure('ParamValidation', `coverage takes one service, not also ${rest.join(' ')}`)
  if (service !== undefined) return ofService(service, outside)
  const { models, stdout } = outside
  let operations = 0
  let built = 0
  for (const name of models.serviceNames) {
    const { operationNames } = await models.service(name)
    operations += operationNames.length
    const handlers = await handlersOf(name)
    if (handlers.size === 0) continue
    built += handlers.size
    stdout.write(
      `${name.padEnd(24)}${String(handlers.size).padStart(4)} of ${operationNames.length} operations built\n`,
    )
  }
  const others = operations - built
  stdout.write(
    `${models.serviceNames.length} services, ${operations} operations: ${built} built; the other ${others} are authenticated, ` +
      'authorized by their own name, and answer 501 NotImplemented\n',
  )
  return 0
}

async function ofService(name: string, { models, stdout }: Outside): Promise<number> {
  const { operationNames } = await models.service(name)
  const handlers = await handlersOf(name)
  for (const operation of operationNames)
    stdout.write(`${handlers.has(operation) ? 'built     ' : 'authorized'}  ${operation}\n`)
  return 0
}

async function handlersOf(name: string): Promise<Set<string>> {
  const definition = await services[name]?.()
  return new Set([...Object.keys(definition?.operations ?? {}), ...Object.keys(definition?.slow ?? {})])
}
