// How may the command line differ from the bare model? In six ways: an argument is added, renamed, hidden or replaced;
// a command is added, renamed or hidden; the input is reworked; the output is reworked; the help is changed.
//
// The differences are data, one file a service, applied by `arguments.ts` and `commands.ts`.

import { Failure } from '../../lib/errors.ts'
import type { Structure, Value } from '../../lib/value.ts'
import type { Operation } from '../../model/model.ts'
import type { Context } from '../commands/command.ts'
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
  /** The parser takes so many words, though the grammar does not show it. */
  readonly words?: '*'
  /** Not in the grammar that the reference shows: ours, or one that it adds when it runs. */
  readonly beside?: true
  readonly convert?: 'int'
  /** The input member it fills by its value as it is; without it the value is left for `input`. */
  readonly member?: string
  /** The member that `input` puts it into, for the grammar. */
  readonly inside?: string
  /** It has the shape of the input's member at this path. */
  readonly like?: readonly string[]
}

/** What was given for the added arguments, by name (`into`): text, bytes, a list, a boolean, or a schema's value. */
export type Given = Readonly<Record<string, Value | undefined>>

export interface Surrounding {
  readonly operation: Operation
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly clock: () => Date
  /** Calls another operation of the same service. */
  readonly call?: (operation: string, input: Structure) => Promise<Structure>
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
  /** Groups of arguments of which only one may be used: `[['destination'], ['to', 'cc', 'bcc']]`. */
  readonly exclusive?: readonly (readonly (readonly string[])[])[]
  /** Throws where words do not go together; by argument name, before any of them is read. */
  readonly check?: (words: Readonly<Record<string, unknown>>) => void
  /** Arguments that steer paging by hand: with one of them nothing is paged. */
  readonly unpagedWith?: readonly string[]
  /** Reworks the input made from the arguments; before `--cli-input-json` is merged. */
  readonly input?: (input: Structure, given: Given, around: Surrounding) => void | Promise<void>
  /** Reworks the whole input, `--cli-input-json` included. */
  readonly finish?: (input: Structure, around: Surrounding) => void | Promise<void>
  /** The size of page to ask for where none was given. */
  readonly pageSize?: (input: Structure) => number | undefined
  /** The output is a stream of events, of which this member of this event goes to the outfile. */
  readonly streamsEvents?: { readonly event: string; readonly member: string }
  /** Takes the place of the call and of printing what it answers. Returns the exit code. */
  readonly instead?: (input: Structure, context: Context) => Promise<number>
  /** Reworks one page of output. */
  readonly output?: (output: Structure, given: Given, around: Surrounding) => Structure | Promise<Structure>
}

export interface ServiceChanges {
  /** By command name. */
  readonly commands?: Readonly<Record<string, CommandChange>>
  /** ec2: a structure of one boolean `Value` becomes the pair `--x` and `--no-x`. */
  readonly pairsOfValue?: boolean
}

/** What Python calls a ValueError, and the command line a usage error. */
export function refused(message: string): Failure {
  return new Failure('ParamValidation', message)
}

/**
 * A blob inside a structure gets an argument of its own, so that `fileb://` works for it: `--image-bytes` for
 * `Image.Bytes`.
 */
export function hoistedBlob(
  argument: string,
  structure: string,
  member: string,
  as: string,
  options: { required?: boolean; keepRequired?: boolean; refuse?: string } = {},
): Pick<CommandChange, 'add' | 'input' | 'optional'> {
  return {
    ...(options.keepRequired ? {} : { optional: [argument] }),
    add: { [as]: { type: 'blob', required: options.required } },
    input: (input, given) => {
      const outer = input[structure] as Structure | undefined
      if (options.refuse !== undefined && outer?.[member] !== undefined) throw refused(options.refuse)
      if (given[as] !== undefined) input[structure] = { ...outer, [member]: given[as] }
    },
  }
}
