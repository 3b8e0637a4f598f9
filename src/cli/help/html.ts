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
  readonly items: Block[][]
  spans: Span[]
  /** A definition list's term that waits for its text. */
  term: readonly Span[]
}

export function blocksFrom(html: string): Block[] {
  if (!html.includes('<') && !html.includes('&')) return plain(html)
  const reader = new Reader()
  for (const match of html.matchAll(/<(\/?)([a-zA-Z][a-zA-Z0-9]*)(?=[\s>/])[^>]*>|[^<]+|</g)) {
    const [whole, close, name] = match
    const tag = name?.toLowerCase()
    if (tag === undefined || !isKnown(tag)) reader.text(decoded(whole))
    else if (close === '/') reader.close(tag)
    else reader.open(tag, whole)
  }
  return reader.finish()
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
    const words = tag === 'pre' ? text : text.replace(/\s+/g, ' ')
    const last = spans.at(-1)
    // `<a>GetUser </a> .`
    const ends = last !== undefined && style === undefined && tag !== 'pre' && /^ ?[.,;:)](?=\s|$)/.test(words)
    if (ends) spans.splice(0, spans.length, ...trimmed(spans))
    const joined = ends || (tag !== 'pre' && (last === undefined || last.text.endsWith(' '))) ? words.replace(/^ /, '') : words
    if (joined !== '') spans.push(style === undefined ? { text: joined } : { text: joined, style })
  }

  open(tag: string, whole: string): void {
    if (BREAKS.has(tag)) this.#breakBefore()
    if (Object.hasOwn(STYLES, tag)) {
      this.#styles.push(tag)
      return
    }
    if (!CONTAINERS.has(tag)) return
    this.#breakBefore()
    if (tag === 'li' && this.#top.tag === 'li') this.#pop()
    if (!whole.endsWith('/>')) this.#stack.push(opened(tag))
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
    const top = this.#top
    if (top.term.length > 0) top.blocks.push({ kind: 'text', spans: top.term })
    top.term = trimmed(top.spans)
    top.spans = []
  }

  /** What was collected becomes a block. */
  #breakBefore(): void {
    const top = this.#top
    const spans = top.tag === 'pre' ? top.spans : trimmed(top.spans)
    top.spans = []
    if (spans.length === 0) return
    if (top.tag === 'pre') top.blocks.push({ kind: 'code', lines: linesOf(spans) })
    else top.blocks.push({ kind: 'text', spans })
  }

  /** Closes the innermost container and hands what it holds to the one around it. */
  #pop(): void {
    this.#breakBefore()
    const { tag, blocks, items, term } = this.#stack.pop()!
    const around = this.#top
    switch (tag) {
      case 'li':
        if (around.tag === 'ul' || around.tag === 'ol') around.items.push(blocks)
        else around.blocks.push({ kind: 'list', ordered: false, items: [blocks] })
        break
      case 'ul':
      case 'ol':
        around.blocks.push(...blocks)
        if (items.length > 0) around.blocks.push({ kind: 'list', ordered: tag === 'ol', items })
        break
      case 'note':
      case 'important':
        around.blocks.push({ kind: 'item', head: [{ text: tag === 'note' ? 'Note:' : 'Important:', style: 'strong' }], blocks })
        break
      case 'dd':
        around.blocks.push({ kind: 'item', head: around.term, blocks })
        around.term = []
        break
      case 'fullname': // the service's title, which stands above already
        break
      default:
        around.blocks.push(...blocks)
        if (term.length > 0) around.blocks.push({ kind: 'text', spans: term })
    }
  }
}

function opened(tag: string): Open {
  return { tag, blocks: [], items: [], spans: [], term: [] }
}

function trimmed(spans: readonly Span[]): Span[] {
  const kept = [...spans]
  while (kept.length > 0) {
    const last = kept.at(-1)!
    const text = last.text.trimEnd()
    if (text !== '') {
      if (text !== last.text) kept[kept.length - 1] = { ...last, text }
      break
    }
    kept.pop()
  }
  return kept
}

function linesOf(spans: readonly Span[]): string[] {
  const lines = spans.map(({ text }) => text).join('').split('\n')
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
