// What does the JSON between backticks mean? Read as Python's `json.loads` reads it: integers of any size, floats kept
// apart from integers, NaN and Infinity, key order, and its words for a bad string.

import { Float, structureOf, type Value } from '../value.ts'

/** Thrown for text that is not JSON; the message is Python's, without the position. */
export class BadJson extends Error {}

export function readLiteral(text: string): Value {
  const reader = new Reader(text)
  reader.space()
  const value = reader.value(0)
  reader.space()
  if (reader.at < text.length) throw new BadJson('Extra data')
  return value
}

const number = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y
const words: Readonly<Record<string, () => Value>> = {
  null: () => null, true: () => true, false: () => false,
  NaN: () => new Float(NaN), Infinity: () => new Float(Infinity), '-Infinity': () => new Float(-Infinity),
}
const escapes: Readonly<Record<string, string>> = {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
}
const deepest = 500

class Reader {
  at = 0
  readonly text: string
  constructor(text: string) {
    this.text = text
  }

  space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? '\0')) this.at++
  }

  value(depth: number): Value {
    if (depth > deepest) throw new BadJson('maximum recursion depth exceeded')
    const char = this.text[this.at]
    if (char === '"') return this.string()
    if (char === '[') return this.list(depth)
    if (char === '{') return this.map(depth)
    for (const word in words) {
      if (!this.text.startsWith(word, this.at)) continue
      this.at += word.length
      return (words[word] as () => Value)()
    }
    return this.number()
  }

  private number(): Value {
    number.lastIndex = this.at
    const match = number.exec(this.text)
    if (!match) throw new BadJson('Expecting value')
    this.at += match[0].length
    if (match[1] !== undefined || match[2] !== undefined) return new Float(Number(match[0]))
    const integer = Number(match[0])
    return Number.isSafeInteger(integer) ? integer + 0 : BigInt(match[0])
  }

  private list(depth: number): Value[] {
    const list: Value[] = []
    this.at++
    this.space()
    if (this.skip(']')) return list
    do {
      this.space()
      list.push(this.value(depth + 1))
      this.space()
    } while (this.skip(','))
    if (!this.skip(']')) throw new BadJson("Expecting ',' delimiter")
    return list
  }

  private map(depth: number): Value {
    const entries: [string, Value][] = []
    this.at++
    this.space()
    if (this.skip('}')) return {}
    do {
      this.space()
      if (this.text[this.at] !== '"') throw new BadJson('Expecting property name enclosed in double quotes')
      const key = this.string()
      this.space()
      if (!this.skip(':')) throw new BadJson("Expecting ':' delimiter")
      this.space()
      entries.push([key, this.value(depth + 1)])
      this.space()
    } while (this.skip(','))
    if (!this.skip('}')) throw new BadJson("Expecting ',' delimiter")
    return structureOf(entries)
  }

  private string(): string {
    let text = ''
    for (this.at++; ; this.at++) {
      const char = this.text[this.at]
      if (char === undefined) throw new BadJson('Unterminated string starting at')
      if (char === '"') {
        this.at++
        return text
      }
      if (char < ' ') throw new BadJson('Invalid control character at')
      text += char === '\\' ? this.escape() : char
    }
  }

  /** Leaves `at` on the last character of the escape. */
  private escape(): string {
    const char = this.text[++this.at]
    if (char === 'u') {
      const digits = this.text.slice(this.at + 1, this.at + 5)
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new BadJson('Invalid \\uXXXX escape')
      this.at += 4
      return String.fromCharCode(parseInt(digits, 16))
    }
    const meaning = char === undefined ? undefined : escapes[char]
    if (meaning === undefined) throw new BadJson('Invalid \\escape')
    return meaning
  }

  private skip(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }
}
