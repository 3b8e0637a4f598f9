// Web streams as async generators and back: what one reads with `for await`, on every runtime.

import { concat } from './bytes.ts'

/** The pieces of a stream; leaving early cancels it. */
export async function* piecesOf(source: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = source.getReader()
  let finished = false
  try {
    for (;;) {
      const next = await reader.read()
      if (next.done) break
      if (next.value.length > 0) yield next.value
    }
    finished = true
  } catch (error) {
    finished = true
    throw error
  } finally {
    if (!finished) await reader.cancel().catch(() => {})
  }
}

/** All of a stream. On Node `new Response(stream)` would load a whole HTTP client first, 30 ms. */
export async function wholeOf(source: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  if (typeof Bun !== 'undefined') return new Uint8Array(await new Response(source).arrayBuffer())
  const pieces: Uint8Array[] = []
  for await (const piece of piecesOf(source)) pieces.push(piece)
  return concat(pieces)
}

/** A stream that asks for the next piece when it is wanted. */
export function streamOf(pieces: AsyncGenerator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await pieces.next()
        if (next.done) controller.close()
        else controller.enqueue(next.value)
      },
      cancel() {
        // Not awaited: a generator that waits for its source ends only when the source does.
        void pieces.return(undefined).catch(() => {})
      },
    },
    { highWaterMark: 0 },
  )
}
