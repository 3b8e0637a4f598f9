// Which images does everybody find? A small catalogue of what AWS and others publish, the same in every region but for
// the ids; and by which names Systems Manager knows the newest of each.

import type { Image } from './records.ts'
import { fixedDigits } from './zones.ts'

interface Published {
  /** The id, where one is known everywhere: in AWS's examples and in test suites. */
  readonly id?: string
  readonly name: string
  readonly description: string
  readonly owner: keyof typeof owners
  readonly architecture: 'x86_64' | 'arm64'
  readonly root: '/dev/xvda' | '/dev/sda1'
  readonly size: number
  readonly type: 'gp2' | 'gp3'
  readonly windows?: true
  readonly details?: string
  readonly usage?: string
  readonly imdsV2?: true
  readonly virtualization?: 'paravirtual'
  readonly parameter?: string
  readonly created: string
}

const owners = {
  amazon: { id: '137112412989', alias: 'amazon' },
  windows: { id: '801119661308', alias: 'amazon' },
  ecs: { id: '591542846629', alias: 'amazon' },
  eks: { id: '602401143452', alias: 'amazon' },
  canonical: { id: '099720109477', alias: undefined },
  debian: { id: '136693071363', alias: undefined },
  redhat: { id: '309956199498', alias: undefined },
  suse: { id: '013907871322', alias: undefined },
} as const

const linuxPair = (make: (architecture: 'x86_64' | 'arm64', other: 'amd64' | 'arm64') => Published): Published[] => [
  make('x86_64', 'amd64'),
  make('arm64', 'arm64'),
]

