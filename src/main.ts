// The program: what is typed, the machine it is typed on, and the two sides of the house.
//
// Starting is most of what a short command costs. Nothing is loaded here that `--version` does not need, and stdout is
// written by descriptor: process.stdout alone would cost more than a call.

import { fstatSync, writeSync } from 'node:fs'
import type { LocalDoor, Machine, Outside } from './cli/door.ts'
import type { Models } from './model/model.ts'

const argv = process.argv.slice(2)

if (argv.length === 1 && argv[0] === '--version') {
  const { versionLine } = await import('./cli/version.ts')
  write(1, versionLine(process.env, homeOf(process.env)))
  process.exit(0)
}

process.exit(isCompletion() ? await completion() : await main())

async function main(): Promise<number> {
  process.once('SIGINT', () => {
    write(1, '\n')
    process.exit(130)
  })
  const machine = theMachine()
  try {
    const [{ run }, outside] = await Promise.all([import('./cli/run.ts'), theOutside(machine)])
    return await run(outside)
  } catch (error) {
    // What a command throws, run has told already: these are models that cannot be opened.
    const { report } = await import('./cli/report.ts')
    return report(error, machine, {})
  }
}

/**
 * A shell asks how a line goes on: `virga complete`, or this program by the name of the reference's completer. bash says
 * the program, the word and the word before it to a `complete -C` command; nobody else types a program's own name there.
 */
function isCompletion(): boolean {
  const { COMP_LINE, COMMAND_LINE } = process.env
  if (argv[0] === 'complete' || /(?:^|[\\/])(?:aws|virga)_completer(?:\.exe)?$/.test(process.argv0)) return true
  if (COMP_LINE === undefined) return COMMAND_LINE !== undefined && argv.length === 0
  return argv.length === 0 || (argv.length === 3 && /(?:^|[\\/])(?:aws|virga)(?:\.exe)?$/.test(argv[0]!))
}

async function completion(): Promise<number> {
  const [{ complete }, outside] = await Promise.all([import('./cli/complete/complete.ts'), theOutside(theMachine())])
  return complete(outside)
}

function theMachine(): Machine {
  const { env } = process
  const terminal = isTerminal(1)
  return {
    argv,
    env,
    home: homeOf(env),
    cwd: process.cwd(),
    clock: () => new Date(),
    stdout: {
      write: (data) => write(1, data),
      terminal,
      get columns() {
        return terminal ? process.stdout.columns || 80 : 80
      },
    },
    stderr: { write: (text) => void write(2, text), terminal: isTerminal(2) },
    stdin: { read: () => Bun.stdin.bytes(), terminal: isTerminal(0) },
  }
}

function homeOf(env: NodeJS.ProcessEnv): string {
  return env.HOME ?? env.USERPROFILE ?? '/'
}

/** Throws Failure('Model'). */
async function theOutside(machine: Machine): Promise<Outside> {
  const { home } = machine
  const known = await models(process.env, home)
  return { ...machine, models: known, local: localDoor(process.env, home, known) }
}

async function models(env: NodeJS.ProcessEnv, home: string) {
  const [{ openModels, modelDirectories }, { fileSource }, { newerModels }, { default: compiled }, { default: docs }] =
    await Promise.all([
      import('./model/load.ts'),
      import('./model/source.ts'),
      import('./cli/version.ts'),
      import('../build/models.bin', { with: { type: 'file' } }),
      import('../build/docs.bin', { with: { type: 'file' } }),
    ])
  return openModels({
    source: fileSource(compiled),
    docs: fileSource(docs),
    actions: async () => fileSource((await import('../build/actions.bin', { with: { type: 'file' } })).default),
    // Whoever tends the models needs none of theirs: they may be what is wrong.
    file: env.VIRGA_MODELS || (argv[0] === 'models' ? undefined : newerModels(env, home)?.file),
    extraDirectories: modelDirectories(env.AWS_DATA_PATH, home),
  })
}

/** The local AWS, opened when it is first asked for anything. */
function localDoor(env: NodeJS.ProcessEnv, home: string, models: Models): LocalDoor {
  let opened: Promise<LocalDoor> | undefined
  const door = (): Promise<LocalDoor> =>
    (opened ??= import('./local/door.ts').then(({ openDoor }) => openDoor(env, home, models)))
  return {
    send: async (request, options) => (await door()).send(request, options),
    profile: async () => (await door()).profile(),
    command: async (args, outside) => (await door()).command(args, outside),
  }
}

/** Writes all of it; false once nobody reads any more. */
function write(descriptor: number, data: string | Uint8Array): boolean {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(descriptor, bytes, at)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EPIPE') return false
      if (code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
  return true
}

/** A character device that is not one of memory's (/dev/null). Asking `tty` costs milliseconds, so only for those. */
function isTerminal(descriptor: number): boolean {
  try {
    const status = fstatSync(descriptor)
    if (!status.isCharacterDevice() || (process.platform === 'linux' && status.rdev >> 8 === 1)) return false
    return process.getBuiltinModule('node:tty').isatty(descriptor)
  } catch {
    return false
  }
}
