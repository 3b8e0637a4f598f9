// Which words may a command line begin with? Services, commands of our own, and what people named themselves.

import type { Models } from '../model/model.ts'
import { isOwn, ownNames } from './own-names.ts'
import { commandOfService, serviceOfCommand } from './services.ts'

/** Aliases apart. */
export async function isCommand(word: string, models: Models): Promise<boolean> {
  const service = serviceOfCommand(word)
  return word === 'local' || word === 'help' || (service !== undefined && models.has(service)) || (await isOwn(word))
}

export async function topLevelNames(models: Models, aliases: readonly string[] = []): Promise<string[]> {
  const services = models.serviceNames.map(commandOfService)
  return [...new Set([...services, ...(await ownNames('')), 'local', 'help', ...aliases])]
}
