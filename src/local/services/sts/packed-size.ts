// How full is a session? AWS packs session policies and tags and says how many percent of the limit they fill; the
// packing is its own secret, so this is the share of 2,048 characters of policy and 50 tags, never above 100.

import { AwsError } from '../../../lib/errors.ts'

/** 0 where nothing was passed. Throws PackedPolicyTooLarge. */
export function packedSize(
  policy: string | undefined,
  policyArns: readonly string[],
  tags: Readonly<Record<string, string>> = {},
): number {
  const count = Object.keys(tags).length
  const characters = (policy ?? '').replace(/\s+/g, ' ').length + policyArns.length * 30
  const tagCharacters = Object.entries(tags).reduce((sum, [key, value]) => sum + key.length + value.length, 0)
  const percent = Math.ceil(Math.max((characters * 100) / 2048, (count * 100) / 50, (tagCharacters * 100) / 19200))
  if (percent > 100)
    throw new AwsError(
      'PackedPolicyTooLarge',
      `Packed size of session policy and tags consumes ${percent}% of allotted space.`,
    )
  return percent
}