function published(): Published[] {
  const latest = '/aws/service/ami-amazon-linux-latest'
  const ubuntu = (code: string, version: string, storage: 'hvm-ssd' | 'hvm-ssd-gp3', date: string): Published[] =>
    linuxPair((architecture, other) => ({
      name: `ubuntu/images/${storage}/ubuntu-${code}-${version}-${other}-server-${date}`,
      description: `Canonical, Ubuntu, ${version}, ${other} ${code} image`,
      owner: 'canonical',
      architecture,
      root: '/dev/sda1',
      size: 8,
      type: storage === 'hvm-ssd' ? 'gp2' : 'gp3',
      parameter: `/aws/service/canonical/ubuntu/server/${version}/stable/current/${other}/hvm/ebs-${storage === 'hvm-ssd' ? 'gp2' : 'gp3'}/ami-id`,
      created: dated(date),
    }))
  const debian = (release: string, build: string): Published[] =>
    linuxPair((architecture, other) => ({
      name: `debian-${release}-${other}-${build}`,
      description: `Debian ${release} (${build})`,
      owner: 'debian',
      architecture,
      root: '/dev/xvda',
      size: 8,
      type: 'gp3',
      parameter: `/aws/service/debian/release/${release}/latest/${other}`,
      created: dated(build),
    }))
  const windows = (edition: string): Published => ({
    name: `Windows_Server-${edition}-2025.11.12`,
    description: `Microsoft Windows Server ${edition.replaceAll('-', ' ')} AMI provided by Amazon`,
    owner: 'windows',
    architecture: 'x86_64',
    root: '/dev/sda1',
    size: 30,
    type: 'gp2',
    windows: true,
    parameter: `/aws/service/ami-windows-latest/Windows_Server-${edition}`,
    created: '2025-11-12T08:00:00.000Z',
  })
  const known = (id: string, name: string, more: Partial<Published> = {}): Published => ({
    id,
    name,
    description: name,
    owner: 'amazon',
    architecture: 'x86_64',
    root: '/dev/xvda',
    size: 8,
    type: 'gp2',
    created: '2017-11-20T22:00:00.000Z',
    ...more,
  })
  const oldWindows = { owner: 'windows', windows: true, root: '/dev/sda1', size: 30 } as const
  return [
    ...['6.1', '6.12'].flatMap((kernel) =>
      linuxPair((architecture) => ({
        name: `al2023-ami-2023.9.20251117.1-kernel-${kernel}-${architecture}`,
        description: `Amazon Linux 2023 AMI 2023.9.20251117.1 ${architecture} HVM kernel-${kernel}`,
        owner: 'amazon',
        architecture,
        root: '/dev/xvda',
        size: 8,
        type: 'gp3',
        imdsV2: true,
        parameter: `${latest}/al2023-ami-kernel-${kernel === '6.1' ? 'default' : kernel}-${architecture}`,
        created: '2025-11-18T02:00:00.000Z',
      })),
    ),
    ...linuxPair((architecture) => ({
      name: `al2023-ami-minimal-2023.9.20251117.1-kernel-6.1-${architecture}`,
      description: `Amazon Linux 2023 AMI 2023.9.20251117.1 ${architecture} Minimal HVM kernel-6.1`,
      owner: 'amazon',
      architecture,
      root: '/dev/xvda',
      size: 2,
      type: 'gp3',
      imdsV2: true,
      parameter: `${latest}/al2023-ami-minimal-kernel-default-${architecture}`,
      created: '2025-11-18T02:00:00.000Z',
    })),
    ...linuxPair((architecture) => ({
      name: `amzn2-ami-kernel-5.10-hvm-2.0.20251110.1-${architecture}-gp2`,
      description: `Amazon Linux 2 Kernel 5.10 AMI 2.0.20251110.1 ${architecture} HVM gp2`,
      owner: 'amazon',
      architecture,
      root: '/dev/xvda',
      size: 8,
      type: 'gp2',
      parameter: `${latest}/amzn2-ami-kernel-5.10-hvm-${architecture}-gp2`,
      created: '2025-11-11T20:00:00.000Z',
    })),
    ...linuxPair((architecture) => ({
      name: `amzn2-ami-hvm-2.0.20251110.1-${architecture}-gp2`,
      description: `Amazon Linux 2 AMI 2.0.20251110.1 ${architecture} HVM gp2`,
      owner: 'amazon',
      architecture,
      root: '/dev/xvda',
      size: 8,
      type: 'gp2',
      parameter: `${latest}/amzn2-ami-hvm-${architecture}-gp2`,
      created: '2025-11-11T20:00:00.000Z',
    })),
    ...linuxPair((architecture) => ({
      name: `al2023-ami-ecs-hvm-2023.0.20251108-kernel-6.1-${architecture}`,
      description: `Amazon Linux AMI 2023.0.20251108 ${architecture} ECS HVM EBS`,
      owner: 'ecs',
      architecture,
      root: '/dev/xvda',
      size: 30,
      type: 'gp3',
      imdsV2: true,
      parameter: `/aws/service/ecs/optimized-ami/amazon-linux-2023/${architecture === 'arm64' ? 'arm64/' : ''}recommended/image_id`,
      created: '2025-11-08T20:00:00.000Z',
    })),
    ...linuxPair((architecture) => ({
      name: `amazon-eks-node-al2023-${architecture}-standard-1.33-v20251112`,
      description: `EKS-optimized Kubernetes node based on Amazon Linux 2023 (k8s: 1.33, ${architecture})`,
      owner: 'eks',
      architecture,
      root: '/dev/xvda',
      size: 20,
      type: 'gp3',
      imdsV2: true,
      parameter: `/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/${architecture}/standard/recommended/image_id`,
      created: '2025-11-13T20:00:00.000Z',
    })),
    ...ubuntu('noble', '24.04', 'hvm-ssd-gp3', '20251022'),
    ...ubuntu('jammy', '22.04', 'hvm-ssd', '20251015'),
    ...ubuntu('focal', '20.04', 'hvm-ssd', '20250529'),
    ...debian('13', '20251117-2299'),
    ...debian('12', '20251112-2294'),
    ...linuxPair((architecture) => ({
      name: `RHEL-10.1.0_HVM-20251031-${architecture}-0-Hourly2-GP3`,
      description: 'Provided by Red Hat, Inc.',
      owner: 'redhat',
      architecture,
      root: '/dev/sda1',
      size: 10,
      type: 'gp3',
      details: 'Red Hat Enterprise Linux',
      usage: 'RunInstances:0010',
      created: '2025-11-04T16:00:00.000Z',
    })),
    windows('2025-English-Full-Base'),
    windows('2022-English-Full-Base'),
    windows('2022-English-Core-Base'),
    windows('2019-English-Full-Base'),
    windows('2016-English-Full-Base'),
    // What examples and test suites name by id.
    known('ami-0abcdef1234567890', 'amzn2-ami-hvm-2.0.20180924-x86_64-gp2'),
    known('ami-12345678', 'amzn-ami-hvm-2014.09.2.x86_64-ebs'),
    known('ami-0c55b159cbfafe1f0', 'amzn2-ami-hvm-2.0.20190115-x86_64-gp2'),
    known('ami-0c02fb55956c7d316', 'amzn2-ami-kernel-5.10-hvm-2.0.20220316.0-x86_64-gp2'),
    known('ami-04681a1dbd79675a5', 'amzn2-ami-hvm-2.0.20180810-x86_64-gp2'),
    known('ami-760aaa0f', 'amzn-ami-hvm-2017.09.1.20171103-x86_64-gp2'),
    known('ami-03cf127a', 'Windows_Server-2016-English-Nano-Base-2017.10.13', oldWindows),
    known('ami-12c6146b', 'Windows_Server-2008-R2_SP1-English-64Bit-Base-2017.10.13', oldWindows),
    known('ami-f4cf1d8d', 'Windows_Server-2012-R2_RTM-English-64Bit-SQL_2016_SP1_Standard-2017.10.13', oldWindows),
    known('ami-1e749f67', 'ubuntu/images/hvm-ssd/ubuntu-trusty-14.04-amd64-server-20170727', {
      owner: 'canonical',
      root: '/dev/sda1',
    }),
    known('ami-785db401', 'ubuntu/images/hvm-ssd/ubuntu-xenial-16.04-amd64-server-20170721', {
      owner: 'canonical',
      root: '/dev/sda1',
    }),
    known('ami-bb9a6bc2', 'RHEL-7.4_HVM_GA-20170808-x86_64-2-Hourly2-GP2', { owner: 'redhat', root: '/dev/sda1' }),
    known('ami-fa7cdd89', 'suse-sles-11-sp4-v20151207-pv-ssd-x86_64', {
      owner: 'suse',
      root: '/dev/sda1',
      virtualization: 'paravirtual',
    }),
  ]
}

