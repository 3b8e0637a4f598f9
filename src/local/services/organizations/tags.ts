// May something have these tags? In Organizations their keys differ by case.

import type { Tag } from '../../accounts/records.ts'
import { constraint, invalidInput } from './errors.ts'
import { quotas } from './quotas.ts'

export function checkedTags(tags: readonly Tag[]): Tag[] {
  const keys = new Set(tags.map((tag) => tag.Key))
  if (keys.size < tags.length) throw invalidInput('You provided duplicate tag keys.', 'DUPLICATE_TAG_KEY')
  if (tags.length > quotas.Tags)
    throw constraint('You have exceeded the number of tags allowed on this resource.', 'TAG_LIMIT_EXCEEDED')
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}
