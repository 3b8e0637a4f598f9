// A template in JSON is answered as what it says, not as text; one in YAML stays text.

import { parseJson } from '../../lib/json.ts'
import type { Value } from '../../lib/value.ts'
import type { Quirks } from './index.ts'

export const cloudformation: Quirks = {
  output(output, { operation, settings }) {
    const template = output['TemplateBody']
    if (operation.name !== 'GetTemplate' || typeof template !== 'string') return output
    try {
      output['TemplateBody'] = parseJson(template, { wire: settings.scalars === 'wire' }) as Value
    } catch {
      // It is YAML.
    }
    return output
  },
}
