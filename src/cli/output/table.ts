// `--output table`: boxes for people.
//
// A value becomes sections: a title, a row of headers, rows. What is nested in a section follows it as sections of its
// own, one `|` further in. All sections are as wide as the widest; where that is wider than the terminal, sections of a
// single row are turned, headers to the left.

import { compareText, str, typeName } from '../../lib/python.ts'
import { isStructure, type Structure, type Value } from '../../lib/value.ts'
import { columnsOf } from './east-asian-width.ts'
import { isNested, keysWithValue, pythonError, type OutputFormat, type Sink } from './formatter.ts'

export const table: OutputFormat = {
  async write(result, query, sink) {
    const whole = await result.whole()
    const text = tableText(result.operation, query ? query(whole) : whole, sink)
    if (text !== '') sink.write(text)
  },
}

type Screen = Pick<Sink, 'columns' | 'color' | 'resets'>

/** The table of a value; '' where there is nothing to show. */
export function tableText(title: string, value: Value, screen: Screen): string {
  const sections = new Sections()
  return sections.add(title, value, 0) ? render(sections.list, screen) : ''
}

interface Section {
  /** Undefined for a list inside a list: it has no title, and yet counts as four columns wide. */
  readonly title: string | undefined
  readonly indent: number
  headers: readonly string[]
  readonly rows: string[][]
  /** The number of columns, from the first headers or row. */
  columns: number | undefined
  /** The widest cell of each column. */
  readonly widths: number[]
}

class Sections {
  readonly list: Section[] = []

  /** Adds a value and all that is nested in it. False where there is nothing to add. */
  add(title: string | undefined, value: Value, indent: number): boolean {
    if (isNothing(value)) return false
    if (title !== undefined) this.open(title, indent)
    if (isStructure(value)) this.addRecord(value, indent)
    else if (Array.isArray(value)) {
      if (isStructure(value[0])) this.addRecords(value, indent, title)
      else for (const item of value) this.addItem(item)
    }
    return true
  }

  private addItem(item: Value): void {
    if (!isNested(item)) addRow(this.current, [item])
    else if (Array.isArray(item) && !item.some(isNested)) addRow(this.current, item)
    // A map after something else is taken for the list of its keys, as iterating a dict gives.
    else if (isStructure(item)) addRow(this.current, keysWithValue(item))
    else this.add(undefined, item, 0)
  }

  private addRecord(record: Structure, indent: number): void {
    const { scalars, nested } = keysByKind(record)
    const [only] = scalars
    if (scalars.length === 1 && only !== undefined) addRow(this.current, [only, record[only] ?? null])
    else if (scalars.length > 1) {
      addHeaders(this.current, scalars)
      addRow(
        this.current,
        scalars.map((key) => record[key] ?? null),
      )
    }
    for (const key of nested) this.add(key, record[key] ?? null, indent + 1)
  }

  private addRecords(records: readonly Value[], indent: number, title: string | undefined): void {
    const { scalars, nested } = keysOfAll(records)
    addHeaders(this.current, scalars)
    records.forEach((element, index) => {
      const record = element as Structure
      if (index > 0 && nested.length > 0) {
        this.open(title, indent)
        addHeaders(this.current, scalars)
      }
      addRow(
        this.current,
        scalars.map((key) => cellOf(record, key)),
      )
      for (const key of nested) if (Object.hasOwn(record, key)) this.add(key, record[key] ?? null, indent + 1)
    })
  }

  private open(title: string | undefined, indent: number): void {
    this.list.push({ title, indent, headers: [], rows: [], columns: undefined, widths: [] })
  }

  private get current(): Section {
    return this.list.at(-1) as Section
  }
}

/** An empty cell where the record has no such key; a null is shown as one. */
function cellOf(record: Structure, key: string): Value {
  const value = Object.hasOwn(record, key) ? record[key] : undefined
  return value === undefined ? '' : value
}

/** What Python takes for false. */
function isNothing(value: Value): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (isStructure(value)) return keysWithValue(value).length === 0
  return value === null || value === false || value === '' || (typeof value !== 'string' && Number(value) === 0)
}

function keysByKind(record: Structure): { scalars: string[]; nested: string[] } {
  const keys = keysWithValue(record).sort(compareText)
  return { scalars: keys.filter((key) => !isNested(record[key])), nested: keys.filter((key) => isNested(record[key])) }
}

function keysOfAll(records: readonly Value[]): { scalars: string[]; nested: string[] } {
  const scalars = new Set<string>()
  const nested = new Set<string>()
  for (const record of records) {
    if (!isStructure(record)) throw notARecord(record)
    const keys = keysByKind(record)
    for (const key of keys.scalars) scalars.add(key)
    for (const key of keys.nested) nested.add(key)
  }
  return { scalars: [...scalars].sort(compareText), nested: [...nested].sort(compareText) }
}

/** Python looks up each element of the supposed record in it, and fails in as many ways. */
function notARecord(value: Value): Error {
  if (Array.isArray(value)) {
    if (value.length === 0) return pythonError("'list' object has no attribute 'get'")
    const type = typeName(value[0])
    return pythonError(
      type === 'int' ? 'list index out of range' : `list indices must be integers or slices, not ${type}`,
    )
  }
  if (typeof value === 'string') return pythonError("string indices must be integers, not 'str'")
  return pythonError(`'${typeName(value)}' object is not iterable`)
}

