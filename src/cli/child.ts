// Runs another program at our terminal until it ends: a shell alias, session-manager-plugin, ssh.

import { spawn } from 'node:child_process'
import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { constants } from 'node:os'
import { Failure } from '../lib/errors.ts'
import { deafTo } from './interrupt.ts'

export interface Child {
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd?: string
  /** The program answers Ctrl-C itself: we stay until it ends. */
  readonly ownsInterrupts?: boolean
  /** What it reads instead of our stdin. */
  readonly input?: string | Uint8Array
}

/**
 * Text goes to the shell, a list is program and arguments. Returns the exit code; for a signal its negative number, as
 * Python's subprocess does. Throws Failure('Configuration') where it cannot be started; `detail.missing` where there is
 * no such program.
 */
export async function runChild(command: string | readonly string[], child: Child = {}): Promise<number> {
  const { env, cwd, ownsInterrupts, input } = child
  const stdin = input === undefined ? 'inherit' : 'pipe'
  const options: SpawnOptions = { stdio: [stdin, 'inherit', 'inherit'], env: env as NodeJS.ProcessEnv | undefined, cwd }
  const running =
    typeof command === 'string'
      ? spawn(command, { ...options, shell: true })
      : spawn(command[0]!, command.slice(1), options)
  if (input !== undefined) running.stdin!.on('error', () => {}).end(input)
  const heardAgain = ownsInterrupts ? deafTo('SIGINT', 'SIGQUIT', 'SIGTSTP') : () => {}
  try {
    return await ended(running, typeof command === 'string' ? 'the shell' : command[0]!)
  } finally {
    heardAgain()
  }
}

/** What a program prints; its complaints go to our stderr, or are dropped. Throws like runChild. */
export async function outputOf(
  command: readonly string[],
  { env, cwd, input, quiet }: Child & { quiet?: boolean } = {},
): Promise<{ text: string; exit: number }> {
  const running = spawn(command[0]!, command.slice(1), {
    stdio: [input === undefined ? 'inherit' : 'pipe', 'pipe', quiet ? 'ignore' : 'inherit'],
    env: env as NodeJS.ProcessEnv | undefined,
    cwd,
  })
  let text = ''
  running.stdout!.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  if (input !== undefined) running.stdin!.on('error', () => {}).end(input)
  const exit = await ended(running, command[0]!, 'close')
  return { text, exit }
}

function ended(running: ChildProcess, name: string, by: 'exit' | 'close' = 'exit'): Promise<number> {
  return new Promise((resolve, reject) => {
    running.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT'
      reject(new Failure('Configuration', `${name} cannot be started: ${error.message}`, { missing }))
    })
    running.on(by, (code: number | null, signal: NodeJS.Signals | null) => resolve(code ?? -constants.signals[signal!]))
  })
}
