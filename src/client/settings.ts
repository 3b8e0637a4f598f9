// Everything a call needs to know that is not its input. Made once per client from options, environment and files
// (config/load.ts), and handed on unchanged.

import type { Credentials } from '../lib/credentials.ts'
import type { Send } from '../http/message.ts'
import type { Sending } from '../http/send.ts'
import type { Models, Operation } from '../model/model.ts'
import type { Configuration } from './config/configuration.ts'

export interface RetrySettings {
  mode: 'standard' | 'adaptive'
  /** The first try included. */
  maxAttempts: number
  /** True where somebody asked for that number: then no service's own number takes its place (DynamoDB's 4). */
  chosen?: boolean
  /** Seconds and costs of before the change of 2026: AWS_NEW_RETRIES_2026=false. */
  classic?: boolean
  /** A folder in which all processes of a user keep how fast they may send: then they back off together. */
  sharedState?: string
}

export interface Settings {
  models: Models
  /** The profile in use; 'default' where none was named. */
  profile: string
  /** Undefined: an operation that needs one throws Failure('NoRegion'). */
  region?: string
  /** Undefined result: sign nothing. Throws Failure('NoCredentials') and its kin. Providers cache and refresh by themselves. */
  credentials: (operation: Operation) => Promise<Credentials | undefined>
  /** --no-sign-request. */
  anonymous: boolean
  /** The configured endpoint of a service by its model name, by the reference's precedence; undefined for AWS's own. `virga-local:` is the account inside this process. */
  endpointUrl: (service: string, serviceId: string) => string | undefined
  useFips: boolean
  useDualstack: boolean
  retry: RetrySettings
  send: Send
  /** What `send` was made of, for code that opens sockets of its own; undefined where there are none to open. */
  sending?: Sending
  clock: () => Date
  /** How it is waited between attempts, in seconds; tests hand in their own. Throws Failure('Interrupted'). */
  pause?: (seconds: number, signal?: AbortSignal) => Promise<void>
  connectTimeout: number
  readTimeout: number
  userAgent: string
  /** Any other key of the profile, merged from both files, as text or one level of nesting: `s3` → {addressing_style: 'path'}. Environment variables that overrule a key are already applied. */
  key: (name: string) => string | Readonly<Record<string, string>> | undefined
  /** Where --debug lines go; undefined when off. Never handed a secret. */
  debug?: (line: string) => void
  /** 'wire' for the command line. */
  scalars: 'native' | 'wire'
  /** The last place to ask for a region, when an operation needs one and nobody named one: the instance's own. */
  lastRegion?: () => Promise<string | undefined>
  /** The token of the profile's SSO session, for services that take one instead of a signature. */
  bearerToken?: () => Promise<string | undefined>
  /** Asked before anything else of a call: throws Failure('ReadOnly') for what may not be done (--read-only). */
  refuse?: (operation: Operation) => Promise<void>
  /** Told of every call and what came of it, where somebody keeps a history: API_CALL, PARSED_RESPONSE. */
  record?: (event: string, payload: unknown) => void
  /** Every key and where it came from, for `configure list` and `explain`. */
  configuration?: Configuration
}

/** What the caller says outright: the command line's global options, or the library's arguments. */
export interface Given {
  profile?: string
  region?: string
  endpointUrl?: string
  anonymous?: boolean
  verifySsl?: boolean
  caBundle?: string
  connectTimeout?: number
  readTimeout?: number
  maxAttempts?: number
  retryMode?: 'standard' | 'adaptive'
  credentials?: Credentials | (() => Promise<Credentials>)
  /** Which order of the credential chain: AWS CLI's (default), or the Java SDK's. */
  chain?: 'aws-cli' | 'java'
  scalars?: 'native' | 'wire'
  debug?: (line: string) => void
  userAgent?: string
}

/** The machine as the settings see it; tests hand in another. */
export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>
  home: string
  clock: () => Date
  /** Asks at the terminal without echo where `secret`; undefined where nobody can answer. */
  ask?: (prompt: string, secret: boolean) => Promise<string>
  /** Ways to send that are not sockets, by URL scheme: `virga-local`. */
  doors?: Readonly<Record<string, Send>>
  /** Profiles that exist without a file, by name: `local`. */
  builtInProfiles?: Readonly<Record<string, () => Promise<Readonly<Record<string, string>> | undefined>>>
}

/** config/load.ts: `loadSettings(models, given, surroundings)`. Throws Failure('Configuration' | 'ProfileNotFound'). */
export type LoadSettings = (models: Models, given: Given, surroundings: Surroundings) => Promise<Settings>
