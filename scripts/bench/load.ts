// How many requests a second does a server answer, and how long does each wait? A client that does as little as can be
// done: requests are bytes that were signed beforehand, connections are kept, of an answer only its end is looked for.

export interface Load {
  readonly port: number
  /** Whole requests, head and body, sent in turn. */
  readonly requests: readonly Uint8Array[]
  readonly connections: number
  /** Stops after so many answers… */
  readonly count?: number
  /** … or after so many milliseconds. */
  readonly milliseconds?: number
}

export interface Pace {
  readonly perSecond: number
  /** Milliseconds from the first byte sent to the last received. */
  readonly p50: number
  readonly p99: number
  readonly answers: number
}

/** Throws where an answer is not a success: a race between refusals would say nothing. */
export async function pace({
  port,
  requests,
  connections,
  count = Infinity,
  milliseconds = Infinity,
}: Load): Promise<Pace> {
  const waits: number[] = []
  let sent = 0
  let running = 0
  const began = performance.now()
  const ends = began + milliseconds
  const most = Math.min(count, 100_000)
  await new Promise<void>((resolve, reject) => {
    const finished = (): void => void (--running === 0 && resolve())
    const isOver = (): boolean => sent >= count || performance.now() >= ends
    const connect = (): void => {
      let since = 0
      let rest: Uint8Array | undefined
      const answer = new Answer()
      /** What the socket took none of yet. */
      let unsent: Uint8Array | undefined
      const flush = (socket: Bun.Socket): void => {
        const written = socket.write(unsent!)
        unsent = written < unsent!.length ? unsent!.subarray(written) : undefined
      }
      const next = (socket: Bun.Socket): void => {
        if (isOver()) return void socket.end()
        unsent = requests[sent++ % requests.length]!
        since = performance.now()
        flush(socket)
      }
      running++
      void Bun.connect({
        hostname: '127.0.0.1',
        port,
        socket: {
          open: next,
          drain: (socket) => void (unsent && flush(socket)),
          data(socket, data) {
            rest = rest ? Buffer.concat([rest, data]) : data
            rest = answer.take(rest)
            if (!answer.whole) return
            if (answer.status >= 300) {
              reject(new Error(`answered ${answer.status}: ${answer.text.slice(0, 600)}`))
              return void socket.end()
            }
            if (waits.length < most) waits.push(performance.now() - since)
            else waits[(sent * 7919) % most] = performance.now() - since
            const closes = answer.closes
            answer.clear()
            if (closes) socket.end()
            else next(socket)
          },
          close() {
            if (!isOver()) connect()
            finished()
          },
          connectError: (_, error) => reject(error),
          error: (_, error) => reject(error),
        },
      }).catch(reject)
    }
    for (let each = 0; each < connections; each++) connect()
  })
  const took = performance.now() - began
  waits.sort((a, b) => a - b)
  const at = (share: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * share))] ?? 0
  return { perSecond: (sent / took) * 1000, p50: at(0.5), p99: at(0.99), answers: sent }
}

/** An answer as it comes in: how much of it is missing. */
class Answer {
  whole = false
  status = 0
  closes = false
  text = ''
  #left = -1
  #chunked = false

  clear(): void {
    this.whole = false
    this.#left = -1
    this.#chunked = false
    this.text = ''
  }

  /** Takes what it can; gives back what must be seen again with more. */
  take(data: Uint8Array): Uint8Array | undefined {
    if (this.#left < 0 && !this.#chunked) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      const end = bytes.indexOf('\r\n\r\n')
      if (end < 0) return data
      const head = bytes.toString('latin1', 0, end)
      this.status = Number(head.slice(9, 12))
      this.closes = /\r\nconnection: *close/i.test(head) || head.startsWith('HTTP/1.0')
      if (this.status >= 300) this.text = bytes.toString('latin1', 0, 2000)
      const length = /\r\ncontent-length: *(\d+)/i.exec(head)
      if (length) this.#left = Number(length[1])
      else if (/\r\ntransfer-encoding: *chunked/i.test(head)) this.#chunked = true
      else this.#left = 0
      data = data.subarray(end + 4)
    }
    if (this.#chunked) {
      const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      this.whole = bytes.length >= 5 && bytes.toString('latin1', bytes.length - 5) === '0\r\n\r\n'
      return this.whole ? undefined : data
    }
    this.#left -= data.length
    this.whole = this.#left <= 0
    return undefined
  }
}
