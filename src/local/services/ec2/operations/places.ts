// What EC2 offers, and where: regions, zones, instance types, and what the account is.

import { AwsError } from '../../../../lib/errors.ts'
import { defaultVpc } from '../defaults.ts'
import { checkAlone, listed } from '../describe.ts'
import { invalidValue, missingParameter, oneOf } from '../errors.ts'
import { passing } from '../filters.ts'
import { instanceTypes } from '../instance-types.ts'
import { typeShown } from '../type-shown.ts'
import { typesWith } from '../requirements.ts'
import type { Ec2Handler } from '../state.ts'
import { regions, zonesOf } from '../zones.ts'

export const describeRegions: Ec2Handler = (input, { state }) => {
  const names: string[] = input.RegionNames ?? []
  const all = regions().map(({ name, optIn }) => ({
    RegionName: name,
    Endpoint: `ec2.${name}.amazonaws.com`,
    OptInStatus: optIn ? 'not-opted-in' : 'opt-in-not-required',
  }))
  for (const name of names)
    if (!all.some((each) => each.RegionName === name)) throw invalidValue(`Invalid region provided: [${name}]`)
  const passes = passing(input.Filters, {
    endpoint: 'Endpoint',
    'opt-in-status': 'OptInStatus',
    'region-name': 'RegionName',
  })
  return {
    Regions: all
      .filter((each) => names.length === 0 || names.includes(each.RegionName))
      // Where one has not opted in is told of only when it is asked for.
      .filter(
        (each) =>
          names.length > 0 ||
          input.AllRegions === true ||
          each.OptInStatus !== 'not-opted-in' ||
          each.RegionName === state.region,
      )
      .filter(passes),
  }
}

export const describeAvailabilityZones: Ec2Handler = (input, { state }) => {
  const { region } = state
  const names: string[] = input.ZoneNames ?? []
  const ids: string[] = input.ZoneIds ?? []
  const all = zonesOf(region).map(({ name, id }) => ({
    OptInStatus: 'opt-in-not-required',
    Messages: [],
    RegionName: region,
    ZoneName: name,
    ZoneId: id,
    GroupName: `${region}-zg-1`,
    NetworkBorderGroup: region,
    ZoneType: 'availability-zone',
    State: 'available',
  }))
  for (const name of names)
    if (!all.some((each) => each.ZoneName === name)) throw invalidValue(`Invalid availability zone: [${name}]`)
  for (const id of ids)
    if (!all.some((each) => each.ZoneId === id)) throw invalidValue(`Invalid availability zone-id: [${id}]`)
  const passes = passing(input.Filters, {
    'group-name': 'GroupName',
    'group-long-name': 'GroupLongName',
    message: 'Messages.Message',
    'opt-in-status': 'OptInStatus',
    'parent-zone-id': 'ParentZoneId',
    'parent-zone-name': 'ParentZoneName',
    'region-name': 'RegionName',
    state: 'State',
    'zone-id': 'ZoneId',
    'zone-name': 'ZoneName',
    'zone-type': 'ZoneType',
  })
  return {
    AvailabilityZones: all
      .filter((each) => names.length === 0 || names.includes(each.ZoneName))
      .filter((each) => ids.length === 0 || ids.includes(each.ZoneId))
      .filter(passes),
  }
}

export const describeAccountAttributes: Ec2Handler = (input, context) => {
  const { state, quota } = context
  const values: Record<string, string> = {
    'vpc-max-security-groups-per-interface': '5',
    'max-instances': '20',
    'supported-platforms': 'VPC',
    'default-vpc': defaultVpc(state)?.VpcId ?? 'none',
    'max-elastic-ips': String(quota('ec2', 'L-0263D0A3')),
    'vpc-max-elastic-ips': String(quota('ec2', 'L-0263D0A3')),
  }
  const names: string[] = input.AttributeNames ?? []
  for (const name of names)
    if (!(name in values)) throw invalidValue(`Value (${name}) for parameter attributeName is invalid.`)
  return {
    AccountAttributes: Object.entries(values)
      .filter(([name]) => names.length === 0 || names.includes(name))
      .map(([AttributeName, value]) => ({ AttributeName, AttributeValues: [{ AttributeValue: value }] })),
  }
}

