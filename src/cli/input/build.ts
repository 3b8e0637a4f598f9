// From the words after `service operation` to the input of the operation: read this to see in which order things count.

import { Failure } from '../../lib/errors.ts'
import { isStructure } from '../../lib/value.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { typeName } from '../../lib/python.ts'
import { filter, map, some } from '../../lib/iterate.ts'
import type { Operation } from '../../model/model.ts'
import { parseKnown } from '../argparse.ts'
import { nativePagingMembers, nativePagingNames, optionOf } from '../arguments.ts'
import type { Argument, ArgumentTable } from '../arguments.ts'
import type { CommandChange, Given, Surrounding } from '../changes/change.ts'
import { USAGE } from '../usage.ts'
import { jsonValue, JsonError } from './json.ts'
import { paramFile, ParamFileError } from './param-file.ts'
import { integer } from './shorthand.ts'
import { loaded, parameterError, unpack } from './unpack.ts'
import type { Word } from './unpack.ts'

export type Skeleton = 'input' | 'output' | 'yaml-input'

/** --starting-token, --page-size and --max-items. */
export interface Paging {
  StartingToken?: string
  PageSize?: number | string
  MaxItems?: number | string
}

/** What was typed, understood. */
export interface Typed {
  input: Structure
  given: Given
  paging: Paging
  /** False where a native token or limit was given, or --no-paginate. */
  paginate: boolean
  outfile?: string
  skeleton?: Skeleton
  /** `help` was the last word. */
  help: boolean
}

export interface Typing {
  readonly operation: Operation
  readonly table: ArgumentTable
  readonly change: CommandChange
  readonly around: Surrounding
  /** Not --no-paginate. */
  readonly paginate: boolean
  readonly warn: (line: string) => void
}

/** Throws Failure('ParamValidation' | 'InvalidValue'). */
export async function understand(words: readonly string[], typing: Typing): Promise<Typed> {
  const { operation, change, around } = typing
  if (words.length === 1 && words[0] === 'help')
    return { input: {}, given: {}, paging: {}, paginate: false, help: true }
  const values = parse(words, typing.table)
  if (values.help === true) return { input: {}, given: {}, paging: {}, paginate: false, help: true }
  requireOneOfPair(values, typing.table)
  for (const groups of change.exclusive ?? []) requireOneGroup(values, groups, typing.table)
  change.check?.(values)
  const paging = pagingOf(values, typing)
  const typed = await fill(values, paging.table, typing)
  await change.input?.(typed.input, typed.given, around)
  await mergeCliInput(typed.input, values, around)
  const { paginate } = pagingAfterMerge(typed, paging.paginate, operation)
  if (paginate) typed.paging.PageSize ??= change.pageSize?.(typed.input)
  await change.finish?.(typed.input, around)
  return {
    ...typed,
    paginate,
    ...(values.outfile === undefined ? {} : { outfile: values.outfile as string }),
    ...(values['generate-cli-skeleton'] === undefined ? {} : { skeleton: values['generate-cli-skeleton'] as Skeleton }),
    help: false,
  }
}

function parse(words: readonly string[], table: ArgumentTable): Record<string, unknown> {
  const optional = table.has('cli-input-json') && everythingIsOptional(words)
  const options = map(table.values(), (argument) => {
    const option = optionOf(argument)
    return optional ? { ...option, required: false } : option
  })
  const help = { name: 'help', into: 'help', positional: true, nargs: '?' } as const
  const { values, rest } = parseKnown([...options, help], words)
  if (values.help === 'help') return { help: true }
  // An empty word, what is left of a variable that is not set, is as good as none.
  if (values.help) rest.push(values.help as string)
  if (rest.length > 0) throw unknownOptions(rest)
  return values
}

/** The reference looks for the option as a word of its own, so `--cli-input-json=…` does not count. */
function everythingIsOptional(words: readonly string[]): boolean {
  if (words.includes('--cli-input-json') || words.includes('--cli-input-yaml')) return true
  const skeleton = words.indexOf('--generate-cli-skeleton')
  return skeleton >= 0 && words[skeleton + 1] !== 'output'
}

