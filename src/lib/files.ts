// Small files on the way of every call, read without node:fs: on Bun loading that costs 1 ms and 5 MiB of a start of ten,
// and a file can be mapped instead. Whatever cannot be mapped (an empty file, a pipe, what may only be read), Windows
// and Node take node:fs.

let loaded: typeof import('node:fs') | undefined

/** node:fs, loaded when something needs it. */
export function fs(): typeof import('node:fs') {
  return (loaded ??= process.getBuiltinModule('node:fs'))
}

/** The bytes of a file, a copy. Throws the system's error. */
export function readFile(path: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(mapped(path) ?? fs().readFileSync(path))
}

/** Undefined where there is no such file, or nothing can be read there. */
export function readIfThere(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readFile(path)
  } catch {
    return undefined
  }
}

/** Whether there is a file or a folder. */
export function exists(path: string): boolean {
  try {
    return mapped(path) !== undefined || fs().existsSync(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}

/**
 * Undefined for what cannot be mapped; throws for what is not there and for folders. Not for a database's file: SQLite's
 * locks on it go when any descriptor of it is closed.
 */
function mapped(path: string): Uint8Array | undefined {
  if (typeof Bun === 'undefined' || path === '') return undefined
  try {
    return Bun.mmap(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'EISDIR') throw error
    return undefined
  }
}
