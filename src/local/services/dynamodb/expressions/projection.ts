// Which parts of an item are asked for, and what is left of it?
//
//   id, #a.b[1], #a.b[3]   →   { id: …, a: { M: { b: { L: [second, fourth] } } } }

import { attributeOf, setAttribute, type AttributeValue, type Item } from '../values.ts'
import type { Placeholders } from './placeholders.ts'
import { DistinctPaths, Reader } from './reader.ts'
import type { Path } from './tree.ts'

export interface Projection {
  readonly paths: readonly Path[]
  readonly nested: ReadonlySet<string>
}

/** Throws ValidationException. */
export function parseProjection(text: string, placeholders: Placeholders): Projection {
  const reader = new Reader(text, 'ProjectionExpression', placeholders, [])
  const paths = new DistinctPaths(reader)
  do paths.add(reader.path())
  while (reader.sign(','))
  if (reader.peek().kind !== 'end') throw reader.unexpected()
  reader.settle(['reserved', 'name', 'overlap', 'conflict'])
  return { paths: paths.all, nested: reader.nested }
}

/** What is wanted of a value: all of it, or some steps further in. */
type Wanted = true | Map<string | number, Wanted>

/** The paths' values, each where it was; lists close up. */
export function project(paths: readonly Path[], item: Item): Item {
  if (paths.every((path) => path.length === 1)) {
    const some: Item = {}
    for (const [name] of paths) {
      const value = attributeOf(item, name as string)
      if (value !== undefined) setAttribute(some, name as string, value)
    }
    return some
  }
  return part({ M: item }, wantedOf(paths))?.M ?? {}
}

function wantedOf(paths: readonly Path[]): Wanted {
  const root = new Map<string | number, Wanted>()
  for (const path of paths) {
    let here = root
    path.forEach((step, i) => {
      if (i === path.length - 1) here.set(step, true)
      else {
        const next = here.get(step)
        if (next instanceof Map) here = next
        else {
          const made = new Map<string | number, Wanted>()
          here.set(step, made)
          here = made
        }
      }
    })
  }
  return root
}

function part(value: AttributeValue | undefined, wanted: Wanted): AttributeValue | undefined {
  if (value === undefined || wanted === true) return value
  if (value.M) {
    const some: Item = {}
    for (const [step, further] of wanted) {
      const found = typeof step === 'string' ? part(attributeOf(value.M, step), further) : undefined
      if (found !== undefined) setAttribute(some, step as string, found)
    }
    return Object.keys(some).length > 0 ? { M: some } : undefined
  }
  if (!value.L) return undefined
  const steps = [...wanted].filter(([step]) => typeof step === 'number').sort(([a], [b]) => Number(a) - Number(b))
  const some = steps
    .map(([step, further]) => part(value.L![step as number], further))
    .filter((found) => found !== undefined)
  return some.length > 0 ? { L: some } : undefined
}
