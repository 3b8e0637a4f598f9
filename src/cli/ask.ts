// Asking at the terminal: the answer to a prompt, shown or not while it is typed.

import { closeSync, openSync, readSync, writeSync } from 'node:fs'

/** One line from the terminal itself, whatever stdin and stdout are. */
export async function ask(prompt: string, secret: boolean): Promise<string> {
  const terminal = openSync('/dev/tty', 'r+')
  try {
    writeSync(terminal, prompt)
    if (secret) echo(false)
    return readLine(terminal)
  } finally {
    if (secret) {
      echo(true)
      writeSync(terminal, '\n')
    }
    closeSync(terminal)
  }
}

function readLine(terminal: number): string {
  const bytes: number[] = []
  const one = new Uint8Array(1)
  while (readSync(terminal, one) === 1 && one[0] !== 10) bytes.push(one[0]!)
  return new TextDecoder().decode(new Uint8Array(bytes)).replace(/\r$/, '')
}

function echo(on: boolean): void {
  Bun.spawnSync({ cmd: ['stty', on ? 'echo' : '-echo', '-F', '/dev/tty'], stdin: 'inherit' })
}
