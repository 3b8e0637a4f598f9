// Access control lists: what is asked for, what may be, and what a list means as a policy.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html

import type { Structure } from '../../../lib/value.ts'
import { accessDenied, invalidArgument, invalidRequest, s3Error } from './errors.ts'
import type { CallContext } from '../../service.ts'
import { canonicalId, ownerMember } from './names.ts'
import { blockOf } from './public-access.ts'
import type { AccessPoint, Bucket, Grant, Permission } from './records.ts'

export const allUsers = 'http://acs.amazonaws.com/groups/global/AllUsers'
export const authenticatedUsers = 'http://acs.amazonaws.com/groups/global/AuthenticatedUsers'
export const logDelivery = 'http://acs.amazonaws.com/groups/s3/LogDelivery'

type Kind = 'object' | 'bucket'

const headers: readonly (readonly [member: string, permission: Permission])[] = [
  ['GrantFullControl', 'FULL_CONTROL'],
  ['GrantRead', 'READ'],
  ['GrantWrite', 'WRITE'],
  ['GrantReadACP', 'READ_ACP'],
  ['GrantWriteACP', 'WRITE_ACP'],
]

/**
 * The list of a request: a canned one, or grants in headers. Undefined for the owner alone.
 * Throws where the bucket has none (BucketOwnerEnforced) or may have no public one.
 */
export function askedGrants(
  input: Record<string, any>,
  owner: string,
  bucket: Bucket,
  kind: Kind,
  point?: AccessPoint,
): Grant[] | undefined {
  const canned: string | undefined = input['ACL']
  const given = headers.filter(([member]) => input[member] !== undefined)
  if (canned === undefined && given.length === 0) return undefined
  if (canned !== undefined && given.length > 0)
    throw invalidRequest('Specifying both Canned ACLs and Header Grants is not allowed')
  const grants =
    canned === undefined
      ? given.flatMap(([member, permission]) => headerGrants(input[member], permission))
      : cannedGrants(canned, owner, bucket, kind)
  checkAllowed(grants, canned, owner, bucket, point)
  return isPrivate(grants, owner) ? undefined : grants
}

export function cannedGrants(canned: string, owner: string, bucket: Bucket, kind: Kind): Grant[] {
  const full: Grant = { id: canonicalId(owner), permission: 'FULL_CONTROL' }
  const bucketOwner = canonicalId(bucket.owner)
  const foreign = kind === 'object' && owner !== bucket.owner
  switch (canned) {
    case 'private':
      return [full]
    case 'public-read':
      return [full, { uri: allUsers, permission: 'READ' }]
    case 'public-read-write':
      return [full, { uri: allUsers, permission: 'READ' }, { uri: allUsers, permission: 'WRITE' }]
    case 'authenticated-read':
      return [full, { uri: authenticatedUsers, permission: 'READ' }]
    case 'aws-exec-read':
      return [full]
    case 'log-delivery-write':
      return [full, { uri: logDelivery, permission: 'WRITE' }, { uri: logDelivery, permission: 'READ_ACP' }]
    case 'bucket-owner-read':
      return foreign ? [full, { id: bucketOwner, permission: 'READ' }] : [full]
    case 'bucket-owner-full-control':
      return foreign ? [full, { id: bucketOwner, permission: 'FULL_CONTROL' }] : [full]
    default:
      throw invalidArgument('', 'x-amz-acl', canned)
  }
}

/** `id="…", uri="…"`. */
function headerGrants(header: string, permission: Permission): Grant[] {
  return header.split(',').map((one): Grant => {
    const found = /^\s*(id|uri|emailAddress)\s*=\s*"?([^"]*)"?\s*$/.exec(one)
    if (!found)
      throw invalidArgument(
        'Argument format not recognized',
        `x-amz-grant-${permission.toLowerCase().replace('_', '-')}`,
        header,
      )
    const [, name, value] = found as unknown as [string, string, string]
    return name === 'uri'
      ? { uri: knownGroup(value, 'uri'), permission }
      : { id: name === 'id' ? knownId(value, 'id') : unknownEmail(value), permission }
  })
}

function knownGroup(uri: string, argument: string): string {
  if (uri === allUsers || uri === authenticatedUsers || uri === logDelivery) return uri
  throw invalidArgument('Invalid group uri', argument, uri)
}

function knownId(id: string, argument: string): string {
  if (/^[0-9a-f]{64}$/.test(id)) return id
  throw invalidArgument('Invalid id', argument, id)
}

function unknownEmail(email: string): never {
  throw s3Error(
    400,
    'UnresolvableGrantByEmailAddress',
    'The e-mail address you provided does not match any account on record.',
    { email },
  )
}

