// Which action on which table or index does an operation need, and what does IAM get to know of it? Items are asked for
// one table at a time; the parts of a transaction are asked for as the operations they stand for.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html

import type { Permission } from '../../service.ts'
import { attributesIn } from './expressions/tree.ts'
import { readGet, type Get } from './gets.ts'
import { readBatchGet, readBatchWrite } from './operations/batches.ts'
import { readTransactGet, readTransactWrite } from './operations/transactions.ts'
import { attributes, distinct, keyText, permissionOn, type Keys } from './permission-keys.ts'
import { partiqlPermissions } from './partiql/permissions.ts'
import { once } from './request.ts'
import { readQuery, readScan, type Search } from './searches.ts'
import type { DynamoContext } from './state.ts'
import type { Item } from './values.ts'
import { attributesOf, readDelete, readPut, readUpdate, type Write } from './writes.ts'

type Input = Record<string, any>

export function permissions(
  operation: string,
  input: Input,
  context: DynamoContext,
): readonly Permission[] | undefined {
  const on: On = (action, table, keys, index) =>
    permissionOn(context, action, table, { ...requestKeys(input), ...keys }, index)
  return ofItems(operation, input, context, on) ?? ofTables(operation, input, context, on)
}

/** Asks for an action on a table, or on an index of it. */
type On = (action: string, table: string, keys: Keys, index?: string) => Permission

/** Undefined: the operation is about no items. */
function ofItems(operation: string, input: Input, context: DynamoContext, on: On): readonly Permission[] | undefined {
  switch (operation) {
    case 'GetItem':
      return [on(operation, input['TableName'], getKeys(context, input['TableName'], [once(input as never, readGet)]))]
    case 'PutItem':
    case 'UpdateItem':
    case 'DeleteItem': {
      const read: (input: Input) => Write = { PutItem: readPut, UpdateItem: readUpdate, DeleteItem: readDelete }[
        operation
      ]
      return [on(operation, input['TableName'], writeKeys(context, input['TableName'], [once(input, read)]))]
    }
    case 'Query':
    case 'Scan': {
      const search = once(input, operation === 'Query' ? readQuery : readScan)
      return [on(operation, input['TableName'], searchKeys(context, input, search), input['IndexName'])]
    }
    case 'BatchGetItem': {
      const projections = once(input as never, readBatchGet)
      return Object.entries(input['RequestItems'] as Record<string, { Keys: Item[] }>).map(([table, { Keys }]) =>
        on(
          operation,
          table,
          getKeys(
            context,
            table,
            Keys.map((key) => ({ key, projection: projections[table] })),
          ),
        ),
      )
    }
    case 'BatchWriteItem':
      return Object.entries(once(input as never, readBatchWrite)).map(([table, writes]) =>
        on(operation, table, writeKeys(context, table, writes)),
      )
    case 'TransactGetItems': {
      const gets = once(input as never, readTransactGet)
      return (input['TransactItems'] as { Get: { TableName: string } }[]).map(({ Get: { TableName } }, i) =>
        on('GetItem', TableName, { ...enclosed(operation), ...getKeys(context, TableName, [gets[i]!]) }),
      )
    }
    case 'TransactWriteItems':
      return once(input as never, readTransactWrite).map(({ tableName, write }) =>
        on(actions[write.kind], tableName, { ...enclosed(operation), ...writeKeys(context, tableName, [write]) }),
      )
    case 'ExecuteStatement':
    case 'BatchExecuteStatement':
    case 'ExecuteTransaction':
      return partiqlPermissions(operation, input, context)
    default:
      return undefined
  }
}

/** Tables, and what is made of whole tables: backups, exports, replicas. */
function ofTables(
  operation: string,
  input: Input,
  { account }: DynamoContext,
  on: On,
): readonly Permission[] | undefined {
  switch (operation) {
    case 'CreateTable': {
      const tags = tagKeys(input)
      const wanted = [on(operation, input['TableName'], tags)]
      if (input['Tags']?.length > 0) wanted.push(on('TagResource', input['TableName'], tags))
      if (input['ResourcePolicy'] !== undefined) wanted.push(on('PutResourcePolicy', input['TableName'], {}))
      return wanted
    }
    case 'ListTables':
      return [on(operation, '*', {})]
    case 'DescribeLimits':
    case 'DescribeEndpoints':
    case 'ListBackups':
    case 'ListContributorInsights':
    case 'ListExports':
    case 'ListGlobalTables':
    case 'ListImports':
      return [{ action: `dynamodb:${operation}`, resource: '*' }]
    case 'DescribeBackup':
    case 'DeleteBackup':
      return [{ action: `dynamodb:${operation}`, resource: input['BackupArn'] }]
    case 'CreateGlobalTable':
    case 'DescribeGlobalTable':
    case 'DescribeGlobalTableSettings':
    case 'UpdateGlobalTable':
    case 'UpdateGlobalTableSettings':
      return [
        {
          action: `dynamodb:${operation}`,
          resource: `arn:aws:dynamodb::${account}:global-table/${input['GlobalTableName']}`,
        },
      ]
    case 'DescribeContributorInsights':
    case 'UpdateContributorInsights':
      return [on(operation, input['TableName'], {}, input['IndexName'])]
    case 'ExportTableToPointInTime':
      return [on(operation, input['TableArn'], {})]
    case 'DescribeExport':
      return [{ action: `dynamodb:${operation}`, resource: input['ExportArn'] }]
    case 'ImportTable':
      return [on(operation, input['TableCreationParameters']['TableName'], {})]
    case 'DescribeImport':
      return [{ action: `dynamodb:${operation}`, resource: input['ImportArn'] }]
    case 'RestoreTableFromBackup':
      return [
        { action: `dynamodb:${operation}`, resource: input['BackupArn'] },
        ...['RestoreTableFromBackup', ...restoring].map((action) => on(action, input['TargetTableName'], {})),
      ]
    case 'RestoreTableToPointInTime':
      return [
        on(operation, input['SourceTableArn'] ?? input['SourceTableName'] ?? '*', {}),
        ...restoring.map((action) => on(action, input['TargetTableName'], {})),
      ]
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsOfResource':
    case 'PutResourcePolicy':
    case 'GetResourcePolicy':
    case 'DeleteResourcePolicy':
      return [on(operation, input['ResourceArn'], tagKeys(input))]
    default:
      return typeof input['TableName'] === 'string' ? [on(operation, input['TableName'], {})] : undefined
  }
}

