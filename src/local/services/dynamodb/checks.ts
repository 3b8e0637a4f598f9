// Does an input keep what its model says? As the general check (local/constraints.ts), but in DynamoDB's ways: what it
// cannot do without is told first, values are left to values.ts, map keys are told with their map.

import type { Structure, Value } from '../../../lib/value.ts'
import { isStructure, keysOf } from '../../../lib/value.ts'
import type { Member, Operation, Shape } from '../../../model/model.ts'
import { invalid } from './errors.ts'

const most = 10

/** Throws ValidationException. */
export function checkInput(operation: Operation, input: Structure): void {
  if (!operation.input) return
  if (isAboutTables(operation.name)) checkTableName(input)
  if (/[Tt]ag\w*Resource$/.test(operation.name) && typeof input['ResourceArn'] !== 'string')
    throw invalid('Invalid TableArn')
  const found: string[] = []
  const order = orders[operation.name] ?? []
  structure(operation.input, input, '', found, { order, demanded: demanded[operation.name] })
  if (found.length === 0) return
  const told = found.slice(0, most)
  throw invalid(`${told.length} validation error${told.length > 1 ? 's' : ''} detected: ${told.join('; ')}`)
}

/** Operations on tables, not items, judge the name before all else. */
function isAboutTables(operation: string): boolean {
  return /^(Create|Delete|Describe|Update)(Table$|TimeToLive|ContinuousBackups)/.test(operation)
}

function checkTableName({ TableName: name }: Structure): void {
  if (name === undefined || name === null)
    throw invalid("The parameter 'TableName' is required but was not present in the request")
}

/** Where a table is named, its ARN may stand. */
const isArn = (name: string): boolean => name.startsWith('arn:')
const nameTraits = { min: 3, max: 255, pattern: '[a-zA-Z0-9_.-]+' } as Member['traits']

/** What the service cannot do without, though its model says it could. */
const demanded: Readonly<Record<string, readonly string[]>> = { CreateTable: ['AttributeDefinitions', 'KeySchema'] }

/** In which order members are judged, where it is not the model's. */
const orders: Readonly<Record<string, readonly string[]>> = {
  GetItem: ['ReturnConsumedCapacity', 'AttributesToGet', 'TableName', 'Key'],
  PutItem: ['ReturnConsumedCapacity', 'TableName', 'Item', 'ConditionalOperator', 'Expected', 'ReturnValues'],
  DeleteItem: ['ReturnConsumedCapacity', 'TableName', 'ReturnValues', 'ReturnItemCollectionMetrics', 'Key'],
  UpdateItem: ['ReturnConsumedCapacity', 'TableName', 'ReturnItemCollectionMetrics', 'ReturnValues', 'Key'],
  Query: ['Select', 'IndexName', 'ReturnConsumedCapacity', 'QueryFilter', 'TableName', 'ConditionalOperator'],
  Scan: [
    'Select',
    'IndexName',
    'TotalSegments',
    'ReturnConsumedCapacity',
    'TableName',
    'ConditionalOperator',
    'ScanFilter',
    'Segment',
    'Limit',
  ],
  ListTables: ['Limit'],
  BatchGetItem: ['ReturnConsumedCapacity'],
  BatchWriteItem: ['ReturnConsumedCapacity', 'ReturnItemCollectionMetrics'],
  CreateTable: ['AttributeDefinitions', 'TableName', 'BillingMode', 'ProvisionedThroughput'],
  UpdateTable: ['TableName', 'ProvisionedThroughput', 'BillingMode'],
  ProvisionedThroughput: ['WriteCapacityUnits'],
}

/** In which order values of an enum are told, where it is not the model's. */
const enums: Readonly<Record<string, string>> = {
  ReturnValue: 'ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW',
  ComparisonOperator: 'IN, NULL, BETWEEN, LT, NOT_CONTAINS, EQ, GT, NOT_NULL, NE, LE, BEGINS_WITH, GE, CONTAINS',
  ConditionalOperator: 'OR, AND',
  Select: 'SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES',
  ScalarAttributeType: 'B, N, S',
  ProjectionType: 'ALL, INCLUDE, KEYS_ONLY',
  StreamViewType: 'OLD_IMAGE, KEYS_ONLY, NEW_AND_OLD_IMAGES, NEW_IMAGE',
  ContributorInsightsMode: 'THROTTLED_KEYS, ACCESSED_AND_THROTTLED_KEYS',
  InputCompressionType: 'ZSTD, NONE, GZIP',
}

/** How a structure's members are judged, where the model alone does not say it. */
interface Judged {
  readonly order?: readonly string[]
  readonly demanded?: readonly string[]
}

function structure(
  of: Member,
  given: Structure,
  path: string,
  found: string[],
  { order = [], demanded: more = [] }: Judged = {},
): void {
  const { shape } = of
  const first = order.length === 0 ? [] : order.map((name) => shape.memberNamed(name)!)
  const members =
    first.length === 0 ? shape.members : [...first, ...shape.members.filter((each) => !first.includes(each))]
  for (const member of members) {
    const value = given[member.name]
    if (value === undefined || value === null) {
      if (member.required || more.includes(member.name))
        found.push(`Value null at '${below(path, member)}' failed to satisfy constraint: Member must not be null`)
    } else check(member, value, below(path, member), found)
  }
}

function below(path: string, { name }: Member): string {
  const lower = name[0]!.toLowerCase() + name.slice(1)
  return path === '' ? lower : `${path}.${lower}`
}

const ownKey = /^(keySchema|localSecondaryIndexes\.\d+\.member\.keySchema)$/

