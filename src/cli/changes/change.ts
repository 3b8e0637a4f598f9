// How may the command line differ from the bare model? In six ways: an argument is added, renamed, hidden or replaced; a
// command is added, renamed or hidden; the input is reworked; the output is reworked; the help is changed.
//
// The differences are data, one file a service, applied by `arguments.ts` and `commands.ts`.

import type { Structure, Value } from '../../lib/value.ts'
import type { Operation } from '../../model/model.ts'
import type { Schema } from '../schema.ts'

/** An argument that no member of the input stands behind. */
export interface AddedArgument {
  /** What help calls it; 'string' by default. */
  readonly type?: string
  /** The shape of a value that is not a plain string: read by shorthand or JSON, as a member's would be. */
  readonly schema?: Schema
  readonly required?: boolean
  readonly nargs?: '?' | '*' | '+' | number
  readonly choices?: readonly string[]
  readonly default?: unknown
  /** What is stored where `nargs: '?'` is given no word. */
  readonly whenEmpty?: unknown
  /** An option without a word stores this. */
  readonly flag?: boolean
  /** Every time it is given counts: the words, or with 'named' the option and its words, are added to a list. */
  readonly append?: 'words' | 'named'
  /** Stores into another argument's value: `--no-x` into `x`. */
  readonly into?: string
  readonly positional?: boolean
  /** `file://` stands for itself. */
  readonly noParamFile?: boolean
  readonly hidden?: boolean
  readonly help?: string
  /** The input member it fills by its value as it is; without it the value is left for `input`. */
  readonly member?: string
}

/** What was given for the added arguments, by name (`into`): a string, bytes, a list, a boolean, or a schema's value. */
export type Given = Readonly<Record<string, Value | undefined>>

export interface Surrounding {
  readonly operation: Operation
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly clock: () => Date
}

export interface CommandChange {
  /** Old name → new name; the new one stands last. */
  readonly rename?: Readonly<Record<string, string>>
  /** Name → another name for the same, which help does not show. Neither is required then. */
  readonly alias?: Readonly<Record<string, string>>
  /** Still understood, not shown. */
  readonly hide?: readonly string[]
  readonly remove?: readonly string[]
  /** The model requires it, the command line does not: something added may stand in. */
  readonly optional?: readonly string[]
  readonly add?: Readonly<Record<string, AddedArgument>>
  /** Arguments whose every word is the one member of a structure: `--instances i-1 i-2`. */
  readonly bareMembers?: readonly string[]
  /** Reworks the input made from the arguments; before `--cli-input-json` is merged. */
  readonly input?: (input: Structure, given: Given, around: Surrounding) => void | Promise<void>
  /** Reworks one page of output. */
  readonly output?: (output: Structure, given: Given, around: Surrounding) => Structure | Promise<Structure>
}

export interface ServiceChanges {
  /** By command name; '*' for every command of the service. */
  readonly commands?: Readonly<Record<string, CommandChange>>
  /** Command names that are not there. */
  readonly removed?: readonly string[]
  /** Command → its other name. */
  readonly renamed?: Readonly<Record<string, string>>
  /** Command → a name it still answers to; not shown. */
  readonly aliases?: Readonly<Record<string, string>>
  /** More names for an operation: command → operation. */
  readonly extra?: Readonly<Record<string, string>>
  /** ec2: a structure of one boolean `Value` becomes the pair `--x` and `--no-x`. */
  readonly pairsOfValue?: boolean
}
