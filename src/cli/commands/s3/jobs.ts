// What is to be done? The sources are found, filtered, compared where the command compares, and what cannot or shall not
// be moved is passed over, with the warning the reference gives.

import { existsSync, statSync } from 'node:fs'
import { normalize } from 'node:path'
import type { Structure } from '../../../lib/value.ts'
import { decided, differences } from '../../../transfer/compare.ts'
import type { Action, Entry, Job } from '../../../transfer/entry.ts'
import { filterOf } from '../../../transfer/filter.ts'
import type { Filter, Rule } from '../../../transfer/filter.ts'
import { find } from '../../../transfer/find.ts'
import type { FindOptions } from '../../../transfer/find.ts'
import type { HashCache } from '../../../transfer/hash-cache.ts'
import type { Journal } from '../../../transfer/journal.ts'
import { routeOf, targetOf } from '../../../transfer/places.ts'
import type { Route } from '../../../transfer/places.ts'
import type { Store } from '../../../transfer/store.ts'
import type { GivenWords } from '../command.ts'
import type { Checked, TransferCommand } from './check.ts'
import { comparisonOf } from './comparison.ts'
import { DeleteGuard } from './delete-guard.ts'
import { sizeText } from './sizes.ts'
import type { Telling } from './telling.ts'
import { archivedText, skipText } from './words.ts'

/** More than S3 holds in one object: 10,000 parts of 5 GiB. */
const largestUpload = 50_000 * 1024 ** 3

/** Pairs whose content is looked at side by side. */
const looksAhead = 32

/** Entries that are found before the first of them is moved. */
const batchSize = 128

export interface JobsAround {
  readonly command: TransferCommand
  readonly action: Action
  readonly paths: Checked
  readonly given: GivenWords
  readonly source: Store
  readonly target: Store
  /** Members of HeadObject for what is named alone. */
  readonly head: Structure
  readonly signal: AbortSignal
  readonly telling: Telling
  /** Told to people, and does not count as a warning. */
  readonly tell: (text: string) => void
  readonly journal?: Journal
  /** Of local files, where content is compared. */
  readonly hashes?: HashCache
}

/** In batches, so that what is found at once is handed on at once. Throws what stops the whole command. */
export async function* jobsOf(around: JobsAround): AsyncGenerator<readonly Job[]> {
  const { command, paths, journal, telling } = around
  const route = routeOf(paths.from, paths.to, paths.tree)
  const moves = command === 'mv'
  for await (const found of chosen(route, around)) {
    const batch: Job[] = []
    for (const each of found) {
      const job = moves ? { ...each, moves } : each
      if (journal?.wasDone(job) && isThere(job)) telling.passedOver(job.entry.path, 'done')
      else if (job.action === 'delete' || !passedOver(job, around)) batch.push(job)
    }
    yield batch
  }
}

async function* chosen(route: Route, around: JobsAround): AsyncGenerator<readonly Job[]> {
  const { action, paths, given } = around
  const wanted = filterOf(rulesFrom(given), paths)
  const isWanted = wanted ?? (() => true)
  const guard = new DeleteGuard(given)
  const options = findOptions(around, action === 'delete', (path) => guard.notSeen(path.slice(route.from.path.length)))
  const source = find(route, around.source, options)
  const send = (entry: Entry): Job => {
    if (action === 'delete') return deletion(entry)
    return { action, entry, target: targetOf(route, entry.name), moves: false }
  }
  const comparison = comparisonOf(route, around)
  if (comparison === undefined) return yield* inBatches(source, wanted, send)
  // The target as it is: found as the source was.
  const back = routeOf(paths.to, paths.from, paths.tree)
  const there = findOptions(around, false)
  // Of the target's objects only a comparison of content asks for more.
  const brief = given.checksum !== true
  const target = find(back, around.target, { ...there, list: { ...there.list, brief } })
  const sources = filtered(source, given.delete === true ? (entry) => (guard.seen(), isWanted(entry)) : wanted)
  const surplus = (entry: Entry): boolean => comparison.surplus(entry) && guard.mayDelete(entry)
  const found = differences(sources, filtered(target, wanted), { ...comparison, surplus })
  for await (const difference of decided(found, looksAhead)) {
    if ('send' in difference) yield [send(difference.send)]
    else if (!guard.holds(difference.remove)) yield [deletion(difference.remove)]
  }
  yield guard.held().map(deletion)
}

