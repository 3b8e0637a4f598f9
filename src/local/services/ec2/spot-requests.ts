// A Spot request that is fulfilled at once: what stands beside every Spot Instance.

import { moment } from './ids.ts'
import type { Instance, Tag } from './records.ts'
import type { SpotRequest } from './side-records.ts'
import type { Ec2 } from './state.ts'

interface Asked {
  readonly specification: Record<string, unknown>
  readonly price?: string
  readonly type?: string
  readonly interruption?: string
  readonly from?: Date
  readonly until?: Date
  readonly tags: Tag[]
}

/** The request for an instance that was launched; each knows the other's id from now on. */
export function spotRequestFor(state: Ec2, instance: Instance, asked: Asked): SpotRequest {
  const UpdateTime = moment(state.now)
  const Status = { Code: 'fulfilled', Message: 'Your spot request is fulfilled.', UpdateTime }
  const request = state.spotRequests.add({
    CreateTime: moment(state.now),
    InstanceId: instance.InstanceId,
    LaunchSpecification: {
      ...asked.specification,
      ImageId: instance.ImageId,
      InstanceType: instance.InstanceType,
      SecurityGroups: instance.SecurityGroups,
    },
    LaunchedAvailabilityZone: instance.Placement.AvailabilityZone,
    ProductDescription: instance.Platform === 'windows' ? 'Windows' : 'Linux/UNIX',
    ...(asked.price !== undefined && { SpotPrice: priceShown(asked.price) }),
    State: 'open',
    Status: {
      Code: 'pending-fulfillment',
      Message: 'Your Spot request has been submitted for review, and is pending fulfillment.',
      UpdateTime,
    },
    later: [{ at: state.after(2), change: { State: 'active', Status } }],
    Type: asked.type ?? 'one-time',
    InstanceInterruptionBehavior: asked.interruption ?? 'terminate',
    ...(asked.from && { ValidFrom: moment(new Date(asked.from).getTime()) }),
    ...(asked.until && { ValidUntil: moment(new Date(asked.until).getTime()) }),
    Tags: asked.tags,
  })
  state.instances.update(instance, { SpotInstanceRequestId: request.SpotInstanceRequestId })
  return request
}

/** `0.5` → `0.500000` */
function priceShown(price: string): string {
  return Number(price).toFixed(6)
}
