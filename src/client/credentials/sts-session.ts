// An answer of STS as AWS CLI stores it: with the account from the role's ARN, and what came beside the output.

import type { Credentials } from '../../lib/credentials.ts'
import { isoformat } from '../../lib/time.ts'
import type { Timestamp } from '../../lib/time.ts'
import type { Structure } from '../../lib/value.ts'
import type { ChainContext } from './rung.ts'
import type { StoredSession } from './session-cache.ts'

export async function stsSession(
  { call }: ChainContext,
  operation: string,
  input: Structure,
  credentials: Credentials | undefined,
): Promise<StoredSession> {
  let metadata = {}
  const output = (await call(
    'sts',
    operation,
    input,
    { credentials },
    {
      observe: ({ status, headers, retries }) => {
        const RequestId = headers['x-amzn-requestid']
        metadata = { RequestId, HTTPStatusCode: status, HTTPHeaders: headers, RetryAttempts: retries }
      },
    },
  )) as any
  const found = output.Credentials
  const arn: string | undefined = output.AssumedRoleUser?.Arn
  const account = arn?.startsWith('arn:') ? arn.split(':')[4] : undefined
  return {
    ...output,
    Credentials: { ...found, Expiration: isoformat(found.Expiration as Timestamp), AccountId: account },
    ResponseMetadata: metadata,
  }
}
