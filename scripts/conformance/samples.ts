// A value for every shape: what a person could type, and what a service could answer. Deterministic: the same shape gets
// the same value in the same place.

import { structureOf, type Structure, type Value } from '../../src/lib/value.ts'
import type { Member, Shape } from '../../src/model/model.ts'

export interface Wish {
  /** Optional members too. */
  optional: boolean
  /** How deep optional structures go. */
  depth: number
}

export class Samples {
  #count = 0

  of(member: Member, wish: Wish): Value {
    const { shape, traits } = member
    switch (shape.type) {
      case 'structure':
        return this.#structure(shape, wish)
      case 'list':
        if (wish.depth < -1 && !traits.min) return []
        return Array.from({ length: Math.max(1, Math.min(traits.min ?? 1, 3)) }, () =>
          this.of(shape.member!, below(wish)),
        )
      case 'map':
        return { [String(this.of(shape.key!, wish))]: this.of(shape.value!, below(wish)) }
      case 'boolean':
        return true
      case 'integer':
      case 'long':
      case 'biginteger':
        return Math.max(1, Math.ceil(traits.min ?? 1))
      case 'float':
      case 'double':
      case 'bigdecimal':
        return Math.max(0.5, traits.min ?? 0.5)
      case 'timestamp':
        return '2026-01-02T03:04:05Z'
      case 'blob':
        return 'YmxvYg=='
      default:
        return this.#text(member)
    }
  }

  #structure(shape: Shape, wish: Wish): Structure {
    if (wish.depth < -4) return {} // a shape that holds itself; both programs see the same
    if (shape.traits.document) return { a: 1 }
    let members = shape.members.filter(({ required, shape: inner }) => {
      if (inner.traits.eventstream) return false
      return required || (wish.optional && wish.depth > 0)
    })
    if (shape.traits.union) {
      const simplest = shape.members.find((member) => member.shape.type !== 'structure') ?? shape.members[0]
      members = simplest ? [simplest] : []
    }
    return structureOf(members.map((member) => [member.name, this.of(member, below(wish))]))
  }

  #text({ traits }: Member): string {
    if (traits.enum?.length) return traits.enum[0]!
    const text = `v${++this.#count}`
    const padded = text.padEnd(Math.min(traits.min ?? 0, 4096), 'x')
    return traits.max !== undefined && padded.length > traits.max ? padded.slice(0, traits.max) : padded
  }
}

function below(wish: Wish): Wish {
  return { ...wish, depth: wish.depth - 1 }
}
