// What is there to know of services and operations, for programs? For `virga describe` and for the tools of `virga mcp`.

import type { Structure } from '../lib/value.ts'
import { mappingOf, onlyLooks } from '../model/authorization/mapping.ts'
import type { Models, Operation, Service } from '../model/model.ts'
import { commandOfService, operationCommands, serviceOfCommand } from './services.ts'
import { closeMatches } from './close-matches.ts'
import { Failure } from '../lib/errors.ts'
import { jsonSchema, sentence } from './json-schema.ts'

/** Every service by its command, with its full name. */
export async function describedServices(models: Models): Promise<Structure[]> {
  const services = await Promise.all(models.serviceNames.map((name) => models.service(name)))
  return services.map(({ name, metadata }) => ({ Service: commandOfService(name), Name: metadata.serviceFullName }))
}

/** By its command (`s3api`) or its model's name. Throws Failure('UnknownService'), with what may have been meant. */
export function serviceNamed(word: string, models: Models): Promise<Service> {
  const name = [word, serviceOfCommand(word) ?? ''].find((each) => each !== '' && models.has(each))
  if (name !== undefined) return models.service(name)
  const near = closeMatches(word, models.serviceNames.map(commandOfService))
  throw new Failure('UnknownService', `there is no service ${word}${near.length > 0 ? `: ${near.join(', ')}?` : ''}`)
}

/** By its command (`list-users`) or its own name. Throws Failure('UnknownOperation'), with what may have been meant. */
export function operationNamed(service: Service, word: string): Operation {
  if (service.hasOperation(word)) return service.operation(word)
  const commands = operationCommands(service)
  const command = commands.get(word)
  if (command !== undefined) return service.operation(command.operation)
  const near = [...closeMatches(word, [...commands.keys()]), ...closeMatches(word, service.operationNames)]
  const advice = near.length > 0 ? `: ${near.join(', ')}?` : ''
  throw new Failure('UnknownOperation', `${commandOfService(service.name)} has no operation ${word}${advice}`)
}

/** Each operation by its command, what it does, and whether it only looks. */
export async function describedOperations(service: Service, models: Models): Promise<Structure[]> {
  const docs = await models.documentation(service.name, '')
  const actions = await models.actions()
  const described: Structure[] = []
  for (const { name, operation, hidden } of operationCommands(service).values()) {
    if (hidden) continue
    const about = sentence(docs?.operations[operation])
    const ReadOnly = await onlyLooks(service.operation(operation), actions)
    described.push({ Command: name, Operation: operation, ReadOnly, ...(about !== '' && { About: about }) })
  }
  return described
}

/** One operation: what it does and needs, and the schemas of its input and output. */
export async function describedOperation(operation: Operation, models: Models): Promise<Structure> {
  const { service, name } = operation
  const [docs, actions] = await Promise.all([models.documentation(service.name, name), models.actions()])
  const needed = await mappingOf(operation, actions)
  const command = [...operationCommands(service).values()].find((each) => each.operation === name && !each.hidden)
  const paginator = service.paginator(name)
  const about = sentence(docs?.operations[name])
  return {
    Service: commandOfService(service.name),
    Operation: name,
    ...(command && { Command: `${commandOfService(service.name)} ${command.name}` }),
    ...(about !== '' && { About: about }),
    ReadOnly: await onlyLooks(operation, actions),
    Permissions: needed.actions.map((each) => ({
      Action: `${each.prefix}:${each.name}`,
      Access: each.known?.accessLevel ?? 'not known',
    })),
    ...(paginator && { PagedBy: paginator.result_key as string | string[] }),
    ...(operation.traits.deprecated === true && { Deprecated: true }),
    Input: jsonSchema(operation.input, docs, { closed: true }),
    Output: jsonSchema(operation.output, docs, { closed: false }),
    Errors: operation.errors.map((shape) => {
      const text = sentence(docs?.shapes[shape.name]?.text)
      return { Code: shape.traits.error?.code ?? shape.name, ...(text !== '' && { About: text }) }
    }),
  }
}
