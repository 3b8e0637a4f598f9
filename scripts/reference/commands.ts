// What are the commands of our own, beside the operations of the models? From the table of commands itself.

import { blocksFrom } from '../../src/cli/help/html.ts'
import type { Block } from '../../src/cli/help/blocks.ts'
import { isOurs } from '../../src/cli/commands/ours.ts'
import { commands } from '../../src/cli/commands/table.ts'
import type { AddedArgument } from '../../src/cli/changes/change.ts'
import { commands as localTable } from '../../src/local/commands/table.ts'

export interface CommandEntry {
  readonly name: string
  /** Whether AWS CLI has no such command. */
  readonly isNew: boolean
  readonly about: string
  readonly arguments: readonly { readonly typed: string; readonly about: string }[]
}

/** In the order of their names. */
export async function ownCommands(): Promise<CommandEntry[]> {
  const entries = await Promise.all(
    Object.entries(commands).map(async ([name, load]) => {
      const command = await load()
      const shown = Object.entries(command.arguments).filter(([, { hidden }]) => hidden !== true)
      return {
        name,
        isNew: isOurs(name),
        about: plainText(command.help ?? ''),
        arguments: shown.map(([argument, added]) => ({
          typed: typedForm(argument, added),
          about: plainText(added.help ?? ''),
        })),
      }
    }),
  )
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1))
}

function typedForm(name: string, { positional, flag, nargs, required, choices }: AddedArgument): string {
  if (positional === true) return nargs === '?' || nargs === '*' ? `[${name.toUpperCase()}]` : name.toUpperCase()
  const value = choices === undefined ? name.replace(/^.*-/, '').toUpperCase() : choices.join('|')
  const typed = flag === true ? `--${name}` : `--${name} ${value}${nargs === '+' || nargs === '*' ? ' …' : ''}`
  return required === true ? typed : `[${typed}]`
}

/** The commands of `virga local`. */
export function localCommands(): CommandEntry[] {
  return Object.entries(localTable).map(([name, { about, words, options = {} }]) => ({
    name: `local ${name}`,
    isNew: true,
    about: `${about[0]!.toUpperCase()}${about.slice(1)}.`,
    arguments: [
      ...(words === undefined ? [] : [{ typed: words, about: '' }]),
      ...Object.entries(options).map(([option, { value, about: meaning }]) => ({
        typed: `[--${option}${value === undefined ? '' : ` ${value}`}]`,
        about: meaning,
      })),
    ],
  }))
}

/** HTML of a help text as a line of Markdown. */
export function plainText(html: string): string {
  return blocksFrom(html)
    .map(textOf)
    .filter((text) => text !== '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function textOf(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.spans.map(({ text, style }) => (style === 'code' ? `\`${text}\`` : text)).join('')
    case 'list':
      return block.items.map((item) => item.map(textOf).join(' ')).join('; ')
    case 'code':
      return block.lines.join(' ')
    default:
      return block.blocks.map(textOf).join(' ')
  }
}
