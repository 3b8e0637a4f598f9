// What completion answers: the ways in which the word at the cursor may go on.

export interface Candidate {
  /** What stands in the place of `typed`: `--filters`, `Values=`, `eu-west-1`. */
  readonly label: string
  /** What help calls it: 'list', 'string' … */
  readonly type?: string
  readonly required?: boolean
}

export interface Choices {
  /** What of the word is kept as it is: `Name=vpc-id,`, `file:///etc/`. */
  readonly prefix: string
  /** The rest of the word, which a label begins with or, at the prompt, matches. */
  readonly typed: string
  readonly candidates: readonly Candidate[]
}

// Loops where a chain of closures would read as well: several hundred names pass here before anything is compiled.

export function choices(typed: string, labels: Iterable<string>, prefix = ''): Choices {
  const candidates: Candidate[] = []
  for (const label of labels) candidates.push({ label })
  return { prefix, typed, candidates }
}

export const NOTHING: Choices = { prefix: '', typed: '', candidates: [] }

/** The whole words that a shell is to offer. */
export function completed({ prefix, typed, candidates }: Choices): string[] {
  const words = new Set<string>()
  for (const { label } of candidates) if (label.startsWith(typed)) words.add(prefix + label)
  return [...words]
}
