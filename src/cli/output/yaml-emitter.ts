// Where do the breaks, blanks and quotes of a YAML document go? Block style, two columns a level, folded at 80: the
// decisions of libyaml's emitter, which the reference writes with.
//
// https://github.com/yaml/libyaml/blob/master/src/emitter.c

const foldAt = 80
const step = 2
/** A key longer than this (in bytes) is written `? key`. */
const longestSimpleKey = 128

const breaks = /[\r\n\x85\u2028\u2029]/

type Level = { readonly indent: number }

export class Emitter {
  private readonly out: string[] = []
  private column = 0
  private indent = -1
  /** The last thing written ends in a blank, or is the start of a line. */
  private blank = true
  /** Nothing but indentation and `-`, `?`, `:` stands on the line so far. */
  private indented = true
  private readonly levels: Level[] = []

  openList(inMap: boolean): void {
    this.levels.push({ indent: this.indent })
    // Under a key the dashes stand in the key's own column.
    if (!(inMap && !this.indented)) this.indent = this.indent < 0 ? 0 : this.indent + step
  }

  openMap(): void {
    this.levels.push({ indent: this.indent })
    this.indent = this.indent < 0 ? 0 : this.indent + step
  }

  close(): void {
    this.indent = (this.levels.pop() as Level).indent
  }

  item(): void {
    this.toIndent()
    this.mark('-', true)
  }

  /** Writes a key and its colon. */
  key(text: string): void {
    this.toIndent()
    if (isSimpleKey(text)) {
      this.scalar(text, true, true)
      this.put(':')
      this.blank = false
      this.indented = false
      return
    }
    this.mark('?', true)
    this.scalar(text, true)
    this.toIndent()
    this.mark(':', true)
  }

  /** A key that is no string, written as it is. */
  rawKey(text: string): void {
    this.toIndent()
    this.put(`${text}:`)
    this.blank = false
    this.indented = false
  }

  /** An anchor, an alias, an empty list or map, after a blank. */
  indicator(text: string): void {
    this.mark(text, false)
  }

  /** A scalar in the style that keeps its meaning: plain if it can be, else in single quotes, else in double. */
  scalar(text: string, isString: boolean, isKey = false): void {
    const outer = this.indent
    this.indent = outer < 0 ? step : outer + step
    const styles = analyse(text)
    if (styles.plain && !(isString && looksLikeOther(text))) this.plain(text, !isKey)
    else if (styles.single && !(isKey && styles.multiline)) this.singleQuoted(text, !isKey)
    else this.doubleQuoted(text, !isKey)
    this.indent = outer
  }

  binary(lines: readonly string[]): void {
    const outer = this.indent
    this.indent = outer < 0 ? step : outer + step
    this.mark('!!binary', false)
    this.mark('|', false)
    for (const line of lines) {
      this.put('\n')
      this.put(' '.repeat(this.indent))
      this.put(line)
    }
    this.blank = false
    this.indented = false
    this.indent = outer
  }

  end(): string {
    this.toIndent()
    return this.out.join('')
  }

  private put(text: string): void {
    this.out.push(text)
    this.column = text === '\n' ? 0 : this.column + text.length
  }

  /** Begins a line at the current indentation, unless the line already stands there. */
  private toIndent(): void {
    const indent = Math.max(0, this.indent)
    if (!this.indented || this.column > indent || (this.column === indent && !this.blank)) this.put('\n')
    if (this.column < indent) this.put(' '.repeat(indent - this.column))
    this.blank = true
    this.indented = true
  }

  private mark(text: string, keepsIndentation: boolean): void {
    if (!this.blank) this.put(' ')
    this.put(text)
    this.blank = false
    this.indented &&= keepsIndentation
  }

  private plain(text: string, folds: boolean): void {
    if (!this.blank && text !== '') this.put(' ')
    this.folded(text, folds, false)
    this.blank = false
    this.indented = false
  }

  private singleQuoted(text: string, folds: boolean): void {
    this.mark("'", false)
    this.folded(text, folds, true)
    this.put("'")
    this.blank = false
    this.indented = false
  }

