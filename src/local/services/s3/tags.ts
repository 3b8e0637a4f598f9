// May these be the tags of an object or a bucket?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html

import { formDecode } from '../../../lib/percent.ts'
import { invalidArgument, s3Error } from './errors.ts'
import type { Tag } from './records.ts'

const invalidTag = (message: string, detail: Record<string, string> = {}): Error =>
  s3Error(400, 'InvalidTag', message, detail)

/** Throws InvalidTag or BadRequest. */
export function checkTags(tags: readonly Tag[], kind: 'object' | 'bucket'): Tag[] {
  const most = kind === 'object' ? 10 : 50
  if (tags.length > most)
    throw s3Error(
      400,
      'BadRequest',
      kind === 'object' ? 'Object tags cannot be greater than 10' : 'Bucket tag count cannot be greater than 50',
    )
  const seen = new Set<string>()
  for (const { Key, Value } of tags) {
    if (seen.has(Key)) throw invalidTag('Cannot provide multiple Tags with the same key', { TagKey: Key })
    seen.add(Key)
    if (/^aws:/i.test(Key))
      throw kind === 'object'
        ? invalidTag('Your TagKey cannot be prefixed with aws:', { TagKey: Key })
        : invalidTag('System tags cannot be added/updated by requester', { TagKey: Key })
    if (Key === '' || Key.length > 128 || !isText(Key))
      throw invalidTag('The TagKey you have provided is invalid', { TagKey: Key })
    if (Value.length > 256 || !isText(Value))
      throw invalidTag('The TagValue you have provided is invalid', { TagKey: Key, TagValue: Value })
  }
  return tags.map(({ Key, Value }) => ({ Key, Value }))
}

export function isText(text: string): boolean {
  return /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(text)
}

/** The header x-amz-tagging: `a=1&b=2`. */
export function headerTags(header: string | undefined): Tag[] | undefined {
  if (header === undefined || header === '') return undefined
  const tags = header
    .split('&')
    .filter(Boolean)
    .map((pair): Tag => {
      const equals = pair.indexOf('=')
      return equals < 0
        ? { Key: formDecode(pair), Value: '' }
        : { Key: formDecode(pair.slice(0, equals)), Value: formDecode(pair.slice(equals + 1)) }
    })
  const twice = new Set(tags.map((tag) => tag.Key)).size < tags.length
  if (twice || tags.some(({ Key, Value }) => Key === '' || !isText(Key) || !isText(Value)))
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      'x-amz-tagging',
      header,
    )
  return checkTags(tags, 'object')
}
