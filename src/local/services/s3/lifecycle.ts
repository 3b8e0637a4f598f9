// Lifecycle rules: what has expired by the account's clock goes, what should move to another class moves.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
//
// S3 looks once a day. Here a bucket is looked through at the first request that touches it after a midnight (UTC), and
// so `virga local clock advance` shows at once what would be left.

import { announce } from './events.ts'
import type { Bucket, Tag, Version } from './records.ts'
import type { S3, S3Context } from './state.ts'

const day = 86_400_000

export interface Rule {
  ID?: string
  Status: 'Enabled' | 'Disabled'
  Prefix?: string
  Filter?: Filter & { And?: Filter & { Tags?: Tag[] } }
  Expiration?: { Days?: number; Date?: string | Date; ExpiredObjectDeleteMarker?: boolean }
  NoncurrentVersionExpiration?: { NoncurrentDays?: number; NewerNoncurrentVersions?: number }
  AbortIncompleteMultipartUpload?: { DaysAfterInitiation?: number }
  Transitions?: { Days?: number; Date?: string | Date; StorageClass: string }[]
  NoncurrentVersionTransitions?: { NoncurrentDays?: number; NewerNoncurrentVersions?: number; StorageClass: string }[]
}

interface Filter {
  Prefix?: string
  Tag?: Tag
  ObjectSizeGreaterThan?: number
  ObjectSizeLessThan?: number
}

export function dayOf(milliseconds: number): number {
  return Math.floor(milliseconds / day)
}

/** Applies a bucket's rules when a new day has begun since the last time. */
export function applyLifecycle(bucket: Bucket, context: S3Context): Bucket {
  const { state, clock } = context
  const now = clock().getTime()
  if (bucket.lifecycleDay === undefined || bucket.lifecycleDay >= dayOf(now)) return bucket
  const rules = enabledRules(bucket, state)
  for (const { key, value } of state.objects(bucket.name, {})) applyToKey(bucket, key, value, rules, context)
  for (const upload of state.uploads(bucket.name)) {
    const stale = rules.some(
      ({ AbortIncompleteMultipartUpload: abort, ...rule }) =>
        abort?.DaysAfterInitiation !== undefined &&
        upload.key.startsWith(prefixOf(rule)) &&
        dueAfter(upload.initiated, abort.DaysAfterInitiation) <= now,
    )
    if (stale) state.deleteUpload(bucket.name, upload, true)
  }
  return state.updateBucket(bucket.name, { lifecycleDay: dayOf(now) })
}

function enabledRules(bucket: Bucket, state: S3): Rule[] {
  const configuration = state.configuration<{ Rules?: Rule[] }>(bucket.name, 'lifecycle')
  return (configuration?.Rules ?? []).filter((rule) => rule.Status === 'Enabled')
}

function applyToKey(bucket: Bucket, key: string, newest: Version, rules: readonly Rule[], context: S3Context): void {
  const { state } = context
  const now = context.clock().getTime()
  const fitting = (version: Version): Rule[] => rules.filter((rule) => matches(rule, key, version))
  const older = bucket.versioning ? state.older(bucket.name, key) : []
  older.forEach((version, index) => {
    const since = (index === 0 ? newest : older[index - 1]!).modified
    if (version.retention && version.retention.until > now) return
    if (version.hold) return
    const own = fitting(version)
    const gone = own.some(({ NoncurrentVersionExpiration: limit }) => noncurrentDue(limit, since, index, now))
    if (gone) {
      state.remove(bucket, key, version)
      announce('LifecycleExpiration:Delete', bucket, { key, version }, context)
    } else
      move(
        bucket,
        key,
        version,
        own.flatMap(({ NoncurrentVersionTransitions: moves = [] }) =>
          moves.filter((each) => noncurrentDue(each, since, index, now)),
        ),
        context,
      )
  })
  const own = fitting(newest)
  if (newest.deleted) {
    const lonely = !bucket.versioning || state.older(bucket.name, key).length === 0
    if (lonely && own.some(({ Expiration }) => Expiration?.ExpiredObjectDeleteMarker)) {
      state.remove(bucket, key, newest)
      announce('LifecycleExpiration:Delete', bucket, { key, version: newest }, context)
    }
    return
  }
  const due = own.some((rule) => (expiryOf(rule, newest) ?? Infinity) <= now)
  if (!due) {
    move(
      bucket,
      key,
      newest,
      own.flatMap(({ Transitions: moves = [] }) => moves.filter((each) => (dueAt(each, newest) ?? Infinity) <= now)),
      context,
    )
  } else if (bucket.versioning) {
    const version = state.put(bucket, key, deleteMarker(now))
    announce('LifecycleExpiration:DeleteMarkerCreated', bucket, { key, version }, context)
  } else {
    state.remove(bucket, key, newest)
    announce('LifecycleExpiration:Delete', bucket, { key, version: newest }, context)
  }
}

