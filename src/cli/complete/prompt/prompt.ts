// Asking for a command line while showing what is possible: keys in, screen out. The completion engine says what may
// follow, its letters in any closeness may be typed, and nothing is run before Enter.

import { quoteWord, splitWords } from '../../../lib/shlex.ts'
import type { Outside } from '../../door.ts'
import { NOTHING } from '../choices.ts'
import type { Candidate, Choices } from '../choices.ts'
import { choicesFor } from '../complete.ts'
import { edited, lineOf, typed } from './editor.ts'
import type { Line } from './editor.ts'
import { fuzzyMatches } from './fuzzy.ts'
import { addToHistory, readHistory } from './history.ts'
import { keysIn } from './keys.ts'
import type { Key } from './keys.ts'
import { draw, erase } from './screen.ts'

/** The terminal, as the prompt needs it. */
export interface Terminal {
  write(text: string): void
  columns(): number
  /** What is typed, chunk by chunk; ends where the terminal does. */
  input(): AsyncIterable<string>
}

const PROMPT = '> virga '
const HINT = 'Tab takes, arrows choose, Enter runs, Ctrl-R searches the history, Ctrl-C leaves'

/** The words that were asked for; undefined where the user left. `words` stand in the line at the beginning. */
export async function promptFor(
  words: readonly string[],
  outside: Outside,
  terminal: Terminal,
): Promise<string[] | undefined> {
  const prompt = new Prompt(words.map(quoteWord).join(' '), outside, terminal)
  const line = await prompt.run()
  if (line === undefined) return undefined
  await addToHistory(outside.home, line)
  terminal.write(`${PROMPT}${line}\n`)
  return splitWords(line)
}

class Prompt {
  readonly #outside: Outside
  readonly #terminal: Terminal
  readonly #history: readonly string[]
  #line: Line
  /** What may stand at the cursor; of it, what fits. */
  #choices: Choices = NOTHING
  #menu: readonly Candidate[] = []
  #selected = -1
  /** The menu shows lines of the history instead. */
  #searching = false
  /** How far back in the history the line is from; 0 for a new one. */
  #age = 0
  #hint: string | undefined = HINT
  #rowsAbove = 0
  /** Counts the edits: an answer to an earlier one comes too late. */
  #turn = 0
  #pending: Promise<void> = Promise.resolve()

  constructor(text: string, outside: Outside, terminal: Terminal) {
    this.#line = lineOf(text)
    this.#outside = outside
    this.#terminal = terminal
    this.#history = readHistory(outside.home)
  }

  /** Undefined where the user left. */
  async run(): Promise<string | undefined> {
    await this.#begin()
    for await (const chunk of this.#terminal.input()) {
      for (const key of keysIn(chunk)) {
        // Whoever types fast and presses Tab means what the letters lead to.
        if (key.kind === 'command' && CHOOSING.includes(key.name)) await this.#pending
        const done = this.#press(key)
        if (done !== undefined) {
          this.#terminal.write(erase(this.#rowsAbove))
          return done.line
        }
      }
      this.#draw()
    }
    this.#terminal.write(erase(this.#rowsAbove))
    return undefined
  }

