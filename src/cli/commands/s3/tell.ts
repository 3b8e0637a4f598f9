// Who is told, and how: people by lines and progress as the reference shows them, programs by events.

import type { Job } from '../../../transfer/entry.ts'
import type { Context, GivenWords } from '../command.ts'
import type { Checked } from './check.ts'
import { Events } from './events.ts'
import { Printer } from './printer.ts'
import type { Verbosity } from './printer.ts'
import { pathShower } from './shown-path.ts'
import { summaryText } from './summary.ts'
import type { Telling } from './telling.ts'
import { errorText } from './words.ts'

export interface Told {
  readonly telling: Telling
  /** `./a.txt to s3://bucket/a.txt`. */
  readonly locate: (job: Job) => string
  /** Says what is said when all is over. */
  readonly end: () => void
}

export function tellingFor(paths: Checked, given: GivenWords, context: Context): Told {
  const { stdout } = context.outside
  const now = (): number => performance.now()
  const started = now()
  const locate = locator(context.outside.cwd)
  if (given.events === true) {
    const events = new Events({ write: context.write, now, errorText })
    return { telling: events, locate, end: () => events.end() }
  }
  const telling = new Printer({
    verbosity: verbosityOf(paths, given, context),
    ...(given['progress-frequency'] === undefined ? {} : { progressEvery: Number(given['progress-frequency']) }),
    multiline: given['progress-multiline'] === true,
    ...(stdout.terminal && { columns: () => stdout.columns }),
    write: context.write,
    warn: (text) => context.outside.stderr.write(text),
    now,
    locate,
    errorText,
  })
  const summarize = (): void => context.write(summaryText(telling.tally, (now() - started) / 1000))
  return { telling, locate, end: given.summarize === true ? summarize : () => {} }
}

function locator(cwd: string): (job: Job) => string {
  const shown = pathShower(cwd)
  const place = (side: 's3' | 'local', path: string): string =>
    side === 's3' ? `s3://${path}` : path === '-' ? path : shown(path)
  return ({ action, entry, target }) => {
    const from = place(entry.side, entry.path)
    return target === undefined ? from : `${from} to ${place(action === 'download' ? 'local' : 's3', target)}`
  }
}

function verbosityOf({ stream, direction }: Checked, given: GivenWords, { outside }: Context): Verbosity {
  if (given.quiet === true) return 'quiet'
  if (given['only-show-errors'] === true || stream) return 'errors'
  if (direction === 's3' || given['no-progress'] === false) return 'no progress'
  if (given['time-left'] === true) return outside.stdout.terminal ? 'time left' : 'no progress'
  return 'progress'
}