export function unknownOptions(options: readonly string[], separator = ', '): Failure {
  return new Failure('ParamValidation', `Unknown options: ${options.join(separator)}`, { before: `\n${USAGE}\n` })
}

function requireOneOfPair(values: Record<string, unknown>, table: ArgumentTable): void {
  for (const { kind, name, flag, into } of table.values()) {
    if (kind !== 'value pair' || flag !== false || !(into in values)) continue
    const positive = name.slice('no-'.length)
    if (!(positive in values)) continue
    throw new Failure('ParamValidation', `Cannot specify both the "--${positive}" option and the "--${name}" option.`)
  }
}

function requireOneGroup(
  values: Record<string, unknown>,
  groups: readonly (readonly string[])[],
  table: ArgumentTable,
): void {
  let used: readonly string[] | undefined
  for (const { name, into } of table.values()) {
    const group = into in values ? groups.find((each) => each.includes(name)) : undefined
    if (group === undefined) continue
    used ??= group
    if (group === used) continue
    const others = used.map((each) => each.replaceAll('-', '_')).join(', ')
    throw new Failure(
      'ParamValidation',
      `The key "${name.replaceAll('-', '_')}" cannot be specified when one of the following keys are also specified: ` +
        others,
    )
  }
}

/** A native token or limit turns paging off, and then the paging arguments make no sense. */
function pagingOf(values: Record<string, unknown>, typing: Typing): { paginate: boolean; table: ArgumentTable } {
  const { operation, table } = typing
  const paginator = operation.service.paginator(operation.name)
  if (paginator === undefined) return { paginate: typing.paginate, table }
  const natives = [...nativePagingNames(paginator), ...(typing.change.unpagedWith ?? [])]
  const isNative = (name: string): boolean => name !== 'max-items' && name !== 'start-token'
  const paginate = typing.paginate && !some(natives, (name) => isNative(name) && values[name] !== undefined)
  if (paginate) return { paginate, table }
  const used = ['starting-token', 'page-size', 'max-items'].filter((name) => {
    return values[name] && table.get(name)?.kind === 'paging' && table.get(name)?.shadows === undefined
  })
  if (used.length > 0) {
    throw new Failure(
      'ParamValidation',
      `Cannot specify --no-paginate along with pagination arguments: ${used.map((name) => `--${name}`).join(', ')}`,
    )
  }
  const unshadowed = [...table].map(([name, argument]) => [name, argument.shadows ?? argument] as const)
  return { paginate, table: new Map(unshadowed) }
}

async function fill(
  values: Record<string, unknown>,
  table: ArgumentTable,
  typing: Typing,
): Promise<Pick<Typed, 'input' | 'given' | 'paging'>> {
  const { env } = typing.around
  const input: Structure = {}
  const given: Record<string, Value | undefined> = {}
  const paging: Paging = {}
  for (const argument of table.values()) {
    if (!(argument.into in values) || isNegativeTwin(argument, values)) continue
    const value = values[argument.into]
    const place = { name: `--${argument.name}`, env, bareMembers: argument.bareMembers === true }
    switch (argument.kind) {
      case 'member':
        input[argument.fills!] = await unpack(
          isWord(value) ? loaded(value, place) : (value as Word),
          argument.member!,
          place,
        )
        break
      case 'boolean':
        input[argument.fills!] = value as boolean
        break
      case 'value pair':
        input[argument.fills!] =
          typeof value === 'boolean'
            ? { Value: value }
            : await unpack(loaded(value as Word, place), argument.member!, place)
        break
      case 'paging':
        setPaging(paging, argument, value, typing.warn)
        break
      case 'added': {
        const result = await addedValue(argument, value, place)
        if (argument.added?.member === undefined) given[argument.into] = result
        else input[argument.added.member] = result
        break
      }
    }
  }
  return { input, given, paging }
}

