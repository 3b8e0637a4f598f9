// Apps on phones: applications by push service, and their endpoints, one an installation. What is published to them goes no
// further than the outbox: there is no push service behind a local account, and so nobody's credentials are proved.
// https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-application-as-subscriber.html

import { md5Hex } from '../../../../lib/hash.ts'
import { AwsError } from '../../../../lib/errors.ts'
import { utf8 } from '../../../../lib/bytes.ts'
import { invalid, notFound } from '../errors.ts'
import { arnOf, endpointsOf } from '../names.ts'
import { page, pageOf, readToken } from '../paging.ts'
import type { Application, Sns, SnsHandler } from '../state.ts'

const platforms = ['ADM', 'APNS', 'APNS_SANDBOX', 'GCM', 'BAIDU', 'MPNS', 'WNS', 'MACOS', 'MACOS_SANDBOX']
/** These are never told again. */
const secrets: readonly string[] = ['PlatformCredential', 'PlatformPrincipal']

type Attributes = Record<string, string>

export const createPlatformApplication: SnsHandler = (
  { Name, Platform, Attributes }: { Name: string; Platform: string; Attributes?: Attributes },
  { state, account, region, caller },
) => {
  checkName(Name)
  if (!platforms.includes(Platform)) throw invalid(`Platform Reason: ${Platform} is not supported`)
  // Set-ups for moto leave them out, and where any key is taken nobody asks for more.
  const given = caller.lent ? (Attributes ?? {}) : asked(Attributes)
  const [credential, principal] = secrets.map((name) => given[name] !== undefined)
  // Firebase knows its callers by the one key.
  if (credential && !principal && Platform !== 'GCM')
    throw invalid('Attributes Reason: PlatformCredential attribute provided without PlatformPrincipal')
  if (principal && !credential)
    throw invalid('Attributes Reason: PlatformPrincipal attribute provided without PlatformCredential')
  const arn = arnOf({ account, region, name: `app/${Platform}/${Name}` })
  state.putApplication({ arn, attributes: { Enabled: 'true', ...told(given) } })
  return { PlatformApplicationArn: arn }
}

function checkName(name: string): void {
  const wrong = (what: string): Error => invalid(`${name} Reason: ${what}`)
  if (name === '') throw wrong('cannot be empty')
  if (name.length > 256) throw wrong('must be at most 256 characters long')
  if (!/^[\w.-]+$/.test(name)) throw wrong("must contain only characters 'a'-'z', 'A'-'Z', '0'-'9', '_', '-', and '.'")
}

/** Throws ValidationError: forms cannot tell an empty map from none. */
function asked(attributes: Attributes | undefined): Attributes {
  if (attributes !== undefined && Object.keys(attributes).length > 0) return attributes
  throw new AwsError(
    'ValidationError',
    "1 validation error detected: Value null at 'attributes' failed to satisfy constraint: Member must not be null",
  )
}

function told(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !secrets.includes(name)))
}

/** Throws InvalidParameter, NotFound. */
function application(arn: string, state: Sns): Application {
  const parts = arn.split(':').length
  if (parts < 6) throw invalid(`PlatformApplicationArn Reason: An ARN must have at least 6 elements, not ${parts}`)
  if (!/^arn:[\w-]+:sns:[\w-]*:\d{12}:app\/[^/]+\/[^/]+$/.test(arn))
    throw invalid('PlatformApplicationArn Reason: Wrong number of slashes in relative portion of the ARN.')
  const found = state.application(arn)
  if (!found) throw notFound('PlatformApplication')
  return found
}

export const getPlatformApplicationAttributes: SnsHandler = ({ PlatformApplicationArn: arn }, { state }) => ({
  Attributes: application(arn, state).attributes,
})

export const setPlatformApplicationAttributes: SnsHandler = (
  { PlatformApplicationArn: arn, Attributes }: { PlatformApplicationArn: string; Attributes?: Attributes },
  { state },
) => {
  const given = asked(Attributes)
  const { attributes } = application(arn, state)
  state.putApplication({ arn, attributes: { ...attributes, ...told(given) } })
}

