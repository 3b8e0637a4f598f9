// How is an instance type answered?

import type { Accelerator, InstanceType } from './instance-types.ts'

export function typeShown(type: InstanceType) {
  const { name, flags, vcpus, cores, validCores, ebs, disks, cards, elasticFabricAdapters } = type
  const is = (flag: string): boolean => flags.includes(flag)
  const supported = (flag: string): string => (is(flag) ? 'supported' : 'unsupported')
  const these = (named: Record<string, boolean>): string[] => Object.keys(named).filter((each) => named[each])
  const threads = vcpus / cores
  return {
    InstanceType: name,
    CurrentGeneration: is('c'),
    FreeTierEligible: is('f'),
    SupportedUsageClasses: these({ 'on-demand': true, spot: is('s'), 'capacity-block': is('k') }),
    SupportedRootDeviceTypes: these({ ebs: true, 'instance-store': is('i') }),
    SupportedVirtualizationTypes: these({ hvm: true, paravirtual: is('p') }),
    BareMetal: is('m'),
    ...(type.hypervisor !== undefined && { Hypervisor: type.hypervisor }),
    ProcessorInfo: {
      SupportedArchitectures: type.architectures,
      ...(type.ghz !== undefined && { SustainedClockSpeedInGhz: type.ghz }),
      ...(is('v') && { SupportedFeatures: ['amd-sev-snp'] }),
      ...(type.manufacturer !== undefined && { Manufacturer: type.manufacturer }),
    },
    VCpuInfo: {
      DefaultVCpus: vcpus,
      DefaultCores: cores,
      DefaultThreadsPerCore: threads,
      ...(validCores && {
        ValidCores: validCores,
        ValidThreadsPerCore: Array.from({ length: threads }, (_, i) => i + 1),
      }),
    },
    MemoryInfo: { SizeInMiB: type.memory },
    InstanceStorageSupported: disks !== undefined,
    ...(disks && {
      InstanceStorageInfo: {
        TotalSizeInGB: disks.count * disks.size,
        Disks: [{ SizeInGB: disks.size, Count: disks.count, Type: disks.type }],
        NvmeSupport: disks.nvme,
        EncryptionSupport: disks.encryption,
      },
    }),
    EbsInfo: {
      EbsOptimizedSupport: type.ebsOptimized,
      EncryptionSupport: 'supported',
      ...(ebs && {
        EbsOptimizedInfo: {
          BaselineBandwidthInMbps: Math.floor(ebs[0]),
          BaselineThroughputInMBps: ebs[0] / 8,
          BaselineIops: ebs[1],
          MaximumBandwidthInMbps: Math.floor(ebs[2]),
          MaximumThroughputInMBps: ebs[2] / 8,
          MaximumIops: ebs[3],
        },
      }),
      NvmeSupport: type.nvme,
    },
    NetworkInfo: {
      NetworkPerformance: type.network,
      MaximumNetworkInterfaces: type.interfaces,
      MaximumNetworkCards: cards.count,
      DefaultNetworkCardIndex: 0,
      NetworkCards: Array.from({ length: cards.count }, (_, NetworkCardIndex) => ({
        NetworkCardIndex,
        NetworkPerformance: cards.performance,
        MaximumNetworkInterfaces: cards.interfaces,
        BaselineBandwidthInGbps: cards.baseline,
        PeakBandwidthInGbps: cards.peak,
      })),
      Ipv4AddressesPerInterface: type.addresses,
      Ipv6AddressesPerInterface: is('6') ? type.addresses : 0,
      Ipv6Supported: is('6'),
      EnaSupport: type.ena,
      EfaSupported: elasticFabricAdapters !== undefined,
      ...(elasticFabricAdapters !== undefined && { EfaInfo: { MaximumEfaInterfaces: elasticFabricAdapters } }),
      EncryptionInTransitSupported: is('x'),
      EnaSrdSupported: is('r'),
      ...(is('w') && { BandwidthWeightings: ['default', 'ebs-1', 'vpc-1'] }),
    },
    ...Object.assign({}, ...type.accelerators.map(acceleratorShown)),
    PlacementGroupInfo: { SupportedStrategies: these({ cluster: is('g'), partition: true, spread: true }) },
    HibernationSupported: is('h'),
    BurstablePerformanceSupported: is('b'),
    DedicatedHostsSupported: is('d'),
    AutoRecoverySupported: is('a'),
    SupportedBootModes: these({ 'legacy-bios': is('l'), uefi: is('u') }),
    NitroEnclavesSupport: supported('e'),
    NitroTpmSupport: supported('t'),
    ...(is('t') && { NitroTpmInfo: { SupportedVersions: ['2.0'] } }),
    PhcSupport: supported('y'),
  }
}

function acceleratorShown({ kind, count, manufacturer, name, memory, cores }: Accelerator): object {
  const MemoryInfo = { SizeInMiB: memory }
  const total = count * memory
  const made = [{ Name: name, Manufacturer: manufacturer, Count: count, MemoryInfo }]
  switch (kind) {
    case 'gpu':
      return { GpuInfo: { Gpus: made, TotalGpuMemoryInMiB: total } }
    case 'inference':
      return { InferenceAcceleratorInfo: { Accelerators: made, TotalInferenceMemoryInMiB: total } }
    case 'media':
      return { MediaAcceleratorInfo: { Accelerators: made, TotalMediaMemoryInMiB: total } }
    case 'fpga':
      return { FpgaInfo: { Fpgas: made, TotalFpgaMemoryInMiB: total } }
    case 'neuron': {
      const CoreInfo = { Count: cores!.count, Version: cores!.version }
      return {
        NeuronInfo: {
          NeuronDevices: [{ Count: count, Name: name, CoreInfo, MemoryInfo }],
          TotalNeuronDeviceMemoryInMiB: total,
        },
      }
    }
  }
}
