// How does a Describe call answer? By ids or all, through the filters, page by page: the same for every resource.

import { AwsError } from '../../../lib/errors.ts'
import { fromBase64, text, toBase64, utf8 } from '../../../lib/bytes.ts'
import { badCombination, invalidParameter } from './errors.ts'
import { passing, type Filters } from './filters.ts'
import type { Resource } from './records.ts'
import type { Table } from './state.ts'

export interface Description<T> {
  /** The member of the input with ids, and the member of the output. */
  readonly ids: string
  readonly list: string
  readonly filters: Filters
  /** What MaxResults may be; undefined: the operation has no pages. */
  readonly pages?: readonly [least: number, most: number]
  /** What is answered of a record; as it stands, by default. */
  readonly shown?: (record: T) => object
}

interface Input {
  Filters?: { Name?: string; Values?: string[] }[]
  MaxResults?: number
  NextToken?: string
  [more: string]: unknown
}

export function describe<T extends Resource>(
  table: Pick<Table<T>, 'all' | 'findAll'>,
  input: Input,
  { ids, list, filters, pages, shown }: Description<T>,
): Record<string, unknown> {
  const given = input[ids] as string[] | undefined
  const isNamed = given !== undefined && given.length > 0
  if (pages && isNamed) checkAlone(input, pages, ids)
  const passes = passing(input.Filters, filters)
  const found = isNamed ? table.findAll([...new Set(given)]) : table.all()
  const answered = found
    .map((record) => ({ order: record.order, answer: withTags(shown ? shown(record) : record, list) }))
    .filter(({ answer }) => passes(answer))
  if (!pages) return { [list]: answered.map(({ answer }) => answer) }
  const { page, NextToken } = paged(answered, input, pages)
  return { [list]: page.map(({ answer }) => answer), ...(NextToken !== undefined && { NextToken }) }
}

/**
 * What has no ids to be asked for by: all of it, through the filters, page by page. Pages are told apart by the `order` of
 * each or, where they have none, by their places.
 */
export function listed(
  all: readonly object[],
  input: Input,
  { list, filters = {}, pages }: { list: string; filters?: Filters; pages: readonly [least: number, most: number] },
): Record<string, unknown> {
  const passes = passing(input.Filters, filters)
  const found = all
    .map((each, place) => ({ each, order: (each as { order?: number }).order ?? place }))
    .filter(({ each }) => passes(each))
  const { page, NextToken } = paged(found, input, pages)
  return { [list]: page.map(({ each }) => each), ...(NextToken !== undefined && { NextToken }) }
}

/** These tell of no tags by telling nothing of tags; others by an empty list. */
const silent = new Set(['Instances', 'Volumes', 'Images', 'Vpcs', 'Subnets', 'SecurityGroups'])

function withTags(answer: { Tags?: unknown[] }, list: string): object {
  return silent.has(list) ? untagged(answer) : answer
}

/** Without its tags where it has none. */
export function untagged<T extends { Tags?: readonly unknown[] }>(answer: T): Omit<T, 'Tags'> {
  if (answer.Tags?.length !== 0) return answer
  const { Tags: _, ...rest } = answer
  return rest
}

/** One page, and the token of the next. `items` rise by `order`. */
export function paged<T extends { readonly order: number }>(
  items: readonly T[],
  { MaxResults, NextToken }: Pick<Input, 'MaxResults' | 'NextToken'>,
  [least, most]: readonly [number, number],
): { page: T[]; NextToken?: string } {
  if (MaxResults !== undefined && MaxResults < least)
    throw invalidParameter('maxResults', ` ${MaxResults} `, `Expecting a value greater than ${least}.`)
  const after = NextToken === undefined ? -1 : orderIn(NextToken)
  const rest = items.filter(({ order }) => order > after)
  const count = MaxResults === undefined ? rest.length : Math.min(MaxResults, most)
  const page = rest.slice(0, count)
  return rest.length > count ? { page, NextToken: tokenOf(page.at(-1)!.order) } : { page }
}

/** What ids name is answered in one page: MaxResults does not go with them. Throws InvalidParameterCombination. */
export function checkAlone(input: Pick<Input, 'MaxResults'>, [least]: readonly [number, number], ids: string): void {
  if (input.MaxResults !== undefined && least > 1)
    throw badCombination(`The parameter ${setName(ids)} cannot be used with the parameter maxResults`)
}

/** `InstanceIds` is called `instancesSet` there. */
function setName(ids: string): string {
  return `${ids[0]!.toLowerCase()}${ids.slice(1).replace(/Ids$/, 's')}Set`
}

function tokenOf(order: number): string {
  return toBase64(utf8(`after ${order}`))
}

function orderIn(token: string): number {
  try {
    const order = Number(/^after (\d+)$/.exec(text(fromBase64(token)))?.[1])
    if (!Number.isNaN(order)) return order
  } catch {
    // Not base64: no token of ours either.
  }
  throw new AwsError('InvalidNextToken', 'The specified NextToken is not valid.')
}
