// Rows as a body sees them while it runs on what is known so far: what it asked, what it was told, what it changed.
//
// A body cannot wait. So it runs on rows fetched earlier, by anybody; what is not known yet stops it, is fetched, and it
// runs again. Whether what it was told still holds is found out by the database, when the changes are made.

import { afterPrefix, compareKeys } from './order.ts'
import type { Range, Row, Rows } from './store.ts'

/** What the database is asked, and what somebody was told: version 0 is no such row. */
export interface Point {
  readonly id: string
  readonly question: readonly [space: string, name: string, key: string]
  version: number
  text: string | null
}

export interface Stretch {
  readonly id: string
  readonly question: readonly [
    space: string,
    name: string,
    low: string,
    high: string,
    limit: number | null,
    reverse: boolean,
  ]
  digest: string
  /** In the order of keys, whatever the direction. */
  rows: readonly { key: string; text: string }[]
}

/** Thrown through a body that cannot go on: something is not known, or it writes where it was only to read. */
export class Stop extends Error {}

const hex = (key: string): string => Buffer.from(key).toString('hex')
/** UTF-8 has no such byte: above every key. */
const top = 'ff'

/** What was told last. One that is bounded passes over what is long, and begins anew when it has grown too big. */
export class Known {
  readonly points = new Map<string, Point>()
  readonly stretches = new Map<string, Stretch>()
  readonly #bounded: boolean
  #size = 0

  constructor(bounded: boolean) {
    this.#bounded = bounded
  }

  tellPoint(point: Point): void {
    this.#grow(point.text?.length ?? 0)
    this.points.set(point.id, point)
  }

  tellStretch(stretch: Stretch): void {
    const size = stretch.rows.reduce((sum, { key, text }) => sum + key.length + text.length + 100, 0)
    if (this.#bounded && size > 1024 * 1024) return void this.stretches.delete(stretch.id)
    this.#grow(size)
    this.stretches.set(stretch.id, stretch)
  }

  /** In characters, roughly. */
  #grow(by: number): void {
    this.#size += by + 300
    if (!this.#bounded || this.#size < 16 * 1024 * 1024) return
    this.#size = 0
    this.points.clear()
    this.stretches.clear()
  }
}

type Changed = Map<string, string | null>

/** Changes that are not in the database yet, of one body or of several that go in together. */
export class Overlay {
  readonly tables = new Map<string, { space: string; name: string; rows: Changed }>()
  readonly blobs: [id: string, by: number][] = []
  size = 0
  readonly #undo: (() => void)[] = []

  change(space: string, name: string, key: string, text: string | null): void {
    const id = `${space}\0${name}`
    let table = this.tables.get(id)
    if (!table) this.tables.set(id, (table = { space, name, rows: new Map() }))
    const { rows } = table
    const [had, before] = [rows.has(key), rows.get(key)]
    this.#undo.push(() => (had ? rows.set(key, before!) : rows.delete(key)))
    rows.set(key, text)
    this.size += key.length + (text?.length ?? 0)
  }

  refer(id: string, by: number): void {
    this.blobs.push([id, by])
    this.#undo.push(() => this.blobs.pop())
  }

  of(space: string, name: string): Changed | undefined {
    return this.tables.get(`${space}\0${name}`)?.rows
  }

  get mark(): number {
    return this.#undo.length
  }

  backTo(mark: number): void {
    while (this.#undo.length > mark) this.#undo.pop()!()
  }
}

/** One run of one body. */
export class Run {
  readonly points = new Map<string, Point>()
  readonly stretches = new Map<string, Stretch>()
  /** Asked for the first time. */
  readonly missing: (Point | Stretch)[] = []
  /** It writes, and has no overlay to write to. */
  writes = false
  readonly #told: Known
  readonly #shared: Known
  readonly #overlay: Overlay | undefined

