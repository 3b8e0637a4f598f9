// May something have these tags?

import { invalid } from './errors.ts'
import type { Tag } from './records.ts'

const most = 50

/** Throws ValidationException for tags that nothing can have. */
export function checkTags(tags: readonly Partial<Tag>[]): asserts tags is readonly Tag[] {
  const keys = new Set<string>()
  for (const { Key, Value } of tags) {
    checkKey(Key)
    if (Value === undefined || Value.length > 256 || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(Value))
      throw invalid(`The Tag Value provided is invalid, Value: ${Value ?? null}`)
    if (/^aws:/i.test(Key)) throw invalid(`Tag Key cannot be prefixed with aws:, Key: ${Key}`)
    if (keys.has(Key)) throw invalid(`Duplicate Tag Keys provided as input: Duplicate Tag Key found ${Key}`)
    keys.add(Key)
  }
  checkCount(keys.size)
}

/** Throws ValidationException. */
export function checkTagKeys(keys: readonly string[]): void {
  for (const key of keys) checkKey(key)
  checkCount(keys.length)
}

function checkKey(key: string | undefined): asserts key is string {
  if (key === undefined || key.length > 128 || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$/u.test(key))
    throw invalid(`The Tag Key provided is invalid, Key: ${key ?? null}`)
}

function checkCount(count: number): void {
  if (count > most) throw invalid('Number of Tags exceed the current limit for the provided ResourceArn')
}

export function merged(old: readonly Tag[], added: readonly Tag[]): Tag[] {
  const all = new Map([...old, ...added].map(({ Key, Value }) => [Key, Value]))
  return [...all].map(([Key, Value]) => ({ Key, Value }))
}
