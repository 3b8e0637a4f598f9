// Asking at the terminal: the answer to a prompt, shown or not while it is typed.
//
// Lines are read without holding up the program, so that Ctrl-C still ends it.

import { closeSync, openSync, read, writeSync } from 'node:fs'
import { text } from '../lib/bytes.ts'

/** One line from the terminal itself, whatever stdin and stdout are; undefined where there is none. */
export async function ask(prompt: string, secret: boolean): Promise<string | undefined> {
  let terminal: number
  try {
    terminal = openSync('/dev/tty', 'r+')
  } catch {
    return undefined
  }
  const restore = (): void => echo(true)
  try {
    writeSync(terminal, prompt)
    if (secret) {
      echo(false)
      process.once('exit', restore)
    }
    return await readLine(terminal)
  } finally {
    if (secret) {
      process.off('exit', restore)
      restore()
      writeSync(terminal, '\n')
    }
    closeSync(terminal)
  }
}

/** A line without its end; undefined where there is no more. A terminal gives one line at a time. */
export async function readLine(descriptor: number): Promise<string | undefined> {
  const pieces: Uint8Array[] = []
  const piece = new Uint8Array(4096)
  for (;;) {
    const length = await new Promise<number>((resolve, reject) => {
      read(descriptor, piece, 0, piece.length, null, (error, count) => (error ? reject(error) : resolve(count)))
    })
    if (length > 0) pieces.push(piece.slice(0, length))
    if (length > 0 && piece[length - 1] !== 10) continue
    return pieces.length === 0 ? undefined : text(Buffer.concat(pieces)).replace(/\r?\n$/, '')
  }
}

function echo(on: boolean): void {
  Bun.spawnSync({ cmd: ['stty', on ? 'echo' : '-echo', '-F', '/dev/tty'], stdin: 'inherit' })
}
