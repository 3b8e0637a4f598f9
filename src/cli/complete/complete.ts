// How may a command line go on? Read this file first: from the line to the choices, and to what a shell is told.

import { exists } from '../../lib/files.ts'
import type { Argument } from '../arguments.ts'
import type { Outside } from '../door.ts'
import { globalOptions } from '../globals.ts'
import { NOTHING, choices, completed } from './choices.ts'
import type { Candidate, Choices } from './choices.ts'
import { nextPositional, optionNamed, progressOf } from './line.ts'
import type { Open, Progress } from './line.ts'
import { wordsBefore } from './words.ts'

/**
 * The protocol of `aws_completer`: the line stands in COMP_LINE and the cursor in COMP_POINT (bash, zsh), or the line in
 * COMMAND_LINE (tcsh); the candidates go to stdout, one a line. Says nothing where anything is wrong.
 */
export async function complete(outside: Outside): Promise<number> {
  const { COMP_LINE, COMP_POINT, COMMAND_LINE } = outside.env
  const line = COMP_LINE ?? COMMAND_LINE
  if (line === undefined) {
    outside.stderr.write(
      'Completion is for shells: the line is expected in COMP_LINE. To set it up, see: virga completion bash\n',
    )
    return 252
  }
  const cursor = COMP_LINE === undefined || COMP_POINT === undefined ? undefined : Number(COMP_POINT)
  const words = completed(await choicesFor(line, cursor, outside).catch(() => NOTHING))
  outside.stdout.write(`${words.join('\n')}\n`)
  return 0
}

/**
 * What may stand at the cursor, not yet narrowed to what is typed of it. Commands are, unless they may match in another
 * way than by their beginning.
 */
export async function choicesFor(
  line: string,
  cursor: number | undefined,
  outside: Outside,
  { fuzzy = false } = {},
): Promise<Choices> {
  const { words, fragment } = wordsBefore(line, cursor)
  if (words.length === 0) return NOTHING
  if (words[1] === 'local') return (await import('./local-words.ts')).localChoices(words.slice(2), fragment, outside)
  const progress = await progressOf(words.slice(1), outside.models)
  if (progress.lost && !fragment.startsWith('--')) return NOTHING
  if (progress.open !== undefined && !fragment.startsWith('--')) {
    return valueChoices(fragment, progress.open, progress, outside)
  }
  if (fragment.startsWith('--')) return optionOrItsValue(fragment, progress, outside)
  const { place } = progress
  const children = await place.children(fuzzy ? '' : fragment)
  const aliases = await aliasNames(place.path, outside)
  if (children.length > 0 || aliases.length > 0) return choices(fragment, [...children, ...aliases])
  const positional = nextPositional(progress.place, progress.given)
  // An operation's outfile comes last; before it, its options are wanted.
  if (fragment === '' && (positional === undefined || progress.place.operation !== undefined)) {
    return { prefix: '', typed: '', candidates: optionCandidates(progress) }
  }
  return positional === undefined ? NOTHING : positionalChoices(fragment, positional, progress, outside)
}

/** Commands that people named themselves. */
async function aliasNames(path: readonly string[], { home }: Outside): Promise<string[]> {
  const file = `${home}/.aws/cli/alias`
  return exists(file) ? (await import('../aliases.ts')).aliasesIn(file).names(path) : []
}

/** `--reg`, or `--region=eu`. */
async function optionOrItsValue(fragment: string, progress: Progress, outside: Outside): Promise<Choices> {
  const equals = fragment.indexOf('=')
  if (equals < 0) return { prefix: '', typed: fragment, candidates: optionCandidates(progress) }
  const found = optionNamed(fragment.slice(0, equals), progress.place)
  if (found === undefined) return NOTHING
  const inner = await valueChoices(fragment.slice(equals + 1), { ...found, values: [] }, progress, outside)
  return { ...inner, prefix: fragment.slice(0, equals + 1) + inner.prefix }
}

/** Those not given yet: the command's own, then the global ones. */
function optionCandidates({ place, given, lost }: Progress): Candidate[] {
  const own: Candidate[] = lost
    ? []
    : Array.from(place.table.values(), ({ name, positional, type, required }) => {
        return { label: positional ? name : `--${name}`, type, ...(required ? { required } : {}) }
      }).filter(({ label }) => label.startsWith('--') || label === 'outfile')
  const global = globalOptions.map(({ name, flag }) => ({
    label: name,
    type: flag === undefined ? 'string' : 'boolean',
  }))
  return [...own, ...global].filter(({ label }) => !given.has(label))
}

