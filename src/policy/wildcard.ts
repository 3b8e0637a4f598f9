// Does a text fit a pattern with `*` (any run) and `?` (one character)?
//
// A pattern is a list of tokens, not a string: what came out of a policy variable, or was written `${*}`, is literal
// even when it contains a star.

export const ANY_RUN = Symbol('*')
export const ANY_ONE = Symbol('?')

export type Token = string | typeof ANY_RUN | typeof ANY_ONE
export type Pattern = readonly Token[]
export type Matcher = (text: string) => boolean

/** The tokens of a text in which every `*` and `?` is a wildcard. */
export function patternOf(text: string): Pattern {
  const tokens: Token[] = []
  let start = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c !== 42 && c !== 63) continue
    if (i > start) tokens.push(text.slice(start, i))
    tokens.push(c === 42 ? ANY_RUN : ANY_ONE)
    start = i + 1
  }
  if (start < text.length) tokens.push(text.slice(start))
  return tokens
}

/** The text of a pattern where wildcards mean themselves, as in StringEquals. */
export function literalOf(pattern: Pattern): string {
  if (pattern.length === 1 && typeof pattern[0] === 'string') return pattern[0]
  return pattern.map((token) => (token === ANY_RUN ? '*' : token === ANY_ONE ? '?' : (token as string))).join('')
}

const always: Matcher = () => true

/** Compiles a pattern. The matcher takes at most length(pattern) × length(text) steps, whatever the stars. */
export function compilePattern(pattern: Pattern): Matcher {
  if (pattern.every((token) => typeof token === 'string')) {
    const literal = pattern.join('')
    return (text) => text === literal
  }
  if (pattern.every((token) => token === ANY_RUN)) return always
  if (pattern.length === 2 && typeof pattern[0] === 'string' && pattern[1] === ANY_RUN) {
    const prefix = pattern[0]
    return (text) => text.startsWith(prefix)
  }
  const codes = codesOf(pattern)
  return (text) => fits(codes, text)
}

const RUN = -1
const ONE = -2

function codesOf(pattern: Pattern): Int32Array {
  const codes: number[] = []
  for (const token of pattern) {
    if (token === ANY_ONE) codes.push(ONE)
    else if (token === ANY_RUN) {
      if (codes.at(-1) !== RUN) codes.push(RUN)
    } else for (let i = 0; i < (token as string).length; i++) codes.push((token as string).charCodeAt(i))
  }
  return Int32Array.from(codes)
}

/** Greedy match that remembers only the last star: going back further can never help. */
function fits(pattern: Int32Array, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let resume = 0
  while (t < text.length) {
    const wanted = p < pattern.length ? pattern[p] : undefined
    if (wanted === RUN) {
      star = p++
      resume = t
    } else if (wanted === ONE || wanted === text.charCodeAt(t)) {
      p++
      t++
    } else if (star >= 0) {
      p = star + 1
      t = ++resume
    } else return false
  }
  while (p < pattern.length && pattern[p] === RUN) p++
  return p === pattern.length
}
