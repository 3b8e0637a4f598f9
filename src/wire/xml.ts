// How does a value of a shape become XML, and back?
//
//   { Grants: [{ Permission: 'READ' }] }  ⇄  <Grants><member><Permission>READ</Permission></member></Grants>
//
// Names, flattened lists, attributes and namespaces follow botocore, which the models are written for.

import { escapeAttribute, escapeText, parseXml, XmlError } from '../lib/xml.ts'
import type { XmlElement } from '../lib/xml.ts'
import { setKey } from '../lib/json.ts'
import { keysOf } from '../lib/value.ts'
import { repr } from '../lib/python.ts'
import type { Structure, Value } from '../lib/value.ts'
import { map } from '../lib/iterate.ts'
import type { Body } from '../http/message.ts'
import type { Member, Shape, Traits } from '../model/model.ts'
import { bodyBytes, flatName, inOrder } from './message.ts'
import { readScalar, scalarText, unknownUnionMember } from './scalars.ts'
import type { Reading, Side } from './scalars.ts'

/** An element's text, its namespace declared first; empty ones are closed as ElementTree closes them. */
export function element(name: string, attributes: string, content: string): string {
  return content === '' ? `<${name}${attributes} />` : `<${name}${attributes}>${content}</${name}>`
}

export function namespaceAttribute(namespace: Traits['xmlNamespace']): string {
  if (namespace === undefined) return ''
  if (typeof namespace === 'string') return ` xmlns="${escapeAttribute(namespace)}"`
  return ` xmlns${namespace.prefix ? `:${namespace.prefix}` : ''}="${escapeAttribute(namespace.uri)}"`
}

/** A value as an element of this name; a flattened list or map as several. */
export function writeXml(member: Member, value: Value | undefined, name: string, side: Side): string {
  if (value === undefined || value === null) return ''
  const namespace = namespaceAttribute(member.traits.xmlNamespace)
  switch (member.shape.type) {
    case 'structure':
      return writeStructure(member, value as Structure, name, namespace, side)
    case 'list':
      return writeList(member, value as Value[], name, namespace, side)
    case 'map':
      return writeMap(member, value as Structure, name, namespace, side)
    default:
      return element(name, namespace, escapeText(scalarText(member, value, 'iso8601', side)))
  }
}

function writeStructure(member: Member, value: Structure, name: string, namespace: string, side: Side): string {
  const { attributes, elements } = structureContent(member, value, side)
  return element(name, namespace + attributes, elements)
}

/** A structure without the element around it. */
export function structureContent(
  member: Member,
  value: Structure,
  side: Side,
): { attributes: string; elements: string } {
  let attributes = ''
  let elements = ''
  for (const key of keysOf(value)) {
    const item = value[key]
    const known = item === undefined || item === null ? undefined : member.shape.memberNamed(key)
    if (known === undefined) continue
    const label = known.traits.locationName ?? key
    if (known.traits.xmlAttribute) {
      attributes += ` ${label}="${escapeAttribute(scalarText(known, item, 'iso8601', side))}"`
    } else {
      elements += writeXml(known, item, label, side)
    }
  }
  return { attributes, elements }
}

function writeList(member: Member, value: Value[], name: string, namespace: string, side: Side): string {
  const item = member.shape.member!
  if (member.traits.flattened) {
    // botocore's requests do not know this rule.
    const label = side === 'response' ? (flatName(member) ?? name) : name
    return value.map((one) => writeXml(item, one, label, side)).join('')
  }
  const label = item.traits.locationName ?? 'member'
  return element(name, namespace, value.map((one) => writeXml(item, one, label, side)).join(''))
}

function writeMap(member: Member, value: Structure, name: string, namespace: string, side: Side): string {
  const { key: keyMember, value: valueMember } = member.shape as Shape & { key: Member; value: Member }
  const flattened = member.traits.flattened === true
  let entries = ''
  for (const key of keysOf(value)) {
    if (value[key] === undefined) continue
    const pair =
      writeXml(keyMember, key, keyMember.traits.locationName ?? 'key', side) +
      writeXml(valueMember, value[key], valueMember.traits.locationName ?? 'value', side)
    entries += element(flattened ? name : 'entry', '', pair)
  }
  return flattened ? entries : element(name, namespace, entries)
}

/** The root element of a body. */
export function parseXmlBody(body: Body, reading: Reading): XmlElement {
  const bytes = bodyBytes(body)
  let source: string
  try {
    source = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return reading.fail('Unable to parse response (not well-formed: the text is not UTF-8), invalid XML received.')
  }
  try {
    return parseXml(source)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    return reading.fail(
      `Unable to parse response (${error.message}), invalid XML received. Further retries may succeed:\n${repr(bytes)}`,
    )
  }
}

/** One element, or the several that share a name in their parent. */
export type Node = XmlElement | readonly XmlElement[]

function first(node: Node): XmlElement {
  return isSeveral(node) ? node[0]! : node
}

function isSeveral(node: Node): node is readonly XmlElement[] {
  return Array.isArray(node)
}

