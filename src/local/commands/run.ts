// `virga local …`: which command is it, and what was it given?

import { Failure } from '../../lib/errors.ts'
import { askedBy } from './asked.ts'
import type { Outside, Place } from './command.ts'
import { commands } from './table.ts'

/** Returns the exit code. Throws Failure('ParamValidation') for what cannot be understood. */
export async function runCommand(typed: readonly string[], place: Place, outside: Outside): Promise<number> {
  const [name, ...rest] = typed
  if (name === undefined || isHelp(name)) return help(rest[0], outside)
  if (rest.some(isHelp)) return help(name, outside)
  const row = rowOf(name)
  const asked = askedBy(name, rest, row)
  return (await row.load())(asked, place, outside)
}

function isHelp(word: string): boolean {
  return word === 'help' || word === '--help' || word === '-h'
}

async function help(name: string | undefined, { stdout }: Outside): Promise<number> {
  const { helpOf, overview } = await import('./help.ts')
  stdout.write(name === undefined ? overview() : helpOf(name, rowOf(name)))
  return 0
}

function rowOf(name: string) {
  if (Object.hasOwn(commands, name)) return commands[name]!
  const known = Object.keys(commands).join(', ')
  throw new Failure('ParamValidation', `virga local has no command "${name}" (it has ${known})`)
}
