// Which instance types are there, and what is each of them?

import { rows } from './instance-type-rows.ts'

export interface InstanceType {
  readonly name: string
  /**
   * Of this generation c, free tier f, metal m, burstable b; may hibernate h, recover by itself a, stand on dedicated hosts d;
   * offered as Spot s, in capacity blocks k; roots in instance stores i, paravirtual p, boots legacy BIOS l, UEFI u;
   * cluster placement g, enclaves e, TPM t, processor states y, AMD's SEV-SNP v; encrypts in transit x, ENA Express r,
   * bandwidth weightings w, IPv6 6.
   */
  readonly flags: string
  readonly vcpus: number
  readonly cores: number
  /** How many cores one may ask for, where one may choose. */
  readonly validCores?: readonly number[]
  readonly memory: number
  readonly architectures: readonly string[]
  readonly ghz?: number
  readonly manufacturer?: string
  readonly hypervisor?: string
  readonly network: string
  /** Network interfaces, and addresses of each. */
  readonly interfaces: number
  readonly addresses: number
  readonly cards: NetworkCards
  readonly elasticFabricAdapters?: number
  readonly ebsOptimized: Support
  readonly nvme: Support
  /** Mbit/s and IOPS: baseline, maximum. */
  readonly ebs?: readonly [bandwidth: number, iops: number, mostBandwidth: number, mostIops: number]
  readonly disks?: Disks
  readonly accelerators: readonly Accelerator[]
  readonly ena: Support
}

export type Support = 'default' | 'required' | 'supported' | 'unsupported'

export interface NetworkCards {
  readonly count: number
  readonly interfaces: number
  /** Gbit/s. */
  readonly baseline: number
  readonly peak: number
  readonly performance: string
}

export interface Disks {
  readonly count: number
  readonly size: number
  readonly type: string
  readonly encryption: Support
  readonly nvme: Support
}

export interface Accelerator {
  readonly kind: 'gpu' | 'inference' | 'media' | 'fpga' | 'neuron'
  readonly count: number
  readonly manufacturer: string
  readonly name: string
  readonly memory: number
  /** Of Neuron devices. */
  readonly cores?: { readonly count: number; readonly version: number }
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

const supports: Readonly<Record<string, Support>> = { d: 'default', r: 'required', s: 'supported', u: 'unsupported' }
const words = (text: string): string => text.replaceAll('_', ' ')

// m5d.large chdaslugetx6 2 1 1 8192 x86_64 3.1 Intel nitro Up_to_10_Gigabit 3 10 1x3@0.75/10 - d r 650/3600/4750/18750 1x75ssd/rr - r
function read(line: string): InstanceType {
  const [name, flags, vcpus, cores, validCores, memory, architectures, ghz, manufacturer, hypervisor, ...more] =
    line.split(' ') as string[]
  const [network, interfaces, addresses, cards, efa, optimized, nvme, ebs, disks, accelerators, ena] = more
  return {
    name: name!,
    flags: flags!,
    vcpus: Number(vcpus),
    cores: Number(cores),
    ...(validCores !== '-' && { validCores: numbers(validCores!) }),
    memory: Number(memory),
    architectures: architectures!.split('+'),
    ...(ghz !== '-' && { ghz: Number(ghz) }),
    ...(manufacturer !== '-' && { manufacturer: words(manufacturer!) }),
    ...(hypervisor !== '-' && { hypervisor: hypervisor! }),
    network: words(network!),
    interfaces: Number(interfaces),
    addresses: Number(addresses),
    cards: cardsIn(cards!, words(network!)),
    ...(efa !== '-' && { elasticFabricAdapters: Number(efa) }),
    ebsOptimized: supports[optimized!]!,
    nvme: supports[nvme!]!,
    ...(ebs !== '-' && { ebs: ebs!.split('/').map(Number) as unknown as NonNullable<InstanceType['ebs']> }),
    ...(disks !== '-' && { disks: disksIn(disks!) }),
    accelerators: accelerators === '-' ? [] : accelerators!.split(',').map(acceleratorIn),
    ena: supports[ena!]!,
  }
}

/** `1-4` → 1 2 3 4, `2,4-12/4` → 2 4 8 12 */
function numbers(text: string): number[] {
  return text.split(',').flatMap((part) => {
    const [, first, last = first, step = '1'] = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/.exec(part)!
    const count = Math.floor((Number(last) - Number(first)) / Number(step)) + 1
    return Array.from({ length: count }, (_, i) => Number(first) + i * Number(step))
  })
}

/** `2x8@50/50@50_Gigabit`: two cards of eight interfaces, 50 Gbit/s each, which is said of each card apart. */
function cardsIn(text: string, network: string): NetworkCards {
  const [shape, bandwidth, performance] = text.split('@') as [string, string, string?]
  const [count, interfaces] = shape.split('x').map(Number) as [number, number]
  const [baseline, peak] = bandwidth.split('/').map(Number) as [number, number]
  return { count, interfaces, baseline, peak, performance: performance === undefined ? network : words(performance) }
}

/** `2x1900ssd/rr` */
function disksIn(text: string): Disks {
  const [, count, size, type, encryption, nvme] = /^(\d+)x(\d+)(\w+)\/(.)(.)$/.exec(text)!
  return {
    count: Number(count),
    size: Number(size),
    type: type!,
    encryption: supports[encryption!]!,
    nvme: supports[nvme!]!,
  }
}

/** `gpu:4:NVIDIA:T4:16384`, `neuron:1:AWS:Inferentia:8192:4:1` */
function acceleratorIn(text: string): Accelerator {
  const [kind, count, manufacturer, name, memory, cores, version] = text.split(':')
  return {
    kind: kind as Accelerator['kind'],
    count: Number(count),
    manufacturer: words(manufacturer!),
    name: words(name!),
    memory: Number(memory),
    ...(cores !== undefined && { cores: { count: Number(cores), version: Number(version) } }),
  }
}
