// Runs a program that a profile names, without a shell, for what it prints.

import { Failure } from '../../lib/errors.ts'
import { splitWords } from '../../lib/shlex.ts'

/** Longer than any person takes to answer a program that asks. */
const longestMilliseconds = 5 * 60_000
const mostBytes = 1 << 20

/**
 * What it writes to stdout. Its stdin and terminal are ours, so that it may ask.
 * Throws Failure('CredentialRetrieval') with its stderr for an exit code other than 0; its stdout is never shown.
 */
export async function outputOf(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  provider: string,
): Promise<string> {
  const failed = (reason: string): Failure =>
    new Failure('CredentialRetrieval', `Error when retrieving credentials from ${provider}: ${reason}`)
  const [program, ...args] = wordsOf(command, failed)
  if (program === undefined) throw failed('the command is empty')
  const { spawn } = process.getBuiltinModule('node:child_process')
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: env as NodeJS.ProcessEnv, stdio: ['inherit', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    const stop = (reason: string): void => {
      child.kill('SIGKILL')
      reject(failed(reason))
    }
    const timer = setTimeout(
      () => stop(`${program} did not end within ${longestMilliseconds / 60_000} minutes`),
      longestMilliseconds,
    )
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      if (stdout.length > mostBytes) stop(`${program} wrote more than 1 MiB`)
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      if (stderr.length < mostBytes) stderr += text
    })
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      reject(failed(reasonOf(error, program)))
    })
    child.on('close', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve(stdout)
      else reject(failed(stderr))
    })
  })
}

function reasonOf({ code, message }: NodeJS.ErrnoException, program: string): string {
  if (code === 'ENOENT') return `[Errno 2] No such file or directory: '${program}'`
  return code === 'EACCES' ? `[Errno 13] Permission denied: '${program}'` : message
}

function wordsOf(command: string, failed: (reason: string) => Failure): string[] {
  try {
    return splitWords(command)
  } catch (error) {
    throw failed((error as Error).message)
  }
}
