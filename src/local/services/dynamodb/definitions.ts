// May a table be so? Keys, indexes and throughput as they are asked for, checked and turned into what is kept.

import { checkNewLimits, checkNewWarm } from './ceilings.ts'
import { invalid, invalidValue } from './errors.ts'
import { keyAttributes, type KeyAttribute, type Schema } from './keys.ts'
import type { Index, Table, Throughput } from './records.ts'

export interface KeyElement {
  AttributeName: string
  KeyType: string
}

export interface AskedThroughput {
  ReadCapacityUnits: number
  WriteCapacityUnits: number
}

export interface AskedIndex {
  IndexName: string
  KeySchema: KeyElement[]
  Projection: { ProjectionType?: Index['projection']; NonKeyAttributes?: string[] }
  ProvisionedThroughput?: AskedThroughput
  OnDemandThroughput?: Table['limits']
  WarmThroughput?: Table['warm']
}

export interface Definition {
  TableName: string
  AttributeDefinitions: { AttributeName: string; AttributeType: KeyAttribute['type'] }[]
  KeySchema: KeyElement[]
  BillingMode?: Table['billing']
  ProvisionedThroughput?: AskedThroughput
  OnDemandThroughput?: Table['limits']
  WarmThroughput?: Table['warm']
  LocalSecondaryIndexes?: AskedIndex[]
  GlobalSecondaryIndexes?: AskedIndex[]
}

const mostUnits = 1_000_000_000_000

/** Throws ValidationException for throughput that does not fit the billing mode. */
export function checkBilling(asked: Definition): void {
  const { BillingMode, ProvisionedThroughput: throughput } = asked
  if (BillingMode === 'PAY_PER_REQUEST') {
    if (throughput)
      throw invalidValue(
        'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
      )
  } else if (!throughput)
    throw invalidValue(
      'ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED',
    )
  else checkUnits(throughput)
}

/** Throws ValidationException. */
export function checkCeilings({
  BillingMode,
  ProvisionedThroughput,
  OnDemandThroughput,
  WarmThroughput,
}: Definition): void {
  checkNewLimits(OnDemandThroughput, BillingMode)
  checkNewWarm(WarmThroughput, BillingMode, throughputOf(ProvisionedThroughput))
}

export function checkUnits(throughput: AskedThroughput | undefined): void {
  for (const name of ['ReadCapacityUnits', 'WriteCapacityUnits'] as const)
    if (throughput && throughput[name] > mostUnits)
      throw invalid(`Given value ${throughput[name]} for ${name} is out of bounds`)
}

export function throughputOf(asked: AskedThroughput | undefined): Throughput {
  return { read: asked?.ReadCapacityUnits ?? 0, write: asked?.WriteCapacityUnits ?? 0 }
}

export function attributesOf({ AttributeDefinitions }: Pick<Definition, 'AttributeDefinitions'>): KeyAttribute[] {
  return AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({ name: AttributeName, type: AttributeType }))
}

/** Throws ValidationException. */
function schemaOf(elements: readonly KeyElement[], attributes: readonly KeyAttribute[], severalKeys = false): Schema {
  checkDefined(elements, attributes)
  const [hash, range] = elements as [KeyElement, KeyElement | undefined]
  if (hash.AttributeName === range?.AttributeName)
    throw invalid('Both the Hash Key and the Range Key element in the KeySchema have the same name')
  if (hash.KeyType !== 'HASH') throw invalid('Invalid KeySchema: The first KeySchemaElement is not a HASH key type')
  const of = ({ AttributeName }: KeyElement): KeyAttribute => attributes.find(({ name }) => name === AttributeName)!
  if (severalKeys) return wideSchemaOf(elements, of)
  if (range && range.KeyType !== 'RANGE')
    throw invalid('Invalid KeySchema: The second KeySchemaElement is not a RANGE key type')
  return { hash: of(hash), ...(range && { range: of(range) }) }
}

const mostOfAKind = 4

