// Help of `virga local` fits a terminal, and names all that a command takes.

import { expect, test } from 'bun:test'
import { helpOf, overview } from './help.ts'
import { commands } from './table.ts'

const all = Object.entries(commands)

test('no line is wider than 80 columns', () => {
  const lines = [overview(), ...all.map(([name, form]) => helpOf(name, form))].join('').split('\n')
  expect(lines.filter((line) => line.length > 80)).toEqual([])
})

test('every command is in the overview', () => {
  for (const [name, { about }] of all) expect(overview().replaceAll(/\s+/g, ' ')).toContain(` ${name} ${about} `)
})

test.each(all)('%s names its options and what they mean', (name, form) => {
  const help = helpOf(name, form).replaceAll(/\s+/g, ' ')
  expect(help).toStartWith(`virga local ${name}`)
  for (const [option, { value, about }] of Object.entries(form.options ?? {}))
    expect(help).toContain(` --${option}${value === undefined ? '' : ` ${value}`} ${about}`)
})
