// Credentials that another program prints.
//   credential_process = /opt/bin/awscreds --account dev
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html

import { Failure } from '../../lib/errors.ts'
import { repr, str } from '../../lib/python.ts'
import { dateOf, parseTimestamp } from '../../lib/time.ts'
import { documentIn } from './document.ts'
import { textOf } from './rung.ts'
import type { Answer, ChainContext } from './rung.ts'
import { outputOf } from './run.ts'

const source = 'custom-process'

/** Throws Failure('CredentialRetrieval'); what the program printed is never in it. */
export async function fromProcess({ section, surroundings, settings }: ChainContext): Promise<Answer> {
  const printed = documentIn(await outputOf(textOf(section, 'credential_process')!, surroundings.env, source))
  if (printed === undefined) throw failed('the program did not print a JSON object')
  const version = printed['Version']
  if (version !== 1) {
    const shown = version === undefined ? '<Version key not provided>' : str(version)
    throw failed(`Unsupported version '${shown}' for credential process provider, supported versions: 1`)
  }
  const accessKeyId = required(printed, 'AccessKeyId')
  const secretAccessKey = required(printed, 'SecretAccessKey')
  const expires = optional(printed, 'Expiration')
  const expiration = expires === undefined ? undefined : dateOf(parseTimestamp(expires))
  if (expiration && expiration <= settings.clock()) {
    throw new Failure(
      'CredentialRetrieval',
      'Credentials were refreshed, but the refreshed credentials are still expired.',
    )
  }
  return {
    accessKeyId,
    secretAccessKey,
    sessionToken: optional(printed, 'SessionToken'),
    expiration,
    accountId: optional(printed, 'AccountId') ?? textOf(section, 'aws_account_id'),
    source,
  }
}

function required(printed: Record<string, unknown>, key: string): string {
  const value = optional(printed, key)
  if (value !== undefined) return value
  throw failed(`Missing required key in response: ${repr(key)}`)
}

function optional(printed: Record<string, unknown>, key: string): string | undefined {
  const value = printed[key]
  return value === undefined || value === null || value === '' ? undefined : str(value)
}

function failed(reason: string): Failure {
  return new Failure('CredentialRetrieval', `Error when retrieving credentials from ${source}: ${reason}`)
}
