// What is said of an object beside its bytes: from a request's members to what is kept, and from there to a response's.

import { utf8 } from '../../../lib/bytes.ts'
import type { Structure } from '../../../lib/value.ts'
import type { CallContext } from '../../service.ts'
import { askedGrants } from './grants.ts'
import { checksumMembers } from './checksums.ts'
import { askedEncryption, encryptionMembers } from './encryption.ts'
import { invalidArgument, s3Error } from './errors.ts'
import { askedLock } from './lock.ts'
import type { Attributes, Bucket, Version } from './records.ts'
import { headerTags } from './tags.ts'
import { waysOf } from './through.ts'

const headerMembers = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
] as const

const storageClasses = [
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]

/** What a PUT, a CreateMultipartUpload or a copy with REPLACE says. */
export function askedAttributes(input: Record<string, any>, bucket: Bucket, context: CallContext): Attributes {
  const asked: Attributes = { ...describedAs(input), ...storedAs(input, bucket, context) }
  const tags = headerTags(input['Tagging'])
  if (tags) asked.tags = tags
  return asked
}

/** Content headers and metadata: what a copy takes over. */
export function describedAs(input: Record<string, any>): Attributes {
  const asked: Attributes = { headers: {} }
  for (const name of headerMembers) {
    const value = name === 'ContentEncoding' ? withoutFraming(input[name]) : input[name]
    if (value !== undefined) asked.headers[name] = value
  }
  asked.headers['ContentType'] ||= 'binary/octet-stream'
  if (input['Expires'] instanceof Date) asked.expires = input['Expires'].getTime()
  const metadata = checkedMetadata(input['Metadata'])
  if (metadata) asked.metadata = metadata
  return asked
}

/** aws-chunked is how it came, not what it is. */
function withoutFraming(encoding: string | undefined): string | undefined {
  if (!encoding?.includes('aws-chunked')) return encoding
  const left = encoding.split(',').filter((one) => !['', 'aws-chunked'].includes(one.trim()))
  return left.join(',').trim() || undefined
}

const largestMetadata = 2048

function checkedMetadata(metadata: Record<string, string> | undefined): Record<string, string> | undefined {
  const entries = Object.entries(metadata ?? {})
  if (entries.length === 0) return undefined
  const size = entries.reduce((sum, [name, value]) => sum + utf8(name).length + utf8(value).length, 0)
  if (size > largestMetadata)
    throw s3Error(400, 'MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: size,
      MaxSizeAllowed: largestMetadata,
    })
  return metadata
}

/** How an object is kept: class, encryption, lock, owner and access, redirect. A copy asks for these anew. */
export function storedAs(
  input: Record<string, any>,
  bucket: Bucket,
  context: CallContext,
): Omit<Attributes, 'headers'> {
  const asked: Omit<Attributes, 'headers'> = { ...askedLock(input, bucket, context.clock().getTime()) }
  const { StorageClass: storageClass, WebsiteRedirectLocation: redirect } = input
  if (storageClass !== undefined && !bucket.directory && !storageClasses.includes(storageClass))
    throw s3Error(400, 'InvalidStorageClass', 'The storage class you specified is not valid', {
      StorageClassRequested: storageClass,
    })
  if (storageClass !== undefined && storageClass !== 'STANDARD') asked.storageClass = storageClass
  if (redirect !== undefined) asked.redirect = checkedRedirect(redirect)
  const encryption = askedEncryption(input, bucket, context)
  if (encryption) asked.encryption = encryption
  const owner = ownerOf(input, bucket, context)
  if (owner !== bucket.owner) asked.owner = owner
  const grants = askedGrants(input, owner, bucket, 'object', waysOf(context).point)
  if (grants) asked.grants = grants
  return asked
}

/** The uploader owns the object, unless the bucket's owner says otherwise. */
function ownerOf(input: Record<string, any>, bucket: Bucket, { account }: CallContext): string {
  if (account === '' || account === bucket.owner) return bucket.owner
  if (bucket.ownership === 'BucketOwnerEnforced') return bucket.owner
  const given = bucket.ownership === 'BucketOwnerPreferred' && input['ACL'] === 'bucket-owner-full-control'
  return given ? bucket.owner : account
}

function checkedRedirect(redirect: string): string {
  if (/^(\/|https?:\/\/)/.test(redirect)) return redirect
  throw invalidArgument(
    "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.",
    'x-amz-website-redirect-location',
    redirect,
  )
}

/** What GET and HEAD tell of a version, but for its bytes. */
export function describe(version: Version, bucket: Bucket, now: number, checksums: boolean): Structure {
  const { metadata, retention, tags, expires } = version
  return {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.modified),
    ContentLength: version.size,
    ETag: `"${version.etag}"`,
    ...(checksums && checksumMembers(version.checksum)),
    ...versionMember(version, bucket),
    ...version.headers,
    ...(expires !== undefined && { Expires: new Date(expires) }),
    ...(version.redirect !== undefined && { WebsiteRedirectLocation: version.redirect }),
    ...encryptionMembers(version.encryption),
    ...(metadata && { Metadata: metadata }),
    ...(version.storageClass && { StorageClass: version.storageClass }),
    ...(tags?.length && { TagCount: tags.length }),
    ...(version.replication && { ReplicationStatus: version.replication }),
    ...(retention && { ObjectLockMode: retention.mode, ObjectLockRetainUntilDate: new Date(retention.until) }),
    ...(version.hold !== undefined && { ObjectLockLegalHoldStatus: version.hold ? 'ON' : 'OFF' }),
    ...(version.restored !== undefined &&
      version.restored > now && {
        Restore:
          (version.ready ?? 0) > now
            ? 'ongoing-request="true"'
            : `ongoing-request="false", expiry-date="${new Date(version.restored).toUTCString()}"`,
      }),
  }
}

/** The id of a version that was just written: told where it has one of its own. */
export function writtenMember({ id }: { id: string }): Structure {
  return id === 'null' ? {} : { VersionId: id }
}

/** The version's id, where the bucket has had versioning. */
export function versionMember(version: { id: string }, bucket: Bucket): Structure {
  return bucket.versioning ? { VersionId: version.id } : {}
}
