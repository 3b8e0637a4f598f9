// Standard input as it comes, for uploads of what another program writes.

import type { Context } from '../command.ts'

export async function* standardInput({ outside }: Context): AsyncGenerator<Uint8Array> {
  if (typeof Bun === 'undefined') return yield await outside.stdin.read()
  const reader = Bun.stdin.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
