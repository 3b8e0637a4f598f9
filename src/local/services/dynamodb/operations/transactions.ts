// TransactGetItems and TransactWriteItems: all or nothing. What is in the way of each part is told together.

import { AwsError } from '../../../../lib/errors.ts'
import { sha256Hex } from '../../../../lib/hash.ts'
import { consumed, readUnits, startUse, useWrite, type Use, type Wish } from '../capacity.ts'
import { invalid, notValid } from '../errors.ts'
import { project } from '../expressions/projection.ts'
import { readGet, type Get } from '../gets.ts'
import { expire, readItem } from '../items.ts'
import { checkKey, rowKey } from '../keys.ts'
import { charge } from '../limits.ts'
import { collectionMetrics } from '../metrics.ts'
import type { Table } from '../records.ts'
import { once } from '../request.ts'
import type { Dynamo, DynamoContext, DynamoHandler } from '../state.ts'
import { shown, type Item } from '../values.ts'
import { keyOfWrite, perform, readCheck, readDelete, readPut, readUpdate, type Write } from '../writes.ts'

interface Part extends Record<string, any> {
  TableName: string
}

export interface TransactWrite {
  TransactItems: { ConditionCheck?: Part; Put?: Part; Delete?: Part; Update?: Part }[]
  ClientRequestToken?: string
  ReturnConsumedCapacity?: Wish
  ReturnItemCollectionMetrics?: string
}

export interface AskedWrite {
  readonly tableName: string
  readonly write: Write
}

const mostBytes = 4 * 1024 * 1024

/** Throws ValidationException. */
export function readTransactWrite({ TransactItems }: TransactWrite): AskedWrite[] {
  return TransactItems.map((item) => {
    const kinds = Object.entries(item) as [keyof typeof item, Part][]
    if (kinds.length !== 1) throw invalid('TransactItems can only contain one of Check, Put, Update or Delete')
    const [kind, part] = kinds[0]!
    if (kind === 'Update' && part['UpdateExpression'] === undefined)
      throw invalid('The parameter UpdateExpression is required for Update in TransactItems')
    const read = { ConditionCheck: readCheck, Put: readPut, Delete: readDelete, Update: readUpdate }[kind]
    return { tableName: part.TableName, write: read(part) }
  })
}

export interface Reason {
  Code: string
  Message?: string
  Item?: object
}

/** What stood in the way of each part; `None` where nothing did. */
export function cancelled(reasons: readonly Reason[]): AwsError {
  const codes = reasons.map(({ Code }) => Code).join(', ')
  return new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { detail: { CancellationReasons: reasons as never } },
  )
}

const codes: Readonly<Record<string, string>> = {
  ConditionalCheckFailedException: 'ConditionalCheckFailed',
  ValidationException: 'ValidationError',
  ProvisionedThroughputExceededException: 'ProvisionedThroughputExceeded',
}

/** Undefined for what is no reason, but the whole request's fault. */
export function reasonOf(error: unknown): Reason | undefined {
  if (!(error instanceof AwsError) || error.message.startsWith(notValid)) return undefined
  const code = codes[error.code]
  if (code === undefined) return undefined
  return { Code: code, Message: error.message, ...(error.detail['Item'] && { Item: error.detail['Item'] as object }) }
}

export const transactWriteItems: DynamoHandler<TransactWrite> = (input, context) => {
  const { state } = context
  const parts = once(input, readTransactWrite)
  const uses = new Map<string, Use>()
  if (isRepetition(input, state)) {
    readAgain(parts, uses, state)
    return { ConsumedCapacity: told(uses, input.ReturnConsumedCapacity) }
  }
  const metrics = performAll(parts, uses, context, input.ReturnItemCollectionMetrics)
  return { ConsumedCapacity: told(uses, input.ReturnConsumedCapacity), ItemCollectionMetrics: metrics }
}

/** What was done before is read only. Notes what that uses. */
export function readAgain(parts: readonly AskedWrite[], uses: Map<string, Use>, state: Dynamo): void {
  for (const { tableName, write } of parts) {
    const table = state.open(tableName)
    const use = useOf(uses, table, 'read')
    use.own += readUnits(readItem(state, table, rowKey(table, keyOfWrite(table, write)))?.size ?? 0, true, true)
  }
}

