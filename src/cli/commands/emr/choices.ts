// Two flags of which one says yes and the other no.

import { Failure } from '../../../lib/errors.ts'
import type { GivenWords } from '../command.ts'

/** Undefined where neither was given. Throws Failure('ParamValidation') for both. */
export function choice(given: GivenWords, yes: string, no = `no-${yes}`): boolean | undefined {
  if (given[yes] === true && given[no] === true) {
    throw new Failure('ParamValidation', `cannot use both --${yes} and --${no} options together.`)
  }
  return given[yes] === true ? true : given[no] === true ? false : undefined
}