/** A global index's: partition keys before sort keys. */
function wideSchemaOf(elements: readonly KeyElement[], of: (element: KeyElement) => KeyAttribute): Schema {
  const sorts = elements.findIndex(({ KeyType }) => KeyType === 'RANGE')
  const [hashes, ranges] = sorts < 0 ? [elements, []] : [elements.slice(0, sorts), elements.slice(sorts)]
  if (ranges.some(({ KeyType }) => KeyType === 'HASH'))
    throw invalidValue('All HASH key attributes must precede RANGE key attributes in the KeySchema')
  if (new Set(elements.map(({ AttributeName }) => AttributeName)).size < elements.length)
    throw invalid('The KeySchema contains multiple key attributes with the same name')
  for (const [kind, some] of [['HASH', hashes] as const, ['RANGE', ranges] as const])
    if (some.length > mostOfAKind)
      throw invalidValue(`The KeySchema exceeds the maximum allowed number of ${kind} key attributes`)
  const [hash, ...moreHash] = hashes.map(of) as [KeyAttribute, ...KeyAttribute[]]
  const [range, ...moreRange] = ranges.map(of)
  return {
    hash,
    ...(range && { range }),
    ...(moreHash.length > 0 && { moreHash }),
    ...(moreRange.length > 0 && { moreRange }),
  }
}

function checkDefined(elements: readonly KeyElement[], attributes: readonly KeyAttribute[]): void {
  const names = attributes.map(({ name }) => name)
  const keys = elements.map(({ AttributeName }) => AttributeName)
  if (keys.some((key) => !names.includes(key)))
    throw invalidValue(
      'Some index key attributes are not defined in AttributeDefinitions. ' +
        `Keys: [${keys.join(', ')}], AttributeDefinitions: [${names.sort().join(', ')}]`,
    )
}

export function tableSchema({ KeySchema, AttributeDefinitions }: Definition): Schema {
  if (KeySchema.length > AttributeDefinitions.length)
    throw invalid('Invalid KeySchema: Some index key attribute have no definition')
  const names = new Set<string>()
  for (const { AttributeName: name } of AttributeDefinitions) {
    if (names.has(name)) throw invalid(`Attribute Name is duplicated: ${name}`)
    names.add(name)
  }
  return schemaOf(KeySchema, attributesOf({ AttributeDefinitions }))
}

/** Throws ValidationException. `table` is the key that its local indexes share in. */
export function indexesOf(asked: Definition, table: Schema): Index[] {
  const { LocalSecondaryIndexes: locals, GlobalSecondaryIndexes: globals, KeySchema, AttributeDefinitions } = asked
  const attributes = attributesOf(asked)
  if (!locals && !globals && KeySchema.length !== AttributeDefinitions.length)
    throw invalidValue(
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    )
  const names = new Set<string>()
  const unique = (index: Index): Index => {
    if (names.has(index.name)) throw invalidValue(`Duplicate index name: ${index.name}`)
    names.add(index.name)
    return index
  }
  if (locals?.length === 0) throw invalidValue('List of LocalSecondaryIndexes is empty')
  if (locals && !table.range)
    throw invalidValue(
      'Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex',
    )
  const local = (locals ?? []).map((each) => unique(localIndex(each, attributes, table)))
  if (local.length > 5) throw invalidValue('Number of LocalSecondaryIndexes exceeds per-table limit of 5')
  if (globals?.length === 0) throw invalidValue('List of GlobalSecondaryIndexes is empty')
  const global = (globals ?? []).map((each) => unique(globalIndex(each, attributes, asked.BillingMode)))
  if (global.length > 20) throw invalidValue('GlobalSecondaryIndex count exceeds the per-table limit of 20')
  checkProjections([...local, ...global])
  checkAllUsed(attributes, [table, ...local, ...global])
  // Faults of an item are told of global indexes first.
  return [...global, ...local]
}

/** Every attribute that is defined is in some key. */
function checkAllUsed(attributes: readonly KeyAttribute[], schemas: readonly Schema[]): void {
  const used = new Set(schemas.flatMap(keyAttributes).map(({ name }) => name))
  if (attributes.every(({ name }) => used.has(name))) return
  const names = attributes.map(({ name }) => name).sort()
  throw invalidValue(
    `Some AttributeDefinitions are not used. AttributeDefinitions: [${names.join(', ')}], keys used: [${[...used].sort().join(', ')}]`,
  )
}