/** Does all of it, or throws TransactionCanceledException. Notes what was used. */
export function performAll(
  parts: readonly AskedWrite[],
  uses: Map<string, Use>,
  context: DynamoContext,
  wish?: string,
): Record<string, object[]> | undefined {
  const { state } = context
  const opened = parts.map(({ tableName, write }) => ({ table: state.open(tableName), write }))
  const seen = new Set<string>()
  const reasons: Reason[] = []
  const metrics: Record<string, object[]> = {}
  let bytes = 0
  for (const { table, write } of opened) {
    let twice = false
    try {
      const place = table.id + rowKey(table, keyOfWrite(table, write))
      twice = seen.has(place)
      if (twice) throw repeated()
      seen.add(place)
      expire(state, table)
      const { key, before, after, touched } = perform(state, table, write)
      bytes += after?.size ?? 0
      useWrite(useOf(uses, table, 'write'), before?.size, after?.size, touched, 2)
      const told = collectionMetrics(table, key, wish)
      if (told) (metrics[table.name] ??= []).push(told)
      reasons.push({ Code: 'None' })
    } catch (error) {
      const reason = twice ? undefined : reasonOf(error)
      if (!reason) throw error
      reasons.push(reason)
    }
  }
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
  if (bytes > mostBytes) throw invalid('Transaction request size has exceeded the maximum limit of 4 MB')
  for (const use of uses.values()) charge(context, use)
  return wish === 'SIZE' ? metrics : undefined
}

/** One item twice: the whole request's fault, and no part's. */
const repeated = (): Error => invalid('Transaction request cannot include multiple operations on one item')

function useOf(uses: Map<string, Use>, table: Table, kind: Use['kind']): Use {
  let use = uses.get(table.id)
  if (!use) uses.set(table.id, (use = startUse(table, kind)))
  return use
}

export function told(uses: Map<string, Use>, wish: Wish): object[] | undefined {
  if (wish !== 'INDEXES' && wish !== 'TOTAL') return undefined
  return [...uses.values()].map((use) => consumed(use, wish, use.table.name, true)!)
}

const tokenLife = 600_000

/** Whether the same request, by its token, was done within ten minutes. Throws where another was. */
export function isRepetition(input: { ClientRequestToken?: string }, { rows, account, region, now }: Dynamo): boolean {
  const { ClientRequestToken: token, ...rest } = input
  if (token === undefined) return false
  const key = `${account}/${region}/${token}`
  const digest = sha256Hex(JSON.stringify(rest))
  const known = rows.get<{ at: number; digest: string }>('tokens', key)
  if (known && now - known.at < tokenLife) {
    if (known.digest === digest) return true
    throw new AwsError(
      'IdempotentParameterMismatchException',
      'A request with the same client token was already processed but with different parameters',
    )
  }
  for (const row of rows.scan<{ at: number }>('tokens', { limit: 2 }))
    if (now - row.value.at >= tokenLife) rows.delete('tokens', row.key)
  rows.put('tokens', key, { at: now, digest })
  return false
}

export interface TransactGet {
  TransactItems: { Get: Part & { Key: Item } }[]
  ReturnConsumedCapacity?: Wish
}

/** Throws ValidationException. */
export function readTransactGet({ TransactItems }: TransactGet): Get[] {
  return TransactItems.map(({ Get: part }) => readGet(part))
}

export const transactGetItems: DynamoHandler<TransactGet> = (input, context) => {
  const { state } = context
  const gets = once(input, readTransactGet)
  const uses = new Map<string, Use>()
  const tables = input.TransactItems.map(({ Get: { TableName } }) => state.open(TableName))
  const reasons: Reason[] = []
  const seen = new Set<string>()
  const responses = gets.map(({ key, projection }, i) => {
    const table = tables[i]!
    try {
      checkKey(table, key)
    } catch (error) {
      const reason = reasonOf(error)
      if (!reason) throw error
      reasons.push(reason)
      return {}
    }
    reasons.push({ Code: 'None' })
    const row = rowKey(table, key)
    if (seen.has(table.id + row)) throw repeated()
    seen.add(table.id + row)
    expire(state, table)
    const entry = readItem(state, table, row)
    useOf(uses, table, 'read').own += readUnits(entry?.size ?? 0, true, true)
    if (!entry) return {}
    return { Item: shown(projection ? project(projection.paths, entry.item) : entry.item, entry.binary) }
  })
  if (reasons.some(({ Code }) => Code !== 'None')) throw cancelled(reasons)
  for (const use of uses.values()) charge(context, use)
  return { Responses: responses, ConsumedCapacity: told(uses, input.ReturnConsumedCapacity) }
}
