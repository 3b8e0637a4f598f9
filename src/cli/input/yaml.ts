// What does `--cli-input-yaml` mean? YAML 1.2's core schema, as the reference reads it, with `!!binary` as bytes.

import { Lexer, parseDocument, visit } from 'yaml'
import type { Document, Scalar, ScalarTag, YAMLError } from 'yaml'
import { decodeBase64 } from '../../lib/python.ts'
import { Float } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'

/** Throws the library's error for what is not YAML. */
export function yamlValue(text: string): Value {
  const { document, source } = read(text)
  if (document.errors[0]) throw document.errors[0]
  visit(document, { Scalar: (_, scalar) => withoutMadeUpEnd(scalar, source) })
  return asValue(document.toJS())
}

function read(source: string): { document: Document; source: string } {
  const document = parseDocument(source, { version: '1.2', intAsBigInt: true, customTags: [binary] })
  const [error] = document.errors
  const indented = error?.message.startsWith('Missing closing') ? withIndentedQuotation(source, error) : undefined
  return indented === undefined ? { document, source } : read(indented)
}

/** The lines of quoted text may begin anywhere, says the reference; the library wants them further in than what they belong to. */
function withIndentedQuotation(source: string, { pos: [end] }: YAMLError): string | undefined {
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

function asValue(parsed: unknown): Value {
  if (typeof parsed === 'bigint') return Number.isSafeInteger(Number(parsed)) ? Number(parsed) : parsed
  if (typeof parsed === 'number') return new Float(parsed)
  if (Array.isArray(parsed)) return parsed.map(asValue)
  if (parsed instanceof Uint8Array || parsed instanceof Date || parsed === null || typeof parsed !== 'object') {
    return (parsed ?? null) as Value
  }
  return Object.fromEntries(Object.entries(parsed).map(([key, value]) => [key, asValue(value)]))
}
