// What was typed behind a command of `virga local`, read by the command's row in the table.

import { Failure } from '../../lib/errors.ts'
import type { Asked, Form } from './command.ts'

/** Throws Failure('ParamValidation') for an option that is none of its own, or lacks its value. */
export function askedBy(name: string, typed: readonly string[], { words: taken, options = {} }: Form): Asked {
  const given: Partial<Record<string, string>> = {}
  const on = new Set<string>()
  const words: string[] = []
  for (let i = 0; i < typed.length; i++) {
    const [word, attached] = typed[i]!.split(/=(.*)/s) as [string, string | undefined]
    if (!word.startsWith('--')) {
      words.push(typed[i]!)
      continue
    }
    const option = word.slice(2)
    if (!Object.hasOwn(options, option)) throw bad(`unknown option ${word} (known: ${knownTo(options)})`)
    if (options[option]!.value === undefined) {
      if (attached !== undefined) throw bad(`${word} takes no value`)
      on.add(option)
      continue
    }
    const value = attached ?? typed[++i]
    if (value === undefined) throw bad(`${word} needs a value`)
    given[option] = value
  }
  if (taken === undefined && words.length > 0) throw bad(`${name} takes options only, not ${words.join(' ')}`)
  return { given, on, words }
}

function knownTo(options: object): string {
  const names = Object.keys(options).map((each) => `--${each}`)
  return names.join(', ') || 'none'
}

function bad(message: string): Failure {
  return new Failure('ParamValidation', message)
}
