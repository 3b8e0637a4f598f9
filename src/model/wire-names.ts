// Which services may a request be for? What it says of itself is the name it is signed for, the prefix of a target or the
// version of a form; several services may share one of them.

import type { Service } from './model.ts'

/** The block of models.bin that holds them for all services. */
export const WIRE_NAMES = '.names'

/** `{monitoring: ['cloudwatch'], DynamoDB_20120810: ['dynamodb'], '2011-06-15': ['sts']}` */
export type WireNames = Readonly<Record<string, readonly string[]>>

export type Named = Pick<Service, 'name' | 'metadata' | 'protocol'>

export function wireNamesOf(services: Iterable<Named>): WireNames {
  const index = new Map<string, string[]>()
  for (const { name, metadata, protocol } of services) {
    const { signingName, endpointPrefix, targetPrefix, apiVersion } = metadata
    const version = protocol === 'query' || protocol === 'ec2' ? apiVersion : undefined
    for (const key of new Set([signingName ?? endpointPrefix, targetPrefix, version]))
      if (key !== undefined) index.set(key, [...(index.get(key) ?? []), name])
  }
  return Object.fromEntries(index)
}
