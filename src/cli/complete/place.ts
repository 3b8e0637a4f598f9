// What stands at a place of the command tree: which words may follow, and which arguments does it take?
// Help describes a place, completion looks for the next.

import type { Models, Operation, Service } from '../../model/model.ts'
import { argumentFrom, argumentsOf } from '../arguments.ts'
import type { ArgumentTable } from '../arguments.ts'
import type { Command } from '../commands/command.ts'
import { isOwn, ownNames, replacesOperation } from '../own-names.ts'
import {
  commandArguments,
  commandOfService,
  operationCommand,
  operationCommandNames,
  serviceOfCommand,
} from '../services.ts'
import { topLevelNames } from '../top-level.ts'
import { kebabCase } from '../../lib/names.ts'

export interface Place {
  /** The words that lead here: [], ['ec2'], ['ec2', 'wait', 'instance-running'], ['s3', 'cp']. */
  readonly path: readonly string[]
  /** The words that may follow, as far as they begin so. */
  readonly children: (beginning: string) => Promise<readonly string[]>
  readonly table: ArgumentTable
  /** The service's model name, where the first word is one. */
  readonly service?: string
  /** What is called here, or what a waiter asks. */
  readonly operation?: Operation
  /** Its model name: `InstanceRunning`. */
  readonly waiter?: string
  readonly own?: Command
}

const NO_ARGUMENTS: ArgumentTable = new Map()
const NO_CHILDREN = async (): Promise<readonly string[]> => []

/** Undefined where no command goes by these words. */
export async function placeAt(path: readonly string[], models: Models): Promise<Place | undefined> {
  const [first, ...below] = path
  if (first === undefined) return { path, children: (beginning) => topLevel(models, beginning), table: NO_ARGUMENTS }
  // Completed by its own table, see local-words.ts.
  if (first === 'local') return below.length === 0 ? { path, children: NO_CHILDREN, table: NO_ARGUMENTS } : undefined
  if (first === 'help') return below.length === 0 ? { path, children: topics, table: NO_ARGUMENTS } : undefined
  const name = serviceOfCommand(first)
  const modelled = name !== undefined && models.has(name) ? await inService(path, below, name, models) : undefined
  return modelled ?? ownPlace(path)
}

async function topics(): Promise<readonly string[]> {
  const { topicNames } = await import('../help/topics.ts')
  return topicNames()
}

async function topLevel(models: Models, beginning: string): Promise<string[]> {
  return (await topLevelNames(models)).filter((name) => name.startsWith(beginning))
}

async function inService(
  path: readonly string[],
  [word, waiterWord, ...more]: readonly string[],
  name: string,
  models: Models,
): Promise<Place | undefined> {
  if (word === undefined) {
    const children = (beginning: string) => serviceCommands(name, beginning, models)
    return { path, service: name, children, table: NO_ARGUMENTS }
  }
  const own = path.join(' ')
  if (more.length > 0 || (await isOwn(own)) || replacesOperation(own)) return undefined
  const service = await models.service(name)
  if (word === 'wait') return inWaiters(path, waiterWord, service)
  const command = waiterWord === undefined ? operationCommand(service, word) : undefined
  if (command === undefined) return undefined
  const { table } = await commandArguments(service, command)
  return { path, service: name, operation: service.operation(command.operation), children: NO_CHILDREN, table }
}

async function serviceCommands(service: string, beginning: string, models: Models): Promise<string[]> {
  const command = commandOfService(service)
  const { names, waits } = await models.commandNames(service)
  const children = operationCommandNames(command, names, beginning)
  const own = await ownNames(command)
  for (const name of waits ? ['wait', ...own] : own)
    if (name.startsWith(beginning) && !children.includes(name)) children.push(name)
  return children
}

function inWaiters(path: readonly string[], word: string | undefined, service: Service): Place | undefined {
  const waiters = new Map(Object.keys(service.waiters).map((waiter) => [kebabCase(waiter), waiter]))
  if (waiters.size === 0) return undefined
  const { name } = service
  if (word === undefined) {
    return { path, service: name, children: async () => Array.from(waiters.keys()), table: NO_ARGUMENTS }
  }
  const waiter = waiters.get(word)
  if (waiter === undefined) return undefined
  const operation = service.operation(service.waiters[waiter]!.operation)
  return { path, service: name, operation, waiter, children: NO_CHILDREN, table: argumentsOf(operation) }
}

async function ownPlace(path: readonly string[]): Promise<Place | undefined> {
  const { ownCommand } = await import('../own-command.ts')
  const words = path.join(' ')
  const children = await ownNames(words)
  const own = await ownCommand(words)
  if (own === undefined && children.length === 0) return undefined
  const added = Object.entries(own?.arguments ?? {}).map(([name, argument]) => argumentFrom(name, argument))
  const table = new Map(added.map((argument) => [argument.name, argument]))
  return { path, children: async () => children, table, ...(own === undefined ? {} : { own }) }
}
