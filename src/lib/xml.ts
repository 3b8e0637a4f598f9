// XML as AWS speaks it: a quick reader that refuses what is not well-formed, and the escaping of Python's ElementTree.
//
//   <a x="1"><b>text</b><b/></a>   →   { name: 'a', attributes: { x: '1' }, children: [{ name: 'b', text: 'text' }, …] }
//
// Names lose their prefix, comments and processing instructions are skipped, and a DOCTYPE is refused: nothing AWS
// sends has one, and every attack on an XML reader starts there. https://www.w3.org/TR/xml/

/** An element. `text` is what stands before its first child, as in ElementTree. */
export interface XmlElement {
  /** Without prefix: `type` of `xsi:type`. */
  readonly name: string
  text: string
  readonly children: readonly XmlElement[]
  /** By the name as written, prefix included. Undefined where there are none. */
  attributes?: Record<string, string>
  /** Of a document that was read whole: the name as written, and elements and text in their order. */
  whole?: { readonly tag: string; readonly nodes: (XmlElement | string)[] }
}

export class XmlError extends Error {}

const MAX_DEPTH = 512

/** Parses a document. Throws XmlError, which tells line and column. */
export function parseXml(source: string): XmlElement {
  return read(source, false)
}

/** As parseXml, and nothing but comments is lost: for signatures. Processing instructions are refused. */
export function parseWholeXml(source: string): XmlElement {
  return read(source, true)
}

function read(source: string, isWhole: boolean): XmlElement {
  if (/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(source)) throw new XmlError('not well-formed (invalid token)')
  const start = source.charCodeAt(0) === 0xfeff ? 1 : 0
  return new Reader(source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source, start, isWhole).document()
}

interface Open {
  readonly element: XmlElement & { readonly children: XmlElement[] }
  /** The name as written, which the end tag must repeat. */
  readonly tag: string
}

const NONE: readonly XmlElement[] = Object.freeze([])

