// May these be the tags of a resource of S3 Control? Its words are others than those for a bucket's tagging.

import { malformedXml, s3Error } from '../errors.ts'
import type { Tag } from '../records.ts'
import { isText } from '../tags.ts'

const most = 50

const invalidTag = (message: string): Error => s3Error(400, 'InvalidTag', message)

/** Throws MalformedXML, InvalidTag or TooManyTagsException. */
export function checkTags(tags: readonly Partial<Tag>[]): Tag[] {
  if (!tags.every((tag): tag is Tag => tag.Key !== undefined && tag.Value !== undefined)) throw malformedXml()
  if (tags.some(({ Key }) => /^aws:/i.test(Key)))
    throw invalidTag(
      'User-defined tag keys can\'t start with "aws:". This prefix is reserved for system tags. Remove "aws:" from your tag keys and try again.',
    )
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length)
    throw invalidTag('There are duplicate tag keys in your request. Remove the duplicate tag keys and try again.')
  const fit = ({ Key, Value }: Tag): boolean =>
    Key !== '' && Key.length <= 128 && isText(Key) && Value.length <= 256 && isText(Value)
  if (!tags.every(fit))
    throw invalidTag(
      "This request contains a tag key or value that isn't valid. Valid characters include the following: [a-zA-Z+-=._:/]. Tag keys can contain up to 128 characters. Tag values can contain up to 256 characters.",
    )
  if (tags.length > most) throw s3Error(400, 'TooManyTagsException', `A resource can have at most ${most} tags.`)
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}
