// How much of a quota is used? Known of what stands in the namespace `iam`; of other services nobody tells here.

import { Identities } from '../accounts/identities.ts'
import type { Rows } from '../store/store.ts'

export interface Usage {
  readonly service: string
  readonly code: string
  readonly used: number
}

export function usageIn(rows: Rows, account: string): readonly Usage[] {
  const { users, groups, roles, profiles, policies, certificates, oidcProviders } = new Identities(rows, account)
  const counts: Readonly<Record<string, number>> = {
    'L-F55AF5E4': users.all().length,
    'L-F4A5425F': groups.all().length,
    'L-FE177D64': roles.all().length,
    'L-6E65F664': profiles.all().length,
    'L-E95E4862': policies.all().length,
    'L-BF35879D': certificates.all().length,
    'L-858F3967': oidcProviders.all().length,
  }
  return Object.entries(counts).map(([code, used]) => ({ service: 'iam', code, used }))
}
