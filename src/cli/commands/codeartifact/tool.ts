// The package tools are told by their own commands, whose output is nobody's concern unless they fail.

import { spawn } from 'node:child_process'
import { Failure } from '../../../lib/errors.ts'
import { repr } from '../../../lib/python.ts'
import type { Outside } from '../../door.ts'

export interface Login {
  readonly token: string
  /** Ends in a slash. */
  readonly endpoint: string
  readonly domain: string
  readonly repository: string
  readonly namespace: string | undefined
  readonly dryRun: boolean
  readonly outside: Outside
  readonly write: (text: string) => void
  /** Says that it worked, and until when. */
  readonly succeeded: (tool: string) => void
}

export interface ToolCommand {
  readonly words: readonly string[]
  readonly mayFail?: boolean
}

/** Runs the commands, or with --dry-run prints them. */
export async function runAll(login: Login, tool: string, commands: readonly ToolCommand[]): Promise<void> {
  if (login.dryRun) {
    for (const { words } of commands) login.write(`${words.join(' ')}\n\n`)
    return
  }
  for (const command of commands) await runTool(login, tool, command)
  login.succeeded(tool)
}

/** What it printed. Throws Failure('InvalidValue') in which the token is not to be read. */
export async function runTool(
  { token, outside: { env } }: Login,
  tool: string,
  { words, mayFail }: ToolCommand,
): Promise<string> {
  const { exit, stdout, stderr } = await captured(words, env, tool)
  if (exit === 0 || mayFail) return stdout
  const command = repr([...words]).replaceAll(token, '******')
  throw new Failure(
    'InvalidValue',
    `Command '${command}' returned non-zero exit status ${exit}. Stderr from command:\n${stderr}`,
  )
}

function captured(
  words: readonly string[],
  env: Outside['env'],
  tool: string,
): Promise<{ exit: number; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(words[0]!, words.slice(1), {
      env: env as NodeJS.ProcessEnv,
      stdio: ['inherit', 'pipe', 'pipe'],
    })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (piece: string) => (stdout += piece))
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece))
    child.on('error', (error: NodeJS.ErrnoException) => {
      const missing = error.code === 'ENOENT'
      reject(
        new Failure('InvalidValue', missing ? `${tool} was not found. Please verify installation.` : error.message),
      )
    })
    child.on('close', (code) => resolve({ exit: code ?? 1, stdout, stderr }))
  })
}
