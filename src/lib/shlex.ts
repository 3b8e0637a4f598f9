// How a line splits into words where a shell's quoting is understood but no shell runs: Python's shlex.split, which the
// reference uses for section headers, credential_process and aliases. And back: a word as a POSIX shell reads it whole.

/** Throws SyntaxError with Python's text for an unfinished quotation or escape. */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let index = 0; index < line.length; index++) {
    const char = line[index]!
    if (quote === "'") {
      if (char === "'") quote = ''
      else word += char
    } else if (quote === '"') {
      if (char === '"') quote = ''
      else if (char === '\\' && index + 1 < line.length && '"\\'.includes(line[index + 1]!)) word += line[++index]!
      else word += char
    } else if (char === "'" || char === '"') {
      quote = char
      word ??= ''
    } else if (char === '\\') {
      if (index + 1 >= line.length) throw new SyntaxError('No escaped character')
      word = (word ?? '') + line[++index]!
    } else if (char === ' ' || char === '\t' || char === '\r' || char === '\n') {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + char
    }
  }
  if (quote !== '') throw new SyntaxError('No closing quotation')
  if (word !== undefined) words.push(word)
  return words
}

/** As Python's shlex.quote does it. */
export function quoteWord(word: string): string {
  if (word !== '' && /^[\w@%+=:,./-]*$/.test(word)) return word
  return `'${word.replaceAll("'", `'"'"'`)}'`
}
