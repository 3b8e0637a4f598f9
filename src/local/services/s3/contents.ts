// An object's bytes, from its blobs to a response: bytes where they are few, a Blob, or a stream over several.

import { piecesOf, streamOf } from '../../../lib/stream.ts'
import { emptyBody } from '../../../http/message.ts'
import type { Body } from '../../../http/message.ts'
import type { Blobs } from '../../store/store.ts'
import type { Segment } from './records.ts'
import type { Slice } from './ranges.ts'

export function bodyOf(blobs: Blobs, segments: readonly Segment[], slice?: Slice): Body {
  const wanted = cut(segments, slice)
  if (wanted.length === 0) return emptyBody
  if (wanted.length === 1) return opened(blobs, wanted[0]!)
  return streamOf(oneAfterAnother(blobs, wanted))
}

interface Run {
  blob: string
  start: number
  end: number
}

/** The parts of segments that a slice covers. */
function cut(segments: readonly Segment[], slice?: Slice): Run[] {
  const runs: Run[] = []
  let at = 0
  for (const { blob, size, start: offset = 0 } of segments) {
    const start = Math.max(0, (slice?.start ?? 0) - at)
    const end = Math.min(size, (slice?.end ?? Infinity) - at)
    if (start < end) runs.push({ blob, start: offset + start, end: offset + end })
    at += size
  }
  return runs
}

/** The segments of a slice: what a part copied from an object has. */
export function segmentsOf(segments: readonly Segment[], slice?: Slice): Segment[] {
  return cut(segments, slice).map(({ blob, start, end }) => ({ blob, size: end - start, ...(start > 0 && { start }) }))
}

/** All the bytes, piece by piece. */
export async function* piecesOfSegments(blobs: Blobs, segments: readonly Segment[]): AsyncGenerator<Uint8Array> {
  yield* oneAfterAnother(blobs, cut(segments))
}

function opened(blobs: Blobs, { blob, start, end }: Run): Body {
  const found = blobs.open(blob, start, end)
  if (!found) throw new Error(`the bytes of an object are gone: ${blob}`)
  return found
}

async function* oneAfterAnother(blobs: Blobs, runs: readonly Run[]): AsyncGenerator<Uint8Array> {
  for (const run of runs) {
    const part = opened(blobs, run)
    if (part instanceof Uint8Array) yield part
    else yield* piecesOf(part instanceof Blob ? part.stream() : part)
  }
}
