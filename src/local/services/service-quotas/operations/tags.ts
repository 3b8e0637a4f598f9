// Tags of applied quotas: of those that have been raised, as AWS has it.

import { AwsError } from '../../../../lib/errors.ts'
import { keyOf } from '../../../quotas/applied.ts'
import { findQuota, illegalArgument, noSuchResource, quotasOf, type QuotaContext, type QuotaHandler } from '../state.ts'

interface Tag {
  readonly Key: string
  readonly Value: string
}

const table = 'quota-tags'
const most = 50

export const listTagsForResource: QuotaHandler = ({ ResourceARN }, context) => {
  const tags = tagsOf(appliedArn(ResourceARN, context), context)
  return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
}

export const tagResource: QuotaHandler = ({ ResourceARN, Tags }, context) => {
  const arn = appliedArn(ResourceARN, context)
  const given = Tags as readonly Tag[]
  if (given.some(({ Key }) => Key.toLowerCase().startsWith('aws:')))
    throw illegalArgument("Tag keys must not begin with 'aws:'.")
  const tags = { ...tagsOf(arn, context), ...Object.fromEntries(given.map(({ Key, Value }) => [Key, Value])) }
  if (Object.keys(tags).length > most)
    throw new AwsError('TooManyTagsException', `You've exceeded the number of tags allowed for a resource: ${most}.`)
  context.state.rows.put(table, arn, tags)
  return {}
}

export const untagResource: QuotaHandler = ({ ResourceARN, TagKeys }, context) => {
  const arn = appliedArn(ResourceARN, context)
  const left = Object.entries(tagsOf(arn, context)).filter(([key]) => !TagKeys.includes(key))
  context.state.rows.put(table, arn, Object.fromEntries(left))
  return {}
}

function tagsOf(arn: string, { state }: QuotaContext): Record<string, string> {
  return state.rows.get<Record<string, string>>(table, arn) ?? {}
}

/** Throws NoSuchResourceException where the ARN is no quota's, or the quota has AWS's value still. */
function appliedArn(arn: string, context: QuotaContext): string {
  const found = /^arn:aws:servicequotas:([^:]*):(\d{12}):([^/]+)\/(.+)$/.exec(arn)
  const [, region, account, service, code] = found ?? []
  if (!found || account !== context.account) throw noSuchResource('The specified resource does not exist.')
  const quota = findQuota(service!, code!, region === '' ? 'us-east-1' : region!)
  if (quotasOf(context).applied[keyOf(quota, region!)] === undefined)
    throw noSuchResource('Tags can be added to applied quotas only: the quota has its default value.')
  return arn
}
