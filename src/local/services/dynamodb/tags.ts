// May something have these tags?

import { invalid } from './errors.ts'
import type { Tag } from './records.ts'

/** Throws ValidationException. */
export function checkTags(tags: readonly Tag[]): void {
  const keys = new Set<string>()
  for (const { Key } of tags) {
    if (keys.has(Key)) throw invalid(`Duplicate tag key found in request. Duplicate tag key: ${Key}`)
    keys.add(Key)
    if (/^aws:/i.test(Key))
      throw invalid(
        `One or more parameter values were invalid: Tag keys starting with 'aws:' are reserved for system use`,
      )
  }
  if (keys.size > 50) throw invalid('The number of tags exceeds the limit of 50.')
}

export function merged(old: readonly Tag[], added: readonly Tag[]): Tag[] {
  const all = new Map([...old, ...added].map(({ Key, Value }) => [Key, Value]))
  return [...all].map(([Key, Value]) => ({ Key, Value }))
}
