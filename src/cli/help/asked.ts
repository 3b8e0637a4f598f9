// Of what is help asked for? `--help` as the last word, which the reference refuses: as people know it from elsewhere.

import type { Models } from '../../model/model.ts'
import { placeAt } from '../complete/place.ts'

/** As many of the words as name a command: `s3 cp` of `s3 cp here there --help`. */
export async function commandNamed(words: readonly string[], models: Models): Promise<string[]> {
  const path = words.slice(0, 1)
  for (const word of words.slice(1)) {
    if ((await placeAt([...path, word], models)) === undefined) break
    path.push(word)
  }
  return path
}
