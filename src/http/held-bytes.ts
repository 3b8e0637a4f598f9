// What has come over a connection and is not understood yet.

/** Bytes that were received and not read yet; grows by doubling, so that a trickle costs no more than a gush. */
export class HeldBytes {
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0
  #end = 0
  #searched = 0
  since = 0

  get length(): number {
    return this.#end - this.#start
  }

  add(data: Buffer): void {
    if (this.length === 0) {
      this.#bytes = data
      this.#start = this.#searched = 0
      this.#end = data.length
      this.since = Date.now()
      return
    }
    if (this.#end + data.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (this.length + data.length))
      larger.set(this.#bytes.subarray(this.#start, this.#end))
      this.#searched -= this.#start
      this.#end -= this.#start
      this.#start = 0
      this.#bytes = larger
    }
    this.#bytes.set(data, this.#end)
    this.#end += data.length
  }

  /** How many bytes stand before the empty line; -1 while there is none. */
  headEnd(): number {
    const from = Math.max(this.#start, this.#searched - 3)
    const bytes = this.#end === this.#bytes.length ? this.#bytes : this.#bytes.subarray(0, this.#end)
    const found = bytes.indexOf('\r\n\r\n', from, 'latin1')
    this.#searched = this.#end
    return found < 0 ? -1 : found - this.#start
  }

  isText(): boolean {
    return this.length < 2 || (this.#bytes[this.#start]! > 0x20 && this.#bytes[this.#start]! < 0x7f)
  }

  /** Some clients send one behind a body. */
  skipEmptyLines(): void {
    while (this.length >= 2 && this.#bytes[this.#start] === 13 && this.#bytes[this.#start + 1] === 10) this.#start += 2
  }

  takeText(length: number): string {
    const text = this.#bytes.toString('latin1', this.#start, this.#start + length)
    this.#start += length
    this.#searched = this.#start
    return text
  }

  take(length: number): Buffer {
    const taken = this.#bytes.subarray(this.#start, this.#start + length)
    this.#start += taken.length
    this.#searched = this.#start
    return taken
  }

  takeAll(): Buffer {
    return this.take(this.length)
  }
}
