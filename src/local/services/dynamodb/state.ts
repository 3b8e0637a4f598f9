// Which tables are there, and where are their rows?
//
//   tables                 account/region/name → Table
//   item ID                an item's key → its size, whether binary is in it, the item
//   index ID INDEX         a key in the index → the item's key
//   expiry ID              second of expiry, then the item's key → that key
//   counts                 ID → how much is in it
//   exports, imports       account/region/id → what was asked for and what became of it
//   streams, stream ID, …  streams/

import { compareKeys } from '../../store/order.ts'
import type { Rows } from '../../store/store.ts'
import type { CallContext, Handler, Where } from '../../service.ts'
import { noTable } from './errors.ts'
import type { Counts, Index, Table } from './records.ts'

export type DynamoHandler<Input = any> = Handler<Dynamo, Input>
export type DynamoContext = CallContext & { readonly state: Dynamo }

/** A table by name, or by ARN: perhaps another account's. */
export interface Reference {
  readonly account: string
  readonly region: string
  readonly name: string
}

const arnForm = /^arn:aws[\w-]*:dynamodb:([\w-]+):(\d{12}):table\/([a-zA-Z0-9_.-]+)(?:\/.*)?$/

export class Dynamo {
  readonly rows: Rows
  readonly account: string
  readonly region: string
  /** Milliseconds, by the account's clock. */
  readonly now: number
  /** What this transaction has looked up: permissions and the operation ask for the same. */
  readonly #found = new Map<string, Table | undefined>()

  constructor(rows: Rows, { account, region, clock }: Where & Pick<CallContext, 'clock'>) {
    this.rows = rows
    this.account = account
    this.region = region
    this.now = clock().getTime()
  }

  refer(nameOrArn: string): Reference {
    const [, region, account, name] = (nameOrArn.startsWith('arn:') && arnForm.exec(nameOrArn)) || []
    return name === undefined
      ? { account: this.account, region: this.region, name: nameOrArn }
      : { account: account!, region: region!, name }
  }

  find(nameOrArn: string): Table | undefined {
    if (!this.#found.has(nameOrArn))
      this.#found.set(nameOrArn, this.rows.get<any>('tables', rowOf(this.refer(nameOrArn))) as Table | undefined)
    return this.#found.get(nameOrArn)
  }

  /** As `find`, for those who only look at it. */
  look(nameOrArn: string): Table | undefined {
    return this.rows.look<any>('tables', rowOf(this.refer(nameOrArn))) as Table | undefined
  }

  /** For what is in the table, which itself is only looked at. Throws ResourceNotFoundException. */
  open(nameOrArn: string): Table {
    const table = this.look(nameOrArn)
    if (!table) throw noTable()
    return table
  }

  /** For the table itself: the refusal names it. */
  named(nameOrArn: string): Table {
    const table = this.find(nameOrArn)
    if (!table) throw noTable(this.refer(nameOrArn).name)
    return table
  }

  /** Names of the account's tables here, in order. */
  names(after = '', limit?: number): string[] {
    const prefix = `${this.account}/${this.region}/`
    return this.rows
      .scan('tables', { prefix, ...(after !== '' && { after: prefix + after }), ...(limit !== undefined && { limit }) })
      .map(({ key }) => key.slice(prefix.length))
      .sort(compareKeys)
  }

  keep(table: Table): void {
    this.#found.clear()
    this.rows.put('tables', rowOf(table), table)
  }

  /** The table, but nothing of what is in it. */
  forget(table: Table): void {
    this.#found.clear()
    this.rows.delete('tables', rowOf(table))
  }

  /** With all that is in it. */
  remove(table: Table): void {
    this.forget(table)
    this.rows.delete('counts', table.id)
    this.clear(itemRows(table))
    this.clear(expiryRows(table))
    for (const index of table.indexes) this.clear(indexRows(table, index))
  }

  clear(name: string): void {
    for (;;) {
      const some = this.rows.keys(name, { limit: 1000 })
      for (const key of some) this.rows.delete(name, key)
      if (some.length < 1000) return
    }
  }

  counts({ id }: Table): Counts {
    return (this.rows.get<any>('counts', id) as Counts | undefined) ?? { items: 0, bytes: 0, indexes: {} }
  }

  keepCounts({ id }: Table, counts: Counts): void {
    this.rows.put('counts', id, counts)
  }
}

function rowOf({ account, region, name }: Reference): string {
  return `${account}/${region}/${name}`
}

export function itemRows({ id }: Table): string {
  return `item ${id}`
}

export function indexRows({ id }: Table, index: Index): string {
  return `index ${id} ${index.id}`
}

export function expiryRows({ id }: Table): string {
  return `expiry ${id}`
}
