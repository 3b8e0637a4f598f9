// What a rung of the credential chain is given, and what it answers.

import type { Credentials } from '../../lib/credentials.ts'
import type { IniSection } from '../../lib/ini.ts'
import type { Structure } from '../../lib/value.ts'
import type { Configuration } from '../config/configuration.ts'
import type { CallOptions } from '../call.ts'
import type { Given, Settings, Surroundings } from '../settings.ts'

export interface ChainContext {
  readonly configuration: Configuration
  readonly surroundings: Surroundings
  readonly given: Given
  /** Region, models, transport and clock for calls on the way. Its own credentials are not to be asked. */
  readonly settings: Settings
  /** The profile credentials are looked for in. */
  readonly profile: string
  readonly section: IniSection
  /** False where the profile was named outright, or is another's source: then variables hold nobody's credentials. */
  readonly useEnvironment: boolean
  /** One call of a service, signed with these credentials; unsigned without any. */
  readonly call: (
    service: string,
    operation: string,
    input: Structure,
    as: { credentials?: Credentials; region?: string },
    options?: CallOptions,
  ) => Promise<Structure>
}

/** Credentials, or why there are none here. Throws a Failure where the chain must end: half a key, a role that fails. */
export type Answer = Credentials | string

export interface Rung {
  /** As AWS CLI names it: the source in `configure list`. */
  readonly name: string
  /** Why the rung does not apply; undefined where it does. Looks at nothing but the context. */
  skip(context: ChainContext): string | undefined
  provide(context: ChainContext): Promise<Answer> | Answer
}

/** A key of a profile as text; undefined where it is absent, empty or a block. */
export function textOf(section: IniSection, key: string): string | undefined {
  const value = section[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}
