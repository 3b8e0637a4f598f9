// What is a page of help made of, before it is known how wide the reader's window is?

export interface Span {
  readonly text: string
  readonly style?: 'strong' | 'emphasis' | 'code'
}

export type Block =
  | { readonly kind: 'text'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  /** A line, and what belongs to it further right: an option, a member, a note. */
  | { readonly kind: 'item'; readonly head: readonly Span[]; readonly blocks: readonly Block[] }
  /** Lines that keep their breaks and blanks. */
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  /** NAME, DESCRIPTION …: the only one that starts at the margin. */
  | { readonly kind: 'section'; readonly title: string; readonly blocks: readonly Block[] }

export function paragraph(...spans: readonly (Span | string)[]): Block {
  return { kind: 'text', spans: spans.map(spanOf) }
}

export function item(head: readonly (Span | string)[], blocks: readonly Block[]): Block {
  return { kind: 'item', head: head.map(spanOf), blocks }
}

export function bullets(items: Iterable<string | readonly Block[]>): Block {
  const each = Array.from(items, (one) => (typeof one === 'string' ? [paragraph(one)] : one))
  return { kind: 'list', ordered: false, items: each }
}

export function codeLines(text: string): Block {
  return { kind: 'code', lines: text.split('\n') }
}

export function section(title: string, blocks: readonly Block[]): Block {
  return { kind: 'section', title, blocks }
}

export function strong(text: string): Span {
  return { text, style: 'strong' }
}

export function code(text: string): Span {
  return { text, style: 'code' }
}

function spanOf(span: Span | string): Span {
  return typeof span === 'string' ? { text: span } : span
}

/** The plain words of the first sentence, for a list of commands. */
export function firstSentence(blocks: readonly Block[]): string {
  const first = blocks.find((block) => block.kind === 'text')
  if (first === undefined) return ''
  const words = first.spans.map(({ text }) => text).join('')
  return /^.*?[.!?](?=\s|$)/s.exec(words)?.[0] ?? words
}
