// A ruleset refuses in its own words. Some of them AWS CLI tells in others, which scripts and people know.

import { Failure } from '../../lib/errors.ts'
import type { Structure } from '../../lib/value.ts'
import { invalid } from '../validate.ts'

/** The failure to be told for a ruleset's `message`. */
export function refusal(service: string, input: Structure, message: string): Failure {
  const told = (text: string): Failure => new Failure('Endpoint', text)
  const starts = (...beginnings: string[]): boolean => beginnings.some((beginning) => message.startsWith(beginning))
  if (starts('Invalid region in ARN: ')) {
    return told(
      `Invalid host label to be bound to the hostname of the endpoint: "${message.split('`')[1] ?? message}".`,
    )
  }
  if (service === 's3') {
    if (
      message === 'S3 Object Lambda does not support S3 Accelerate' ||
      message === 'Accelerate cannot be used with FIPS'
    ) {
      return told(`Unsupported configuration when using S3: ${message}`)
    }
    const points = [
      'S3 Outposts does not support',
      'S3 MRAP does not support',
      'S3 Object Lambda does not support',
      'Access Points do not support',
      'Invalid configuration:',
      'Client was configured for partition',
    ]
    if (starts(...points)) return told(`Unsupported configuration when using S3 access-points: ${message}`)
    if (message.toLowerCase().startsWith('invalid arn:')) return invalid(message)
  }
  if (service === 's3control') {
    if (starts('Invalid ARN:'))
      return told(`S3 ARN "${String(input['Bucket'])}" provided is invalid for this operation. ${message}`)
    if (starts('Invalid configuration:', 'Client was configured for partition')) {
      return told(`Unsupported configuration when using S3 Control: ${message}`)
    }
    if (message === 'AccountId is required but not set') return invalid(message)
  }
  const eventBridge = [
    'Invalid Configuration: FIPS is not supported with EventBridge multi-region endpoints.',
    'EndpointId must be a valid host label.',
  ]
  if (service === 'events' && starts(...eventBridge)) return told(`Invalid endpoint configuration: ${message}`)
  return told(message)
}
