// When does a change in IAM take effect? With AWS a little later: a new key, role or policy is not known everywhere at
// once. The setting `consistency` says after how many seconds here (0: at once, which is the default). IAM itself, and
// Organizations, always show what is; who may do what goes by what was.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
//
// Each change leaves the value it replaced in the table `before/…`, with the moment of the change, as long as somebody
// may still see it.

import { settingsIn } from '../settings.ts'
import type { Json, Range, Row, Rows } from '../store/store.ts'

interface Replaced {
  readonly at: number
  /** Undefined: there was nothing. */
  readonly value?: Json
}

/** Tables whose changes take their time: who there is, what they may, and what their organization says. */
const delayed = /^(users|groups|roles|policies)\/|^(access-keys|organization(s|-members|-units|-policies))$/

/** Rows whose changes are remembered: for those who change identities. */
export function remembering(rows: Rows, now: number): Rows {
  const delay = delayOf(rows)
  if (delay === 0) return rows
  const remember = (table: string, key: string): void => {
    if (!delayed.test(table)) return
    const kept = historyOf(rows, table, key).filter(({ at }) => at > now - delay)
    const value = rows.get(table, key)
    rows.put(`before/${table}`, key, [...kept, value === undefined ? { at: now } : { at: now, value }])
  }
  return {
    ...bound(rows),
    put(table, key, value) {
      remember(table, key)
      rows.put(table, key, value)
    },
    delete(table, key) {
      remember(table, key)
      return rows.delete(table, key)
    },
  }
}

/** Rows as they take effect now: for those who judge by them. What is written goes where it should. */
export function inEffect(rows: Rows, now: number): Rows {
  const delay = delayOf(rows)
  if (delay === 0) return rows
  const then = now - delay
  const was = (table: string, key: string): Replaced | undefined =>
    historyOf(rows, table, key).find(({ at }) => at > then)
  return {
    ...bound(rows),
    get<T>(table: string, key: string) {
      const before = delayed.test(table) ? was(table, key) : undefined
      return before ? (before.value as T | undefined) : rows.get<T>(table, key)
    },
    look<T>(table: string, key: string) {
      return delayed.test(table) ? this.get<T>(table, key) : rows.look<T>(table, key)
    },
    scan<T>(table: string, range?: Range) {
      if (!delayed.test(table)) return rows.scan<T>(table, range)
      const found = new Map(rows.scan<T>(table, range).map((row) => [row.key, row]))
      for (const { key } of rows.scan(`before/${table}`, range)) {
        const before = was(table, key)
        if (!before) continue
        if (before.value === undefined) found.delete(key)
        else found.set(key, { key, value: before.value as T })
      }
      return [...found.values()].toSorted((a, b) => (a.key < b.key ? -1 : 1)) as Row<T>[]
    },
    keys(table: string, range?: Range) {
      return this.scan(table, range).map(({ key }) => key)
    },
  }
}

/** Milliseconds. */
function delayOf(rows: Rows): number {
  return settingsIn(rows).consistency * 1000
}

function historyOf(rows: Rows, table: string, key: string): Replaced[] {
  return (rows.get(`before/${table}`, key) as Replaced[] | undefined) ?? []
}

function bound(rows: Rows): Rows {
  return {
    get: (table, key) => rows.get(table, key),
    look: (table, key) => rows.look(table, key),
    put: (table, key, value) => rows.put(table, key, value),
    delete: (table, key) => rows.delete(table, key),
    scan: (table, range) => rows.scan(table, range),
    keys: (table, range) => rows.keys(table, range),
    keep: (blob) => rows.keep(blob),
    drop: (blob) => rows.drop(blob),
  }
}
