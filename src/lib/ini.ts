// How the files in ~/.aws are read and edited: the INI dialect of Python's RawConfigParser, as AWS CLI uses it.
//
//   [profile dev]          a section; everything after its name's `]` is ignored
//   region = eu-west-1     `=` or `:`; keys are lower-cased; a value goes on over indented lines
//   s3 =                   an empty value followed by indented `key = value` lines is a block, one level deep
//     addressing_style = path
//
// Comments are whole lines beginning with `#` or `;`. A section or a key given twice is an error. The section
// [DEFAULT] lends its keys to all the others.
// https://docs.python.org/3/library/configparser.html

export type IniValue = string | Readonly<Record<string, string>>
export type IniSection = Readonly<Record<string, IniValue>>

export class IniError extends Error {
  /** Counted from 1. */
  readonly line: number
  constructor(message: string, line: number) {
    super(message)
    this.name = 'IniError'
    this.line = line
  }
}

/**
 * The sections by header, in the order of the file. Without `blocks` an indented value is text like any other, its lines
 * joined by line feeds: the alias file. Throws IniError.
 */
export function parseIni(text: string, { blocks = true }: { blocks?: boolean } = {}): Map<string, IniSection> {
  const sections = new Map<string, Record<string, IniValue>>()
  const lent: Record<string, IniValue> = empty()
  let section: Record<string, IniValue> | undefined
  let key = ''
  let value: string[] = []
  let keyLine = 0
  let indent = 0

  // A value is complete when the next key, section or the end of the file comes.
  const close = (): void => {
    const text = value.join('\n').trimEnd()
    if (section && key !== '') section[key] = blocks ? valueOf(text, keyLine) : text
    key = ''
  }

  const lines = linesOf(text)
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!
    const content = line.trim()
    if (content === '') {
      if (key !== '') value.push('')
      continue
    }
    const first = content[0]
    if (first === '#' || first === ';') continue

    const depth = line.length - line.trimStart().length
    if (section && key !== '' && depth > indent) {
      value.push(content)
      continue
    }
    close()
    indent = depth

    if (first === '[') {
      // Greedy on purpose: `[profile a] # see [1]` is the section `profile a] # see [1`, as in the reference.
      const end = content.lastIndexOf(']')
      if (end > 1) {
        const header = content.slice(1, end)
        if (header === 'DEFAULT') {
          section = lent
          continue
        }
        if (sections.has(header)) throw new IniError(`section '${header}' already exists`, index + 1)
        section = empty()
        sections.set(header, section)
        continue
      }
    }
    if (!section) throw new IniError('file contains no section headers', index + 1)

    const at = separatorIn(content)
    if (at < 0) throw new IniError('neither a section, a comment nor a key with a value', index + 1)
    key = content.slice(0, at).trimEnd().toLowerCase()
    if (key === '') throw new IniError('a value without a key', index + 1)
    if (Object.hasOwn(section, key)) throw new IniError(`key '${key}' already exists`, index + 1)
    value = [content.slice(at + 1).trim()]
    keyLine = index + 1
  }
  close()

  if (Object.keys(lent).length > 0) {
    for (const [header, own] of sections) sections.set(header, Object.assign(empty(), own, { ...lent, ...own }))
  }
  return sections
}

/** Values to set in one section: text, a block of nested values, or undefined to take the key out. */
export type IniEdit = Readonly<Record<string, string | Readonly<Record<string, string>> | undefined>>

/**
 * The text of a file with some values of one section set; comments, order and every other line stay as they are. A key
 * that is there changes its line in place; a new key goes after the last one of its section; a new section at the end.
 * The places are those of `aws configure set`, so that both programs write the same file.
 */
