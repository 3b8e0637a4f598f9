// May the account run so many vCPUs? They are counted over what runs, for each class of instance types.
// https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-instance-quotas.html

import { limitExceeded } from './errors.ts'
import { typeNamed, type InstanceType } from './instance-types.ts'
import type { Ec2Context } from './state.ts'

/** The quota that an instance type counts against; undefined for classes of which an account has none. */
function quotaOf(type: string, spot: boolean): string | undefined {
  const family = /^[a-z]+/.exec(type)![0]
  if (/^([acdhimrtz]|im|is)$/.test(family)) return spot ? 'L-34B43A08' : 'L-1216C47A'
  if (spot) return undefined
  if (/^(g|gr|vt)$/.test(family)) return 'L-DB2E81BA'
  if (family === 'p') return 'L-417A185B'
  return family === 'x' ? 'L-7295265B' : undefined
}

/** Throws where `count` more of the type would be too many. */
export function checkVcpus({ state, quota }: Ec2Context, type: InstanceType, count: number, spot: boolean): void {
  const code = quotaOf(type.name, spot)
  const most = code === undefined ? 0 : quota('ec2', code)
  const running = state.instances
    .all()
    .filter(({ State }) => State.Name === 'pending' || State.Name === 'running')
    .filter((each) => quotaOf(each.InstanceType, each['InstanceLifecycle'] === 'spot') === code)
    .reduce((sum, each) => sum + (typeNamed(each.InstanceType)?.vcpus ?? 0), 0)
  if (running + type.vcpus * count <= most) return
  throw spot
    ? limitExceeded('MaxSpotInstanceCountExceeded', 'Max spot instance count exceeded')
    : limitExceeded(
        'VcpuLimitExceeded',
        `You have requested more vCPU capacity than your current vCPU limit of ${most} allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.`,
      )
}
