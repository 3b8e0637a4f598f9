// What does `Key=a,Values=b,c` mean?
//
//   parameter = keyval *("," keyval)              a key given twice is an error
//   keyval    = key ["@"] "=" [values]            with "@", values that begin with file:// or fileb:// are files
//   key       = *[A-Za-z0-9-_.#/:]
//   values    = csv / "[" list "]" / "{" hash "}"
//   csv       = first *("," second)               greedy; goes back to the last comma when a "=" turns up
//   first     = 'single' / "double" / bareword    \' and \" and \\ inside quotes, \, in a bareword
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-shorthand.html
//
// The text says nothing of types: everything is a string, a list or a hash until `fitted` looks at the model.

import { parseFloatingPoint, parseInteger, repr, typeName } from '../../lib/python.ts'
import { Failure } from '../../lib/errors.ts'
import { setKey } from '../../lib/json.ts'
import { Float, isStructure, withKeyOrder } from '../../lib/value.ts'
import type { Structure, Value } from '../../lib/value.ts'
import type { Shape } from '../../model/model.ts'

export class ShorthandError extends Error {}

/** Something else was expected here; a csv goes back to its last comma. */
class SyntaxMismatch extends ShorthandError {}

/** Reads a file an `@=` value names; undefined where the value names none. */
export type ReadFile = (value: string) => string | Uint8Array | undefined

/** Throws ShorthandError with the reference's text and caret line. */
export function parseShorthand(text: string, readFile: ReadFile = () => undefined): Structure {
  return new Parser(text, readFile).parameter()
}

/**
 * Makes the parsed value fit the shape: a scalar where a list belongs becomes a list of one; numbers and booleans are
 * read. What does not fit is left for validation to name. Throws ShorthandError for document types, and
 * Failure('InvalidValue') where Python's int() and float() do.
 */
export function fitted(value: Value, shape: Shape): Value {
  switch (shape.type) {
    case 'structure':
      return fittedStructure(value, shape)
    case 'list':
      return Array.isArray(value) ? value.map((item) => wrapped(item, shape.member!.shape)) : value
    case 'map':
      return fittedMap(value, shape)
    default:
      return fittedScalar(value, shape)
  }
}

/** Thrown where a document is met, and named by the structure around it. */
class DocumentMet extends Error {}

function fittedStructure(value: Value, shape: Shape): Value {
  if (shape.traits.document === true) throw new DocumentMet()
  if (!isStructure(value)) return value
  for (const { name, shape: member } of shape.members) {
    const given = value[name]
    if (given === undefined) continue
    try {
      value[name] = wrapped(given, member)
    } catch (error) {
      if (!(error instanceof DocumentMet)) throw error
      throw new ShorthandError(
        'Shorthand syntax does not support document types. Use JSON input for top-level argument to specify nested ' +
          `parameter: ${name}`,
      )
    }
  }
  return value
}

function fittedMap(value: Value, shape: Shape): Value {
  if (!isStructure(value)) return value
  for (const key of Object.keys(value)) setKey(value, key, wrapped(value[key]!, shape.value!.shape))
  return value
}

/** `Values=a` where a list is meant. What is wrapped is not looked into: so does the reference. */
function wrapped(value: Value, shape: Shape): Value {
  return shape.type === 'list' && !Array.isArray(value) ? [value] : fitted(value, shape)
}

function fittedScalar(value: Value, shape: Shape): Value {
  switch (shape.type) {
    case 'integer':
    case 'long':
      return integer(value)
    case 'float':
    case 'double':
      return floatingPoint(value)
    case 'boolean':
      return truth(value)
    default:
      return value
  }
}

function truth(value: Value): Value {
  if (typeof value !== 'string') {
    throw new Failure('InvalidValue', `'${typeName(value)}' object has no attribute 'lower'`)
  }
  return { true: true, false: false }[value.toLowerCase()] ?? value
}

