// How does a value become form parameters, and back?
//
//   { Filters: [{ Name: 'vpc-id', Values: ['v'] }] }
//     query  ⇄  Filters.member.1.Name=vpc-id&Filters.member.1.Values.member.1=v
//     ec2    ⇄  Filter.1.Name=vpc-id&Filter.1.Value.1=v

import { formDecode, percentEncode } from '../lib/percent.ts'
import { setKey } from '../lib/json.ts'
import { keysOf } from '../lib/value.ts'
import type { Structure, Value } from '../lib/value.ts'
import { map } from '../lib/iterate.ts'
import type { Member, Shape } from '../model/model.ts'
import { flatName } from './message.ts'
import { readScalar, scalarText } from './scalars.ts'
import type { Reading } from './scalars.ts'

/** The naming rules of one of the two form protocols. */
export interface Form {
  readonly name: 'query' | 'ec2'
  /** A member's segment in the parameter name. */
  segment(member: Member): string
  /** The names of a list's elements, without the index; and what an empty list is written as. */
  listPrefix(list: Member, prefix: string): string
  readonly emptyList: '' | undefined
}

export const queryForm: Form = {
  name: 'query',
  segment: (member) => member.traits.locationName ?? member.name,
  listPrefix(list, prefix) {
    const named = list.shape.member?.traits.locationName
    if (!list.traits.flattened) return `${prefix}.${named ?? 'member'}`
    const own = flatName(list)
    return own === undefined ? prefix : prefix.slice(0, prefix.lastIndexOf('.') + 1) + own
  },
  emptyList: '',
}

export const ec2Form: Form = {
  name: 'ec2',
  segment(member) {
    const { queryName, locationName = member.name } = member.traits
    return queryName ?? locationName.charAt(0).toUpperCase() + locationName.slice(1)
  },
  listPrefix: (_, prefix) => prefix,
  emptyList: undefined,
}

/** Parameters in the order they are sent. */
export type Parameters = [name: string, value: string][]

