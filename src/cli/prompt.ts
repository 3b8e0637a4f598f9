// Questions of a command, and what somebody answers: at the terminal, or line by line from whatever feeds stdin.
//
// Questions go to stdout and answers come from stdin, as Python's input() has it, so that scripts which feed the
// reference feed this as well. What must not be seen while it is typed is asked at the terminal itself: `ask.ts`.

import { text } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import type { Outside } from './door.ts'

export interface Prompter {
  /** The line without its end. Throws Failure('InvalidValue') where stdin has ended. */
  ask(question: string): Promise<string>
  /** Until it is y or n. */
  yes(question: string): Promise<boolean>
}

/** One for each run of a command: it holds the lines that were fed and not asked for yet. */
export function prompter({ stdin, stdout }: Outside): Prompter {
  let fed: string[] | undefined
  const nextLine = async (): Promise<string | undefined> => {
    if (stdin.terminal) return (await import('./ask.ts')).readLine(0)
    fed ??= linesOf(text(await stdin.read()))
    return fed.shift()
  }
  const ask = async (question: string): Promise<string> => {
    stdout.write(question)
    const line = await nextLine()
    if (line === undefined) throw new Failure('InvalidValue', 'EOF when reading a line')
    return line
  }
  return {
    ask,
    async yes(question) {
      for (;;) {
        const answer = (await ask(question)).toLowerCase()
        if (answer === 'y' || answer === 'yes') return true
        if (answer === 'n' || answer === 'no') return false
        stdout.write('Invalid response. Please enter "y" or "n"\n')
      }
    },
  }
}

/** A carriage return stays: the reference does not take it for an end. */
function linesOf(fed: string): string[] {
  const lines = fed.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}
