// JSON as Python reads and writes it, where that differs from JavaScript.
//
// Reading: integers beyond 2^53 stay exact, `1.0` and `1e3` stay floating point, keys that look like array indexes keep
// their place, and NaN and Infinity are let in. All of that is rare, so JSON.parse does the work unless a glance at the
// text says otherwise. Writing: `", "` and `": "`, everything beyond ASCII escaped, `1e-07`: the bytes of json.dumps.

import { floatRepr } from './python.ts'
import { Float, keysOf, withKeyOrder } from './value.ts'

/** What JSON text holds. Objects are plain; `wire` reading adds Float. */
export type Json = null | boolean | number | bigint | string | Float | Json[] | { [key: string]: Json }

/**
 * Parses JSON text. Integers beyond 2^53 are bigint. With `wire`, numbers written with a fraction or an exponent are
 * Float and every object's key order is kept (`keysOf`). Throws SyntaxError.
 */
export function parseJson(text: string, options: { wire?: boolean } = {}): Json {
  const wire = options.wire === true
  if (!/\d{16}/.test(text) && !(wire && losesInParse(text))) {
    try {
      return JSON.parse(text) as Json
    } catch {
      // Either Python's NaN and Infinity, or an error whose place the reader below can tell.
    }
  }
  return new Reader(text, wire).document()
}

/** A fraction or exponent after ':', ',' or '['; or a key that is an array index. A false alarm only costs time. */
function losesInParse(text: string): boolean {
  return /[[:,]\s*-?\d+[.eE]|^\s*-?\d+[.eE]|"(?:0|[1-9]\d*)"\s*:/.test(text)
}

const MAX_DEPTH = 1000

class Reader {
  private at = 0
  private depth = 0
  private readonly text: string
  private readonly wire: boolean
  private readonly numbers = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
  /** Without control characters, the next quote ends a string unless there is a backslash before it. */
  private readonly quick: boolean

  constructor(text: string, wire: boolean) {
    this.text = text
    this.wire = wire
    this.quick = !/[\0-\x1f]/.test(text)
  }

  document(): Json {
    const value = this.value()
    this.space()
    if (this.at < this.text.length) this.fail('Extra data')
    return value
  }

  private fail(message: string): never {
    throw new SyntaxError(`${message}: char ${this.at}`)
  }

  private space(): void {
    const { text } = this
    for (;;) {
      const code = text.charCodeAt(this.at)
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return
      this.at++
    }
  }

  private value(): Json {
    this.space()
    switch (this.text[this.at]) {
      case '{':
        return this.object()
      case '[':
        return this.array()
      case '"':
        return this.string()
      case 't':
        return this.word('true', true)
      case 'f':
        return this.word('false', false)
      case 'n':
        return this.word('null', null)
      case 'N':
        return this.word('NaN', this.float(NaN))
      case 'I':
        return this.word('Infinity', this.float(Infinity))
      default:
        return this.number()
    }
  }

  private float(number: number): number | Float {
    return this.wire ? new Float(number) : number
  }

  private word<T extends Json>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.at)) this.fail('Expecting value')
    this.at += word.length
    return value
  }

  private number(): Json {
    if (this.text.startsWith('-Infinity', this.at)) return this.word('-Infinity', this.float(-Infinity))
    const { numbers } = this
    numbers.lastIndex = this.at
    const found = numbers.exec(this.text)
    if (!found) this.fail('Expecting value')
    this.at = numbers.lastIndex
    const number = Number(found[0])
    if (found[1] !== undefined || found[2] !== undefined) return this.float(number)
    return Number.isSafeInteger(number) ? number : BigInt(found[0])
  }

  private string(): string {
    const end = this.quick ? this.text.indexOf('"', this.at + 1) : -1
    if (end < 0) return this.longString()
    const content = this.text.slice(this.at + 1, end)
    if (content.includes('\\')) return this.longString()
    this.at = end + 1
    return content
  }

  private longString(): string {
    const { text } = this
    let end = this.at + 1
    for (;;) {
      const code = text.charCodeAt(end)
      if (code === 34) break
      if (code === 92) end++
      else if (!(code >= 32)) this.fail(end < text.length ? 'Invalid control character' : 'Unterminated string')
      end++
    }
    try {
      const value = JSON.parse(text.slice(this.at, end + 1)) as string
      this.at = end + 1
      return value
    } catch {
      return this.fail('Invalid escape')
    }
  }

  private enter(): void {
    this.at++
    if (++this.depth > MAX_DEPTH) this.fail('Nested too deeply')
  }

  private array(): Json[] {
    this.enter()
    const list: Json[] = []
    this.space()
    if (this.text[this.at] !== ']') {
      for (;;) {
        list.push(this.value())
        this.space()
        if (this.text[this.at] !== ',') break
        this.at++
      }
    }
    if (this.text[this.at] !== ']') this.fail("Expecting ',' delimiter")
    this.at++
    this.depth--
    return list
  }

  private object(): { [key: string]: Json } {
    this.enter()
    const object: { [key: string]: Json } = {}
    let keys: string[] | undefined
    this.space()
    if (this.text[this.at] !== '}') {
      for (;;) {
        this.space()
        if (this.text[this.at] !== '"') this.fail('Expecting property name enclosed in double quotes')
        const key = this.string()
        if (keys === undefined && this.wire && isIndex(key)) keys = Object.keys(object)
        this.space()
        if (this.text[this.at] !== ':') this.fail("Expecting ':' delimiter")
        this.at++
        const value = this.value()
        if (keys !== undefined && !Object.hasOwn(object, key)) keys.push(key)
        setKey(object, key, value)
        this.space()
        if (this.text[this.at] !== ',') break
        this.at++
      }
    }
    if (this.text[this.at] !== '}') this.fail("Expecting ',' delimiter")
    this.at++
    this.depth--
    return keys ? withKeyOrder(object, keys) : object
  }
}

