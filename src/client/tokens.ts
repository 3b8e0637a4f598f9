// What proves to a database, a Kubernetes cluster, a git server or a tunnel who somebody is? A signature of AWS's, in the place of
// a password.

import { toBase64Url, utf8 } from '../lib/bytes.ts'
import type { Credentials } from '../lib/credentials.ts'
import { Failure } from '../lib/errors.ts'
import { percentEncode } from '../lib/percent.ts'
import { emptyBody } from '../http/message.ts'
import type { HttpRequest } from '../http/message.ts'
import { link } from './presign.ts'
import type { Settings } from './settings.ts'

export interface DatabaseLogin {
  /** The signing name. */
  readonly service: 'rds-db' | 'dsql'
  readonly host: string
  readonly port?: number
  /** `{Action: 'connect', DBUser: 'me'}`, in the order in which they are to stand. */
  readonly query: Readonly<Record<string, string>>
  /** Seconds. */
  readonly expires: number
}

/**
 * A link without its `https://`.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAMDBAuth.Connecting.html
 */
export async function databaseToken(settings: Settings, login: DatabaseLogin): Promise<string> {
  const { service, port, query, expires } = login
  const { presign } = await import('../sign/sigv4.ts')
  const address = port === undefined ? login.host : `${login.host}:${port}`
  // Signed as a client would say it: small letters, and no port that https has anyway.
  const host = address.toLowerCase().replace(/:443$/, '')
  const signed = presign(
    {
      method: 'GET',
      scheme: 'https',
      host,
      path: '/',
      headers: {},
      body: emptyBody,
      query: Object.entries(query)
        .map(([name, value]) => `${name}=${percentEncode(value)}`)
        .join('&'),
    },
    { credentials: await keysIn(settings), region: regionIn(settings), service, date: settings.clock(), expires },
  )
  return `${address}/?${signed.query}`
}

/** Seconds in which a tunnel may be opened. */
const TUNNEL_LINK = 60

/** The `wss://` address of a tunnel; `query` in the order in which it is to stand. */
export async function tunnelLink(
  settings: Settings,
  { host, query }: { host: string; query: Readonly<Record<string, string>> },
): Promise<string> {
  const { presign } = await import('../sign/sigv4.ts')
  const request: HttpRequest = {
    method: 'GET',
    scheme: 'https',
    host,
    path: '/openTunnel',
    headers: {},
    body: emptyBody,
    query: new URLSearchParams(query).toString(),
  }
  const signed = presign(request, {
    credentials: await keysIn(settings),
    region: regionIn(settings),
    service: 'ec2-instance-connect',
    date: settings.clock(),
    expires: TUNNEL_LINK,
  })
  return `wss://${host}${signed.path}?${signed.query}`
}

/** Seconds that a link in a cluster's token is signed for. The cluster takes it for 15 minutes. */
const CLUSTER_LINK = 60

/** https://github.com/kubernetes-sigs/aws-iam-authenticator#api-authorization-from-outside-a-cluster */
export async function clusterToken(settings: Settings, cluster: string): Promise<string> {
  const operation = await settings.models.operation('sts', 'GetCallerIdentity')
  const headers = { 'x-k8s-aws-id': cluster }
  const { url } = await link(operation, {}, settings, { method: 'GET', expires: CLUSTER_LINK, headers })
  return `k8s-aws-v1.${toBase64Url(utf8(url))}`
}

/** User name and password for one path of CodeCommit's git server, good for 15 minutes. `host` without its port. */
export async function gitLogin(
  settings: Settings,
  region: string,
  { host, path }: { host: string; path: string },
): Promise<{ username: string; password: string }> {
  const { basicTime, stringToSign } = await import('../sign/attach.ts')
  const { scopeSigner } = await import('../sign/key.ts')
  const { accessKeyId, secretAccessKey, sessionToken } = await keysIn(settings)
  const time = basicTime(settings.clock())
  const day = time.slice(0, 8)
  // The moment stands without its Z where it is signed, and with it in the password.
  const moment = time.slice(0, -1)
  const canonical = `GIT\n${path}\n\nhost:${host}\n\nhost\n`
  const toSign = stringToSign('AWS4-HMAC-SHA256', moment, `${day}/${region}/codecommit/aws4_request`, canonical)
  return {
    username: sessionToken === undefined ? accessKeyId : `${accessKeyId}%${sessionToken}`,
    password: `${time}${scopeSigner(secretAccessKey, day, region, 'codecommit')(toSign)}`,
  }
}

async function keysIn(settings: Settings): Promise<Credentials> {
  const operation = await settings.models.operation('sts', 'GetCallerIdentity')
  const credentials = await settings.credentials(operation)
  if (credentials !== undefined) return credentials
  throw new Failure('NoCredentials', 'Unable to locate credentials')
}

function regionIn({ region }: Settings): string {
  if (region !== undefined) return region
  throw new Failure('NoRegion', 'You must specify a region.')
}
