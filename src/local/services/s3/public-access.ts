// Which settings of Block Public Access hold? The strictest of the access point's, the bucket's and the account's.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html

import { invalidRequest, malformedXml } from './errors.ts'
import type { AccessPoint, Bucket, PublicAccessBlock } from './records.ts'

const settings = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'] as const

export const allBlocked: PublicAccessBlock = blockAs(() => true)

/** For a request to a bucket, perhaps through an access point. */
export function blockOf({ block, accountBlock }: Bucket, point?: AccessPoint): PublicAccessBlock {
  return strictest(block, accountBlock, point?.block)
}

export function strictest(...blocks: readonly (PublicAccessBlock | undefined)[]): PublicAccessBlock {
  return blockAs((name) => blocks.some((block) => block?.[name]))
}

/** As it is given: what is left out is off. Throws MalformedXML, and InvalidRequest for one that says nothing. */
export function givenBlock(given: Partial<PublicAccessBlock> | undefined): PublicAccessBlock {
  if (!given) throw malformedXml()
  if (settings.every((name) => given[name] === undefined))
    throw invalidRequest('Must specify at least one configuration.')
  return completed(given)
}

/** What is left out is off. */
export function completed(given: Partial<PublicAccessBlock>): PublicAccessBlock {
  return blockAs((name) => given[name] ?? false)
}

function blockAs(valueOf: (name: keyof PublicAccessBlock) => boolean): PublicAccessBlock {
  return Object.fromEntries(settings.map((name) => [name, valueOf(name)])) as unknown as PublicAccessBlock
}