/** `20251112-2294` → `2025-11-12T08:00:00.000Z` */
function dated(digits: string): string {
  return `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6, 8)}T08:00:00.000Z`
}

const made = new Map<string, readonly Image[]>()

/** The public images of a region. */
export function catalogue(region: string): readonly Image[] {
  if (!made.has(region))
    made.set(
      region,
      published().map((each, i) => imageOf(each, region, i + 1)),
    )
  return made.get(region)!
}

function imageOf(from: Published, region: string, order: number): Image {
  const owner = owners[from.owner]
  return {
    order,
    ImageId: from.id ?? `ami-${fixedDigits('image', region, from.name)}`,
    Name: from.name,
    Description: from.description,
    OwnerId: owner.id,
    ...(owner.alias !== undefined && { ImageOwnerAlias: owner.alias }),
    ImageLocation: `${owner.alias ?? owner.id}/${from.name}`,
    ImageType: 'machine',
    State: 'available',
    Public: true,
    CreationDate: from.created,
    Architecture: from.architecture,
    ...(from.windows && { Platform: 'windows' }),
    PlatformDetails: from.details ?? (from.windows ? 'Windows' : 'Linux/UNIX'),
    UsageOperation: from.usage ?? (from.windows ? 'RunInstances:0002' : 'RunInstances'),
    RootDeviceName: from.root,
    RootDeviceType: 'ebs',
    VirtualizationType: from.virtualization ?? 'hvm',
    Hypervisor: 'xen',
    EnaSupport: from.virtualization === undefined,
    SriovNetSupport: 'simple',
    ...(from.architecture === 'arm64' ? { BootMode: 'uefi' } : from.imdsV2 ? { BootMode: 'uefi-preferred' } : {}),
    ...(from.imdsV2 && { ImdsSupport: 'v2.0' }),
    BlockDeviceMappings: [
      {
        DeviceName: from.root,
        Ebs: {
          DeleteOnTermination: true,
          SnapshotId: `snap-${fixedDigits('snapshot', region, from.name)}`,
          VolumeSize: from.size,
          VolumeType: from.type,
          ...(from.type === 'gp3' && { Iops: 3000, Throughput: 125 }),
          Encrypted: false,
        },
      },
    ],
    shared: ['all'],
    Tags: [],
  }
}

/** The id of the image that a public parameter of Systems Manager names. */
export function imageByParameter(region: string, parameter: string): string | undefined {
  const at = published().findIndex((each) => each.parameter === parameter)
  return at < 0 ? undefined : catalogue(region)[at]!.ImageId
}
