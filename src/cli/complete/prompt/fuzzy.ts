// Which candidates does what was typed mean, and in which order? Its letters in their order, whatever stands between:
// `dint` finds `describe-instances`. The closer the letters stand together the better, then the further left.

import type { Candidate } from '../choices.ts'

export function fuzzyMatches(typed: string, candidates: readonly Candidate[]): Candidate[] {
  if (typed === '') return [...candidates]
  const wanted = typed.toLowerCase()
  return candidates
    .flatMap((candidate) => {
      const match = matchOf(wanted, candidate.label.toLowerCase())
      return match === undefined ? [] : [{ candidate, ...match }]
    })
    .sort((a, b) => a.length - b.length || a.start - b.start || (a.candidate.label < b.candidate.label ? -1 : 1))
    .map(({ candidate }) => candidate)
}

/** The leftmost place from which all letters follow, and how far they reach. */
function matchOf(wanted: string, label: string): { start: number; length: number } | undefined {
  const start = label.indexOf(wanted[0]!)
  if (start < 0) return undefined
  let end = start
  for (const letter of wanted) {
    const at = label.indexOf(letter, end)
    if (at < 0) return undefined
    end = at + 1
  }
  return { start, length: end - start }
}
