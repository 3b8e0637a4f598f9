// What does a service's ruleset get to know? Built-in settings, the service's own settings, what the operation fixes,
// and members of the input.

import { Failure } from '../../lib/errors.ts'
import type { Structure, Value } from '../../lib/value.ts'
import { find } from '../../lib/iterate.ts'
import type { EndpointRuleset, Operation } from '../../model/model.ts'
import type { Settings } from '../settings.ts'
import { parseArn } from './functions.ts'
import type { Parameter, Parameters } from './ruleset.ts'

/** The call that an endpoint is wanted for. */
export interface Asked {
  readonly operation: Operation
  readonly input: Structure
  readonly settings: Settings
  readonly region: string | undefined
  /** An endpoint that somebody configured; undefined means AWS's own. */
  readonly endpointUrl: string | undefined
}

export async function parametersFor(ruleset: EndpointRuleset, asked: Asked): Promise<Parameters> {
  const { operation, input } = asked
  const parameters: Record<string, Parameter | undefined> = {}
  for (const [name, { builtIn = settable[name] }] of Object.entries(ruleset.parameters)) {
    const fixed = operation.traits.staticContextParams?.[name]
    const path = operation.traits.operationContextParams?.[name]?.path
    parameters[name] =
      (fixed?.value as Parameter | undefined) ??
      parameter(contextMember(operation, input, name)) ??
      (path === undefined ? undefined : await fromPath(path, input)) ??
      (builtIn === undefined ? undefined : await builtInValue(builtIn, asked))
  }
  return parameters
}

/** Parameters that are no built-ins, but a client's own settings. */
const settable: Readonly<Record<string, string>> = {
  DisableS3ExpressSessionAuth: 'AWS::S3::DisableS3ExpressSessionAuth',
}

async function fromPath(path: string, input: Structure): Promise<Parameter | undefined> {
  const { search } = await import('../../lib/jmespath/jmespath.ts')
  return parameter(search(path, input))
}

function contextMember(operation: Operation, input: Structure, parameterName: string): Value | undefined {
  const member = find(operation.input?.shape.members ?? [], ({ traits }) => traits.contextParam?.name === parameterName)
  return member && input[member.name]
}

function parameter(value: Value | undefined): Parameter | undefined {
  return typeof value === 'string' || typeof value === 'boolean' || Array.isArray(value)
    ? (value as Parameter)
    : undefined
}

async function builtInValue(builtIn: string, asked: Asked): Promise<Parameter | undefined> {
  const { operation, input, settings, region, endpointUrl } = asked
  const isSet = (name: string): boolean | undefined => {
    const value = settings.key(name)
    return typeof value === 'string' ? value.toLowerCase() === 'true' : undefined
  }
  // An endpoint that somebody named is used as it is.
  const own = endpointUrl === undefined
  switch (builtIn) {
    case 'AWS::Region':
      return region
    case 'AWS::UseFIPS':
      return own && settings.useFips
    case 'AWS::UseDualStack':
      return (
        own &&
        (settings.useDualstack ||
          (operation.service.name.startsWith('s3') && isSet('s3.use_dualstack_endpoint') === true))
      )
    case 'SDK::Endpoint':
      return endpointUrl
    case 'AWS::S3::UseGlobalEndpoint':
    case 'AWS::STS::UseGlobalEndpoint':
      return false // always regional in the reference
    case 'AWS::S3::Accelerate':
      return isSet('s3.use_accelerate_endpoint') ?? false
    case 'AWS::S3::ForcePathStyle':
      return pathStyle(operation, input, settings, own)
    case 'AWS::S3::UseArnRegion':
      return isSet('s3_use_arn_region') ?? isSet('s3.use_arn_region') ?? true
    case 'AWS::S3Control::UseArnRegion':
      return isSet('s3_use_arn_region') ?? isSet('s3.use_arn_region') ?? false
    case 'AWS::S3::DisableMultiRegionAccessPoints':
      return isSet('s3.s3_disable_multiregion_access_points') ?? false
    case 'AWS::S3::DisableS3ExpressSessionAuth':
      return isSet('s3_disable_express_session_auth') ?? false
    case 'AWS::Auth::AccountIdEndpointMode':
      return settings.anonymous
        ? 'disabled'
        : ((settings.key('account_id_endpoint_mode') as string | undefined) ?? 'preferred')
    case 'AWS::Auth::AccountId':
      return accountId(operation, settings)
    default:
      return undefined
  }
}

/** The bucket stands in the path where somebody wished it, and at an endpoint that may not answer to other names. */
function pathStyle(operation: Operation, input: Structure, settings: Settings, own: boolean): boolean {
  const style = settings.key('s3.addressing_style')
  if (style !== undefined && !['auto', 'virtual', 'path', ''].includes(String(style))) {
    const valid = "'auto', 'virtual', and 'path'"
    throw new Failure('InvalidConfig', `S3 addressing style ${String(style)} is invalid. Valid options are: ${valid}`)
  }
  if (operation.name === 'GetBucketLocation') return true
  const bucket = input['Bucket']
  if (typeof bucket === 'string' && parseArn(bucket)) return false // an ARN cannot stand in a path
  return style === 'path' || (!own && style !== 'virtual')
}

async function accountId(operation: Operation, settings: Settings): Promise<string | undefined> {
  if (settings.anonymous || settings.key('account_id_endpoint_mode') === 'disabled') return undefined
  return (await settings.credentials(operation))?.accountId
}
