// What may follow `virga local …`? What its own table of commands says.

import type { LocalForm, Outside } from '../door.ts'
import { NOTHING, choices } from './choices.ts'
import type { Choices } from './choices.ts'
import { pathChoices } from './paths.ts'

/** `words`: those between `local` and the one at the cursor. */
export async function localChoices(words: readonly string[], fragment: string, outside: Outside): Promise<Choices> {
  const commands = await outside.local.commands()
  const [name, ...rest] = words
  if (name === undefined) return choices(fragment, [...Object.keys(commands), 'help'])
  if (name === 'help') return rest.length === 0 ? choices(fragment, Object.keys(commands)) : NOTHING
  if (!Object.hasOwn(commands, name)) return NOTHING
  const { words: taken, options = {} } = commands[name]!
  const open = rest.at(-1)?.startsWith('--') ? options[rest.at(-1)!.slice(2)]?.value : undefined
  if (open !== undefined) return valuesOf(open, fragment, outside)
  if (fragment.startsWith('--')) return choices(fragment, untyped(options, rest))
  const isFirst = rest.every((word) => word.startsWith('--'))
  const fixed = isFirst && taken !== undefined ? valuesOf(taken, fragment, outside) : NOTHING
  return fixed.candidates.length > 0 || fragment !== '' ? fixed : choices('', untyped(options, rest))
}

function untyped(options: NonNullable<LocalForm['options']>, before: readonly string[]): string[] {
  return Object.keys(options)
    .map((option) => `--${option}`)
    .filter((option) => !before.includes(option))
}

/** Of a synopsis: `json|text`, `[list|delete NAME]`, `aws|off|FILE`. What is in capitals is for people to choose. */
function valuesOf(synopsis: string, fragment: string, outside: Outside): Choices {
  const forms = synopsis.replaceAll(/[[\]]/g, '').split('|')
  const fixed = forms.map((form) => form.split(' ')[0]!).filter((word) => /^[a-z]+[\w-]*$/.test(word))
  if (fixed.some((word) => word.startsWith(fragment))) return choices(fragment, fixed)
  return forms.some((form) => /^(?:FILE|PATH)$/.test(form)) ? pathChoices(fragment, outside) : NOTHING
}
