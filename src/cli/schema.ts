// What does an argument's value look like that no model describes? The few shapes that our own commands need, written
// as the reference writes them, made into the model's kind of object so that shorthand and JSON read them alike.

import { map } from '../lib/iterate.ts'
import type { Member, Shape, ShapeType, Traits } from '../model/model.ts'

export interface Schema {
  readonly type:
    | 'object'
    | 'array'
    | 'map'
    | 'string'
    | 'integer'
    | 'long'
    | 'float'
    | 'double'
    | 'boolean'
    | 'blob'
    | 'timestamp'
  /** Members of an object, in order. */
  readonly properties?: Readonly<Record<string, Schema & { readonly required?: boolean }>>
  /** The element of an array. */
  readonly items?: Schema
  /** The value of a map; its keys are strings. */
  readonly value?: Schema
  readonly enum?: readonly string[]
  readonly description?: string
}

const TYPES: Partial<Record<Schema['type'], ShapeType>> = { object: 'structure', array: 'list' }

export function memberFrom(schema: Schema, name = '', required = false): Member {
  const shape = shapeFrom(schema, name)
  return { name, required, shape, traits: shape.traits, ownTraits: {} }
}

function shapeFrom(schema: Schema, name: string): Shape {
  const members = map(Object.entries(schema.properties ?? {}), ([key, { required, ...member }]) => {
    return memberFrom(member, key, required)
  })
  const traits: Traits = schema.enum === undefined ? {} : { enum: schema.enum }
  return {
    name: name || schema.type,
    type: TYPES[schema.type] ?? (schema.type as ShapeType),
    traits,
    members,
    ...(schema.items === undefined ? {} : { member: memberFrom(schema.items) }),
    ...(schema.type === 'map'
      ? { key: memberFrom({ type: 'string' }), value: memberFrom(schema.value ?? { type: 'string' }) }
      : {}),
    memberNamed: (wanted) => members.find((member) => member.name === wanted),
  }
}
