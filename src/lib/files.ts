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

/**
 * Undefined where there is no such file, or it cannot be read. A pipe is no file here: reading one would wait for
 * whoever writes it. `AWS_CONFIG_FILE=/dev/fd/3` is nothing to AWS CLI, either.
 */
export function readIfThere(path: string): Uint8Array<ArrayBuffer> | undefined {
  if (isMissing(path)) return undefined
  try {
    const inMemory = mapped(path)
    if (inMemory !== undefined) return new Uint8Array(inMemory)
    return fs().statSync(path).isFile() ? new Uint8Array(fs().readFileSync(path)) : undefined
  } catch {
    return undefined
  }
}

/** Whether there is a file or a folder. */
export function exists(path: string): boolean {
  if (isMissing(path)) return false
  try {
    return mapped(path) !== undefined || fs().existsSync(path)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR'
  }
}

/** What Bun tells as the time of a file that it cannot find. */
const NEVER = 2 ** 52 - 1

/** Most files that a call looks for are not there. To be told so by an error would cost a start 0.1 ms for the first one. */
function isMissing(path: string): boolean {
  return typeof Bun !== 'undefined' && Bun.file(path).lastModified === NEVER
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
