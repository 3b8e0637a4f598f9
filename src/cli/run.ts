// What happens when a command is typed? Read this file first: each line is a step, and the steps are in order.

import { AwsError } from '../lib/errors.ts'
import { join } from '../lib/path.ts'
import { exists } from '../lib/files.ts'
import type { Service } from '../model/model.ts'
import type { Aliases } from './aliases.ts'
import { parseKnown } from './argparse.ts'
import type { Outside } from './door.ts'
import { checkGlobals, parseGlobals } from './globals.ts'
import type { CommandLine } from './globals.ts'
import { isOwn, ownNames, replacesOperation } from './own-names.ts'
import type { Known } from './report.ts'
import { commandOfService, operationCommand, operationCommands, serviceOfCommand } from './services.ts'
import { Session } from './session.ts'
import { compiledQuery } from './show.ts'
import { isCommand, topLevelNames } from './top-level.ts'

/** Returns the exit code; nothing is thrown. */
export async function run(outside: Outside): Promise<number> {
  if (!mayAsk(outside)) return runLine(outside)
  const { runAsking } = await import('./complete/prompt/auto-prompt.ts')
  return runAsking(outside, runLine)
}

/** Only a person at a terminal is asked for a command line, or whoever wants to be. */
function mayAsk({ argv, stdin, stdout }: Outside): boolean {
  return argv.includes('--cli-auto-prompt') || (stdout.terminal && stdin.terminal)
}

async function runLine(outside: Outside): Promise<number> {
  const known: Known = {}
  let session: Session | undefined
  const ended = (exit: number): number => {
    session?.ended(exit)
    return exit
  }
  known.afterwards = (error) => toldAfter(error, outside, session)
  if (outside.env['VIRGA_ERRORS'])
    known.asRecord = (await import('./error-record.ts')).recordsIn(outside, () => session)
  try {
    const aliases = await aliasesOf(outside.home)
    const { globals, command, rest, version } = await understood(outside, aliases)
    if (version) return printVersion(outside)
    known.globals = globals
    const query = await compiledQuery(globals.query)
    checkGlobals(globals)
    const own = (session = new Session(outside, globals, query, aliases))
    known.configuredFormat = () => own.configuredErrorFormat()
    // Looking at the history is no part of it.
    if (command === 'history') session.unrecorded()
    return ended(await dispatch(command, rest, session))
  } catch (error) {
    const { report } = await import('./report.ts')
    return ended(await report(error, outside, known))
  }
}

/** What stands below the error: why it was denied, or at a terminal what can be done about it. */
async function toldAfter(error: unknown, outside: Outside, session: Session | undefined): Promise<string> {
  if (error instanceof AwsError && session !== undefined) {
    const { afterDenial } = await import('./after-denial.ts')
    const why = await afterDenial(error, session)
    if (why !== '') return why
  }
  if (!outside.stderr.terminal) return ''
  const { nextStep } = await import('./next-step.ts')
  return nextStep(error, outside, session)
}

/** All names are gathered only to say that a word is none of them: gathering costs as much as a call. */
async function understood({ argv, models }: Outside, aliases: Aliases | undefined): Promise<CommandLine> {
  try {
    const line = parseGlobals(argv)
    if (line.version || (await isCommand(line.command, models)) || aliases?.find([], line.command) !== undefined)
      return line
  } catch {
    // Told again below, after what outranks it.
  }
  const words = isHelpAsked(argv) ? [...argv.slice(0, -1), 'help'] : argv
  return parseGlobals(words, await topLevelNames(models, aliases?.names([])))
}

/** The reference knows the word `help` only. */
function isHelpAsked(words: readonly string[]): boolean {
  const last = words[words.length - 1]
  return last === '--help' || last === '-h'
}

/** Undefined where nobody named commands, which costs one look at the disk. */
async function aliasesOf(home: string): Promise<Aliases | undefined> {
  const file = join(home, '.aws', 'cli', 'alias')
  return exists(file) ? (await import('./aliases.ts')).aliasesIn(file) : undefined
}

