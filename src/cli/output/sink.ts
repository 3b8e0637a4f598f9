// Where does output go: straight to stdout, or through a pager?

import type { Outside } from '../door.ts'
import type { Sink } from './formatter.ts'
import { Pager, pagerCommand } from './pager.ts'

export interface Output {
  readonly sink: Sink
  /** Waits until the reader of a pager is done. To be called however the writing ended. */
  close(): Promise<void>
}

export interface OutputOptions {
  readonly color: 'on' | 'off' | 'auto'
  /** `--no-cli-pager` takes this away. */
  readonly pager: boolean
  /** The profile's `cli_pager`. */
  readonly configuredPager?: string
}

/** Opens stdout for an operation's result. A pager is only started once something is written. */
export function openOutput(outside: Pick<Outside, 'stdout' | 'env'>, options: OutputOptions): Output {
  const { stdout, env } = outside
  const color = options.color === 'on' || (options.color === 'auto' && stdout.terminal)
  const screen = { terminal: stdout.terminal, columns: stdout.columns, color }
  const command = stdout.terminal && options.pager ? pagerCommand(env, options.configuredPager) : ''
  if (command === '') {
    return { sink: { ...screen, resets: color, write: (text) => stdout.write(text) }, close: async () => {} }
  }
  const pager = new Pager(command, env)
  return { sink: { ...screen, write: (text) => pager.write(text) }, close: () => pager.close() }
}
