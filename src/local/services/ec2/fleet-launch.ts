// How does a fleet get its instances? From offers: a template, or a specification, with what is put over it, each of them
// counting for so much capacity. There is room for all, and no price: what asks for the cheapest gets the smallest.

import { AwsError } from '../../../lib/errors.ts'
import type { FleetInstance } from './capacity-records.ts'
import { terminate } from './instance-states.ts'
import { typeNamed } from './instance-types.ts'
import { launch } from './launch.ts'
import type { Tag } from './records.ts'
import { spotRequestFor } from './spot-requests.ts'
import type { Ec2, Ec2Context } from './state.ts'
import { withTemplate } from './templates.ts'

type Input = Record<string, any>

export interface Offer {
  /** What RunInstances would be given. */
  readonly input: Input
  readonly weight: number
  readonly priority: number
  /** How answers name it. */
  readonly named?: object
}

export interface FleetError {
  readonly LaunchTemplateAndOverrides?: object
  readonly Lifecycle: string
  readonly ErrorCode: string
  readonly ErrorMessage: string
}

/** Each template with each of its overrides. */
export function offersOf(configs: readonly Input[]): Offer[] {
  return configs.flatMap(({ LaunchTemplateSpecification, Overrides = [] }) =>
    (Overrides.length > 0 ? (Overrides as Input[]) : [{}]).map((override) => {
      const { InstanceType, SubnetId, AvailabilityZone, ImageId, Placement, BlockDeviceMappings } = override
      const place = {
        ...Placement,
        ...(AvailabilityZone !== undefined && SubnetId === undefined && { AvailabilityZone }),
      }
      return {
        input: {
          LaunchTemplate: LaunchTemplateSpecification,
          ...(InstanceType !== undefined && { InstanceType }),
          ...(SubnetId !== undefined && { SubnetId }),
          ...(ImageId !== undefined && { ImageId }),
          ...(BlockDeviceMappings && { BlockDeviceMappings }),
          ...(Object.keys(place).length > 0 && { Placement: place }),
        },
        weight: override['WeightedCapacity'] ?? 1,
        priority: override['Priority'] ?? Infinity,
        named: { LaunchTemplateSpecification, ...(Overrides.length > 0 && { Overrides: override }) },
      }
    }),
  )
}

export interface Wanted {
  readonly offers: readonly Offer[]
  readonly lifecycle: 'spot' | 'on-demand'
  /** In the offers' weights. */
  readonly capacity: number
  /** `diversified`, `prioritized`, `lowest-price` …, in either spelling. */
  readonly strategy: string
  readonly tags: readonly Tag[]
  readonly price?: string
}

/** So many instances that their weights reach the capacity; offers that fail are told of, and others take their part. */
export function fill(context: Ec2Context, wanted: Wanted): { instances: FleetInstance[]; errors: FleetError[] } {
  const instances: FleetInstance[] = []
  const errors: FleetError[] = []
  let offers = ordered(context.state, wanted)
  let missing = wanted.capacity
  while (missing > 0 && offers.length > 0) {
    const counts = shares(offers, missing, /diversified/i.test(wanted.strategy))
    const failed = new Set<Offer>()
    for (const [offer, count] of counts) {
      const before = new Set(context.state.instances.all().map(({ InstanceId }) => InstanceId))
      try {
        const made = launched(context, offer, count, wanted)
        instances.push(...made)
        missing -= made.reduce((sum, { weight }) => sum + weight, 0)
      } catch (refused) {
        if (!(refused instanceof AwsError)) throw refused
        // What was begun when it failed ends.
        for (const each of context.state.instances.all())
          if (!before.has(each.InstanceId)) terminate(context.state, each)
        failed.add(offer)
        errors.push({
          ...(offer.named && { LaunchTemplateAndOverrides: offer.named }),
          Lifecycle: wanted.lifecycle,
          ErrorCode: refused.code,
          ErrorMessage: refused.message,
        })
      }
    }
    offers = offers.filter((offer) => !failed.has(offer))
  }
  return { instances, errors }
}

function ordered(state: Ec2, { offers, strategy }: Wanted): Offer[] {
  if (/diversified/i.test(strategy)) return [...offers]
  if (/prioritized/i.test(strategy)) return offers.toSorted((a, b) => a.priority - b.priority)
  const size = ({ input }: Offer): number => {
    const type = typeNamed(typeOf(state, input))
    return type ? type.vcpus * 1e9 + type.memory : Infinity
  }
  return offers.toSorted((a, b) => size(a) - size(b))
}

function typeOf(state: Ec2, input: Input): string {
  try {
    return withTemplate(input, state)['InstanceType'] ?? 'm1.small'
  } catch {
    // A template that is not there: launching will tell.
    return ''
  }
}

/** The first offer alone, or each in its turn. */
function shares(offers: readonly Offer[], capacity: number, each: boolean): Map<Offer, number> {
  const counts = new Map<Offer, number>()
  for (let at = 0, left = capacity; left > 0; at++) {
    const offer = offers[each ? at % offers.length : 0]!
    counts.set(offer, (counts.get(offer) ?? 0) + 1)
    left -= offer.weight
  }
  return counts
}

function launched(context: Ec2Context, offer: Offer, count: number, wanted: Wanted): FleetInstance[] {
  const { state } = context
  const { lifecycle, tags, price } = wanted
  const input = withTemplate(offer.input, state)
  const isSpot = lifecycle === 'spot'
  const { InstanceMarketOptions: _, ...rest } = input
  const made = launch(
    {
      ...rest,
      MinCount: count,
      MaxCount: count,
      templateTags: [...(input['templateTags'] ?? []), ...tags],
      ...(isSpot && { InstanceMarketOptions: { MarketType: 'spot' } }),
    },
    context,
  )
  return made.map((instance) => {
    if (isSpot) spotRequestFor(state, instance, { specification: {}, tags: [], ...(price !== undefined && { price }) })
    return {
      InstanceId: instance.InstanceId,
      Lifecycle: lifecycle,
      InstanceType: instance.InstanceType,
      weight: offer.weight,
      ...(offer.named && { LaunchTemplateAndOverrides: offer.named }),
    }
  })
}

/** Those that have not ended. */
export function activeOf(state: Ec2, instances: readonly FleetInstance[]): FleetInstance[] {
  return instances.filter(({ InstanceId }) => {
    const name = state.instances.get(InstanceId)?.State.Name
    return name !== undefined && name !== 'shutting-down' && name !== 'terminated'
  })
}

export function capacityOf(instances: readonly FleetInstance[], lifecycle?: string): number {
  return instances
    .filter((each) => lifecycle === undefined || each.Lifecycle === lifecycle)
    .reduce((sum, { weight }) => sum + weight, 0)
}

export function instancesShown(state: Ec2, instances: readonly FleetInstance[]): object[] {
  return activeOf(state, instances).map(({ InstanceId, InstanceType }) => {
    const request = state.instances.get(InstanceId)?.['SpotInstanceRequestId']
    return {
      InstanceId,
      InstanceType,
      ...(request !== undefined && { SpotInstanceRequestId: request }),
      InstanceHealth: 'healthy',
    }
  })
}

/** Ends as many, the youngest first, as can go with the capacity still reached. */
export function shrink(state: Ec2, instances: readonly FleetInstance[], capacity: number): void {
  let left = capacityOf(instances)
  for (const { InstanceId, weight } of instances.toReversed()) {
    if (left - weight < capacity) continue
    left -= weight
    terminate(state, state.instances.find(InstanceId))
  }
}
