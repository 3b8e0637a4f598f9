// The events of log groups in the moment in which they come, as one long answer.

import { call } from '../../../client/call.ts'
import { AwsError, Failure } from '../../../lib/errors.ts'
import type { Structure, Value } from '../../../lib/value.ts'
import { errorText } from '../../report.ts'
import { untilInterrupted } from '../../interrupt.ts'
import { named } from '../../error-operation.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'

const LIST = { type: 'list', nargs: '+', schema: { type: 'array', items: { type: 'string' } } } as const

export const startLiveTail = command({
  name: 'logs start-live-tail',
  help:
    'Starts a Live Tail streaming session for one or more log groups, of three hours at most. Live Tail sessions incur ' +
    'charges by session usage time, per minute.',
  arguments: {
    'log-group-identifiers': { ...LIST, required: true, help: 'The ARNs of the log groups, up to 10.' },
    'log-stream-names': { ...LIST, help: 'The streams to show; not together with --log-stream-name-prefixes.' },
    'log-stream-name-prefixes': { ...LIST, help: 'Show only streams whose names begin so.' },
    'log-event-filter-pattern': { help: 'The filter pattern to use. If not provided, all the events are matched.' },
    mode: {
      choices: ['interactive', 'print-only'],
      default: 'print-only',
      help: 'print-only: messages are printed as they are. interactive: not built here.',
    },
  },
  run: async (given, context) => {
    const members = {
      logGroupIdentifiers: given['log-group-identifiers'],
      logStreamNames: given['log-stream-names'],
      logStreamNamePrefixes: given['log-stream-name-prefixes'],
      logEventFilterPattern: given['log-event-filter-pattern'],
    }
    const input = Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Structure
    if (given.mode === 'interactive') {
      throw new Failure('NotImplemented', 'The interactive mode is not built here. Use --mode print-only.')
    }
    await untilInterrupted((signal) => printEvents(input, context, signal))
    return 0
  },
})

async function printEvents(input: Structure, context: Context, signal: AbortSignal): Promise<void> {
  const operation = await context.outside.models.operation('logs', 'StartLiveTail')
  const settings = await context.settings()
  const { responseStream } = await named(operation, () => call(operation, input, settings, { signal }))
  try {
    for await (const event of responseStream as AsyncIterable<Value>) {
      const { sessionUpdate } = event as { sessionUpdate?: Structure }
      for (const { message } of (sessionUpdate?.sessionResults ?? []) as { message: string }[])
        context.write(`${message}\n`)
    }
  } catch (error) {
    // What ends the stream is told where the events are, and is no failure of the command.
    if (signal.aborted) return
    if (error instanceof AwsError) error.response.operation ??= operation.name
    context.write(`${errorText(error)}\n`)
  }
}
