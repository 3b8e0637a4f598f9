// Which partition is a region in? partitions.json as botocore carries it.

import { find } from '../../lib/iterate.ts'

export interface Partitions {
  readonly partitions: readonly {
    readonly id: string
    readonly regionRegex: string
    readonly regions: Readonly<Record<string, Partial<PartitionOutputs>>>
    readonly outputs: PartitionOutputs
  }[]
}

export interface PartitionOutputs {
  readonly name: string
  readonly dnsSuffix: string
  readonly dualStackDnsSuffix: string
  readonly supportsFIPS: boolean
  readonly supportsDualStack: boolean
  readonly implicitGlobalRegion: string
}

/** Somebody asks for a partition before the list is read. */
export class PartitionsUnread extends Error {}

/** By name, else by pattern, else `aws`. */
export function partitionOf(region: string, { partitions }: Partitions): PartitionOutputs | undefined {
  const partition =
    find(partitions, ({ regions }) => Object.hasOwn(regions, region)) ??
    find(partitions, ({ regionRegex }) => new RegExp(regionRegex).test(region)) ??
    find(partitions, ({ id }) => id === 'aws')
  if (partition === undefined) return undefined
  const own = Object.hasOwn(partition.regions, region) ? partition.regions[region] : undefined
  return { ...partition.outputs, ...own, name: partition.outputs.name ?? partition.id }
}
