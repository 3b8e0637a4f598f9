// Runs another program at our terminal until it ends: a shell alias, session-manager-plugin, ssh.

import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { Failure } from '../lib/errors.ts'

export interface Child {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** The program answers Ctrl-C itself: we stay until it ends. */
  readonly ownsInterrupts?: boolean
}

/**
 * Text goes to the shell, a list is program and arguments. Returns the exit code; for a signal its negative number, as
 * Python's subprocess does. Throws Failure('Configuration') where it cannot be started; `detail.missing` where there is
 * no such program.
 */
export async function runChild(command: string | readonly string[], child: Child = {}): Promise<number> {
  const { env, cwd, ownsInterrupts } = child
  const options = { stdio: 'inherit', env: env as NodeJS.ProcessEnv | undefined, cwd } as const
  const running =
    typeof command === 'string'
      ? spawn(command, { ...options, shell: true })
      : spawn(command[0]!, command.slice(1), options)
  const listeners = ownsInterrupts ? process.listeners('SIGINT') : []
  const ignore = (): void => {}
  if (ownsInterrupts) {
    process.removeAllListeners('SIGINT')
    process.on('SIGINT', ignore)
  }
  try {
    return await new Promise<number>((resolve, reject) => {
      running.on('error', (error: NodeJS.ErrnoException) => {
        const name = typeof command === 'string' ? 'the shell' : command[0]!
        reject(
          new Failure('Configuration', `${name} cannot be started: ${error.message}`, {
            missing: error.code === 'ENOENT',
          }),
        )
      })
      running.on('exit', (code, signal) => resolve(code ?? -constants.signals[signal!]))
    })
  } finally {
    if (ownsInterrupts) {
      process.off('SIGINT', ignore)
      for (const listener of listeners) process.on('SIGINT', listener as NodeJS.SignalsListener)
    }
  }
}