function isIndex(key: string): boolean {
  return /^(?:0|[1-9]\d*)$/.test(key)
}

/** Sets a key that came from outside: `__proto__` is a key like any other. */
export function setKey<T>(object: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  } else {
    object[key] = value
  }
}

/** `json.dumps(value)`. Undefined members are left out. */
export function stringifyPython(value: unknown): string {
  return stringify(value, pythonStyle)
}

/** Compact, in UTF-8, as the services answer; otherwise the same. */
export function stringifyCompact(value: unknown): string {
  return stringify(value, compactStyle)
}

export interface JsonStyle {
  readonly comma: string
  readonly colon: string
  readonly string: (text: string) => string
}

export const pythonStyle: JsonStyle = { comma: ', ', colon: ': ', string: asciiString }
export const compactStyle: JsonStyle = { comma: ',', colon: ':', string: (text) => JSON.stringify(text) }

/** A string literal of ASCII only: `é` is `\u00e9`, and DEL is escaped too. */
export function asciiString(text: string): string {
  const literal = JSON.stringify(text)
  if (/^[ -~]*$/.test(literal)) return literal
  return literal.replace(/[\x7f-\uffff]/g, (char) => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'))
}

/** A number as Python prints it in JSON: an integer of any size in digits, a float as repr, `NaN` and `Infinity` bare. */
export function numberText(value: number | bigint | Float): string {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'number' && Number.isInteger(value)) {
    return Number.isSafeInteger(value) ? String(value) : BigInt(value).toString()
  }
  const number = Number(value)
  if (Number.isFinite(number)) return floatRepr(number)
  return Number.isNaN(number) ? 'NaN' : number > 0 ? 'Infinity' : '-Infinity'
}

function stringify(value: unknown, style: JsonStyle): string {
  switch (typeof value) {
    case 'string':
      return style.string(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'number':
    case 'bigint':
      return numberText(value)
  }
  if (value === null || value === undefined) return 'null'
  if (value instanceof Float) return numberText(value)
  if (Array.isArray(value)) return `[${value.map((item) => stringify(item, style)).join(style.comma)}]`
  const object = value as Record<string, unknown>
  const parts: string[] = []
  for (const key of keysOf(object)) {
    if (object[key] !== undefined) parts.push(style.string(key) + style.colon + stringify(object[key], style))
  }
  return `{${parts.join(style.comma)}}`
}
