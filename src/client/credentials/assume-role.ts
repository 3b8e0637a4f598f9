// Credentials of a role that another profile, or the place the program runs in, may assume.
//   [profile admin]
//   role_arn = arn:aws:iam::123456789012:role/admin
//   source_profile = me
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-role.html

import type { Credentials } from '../../lib/credentials.ts'
import { Failure } from '../../lib/errors.ts'
import type { IniSection } from '../../lib/ini.ts'
import { parseInteger, repr } from '../../lib/python.ts'
import type { Structure } from '../../lib/value.ts'
import { chain, climb } from './chain.ts'
import { fromEnvironment } from './environment.ts'
import { askForCode } from './mfa-code.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext } from './rung.ts'
import { session, sortedJson } from './session-cache.ts'
import { stsSession } from './sts-session.ts'

/**
 * @param visited the profiles on the way here: a circle is an error
 * Throws Failure('InvalidConfig' | 'PartialCredentials' | 'CredentialRetrieval'), and what AssumeRole answers.
 */
export async function fromRole(context: ChainContext, visited = [context.profile]): Promise<Answer> {
  const { section, profile, settings } = context
  const sourceProfile = textOf(section, 'source_profile')
  const credentialSource = textOf(section, 'credential_source')
  requireSource(context, visited)

  const name = textOf(section, 'role_session_name')
  const identity: Structure = {
    RoleArn: section['role_arn'],
    RoleSessionName: name,
    ExternalId: textOf(section, 'external_id'),
    SerialNumber: textOf(section, 'mfa_serial'),
    DurationSeconds: durationIn(section),
  }
  const serial = identity['SerialNumber'] as string | undefined

  return session(
    context,
    sortedJson(identity),
    'assume-role',
    async () => {
      const source =
        credentialSource !== undefined
          ? await fromPlace(credentialSource, context)
          : await fromProfile(sourceProfile!, context, visited)
      const input: Structure = { ...identity, RoleSessionName: name ?? `botocore-session-${seconds(settings.clock())}` }
      if (serial !== undefined) input['TokenCode'] = await askForCode(serial, section, context)
      settings.debug?.(`credentials: assuming ${String(identity['RoleArn'])} for the profile ${profile}`)
      return stsSession(context, 'AssumeRole', input, source)
    },
    { alone: serial !== undefined },
  )
}

/** What can be said of the way to the first credentials without going it: asked even where a session is at hand. */
function requireSource(context: ChainContext, visited: string[]): void {
  const { profile, section, configuration } = context
  const sourceProfile = textOf(section, 'source_profile')
  const credentialSource = textOf(section, 'credential_source')
  if (credentialSource !== undefined && sourceProfile !== undefined) {
    throw invalid(`The profile "${profile}" contains both source_profile and credential_source.`)
  }
  if (credentialSource !== undefined) {
    if (!['Environment', 'EcsContainer', 'Ec2InstanceMetadata'].includes(credentialSource)) {
      throw invalid(`The credential source "${credentialSource}" referenced in profile "${profile}" is not valid.`)
    }
    if (credentialSource === 'Environment' && typeof fromEnvironment(context) === 'string') throw nothingAt(context)
    return
  }
  if (sourceProfile === undefined) {
    throw new Failure(
      'PartialCredentials',
      'Partial credentials found in assume-role, missing: source_profile or credential_source',
    )
  }
  const source = configuration.files.profiles.get(sourceProfile)
  if (!source) {
    throw invalid(`The source_profile "${sourceProfile}" referenced in the profile "${profile}" does not exist.`)
  }
  if (!visited.includes(sourceProfile)) {
    if (!isRole(source)) return
    requireSource({ ...context, profile: sourceProfile, section: source }, [...visited, sourceProfile])
    return
  }
  // A profile may name itself: its own keys are then what the role is assumed with.
  if (sourceProfile === profile && hasKeys(source)) return
  throw invalid(
    'Infinite loop in credential configuration detected. Attempting to load from profile ' +
      `${sourceProfile} which has already been visited. Visited profiles: ${repr(visited)}`,
  )
}

/** Whether a source profile gives the credentials of a role of its own: its keys would win. */
function isRole(section: IniSection): boolean {
  return !hasKeys(section) && section['role_arn'] !== undefined && section['web_identity_token_file'] === undefined
}

/** Keys of the source profile win; else a role of its own; else whatever else a profile can hold. */
async function fromProfile(profile: string, context: ChainContext, visited: string[]): Promise<Credentials> {
  const section = context.configuration.files.profiles.get(profile)!
  const inner: ChainContext = { ...context, profile, section, useEnvironment: false }
  if (isRole(section)) {
    return (await fromRole(inner, [...visited, profile])) as Credentials
  }
  const ofProfiles = 'assume-role-with-web-identity sso shared-credentials-file login custom-process config-file'.split(
    ' ',
  )
  const found = await climb(
    inner,
    chain.filter((rung) => ofProfiles.includes(rung.name)),
  )
  if (found) return found
  throw invalid(`The source profile "${profile}" must have credentials.`)
}

async function fromPlace(source: string, context: ChainContext): Promise<Credentials> {
  const rung = { EcsContainer: 'container-role', Ec2InstanceMetadata: 'iam-role' }[source]
  const found = rung
    ? await climb(
        context,
        chain.filter((each) => each.name === rung),
      )
    : fromEnvironment(context)
  if (found && typeof found !== 'string') return found
  throw nothingAt(context)
}

function nothingAt({ profile, section }: ChainContext): Failure {
  return new Failure(
    'CredentialRetrieval',
    `Error when retrieving credentials from ${textOf(section, 'credential_source')}: ` +
      `No credentials found in credential_source referenced in profile ${profile}`,
  )
}

function hasKeys(section: IniSection): boolean {
  return section['aws_access_key_id'] !== undefined || section['aws_secret_access_key'] !== undefined
}

/** What is no number is passed over, as in the reference. */
function durationIn(section: IniSection): number | undefined {
  const text = textOf(section, 'duration_seconds')
  const duration = text === undefined ? undefined : parseInteger(text)
  return duration === undefined ? undefined : Number(duration)
}

function seconds(date: Date): number {
  return Math.floor(date.getTime() / 1000)
}

function invalid(message: string): Failure {
  return new Failure('InvalidConfig', message)
}
