// How is somebody told of calls who logs or traces them? By a function that sees each call begin, and gives another that
// sees it end. It changes nothing of the call; that is what settings are for.

import { AwsError } from '../lib/errors.ts'
import type { Structure } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import type { Operation } from '../model/model.ts'
import type { Observation, Observe, Outcome, ResponseFacts } from './types.ts'

export async function observed(
  { name, service }: Operation,
  input: Structure,
  { region }: Settings,
  observe: Observe,
  work: () => Promise<Structure>,
  facts: () => ResponseFacts | undefined,
): Promise<Structure> {
  const { serviceId } = service.metadata
  const answer = observe({ service: service.name, serviceId, operation: name, input, region })
  const observation: Observation = typeof answer === 'function' ? { ended: answer } : (answer ?? {})
  const started = performance.now()
  // Who looks on changes nothing, not even by failing.
  const ended = (outcome: Pick<Outcome, 'output' | 'error' | 'response'>): void => {
    try {
      observation.ended?.({ ...outcome, milliseconds: performance.now() - started })
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
  try {
    const output = await (observation.within ? observation.within(work) : work())
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
