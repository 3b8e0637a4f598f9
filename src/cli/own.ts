// Commands that are not operations: which one do the words name, and what was given to it?

import { Failure } from '../lib/errors.ts'
import { map } from '../lib/iterate.ts'
import type { Value } from '../lib/value.ts'
import type { Member } from '../model/model.ts'
import { parseKnown } from './argparse.ts'
import { argumentFrom, optionOf } from './arguments.ts'
import type { AddedArgument } from './changes/change.ts'
import type { Command, GivenWords } from './commands/command.ts'
import { isOurs } from './commands/ours.ts'
import { addedValue } from './input/build.ts'
import { ownCommand } from './own-command.ts'
import { ownNames } from './own-names.ts'
import type { Session } from './session.ts'

type Arguments = Readonly<Record<string, AddedArgument>>

/** Runs the command at `path`, or the one below it that the words name. Returns the exit code. */
export async function runOwn(
  path: string,
  words: readonly string[],
  session: Session,
  original = false,
): Promise<number> {
  const aliases = session.aliases?.names(path.split(' ')) ?? []
  const children = [...new Set([...(await ownNames(path)), ...aliases])]
  const command = await ownCommand(path)
  if (words.length === 1 && words[0] === 'help') {
    const { help } = await import('./help/help.ts')
    return help(path.split(' '), session)
  }
  const table = map(Object.entries(await argumentsOf(command, session)), ([name, added]) => argumentFrom(name, added))
  const options = map(table, optionOf)
  const subcommand = {
    name: 'subcommand',
    into: 'subcommand',
    positional: true,
    nargs: '?',
    choices: [...children, 'help'],
  } as const
  const { values, rest } = parseKnown(children.length > 0 ? [...options, subcommand] : options, words)
  const child = values.subcommand as string | undefined
  if (child === 'help') return runOwn(path, ['help'], session)
  if (child !== undefined && !original && aliases.includes(child)) {
    const { runSubAlias } = await import('./behind-alias.ts')
    return runSubAlias(path.split(' '), child, rest, session, {
      exists: (await ownNames(path)).includes(child),
      again: (others, under, itself) => runOwn(path, others, under, itself),
    })
  }
  if (child !== undefined) return runOwn(`${path} ${child}`, rest, session)
  if (rest.length > 0 && command?.takesRest !== true) {
    throw new Failure('ParamValidation', `Unknown options: ${rest.join(',')}`)
  }
  if (command === undefined) throw tooFew(path, children)
  if (session.globals.readOnly === true || session.outside.env['VIRGA_READ_ONLY']) {
    const { isReadOnly, requireOperations } = await import('./read-only.ts')
    if (isReadOnly(session.globals, session.outside.env)) requireOperations(path)
  }
  return command.run(
    { ...(await givenTo(command.arguments, values, session)), ...(command.takesRest && { rest }) },
    session,
  )
}

/** A command that only holds others was named alone. */
function tooFew(path: string, children: readonly string[]): Failure {
  const message = isOurs(path)
    ? `${path} takes one of: ${children.join(', ')}. To see what they do: virga ${path} help`
    : `usage: aws [options] ${path} <subcommand> [parameters]\naws: [ERROR]: too few arguments`
  return new Failure('ParamValidation', message)
}

/** What is configured is not required. */
async function argumentsOf(command: Command | undefined, session: Session): Promise<Arguments> {
  if (command?.configuredIn === undefined) return command?.arguments ?? {}
  const block = (await session.settings()).key(command.configuredIn)
  if (typeof block !== 'object') return command.arguments
  return Object.fromEntries(
    Object.entries(command.arguments).map(([name, added]) => {
      return [name, Object.hasOwn(block, name.replaceAll('-', '_')) ? { ...added, required: false } : added]
    }),
  )
}

async function requireFitting(member: Member, value: Value): Promise<void> {
  const { validateValue } = await import('../client/validate.ts')
  validateValue(member, value)
}

async function givenTo(args: Arguments, values: Record<string, unknown>, session: Session): Promise<GivenWords> {
  const given: Record<string, Value | undefined> = {}
  for (const [name, added] of Object.entries(args)) {
    const argument = argumentFrom(name, added)
    if (argument.into in values) {
      const place = { name: argument.positional ? name : `--${name}`, env: session.outside.env }
      given[argument.into] =
        added.append === undefined
          ? await addedValue(argument, values[argument.into], place)
          : (values[argument.into] as Value)
      if (argument.member !== undefined) await requireFitting(argument.member, given[argument.into]!)
    } else if (added.default !== undefined) {
      given[argument.into] ??= added.default as Value
    }
  }
  return given
}
