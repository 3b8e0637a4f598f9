// Tags of tables.

import { invalid, notFound } from '../errors.ts'
import { checkTags, merged } from '../tags.ts'
import type { Table, Tag } from '../records.ts'
import type { Dynamo, DynamoHandler } from '../state.ts'

function tagged(state: Dynamo, arn: string): Table {
  if (!/^arn:aws[\w-]*:dynamodb:.+:\d+:table\/[^/]{2}[^/]+$/.test(arn))
    throw invalid(`Invalid TableArn: Invalid ResourceArn provided as input ${arn}`)
  const table = state.find(arn)
  if (!table) throw notFound(`Requested resource not found: ResourcArn: ${arn} not found`)
  return table
}

export const tagResource: DynamoHandler<{ ResourceArn: string; Tags: Tag[] }> = ({ ResourceArn, Tags }, { state }) => {
  if (Tags.length === 0) throw invalid('Atleast one Tag needs to be provided as Input.')
  const table = tagged(state, ResourceArn)
  table.tags = merged(table.tags, Tags)
  checkTags(table.tags)
  checkTags(Tags)
  state.keep(table)
}

export const untagResource: DynamoHandler<{ ResourceArn: string; TagKeys: string[] }> = (input, { state }) => {
  const { ResourceArn, TagKeys } = input
  if (TagKeys.length === 0) throw invalid('Atleast one Tag Key needs to be provided as Input.')
  const table = tagged(state, ResourceArn)
  table.tags = table.tags.filter(({ Key }) => !TagKeys.includes(Key))
  state.keep(table)
}

const page = 10

export const listTagsOfResource: DynamoHandler<{ ResourceArn: string; NextToken?: string }> = (input, { state }) => {
  const { tags } = tagged(state, input.ResourceArn)
  const start = Number(input.NextToken ?? 0)
  if (!Number.isInteger(start) || start < 0) throw invalid('Invalid NextToken')
  const end = start + page
  return { Tags: tags.slice(start, end), ...(end < tags.length && { NextToken: String(end) }) }
}
