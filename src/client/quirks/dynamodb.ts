// DynamoDB says of every answer what its CRC32 is; one that does not fit was damaged on its way, and is asked for again.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html

import { Failure } from '../../lib/errors.ts'
import type { Quirks } from './index.ts'

export const dynamodb: Quirks = {
  async endpoint(endpoint, exchange) {
    // Unset, nothing is discovered, and nothing need be loaded.
    if (exchange.settings.key('endpoint_discovery_enabled') === undefined) return endpoint
    const { endpointDiscovery } = await import('./endpoint-discovery.ts')
    return endpointDiscovery.endpoint(endpoint, exchange)
  },

  async secondTry(error, exchange) {
    const { endpointDiscovery } = await import('./endpoint-discovery.ts')
    return endpointDiscovery.secondTry(error, exchange)
  },

  async response(response) {
    const expected = response.headers['x-amz-crc32']
    // A compressed body was summed up as it came.
    if (expected === undefined || !(response.body instanceof Uint8Array) || response.headers['content-encoding'])
      return response
    const { checksum } = await import('../../lib/checksum.ts')
    const digest = checksum('crc32').update(response.body).digest()
    const actual = new DataView(digest.buffer, digest.byteOffset).getUint32(0)
    if (actual === Number(expected)) return response
    throw new Failure(
      'Connection',
      `The response was damaged on its way: its CRC32 is ${actual}, and should be ${expected}`,
    )
  },
}