/** `--no-x` shares its place with `--x`, which fills the member for both. */
function isNegativeTwin({ kind, flag }: Argument, _values: Record<string, unknown>): boolean {
  return kind === 'boolean' && flag === false
}

function isWord(value: unknown): value is Word {
  return typeof value === 'string' || Array.isArray(value)
}

/** The value of an argument that no model describes: its words after `file://`, or what its schema makes of them. */
export async function addedValue(
  argument: Argument,
  value: unknown,
  place: { name: string; env: Surrounding['env'] },
): Promise<Value> {
  if (!isWord(value)) return value as Value
  const word = argument.added?.noParamFile ? value : loaded(value, place)
  if (argument.member !== undefined) return unpack(word, argument.member, place)
  return argument.type === 'integer' ? integer(word as Value) : (word as Value)
}

function setPaging(paging: Paging, { fills }: Argument, value: unknown, warn: (line: string) => void): void {
  if (fills === 'MaxItems' && integer(String(value)) <= 0) {
    warn('warning: Non-positive values for --max-items may result in undefined behavior.')
  }
  paging[fills as keyof Paging] = value as never
}

async function mergeCliInput(input: Structure, values: Record<string, unknown>, around: Surrounding): Promise<void> {
  const given = filter(['cli-input-json', 'cli-input-yaml'], (name) => values[name] !== undefined)
  if (given.length > 1) throw new Failure('ParamValidation', 'Only one --cli-input- parameter may be specified.')
  const [name] = given
  if (name === undefined) return
  const typed = values[name] as string
  let text: string | Uint8Array
  try {
    text = paramFile(typed, around.env) ?? typed
  } catch (error) {
    if (error instanceof ParamFileError) throw parameterError(`--${name}`, error.message)
    throw error
  }
  const whole = await wholeInput(name, text)
  if (!isStructure(whole)) {
    throw parameterError(`--${name}`, `Invalid type: expecting map, received <class '${typeName(whole)}'>`)
  }
  for (const [key, value] of Object.entries(whole)) input[key] ??= value
}

async function wholeInput(name: string, text: string | Uint8Array): Promise<Value> {
  const source = typeof text === 'string' ? text : new TextDecoder().decode(text)
  if (name === 'cli-input-json') {
    try {
      return jsonValue(source)
    } catch (error) {
      if (error instanceof JsonError) throw parameterError(name, 'Invalid JSON received.')
      throw error
    }
  }
  const { yamlValue } = await import('./yaml.ts')
  try {
    return yamlValue(source)
  } catch {
    throw parameterError(name, 'Invalid YAML received.')
  }
}

/** Tokens that came by --cli-input-json turn paging off too; paging arguments beside them are then unknown members. */
function pagingAfterMerge(
  typed: Pick<Typed, 'input' | 'paging'>,
  paginate: boolean,
  operation: Operation,
): Pick<Typed, 'paginate'> {
  const paginator = operation.service.paginator(operation.name)
  if (paginator === undefined) return { paginate: false }
  const paged = paginate && !some(nativePagingMembers(paginator), (name) => typed.input[name] !== undefined)
  const asked = Object.keys(typed.paging).length > 0
  if (!paged) {
    if (asked) typed.input.PaginationConfig = { ...typed.paging }
    return { paginate: false }
  }
  const { PaginationConfig: configured, ...input } = typed.input
  if (configured !== undefined) {
    if (!asked) Object.assign(typed.paging, pagingConfigured(configured))
    typed.input = input
  }
  return { paginate: true }
}

/** A whole input may say how to page; where an option says so, too, that one counts alone. */
function pagingConfigured(configured: Value): Paging {
  if (!isStructure(configured)) {
    throw new Failure('InvalidValue', `'${typeName(configured)}' object has no attribute 'get'`)
  }
  const keys = ['StartingToken', 'PageSize', 'MaxItems'] as const
  return Object.fromEntries(keys.map((key) => [key, configured[key] ?? undefined]))
}