function check(member: Member, value: Value, path: string, found: string[]): void {
  const { shape } = member
  // Only a global index's key may have more attributes.
  const traits = ownKey.test(path) ? { ...member.traits, max: 2 } : member.traits
  // Both are judged where they are used.
  if (shape.name === 'AttributeValue' || /^Tag(KeyList|List)$/.test(shape.name)) return
  switch (shape.type) {
    case 'structure':
      return structure(member, value as Structure, path, found, { order: orders[shape.name] })
    case 'list': {
      const list = value as Value[]
      sized(traits, list.length, value, { path, found, shape })
      for (let i = 0; i < list.length; i++) {
        // `requestItems.table.1.member.keys.1.member` …
        if (list[i] !== null) check(shape.member!, list[i]!, `${path}.${i + 1}.member`, found)
      }
      return
    }
    case 'map': {
      const map = value as Structure
      const keys = keysOf(map)
      sized(traits, keys.length, value, { path, found, shape })
      const keyTraits = shape.key?.shape.name === 'TableArn' ? nameTraits : shape.key?.traits
      if (keyTraits && keys.some((key) => !isKey(keyTraits, key) && !isArn(key)))
        found.push(
          `Value '${written(shape, value)}' at '${path}' failed to satisfy constraint: Map keys must satisfy constraint: ` +
            `[${keyConstraints(keyTraits)}]`,
        )
      const inner = shape.value!
      if (inner.shape.name === 'AttributeValue') return
      if (
        inner.shape.type === 'list' &&
        keys.some((key) => !fits(inner.traits, (map[key] as Value[] | null)?.length ?? 1))
      )
        found.push(
          `Value '${written(shape, value)}' at '${path}' failed to satisfy constraint: Map value must satisfy constraint: ` +
            `[${lengthConstraints(inner.traits)}]`,
        )
      else
        for (const key of keys) {
          const each = map[key]
          if (each !== null && each !== undefined) check(inner, each, `${path}.${key}.member`, found)
        }
      return
    }
    case 'string': {
      const text = value as string
      if (shape.name === 'TableArn') return tableName(text, path, found)
      if (traits.pattern !== undefined && !whole(traits.pattern).test(text))
        fail(value, path, `Member must satisfy regular expression pattern: ${traits.pattern}`, found)
      if (traits.enum && !traits.enum.includes(text))
        fail(value, path, `Member must satisfy enum value set: [${enums[shape.name] ?? traits.enum.join(', ')}]`, found)
      sized(traits, text.length, value, { path, found })
      return
    }
    case 'integer':
    case 'long':
      if (traits.min !== undefined && Number(value) < traits.min)
        fail(value, path, `Member must have value greater than or equal to ${traits.min}`, found)
      if (traits.max !== undefined && Number(value) > traits.max)
        fail(value, path, `Member must have value less than or equal to ${traits.max}`, found)
  }
}

function tableName(text: string, path: string, found: string[]): void {
  if (isArn(text)) return
  if (text === '') return fail(text, path, 'Member must have length greater than or equal to 1', found)
  if (!whole(nameTraits.pattern!).test(text))
    fail(text, path, `Member must satisfy regular expression pattern: ${nameTraits.pattern}`, found)
  sized(nameTraits, text.length, text, { path, found })
}

type Traits = Member['traits']

interface Place {
  readonly path: string
  readonly found: string[]
  readonly shape?: Shape
}

function sized({ min, max }: Traits, length: number, value: Value, { path, found, shape }: Place): void {
  if (min !== undefined && length < min)
    fail(value, path, `Member must have length greater than or equal to ${min}`, found, shape)
  if (max !== undefined && length > max)
    fail(value, path, `Member must have length less than or equal to ${max}`, found, shape)
}

function fits({ min, max }: Traits, length: number): boolean {
  return (min === undefined || length >= min) && (max === undefined || length <= max)
}

function isKey(traits: Traits, key: string): boolean {
  return fits(traits, key.length) && (traits.pattern === undefined || whole(traits.pattern).test(key))
}

function keyConstraints(traits: Traits): string {
  const { pattern } = traits
  return [
    lengthConstraints(traits),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
  ].join(', ')
}

function lengthConstraints({ min, max }: Traits): string {
  return [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
  ].join(', ')
}

/** A list inside of a map is not repeated. */
function fail(value: Value, path: string, constraint: string, found: string[], shape?: Shape): void {
  const isInMap = shape?.type === 'list' && path.startsWith('requestItems.')
  const told = isInMap ? '' : ` '${shape ? written(shape, value) : String(value)}'`
  found.push(`Value${told} at '${path}' failed to satisfy constraint: ${constraint}`)
}

/** A value as Java's `toString` has it: `[KeySchemaElement(attributeName=pk, keyType=HASH)]`. */
function written(shape: Shape, value: Value | undefined): string {
  if (value === undefined || value === null) return 'null'
  if (shape.type === 'list')
    return `[${(value as Value[]).map((each) => written(shape.member!.shape, each)).join(', ')}]`
  if (!isStructure(value)) return String(value)
  if (shape.type === 'map')
    return `{${keysOf(value)
      .map((key) => `${key}=${written(shape.value!.shape, value[key])}`)
      .join(', ')}}`
  const members = shape.members.map((each) => `${below('', each)}=${written(each.shape, value[each.name])}`)
  return `${shape.name}(${members.join(', ')})`
}

const patterns = new Map<string, RegExp>()

function whole(pattern: string): RegExp {
  let compiled = patterns.get(pattern)
  if (!compiled) patterns.set(pattern, (compiled = new RegExp(`^(?:${pattern})$`)))
  return compiled
}
