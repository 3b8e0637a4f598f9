// A profile that is not there: is one meant that is spelled nearly so, or one that stands in the file in another way?

import { Failure } from '../../../lib/errors.ts'
import { closeMatches } from '../../close-matches.ts'
import type { Context } from '../command.ts'
import { readConfiguration } from '../../../client/config/configuration.ts'
import { givenFrom } from '../../globals.ts'
import { surroundings } from '../../session.ts'

/** Throws the error, and where it is a profile that is missing, what may have been meant. */
export async function requireSpelling(error: unknown, { globals, outside }: Context): Promise<never> {
  if (!(error instanceof Failure) || error.kind !== 'ProfileNotFound') throw error
  const { files, profile, profileNamedBy } = await readConfiguration(
    givenFrom(globals, undefined),
    surroundings(outside),
  )
  const by = profileNamedBy === 'option' ? '--profile' : profileNamedBy
  const near = closeMatches(profile, [...files.profiles.keys()])
  const advice = files.others.has(profile)
    ? `[${profile}] in ${files.configPath} is no profile there: it must be [profile ${profile}]`
    : near.length > 0
      ? `Maybe you meant: ${near.join(', ')}`
      : `There are: ${[...files.profiles.keys()].join(', ') || 'none'}`
  throw new Failure('ProfileNotFound', `The config profile (${profile}), named by ${by}, could not be found. ${advice}`)
}
