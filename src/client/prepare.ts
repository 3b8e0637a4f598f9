// What does an input become before it is written? Quirks first, then the idempotency token, then the checks.

import { uuid } from '../lib/uuid.ts'
import type { Structure } from '../lib/value.ts'
import type { Operation } from '../model/model.ts'
import { askForChecksum } from './checksum.ts'
import type { Exchange, Quirks } from './quirks/index.ts'
import { validate } from './validate.ts'

/**
 * The input as it will be written; the caller's is left as it was. Throws Failure('ParamValidation').
 * Members that are undefined count as absent.
 */
export async function prepare(
  operation: Operation,
  input: Structure,
  exchange: Exchange,
  quirks: Quirks | undefined,
): Promise<Structure> {
  const { settings } = exchange
  const ready = { ...input }
  for (const member of operation.input?.shape.members ?? []) {
    if (member.traits.idempotencyToken && ready[member.name] === undefined) ready[member.name] = uuid()
  }
  askForChecksum(operation, ready, settings)
  const changed = (await quirks?.input?.(ready, exchange)) ?? ready
  if (settings.key('parameter_validation') !== 'false') validate(operation, changed)
  return changed
}
