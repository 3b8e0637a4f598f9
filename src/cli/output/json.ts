// `--output json`: indented by four, in UTF-8, keys as they came, numbers as Python prints them.
//
// The default format and on every command's path: it stands alone.

import { toBase64 } from '../../lib/bytes.ts'
import { numberText } from '../../lib/json.ts'
import { str } from '../../lib/python.ts'
import { Float, isStructure, type Structure, type Value } from '../../lib/value.ts'
import { keysWithValue, pythonError, type OutputFormat } from './formatter.ts'

export const json: OutputFormat = {
  async write(result, query, sink) {
    const whole = await result.whole()
    const value = query ? query(whole) : whole
    if (!isEmptyMap(value)) sink.write(`${jsonText(value)}\n`)
  },
}

/** An operation that answers nothing prints nothing; an empty list or null it prints. */
export function isEmptyMap(value: Value): boolean {
  return isStructure(value) && keysWithValue(value).length === 0
}

/** `json.dumps(value, indent=4, ensure_ascii=False)`. */
export function jsonText(value: Value): string {
  const pieces: string[] = []
  write(value, '\n', pieces)
  return pieces.join('')
}

function write(value: Value | undefined, margin: string, pieces: string[]): void {
  switch (typeof value) {
    case 'string':
      pieces.push(JSON.stringify(value))
      return
    case 'number': case 'bigint':
      pieces.push(numberText(value))
      return
    case 'boolean': case 'undefined':
      pieces.push(String(value ?? null))
      return
    case 'function':
      // `--query '&name'`: an expression is not a value.
      throw pythonError('Encountered unrecognized type in JSON encoder.')
  }
  if (value === null) pieces.push('null')
  else if (value instanceof Float) pieces.push(numberText(value))
  else if (Array.isArray(value)) writeItems('[', ']', value, margin, pieces, (item, inner) => write(item, inner, pieces))
  else if (value instanceof Uint8Array) pieces.push(`"${toBase64(value)}"`)
  else if (value instanceof Date) pieces.push(`"${str(value).replace(' ', 'T')}"`)
  else {
    const map = value as Structure
    writeItems('{', '}', keysWithValue(map), margin, pieces, (key, inner) => {
      pieces.push(JSON.stringify(key), ': ')
      write(map[key], inner, pieces)
    })
  }
}

/** `[`, each item on a line of its own, `]`; nothing between them where there are no items. */
function writeItems<T>(
  open: string, close: string, items: readonly T[], margin: string, pieces: string[],
  writeItem: (item: T, margin: string) => void,
): void {
  pieces.push(open)
  const inner = `${margin}    `
  items.forEach((item, index) => {
    pieces.push(index > 0 ? ',' : '', inner)
    writeItem(item, inner)
  })
  if (items.length > 0) pieces.push(margin)
  pieces.push(close)
}
