// Which instance types have the attributes that somebody asks for? Of prices nothing is known here, so that types are not
// left out for being dear; whoever sets a limit of their own is told so.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirementsRequest.html

import { AwsError } from '../../../lib/errors.ts'
import { compilePattern, patternOf } from '../../../policy/wildcard.ts'
import { badCombination, invalidParameter, missingParameter } from './errors.ts'
import { instanceTypes, type InstanceType } from './instance-types.ts'

interface Range {
  Min?: number
  Max?: number
}

type Included = 'included' | 'required' | 'excluded'

export interface Requirements {
  VCpuCount?: Range
  MemoryMiB?: Range
  MemoryGiBPerVCpu?: Range
  CpuManufacturers?: string[]
  ExcludedInstanceTypes?: string[]
  AllowedInstanceTypes?: string[]
  InstanceGenerations?: string[]
  BareMetal?: Included
  BurstablePerformance?: Included
  LocalStorage?: Included
  LocalStorageTypes?: string[]
  TotalLocalStorageGB?: Range
  RequireHibernateSupport?: boolean
  RequireEncryptionInTransit?: boolean
  NetworkInterfaceCount?: Range
  NetworkBandwidthGbps?: Range
  BaselineEbsBandwidthMbps?: Range
  AcceleratorTypes?: string[]
  AcceleratorCount?: Range
  AcceleratorManufacturers?: string[]
  AcceleratorNames?: string[]
  AcceleratorTotalMemoryMiB?: Range
  [other: string]: unknown
}

const priced = [
  'SpotMaxPricePercentageOverLowestPrice',
  'OnDemandMaxPricePercentageOverLowestPrice',
  'MaxSpotPriceAsPercentageOfOptimalOnDemandPrice',
]
/** What turns the protection from high prices off. */
const unprotected = 999_999

function check(asked: Requirements): void {
  if (asked.VCpuCount?.Min === undefined) throw missingParameter('VCpuCount.Min')
  if (asked.MemoryMiB?.Min === undefined) throw missingParameter('MemoryMiB.Min')
  if (asked.ExcludedInstanceTypes?.length && asked.AllowedInstanceTypes?.length)
    throw badCombination('Only one of AllowedInstanceTypes and ExcludedInstanceTypes can be specified.')
  for (const [name, range] of Object.entries(asked) as [string, Range][])
    if (range?.Min !== undefined && range.Max !== undefined && range.Min > range.Max)
      throw invalidParameter(name, range.Min, 'The minimum is greater than the maximum.')
  const limited = priced.some((name) => asked[name] !== undefined && (asked[name] as number) < unprotected)
  if (limited || asked['BaselinePerformanceFactors'] !== undefined)
    throw new AwsError('NotImplemented', 'The local AWS knows no prices and no performance of instance types yet.', {
      status: 501,
    })
}

const within = (value: number, { Min = -Infinity, Max = Infinity }: Range = {}): boolean => value >= Min && value <= Max

const fits = (has: boolean, wanted: Included): boolean => wanted === 'included' || has === (wanted === 'required')

const oneOf = (value: string | undefined, wanted: readonly string[] | undefined): boolean =>
  !wanted?.length || (value !== undefined && wanted.includes(value))

const makers: Readonly<Record<string, string>> = {
  Intel: 'intel',
  AMD: 'amd',
  AWS: 'amazon-web-services',
  Apple: 'apple',
}

/** `c5*` is every family that begins so. */
function named(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => compilePattern(patternOf(pattern))(name))
}

/** The types that have all of it, for images of these architectures. Throws InvalidParameter… and NotImplemented. */
export function typesWith(
  asked: Requirements,
  architectures: readonly string[],
  virtualizations: readonly string[],
): InstanceType[] {
  check(asked)
  return [...instanceTypes().values()].filter(
    (type) =>
      type.architectures.some((each) => architectures.includes(each)) &&
      (virtualizations.includes('hvm') || (virtualizations.includes('paravirtual') && type.flags.includes('p'))) &&
      isAsAsked(type, asked) &&
      isAccelerated(type, asked),
  )
}

function isAsAsked(type: InstanceType, asked: Requirements): boolean {
  const { name, flags, vcpus, memory, disks } = type
  const is = (flag: string): boolean => flags.includes(flag)
  const generation = is('c') ? 'current' : 'previous'
  const inGigabytes = disks === undefined ? 0 : disks.count * disks.size
  return (
    within(vcpus, asked.VCpuCount) &&
    within(memory, asked.MemoryMiB) &&
    within(memory / 1024 / vcpus, asked.MemoryGiBPerVCpu) &&
    oneOf(makers[type.manufacturer ?? ''], asked.CpuManufacturers) &&
    oneOf(generation, asked.InstanceGenerations) &&
    (!asked.AllowedInstanceTypes?.length || named(name, asked.AllowedInstanceTypes)) &&
    !named(name, asked.ExcludedInstanceTypes ?? []) &&
    fits(is('m'), asked.BareMetal ?? 'excluded') &&
    fits(is('b'), asked.BurstablePerformance ?? 'excluded') &&
    fits(disks !== undefined, asked.LocalStorage ?? 'included') &&
    (disks === undefined || oneOf(disks.type, asked.LocalStorageTypes)) &&
    within(inGigabytes, asked.TotalLocalStorageGB) &&
    (!asked.RequireHibernateSupport || is('h')) &&
    (!asked.RequireEncryptionInTransit || is('x')) &&
    within(type.interfaces, asked.NetworkInterfaceCount) &&
    within(type.cards.count * type.cards.baseline, asked.NetworkBandwidthGbps) &&
    within(type.ebs?.[0] ?? 0, asked.BaselineEbsBandwidthMbps)
  )
}

/** `Radeon Pro V520` is asked for as `radeon-pro-v520`. */
const hyphened = (text: string): string => text.toLowerCase().replaceAll(' ', '-')

function isAccelerated({ accelerators }: InstanceType, asked: Requirements): boolean {
  const { AcceleratorTypes, AcceleratorManufacturers, AcceleratorNames } = asked
  // Neuron devices are told of a second time, as what they are for.
  const all = accelerators.filter(({ kind }) => kind !== 'neuron')
  const count = all.reduce((sum, each) => sum + each.count, 0)
  const megabytes = all.reduce((sum, each) => sum + each.count * each.memory, 0)
  const isNamed = all.some(
    ({ kind, manufacturer, name }) =>
      oneOf(kind, AcceleratorTypes) &&
      oneOf(manufacturer === 'AWS' ? 'amazon-web-services' : hyphened(manufacturer), AcceleratorManufacturers) &&
      oneOf(hyphened(name), AcceleratorNames),
  )
  const mustBe = [AcceleratorTypes, AcceleratorManufacturers, AcceleratorNames].some((each) => each?.length)
  return (
    (isNamed || !mustBe) && within(count, asked.AcceleratorCount) && within(megabytes, asked.AcceleratorTotalMemoryMiB)
  )
}
