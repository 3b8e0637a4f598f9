// How does the models' documentation, which is HTML of a kind, become blocks of text?
//
// `<p>Use <code>--x</code>.</p> <note> <p>…</p> </note> <ul> <li> <p>…</p> </li> </ul>`: three dozen tags, some left
// open, some closed twice, and now and then a placeholder like <N> that is no tag at all and is kept as it stands.

import type { Block, Span } from './blocks.ts'

const STYLES: Readonly<Record<string, Span['style']>> = {
  b: 'strong',
  strong: 'strong',
  h1: 'strong',
  h2: 'strong',
  h3: 'strong',
  i: 'emphasis',
  em: 'emphasis',
  u: 'emphasis',
  a: 'emphasis',
  link: 'emphasis',
  replaceable: 'emphasis',
  code: 'code',
  filename: 'code',
}

/** Each begins a block of its own. */
const BREAKS = new Set(['p', 'para', 'div', 'br', 'h1', 'h2', 'h3', 'dt', 'zonbook', 'xhtml', 'section', 'title'])
const CONTAINERS = new Set(['ul', 'ol', 'li', 'note', 'important', 'dl', 'dd', 'pre', 'fullname'])

interface Open {
  readonly tag: string
  readonly blocks: Block[]
  items: Block[][]
  spans: Span[]
  /** A definition list's term that waits for its text. */
  term: readonly Span[]
}

export function blocksFrom(html: string): Block[] {
  if (!html.includes('<') && !html.includes('&')) return plain(html)
  const reader = new Reader()
  let at = 0
  // By hand rather than by one expression: a page of help may hold ten thousand tags.
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open !== at) {
      const end = open < 0 ? html.length : open
      reader.text(decoded(html.slice(at, end)))
      at = end
      continue
    }
    const tag = tagAt(html, at)
    if (tag === undefined) {
      reader.text('<')
      at++
    } else {
      if (tag.closes) reader.close(tag.name)
      else reader.open(tag.name, tag.empty)
      at = tag.end
    }
  }
  return reader.finish()
}

interface Tag {
  readonly name: string
  readonly closes: boolean
  readonly empty: boolean
  /** Where the text goes on. */
  readonly end: number
}

/** Undefined for a `<` that begins no tag we know. */
function tagAt(html: string, at: number): Tag | undefined {
  const end = html.indexOf('>', at)
  if (end < 0) return undefined
  const closes = html[at + 1] === '/'
  const inner = html.slice(closes ? at + 2 : at + 1, end)
  const stop = inner.search(/[\s/]/)
  const name = (stop < 0 ? inner : inner.slice(0, stop)).toLowerCase()
  return isKnown(name) ? { name, closes, empty: inner.endsWith('/'), end: end + 1 } : undefined
}

function isKnown(tag: string): boolean {
  return Object.hasOwn(STYLES, tag) || BREAKS.has(tag) || CONTAINERS.has(tag)
}

function plain(text: string): Block[] {
  const words = text.replace(/\s+/g, ' ').trim()
  return words === '' ? [] : [{ kind: 'text', spans: [{ text: words }] }]
}

class Reader {
  readonly #stack: Open[] = [opened('')]
  readonly #styles: string[] = []

