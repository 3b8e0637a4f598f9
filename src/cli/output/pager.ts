// Which program shows long output page by page, and how is it fed?

import { Failure } from '../../lib/errors.ts'
import { splitWords } from '../../lib/shlex.ts'
import { deafTo } from '../interrupt.ts'
import { pythonError } from './formatter.ts'

type Env = Readonly<Record<string, string | undefined>>

/** The pager's command line: AWS_PAGER, the profile's cli_pager, PAGER, less. '' means none is wanted. */
export function pagerCommand(env: Env, configured: string | undefined): string {
  return env.AWS_PAGER ?? configured ?? env.PAGER ?? 'less'
}

/** What a runtime's way of starting programs comes down to here. */
interface Process {
  /** False once the program reads no more. */
  write(text: string): boolean
  /** Ends its input and waits for it. */
  finish(): Promise<void>
}

/** A pager that is started by the first write. */
export class Pager {
  private readonly command: string
  private readonly env: Env
  private process: Process | undefined
  private heardAgain = (): void => {}

  constructor(command: string, env: Env) {
    this.command = command
    this.env = env
  }

  /** Throws Failure('Pager') when the program cannot be started. Returns false once its user has quit. */
  write(text: string): boolean {
    this.process ??= this.opened()
    return this.process.write(text)
  }

  async close(): Promise<void> {
    try {
      await this.process?.finish()
    } finally {
      this.heardAgain()
    }
  }

  /** Ctrl-C while the pager is open belongs to it: whoever left now would leave it at the terminal, with nobody to read. */
  private opened(): Process {
    const opened = start(this.words(), { LESS: 'FRX', ...this.env })
    this.heardAgain = deafTo('SIGINT')
    return opened
  }

  private words(): string[] {
    const words = splitWords(this.command)
    if (words.length === 0) throw pythonError('list index out of range')
    return words
  }
}

function start(words: string[], env: Env): Process {
  if (typeof Bun === 'undefined') return startOnNode(words, env)
  let child
  try {
    child = Bun.spawn(words, { stdin: 'pipe', stdout: 'inherit', stderr: 'inherit', env })
  } catch (error) {
    throw cannotStart(words, error)
  }
  const { stdin } = child
  let open = true
  // A pager that is quit early leaves its pipe broken: no error. Bun says so by throwing or by a rejected promise.
  const attempt = async (act: () => unknown): Promise<void> => {
    try {
      await act()
    } catch {
      open = false
    }
  }
  return {
    write: (text) => {
      if (open && child.exitCode === null) void attempt(() => stdin.write(text))
      return open && child.exitCode === null
    },
    finish: async () => {
      await attempt(() => stdin.end())
      await child.exited
    },
  }
}

function startOnNode(words: string[], env: Env): Process {
  const { spawn } = process.getBuiltinModule('node:child_process')
  const child = spawn(words[0] as string, words.slice(1), { stdio: ['pipe', 'inherit', 'inherit'], env: { ...env } })
  let problem: unknown
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve())
    child.on('error', (error) => {
      problem = error
      resolve()
    })
  })
  child.stdin.on('error', () => {})
  return {
    write: (text) => {
      if (child.exitCode !== null) return false
      child.stdin.write(text)
      return true
    },
    finish: async () => {
      child.stdin.end()
      await ended
      if (problem !== undefined) throw cannotStart(words, problem)
    },
  }
}

function cannotStart(words: readonly string[], error: unknown): Failure {
  const { code, message } = error as { code?: string; message?: string }
  const reason = code === 'ENOENT' ? `[Errno 2] No such file or directory: '${words[0]}'` : String(message)
  return new Failure(
    'Pager',
    `Unable to redirect output to pager. Received the following error when opening pager:\n${reason}\n\n` +
      'Learn more about configuring the output pager by running "aws help config-vars".',
  )
}
