// What an output format is. `json.ts`, `text.ts`, `table.ts`, `yaml.ts` … each export one.

import { filter } from '../../lib/iterate.ts'
import { Failure } from '../../lib/errors.ts'
import { isStructure, keysOf, type Structure, type Value } from '../../lib/value.ts'

export interface Sink {
  /** Writes text to stdout; returns false once the reader is gone (a broken pipe), when the formatter should stop quietly. */
  write(text: string): boolean
  /** Whether stdout is a terminal. */
  readonly terminal: boolean
  /** Columns of the terminal; 80 where there is none. */
  readonly columns: number
  readonly color: boolean
  /** Whether colours are switched off after every piece, as the reference does where it writes to stdout itself. */
  readonly resets?: boolean
}

export interface Result {
  /** The operation's model name: `ListUsers`: the table's title. */
  readonly operation: string
  /** One page for an operation that is not paginated or with --no-paginate. Each is wire-scalared and presentable (see present.ts). */
  readonly pages: AsyncIterable<Structure>
  /** The pages folded into one as AWS CLI folds them (nulls, NextToken). Consumes `pages`: use one or the other. */
  whole(): Promise<Structure>
  readonly paginated: boolean
  /**
   * Where `paginated`: the paginator's result_key and non_aggregate_keys as lists of dotted paths. Text output prints
   * each page on its own, and only these of it.
   */
  readonly paging?: { readonly resultKeys: readonly string[]; readonly nonAggregateKeys: readonly string[] }
  /** The token to resume from, known after `pages` has been read. */
  resumeToken(): string | undefined
}

export interface OutputFormat {
  write(result: Result, query: ((value: Value) => Value) | undefined, sink: Sink): Promise<void>
}

/** Whether a value is a list or a map, which text and tables print apart from what holds it. */
export function isNested(value: Value | undefined): boolean {
  return Array.isArray(value) || isStructure(value)
}

/** The keys of a map that have a value, in the order they came. */
export function keysWithValue(map: Structure): string[] {
  return filter(keysOf(map), (key) => map[key] !== undefined)
}

/** What the reference dies of, in Python's words, when a query's result does not fit the format. */
export function pythonError(message: string): Failure {
  return new Failure('InvalidValue', message)
}
