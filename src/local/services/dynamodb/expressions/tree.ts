// What does an expression say, once it is read and its #names and :values are put in?

import type { AttributeValue } from '../values.ts'

/** `a.b[2]` → ['a', 'b', 2] */
export type Path = readonly (string | number)[]

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'size'; readonly of: Operand }

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>='

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'compare'; readonly by: Comparator; readonly left: Operand; readonly right: Operand }
  | { readonly kind: 'between'; readonly of: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly of: Operand; readonly list: readonly Operand[] }
  | { readonly kind: 'exists' | 'missing'; readonly path: Path }
  | { readonly kind: 'type'; readonly of: Operand; readonly type: string }
  | { readonly kind: 'begins' | 'contains'; readonly of: Operand; readonly with: Operand }

/** What SET puts somewhere. */
export type NewValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly value: AttributeValue }
  | { readonly kind: 'plus' | 'minus' | 'append'; readonly left: NewValue; readonly right: NewValue }
  | { readonly kind: 'default'; readonly path: Path; readonly otherwise: NewValue }

export type Change =
  | { readonly kind: 'set'; readonly path: Path; readonly value: NewValue }
  | { readonly kind: 'remove'; readonly path: Path }
  | { readonly kind: 'add' | 'delete'; readonly path: Path; readonly value: AttributeValue }

/** `[a, b, [2]]`, as messages have it. */
export function pathText(path: Path): string {
  return `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`
}

/** The attributes that the condition looks at, at the top of the item. */
export function attributesIn(condition: Condition): string[] {
  return pathsIn(condition).map(([head]) => head as string)
}

export function pathsIn(condition: Condition): Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)]
    case 'not':
      return pathsIn(condition.inner)
    case 'compare':
      return [condition.left, condition.right].flatMap(pathsOf)
    case 'between':
      return [condition.of, condition.low, condition.high].flatMap(pathsOf)
    case 'in':
      return [condition.of, ...condition.list].flatMap(pathsOf)
    case 'exists':
    case 'missing':
      return [condition.path]
    case 'type':
      return pathsOf(condition.of)
    default:
      return [condition.of, condition.with].flatMap(pathsOf)
  }
}

function pathsOf(operand: Operand): Path[] {
  if (operand.kind === 'path') return [operand.path]
  return operand.kind === 'size' ? pathsOf(operand.of) : []
}
