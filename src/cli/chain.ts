// The credential chain as a command may ask it: apart from any call, and for another profile than the one that was typed.

import type { Credentials } from '../lib/credentials.ts'
import { loadSettings } from '../client/config/load.ts'
import { chain, climb, contextOf } from '../client/credentials/chain.ts'
import type { ChainContext } from '../client/credentials/rung.ts'
import type { Given, Settings, Surroundings } from '../client/settings.ts'
import type { Context } from './commands/command.ts'
import { givenFrom } from './globals.ts'
import { named } from './error-operation.ts'
import { surroundings } from './session.ts'

export interface Chain {
  readonly given: Given
  readonly around: Surroundings
  readonly settings: Settings
  readonly context: ChainContext
  /** Climbs it anew, whether or not requests are to be signed; undefined where no rung has credentials. */
  find(): Promise<Credentials | undefined>
}

export interface ChainChanges {
  readonly given?: Partial<Given>
  readonly env?: Surroundings['env']
  /** A profile that need not be there: it is about to be made. */
  readonly newProfile?: string
}

/** Throws Failure('ProfileNotFound' | 'InvalidConfig' | 'InvalidValue'). */
export async function chainOf({ globals, outside, warn }: Context, changes: ChainChanges = {}): Promise<Chain> {
  const own = surroundings(outside)
  const { newProfile } = changes
  const around: Surroundings = {
    ...own,
    env: changes.env ?? own.env,
    builtInProfiles:
      newProfile === undefined ? own.builtInProfiles : { [newProfile]: async () => ({}), ...own.builtInProfiles },
  }
  const given: Given = { ...givenFrom(globals, globals.debug ? warn : undefined), ...changes.given, anonymous: false }
  const settings = await loadSettings(outside.models, given, around)
  const links = contextOf(given, settings, around)
  const context: ChainContext = {
    ...links,
    // An error on the way is told as one of the operation that it answered.
    call: async (service, operation, ...rest) =>
      named(await settings.models.operation(service, operation), () => links.call(service, operation, ...rest)),
  }
  return { given, around, settings, context, find: () => climb(context, chain) }
}
