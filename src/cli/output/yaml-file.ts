// YAML for files that people go on to edit: kubeconfig, templates of CloudFormation. In the order of its maps, block
// style, nothing said by reference, as ruamel.yaml's own emitter (not libyaml's, which prints results) writes it.
//
// https://sourceforge.net/p/ruamel-yaml/code/ci/default/tree/emitter.py

import { escaped, isBreak, looksLikeOther } from './yaml-emitter.ts'

/** A scalar says whether it is a string, which then may need quotes, or a number, a boolean, a date. */
export type YamlNode =
  | { readonly text: string; readonly isString: boolean }
  | { readonly list: readonly YamlNode[] }
  | { readonly map: readonly (readonly [key: { text: string; isString: boolean }, value: YamlNode])[] }

export interface YamlStyle {
  /** Longer lines are folded. */
  readonly width?: number
  /** `yes`, `on` and their kin get quotes, because readers of YAML 1.1 take them for booleans. */
  readonly oldBooleans?: boolean
}

export function yamlFile(node: YamlNode, { width = 80, oldBooleans = false }: YamlStyle = {}): string {
  const writer = new Writer(width, oldBooleans)
  writer.node(node, 0)
  return `${writer.text}\n`
}

const STEP = 2
/** A longer key is written `? key`. */
const LONGEST_KEY = 128

/** https://yaml.org/type/bool.html, without the single letters. */
const OLD_BOOLEAN = /^(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)$/

class Writer {
  text = ''
  #column = 0
  readonly #width: number
  readonly #oldBooleans: boolean

  constructor(width: number, oldBooleans: boolean) {
    this.#width = width
    this.#oldBooleans = oldBooleans
  }

  /** What stands in a list or a map at `indent`, whose mark is written already. */
  node(node: YamlNode, indent: number): void {
    if ('map' in node) this.#map(node.map, indent)
    else if ('list' in node) this.#list(node.list, indent)
    else this.#scalar(node, indent + STEP, false)
  }

  #map(entries: Extract<YamlNode, { map: unknown }>['map'], indent: number): void {
    if (entries.length === 0) return this.#put('{}')
    entries.forEach(([key, value], at) => {
      if (at > 0) this.#line(indent)
      if (isSimple(key.text)) this.#scalar(key, indent + STEP, true)
      else {
        this.#put('? ')
        this.#scalar(key, indent + STEP, false)
        this.#line(indent)
      }
      this.#put(':')
      // Dashes stand in the key's own column.
      if (isFilled(value)) {
        const inner = 'list' in value ? indent : indent + STEP
        this.#line(inner)
        this.node(value, inner)
      } else if (!('text' in value) || value.text !== '' || value.isString) {
        this.#put(' ')
        this.node(value, indent)
      }
    })
  }

  #list(items: readonly YamlNode[], indent: number): void {
    if (items.length === 0) return this.#put('[]')
    items.forEach((item, at) => {
      if (at > 0) this.#line(indent)
      this.#put('- ')
      this.node(item, isFilled(item) ? indent + STEP : indent)
    })
  }

  /** Plain where it can be, else in quotes: double where it holds a line break or an apostrophe. */
  #scalar({ text, isString }: { text: string; isString: boolean }, indent: number, isKey: boolean): void {
    const styles = stylesOf(text)
    const other = isString && (looksLikeOther(text) || (this.#oldBooleans && OLD_BOOLEAN.test(text)))
    if (styles.plain && !other) this.#plain(text, indent, !isKey)
    else if (styles.single && !/['\n\x85\u2028\u2029]/.test(text)) this.#singleQuoted(text, indent, !isKey)
    else this.#doubleQuoted(text, indent, !isKey)
  }

  #plain(text: string, indent: number, folds: boolean): void {
    const words = text.match(/ +|[^ ]+/g) ?? []
    words.forEach((word) => {
      if (word[0] !== ' ') {
        // A word that would not fit gets a line of its own.
        if (folds && this.#column + lengthOf(word) > this.#width && this.#column > indent) this.#line(indent)
        this.#put(word)
      } else if (word.length === 1 && folds && this.#column >= this.#width) this.#line(indent)
      else this.#put(word)
    })
  }

  #singleQuoted(text: string, indent: number, folds: boolean): void {
    this.#put("'")
    const words = text.match(/ +|[^ ]+/g) ?? []
    words.forEach((word, at) => {
      const inside = at > 0 && at < words.length - 1
      if (word === ' ' && folds && inside && this.#column > this.#width) this.#line(indent)
      else this.#put(word)
    })
    this.#put("'")
  }

  /** A line that is folded ends in a backslash; a blank that begins the next one has one before it. */
  #doubleQuoted(text: string, indent: number, folds: boolean): void {
    this.#put('"')
    const chars = [...text]
    let waiting = ''
    const flush = (): void => {
      this.#put(waiting)
      waiting = ''
    }
    chars.forEach((char, at) => {
      if (needsEscape(char)) {
        flush()
        this.#put(escaped(char))
      }
      const inside = at > 0 && at < chars.length - 1
      if (inside && folds && (char === ' ' || waiting === '') && this.#column + lengthOf(waiting) > this.#width) {
        this.#put(`${waiting}\\`)
        waiting = ''
        this.#line(indent)
        const next = needsEscape(char) ? chars[at + 1] : char
        if (next === ' ') this.#put('\\')
      }
      if (!needsEscape(char)) waiting += char
    })
    flush()
    this.#put('"')
  }

  #put(text: string): void {
    this.text += text
    this.#column += lengthOf(text)
  }

  #line(indent: number): void {
    this.text += `\n${' '.repeat(indent)}`
    this.#column = indent
  }
}

/** In characters, not in UTF-16's units. */
function lengthOf(text: string): number {
  return text.length - (text.match(/[\ud800-\udbff]/g)?.length ?? 0)
}

function isFilled(node: YamlNode): boolean {
  return ('map' in node && node.map.length > 0) || ('list' in node && node.list.length > 0)
}

function isSimple(key: string): boolean {
  return lengthOf(key) < LONGEST_KEY && ![...key].some(isBreak)
}

function stylesOf(text: string): { plain: boolean; single: boolean } {
  if (text === '') return { plain: true, single: true }
  const multiline = /[\n\x85\u2028\u2029]/.test(text)
  const single = !/ [\n\x85\u2028\u2029]/.test(text) && !/[\n\x85\u2028\u2029] /.test(text) && isPrintable(text)
  const indicators =
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:\s|$)/.test(text) ||
    /:(?:\s|$)/.test(text) ||
    /\s#/.test(text)
  return { plain: single && !multiline && !indicators && !/^ | $/.test(text), single }
}

function isPrintable(text: string): boolean {
  return /^[\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text)
}

function needsEscape(char: string): boolean {
  return '"\\\x85\u2028\u2029\ufeff\n'.includes(char) || !isPrintable(char)
}
