// Standard output and error by their descriptors: process.stdout costs ten milliseconds to load and node:fs one, more than
// a short command's own work. Bun only: it is the program that writes there, not the library.

import { fs } from './files.ts'

export interface StandardOutput {
  readonly terminal: boolean
  /** Writes all of it, in order; false once nobody reads any more. */
  write(data: string | Uint8Array): boolean
  /** What a reader who was slow has not taken yet. */
  settled(): Promise<void>
}

/** So much fits into any pipe. After it a write waits for its reader, so that no output piles up in memory. */
const FIRST = 32 * 1024

export function openOutput(): StandardOutput {
  const terminal = isTerminal(1)
  let sink: Bun.FileSink | undefined
  let handedOn = 0
  let left: Promise<void> | undefined
  let failed: { error: unknown } | undefined
  const handOn = (bytes: Uint8Array): void => {
    sink ??= Bun.file(1).writer()
    sink.write(bytes)
    handedOn += bytes.length
    const unfinished = sink.flush()
    if (!(unfinished instanceof Promise)) return
    left = unfinished.catch((error: unknown) => void (failed = { error })).then(() => void (left = undefined))
  }
  return {
    terminal,
    write: (data) =>
      isRead(() => {
        if (failed !== undefined) throw failed.error
        const bytes = bytesOf(data)
        // The sink would make a terminal non-blocking for everybody else at it.
        if (terminal || (handedOn + bytes.length > FIRST && left === undefined)) writeAll(1, bytes)
        else handOn(bytes)
      }),
    async settled() {
      await left
      if (failed !== undefined && (failed.error as NodeJS.ErrnoException).code !== 'EPIPE') throw failed.error
    },
  }
}

/** False once nobody reads any more. */
export function writeError(text: string): boolean {
  return isRead(() => writeAll(2, bytesOf(text)))
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  return typeof data === 'string' ? new TextEncoder().encode(data) : data
}

function isRead(write: () => void): boolean {
  try {
    write()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') return false
    throw error
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    try {
      at += fs().writeSync(descriptor, bytes, at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

/** Whether a person may be looking: what node:tty asks too, which takes milliseconds to load. */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  return (process as unknown as Binding).binding('tty_wrap').isTTY(descriptor)
}

interface Binding {
  binding(name: 'tty_wrap'): { isTTY(descriptor: number): boolean }
}
