// A string's values may be more than a thousand (InstanceType of ec2). Few ask for them, and every call of the service that has a
// member of the type would wait a third of a millisecond until they are parsed: so they are parsed when they are asked for.

import type { Fragment } from './fragment.ts'
import type { Traits } from './model.ts'

/** So many characters are parsed sooner than looked into. */
const LONG = 2000

/** Traits whose `enum` is still text. */
const unparsed = new WeakSet<Traits>()

/** A fragment as it is written in a compiled block. */
export function parseFragment(text: string): Fragment {
  if (text.length < LONG) return JSON.parse(text) as Fragment
  const from = text.indexOf('"enum":[') + '"enum":'.length
  const to = text.indexOf(']', from) + 1
  // The last bracket is the fragment's, the last but one the values': where there is a third, it may be anybody's.
  const isPlain = from >= '"enum":'.length && text.lastIndexOf(']', text.length - 2) === to - 1
  if (!isPlain) return JSON.parse(text) as Fragment
  const fragment = JSON.parse(`${text.slice(0, from)}0${text.slice(to)}`) as Fragment
  const traits = fragment[2] as Traits
  let values: readonly string[] | undefined
  Object.defineProperty(traits, 'enum', {
    get: () => (values ??= JSON.parse(text.slice(from, to)) as string[]),
    enumerable: true,
  })
  unparsed.add(traits)
  return fragment
}

/** A shape's traits and over them those of a reference to it; what is not parsed stays so. */
export function overlaid(traits: Traits, own: Traits): Traits {
  if (!unparsed.has(traits)) return { ...traits, ...own }
  const { getOwnPropertyDescriptors } = Object
  const both = Object.defineProperties({}, { ...getOwnPropertyDescriptors(traits), ...getOwnPropertyDescriptors(own) })
  unparsed.add(both as Traits)
  return both as Traits
}
