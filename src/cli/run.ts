// What happens when a command is typed? Read this file first: each line is a step, and the steps are in order.

import type { Models, Service } from '../model/model.ts'
import { parseKnown } from './argparse.ts'
import type { Outside } from './door.ts'
import { checkGlobals, parseGlobals } from './globals.ts'
import type { CommandLine } from './globals.ts'
import { isOwn, ownNames, replacesOperation, runOwn } from './own.ts'
import type { Known } from './report.ts'
import { commandOfService, operationCommands, serviceOfCommand } from './services.ts'
import { Session } from './session.ts'
import { compiledQuery } from './show.ts'
import { versionLine } from './version.ts'

/** Returns the exit code; nothing is thrown. */
export async function run(outside: Outside): Promise<number> {
  const known: Known = {}
  try {
    const { globals, command, rest, version } = await understood(outside)
    if (version) return printVersion(outside)
    known.globals = globals
    const query = await compiledQuery(globals.query)
    checkGlobals(globals)
    const session = new Session(outside, globals, query)
    known.configuredFormat = () => session.configuredErrorFormat()
    return await dispatch(command, rest, session)
  } catch (error) {
    const { report } = await import('./report.ts')
    return report(error, outside, known)
  }
}

/** All names are gathered only to say that a word is none of them: gathering costs as much as a call. */
async function understood({ argv, models }: Outside): Promise<CommandLine> {
  try {
    const line = parseGlobals(argv)
    if (line.version || isCommand(line.command, models)) return line
  } catch {
    // Told again below, after what outranks it.
  }
  return parseGlobals(argv, await topLevelNames(models))
}

function isCommand(word: string, models: Models): boolean {
  const service = serviceOfCommand(word)
  return word === 'local' || word === 'help' || (service !== undefined && models.has(service)) || isOwn(word)
}

/** Every word that may come first: services, and commands of our own. */
export async function topLevelNames(models: Models): Promise<string[]> {
  return [...models.serviceNames.map(commandOfService), ...(await ownNames('')), 'local', 'help']
}

async function dispatch(command: string, words: readonly string[], session: Session): Promise<number> {
  const { models } = session.outside
  if (command === 'help') return help([], session)
  if (command === 'local') return session.outside.local.command(words, session.outside)
  const service = serviceOfCommand(command)
  if (service !== undefined && models.has(service)) return runService(await models.service(service), words, session)
  return runOwn(command, words, session)
}

/** `service word …`: one of its operations, `wait`, or a command of our own that stands among them. */
async function runService(service: Service, words: readonly string[], session: Session): Promise<number> {
  const command = commandOfService(service.name)
  const operations = operationCommands(service)
  const { values, rest } = parseKnown([OPERATION], words)
  const word = values.operation as string
  const path = `${command} ${word}`
  const operation = operations.get(word)
  if (operation !== undefined && !isOwn(path) && !replacesOperation(path)) {
    const { runOperation } = await import('./operation.ts')
    return runOperation(service, operation, rest, session)
  }
  const waits = Object.keys(service.waiters).length > 0 ? ['wait'] : []
  const own = await ownNames(command)
  // Said here where the word is none of them.
  parseKnown([{ ...OPERATION, choices: [...operations.keys(), ...waits, ...own, 'help'] }], words)
  if (word === 'help') return help([command], session)
  if (own.includes(word)) return runOwn(path, rest, session)
  const { runWait } = await import('./wait.ts')
  return runWait(service, rest, session)
}

const OPERATION = { name: 'operation', into: 'operation', positional: true } as const

async function help(path: readonly string[], session: Session): Promise<number> {
  const { help: show } = await import('./help/help.ts')
  return show(path, session)
}

function printVersion(outside: Outside): number {
  outside.stdout.write(versionLine(outside.env))
  return 0
}