export function deleteMarker(modified: number): Omit<Version, 'id' | 'seq'> {
  return { deleted: true, modified, size: 0, etag: '', segments: [], headers: {} }
}

function move(
  bucket: Bucket,
  key: string,
  version: Version,
  due: readonly { StorageClass: string }[],
  context: S3Context,
): void {
  if (version.deleted) return
  const coldest = due.at(-1)?.StorageClass
  if (coldest === undefined || coldest === version.storageClass) return
  const moved = { ...version, storageClass: coldest }
  context.state.replace(bucket.name, key, moved)
  const more = { lifecycleEventData: { transitionEventData: { destinationStorageClass: coldest } } }
  announce('LifecycleTransition', bucket, { key, version: moved, more }, context)
}

function noncurrentDue(
  limit: { NoncurrentDays?: number; NewerNoncurrentVersions?: number } | undefined,
  since: number,
  newer: number,
  now: number,
): boolean {
  if (limit?.NoncurrentDays === undefined) return false
  return newer >= (limit.NewerNoncurrentVersions ?? 0) && dueAfter(since, limit.NoncurrentDays) <= now
}

/** The midnight after so many days. */
function dueAfter(from: number, days: number): number {
  return (Math.floor((from + days * day) / day) + 1) * day
}

function dueAt(limit: { Days?: number; Date?: string | Date } | undefined, version: Version): number | undefined {
  if (limit?.Days !== undefined) return dueAfter(version.modified, limit.Days)
  return limit?.Date === undefined ? undefined : new Date(limit.Date).getTime()
}

function expiryOf(rule: Rule, version: Version): number | undefined {
  return dueAt(rule.Expiration, version)
}

function prefixOf({ Prefix, Filter }: Pick<Rule, 'Prefix' | 'Filter'>): string {
  return Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? ''
}

function matches(rule: Rule, key: string, version: Version): boolean {
  if (!key.startsWith(prefixOf(rule))) return false
  const { Filter } = rule
  const wanted = [...(Filter?.Tag ? [Filter.Tag] : []), ...(Filter?.And?.Tags ?? [])]
  if (!wanted.every(({ Key, Value }) => version.tags?.some((tag) => tag.Key === Key && tag.Value === Value)))
    return false
  const more = Filter?.And?.ObjectSizeGreaterThan ?? Filter?.ObjectSizeGreaterThan
  const less = Filter?.And?.ObjectSizeLessThan ?? Filter?.ObjectSizeLessThan
  return (more === undefined || version.size > more) && (less === undefined || version.size < less)
}

/** The header x-amz-expiration of an object that a rule will remove. */
export function expirationOf(bucket: Bucket, key: string, version: Version, state: S3): string | undefined {
  if (bucket.lifecycleDay === undefined || version.deleted) return undefined
  let soonest: { at: number; id: string } | undefined
  for (const rule of enabledRules(bucket, state)) {
    const at = matches(rule, key, version) ? expiryOf(rule, version) : undefined
    if (at !== undefined && (!soonest || at < soonest.at)) soonest = { at, id: rule.ID ?? '' }
  }
  return soonest && `expiry-date="${new Date(soonest.at).toUTCString()}", rule-id="${encodeURIComponent(soonest.id)}"`
}

/** When an unfinished upload will be aborted, and by which rule. */
export function abortOf(
  bucket: Bucket,
  key: string,
  initiated: number,
  state: S3,
): { AbortDate: Date; AbortRuleId: string } | undefined {
  if (bucket.lifecycleDay === undefined) return undefined
  for (const rule of enabledRules(bucket, state)) {
    const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation
    if (days !== undefined && key.startsWith(prefixOf(rule)))
      return { AbortDate: new Date(dueAfter(initiated, days)), AbortRuleId: rule.ID ?? '' }
  }
  return undefined
}
