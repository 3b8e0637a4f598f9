// What a program, a metadata service or a cached file answers with is a JSON object, or it is nothing to us.

import { parseJson } from '../../lib/json.ts'
import { isStructure } from '../../lib/value.ts'

export function documentIn(text: string): Record<string, unknown> | undefined {
  try {
    const value = parseJson(text)
    return isStructure(value) ? value : undefined
  } catch {
    return undefined
  }
}
