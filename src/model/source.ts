// Where do the bytes of a compiled file come from? A source reads any slice; nothing is read before it is asked for.

import { concat } from '../lib/bytes.ts'
import { Failure } from '../lib/errors.ts'
import { fs } from '../lib/files.ts'

export interface ModelSource {
  /** What to call it in an error: a path. */
  readonly name: string
  /** Fewer bytes than asked for only where the file ends. Throws Failure('Model') when it cannot be read. */
  read(offset: number, length: number): Promise<Uint8Array>
}

/** The length of the pieces in which a big file lies in the executable (scripts/build/pieces.ts). */
export const PIECE = 2 << 20

/** A file on disk, or under Bun one embedded in the executable (`/$bunfs/…`), which only `Bun.file` can see; or its pieces. */
export function fileSource(path: string | readonly string[]): ModelSource {
  if (typeof path !== 'string') return sourceOfPieces(path)
  return typeof Bun !== 'undefined' && path.includes('$bunfs') ? embeddedSource(path) : diskSource(path)
}

function embeddedSource(path: string): ModelSource {
  // Opened when first read: an embedded file that is not needed still costs half a millisecond to name.
  let file: Bun.BunFile | undefined
  return { name: path, read: (offset, length) => (file ??= Bun.file(path)).slice(offset, offset + length).bytes() }
}

function sourceOfPieces(paths: readonly string[]): ModelSource {
  const opened: ModelSource[] = []
  const read = async (offset: number, length: number): Promise<Uint8Array> => {
    const piece = Math.floor(offset / PIECE)
    const path = paths[piece]
    if (path === undefined) return new Uint8Array()
    const bytes = await (opened[piece] ??= fileSource(path)).read(offset - piece * PIECE, length)
    if (bytes.length === length || piece === paths.length - 1) return bytes
    return concat([bytes, await read(offset + bytes.length, length - bytes.length)])
  }
  return { name: paths[0]!, read }
}

/** Synchronous reads: several times quicker than asynchronous ones for the few kilobytes that are wanted. */
function diskSource(path: string): ModelSource {
  let descriptor: number | undefined
  let size = 0
  const open = (): number => {
    const { closeSync, fstatSync, openSync } = fs()
    const opened = openSync(path, 'r')
    const status = fstatSync(opened)
    if (!status.isFile()) {
      closeSync(opened)
      throw new Error('it is not a file')
    }
    size = status.size
    return opened
  }
  return {
    name: path,
    async read(offset, length) {
      try {
        descriptor ??= open()
        const bytes = new Uint8Array(Math.max(0, Math.min(length, size - offset)))
        let filled = 0
        while (filled < bytes.length) {
          const count = fs().readSync(descriptor, bytes, filled, bytes.length - filled, offset + filled)
          if (count === 0) break
          filled += count
        }
        return filled === bytes.length ? bytes : bytes.subarray(0, filled)
      } catch (error) {
        throw new Failure('Model', `${path}: cannot be read: ${(error as Error).message}`, { file: path }, error)
      }
    },
  }
}
