// The instance metadata service, both versions, as an instance sees it at 169.254.169.254: the exact statuses are what
// clients act upon.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html

import { utf8 } from '../../lib/bytes.ts'
import type { HttpRequest, HttpResponse } from '../../http/message.ts'
import { seal, unseal } from '../accounts/seal.ts'
import type { World } from '../world.ts'
import { deliverer, type Delivered } from './delivery.ts'
import type { Instance } from './instance.ts'
import { read, seconds, treeOf } from './tree.ts'

export interface ImdsOptions {
  /** HttpTokens: `required` answers only those who bring a token. */
  readonly tokens: 'required' | 'optional'
  /** HttpEndpoint. */
  readonly enabled: boolean
  /** HttpPutResponseHopLimit: a token does not get further. */
  readonly hops: number
}

const ttlHeader = 'x-aws-ec2-metadata-token-ttl-seconds'
const tokenHeader = 'x-aws-ec2-metadata-token'
/** The oldest and the newest that there are names of. */
const versions = [
  '1.0',
  '2007-01-19',
  '2007-03-01',
  '2007-08-29',
  '2007-10-10',
  '2007-12-15',
  '2008-02-01',
  '2008-09-01',
  '2009-04-04',
  '2011-01-01',
  '2011-05-01',
  '2012-01-12',
  '2014-02-25',
  '2014-11-05',
  '2015-10-20',
  '2016-04-19',
  '2016-06-30',
  '2016-09-02',
  '2018-03-28',
  '2018-08-17',
  '2018-09-24',
  '2019-10-01',
  '2020-10-27',
  '2021-01-03',
  '2021-03-23',
  '2021-07-15',
  '2022-09-24',
  '2024-04-11',
  'latest',
]

/** Who asks, and how it may: asked for each request, since both can change. Undefined: nothing runs there. */
export type Asked = () => Promise<{ readonly instance: Instance; readonly options: ImdsOptions } | undefined>

/** How long a client waits in vain, milliseconds: most give up long before. */
const lost = 30_000

