// Who hears Ctrl-C? It ends the program, but for work that is to end in good order: a log that is followed, a transfer whose
// half-sent parts are taken back; and for a program in front of us, whose it is.

import { EXIT } from './exit-codes.ts'

/** `work` is told by the signal and should return soon then. A second Ctrl-C ends the program at once. */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController()
  const others = process.listeners('SIGINT') as NodeJS.SignalsListener[]
  const end = (): void => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted)
    stop.abort()
  }
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', end)
  try {
    return await work(stop.signal)
  } finally {
    process.off('SIGINT', end)
    for (const other of others) process.on('SIGINT', other)
  }
}

/** These keys belong to the program in front of us, a pager, a shell: returns what gives them back to those who listened. */
export function deafTo(...signals: readonly NodeJS.Signals[]): () => void {
  const ignore = (): void => {}
  const before = signals.map((signal) => process.listeners(signal) as NodeJS.SignalsListener[])
  for (const signal of signals) process.removeAllListeners(signal).on(signal, ignore)
  return () =>
    signals.forEach((signal, at) => {
      process.off(signal, ignore)
      for (const listener of before[at]!) process.on(signal, listener)
    })
}

/** Seconds, or less when the signal comes. */
export function pause(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, seconds * 1000)
    signal?.addEventListener('abort', done, { once: true })
    if (signal?.aborted) done()
    function done(): void {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
  })
}
