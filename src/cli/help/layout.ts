// How do blocks become lines of a given width?

import type { Block, Span } from './blocks.ts'

export interface Page {
  /** Columns of the reader's window. */
  readonly width: number
  /** Bold, underlined and coloured words; none where nobody looks at it on a terminal. */
  readonly decorated: boolean
}

const STEP = 3
/** However deep it is: narrower than this nothing can be read. */
const NARROWEST = 30

export function pageText(blocks: readonly Block[], page: Page): string {
  const writer = new Writer(page)
  writer.blocks(blocks, 0)
  return `${writer.lines.join('\n')}\n`
}

class Writer {
  readonly lines: string[] = []
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  blocks(blocks: readonly Block[], indent: number): void {
    blocks.forEach((block, index) => {
      if (index > 0) this.lines.push('')
      this.#block(block, indent)
    })
  }

  #block(block: Block, indent: number): void {
    switch (block.kind) {
      case 'text':
        return this.#wrapped(block.spans, indent)
      case 'code':
        for (const line of block.lines) this.lines.push(`${' '.repeat(indent)}${line}`.trimEnd())
        return
      case 'item':
        this.#wrapped(block.head, indent)
        return this.blocks(block.blocks, indent + STEP)
      case 'section':
        this.lines.push(this.#painted({ text: block.title, style: 'strong' }))
        return this.blocks(block.blocks, indent + STEP)
      case 'list':
        return this.#list(block.items, block.ordered, indent)
    }
  }

  /** Items of one line each stand close together. */
  #list(items: readonly (readonly Block[])[], ordered: boolean, indent: number): void {
    const width = ordered ? String(items.length).length + 2 : 2
    const open = items.some((blocks) => blocks.length > 1 || !this.#fitsOneLine(blocks[0], indent + width))
    items.forEach((blocks, index) => {
      if (index > 0 && open) this.lines.push('')
      const at = this.lines.length
      this.blocks(blocks, indent + width)
      const mark = ordered ? `${index + 1}.` : 'o'
      if (this.lines.length === at) this.lines.push(' '.repeat(indent + width))
      this.lines[at] = `${' '.repeat(indent)}${mark.padEnd(width)}${this.lines[at]!.slice(indent + width)}`.trimEnd()
    })
  }

  #fitsOneLine(block: Block | undefined, indent: number): boolean {
    if (block === undefined) return true
    if (block.kind !== 'text') return false
    return block.spans.reduce((length, { text }) => length + text.length, 0) <= this.#room(indent)
  }

  #room(indent: number): number {
    return Math.max(NARROWEST, this.#page.width - indent)
  }

  #wrapped(spans: readonly Span[], indent: number): void {
    const room = this.#room(indent)
    const margin = ' '.repeat(indent)
    if (!this.#page.decorated || spans.every(({ style }) => style === undefined)) {
      this.#wrappedPlain(spans.length === 1 ? spans[0]!.text : spans.map(({ text }) => text).join(''), room, margin)
      return
    }
    let line = ''
    let length = 0
    for (const word of wordsOf(spans)) {
      const width = word.reduce((sum, { text }) => sum + text.length, 0)
      if (length > 0 && length + 1 + width > room) {
        this.lines.push(margin + line)
        line = ''
        length = 0
      }
      const text = word.map((span) => this.#painted(span)).join('')
      line += length > 0 ? ` ${text}` : text
      length += length > 0 ? width + 1 : width
    }
    if (length > 0) this.lines.push(margin + line)
  }

  /** The same for text without styles, which is most of it, without a look at every word. */
  #wrappedPlain(text: string, room: number, margin: string): void {
    const words = /\s\s|[\n\t\r]/.test(text) ? text.replace(/\s+/g, ' ').trim() : text.trim()
    let from = 0
    while (words.length - from > room) {
      let blank = words.lastIndexOf(' ', from + room)
      if (blank <= from) blank = words.indexOf(' ', from)
      if (blank < 0) break
      this.lines.push(margin + words.slice(from, blank))
      from = blank + 1
    }
    if (from < words.length) this.lines.push(margin + words.slice(from))
  }

  #painted({ text, style }: Span): string {
    if (!this.#page.decorated || style === undefined) return text
    const [on, off] = style === 'strong' ? [1, 22] : style === 'emphasis' ? [4, 24] : [36, 39]
    return `\x1b[${on}m${text}\x1b[${off}m`
  }
}

/** Words between blanks; one may be of several styles: `(*list*)`. */
function wordsOf(spans: readonly Span[]): Span[][] {
  const words: Span[][] = []
  let open = false
  for (const { text, style } of spans) {
    const pieces = text.split(/\s/)
    pieces.forEach((piece, index) => {
      if (index > 0) open = false
      if (piece === '') return
      const span = style === undefined ? { text: piece } : { text: piece, style }
      if (open) words.at(-1)!.push(span)
      else words.push([span])
      open = true
    })
  }
  return words
}
