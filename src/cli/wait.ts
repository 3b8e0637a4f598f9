// `service wait name …`: asks again and again until a condition holds. Takes the arguments of the operation it asks.

import { Failure } from '../lib/errors.ts'
import { kebabCase } from '../lib/names.ts'
import type { Service } from '../model/model.ts'
import { parseKnown } from './argparse.ts'
import { argumentsOf } from './arguments.ts'
import { decodeBlobs } from './input/blobs.ts'
import { understand } from './input/build.ts'
import { named } from './error-operation.ts'
import type { Session } from './session.ts'
import { commandChange, commandOfService } from './services.ts'

/** Command → the waiter's model name. */
export function waiterCommands(service: Service): Map<string, string> {
  return new Map(Object.keys(service.waiters).map((name) => [kebabCase(name), name]))
}

/** Returns the exit code. Throws Failure('Waiter') when the condition failed or was not met in time. */
export async function runWait(
  service: Service,
  words: readonly string[],
  session: Session,
  original = false,
): Promise<number> {
  const path = `${commandOfService(service.name)} wait`
  const aliases = session.aliases?.names(path.split(' ')) ?? []
  const waiters = waiterCommands(service)
  if (words.length === 1 && words[0] === 'help') return help(path, session)
  const choices = [...waiters.keys(), 'help', ...aliases]
  const { values, rest } = parseKnown(
    [{ name: 'subcommand', into: 'subcommand', positional: true, nargs: '?', choices }],
    words,
  )
  const command = values.subcommand as string | undefined
  if (command !== undefined && !original && aliases.includes(command)) {
    const { runSubAlias } = await import('./behind-alias.ts')
    return runSubAlias(path.split(' '), command, rest, session, {
      exists: waiters.has(command),
      again: (others, under, itself) => runWait(service, others, under, itself),
    })
  }
  if (command === 'help') return help(path, session)
  if (command === undefined) {
    throw new Failure(
      'ParamValidation',
      `usage: aws [options] ${path} <subcommand> [parameters]\naws: [ERROR]: too few arguments`,
    )
  }
  const waiter = waiters.get(command)!
  const operation = service.operation(service.waiters[waiter]!.operation)
  // Of what changes the command that is asked, only how its words are read is known here.
  const { bareMembers } = await commandChange(commandOfService(service.name), kebabCase(operation.name))
  const typed = await understand(rest, {
    operation,
    table: argumentsOf(operation, { change: { bareMembers } }),
    change: {},
    around: { operation, ...session.outside },
    paginate: session.globals.paginate,
    warn: session.warn,
  })
  if (typed.help) return help(`${path} ${command}`, session)
  if (typed.skeleton !== undefined && typed.skeleton !== 'output') {
    const { printSkeleton } = await import('./operation.ts')
    return printSkeleton(operation, typed.skeleton, session)
  }
  // Nothing is paged here, which whoever wants paging is told by the model.
  if (Object.values(typed.paging).some((given) => given !== undefined))
    typed.input.PaginationConfig = { ...typed.paging }
  if (operation.input !== undefined) decodeBlobs(typed.input, operation.input.shape, await session.binaryFormat())
  // A waiter has no output.
  if (typed.skeleton === 'output') return 0
  const [{ wait }, settings] = await Promise.all([import('../client/wait.ts'), session.settings()])
  await named(operation, () => wait(service, waiter, typed.input, settings))
  return 0
}

async function help(path: string, session: Session): Promise<number> {
  const { help: show } = await import('./help/help.ts')
  return show(path.split(' '), session)
}
