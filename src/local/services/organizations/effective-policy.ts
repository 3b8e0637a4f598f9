// What is left of the management policies (tags, backups, opting out of AI services …) that an account inherits? Each level,
// from the root down, changes what came from above by its operators, as far as the levels above let it.
//
//   {"tags": {"project": {"tag_value": {"@@operators_allowed_for_child_policies": ["@@append"], "@@assign": ["a", "b"]}}}}
//
// https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html

import type { Json } from '../../../lib/json.ts'

type Section = Readonly<Record<string, Json>>

const control = '@@operators_allowed_for_child_policies'
const operators = ['@@assign', '@@append', '@@remove'] as const
type Operator = (typeof operators)[number]

/** A place of the policy: a setting has a value, a section has members. */
interface Node {
  value?: Json
  members?: Map<string, Node>
  /** What the levels below may do to it: to a section, add members. */
  allowed: ReadonlySet<Operator>
}

/** `levels`: the documents (JSON) at the root, at each unit, and at the account; of one level, in the order of their attachment. */
export function effectivePolicy(levels: readonly (readonly string[])[]): Section {
  const root = newNode()
  for (const documents of levels)
    apply(
      root,
      documents.map((document) => JSON.parse(document) as Section),
    )
  return Object.fromEntries([...(root.members ?? [])].flatMap(([name, node]) => shown(name, node)))
}

function newNode(): Node {
  return { allowed: new Set(operators) }
}

/** What one level's policies say of a place; where they contradict each other, the first one counts. */
function apply(node: Node, parts: readonly Section[]): void {
  const said = (name: string): Json[] => parts.flatMap((part) => (Object.hasOwn(part, name) ? [part[name]!] : []))
  if (parts.some((part) => operators.some((operator) => Object.hasOwn(part, operator)))) setValue(node, said)
  else {
    const names = new Set(parts.flatMap((part) => Object.keys(part).filter((name) => !name.startsWith('@@'))))
    for (const name of names) applyTo(node, name, said(name))
  }
  // They bind the levels below, not this one.
  for (const limit of said(control)) node.allowed = new Set([...node.allowed].filter((each) => permits(limit, each)))
}

function applyTo(node: Node, name: string, said: readonly Json[]): void {
  const known = node.members?.get(name)
  if (!known && node.allowed.size === 0) return
  const member = known ?? newNode()
  // A bare value is set as if it were assigned.
  apply(
    member,
    said.map((part) => (isSection(part) ? part : { '@@assign': part })),
  )
  ;(node.members ??= new Map()).set(name, member)
}

function setValue(node: Node, said: (name: string) => readonly Json[]): void {
  const may = (operator: Operator): readonly Json[] => (node.allowed.has(operator) ? said(operator) : [])
  const [assigned] = may('@@assign')
  if (assigned !== undefined) node.value = assigned
  for (const values of may('@@append')) {
    const there = listOf(node.value)
    node.value = [...there, ...listOf(values).filter((value) => !there.includes(value))]
  }
  for (const values of may('@@remove'))
    if (node.value !== undefined) node.value = listOf(node.value).filter((value) => !listOf(values).includes(value))
}

function isSection(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: Json | undefined): readonly Json[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value]
}

function permits(limit: Json, operator: Operator): boolean {
  const names = listOf(limit)
  return names.includes('@@all') || names.includes(operator)
}

/** Nothing, for a setting that came to nothing. */
function shown(name: string, { value, members }: Node): [string, Json][] {
  if (members) return [[name, Object.fromEntries([...members].flatMap(([each, node]) => shown(each, node)))]]
  return value === undefined || (Array.isArray(value) && value.length === 0) ? [] : [[name, value]]
}
