// What can be done about an error? One line below it, for a person at the terminal only: what scripts read on stderr is the
// reference's. Made of our own words and of names that stand in the configuration; what AWS said is no part of it.

import type { Partitions } from '../client/endpoint/partitions.ts'
import { Failure } from '../lib/errors.ts'
import { closeMatches } from './close-matches.ts'
import type { Outside } from './door.ts'
import { kindOf, nextCommand } from './error-kinds.ts'
import type { ErrorKind } from './error-kinds.ts'
import type { Session } from './session.ts'

/** With a blank line before it; '' where there is nothing to say. `session`: none where the line was not understood. */
export async function nextStep(error: unknown, outside: Outside, session: Session | undefined): Promise<string> {
  try {
    const said = await advice(error, outside, session)
    return said === undefined ? '' : `\nNext: ${said}\n`
  } catch {
    // What is wrong with the settings has been told: it is the error.
    return ''
  }
}

async function advice(error: unknown, outside: Outside, session: Session | undefined): Promise<string | undefined> {
  if (outside.argv.length === 0) return 'virga help lists the commands; virga local tour shows one around an account.'
  if (error instanceof Failure && session !== undefined) {
    const own = await adviceOn(error, session)
    if (own !== undefined) return own
  }
  const kind = kindOf(error)
  const next = toldApart.includes(kind) ? nextCommand(kind, { command: [], local: false }) : undefined
  return next === undefined ? undefined : `${next} tells more.`
}

/** Kinds whose text alone does not say where to look. */
const toldApart: readonly ErrorKind[] = [
  'configuration',
  'no-credentials',
  'credentials-refused',
  'credentials-expired',
  'connection',
]

async function adviceOn({ kind, message, detail }: Failure, session: Session): Promise<string | undefined> {
  const { globals, outside } = session
  if (kind === 'ProfileNotFound' && detail.advised !== true) {
    const { missingProfile } = await import('./missing-profile.ts')
    const { advice } = await missingProfile(globals, outside)
    return `virga configure --profile NAME makes one. ${advice}.`
  }
  if (kind === 'InvalidConfig' && typeof detail.line === 'number')
    return `look at line ${detail.line}: ${detail.reason}.`
  if (kind === 'NoCredentials')
    return 'virga explain credentials shows where they were looked for. --profile local is an account that needs none.'
  if (kind === 'NoRegion') return '--region NAME, AWS_REGION, or for good: virga configure set region NAME'
  if (kind === 'CredentialRetrieval' && message.startsWith('Error loading SSO Token'))
    return `virga sso login${globals.profile === undefined ? '' : ` --profile ${globals.profile}`}`
  if (kind === 'Connection' && detail.stage === 'connect') return unknownRegion(session)
  return undefined
}

/** A name that no partition has makes up a host that nobody has. */
async function unknownRegion(session: Session): Promise<string | undefined> {
  const { region } = await session.settings()
  const { partitions } = (await session.outside.models.partitions()) as Partitions
  const names = partitions.flatMap(({ regions }) => Object.keys(regions))
  if (region === undefined || names.includes(region)) return undefined
  const near = closeMatches(region, names)
  return `no region is known by the name ${region}${near.length > 0 ? `; maybe you meant: ${near.join(', ')}` : ''}.`
}
