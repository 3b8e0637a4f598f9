// The events of a log group, from some minutes ago on, and as they come.

import { Failure } from '../../../lib/errors.ts'
import { parseTimestamp } from '../../../lib/time.ts'
import type { Structure } from '../../../lib/value.ts'
import { pause, untilInterrupted } from '../../interrupt.ts'
import { command } from '../command.ts'
import type { Context, GivenWords } from '../command.ts'
import { writerOf } from './event-text.ts'
import type { LogEvent } from './event-text.ts'

/** Seconds between two looks for more. */
const POLL = 5

export const tail = command({
  name: 'logs tail',
  help:
    'Tails the logs for a CloudWatch Logs group. By default, the command returns logs from all associated CloudWatch ' +
    'Logs streams during the past ten minutes. There is no guarantee for exact timestamp ordering of logs.',
  arguments: {
    group_name: { positional: true, help: 'The name of the CloudWatch Logs group.' },
    since: {
      default: '10m',
      help: 'From what time on: an ISO 8601 timestamp, or a number and one of s, m, h, d, w: `5m`.',
    },
    follow: { flag: true, default: false, help: 'Go on and look for new events, until Ctrl-C.' },
    format: {
      choices: ['detailed', 'short', 'json'],
      default: 'detailed',
      help: 'detailed: time, stream and message; short: time to the second and message; json: messages of JSON in lines.',
    },
    'filter-pattern': { help: 'The filter pattern to use. If not provided, all the events are matched.' },
    'log-stream-names': { nargs: '+', help: 'The streams to show events of.' },
    'log-stream-name-prefix': { help: 'Show only streams whose names begin so.' },
  },
  run: async (given, context) => {
    const input = request(given, context)
    const { globals, outside } = context
    const colored = globals.color === 'on' || (globals.color === 'auto' && outside.stdout.terminal)
    const textOf = writerOf(given.format as string, colored)
    if (given.follow === true) {
      await untilInterrupted((signal) => follow(input, context, (event) => context.write(textOf(event)), signal))
      return 0
    }
    for await (const page of context.pages('logs', 'FilterLogEvents', input)) {
      for (const event of eventsOf(page)) context.write(textOf(event))
    }
    return 0
  },
})

function request(given: GivenWords, { outside }: Context): Structure {
  return {
    logGroupName: given.group_name,
    interleaved: true,
    startTime: startOf(given.since as string, outside.clock()),
    ...(given['filter-pattern'] === undefined ? {} : { filterPattern: given['filter-pattern'] }),
    ...(given['log-stream-names'] === undefined ? {} : { logStreamNames: given['log-stream-names'] }),
    ...(given['log-stream-name-prefix'] === undefined ? {} : { logStreamNamePrefix: given['log-stream-name-prefix'] }),
  }
}

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 24 * 3600, w: 7 * 24 * 3600 }

/** Milliseconds since 1970. */
function startOf(since: string, now: Date): number {
  const [, amount, unit] = /^(\d+)([smhdw])$/.exec(since) ?? []
  if (unit !== undefined) return now.getTime() - Number(amount) * UNITS[unit]! * 1000
  try {
    const { seconds, micros } = parseTimestamp(since)
    return Number(seconds) * 1000 + Math.trunc(micros / 1000)
  } catch (error) {
    throw new Failure('InvalidValue', (error as Error).message)
  }
}

async function follow(
  input: Structure,
  context: Context,
  show: (event: LogEvent) => boolean | void,
  signal: AbortSignal,
): Promise<void> {
  // Each look begins at the newest moment seen, so events of that moment come again and must be known.
  let newest = -Infinity
  let seen = new Set<string>()
  while (!signal.aborted) {
    const page = await context.call('logs', 'FilterLogEvents', input)
    for (const event of eventsOf(page)) {
      if (event.timestamp === newest && seen.has(event.eventId)) continue
      show(event)
      if (event.timestamp > newest) {
        newest = event.timestamp
        seen = new Set()
      }
      if (event.timestamp === newest) seen.add(event.eventId)
    }
    delete input.nextToken
    if (page.nextToken !== undefined) {
      input.nextToken = page.nextToken
      continue
    }
    if (newest > -Infinity) input.startTime = newest
    await pause(POLL, signal)
  }
}

function eventsOf(page: Structure): LogEvent[] {
  const events = (page.events ?? []) as Structure[]
  return events.map((event) => ({ ...event, timestamp: Number(event.timestamp) })) as unknown as LogEvent[]
}
