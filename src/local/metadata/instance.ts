// Which instance is it that asks? One that does not run, but has all that a running one could tell of itself: ids made
// from the role's name, so that they are the same each time.

import { hash } from '../../lib/hash.ts'
import { toHex } from '../../lib/bytes.ts'

export interface Instance {
  readonly id: string
  readonly account: string
  readonly region: string
  readonly zone: string
  readonly type: string
  readonly image: string
  readonly reservation: string
  readonly privateIp: string
  readonly mac: string
  readonly network: {
    readonly interface: string
    readonly vpc: string
    readonly subnet: string
    readonly group: string
  }
  /** The instance profile, and the role in it. */
  readonly profile: { readonly arn: string; readonly id: string }
  readonly role: string
  /** Milliseconds. */
  readonly launched: number
  readonly userData?: Uint8Array
  readonly tags: Readonly<Record<string, string>>
}

export interface InstanceFacts extends Pick<
  Instance,
  'account' | 'region' | 'profile' | 'role' | 'launched' | 'userData'
> {
  readonly tags?: Instance['tags']
}

export function instanceOf(facts: InstanceFacts): Instance {
  const id = (kind: string, length = 17): string =>
    toHex(hash('sha256', `${facts.account} ${facts.role} ${kind}`)).slice(0, length)
  const [a, b] = hash('sha256', `${facts.role} address`)
  return {
    tags: {},
    ...facts,
    id: `i-${id('instance')}`,
    zone: `${facts.region}a`,
    type: 't3.micro',
    image: `ami-${id('image')}`,
    reservation: `r-${id('reservation')}`,
    privateIp: `172.31.${a}.${Math.max(4, b!)}`,
    mac: `02:${id('mac', 10).replace(/..(?=.)/g, '$&:')}`,
    network: {
      interface: `eni-${id('interface')}`,
      vpc: `vpc-${id('vpc')}`,
      subnet: `subnet-${id('subnet')}`,
      group: `sg-${id('group')}`,
    },
  }
}
