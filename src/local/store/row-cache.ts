// Rows as they were last read or written, as JSON text, so that the same row need not be fetched for every request; and
// what they say, for those who only look.
// It knows nothing of when they are out of date: whoever owns it clears it.

/** Characters kept at the most, keys and values together. */
const most = 2 * 1024 * 1024
/** Longer values are not kept: they would push everything else out. */
const longest = { read: 128 * 1024, written: 16 * 1024 }

export class Remembered {
  /** Null: there is no such row. */
  readonly text: string | null
  #value: unknown

  constructor(text: string | null) {
    this.text = text
  }

  /** What the text says, read once: everybody's, so that nobody may change it. */
  get value(): unknown {
    return (this.#value ??= this.text === null ? undefined : JSON.parse(this.text))
  }
}

type Table = Map<string, Remembered>

export class RowCache {
  readonly #tables = new Map<string, Map<string, Table>>()
  #size = 0
  /** What the running transaction has changed: not to be believed if it is taken back. */
  #changed: [table: Table, key: string][] = []

  /** Undefined: not known. */
  get(space: string, name: string, key: string): Remembered | undefined {
    return this.#tables.get(space)?.get(name)?.get(key)
  }

  remember(space: string, name: string, key: string, text: string | null): Remembered {
    return this.#set(this.#table(space, name), key, text, longest.read)
  }

  change(space: string, name: string, key: string, text: string | null): void {
    const table = this.#table(space, name)
    this.#set(table, key, text, longest.written)
    this.#changed.push([table, key])
  }

  #set(table: Table, key: string, text: string | null, most: number): Remembered {
    this.#forget(table, key)
    const row = new Remembered(text)
    if (text !== null && text.length > most) return row
    table.set(key, row)
    this.#size += sizeOf(key, text)
    return row
  }

  #forget(table: Table, key: string): void {
    const before = table.get(key)
    if (before === undefined) return
    table.delete(key)
    this.#size -= sizeOf(key, before.text)
  }

  /** The changes since the last `settle` did not come to be. */
  forgetChanges(): void {
    for (const [table, key] of this.#changed) this.#forget(table, key)
  }

  /** The transaction is over. What has grown too big begins anew. */
  settle(): void {
    if (this.#changed.length > 0) this.#changed = []
    if (this.#size > most) this.clear()
  }

  clear(): void {
    this.#tables.clear()
    this.#size = 0
  }

  #table(space: string, name: string): Table {
    let tables = this.#tables.get(space)
    if (tables === undefined) this.#tables.set(space, (tables = new Map()))
    let table = tables.get(name)
    if (table === undefined) tables.set(name, (table = new Map()))
    return table
  }
}

/** About what an entry takes, itself included. */
function sizeOf(key: string, text: string | null): number {
  return key.length + (text?.length ?? 0) + 64
}
