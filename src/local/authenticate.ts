// Who is it? From the claim of a signature to a caller that has been proved, or to nobody where nothing was signed.
//
// The order is AWS's: no signature, a claim that cannot be read, an unknown key, an expired session, scope, time, and
// the signature itself last.

import { AwsError } from '../lib/errors.ts'
import type { HttpRequest } from '../http/message.ts'
import { payloadWords } from '../sign/attach.ts'
import { isOldLinkBy, oldLinkOf, oldStringToSign, type OldLink } from '../sign/old-links.ts'
import type { SignatureClaim } from '../sign/types.ts'
import { claimOf, SignatureRefusal, verify } from '../sign/verify.ts'
import { callerByKey, callerBySession, nobody } from './accounts/callers.ts'
import { inEffect } from './accounts/consistency.ts'
import { Identities } from './accounts/identities.ts'
import { lentCaller } from './accounts/lent-keys.ts'
import { openToken } from './accounts/sessions.ts'
import { payloadStreams } from './bodies.ts'
import type { Target } from './identify.ts'
import { known } from './known.ts'
import { refuse, signatureError } from './refusals.ts'
import type { Caller } from './service.ts'
import { settingsOf } from './settings.ts'
import type { Rows } from './store/store.ts'
import { definitionOf, settleIn, type World } from './world.ts'

export interface Proof {
  readonly caller: Caller
  readonly claim?: SignatureClaim
  /** '' where nothing was to be proved. */
  readonly secret: string
  /** The region the caller signed for. */
  readonly region: string
}

/** Throws the refusal as the target's service words it. `anonymous`: whether the service lets unsigned requests in. */
export async function authenticate(
  request: HttpRequest,
  target: Target,
  world: World,
  anonymous: boolean,
): Promise<Proof> {
  if (target.service.name === 's3') checkLength(request, target)
  const old = target.service.name === 's3' ? oldLinkOf(request) : undefined
  if (old) return byOldLink(request, old, target, world)
  const claim = readClaim(request, target)
  if (claim && target.service.name === 's3') checkPayloadWord(request, claim)
  if (claim === undefined) {
    if (anonymous) return { caller: nobody, secret: '', region: world.region }
    throw refuse('unsigned', target)
  }
  const holder = await keyHolder(claim, target, world)
  const { caller, secret } = holder
  if (secret === undefined) return { caller, secret: '', region: claim.region || world.region }
  const service = signingName(target)
  // What is for a directory bucket is signed for S3 Express.
  const services = service === 's3' ? [service, 's3express'] : service
  const refusal = verify(request, claim, secret, { now: world.realClock(), service: services, echo: echoes(target) })
  if (refusal) throw signatureError(refusal, target)
  await noteUse(holder, { at: world.clock().getTime(), service, region: claim.region }, world)
  return { caller, claim, secret, region: claim.region || world.region }
}

/** An upload must say how long it is, unless it did not come over a socket. */
function checkLength(request: HttpRequest, { operation }: Target): void {
  const { headers, sourceIp } = request
  const isTold = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
  if (isTold || sourceIp === undefined || !payloadStreams(operation, request)) return
  throw new AwsError('MissingContentLength', 'You must provide the Content-Length HTTP header.', { status: 411 })
}

/** In the order in which S3 names them. */
const payloadKinds: readonly string[] = [
  payloadWords.unsigned,
  payloadWords['unsigned-trailer'],
  payloadWords.chunks,
  payloadWords['chunks-trailer'],
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD',
  'STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER',
]

/** S3 wants to be told what is signed of the body, in a header; a link need not say it. */
function checkPayloadWord({ headers }: HttpRequest, { presigned }: SignatureClaim): void {
  const word = headers['x-amz-content-sha256']
  if (presigned) return
  if (word === undefined)
    throw new AwsError('InvalidRequest', 'Missing required header for this request: x-amz-content-sha256')
  if (/^[0-9a-f]{64}$/i.test(word) || payloadKinds.includes(word)) return
  throw new AwsError(
    'InvalidArgument',
    `x-amz-content-sha256 must be ${payloadKinds.join(', ')} or a valid sha256 value.`,
    { detail: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: word } },
  )
}

const incompleteLink = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters'

/** S3 still honours links of version 2. */
async function byOldLink(request: HttpRequest, link: OldLink, target: Target, world: World): Promise<Proof> {
  const expires = Number(link.expires)
  const [now, s3] = [world.realClock(), await definitionOf(world, target.service.name)]
  if (link.signature === '' || !/^\d+$/.test(link.expires))
    throw new AwsError('AccessDenied', incompleteLink, { status: 403 })
  if (expires * 1000 < now.getTime()) throw expiredLink(new Date(expires * 1000), now)
  const { caller, secret } = await keyHolder(link, target, world)
  const { path } = s3?.addressed?.(request) ?? request
  const toSign = [path, `${path}/`].map((each) => oldStringToSign(request, each, link.expires))
  if (secret === undefined) return { caller, secret: '', region: world.region }
  if (!toSign.some((text) => isOldLinkBy(link, secret, text))) {
    const facts = { accessKeyId: link.accessKeyId, stringToSign: toSign[0]!, signatureProvided: link.signature }
    throw signatureError(new SignatureRefusal('Mismatch', '', facts), target)
  }
  return { caller, secret, region: world.region }
}

