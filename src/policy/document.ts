// What does the text of a policy hold, and where in it does each statement stand?
//
// JSON.parse alone is not enough: it keeps the last of two equal keys where IAM refuses the document, and forgets
// positions, which policy simulations report.

import { AwsError } from '../lib/errors.ts'

/** Deeper than any policy grammar needs (a condition value is at depth 5). */
const DEEPEST = 64

export function syntaxError(): AwsError {
  return new AwsError('MalformedPolicyDocument', 'Syntax errors in policy.')
}

/** The JSON value of a policy text. Throws MalformedPolicyDocument for bad JSON, a key given twice, or deep nesting. */
export function readDocument(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw syntaxError()
  }
  scan(text)
  return value
}

/** Line and column, from 1. */
export interface Position {
  readonly Line: number
  readonly Column: number
}

export interface Span {
  readonly start: Position
  readonly end: Position
}

/**
 * Where the statements of a policy stand, as IAM's simulator counts: the end is behind the closing brace; the start is
 * where IAM's reader stood before it knew of the statement: behind the brace of a lone statement, behind the bracket
 * for the first of a list, behind the statement before for the others.
 * (Single and first: recorded answers. Others: inferred from the reader that gives the first two.)
 */
export function statementSpans(text: string): Span[] {
  return scan(text).map(([start, end]) => ({ start: positionOf(text, start), end: positionOf(text, end) }))
}

function positionOf(text: string, offset: number): Position {
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++
    lineStart = at + 1
  }
  return { Line: line, Column: offset - lineStart + 1 }
}

interface Frame {
  /** The keys seen, for an object; undefined for a list. */
  readonly keys: Set<string> | undefined
  /** The key whose value is being read. */
  key: string | undefined
}

/**
 * Walks over JSON that is known to parse. Throws for a key given twice and for deep nesting; returns the offsets of
 * the statements.
 */
function scan(text: string): [number, number][] {
  const spans: [number, number][] = []
  const stack: Frame[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text[i]
    if (c === '"') {
      const end = endOfString(text, i)
      const frame = stack.at(-1)
      if (frame?.keys && frame.key === undefined) {
        const key = JSON.parse(text.slice(i, end)) as string
        if (frame.keys.has(key)) throw syntaxError()
        frame.keys.add(key)
        frame.key = key
      }
      i = end - 1
    } else if (c === '{' || c === '[') {
      stack.push({ keys: c === '{' ? new Set() : undefined, key: undefined })
      if (stack.length > DEEPEST) throw syntaxError()
      if (stack.length === 2 && stack[0]!.key === 'Statement') start = i + 1
    } else if (c === '}' || c === ']') {
      stack.pop()
      const single = stack.length === 1 && c === '}'
      const listed = stack.length === 2 && c === '}' && stack[1]!.keys === undefined
      if ((single || listed) && stack[0]!.key === 'Statement') {
        spans.push([start, i + 1])
        start = i + 1
      }
    } else if (c === ',') {
      const frame = stack.at(-1)
      if (frame) frame.key = undefined
    }
  }
  return spans
}

/** The offset behind the closing quote of the string that starts at `from`. */
function endOfString(text: string, from: number): number {
  let i = from + 1
  while (text[i] !== '"') i += text[i] === '\\' ? 2 : 1
  return i + 1
}

/** How many characters a policy counts against its quota: IAM does not count white space. */
export function policySize(text: string): number {
  return text.replace(/\s/g, '').length
}
