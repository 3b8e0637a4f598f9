// On which resources is an operation asked for, and what does the request tell conditions? From the input, by the ARN
// patterns of the reference: what the input does not name is `*`, which only a policy that says `*` there allows.

import type { Structure, Value } from '../../lib/value.ts'
import type { ActionResource } from '../actions.ts'
import type { Mapping, NeededAction } from './mapping.ts'
import { unnamedResource } from './unnamed.ts'

/** One question to IAM. */
export interface NeededPermission {
  /** `s3:GetObject` */
  readonly action: string
  /** An ARN, or `*`. */
  readonly resource: string
  /** Condition keys in lower case. */
  readonly context: Readonly<Record<string, string | readonly string[]>>
}

export interface Place {
  readonly partition?: string
  readonly account: string
  readonly region: string
}

/** Every question that the operation with this input is put to IAM for, the roles it hands on among them. */
export function permissionsFor(mapping: Mapping, input: Structure, place: Place): NeededPermission[] {
  const asked = mapping.of(input).flatMap((needed) => {
    const action = `${needed.prefix}:${needed.name}`
    const context = { ...tagKeys(input), ...memberKeys(needed, input, place) }
    const resources =
      mapping.path === undefined ? resourcesOf(needed, input, place) : [called(mapping.path, input, place)]
    return resources.map((resource) => ({
      action,
      resource: resource === '*' ? unnamedResource(action, place) : resource,
      context,
    }))
  })
  return [...asked, ...passedRoles(mapping, input)]
}

/** API Gateway's ARNs are the paths of its own interface. */
function called(path: string, input: Structure, { partition = 'aws', region }: Place): string {
  const filledIn = path.replace(/\{(\w+)\}/g, (_, member: string) => textsOf(input[member])[0] ?? '*')
  return `arn:${partition}:apigateway:${region}::${filledIn}`
}

// --- resources -------------------------------------------------------------------------------------------------------

function resourcesOf({ prefix, known, name }: NeededAction, input: Structure, place: Place): string[] {
  const types = (known?.resourceTypes ?? []).filter(({ type }) => type !== undefined)
  if (types.length === 0) return ['*']
  const isNew = /^(Create|Register|Import|Allocate|Run|Request)/.test(name)
  const alone = types.length === 1
  const found = types.map((type) => ({ type, ...filled({ resource: type, alone, prefix, input, place }) }))
  // One ARN that fits several types of resource (ResourceArn of TagResource) names one of them, not all.
  const given = found.filter(({ given }) => given)
  if (given.length > 0) {
    const others = found.filter(({ type, complete, given }) => complete && !given && (type.required || !isNew))
    return unique([...given, ...others].flatMap(({ arns }) => arns))
  }
  const wanted = found.filter(({ type, complete }) => type.required || (complete && !isNew))
  return wanted.length === 0 ? ['*'] : unique(wanted.flatMap(({ arns }) => arns))
}

/** One type of resource whose ARN is to be made from an input. */
interface Sought {
  readonly resource: ActionResource
  /** No other type is concerned: what is only called name or id is this one's. */
  readonly alone: boolean
  /** The service's in IAM: `s3`. */
  readonly prefix: string
  readonly input: Structure
  readonly place: Place
}

interface Filled {
  arns: string[]
  /** Every variable had a value. */
  complete: boolean
  /** The input held the ARN itself. */
  given: boolean
}

/** The ARNs of one type of resource that the input names; a list of ids names several. */
function filled(sought: Sought): Filled {
  const patterns = sought.resource.type!.arn.split(', ')
  const matched = textsIn(sought.input).filter(
    (text) => text.startsWith('arn:') && patterns.some((pattern) => fits(text, pattern)),
  )
  if (matched.length > 0) return { arns: matched, complete: true, given: true }
  const made = patterns.map((pattern) => madeFrom(pattern, sought))
  return made.find(({ complete }) => complete) ?? made[0]!
}

const PLACE = /\$\{(Partition|Region|Account)\}/g

function madeFrom(pattern: string, sought: Sought): Filled {
  const { alone, place } = sought
  const here: Record<string, string> = {
    Partition: place.partition ?? 'aws',
    Region: place.region,
    Account: place.account,
  }
  const fixed = pattern.replace(PLACE, (_, name: string) => here[name]!)
  const variables = Array.from(fixed.matchAll(/\$\{(\w+)\}/g), ([, name]) => name!)
  let arns = [fixed]
  let complete = true
  const used = new Set<string>()
  for (const [at, variable] of variables.entries()) {
    const last = at === variables.length - 1
    const { member, values } = valuesFor(variable, { ...sought, alone: last && alone })
    if (values.length === 0) complete = false
    // What names a stack is not its id as well: `stack/name/*`.
    if (member !== undefined && used.has(member)) values.length = 0
    if (member !== undefined) used.add(member)
    const texts = values.length === 0 ? ['*'] : values
    arns = arns.flatMap((arn) => texts.map((text) => arn.replace(`\${${variable}}`, () => text)))
  }
  return { arns, complete, given: false }
}

/** What members call a variable whose name says nothing of it. */
const otherNames: Readonly<Record<string, readonly string[]>> = { ObjectName: ['key'], KeyName: ['key'] }

