// What machines is a cluster made of? Groups of one type each, or fleets of several.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { integer } from '../../input/shorthand.ts'

/** Of what --instance-groups says. */
export function groupsOf(typed: readonly Structure[]): Structure[] {
  return typed.map((group) => {
    const { InstanceGroupType, BidPrice } = group as Record<string, string>
    return {
      Name: group.Name ?? InstanceGroupType,
      InstanceType: group.InstanceType,
      InstanceCount: group.InstanceCount,
      InstanceRole: InstanceGroupType!.toUpperCase(),
      // A word that stands for no price of one's own.
      ...(BidPrice === undefined || BidPrice === 'OnDemandPrice' ? {} : { BidPrice }),
      Market: BidPrice === undefined ? 'ON_DEMAND' : 'SPOT',
      ...only(group, ['EbsConfiguration', 'AutoScalingPolicy', 'Configurations', 'CustomAmiId']),
    } as Structure
  })
}

/** A master, and the others as its core. */
export function groupsOfType(InstanceType: string, count: string | undefined): Structure[] {
  const group = (role: string, InstanceCount: number): Structure => ({
    InstanceType,
    InstanceCount,
    InstanceRole: role,
    Name: role,
    Market: 'ON_DEMAND',
  })
  const others = count === undefined ? 0 : Number(integer(count)) - 1
  return others > 0 ? [group('MASTER', 1), group('CORE', others)] : [group('MASTER', 1)]
}

/** Throws Failure('ParamValidation') where it is said twice or not at all. */
export function groupsFrom(groups: readonly Structure[] | undefined, type?: string, count?: string): Structure[] {
  if (groups === undefined && type === undefined) {
    throw new Failure(
      'ParamValidation',
      'Must specify either --instance-groups or --instance-type with --instance-count(optional) to configure instance ' +
        'groups.',
    )
  }
  if (groups === undefined) return groupsOfType(type!, count)
  if (type === undefined && count === undefined) return groupsOf(groups)
  throw new Failure(
    'ParamValidation',
    'You may not specify --instance-type or --instance-count with --instance-groups, because --instance-type and ' +
      '--instance-count are shortcut options for --instance-groups.',
  )
}

/** Of what --instance-fleets says. */
export function fleetsOf(typed: readonly Structure[]): Structure[] {
  return typed.map((fleet) => {
    const { LaunchSpecifications: launch, ResizeSpecifications: resize } = fleet as Record<string, Structure>
    return {
      Name: fleet.Name ?? fleet.InstanceFleetType,
      ...only(fleet, ['InstanceFleetType', 'TargetOnDemandCapacity', 'TargetSpotCapacity', 'InstanceTypeConfigs']),
      ...(launch && { LaunchSpecifications: only(launch, ['SpotSpecification', 'OnDemandSpecification']) }),
      ...(resize && {
        ResizeSpecifications: only(resize, ['SpotResizeSpecification', 'OnDemandResizeSpecification']),
      }),
      ...only(fleet, ['Context']),
    } as Structure
  })
}

function only(source: Structure, names: readonly string[]): Structure {
  return Object.fromEntries(names.filter((name) => name in source).map((name) => [name, source[name]])) as Structure
}
