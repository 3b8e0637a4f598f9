// What does `--cli-input-yaml` mean? YAML 1.2's core schema, as the reference reads it, with `!!binary` as bytes.

import { parseDocument, visit } from 'yaml'
import type { Scalar, ScalarTag } from 'yaml'
import { decodeBase64 } from '../../lib/python.ts'
import { Float } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'

/** Throws the library's error for what is not YAML. */
export function yamlValue(text: string): Value {
  const document = parseDocument(text, { version: '1.2', intAsBigInt: true, customTags: [binary] })
  if (document.errors[0]) throw document.errors[0]
  visit(document, { Scalar: (_, scalar) => withoutMadeUpEnd(scalar, text) })
  return asValue(document.toJS())
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
