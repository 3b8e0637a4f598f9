// How does an event of a log look in a line?

import { isoformat } from '../../../lib/time.ts'
import { parseJson } from '../../../lib/json.ts'
import type { Value } from '../../../lib/value.ts'
import { asciiJsonText } from '../../output/json.ts'

export interface LogEvent {
  /** Milliseconds since 1970. */
  readonly timestamp: number
  readonly eventId: string
  readonly logStreamName: string
  readonly message: string
}

const [GREEN, CYAN, RESET] = ['\x1b[32m', '\x1b[36m', '\x1b[0m']

/** The text of an event, its line feed included, by the name of a format. */
export function writerOf(format: string, colored: boolean): (event: LogEvent) => string {
  const paint = (text: string, color: string): string => (colored ? `${color}${text}${RESET}` : text)
  const line = (text: string): string => `${text.trimEnd()}\n`
  const stream = ({ logStreamName }: LogEvent): string => paint(logStreamName, CYAN)
  switch (format) {
    case 'short':
      return (event) => line(`${paint(whole(event).slice(0, 19), GREEN)} ${event.message}`)
    case 'json':
      return (event) => line(`${paint(whole(event), GREEN)} ${stream(event)} ${indented(event.message)}`)
    default:
      return (event) => line(`${paint(toMicros(event), GREEN)} ${stream(event)} ${event.message}`)
  }
}

/** `2026-01-02T03:04:05+00:00`, with microseconds where there are any. */
function whole({ timestamp }: LogEvent): string {
  return isoformat(new Date(timestamp))
}

function toMicros({ timestamp }: LogEvent): string {
  return new Date(timestamp).toISOString().replace('Z', '000+00:00')
}

/** What is JSON stands in lines of its own. */
function indented(message: string): string {
  try {
    return `\n${asciiJsonText(parseJson(message, { wire: true }) as Value)}`
  } catch {
    return message
  }
}
