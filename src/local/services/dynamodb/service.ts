// DynamoDB: tables of items, found by their keys.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import { checkInput } from './checks.ts'
import { newRequestId, responseHeaders } from './answers.ts'
import * as account from './operations/account.ts'
import * as backups from './operations/backups.ts'
import { batchGetItem, batchWriteItem } from './operations/batches.ts'
import * as destinations from './operations/destinations.ts'
import * as elsewhere from './operations/elsewhere.ts'
import { describeExport, exportTableToPointInTime, listExports } from './operations/exports.ts'
import { describeImport, importTable, listImports } from './operations/imports.ts'
import * as insights from './operations/insights.ts'
import * as items from './operations/items.ts'
import * as policies from './operations/policies.ts'
import * as restores from './operations/restores.ts'
import * as searches from './operations/searches.ts'
import { createTable, deleteTable, describeTable, listTables } from './operations/tables.ts'
import { batchExecuteStatement, executeStatement, executeTransaction } from './operations/statements.ts'
import * as tags from './operations/tags.ts'
import * as timeToLive from './operations/time-to-live.ts'
import { transactGetItems, transactWriteItems } from './operations/transactions.ts'
import * as updateTable from './operations/update-table.ts'
import { permissions } from './permissions.ts'
import { Dynamo } from './state.ts'

export const dynamodb = defineService<Dynamo>({
  name: 'dynamodb',
  // A policy may let in another account, and ARNs name any.
  scope: 'global',
  state: (rows, where) => new Dynamo(rows, where),
  permissions,
  checked(operation, input) {
    checkInput(operation, input)
    return input
  },
  newRequestId,
  responseHeaders,
  operations: handlersIn(
    account,
    backups,
    destinations,
    elsewhere,
    insights,
    items,
    policies,
    restores,
    searches,
    tags,
    timeToLive,
    updateTable,
    {
      batchExecuteStatement,
      batchGetItem,
      batchWriteItem,
      createTable,
      deleteTable,
      describeExport,
      describeImport,
      describeTable,
      executeStatement,
      executeTransaction,
      listExports,
      listImports,
      listTables,
      transactGetItems,
      transactWriteItems,
    },
  ),
  slow: { ExportTableToPointInTime: exportTableToPointInTime, ImportTable: importTable },
})
