// Is all there that the model requires? EC2 names the first member that is missing, whoever asks.

import type { Structure } from '../../../lib/value.ts'
import type { Operation } from '../../../model/model.ts'
import { missingParameter } from './errors.ts'

/** Only of plain values: what holds others is not written at all when it is empty. */
export function checkRequired({ input: member }: Operation, input: Structure): Structure {
  for (const { name, required, shape } of member?.shape.members ?? []) {
    const plain = !['structure', 'list', 'map'].includes(shape.type)
    if (required && plain && (input[name] === undefined || input[name] === null)) throw missingParameter(name)
  }
  return input
}
