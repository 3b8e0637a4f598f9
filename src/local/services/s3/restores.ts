// Archived objects that come back at AWS's pace: whoever listens hears of it when they are there.

import { AwsError } from '../../../lib/errors.ts'
import type { Background } from '../../service.ts'
import { bucketArn } from './names.ts'
import type { S3 } from './state.ts'

/** A version on its way out of the archive. */
export interface Restore {
  bucket: string
  key: string
  version: string
}

/** Tells of those that are there: each by a call of S3 to itself, whose input no request can bring. */
export async function tellRestored(restores: readonly Restore[], background: Background<S3>): Promise<void> {
  const { transaction, callAs } = background
  for (const { bucket: name, key, version } of restores) {
    const bucket = await transaction((state) => state.findBucket(name))
    if (!bucket) continue
    const by = { service: 's3.amazonaws.com', sourceArn: bucketArn(name), sourceAccount: bucket.owner }
    const object = { Bucket: name, Key: key, ...(version !== 'null' && { VersionId: version }), Restored: true }
    // It may have been deleted meanwhile.
    await callAs(by, 's3', 'RestoreObject', object, { account: bucket.owner, region: bucket.region }).catch(
      (error: unknown) => {
        if (!(error instanceof AwsError)) throw error
      },
    )
  }
}