/** The values of the input for a variable of an ARN: `InstanceId` from InstanceIds, `TableName` from TableName. */
function valuesFor(
  variable: string,
  { resource, alone, prefix, input }: Sought,
): { member?: string; values: string[] } {
  const type = resource.name
  const bare = variable.endsWith('WithoutLeadingSlash')
  const wanted = new Set([stem(variable), stem(type), ...(otherNames[variable] ?? [])])
  for (const [member, value] of Object.entries(input)) {
    if (!wanted.has(stem(member))) continue
    const values = textsOf(value)
    if (values.length > 0) return { member, values: values.map((text) => lastPart(text, member, type, prefix, bare)) }
  }
  if (!alone) return { values: [] }
  // One type of resource, and one thing that is only called name or id.
  for (const member of ['Name', 'name', 'Id', 'id', 'Identifier', 'identifier']) {
    const values = textsOf(input[member])
    if (values.length > 0) return { member, values: values.map((text) => lastPart(text, member, type, prefix, bare)) }
  }
  return { values: [] }
}

/** `InstanceIds` → `instance`, `DBInstanceIdentifier` → `dbinstance`, `QueueUrl` → `queue`. */
function stem(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/withoutleadingslash$/, '')
  return (
    plain
      .replace(/(identifier|name|id|arn|url)s?$/, '')
      .replace(/ies$/, 'y')
      .replace(/s$/, '') || plain
  )
}

/** What stands in an ARN for a value that says more: the name in a URL, `alias/x`, `/parameter`, another ARN. */
function lastPart(text: string, member: string, type: string, prefix: string, bare: boolean): string {
  if (/url$/i.test(member)) return text.replace(/\/+$/, '').split('/').at(-1)!
  const [, , service, , , ...rest] = text.startsWith('arn:') ? text.split(':') : []
  const own = service === prefix ? rest.join(':') : text
  const word = own.startsWith(`${type}/`) || own.startsWith(`${type}:`) ? own.slice(type.length + 1) : own
  return bare ? word.replace(/^\//, '') : word
}

function textsIn(input: Structure): string[] {
  return Object.values(input).flatMap((value) => textsOf(value))
}

function textsOf(value: Value | undefined): string[] {
  if (typeof value === 'string') return value === '' ? [] : [value]
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

/** Whether an ARN is one of the pattern's. */
function fits(arn: string, pattern: string): boolean {
  const parts = pattern.split(/\$\{\w+\}/).map((part) => part.replace(/[.*+?^()[\]{}|\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('(.*)')}$`).test(arn) && !moreSpecific(arn, pattern)
}

/** `table/T/index/I` is no table, though `table/*` would take it in. */
function moreSpecific(arn: string, pattern: string): boolean {
  const tail = (text: string): number => text.split(':').slice(5).join(':').split('/').length
  return !/\$\{[^}]*(Path|Key|Prefix)[^}]*\}$/.test(pattern) && tail(arn) > tail(pattern)
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)]
}

// --- condition keys --------------------------------------------------------------------------------------------------

/** aws:RequestTag/… and aws:TagKeys, however the service writes tags. */
function tagKeys(input: Structure): Record<string, string | readonly string[]> {
  const keys: Record<string, string | readonly string[]> = {}
  const tags = Object.entries(input).find(([name]) => /^tags$/i.test(name))?.[1]
  const pairs: [string, string][] = []
  if (Array.isArray(tags)) {
    for (const tag of tags as Structure[]) {
      const key = tag['Key'] ?? tag['key'] ?? tag['TagKey']
      const value = tag['Value'] ?? tag['value'] ?? tag['TagValue']
      if (typeof key === 'string') pairs.push([key, typeof value === 'string' ? value : ''])
    }
  } else if (typeof tags === 'object' && tags !== null) {
    for (const [key, value] of Object.entries(tags as Structure)) pairs.push([key, String(value)])
  }
  for (const [key, value] of pairs) keys[`aws:requesttag/${key}`] = value
  const removed = Object.entries(input).find(([name]) => /^tagkeys$/i.test(name))?.[1]
  const all = pairs.length > 0 ? pairs.map(([key]) => key) : textsOf(removed)
  if (all.length > 0) keys['aws:tagkeys'] = all
  return keys
}

/** The service's own keys that are called as a member of the input is: `ec2:InstanceType`. */
function memberKeys({ prefix, known }: NeededAction, input: Structure, place: Place): Record<string, string> {
  const keys: Record<string, string> = {}
  const asked = [...(known?.conditionKeys ?? []), ...(known?.resourceTypes ?? []).flatMap((type) => type.conditionKeys)]
  for (const key of asked) {
    const [own, name] = key.split(':') as [string, string | undefined]
    if (own !== prefix || name === undefined || name.includes('$')) continue
    if (name === 'Region') keys[`${prefix}:region`] = place.region
    const member = Object.keys(input).find((each) => each.toLowerCase() === name.toLowerCase())
    const value = member === undefined ? undefined : input[member]
    if (['string', 'number', 'boolean'].includes(typeof value)) keys[key.toLowerCase()] = String(value)
  }
  return keys
}

// --- roles that are handed on ----------------------------------------------------------------------------------------

/** Whom a role is passed to, where it is not the service of the same name. */
const passedTo: Readonly<Record<string, string>> = {
  ecs: 'ecs-tasks',
  elasticmapreduce: 'elasticmapreduce',
  sagemaker: 'sagemaker',
}

/** A role that the input hands to the service needs iam:PassRole. */
function passedRoles(mapping: Mapping, input: Structure): NeededPermission[] {
  const changes = mapping.actions.some(({ known }) => known?.accessLevel === 'Write')
  if (!changes || ['iam', 'sts'].includes(mapping.prefix)) return []
  const service = `${passedTo[mapping.prefix] ?? mapping.prefix}.amazonaws.com`
  const roles = Object.entries(input).flatMap(([member, value]) => (/role(arn)?$/i.test(member) ? textsOf(value) : []))
  return unique(roles.filter((role) => /^arn:[\w-]+:iam::\d{12}:role\//.test(role))).map((resource) => ({
    action: 'iam:PassRole',
    resource,
    context: { 'iam:passedtoservice': service },
  }))
}
