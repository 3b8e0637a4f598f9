// Contributor insights: whether they are wanted of a table or an index, and which rules CloudWatch has for that. What the
// rules would find is not looked for.

import { notFound } from '../errors.ts'
import { findIndex } from '../indexes.ts'
import { rangeAttributes } from '../keys.ts'
import type { Index, Insights, Table } from '../records.ts'
import type { DynamoHandler } from '../state.ts'

interface Of {
  TableName: string
  IndexName?: string
}

function whose(table: Table, name: string | undefined): Table | Index {
  if (name === undefined) return table
  const index = findIndex(table, name)
  if (!index?.isGlobal)
    throw notFound(`Requested resource not found: Index: ${name} not found for table: ${table.name}`)
  return index
}

interface Update extends Of {
  ContributorInsightsAction: 'ENABLE' | 'DISABLE'
  ContributorInsightsMode?: Insights['mode']
}

export const updateContributorInsights: DynamoHandler<Update> = (input, { state }) => {
  const { TableName, IndexName, ContributorInsightsAction: action } = input
  const table = state.named(TableName)
  const of = whose(table, IndexName)
  const mode = input.ContributorInsightsMode ?? 'ACCESSED_AND_THROTTLED_KEYS'
  const old = of.insights
  let status = old?.rules === undefined ? 'DISABLED' : 'ENABLED'
  if (action === 'ENABLE' && (old?.rules === undefined || old.mode !== mode)) {
    of.insights = { mode, rules: old?.rules ?? state.now, changed: state.now }
    status = 'ENABLING'
  } else if (action === 'DISABLE' && old?.rules !== undefined) {
    of.insights = { mode: old.mode, changed: state.now }
    status = 'DISABLING'
  }
  state.keep(table)
  return {
    TableName: table.name,
    IndexName,
    ContributorInsightsStatus: status,
    ContributorInsightsMode: of.insights?.mode,
  }
}

export const describeContributorInsights: DynamoHandler<Of> = ({ TableName, IndexName }, { state }) => {
  const table = state.named(TableName)
  const of = whose(table, IndexName)
  const { insights } = of
  return {
    ...summary(table, IndexName, insights),
    ...(insights?.rules !== undefined && { ContributorInsightsRuleList: rules(table, of, IndexName, insights) }),
    ...(insights && { LastUpdateDateTime: new Date(insights.changed) }),
  }
}

function rules(table: Table, of: Table | Index, index: string | undefined, { mode, rules: made }: Insights): string[] {
  const about = mode === 'THROTTLED_KEYS' ? ['T'] : ['C', 'T']
  const keys = rangeAttributes(of).length > 0 ? ['PK', 'SK'] : ['PK']
  const resource = index === undefined ? table.name : `${table.name}-${index}`
  return keys.flatMap((key) => about.map((what) => `DynamoDBContributorInsights-${key}${what}-${resource}-${made}`))
}

function summary(table: Table, index: string | undefined, insights: Insights | undefined): object {
  return {
    TableName: table.name,
    IndexName: index,
    ContributorInsightsStatus: insights?.rules === undefined ? 'DISABLED' : 'ENABLED',
    ContributorInsightsMode: insights?.mode,
  }
}

const most = 100

interface List {
  TableName?: string
  MaxResults?: number
  NextToken?: string
}

export const listContributorInsights: DynamoHandler<List> = (input, { state }) => {
  const { TableName, NextToken: start } = input
  const limit = input.MaxResults && input.MaxResults > 0 ? Math.min(input.MaxResults, most) : most
  const names = TableName === undefined ? state.names(start) : [state.named(TableName).name]
  const found: object[] = []
  // A page is whole tables: it may hold more than is asked for by the indexes of one.
  for (const name of names) {
    if (found.length >= limit) return { ContributorInsightsSummaries: found, NextToken: names[names.indexOf(name) - 1] }
    const table = state.named(name)
    if (table.insights?.rules !== undefined) found.push(summary(table, undefined, table.insights))
    for (const index of table.indexes)
      if (index.insights?.rules !== undefined) found.push(summary(table, index.name, index.insights))
  }
  return { ContributorInsightsSummaries: found }
}
