// `help` at every level. For now: the names of what may come next.

import type { Session } from '../session.ts'
import { commandArguments, operationCommands, serviceOfCommand } from '../services.ts'
import { ownNames } from '../own.ts'
import { topLevelNames } from '../run.ts'
import { USAGE } from '../usage.ts'

/** Prints what may follow `path`; [] is the top. Returns the exit code. */
export async function help(path: readonly string[], session: Session): Promise<number> {
  const lines = await linesFor(path, session)
  session.write(
    `${['virga', ...path].join(' ')}: what may follow. Descriptions are not built yet.\n\n${lines.join('\n')}\n`,
  )
  return 0
}

async function linesFor([service, command]: readonly string[], session: Session): Promise<string[]> {
  const { models } = session.outside
  if (service === undefined) return [USAGE, ...(await topLevelNames(models))]
  const name = serviceOfCommand(service)
  if (name === undefined || !models.has(name)) return ownNames(service)
  const described = await models.service(name)
  const table = operationCommands(described)
  const operation = command === undefined ? undefined : table.get(command)
  if (operation === undefined) return [...table.values()].filter(({ hidden }) => !hidden).map((each) => each.name)
  const { table: args } = await commandArguments(described, operation)
  return [...args.values()]
    .filter(({ hidden }) => !hidden)
    .map((argument) => {
      const { positional, name: typed, type, required } = argument
      return `${positional ? typed : `--${typed}`} (${type})${required ? ' required' : ''}`
    })
}
