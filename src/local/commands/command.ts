// What is a command of `virga local`, and what is it given?

import type { Models } from '../../model/model.ts'
import type { StorePlace } from '../store/open.ts'

/** The machine, as main hands it in. */
export interface Outside {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly home: string
  readonly models: Models
  readonly stdout: { write(text: string): boolean }
  readonly stderr: { write(text: string): void }
}

/** Where the account is kept. */
export interface Place extends StorePlace {
  /** The accounts and keys made on first use, readable by the owner alone. */
  readonly seedFile: string
}

/** What was typed behind the command's name. */
export interface Asked {
  /** Options with a value, by their names without the dashes. */
  readonly given: Partial<Record<string, string>>
  /** Options without. */
  readonly on: ReadonlySet<string>
  readonly words: readonly string[]
}

/** Returns the exit code. Throws Failure('ParamValidation') for what cannot be understood. */
export type Command = (asked: Asked, place: Place, outside: Outside) => Promise<number>

/** How a command is typed. */
export interface Form {
  readonly about: string
  /** Which words it takes beside options, as a synopsis has them; undefined: none. */
  readonly words?: string
  readonly options?: Readonly<Record<string, Option>>
  /** What else help says: words it may take, by how they are typed, with what they mean. */
  readonly more?: Readonly<Record<string, string>>
}

export interface Option {
  /** What stands for its value in a synopsis; undefined: it has none. */
  readonly value?: string
  readonly about: string
}
