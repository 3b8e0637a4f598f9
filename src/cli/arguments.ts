// Which arguments does an operation take on the command line, and where does each value go?
//
// One for each member of the input (two for a boolean), changed as `changes/` says, and then what every operation has:
// an outfile where the output streams, --cli-input-json and -yaml, the paging arguments, --generate-cli-skeleton.

import { map } from '../lib/iterate.ts'
import { kebabCase } from '../lib/names.ts'
import type { Member, Operation, Paginator, Shape } from '../model/model.ts'
import type { Option } from './argparse.ts'
import type { AddedArgument, CommandChange } from './changes/change.ts'
import { memberFrom } from './schema.ts'

export interface Argument {
  /** As typed after `--`; a positional's name as help shows it. */
  readonly name: string
  /** What the grammar and help call it: 'string', 'list', 'structure' … */
  readonly type: string
  /** The input member it fills. */
  readonly member?: Member
  /** The name of what it fills: a member's, or StartingToken, PageSize, MaxItems. */
  readonly fills?: string
  readonly required: boolean
  readonly nargs?: '?' | '*' | '+' | number
  readonly choices?: readonly string[]
  readonly positional?: boolean
  /** Understood, but not shown by help and completion. */
  readonly hidden?: boolean
  /** The key of what is given: `--x` and `--no-x` share one. */
  readonly into: string
  readonly kind: ArgumentKind
  readonly flag?: boolean
  readonly whenEmpty?: unknown
  readonly convert?: 'int' | 'float'
  readonly added?: AddedArgument
  readonly bareMembers?: boolean
  /** A paging argument that stands in the place of a member's of the same name, which counts when nothing is paged. */
  readonly shadows?: Argument
}

/** What becomes of the value. */
export type ArgumentKind =
  | 'member' // unpacked into the input
  | 'boolean' // true or false into the input
  | 'value pair' // {Value: true} or {Value: false} into the input; ec2
  | 'paging' // steers the paginator
  | 'outfile'
  | 'cli input'
  | 'skeleton'
  | 'added' // for the rework of the input, or a member by name

export type ArgumentTable = Map<string, Argument>

export interface ArgumentOptions {
  readonly change?: CommandChange
  readonly pairsOfValue?: boolean
}

export function argumentsOf(operation: Operation, { change = {}, pairsOfValue }: ArgumentOptions = {}): ArgumentTable {
  const table: ArgumentTable = new Map()
  for (const member of operation.input?.shape.members ?? []) addMember(table, member)
  applyChange(table, change)
  if (pairsOfValue) pullUpValues(table)
  const events = change.streamsEvents !== undefined
  if (streamsOut(operation) || events) {
    put(table, {
      name: 'outfile',
      type: 'string',
      required: !events,
      positional: true,
      into: 'outfile',
      kind: 'outfile',
    })
  }
  addAdded(table, change.add ?? {}, operation)
  if (!table.has('outfile')) addCliInput(table)
  const paginator = operation.service.paginator(operation.name)
  if (paginator !== undefined) addPaging(table, operation, paginator)
  if (!table.has('outfile')) addSkeleton(table)
  return table
}

/** Whether the output goes to a file of the caller's choice: its payload is a blob. */
export function streamsOut(operation: Operation): boolean {
  return streamedMember(operation) !== undefined
}

/** The member of the output that holds the bytes for the file. */
export function streamedMember(operation: Operation): string | undefined {
  const output = operation.output?.shape
  const payload = output?.traits.payload
  return payload !== undefined && output?.memberNamed(payload)?.shape.type === 'blob' ? payload : undefined
}

const CONVERSIONS: Partial<Record<Shape['type'], 'int' | 'float'>> = { long: 'int', double: 'float', float: 'float' }

function addMember(table: ArgumentTable, member: Member): void {
  const name = kebabCase(member.name)
  const { type } = member.shape
  const required = member.required && member.traits.idempotencyToken !== true
  const into = name
  if (type === 'boolean') {
    const pair = { type, member, fills: member.name, into, kind: 'boolean' } as const
    put(table, { ...pair, name, required, flag: true })
    put(table, { ...pair, name: `no-${name}`, required: false, flag: false })
    return
  }
  put(table, {
    name,
    type,
    member,
    fills: member.name,
    required,
    into,
    kind: 'member',
    ...(type === 'list' ? { nargs: '*' as const } : {}),
    ...(CONVERSIONS[type] === undefined ? {} : { convert: CONVERSIONS[type] }),
  })
}

function applyChange(table: ArgumentTable, change: CommandChange): void {
  for (const [from, to] of Object.entries(change.rename ?? {})) {
    const argument = table.get(from)
    if (argument === undefined) continue
    table.delete(from)
    put(table, { ...argument, name: to })
  }
  for (const [name, alias] of Object.entries(change.alias ?? {})) {
    const argument = table.get(name)
    if (argument === undefined) continue
    put(table, { ...argument, required: false })
    put(table, { ...argument, name: alias, into: alias, hidden: true, required: false })
  }
  for (const name of change.remove ?? []) table.delete(name)
  for (const name of change.hide ?? []) replace(table, name, { hidden: true })
  for (const name of change.optional ?? []) replace(table, name, { required: false })
  for (const name of change.bareMembers ?? []) replace(table, name, { bareMembers: true })
}

