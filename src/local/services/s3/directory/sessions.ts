// CreateSession: five minutes in a directory bucket, for whoever may have them.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html

import { issue, type SessionCredentials } from '../../../accounts/sessions.ts'
import type { CallContext, Permission, Session } from '../../../service.ts'
import type { World } from '../../../world.ts'
import { invalidArgument, methodNotAllowed } from '../errors.ts'
import type { Bucket } from '../records.ts'
import type { S3Context, SlowS3Handler } from '../state.ts'
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

export const createSession: SlowS3Handler = async ({ Bucket: name, SessionMode }, context) => {
  const bucket = await context.transaction((state) => entered(name, { ...context, state }))
  const mode: Mode = SessionMode ?? (await most())
  if (zoneIn(name) === undefined) throw methodNotAllowed({ Method: 'GET', ResourceType: 'BUCKET' })
  return { Credentials: await (context.learned as Giver)(bucket, mode), ServerSideEncryption: 'AES256' }

  /** Who does not say gets the most that he may have. */
  async function most(): Promise<Mode> {
    if ((await context.decide(toCreateSession(bucket, 'ReadWrite'))).allowed) return 'ReadWrite'
    await context.authorize(toCreateSession(bucket, 'ReadOnly'))
    return 'ReadOnly'
  }
}

/** Who does not say what for is asked by the handler: there may be two questions. */
export function toBeginSession({ Bucket, SessionMode }: Record<string, any>, context: S3Context): Permission[] {
  if (SessionMode === undefined) return []
  if (SessionMode !== 'ReadWrite' && SessionMode !== 'ReadOnly')
    throw invalidArgument('Invalid session mode', 'x-amz-create-session-mode', SessionMode)
  return [toCreateSession(entered(Bucket, context), SessionMode)]
}

/** Clients ask for a session even to make the bucket, where the endpoint is not AWS's. */
function entered(name: string, { state, account, region }: S3Context): Pick<Bucket, 'name' | 'owner' | 'region'> {
  return state.findBucket(name) ?? { name, owner: account, region }
}
