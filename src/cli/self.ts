// How does another program start this one? For lines in files that name a program to run.

import { quoteWord } from '../lib/shlex.ts'

/** Words for a shell, or for a program that splits them as a shell would. */
export function commandLine(...words: readonly string[]): string {
  const program = isCompiled() ? [process.execPath] : [process.execPath, Bun.main]
  return [...program, ...words].map(quoteWord).join(' ')
}

/** Whether this is the executable, not its sources. */
export function isCompiled(): boolean {
  return Bun.main.startsWith('/$bunfs/') || Bun.main.startsWith('B:\\~BUN')
}
