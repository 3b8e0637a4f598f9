// Credentials of the role of a container: ECS, EKS Pod Identity, and whoever offers the same address.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html

import { readFileSync } from 'node:fs'
import { Failure } from '../../lib/errors.ts'
import { repr } from '../../lib/python.ts'
import { dateOf, parseTimestamp } from '../../lib/time.ts'
import { sleep } from '../retry.ts'
import { documentIn } from './document.ts'
import { metadata } from './metadata-request.ts'
import type { Answer, ChainContext } from './rung.ts'

const source = 'container-role'
const allowedHosts = ['169.254.170.2', '169.254.170.23', 'fd00:ec2::23', 'localhost']
const timeoutSeconds = 2
const attempts = 3

/** Throws Failure('CredentialRetrieval'): where the variables are set, nothing else is tried. */
export async function fromContainer(context: ChainContext): Promise<Answer> {
  const url = containerUrl(context.surroundings.env)
  if (typeof url !== 'object') return url
  const document = await retrieved(url.full, context)
  const text = (key: string): string => {
    const value = document[key]
    if (typeof value === 'string') return value
    throw failed(`the answer has no ${key}`)
  }
  const accountId = document['AccountId']
  return {
    accessKeyId: text('AccessKeyId'),
    secretAccessKey: text('SecretAccessKey'),
    sessionToken: text('Token'),
    expiration: dateOf(parseTimestamp(text('Expiration'))),
    accountId: typeof accountId === 'string' ? accountId : undefined,
    source,
  }
}

/**
 * Where to ask: only over TLS, or on this machine and the addresses AWS uses. A string says why nowhere.
 * Throws Failure('CredentialRetrieval').
 */
export function containerUrl(env: Readonly<Record<string, string | undefined>>): { full: string } | string {
  const relative = env['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI']
  if (relative) return { full: `http://${allowedHosts[0]}${relative}` }
  const full = env['AWS_CONTAINER_CREDENTIALS_FULL_URI']
  if (!full) return 'no container credentials address is set'
  const parts = /^(https?):\/\/(\[[^\]]*\]|[^/?#:]*)/i.exec(full)
  const host = parts?.[2]?.replace(/^\[|\]$/g, '').toLowerCase()
  if (!host) throw failed(`AWS_CONTAINER_CREDENTIALS_FULL_URI ${repr(full)} does not name a host`)
  if (parts![1]!.toLowerCase() === 'https' || isLoopback(host) || allowedHosts.includes(host)) return { full }
  throw new Failure(
    'CredentialRetrieval',
    `Unsupported host '${host}'.  Can only retrieve metadata from a loopback address or one of these hosts: ${allowedHosts.join(', ')}`,
  )
}

function isLoopback(host: string): boolean {
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host) || host === '::1'
}

async function retrieved(url: string, { surroundings, settings }: ChainContext): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = { accept: 'application/json' }
  const token = tokenFrom(surroundings.env)
  if (token !== undefined) headers['authorization'] = token
  for (let attempt = 1; ; attempt++) {
    const reason = await metadata(settings, 'GET', url, headers, timeoutSeconds).then(
      (answer) => {
        if (answer.status !== 200)
          return `Received non 200 response ${answer.status} from container metadata: ${answer.text}`
        return documentIn(answer.text) ?? 'Unable to parse JSON returned from container metadata services'
      },
      (error: Error) => `Received error when attempting to retrieve container metadata: ${error.message}`,
    )
    if (typeof reason !== 'string') return reason
    settings.debug?.(`credentials: ${source}: attempt ${attempt} of ${attempts} failed`)
    if (attempt === attempts) throw failed(`Error retrieving metadata: ${reason}`)
    await sleep(1)
  }
}

/** The file is read each time: it is renewed under us. */
function tokenFrom(env: Readonly<Record<string, string | undefined>>): string | undefined {
  const file = env['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']
  let token = env['AWS_CONTAINER_AUTHORIZATION_TOKEN']
  if (file !== undefined) {
    try {
      token = readFileSync(file, 'utf8')
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException
      const reason = code === 'ENOENT' ? `[Errno 2] No such file or directory: ${repr(file)}` : message
      throw new Failure('CredentialRetrieval', reason, { variable: 'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE' }, error)
    }
  }
  if (token !== undefined && /[\r\n]/.test(token)) {
    throw new Failure('CredentialRetrieval', 'Auth token value is not a legal header value')
  }
  return token || undefined
}

function failed(reason: string): Failure {
  return new Failure('CredentialRetrieval', `Error when retrieving credentials from ${source}: ${reason}`)
}
