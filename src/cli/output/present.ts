// What of a response is printed, and how? The values are as they came over the wire; only timestamps are rewritten.

import { isoformat, type Timestamp } from '../../lib/time.ts'
import { isStructure, structureOf, type Structure, type Value } from '../../lib/value.ts'
import { map, some } from '../../lib/iterate.ts'
import type { Member, Operation, Shape } from '../../model/model.ts'
import { keysWithValue } from './formatter.ts'

export interface Presentation {
  /** `cli_timestamp_format`: ISO 8601 with its offset (the default), or as the service sent it. */
  readonly timestampFormat: 'iso8601' | 'wire'
}

/** The output of an operation, read with wire scalars, as formats and queries see it. Throws Failure('InvalidValue'). */
export function present(operation: Operation, output: Structure, presentation: Presentation): Structure {
  return operation.output ? (presentMember(operation.output, output, presentation) as Structure) : output
}

/** A value of a member: an output, or an error's own members. What holds no timestamp is returned as it is. */
export function presentMember(member: Member, value: Value, presentation: Presentation): Value {
  return presentation.timestampFormat === 'wire' ? value : presented(member.shape, value)
}

function presented(shape: Shape, value: Value): Value {
  if (value === null || !holdsTimestamps(shape)) return value
  switch (shape.type) {
    case 'timestamp':
      return isoformat(value as Timestamp)
    case 'list':
      return Array.isArray(value) && shape.member ? map(value, (item) => presented(shape.member!.shape, item)) : value
    case 'map':
    case 'structure':
      if (!isStructure(value)) return value
      return structureOf(
        map(keysWithValue(value), (key) => {
          const inner = shape.type === 'map' ? shape.value : shape.memberNamed(key)
          const part = value[key] ?? null
          return [key, inner ? presented(inner.shape, part) : part] as const
        }),
      )
    default:
      return value
  }
}

let known: WeakMap<Shape, boolean> | undefined

/** Whether a timestamp can stand anywhere in a value of this shape. */
function holdsTimestamps(shape: Shape): boolean {
  known ??= new WeakMap()
  const answer = known.get(shape)
  if (answer !== undefined) return answer
  const found = reachesTimestamp(shape, new Set())
  known.set(shape, found)
  return found
}

function reachesTimestamp(shape: Shape, seen: Set<Shape>): boolean {
  if (shape.type === 'timestamp') return true
  if (seen.has(shape)) return false
  seen.add(shape)
  const inner = [...shape.members, shape.member, shape.value]
  return some(inner, (member) => member !== undefined && reachesTimestamp(member.shape, seen))
}
