// Does a fault strike this request, and what becomes of it? Asked between reading a request and asking IAM.

import { AwsError, Failure } from '../../lib/errors.ts'
import type { Service } from '../../model/model.ts'
import { throttledAs, ruleFits } from '../throttle/rules.ts'
import type { Story } from '../trail/entry.ts'
import type { World } from '../world.ts'
import { chance, harmOf, type Fault } from './faults.ts'

/** Waits, throws the error of a fault, or notes that the answer is to be lost. The trail is told of every one. */
export async function strike(service: Service, operation: string, story: Story, world: World): Promise<void> {
  const fitting = story.settings.faults.filter((fault) => ruleFits(fault, service.name, operation))
  if (fitting.length === 0) return
  const struck = await world.store.namespace('faults').transaction((rows) =>
    fitting.flatMap((fault) => {
      const { seen, hits } = rows.get<Count>('seen', fault.id) ?? { seen: 0, hits: 0 }
      const hit = chance(fault, seen, 'strikes') < fault.rate && hits < (fault.times ?? Infinity)
      rows.put('seen', fault.id, { seen: seen + 1, hits: hits + (hit ? 1 : 0) })
      return hit ? [{ fault, number: seen }] : []
    }),
  )
  for (const { fault, number } of struck) {
    ;(story.faults ??= []).push(`${fault.id}: ${harmOf(fault)}`)
    if (fault.kind === 'latency') await Bun.sleep(delayOf(fault, number))
    else if (fault.kind === 'drop-answer') story.lost = true
    else throw errorOf(fault, service, story)
  }
}

type Count = Record<'seen' | 'hits', number>

function delayOf(fault: Fault, number: number): number {
  const [from, to] = fault.milliseconds!
  return from + (to - from) * chance(fault, number, 'length')
}

function errorOf({ kind, code, status, message }: Fault, service: Service, story: Story): AwsError {
  if (kind === 'drop') {
    story.lost = true
    return new AwsError('ConnectionLost', lost, { status: 500 })
  }
  const usual =
    kind === 'throttle' ? throttledAs(service) : { code: code!, status: 500, message: 'A fault on purpose.' }
  return new AwsError(code ?? usual.code, message ?? usual.message, { status: status ?? usual.status })
}

const lost = 'the connection was lost, as virga local faults wants it'

/** What happens to a request whose answer is lost: the server hangs up, and in this process it is a broken connection. */
export function lostConnection(): Failure {
  return new Failure('Connection', lost)
}
