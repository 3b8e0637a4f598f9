// Where does a request go, and how is it signed? The service's ruleset answers; this file asks it.

import type { Credentials } from '../../lib/credentials.ts'
import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import { filter, map, some } from '../../lib/iterate.ts'
import type { Headers } from '../../http/message.ts'
import type { EndpointRuleset, Operation } from '../../model/model.ts'
import type { Exchange, Quirks } from '../quirks/index.ts'
import type { Settings } from '../settings.ts'
import { parametersFor } from './parameters.ts'
import type { Asked } from './parameters.ts'
import { PartitionsUnread } from './partitions.ts'
import type { Partitions } from './partitions.ts'
import { refusal } from './refusals.ts'
import { evaluate } from './ruleset.ts'
import type { RuledAuth, RuledEndpoint } from './ruleset.ts'

export interface Endpoint {
  scheme: 'https' | 'http' | 'virga-local'
  /** With its port, where that is not the scheme's own. */
  host: string
  /** What stands before the path of every request; '' or `/bucket`, encoded, without a slash at its end. */
  basePath: string
  headers: Headers
  auth: EndpointAuth
  /** Whose credentials sign here, where those are not the caller's own. */
  credentials?: () => Promise<Credentials | undefined>
}

export interface EndpointAuth {
  scheme: 'sigv4' | 'sigv4a' | 'sigv4-s3express' | 'sigv2' | 'bearer' | 'none'
  signingName: string
  signingRegion: string
  signingRegionSet?: readonly string[]
  disableDoubleEncoding?: boolean
}

/**
 * Services that answer for a whole partition when nobody names a region: those with a `partitionEndpoint` in
 * botocore's endpoints.json, by endpoint prefix.
 */
const withoutRegion =
  ' account billingconductor budgets ce chime cloudfront codecatalyst health iam importexport networkmanager ' +
  'notifications-contacts organizations route53 s3 savingsplans shield sts support tax waf '

/** The endpoint of a call: what the rules answer, and what the service's quirks make of it. Throws what resolveEndpoint throws. */
export async function endpointFor(input: Structure, exchange: Exchange, quirks: Quirks | undefined): Promise<Endpoint> {
  const settings = quirks?.settings?.(exchange.settings, { ...exchange, input }) ?? exchange.settings
  const endpoint = await resolveEndpoint(exchange.operation, input, settings)
  return (await quirks?.endpoint?.(endpoint, { ...exchange, settings, input })) ?? endpoint
}

/** Throws Failure('NoRegion' | 'Endpoint' | 'InvalidConfig'). */
export async function resolveEndpoint(operation: Operation, input: Structure, settings: Settings): Promise<Endpoint> {
  const { service } = operation
  const url = settings.endpointUrl(service.name, service.metadata.serviceId)
  const region = await regionFor(operation, settings, url !== undefined)
  const inProcess = url?.startsWith('virga-local:') === true
  const custom = inProcess ? 'http://localhost' : url

  const ruleset = await service.endpointRuleset()
  const found = ruleset
    ? await ruled(ruleset, { operation, input, settings, region, endpointUrl: custom })
    : { url: custom ?? withoutRuleset(operation, region), properties: {}, headers: {} }

  return {
    ...placeOf(found.url, inProcess),
    headers: headersOf(found),
    auth: authOf(operation, found.properties.authSchemes ?? [], region, settings),
  }
}

function headersOf({ headers }: RuledEndpoint): Headers {
  const joined: Headers = {}
  for (const [name, values] of Object.entries(headers)) joined[name.toLowerCase()] = values.join(',')
  return joined
}

async function ruled(ruleset: EndpointRuleset, asked: Asked): Promise<RuledEndpoint> {
  const { operation, input, settings, endpointUrl } = asked
  const parameters = await parametersFor(ruleset, asked)
  const read = async (): Promise<Partitions> => (await settings.models.partitions()) as Partitions
  // Where somebody named the endpoint, rules mostly ask for no partition, and the list is long.
  let partitions = endpointUrl === undefined ? await read() : undefined
  for (;;) {
    try {
      return evaluate(ruleset, parameters, partitions)
    } catch (error) {
      if (error instanceof PartitionsUnread) partitions = await read()
      else if (error instanceof Failure && error.kind === 'Endpoint')
        throw refusal(operation.service.name, input, error.message)
      else throw error
    }
  }
}

export async function regionFor(operation: Operation, settings: Settings, custom: boolean): Promise<string> {
  if (settings.region !== undefined) return settings.region
  // With an endpoint of the user's own, AWS CLI wants to know for which region to sign, except for these two.
  const { endpointPrefix } = operation.service.metadata
  const services = custom ? ' s3 codecatalyst ' : withoutRegion
  if (services.includes(` ${endpointPrefix} `)) return 'aws-global'
  const region = await settings.lastRegion?.()
  if (region !== undefined) return region
  throw new Failure('NoRegion', 'You must specify a region.')
}