function addHeaders(section: Section, headers: readonly string[]): void {
  widen(section, headers)
  section.columns ??= headers.length
  section.headers = headers
}

function addRow(section: Section, values: readonly Value[]): void {
  section.columns ??= values.length
  if (values.length !== section.columns) {
    throw pythonError(`Row should have ${section.columns} elements, instead it has ${values.length}`)
  }
  const row = values.map(str)
  section.rows.push(row)
  widen(section, row)
}

function widen(section: Section, cells: readonly string[]): void {
  const { widths } = section
  if (widths.length > 0 && cells.length > widths.length) throw pythonError('list index out of range')
  cells.forEach((cell, column) => {
    widths[column] = Math.max(columnsOf(cell), widths[column] ?? 0)
  })
}

const padding = 4

const yellow = '\x1b[2m\x1b[33m'
const blue = '\x1b[1m\x1b[34m'
const noColor = '\x1b[0m'

function render(all: readonly Section[], { columns, color, resets }: Screen): string {
  let sections = all
  let width = widest(sections)
  if (width > columns) {
    sections = sections.map(turned)
    width = widest(sections)
  }
  const reset = resets ? noColor : ''
  const lines = ['-'.repeat(width) + '\n']
  for (const section of sections) {
    const edge = (color ? `${yellow}|${noColor}` : '|').repeat(section.indent) + reset
    for (const line of sectionLines(section, width - 2 * section.indent, color)) {
      lines.push(`${edge}${line}${reset}${edge}\n`)
    }
  }
  return lines.join(reset) + reset
}

function widest(sections: readonly Section[]): number {
  return sections.reduce((most, section) => Math.max(most, fullWidth(section)), 0)
}

function fullWidth(section: Section): number {
  const edges = 2 + 2 * section.indent
  const cells = section.widths.reduce((sum, width) => sum + width + padding, 0)
  return edges + Math.max(columnsOf(section.title ?? 'None'), cells)
}

/** A section of one row with its headers to the left of its cells. */
function turned(section: Section): Section {
  const [row] = section.rows
  if (section.rows.length !== 1 || row === undefined || section.headers.length === 0) return section
  const upright: Section = { ...section, headers: [], rows: [], columns: undefined, widths: [] }
  section.headers.forEach((header, column) => addRow(upright, [header, row[column] ?? '']))
  return upright
}

function* sectionLines(section: Section, width: number, color: boolean): Iterable<string> {
  const { title, headers, rows } = section
  if (title) {
    yield centered(title, width, '|')
    if (headers.length === 0 && rows.length === 0) yield `+${'-'.repeat(width - 2)}+`
  }
  const widths = scaled(
    section.widths.map((cell) => cell + padding),
    width,
  )
  const rule = widths.map((cell, column) => (column === 0 ? `+${dashes(cell - 2)}+` : `${dashes(cell - 1)}+`)).join('')
  if (headers.length > 0) {
    yield rule
    yield headers.map((header, column) => centered(header, widths[column] as number, column === 0 ? '|' : '')).join('')
  }
  if (rows.length === 0 || widths.length === 0) return
  yield rule
  for (const row of rows) {
    yield row.map((cell, column) => toTheLeft(cell, widths[column] as number, column === 0 ? '|' : '', color)).join('')
  }
  yield rule
}

/** Column widths stretched or shrunk to fill the table's, rounded half to even, the rest dealt out one by one. */
function scaled(widths: readonly number[], total: number): number[] {
  const factor = total / widths.reduce((sum, width) => sum + width, 0)
  const result = widths.map((width) => roundHalfEven(factor * width))
  let surplus = result.reduce((sum, width) => sum + width, 0) - total
  while (surplus !== 0 && result.length > 0) {
    for (let i = 0; i < result.length && surplus !== 0; i++) {
      const column = surplus > 0 ? i : result.length - 1 - i
      const step = surplus > 0 ? -1 : 1
      result[column] = (result[column] as number) + step
      surplus += step
    }
  }
  return result
}

function roundHalfEven(number: number): number {
  const below = Math.floor(number)
  if (number - below !== 0.5) return Math.round(number)
  return below % 2 === 0 ? below : below + 1
}

function centered(text: string, width: number, leftEdge: string): string {
  const columns = columnsOf(text)
  const before = Math.floor(width / 2) - Math.floor(columns / 2) - 1
  const after = width - 1 - (leftEdge.length + before + columns)
  return leftEdge + spaces(before) + text + spaces(after) + '|'
}

function toTheLeft(text: string, width: number, leftEdge: string, color: boolean): string {
  const columns = columnsOf(text)
  const before = width - (columns + 2 + leftEdge.length + 1) >= 0 ? 2 : 0
  const after = width - (leftEdge.length + before + columns) - 1
  const shown = color ? blue + text + noColor : text
  return leftEdge + spaces(before) + shown + spaces(after) + '|'
}

function spaces(count: number): string {
  return ' '.repeat(Math.max(0, count))
}

function dashes(count: number): string {
  return '-'.repeat(Math.max(0, count))
}