  /** The text of a plain or single-quoted scalar: long lines broken at lone blanks, line breaks doubled. */
  private folded(text: string, folds: boolean, quoted: boolean): void {
    if (this.column + text.length <= foldAt && !breaks.test(text)) {
      this.put(quoted ? text.replaceAll("'", "''") : text)
      return
    }
    const chars = [...text]
    let afterSpace = false
    let afterBreak = false
    chars.forEach((char, at) => {
      if (char === ' ') {
        const inside = !quoted || (at > 0 && at < chars.length - 1)
        if (folds && !afterSpace && this.column > foldAt && inside && chars[at + 1] !== ' ') this.toIndent()
        else this.put(' ')
        afterSpace = true
      } else if (isBreak(char)) {
        if (!afterBreak && char === '\n') this.put('\n')
        this.put(char)
        this.column = 0
        this.indented = true
        afterBreak = true
      } else {
        if (afterBreak) this.toIndent()
        this.put(quoted && char === "'" ? "''" : char)
        if (char > '\uffff') this.column--
        this.indented = false
        afterSpace = false
        afterBreak = false
      }
    })
    if (quoted && afterBreak) this.toIndent()
  }

  private doubleQuoted(text: string, folds: boolean): void {
    this.mark('"', false)
    const chars = [...text]
    let afterSpace = false
    chars.forEach((char, at) => {
      if (char !== ' ') {
        this.put(needsEscape(char) ? escaped(char) : char)
        afterSpace = false
        return
      }
      const inside = at > 0 && at < chars.length - 1
      if (folds && !afterSpace && this.column > foldAt && inside) {
        this.toIndent()
        if (chars[at + 1] === ' ') this.put('\\')
      } else this.put(' ')
      afterSpace = true
    })
    this.put('"')
    this.blank = false
    this.indented = false
  }
}

function isSimpleKey(text: string): boolean {
  if (analyse(text).multiline) return false
  return text.length <= longestSimpleKey / 3 || new TextEncoder().encode(text).length <= longestSimpleKey
}

interface Styles {
  readonly plain: boolean
  readonly single: boolean
  readonly multiline: boolean
}

/** Which styles a text can be written in, whatever it may mean. */
function analyse(text: string): Styles {
  if (text === '') return { plain: true, single: true, multiline: false }
  if (/^[A-Za-z0-9_/][\w./+=@-]*$/.test(text)) return { plain: true, single: true, multiline: false }
  const multiline = breaks.test(text)
  const special = / [\r\n\x85\u2028\u2029]/.test(text) || !isPrintable(text)
  const single = !special && !/[\r\n\x85\u2028\u2029] /.test(text)
  const indicators =
    /^(?:---|\.\.\.)/.test(text) ||
    /^[#,[\]{}&*!|>'"%@`]/.test(text) ||
    /^[?:-](?:[ \t\0]|$)/.test(text) ||
    /:(?:[ \t\0]|$)/.test(text) ||
    /[ \t\0]#/.test(text)
  return { plain: single && !multiline && !indicators && !/^ | $/.test(text), single, multiline }
}

export function isBreak(char: string): boolean {
  return char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029'
}

/** What libyaml prints as it is; a tab, and anything beyond U+FFFF, it does not. */
function isPrintable(text: string): boolean {
  return /^[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/.test(text)
}

function needsEscape(char: string): boolean {
  return char === '"' || char === '\\' || isBreak(char) || !isPrintable(char)
}

const names: Readonly<Record<string, string>> = {
  '\0': '0',
  '\x07': 'a',
  '\b': 'b',
  '\t': 't',
  '\n': 'n',
  '\v': 'v',
  '\f': 'f',
  '\r': 'r',
  '\x1b': 'e',
  '"': '"',
  '\\': '\\',
  '\x85': 'N',
  '\u2028': 'L',
  '\u2029': 'P',
}

export function escaped(char: string): string {
  const name = names[char]
  if (name !== undefined) return `\\${name}`
  const code = char.codePointAt(0) as number
  const digits = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${digits.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`
}

/** Plain text that YAML 1.2 would read as a boolean, number, date, null, merge key, value or tag. */
export function looksLikeOther(text: string): boolean {
  if (text === '') return true
  if (!/^[-+0-9.tTfF~nN<=!&*]/.test(text)) return false
  return (
    /^(?:true|True|TRUE|false|False|FALSE|~|null|Null|NULL|<<|=|!|&|\*)$/.test(text) ||
    (/^(?:[-+]?0b[01_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+)$/.test(text) && /^[-+0-9]/.test(text)) ||
    /^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?$/.test(text) ||
    /^[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+$/.test(text) ||
    /^[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?$/.test(text) ||
    /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/.test(text) ||
    /^\d{4}-\d\d-\d\d$/.test(text) ||
    /^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$/.test(text)
  )
}
