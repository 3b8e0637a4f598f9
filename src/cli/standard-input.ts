// Standard input as it comes, where waiting for its end would be wrong: uploads of what another program writes, tunnels.

import type { Context } from './commands/command.ts'

export async function* standardInput({ outside }: Context): AsyncGenerator<Uint8Array> {
  if (typeof Bun === 'undefined') return yield await outside.stdin.read()
  const reader = Bun.stdin.stream().getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    yield value
  }
}
