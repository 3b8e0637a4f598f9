// A template of CloudFormation: JSON, or YAML in which functions are tags (`!Ref Env` is `{Ref: Env}`).
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
//
// Maps keep their order and the kind of their keys, which objects would not: account ids are keys of mappings.

import { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument } from 'yaml'
import type { Document, Node, Scalar } from 'yaml'
import { Failure } from '../../../lib/errors.ts'
import { parseJson } from '../../../lib/json.ts'
import type { Json } from '../../../lib/json.ts'
import { floatRepr } from '../../../lib/python.ts'
import { Float, keysOf, structureOf } from '../../../lib/value.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { plainScalar, YamlMoment } from '../../input/yaml-scalar.ts'
import { jsonText } from '../../output/json.ts'
import { yamlFile } from '../../output/yaml-file.ts'
import type { YamlNode } from '../../output/yaml-file.ts'

/** A scalar that is no string, where it has to be written as it is: a date, a key that is a number. */
export class Plain {
  readonly text: string
  readonly kind: 'date' | 'datetime' | 'key'
  constructor(text: string, kind: Plain['kind']) {
    this.text = text
    this.kind = kind
  }
}

export type Tree = null | boolean | number | bigint | string | Float | Plain | Tree[] | TreeMap
export type TreeMap = Map<string | Plain, Tree>

/** Throws Failure('InvalidValue') for what is neither JSON nor YAML. */
export function parseTemplate(text: string): Tree {
  try {
    return fromJson(parseJson(text, { wire: true }))
  } catch {
    const document = parseDocument(text, { version: '1.2', merge: true, uniqueKeys: false, logLevel: 'silent' })
    const [error] = document.errors
    if (error !== undefined) throw new Failure('InvalidValue', error.message.split('\n')[0]!.replace(/:$/, ''))
    return document.contents === null ? null : new Reader(document).tree(document.contents as Node)
  }
}

function fromJson(json: Json): Tree {
  if (Array.isArray(json)) return json.map(fromJson)
  if (typeof json !== 'object' || json === null || json instanceof Float) return json
  return new Map(keysOf(json as Structure).map((key) => [key, fromJson(json[key]!)]))
}

class Reader {
  readonly #document: Document
  constructor(document: Document) {
    this.#document = document
  }

  tree(node: Node | null | undefined): Tree {
    if (node === null || node === undefined) return null
    if (isAlias(node)) return this.tree(node.resolve(this.#document) as Node | undefined)
    const { tag } = node as { tag?: string }
    const plain = this.#untagged(node, tag)
    return tag !== undefined && tag.startsWith('!') && tag !== '!' ? intrinsic(tag.slice(1), plain) : plain
  }

  #untagged(node: Node, tag: string | undefined): Tree {
    if (isSeq(node)) return node.items.map((item) => this.tree(item as Node))
    if (isMap(node)) return this.#map(node.items as { key: Node; value: Node | null }[])
    if (isCollection(node) || !isScalar(node)) return null
    const scalar = node as Scalar
    if (tag !== undefined && tag !== 'tag:yaml.org,2002:str') return scalar.source ?? String(scalar.value ?? '')
    if (tag === undefined && scalar.type === 'PLAIN') return scalarOf(scalar.source ?? '')
    return tag === undefined && scalar.value === null ? null : String(scalar.value)
  }

  /** `<<` lends the keys that the map does not have itself. */
  #map(items: readonly { key: Node; value: Node | null }[]): TreeMap {
    const lent: TreeMap = new Map()
    const own: TreeMap = new Map()
    const texts = new Map<string, string | Plain>()
    for (const { key, value } of items) {
      const name = keyOf(this.tree(key))
      if (name === '<<') {
        const sources = this.tree(value)
        for (const source of Array.isArray(sources) ? sources : [sources]) {
          if (source instanceof Map) for (const [k, v] of source) if (!lent.has(k)) lent.set(k, v)
        }
        continue
      }
      const known = name instanceof Plain ? (texts.get(name.text) ?? name) : name
      if (name instanceof Plain) texts.set(name.text, known)
      own.set(known, this.tree(value))
    }
    return new Map([...[...lent].filter(([key]) => !own.has(key)), ...own])
  }
}

function keyOf(key: Tree): string | Plain {
  if (typeof key === 'string' || key instanceof Plain) return key
  if (typeof key === 'object' && key !== null && !(key instanceof Float)) {
    throw new Failure('InvalidValue', 'while constructing a mapping: found unhashable key')
  }
  return new Plain(key instanceof Float ? floatRepr(key.value) : String(key), 'key')
}

/** `!GetAtt A.B` is a list; all but two carry `Fn::`. */
function intrinsic(name: string, value: Tree): Tree {
  const key = name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`
  if (name !== 'GetAtt' || typeof value !== 'string') return new Map([[key, value]])
  const dot = value.indexOf('.')
  return new Map([[key, dot < 0 ? [value] : [value.slice(0, dot), value.slice(dot + 1)]]])
}

function scalarOf(text: string): Tree {
  const value = plainScalar(text, { oldBooleans: true })
  return value instanceof YamlMoment ? new Plain(value.text, value.kind) : value
}

export function templateYaml(tree: Tree): string {
  return yamlFile(asNode(tree), { oldBooleans: true })
}

function asNode(tree: Tree): YamlNode {
  if (Array.isArray(tree)) return { list: tree.map(asNode) }
  if (!(tree instanceof Map)) return { text: scalarText(tree), isString: typeof tree === 'string' }
  return {
    map: [...tree].map(([key, value]) => {
      const isString = typeof key === 'string'
      return [{ text: isString ? key : key.text, isString }, asNode(value)]
    }),
  }
}

function scalarText(value: Exclude<Tree, Tree[] | TreeMap>): string {
  if (value instanceof Plain) return value.text
  if (!(value instanceof Float)) return String(value)
  const { value: number } = value
  return Number.isNaN(number) ? '.nan' : Number.isFinite(number) ? floatRepr(number) : number > 0 ? '.inf' : '-.inf'
}

/** Throws Failure('InvalidValue') for a date: JSON has none. */
export function templateJson(tree: Tree): string {
  return jsonText(asValue(tree))
}

function asValue(tree: Tree): Value {
  if (tree instanceof Plain) throw new Failure('InvalidValue', `Object of type ${tree.kind} is not JSON serializable`)
  if (Array.isArray(tree)) return tree.map(asValue)
  if (!(tree instanceof Map)) return tree
  return structureOf([...tree].map(([key, value]) => [key instanceof Plain ? key.text : key, asValue(value)]))
}

/** What stands at `Command.ScriptLocation`; undefined where nothing does. */
export function at(tree: Tree | undefined, path: string): Tree | undefined {
  return path
    .split('.')
    .reduce<Tree | undefined>((found, key) => (found instanceof Map ? found.get(key) : undefined), tree)
}

export function setAt(tree: TreeMap, path: string, value: Tree): void {
  const keys = path.split('.')
  const last = keys.pop()!
  let place = tree
  for (const key of keys) {
    const next = place.get(key)
    if (next instanceof Map) place = next
    else {
      const made: TreeMap = new Map()
      place.set(key, made)
      place = made
    }
  }
  place.set(last, value)
}
