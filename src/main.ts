// The program: what is typed, the machine it is typed on, and the two sides of the house.
//
// Starting is most of what a short command costs. Nothing is loaded here that `--version` does not need, and stdout is
// written by descriptor: process.stdout alone would cost more than a call.

import type { LocalDoor, Machine, Outside } from './cli/door.ts'
import { isTerminal, openOutput, writeError } from './lib/descriptors.ts'
import { homeOf } from './lib/home.ts'
import type { Models } from './model/model.ts'

const argv = process.argv.slice(2)
const stdout = openOutput()

if (argv.length === 1 && argv[0] === '--version') {
  const { versionLine } = await import('./cli/version.ts')
  await leave(printed(versionLine(process.env, homeOf(process.env))))
}

await leave(isCompletion() ? await completion() : await main())

async function leave(exit: number): Promise<void> {
  await stdout.settled()
  process.exit(exit)
}

function printed(text: string): number {
  try {
    stdout.write(text)
    return 0
  } catch (error) {
    writeError(`\naws: [ERROR]: ${(error as Error).message}\n`)
    return 255
  }
}

async function main(): Promise<number> {
  // A short command is over before compiled code has paid for its compiling: the program is built to put that off.
  setTimeout(() => Bun.unsafe.setJITPolicy(1), 50).unref()
  process.once('SIGINT', () => {
    stdout.write('\n')
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
  if (argv[0] === 'complete' || process.argv0.endsWith('_completer') || process.argv0.endsWith('_completer.exe'))
    return true
  if (COMP_LINE === undefined) return COMMAND_LINE !== undefined && argv.length === 0
  return argv.length === 0 || (argv.length === 3 && /(?:^|[\\/])(?:aws|virga)(?:\.exe)?$/.test(argv[0]!))
}

async function completion(): Promise<number> {
  const [{ complete }, outside] = await Promise.all([import('./cli/complete/complete.ts'), theOutside(theMachine())])
  return complete(outside)
}

function theMachine(): Machine {
  const { env } = process
  const errorTerminal = known(() => isTerminal(2))
  const inputTerminal = known(() => isTerminal(0))
  return {
    argv,
    env,
    home: homeOf(env),
    cwd: process.cwd(),
    clock: () => new Date(),
    stdout: {
      write: stdout.write,
      terminal: stdout.terminal,
      get columns() {
        return stdout.terminal ? process.stdout.columns || 80 : 80
      },
    },
    stderr: {
      write: (text) => void writeError(text),
      get terminal() {
        return errorTerminal()
      },
    },
    stdin: {
      read: () => Bun.stdin.bytes(),
      get terminal() {
        return inputTerminal()
      },
    },
  }
}

/** Asked when it is needed, and once. */
function known<T>(ask: () => T): () => T {
  let answer: { value: T } | undefined
  return () => (answer ??= { value: ask() }).value
}

/** Throws Failure('Model'). */
async function theOutside(machine: Machine): Promise<Outside> {
  const { programModels } = await import('./cli/program-models.ts')
  const models = await programModels(machine)
  return { ...machine, models, local: localDoor(process.env, machine.home, models) }
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
    commands: async () => (await door()).commands(),
  }
}
