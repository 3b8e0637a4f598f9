// PartiQL: ExecuteStatement, BatchExecuteStatement, ExecuteTransaction.

import { AwsError } from '../../../../lib/errors.ts'
import { consumed, readUnits, startUse, type Use, type Wish } from '../capacity.ts'
import { invalid } from '../errors.ts'
import { holds } from '../expressions/evaluate.ts'
import { expire, readItem } from '../items.ts'
import { rowKey } from '../keys.ts'
import { charge } from '../limits.ts'
import { checkOf, keyOfSelect, select, shownColumns, write, writeOf, type Place } from '../partiql/run.ts'
import { parseStatement, type Select, type Statement } from '../partiql/statement.ts'
import { once } from '../request.ts'
import type { DynamoContext, DynamoHandler } from '../state.ts'
import { shown, type AttributeValue, type Item } from '../values.ts'
import { cancelled, isRepetition, performAll, readAgain, reasonOf, told, type AskedWrite } from './transactions.ts'

interface Asked {
  Statement: string
  Parameters?: AttributeValue[]
  ConsistentRead?: boolean
  ReturnValuesOnConditionCheckFailure?: string
}

interface ExecuteStatement extends Asked {
  Limit?: number
  NextToken?: string
  ReturnConsumedCapacity?: Wish
}

/** Throws ValidationException. */
export function readStatement({ Statement: text, Parameters }: Asked): Statement {
  return parseStatement(text, Parameters)
}

/** A statement, or what is wrong with it: one that cannot be read does not stop the others of its batch. */
export function readBatch({ Statements }: { Statements: Asked[] }): (Statement | AwsError)[] {
  const statements = Statements.map((asked) => {
    try {
      return readStatement(asked)
    } catch (error) {
      if (error instanceof AwsError) return error
      throw error
    }
  })
  checkSameKind(readable(statements))
  return statements
}

export function readable(statements: readonly (Statement | AwsError)[]): Statement[] {
  return statements.filter((each): each is Statement => !(each instanceof AwsError))
}

export function readTransaction({ TransactStatements }: { TransactStatements: Asked[] }): Statement[] {
  const statements = TransactStatements.map(readStatement)
  checkSameKind(statements)
  for (const [i, statement] of statements.entries()) {
    const refused = (why: string): AwsError => invalid(`Validation failed in TransactStatements[${i}]: ${why}`)
    if ('returning' in statement && statement.returning !== undefined)
      throw refused('RETURNING clause is not supported in ExecuteTransaction.')
    if (statement.kind === 'select' && statement.index !== undefined)
      throw refused('Reads on indices are not supported within transactions.')
  }
  return statements
}

function checkSameKind(statements: readonly Statement[]): void {
  const reads = statements.filter(({ kind }) => kind === 'select').length
  if (reads > 0 && reads < statements.length)
    throw invalid('Batch or transaction statements must be either all reads or all writes')
}

export const executeStatement: DynamoHandler<ExecuteStatement> = (input, context) => {
  const statement = once(input, readStatement)
  const { ReturnConsumedCapacity: wish } = input
  if (statement.kind !== 'select') {
    const { item, use } = write(statement, context, tellsOld(input))
    return { Items: item ? [item] : [], ConsumedCapacity: consumed(use, wish) }
  }
  const { items, next, last, use } = select(statement, context, {
    limit: input.Limit,
    consistent: input.ConsistentRead,
    start: input.NextToken === undefined ? undefined : readToken(input.NextToken),
  })
  charge(context, use)
  return {
    Items: items,
    NextToken: next && btoa(encodeURIComponent(JSON.stringify(next))),
    LastEvaluatedKey: last && shown(last, true),
    ConsumedCapacity: consumed(use, wish),
  }
}

function readToken(text: string): Place {
  try {
    const place = JSON.parse(decodeURIComponent(atob(text))) as Place
    if (typeof place.after === 'string' && typeof place.partition === 'number') return place
  } catch {
    // Not one of ours: told below.
  }
  throw invalid('NextToken does not match request')
}

