// IAM answers policies as JSON in percent encoding; they are given as what they say.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_PolicyDetail.html

import { parseJson } from '../../lib/json.ts'
import { percentDecode } from '../../lib/percent.ts'
import { isStructure } from '../../lib/value.ts'
import type { Value } from '../../lib/value.ts'
import type { Shape } from '../../model/model.ts'
import type { Quirks } from './index.ts'

export const iam: Quirks = {
  output(output, { operation, settings }) {
    if (operation.output) decodePolicies(output, operation.output.shape, settings.scalars === 'wire')
    return output
  },
}

/** Structures and lists are searched; every policy is a string of one shape. */
function decodePolicies(value: Value | undefined, shape: Shape, wire: boolean): void {
  if (shape.type === 'list' && Array.isArray(value)) {
    for (const item of value) decodePolicies(item, shape.member!.shape, wire)
  } else if (shape.type === 'structure' && isStructure(value)) {
    for (const member of shape.members) {
      const found = value[member.name]
      if (member.shape.name === 'policyDocumentType' && typeof found === 'string')
        value[member.name] = decoded(found, wire)
      else if (found !== undefined) decodePolicies(found, member.shape, wire)
    }
  }
}

function decoded(text: string, wire: boolean): Value {
  try {
    return parseJson(percentDecode(text), { wire }) as Value
  } catch {
    return text
  }
}
