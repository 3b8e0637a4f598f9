// What items does a file hold? DynamoDB's JSON, an object after the other, or CSV.
//
//   {"Item": {"id": {"S": "a"}, "n": {"N": "1"}}}
//   {"Item": {"id": {"S": "b"}}}

import { fromBase64 } from '../../../lib/bytes.ts'
import type { KeyAttribute } from './keys.ts'

export interface CsvOptions {
  Delimiter?: string
  HeaderList?: string[]
}

/** Undefined stands for what is none. `attributes`: of which type the keys are, which CSV does not say. */
export function* itemsIn(
  text: string,
  format: string,
  attributes: readonly KeyAttribute[],
  csv: CsvOptions = {},
): Generator<object | undefined> {
  yield* format === 'CSV' ? csvItems(text, attributes, csv) : jsonItems(text)
}

function* jsonItems(text: string): Generator<object | undefined> {
  for (const part of objectsIn(text)) {
    let value: unknown
    try {
      value = JSON.parse(part)
    } catch {
      value = undefined
    }
    const item = isMap(value) ? value['Item'] : undefined
    yield isMap(item) && Object.values(item).every(isValue) ? item : undefined
  }
}

/** The texts of the objects that stand one after the other, each with what stands before it. */
function* objectsIn(text: string): Generator<string> {
  let [start, depth, inText] = [0, 0, false]
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (inText) {
      if (c === '\\') i++
      else if (c === '"') inText = false
    } else if (c === '"') inText = true
    else if (c === '{') depth++
    else if (c === '}' && --depth <= 0) {
      yield text.slice(start, i + 1)
      ;[start, depth] = [i + 1, 0]
    }
  }
  if (text.slice(start).trim() !== '') yield text.slice(start)
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Of the form of an attribute's value; what it holds is looked at where it is taken. */
function isValue(value: unknown): boolean {
  if (!isMap(value)) return false
  return Object.entries(value).every(([type, inner]) => {
    switch (type) {
      case 'S':
      case 'N':
        return typeof inner === 'string'
      case 'B':
        return isBase64(inner)
      case 'SS':
      case 'NS':
        return Array.isArray(inner) && inner.every((each) => typeof each === 'string')
      case 'BS':
        return Array.isArray(inner) && inner.every(isBase64)
      case 'BOOL':
      case 'NULL':
        return typeof inner === 'boolean'
      case 'L':
        return Array.isArray(inner) && inner.every(isValue)
      case 'M':
        return isMap(inner) && Object.values(inner).every(isValue)
      default:
        return false
    }
  })
}

function isBase64(value: unknown): boolean {
  if (typeof value !== 'string') return false
  try {
    fromBase64(value)
    return true
  } catch {
    return false
  }
}

/** Every attribute that is no key is text; one that is empty is left out. */
function* csvItems(
  text: string,
  attributes: readonly KeyAttribute[],
  { Delimiter = ',', HeaderList }: CsvOptions,
): Generator<object | undefined> {
  const rows = rowsOf(text, Delimiter)
  const names = HeaderList ?? (rows.next().value as string[] | undefined) ?? []
  const types = new Map(attributes.map(({ name, type }) => [name, type]))
  for (const row of rows) {
    if (row.length !== names.length) {
      yield undefined
      continue
    }
    const cells = names.flatMap((name, i) => (row[i] === '' ? [] : [[name, { [types.get(name) ?? 'S']: row[i]! }]]))
    const item = Object.fromEntries(cells) as Record<string, unknown>
    yield Object.values(item).every(isValue) ? item : undefined
  }
}

/** RFC 4180: a cell in quotes may hold anything, a quote twice. */
function* rowsOf(text: string, delimiter: string): Generator<string[]> {
  let [row, cell, quoted]: [string[], string, boolean] = [[], '', false]
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c !== '"') cell += c
      else if (text[i + 1] === '"') cell += text[++i]!
      else quoted = false
    } else if (c === '"' && cell === '') quoted = true
    else if (c === delimiter) [row, cell] = [[...row, cell], '']
    else if (c === '\n') {
      if (row.length > 0 || cell !== '') yield [...row, cell]
      ;[row, cell] = [[], '']
    } else if (c !== '\r') cell += c
  }
  if (row.length > 0 || cell !== '') yield [...row, cell]
}
