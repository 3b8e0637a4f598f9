// Where do a program's credentials come from, where it says so itself? From the chain, from one profile, or from another
// SDK's providers; and how are ours handed to another SDK? A provider keeps what it found and renews it in time.

import { Failure } from '../lib/errors.ts'
import { refreshed } from '../client/credentials/chain.ts'
import type { Settings } from '../client/settings.ts'
import { sessionOf, settingsFor } from './session.ts'
import type { ClientSettings, Credentials, CredentialsProvider } from './types.ts'

/** What may be said of where to look. */
export type ChainOptions = Pick<ClientSettings, 'profile' | 'region' | 'chain' | 'debug'>

/** AWS CLI's chain: variables, the profile's role, web identity, SSO, keys and process, container, instance. */
export function fromChain(options: ChainOptions = {}): CredentialsProvider {
  let settings: Promise<Settings> | undefined
  return async () => {
    const { credentials } = await (settings ??= settingsFor(sessionOf(options), {}))
    // The chain does not ask which service the operation belongs to.
    const found = await credentials(undefined as never)
    if (found) return found
    throw new Failure(
      'NoCredentials',
      'Unable to locate credentials. You can configure credentials by running "aws login".',
    )
  }
}

/** One profile of `~/.aws/config`, whatever the environment says. */
export function fromProfile(profile: string, options: Omit<ChainOptions, 'profile'> = {}): CredentialsProvider {
  return fromChain({ ...options, profile })
}

/**
 * The order of the AWS SDK for Java: variables and a web identity in the environment before anything of a profile, even
 * of one that is named. https://docs.aws.amazon.com/sdk-for-java/latest/developer-guide/credentials-chain.html
 */
export function javaChain(options: Omit<ChainOptions, 'chain'> = {}): CredentialsProvider {
  return fromChain({ ...options, chain: 'java' })
}

/** What clients of `@aws-sdk/*` take as `credentials`. */
export interface AwsSdkIdentity {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  readonly expiration?: Date
  readonly accountId?: string
}

/** Ours for a client of `@aws-sdk/*`: `new S3Client({ credentials: toAwsSdk(fromProfile('dev')) })`. */
export function toAwsSdk(credentials: Credentials | CredentialsProvider = fromChain()): () => Promise<AwsSdkIdentity> {
  return async () => {
    const { source: _, ...identity } = typeof credentials === 'function' ? await credentials() : credentials
    return identity
  }
}

/** Theirs for us: `aws.s3({ credentials: fromAwsSdk(fromNodeProviderChain()) })`. */
export function fromAwsSdk(
  identity: AwsSdkIdentity | ((options?: Record<string, unknown>) => Promise<AwsSdkIdentity>),
): CredentialsProvider {
  const find = async (): Promise<Credentials> => ({
    ...(typeof identity === 'function' ? await identity() : identity),
    source: 'aws-sdk',
  })
  return refreshed(find, () => new Date()) as CredentialsProvider
}