function addAdded(table: ArgumentTable, added: Readonly<Record<string, AddedArgument>>, operation: Operation): void {
  for (const [name, argument] of Object.entries(added)) {
    const member = argument.like === undefined ? undefined : memberAt(operation.input!, argument.like)
    const like = member === undefined ? {} : { member, type: member.shape.type, fills: member.name }
    put(table, { ...argumentFrom(name, argument), ...like })
  }
}

function memberAt(outer: Member, path: readonly string[]): Member {
  return path.reduce((member, name) => member.shape.memberNamed(name)!, outer)
}

/** An argument that is described by data: of a change, or of a command of our own. */
export function argumentFrom(name: string, added: AddedArgument): Argument {
  const member = added.schema === undefined ? undefined : memberFrom(added.schema)
  const isList = added.schema?.type === 'array'
  return {
    name,
    type: added.type ?? member?.shape.type ?? (added.flag === undefined ? 'string' : 'boolean'),
    required: added.required === true,
    into: added.into ?? name,
    kind: 'added',
    added,
    ...(member === undefined ? {} : { member }),
    ...((added.member ?? added.inside) === undefined ? {} : { fills: added.member ?? added.inside }),
    ...(added.convert === undefined ? {} : { convert: added.convert }),
    ...(added.nargs === undefined && !isList ? {} : { nargs: added.nargs ?? '+' }),
    ...(added.choices === undefined ? {} : { choices: added.choices }),
    ...(added.positional === undefined ? {} : { positional: added.positional }),
    ...(added.hidden === undefined ? {} : { hidden: added.hidden }),
    ...(added.flag === undefined ? {} : { flag: added.flag }),
    ...(added.whenEmpty === undefined ? {} : { whenEmpty: added.whenEmpty }),
  }
}

/** ec2: `--ebs-optimized` and `--no-ebs-optimized` for a structure of one boolean `Value`. */
function pullUpValues(table: ArgumentTable): void {
  const before = [...table.values()]
  for (const argument of before) {
    const shape = argument.member?.shape
    if (argument.kind !== 'member' || shape?.type !== 'structure' || shape.members.length !== 1) continue
    if (shape.memberNamed('Value')?.shape.type !== 'boolean') continue
    put(table, { ...argument, kind: 'value pair', required: false, nargs: '?', whenEmpty: true })
    const name = `no-${argument.name}`
    put(table, { ...argument, kind: 'value pair', required: false, name, into: name, flag: false })
  }
}

function addCliInput(table: ArgumentTable): void {
  for (const name of ['cli-input-json', 'cli-input-yaml']) {
    put(table, { name, type: 'string', required: false, into: name, kind: 'cli input' })
  }
}

function addSkeleton(table: ArgumentTable): void {
  put(table, {
    name: 'generate-cli-skeleton',
    type: 'string',
    required: false,
    into: 'generate-cli-skeleton',
    kind: 'skeleton',
    nargs: '?',
    whenEmpty: 'input',
    choices: ['input', 'output', 'yaml-input'],
  })
}

/** The names of the native token and limit arguments. */
export function nativePagingNames(paginator: Paginator): string[] {
  return map(nativePagingMembers(paginator), kebabCase)
}

export function nativePagingMembers({ input_token, limit_key }: Paginator): string[] {
  const tokens = typeof input_token === 'string' ? [input_token] : input_token
  return limit_key === undefined ? [...tokens] : [...tokens, limit_key]
}

function addPaging(table: ArgumentTable, operation: Operation, paginator: Paginator): void {
  for (const name of nativePagingNames(paginator)) replace(table, name, { hidden: true })
  const limit = paginator.limit_key === undefined ? undefined : operation.input?.shape.memberNamed(paginator.limit_key)
  const type = limit?.shape.type ?? 'integer'
  const convert = type === 'string' ? {} : { convert: 'int' as const }
  const add = (name: string, fills: string, type: string, converted: typeof convert | object): void => {
    const shadows = table.get(name)
    put(table, {
      name,
      fills,
      type,
      into: name,
      kind: 'paging',
      required: false,
      ...converted,
      ...(shadows === undefined ? {} : { shadows }),
    })
  }
  add('starting-token', 'StartingToken', 'string', {})
  if (limit !== undefined) add('page-size', 'PageSize', type, convert)
  add('max-items', 'MaxItems', type, convert)
}

function put(table: ArgumentTable, argument: Argument): void {
  table.set(argument.name, argument)
}

function replace(table: ArgumentTable, name: string, difference: Partial<Argument>): void {
  const argument = table.get(name)
  if (argument !== undefined) table.set(name, { ...argument, ...difference })
}

/** What the parser is to know of an argument. A boolean that the model requires is left to validation. */
export function optionOf(argument: Argument): Option {
  return {
    name: argument.positional ? argument.name : `--${argument.name}`,
    into: argument.into,
    ...(argument.positional ? { positional: true } : {}),
    ...((argument.added?.words ?? argument.nargs) === undefined
      ? {}
      : { nargs: argument.added?.words ?? argument.nargs }),
    ...(argument.flag === undefined ? {} : { flag: argument.flag }),
    ...(argument.whenEmpty === undefined ? {} : { whenEmpty: argument.whenEmpty }),
    ...(argument.choices === undefined ? {} : { choices: argument.choices }),
    ...(argument.convert === undefined ? {} : { convert: argument.convert }),
    ...(argument.added?.append === undefined ? {} : { append: argument.added.append }),
    required: argument.required && argument.flag === undefined,
  }
}
