// What does `--cli-input-yaml` mean? YAML 1.2's core schema, as the reference reads it, with `!!binary` as bytes.

import { parse } from 'yaml'
import { Float } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'

/** Throws the library's error for what is not YAML. */
export function yamlValue(text: string): Value {
  return asValue(parse(text, { version: '1.2', intAsBigInt: true }))
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
