// How is an instance type answered?

import type { InstanceType } from './instance-types.ts'

export function typeShown(type: InstanceType) {
  const { name, flags, vcpus, cores, memory, architectures, ebs, disks, gpu } = type
  const is = (flag: string): boolean => flags.includes(flag)
  const threads = Math.max(1, Math.floor(vcpus / cores))
  const isArm = architectures.includes('arm64')
  const old = type.hypervisor === 'xen'
  return {
    InstanceType: name,
    CurrentGeneration: is('c'),
    FreeTierEligible: is('f'),
    SupportedUsageClasses: ['on-demand', 'spot'],
    SupportedRootDeviceTypes: disks && old ? ['ebs', 'instance-store'] : ['ebs'],
    SupportedVirtualizationTypes: old && !is('c') ? ['hvm', 'paravirtual'] : ['hvm'],
    BareMetal: is('m'),
    ...(type.hypervisor !== undefined && { Hypervisor: type.hypervisor }),
    ProcessorInfo: {
      SupportedArchitectures: architectures,
      ...(type.ghz !== undefined && { SustainedClockSpeedInGhz: type.ghz }),
      ...(type.manufacturer !== undefined && { Manufacturer: type.manufacturer }),
    },
    VCpuInfo: {
      DefaultVCpus: vcpus,
      DefaultCores: cores,
      DefaultThreadsPerCore: threads,
      ValidCores: [cores],
      ValidThreadsPerCore: threads === 1 ? [1] : [1, threads],
    },
    MemoryInfo: { SizeInMiB: memory },
    InstanceStorageSupported: disks !== undefined,
    ...(disks && {
      InstanceStorageInfo: {
        TotalSizeInGB: disks.count * disks.size,
        Disks: [{ SizeInGB: disks.size, Count: disks.count, Type: disks.type }],
        NvmeSupport: type.nvme === 'required' ? 'required' : 'unsupported',
        EncryptionSupport: type.nvme === 'required' ? 'required' : 'unsupported',
      },
    }),
    EbsInfo: {
      EbsOptimizedSupport: type.ebsOptimized,
      EncryptionSupport: 'supported',
      ...(ebs && {
        EbsOptimizedInfo: {
          BaselineBandwidthInMbps: ebs[0],
          BaselineThroughputInMBps: ebs[0] / 8,
          BaselineIops: ebs[1],
          MaximumBandwidthInMbps: ebs[2],
          MaximumThroughputInMBps: ebs[2] / 8,
          MaximumIops: ebs[3],
        },
      }),
      NvmeSupport: type.nvme,
    },
    NetworkInfo: {
      NetworkPerformance: type.network,
      MaximumNetworkInterfaces: type.interfaces,
      MaximumNetworkCards: 1,
      DefaultNetworkCardIndex: 0,
      NetworkCards: [
        { NetworkCardIndex: 0, NetworkPerformance: type.network, MaximumNetworkInterfaces: type.interfaces },
      ],
      Ipv4AddressesPerInterface: type.addresses,
      Ipv6AddressesPerInterface: type.addresses,
      Ipv6Supported: true,
      EnaSupport: type.ena,
      EfaSupported: false,
      EncryptionInTransitSupported: false,
      EnaSrdSupported: false,
    },
    ...(gpu && {
      GpuInfo: {
        Gpus: [
          { Name: gpu.name, Manufacturer: gpu.manufacturer, Count: gpu.count, MemoryInfo: { SizeInMiB: gpu.memory } },
        ],
        TotalGpuMemoryInMiB: gpu.count * gpu.memory,
      },
    }),
    PlacementGroupInfo: {
      SupportedStrategies: is('b') ? ['partition', 'spread'] : ['cluster', 'partition', 'spread'],
    },
    HibernationSupported: is('h'),
    BurstablePerformanceSupported: is('b'),
    DedicatedHostsSupported: is('d'),
    AutoRecoverySupported: is('a'),
    SupportedBootModes: isArm ? ['uefi'] : old ? ['legacy-bios'] : ['legacy-bios', 'uefi'],
    NitroEnclavesSupport: 'unsupported',
    NitroTpmSupport: 'unsupported',
  }
}
