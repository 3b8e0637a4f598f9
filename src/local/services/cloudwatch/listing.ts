// What is kept by name under a place, told a page at a time; the token is the last name told.

import type { Rows } from '../../store/store.ts'
import { invalidToken } from './errors.ts'

export interface Page<T> {
  readonly here: readonly T[]
  /** Part of the answer. */
  readonly next: { readonly NextToken?: string }
}

/** The rows of `table` after the one that the token names, and the token of what is left. */
export function pageOf<T>(
  rows: Rows,
  table: string,
  place: string,
  { limit, token }: { limit: number; token: string | undefined },
): Page<T> {
  const prefix = `${place}/`
  const after = token === undefined ? {} : { after: prefix + openToken(token) }
  const found = rows.scan<any>(table, { prefix, ...after, limit: limit + 1 })
  const here = found.slice(0, limit)
  const last = here.at(-1)
  return {
    here: here.map(({ value }) => value as T),
    next: found.length > limit && last ? { NextToken: btoa(encodeURIComponent(last.key.slice(prefix.length))) } : {},
  }
}

/** Throws InvalidNextToken. */
export function openToken(token: string): string {
  try {
    return decodeURIComponent(atob(token))
  } catch {
    throw invalidToken()
  }
}