  /** `told`: what was fetched for this body; `shared`: for anybody. */
  constructor(told: Known, shared: Known, overlay: Overlay | undefined) {
    this.#told = told
    this.#shared = shared
    this.#overlay = overlay
  }

  get stopped(): boolean {
    return this.writes || this.missing.length > 0
  }

  rowsOf(space: string): Rows {
    const writing = (): Overlay => {
      if (this.#overlay) return this.#overlay
      this.writes = true
      throw new Stop()
    }
    const textOf = (name: string, key: string): string | null => {
      const changed = this.#overlay?.of(space, name)?.get(key)
      return changed === undefined ? this.#point(space, name, key).text : changed
    }
    const get = <T>(name: string, key: string): T | undefined => {
      const text = textOf(name, key)
      return text === null ? undefined : (JSON.parse(text) as T)
    }
    return {
      get,
      look: get,
      put: (name, key, value) => writing().change(space, name, key, JSON.stringify(value)),
      delete: (name, key) => {
        const overlay = writing()
        const there = textOf(name, key) !== null
        if (there) overlay.change(space, name, key, null)
        return there
      },
      scan: <T>(name: string, range: Range = {}): Row<T>[] =>
        this.#scan(space, name, range).map(([key, text]) => ({ key, value: JSON.parse(text) as T })),
      keys: (name, range = {}) => this.#scan(space, name, range).map(([key]) => key),
      keep: (id) => writing().refer(id, 1),
      drop: (id) => writing().refer(id, -1),
    }
  }

  #point(space: string, name: string, key: string): Point {
    const id = `${space}\0${name}\0${key}`
    const known = this.#shared.points.get(id) ?? this.#told.points.get(id)
    if (known === undefined) {
      this.missing.push({ id, question: [space, name, hex(key)], version: -1, text: null })
      throw new Stop()
    }
    this.points.set(id, known)
    return known
  }

  /** The database's rows with the overlay's laid over them. As many more are fetched as the overlay may hide. */
  #scan(space: string, name: string, range: Range): [key: string, text: string][] {
    const { limit, reverse = false } = range
    const changed = [...(this.#overlay?.of(space, name) ?? [])].filter(([key]) => isWithin(key, range))
    const rows = this.#stretch(space, name, range, limit === undefined ? null : limit + changed.length)
    const texts = new Map<string, string | null>(rows.map(({ key, text }) => [key, text]))
    for (const [key, text] of changed) texts.set(key, text)
    const there = [...texts].filter((entry): entry is [string, string] => entry[1] !== null)
    if (changed.length > 0) there.sort(([a], [b]) => compareKeys(a, b))
    if (reverse) there.reverse()
    return there.slice(0, limit)
  }

  #stretch(space: string, name: string, range: Range, limit: number | null): Stretch['rows'] {
    const { prefix = '', from = '', after, before, reverse = false } = range
    const lows = [hex(prefix), hex(from), ...(after === undefined ? [] : [`${hex(after)}00`])]
    const end = prefix === '' ? undefined : afterPrefix(prefix)
    const highs = [end === undefined ? top : hex(end), before === undefined ? top : hex(before)]
    const low = lows.reduce((a, b) => (a > b ? a : b))
    const high = highs.reduce((a, b) => (a < b ? a : b))
    const question = [space, name, low, high, limit, reverse] as const
    const id = question.join('\0')
    const known = this.#shared.stretches.get(id) ?? this.#told.stretches.get(id)
    if (known === undefined) {
      this.missing.push({ id, question, digest: '', rows: [] })
      throw new Stop()
    }
    this.stretches.set(id, known)
    return known.rows
  }
}

function isWithin(key: string, { prefix = '', after, from, before }: Range): boolean {
  return (
    key.startsWith(prefix) &&
    (after === undefined || compareKeys(key, after) > 0) &&
    (from === undefined || compareKeys(key, from) >= 0) &&
    (before === undefined || compareKeys(key, before) < 0)
  )
}
