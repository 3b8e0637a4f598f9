// What is a command of our own, beside the operations of the models?
//
// One value in a file: its arguments as data and a function that runs it. `table.ts` names it in one line and loads it
// when it is typed:
//
//   export const getLoginPassword = command({
//     name: 'ecr get-login-password',
//     arguments: {},
//     run: async (_given, context) => { … return 0 },
//   })

import type { Structure, Value } from '../../lib/value.ts'
import type { Settings } from '../../client/settings.ts'
import type { AddedArgument } from '../changes/change.ts'
import type { Outside } from '../door.ts'
import type { Globals } from '../globals.ts'

export interface Command {
  /** As typed: `ecr get-login-password`. */
  readonly name: string
  /** What it does, in a sentence or more. */
  readonly help?: string
  readonly arguments: Readonly<Record<string, AddedArgument>>
  /** The block of a profile whose keys stand for arguments: what it has need not be typed. */
  readonly configuredIn?: string
  /** Words that are none of the arguments are no mistake: they are given as `rest`. */
  readonly takesRest?: boolean
  /** Returns the exit code. */
  readonly run: (given: GivenWords, context: Context) => Promise<number>
}

/** What was typed, by name (`into`): text, bytes (fileb://), a list, a boolean, a schema's value; defaults filled in. */
export type GivenWords = Readonly<Record<string, Value | undefined>>

/** What a command may use of the program around it. */
export interface Context {
  readonly outside: Outside
  readonly globals: Globals
  /** Made when first asked for. Throws Failure('Configuration' | 'ProfileNotFound' …). */
  readonly settings: () => Promise<Settings>
  /** Calls an operation by model names: `call('ecr', 'GetAuthorizationToken', {})`. */
  readonly call: (service: string, operation: string, input: Structure) => Promise<Structure>
  /** All pages of a paginated operation, one by one. */
  readonly pages: (service: string, operation: string, input: Structure) => AsyncIterable<Structure>
  /** Prints a value as `--output` and `--query` say; `title` heads a table. */
  readonly show: (title: string, value: Structure) => Promise<void>
  /** Writes to stdout as it is. */
  readonly write: (text: string) => void
  /** Writes a line to stderr. */
  readonly warn: (line: string) => void
}

export function command(definition: Command): Command {
  return definition
}
