// Which commands does a service have, and which operation does each stand for?

import type { Service } from '../model/model.ts'
import { argumentsOf } from './arguments.ts'
import type { ArgumentTable } from './arguments.ts'
import { hiddenArguments, renamedArguments } from './changes/argument-names.ts'
import { changesOf } from './changes/changes.ts'
import type { CommandChange } from './changes/change.ts'
import { extraCommands, hiddenCommands, removedCommands, renamedCommands, serviceCommands } from './changes/names.ts'

export interface OperationCommand {
  /** `describe-instances` */
  readonly name: string
  /** `DescribeInstances` */
  readonly operation: string
  /** Answers, but is not shown. */
  readonly hidden: boolean
}

/** `s3` → `s3api`. */
export function commandOfService(service: string): string {
  return serviceCommands[service] ?? service
}

/** `s3api` → `s3`; undefined where no service goes by that command. */
export function serviceOfCommand(command: string): string | undefined {
  for (const service in serviceCommands) if (serviceCommands[service] === command) return service
  return serviceCommands[command] === undefined ? command : undefined
}

/** The commands that stand for operations, in the model's order. Waiters and commands of our own come on top. */
export function operationCommands(service: Service): Map<string, OperationCommand> {
  const command = commandOfService(service.name)
  const removed = removedCommands[command] ?? []
  const renamed = renamedCommands[command] ?? {}
  const table = new Map<string, OperationCommand>()
  service.operationNames.forEach((operation, index) => {
    const plain = commandName(service, index)
    if (removed.includes(plain)) return
    const name = renamed[plain] ?? plain
    table.set(name, { name, operation, hidden: false })
  })
  for (const [name, operation] of Object.entries(extraCommands[command] ?? {})) {
    if (service.hasOperation(operation)) table.set(name, { name, operation, hidden: false })
  }
  for (const [name, operation] of Object.entries(hiddenCommands[command] ?? {})) {
    if (service.hasOperation(operation)) table.set(name, { name, operation, hidden: true })
  }
  return table
}

/** The one command by that name. The whole table of a large service costs as much as a call. */
export function operationCommand(service: Service, name: string): OperationCommand | undefined {
  const command = commandOfService(service.name)
  const index = service.commandNames.indexOf(name)
  const isPlain = index >= 0 && renamedCommands[command]?.[name] === undefined
  if (!isPlain) return operationCommands(service).get(name)
  if (removedCommands[command]?.includes(name)) return undefined
  return { name, operation: service.operationNames[index]!, hidden: false }
}

/** The names that are shown of them, as far as they begin so, from the plain names of the service behind `command`. */
export function operationCommandNames(command: string, plainNames: readonly string[], beginning: string): string[] {
  const removed = removedCommands[command] ?? []
  const renamed = renamedCommands[command] ?? {}
  const names: string[] = []
  for (const plain of plainNames) {
    const name = renamed[plain] ?? plain
    if (name.startsWith(beginning) && !removed.includes(plain)) names.push(name)
  }
  for (const name in extraCommands[command]) if (name.startsWith(beginning)) names.push(name)
  return names
}

function commandName(service: Service, index: number): string {
  return service.commandNames[index]!
}

/** What `changes/` says of one command: the service-wide change and the command's own. */
export async function commandChange(service: string, command: string): Promise<CommandChange> {
  const changes = await changesOf(service)
  const names = namesChange(service, command)
  const own = changes.commands?.[command]
  if (own === undefined) return names
  return { ...names, ...own, rename: { ...names.rename, ...own.rename } }
}

function namesChange(service: string, command: string): CommandChange {
  const rename = renamedArguments(service, command)
  const alias = hiddenArguments(service, command)
  if (rename === undefined && alias === undefined) return {}
  return { rename: rename ?? {}, alias: alias ?? {} }
}

/** The arguments of `service command`, which stands for an operation. */
export async function commandArguments(
  service: Service,
  { name, operation }: OperationCommand,
): Promise<{ table: ArgumentTable; change: CommandChange }> {
  const command = commandOfService(service.name)
  const change = await commandChange(command, name)
  const { pairsOfValue } = await changesOf(command)
  return { change, table: argumentsOf(service.operation(operation), { change, pairsOfValue }) }
}
