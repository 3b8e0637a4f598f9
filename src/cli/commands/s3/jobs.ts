// What is to be done? The sources are found, filtered, compared where the command compares, and what cannot or shall not
// be moved is passed over, with the warning the reference gives.

import { existsSync } from 'node:fs'
import { normalize } from 'node:path'
import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { comparisonFor, differences } from '../../../transfer/compare.ts'
import type { Comparison } from '../../../transfer/compare.ts'
import type { Action, Entry, Job } from '../../../transfer/entry.ts'
import { filterOf } from '../../../transfer/filter.ts'
import type { Rule } from '../../../transfer/filter.ts'
import { find } from '../../../transfer/find.ts'
import type { FindOptions } from '../../../transfer/find.ts'
import { bucketAndKey, isDirectoryBucket, routeOf, targetOf } from '../../../transfer/places.ts'
import type { Route } from '../../../transfer/places.ts'
import type { Store } from '../../../transfer/store.ts'
import type { GivenWords } from '../command.ts'
import type { Checked, TransferCommand } from './check.ts'
import { sizeText } from './sizes.ts'
import { archivedText, skipText } from './words.ts'

/** More than S3 holds in one object: 10,000 parts of 5 GiB. */
const largestUpload = 50_000 * 1024 ** 3

export interface JobsAround {
  readonly source: Store
  readonly target: Store
  /** Members of HeadObject for what is named alone. */
  readonly head: Structure
  readonly signal: AbortSignal
  /** Counts as a warning. */
  readonly warn: (text: string) => void
  /** Is told, and does not count. */
  readonly tell: (text: string) => void
}

/** Throws what stops the whole command. */
export async function* jobsOf(
  command: TransferCommand,
  action: Action,
  paths: Checked,
  given: GivenWords,
  around: JobsAround,
): AsyncGenerator<Job> {
  const route = routeOf(paths.from, paths.to, paths.tree)
  const moves = command === 'mv'
  for await (const job of chosen(command, action, paths, route, given, around)) {
    if (job.action === 'delete' || !(await passedOver(job, given, around))) yield moves ? { ...job, moves } : job
  }
}

async function* chosen(
  command: TransferCommand,
  action: Action,
  paths: Checked,
  route: Route,
  given: GivenWords,
  around: JobsAround,
): AsyncGenerator<Job> {
  const wanted = filterOf(rulesFrom(given), paths)
  const options = findOptions(given, around, action === 'delete')
  const source = find(route, around.source, options)
  const send = (entry: Entry): Job => {
    if (action === 'delete') return { action, entry, moves: false }
    return { action, entry, target: targetOf(route, entry.name), moves: false }
  }
  const comparison = comparisonOf(command, action, paths, route, given, around)
  if (comparison === undefined) {
    for (;;) {
      const next = await source.next()
      if (next.done) return
      if (wanted(next.value)) yield send(next.value)
    }
  }
  // The target as it is: found as the source was.
  const back = routeOf(paths.to, paths.from, paths.tree)
  const target = find(back, around.target, { ...options, forDelete: false })
  for await (const difference of differences(filtered(source, wanted), filtered(target, wanted), comparison)) {
    if ('send' in difference) yield send(difference.send)
    else yield { action: 'delete', entry: difference.remove, moves: false }
  }
}

function filtered(
  entries: AsyncIterator<Entry> | Iterator<Entry>,
  wanted: (entry: Entry) => boolean,
): AsyncIterator<Entry> | Iterator<Entry> {
  const next = (): IteratorResult<Entry> | Promise<IteratorResult<Entry>> => {
    for (;;) {
      const result = entries.next()
      if (result instanceof Promise) return result.then((later) => (later.done || wanted(later.value) ? later : next()))
      if (result.done || wanted(result.value)) return result
    }
  }
  return { next } as Iterator<Entry>
}

function rulesFrom(given: GivenWords): Rule[] {
  const filters = (given.filters ?? []) as [option: string, words: string[] | string][]
  return filters.map(([option, words]) => ({
    include: option === '--include',
    pattern: typeof words === 'string' ? words : words[0]!,
  }))
}

function findOptions(given: GivenWords, { head, signal, warn }: JobsAround, forDelete: boolean): FindOptions {
  const pageSize = given['page-size']
  const requestPayer = given['request-payer']
  return {
    followLinks: given['follow-symlinks'] !== false,
    skipped: (path, why) => warn(skipText(path, why)),
    head,
    forDelete,
    list: {
      ...(pageSize === undefined ? {} : { pageSize: Number(pageSize) }),
      ...(requestPayer ? { requestPayer: String(requestPayer) } : {}),
      signal,
    },
  }
}

