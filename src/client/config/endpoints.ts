// Which endpoint did somebody configure for a service? Undefined means AWS's own.
// https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html

import { Failure } from '../../lib/errors.ts'
import { requireProfile } from './configuration.ts'
import type { Configuration } from './configuration.ts'

export interface ConfiguredEndpoint {
  readonly url: string
  /** `AWS_ENDPOINT_URL_S3`, `services section "x"`, `profile`: what `explain endpoint` says. */
  readonly from: string
}

/** By the reference's precedence; an option outranks all of this. Throws Failure('InvalidConfig'). */
export function configuredEndpoint(configuration: Configuration, serviceId: string): ConfiguredEndpoint | undefined {
  if (configuration.boolean('ignore_configured_endpoint_urls')) return undefined
  const { env } = configuration
  const key = serviceId.toLowerCase().replaceAll(' ', '_').replaceAll('-', '_')

  const variable = `AWS_ENDPOINT_URL_${key.toUpperCase()}`
  if (env[variable]) return { url: env[variable], from: variable }
  if (env['AWS_ENDPOINT_URL']) return { url: env['AWS_ENDPOINT_URL'], from: 'AWS_ENDPOINT_URL' }

  const section = requireProfile(configuration)
  const name = section['services']
  if (typeof name === 'string') {
    const services = configuration.files.services.get(name)
    if (!services || Object.keys(services).length === 0) {
      throw new Failure(
        'InvalidConfig',
        `The profile is configured to use the services section but the "${name}" services configuration does not exist.`,
      )
    }
    const block = services[key]
    const url = typeof block === 'object' ? block['endpoint_url'] : undefined
    if (url) return { url, from: `services ${name}` }
  }
  const url = section['endpoint_url']
  return typeof url === 'string' && url !== '' ? { url, from: `profile ${configuration.profile}` } : undefined
}
