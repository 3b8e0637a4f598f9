// What does a server say while it runs? A line of greeting and what is wrong, on stderr; with `--log json` every
// request too, each line an object, as those who collect the logs of containers like them.

import { Failure } from '../../lib/errors.ts'
import type { Answered } from '../world.ts'
import type { Outside } from './command.ts'

export interface Log {
  say(message: string, address?: string): void
  trouble(message: string): void
  /** Undefined where nobody wants to hear of requests. */
  readonly answered: ((answered: Answered) => void) | undefined
}

export function logOf(format: string | undefined, { stderr }: Outside): Log {
  if (format !== undefined && !['json', 'text', 'none'].includes(format))
    throw new Failure('ParamValidation', `--log must be json, text or none, not ${format}`)
  if (format !== 'json')
    return {
      say: (message) => void stderr.write(`${message}\n`),
      trouble: (message) => void stderr.write(`virga local: ${message}\n`),
      answered: format === 'text' ? (answered) => void stderr.write(`${lineOf(answered)}\n`) : undefined,
    }
  const write = (level: string, rest: object): void =>
    void stderr.write(`${JSON.stringify({ time: new Date().toISOString(), level, ...rest })}\n`)
  return {
    say: (message, address) => write('info', { message, address }),
    trouble: (message) => write('error', { message }),
    answered: (answered) => write(answered.status >= 500 ? 'error' : 'info', told(answered)),
  }
}

/** Never what was sent: inputs may hold secrets. */
function told({ story, target, status }: Answered): object {
  return {
    message: 'answered',
    requestId: story.requestId,
    service: target.service.name,
    operation: target.operation?.name ?? target.asked,
    region: story.region,
    status,
    code: story.error?.code,
    account: story.caller?.accountId,
    principal: story.caller?.principal.arn,
    sourceIp: story.sourceIp,
    milliseconds: Math.round((performance.now() - story.began) * 10) / 10,
    faults: story.faults,
  }
}

function lineOf({ story, target, status }: Answered): string {
  const code = story.error ? ` ${story.error.code}` : ''
  return `${new Date().toISOString()} ${target.service.name} ${target.operation?.name ?? target.asked} ${status}${code} ${story.requestId}`
}
