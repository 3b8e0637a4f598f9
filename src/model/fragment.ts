// How is one shape written down? As a fragment: an array that parses quickly and holds nothing but what is used.
//
//   ["structure", name, traits, member name, shape, own traits, member name, shape, own traits, …]
//   ["list", name, traits, element shape, own traits]
//   ["map",  name, traits, key shape, own traits, value shape, own traits]
//   ["string", name, traits]
//
// The type is a number (its place in SHAPE_TYPES), a shape its number in the service. A required member's shape is
// written -1 - shape. Traits that are empty are 0; own traits that are only a locationName are that name.

import type { ShapeType, Traits } from './model.ts'

export const SHAPE_TYPES: readonly ShapeType[] = [
  'structure',
  'list',
  'map',
  'string',
  'character',
  'integer',
  'long',
  'biginteger',
  'float',
  'double',
  'bigdecimal',
  'boolean',
  'timestamp',
  'blob',
]

export type Fragment = readonly [type: number, name: string, traits: Traits | 0, ...rest: (number | string | Traits)[]]

/** A reference to a shape: its number and the traits of the reference itself. */
export type Reference = readonly [shape: number, ownTraits: OwnTraits]

export type OwnTraits = Traits | string | 0

/** A shape as botocore's service-2.json has it. */
export interface ShapeDefinition {
  readonly type: string
  readonly members?: Readonly<Record<string, ReferenceDefinition>>
  readonly member?: ReferenceDefinition
  readonly key?: ReferenceDefinition
  readonly value?: ReferenceDefinition
  readonly required?: readonly string[]
  readonly [trait: string]: unknown
}

export interface ReferenceDefinition {
  readonly shape: string
  readonly [trait: string]: unknown
}

const NOT_TRAITS = new Set([
  'type',
  'members',
  'member',
  'key',
  'value',
  'required',
  'shape',
  'documentation',
  'documentationUrl',
])

/** The numbers of a service's shapes by name; throws for a name that is not a shape. */
export type ShapeNumbers = (shape: string) => number

/** Throws Error with a readable reason for a definition that makes no sense. */
export function fragmentOf(name: string, definition: ShapeDefinition, numberOf: ShapeNumbers): Fragment {
  const type = SHAPE_TYPES.indexOf(definition.type as ShapeType)
  if (type < 0) throw new Error(`shape ${name} has the type ${JSON.stringify(definition.type)}`)
  const part = (key: 'member' | 'key' | 'value'): Reference => {
    const reference = definition[key]
    if (reference === undefined) throw new Error(`${definition.type} ${name} has no ${key}`)
    return referenceOf(reference, numberOf, `shape ${name}`)
  }
  const traits = traitsOf(definition)
  if (type === 1) return [type, name, traits, ...part('member')]
  if (type === 2) return [type, name, traits, ...part('key'), ...part('value')]
  if (type !== 0) return [type, name, traits]
  const required = new Set(definition.required)
  const members = Object.entries(definition.members ?? {}).flatMap(([member, reference]) => {
    const [shape, own] = referenceOf(reference, numberOf, `shape ${name}`)
    return [member, required.has(member) ? -1 - shape : shape, own]
  })
  return [type, name, traits, ...members]
}

export function referenceOf(definition: ReferenceDefinition, numberOf: ShapeNumbers, where: string): Reference {
  if (typeof definition?.shape !== 'string') throw new Error(`${where} has a reference without a shape`)
  const own = traitsOf(definition)
  const names = own === 0 ? [] : Object.keys(own)
  const onlyLocationName = own !== 0 && names.length === 1 && own.locationName !== undefined
  return [numberOf(definition.shape), onlyLocationName ? own.locationName! : own]
}

function traitsOf(definition: ShapeDefinition | ReferenceDefinition): Traits | 0 {
  const traits: Record<string, unknown> = {}
  for (const name in definition) if (!NOT_TRAITS.has(name)) traits[name] = definition[name]
  return Object.keys(traits).length === 0 ? 0 : traits
}
