// SYNOPSIS, OPTIONS and GLOBAL OPTIONS: what may be typed behind a command, in short and at length.

import type { Shape } from '../../model/model.ts'
import type { Argument, ArgumentTable } from '../arguments.ts'
import { optionOf } from '../arguments.ts'
import type { Option } from '../argparse.ts'
import { globalOptions } from '../globals.ts'
import { bullets, code, codeLines, item, paragraph, section, strong } from './blocks.ts'
import type { Block, Span } from './blocks.ts'
import { STREAMING, commonTexts, globalTexts, ownTexts } from './fixed-texts.ts'
import { blocksFrom } from './html.ts'
import { typeName } from './shapes.ts'
import type { Describer } from './shapes.ts'
import { isComplex, takesBareValue } from '../input/unpack.ts'
import { jsonSyntax, listSyntax, shorthandSyntax } from './syntax.ts'

/** Arguments of which only one is typed: `--dry-run | --no-dry-run`. */
type Group = readonly [Argument, ...Argument[]]

function groupsOf(table: ArgumentTable): Group[] {
  const groups = new Map<unknown, [Argument, ...Argument[]]>()
  for (const argument of table.values()) {
    if (argument.hidden) continue
    const key = togetherAs(argument)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [argument])
    else group.push(argument)
  }
  return Array.from(groups.values())
}

/** What the arguments of a group have in common. */
function togetherAs({ kind, member, into, name, flag }: Argument): unknown {
  if (kind === 'boolean' || kind === 'value pair') return member
  if (kind === 'cli input') return kind
  return flag === undefined ? name : into.replace(/^no-/, '')
}

export function synopsis(words: readonly string[], table: ArgumentTable, width: number): Block {
  const own = groupsOf(table).map((group) => {
    const typed = group.length === 1 ? typedForm(optionOf(group[0])) : group.map(({ name }) => `--${name}`).join(' | ')
    return group.some(mustBeGiven) ? typed : `[${typed}]`
  })
  const global = globalOptions.map((option) => `[${typedForm(option)}]`)
  return section('SYNOPSIS', [codeLines([words.join(' '), ...own, ...rows(global, width - 6)].join('\n  '))])
}

function mustBeGiven({ required, positional, nargs }: Argument): boolean {
  return required || (positional === true && nargs !== '?' && nargs !== '*')
}

function typedForm(option: Option): string {
  const value = option.nargs === '*' || option.nargs === '+' ? '<value> [<value>...]' : '<value>'
  if (option.positional) return `<${option.name}>`
  return 'flag' in option ? option.name : `${option.name} ${value}`
}

/** As many in a line as fit. */
function rows(words: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || last.length + 1 + word.length > width) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

export function optionsSection(
  table: ArgumentTable,
  input: Shape | undefined,
  describer: Describer,
  width: number,
): Block {
  const groups = groupsOf(table)
  if (groups.length === 0) return section('OPTIONS', [paragraph('None')])
  return section(
    'OPTIONS',
    groups.map((group) => optionItem(group, input, describer, width)),
  )
}

function optionItem(group: Group, input: Shape | undefined, describer: Describer, width: number): Block {
  const [argument] = group
  const head: (Span | string)[] = group.flatMap(({ name, positional }, index) => {
    const typed = strong(positional ? name : `--${name}`)
    return index > 0 ? [' | ', typed] : [typed]
  })
  head.push(` (${argumentType(argument)})`)
  if (group.some(mustBeGiven)) head.push(' [required]')
  return item(head, [...argumentWords(argument, input, describer), ...syntaxBlocks(argument, width)])
}

function argumentType({ member, type, kind }: Argument): string {
  return member === undefined || kind === 'paging' ? type : typeName(member)
}

function argumentWords(argument: Argument, input: Shape | undefined, describer: Describer): Block[] {
  const { name, member, added, kind, choices } = argument
  const own = commonTexts[name]
  if (member === undefined || (own !== undefined && kind === 'paging')) {
    const values = choices === undefined ? [] : [paragraph('Possible values:'), bullets(choices)]
    return [...blocksFrom(added?.help ?? own ?? ''), ...defaultWords(added?.default), ...values]
  }
  const words = describer.argument(member, input)
  if (added?.help !== undefined) words.unshift(...blocksFrom(added.help))
  if (member.shape.type === 'blob' && member.traits.streaming === true) words.push(...blocksFrom(STREAMING))
  return words
}

function defaultWords(value: unknown): Block[] {
  const said = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  return said === '' ? [] : [paragraph('Default: ', code(said))]
}

function syntaxBlocks(argument: Argument, width: number): Block[] {
  const { member, kind } = argument
  if (member === undefined || kind === 'boolean' || kind === 'value pair') return []
  const { shape } = member
  if (!isComplex(shape) || takesBareValue(shape)) return []
  if (shape.type === 'list' && !isComplex(shape.member!.shape)) return syntax('Syntax:', listSyntax(shape))
  const shorthand = shorthandSyntax(argument)
  return [
    ...(shorthand === undefined ? [] : syntax('Shorthand Syntax:', folded(shorthand, width - 9))),
    ...syntax('JSON Syntax:', readable(jsonSyntax(shape))),
  ]
}

/** More lines than these nobody reads: a skeleton in a file can be edited instead. */
const MOST_LINES = 1000

function readable(json: string): string {
  const lines = json.split('\n').length
  return lines <= MOST_LINES ? json : `of ${lines} lines: see --generate-cli-skeleton`
}

function syntax(title: string, text: string): Block[] {
  return [item([title], [codeLines(text)])]
}

/** A long shorthand goes on below, behind a comma. */
function folded(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => rows(line.split(/(?<=,)/), width).map(closedUp))
    .join('\n  ')
}

function closedUp(row: string): string {
  return row.replaceAll(', ', ',')
}

/** Options of ours, beside the reference's. */
export function ownSection(): Block {
  const options = Object.entries(ownTexts).map(([name, text]) => item([strong(name), ' (boolean)'], blocksFrom(text)))
  return section('OPTIONS THAT AWS CLI DOES NOT HAVE', options)
}

export function globalSection(): Block {
  return section(
    'GLOBAL OPTIONS',
    globalOptions.map(({ name, flag, choices }) => {
      const values = choices === undefined ? [] : [bullets(choices)]
      return item(
        [strong(name), ` (${flag === undefined ? 'string' : 'boolean'})`],
        [...blocksFrom(globalTexts[name] ?? ''), ...values],
      )
    }),
  )
}