/** `a b&c` → `a+b%26c`, as Python's urlencode does. */
export function formText(parameters: Parameters): string {
  return map(parameters, ([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&')
}

function formEncode(text: string): string {
  return percentEncode(text).replaceAll('%20', '+')
}

export function parseForm(text: string): Parameters {
  if (text === '') return []
  return map(text.split('&'), (pair): [string, string] => {
    const equals = pair.indexOf('=')
    return equals < 0 ? [formDecode(pair), ''] : [formDecode(pair.slice(0, equals)), formDecode(pair.slice(equals + 1))]
  })
}

/** Adds the parameters of a value. */
export function writeForm(
  form: Form,
  member: Member,
  value: Value | undefined,
  prefix: string,
  into: Parameters,
): void {
  if (value === undefined || value === null) return
  switch (member.shape.type) {
    case 'structure':
      return writeStructure(form, member, value as Structure, prefix, into)
    case 'list':
      return writeList(form, member, value as Value[], prefix, into)
    case 'map':
      return writeMap(form, member, value as Structure, prefix, into)
    default:
      into.push([prefix, scalarText(member, value, 'iso8601', 'request')])
  }
}

function writeStructure(form: Form, member: Member, value: Structure, prefix: string, into: Parameters): void {
  for (const name of keysOf(value)) {
    const known = member.shape.memberNamed(name)
    if (known) writeForm(form, known, value[name], joined(prefix, form.segment(known)), into)
  }
}

function joined(prefix: string, segment: string): string {
  return prefix === '' ? segment : `${prefix}.${segment}`
}

function writeList(form: Form, member: Member, value: Value[], prefix: string, into: Parameters): void {
  if (value.length === 0) {
    if (form.emptyList !== undefined) into.push([prefix, form.emptyList])
    return
  }
  const listPrefix = form.listPrefix(member, prefix)
  value.forEach((item, index) => writeForm(form, member.shape.member!, item, `${listPrefix}.${index + 1}`, into))
}

function writeMap(form: Form, member: Member, value: Structure, prefix: string, into: Parameters): void {
  const { key: keyMember, value: valueMember } = member.shape as Shape & { key: Member; value: Member }
  const entry = member.traits.flattened ? prefix : `${prefix}.entry`
  keysOf(value).forEach((key, index) => {
    const pair = `${entry}.${index + 1}`
    writeForm(form, keyMember, key, `${pair}.${keyMember.traits.locationName ?? 'key'}`, into)
    writeForm(form, valueMember, value[key], `${pair}.${valueMember.traits.locationName ?? 'value'}`, into)
  })
}

/** Parameters as a tree: `A.1.B=x` is x at A, 1, B. */
export interface FormNode {
  text?: string
  readonly children: Map<string, FormNode>
}

export function formTree(parameters: Parameters): FormNode {
  const root: FormNode = { children: new Map() }
  for (const [name, value] of parameters) {
    let node = root
    for (const segment of name.split('.')) {
      let child = node.children.get(segment)
      if (child === undefined) node.children.set(segment, (child = { children: new Map() }))
      node = child
    }
    node.text ??= value
  }
  return root
}

/** The value at a node; `parent` and `segment` tell where it stands, for lists that are named in their parent. */
export function readForm(form: Form, member: Member, node: FormNode, reading: Reading): Value {
  switch (member.shape.type) {
    case 'structure':
      return readFormStructure(form, member, node, reading)
    case 'list':
      return listed(listNode(form, member, node)).map((item) => readForm(form, member.shape.member!, item, reading))
    case 'map':
      return readMap(form, member, node, reading)
    case 'boolean':
      return readBoolean(form, textOf(node), reading)
    default:
      return readScalar(member, textOf(node), reading)
  }
}

/** A value may come with a list's number, and a list of one without: boto 2 sends `InstanceId.1=i`, `AttributeName=All`. */
function textOf(node: FormNode): string {
  return node.text ?? node.children.get('1')?.text ?? ''
}

function listed(node: FormNode): FormNode[] {
  return node.text && node.children.size === 0 ? [node] : numbered(node)
}

/** The words are XML Schema's; EC2 takes capitals, too, as libcloud sends them. */
function readBoolean(form: Form, text: string, reading: Reading): boolean {
  const word = form.name === 'ec2' ? text.toLowerCase() : text
  if (word === 'true' || word === '1') return true
  if (word === 'false' || word === '0') return false
  return reading.fail('boolean must follow xsd1.1 definition')
}

export function readFormStructure(form: Form, member: Member, node: FormNode, reading: Reading): Structure {
  const structure: Structure = {}
  for (const known of member.shape.members) {
    const child = childOf(form, known, node)
    if (child) structure[known.name] = readForm(form, known, child, reading)
  }
  return structure
}

/** The node of a member. A flattened list whose elements have a name stands under that name. */
function childOf(form: Form, member: Member, node: FormNode): FormNode | undefined {
  const own =
    form.name === 'query' && member.shape.type === 'list' && member.traits.flattened ? flatName(member) : undefined
  const at = (path: string): FormNode | undefined => {
    let found: FormNode | undefined = node
    for (const segment of path.split('.')) found = found?.children.get(segment)
    return found
  }
  return (own === undefined ? undefined : at(own)) ?? at(form.segment(member))
}

/** Where a list's numbered elements are. */
function listNode(form: Form, member: Member, node: FormNode): FormNode {
  if (form.name === 'ec2' || member.traits.flattened) return node
  return node.children.get(member.shape.member?.traits.locationName ?? 'member') ?? node.children.get('member') ?? node
}

/** Children by their numbers, in order; gaps are closed. */
function numbered(node: FormNode): FormNode[] {
  return [...node.children]
    .filter(([segment]) => /^\d{1,9}$/.test(segment))
    .sort(([a], [b]) => Number(a) - Number(b))
    .map(([, child]) => child)
}

function readMap(form: Form, member: Member, node: FormNode, reading: Reading): Structure {
  const { key: keyMember, value: valueMember } = member.shape as Shape & { key: Member; value: Member }
  const entries = member.traits.flattened ? node : (node.children.get('entry') ?? node)
  const map: Structure = {}
  for (const entry of numbered(entries)) {
    const key = entry.children.get(keyMember.traits.locationName ?? 'key')?.text
    const value = entry.children.get(valueMember.traits.locationName ?? 'value')
    if (key !== undefined && value !== undefined) setKey(map, key, readForm(form, valueMember, value, reading))
  }
  return map
}
