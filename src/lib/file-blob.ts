// A part of a file as a Blob, and where it lies: who can let the system send it need not read it.

export interface FilePart {
  readonly path: string
  readonly start: number
  /** Exclusive. */
  readonly end: number
}

const parts = new WeakMap<Blob, FilePart>()

/** The bytes from `start` to `end` of a file that nobody changes. On Bun. */
export function fileBlob(part: FilePart): Blob {
  const blob = Bun.file(part.path).slice(part.start, part.end)
  parts.set(blob, part)
  return blob
}

/** Where a Blob that `fileBlob` made lies. */
export function partOf(blob: Blob): FilePart | undefined {
  return parts.get(blob)
}