function checkProjections(indexes: readonly Index[]): void {
  const count = indexes.reduce((sum, { attributes }) => sum + (attributes?.length ?? 0), 0)
  if (count > 100)
    throw invalidValue(`Number of projected user attributes in all indexes (${count}) exceeds the limit of 100`)
}

function localIndex(asked: AskedIndex, attributes: readonly KeyAttribute[], table: Schema): Index {
  const { IndexName, KeySchema } = asked
  const schema = schemaOf(KeySchema, attributes)
  if (!schema.range) throw invalidValue(`Index KeySchema does not have a range key for index: ${IndexName}`)
  if (schema.hash.name !== table.hash.name)
    throw invalidValue(
      `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${IndexName}. ` +
        `index hash key: ${schema.hash.name}, table hash key: ${table.hash.name}`,
    )
  return indexOf(asked, schema, false)
}

/** Throws ValidationException. */
function globalIndex(
  asked: AskedIndex,
  attributes: readonly KeyAttribute[],
  billing: Table['billing'] | undefined,
): Index {
  const { IndexName, KeySchema, ProvisionedThroughput } = asked
  const index = indexOf(asked, schemaOf(KeySchema, attributes, true), true)
  if (billing === 'PAY_PER_REQUEST') {
    if (ProvisionedThroughput)
      throw invalidValue(
        `ProvisionedThroughput should not be specified for index: ${IndexName} when BillingMode is PAY_PER_REQUEST`,
      )
  } else if (!ProvisionedThroughput)
    throw invalidValue(`ProvisionedThroughput is not specified for index: ${IndexName}`)
  return withCeilings(index, asked, billing)
}

/** One that is added to a table. Throws ValidationException. */
export function addedIndex(asked: AskedIndex, attributes: readonly KeyAttribute[], billing: Table['billing']): Index {
  const { IndexName: name, KeySchema, ProvisionedThroughput } = asked
  const index = indexOf(asked, schemaOf(KeySchema, attributes, true), true)
  if (billing === 'PAY_PER_REQUEST' && ProvisionedThroughput) throw noUnits(name)
  if (billing === 'PROVISIONED' && !ProvisionedThroughput)
    throw invalidValue(`Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: ${name}`)
  return withCeilings(index, asked, billing)
}

export const noUnits = (index: string): Error =>
  invalidValue(
    `Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: ${index} when BillingMode is ` +
      'PAY_PER_REQUEST',
  )

function withCeilings(index: Index, asked: AskedIndex, billing: Table['billing'] | undefined): Index {
  const { IndexName, ProvisionedThroughput } = asked
  checkNewLimits(asked.OnDemandThroughput, billing, IndexName)
  checkNewWarm(asked.WarmThroughput, billing, throughputOf(ProvisionedThroughput), IndexName)
  return {
    ...index,
    throughput: throughputOf(ProvisionedThroughput),
    ...(asked.OnDemandThroughput && { limits: asked.OnDemandThroughput }),
    ...(asked.WarmThroughput && { warm: asked.WarmThroughput }),
  }
}

function indexOf({ IndexName, Projection }: AskedIndex, schema: Schema, isGlobal: boolean): Index {
  const { ProjectionType: projection, NonKeyAttributes: attributes } = Projection
  if (projection === undefined) throw invalidValue('Unknown ProjectionType: null')
  if (attributes && projection !== 'INCLUDE')
    throw invalidValue(`ProjectionType is ${projection}, but NonKeyAttributes is specified`)
  if (projection === 'INCLUDE' && !attributes)
    throw invalidValue('ProjectionType is INCLUDE, but NonKeyAttributes is not specified')
  return {
    name: IndexName,
    id: crypto.randomUUID(),
    ...schema,
    projection,
    ...(attributes && { attributes }),
    isGlobal,
  }
}