export const listPlatformApplications: SnsHandler = ({ NextToken }, { state, account, region }) =>
  pageOf('PlatformApplications', state.applications({ account, region }, readToken(NextToken), page + 1), (one) => ({
    PlatformApplicationArn: one.arn,
    Attributes: one.attributes,
  }))

export const deletePlatformApplication: SnsHandler = ({ PlatformApplicationArn: arn }, { state }) =>
  state.removeApplication(arn)

// --- endpoints -------------------------------------------------------------------------------------------------------

const ofEndpoints: readonly string[] = ['CustomUserData', 'Enabled', 'Token']

export const createPlatformEndpoint: SnsHandler = (
  {
    PlatformApplicationArn,
    Token,
    CustomUserData,
    Attributes = {},
  }: { PlatformApplicationArn: string; Token: string; CustomUserData?: string; Attributes?: Attributes },
  { state },
) => {
  const { arn: of } = application(PlatformApplicationArn, state)
  checkEndpointAttributes(Attributes)
  const attributes: Attributes = {
    Enabled: 'true',
    Token,
    ...(CustomUserData !== undefined && { CustomUserData }),
    ...Attributes,
  }
  const known = state.endpoints(of).find((one) => one.attributes['Token'] === attributes['Token'])
  if (known) {
    if (!same(known.attributes, attributes))
      throw invalid(`Token Reason: Endpoint ${known.arn} already exists with the same Token, but different attributes.`)
    return { EndpointArn: known.arn }
  }
  const named = endpointsOf(of) + uuidOf(`${of}\0${Token}`)
  // Its token was changed since.
  const arn = state.endpoint(named) ? endpointsOf(of) + crypto.randomUUID() : named
  state.putEndpoint({ arn, attributes })
  return { EndpointArn: arn }
}

function checkEndpointAttributes(attributes: Attributes): void {
  const stray = Object.keys(attributes).find((name) => !ofEndpoints.includes(name))
  if (stray !== undefined) throw invalid(`Attributes Reason: Invalid attribute name: ${stray}`)
  if (utf8(attributes['CustomUserData'] ?? '').length > 2048)
    throw invalid(
      'Attributes Reason: Invalid value for attribute: CustomUserData: must be at most 2048 bytes long in UTF-8 encoding',
    )
}

function same(one: Attributes, other: Attributes): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => one[name] === other[name])
}

/** A UUID of a name (version 3), as AWS's endpoints have. */
function uuidOf(name: string): string {
  const hex = md5Hex(name)
  const variant = ((Number.parseInt(hex[16]!, 16) & 3) | 8).toString(16)
  return [hex.slice(0, 8), hex.slice(8, 12), `3${hex.slice(13, 16)}`, variant + hex.slice(17, 20), hex.slice(20)].join(
    '-',
  )
}

export const deleteEndpoint: SnsHandler = ({ EndpointArn }, { state }) => state.removeEndpoint(EndpointArn)

export const getEndpointAttributes: SnsHandler = ({ EndpointArn }, { state }) => ({
  Attributes: endpoint(EndpointArn, state).attributes,
})

function endpoint(arn: string, state: Sns): { arn: string; attributes: Attributes } {
  const found = state.endpoint(arn)
  if (!found) throw notFound('Endpoint')
  return found
}

export const setEndpointAttributes: SnsHandler = (
  { EndpointArn, Attributes }: { EndpointArn: string; Attributes?: Attributes },
  { state },
) => {
  const { arn, attributes } = endpoint(EndpointArn, state)
  const given = asked(Attributes)
  checkEndpointAttributes(given)
  state.putEndpoint({ arn, attributes: { ...attributes, ...given } })
}

export const listEndpointsByPlatformApplication: SnsHandler = ({ PlatformApplicationArn, NextToken }, { state }) => {
  const { arn } = application(PlatformApplicationArn, state)
  return pageOf('Endpoints', state.endpoints(arn, readToken(NextToken), page + 1), (one) => ({
    EndpointArn: one.arn,
    Attributes: one.attributes,
  }))
}
