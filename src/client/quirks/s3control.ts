// Names may be given as ARNs of things on an Outpost; the account then is the ARN's.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_GetBucket.html

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import { parseArn } from '../endpoint/functions.ts'
import type { Exchange, Quirks } from './index.ts'

export const s3control: Quirks = {
  input(input, exchange) {
    const { name } = exchange.operation
    if (name === 'CreateBucket' || name === 'ListRegionalBuckets') return input
    if (name !== 'CreateAccessPoint') takeAccount(input, 'Name', 'accesspoint', exchange)
    takeAccount(input, 'Bucket', 'bucket', exchange)
    return input
  },
}

function takeAccount(input: Structure, member: 'Name' | 'Bucket', kind: string, { settings }: Exchange): void {
  const given = input[member]
  const arn = typeof given === 'string' ? parseArn(given) : undefined
  if (!arn) return
  const refused = (why: string): Failure =>
    new Failure('InvalidValue', `S3 ARN "${String(given)}" provided is invalid for this operation. ${why}`)
  if (arn.region.startsWith('fips-') || arn.region.endsWith('fips-'))
    throw refused('Invalid ARN, FIPS region not allowed in ARN.')
  if (String(settings.key('s3.use_accelerate_endpoint')).toLowerCase() === 'true') {
    throw new Failure(
      'InvalidValue',
      'Unsupported configuration when using S3 Control: S3 control client does not support accelerate endpoints',
    )
  }
  const [outpost, , inside, ...rest] = arn.resourceId
  if (arn.service !== 's3-outposts' || outpost !== 'outpost' || inside !== kind || rest.length !== 1) {
    throw refused(`The ${member} parameter does not support the provided ARN`)
  }
  if (input['AccountId'] !== undefined && input['AccountId'] !== arn.accountId) {
    throw refused(`Account ID in arn does not match the AccountId parameter provided: "${String(input['AccountId'])}"`)
  }
  input['AccountId'] = arn.accountId
}
