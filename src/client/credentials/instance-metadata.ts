// Credentials of the role of an EC2 instance, and the region it runs in: the instance metadata service, version 2 first.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-imds-credentials.html

import { Failure } from '../../lib/errors.ts'
import { readText } from '../../lib/shared-file.ts'
import { dateOf, parseTimestamp } from '../../lib/time.ts'
import type { Configuration } from '../config/configuration.ts'
import type { Settings, Surroundings } from '../settings.ts'
import { documentIn } from './document.ts'
import { metadata } from './metadata-request.ts'
import type { MetadataAnswer } from './metadata-request.ts'
import type { Answer, ChainContext } from './rung.ts'

const rolePath = 'latest/meta-data/iam/security-credentials/'
const zonePath = 'latest/meta-data/placement/availability-zone/'

/**
 * Credentials that have ended, or nearly, are used on: where the service cannot renew them in time, going on is better
 * than not, and the far side knows best. Throws Failure('CredentialRetrieval' | 'InvalidConfig').
 */
export async function fromInstance({ settings, configuration }: ChainContext): Promise<Answer> {
  const service = serviceFrom(configuration, settings)
  const token = await service.token()
  if (typeof token === 'object') return token.refused
  const role = await service.get(rolePath, token, ({ text }) => text !== '')
  if (role === undefined) return `no role by ${service.base}`
  if (!/^[\w+=,.@-]+$/.test(role)) return `what ${service.base} answers is no name of a role`
  const answer = await service.get(rolePath + role, token, ({ text }) => documentIn(text) !== undefined)
  if (answer === undefined) return `no credentials of the role ${role} by ${service.base}`
  const { AccessKeyId, SecretAccessKey, Token, Expiration, Code, AccountId } = documentIn(answer)!
  if (!isText(AccessKeyId) || !isText(SecretAccessKey) || !isText(Token) || !isText(Expiration)) {
    return `the instance metadata service has no credentials of the role ${role}${isText(Code) ? `: ${Code}` : ''}`
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: Token,
    expiration: usableUntil(dateOf(parseTimestamp(Expiration)), settings.clock()),
    accountId: isText(AccountId) ? AccountId : undefined,
    source: 'iam-role',
  }
}

/**
 * The name of the instance's role, without asking for its keys; undefined elsewhere. Only asked where this machine looks
 * like an instance, or somebody said where the service is: elsewhere the address would not answer for a second.
 */
export async function instanceRole({ settings, configuration }: ChainContext): Promise<string | undefined> {
  if (configuration.boolean('ec2_metadata_disabled')) return undefined
  if (configuration.find('ec2_metadata_service_endpoint') === undefined && !looksLikeInstance()) return undefined
  try {
    const service = serviceFrom(configuration, settings)
    const token = await service.token()
    return typeof token === 'object' ? undefined : await service.get(rolePath, token, ({ text }) => text !== '')
  } catch {
    return undefined
  }
}

function looksLikeInstance(): boolean {
  return ['board_vendor', 'sys_vendor'].some((name) =>
    readText(`/sys/devices/virtual/dmi/id/${name}`)?.includes('Amazon EC2'),
  )
}

/** `eu-west-1` of an instance in `eu-west-1b`; undefined elsewhere. */
export async function instanceRegion(settings: Settings, { env }: Surroundings): Promise<string | undefined> {
  const { configuration } = settings
  if (!configuration || env['AWS_EC2_METADATA_DISABLED']?.toLowerCase() === 'true') return undefined
  const service = serviceFrom(configuration, settings)
  const token = await service.token()
  const zone = typeof token === 'object' ? undefined : await service.get(zonePath, token, ({ text }) => text !== '')
  return zone !== undefined && /^[\w-]+$/.test(zone) ? zone.slice(0, -1) : undefined
}

/** The address of the service. Throws Failure('InvalidConfig'). */
export function imdsEndpoint(configuration: Configuration): string {
  const endpoint = configuration.text('ec2_metadata_service_endpoint')
  const mode = configuration.text('ec2_metadata_service_endpoint_mode')
  if (mode !== undefined && !['ipv4', 'ipv6'].includes(mode.toLowerCase())) {
    throw new Failure(
      'InvalidConfig',
      `Invalid EC2 Instance Metadata endpoint mode: ${mode} Valid endpoint modes (case-insensitive): ('ipv4', 'ipv6').`,
    )
  }
  if (endpoint !== undefined) {
    if (/^https?:\/\/[^/?#\s]+/.test(endpoint)) return endpoint
    throw new Failure('InvalidConfig', `Invalid endpoint EC2 Instance Metadata endpoint: ${endpoint}`)
  }
  const ipv6 = mode === undefined ? configuration.boolean('imds_use_ipv6') : mode.toLowerCase() === 'ipv6'
  return ipv6 ? 'http://[fd00:ec2::254]/' : 'http://169.254.169.254/'
}

interface Service {
  base: string
  /** The session token of version 2; undefined where version 1 may do; or why nothing may be asked at all. */
  token(): Promise<string | undefined | { refused: string }>
  /** The text at a path; undefined where all attempts failed. */
  get(path: string, token: string | undefined, good: (answer: MetadataAnswer) => boolean): Promise<string | undefined>
}

function serviceFrom(configuration: Configuration, settings: Settings): Service {
  const base = imdsEndpoint(configuration).replace(/\/?$/, '/')
  const timeout = configuration.integer('metadata_service_timeout') ?? 1
  const attempts = configuration.integer('metadata_service_num_attempts') ?? 1
  return {
    base,
    async token() {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const url = `${base}latest/api/token`
        const answer = await metadata(
          settings,
          'PUT',
          url,
          { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' },
          timeout,
        ).catch((error: Failure) => error)
        if (answer instanceof Failure) {
          // The hop limit swallows the answer to a container: version 1 may still do.
          if (answer.kind === 'Timeout' && answer.detail['stage'] === 'read') return undefined
          continue
        }
        if (answer.status === 200) return answer.text
        if (answer.status === 400) return { refused: 'the instance metadata service calls the token request bad' }
        if ([403, 404, 405].includes(answer.status)) return undefined
      }
      return undefined
    },
    async get(path, token, good) {
      if (token === undefined && configuration.boolean('ec2_metadata_v1_disabled')) {
        throw new Failure(
          'CredentialRetrieval',
          'Error retrieving metadata: Unable to retrieve token for use in IMDSv2 call and IMDSv1 has been disabled',
        )
      }
      const headers: Record<string, string> = token === undefined ? {} : { 'x-aws-ec2-metadata-token': token }
      for (let attempt = 0; attempt < attempts; attempt++) {
        const answer = await metadata(settings, 'GET', base + path, headers, timeout).catch(() => undefined)
        if (answer?.status === 200 && good(answer)) return answer.text
      }
      return undefined
    },
  }
}

function usableUntil(expiration: Date, now: Date): Date {
  const window = (10 + 2 + Math.random() * 8) * 60_000
  return now.getTime() >= expiration.getTime() - window ? new Date(now.getTime() + window) : expiration
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}
