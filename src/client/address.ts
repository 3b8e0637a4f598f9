// How do a message and an endpoint become a request?

import type { Structure } from '../lib/value.ts'
import type { HttpRequest } from '../http/message.ts'
import type { Operation } from '../model/model.ts'
import type { RequestMessage } from '../wire/protocol.ts'
import type { Endpoint } from './endpoint/resolve.ts'
import type { Settings } from './settings.ts'
import { invalid } from './validate.ts'

/** Throws Failure('ParamValidation') where a member that goes into the host name cannot. */
export function addressed(
  operation: Operation,
  input: Structure,
  message: RequestMessage,
  endpoint: Endpoint,
  settings: Settings,
): HttpRequest {
  // An address with a path of its own is not made longer by the root.
  const path = message.path === '/' ? endpoint.basePath : endpoint.basePath + message.path
  return {
    method: message.method,
    scheme: endpoint.scheme,
    host: hostPrefix(operation, input, settings) + endpoint.host,
    path: path === '' ? '/' : path,
    query: message.query,
    headers: { ...message.headers, ...versionHeader(operation), ...endpoint.headers, 'user-agent': settings.userAgent },
    body: message.body,
  }
}

/** Operations that tell a service's endpoints are asked with its version. */
function versionHeader({ traits, service }: Operation): Record<string, string> {
  return traits.endpointoperation ? { 'x-amz-api-version': service.metadata.apiVersion } : {}
}

/** `{AccountId}.` → `123456789012.`: https://smithy.io/2.0/spec/endpoint-traits.html */
function hostPrefix(operation: Operation, input: Structure, settings: Settings): string {
  const prefix = operation.traits.endpoint?.hostPrefix
  // Where the ruleset asks for the account id itself, it also puts it into the host.
  if (prefix === '{AccountId}.' && operation.traits.staticContextParams?.['RequiresAccountId']?.value === true)
    return ''
  if (prefix === undefined || String(settings.key('disable_host_prefix_injection')).toLowerCase() === 'true') return ''
  const bad: string[] = []
  const expanded = prefix.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(input[name] ?? '')
    if (!/^[A-Za-z0-9.-]+$/.test(value)) bad.push(name)
    return value
  })
  if (bad.length > 0) {
    throw invalid(
      `Invalid value for parameter(s): ${bad.join(', ')}. Must contain only alphanumeric characters, hyphen, or period.`,
    )
  }
  return expanded
}
