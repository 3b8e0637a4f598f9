// CreateSession: five minutes in a directory bucket, for whoever may have them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html

import { issue, type SessionCredentials } from '../../../accounts/sessions.ts'
import type { CallContext, Session } from '../../../service.ts'
import type { World } from '../../../world.ts'
import { invalidArgument, methodNotAllowed } from '../errors.ts'
import type { Bucket } from '../records.ts'
import type { SlowS3Handler } from '../state.ts'
import { toCreateSession, type Mode } from './permissions.ts'
import { zoneIn } from './zones.ts'

const lasts = 300_000

/** Makes credentials of the caller's for a bucket. */
type Giver = (bucket: Pick<Bucket, 'name' | 'owner'>, mode: Mode) => Promise<SessionCredentials>

/** What the handler must have of the account's identities. */
export function sessionGiver({ caller, clock }: CallContext, { identities }: World): Giver {
  return async ({ name, owner }, mode) => {
    const { principal, session } = caller
    const issued = clock().getTime()
    const own: Session = session ?? {
      kind: 'GetSessionToken',
      accountId: caller.accountId,
      principalId: principal.userId,
      principalName: principal.userName ?? '',
      issued,
      expires: issued + lasts,
    }
    const expires = Math.min(own.expires, issued + lasts)
    return identities.transaction((rows) => issue(rows, { ...own, issued, expires, bucket: { name, owner, mode } }))
  }
}

export const createSession: SlowS3Handler = async ({ Bucket, SessionMode }, context) => {
  if (zoneIn(Bucket) === undefined) throw methodNotAllowed({ Method: 'GET', ResourceType: 'BUCKET' })
  if (SessionMode !== undefined && SessionMode !== 'ReadWrite' && SessionMode !== 'ReadOnly')
    throw invalidArgument('Invalid session mode', 'x-amz-create-session-mode', SessionMode)
  const found = await context.transaction((state) => state.findBucket(Bucket))
  // Clients ask for a session even to make the bucket, where the endpoint is not AWS's.
  const bucket = found ?? { name: Bucket, owner: context.account, region: context.region }
  const mode: Mode = SessionMode ?? (await most())
  await context.authorize(toCreateSession(bucket, mode))
  const Credentials = await (context.learned as Giver)(bucket, mode)
  return { Credentials, ServerSideEncryption: 'AES256' }

  /** Who does not say gets the most that he may have. */
  async function most(): Promise<Mode> {
    return (await context.decide(toCreateSession(bucket, 'ReadWrite'))).allowed ? 'ReadWrite' : 'ReadOnly'
  }
}
