// `--output text`: one line a record, tabs between the fields, for cut and awk.
//
// Fields stand in the order of their sorted names, which are not printed; a list or map below a key is printed after
// its record, each line headed by the key in capitals. A paginated operation is printed page by page, and a query is
// applied to each page on its own.

import { compareText, str, typeName } from '../../lib/python.ts'
import { isStructure, type Structure, type Value } from '../../lib/value.ts'
import { isNested, keysWithValue, pythonError, type OutputFormat, type Result } from './formatter.ts'

export const text: OutputFormat = {
  async write(result, query, sink) {
    for await (const part of result.paginated ? partsOf(result) : [await result.whole()]) {
      if (!sink.write(plainText(query ? query(part) : part))) return
    }
  },
}

/** What each page adds: its results, the first page's other members, and at the end the token to go on from. */
async function* partsOf(result: Result): AsyncIterable<Structure> {
  const { resultKeys, nonAggregateKeys } = result.paging ?? { resultKeys: [], nonAggregateKeys: [] }
  let others = nonAggregateKeys
  for await (const page of result.pages) {
    const part: Structure = {}
    for (const path of [...others, ...resultKeys]) setPath(part, path, valueAt(page, path))
    others = []
    yield part
  }
  const token = result.resumeToken()
  if (token) yield { NextToken: { NextToken: token } }
}

function valueAt(page: Structure, path: string): Value {
  let value: Value = page
  for (const name of path.split('.')) {
    value = isStructure(value) && Object.hasOwn(value, name) ? (value[name] ?? null) : null
  }
  return value
}

function setPath(target: Structure, path: string, value: Value): void {
  const names = path.split('.')
  const last = names.pop() as string
  let parent = target
  for (const name of names) {
    parent[name] ??= {}
    parent = parent[name] as Structure
  }
  parent[last] = value
}

/** The lines of a value. */
export function plainText(value: Value): string {
  const lines: string[] = []
  writeValue(value, lines)
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

function writeValue(value: Value, lines: string[], heading?: string, columns?: readonly string[]): void {
  if (Array.isArray(value)) writeList(value, lines, heading)
  else if (isStructure(value)) writeRecord(value, lines, heading, columns)
  else lines.push(str(value))
}

function writeList(list: readonly Value[], lines: string[], heading?: string): void {
  if (list.some(isStructure)) {
    const columns = scalarKeys(list)
    for (const element of list) writeValue(element, lines, heading, columns)
    return
  }
  const scalars = list.filter((element) => !Array.isArray(element))
  if (scalars.length > 0) {
    const cells = scalars.map(str)
    if (heading === undefined) lines.push(cells.join('\t'))
    else for (const cell of cells) lines.push(`${heading.toUpperCase()}\t${cell}`)
  }
  for (const element of list) if (Array.isArray(element)) writeValue(element, lines, heading)
}

/** The records of one list have the same columns: every key that is a scalar in any of them. */
function scalarKeys(list: readonly Value[]): string[] {
  const keys = new Set<string>()
  for (const element of list) {
    if (!isStructure(element)) throw pythonError(`'${typeName(element)}' object has no attribute 'items'`)
    for (const key of keysWithValue(element)) if (!isNested(element[key])) keys.add(key)
  }
  return [...keys].sort(compareText)
}

function writeRecord(record: Structure, lines: string[], heading?: string, columns?: readonly string[]): void {
  const keys = keysWithValue(record).sort(compareText)
  const scalars = columns ?? keys.filter((key) => !isNested(record[key]))
  if (scalars.length > 0) {
    const cells = scalars.map((key) =>
      Object.hasOwn(record, key) && record[key] !== undefined ? str(record[key]) : '',
    )
    if (heading !== undefined) cells.unshift(heading.toUpperCase())
    lines.push(cells.join('\t'))
  }
  const printed = new Set(scalars)
  for (const key of keys) if (!printed.has(key)) writeValue(record[key] ?? null, lines, key)
}
