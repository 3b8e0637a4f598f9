// What does a Query or a Scan ask for? Read from the request, then checked against the table.

import { compareKeys } from '../../store/order.ts'
import type { Range } from '../../store/store.ts'
import { invalid, invalidValue } from './errors.ts'
import type { Projection } from './expressions/projection.ts'
import { attributesIn, type Condition } from './expressions/tree.ts'
import { findIndex, holdsAll } from './indexes.ts'
import {
  checkKeyConditions,
  isInRange,
  keyConditionsOf,
  partitionOf,
  rangeOf,
  type KeyConditions,
} from './key-condition.ts'
import {
  checkKeyAttribute,
  hashAttributes,
  indexKey,
  keyAttributes,
  rowKey,
  segment,
  type KeyAttribute,
  type Schema,
} from './keys.ts'
import { conditionOf, takeConditions, type Joint } from './legacy.ts'
import { startAfter } from './pages.ts'
import type { Index, Table } from './records.ts'
import { checkDistinctNames, checkNested, checkStyle, Expressions } from './request.ts'
import { attributeOf, take, type Item } from './values.ts'

type Input = Record<string, any>

export interface Search {
  /** Undefined for a scan. */
  readonly keys?: KeyConditions
  readonly filter?: Condition
  readonly filterName: string
  readonly filterNested?: ReadonlySet<string>
  readonly projection?: Projection
  readonly start?: Item
}