/** Undefined where everything is sent. A tree that is downloaded is compared, too, where names that differ by case count. */
function comparisonOf(
  command: TransferCommand,
  action: Action,
  { direction, tree }: Checked,
  route: Route,
  given: GivenWords,
  around: JobsAround,
): Comparison | undefined {
  const conflicts = String(given['case-conflict'] ?? 'ignore')
  const minds = direction === 's3local' && tree && conflicts !== 'ignore' && command !== 'rm'
  const missing = minds ? caseGuard(conflicts, route, around) : () => true
  if (command === 'sync') {
    const rules = {
      sizeOnly: given['size-only'] === true,
      exactTimestamps: given['exact-timestamps'] === true,
      noOverwrite: given['no-overwrite'] === true,
      delete: given.delete === true,
    }
    return { ...comparisonFor(action, rules), missing }
  }
  if (!minds) return undefined
  if (isDirectoryBucket(bucketAndKey(route.from.path).bucket)) {
    warnOfDirectoryBucket(conflicts, around)
    return undefined
  }
  return { both: () => true, missing, surplus: () => false }
}

const caseGuide = 'https://docs.aws.amazon.com/cli/latest/topic/s3-case-insensitivity.html'

/** A bucket that lists in no order cannot be compared with. Throws Failure('ParamValidation'). */
function warnOfDirectoryBucket(conflicts: string, { tell }: JobsAround): void {
  if (conflicts !== 'warn') {
    throw new Failure(
      'ParamValidation',
      `\`${conflicts}\` is not a valid value for \`--case-conflict\` when operating on S3 Express directory buckets. ` +
        'Valid values: `warn`, `ignore`.',
    )
  }
  tell(
    'warning: Recursive copies/moves from an S3 Express directory bucket to a case-insensitive local filesystem may ' +
      'result in undefined behavior if there are S3 object key names that differ only by case. To disable this ' +
      `warning, set the \`--case-conflict\` parameter to \`ignore\`. For more information, see ${caseGuide}.`,
  )
}

/** On a file system that holds `a` and `A` for the same, one would overwrite the other. */
function caseGuard(conflicts: string, route: Route, { tell }: JobsAround): (entry: Entry) => boolean {
  const met = new Set<string>()
  return (entry) => {
    const folded = entry.name.toLowerCase()
    const target = targetOf(route, entry.name)
    const conflict = met.has(folded) || existsSync(target)
    met.add(folded)
    if (!conflict) return true
    const pair = `${entry.path} -> ${target}`
    if (conflicts === 'skip') {
      tell(`warning: Skipping ${pair} because a file whose name differs only by case either exists or is being downloaded.`)
      return false
    }
    if (conflicts === 'warn') {
      tell(
        `warning: Downloading ${pair} despite a file whose name differs only by case either existing or being ` +
          'downloaded. This behavior is not defined on case-insensitive filesystems and may result in overwriting ' +
          `existing files or race conditions between concurrent downloads. For more information, see ${caseGuide}.`,
      )
      return true
    }
    throw new Failure(
      'InvalidValue',
      `Failed to download ${pair} because a file whose name differs only by case either exists or is being downloaded.`,
    )
  }
}

async function passedOver(job: Job, given: GivenWords, around: JobsAround): Promise<boolean> {
  const { action, entry, target } = job
  if (action === 'upload') {
    warnOfSize(entry, around)
    return false
  }
  if (isArchived(entry) && given['force-glacier-transfer'] !== true) {
    if (given['ignore-glacier-warnings'] !== true) around.warn(archivedText(entry, action))
    return true
  }
  if (action === 'download') {
    if (normalize(entry.name).startsWith('../')) {
      around.warn(skipText(entry.name, 'outside'))
      return true
    }
    return given['no-overwrite'] === true && existsSync(target!)
  }
  return false
}

function isArchived({ storageClass, restore }: Entry): boolean {
  return (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') && !restore?.includes('ongoing-request="false"')
}

function warnOfSize({ path, size = 0 }: Entry, { warn }: JobsAround): void {
  if (size > largestUpload) warn(`warning: File ${path} exceeds s3 upload limit of ${sizeText(largestUpload)}.`)
}

