// The services that credentials come from, as small fakes on one port: STS, IAM Identity Center (OIDC and portal), the
// console's sign-in, instance metadata, container credentials. Every request is written down; the answers depend on
// the request alone, so that two programs that ask the same get the same.
//
// Point AWS_ENDPOINT_URL, AWS_EC2_METADATA_SERVICE_ENDPOINT or AWS_CONTAINER_CREDENTIALS_FULL_URI at it.

import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  /** A form or JSON by its keys; text otherwise. */
  readonly body: unknown
  /** The access key it was signed with. */
  readonly key?: string
}

export interface Behaviour {
  /** What this request is answered instead; undefined for the usual. */
  answer?: (asked: Asked, index: number) => Reply | undefined
  /** Seconds until sessions end: they end at a fixed far moment otherwise. */
  readonly sessionSeconds?: number
  /** How often the device code's token is still pending. */
  readonly pending?: number
}

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

export interface IdentityServices {
  readonly url: string
  readonly asked: Asked[]
  stop(): void
}

export const account = '123456789012'
const farAway = '2099-01-02T03:04:05Z'

export function identityServices(behaviour: Behaviour = {}): Promise<IdentityServices> {
  const asked: Asked[] = []
  let pending = behaviour.pending ?? 0
  const server = createServer((request, response) => {
    void (async () => {
      const one = await readable(request)
      asked.push(one)
      const special = behaviour.answer?.(one, asked.length - 1)
      const isPoll = one.path === '/token' && (one.body as any).deviceCode !== undefined
      const reply =
        special ??
        (isPoll && pending-- > 0
          ? oidcError('AuthorizationPendingException', 'authorization_pending')
          : usual(one, behaviour))
      send(response, reply)
    })()
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      resolve({ url, asked, stop: () => (server.close(), server.closeAllConnections()) })
    })
  })
}

async function readable(request: IncomingMessage): Promise<Asked> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece as Buffer)
  const text = Buffer.concat(pieces).toString()
  const url = new URL(request.url ?? '/', 'http://x')
  const headers = request.headers as Record<string, string>
  const type = headers['content-type'] ?? ''
  const body = type.includes('x-www-form-urlencoded')
    ? Object.fromEntries(new URLSearchParams(text))
    : text.startsWith('{')
      ? JSON.parse(text)
      : text
  const key = /Credential=([^/]+)\//.exec(headers['authorization'] ?? '')?.[1]
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    body,
    key,
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = '' }: Reply): void {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? {} : { 'content-type': 'application/json' }
  response.writeHead(status, { ...type, date: 'Fri, 02 Jan 2026 03:04:05 GMT', ...headers })
  response.end(text)
}

function usual(asked: Asked, behaviour: Behaviour): Reply {
  const { path, method, query } = asked
  if (path === '/' && typeof asked.body === 'object') return sts(asked, behaviour)
  const route = routes[`${method} ${path}`]
  if (route) return route(asked, behaviour)
  if (path.startsWith('/latest/meta-data/iam/security-credentials/')) return metadataKeys(asked)
  void query
  return { status: 404, body: 'no such page' }
}

/** Keys that tell what they were given for. */
export function keysFor(what: string): { AccessKeyId: string; SecretAccessKey: string; SessionToken: string } {
  const digest = createHash('sha256').update(what).digest('hex')
  return {
    AccessKeyId: `ASIA${digest.slice(0, 16).toUpperCase()}`,
    SecretAccessKey: `SECRET${digest.slice(16, 50)}`,
    SessionToken: `TOKEN${digest}`,
  }
}

function expiration({ sessionSeconds }: Behaviour): string {
  return sessionSeconds === undefined
    ? farAway
    : new Date(Date.now() + sessionSeconds * 1000).toISOString().replace(/\.\d+/, '')
}

function sts({ body, key }: Asked, behaviour: Behaviour): Reply {
  const { Action, Version: _, ...input } = body as Record<string, string>
  const xml = (result: string): Reply => ({
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': '00000000-0000-4000-8000-000000000000' },
    body:
      `<${Action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${Action}Result>${result}</${Action}Result>` +
      `<ResponseMetadata><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></${Action}Response>`,
  })
  const credentials = (what: string): string => {
    const keys = { ...keysFor(what), Expiration: expiration(behaviour) }
    const members = Object.entries(keys).map(([name, value]) => `<${name}>${value}</${name}>`)
    return `<Credentials>${members.join('')}</Credentials>`
  }
  switch (Action) {
    case 'GetCallerIdentity':
      return xml(`<UserId>${key}</UserId><Account>${account}</Account><Arn>arn:aws:iam::${account}:user/${key}</Arn>`)
    case 'GetSessionToken':
      if (input.TokenCode === '000000') {
        return stsError('AccessDenied', 'MultiFactorAuthentication failed with invalid MFA one time pass code. ')
      }
      return xml(credentials(`session of ${key} ${input.SerialNumber ?? ''}`))
    case 'AssumeRole':
    case 'AssumeRoleWithWebIdentity': {
      const role = input.RoleArn!.split('/').at(-1)!
      if (role === 'denied') {
        return stsError(
          'AccessDenied',
          `User: arn:aws:iam::${account}:user/${key} is not authorized to perform: sts:AssumeRole`,
        )
      }
      const name = input.RoleSessionName!.startsWith('botocore-session-')
        ? 'botocore-session-1'
        : input.RoleSessionName!
      const who = Action === 'AssumeRole' ? key : input.WebIdentityToken
      return xml(
        `${credentials(`role ${role} of ${who}`)}<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:${name}</AssumedRoleId>` +
          `<Arn>arn:aws:sts::${account}:assumed-role/${role}/${name}</Arn></AssumedRoleUser>`,
      )
    }
    default:
      return stsError('InvalidAction', `Could not find operation ${Action}`)
  }
}

