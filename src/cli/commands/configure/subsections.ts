// The options that point `configure get` and `configure set` at a section that is no profile.

import { Failure } from '../../../lib/errors.ts'
import type { AddedArgument } from '../../changes/change.ts'
import type { GivenWords } from '../command.ts'

const kinds = ['sso-session', 'services'] as const

export function subsectionArguments(help: string): Readonly<Record<string, AddedArgument>> {
  return Object.fromEntries(kinds.map((kind) => [kind, { help }]))
}

/** Throws Failure('ParamValidation') where both are given. */
export function subsectionIn(given: GivenWords): { kind: string; name: string } | undefined {
  const [first, second] = kinds.filter((kind) => given[kind] !== undefined)
  if (second !== undefined) {
    throw new Failure(
      'ParamValidation',
      `The key "${second}" cannot be specified when one of the following keys are also specified: ${first!.replace('-', '_')}`,
    )
  }
  return first === undefined ? undefined : { kind: first, name: given[first] as string }
}
