// Which instance types are there, and what is each of them?

import { rows } from './instance-type-rows.ts'

export interface InstanceType {
  readonly name: string
  /** current, free tier, metal, burstable, hibernation, dedicated hosts, auto recovery: `cfmbhda`. */
  readonly flags: string
  readonly vcpus: number
  readonly cores: number
  readonly memory: number
  readonly architectures: readonly string[]
  readonly ghz?: number
  readonly manufacturer?: string
  readonly hypervisor?: string
  readonly network: string
  /** Network interfaces, and addresses of each. */
  readonly interfaces: number
  readonly addresses: number
  readonly ebsOptimized: 'default' | 'supported' | 'unsupported'
  readonly nvme: 'required' | 'supported' | 'unsupported'
  /** Mbit/s and IOPS: baseline, maximum. */
  readonly ebs?: readonly [bandwidth: number, iops: number, mostBandwidth: number, mostIops: number]
  readonly disks?: { readonly count: number; readonly size: number; readonly type: string }
  readonly gpu?: {
    readonly count: number
    readonly manufacturer: string
    readonly name: string
    readonly memory: number
  }
  readonly ena: 'required' | 'supported' | 'unsupported'
}

let all: Map<string, InstanceType> | undefined

export function instanceTypes(): ReadonlyMap<string, InstanceType> {
  return (all ??= new Map(
    rows
      .trim()
      .split('\n')
      .map((line) => {
        const type = read(line)
        return [type.name, type]
      }),
  ))
}

export function typeNamed(name: string): InstanceType | undefined {
  return instanceTypes().get(name)
}

const supports = { r: 'required', s: 'supported', u: 'unsupported' } as const

// m5d.large chd 2 1 8192 x86_64 3.1 Intel nitro Up_to_10_Gigabit 3 10 d r 650/3600/4750/18750 1x75ssd - r
function read(line: string): InstanceType {
  const [name, flags, vcpus, cores, memory, architectures, ghz, manufacturer, hypervisor, network, ...rest] =
    line.split(' ') as string[]
  const [interfaces, addresses, optimized, nvme, ebs, disks, gpu, ena] = rest
  const [, diskCount, diskSize, diskType] = /^(\d+)x(\d+)(\w+)$/.exec(disks!) ?? []
  const [, gpuCount, maker, model, gpuMemory] = /^(\d+)x([^:]+):([^:]+):(\d+)$/.exec(gpu!) ?? []
  return {
    name: name!,
    flags: flags!,
    vcpus: Number(vcpus),
    cores: Number(cores),
    memory: Number(memory),
    architectures: architectures!.split('+'),
    ...(ghz !== '-' && { ghz: Number(ghz) }),
    ...(manufacturer !== '-' && { manufacturer: manufacturer!.replaceAll('_', ' ') }),
    ...(hypervisor !== '-' && { hypervisor: hypervisor! }),
    network: network!.replaceAll('_', ' '),
    interfaces: Number(interfaces),
    addresses: Number(addresses),
    ebsOptimized: optimized === 'd' ? 'default' : optimized === 's' ? 'supported' : 'unsupported',
    nvme: supports[nvme as keyof typeof supports],
    ...(ebs !== '-' && { ebs: ebs!.split('/').map(Number) as unknown as NonNullable<InstanceType['ebs']> }),
    ...(diskCount !== undefined && {
      disks: { count: Number(diskCount), size: Number(diskSize), type: diskType! },
    }),
    ...(gpuCount !== undefined && {
      gpu: {
        count: Number(gpuCount),
        manufacturer: maker!.replaceAll('_', ' '),
        name: model!.replaceAll('_', ' '),
        memory: Number(gpuMemory),
      },
    }),
    ena: supports[ena as keyof typeof supports],
  }
}
