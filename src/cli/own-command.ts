// Which command of our own does a path name? What it takes and does, built or not.

import { Failure } from '../lib/errors.ts'
import type { AddedArgument } from './changes/change.ts'
import type { Command } from './commands/command.ts'
import { commands } from './commands/table.ts'

/** The command that `path` names; undefined for one that only holds others. */
export async function ownCommand(path: string): Promise<Command | undefined> {
  if (Object.hasOwn(commands, path)) return commands[path]!()
  const { unbuilt } = await import('./commands/unbuilt.ts')
  return Object.hasOwn(unbuilt, path) ? notBuilt(path, unbuilt[path]!) : undefined
}

function notBuilt(path: string, args: Readonly<Record<string, AddedArgument>>): Command {
  return {
    name: path,
    arguments: args,
    run: () => {
      throw new Failure('NotImplemented', `'${path}' is not built here yet. AWS CLI has it: aws ${path}`)
    },
  }
}