/** What an option's value may be. */
async function valueChoices(fragment: string, open: Open, progress: Progress, outside: Outside): Promise<Choices> {
  const file = /^fileb?:\/\//.exec(fragment)?.[0]
  if (file !== undefined) return pathChoices(fragment.slice(file.length), outside, file)
  const { option, argument } = open
  if (option.choices !== undefined) return choices(fragment, option.choices)
  if (argument === undefined) return globalChoices(option.name, fragment, progress, outside)
  const modelled = await modelledChoices(fragment, argument)
  if (modelled.candidates.length > 0) return modelled
  return namedOrFile(fragment, argument, progress, outside)
}

/** Enum values, booleans and the keys of shorthand: what the model says. */
async function modelledChoices(fragment: string, { member, kind }: Argument): Promise<Choices> {
  if (kind === 'value pair') return choices(fragment, ['true', 'false'])
  if (member === undefined) return NOTHING
  const { isScalar, scalarLabels, shorthandChoices } = await import('./shorthand-keys.ts')
  const shape = member.shape.type === 'list' ? member.shape.member!.shape : member.shape
  return isScalar(shape) ? choices(fragment, scalarLabels(shape)) : shorthandChoices(fragment, shape)
}

async function globalChoices(name: string, fragment: string, progress: Progress, outside: Outside): Promise<Choices> {
  switch (name) {
    case '--region':
      return choices(fragment, await regions(fragment, outside))
    case '--profile':
      return choices(fragment, await profiles(outside))
    case '--ca-bundle':
      return pathChoices(fragment, outside)
    case '--query': {
      const { operation, waiter } = progress.place
      if (operation?.output === undefined || waiter !== undefined) return NOTHING
      const { queryChoices } = await import('./query-paths.ts')
      return queryChoices(fragment, operation)
    }
    default:
      return NOTHING
  }
}

/** A positional's value: `s3 cp PATH`, an outfile, or a name. */
function positionalChoices(
  fragment: string,
  argument: Argument,
  progress: Progress,
  outside: Outside,
): Promise<Choices> {
  if (argument.choices !== undefined) return Promise.resolve(choices(fragment, argument.choices))
  return namedOrFile(fragment, argument, progress, outside)
}

const FILES = /^outfile$|^paths?$|(?:^|-)(?:file|folder|directory|dir|path)$/

async function namedOrFile(
  fragment: string,
  argument: Argument,
  progress: Progress,
  outside: Outside,
): Promise<Choices> {
  const { name, type, kind, member } = argument
  const { path } = progress.place
  if (path[0] === 's3' && argument.positional) return s3Choices(fragment, progress, outside)
  if (argument.positional ? name === 'outfile' : kind === 'added' && FILES.test(name)) {
    return pathChoices(fragment, outside)
  }
  if (kind === 'cli input') return choices(fragment, ['file://'])
  const { namesFromService } = await import('./service-names.ts')
  const names = await namesFromService(name, progress, outside)
  if (fragment === '' || names.some((each) => each.startsWith(fragment))) return choices(fragment, names)
  return choices(fragment, [type === 'blob' || member?.shape.type === 'blob' ? 'fileb://' : 'file://'])
}

/** Files here, or what is in S3. */
async function s3Choices(fragment: string, progress: Progress, outside: Outside): Promise<Choices> {
  const takesFiles = ['cp', 'mv', 'sync'].includes(progress.place.path[1] ?? '')
  if (!fragment.startsWith('s3://')) {
    const files =
      takesFiles && (progress.given.get('paths')?.length ?? 0) < 2 ? await pathChoices(fragment, outside) : NOTHING
    return 's3://'.startsWith(fragment) && files.prefix === ''
      ? { prefix: '', typed: fragment, candidates: [...files.candidates, { label: 's3://' }] }
      : files
  }
  const { s3Names } = await import('./service-names.ts')
  return choices(fragment, await s3Names(fragment, progress, outside))
}

interface Partitions {
  readonly partitions: readonly { readonly id: string; readonly regions: Readonly<Record<string, unknown>> }[]
}

/** Those of AWS's public partition; the others' where none of these is meant. */
async function regions(fragment: string, { models }: Outside): Promise<string[]> {
  const { partitions } = (await models.partitions()) as Partitions
  const named = partitions.map(({ regions }) => Object.keys(regions).filter((name) => !name.endsWith('-global')))
  const [first = [], ...others] = named
  return first.some((name) => name.startsWith(fragment)) ? first : others.flat()
}

async function profiles(outside: Outside): Promise<string[]> {
  const { readAwsFiles } = await import('../../client/config/files.ts')
  return [...readAwsFiles(outside).profiles.keys(), 'local']
}

async function pathChoices(path: string, where: Outside, before?: string): Promise<Choices> {
  const { pathChoices: choicesOf } = await import('./paths.ts')
  return choicesOf(path, where, before)
}
