// How is a request proved to come from its caller?

import type { Credentials } from '../lib/credentials.ts'
import { Failure } from '../lib/errors.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import { isS3Family } from '../sign/canonical.ts'
import { hashGiven, payloadHashOf, payloadWords } from '../sign/attach.ts'
import { sign } from '../sign/sigv4.ts'
import type { SigningOptions } from '../sign/types.ts'
import { streamsIn } from './checksum.ts'
import type { Endpoint } from './endpoint/resolve.ts'
import type { Settings } from './settings.ts'

export type AuthScheme = Endpoint['auth']['scheme']

/** Operations that take no signature though their models do not say so. */
const unsigned: Readonly<Record<string, string>> = {
  'cognito-identity': 'GetId GetOpenIdToken UnlinkIdentity GetCredentialsForIdentity',
  sts: 'AssumeRoleWithSAML AssumeRoleWithWebIdentity',
}

export function schemeFor(operation: Operation, endpoint: Endpoint, settings: Settings): AuthScheme {
  const { authtype, auth } = operation.traits
  if (settings.anonymous || authtype === 'none' || auth?.[0] === 'smithy.api#noAuth') return 'none'
  if (` ${unsigned[operation.service.name] ?? ''} `.includes(` ${operation.name} `)) return 'none'
  const bearer = 'smithy.api#httpBearerAuth'
  const offered = auth ?? operation.service.metadata.auth ?? []
  const { signatureVersion } = operation.service.metadata
  if ((authtype ?? signatureVersion) === 'bearer' || offered[0] === bearer) return 'bearer'
  if (offered.includes(bearer) && environmentToken(endpoint.auth.signingName, settings) !== undefined) return 'bearer'
  return endpoint.auth.scheme
}

/** The credentials an operation is signed with. Throws Failure('NoCredentials'). */
export async function credentialsFor(
  operation: Operation,
  scheme: AuthScheme,
  endpoint: Endpoint,
  settings: Settings,
): Promise<Credentials | undefined> {
  if (scheme === 'none' || scheme === 'bearer') return undefined
  const credentials = await (endpoint.credentials?.() ?? settings.credentials(operation))
  if (credentials) return credentials
  throw new Failure(
    'NoCredentials',
    'Unable to locate credentials. You can configure credentials by running "aws login".',
  )
}

/** What a signature is made with. */
interface Signing {
  readonly operation: Operation
  readonly endpoint: Endpoint
  readonly scheme: AuthScheme
  /** Undefined where the scheme needs none (credentialsFor). */
  readonly credentials: Credentials | undefined
  readonly settings: Settings
  /** Whether the body carries its checksum in a trailer. */
  readonly trailed: boolean
}

/** The request with its signature or token. Throws Failure('CredentialRetrieval') where a bearer token is missing. */
export async function signed(request: HttpRequest, signing: Signing): Promise<HttpRequest> {
  const { operation, endpoint, scheme, credentials, settings, trailed } = signing
  if (scheme === 'none') {
    // S3 reads trailers only where this says that there are some.
    return trailed
      ? { ...request, headers: { ...request.headers, 'x-amz-content-sha256': payloadWords['unsigned-trailer'] } }
      : request
  }
  if (scheme === 'bearer') {
    return {
      ...request,
      headers: { ...request.headers, authorization: `Bearer ${await bearerToken(endpoint, settings)}` },
    }
  }
  if (scheme === 'sigv2')
    return (await import('../sign/sigv2-form.ts')).signForm(request, credentials!, settings.clock())
  const { auth } = endpoint
  const payload = payloadFor(request, signing)
  const options: SigningOptions = {
    credentials: credentials!,
    region: auth.signingRegion,
    service: auth.signingName,
    date: settings.clock(),
    payload,
    pathAsSent: auth.disableDoubleEncoding,
    contentSha256Header: payload !== 'hash' || hashHeader(operation, auth.signingName),
    tokenHeader: scheme === 'sigv4-s3express' ? 'x-amz-s3session-token' : undefined,
  }
  if (sendsEvents(operation) && scheme === 'sigv4') {
    const { eventsPayload, withSignedEvents } = await import('../sign/event-stream.ts')
    const whole: SigningOptions = { ...options, payload: 'hash', payloadHash: eventsPayload, contentSha256Header: true }
    return withSignedEvents(sign(request, whole), options, settings.clock)
  }
  if (payload === 'hash' && !(request.body instanceof Uint8Array) && !hashGiven(request, auth.signingName)) {
    options.payloadHash = await payloadHashOf(request.body as Blob)
  }
  if (scheme !== 'sigv4a') return sign(request, options)
  const { sign: signV4a } = await import('../sign/sigv4a.ts')
  return signV4a(request, { ...options, region: (auth.signingRegionSet ?? [auth.signingRegion]).join(',') })
}

/** S3's dialect of version 4 says the hash in a header as well. The control operations of Outposts are signed for S3 without speaking it. */
function hashHeader({ service: { name } }: Operation, signingName: string): boolean {
  return isS3Family(signingName) && name !== 's3outposts'
}

/**
 * The payload is hashed into the signature, unless the model says otherwise; S3 is spared reading a streaming body twice
 * where TLS protects it and a checksum goes with it. Without TLS everything is signed.
 */
function payloadFor(
  request: HttpRequest,
  { operation, settings, trailed }: Signing,
): NonNullable<SigningOptions['payload']> {
  if (trailed) return 'unsigned-trailer'
  if (!(request.body instanceof Uint8Array) && request.body instanceof ReadableStream) return 'unsigned'
  const secure = request.scheme === 'https'
  if (operation.service.name === 's3') {
    const wish = settings.key('s3.payload_signing_enabled')
    if (typeof wish === 'string') return wish.toLowerCase() === 'true' ? 'hash' : 'unsigned'
    if (!secure || request.headers['content-md5'] === undefined) return 'hash'
    if (streamsIn(operation)) return 'unsigned'
  }
  const { authtype, unsignedPayload } = operation.traits
  return secure && (authtype === 'v4-unsigned-body' || unsignedPayload) ? 'unsigned' : 'hash'
}

/** Whether the input is a stream of events, which are answered while they are still being sent. */
export function sendsEvents({ input }: Operation): boolean {
  const payload = input?.shape.traits.payload
  return payload !== undefined && input!.shape.memberNamed(payload)?.shape.traits.eventstream === true
}

async function bearerToken(endpoint: Endpoint, settings: Settings): Promise<string> {
  const token = environmentToken(endpoint.auth.signingName, settings) ?? (await settings.bearerToken?.())
  if (token !== undefined) return token
  throw new Failure('CredentialRetrieval', 'Unable to locate authorization token')
}

/** `AWS_BEARER_TOKEN_BEDROCK`. */
function environmentToken(signingName: string, settings: Settings): string | undefined {
  const name = `AWS_BEARER_TOKEN_${signingName.toUpperCase().replace(/[ -]/g, '_')}`
  return settings.configuration?.env[name] || undefined
}
