// `--output json`: indented by four, in UTF-8, keys as they came, numbers as Python prints them.
//
// The default format and on every command's path: it stands alone.

import { toBase64 } from '../../lib/bytes.ts'
import { numberText } from '../../lib/json.ts'
import { str } from '../../lib/python.ts'
import { Float, isStructure, keysOf, type Structure, type Value } from '../../lib/value.ts'
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
  return textOf(value, '\n')
}

/** `json.dumps(value, indent=4)`: whatever is not ASCII is escaped. */
export function asciiJsonText(value: Value): string {
  return jsonText(value).replace(/[^\n\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function textOf(value: Value | undefined, margin: string): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value)
    case 'number':
    case 'bigint':
      return numberText(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'undefined':
      return 'null'
    // `--query '&name'`: an expression is not a value.
    case 'function':
      throw pythonError('Encountered unrecognized type in JSON encoder.')
  }
  if (value === null) return 'null'
  if (value instanceof Float) return numberText(value)
  if (Array.isArray(value)) return listText(value, margin)
  if (value instanceof Uint8Array) return `"${toBase64(value)}"`
  if (value instanceof Date) return `"${str(value).replace(' ', 'T')}"`
  return mapText(value as Structure, margin)
}

function listText(list: readonly Value[], margin: string): string {
  if (list.length === 0) return '[]'
  const inner = `${margin}    `
  let text = '['
  for (let i = 0; i < list.length; i++) text += (i > 0 ? ',' : '') + inner + textOf(list[i], inner)
  return `${text}${margin}]`
}

function mapText(map: Structure, margin: string): string {
  const inner = `${margin}    `
  let text = ''
  for (const key of keysOf(map)) {
    const value = map[key]
    if (value === undefined) continue
    text += `${text === '' ? '{' : ','}${inner}${JSON.stringify(key)}: ${textOf(value, inner)}`
  }
  return text === '' ? '{}' : `${text}${margin}}`
}