// --- instance types --------------------------------------------------------------------------------------------------

const typeFilters = {
  'auto-recovery-supported': 'AutoRecoverySupported',
  'bare-metal': 'BareMetal',
  'burstable-performance-supported': 'BurstablePerformanceSupported',
  'current-generation': 'CurrentGeneration',
  'dedicated-hosts-supported': 'DedicatedHostsSupported',
  'ebs-info.ebs-optimized-info.baseline-bandwidth-in-mbps': 'EbsInfo.EbsOptimizedInfo.BaselineBandwidthInMbps',
  'ebs-info.ebs-optimized-info.baseline-iops': 'EbsInfo.EbsOptimizedInfo.BaselineIops',
  'ebs-info.ebs-optimized-info.baseline-throughput-in-mbps': 'EbsInfo.EbsOptimizedInfo.BaselineThroughputInMBps',
  'ebs-info.ebs-optimized-info.maximum-bandwidth-in-mbps': 'EbsInfo.EbsOptimizedInfo.MaximumBandwidthInMbps',
  'ebs-info.ebs-optimized-info.maximum-iops': 'EbsInfo.EbsOptimizedInfo.MaximumIops',
  'ebs-info.ebs-optimized-info.maximum-throughput-in-mbps': 'EbsInfo.EbsOptimizedInfo.MaximumThroughputInMBps',
  'ebs-info.ebs-optimized-support': 'EbsInfo.EbsOptimizedSupport',
  'ebs-info.encryption-support': 'EbsInfo.EncryptionSupport',
  'ebs-info.nvme-support': 'EbsInfo.NvmeSupport',
  'free-tier-eligible': 'FreeTierEligible',
  'hibernation-supported': 'HibernationSupported',
  hypervisor: 'Hypervisor',
  'instance-storage-info.disk.count': 'InstanceStorageInfo.Disks.Count',
  'instance-storage-info.disk.size-in-gb': 'InstanceStorageInfo.Disks.SizeInGB',
  'instance-storage-info.disk.type': 'InstanceStorageInfo.Disks.Type',
  'instance-storage-info.encryption-support': 'InstanceStorageInfo.EncryptionSupport',
  'instance-storage-info.nvme-support': 'InstanceStorageInfo.NvmeSupport',
  'instance-storage-info.total-size-in-gb': 'InstanceStorageInfo.TotalSizeInGB',
  'instance-storage-supported': 'InstanceStorageSupported',
  'instance-type': 'InstanceType',
  'memory-info.size-in-mib': 'MemoryInfo.SizeInMiB',
  'network-info.bandwidth-weightings': 'NetworkInfo.BandwidthWeightings',
  'network-info.efa-info.maximum-efa-interfaces': 'NetworkInfo.EfaInfo.MaximumEfaInterfaces',
  'network-info.efa-supported': 'NetworkInfo.EfaSupported',
  'network-info.ena-support': 'NetworkInfo.EnaSupport',
  'network-info.ipv4-addresses-per-interface': 'NetworkInfo.Ipv4AddressesPerInterface',
  'network-info.ipv6-addresses-per-interface': 'NetworkInfo.Ipv6AddressesPerInterface',
  'network-info.ipv6-supported': 'NetworkInfo.Ipv6Supported',
  'network-info.maximum-network-cards': 'NetworkInfo.MaximumNetworkCards',
  'network-info.maximum-network-interfaces': 'NetworkInfo.MaximumNetworkInterfaces',
  'network-info.network-performance': 'NetworkInfo.NetworkPerformance',
  'processor-info.manufacturer': 'ProcessorInfo.Manufacturer',
  'nitro-enclaves-support': 'NitroEnclavesSupport',
  'nitro-tpm-info.supported-versions': 'NitroTpmInfo.SupportedVersions',
  'nitro-tpm-support': 'NitroTpmSupport',
  'processor-info.supported-features': 'ProcessorInfo.SupportedFeatures',
  'processor-info.supported-architecture': 'ProcessorInfo.SupportedArchitectures',
  'processor-info.sustained-clock-speed-in-ghz': 'ProcessorInfo.SustainedClockSpeedInGhz',
  'supported-boot-mode': 'SupportedBootModes',
  'supported-root-device-type': 'SupportedRootDeviceTypes',
  'supported-usage-class': 'SupportedUsageClasses',
  'supported-virtualization-type': 'SupportedVirtualizationTypes',
  'vcpu-info.default-cores': 'VCpuInfo.DefaultCores',
  'vcpu-info.default-threads-per-core': 'VCpuInfo.DefaultThreadsPerCore',
  'vcpu-info.default-vcpus': 'VCpuInfo.DefaultVCpus',
  'vcpu-info.valid-cores': 'VCpuInfo.ValidCores',
  'vcpu-info.valid-threads-per-core': 'VCpuInfo.ValidThreadsPerCore',
}