/** `original`: the command itself, though an alias bears its name. */
async function dispatch(
  command: string,
  words: readonly string[],
  session: Session,
  original = false,
): Promise<number> {
  const { models } = session.outside
  const alias = original ? undefined : session.aliases?.find([], command)
  if (alias !== undefined) return behindAlias(command, alias, words, session)
  if (command === 'help') return help(words.length === 0 ? [] : ['help', ...words], session)
  if (command === 'local') return local(words, session)
  if (isHelpAsked(words) && !session.aliases?.names([command]).includes(words[0]!)) {
    const { commandNamed } = await import('./help/asked.ts')
    return help(await commandNamed([command, ...words.slice(0, -1)], models), session)
  }
  const service = serviceOfCommand(command)
  if (service !== undefined && models.has(service)) return runService(await models.service(service), words, session)
  const { runOwn } = await import('./own.ts')
  return runOwn(command, words, session)
}

async function local(words: readonly string[], { globals, outside }: Session): Promise<number> {
  if (globals.readOnly === true || outside.env['VIRGA_READ_ONLY']) {
    const { isReadOnly, requireLookingLocally } = await import('./read-only.ts')
    if (isReadOnly(globals, outside.env)) requireLookingLocally(words)
  }
  return outside.local.command(words, outside)
}

async function behindAlias(name: string, value: string, words: readonly string[], session: Session): Promise<number> {
  const { meaningOf, runInShell } = await import('./behind-alias.ts')
  if (value.startsWith('!')) return runInShell(value.slice(1), words, session)
  const meant = await meaningOf({ name, value, path: [], words }, session)
  if (meant.version) return printVersion(session.outside)
  const original = meant.command === name && (await isCommand(name, session.outside.models))
  return dispatch(meant.command, meant.words, meant.session, original)
}

/** `service word …`: one of its operations, `wait`, or a command of our own that stands among them. */
async function runService(
  service: Service,
  words: readonly string[],
  session: Session,
  original = false,
): Promise<number> {
  const command = commandOfService(service.name)
  const { values, rest } = parseKnown([OPERATION], words)
  const word = values.operation as string
  const path = `${command} ${word}`
  const operation = operationCommand(service, word)
  if (!original && session.aliases?.find([command], word) !== undefined) {
    const exists = operation !== undefined || word === 'wait' || (await ownNames(command)).includes(word)
    const { runSubAlias } = await import('./behind-alias.ts')
    return runSubAlias([command], word, rest, session, {
      exists,
      again: (others, under, itself) => runService(service, others, under, itself),
    })
  }
  if (operation !== undefined && !(await isOwn(path)) && !replacesOperation(path)) {
    if (rest.length === 1 && rest[0] === 'help') return help([command, word], session)
    const { runOperation } = await import('./operation.ts')
    const at = session.aliases === undefined ? -1 : wordOf(session.aliases.names([command, word]), rest)
    if (at < 0) return runOperation(service, operation, rest, session)
    const { runSubAlias } = await import('./behind-alias.ts')
    return runSubAlias([command, word], rest[at]!, rest.toSpliced(at, 1), session, {
      exists: false,
      again: (others, under) => runOperation(service, operation, others, under),
    })
  }
  const waits = Object.keys(service.waiters).length > 0 ? ['wait'] : []
  const own = await ownNames(command)
  // Said here where the word is none of them.
  const named = session.aliases?.names([command]) ?? []
  parseKnown(
    [{ ...OPERATION, choices: [...operationCommands(service).keys(), ...waits, ...own, 'help', ...named] }],
    words,
  )
  if (word === 'help') return help([command], session)
  if (own.includes(word)) {
    const { runOwn } = await import('./own.ts')
    return runOwn(path, rest, session)
  }
  const { runWait } = await import('./wait.ts')
  return runWait(service, rest, session)
}

/** Where the first of the names stands that is not an option's value. */
function wordOf(names: readonly string[], words: readonly string[]): number {
  return words.findIndex((word, at) => names.includes(word) && !words[at - 1]?.startsWith('--'))
}

const OPERATION = { name: 'operation', into: 'operation', positional: true } as const

async function help(path: readonly string[], session: Session): Promise<number> {
  const { help: show } = await import('./help/help.ts')
  return show(path, session)
}

async function printVersion(outside: Outside): Promise<number> {
  const { versionLine } = await import('./version.ts')
  outside.stdout.write(versionLine(outside.env, outside.home))
  return 0
}
