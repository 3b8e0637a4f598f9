// Replication: what is written to a bucket goes to others, some time after, as far as the configuration's role may.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
//
// The transaction that writes a version notes down where it must go. What is noted is done by `due`, each by a call of S3
// to itself as the role: a PutObject whose input names the note, which no request can bring, since no model knows it.

import { AwsError } from '../../../lib/errors.ts'
import type { Background, Permission } from '../../service.ts'
import type { Row } from '../../store/store.ts'
import { announce } from './events.ts'
import { bucketArn, objectArn } from './names.ts'
import type { Bucket, Version } from './records.ts'
import { rulesFor, targetOf, type Replication, type ReplicationRule } from './replication-rules.ts'
import type { S3, S3Context } from './state.ts'

/** A version on its way to another bucket. */
export interface Errand {
  bucket: string
  key: string
  /** The version's id. */
  version: string
  target: string
  role: string
  rule: ReplicationRule
}

/** Sends a version on its way to where its bucket's rules want it; called in the transaction that wrote or changed it. */
export function replicate(bucket: Bucket, key: string, version: Version, { state, clock }: S3Context): void {
  if (!bucket.replicates || version.replication === 'REPLICA') return
  const configuration = state.configuration<Replication>(bucket.name, 'replication')!
  const rules = rulesFor(key, version, configuration)
  if (rules.length === 0) return
  state.replace(bucket.name, key, { ...version, replication: 'PENDING' })
  for (const rule of rules) {
    const errand = { bucket: bucket.name, key, version: version.id, target: targetOf(rule)!, role: configuration.Role }
    state.putErrand(clock().getTime(), { ...errand, rule })
  }
}

export async function runErrands(errands: readonly Row<Errand>[], background: Background<S3>): Promise<void> {
  const { transaction, callAs } = background
  for (const { key: id, value: errand } of errands) {
    const { source, target } = await transaction((state) => ({
      source: state.findBucket(errand.bucket),
      target: state.findBucket(errand.target),
    }))
    try {
      if (!source || !target) throw new AwsError('NoSuchBucket', errand.target, { status: 404 })
      const by = {
        service: 's3.amazonaws.com',
        sourceArn: bucketArn(source.name),
        sourceAccount: source.owner,
        role: errand.role,
      }
      const where = { account: source.owner, region: target.region }
      await callAs(by, 's3', 'PutObject', { Bucket: target.name, Key: errand.key, Errand: id }, where)
    } catch (error) {
      await transaction((state) => settle(id, errand, 'FAILED', state))
      if (!(error instanceof AwsError)) throw error
    }
  }
}

/** What the role must be allowed to run an errand. */
export function toReplicate(id: string, target: Bucket, { state }: S3Context): readonly Permission[] {
  const errand = state.errand(id)
  const source = errand && state.findBucket(errand.bucket)
  const version = errand && state.version(errand.bucket, errand.key, errand.version)
  if (!source || !version) return []
  const { key, rule } = errand
  const ofSource = (name: string, resource = objectArn(source.name, key)): Permission => ({
    action: `s3:${name}`,
    resource,
    resourceAccountId: source.owner,
  })
  const ofTarget = (name: string): Permission => ({
    action: `s3:${name}`,
    resource: objectArn(target.name, key),
    resourceAccountId: target.owner,
  })
  const configuration = ofSource('GetReplicationConfiguration', bucketArn(source.name))
  if (version.deleted) return [configuration, ofTarget('ReplicateDelete')]
  return [
    configuration,
    ofSource('GetObjectVersionForReplication'),
    ofTarget('ReplicateObject'),
    ...(version.tags?.length ? [ofSource('GetObjectVersionTagging'), ofTarget('ReplicateTags')] : []),
    ...(rule.Destination.AccessControlTranslation ? [ofTarget('ObjectOwnerOverrideToBucketOwner')] : []),
  ]
}

/** Runs an errand: the replica has the source's id, bytes and moment. Another that ran it before has done so. */
export function putReplica(id: string, context: S3Context): void {
  const { state } = context
  const errand = state.errand(id)
  if (!errand) return
  const { key, rule } = errand
  const target = state.bucket(errand.target)
  const source = state.bucket(errand.bucket)
  const version = state.version(source.name, key, errand.version)
  if (version) {
    const replica = replicaOf(version, rule, source, target)
    const there = state.version(target.name, key, version.id)
    if (there) state.replace(target.name, key, { ...replica, seq: there.seq })
    else {
      const put = state.put(target, key, replica, version.id)
      const name = version.deleted ? 'ObjectRemoved:DeleteMarkerCreated' : 'ObjectCreated:Put'
      announce(name, target, { key, version: put }, context)
    }
  }
  settle(id, errand, 'COMPLETED', state)
}

function replicaOf(version: Version, { Destination }: ReplicationRule, source: Bucket, target: Bucket): Version {
  const { owner: _owner, grants, encryption, storageClass, ...same } = version
  const owner = version.owner ?? source.owner
  const handedOver = Destination.AccessControlTranslation !== undefined || target.ownership === 'BucketOwnerEnforced'
  const key = Destination.EncryptionConfiguration?.ReplicaKmsKeyID
  const kept = Destination.StorageClass ?? storageClass
  return {
    ...same,
    replication: 'REPLICA',
    ...(kept !== undefined && kept !== 'STANDARD' && { storageClass: kept }),
    ...(encryption && { encryption: encryption.key && key ? { ...encryption, key } : encryption }),
    ...(!handedOver && grants && { grants }),
    ...(!handedOver && owner !== target.owner && { owner }),
  }
}

/** Ends an errand. A version is COMPLETED when it is everywhere, FAILED when somewhere it could not be. */
function settle(id: string, errand: Errand, status: 'COMPLETED' | 'FAILED', state: S3): void {
  if (!state.deleteErrand(id, errand)) return
  const { bucket, key, version: versionId } = errand
  const version = state.version(bucket, key, versionId)
  if (!version) return
  const told = status === 'COMPLETED' && state.isOnItsWay(errand) ? 'PENDING' : status
  if (version.replication !== 'FAILED') state.replace(bucket, key, { ...version, replication: told })
}
