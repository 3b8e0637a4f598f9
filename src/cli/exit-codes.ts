// Which exit code does each kind of error end with, and by which code does its text go?
// https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-returncodes.html

import type { FailureKind } from '../lib/errors.ts'

export const EXIT = {
  ok: 0,
  interrupted: 130,
  /** The command line cannot be understood, or the input does not fit the operation. */
  usage: 252,
  /** The machine is not set up for the call: no credentials, no region. */
  configuration: 253,
  /** The service answered with an error. */
  service: 254,
  other: 255,
} as const

interface Ending {
  readonly exit: number
  /** `An error occurred (NoRegion): …`; undefined where the text stands alone. */
  readonly code?: string
}

const endings: Partial<Record<FailureKind, Ending>> = {
  ParamValidation: { exit: EXIT.usage, code: 'ParamValidation' },
  UnknownService: { exit: EXIT.usage, code: 'ParamValidation' },
  UnknownOperation: { exit: EXIT.usage, code: 'ParamValidation' },
  NotImplemented: { exit: EXIT.usage, code: 'NotImplemented' },
  Configuration: { exit: EXIT.configuration, code: 'Configuration' },
  NoCredentials: { exit: EXIT.configuration, code: 'NoCredentials' },
  NoRegion: { exit: EXIT.configuration, code: 'NoRegion' },
  ReadOnly: { exit: EXIT.configuration, code: 'ReadOnly' },
  Pager: { exit: EXIT.configuration, code: 'Pager' },
  Interrupted: { exit: EXIT.interrupted },
}

/** Everything else is 255 and its text stands alone. */
export function endingOf(kind: FailureKind): Ending {
  return endings[kind] ?? { exit: EXIT.other }
}