  get #top(): Open {
    return this.#stack.at(-1)!
  }

  text(text: string): void {
    const { spans, tag } = this.#top
    const style = STYLES[this.#styles.at(-1) ?? '']
    const words = tag === 'pre' || !/\s\s|[\n\t\r]/.test(text) ? text : text.replace(/\s+/g, ' ')
    const last = spans.at(-1)
    // `<a>GetUser </a> .`
    const ends = last !== undefined && style === undefined && tag !== 'pre' && /^ ?[.,;:)](?=\s|$)/.test(words)
    if (ends) spans.splice(0, spans.length, ...trimmed(spans))
    const joined =
      ends || (tag !== 'pre' && (last === undefined || last.text.endsWith(' '))) ? words.replace(/^ /, '') : words
    if (joined !== '') spans.push(style === undefined ? { text: joined } : { text: joined, style })
  }

  open(tag: string, empty: boolean): void {
    if (BREAKS.has(tag)) this.#breakBefore()
    if (Object.hasOwn(STYLES, tag)) {
      this.#styles.push(tag)
      return
    }
    if (!CONTAINERS.has(tag)) return
    this.#breakBefore()
    if (tag === 'li' && this.#top.tag === 'li') this.#pop()
    if (!empty) this.#stack.push(opened(tag))
  }

  close(tag: string): void {
    if (Object.hasOwn(STYLES, tag)) {
      const at = this.#styles.lastIndexOf(tag)
      if (at >= 0) this.#styles.splice(at, 1)
    }
    if (tag === 'dt' && this.#top.tag === 'dl') return this.#keepTerm()
    if (BREAKS.has(tag)) this.#breakBefore()
    if (!CONTAINERS.has(tag) || !this.#stack.some((open) => open.tag === tag)) return
    while (this.#top.tag !== tag) this.#pop()
    this.#pop()
  }

  finish(): Block[] {
    while (this.#stack.length > 1) this.#pop()
    this.#breakBefore()
    return this.#top.blocks
  }

  #keepTerm(): void {
    const spans = trimmed(this.#top.spans)
    this.#top.spans = []
    this.#add()
    this.#top.term = spans
  }

  /** Adds to the innermost container, after whatever of it waits: items of a list, a term that nothing describes. */
  #add(...blocks: Block[]): void {
    const top = this.#top
    if (top.items.length > 0) top.blocks.push({ kind: 'list', ordered: top.tag === 'ol', items: top.items })
    if (top.term.length > 0) top.blocks.push({ kind: 'text', spans: top.term })
    top.items = []
    top.term = []
    top.blocks.push(...blocks)
  }

  /** What was collected becomes a block. */
  #breakBefore(): void {
    const top = this.#top
    const spans = top.tag === 'pre' ? top.spans : trimmed(top.spans)
    top.spans = []
    if (spans.length === 0) return
    if (top.tag === 'pre') this.#add({ kind: 'code', lines: linesOf(spans) })
    else this.#add({ kind: 'text', spans })
  }

  /** Closes the innermost container and hands what it holds to the one around it. */
  #pop(): void {
    this.#breakBefore()
    this.#add()
    const { tag, blocks } = this.#stack.pop()!
    const around = this.#top
    switch (tag) {
      case 'li':
        if (around.tag === 'ul' || around.tag === 'ol') around.items.push(blocks)
        else this.#add({ kind: 'list', ordered: false, items: [blocks] })
        break
      case 'note':
      case 'important':
        this.#add({
          kind: 'item',
          head: [{ text: tag === 'note' ? 'Note:' : 'Important:', style: 'strong' }],
          blocks,
        })
        break
      case 'dd': {
        const head = around.term
        around.term = []
        this.#add({ kind: 'item', head, blocks })
        break
      }
      case 'fullname': // the service's title, which stands above already
        break
      default:
        if (blocks.length > 0) this.#add(...blocks)
    }
  }
}

function opened(tag: string): Open {
  return { tag, blocks: [], items: [], spans: [], term: [] }
}

function trimmed(spans: readonly Span[]): readonly Span[] {
  const last = spans.at(-1)
  if (last === undefined || !last.text.endsWith(' ')) return spans
  const text = last.text.trimEnd()
  return text === '' ? trimmed(spans.slice(0, -1)) : [...spans.slice(0, -1), { ...last, text }]
}

function linesOf(spans: readonly Span[]): string[] {
  const lines = spans
    .map(({ text }) => text)
    .join('')
    .split('\n')
  while (lines.length > 0 && lines[0]!.trim() === '') lines.shift()
  while (lines.length > 0 && lines.at(-1)!.trim() === '') lines.pop()
  return lines.map((line) => line.trimEnd())
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'", nbsp: ' ' }

/** Windows' own dashes and quotes, which HTML reads where control characters stand: `&#150;`. */
const DASHES: Readonly<Record<number, string>> = { 0x91: '‘', 0x92: '’', 0x93: '“', 0x94: '”', 0x96: '–', 0x97: '—' }

function decoded(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex?: string, decimal?: string, name?: string) => {
    if (name !== undefined) return ENTITIES[name] ?? whole
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
    if (point === 0x20_28) return '\n'
    return DASHES[point] ?? (point <= 0x10_ff_ff ? String.fromCodePoint(point) : whole)
  })
}
