// What does an alias that was typed stand for, and how does it run?

import { Failure } from '../lib/errors.ts'
import { quoteWord, splitWords } from '../lib/shlex.ts'
import { checkGlobals, parseGlobals } from './globals.ts'
import type { Globals } from './globals.ts'
import type { Session } from './session.ts'
import { compiledQuery } from './show.ts'
import { topLevelNames } from './top-level.ts'

/** More aliases in a row than this are taken for one that leads back to itself. */
const LONGEST_CHAIN = 100

/** An alias that was typed. */
export interface Typed {
  readonly name: string
  readonly value: string
  /** The words before it. */
  readonly path: readonly string[]
  /** The words after it. */
  readonly words: readonly string[]
}

/** What an alias stands for. */
export interface Meaning {
  /** The first word of them all: `ec2`. */
  readonly command: string
  /** What follows it, or where the alias stands below a command, what follows that. */
  readonly words: readonly string[]
  /** It asks for the version, and for nothing else. */
  readonly version: boolean
  /** With the options that are the whole program's. */
  readonly session: Session
}

/** Throws Failure('ParamValidation' | 'InvalidConfig'). */
export async function meaningOf({ name, value, path, words }: Typed, session: Session): Promise<Meaning> {
  if (session.aliasesUsed >= LONGEST_CHAIN) {
    throw new Failure('InvalidConfig', `Alias "${name}" leads back to itself.`)
  }
  const commands = await topLevelNames(session.outside.models, session.aliases?.names([]))
  const line = parseGlobals([...path.slice(0, 1), ...wordsOf(name, value)], commands)
  const globals = merged(session.globals, line.globals, name)
  const query = line.globals.query === undefined ? session.query : await compiledQuery(line.globals.query)
  return {
    command: line.command,
    version: line.version,
    words: [...line.rest, ...words],
    session: session.under(globals, query),
  }
}

function wordsOf(name: string, value: string): string[] {
  try {
    return splitWords(value).map((word) => word.replace(/^\n+|\n+$/g, ''))
  } catch (error) {
    throw new Failure(
      'InvalidConfig',
      `Value of alias "${name}" could not be parsed. Received error: ${(error as Error).message} when parsing:\n${value}`,
    )
  }
}

/** The alias's options overrule what was typed. */
function merged(typed: Globals, own: Globals, alias: string): Globals {
  for (const name of ['debug', 'profile'] as const) {
    if (own[name] === undefined || own[name] === false) continue
    throw new Failure(
      'InvalidConfig',
      `Global parameter "--${name}" detected in alias "${alias}" which is not supported in subcommand aliases.`,
    )
  }
  checkGlobals(own)
  const plain = { verifySsl: true, paginate: true, signRequest: true, pager: true, color: 'auto' } as const
  const said = Object.entries(own).filter(
    ([key, value]) => value !== undefined && plain[key as keyof typeof plain] !== value,
  )
  return { ...typed, ...Object.fromEntries(said.filter(([key]) => key !== 'debug')) }
}

interface Below {
  /** Whether something else bears the name there. */
  readonly exists: boolean
  /** Runs what stands at the path; `original`: aliases apart. */
  readonly again: (words: readonly string[], session: Session, original: boolean) => Promise<number>
}

/** Runs an alias that stands below a command: it begins with a word of that command's. */
export async function runSubAlias(
  path: readonly string[],
  name: string,
  words: readonly string[],
  session: Session,
  { exists, again }: Below,
): Promise<number> {
  const value = session.aliases!.find(path, name)!
  if (value.startsWith('!')) return runInShell(value.slice(1), words, session)
  const meant = await meaningOf({ name, value, path, words }, session)
  // The first word of an alias that bears another's name is that name, whatever it says.
  return exists ? again([name, ...meant.words.slice(1)], meant.session, true) : again(meant.words, meant.session, false)
}

/** `!line`: the shell's exit code. What the line calls in its turn only looks, too, where only that is allowed. */
export async function runInShell(line: string, words: readonly string[], session: Session): Promise<number> {
  const { runChild } = await import('./child.ts')
  const { globals, outside } = session
  const env = globals.readOnly === true ? { ...outside.env, VIRGA_READ_ONLY: '1' } : outside.env
  return runChild([line, ...words.map(quoteWord)].join(' '), { env })
}
