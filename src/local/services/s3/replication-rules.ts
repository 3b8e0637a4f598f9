// May this be the replication configuration of a bucket, and what do its rules want of a version?
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-add-config.html

import { invalidArgument, invalidRequest, malformedXml } from './errors.ts'
import type { Bucket, Tag, Version } from './records.ts'
import type { S3 } from './state.ts'

export interface Replication {
  Role: string
  Rules: ReplicationRule[]
}

export interface ReplicationRule {
  ID: string
  Status: 'Enabled' | 'Disabled'
  Priority?: number
  /** Only the first version of the schema has it, only the second a filter. */
  Prefix?: string
  Filter?: { Prefix?: string; Tag?: Tag; And?: { Prefix?: string; Tags?: Tag[] } }
  DeleteMarkerReplication?: { Status?: string }
  SourceSelectionCriteria?: { SseKmsEncryptedObjects?: { Status: string } }
  Destination: {
    Bucket: string
    Account?: string
    StorageClass?: string
    AccessControlTranslation?: { Owner: string }
    EncryptionConfiguration?: { ReplicaKmsKeyID?: string }
  }
}

const most = 1000

/** The configuration, each rule with an id. Throws MalformedXML, InvalidArgument or InvalidRequest. */
export function checkedReplication(given: Partial<Replication> | undefined, bucket: Bucket, state: S3): Replication {
  if (bucket.versioning !== 'Enabled')
    throw invalidRequest("Versioning must be 'Enabled' on the bucket to apply a replication configuration", {
      BucketName: bucket.name,
    })
  const { Role, Rules } = given ?? {}
  if (Role === undefined || !Rules?.length || Rules.length > most) throw malformedXml()
  if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(Role)) throw invalidArgument('Invalid Role ARN', 'Role', Role)
  const rules = Rules.map((rule) => ({ ...rule, ID: rule.ID || crypto.randomUUID() }))
  for (const rule of rules) checkRule(rule, state)
  if (new Set(rules.map((rule) => rule.ID)).size < rules.length) throw invalidRequest('Rule Id must be unique.')
  const priorities = rules.flatMap(({ Priority }) => Priority ?? [])
  const twice = priorities.find((each, at) => priorities.indexOf(each) < at)
  if (twice !== undefined) throw invalidRequest(`Found duplicate priority ${twice}`)
  return { Role, Rules: rules }
}

function checkRule(rule: ReplicationRule, state: S3): void {
  const { ID, Status, Filter, Prefix, Destination } = rule
  if (Status !== 'Enabled' && Status !== 'Disabled') throw malformedXml()
  if (ID.length > 255) throw invalidArgument('ID length should not exceed allowed limit of 255', 'ID', ID)
  if (Filter && (Prefix !== undefined || Object.keys(Filter).length > 1)) throw malformedXml()
  for (const name of ['DeleteMarkerReplication', 'Priority'] as const) {
    const given = rule[name] !== undefined
    if (given === (Filter !== undefined)) continue
    throw invalidRequest(
      `${name} ${given ? 'cannot be used' : 'must be specified'} for this version of Cross Region Replication configuration schema. Please refer to S3 Developer Guide for more information.`,
    )
  }
  if (rule.DeleteMarkerReplication?.Status === 'Enabled' && tagsOf(rule).length > 0)
    throw invalidRequest(
      'Delete marker replication is not supported if any Tag filter is specified. Please refer to S3 Developer Guide for more information.',
    )
  const target = targetOf(rule)
  if (target === undefined) throw invalidArgument('Invalid bucket ARN', 'Bucket', Destination?.Bucket ?? '')
  const bucket = state.findBucket(target)
  if (!bucket) throw invalidRequest('Destination bucket must exist.')
  if (bucket.versioning !== 'Enabled') throw invalidRequest('Destination bucket must have versioning enabled.')
}

/** The name of the bucket that a rule replicates to. */
export function targetOf({ Destination }: ReplicationRule): string | undefined {
  return /^arn:[\w-]+:s3:::([^/]+)$/.exec(Destination?.Bucket ?? '')?.[1]
}

function tagsOf({ Filter }: ReplicationRule): readonly Tag[] {
  return [...(Filter?.Tag ? [Filter.Tag] : []), ...(Filter?.And?.Tags ?? [])]
}

/** The rules that a version follows: of several to the same bucket the one of the highest priority. */
export function rulesFor(key: string, version: Version, { Rules }: Replication): ReplicationRule[] {
  const wanted = Rules.filter((rule) => wants(rule, key, version))
  wanted.sort((a, b) => (b.Priority ?? 0) - (a.Priority ?? 0))
  return wanted.filter((rule, at) => wanted.findIndex((each) => targetOf(each) === targetOf(rule)) === at)
}

function wants(rule: ReplicationRule, key: string, version: Version): boolean {
  const { Status, Filter, Prefix, DeleteMarkerReplication: markers, SourceSelectionCriteria: criteria } = rule
  if (Status !== 'Enabled') return false
  if (!key.startsWith(Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '')) return false
  // The first version of the schema replicates delete markers, the second where it is said.
  if (version.deleted) return Filter === undefined || markers?.Status === 'Enabled'
  if (version.encryption?.algorithm.startsWith('aws:kms') && criteria?.SseKmsEncryptedObjects?.Status !== 'Enabled')
    return false
  return tagsOf(rule).every(({ Key, Value }) => version.tags?.some((tag) => tag.Key === Key && tag.Value === Value))
}