/** Throws ValidationException. */
export function readQuery(input: Input): Search {
  const older = ['AttributesToGet', 'QueryFilter', 'ConditionalOperator']
  if (input['KeyConditions'] === undefined || input['KeyConditionExpression'] !== undefined) older.push('KeyConditions')
  checkStyle(input, ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'], older)
  takeConditions(input['QueryFilter'])
  checkDistinctNames(input['AttributesToGet'])
  checkStart(input)
  if (input['KeyConditions'] === undefined && input['KeyConditionExpression'] === undefined)
    throw invalid('Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.')
  checkJoint(input, 'QueryFilter')
  const expressions = new Expressions(input)
  const condition = expressions.condition('KeyConditionExpression')
  const rest = readRest(input, expressions, 'QueryFilter')
  const keys = condition ? keyConditionsOf(condition.condition) : (input['KeyConditions'] as KeyConditions)
  takeConditions(keys)
  const count = Object.keys(keys).length
  if (count === 0 || (count > 2 && input['IndexName'] === undefined)) throw badCount()
  checkSelect(input)
  return { keys, ...rest }
}

const badCount = (): Error => invalid('Conditions can be of length 1 or 2 only')

export function readScan(input: Input): Search {
  checkStyle(
    input,
    ['ProjectionExpression', 'FilterExpression'],
    ['AttributesToGet', 'ScanFilter', 'ConditionalOperator'],
  )
  checkDistinctNames(input['AttributesToGet'])
  takeConditions(input['ScanFilter'])
  checkStart(input)
  const { Segment, TotalSegments } = input
  if (Segment !== undefined && TotalSegments === undefined)
    throw invalid(
      'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
    )
  if (TotalSegments !== undefined && Segment === undefined)
    throw invalid(
      'The Segment parameter is required but was not present in the request when parameter TotalSegments is present',
    )
  if (Segment >= TotalSegments)
    throw invalid(
      'The Segment parameter is zero-based and must be less than parameter TotalSegments: ' +
        `Segment: ${Segment} is not less than TotalSegments: ${TotalSegments}`,
    )
  checkJoint(input, 'ScanFilter')
  const search = readRest(input, new Expressions(input), 'ScanFilter')
  checkSelect(input)
  return search
}

function checkJoint({ ConditionalOperator, ...input }: Input, filter: string): void {
  if (ConditionalOperator === undefined) return
  if (!input[filter]) throw invalidValue('ConditionalOperator cannot be used without Filter or Expected')
  if (Object.keys(input[filter]).length < 2)
    throw invalidValue('ConditionalOperator can only be used when Filter or Expected has two or more elements')
}

/** Numbers and duplicates are told as everywhere, the rest as a fault of the key. */
function checkStart({ ExclusiveStartKey }: Input): void {
  if (!ExclusiveStartKey) return
  try {
    take(ExclusiveStartKey)
  } catch (error) {
    const { message } = error as Error
    const bare = /contains duplicates|number set|numeric value|significant digits|number with magnitude/i
    throw bare.test(message) ? error : invalid(`The provided starting key is invalid: ${message}`)
  }
}

function readRest(input: Input, expressions: Expressions, legacyFilter: string): Search {
  const filter = expressions.condition('FilterExpression')
  const projection = expressions.projection()
  expressions.checkUse()
  const legacy = input[legacyFilter] && conditionOf(input[legacyFilter], input['ConditionalOperator'] as Joint)
  return {
    filter: filter?.condition ?? legacy,
    filterName: filter ? 'Filter Expression' : legacyFilter,
    filterNested: filter?.nested,
    projection,
    start: input['ExclusiveStartKey'],
  }
}

function checkSelect({ Select, IndexName, ProjectionExpression, AttributesToGet }: Input): void {
  const given =
    ProjectionExpression !== undefined ? 'ProjectionExpression' : AttributesToGet ? 'AttributesToGet' : undefined
  if (Select === 'SPECIFIC_ATTRIBUTES' && given === undefined)
    throw invalid('Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES')
  if (Select !== undefined && Select !== 'SPECIFIC_ATTRIBUTES' && given !== undefined)
    throw invalid(`Cannot specify the ${given} when choosing to get ${shownSelect[Select]}`)
  if (Select === 'ALL_PROJECTED_ATTRIBUTES' && IndexName === undefined)
    throw invalid('ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName')
}

const shownSelect: Readonly<Record<string, string>> = {
  ALL_ATTRIBUTES: 'ALL_ATTRIBUTES',
  ALL_PROJECTED_ATTRIBUTES: 'ALL_PROJECTED_ATTRIBUTES',
  COUNT: 'only the Count',
}

// --- against the table -----------------------------------------------------------------------------------------------

export interface Plan {
  readonly index?: Index
  readonly range: Range
  readonly fetches: boolean
}

/** Where to look. Throws ValidationException. */
export function planned(table: Table, search: Search, input: Input): Plan {
  const index = indexOf(table, input)
  const schema: Schema = index ?? table
  const { keys, start, projection, filter, filterNested, filterName } = search
  if (start) checkStartNames(table, index, start, keys !== undefined)
  const checkPart = (attribute: KeyAttribute): void => {
    if (!start) return
    if (!attributeOf(start, attribute.name)) throw invalid('The provided starting key is invalid')
    checkKeyAttribute(start, attribute, hashAttributes(schema).includes(attribute))
  }
  if (keys && Object.keys(keys).length > Math.max(2, keyAttributes(schema).length)) throw badCount()
  if (keys) checkKeyConditions(keys, schema, checkPart)
  else if (index) keyAttributes(schema).forEach(checkPart)
  if (start) checkTableKey(table, start)
  let range: Range = keys ? rangeOf(keys, schema) : segmentOf(input)
  if (start) {
    const from = startRow(table, index, start)
    if (keys) checkWithin(keys, schema, from, start)
    else checkSegment(range, from, input)
    range = startAfter({ ...range, reverse: input['ScanIndexForward'] === false }, from)
  }
  if (input['ScanIndexForward'] === false) range = { ...range, reverse: true }
  checkNested(projection?.nested, table)
  if (keys && filter) {
    const used = new Set(attributesIn(filter))
    for (const { name } of keyAttributes(schema))
      if (used.has(name))
        throw invalid(`${filterName} can only contain non-primary key attributes: Primary key attribute: ${name}`)
  }
  const fetches = fetchesWhole(table, index, search, input)
  checkNested(filterNested, table)
  return { ...(index && { index }), range, fetches }
}

function indexOf(table: Table, { IndexName, ConsistentRead }: Input): Index | undefined {
  if (IndexName === undefined) return undefined
  const index = findIndex(table, IndexName)
  if (!index) throw invalid(`The table does not have the specified index: ${IndexName}`)
  if (index.isGlobal && ConsistentRead) throw invalid('Consistent reads are not supported on global secondary indexes')
  return index
}

function checkStartNames(table: Table, index: Index | undefined, start: Item, isQuery: boolean): void {
  const names = new Set([...keyAttributes(table), ...(index ? keyAttributes(index) : [])].map(({ name }) => name))
  if (Object.keys(start).length === names.size) return
  throw invalid(
    isQuery || index
      ? 'The provided starting key is invalid'
      : 'The provided starting key is invalid: The provided key element does not match the schema',
  )
}

function checkTableKey(table: Table, start: Item): void {
  try {
    for (const attribute of keyAttributes(table)) checkKeyAttribute(start, attribute, attribute === table.hash)
  } catch (error) {
    throw invalid(`The provided starting key is invalid: ${(error as Error).message}`)
  }
}

function startRow(table: Table, index: Index | undefined, start: Item): string {
  const own = rowKey(table, start)
  return index ? indexKey(index, table, start, own)! : own
}

function checkWithin(keys: KeyConditions, schema: Schema, from: string, start: Item): void {
  const samePartition = from.startsWith(partitionOf(keys, schema))
  if (!schema.range || !keys[schema.range.name]) {
    if (!samePartition)
      throw invalid('The provided starting key is outside query boundaries based on provided conditions')
    return
  }
  const asked = { ...keys }
  for (const { name } of hashAttributes(schema))
    asked[name] = { ComparisonOperator: 'EQ', AttributeValueList: [start[name]!] }
  if (!isInRange(from, rangeOf(asked, schema)))
    throw invalid('The provided starting key does not match the range key predicate')
  if (!samePartition) throw invalid('The query can return at most one row and cannot be restarted')
}

function segmentOf({ Segment, TotalSegments }: Input): Range {
  if (TotalSegments === undefined || TotalSegments === 1) return {}
  const { from, before } = segment(Segment, TotalSegments)
  return { from, ...(before !== undefined && { before }) }
}

function checkSegment({ from, before }: Range, start: string, { Segment, TotalSegments }: Input): void {
  if (from === undefined) return
  if (compareKeys(start, from) < 0 || (before !== undefined && compareKeys(start, before) >= 0))
    throw invalid(
      'The provided starting key is invalid: Invalid ExclusiveStartKey. ' +
        `Please use ExclusiveStartKey with correct Segment. TotalSegments: ${TotalSegments} Segment: ${Segment}`,
    )
}

/** Whether what the index lacks is wanted, and can be had: only of a local index. */
function fetchesWhole(table: Table, index: Index | undefined, search: Search, { Select, IndexName }: Input): boolean {
  if (!index || index.projection === 'ALL') return false
  if (Select === 'ALL_ATTRIBUTES') {
    if (index.isGlobal)
      throw invalidValue(
        `Select type ALL_ATTRIBUTES is not supported for global secondary index ${IndexName} because its projection type is not ALL`,
      )
    return true
  }
  const heads = (search.projection?.paths ?? []).map(([head]) => head as string)
  if (holdsAll(index, table, heads)) return false
  if (index.isGlobal) {
    const lacking = heads.filter((name) => !holdsAll(index, table, [name]))
    throw invalidValue(`Global secondary index ${IndexName} does not project [${lacking.join(', ')}]`)
  }
  return true
}
