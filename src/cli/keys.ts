// Keys as they are pressed, one by one: the terminal is raw while somebody reads, and is put right whatever happens.

import { read } from 'node:fs'
import { Failure } from '../lib/errors.ts'

/** A printable character, or `enter`, `up`, `down`, `backspace`. Throws Failure('Interrupted') for Ctrl-C and Ctrl-D. */
export async function* readKeys(): AsyncGenerator<string> {
  for await (const typed of rawInput()) yield* keysIn(typed)
}

/** What the terminal sends, as it sends it, until somebody has read enough. */
export async function* rawInput(): AsyncGenerator<string> {
  const before = stty('-g')
  // Output stays as it is: only lines, echo and Ctrl-C are taken from the terminal.
  stty('-icanon', '-echo', '-isig', 'min', '1')
  const restore = (): void => void stty(before)
  process.once('exit', restore)
  try {
    const decoder = new TextDecoder()
    const bytes = new Uint8Array(4096)
    for (;;) {
      const length = await new Promise<number>((resolve, reject) => {
        read(0, bytes, 0, bytes.length, null, (error, count) => (error ? reject(error) : resolve(count)))
      })
      if (length === 0) return
      yield decoder.decode(bytes.subarray(0, length), { stream: true })
    }
  } finally {
    process.off('exit', restore)
    restore()
  }
}

function* keysIn(typed: string): Generator<string> {
  for (const [key] of typed.matchAll(/\x1b\[[A-D]|\x1bO[A-D]|[^\x1b]/gu)) {
    if (key === '\x03' || key === '\x04') throw new Failure('Interrupted', 'interrupted')
    else if (key === '\r' || key === '\n') yield 'enter'
    else if (key === '\x7f' || key === '\b') yield 'backspace'
    else if (key.endsWith('A') && key.length > 1) yield 'up'
    else if (key.endsWith('B') && key.length > 1) yield 'down'
    else if (key >= ' ' && key.length < 3) yield key
  }
}

/** What it prints: with `-g`, the state of the terminal. */
function stty(...words: string[]): string {
  return Bun.spawnSync({ cmd: ['stty', ...words], stdin: 'inherit' })
    .stdout.toString()
    .trim()
}