/** The list of a request's body. Throws MalformedACLError. */
export function bodyGrants(
  policy: { Grants?: any[]; Owner?: { ID?: string } } | undefined,
  owner: string,
  bucket: Bucket,
  point?: AccessPoint,
): Grant[] {
  const malformed = (): Error =>
    s3Error(
      400,
      'MalformedACLError',
      'The XML you provided was not well-formed or did not validate against our published schema',
    )
  if (!policy?.Owner?.ID || !policy.Grants) throw malformed()
  if (policy.Owner.ID !== canonicalId(owner)) throw invalidArgument('Invalid id', 'CanonicalUser/ID', policy.Owner.ID)
  const grants = policy.Grants.map(({ Grantee, Permission }): Grant => {
    if (!/^(FULL_CONTROL|READ|WRITE|READ_ACP|WRITE_ACP)$/.test(Permission ?? '')) throw malformed()
    if (Grantee?.Type === 'Group' && Grantee.URI)
      return { uri: knownGroup(Grantee.URI, 'Group/URI'), permission: Permission }
    if (Grantee?.Type === 'CanonicalUser' && Grantee.ID)
      return { id: knownId(Grantee.ID, 'CanonicalUser/ID'), permission: Permission }
    if (Grantee?.Type === 'AmazonCustomerByEmail') return unknownEmail(Grantee.EmailAddress ?? '')
    throw malformed()
  })
  checkAllowed(grants, undefined, owner, bucket, point)
  return grants
}

function checkAllowed(
  grants: readonly Grant[],
  canned: string | undefined,
  owner: string,
  bucket: Bucket,
  point: AccessPoint | undefined,
): void {
  const harmless = canned === undefined ? isPrivate(grants, owner) : canned === 'bucket-owner-full-control'
  if (bucket.ownership === 'BucketOwnerEnforced' && !harmless)
    throw s3Error(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs')
  if (blockOf(bucket, point).BlockPublicAcls && grants.some(isPublic)) throw accessDenied()
}

export function isPublic(grant: Grant): boolean {
  return grant.uri === allUsers || grant.uri === authenticatedUsers
}

function isPrivate(grants: readonly Grant[], owner: string): boolean {
  return grants.length === 1 && grants[0]!.id === canonicalId(owner) && grants[0]!.permission === 'FULL_CONTROL'
}

/** A list as GetBucketAcl and GetObjectAcl tell it. */
export function aclOf(
  owner: string,
  grants: readonly Grant[] | undefined,
  context: Pick<CallContext, 'buckets'>,
): Structure {
  const id = canonicalId(owner)
  const person = ownerMember(owner, context)
  const all: readonly Grant[] = grants ?? [{ id, permission: 'FULL_CONTROL' }]
  return {
    Owner: person,
    Grants: all.map(({ id: to, uri, permission }) => ({
      Grantee:
        uri === undefined
          ? { Type: 'CanonicalUser', ...(to === id ? person : { ID: to }) }
          : { Type: 'Group', URI: uri },
      Permission: permission,
    })),
  }
}

const meanings: Record<Kind, Record<Exclude<Permission, 'FULL_CONTROL'>, readonly string[]>> = {
  bucket: {
    READ: ['s3:ListBucket', 's3:ListBucketVersions', 's3:ListBucketMultipartUploads'],
    WRITE: ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'],
    READ_ACP: ['s3:GetBucketAcl'],
    WRITE_ACP: ['s3:PutBucketAcl'],
  },
  object: {
    READ: ['s3:GetObject', 's3:GetObjectVersion'],
    WRITE: [],
    READ_ACP: ['s3:GetObjectAcl', 's3:GetObjectVersionAcl'],
    WRITE_ACP: ['s3:PutObjectAcl', 's3:PutObjectVersionAcl'],
  },
}

/** Whether a list lets an account (or nobody, '', or a group by its URI) do an action on what it hangs on. */
export function grantsAllow(
  grants: readonly Grant[],
  kind: Kind,
  action: string,
  account: string,
  ignorePublic: boolean,
): boolean {
  const id = account === '' ? undefined : canonicalId(account)
  return grants.some((grant) => {
    if (isPublic(grant) && ignorePublic) return false
    const meant =
      grant.uri === allUsers ||
      grant.uri === account ||
      (grant.uri === authenticatedUsers && id !== undefined && account !== logDelivery) ||
      (id !== undefined && grant.id === id)
    if (!meant) return false
    const { permission } = grant
    return permission === 'FULL_CONTROL'
      ? Object.values(meanings[kind]).some((actions) => actions.includes(action))
      : meanings[kind][permission].includes(action)
  })
}
