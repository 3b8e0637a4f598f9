// How far has a command line come? The place in the command tree, what was given already, and what the next word is for.

import type { Models } from '../../model/model.ts'
import type { Argument } from '../arguments.ts'
import type { Option } from '../argparse.ts'
import { globalOptions } from '../globals.ts'
import { optionOf } from '../arguments.ts'
import { placeAt } from './place.ts'
import type { Place } from './place.ts'

/** An option whose values stand before the cursor. */
export interface Open {
  readonly option: Option
  /** Undefined for a global option. */
  readonly argument?: Argument
  /** The values it was given so far. */
  readonly values: string[]
}

export interface Progress {
  readonly place: Place
  /** What was given, by option (`--region`) or positional; an option without a value has none. */
  readonly given: ReadonlyMap<string, readonly string[]>
  /** The option that the next word may be a value of. */
  readonly open: Open | undefined
  /** A word was met that nothing is known of. */
  readonly lost: boolean
}

export async function progressOf(words: readonly string[], models: Models): Promise<Progress> {
  let place = (await placeAt([], models))!
  const given = new Map<string, string[]>()
  let open: Open | undefined
  let lost = false
  for (const word of words) {
    if (word.startsWith('--')) {
      const [name, value] = split(word)
      const found = optionNamed(name, place)
      open = found === undefined ? undefined : { ...found, values: value === undefined ? [] : [value] }
      if (open === undefined) lost = true
      else given.set(open.option.name, open.values)
      if (open !== undefined && (value !== undefined || !takesMore(open))) open = undefined
      continue
    }
    if (open !== undefined) {
      open.values.push(word)
      if (!takesMore(open)) open = undefined
      continue
    }
    const next = await placeAt([...place.path, word], models)
    if (next !== undefined) {
      place = next
      continue
    }
    const positional = nextPositional(place, given)
    if (positional === undefined) lost = true
    else given.set(positional.name, [...(given.get(positional.name) ?? []), word])
  }
  return { place, given, open, lost }
}

function split(word: string): [name: string, value: string | undefined] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

/** By its name, or by the beginning of it where that says enough. */
export function optionNamed(name: string, place: Place): Omit<Open, 'values'> | undefined {
  const own = Array.from(place.table.values(), (argument) => ({ option: optionOf(argument), argument }))
  const all: Omit<Open, 'values'>[] = [...own, ...globalOptions.map((option) => ({ option }))]
  const exact = all.find(({ option }) => option.name === name)
  if (exact !== undefined) return exact
  const beginning = all.filter(({ option }) => option.name.startsWith(name))
  return beginning.length === 1 ? beginning[0] : undefined
}

/** The positional that the next word fills. */
export function nextPositional(place: Place, given: Progress['given']): Argument | undefined {
  const positionals = Array.from(place.table.values()).filter(({ positional }) => positional)
  return positionals.find(({ name, nargs }) => (given.get(name)?.length ?? 0) < most(nargs))
}

function takesMore({ option, values }: Open): boolean {
  return !('flag' in option) && values.length < most(option.nargs)
}

function most(nargs: Option['nargs']): number {
  if (nargs === undefined || nargs === '?') return 1
  return nargs === '*' || nargs === '+' ? Number.POSITIVE_INFINITY : nargs
}
