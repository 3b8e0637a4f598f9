// How does a part of a file go out over a socket? As far as it can without memory of ours: on Linux the system takes it
// from its cache to the socket (sendfile(2)), which costs a third. Elsewhere, and over TLS, it is read into a buffer that
// all share; what the socket does not take is read again when it does. https://man7.org/linux/man-pages/man2/sendfile.2.html

import { fs } from '../lib/files.ts'
import type { FilePart } from '../lib/file-blob.ts'

/** What is asked of a socket of Bun's. */
export interface FileTaker {
  /** How many of the bytes it took; negative when it is closed. It tells when it takes more only after it took less. */
  write(bytes: Uint8Array<ArrayBuffer>): number
  /** Its descriptor, where it has one. */
  readonly fd?: number
}

const shelfSize = 256 * 1024
const few = 512
let shelf: Uint8Array<ArrayBuffer> | undefined

export class OutgoingFile {
  readonly #file: number
  readonly #end: number
  #bySystem: SystemSend | undefined
  #hasGoneSo = false
  #at: number

  /** `plain`: the bytes go over the wire as they are. Throws the system's error. */
  constructor({ path, start, end }: FilePart, plain: boolean) {
    this.#file = fs().openSync(path, 'r')
    this.#at = start
    this.#end = end
    this.#bySystem = plain ? systemSend() : undefined
  }

  /** Sends as much as the socket takes. True when all of it has gone. Throws where the file has become shorter. */
  sendTo(socket: FileTaker): boolean {
    while (this.#at < this.#end) {
      if (this.#sentBySystem(socket)) continue
      // A socket that is full takes none of a few bytes either, and tells when it takes more.
      const bytes = this.#read(this.#bySystem ? few : shelfSize)
      const sent = Math.max(0, socket.write(bytes))
      this.#at += sent
      if (sent < bytes.length) return false
      if (!this.#hasGoneSo) this.#bySystem = undefined
    }
    return true
  }

  /** False where nothing went so: the socket is full, or this is not the way. */
  #sentBySystem({ fd = -1 }: FileTaker): boolean {
    const sent = fd < 0 ? 0 : (this.#bySystem?.(fd, this.#file, this.#at, this.#end - this.#at) ?? 0)
    if (sent <= 0) return false
    this.#at += sent
    return (this.#hasGoneSo = true)
  }

  #read(most: number): Uint8Array<ArrayBuffer> {
    shelf ??= new Uint8Array(shelfSize)
    const length = fs().readSync(this.#file, shelf, 0, Math.min(most, this.#end - this.#at), this.#at)
    if (length === 0) throw new Error('a file became shorter while it was sent')
    return shelf.subarray(0, length)
  }

  close(): void {
    fs().closeSync(this.#file)
  }
}

/** How many bytes went; negative where none can. */
type SystemSend = (socket: number, file: number, at: number, most: number) => number

let known: SystemSend | false | undefined

function systemSend(): SystemSend | undefined {
  known ??= process.platform === 'linux' && (ofLinux() ?? false)
  return known || undefined
}

function ofLinux(): SystemSend | undefined {
  // Not by import or require: a bundle for Node could not be made of those.
  const { dlopen, FFIType } = process.getBuiltinModule('bun:ffi') as unknown as typeof import('bun:ffi')
  const musl = `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`
  for (const library of ['libc.so.6', musl])
    try {
      const { i32, i64_fast, ptr, u64 } = FFIType
      const { sendfile } = dlopen(library, { sendfile: { args: [i32, i32, ptr, u64], returns: i64_fast } }).symbols
      const offset = new BigInt64Array(1)
      return (socket, file, at, most) => {
        offset[0] = BigInt(at)
        return Number(sendfile(socket, file, offset, most))
      }
    } catch {}
  return undefined
}
