// Does a resource pass the filters of a Describe call? A filter's name stands for a path into what is answered
// (`Attachments.VpcId` looks into every attachment); values may hold * and ?; tags are the same for all.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html

import { compilePattern, patternOf } from '../../../policy/wildcard.ts'
import { invalidValue } from './errors.ts'
import type { Tag } from './records.ts'

/** A path, or what to compute. */
export type Getter = string | ((record: any) => unknown)
export type Filters = Readonly<Record<string, Getter>>

export interface Filter {
  Name?: string
  Values?: string[]
}

/** A predicate over answered resources. Throws InvalidParameterValue for a filter that the operation does not know. */
export function passing(given: readonly Filter[] | undefined, known: Filters): (record: object) => boolean {
  const tests = (given ?? []).map(({ Name = '', Values = [] }) => {
    const getter = getterOf(Name, known)
    const patterns = Values.map(pattern)
    return (record: object): boolean => {
      const values = typeof getter === 'string' ? at(record, getter.split('.')) : [getter(record)].flat()
      return values.some((value) => value !== undefined && patterns.some((matches) => matches(String(value))))
    }
  })
  return (record) => tests.every((passes) => passes(record))
}

function getterOf(name: string, known: Filters): Getter {
  if (Object.hasOwn(known, name)) return known[name]!
  // `isDefault` is `is-default`: the names of old are still in every script.
  const hyphened = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
  if (Object.hasOwn(known, hyphened)) return known[hyphened]!
  if (name.startsWith('tag:')) {
    const key = name.slice(4)
    return (record) =>
      tagsOf(record)
        .filter((tag) => tag.Key === key)
        .map((tag) => tag.Value)
  }
  if (name === 'tag-key') return (record) => tagsOf(record).map((tag) => tag.Key)
  if (name === 'tag-value') return (record) => tagsOf(record).map((tag) => tag.Value)
  throw invalidValue(`The filter '${name}' is invalid`)
}

function tagsOf(record: { Tags?: Tag[]; TagSet?: Tag[] }): Tag[] {
  return record.Tags ?? record.TagSet ?? []
}

function at(value: unknown, path: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((each) => at(each, path))
  if (value === undefined || value === null) return []
  if (path.length === 0) return [value]
  return at((value as Record<string, unknown>)[path[0]!], path.slice(1))
}

/** `*` and `?` stand for any, `\\*` for itself; in no more steps than lengths multiplied, whatever the stars. */
function pattern(text: string): (value: string) => boolean {
  const pieces = text.split(/\\([*?\\])/)
  return compilePattern(pieces.flatMap((piece, i) => (i % 2 === 0 ? patternOf(piece) : [piece])))
}
