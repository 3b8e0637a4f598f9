// How are the commands of `virga local` typed? All of them, a line each; or one, with its options. Fits 80 columns.

import type { Form } from './command.ts'
import { commands } from './table.ts'

const WIDTH = 80

export function overview(): string {
  const rows = Object.entries(commands).map(([name, { about }]) => row(`  ${name}`, about, 21))
  return (
    'The local AWS: an account in a folder, for --profile local and for servers.\n\n' +
    `${rows.join('')}\nvirga local COMMAND --help says how one is typed.\n`
  )
}

export function helpOf(name: string, { about, words, options = {}, more = {} }: Form): string {
  const entries = Object.entries(options)
  const synopsis = ['virga', 'local', name, words, entries.length > 0 && '[options]'].filter(Boolean).join(' ')
  const meanings = [
    ...Object.entries(more),
    ...entries.map(
      ([option, { value, about }]) => [`--${option}${value === undefined ? '' : ` ${value}`}`, about] as const,
    ),
  ]
  const indent = Math.min(28, Math.max(0, ...meanings.map(([typed]) => typed.length + 4)))
  const rows = meanings.map(([typed, meaning]) => row(`  ${typed}`, meaning, indent))
  return `${synopsis}\n\n${row('', sentence(about), 0)}${rows.length > 0 ? '\n' : ''}${rows.join('')}`
}

function sentence(text: string): string {
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

/** A name and, from a column on, what it means; on a line of its own where the name is too long. */
function row(name: string, meaning: string, indent: number): string {
  const lines = wrapped(meaning, WIDTH - indent)
  const margin = ' '.repeat(indent)
  const [first, ...rest] = name.length > indent - 2 && name !== '' ? ['', ...lines] : lines
  const head = first === '' ? name : `${name.padEnd(indent)}${first}`
  return [head, ...rest.map((line) => margin + line)].map((line) => `${line}\n`).join('')
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}
