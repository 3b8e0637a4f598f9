// Who is told what happens while things are moved: people who watch, or a program that reads events.

import type { Observer } from '../../../transfer/engine.ts'
import type { Job, Skip } from '../../../transfer/entry.ts'

export interface Telling extends Observer {
  progress(job: Job, bytes: number): void
  /** What would be done. */
  dryRun(job: Job): void
  /** Something was passed over; with the reference's warning, where it gives one. */
  passedOver(path: string, why: Skip, warning?: string): void
  /** A line that begins with `warning: `, about what was done all the same. */
  warning(text: string): void
  /** The end of the command: what follows is not told any more. */
  fatal(text: string): void
  /** No more are coming. */
  allQueued(): void
  readonly tally: Tally
}

/** What came of it all. */
export class Tally {
  readonly done: Record<string, number> = {}
  readonly skipped: Partial<Record<Skip, number>> = {}
  bytes = 0
  failed = 0
  warned = 0
  fatal = false

  /** 1 where something failed, 2 where something was passed over with a warning. */
  get exitCode(): number {
    return this.failed > 0 || this.fatal ? 1 : this.warned > 0 ? 2 : 0
  }

  finished(job: Job): void {
    const kind = kindOf(job)
    this.done[kind] = (this.done[kind] ?? 0) + 1
    if (job.action !== 'delete') this.bytes += job.entry.size ?? 0
  }

  passedOver(why: Skip, warned: boolean): void {
    this.skipped[why] = (this.skipped[why] ?? 0) + 1
    if (warned) this.warned++
  }
}

/** What the reference calls it: a move is one, whatever it is made of. */
export function kindOf({ action, moves }: Job): string {
  return moves ? 'move' : action
}
