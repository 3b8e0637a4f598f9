// Choosing one of several: arrow keys and a filter at a terminal, a number or a text where answers are fed.

import { Failure } from '../lib/errors.ts'
import type { Outside } from './door.ts'
import type { Prompter } from './prompt.ts'

const mostRows = 10

/** The place of the chosen line. Throws Failure('Interrupted') for Ctrl-C, Failure('InvalidValue') for no such choice. */
export async function choose(
  lines: readonly string[],
  nothing: string,
  { outside, questions }: { outside: Outside; questions: Prompter },
): Promise<number> {
  if (outside.stdin.terminal && outside.stdout.terminal) return chooseByKeys(lines, nothing, outside)
  lines.forEach((line, index) => outside.stdout.write(`${index + 1}. ${line}\n`))
  const answer = (await questions.ask('Number, or part of the text: ')).trim()
  const matching = lines.flatMap((line, index) => (matches(line, answer) ? index : []))
  const place = /^\d+$/.test(answer) && Number(answer) <= lines.length ? Number(answer) - 1 : matching[0]
  if (answer !== '' && place !== undefined && place >= 0) return place
  throw new Failure('InvalidValue', `${nothing}: ${answer}`)
}

async function chooseByKeys(lines: readonly string[], nothing: string, { stdout }: Outside): Promise<number> {
  const { readKeys } = await import('./keys.ts')
  let filter = ''
  let cursor = 0
  let drawn = 0
  const found = (): number[] => lines.flatMap((line, index) => (matches(line, filter) ? index : []))
  const draw = (): void => {
    const rows = found()
    const first = Math.max(0, Math.min(cursor - mostRows + 1, rows.length - mostRows))
    const shown = rows.slice(first, first + mostRows).map((row, index) => {
      const line = lines[row]!.slice(0, Math.max(10, stdout.columns - 3))
      return first + index === cursor ? `\x1b[1m> ${line}\x1b[0m` : `  ${line}`
    })
    const all = [...(rows.length === 0 ? [`  ${nothing}`] : shown), ...(filter === '' ? [] : [`filter: ${filter}`])]
    stdout.write(`${erased(drawn)}${all.join('\n')}\n`)
    drawn = all.length
  }
  draw()
  for await (const key of readKeys()) {
    const rows = found()
    if (key === 'enter' && rows.length > 0) {
      stdout.write(erased(drawn))
      return rows[cursor]!
    }
    if (key === 'up' || key === 'down') {
      cursor = (cursor + (key === 'up' ? rows.length - 1 : 1)) % Math.max(rows.length, 1)
    } else {
      if (key === 'backspace') filter = filter.slice(0, -1)
      else if (key.length === 1) filter += key
      cursor = 0
    }
    draw()
  }
  throw new Failure('Interrupted', 'nothing was chosen')
}

function erased(rows: number): string {
  return rows === 0 ? '' : `\x1b[${rows}A\x1b[J`
}

function matches(line: string, filter: string): boolean {
  return line.toLowerCase().includes(filter.toLowerCase())
}
