// What does an operation of S3 Control ask IAM?
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html

import type { Permission } from '../../../service.ts'
import { pointArn, pointKeys, pointOfArn, pointTagKeys, type PointName } from '../access-points.ts'
import { accessDenied } from '../errors.ts'
import { bucketOf } from '../names.ts'
import { requestKeys } from '../permissions.ts'
import type { S3Context } from '../state.ts'

type Input = Record<string, any>

/** Of no resource of their own. */
const ofAccount: Readonly<Record<string, string>> = {
  ListAccessPoints: 's3:ListAccessPoints',
  GetPublicAccessBlock: 's3:GetAccountPublicAccessBlock',
  PutPublicAccessBlock: 's3:PutAccountPublicAccessBlock',
  DeletePublicAccessBlock: 's3:PutAccountPublicAccessBlock',
}

const ofPoint: ReadonlySet<string> = new Set([
  'DeleteAccessPoint',
  'GetAccessPointPolicy',
  'PutAccessPointPolicy',
  'DeleteAccessPointPolicy',
  'GetAccessPointPolicyStatus',
])

const ofTags: ReadonlySet<string> = new Set(['TagResource', 'UntagResource', 'ListTagsForResource'])

/** Nobody is served for another account. Throws AccessDenied. */
export function permissions(operation: string, input: Input, context: S3Context): readonly Permission[] | undefined {
  const { account } = context
  if (input['AccountId'] !== account) throw accessDenied()
  const keys = requestKeys(context)
  const whole = ofAccount[operation]
  if (whole !== undefined) return [{ action: whole, resource: '*', context: keys }]
  if (operation === 'CreateAccessPoint') return toCreate(input, context)
  if (operation === 'GetAccessPoint')
    return [
      { action: 's3:GetAccessPoint', resource: '*', context: { ...keys, ...keysOf(nameOf(input, context), context) } },
    ]
  if (ofPoint.has(operation)) return [onPoint(operation, nameOf(input, context), context)]
  if (ofTags.has(operation)) return [toTag(operation, input, context)]
  return undefined
}

function nameOf({ Name }: Input, { account, region }: S3Context): PointName {
  return { account, region, name: String(Name) }
}

function onPoint(operation: string, name: PointName, context: S3Context): Permission {
  return {
    action: `s3:${operation}`,
    resource: pointArn(name),
    context: { ...requestKeys(context), ...keysOf(name, context) },
  }
}

function keysOf(name: PointName, { state }: S3Context): Permission['context'] {
  const point = state.points.find(name)
  return point && { ...pointKeys(point), ...pointTagKeys(point) }
}

function toCreate(input: Input, context: S3Context): Permission[] {
  const name = nameOf(input, context)
  const vpc: string | undefined = input['VpcConfiguration']?.VpcId
  const tags: { Key: string; Value: string }[] = input['Tags'] ?? []
  const keys = {
    ...requestKeys(context),
    ...pointKeys({ ...name, ...(vpc !== undefined && { vpc }) }),
    's3:locationconstraint': context.region,
    ...asked(tags),
  }
  const resource = pointArn(name)
  return [
    { action: 's3:CreateAccessPoint', resource, context: keys },
    ...(tags.length > 0 ? [{ action: 's3:TagResource', resource, context: keys }] : []),
  ]
}

function toTag(operation: string, input: Input, context: S3Context): Permission {
  const resource = String(input['ResourceArn'])
  const bucket = context.state.findBucket(bucketOf(resource))
  const point = pointOfArn(resource)
  return {
    action: `${bucket?.directory ? 's3express' : 's3'}:${operation}`,
    resource,
    ...(bucket && { resourceAccountId: bucket.owner }),
    ...(point && { resourceAccountId: point.account }),
    context: {
      ...requestKeys(context),
      ...(point && keysOf(point, context)),
      ...asked(input['Tags'] ?? []),
      ...(input['TagKeys'] && { 'aws:tagkeys': input['TagKeys'] }),
    },
  }
}

function asked(tags: readonly { Key: string; Value: string }[]): Record<string, string | string[]> {
  if (tags.length === 0) return {}
  const pairs = tags.map(({ Key, Value }) => [`aws:requesttag/${Key}`, Value])
  return { ...Object.fromEntries(pairs), 'aws:tagkeys': tags.map(({ Key }) => Key) }
}