export function editIni(text: string, header: string, edit: IniEdit): string {
  const lines = text.split(/(?<=\n)/)
  const missing = new Map(Object.entries(edit))
  const start = lines.findIndex((line) => !isComment(line) && isHeaderOf(line, header))

  if (start < 0) {
    const written = writtenValues(missing)
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`
    // Nothing to take out of a section that is not there; but a section may be wanted for its own sake.
    return written === '' && missing.size > 0 ? text : `${before}[${header}]\n${written}`
  }

  // The line of the last key of the section, and whether another section follows.
  let last = start
  let index = start + 1
  for (; index < lines.length && !isHeader(lines[index]!); index++) {
    const found = keyLine(lines[index]!)
    if (!found) continue
    if (!missing.has(found.key)) {
      last = index
      continue
    }
    const value = missing.get(found.key)
    missing.delete(found.key)
    const end = endOfValue(lines, index, found.indent)
    const replacement =
      value === undefined
        ? []
        : typeof value === 'string'
          ? [`${found.key} = ${value}\n`]
          : editedBlock(lines.slice(index, end), found, value)
    lines.splice(index, end - index, ...replacement)
    index += replacement.length - 1
    // Where a key was taken out, the last one is still the one above.
    if (replacement.length > 0) last = index
  }

  const written = writtenValues(missing)
  if (written !== '') {
    // At the end of the file the reference leaves one blank line, where there is one, before what it adds.
    const atEnd = index >= lines.length
    const place = atEnd ? Math.min(last + 2, lines.length) : last + 1
    if (atEnd) lines.push(ended(lines.pop()!))
    lines.splice(place, 0, written)
  }
  return lines.join('')
}

/** The lines of a block `key =` with some of its nested values set. */
function editedBlock(
  block: string[],
  head: { key: string; value: string },
  values: Readonly<Record<string, string>>,
): string[] {
  const missing = new Map(Object.entries(values))
  const lines = [head.value === '' ? ended(block[0]!) : `${head.key} =\n`]
  let last = 0
  for (const line of head.value === '' ? block.slice(1) : []) {
    const found = keyLine(line)
    if (found) last = lines.length
    const value = found && missing.get(found.key)
    if (found && value !== undefined) {
      missing.delete(found.key)
      lines.push(`${' '.repeat(found.indent)}${found.key} = ${value}\n`)
    } else {
      lines.push(ended(line))
    }
  }
  lines.splice(last + 1, 0, ...[...missing].map(([key, value]) => `    ${key} = ${value}\n`))
  return lines
}

function writtenValues(values: ReadonlyMap<string, string | Readonly<Record<string, string>> | undefined>): string {
  let text = ''
  for (const [key, value] of values) {
    if (value === undefined) continue
    if (typeof value === 'string') {
      text += `${key} = ${value}\n`
      continue
    }
    text += `${key} =\n`
    for (const [inner, innerValue] of Object.entries(value)) text += `    ${inner} = ${innerValue}\n`
  }
  return text
}

/** The index after the last line that belongs to the value which begins at `index`. */
function endOfValue(lines: readonly string[], index: number, indent: number): number {
  let end = index + 1
  for (let next = end; next < lines.length; next++) {
    const line = lines[next]!
    const content = line.trim()
    if (content === '' || isComment(line)) continue
    if (line.length - line.trimStart().length <= indent) break
    end = next + 1
  }
  return end
}

function keyLine(line: string): { key: string; value: string; indent: number } | undefined {
  const at = separatorIn(line)
  if (at < 1 || line.slice(0, at).trim() === '') return undefined
  return {
    key: line.slice(0, at).trim(),
    value: line.slice(at + 1).trim(),
    indent: line.length - line.trimStart().length,
  }
}

/** The first `=` or `:`; -1 where there is none. */
function separatorIn(line: string): number {
  const equals = line.indexOf('=')
  const colon = line.indexOf(':')
  return equals < 0 || (colon >= 0 && colon < equals) ? colon : equals
}

function isHeaderOf(line: string, header: string): boolean {
  const found = /^\s*\[[^\]]+\]/.exec(line)?.[0]
  if (found === undefined) return false
  if (found === `[${header}]`) return true
  const space = header.indexOf(' ')
  return space > 0 && found === `[${header.slice(0, space)} "${header.slice(space + 1)}"]`
}

function isHeader(line: string): boolean {
  return /^\s*\[[^\]]+\]/.test(line)
}

function isComment(line: string): boolean {
  const first = line.trimStart()[0]
  return first === '#' || first === ';'
}

function ended(line: string): string {
  return line === '' || line.endsWith('\n') ? line : `${line}\n`
}

function valueOf(text: string, line: number): IniValue {
  if (!text.startsWith('\n')) return text
  const block: Record<string, string> = empty()
  for (const row of text.split('\n')) {
    const content = row.trim()
    if (content === '') continue
    const at = content.indexOf('=')
    if (at < 0) throw new IniError('a nested line without =', line)
    block[content.slice(0, at).trim()] = content.slice(at + 1).trim()
  }
  return block
}

function linesOf(text: string): string[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
  return body.includes('\r') ? body.split(/\r\n|\r|\n/) : body.split('\n')
}

// Without a prototype, so that a key called `constructor` is only a key.
function empty<T>(): Record<string, T> {
  return Object.create(null) as Record<string, T>
}
