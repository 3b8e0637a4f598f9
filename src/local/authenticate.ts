// Who is it? From the claim of a signature to a caller that has been proved, or to nobody where nothing was signed.
//
// The order is AWS's: no signature, a claim that cannot be read, an unknown key, an expired session, scope, time, and
// the signature itself last.

import { AwsError } from '../lib/errors.ts'
import type { HttpRequest } from '../http/message.ts'
import { isOldLinkBy, oldLinkOf, oldStringToSign, type OldLink } from '../sign/old-links.ts'
import type { SignatureClaim } from '../sign/types.ts'
import { claimOf, SignatureRefusal, verify } from '../sign/verify.ts'
import { callerByKey, callerBySession, nobody } from './accounts/callers.ts'
import { inEffect } from './accounts/consistency.ts'
import { Identities } from './accounts/identities.ts'
import { lentCaller } from './accounts/lent-keys.ts'
import { openToken } from './accounts/sessions.ts'
import type { Target } from './identify.ts'
import { refuse, signatureError } from './refusals.ts'
import type { Caller } from './service.ts'
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
  const old = target.service.name === 's3' ? oldLinkOf(request) : undefined
  if (old) return byOldLink(request, old, target, world)
  const claim = readClaim(request, target)
  if (claim === undefined) {
    if (anonymous) return { caller: nobody, secret: '', region: world.region }
    throw refuse('unsigned', target)
  }
  const { caller, secret } = await world.identities.transaction((rows) => keyHolder(rows, claim, target, world))
  if (secret === undefined) return { caller, secret: '', region: claim.region || world.region }
  const service = target.service.metadata.signingName ?? target.service.metadata.endpointPrefix
  const refusal = verify(request, claim, secret, { now: world.realClock(), service, echo: echoes(target) })
  if (refusal) throw signatureError(refusal, target)
  return { caller, claim, secret, region: claim.region || world.region }
}

const incompleteLink = 'Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters'

/** S3 still honours links of version 2. */
async function byOldLink(request: HttpRequest, link: OldLink, target: Target, world: World): Promise<Proof> {
  const expires = Number(link.expires)
  const [now, s3] = [world.realClock(), await definitionOf(world, target.service.name)]
  if (link.signature === '' || !/^\d+$/.test(link.expires))
    throw new AwsError('AccessDenied', incompleteLink, { status: 403 })
  if (expires * 1000 < now.getTime()) throw expiredLink(new Date(expires * 1000), now)
  const claim = { ...link, region: world.region }
  const { caller, secret } = await world.identities.transaction((rows) => keyHolder(rows, claim, target, world))
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

function keyHolder(
  rows: Rows,
  claim: Pick<SignatureClaim, 'accessKeyId' | 'sessionToken' | 'region'>,
  target: Target,
  world: World,
): { caller: Caller; secret: string | undefined } {
  const { accessKeyId, sessionToken } = claim
  const now = world.clock().getTime()
  const seen = inEffect(rows, now)
  const used = {
    at: now,
    service: target.service.metadata.signingName ?? target.service.metadata.endpointPrefix,
    region: claim.region,
  }
  if (sessionToken !== undefined) {
    const opened = openToken(rows, accessKeyId, sessionToken)
    const lent = opened ? undefined : lentCaller(accessKeyId, world.lent)
    if (lent) return lent
    if (!opened) throw refuse('bad token', target, { accessKeyId, token: sessionToken })
    if (opened.session.expires <= now) throw refuse('expired token', target)
    const caller = callerBySession(seen, opened.session, accessKeyId)
    if (!caller) throw refuse('unknown key', target, { accessKeyId })
    if (opened.session.kind === 'AssumeRole')
      noteRole(rows, opened.session.accountId, opened.session.principalName, used)
    return { caller, secret: opened.secret }
  }
  const { keys } = new Identities(seen, '')
  const key = keys.get(accessKeyId) ?? (settleIn(rows, world) ? keys.get(accessKeyId) : undefined)
  const caller = key?.status === 'Active' ? callerByKey(seen, key) : undefined
  const lent = key ? undefined : lentCaller(accessKeyId, world.lent)
  if (lent) return lent
  if (!key || !caller) throw refuse('unknown key', target, { accessKeyId })
  noteKey(rows, accessKeyId, used)
  return { caller, secret: key.secret }
}

interface Use {
  at: number
  service: string
  region: string
}

/** "Last used" need not be exact to the second, and a write for each request would be dear. */
function isNews(before: { at: number; service?: string; region: string } | undefined, now: Use): boolean {
  if (!before || now.at - before.at > 60_000) return true
  const changed = before.region !== now.region || (before.service !== undefined && before.service !== now.service)
  return changed && now.at - before.at > 1_000
}

function noteKey(rows: Rows, id: string, used: Use): void {
  const { keys } = new Identities(rows, '')
  const key = keys.get(id)
  if (key && isNews(key.lastUsed, used)) keys.put({ ...key, lastUsed: used })
}

function noteRole(rows: Rows, account: string, name: string, used: Use): void {
  const { roles } = new Identities(rows, account)
  const role = roles.get(name)
  if (role && isNews(role.lastUsed, used)) roles.update(role, { lastUsed: { at: used.at, region: used.region } })
}

/** These tell the canonical request in the refusal. (Recorded for DynamoDB, ECS, SQS, API Gateway, Lambda, Bedrock.) */
function echoes({ service }: Target): boolean {
  return service.protocol === 'json' || service.protocol === 'rest-json'
}
