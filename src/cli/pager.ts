// Output on a terminal goes through the user's pager.

import { Failure } from '../lib/errors.ts'
import { splitWords } from '../lib/shlex.ts'

/**
 * Runs `command` and hands what is written on to it, until the reader quits. Throws Failure('Configuration') where it
 * cannot be started.
 */
export async function throughPager(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  print: (write: (text: string) => boolean) => Promise<void>,
): Promise<void> {
  const pager = start(command, env)
  const write = (text: string): boolean => {
    if (pager.exitCode !== null) return false
    pager.stdin.write(text)
    pager.stdin.flush()
    return true
  }
  try {
    await print(write)
  } finally {
    await Promise.resolve(pager.stdin.end()).catch(() => undefined)
    await pager.exited
  }
}

function start(command: string, env: Readonly<Record<string, string | undefined>>) {
  try {
    return Bun.spawn({
      cmd: splitWords(command), stdin: 'pipe', stdout: 'inherit', stderr: 'inherit', env: { LESS: 'FRX', ...env },
    })
  } catch (error) {
    throw new Failure(
      'Configuration',
      'Unable to redirect output to pager. Received the following error when opening pager:\n' +
        `${(error as Error).message}\n\nLearn more about configuring the output pager by running "aws help config-vars".`,
    )
  }
}