export function readXml(member: Member, node: Node, reading: Reading): Value {
  switch (member.shape.type) {
    case 'structure':
      return readStructure(member, first(node), reading)
    case 'list':
      return readList(member, node, reading)
    case 'map':
      return readMap(member, node, reading)
    default:
      return readScalar(member, first(node).text, reading)
  }
}

/** How a structure is read: which elements matter, and which of them each member is read from. */
interface Plan {
  readonly slots: ReadonlyMap<string, number>
  readonly fields: readonly Field[]
}

interface Field {
  readonly name: string
  readonly member: Member
  /** Where its element is, and where it may be; -1 for none. Two members may share one: S3's Event and Events. */
  readonly slot: number
  readonly other: number
  readonly isText: boolean
  readonly attribute: string | undefined
}

const plans = new WeakMap<Shape, Plan>()

function planOf(shape: Shape): Plan {
  let plan = plans.get(shape)
  if (plan === undefined) {
    const slots = new Map<string, number>()
    const slotOf = (name: string): number => {
      const slot = slots.get(name) ?? slots.size
      slots.set(name, slot)
      return slot
    }
    const fields: Field[] = []
    for (const member of shape.members) {
      const { location, eventheader, xmlAttribute, locationName } = member.traits
      if (location === 'header' || location === 'headers' || location === 'statusCode' || eventheader) continue
      const [slot = -1, other = -1] = map(elementNames(member), slotOf)
      fields.push({
        name: member.name,
        member,
        slot,
        other,
        isText: member.shape.type === 'string',
        attribute: xmlAttribute ? (locationName ?? member.name) : undefined,
      })
    }
    plan = { slots, fields }
    plans.set(shape, plan)
  }
  return plan
}

function elementNames(member: Member): string[] {
  const own = member.traits.locationName ?? member.name
  const flat = member.shape.type === 'list' && member.traits.flattened ? flatName(member) : undefined
  return flat === undefined ? [own] : [flat, own]
}

/** Members stand in the model's order, whatever order they came in. */
export function readStructure(member: Member, node: XmlElement, reading: Reading): Structure {
  const { shape } = member
  const { slots, fields } = planOf(shape)
  if (shape.traits.union) {
    const tag = unionTag(node, shape.name, reading)
    if (!slots.has(tag)) return reading.strict ? {} : unknownUnionMember(tag)
  }
  const found: (XmlElement | XmlElement[] | undefined)[] = []
  for (const child of node.children) {
    const slot = slots.get(child.name)
    if (slot === undefined) continue
    const before = found[slot]
    if (before === undefined) found[slot] = child
    else if (Array.isArray(before)) before.push(child)
    else found[slot] = [before, child]
  }
  const structure: Structure = {}
  for (const field of fields) {
    const child = found[field.slot] ?? (field.other < 0 ? undefined : found[field.other])
    if (child !== undefined) {
      structure[field.name] = field.isText ? first(child).text : readXml(field.member, child, reading)
    } else if (field.attribute !== undefined) {
      const text = attributeOf(node, field.attribute)
      if (text !== undefined) structure[field.name] = text
    }
  }
  return structure
}

function unionTag(node: XmlElement, name: string, reading: Reading): string {
  const tags = new Set(node.children.map((child) => child.name))
  if (tags.size !== 1) reading.fail(`Invalid service response: ${name} must have one and only one member set.`)
  return node.children[0]!.name
}

/** An attribute by its modelled name; its prefix may be any. */
function attributeOf(node: XmlElement, name: string): string | undefined {
  const exact = node.attributes?.[name]
  if (exact !== undefined || node.attributes === undefined || !name.includes(':')) return exact
  const local = name.slice(name.indexOf(':'))
  const other = Object.keys(node.attributes).find((key) => key.endsWith(local) && !key.startsWith('xmlns:'))
  return other === undefined ? undefined : node.attributes[other]
}

function readList(member: Member, node: Node, reading: Reading): Value[] {
  const item = member.shape.member!
  const nodes = isSeveral(node) ? node : member.traits.flattened ? [node] : node.children
  return map(nodes, (child) => readXml(item, child, reading))
}

function readMap(member: Member, node: Node, reading: Reading): Structure {
  const { key: keyMember, value: valueMember } = member.shape as Shape & { key: Member; value: Member }
  const keyName = keyMember.traits.locationName ?? 'key'
  const valueName = valueMember.traits.locationName ?? 'value'
  const entries = isSeveral(node) ? node : member.traits.flattened ? [node] : node.children
  const map: Structure = {}
  const keys: string[] = []
  for (const entry of entries) {
    let key: string | undefined
    let value: Value | undefined
    for (const half of entry.children) {
      if (half.name === keyName) key = half.text
      else if (half.name === valueName) value = readXml(valueMember, half, reading)
      else reading.fail(`Unknown tag: ${half.name}`)
    }
    if (key === undefined || value === undefined) continue
    if (!Object.hasOwn(map, key)) keys.push(key)
    setKey(map, key, value)
  }
  return reading.wire ? inOrder(map, keys) : map
}
