// Which words does an unfinished line hold, and which one is being typed?
//
// As a shell splits them, but nothing is wrong yet: a quotation may still be open.

export interface Typed {
  /** The finished words; the first is the program's name. */
  readonly words: readonly string[]
  /** The word at the cursor as far as it is typed, without its quotes; '' after a blank. */
  readonly fragment: string
}

/** `cursor` counts characters from the start of the line; what stands behind it does not count. */
export function wordsBefore(line: string, cursor: number = line.length): Typed {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  const text = line.slice(0, cursor)
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!
    if (quote !== '') {
      if (char === quote) quote = ''
      else if (char === '\\' && quote === '"' && at + 1 < text.length && '"\\'.includes(text[at + 1]!))
        word += text[++at]!
      else word += char
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === '\\' && at + 1 < text.length) {
      word = (word ?? '') + text[++at]!
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + char
    }
  }
  return { words, fragment: word ?? '' }
}
