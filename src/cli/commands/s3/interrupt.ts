// Ctrl-C ends a transfer in good order: parts that were sent are taken back, files half written are removed.

import { EXIT } from '../../exit-codes.ts'

/** Runs with a signal that Ctrl-C sets off. A second one ends the program at once. */
export async function untilInterrupted<T>(act: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopping = new AbortController()
  const before = process.listeners('SIGINT')
  const interrupted = (): void => {
    if (stopping.signal.aborted) process.exit(EXIT.interrupted)
    stopping.abort()
  }
  process.removeAllListeners('SIGINT')
  process.on('SIGINT', interrupted)
  try {
    return await act(stopping.signal)
  } finally {
    process.removeListener('SIGINT', interrupted)
    for (const listener of before) process.on('SIGINT', listener)
  }
}
