// What does S3 keep? The rows of the namespace `s3`, as they are stored. Moments are milliseconds.

export interface Tag {
  Key: string
  Value: string
}

export type Permission = 'FULL_CONTROL' | 'READ' | 'WRITE' | 'READ_ACP' | 'WRITE_ACP'

/** A line of an access control list: to an account by its canonical id, or to a group by its URI. */
export interface Grant {
  id?: string
  uri?: string
  permission: Permission
}

export interface PublicAccessBlock {
  BlockPublicAcls: boolean
  IgnorePublicAcls: boolean
  BlockPublicPolicy: boolean
  RestrictPublicBuckets: boolean
}

export type Ownership = 'BucketOwnerEnforced' | 'BucketOwnerPreferred' | 'ObjectWriter'

/** What every request to a bucket may need; configurations that few need have rows of their own. */
export interface Bucket {
  name: string
  /** The owner's account. */
  owner: string
  region: string
  created: number
  versioning?: 'Enabled' | 'Suspended'
  /** Object Lock is on; its default retention, if any. */
  lock?: { mode?: LockMode; days?: number; years?: number }
  /** Undefined where there are no ownership controls, which means ObjectWriter. */
  ownership?: Ownership
  block?: PublicAccessBlock
  /** The account's, which stands in each of its buckets, so that no request need look for it. */
  accountBlock?: PublicAccessBlock
  /** A directory bucket, in this zone: `use1-az4`. */
  directory?: { zone: string }
  policy?: string
  /** Undefined: private, the owner alone. */
  grants?: Grant[]
  encryption?: { algorithm: string; key?: string; bucketKey?: boolean }
  tags?: Tag[]
  /** Policies may go by its tags. */
  abac?: true
  /** The UTC day whose midnight the lifecycle rules have been applied for; undefined where there are none. */
  lifecycleDay?: number
  /** There is a CORS configuration. */
  cors?: true
  /** Somebody is to hear of its events. */
  notifies?: true
  /** Others pay for what they ask of it, and must say so. */
  requesterPays?: true
  /** Where lines about its requests are delivered. */
  logs?: LogTarget
  /** There is a replication configuration. */
  replicates?: true
}

export interface LogTarget {
  bucket: string
  prefix: string
  /** Keys are partitioned by the account, region and bucket, and by the day. */
  partitioned?: true
}

/** A way into a bucket that has a name, and a policy of its own. */
export interface AccessPoint {
  name: string
  /** Its owner's account, which need not be the bucket's. */
  account: string
  region: string
  bucket: string
  /** The account of the bucket. */
  bucketAccount: string
  /** What stands for it where a bucket's name may. */
  alias: string
  created: number
  /** Only who comes from this VPC may come through. */
  vpc?: string
  block: PublicAccessBlock
  policy?: string
  tags?: Tag[]
}

export type LockMode = 'GOVERNANCE' | 'COMPLIANCE'

export interface Retention {
  mode: LockMode
  until: number
}

/** A run of an object's bytes: `size` bytes of a blob, from its beginning or from `start`. */
export interface Segment {
  blob: string
  size: number
  start?: number
}

export interface StoredChecksum {
  /** As lib/checksum.ts calls it. */
  algorithm: string
  /** Base64; `-N` behind it where it is composite. */
  value: string
  type: 'FULL_OBJECT' | 'COMPOSITE'
}

export interface Encryption {
  algorithm: string
  key?: string
  context?: string
  bucketKey?: boolean
  /** SSE-C: what proves that a caller has the key. The key itself is never kept. */
  customer?: { md5: string; salt: string; proof: string }
}

/** Everything a PUT says of an object beside its bytes; an upload keeps it until the object is there. */
export interface Attributes {
  /** Members of the output by name: ContentType, CacheControl …, Expires in milliseconds. */
  headers: Record<string, string>
  expires?: number
  metadata?: Record<string, string>
  storageClass?: string
  encryption?: Encryption
  tags?: Tag[]
  grants?: Grant[]
  retention?: Retention
  hold?: boolean
  redirect?: string
  /** The account that owns the object, where not the bucket's owner. */
  owner?: string
}

export interface PartRecord {
  number: number
  size: number
  /** MD5 in hex. */
  etag: string
  checksum?: string
}

/** One version of a key: an object, or a delete marker. */
export interface Version extends Attributes {
  /** `null` where versioning was not enabled. */
  id: string
  /** Newer is greater, among the versions of a key. */
  seq: number
  modified: number
  /** A delete marker: nothing below counts. */
  deleted?: true
  size: number
  /** Without quotes. */
  etag: string
  segments: Segment[]
  /** Multipart objects: how they were cut. */
  parts?: PartRecord[]
  /** And by which upload, so that completing it again is answered again. */
  upload?: string
  checksum?: StoredChecksum
  /** Where the bucket replicates: how far this one has come; REPLICA where it came from another. */
  replication?: 'PENDING' | 'COMPLETED' | 'FAILED' | 'REPLICA'
  /** GLACIER and the like: the copy that RestoreObject made is there until then. */
  restored?: number
  /** It will be there only then. */
  ready?: number
}

export interface Upload {
  key: string
  id: string
  initiated: number
  initiator: { arn: string; account: string }
  attributes: Attributes
  /** The newest version's `seq` when it began, where the key had an object then. */
  replaces?: number
  checksum?: { algorithm: string; type: StoredChecksum['type'] }
}

export interface Part extends PartRecord {
  modified: number
  segments: Segment[]
}
