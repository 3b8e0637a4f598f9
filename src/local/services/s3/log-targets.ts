// May a bucket's access logs be delivered there?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html

import { malformedXml, s3Error } from './errors.ts'
import { logDelivery } from './grants.ts'
import type { Bucket, LogTarget } from './records.ts'
import type { S3 } from './state.ts'

interface Enabled {
  TargetBucket?: string
  TargetPrefix?: string
  TargetGrants?: { Permission?: string }[]
  TargetObjectKeyFormat?: { SimplePrefix?: object; PartitionedPrefix?: object }
}

/** Throws InvalidTargetBucketForLogging, CrossLocationLoggingProhibitted or MalformedXML. */
export function logTargetOf(enabled: Enabled, { region }: Pick<Bucket, 'region'>, state: S3): LogTarget {
  const { TargetBucket = '', TargetPrefix, TargetGrants = [], TargetObjectKeyFormat: format } = enabled
  if (TargetPrefix === undefined) throw malformedXml()
  if (TargetGrants.some(({ Permission }) => !/^(FULL_CONTROL|READ|WRITE)$/.test(Permission ?? ''))) throw malformedXml()
  const target = state.findBucket(TargetBucket)
  if (!target) throw invalidTarget('The target bucket for logging does not exist', TargetBucket)
  if (target.region !== region)
    throw s3Error(403, 'CrossLocationLoggingProhibitted', 'Cross S3 location logging not allowed. ', {
      TargetBucketLocation: target.region,
    })
  if (!letsLogsIn(target))
    throw invalidTarget(
      'You must give the log-delivery group WRITE and READ_ACP permissions to the target bucket',
      TargetBucket,
    )
  return {
    bucket: TargetBucket,
    prefix: TargetPrefix,
    ...(format?.PartitionedPrefix && { partitioned: true as const }),
  }
}

/** Where lists of access count, one must; otherwise the bucket's policy will say. */
function letsLogsIn({ ownership, policy, grants = [] }: Bucket): boolean {
  if (ownership === 'BucketOwnerEnforced' || policy !== undefined) return true
  const given = grants.filter((grant) => grant.uri === logDelivery).map((grant) => grant.permission)
  return given.includes('FULL_CONTROL') || (given.includes('WRITE') && given.includes('READ_ACP'))
}

function invalidTarget(message: string, TargetBucket: string): Error {
  return s3Error(400, 'InvalidTargetBucketForLogging', message, { TargetBucket })
}
