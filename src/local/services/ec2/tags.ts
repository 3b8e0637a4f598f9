// Which tags does a new resource get, and which are allowed at all?
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html#tag-restrictions

import { AwsError } from '../../../lib/errors.ts'
import { invalidValue } from './errors.ts'
import type { Tag } from './records.ts'

const most = 50

interface Specification {
  ResourceType?: string
  Tags?: { Key?: string; Value?: string }[]
}

/** The tags that TagSpecifications give to resources of this type. `others`: the types the operation makes besides. */
export function tagsFor(input: { TagSpecifications?: Specification[] }, type: string, ...others: string[]): Tag[] {
  const given = input.TagSpecifications ?? []
  for (const { ResourceType, Tags } of given) {
    if (!ResourceType) throw invalidValue('Tag specification resource type must have a value')
    if (!Tags?.length) throw invalidValue('Tag specification must have at least one tag')
  }
  for (const { ResourceType = '' } of given)
    if (ResourceType !== type && !others.includes(ResourceType))
      throw invalidValue(`'${ResourceType}' is not a valid taggable resource type for this operation.`)
  return checkedTags(given.filter((each) => each.ResourceType === type).flatMap((each) => each.Tags ?? []))
}

export function checkedTags(given: readonly { Key?: string; Value?: string }[]): Tag[] {
  const tags = given.map(({ Key = '', Value }) => {
    if (Value === undefined) throw invalidValue('Tag value cannot be null. Use empty string instead.')
    return { Key, Value }
  })
  const seen = new Set<string>()
  for (const { Key, Value } of tags) {
    if (Key === '') throw invalidValue('Tag key cannot be empty.')
    if (Key.length > 128) throw invalidValue('Tag key exceeds the maximum length of 128 characters')
    if (Value.length > 256) throw invalidValue('Tag value exceeds the maximum length of 256 characters')
    if (/^aws:/i.test(Key))
      throw invalidValue(
        `Value ( ${Key} ) for parameter key is invalid. Tag keys starting with 'aws:' are reserved for internal use`,
      )
    if (seen.has(Key)) throw invalidValue(`Duplicate tag key '${Key}' specified.`)
    seen.add(Key)
  }
  if (tags.length > most) throw tooManyTags()
  return tags
}

/** What was there with what is new; the new wins. */
export function mergedTags(old: readonly Tag[], added: readonly Tag[]): Tag[] {
  const merged = [...new Map([...old, ...added].map((tag) => [tag.Key, tag])).values()]
  if (merged.filter((tag) => !tag.Key.startsWith('aws:')).length > most) throw tooManyTags()
  return merged
}

function tooManyTags(): AwsError {
  return new AwsError('TagLimitExceeded', 'The maximum number of Tags for a resource has been reached.')
}
