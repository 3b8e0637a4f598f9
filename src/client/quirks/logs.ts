// `from` is a keyword in Python.

import type { Quirks } from './index.ts'
import { renamed } from './rename.ts'

export const logs: Quirks = {
  input: (input, { operation }) => (operation.name === 'CreateExportTask' ? renamed(input, 'fromTime', 'from') : input),
}