function tellsOld({ ReturnValuesOnConditionCheckFailure }: Asked): boolean {
  return ReturnValuesOnConditionCheckFailure === 'ALL_OLD'
}

/** How a statement of a batch says what went wrong. */
const batchCodes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
  ResourceNotFoundException: 'ResourceNotFound',
  DuplicateItemException: 'DuplicateItem',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
}

export const batchExecuteStatement: DynamoHandler<{ Statements: Asked[]; ReturnConsumedCapacity?: Wish }> = (
  input,
  context,
) => {
  const uses = new Map<string, Use>()
  const responses = once(input, readBatch).map((statement, i) => {
    try {
      if (statement instanceof AwsError) throw statement
      const { item, use } =
        statement.kind === 'select'
          ? getOne(statement, context, input.Statements[i]!.ConsistentRead)
          : write(statement, context, tellsOld(input.Statements[i]!))
      uses.set(`${i}`, use)
      return { TableName: tableOf(statement), Item: item }
    } catch (error) {
      const code = error instanceof AwsError ? batchCodes[error.code] : undefined
      if (code === undefined) throw error
      const { message, detail } = error as AwsError
      // The table is told of what came as far as its table.
      const ran = code !== 'ResourceNotFound' && code !== 'ValidationError'
      return {
        ...(ran && { TableName: tableOf(statement as Statement) }),
        Error: { Code: code, Message: message, Item: detail['Item'] },
      }
    }
  })
  return { Responses: responses, ConsumedCapacity: told(uses, input.ReturnConsumedCapacity) }
}

function tableOf(statement: Statement): string {
  return statement.kind === 'exists' ? statement.select.table : statement.table
}

/** The item that a SELECT names by its key. */
function getOne(statement: Select, context: DynamoContext, consistent?: boolean): { item?: Item; use: Use } {
  const { state } = context
  const table = state.open(statement.table)
  const key = keyOfSelect(statement, table)
  expire(state, table)
  const entry = readItem(state, table, rowKey(table, key))
  const use = startUse(table, 'read')
  use.own = readUnits(entry?.size ?? 0, consistent)
  charge(context, use)
  return { ...(entry && holds(statement.where!, entry.item) && { item: shownColumns(statement, entry) }), use }
}

interface ExecuteTransaction {
  TransactStatements: Asked[]
  ClientRequestToken?: string
  ReturnConsumedCapacity?: Wish
}

export const executeTransaction: DynamoHandler<ExecuteTransaction> = (input, context) => {
  const { state } = context
  const statements = once(input, readTransaction)
  const uses = new Map<string, Use>()
  const repeated = isRepetition(input, state)
  if (statements[0]!.kind === 'select') {
    const responses = statements.map((statement, i) => {
      const { item, use } = getOne(statement as Select, context, true)
      use.own *= 2
      uses.set(`${i}`, use)
      return { Item: item }
    })
    return { Responses: responses, ConsumedCapacity: told(uses, input.ReturnConsumedCapacity) }
  }
  const parts = statements.map((statement, i) => asWrite(statement, context, input.TransactStatements[i]!))
  if (repeated) readAgain(parts, uses, state)
  else performAll(parts, uses, context)
  return { Responses: [], ConsumedCapacity: told(uses, input.ReturnConsumedCapacity) }
}

function asWrite(statement: Statement, { state }: DynamoContext, asked: Asked): AskedWrite {
  const tableName = tableOf(statement)
  const table = state.open(tableName)
  try {
    if (statement.kind === 'exists') return { tableName, write: checkOf(statement.select, table) }
    return { tableName, write: writeOf(statement as Exclude<typeof statement, Select>, table, tellsOld(asked)) }
  } catch (error) {
    const reason = reasonOf(error)
    throw reason ? cancelled([reason]) : error
  }
}
