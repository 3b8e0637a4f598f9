// What does `--cli-input-yaml` mean? YAML 1.2's core schema, as the reference reads it, with `!!binary` as bytes.

import { Lexer, parseDocument, visit } from 'yaml'
import type { Document, Scalar, ScalarTag, YAMLError } from 'yaml'
import { decodeBase64 } from '../../lib/python.ts'
import { Float } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'
import { plainScalar, YamlMoment } from './yaml-scalar.ts'

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u

/** Throws the library's error for what is not YAML. */
export function yamlValue(text: string): Value {
  if (UNPRINTABLE.test(text)) throw new Error('Special characters are not allowed')
  const { document, source } = read(text)
  const wrong = document.errors[0] ?? document.warnings.find(({ code }) => code === 'TAG_RESOLVE_FAILED')
  if (wrong) throw wrong
  visit(document, {
    Scalar(_, scalar) {
      if (scalar.type === 'PLAIN' && scalar.tag === undefined) scalar.value = plain(scalar.source!)
      else withoutMadeUpEnd(scalar, source)
    },
    Collection(_, { tag }) {
      if (tag === binary.tag) throw new Error('Not base64')
    },
  })
  return asValue(document.toJS())
}

const REPAIRS = 500

/**
 * The lines of quoted text, and of lists and maps in brackets, may begin anywhere, says the reference; the library wants them
 * further in than what they belong to.
 */
function read(source: string, repaired = 0): { document: Document; source: string } {
  const document = parseDocument(source, { version: '1.2', customTags: [binary] })
  const [error] = document.errors
  const better = error === undefined || repaired > REPAIRS ? undefined : indented(source, error)
  return better === undefined ? { document, source } : read(better, repaired + 1)
}

function indented(source: string, { message, pos: [at] }: YAMLError): string | undefined {
  if (message.startsWith('Missing closing')) return withIndentedQuotation(source, at)
  return message.startsWith('Flow ') ? withIndentedLine(source, at) : undefined
}

function withIndentedLine(source: string, at: number): string | undefined {
  const start = source.lastIndexOf('\n', at - 1) + 1
  const line = source.slice(start)
  // What is missing is the bracket, where no line is left or moving it was no help.
  if (start === 0 || line.trim() === '' || line.startsWith(MARGIN)) return undefined
  return source.slice(0, start) + MARGIN + line
}

const MARGIN = ' '.repeat(80)

function withIndentedQuotation(source: string, end: number): string | undefined {
  let start = 0
  for (const token of new Lexer().lex(source)) {
    if (/^[\x02\x18\x1f]$/.test(token)) continue // marks that the lexer puts between
    if (start + token.length >= end) break
    start += token.length
  }
  const [quoted] = /^(?:"(?:[^"\\]|\\[^])*"|'(?:[^']|'')*')/.exec(source.slice(start)) ?? []
  if (quoted === undefined || /\n(?:---|\.\.\.)\s/.test(quoted)) return undefined
  const margin = ' '.repeat(start - source.lastIndexOf('\n', start))
  const indented = quoted.replaceAll(/\n[ \t]*(?=[^\s])/g, `\n${margin}`)
  return indented === quoted ? undefined : source.slice(0, start) + indented + source.slice(start + quoted.length)
}

const binary: ScalarTag = {
  tag: 'tag:yaml.org,2002:binary',
  resolve(text, onError) {
    const bytes = decodeBase64(text)
    if (bytes === undefined) onError('Not base64')
    return bytes
  },
}

/** A block at the very end has no last line break where the text has none, as in `"$(cat input.yaml)"`. */
function withoutMadeUpEnd(scalar: Scalar, text: string): void {
  if (scalar.type !== 'BLOCK_LITERAL' && scalar.type !== 'BLOCK_FOLDED') return
  if (text.endsWith('\n') || scalar.range![1] < text.length) return
  scalar.value = (scalar.value as string).replace(/\n$/, '')
}

/** Text stays text where the reference sees a date. */
function plain(text: string): unknown {
  const value = plainScalar(text)
  return value instanceof YamlMoment ? text : value
}

function asValue(parsed: unknown): Value {
  if (typeof parsed === 'number' && !Number.isInteger(parsed)) return new Float(parsed)
  if (Array.isArray(parsed)) return parsed.map(asValue)
  if (parsed instanceof Uint8Array || parsed instanceof Float || parsed === null || typeof parsed !== 'object') {
    return (parsed ?? null) as Value
  }
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asValue(value)]))
}
