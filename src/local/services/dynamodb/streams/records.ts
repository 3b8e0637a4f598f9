// What does a stream remember? Each change of an item, in order, for a day. A stream is one shard here.

import { compareKeys } from '../../../store/order.ts'
import type { Replacement } from '../items.ts'
import type { StreamOf, Table } from '../records.ts'
import type { Dynamo } from '../state.ts'
import { sizeOf, type Item } from '../values.ts'

/** A row of `streams`, by `account/region/table/label`. It outlives its table by a day. */
export interface Stream {
  readonly account: string
  readonly region: string
  readonly table: string
  readonly label: string
  readonly view: StreamOf['view']
  readonly keys: readonly { readonly AttributeName: string; readonly KeyType: string }[]
  /** Milliseconds. */
  readonly created: number
  readonly shard: string
  closed?: number
}

/** A row of `stream ID`, by its number. */
export interface Change {
  readonly id: string
  readonly at: number
  readonly keys: Item
  readonly before?: Item
  readonly after?: Item
  readonly isInsert: boolean
  readonly isRemoval: boolean
  readonly size: number
  readonly binary: boolean
  readonly byService: boolean
}

const aDay = 86_400_000

export function streamRow({
  account,
  region,
  table,
  label,
}: Pick<Stream, 'account' | 'region' | 'table' | 'label'>): string {
  return `${account}/${region}/${table}/${label}`
}

export function changeRows(stream: Parameters<typeof streamRow>[0]): string {
  return `stream ${streamRow(stream)}`
}

/** Opens a stream; `label` is its name among the table's. */
export function openStream(state: Dynamo, table: Table, view: StreamOf['view']): StreamOf {
  const label = new Date(state.now).toISOString().slice(0, -1)
  const stream: Stream = {
    account: table.account,
    region: table.region,
    table: table.name,
    label,
    view,
    keys: [table.hash, table.range].flatMap((key, i) =>
      key ? [{ AttributeName: key.name, KeyType: i === 0 ? 'HASH' : 'RANGE' }] : [],
    ),
    created: state.now,
    shard: `shardId-${String(state.now).padStart(20, '0')}-${table.id.slice(0, 8)}`,
  }
  state.rows.put('streams', streamRow(stream), stream)
  return { label, view }
}

/** Nothing more is written to it; what is in it stays for a day. */
export function closeStream(state: Dynamo, table: Table): void {
  if (!table.stream) return
  const row = streamRow({ ...table, table: table.name, label: table.stream.label })
  const stream = state.rows.get<any>('streams', row) as Stream | undefined
  if (stream) state.rows.put('streams', row, { ...stream, closed: state.now })
}

/** Writes a change down. */
export function record(
  state: Dynamo,
  table: Table,
  keys: Item,
  { before, after, byService = false }: Replacement,
): void {
  const { label, view } = table.stream!
  const where = { account: table.account, region: table.region, table: table.name, label }
  const rows = changeRows(where)
  const row = streamRow(where)
  const number = (state.rows.get<number>('sequence', row) ?? 0) + 1
  state.rows.put('sequence', row, number)
  const showOld = before && view !== 'KEYS_ONLY' && view !== 'NEW_IMAGE'
  const showNew = after && view !== 'KEYS_ONLY' && view !== 'OLD_IMAGE'
  const change: Change = {
    id: Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join(''),
    at: state.now,
    keys,
    ...(showOld && { before: before.item }),
    ...(showNew && { after: after.item }),
    isInsert: before === undefined,
    isRemoval: after === undefined,
    size: sizeOf(keys) + (showOld ? before.size : 0) + (showNew ? after.size : 0),
    binary: (before?.binary ?? false) || (after?.binary ?? false),
    byService,
  }
  state.rows.put(rows, sequenceNumber(label, number), change)
  trim(state, rows)
}

/** In order, and later streams after earlier ones, as far as anybody can tell from 21 digits. */
export function sequenceNumber(label: string, number: number): string {
  return String(BigInt(Date.parse(`${label}Z`)) * 100_000_000n + BigInt(number)).padStart(21, '0')
}

/** Forgets a few of those that are older than a day: more than come in. */
function trim(state: Dynamo, rows: string): void {
  for (const { key, value } of state.rows.scan<any>(rows, { limit: 2 }))
    if (isOld(state, value as Change)) state.rows.delete(rows, key)
}

export function isOld(state: Dynamo, { at }: Change): boolean {
  return state.now - at > aDay
}

/** The account's streams here, of one table or all, that are open or were within a day. */
export function streamsOf(state: Dynamo, table?: string): Stream[] {
  const prefix = `${state.account}/${state.region}/${table === undefined ? '' : `${table}/`}`
  return state.rows
    .scan<any>('streams', { prefix })
    .map(({ value }) => value as Stream)
    .filter(({ closed }) => closed === undefined || state.now - closed <= aDay)
    .sort((a, b) => compareKeys(streamRow(a), streamRow(b)))
}