export function stsError(code: string, message: string, status = 403): Reply {
  return {
    status,
    headers: { 'content-type': 'text/xml' },
    body:
      `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>${code}</Code>` +
      `<Message>${message}</Message></Error><RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>`,
  }
}

export function oidcError(code: string, error: string, status = 400): Reply {
  return {
    status,
    headers: { 'x-amzn-errortype': `${code}:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/` },
    body: { error, error_description: `it is ${error}` },
  }
}

const routes: Readonly<Record<string, (asked: Asked, behaviour: Behaviour) => Reply>> = {
  'POST /client/register': () => ({
    body: {
      clientId: 'the-client',
      clientIdIssuedAt: 1700000000,
      clientSecret: 'CLIENTSECRET',
      clientSecretExpiresAt: 4070908800,
    },
  }),
  'POST /device_authorization': ({ headers }) => ({
    body: {
      deviceCode: 'the-device',
      userCode: 'ABCD-EFGH',
      verificationUri: `http://${headers.host}/device`,
      verificationUriComplete: `http://${headers.host}/device?user_code=ABCD-EFGH`,
      expiresIn: 600,
      interval: 1,
    },
  }),
  'GET /device': () => ({ body: 'thank you' }),
  'GET /authorize': ({ query }) => back(query, 'the-code'),
  'POST /token': ({ body }) => {
    const { grantType, codeVerifier: _ } = body as Record<string, string>
    if (grantType === 'refresh_token' && (body as any).refreshToken === 'SPENT') {
      return oidcError('InvalidGrantException', 'invalid_grant')
    }
    const token = `ACCESSTOKEN-${grantType}`
    return { body: { accessToken: token, tokenType: 'Bearer', expiresIn: 28800, refreshToken: 'REFRESHTOKEN' } }
  },
  'GET /federation/credentials': ({ query, headers }) => {
    if (query.role_name === 'gone' || headers['x-amz-sso_bearer_token'] === 'REVOKED') {
      return {
        status: 401,
        headers: { 'x-amzn-errortype': 'UnauthorizedException' },
        body: { message: 'Session token not found or invalid' },
      }
    }
    const keys = keysFor(`sso ${query.account_id} ${query.role_name}`)
    return {
      body: {
        roleCredentials: {
          accessKeyId: keys.AccessKeyId,
          secretAccessKey: keys.SecretAccessKey,
          sessionToken: keys.SessionToken,
          expiration: Date.parse(farAway),
        },
      },
    }
  },
  'POST /logout': () => ({}),
  'GET /assignment/accounts': () => ({
    body: { accountList: [{ accountId: account, accountName: 'only', emailAddress: 'only@example.com' }] },
  }),
  'GET /assignment/roles': ({ query }) => ({
    body: { roleList: [{ roleName: 'Reader', accountId: query.account_id }] },
  }),
  'GET /v1/authorize': ({ query }) => back(query, 'the-login-code'),
  'POST /v1/token': ({ body }) => {
    const { grantType, refreshToken } = body as any as Record<string, string>
    if (refreshToken === 'SPENT') {
      return {
        status: 400,
        headers: { 'x-amzn-errortype': 'AccessDeniedException' },
        body: { error: 'TOKEN_EXPIRED', message: 'expired' },
      }
    }
    const keys = keysFor(`login ${grantType}`)
    const payload = Buffer.from(JSON.stringify({ sub: `arn:aws:iam::${account}:user/console` })).toString('base64url')
    return {
      body: {
        accessToken: {
          accessKeyId: keys.AccessKeyId,
          secretAccessKey: keys.SecretAccessKey,
          sessionToken: keys.SessionToken,
        },
        tokenType: 'aws_sigv4',
        expiresIn: 900,
        refreshToken: 'LOGINREFRESH',
        ...(grantType === 'authorization_code' ? { idToken: `e30.${payload}.sig` } : {}),
      },
    }
  },
  'PUT /latest/api/token': () => ({ body: 'IMDSTOKEN', headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '21600' } }),
  'GET /latest/meta-data/iam/security-credentials/': () => ({ body: 'least-privilege' }),
  'GET /latest/meta-data/placement/availability-zone/': () => ({ body: 'eu-west-1b' }),
  'GET /container': ({ headers }) => containerKeys(headers['authorization']),
}

/** What a person who says yes in the browser causes. */
function back({ redirect_uri, state }: Readonly<Record<string, string>>, code: string): Reply {
  return { status: 302, headers: { location: `${redirect_uri}?code=${code}&state=${state}` } }
}

function metadataKeys({ path, headers }: Asked): Reply {
  const role = path.split('/').at(-1)!
  const {
    AccessKeyId,
    SecretAccessKey,
    SessionToken: Token,
  } = keysFor(`instance ${role} ${headers['x-aws-ec2-metadata-token']}`)
  const body = {
    Code: 'Success',
    Type: 'AWS-HMAC',
    LastUpdated: '2026-01-02T03:04:05Z',
    AccessKeyId,
    SecretAccessKey,
    Token,
    Expiration: farAway,
  }
  return { body: JSON.stringify(body) }
}

function containerKeys(authorization = ''): Reply {
  const { AccessKeyId, SecretAccessKey, SessionToken: Token } = keysFor(`container ${authorization}`)
  return { body: { AccessKeyId, SecretAccessKey, Token, Expiration: farAway, RoleArn: 'TASKROLE' } }
}

if (import.meta.main) {
  const services = await identityServices({ answer: (asked) => void console.error(JSON.stringify(asked)) })
  console.log(services.url)
}
