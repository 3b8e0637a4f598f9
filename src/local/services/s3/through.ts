// Does a request come through an access point? It names one in a bucket's place: by its host, its alias, or, as what is to be
// copied, its ARN. Then the request is about the bucket behind it, and the access point has a say, too.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html

import type { CallContext, Permission } from '../../service.ts'
import type { World } from '../../world.ts'
import { pointArn, pointKeys, pointOfArn, pointOfLabel, pointTagKeys } from './access-points.ts'
import { hostBucket } from './address.ts'
import { parsedSource, sourceHeader, type CopySource } from './copy-source.ts'
import { accessDenied, methodNotAllowed, s3Error } from './errors.ts'
import { bucketArn } from './names.ts'
import type { AccessPoint, Bucket } from './records.ts'
import { S3 } from './state.ts'

/** The access points that a request names. */
export interface Ways {
  /** To the bucket it is about. */
  readonly point?: AccessPoint
  /** It was called by its alias. */
  readonly byAlias?: boolean
  /** To the bucket it copies from. */
  readonly source?: AccessPoint
}

export function waysOf({ learned }: CallContext): Ways {
  return (learned as Ways | undefined) ?? {}
}

/**
 * Finds the access points of a request and puts their buckets in their place. Throws NoSuchAccessPoint and
 * InvalidAccessPointAliasError, and where no request of this kind may come through one MethodNotAllowed or AccessDenied.
 */
export function findWays(
  operation: string,
  input: Record<string, any>,
  context: CallContext,
  world: World,
): Promise<Ways> | undefined {
  if (operation === 'CreateBucket') return undefined
  if (!mayBePoint(input['Bucket']) && !mayBePoint(copiedBy(input)?.bucket)) return undefined
  return lookedUp(operation, input, context, world)
}

function copiedBy({ CopySource }: Record<string, any>): CopySource | undefined {
  return CopySource === undefined ? undefined : parsedSource(CopySource)
}

async function lookedUp(
  operation: string,
  input: Record<string, any>,
  context: CallContext,
  { store }: World,
): Promise<Ways> {
  const named: string = input['Bucket']
  const copied = copiedBy(input)
  const { point, source } = await store.namespace('s3').transaction((rows) => {
    const state = new S3(rows)
    return {
      point: pointNamed(named, context, state),
      source: copied && pointNamed(copied.bucket, context, state),
    }
  })
  if (point) {
    if (!supported.has(operation))
      throw methodNotAllowed({ Method: context.request.method, ResourceType: 'ACCESSPOINT' })
    checkEntry(point, context)
    input['Bucket'] = point.bucket
  }
  if (source) {
    checkEntry(source, context)
    input['CopySource'] = sourceHeader({ ...copied!, bucket: source.bucket })
  }
  return { ...(point && { point, byAlias: named === point.alias }), ...(source && { source }) }
}

/** Nearly every name is a bucket's at a glance. */
function mayBePoint(name: unknown): name is string {
  return typeof name === 'string' && /^arn:|-s3alias$|-\d{12}$/.test(name)
}

/**
 * `name`: an ARN, an alias, or what stands for both in `NAME-ACCOUNT.localhost`, where it could be a bucket: then a bucket
 * of that name goes first.
 */
function pointNamed(name: string, { region, request }: CallContext, state: S3): AccessPoint | undefined {
  const arn = pointOfArn(name)
  if (arn) return state.points.get({ ...arn, region: arn.region || region })
  if (name.endsWith('-s3alias')) {
    const point = state.points.byAlias(name)
    if (point) return point
    throw s3Error(400, 'InvalidAccessPointAliasError', 'The specified access point alias name is not valid.')
  }
  const own = pointOfLabel(name)
  if (!own || hostBucket(request.host) !== name || state.findBucket(name)) return undefined
  return state.points.find({ ...own, region })
}

/** The bucket that a page's request is about, by its name or through an access point. */
export function bucketBehind(name: string, state: S3): Bucket | undefined {
  const arn = pointOfArn(name)
  const point = arn ? state.points.find(arn) : state.points.byAlias(name)
  return state.findBucket(point?.bucket ?? name)
}

/** Nobody may come unsigned, and to one that belongs to a VPC nobody from outside, where all requests here come from. */
function checkEntry({ vpc }: AccessPoint, { caller }: CallContext): void {
  if (vpc !== undefined || caller.accountId === '') throw accessDenied()
}

/**
 * The questions of a request to a bucket, as they are where it came through an access point: each is put for the access
 * point, whose policy speaks of it, and for the bucket, whose policy may go by the access point.
 */
export function through(point: AccessPoint | undefined, asked: readonly Permission[]): readonly Permission[] {
  if (!point) return asked
  const keys = pointKeys(point)
  const bucket = bucketArn(point.bucket)
  return asked.flatMap((permission) => {
    const key = permission.resource.slice(bucket.length)
    const context = { ...permission.context, ...keys }
    const atPoint: Permission = {
      ...permission,
      resource: key === '' ? pointArn(point) : `${pointArn(point)}/object${key}`,
      resourceAccountId: point.account,
      context: { ...context, ...pointTagKeys(point) },
    }
    return [atPoint, { ...permission, context }]
  })
}

// Those whose documentation says how they are used with access points.
const supported: ReadonlySet<string> = new Set([
  'AbortMultipartUpload',
  'CompleteMultipartUpload',
  'CopyObject',
  'CreateMultipartUpload',
  'DeleteObject',
  'DeleteObjectTagging',
  'DeleteObjects',
  'GetBucketAcl',
  'GetBucketCors',
  'GetBucketLocation',
  'GetBucketNotification',
  'GetBucketNotificationConfiguration',
  'GetBucketPolicy',
  'GetObject',
  'GetObjectAcl',
  'GetObjectAttributes',
  'GetObjectLegalHold',
  'GetObjectLockConfiguration',
  'GetObjectRetention',
  'GetObjectTagging',
  'HeadBucket',
  'HeadObject',
  'ListMultipartUploads',
  'ListObjectVersions',
  'ListObjects',
  'ListObjectsV2',
  'ListParts',
  'PutObject',
  'PutObjectAcl',
  'PutObjectLegalHold',
  'PutObjectRetention',
  'PutObjectTagging',
  'RestoreObject',
  'UpdateObjectEncryption',
  'UploadPart',
  'UploadPartCopy',
])