  /** A line that is complete as far as it goes is followed by a blank, so that what comes next is shown. */
  async #begin(): Promise<void> {
    const { text } = this.#line
    if (text !== '' && !text.endsWith(' ')) {
      const { typed: start, candidates } = await this.#ask()
      if (!candidates.some(({ label }) => label !== start && label.startsWith(start)))
        this.#line = typed(this.#line, ' ')
    }
    this.#refresh()
  }

  /** What became of the line, once it is over. */
  #press(key: Key): { line: string | undefined } | undefined {
    if (key.kind === 'text') {
      this.#change(typed(this.#line, key.text))
      return undefined
    }
    switch (key.name) {
      case 'cancel':
        return { line: undefined }
      case 'end-of-input':
        if (this.#line.text === '') return { line: undefined }
        this.#change(edited(this.#line, 'delete')!)
        return undefined
      case 'enter':
        if (this.#selected < 0) return this.#submitted()
        this.#take()
        return undefined
      case 'tab':
        if (this.#selected < 0 && this.#menu.length > 0) this.#selected = 0
        this.#take()
        return undefined
      case 'down':
        this.#select(1)
        return undefined
      case 'up':
      case 'back-tab':
        this.#select(-1)
        return undefined
      case 'escape':
        if (this.#searching) this.#refresh()
        this.#menu = []
        this.#selected = -1
        this.#searching = false
        return undefined
      case 'history':
        this.#searching = true
        this.#search()
        return undefined
      case 'older':
        this.#recall(1)
        return undefined
      case 'newer':
        this.#recall(-1)
        return undefined
      default:
        this.#change(edited(this.#line, key.name) ?? this.#line)
        return undefined
    }
  }

  #submitted(): { line: string } | undefined {
    try {
      splitWords(this.#line.text)
    } catch (error) {
      this.#hint = (error as Error).message
      return undefined
    }
    return { line: this.#line.text.trim() }
  }

  #change(line: Line): void {
    this.#line = line
    this.#hint = undefined
    if (this.#searching) this.#search()
    else this.#refresh()
  }

  #select(step: number): void {
    if (this.#menu.length === 0) return this.#recall(-step)
    const last = this.#menu.length - 1
    this.#selected = this.#selected + step > last ? 0 : Math.max(-1, this.#selected + step)
  }

  /** Puts the marked candidate into the line. */
  #take(): void {
    const chosen = this.#menu[this.#selected]
    if (chosen === undefined) return
    if (this.#searching) {
      this.#searching = false
      this.#change(lineOf(chosen.label))
      return
    }
    const { text, cursor } = this.#line
    const { prefix, typed: start } = this.#choices
    const kept = text
      .slice(0, cursor)
      .slice(0, cursor - wordLength(text.slice(0, cursor), prefix.length + start.length))
    const word = prefix + chosen.label
    const shown = /^[^\s'"\\]*$/.test(word) ? word : quoteWord(word)
    const blank = /[=/:[{]$/.test(word) ? '' : ' '
    const before = `${kept}${shown}${blank}`
    this.#change(lineOf(before + text.slice(cursor), before.length))
  }

  #recall(step: number): void {
    const age = Math.max(0, Math.min(this.#history.length, this.#age + step))
    if (age === this.#age) return
    this.#age = age
    this.#change(lineOf(age === 0 ? '' : this.#history.at(-age)!))
    this.#menu = []
  }

  #search(): void {
    const lines = Array.from(new Set(this.#history.toReversed())).map((label) => ({ label }))
    this.#turn++
    this.#menu = fuzzyMatches(this.#line.text.trim(), lines)
    this.#selected = this.#menu.length > 0 ? 0 : -1
    this.#hint = 'Searching the history; Esc goes back'
  }

  #ask(): Promise<Choices> {
    const { text, cursor } = this.#line
    return choicesFor(`virga ${text}`, 'virga '.length + cursor, this.#outside, { fuzzy: true }).catch(() => NOTHING)
  }

  /** Asks anew what may follow. The service itself may be asked, so typing goes on meanwhile. */
  #refresh(): void {
    this.#pending = this.#update()
  }

  async #update(): Promise<void> {
    const turn = ++this.#turn
    this.#menu = []
    this.#selected = -1
    const choices = await this.#ask()
    if (turn !== this.#turn) return
    this.#choices = choices
    const found = fuzzyMatches(choices.typed, choices.candidates).filter(({ label }) => !OURS.includes(label))
    this.#menu = [...found.filter(({ required }) => required), ...found.filter(({ required }) => !required)]
    this.#draw()
  }

  #draw(): void {
    const drawing = draw(
      {
        prompt: PROMPT,
        line: this.#line,
        candidates: this.#menu,
        selected: this.#selected,
        columns: this.#terminal.columns(),
        ...(this.#hint === undefined ? {} : { hint: this.#hint }),
      },
      this.#rowsAbove,
    )
    this.#rowsAbove = drawing.cursorRow
    this.#terminal.write(drawing.text)
  }
}

const CHOOSING: readonly string[] = ['tab', 'up', 'down', 'back-tab']

/** They make no sense where one is already asked. */
const OURS = ['--cli-auto-prompt', '--no-cli-auto-prompt']

/** How much of the line's end the word takes, whose quotes are not counted. */
function wordLength(before: string, plain: number): number {
  const raw = /(?:"[^"]*"?|'[^']*'?|\\.|[^\s'"\\])*$/.exec(before)![0]
  return Math.max(raw.length, Math.min(plain, before.length))
}
