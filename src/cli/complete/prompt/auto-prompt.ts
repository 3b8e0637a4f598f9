// When is the command line asked for instead of run as it stands? `--cli-auto-prompt` says so, or `cli_auto_prompt` and
// AWS_CLI_AUTO_PROMPT: `on` for every line, `on-partial` for one that was not complete.

import { Failure } from '../../../lib/errors.ts'
import { readConfiguration } from '../../../client/config/configuration.ts'
import type { Outside } from '../../door.ts'
import { EXIT } from '../../exit-codes.ts'
import { promptFor } from './prompt.ts'
import type { Terminal } from './prompt.ts'

type Run = (outside: Outside) => Promise<number>

/** Runs the line, or what is made of it. Returns the exit code; nothing is thrown. */
export async function runAsking(outside: Outside, run: Run): Promise<number> {
  const mode = await modeOf(outside)
  if (mode === 'on') return runAsked(outside, run)
  if (mode !== 'on-partial' || !canAsk(outside)) return run(outside)
  const held = holdingUsageErrors(outside)
  const exit = await run(held.outside)
  if (exit === EXIT.usage && held.held()) return runAsked(outside, run)
  held.release()
  return exit
}

async function runAsked(outside: Outside, run: Run): Promise<number> {
  const said = outside.argv.includes(OPTION)
  if (!canAsk(outside)) {
    if (!said) return run(outside)
    const { report } = await import('../../report.ts')
    return report(
      new Failure('ParamValidation', `${OPTION} needs a terminal: stdin or stdout is none here`),
      outside,
      {},
    )
  }
  const words = await promptFor(
    outside.argv.filter((word) => word !== OPTION),
    outside,
    theTerminal(outside),
  )
  return words === undefined ? EXIT.interrupted : run({ ...outside, argv: words })
}

const OPTION = '--cli-auto-prompt'

async function modeOf({ argv, env, home }: Outside): Promise<string> {
  if (argv.includes('help') || argv.includes('--version') || argv.includes('--no-cli-auto-prompt')) return 'off'
  if (argv.includes(OPTION)) return 'on'
  const given = argv.indexOf('--profile')
  const profile = given < 0 ? undefined : argv[given + 1]
  const configuration = await readConfiguration({ profile }, { env, home, clock: () => new Date() }).catch(
    () => undefined,
  )
  return configuration?.text('cli_auto_prompt')?.toLowerCase() ?? 'off'
}

function canAsk({ stdin, stdout }: Outside): boolean {
  return stdin.terminal && stdout.terminal
}

/** What a first run has to say of a line that is not complete need not be read: the prompt follows. */
function holdingUsageErrors(outside: Outside): { outside: Outside; held: () => boolean; release: () => void } {
  const texts: string[] = []
  const write = (text: string): void => {
    if (texts.length > 0 || /^\s*(?:usage:|aws: \[ERROR\]: An error occurred \(ParamValidation\))/.test(text))
      texts.push(text)
    else outside.stderr.write(text)
  }
  return {
    outside: { ...outside, stderr: { ...outside.stderr, write } },
    held: () => texts.length > 0,
    release: () => texts.forEach((text) => outside.stderr.write(text)),
  }
}

function theTerminal({ stdout }: Outside): Terminal {
  return {
    write: (text) => void stdout.write(text),
    columns: () => stdout.columns,
    async *input() {
      const { rawInput } = await import('../../keys.ts')
      yield* rawInput()
    },
  }
}