/** `distance`: how many hops away clients are; 2 from within a container. */
export function imds(asked: Asked, world: World, distance = 1): (request: HttpRequest) => Promise<HttpResponse> {
  // Tokens are bound to this instance, and to nothing that is stored.
  const secret = crypto.getRandomValues(new Uint8Array(32))
  const kind = utf8('imds')
  const deliver = deliverer(world)

  return async (request) => {
    const found = await asked()
    if (!found) return refusal(503, 'Service Unavailable')
    const { instance, options } = found
    if (!options.enabled) return refusal(403, 'Forbidden')
    if (request.path.endsWith('/api/token')) {
      if (distance <= options.hops) return tokenFor(request)
      // The answer dies on its way.
      await new Promise((resolve) => setTimeout(resolve, lost))
      return refusal(504, 'Gateway Timeout')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Method Not Allowed')
    const token = request.headers[tokenHeader]
    if (token === undefined ? options.tokens === 'required' : !isValid(token)) return refusal(401, 'Unauthorized')
    const contents = await contentsOf(instance, request.path, token === undefined ? '1.0' : '2.0')
    if (contents === undefined) return refusal(404, 'Not Found')
    return answer(
      200,
      request.method === 'HEAD' ? '' : contents,
      token === undefined ? {} : { [ttlHeader]: String(remaining(token)) },
    )
  }

  function tokenFor({ method, path, headers }: HttpRequest): HttpResponse {
    if (method !== 'PUT') return refusal(405, 'Method Not Allowed', { allow: 'OPTIONS, PUT' })
    // A proxy would be asking for somebody else.
    if (path !== '/latest/api/token' || headers['x-forwarded-for'] !== undefined) return refusal(403, 'Forbidden')
    const wanted = headers[ttlHeader] ?? ''
    const ttl = Number(wanted)
    if (!/^\d{1,5}$/.test(wanted) || ttl < 1 || ttl > 21_600) return refusal(400, 'Bad Request')
    const token = seal(secret, kind, String(world.realClock().getTime() + ttl * 1000))
    return answer(200, token, { [ttlHeader]: String(ttl) })
  }

  function remaining(token: string): number {
    const until = Number(unseal(secret, kind, token) ?? 0)
    return Math.ceil((until - world.realClock().getTime()) / 1000)
  }

  function isValid(token: string): boolean {
    return remaining(token) > 0
  }

  /** `delivery`: by which version the role's credentials were fetched, which policies may ask (ec2:RoleDelivery). */
  async function contentsOf(
    instance: Instance,
    path: string,
    delivery: '1.0' | '2.0',
  ): Promise<string | Uint8Array | undefined> {
    if (path === '/' || path === '') return versions.join('\n')
    const [, version, rest = ''] = /^\/([^/]+)(\/.*)?$/.exec(path) ?? []
    if (version === undefined || !versions.includes(version)) return undefined
    const credentials = /^\/meta-data\/iam\/(?:(info)|security-credentials(?:\/([^/]*))?)$/.exec(rest)
    if (!credentials || !instance.profile) return read(treeOf(instance), rest)
    if (credentials[1]) return profileDocument(instance.profile, instance.launched)
    const { role } = instance
    const named = credentials[2] ?? ''
    if (named === '' || role === undefined) return named === '' ? (role ?? '') : undefined
    if (named !== role) return undefined
    return credentialDocument(role, await deliver(recipient(instance, role, delivery)), world.clock())
  }
}

function recipient(instance: Instance, role: string, delivery: '1.0' | '2.0') {
  const [primary] = instance.interfaces
  return {
    account: instance.account,
    role,
    service: 'ec2.amazonaws.com',
    sessionName: instance.id,
    actions: ['sts:AssumeRole'],
    keys: {
      'ec2:roledelivery': delivery,
      'ec2:sourceinstancearn': `arn:aws:ec2:${instance.region}:${instance.account}:instance/${instance.id}`,
      'aws:ec2instancesourcevpc': primary?.vpc ?? '',
      'aws:ec2instancesourceprivateipv4': primary?.privateIps[0] ?? '',
    },
  }
}

function profileDocument({ arn, id }: NonNullable<Instance['profile']>, launched: number): string {
  return JSON.stringify(
    { Code: 'Success', LastUpdated: seconds(launched), InstanceProfileArn: arn, InstanceProfileId: id },
    null,
    2,
  )
}

/** `now`: the account's time. */
function credentialDocument(role: string, delivered: Delivered | undefined, now: Date): string {
  if (!delivered)
    return JSON.stringify(
      {
        Code: 'AssumeRoleUnauthorizedAccess',
        Message:
          'EC2 cannot assume the role ' +
          role +
          '. Please see documentation at https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-iam-roles.html#troubleshoot-iam_ec2_errors-info-doc.',
        LastUpdated: seconds(now.getTime()),
      },
      null,
      2,
    )
  return JSON.stringify(
    {
      Code: 'Success',
      LastUpdated: seconds(delivered.updated.getTime()),
      Type: 'AWS-HMAC',
      AccessKeyId: delivered.AccessKeyId,
      SecretAccessKey: delivered.SecretAccessKey,
      Token: delivered.SessionToken,
      Expiration: seconds(delivered.Expiration.getTime()),
    },
    null,
    2,
  )
}

function answer(status: number, body: string | Uint8Array, headers: Record<string, string> = {}): HttpResponse {
  const bytes = typeof body === 'string' ? utf8(body) : new Uint8Array(body)
  return {
    status,
    headers: { 'content-type': 'text/plain', server: 'EC2ws', 'accept-ranges': 'none', ...headers },
    body: bytes,
  }
}

function refusal(status: number, title: string, headers: Record<string, string> = {}): HttpResponse {
  const page = [
    '<?xml version="1.0" encoding="iso-8859-1"?>',
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"',
    '\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">',
    '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">',
    ` <head>\n  <title>${status} - ${title}</title>\n </head>\n <body>\n  <h1>${status} - ${title}</h1>\n </body>\n</html>\n`,
  ].join('\n')
  return { ...answer(status, page, headers), headers: { ...headers, 'content-type': 'text/html', server: 'EC2ws' } }
}
