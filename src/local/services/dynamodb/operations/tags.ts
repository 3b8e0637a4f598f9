// Tags of tables.

import { AwsError } from '../../../../lib/errors.ts'
import { invalid, notFound } from '../errors.ts'
import { checkTagKeys, checkTags, merged } from '../tags.ts'
import type { Table, Tag } from '../records.ts'
import type { DynamoContext, DynamoHandler } from '../state.ts'

function checkArn({ caller, operation }: DynamoContext, arn: string): void {
  if (!/^.+:.+:.+:.+:.+:.+\/.+$/.test(arn))
    throw new AwsError(
      'AccessDeniedException',
      `User: ${caller.principal.arn} is not authorized to perform: dynamodb:${operation} on resource: ${arn}`,
    )
  if (!/^arn:aws[\w-]*:dynamodb:.+:\d+:table\/[^/]{2}[^/]+$/.test(arn))
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`)
}

function tagged({ state }: DynamoContext, arn: string): Table {
  const table = state.find(arn)
  if (!table) throw notFound(`Requested resource not found: ResourcArn: ${arn} not found`)
  return table
}

export const tagResource: DynamoHandler<{ ResourceArn: string; Tags: Tag[] }> = ({ ResourceArn, Tags }, context) => {
  checkArn(context, ResourceArn)
  if (Tags.length === 0) throw invalid('Atleast one Tag needs to be provided as Input.')
  checkTags(Tags)
  const table = tagged(context, ResourceArn)
  table.tags = merged(table.tags, Tags)
  checkTags(table.tags)
  context.state.keep(table)
}

export const untagResource: DynamoHandler<{ ResourceArn: string; TagKeys: string[] }> = (input, context) => {
  const { ResourceArn, TagKeys } = input
  checkArn(context, ResourceArn)
  if (TagKeys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.')
  checkTagKeys(TagKeys)
  const table = tagged(context, ResourceArn)
  table.tags = table.tags.filter(({ Key }) => !TagKeys.includes(Key))
  context.state.keep(table)
}

const page = 10

export const listTagsOfResource: DynamoHandler<{ ResourceArn: string; NextToken?: string }> = (input, context) => {
  checkArn(context, input.ResourceArn)
  const { tags } = tagged(context, input.ResourceArn)
  const start = Number(input.NextToken ?? 0)
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid NextToken')
  const end = start + page
  return { Tags: tags.slice(start, end), ...(end < tags.length && { NextToken: String(end) }) }
}