/** Python's int(), which the reference dies of. */
export function integer(value: Value): number | bigint {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Float) return Math.trunc(value.value)
  if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
    throw new Failure(
      'InvalidValue',
      `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
    )
  }
  const number = parseInteger(typeof value === 'string' ? value : new TextDecoder().decode(value))
  if (number !== undefined) return number
  throw new Failure('InvalidValue', `invalid literal for int() with base 10: ${repr(value)}`)
}

/** Python's float(). */
export function floatingPoint(value: Value): Float {
  if (value instanceof Float) return value
  if (typeof value === 'number' || typeof value === 'bigint') return new Float(Number(value))
  if (typeof value !== 'string') {
    throw new Failure('InvalidValue', `float() argument must be a string or a real number, not '${typeName(value)}'`)
  }
  const number = parseFloatingPoint(value)
  if (number !== undefined) return new Float(number)
  throw new Failure('InvalidValue', `could not convert string to float: ${repr(value)}`)
}

const KEY = /[A-Za-z0-9\-_.#/:]*/y
const SINGLE_QUOTED = /'(?:\\'|[^'])*'/y
const DOUBLE_QUOTED = /"(?:\\"|[^"])*"/y
// A word ends at a comma, and at a bracket that closes a list or hash; a later one of a csv also at "=".
const FIRST_WORD = /(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--\\^-|~-\uffff])*/y
const SECOND_WORD = /(?:\\,|[!#-&(-+\--<>-Z\\-z|-\uffff])(?:\\,|[\s!#-&(-+\--<>-\uffff])*/y

class Parser {
  readonly #text: string
  readonly #readFile: ReadFile
  #at = 0
  #namesFiles = false

  constructor(text: string, readFile: ReadFile) {
    this.#text = text
    this.#readFile = readFile
  }

  parameter(): Structure {
    const value: Structure = {}
    const keys: string[] = []
    let before = 0
    do {
      if (keys.length > 0) this.#expect(',', true)
      const key = this.#keyval(value, keys)
      if (keys.includes(key)) throw this.#duplicate(key, before + 1)
      keys.push(key)
      before = this.#at
    } while (this.#at < this.#text.length)
    return ordered(value, keys)
  }

  /** Adds one pair, unless its key is there already; returns the key. */
  #keyval(into: Structure, known: readonly string[]): string {
    const key = this.#key()
    const value = this.#values()
    if (!known.includes(key)) setKey(into, key, value)
    return key
  }

  #key(): string {
    const key = this.#match(KEY) ?? ''
    this.#skipSpace()
    this.#namesFiles = this.#text[this.#at] === '@'
    if (this.#namesFiles) this.#at++
    this.#expect('=', true)
    return key
  }

  #values(): Value {
    switch (this.#text[this.#at]) {
      case undefined:
        return ''
      case '[':
        return this.#list()
      case '{':
        return this.#hash()
      default:
        return this.#csv()
    }
  }

  #csv(): Value {
    const first = this.#first()
    this.#skipSpace()
    if (this.#text[this.#at] !== ',') return first
    this.#expect(',', true)
    const list = [first]
    for (;;) {
      try {
        const next = this.#second()
        this.#skipSpace()
        if (this.#at >= this.#text.length) {
          list.push(next)
          break
        }
        this.#expect(',', true)
        list.push(next)
      } catch (error) {
        // `foo=a,b,c=d`: `c` turned out to be a key. Go back to the comma before it.
        if (!(error instanceof SyntaxMismatch) || this.#at >= this.#text.length) throw error
        while (this.#at >= 0 && this.#text[this.#at] !== ',') this.#at--
        break
      }
    }
    return list.length === 1 ? first : list
  }

  #list(): Value[] {
    const list: Value[] = []
    this.#expect('[', true)
    while (this.#text[this.#at] !== ']') {
      list.push(this.#element())
      this.#skipSpace()
      if (this.#text[this.#at] === ']') break
      this.#expect(',', false)
      this.#skipSpace()
    }
    this.#expect(']', false)
    return list
  }

  #hash(): Structure {
    const hash: Structure = {}
    const keys: string[] = []
    this.#expect('{', true)
    while (this.#text[this.#at] !== '}') {
      const key = this.#key()
      setKey(hash, key, this.#element())
      if (!keys.includes(key)) keys.push(key)
      this.#skipSpace()
      if (this.#text[this.#at] === '}') break
      this.#expect(',', false)
      this.#skipSpace()
    }
    this.#expect('}', false)
    return ordered(hash, keys)
  }

  #element(): Value {
    switch (this.#text[this.#at]) {
      case '[':
        return this.#list()
      case '{':
        return this.#hash()
      default:
        return this.#first()
    }
  }

  #first(): Value {
    return this.#quoted() ?? this.#resolved(this.#word(FIRST_WORD) ?? '')
  }

  #second(): Value {
    const quoted = this.#quoted()
    if (quoted !== undefined) return quoted
    const word = this.#word(SECOND_WORD)
    if (word === undefined) throw this.#mismatch('<second>', '<none>')
    return this.#resolved(word)
  }

  #word(pattern: RegExp): string | undefined {
    return this.#match(pattern)
      ?.replace(/\\,/g, ',')
      .replace(/[\s\x1c-\x1f\x85]+$/, '')
  }

  #quoted(): Value | undefined {
    const quote = this.#text[this.#at]
    if (quote !== "'" && quote !== '"') return undefined
    const matched = this.#match(quote === "'" ? SINGLE_QUOTED : DOUBLE_QUOTED)
    if (matched === undefined) {
      throw this.#mismatch(quote === "'" ? '<singled quoted>' : '<double quoted>', '<none>')
    }
    return this.#resolved(matched.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\'))
  }

  #resolved(value: string): Value {
    return this.#namesFiles ? (this.#readFile(value) ?? value) : value
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#text)
    if (match === null) return undefined
    this.#at = pattern.lastIndex
    return match[0]
  }

  #expect(char: string, spaceAround: boolean): void {
    if (spaceAround) this.#skipSpace()
    if (this.#text[this.#at] !== char) {
      const actual = this.#text.codePointAt(this.#at)
      throw this.#mismatch(char, actual === undefined ? 'EOF' : String.fromCodePoint(actual))
    }
    this.#at++
    if (spaceAround) this.#skipSpace()
  }

  #skipSpace(): void {
    while (/[ \t\n\r\v\f]/.test(this.#text[this.#at] ?? 'x')) this.#at++
  }

  #mismatch(expected: string, actual: string): SyntaxMismatch {
    return new SyntaxMismatch(`Expected: '${expected}', received: '${actual}' for input:\n ${this.#caret(this.#at)}`)
  }

  #duplicate(key: string, at: number): ShorthandError {
    return new ShorthandError(
      `Second instance of key "${key}" encountered for input:\n${this.#caret(at)}\n` +
        'This is often because there is a preceding "," instead of a space.',
    )
  }

  /** The input with a line below that points at a place, which counts from its own line's start. */
  #caret(at: number): string {
    const lineStart = this.#text.lastIndexOf('\n', at - 1) + 1
    const lineEnd = this.#text.indexOf('\n', at)
    const end = lineEnd < 0 ? this.#text.length : lineEnd
    return `${this.#text.slice(0, end)}\n${' '.repeat(at - (at > 0 ? lineStart : 0))}^${this.#text.slice(end)}`
  }
}

function ordered(value: Structure, keys: readonly string[]): Structure {
  return keys.some((key) => /^\d+$/.test(key)) ? withKeyOrder(value, keys) : value
}
