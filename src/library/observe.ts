// How is somebody told of calls who logs or traces them? By a function that sees each call begin, and gives another that
// sees it end. It changes nothing of the call; that is what settings are for.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import type { Operation } from '../model/model.ts'
import type { Observation, Observe, Outcome, ResponseFacts } from './types.ts'

/** A call under way: what it asks, what makes it, and what its response said once that is here. */
interface Work {
  readonly operation: Operation
  readonly input: Structure
  readonly settings: Settings
  readonly run: () => Promise<Structure>
  readonly facts: () => ResponseFacts | undefined
}

/** The output of a call, of which `observe` is told. Throws what the call throws, and nothing that the observer does. */
export async function observed(observe: Observe, work: Work): Promise<Structure> {
  const { name: operation, service } = work.operation
  const { input, run, facts, settings } = work
  const { serviceId } = service.metadata
  const answer = observe({ service: service.name, serviceId, operation, input, region: settings.region })
  const observation: Observation = typeof answer === 'function' ? { ended: answer } : (answer ?? {})
  const started = performance.now()
  // An observer changes nothing, not even by failing.
  const ended = (outcome: Pick<Outcome, 'output' | 'error' | 'response'>): void => {
    try {
      observation.ended?.({ ...outcome, milliseconds: performance.now() - started })
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
  try {
    const output = await (observation.within ? observation.within(run) : run())
    ended({ output, response: facts() })
    return output
  } catch (error) {
    ended({ error, response: error instanceof AwsError ? factsOf(error) : undefined })
    throw error
  }
}

function factsOf({ status, response }: AwsError): ResponseFacts {
  const { requestId, headers, retries = 0 } = response
  return { status, headers, requestId, retries }
}
