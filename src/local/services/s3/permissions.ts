// What does an operation of S3 ask IAM, with which condition keys, and which policies of the bucket have a say?

import type { AwsError } from '../../../lib/errors.ts'
import { accessDeniedMessage } from '../../../policy/messages.ts'
import type { Context, Decision, PolicySource } from '../../../policy/types.ts'
import type { CallContext, Permission } from '../../service.ts'
import { logService, noteAccess } from './access-logs.ts'
import { pointArn, pointOfArn } from './access-points.ts'
import { bucketActions, objectActions, ofVersion } from './actions.ts'
import { parsedSource } from './copy-source.ts'
import { addCorsHeaders } from './cors.ts'
import { limitToDirectory } from './directory/limits.ts'
import { onDirectory, toDirectory, toEnter } from './directory/permissions.ts'
import { toBeginSession } from './directory/sessions.ts'
import { zoneIn } from './directory/zones.ts'
import { accessDenied, noSuchBucket, s3Error } from './errors.ts'
import { grantsAllow, logDelivery } from './grants.ts'
import { applyLifecycle } from './lifecycle.ts'
import { bucketArn, bucketOf, checkKey, objectArn } from './names.ts'
import { blockOf, strictest } from './public-access.ts'
import { isPublicPolicy } from './public-policy.ts'
import type { AccessPoint, Bucket, Version } from './records.ts'
import { toReplicate } from './replication.ts'
import type { S3Context } from './state.ts'
import { headerTags } from './tags.ts'
import { through, waysOf } from './through.ts'

type Input = Record<string, any>

export function permissions(operation: string, input: Input, context: S3Context): readonly Permission[] | undefined {
  const held = context.caller.session?.bucket
  if (held && !isAbout(held.name, input)) throw accessDenied()
  if (operation === 'ListBuckets' || operation === 'ListDirectoryBuckets')
    return [
      {
        action: operation === 'ListBuckets' ? 's3:ListAllMyBuckets' : 's3express:ListAllMyDirectoryBuckets',
        resource: '*',
      },
    ]
  if (operation === 'CreateBucket') return toCreateBucket(input, context)
  if (typeof input.Bucket !== 'string') return undefined
  if (operation === 'CreateSession') return toBeginSession(input, context)
  const bucket = bucketFor(input.Bucket, input.ExpectedBucketOwner, context)
  if (bucket.directory) return toDirectoryBucket(operation, bucket, input, context)
  addCorsHeaders(bucket, context)
  if (tellsRegion(operation)) context.answer.headers['x-amz-bucket-region'] = bucket.region
  noteAccess(bucket, input.Key, context)
  if (bucket.requesterPays) checkPayer(bucket, input.RequestPayer, context)
  if (input.Errand !== undefined) return toReplicate(input.Errand, bucket, context)
  if (input.Restored) return []
  if (input.Key !== undefined) checkKey(input.Key)
  const onBucket = bucketActions[operation]
  if (onBucket !== undefined) {
    const tags = { ...tagKeys('aws:resourcetag', bucket), ...tagKeys('s3:buckettag', bucket) }
    const keys = { ...requestKeys(context), ...listKeys(input), ...headerKeys(context), ...tags }
    const resource = bucketArn(bucket.name)
    return [
      ...through(waysOf(context).point, [
        { action: `s3:${onBucket}`, resource, resourceAccountId: bucket.owner, context: keys },
      ]),
      ...(operation === 'PutBucketReplication' ? [passing(input.ReplicationConfiguration?.Role)] : []),
    ]
  }
  // Judged object by object.
  if (operation === 'DeleteObjects') return []
  const onObject = objectActions[operation]
  return onObject === undefined ? undefined : toObject(operation, onObject, bucket, input, context)
}

/** Whether the answer says where the bucket is, a refusal too: whoever asks nobody else finds it out so. */
function tellsRegion(operation: string): boolean {
  return operation === 'HeadBucket' || operation === 'ListObjects' || operation === 'ListObjectsV2'
}

/** Whoever does not own the bucket must say that they pay, and be somebody. Throws AccessDenied. */
function checkPayer({ owner }: Bucket, payer: unknown, { caller, answer }: S3Context): void {
  if (caller.accountId === owner || caller.principal.type === 'Service') return
  if (payer !== 'requester' || caller.accountId === '') throw accessDenied()
  answer.headers['x-amz-request-charged'] = 'requester'
}

function passing(role: unknown): Permission {
  return {
    action: 'iam:PassRole',
    resource: typeof role === 'string' ? role : '*',
    context: { 'iam:passedtoservice': 's3.amazonaws.com' },
  }
}

