// May a VPC, or a subnet, be reached from the internet? As the region's setting says, unless it is excluded.

import type { Ec2 } from './state.ts'

/** For `vpc-…` and `subnet-…`: what blocks the first of them. An exclusion of a VPC holds for its subnets. */
export function internetBlockFor(state: Ec2): (...ids: readonly string[]) => string {
  const mode = state.settings().internetBlock?.mode ?? 'off'
  if (mode === 'off') return () => mode
  const excluded = new Set(
    state.accessExclusions
      .all()
      .filter(({ State }) => !State.startsWith('delete'))
      .map(({ ResourceArn }) => ResourceArn.slice(ResourceArn.lastIndexOf('/') + 1)),
  )
  return (...ids) => (ids.some((id) => excluded.has(id)) ? 'off' : mode)
}
