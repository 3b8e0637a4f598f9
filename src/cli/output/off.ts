// `--output off`: the operation is called, all its pages are fetched, and nothing is printed.

import type { OutputFormat } from './formatter.ts'

export const off: OutputFormat = {
  async write(result) {
    for await (const page of result.pages) void page
  },
}
