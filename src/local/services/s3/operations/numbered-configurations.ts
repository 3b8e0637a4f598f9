// Configurations of which a bucket may have many, each with an id: analytics, inventory, metrics, intelligent tiering.
// They are kept and told; no reports come of them here.

import { invalidArgument, malformedXml, s3Error } from '../errors.ts'
import type { S3Handler } from '../state.ts'
import { openToken, tokenFor } from '../tokens.ts'

const longest = 100

/** `Analytics` → PutBucketAnalyticsConfiguration and its three fellows. */
export function numberedConfigurations(
  kind: 'Analytics' | 'Inventory' | 'Metrics' | 'IntelligentTiering',
): Record<string, S3Handler> {
  const member = `${kind}Configuration`
  const prefix = `${kind}/`
  const missing = (): Error => s3Error(404, 'NoSuchConfiguration', 'The specified configuration does not exist.')

  const put: S3Handler = (input, { state, answer }) => {
    const { Bucket: name, Id, [member]: given } = input
    if (!given?.Id) throw malformedXml()
    if (Id !== given.Id) throw s3Error(400, 'IdMismatch', 'Document ID does not match the specified configuration ID.')
    if (!/^[\w.-]{1,64}$/.test(Id)) throw invalidArgument('Invalid configuration ID', 'id', Id)
    if (kind === 'Inventory') checkDestination(given.Destination?.S3BucketDestination?.Bucket)
    state.bucket(name)
    state.putConfiguration(name, prefix + Id, given)
    answer.status = 204
  }

  const get: S3Handler = ({ Bucket: name, Id }, { state }) => {
    const found = state.configuration<object>(name, prefix + Id)
    if (!found) throw missing()
    return { [member]: found }
  }

  const remove: S3Handler = ({ Bucket: name, Id }, { state }) => {
    if (!state.deleteConfiguration(name, prefix + Id)) throw missing()
  }

  const list: S3Handler = ({ Bucket: name, ContinuationToken }, { state }) => {
    state.bucket(name)
    const after = ContinuationToken === undefined ? '' : openToken(ContinuationToken)
    const found = state.configurations<{ Id: string }>(name, prefix).filter(({ Id }) => Id > after)
    const page = found.slice(0, longest)
    const truncated = found.length > page.length
    return {
      ...(page.length > 0 && { [`${member}List`]: page }),
      IsTruncated: truncated,
      ...(ContinuationToken !== undefined && { ContinuationToken }),
      ...(truncated && { NextContinuationToken: tokenFor(page.at(-1)!.Id) }),
    }
  }

  return {
    [`PutBucket${member}`]: put,
    [`GetBucket${member}`]: get,
    [`DeleteBucket${member}`]: remove,
    [`ListBucket${member}s`]: list,
  }
}

function checkDestination(arn: string | undefined): void {
  if (!/^arn:aws:s3:::[a-z0-9.-]+$/.test(arn ?? ''))
    throw s3Error(400, 'InvalidS3DestinationBucket', 'Invalid bucket ARN.')
}
