// Directory buckets (S3 Express) are called with credentials of a session: made for one bucket, good for five minutes.
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-create-session.html

import type { Credentials } from '../../lib/credentials.ts'
import type { Structure } from '../../lib/value.ts'
import { refreshed } from '../credentials/chain.ts'
import type { Settings } from '../settings.ts'

type Session = () => Promise<Credentials | undefined>

// By client and bucket.
const sessions = new WeakMap<Settings['retry'], Map<string, Session>>()

export function sessionFor(bucket: string, settings: Settings): Promise<Credentials | undefined> {
  let buckets = sessions.get(settings.retry)
  if (!buckets) sessions.set(settings.retry, (buckets = new Map()))
  let session = buckets.get(bucket)
  if (!session) {
    session = refreshed(() => createSession(bucket, settings), settings.clock, {
      renewSeconds: 45,
      mustRenewSeconds: 10,
    })
    buckets.set(bucket, session)
  }
  return session()
}

async function createSession(bucket: string, settings: Settings): Promise<Credentials> {
  const { call } = await import('../call.ts')
  const operation = await settings.models.operation('s3', 'CreateSession')
  const { Credentials: made } = await call(operation, { Bucket: bucket }, { ...settings, scalars: 'native' })
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = made as Structure
  return {
    accessKeyId: String(AccessKeyId),
    secretAccessKey: String(SecretAccessKey),
    sessionToken: String(SessionToken),
    expiration: Expiration as Date,
    source: 's3-express-session',
  }
}
