// Which keys were pressed? A terminal in raw mode sends letters as they are and everything else as escape sequences.

export type Key =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly name: KeyName }

export type KeyName =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'home'
  | 'end'
  | 'tab'
  | 'back-tab'
  | 'enter'
  | 'escape'
  | 'backspace'
  | 'delete'
  | 'delete-word'
  | 'delete-before'
  | 'delete-after'
  | 'word-left'
  | 'word-right'
  | 'history'
  | 'older'
  | 'newer'
  | 'cancel'
  | 'end-of-input'

const SEQUENCES: Readonly<Record<string, KeyName>> = {
  '\x1b[A': 'up',
  '\x1bOA': 'up',
  '\x1b[B': 'down',
  '\x1bOB': 'down',
  '\x1b[C': 'right',
  '\x1bOC': 'right',
  '\x1b[D': 'left',
  '\x1bOD': 'left',
  '\x1b[H': 'home',
  '\x1bOH': 'home',
  '\x1b[1~': 'home',
  '\x1b[F': 'end',
  '\x1bOF': 'end',
  '\x1b[4~': 'end',
  '\x1b[3~': 'delete',
  '\x1b[Z': 'back-tab',
  '\x1b[1;5C': 'word-right',
  '\x1bf': 'word-right',
  '\x1b[1;5D': 'word-left',
  '\x1bb': 'word-left',
  '\x1b\x7f': 'delete-word',
}

const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'cancel',
  '\x04': 'end-of-input',
  '\x05': 'end',
  '\x06': 'right',
  '\x08': 'backspace',
  '\x09': 'tab',
  '\x0a': 'enter',
  '\x0b': 'delete-after',
  '\x0d': 'enter',
  '\x0e': 'newer',
  '\x10': 'older',
  '\x12': 'history',
  '\x15': 'delete-before',
  '\x17': 'delete-word',
  '\x1b': 'escape',
  '\x7f': 'backspace',
}

/** What the terminal sent at once, key by key. A sequence that means nothing here is left out. */
export function keysIn(input: string): Key[] {
  const keys: Key[] = []
  let at = 0
  while (at < input.length) {
    const sequence = /^\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[bf\x7f])/.exec(input.slice(at))?.[0]
    if (sequence !== undefined) {
      const name = SEQUENCES[sequence]
      if (name !== undefined) keys.push({ kind: 'command', name })
      at += sequence.length
      continue
    }
    const character = String.fromCodePoint(input.codePointAt(at)!)
    const name = CONTROLS[character]
    if (name !== undefined) keys.push({ kind: 'command', name })
    else if (character >= ' ') append(keys, character)
    at += character.length
  }
  return keys
}

function append(keys: Key[], character: string): void {
  const last = keys.at(-1)
  if (last?.kind === 'text') keys[keys.length - 1] = { kind: 'text', text: last.text + character }
  else keys.push({ kind: 'text', text: character })
}
