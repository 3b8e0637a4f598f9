// Event windows: when AWS may do to instances what it has planned for them.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, missingParameter } from '../errors.ts'
import type { EventWindow } from '../side-records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday']
const week = 7 * 24
const [shortest, least] = [2, 4]

/** Time ranges, or a cron expression: AWS's rules of how long they are. */
function timesIn({ TimeRanges, CronExpression }: any): Pick<EventWindow, 'TimeRanges' | 'CronExpression'> {
  if (TimeRanges?.length && CronExpression !== undefined)
    throw badCombination('Only one of TimeRanges and CronExpression can be specified.')
  if (CronExpression !== undefined) {
    if (!/^\* [0-9,-]+ \* \* ([A-Za-z0-9,*-]+)$/.test(CronExpression))
      throw invalidParameter('cronExpression', CronExpression)
    return { CronExpression }
  }
  if (!TimeRanges?.length) return {}
  const hours = (TimeRanges as NonNullable<EventWindow['TimeRanges']>).map((range) => {
    const at = (day: string, hour: number) => days.indexOf(day) * 24 + hour
    const length = (at(range.EndWeekDay, range.EndHour) - at(range.StartWeekDay, range.StartHour) + week) % week || week
    if (length < shortest) throw invalidParameter('timeRange', length, 'Each time range must be at least 2 hours long.')
    return length
  })
  const total = hours.reduce((sum, each) => sum + each, 0)
  if (total < least) throw invalidParameter('timeRanges', total, 'The time ranges must add up to at least 4 hours.')
  return { TimeRanges }
}

export const createInstanceEventWindow: Ec2Handler = (input, { state }) => {
  const times = timesIn(input)
  if (!times.TimeRanges && times.CronExpression === undefined) throw missingParameter('TimeRanges or CronExpression')
  const window = state.eventWindows.add({
    Name: input.Name ?? '',
    ...times,
    State: 'creating',
    later: [{ at: state.after(5), change: { State: 'active' } }],
    Tags: tagsFor(input, 'instance-event-window'),
  })
  return { InstanceEventWindow: window }
}

export const describeInstanceEventWindows: Ec2Handler = (input, { state }) =>
  describe(state.eventWindows, input, {
    ids: 'InstanceEventWindowIds',
    list: 'InstanceEventWindows',
    pages: [20, 500],
    filters: {
      'dedicated-host-id': 'AssociationTarget.DedicatedHostIds',
      'event-window-name': 'Name',
      'instance-id': 'AssociationTarget.InstanceIds',
      'instance-tag': 'AssociationTarget.Tags.Key',
      'instance-tag-key': 'AssociationTarget.Tags.Key',
      'instance-tag-value': 'AssociationTarget.Tags.Value',
    },
  })

function windowIn(state: Ec2, input: any): EventWindow {
  return state.eventWindows.named(input)
}

export const modifyInstanceEventWindow: Ec2Handler = (input, { state }) => {
  const window = windowIn(state, input)
  const times = timesIn(input)
  if (times.TimeRanges) delete window.CronExpression
  if (times.CronExpression !== undefined) delete window.TimeRanges
  Object.assign(window, times, input.Name !== undefined && { Name: input.Name })
  return { InstanceEventWindow: state.eventWindows.put(window) }
}

export const deleteInstanceEventWindow: Ec2Handler = (input, { state }) => {
  const window = windowIn(state, input)
  const { InstanceEventWindowId, AssociationTarget: target } = window
  if (target && !input.ForceDelete)
    throw new AwsError(
      'InvalidInstanceEventWindowState',
      `The event window ${InstanceEventWindowId} has associated targets. Use ForceDelete to delete it.`,
    )
  state.eventWindows.delete(window)
  return { InstanceEventWindowState: { InstanceEventWindowId, State: 'deleting' } }
}

export const associateInstanceEventWindow: Ec2Handler = (input, { state }) => {
  const window = windowIn(state, input)
  const { InstanceIds = [], InstanceTags = [], DedicatedHostIds = [] } = input.AssociationTarget ?? {}
  const kinds = [InstanceIds, InstanceTags, DedicatedHostIds].filter((each) => each.length > 0)
  if (kinds.length !== 1) throw badCombination('Specify either instance IDs, instance tags, or Dedicated Host IDs.')
  if (window.AssociationTarget)
    throw new AwsError(
      'InstanceEventWindowAssociationAlreadyExists',
      `The event window ${window.InstanceEventWindowId} has associated targets.`,
    )
  state.instances.findAll(InstanceIds)
  state.hosts.findAll(DedicatedHostIds)
  state.eventWindows.update(window, { AssociationTarget: { InstanceIds, Tags: InstanceTags, DedicatedHostIds } })
  return { InstanceEventWindow: window }
}

export const disassociateInstanceEventWindow: Ec2Handler = (input, { state }) => {
  const window = windowIn(state, input)
  const gone = input.AssociationTarget ?? {}
  const { InstanceIds = [], Tags = [], DedicatedHostIds = [] } = window.AssociationTarget ?? {}
  const target = {
    InstanceIds: InstanceIds.filter((each) => !(gone.InstanceIds ?? []).includes(each)),
    Tags: Tags.filter((each) => !(gone.InstanceTags ?? []).some(({ Key }: { Key: string }) => Key === each.Key)),
    DedicatedHostIds: DedicatedHostIds.filter((each) => !(gone.DedicatedHostIds ?? []).includes(each)),
  }
  if (Object.values(target).some((each) => each.length > 0)) window.AssociationTarget = target
  else delete window.AssociationTarget
  return { InstanceEventWindow: state.eventWindows.put(window) }
}
