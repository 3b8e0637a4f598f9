// Where does a request go, and how is it signed?

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import type { Headers } from '../../http/message.ts'
import type { Operation } from '../../model/model.ts'
import type { Settings } from '../settings.ts'

export interface Endpoint {
  scheme: 'https' | 'http' | 'virga-local'
  /** With its port, where that is not the scheme's own. */
  host: string
  /** What stands before the path of every request; '' or `/bucket`, encoded, without a slash at its end. */
  basePath: string
  headers: Headers
  auth: EndpointAuth
}

export interface EndpointAuth {
  scheme: 'sigv4' | 'sigv4a' | 'sigv4-s3express' | 'bearer' | 'none'
  signingName: string
  signingRegion: string
  signingRegionSet?: readonly string[]
  disableDoubleEncoding?: boolean
}

/** Throws Failure('NoRegion' | 'Endpoint' | 'InvalidConfig'). */
export async function resolveEndpoint(operation: Operation, input: Structure, settings: Settings): Promise<Endpoint> {
  const { metadata } = operation.service
  const region = settings.region ?? (await settings.lastRegion?.())
  if (region === undefined) throw new Failure('NoRegion', 'You must specify a region.')
  const prefix = metadata.endpointPrefix
  const auth: EndpointAuth = {
    scheme: 'sigv4',
    signingName: metadata.signingName ?? prefix,
    signingRegion: metadata.globalEndpoint ? 'us-east-1' : region,
    disableDoubleEncoding: operation.service.name === 's3',
  }
  const url = settings.endpointUrl(operation.service.name, metadata.serviceId)
  const custom = url !== undefined && !url.startsWith('virga-local:')
  const place = custom
    ? placeOf(url)
    : {
        scheme: url === undefined ? ('https' as const) : ('virga-local' as const),
        host: metadata.globalEndpoint ?? `${prefix}.${region}.amazonaws.com`,
        basePath: '',
      }
  if (operation.service.name === 's3' && typeof input['Bucket'] === 'string') {
    if (custom) place.basePath += `/${input['Bucket']}`
    else place.host = `${input['Bucket']}.${place.host}`
  }
  return { ...place, headers: {}, auth }
}

/** `https://example.com:8443/base/` taken apart. Throws Failure('InvalidConfig'). */
export function placeOf(url: string): Pick<Endpoint, 'scheme' | 'host' | 'basePath'> {
  const parts = /^(https?):\/\/([^/?#]+)([^?#]*)/.exec(url)
  if (!parts) throw new Failure('InvalidConfig', `Invalid endpoint: ${url}`)
  const scheme = parts[1] as 'http' | 'https'
  const host = parts[2]!.replace(scheme === 'https' ? /:443$/ : /:80$/, '')
  return { scheme, host, basePath: parts[3]!.replace(/\/+$/, '') }
}