export const describeInstanceTypes: Ec2Handler = (input) => {
  const names: string[] = input.InstanceTypes ?? []
  if (names.length > 0) checkAlone(input, [5, 100], 'InstanceTypes')
  const known = instanceTypes()
  const missing = names.filter((name) => !known.has(name))
  if (missing.length > 0)
    throw new AwsError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${missing.join(', ')}]`,
    )
  const found = [...known.values()].filter(({ name }) => names.length === 0 || names.includes(name)).map(typeShown)
  return listed(found, { MaxResults: 100, ...input }, { list: 'InstanceTypes', filters: typeFilters, pages: [5, 100] })
}

export const describeInstanceTypeOfferings: Ec2Handler = (input, { state }) => {
  const LocationType =
    oneOf('locationType', input.LocationType, ['region', 'availability-zone', 'availability-zone-id', 'outpost']) ??
    'region'
  const zones = zonesOf(state.region)
  const locations =
    LocationType === 'region'
      ? [state.region]
      : zones.map(({ name, id }) => (LocationType === 'availability-zone' ? name : id))
  const filters = { 'instance-type': 'InstanceType', location: 'Location' }
  const offered = [...instanceTypes().keys()].flatMap((InstanceType) =>
    locations.map((Location) => ({ InstanceType, LocationType, Location })),
  )
  return listed(offered, { MaxResults: 1000, ...input }, { list: 'InstanceTypeOfferings', filters, pages: [5, 1000] })
}

/** Those that have attributes, not names. */
export const getInstanceTypesFromInstanceRequirements: Ec2Handler = (input) => {
  if (!input.ArchitectureTypes?.length) throw missingParameter('ArchitectureTypes')
  if (!input.VirtualizationTypes?.length) throw missingParameter('VirtualizationTypes')
  const found = typesWith(input.InstanceRequirements ?? {}, input.ArchitectureTypes, input.VirtualizationTypes)
    .map(({ name }) => name)
    .sort()
    .map((InstanceType) => ({ InstanceType }))
  return listed(found, { MaxResults: 1000, ...input }, { list: 'InstanceTypes', pages: [1, 1000] })
}

// --- the serial console, which nothing is behind, can be switched all the same ----------------------------------------

export const getSerialConsoleAccessStatus: Ec2Handler = (_, { state }) => ({
  SerialConsoleAccessEnabled: state.settings().serialConsole ?? false,
  ManagedBy: 'account',
})

export const enableSerialConsoleAccess: Ec2Handler = (_, { state }) => {
  state.changeSettings({ serialConsole: true })
  return { SerialConsoleAccessEnabled: true }
}

export const disableSerialConsoleAccess: Ec2Handler = (_, { state }) => {
  state.changeSettings({ serialConsole: false })
  return { SerialConsoleAccessEnabled: false }
}
