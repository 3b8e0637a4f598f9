// What does the prompt look like? The line, and below it the candidates that fit, one of them marked:
//
//   > virga ec2 dinst▏
//     describe-instances
//   ▸ describe-instance-types

import type { Candidate } from '../choices.ts'
import type { Line } from './editor.ts'

export const MENU_ROWS = 8

export interface View {
  readonly prompt: string
  readonly line: Line
  readonly candidates: readonly Candidate[]
  /** The marked one; -1 for none. */
  readonly selected: number
  readonly columns: number
  /** Shown below where there is something to say. */
  readonly hint?: string
}

export interface Drawing {
  /** Clears what was drawn before and draws it anew; the cursor ends up in the line. */
  readonly text: string
  /** How many rows below the top of the drawing the cursor stands: what the next one must go up. */
  readonly cursorRow: number
}

const CLEAR_BELOW = '\x1b[J'
const [MARK, UNMARK, DIM, UNDIM] = ['\x1b[7m', '\x1b[27m', '\x1b[2m', '\x1b[22m']

export function draw({ prompt, line, candidates, selected, columns, hint }: View, rowsAbove: number): Drawing {
  const head = prompt + line.text
  const rows = [
    head,
    ...menu(candidates, selected, columns),
    ...(hint === undefined ? [] : [DIM + fitted(hint, columns) + UNDIM]),
  ]
  const width = prompt.length + line.cursor
  // A line that ends at the edge leaves the cursor there until the next letter comes.
  const lineRows = Math.floor(Math.max(0, head.length) / columns) + 1
  const cursorRow = Math.floor(width / columns)
  const below = rows.length - 1 + lineRows - 1 - cursorRow
  const filled = head.length > 0 && head.length % columns === 0 ? ' \b' : ''
  const under = rows.slice(1).map((row) => `\r\n${row}`)
  const drawn = `${up(rowsAbove)}\r${CLEAR_BELOW}${head}${filled}${under.join('')}`
  const text = `${drawn}${up(below)}\r${right(width % columns)}`
  return { text, cursorRow }
}

/** Leaves the screen as it was before the prompt. */
export function erase(rowsAbove: number): string {
  return `${up(rowsAbove)}\r${CLEAR_BELOW}`
}

function menu(candidates: readonly Candidate[], selected: number, columns: number): string[] {
  const first = Math.max(0, Math.min(selected - MENU_ROWS + 1, candidates.length - MENU_ROWS))
  const shown = candidates.slice(first, first + MENU_ROWS)
  const width = Math.max(0, ...shown.map(({ label }) => label.length))
  const rows = shown.map((candidate, index) => {
    const row = fitted(`  ${candidate.label.padEnd(width)}${about(candidate)}`, columns)
    return index + first === selected ? MARK + row + UNMARK : row
  })
  const more = candidates.length - first - shown.length
  return more > 0 ? [...rows, `${DIM}  ${more} more${UNDIM}`] : rows
}

function about({ type, required }: Candidate): string {
  const words = [...(type === undefined ? [] : [`[${type}]`]), ...(required ? ['required'] : [])]
  return words.length === 0 ? '' : `  ${words.join(' ')}`
}

function fitted(text: string, columns: number): string {
  return text.length < columns ? text : `${text.slice(0, columns - 2)}…`
}

function up(rows: number): string {
  return rows > 0 ? `\x1b[${rows}A` : ''
}

function right(columns: number): string {
  return columns > 0 ? `\x1b[${columns}C` : ''
}
