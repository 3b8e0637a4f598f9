// What must be done so that the target becomes like the source?
//
// Both sides come sorted the same way, so that one walk along both finds every pair, and only one entry of each side is
// held at a time.

import { compareText } from '../lib/python.ts'
import type { Action, Entry } from './entry.ts'

/** Whether an entry that is on both sides must be sent; each answers for one kind of pair. */
export interface Comparison {
  readonly both: (source: Entry, target: Entry) => boolean | Promise<boolean>
  readonly missing: (source: Entry) => boolean
  /** Whether what is only at the target is deleted. */
  readonly surplus: (target: Entry) => boolean
}

/** `must` tells whether it has to be sent, where that takes a look at the content. */
export type Difference = { readonly send: Entry; readonly must?: Promise<boolean> } | { readonly remove: Entry }

export async function* differences(
  source: AsyncIterator<Entry> | Iterator<Entry>,
  target: AsyncIterator<Entry> | Iterator<Entry>,
  comparison: Comparison,
): AsyncGenerator<Difference> {
  const [a, b] = [lookAhead(source), lookAhead(target)]
  let left = a.next() ?? (await a.wait())
  let right = b.next() ?? (await b.wait())
  while (left !== END || right !== END) {
    const order =
      left === END ? 1 : right === END ? -1 : left.name === right.name ? 0 : compareText(left.name, right.name)
    if (order < 0) {
      if (comparison.missing(left as Entry)) yield { send: left as Entry }
    } else if (order > 0) {
      if (comparison.surplus(right as Entry)) yield { remove: right as Entry }
    } else {
      const must = comparison.both(left as Entry, right as Entry)
      if (must === true) yield { send: left as Entry }
      else if (must !== false) yield { send: left as Entry, must }
    }
    if (order <= 0) left = a.next() ?? (await a.wait())
    if (order >= 0) right = b.next() ?? (await b.wait())
  }
}

/** The differences that are some, in their order; looks at the content of several side by side. */
export async function* decided(differences: AsyncIterable<Difference>, ahead: number): AsyncGenerator<Difference> {
  const waiting: Difference[] = []
  for await (const difference of differences) {
    if ('must' in difference) difference.must!.catch(() => {}) // told when its turn comes
    waiting.push(difference)
    while (waiting.length > 0 && (waiting.length >= ahead || !('must' in waiting[0]!))) {
      const first = waiting.shift()!
      if (!('must' in first) || (await first.must)) yield first
    }
  }
  for (const difference of waiting) if (!('must' in difference) || (await difference.must)) yield difference
}

const END = 'end' as const

interface LookAhead {
  /** Undefined where one must `wait`. */
  next(): Entry | typeof END | undefined
  wait(): Promise<Entry | typeof END>
}

/** A promise for every entry of a million would be most of the cost: only sides that really wait are awaited. */
function lookAhead(iterator: AsyncIterator<Entry> | Iterator<Entry>): LookAhead {
  let pending: Promise<IteratorResult<Entry>> | undefined
  const taken = (result: IteratorResult<Entry>): Entry | typeof END => (result.done ? END : result.value)
  return {
    next() {
      const result = iterator.next()
      if (!(result instanceof Promise)) return taken(result)
      pending = result
      return undefined
    },
    wait: async () => taken(await pending!),
  }
}

export interface SyncRules {
  readonly sizeOnly?: boolean
  readonly exactTimestamps?: boolean
  readonly noOverwrite?: boolean
  readonly delete?: boolean
}

/** The reference's rules, by size and time. Where several are given, the last of this order counts. */
export function comparisonFor(action: Action, rules: SyncRules): Comparison {
  return {
    both: rules.noOverwrite
      ? () => false
      : rules.exactTimestamps
        ? (source, target) => source.size !== target.size || !sameTime(action, source, target, true)
        : rules.sizeOnly
          ? (source, target) => source.size !== target.size
          : (source, target) => source.size !== target.size || !sameTime(action, source, target, false),
    missing: () => true,
    surplus: () => rules.delete === true,
  }
}

/** Whether the target is as new as it must be: S3 knows only when an object was put, a download gets the object's time. */
function sameTime(action: Action, source: Entry, target: Entry, exact: boolean): boolean {
  const later = target.modified! - source.modified!
  if (action !== 'download') return later >= 0
  return exact ? later === 0 : later <= 0
}