/** A batch ends where one would have to wait for more. */
async function* inBatches(
  source: AsyncIterator<Entry> | Iterator<Entry>,
  wanted: Filter | undefined,
  send: (entry: Entry) => Job,
): AsyncGenerator<readonly Job[]> {
  let batch: Job[] = []
  for (;;) {
    const next = source.next()
    if (batch.length >= batchSize || (next instanceof Promise && batch.length > 0)) {
      yield batch
      batch = []
    }
    const result = next instanceof Promise ? await next : next
    if (result.done) break
    if (!wanted || wanted(result.value)) batch.push(send(result.value))
  }
  yield batch
}

function deletion(entry: Entry): Job {
  return { action: 'delete', entry, moves: false }
}

function filtered(
  entries: AsyncIterator<Entry> | Iterator<Entry>,
  wanted: Filter | undefined,
): AsyncIterator<Entry> | Iterator<Entry> {
  if (!wanted) return entries
  const later = async (first: Promise<IteratorResult<Entry>>): Promise<IteratorResult<Entry>> => {
    for (let result = await first; ; result = await entries.next()) {
      if (result.done || wanted(result.value)) return result
    }
  }
  const next = (): IteratorResult<Entry> | Promise<IteratorResult<Entry>> => {
    for (;;) {
      const result = entries.next()
      if (result instanceof Promise) return later(result)
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

function findOptions(
  { given, head, signal, telling }: JobsAround,
  forDelete: boolean,
  notSeen?: (path: string) => void,
): FindOptions {
  const pageSize = given['page-size']
  const requestPayer = given['request-payer']
  return {
    followLinks: given['follow-symlinks'] !== false,
    skipped: (path, why) => {
      notSeen?.(path)
      telling.passedOver(path, why, skipText(path, why))
    },
    head,
    forDelete,
    list: {
      ...(pageSize === undefined ? {} : { pageSize: Number(pageSize) }),
      ...(requestPayer ? { requestPayer: String(requestPayer) } : {}),
      signal,
    },
  }
}

function passedOver(job: Job, { given, telling }: JobsAround): boolean {
  const { action, entry, target } = job
  if (action === 'upload') {
    const { path, size = 0 } = entry
    if (size > largestUpload)
      telling.warning(`warning: File ${path} exceeds s3 upload limit of ${sizeText(largestUpload)}.`)
    return false
  }
  if (isArchived(entry) && given['force-glacier-transfer'] !== true) {
    const silent = given['ignore-glacier-warnings'] === true
    telling.passedOver(`s3://${entry.path}`, 'archived', silent ? undefined : archivedText(entry, action))
    return true
  }
  if (action === 'download' && entry.name.includes('..') && normalize(entry.name).startsWith('../')) {
    telling.passedOver(entry.name, 'outside', skipText(entry.name, 'outside'))
    return true
  }
  if (action === 'download' && given['no-overwrite'] === true && existsSync(target!)) {
    telling.passedOver(target!, 'exists')
    return true
  }
  return false
}

function isArchived({ storageClass, restore }: Entry): boolean {
  return (
    (storageClass === 'GLACIER' || storageClass === 'DEEP_ARCHIVE') && !restore?.includes('ongoing-request="false"')
  )
}

/** Whether what an earlier run made is still there, as far as that can be seen without asking. */
function isThere({ action, entry, target }: Job): boolean {
  if (action !== 'download') return true
  return statSync(target!, { throwIfNoEntry: false })?.size === entry.size
}