/** A user's own model may come without rules. */
function withoutRuleset({ service: { metadata } }: Operation, region: string): string {
  return `https://${metadata.globalEndpoint ?? `${metadata.endpointPrefix}.${region}.amazonaws.com`}`
}

/** As early as the reference does, before a word about the input. Throws Failure('InvalidConfig') for an address that is none. */
export function checkEndpointUrl({ service }: Operation, settings: Settings): void {
  const url = settings.endpointUrl(service.name, service.metadata.serviceId)
  if (url !== undefined && !url.startsWith('virga-local:')) placeOf(url, false)
}

const ADDRESS = /^(https?):\/\/(?:[^/?#@]*@)?(\[[\da-f:.]+\]|[^/?#:[\]]+)(?::(\d{1,5}))?([/?#][^]*)?$/i

/** Names of containers have underscores, and letters beyond ASCII are letters, which costs more to find out. */
function isLabel(label: string): boolean {
  return /^(?!-)[A-Za-z\d_-]{1,63}(?<!-)$/.test(label) || /^(?!-)[\p{L}\p{N}_-]{1,63}(?<!-)$/u.test(label)
}

/** `https://example.com:8443/base/` taken apart. Throws Failure('InvalidConfig'). */
function placeOf(url: string, inProcess: boolean): Pick<Endpoint, 'scheme' | 'host' | 'basePath'> {
  const [, scheme = '', name = '', port = '', rest = ''] = ADDRESS.exec(url) ?? []
  const labels = (name.endsWith('.') ? name.slice(0, -1) : name).split('.')
  // An empty region leaves two dots.
  if ((!name.startsWith('[') && some(labels, (label) => !isLabel(label))) || Number(port) > 65535)
    throw new Failure('InvalidConfig', `Invalid endpoint: ${url}`)
  const secure = scheme.toLowerCase() === 'https'
  // What is signed is what a server reads: the name in small letters.
  const host = name.toLowerCase() + (port === '' || port === (secure ? '443' : '80') ? '' : `:${port}`)
  const basePath = rest === '' ? '' : rest.replace(/[?#][^]*/, '').replace(/\/+$/, '')
  return { scheme: inProcess ? 'virga-local' : secure ? 'https' : 'http', host, basePath }
}

const schemeNames: Readonly<Record<string, EndpointAuth['scheme']>> = {
  sigv4: 'sigv4',
  sigv2: 'sigv2',
  sigv4a: 'sigv4a',
  'sigv4-s3express': 'sigv4-s3express',
  bearer: 'bearer',
  none: 'none',
  'aws.auth#sigv4': 'sigv4',
  'aws.auth#sigv4a': 'sigv4a',
  'smithy.api#httpBearerAuth': 'bearer',
  'smithy.api#noAuth': 'none',
}

/** The endpoint's own first scheme that we know, else the operation's, else the service's; a preference of the user reorders them. */
function authOf(operation: Operation, ruled: readonly RuledAuth[], region: string, settings: Settings): EndpointAuth {
  const { metadata } = operation.service
  const modelled = map(operation.traits.auth ?? metadata.auth ?? [], (name): RuledAuth => ({ name }))
  const known = filter(ruled.length > 0 ? ruled : modelled, ({ name }) => name in schemeNames)
  const chosen = preferred(known, settings) ?? { name: metadata.signatureVersion === 'v2' ? 'sigv2' : 'sigv4' }
  const scheme = schemeNames[chosen.name]!
  return {
    scheme,
    signingName: chosen.signingName ?? metadata.signingName ?? metadata.endpointPrefix,
    signingRegion: chosen.signingRegion ?? (region === 'aws-global' ? 'us-east-1' : region),
    signingRegionSet: scheme === 'sigv4a' ? regionSet(chosen, settings) : undefined,
    disableDoubleEncoding: chosen.disableDoubleEncoding ?? operation.service.name === 's3',
  }
}

function preferred(known: readonly RuledAuth[], settings: Settings): RuledAuth | undefined {
  const preference = settings.key('auth_scheme_preference')
  if (typeof preference !== 'string') return known[0]
  const wanted = preference.split(',').map((name) => name.trim())
  for (const name of wanted) {
    const found = known.find((one) => schemeNames[one.name] === (name === 'httpBearerAuth' ? 'bearer' : name))
    if (found) return found
  }
  return known[0]
}

function regionSet(chosen: RuledAuth, settings: Settings): readonly string[] {
  const configured = settings.key('sigv4a_signing_region_set')
  if (typeof configured === 'string' && configured !== '') return configured.split(',').map((region) => region.trim())
  return chosen.signingRegionSet ?? ['*']
}
