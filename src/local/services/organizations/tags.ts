// May something have these tags? In Organizations their keys differ by case.

import type { Tag } from '../../accounts/records.ts'
import { constraint, invalidInput } from './errors.ts'
import { quotas } from './quotas.ts'

export function checkedTags(tags: readonly Tag[]): Tag[] {
  const keys = new Set(tags.map((tag) => tag.Key))
  if (keys.size < tags.length) throw invalidInput('You provided duplicate tag keys.', 'DUPLICATE_TAG_KEY')
  if (tags.some(({ Key }) => /^aws:/i.test(Key)))
    throw invalidInput(
      "You specified a tag key that is a system tag. You can't add, edit, or delete system tag keys because they're reserved for AWS use. System tags don't count against your tags per resource limit.",
      'INVALID_SYSTEM_TAGS_PARAMETER',
    )
  if (tags.length > quotas.Tags)
    throw constraint('You have exceeded the number of tags allowed on this resource.', 'TAG_LIMIT_EXCEEDED')
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}
