// Does an input keep what its model says? As the general check (local/constraints.ts), but in DynamoDB's ways: what it
// cannot do without is told first, values are left to values.ts, map keys are told with their map.

import type { Structure, Value } from '../../../lib/value.ts'
import { isStructure, keysOf } from '../../../lib/value.ts'
import type { Member, Operation } from '../../../model/model.ts'
import { invalid } from './errors.ts'

const most = 10

/** Throws ValidationException. */
export function checkInput(operation: Operation, input: Structure): void {
  const shape = operation.input?.shape
  if (!shape) return
  const found: string[] = []
  structure(operation.input!, input, '', found)
  if (found.length === 0) return
  throw invalid(
    `${found.length} validation error${found.length > 1 ? 's' : ''} detected: ${found.slice(0, most).join('; ')}`,
  )
}

function structure(of: Member, given: Structure, path: string, found: string[]): void {
  for (const member of of.shape.members) {
    const value = given[member.name]
    const here = (path === '' ? '' : `${path}.`) + member.name[0]!.toLowerCase() + member.name.slice(1)
    if (value === undefined || value === null) {
      if (member.required) found.push(`Value null at '${here}' failed to satisfy constraint: Member must not be null`)
    } else check(member, value, here, found)
  }
}

function check(member: Member, value: Value, path: string, found: string[]): void {
  const { shape, traits } = member
  if (shape.name === 'AttributeValue') return
  switch (shape.type) {
    case 'structure':
      return structure(member, value as Structure, path, found)
    case 'list': {
      const list = value as Value[]
      sized(traits, list.length, value, path, found)
      for (let i = 0; i < list.length; i++) {
        // `requestItems.table.1.member.keys.1.member` …
        if (list[i] !== null) check(shape.member!, list[i]!, `${path}.${i + 1}.member`, found)
      }
      return
    }
    case 'map': {
      const map = value as Structure
      const keys = keysOf(map)
      sized(traits, keys.length, value, path, found)
      const keyTraits = shape.key?.traits
      if (keyTraits && keys.some((key) => !isKey(keyTraits, key)))
        found.push(
          `Value '${shown(value)}' at '${path}' failed to satisfy constraint: Map keys must satisfy constraint: ` +
            `[${keyConstraints(keyTraits)}]`,
        )
      const inner = shape.value!
      if (inner.shape.name === 'AttributeValue') return
      if (
        inner.shape.type === 'list' &&
        keys.some((key) => !fits(inner.traits, (map[key] as Value[] | null)?.length ?? 1))
      )
        found.push(
          `Value '${shown(value)}' at '${path}' failed to satisfy constraint: Map value must satisfy constraint: ` +
            `[${lengthConstraints(inner.traits)}]`,
        )
      else
        for (const key of keys) {
          const each = map[key]
          if (each !== null && each !== undefined) check(inner, each, `${path}.${key}.member`, found)
        }
      return
    }
    case 'string': {
      const text = value as string
      sized(traits, text.length, value, path, found)
      if (traits.pattern !== undefined && !whole(traits.pattern).test(text))
        fail(value, path, `Member must satisfy regular expression pattern: ${traits.pattern}`, found)
      if (traits.enum && !traits.enum.includes(text))
        fail(value, path, `Member must satisfy enum value set: [${traits.enum.join(', ')}]`, found)
      return
    }
    case 'integer':
    case 'long':
      if (traits.min !== undefined && Number(value) < traits.min)
        fail(value, path, `Member must have value greater than or equal to ${traits.min}`, found)
      if (traits.max !== undefined && Number(value) > traits.max)
        fail(value, path, `Member must have value less than or equal to ${traits.max}`, found)
  }
}

type Traits = Member['traits']

function sized({ min, max }: Traits, length: number, value: Value, path: string, found: string[]): void {
  if (min !== undefined && length < min)
    fail(value, path, `Member must have length greater than or equal to ${min}`, found)
  if (max !== undefined && length > max)
    fail(value, path, `Member must have length less than or equal to ${max}`, found)
}

function fits({ min, max }: Traits, length: number): boolean {
  return (min === undefined || length >= min) && (max === undefined || length <= max)
}

function isKey(traits: Traits, key: string): boolean {
  return fits(traits, key.length) && (traits.pattern === undefined || whole(traits.pattern).test(key))
}

function keyConstraints(traits: Traits): string {
  const { pattern } = traits
  return [
    lengthConstraints(traits),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
  ].join(', ')
}

function lengthConstraints({ min, max }: Traits): string {
  return [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
  ].join(', ')
}

function fail(value: Value, path: string, constraint: string, found: string[]): void {
  found.push(`Value '${shown(value)}' at '${path}' failed to satisfy constraint: ${constraint}`)
}

function shown(value: Value): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  return isStructure(value) ? JSON.stringify(value) : String(value)
}

const patterns = new Map<string, RegExp>()

function whole(pattern: string): RegExp {
  let compiled = patterns.get(pattern)
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(`^(?:${pattern})$`)))
  return compiled
}
