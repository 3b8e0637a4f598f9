// What does the store hold of a table? Its definition, and how much is in it.

import type { KeyAttribute, Schema } from './keys.ts'

export interface Throughput {
  read: number
  write: number
  /** Milliseconds. */
  increased?: number
  decreased?: number
}

export interface Limits {
  readonly MaxReadRequestUnits?: number
  readonly MaxWriteRequestUnits?: number
}

export interface Index extends Schema {
  readonly name: string
  /** Of its rows: one that is made anew under an old name has new ones. */
  readonly id: string
  readonly projection: 'ALL' | 'KEYS_ONLY' | 'INCLUDE'
  readonly attributes?: readonly string[]
  readonly isGlobal: boolean
  throughput?: Throughput
  limits?: Limits
  warm?: Warm
  insights?: Insights
}

/** What it can take at once, where that was asked for. */
export interface Warm {
  readonly ReadUnitsPerSecond?: number
  readonly WriteUnitsPerSecond?: number
}

export interface Insights {
  readonly mode: 'ACCESSED_AND_THROTTLED_KEYS' | 'THROTTLED_KEYS'
  /** When the rules for them were made, while they are wanted. */
  readonly rules?: number
  readonly changed: number
}

/** A stream of Kinesis that changes were to go to, and why they do not. */
export interface Destination {
  readonly stream: string
  readonly why: string
  readonly precision?: 'MILLISECOND' | 'MICROSECOND'
}

export interface Tag {
  Key: string
  Value: string
}

export interface StreamOf {
  readonly label: string
  readonly view: 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES'
}

export interface Table extends Schema {
  readonly name: string
  readonly account: string
  readonly region: string
  /** A UUID: of its rows too. Replicas have the same. */
  readonly id: string
  readonly created: number
  attributes: KeyAttribute[]
  indexes: Index[]
  billing: 'PROVISIONED' | 'PAY_PER_REQUEST'
  /** When it was last put on PAY_PER_REQUEST. */
  onDemandSince?: number
  throughput: Throughput
  limits?: Limits
  warm?: Warm
  tags: Tag[]
  /** The one that is written to. */
  stream?: StreamOf
  /** That of the last stream, written to or not. */
  streamLabel?: string
  timeToLive?: { attribute: string; enabled: boolean }
  protected: boolean
  class?: { name: string; since?: number }
  encryption?: { key?: string }
  policy?: { document: string; revision: string }
  /** Since when it can be restored to any point in time, and for how many days back. */
  recovery?: { since: number; days: number }
  /** The other regions that it is in; with keys of their own. */
  replicas?: { readonly region: string; readonly key?: string }[] | undefined
  insights?: Insights
  destinations?: readonly Destination[]
}

/** How much is in a table, and in each index by its id. */
export interface Counts {
  items: number
  bytes: number
  indexes: Record<string, [items: number, bytes: number]>
}

/** A row of a table: its size in bytes, whether there is binary in it, and the item. */
export type Stored<I> = [size: number, binary: 0 | 1, item: I]

export function arnOf({ region, account, name }: Pick<Table, 'region' | 'account' | 'name'>): string {
  return `arn:aws:dynamodb:${region}:${account}:table/${name}`
}

export function indexArn(table: Table, index: string): string {
  return `${arnOf(table)}/index/${index}`
}

export function streamArn(table: Pick<Table, 'region' | 'account' | 'name'>, label: string): string {
  return `${arnOf(table)}/stream/${label}`
}
