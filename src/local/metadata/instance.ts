// Which instance is it that asks? What a running one can tell of itself; and one that does not run, whose ids are made
// from its role's name, so that they are the same each time. Those of EC2's own instances are in launched.ts.

import { hash } from '../../lib/hash.ts'
import { toHex } from '../../lib/bytes.ts'

export interface NetworkInterface {
  readonly id: string
  readonly mac: string
  readonly device: number
  readonly owner: string
  readonly vpc: string
  readonly vpcBlocks: readonly string[]
  readonly subnet: string
  readonly subnetBlock: string
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  /** The primary one first. */
  readonly privateIps: readonly string[]
  readonly ipv6s: readonly string[]
  readonly publicIp?: string
  readonly publicName?: string
}

export interface Instance {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly zone: string
  /** `use1-az1` */
  readonly zoneId: string
  readonly type: string
  readonly architecture: string
  readonly image: string
  readonly reservation: string
  readonly launchIndex: number
  readonly lifecycle: 'on-demand' | 'spot'
  /** The primary one first. */
  readonly interfaces: readonly NetworkInterface[]
  /** Device names: the root's first. */
  readonly devices: readonly string[]
  /** `ssh-rsa AAAA… name` */
  readonly publicKey?: { readonly name: string; readonly body: string }
  /** The instance profile. */
  readonly profile?: { readonly arn: string; readonly id: string }
  /** The role in it. */
  readonly role?: string
  /** Milliseconds. */
  readonly launched: number
  readonly userData?: Uint8Array
  /** Only where they may be told. */
  readonly tags?: Readonly<Record<string, string>>
}

export interface InstanceFacts extends Pick<Instance, 'account' | 'region' | 'launched' | 'userData'> {
  readonly profile: NonNullable<Instance['profile']>
  readonly role: string
}

export function instanceOf(facts: InstanceFacts): Instance {
  const id = (kind: string, length = 17): string =>
    toHex(hash('sha256', `${facts.account} ${facts.role} ${kind}`)).slice(0, length)
  const [a, b] = hash('sha256', `${facts.role} address`)
  return {
    ...facts,
    id: `i-${id('instance')}`,
    zone: `${facts.region}a`,
    zoneId: firstZoneId(facts.region),
    type: 't3.micro',
    architecture: 'x86_64',
    image: `ami-${id('image')}`,
    reservation: `r-${id('reservation')}`,
    launchIndex: 0,
    lifecycle: 'on-demand',
    devices: ['/dev/xvda'],
    interfaces: [
      {
        id: `eni-${id('interface')}`,
        mac: `02:${id('mac', 10).replace(/..(?=.)/g, '$&:')}`,
        device: 0,
        owner: facts.account,
        vpc: `vpc-${id('vpc')}`,
        vpcBlocks: ['172.31.0.0/16'],
        subnet: `subnet-${id('subnet')}`,
        subnetBlock: '172.31.0.0/20',
        groups: [{ id: `sg-${id('group')}`, name: 'default' }],
        privateIps: [`172.31.${a}.${Math.max(4, b!)}`],
        ipv6s: [],
      },
    ],
  }
}

/** `eu-west-1` → `euw1-az1` */
function firstZoneId(region: string): string {
  const [place, direction, number] = region.split('-')
  const initials = direction?.replace(
    /^(north|south)?(east|west|central)?$/,
    (_, a = '', b = '') => a.slice(0, 1) + b.slice(0, 1),
  )
  return `${place}${initials}${number}-az1`
}