/** What it takes to fill a table from elsewhere. */
const restoring = ['PutItem', 'UpdateItem', 'DeleteItem', 'GetItem', 'Query', 'Scan', 'BatchWriteItem']

const actions: Readonly<Record<Write['kind'], string>> = {
  put: 'PutItem',
  update: 'UpdateItem',
  delete: 'DeleteItem',
  check: 'ConditionCheckItem',
}

function enclosed(operation: string): Keys {
  return { 'dynamodb:enclosingoperation': operation }
}

function requestKeys({ ReturnConsumedCapacity, ReturnValues, Select }: Input): Keys {
  return {
    ...(ReturnConsumedCapacity !== undefined && { 'dynamodb:returnconsumedcapacity': ReturnConsumedCapacity }),
    ...(ReturnValues !== undefined && { 'dynamodb:returnvalues': ReturnValues }),
    ...(Select !== undefined && { 'dynamodb:select': Select }),
  }
}

function tagKeys({ Tags, TagKeys }: Input): Keys {
  const tags = (Tags ?? []) as { Key: string; Value: string }[]
  const keys: string[] | undefined = tags.length > 0 ? tags.map(({ Key }) => Key) : TagKeys
  return {
    ...Object.fromEntries(tags.map(({ Key, Value }) => [`aws:requesttag/${Key}`, Value])),
    ...(keys && { 'aws:tagkeys': keys }),
  }
}

function getKeys(context: DynamoContext, table: string, gets: readonly Get[]): Keys {
  const named = gets.flatMap(({ key, projection }) => [
    ...Object.keys(key),
    ...(projection?.paths ?? []).map(([head]) => head as string),
  ])
  // Where no attributes are named, all of them are asked for.
  const some = gets.every(({ projection }) => projection)
  return {
    ...leading(
      context,
      table,
      gets.map(({ key }) => key),
    ),
    ...attributes(named),
    'dynamodb:select': some ? 'SPECIFIC_ATTRIBUTES' : 'ALL_ATTRIBUTES',
  }
}

function writeKeys(context: DynamoContext, table: string, writes: readonly Write[]): Keys {
  const keys = writes.map((write) => (write.kind === 'put' ? write.entry.item : write.key))
  return { ...leading(context, table, keys), ...attributes(writes.flatMap(attributesOf)) }
}

function searchKeys(context: DynamoContext, input: Input, { keys, filter, projection }: Search): Keys {
  const named = [
    ...Object.keys(keys ?? {}),
    ...(projection?.paths ?? []).map(([head]) => head as string),
    ...(filter ? attributesIn(filter) : []),
  ]
  const table = context.state.look(input['TableName'])
  const schema = table?.indexes.find(({ name }) => name === input['IndexName']) ?? table
  const value = schema && keys?.[schema.hash.name]?.AttributeValueList?.[0]
  const select = projection
    ? 'SPECIFIC_ATTRIBUTES'
    : input['IndexName'] !== undefined
      ? 'ALL_PROJECTED_ATTRIBUTES'
      : 'ALL_ATTRIBUTES'
  return {
    ...(value && { 'dynamodb:leadingkeys': [keyText(value)] }),
    ...attributes(named),
    'dynamodb:select': input['Select'] ?? select,
  }
}

function leading({ state }: DynamoContext, tableName: string, keys: readonly Item[]): Keys {
  const table = state.look(tableName)
  if (!table) return {}
  const values = keys.flatMap((key) => {
    const value = Object.hasOwn(key, table.hash.name) ? key[table.hash.name] : undefined
    return value ? [keyText(value)] : []
  })
  return values.length > 0 ? { 'dynamodb:leadingkeys': distinct(values) } : {}
}
