// A body that is run again must ask for the same rows, or it would never be told enough. Many draw an id at random and
// then look at what is under it, or at all up to now; so what a body drew the first time it draws again, and the time is
// the same.

import { holding } from './moment.ts'

type Draw = typeof crypto.getRandomValues

export class Chance {
  readonly #drawn: (string | Uint8Array)[] = []
  readonly #time = Date.now()

  /** Runs `work`, which must not wait for anything. */
  repeat<T>(work: () => T): T {
    const { getRandomValues, randomUUID } = crypto
    let at = 0
    const draw = <D extends string | Uint8Array>(fresh: () => D): D => (this.#drawn[at++] ??= fresh()) as D
    crypto.randomUUID = () => draw(() => randomUUID.call(crypto) as string) as ReturnType<typeof randomUUID>
    crypto.getRandomValues = ((array: Uint8Array) => {
      const size = array.byteLength
      const bytes = draw(() => getRandomValues.call(crypto, new Uint8Array(size)) as Uint8Array)
      // Another length is another body's way: it gets its own.
      if (bytes.length !== size) return (getRandomValues as Draw).call(crypto, array as Uint8Array<ArrayBuffer>)
      new Uint8Array(array.buffer, array.byteOffset, size).set(bytes)
      return array
    }) as Draw
    try {
      return holding(this.#time, work)
    } finally {
      Object.assign(crypto, { getRandomValues, randomUUID })
    }
  }
}