/** The bucket of a request, its lifecycle rules applied up to now. Throws NoSuchBucket, AccessDenied. */
export function bucketFor(name: string, expectedOwner: string | undefined, context: S3Context): Bucket {
  const found = context.state.findBucket(name)
  if (!found) throw noSuchBucket(name)
  if (expectedOwner !== undefined) {
    if (!/^\d{12}$/.test(expectedOwner))
      throw s3Error(
        400,
        'InvalidBucketOwnerAWSAccountID',
        `The value of the expected bucket owner parameter must be an AWS Account ID... [${expectedOwner}]`,
      )
    if (expectedOwner !== found.owner) throw accessDenied()
  }
  return applyLifecycle(found, context)
}

/** Whether a request is about nothing but this bucket. */
function isAbout(name: string, { Bucket, CopySource }: Input): boolean {
  return Bucket === name && (CopySource === undefined || parsedSource(CopySource).bucket === name)
}

function toDirectoryBucket(operation: string, bucket: Bucket, input: Input, context: S3Context): readonly Permission[] {
  limitToDirectory(operation, input)
  const asked = toDirectory(operation, bucket, context)
  return input.CopySource === undefined ? asked : [...toReadSource(input, context), ...asked]
}

function toCreateBucket(input: Input, context: S3Context): Permission[] {
  const { account: owner, region } = context
  const zone = zoneIn(input.Bucket)
  if (zone !== undefined)
    return [onDirectory('CreateBucket', { name: input.Bucket, owner, region }, { 's3express:locationname': zone })]
  const resource = bucketArn(input.Bucket)
  const location = input.CreateBucketConfiguration?.LocationConstraint
  const keys: Context = {
    ...requestKeys(context),
    ...headerKeys(context),
    ...(location !== undefined && { 's3:locationconstraint': location }),
  }
  const also = (action: string, when: unknown): Permission[] => (when ? [{ action, resource, context: keys }] : [])
  const hasAcl = ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWrite', 'GrantWriteACP'].some(
    (name) => input[name] !== undefined,
  )
  return [
    { action: 's3:CreateBucket', resource, context: keys },
    ...also('s3:PutBucketAcl', hasAcl),
    ...also('s3:PutBucketObjectLockConfiguration', input.ObjectLockEnabledForBucket),
    ...also('s3:PutBucketVersioning', input.ObjectLockEnabledForBucket),
    ...also('s3:PutBucketOwnershipControls', input.ObjectOwnership !== undefined),
    ...also('s3:TagResource', input.CreateBucketConfiguration?.Tags?.length),
  ]
}

/** Operations that tell whether an object is there: without ListBucket, a missing one is forbidden. */
const revealing = new Set(['GetObject', 'HeadObject', 'GetObjectAttributes'])

function toObject(
  operation: string,
  action: string,
  bucket: Bucket,
  input: Input,
  context: S3Context,
): readonly Permission[] {
  const { VersionId } = input
  const resource = objectArn(bucket.name, input.Key)
  const version =
    VersionId === undefined
      ? context.state.newest(bucket.name, input.Key)
      : context.state.version(bucket.name, input.Key, VersionId)
  const reads = action.startsWith('Get')
  const owner = reads && version?.owner !== undefined ? version.owner : bucket.owner
  const keys = { ...objectKeys(input, version, context), ...tagKeys('s3:buckettag', bucket) }
  const on = (name: string): Permission => ({ action: `s3:${name}`, resource, resourceAccountId: owner, context: keys })
  const asked = [on(ofVersion(action, VersionId))]
  if (operation === 'GetObjectAttributes') asked.push(on(ofVersion('GetObjectAttributes', VersionId)))
  if (operation === 'PutObject' || operation === 'CopyObject' || operation === 'CreateMultipartUpload') {
    if (input.Tagging) asked.push(on('PutObjectTagging'))
    if (
      ['ACL', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'].some(
        (name) => input[name] !== undefined,
      )
    )
      asked.push(on('PutObjectAcl'))
    if (input.ObjectLockMode !== undefined) asked.push(on('PutObjectRetention'))
    if (input.ObjectLockLegalHoldStatus !== undefined) asked.push(on('PutObjectLegalHold'))
  }
  if (input.BypassGovernanceRetention) asked.push(on('BypassGovernanceRetention'))
  if (revealing.has(operation) && (version === undefined || version.deleted))
    asked.push({
      action: 's3:ListBucket',
      resource: bucketArn(bucket.name),
      resourceAccountId: bucket.owner,
      context: requestKeys(context),
    })
  const here = through(waysOf(context).point, asked)
  return input.CopySource === undefined ? here : [...toReadSource(input, context), ...here]
}

