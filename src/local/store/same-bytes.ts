// Are two sources the same bytes? Read side by side, none of them whole.

import { hasher } from '../../lib/hash.ts'
import { piecesOf } from '../../lib/stream.ts'

export async function sameBytes(
  one: Uint8Array | Blob | ReadableStream<Uint8Array>,
  other: AsyncIterable<Uint8Array>,
): Promise<boolean> {
  const first = one instanceof Blob ? piecesOf(one.stream()) : one instanceof Uint8Array ? [one] : piecesOf(one)
  return (await digest(first)) === (await digest(other))
}

async function digest(pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<string> {
  const sum = hasher('sha256')
  for await (const piece of pieces) sum.update(piece)
  return sum.hex()
}
