// A profile that is not there: is one meant that is spelled nearly so, or one that stands in the file in another way?

import { readConfiguration } from '../client/config/configuration.ts'
import { closeMatches } from './close-matches.ts'
import type { Outside } from './door.ts'
import { givenFrom } from './globals.ts'
import type { Globals } from './globals.ts'
import { surroundings } from './session.ts'

/** Who named it, and a sentence of advice. Throws Failure('InvalidConfig'). */
export async function missingProfile(
  globals: Globals,
  outside: Outside,
): Promise<{ profile: string; namedBy: string | undefined; advice: string }> {
  const configuration = await readConfiguration(givenFrom(globals, undefined), surroundings(outside))
  const { files, profile, profileNamedBy } = configuration
  const namedBy = profileNamedBy === 'option' ? '--profile' : profileNamedBy
  if (files.others.has(profile)) {
    const advice = `[${profile}] in ${files.configPath} is no profile there: it must be [profile ${profile}]`
    return { profile, namedBy, advice }
  }
  // The account inside this program needs no file.
  const names = [...new Set([...files.profiles.keys(), 'local'])]
  const near = closeMatches(profile, names)
  const advice = near.length > 0 ? `Maybe you meant: ${near.join(', ')}` : `There are: ${names.join(', ')}`
  return { profile, namedBy, advice }
}
