// Items as YAML: to be written into a table, and as they come out of one.

import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Scalar } from 'yaml'
import { Failure } from '../../../lib/errors.ts'
import { Float } from '../../../lib/value.ts'
import { compareText, floatRepr } from '../../../lib/python.ts'
import { plainScalar, YamlMoment } from '../../input/yaml-scalar.ts'
import { jsonText } from '../../output/json.ts'
import { Emitter } from '../../output/yaml-emitter.ts'
import { Decimal } from './decimal.ts'
import { Binary, Members } from './values.ts'
import type { Attribute } from './values.ts'

/** Throws Failure('InvalidValue'). */
export function readItems(text: string): Attribute {
  const document = parseDocument(text, { version: '1.2', merge: true, logLevel: 'silent' })
  const [error] = document.errors
  if (error !== undefined) throw new Failure('InvalidValue', error.message.split('\n')[0]!.replace(/:$/, ''))
  return document.contents === null ? null : attribute(document.contents as Node, document)
}

function attribute(node: Node | null | undefined, document: Document): Attribute {
  if (node === null || node === undefined) return null
  if (isAlias(node)) return attribute(node.resolve(document) as Node | undefined, document)
  const { tag } = node as { tag?: string }
  if (isSeq(node)) return node.items.map((item) => attribute(item as Node, document))
  if (isMap(node)) {
    const pairs = node.items as { key: Node; value: Node | null }[]
    if (tag === 'tag:yaml.org,2002:set' || tag === '!!set') {
      return new Members(pairs.map(({ key }) => attribute(key, document) as string | Decimal | Binary))
    }
    return Object.fromEntries(
      pairs.map(({ key, value }) => [keyText(attribute(key, document)), attribute(value, document)]),
    )
  }
  return isScalar(node) ? scalar(node as Scalar, tag) : null
}

function scalar(node: Scalar, tag: string | undefined): Attribute {
  const source = node.source ?? String(node.value ?? '')
  if (tag === 'tag:yaml.org,2002:binary') return new Binary(source.replace(/\s/g, ''))
  if (tag === 'tag:yaml.org,2002:float') return new Decimal(source)
  if (tag !== undefined || node.type !== 'PLAIN') return String(node.value ?? '')
  const value = plainScalar(source)
  if (value instanceof Float) return new Decimal(source.replaceAll('_', ''))
  return typeof value === 'number' || typeof value === 'bigint' ? new Decimal(String(value)) : value
}

function keyText(key: Attribute): string {
  if (key instanceof Decimal) return key.text
  return typeof key === 'string' ? key : String(key)
}

/** What a response or a query of one looks like; keys sorted, as all output in YAML. */
export function yamlOf(value: unknown): string {
  if (value instanceof Decimal) return `${value.text}\n`
  if (value === null || typeof value !== 'object' || value instanceof Float) return `${jsonText(value as null)}\n`
  const emitter = new Emitter()
  write(value, emitter, false)
  return emitter.end()
}

function write(value: unknown, emitter: Emitter, inMap: boolean): void {
  if (value instanceof Decimal) {
    // A whole number that does not look like one says that it is one.
    return value.isWhole && /[.E]/.test(value.text)
      ? emitter.indicator(`!!int ${value.text}`)
      : emitter.scalar(value.text, false)
  }
  if (value instanceof Binary) return emitter.indicator(`!!binary "${value.base64}"`)
  if (value instanceof Members) return writeSet(value, emitter)
  if (value instanceof YamlMoment) return emitter.scalar(value.text, false)
  if (value instanceof Float) return emitter.scalar(floatRepr(value.value), false)
  if (typeof value !== 'object' || value === null) return emitter.scalar(String(value), typeof value === 'string')
  if (Array.isArray(value)) {
    if (value.length === 0) return emitter.indicator('[]')
    emitter.openList(inMap)
    for (const item of value) {
      emitter.item()
      write(item, emitter, false)
    }
    return emitter.close()
  }
  const entries = Object.entries(value)
    .filter(([, each]) => each !== undefined)
    .toSorted(([a], [b]) => compareText(a, b))
  if (entries.length === 0) return emitter.indicator('{}')
  emitter.openMap()
  for (const [key, each] of entries) {
    emitter.key(key)
    write(each, emitter, true)
  }
  emitter.close()
}

function ordered(a: string | Decimal | Binary, b: string | Decimal | Binary): number {
  if (a instanceof Decimal && b instanceof Decimal) return Number(a.text) - Number(b.text)
  return typeof a === 'string' && typeof b === 'string' ? compareText(a, b) : 0
}

/** A map whose values are nothing. */
function writeSet({ items }: Members, emitter: Emitter): void {
  emitter.indicator('!!set')
  emitter.openMap()
  for (const item of items.toSorted(ordered)) {
    if (typeof item === 'string') emitter.key(item)
    else emitter.rawKey(item instanceof Decimal ? item.text : `!!binary "${item.base64}"`)
    emitter.scalar('null', false)
  }
  emitter.close()
}