function toReadSource(input: Input, context: S3Context): readonly Permission[] {
  const { bucket: name, key, versionId } = parsedSource(input.CopySource)
  const bucket = bucketFor(name, input.ExpectedSourceBucketOwner, context)
  if (bucket.directory) return toEnter(bucket, 'ReadOnly', context)
  const version =
    versionId === undefined ? context.state.newest(name, key) : context.state.version(name, key, versionId)
  const keys = { ...requestKeys(context), ...existingTags(version), ...tagKeys('s3:buckettag', bucket) }
  const owner = version?.owner ?? bucket.owner
  const on = (action: string): Permission => ({
    action: `s3:${ofVersion(action, versionId)}`,
    resource: objectArn(name, key),
    resourceAccountId: owner,
    context: keys,
  })
  const asked = [on('GetObject')]
  if (version?.tags?.length && input.TaggingDirective !== 'REPLACE' && input.UploadId === undefined)
    asked.push(on('GetObjectTagging'))
  if (version === undefined || version.deleted)
    asked.push({
      action: 's3:ListBucket',
      resource: bucketArn(name),
      resourceAccountId: bucket.owner,
      context: requestKeys(context),
    })
  return through(waysOf(context).source, asked)
}

/** One object of DeleteObjects. */
export function toDelete(
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
  version: Version | undefined,
  context: S3Context,
): Permission {
  const keys = { ...objectKeys({ VersionId: versionId }, version, context), ...tagKeys('s3:buckettag', bucket) }
  return {
    action: `s3:${ofVersion('DeleteObject', versionId)}`,
    resource: objectArn(bucket.name, key),
    resourceAccountId: bucket.owner,
    context: keys,
  }
}

export function toBypass(bucket: Bucket, key: string, context: S3Context): Permission {
  return {
    action: 's3:BypassGovernanceRetention',
    resource: objectArn(bucket.name, key),
    resourceAccountId: bucket.owner,
    context: requestKeys(context),
  }
}

// Condition keys: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html

export function requestKeys({ request, caller }: CallContext): Record<string, string> {
  const signed = caller.accessKeyId !== undefined
  const byQuery = /(?:^|&)(?:X-Amz-)?Signature=/.test(request.query)
  const version = /(?:^|&)AWSAccessKeyId=/.test(request.query) ? 'AWS' : 'AWS4-HMAC-SHA256'
  const hash = request.headers['x-amz-content-sha256'] ?? (byQuery ? 'UNSIGNED-PAYLOAD' : undefined)
  return {
    ...(signed && {
      's3:signatureversion': version,
      's3:authtype': byQuery ? 'REST-QUERY-STRING' : 'REST-HEADER',
    }),
    ...(hash !== undefined && { 's3:x-amz-content-sha256': hash }),
  }
}

function listKeys({ Prefix, Delimiter, MaxKeys }: Input): Record<string, string> {
  return {
    ...(Prefix !== undefined && { 's3:prefix': Prefix }),
    ...(Delimiter !== undefined && { 's3:delimiter': Delimiter }),
    ...(MaxKeys !== undefined && { 's3:max-keys': String(MaxKeys) }),
  }
}

/** Headers that are condition keys under their own names. */
const headerNames = [
  'x-amz-acl',
  'x-amz-grant-full-control',
  'x-amz-grant-read',
  'x-amz-grant-read-acp',
  'x-amz-grant-write',
  'x-amz-grant-write-acp',
  'x-amz-object-ownership',
  'x-amz-copy-source',
  'x-amz-metadata-directive',
  'x-amz-server-side-encryption',
  'x-amz-server-side-encryption-aws-kms-key-id',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
  'if-match',
  'if-none-match',
]

function headerKeys({ request }: CallContext): Record<string, string> {
  const keys: Record<string, string> = {}
  for (const name of headerNames) {
    const value = request.headers[name]
    if (value !== undefined) keys[`s3:${name}`] = value
  }
  return keys
}

function objectKeys(input: Input, version: Version | undefined, context: CallContext): Context {
  const keys: Record<string, string | string[]> = {
    ...requestKeys(context),
    ...headerKeys(context),
    ...existingTags(version),
  }
  if (input.VersionId !== undefined) keys['s3:versionid'] = input.VersionId
  const tags =
    input.Tagging?.TagSet ?? (typeof input.Tagging === 'string' ? headerTags(input.Tagging) : undefined) ?? []
  for (const { Key, Value } of tags) keys[`s3:requestobjecttag/${Key}`] = Value
  if (tags.length > 0) keys['s3:requestobjecttagkeys'] = tags.map((tag: { Key: string }) => tag.Key)
  const mode = input.ObjectLockMode ?? input.Retention?.Mode
  const until: Date | undefined = input.ObjectLockRetainUntilDate ?? input.Retention?.RetainUntilDate
  const hold = input.ObjectLockLegalHoldStatus ?? input.LegalHold?.Status
  if (mode !== undefined) keys['s3:object-lock-mode'] = mode
  if (until) {
    keys['s3:object-lock-retain-until-date'] = until.toISOString()
    keys['s3:object-lock-remaining-retention-days'] = String(
      Math.ceil((until.getTime() - context.clock().getTime()) / 86_400_000),
    )
  }
  if (hold !== undefined) keys['s3:object-lock-legal-hold'] = hold
  return keys
}

