// A line of text with a cursor in it, and what keys do to both. Values: each edit makes another line.

import type { KeyName } from './keys.ts'

export interface Line {
  readonly text: string
  readonly cursor: number
}

export function lineOf(text: string, cursor = text.length): Line {
  return { text, cursor }
}

export function typed({ text, cursor }: Line, more: string): Line {
  return { text: text.slice(0, cursor) + more + text.slice(cursor), cursor: cursor + more.length }
}

/** Undefined for a key that does not edit. */
export function edited(line: Line, key: KeyName): Line | undefined {
  const { text, cursor } = line
  switch (key) {
    case 'left':
      return lineOf(text, Math.max(0, cursor - 1))
    case 'right':
      return lineOf(text, Math.min(text.length, cursor + 1))
    case 'home':
      return lineOf(text, 0)
    case 'end':
      return lineOf(text)
    case 'word-left':
      return lineOf(text, wordStart(line))
    case 'word-right':
      return lineOf(text, cursor + /^\s*\S*/.exec(text.slice(cursor))![0].length)
    case 'backspace':
      return without(line, Math.max(0, cursor - 1), cursor)
    case 'delete':
      return without(line, cursor, cursor + 1)
    case 'delete-word':
      return without(line, wordStart(line), cursor)
    case 'delete-before':
      return without(line, 0, cursor)
    case 'delete-after':
      return without(line, cursor, text.length)
    default:
      return undefined
  }
}

function wordStart({ text, cursor }: Line): number {
  return text.slice(0, cursor).search(/\S*\s*$/)
}

function without({ text }: Line, from: number, to: number): Line {
  return lineOf(text.slice(0, from) + text.slice(to), from)
}
