// Credentials in environment variables.

import { Failure } from '../../lib/errors.ts'
import { parseTimestamp, dateOf } from '../../lib/time.ts'
import type { Answer, ChainContext } from './rung.ts'

export function fromEnvironment({ surroundings: { env, clock } }: ChainContext): Answer {
  // Blanks are nobody's key: AWS CLI would sign with them and be refused.
  const accessKeyId = env['AWS_ACCESS_KEY_ID']?.trim()
  const secretAccessKey = env['AWS_SECRET_ACCESS_KEY']?.trim()
  if (!accessKeyId) return 'AWS_ACCESS_KEY_ID is not set'
  if (!secretAccessKey) {
    throw new Failure('PartialCredentials', 'Partial credentials found in env, missing: AWS_SECRET_ACCESS_KEY')
  }
  const expires = env['AWS_CREDENTIAL_EXPIRATION']
  const expiration = expires ? dateOf(parseTimestamp(expires)) : undefined
  if (expiration && expiration <= clock()) {
    throw new Failure(
      'CredentialRetrieval',
      'Credentials were refreshed, but the refreshed credentials are still expired.',
      {
        variable: 'AWS_CREDENTIAL_EXPIRATION',
      },
    )
  }
  return {
    accessKeyId,
    secretAccessKey,
    // The older name counts first, as in the reference.
    sessionToken: (env['AWS_SECURITY_TOKEN'] ?? env['AWS_SESSION_TOKEN']) || undefined,
    expiration,
    accountId: env['AWS_ACCOUNT_ID'] || undefined,
    source: 'env',
  }
}