/** The tags of a bucket whose owner lets policies go by them. */
function tagKeys(prefix: string, { abac, tags }: Bucket): Record<string, string> {
  return abac && tags ? Object.fromEntries(tags.map(({ Key, Value }) => [`${prefix}/${Key}`, Value])) : {}
}

function existingTags(version: Version | undefined): Record<string, string> {
  return Object.fromEntries((version?.tags ?? []).map(({ Key, Value }) => [`s3:existingobjecttag/${Key}`, Value]))
}

/** The access point's policy; the bucket's, and what access control lists add to it. */
export function policiesOf(permission: Permission, context: S3Context): PolicySource[] {
  const { state, caller } = context
  const { action, resource } = permission
  const name = pointOfArn(resource)
  const point = name && state.points.find(name)
  if (point) return policiesOfPoint(point, context)
  const bucket = resource === '*' ? undefined : state.findBucket(bucketOf(resource))
  if (!bucket) return []
  const sources: PolicySource[] = []
  const stranger = caller.accountId !== bucket.owner
  const shut =
    stranger && blockOf(bucket).RestrictPublicBuckets && bucket.policy !== undefined && isPublicPolicy(bucket.policy)
  if (bucket.policy !== undefined && !shut)
    sources.push({ kind: 'resource', attachedTo: bucketArn(bucket.name), document: bucket.policy })
  const isLogger = caller.principal.serviceName === logService
  if (listAllows(permission, bucket, context, isLogger ? logDelivery : caller.accountId)) {
    const Principal = isLogger ? { Service: logService } : caller.accountId === '' ? '*' : { AWS: caller.accountId }
    sources.push({ kind: 'resource', attachedTo: resource, document: aclPolicy(action, resource, Principal) })
  }
  return sources
}

function policiesOfPoint(point: AccessPoint, { state, caller }: S3Context): PolicySource[] {
  const { policy } = point
  if (policy === undefined) return []
  const block = strictest(point.block, state.accountBlock(point.account))
  const shut = caller.accountId !== point.account && block.RestrictPublicBuckets && isPublicPolicy(policy, point.vpc)
  return shut ? [] : [{ kind: 'resource', attachedTo: pointArn(point), document: policy }]
}

function listAllows({ action, resource }: Permission, bucket: Bucket, context: S3Context, account: string): boolean {
  const { state, operation } = context
  if (bucket.ownership === 'BucketOwnerEnforced') return false
  const ignorePublic = blockOf(bucket, waysOf(context).point).IgnorePublicAcls
  const bucketAllows = (asked: string): boolean =>
    bucket.grants !== undefined && grantsAllow(bucket.grants, 'bucket', asked, account, ignorePublic)
  if (bucketAllows(action)) return true
  // With the right to write an object comes the right to say who may read it.
  if (action === 's3:PutObjectAcl' && operation !== 'PutObjectAcl') return bucketAllows('s3:PutObject')
  const slash = resource.indexOf('/')
  if (slash < 0 || !/^s3:(Get|Put)Object(Version)?(Acl)?$/.test(action)) return false
  const version = state.newest(bucket.name, resource.slice(slash + 1))
  // That an object is not there, who may list the bucket may know.
  if (!version && action.startsWith('s3:Get')) return bucketAllows('s3:ListBucket')
  const grants = version?.grants
  return grants !== undefined && grantsAllow(grants, 'object', action, account, ignorePublic)
}

/** What a grant means, in the engine's language. */
function aclPolicy(action: string, resource: string, Principal: string | object): object {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: action, Resource: resource }] }
}

/** Callers of the bucket's own account are told why; strangers nothing. Resources stand in quotes. */
export function denial(decision: Decision, permission: Permission, context: CallContext): AwsError {
  const own = context.account !== '' && (permission.resourceAccountId ?? context.account) === context.account
  if (!own) return accessDenied()
  const resource = permission.resource === '*' ? null : `"${permission.resource}"`
  return accessDenied(accessDeniedMessage(decision, { resource, generation: context.generation }))
}