function expiredLink(at: Date, now: Date): AwsError {
  const told = (date: Date): string => date.toISOString().replace(/\.\d+Z/, 'Z')
  return new AwsError('AccessDenied', 'Request has expired', {
    status: 403,
    detail: { Expires: told(at), ServerTime: told(now) },
  })
}

function readClaim(request: HttpRequest, target: Target): SignatureClaim | undefined {
  try {
    return claimOf(request)
  } catch (error) {
    throw error instanceof SignatureRefusal ? signatureError(error, target) : error
  }
}

/** Whose key it is. */
interface Holder {
  readonly caller: Caller
  /** Undefined where nothing is to be proved. */
  readonly secret: string | undefined
  readonly lastUsed?: LastUse
}

interface LastUse {
  at: number
  service?: string
  region: string
}

type Presented = Pick<SignatureClaim, 'accessKeyId' | 'sessionToken'>

async function keyHolder(presented: Presented, target: Target, world: World): Promise<Holder> {
  const { accessKeyId, sessionToken = '' } = presented
  const now = world.clock().getTime()
  const { consistency } = await settingsOf(world)
  const find = (rows: Rows): Holder => findHolder(rows, presented, target, world, now)
  const holder =
    consistency === 0
      ? await known(world.identities, `holder ${accessKeyId} ${sessionToken}`, find)
      : await world.identities.transaction(find)
  if (holder.caller.session && holder.caller.session.expires <= now) throw refuse('expired token', target)
  if (holder.caller.session?.bucket && target.service.name !== 's3')
    throw refuse('bad token', target, { accessKeyId, token: sessionToken })
  return holder
}

function findHolder(rows: Rows, presented: Presented, target: Target, world: World, now: number): Holder {
  const { accessKeyId, sessionToken } = presented
  const seen = inEffect(rows, now)
  if (sessionToken !== undefined) {
    const opened = openToken(rows, accessKeyId, sessionToken)
    const lent = opened ? undefined : lentCaller(accessKeyId, world.lent)
    if (lent) return lent
    if (!opened) throw refuse('bad token', target, { accessKeyId, token: sessionToken })
    const { session, secret } = opened
    if (session.expires <= now) throw refuse('expired token', target)
    const caller = callerBySession(seen, session, accessKeyId)
    if (!caller) throw refuse('unknown key', target, { accessKeyId })
    if (session.kind !== 'AssumeRole') return { caller, secret }
    return {
      caller,
      secret,
      lastUsed: new Identities(seen, session.accountId).roles.get(session.principalName)?.lastUsed,
    }
  }
  const { keys } = new Identities(seen, '')
  const key = keys.get(accessKeyId) ?? (settleIn(rows, world) ? keys.get(accessKeyId) : undefined)
  const caller = key?.status === 'Active' ? callerByKey(seen, key) : undefined
  const lent = key ? undefined : lentCaller(accessKeyId, world.lent)
  if (lent) return lent
  if (!key || !caller) throw refuse('unknown key', target, { accessKeyId })
  return { caller, secret: key.secret, lastUsed: key.lastUsed }
}

type Use = Required<LastUse>

/** "Last used" need not be exact to the second, and a write for each request would be dear. */
function isNews(before: LastUse | undefined, now: Use): boolean {
  if (!before || now.at - before.at > 60_000) return true
  const changed = before.region !== now.region || (before.service !== undefined && before.service !== now.service)
  return changed && now.at - before.at > 1_000
}

function noteUse({ caller, lastUsed }: Holder, used: Use, { identities }: World): void | Promise<void> {
  const { session, accessKeyId } = caller
  if (caller.lent || (session && session.kind !== 'AssumeRole') || !isNews(lastUsed, used)) return
  return identities.transaction((rows) => {
    const { keys, roles } = new Identities(rows, caller.accountId)
    const key = session ? undefined : keys.get(accessKeyId!)
    const role = session && roles.get(session.principalName)
    if (key) keys.put({ ...key, lastUsed: used })
    if (role) roles.update(role, { lastUsed: { at: used.at, region: used.region } })
  })
}

function signingName({ service: { metadata } }: Target): string {
  return metadata.signingName ?? metadata.endpointPrefix
}

/** These tell the canonical request in the refusal. (Recorded for DynamoDB, ECS, SQS, API Gateway, Lambda, Bedrock.) */
function echoes({ service }: Target): boolean {
  return service.protocol === 'json' || service.protocol === 'rest-json'
}
