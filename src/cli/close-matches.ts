// Which known words are close to one that was mistyped? Python's difflib.get_close_matches with the reference's cutoff,
// so that both programs suggest the same. https://docs.python.org/3/library/difflib.html

const CUTOFF = 0.8
const AT_MOST = 3

/** The closest first, at most three. */
export function closeMatches(word: string, possibilities: readonly string[]): string[] {
  return possibilities
    .filter((possibility) => upperBound(possibility, word) >= CUTOFF)
    .map((possibility) => ({ possibility, score: similarity(possibility, word) }))
    .filter(({ score }) => score >= CUTOFF)
    .sort((a, b) => b.score - a.score || (a.possibility < b.possibility ? 1 : -1))
    .slice(0, AT_MOST)
    .map(({ possibility }) => possibility)
}

/** What the similarity cannot exceed, by length alone. */
function upperBound(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * Math.min(a.length, b.length)) / (a.length + b.length)
}

/** Twice the characters in matching blocks over all characters. */
function similarity(a: string, b: string): number {
  return a.length + b.length === 0 ? 1 : (2 * matching(a, b)) / (a.length + b.length)
}

/** Characters in the longest common block, and in what is left and right of it. */
function matching(a: string, b: string): number {
  const { at, bt, size } = longestBlock(a, b)
  if (size === 0) return 0
  return size + matching(a.slice(0, at), b.slice(0, bt)) + matching(a.slice(at + size), b.slice(bt + size))
}

/** The first of the longest blocks that both have. */
function longestBlock(a: string, b: string): { at: number; bt: number; size: number } {
  let best = { at: 0, bt: 0, size: 0 }
  let above: number[] = []
  for (let i = 0; i < a.length; i++) {
    const row: number[] = []
    for (let j = 0; j < b.length; j++) {
      if (a[i] !== b[j]) continue
      const size = (above[j - 1] ?? 0) + 1
      row[j] = size
      if (size > best.size) best = { at: i - size + 1, bt: j - size + 1, size }
    }
    above = row
  }
  return best
}
