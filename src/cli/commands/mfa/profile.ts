// What the `mfa` commands write into a profile, and what they look at without asking anybody.

import type { Credentials } from '../../../lib/credentials.ts'
import { Failure } from '../../../lib/errors.ts'
import { profileHeader, writeSection } from '../../../client/config/write.ts'
import { chain, climb } from '../../../client/credentials/chain.ts'
import type { ChainContext } from '../../../client/credentials/rung.ts'

/** The name under which a device's seed rests in the keychain. */
export const seedName = (serial: string): string => `mfa ${serial}`

/** Sets keys of the profile in the config file; those that say so already are left alone. The keys that were set. */
export async function writeProfile(
  { profile, section, configuration }: ChainContext,
  values: Readonly<Record<string, string>>,
): Promise<string[]> {
  const fresh = Object.entries(values).filter(([key, value]) => section[key] !== value)
  if (fresh.length === 0) return []
  await writeSection(configuration.files.configPath, profileHeader(profile), Object.fromEntries(fresh))
  return fresh.map(([key, value]) => `${key} = ${value}`)
}

/** The session of a profile that is at hand: no request is made and nobody is asked. */
export async function sessionAtHand(links: ChainContext): Promise<Credentials | undefined> {
  const silent: ChainContext = {
    ...links,
    surroundings: { ...links.surroundings, ask: undefined },
    section: { ...links.section, mfa_process: '' },
    call: () => Promise.reject(new Failure('NoCredentials', 'nobody is asked')),
  }
  const rungs = chain.filter(({ name }) => name === 'assume-role' || name === 'mfa-session')
  return climb(silent, rungs).catch(() => undefined)
}