class Reader {
  private readonly text: string
  private at: number
  private readonly isWhole: boolean
  private readonly open: Open[] = []
  /** `<name>text</name>`, which is nearly everything: one step of the runtime's own. What it cannot take goes the long way. */
  private readonly leaf = /<([A-Za-z_][\w.-]*)>([^<&\]]*)<\/([A-Za-z_][\w.-]*)>/y
  private readonly names = /[A-Za-z_:\xb7-\xd6\xd8-\xf6\xf8-\uffff][\w:.\xb7-\xd6\xd8-\xf6\xf8-\uffff-]*/y

  constructor(text: string, at: number, isWhole: boolean) {
    this.text = text
    this.at = at
    this.isWhole = isWhole
  }

  private fail(message: string, at = this.at): never {
    const before = this.text.slice(0, at)
    const line = before.split('\n').length
    throw new XmlError(`${message}: line ${line}, column ${at - before.lastIndexOf('\n') - 1}`)
  }

  document(): XmlElement {
    const { text } = this
    if (text.startsWith('<?xml', this.at) && /[\s?]/.test(text.charAt(this.at + 5))) {
      const end = text.indexOf('?>', this.at)
      if (end < 0) this.fail('unclosed token')
      if (!/^<\?xml\s+version\s*=\s*(["'])1\.\d+\1(\s[^<>]*)?$/.test(text.slice(this.at, end))) {
        this.fail('XML declaration not well-formed')
      }
      this.at = end + 2
    }
    this.misc()
    if (this.at >= text.length) this.fail('no element found')
    if (text[this.at] !== '<') this.noElement(text.slice(this.at))
    const root = this.startTag()
    if (this.open.length > 0) this.content()
    this.misc()
    if (this.at < text.length) this.fail('junk after document element')
    return root
  }

  /** Plain text, JSON: as far as it is made of what a DTD is made of it is understood, but not there. */
  private noElement(rest: string): never {
    if (/^"[^"]*$|^'[^']*$/.test(rest)) this.fail('unclosed token')
    const token = /^(?:[[\](),|>]|("[^"]*"|'[^']*'|[\p{L}\p{N}_:.-]+)(?=([^]?)))/u.exec(rest)
    const [whole = '', word, next = ''] = token ?? []
    const sound = token !== null && (word === undefined || next === '' || /[\s>),|[%+*?]/.test(next))
    this.fail(sound ? 'syntax error' : 'not well-formed (invalid token)', this.at + (sound ? 0 : whole.length))
  }

  /** Space, comments and processing instructions outside the root. */
  private misc(): void {
    for (;;) {
      while (isSpace(this.text.charCodeAt(this.at))) this.at++
      if (!this.skipped()) return
    }
  }

  /** Steps over a comment or a processing instruction. */
  private skipped(): boolean {
    const { text, at } = this
    if (text.startsWith('<?', at)) {
      const end = text.indexOf('?>', at + 2)
      if (end < 0) this.fail('unclosed token')
      if (this.isWhole) this.fail('a processing instruction is not accepted')
      const target = this.name(at + 2)
      if (target.toLowerCase() === 'xml') this.fail('XML or text declaration not at start of entity')
      const after = at + 2 + target.length
      if (after !== end && !isSpace(text.charCodeAt(after))) this.fail('not well-formed (invalid token)')
      this.at = end + 2
      return true
    }
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('--', at + 4)
      if (end < 0) this.fail('unclosed token')
      if (text[end + 2] !== '>') this.fail('not well-formed (invalid token)', end)
      this.at = end + 3
      return true
    }
    if (text.startsWith('<!DOCTYPE', at)) this.fail('a document type declaration is not accepted')
    return false
  }

  /** Everything between the root's start tag and its end tag. */
  private content(): void {
    const { text, open } = this
    while (open.length > 0) {
      const next = text.indexOf('<', this.at)
      if (next < 0) this.fail('no element found', text.length)
      if (next > this.at) this.characters(text.slice(this.at, next))
      this.at = next
      if (!this.isWhole && this.tookLeaf()) continue
      const code = text.charCodeAt(next + 1)
      if (code === 47) this.endTag()
      else if (code === 33 || code === 63) this.markup()
      else this.startTag()
    }
  }

  private tookLeaf(): boolean {
    const { leaf, open } = this
    leaf.lastIndex = this.at
    const found = leaf.exec(this.text)
    if (found === null || found[1] !== found[3]) return false
    open[open.length - 1]!.element.children.push({ name: found[1]!, text: found[2]!, children: NONE })
    this.at = leaf.lastIndex
    return true
  }

  private markup(): void {
    if (this.skipped()) return
    if (!this.text.startsWith('<![CDATA[', this.at)) this.fail('not well-formed (invalid token)')
    const end = this.text.indexOf(']]>', this.at)
    if (end < 0) this.fail('unclosed CDATA section')
    this.append(this.text.slice(this.at + 9, end))
    this.at = end + 3
  }

  private characters(raw: string): void {
    if (raw.includes(']]>')) this.fail('not well-formed (invalid token)')
    this.append(raw.includes('&') ? this.resolved(raw) : raw)
  }

  private append(text: string): void {
    const { element } = this.open[this.open.length - 1]!
    element.whole?.nodes.push(text)
    if (element.children.length === 0) element.text = element.text === '' ? text : element.text + text
  }

  private endTag(): void {
    const { text, open } = this
    const { tag } = open[open.length - 1]!
    if (!text.includes('>', this.at)) this.fail('unclosed token')
    if (!text.startsWith(tag, this.at + 2)) this.fail('mismatched tag', this.at + 2)
    let end = this.at + 2 + tag.length
    while (isSpace(text.charCodeAt(end))) end++
    if (text.charCodeAt(end) !== 62) this.fail('mismatched tag')
    this.at = end + 1
    open.pop()
  }

  private startTag(): XmlElement {
    const { text, open } = this
    const begin = this.at
    const tag = this.name(begin + 1)
    const element: Open['element'] = { name: tag, text: '', children: [] }
    if (this.isWhole) element.whole = { tag, nodes: [] }
    const parent = open[open.length - 1]
    if (parent) parent.element.children.push(element)
    parent?.element.whole?.nodes.push(element)
    if (open.length >= MAX_DEPTH) this.fail('elements are nested too deeply')
    open.push({ element, tag })
    this.at = begin + 1 + tag.length
    for (;;) {
      const spaced = isSpace(text.charCodeAt(this.at))
      while (isSpace(text.charCodeAt(this.at))) this.at++
      const code = text.charCodeAt(this.at)
      if (code === 62) {
        this.at++
        break
      }
      if (code === 47) {
        if (text.charCodeAt(this.at + 1) !== 62) this.fail('not well-formed (invalid token)')
        this.at += 2
        this.checkPrefixes(element, tag)
        open.pop()
        return named(element, tag)
      }
      if (this.at >= text.length) this.fail('unclosed token', begin)
      if (!spaced) this.fail('not well-formed (invalid token)')
      this.attribute(element, begin)
    }
    this.checkPrefixes(element, tag)
    return named(element, tag)
  }

  private attribute(element: XmlElement, begin: number): void {
    const { text } = this
    const name = this.name(this.at)
    this.at += name.length
    while (isSpace(text.charCodeAt(this.at))) this.at++
    if (text[this.at] !== '=') this.fail('not well-formed (invalid token)')
    this.at++
    while (isSpace(text.charCodeAt(this.at))) this.at++
    const quote = text[this.at]
    if (quote !== '"' && quote !== "'") this.fail('not well-formed (invalid token)')
    const end = text.indexOf(quote, this.at + 1)
    if (end < 0) this.fail('unclosed token', begin)
    const raw = text.slice(this.at + 1, end)
    if (raw.includes('<')) this.fail('not well-formed (invalid token)')
    element.attributes ??= Object.create(null) as Record<string, string>
    if (name in element.attributes) this.fail('duplicate attribute')
    const spaced = raw.includes('\n') || raw.includes('\t') ? raw.replace(/[\t\n]/g, ' ') : raw
    element.attributes[name] = raw.includes('&') ? this.resolved(spaced) : spaced
    this.at = end + 1
  }

  /** The name at a position, as written. */
  private name(from: number): string {
    const { text, names } = this
    names.lastIndex = from
    const found = names.exec(text)
    if (found === null) this.fail(from >= text.length ? 'unclosed token' : 'not well-formed (invalid token)')
    return found[0]
  }

  /** A prefix must have been declared here or above. */
  private checkPrefixes(element: XmlElement, tag: string): void {
    if (tag.includes(':')) this.checkPrefix(tag)
    for (const name in element.attributes) {
      if (name.includes(':') && !name.startsWith('xmlns:')) this.checkPrefix(name)
    }
  }

  private checkPrefix(name: string): void {
    const [prefix, local, more] = name.split(':')
    if (!prefix || !local || more !== undefined) this.fail('not well-formed (invalid token)')
    if (prefix === 'xml') return
    const declaration = `xmlns:${prefix}`
    for (const { element } of this.open) if (element.attributes && declaration in element.attributes) return
    this.fail('unbound prefix')
  }

  /** Text with its references put in. */
  private resolved(raw: string): string {
    return raw.replace(/&([^;&\s]*;?)/g, (_, reference: string) => {
      switch (reference) {
        case 'lt;':
          return '<'
        case 'gt;':
          return '>'
        case 'amp;':
          return '&'
        case 'quot;':
          return '"'
        case 'apos;':
          return "'"
      }
      const found = /^#(?:(\d+)|x([0-9a-fA-F]+));$/.exec(reference)
      if (!found) {
        this.fail(/^[A-Za-z_][\w.-]*;$/.test(reference) ? 'undefined entity' : 'not well-formed (invalid token)')
      }
      const code = found[1] === undefined ? parseInt(found[2]!, 16) : parseInt(found[1], 10)
      if (!isCharacter(code)) this.fail('reference to invalid character number')
      return String.fromCodePoint(code)
    })
  }
}

function named(element: XmlElement, tag: string): XmlElement {
  const colon = tag.indexOf(':')
  if (colon >= 0) (element as { name: string }).name = tag.slice(colon + 1)
  return element
}

function isSpace(code: number): boolean {
  return code === 32 || code === 10 || code === 9
}

function isCharacter(code: number): boolean {
  return (
    code === 9 ||
    code === 10 ||
    code === 13 ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff)
  )
}

/** Text between tags. A carriage return is escaped, or the reader would take it for a line end. */
export function escapeText(text: string): string {
  if (!/[&<>\r]/.test(text)) return text
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#xD;')
}

/** Text between double quotes. */
export function escapeAttribute(text: string): string {
  if (!/[&<>"\r\n\t]/.test(text)) return text
  return escapeText(text)
    .replaceAll('"', '&quot;')
    .replaceAll('&#xD;', '&#13;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\t', '&#09;')
}
