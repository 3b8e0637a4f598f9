// Making alarms, changing them by hand, and taking them away.

import { AwsError } from '../../../../lib/errors.ts'
import type { SlowHandler } from '../../../service.ts'
import { carryOut, eventsService } from '../alarms/actions.ts'
import { noteConfiguration } from '../alarms/history.ts'
import {
  bind,
  boundBy,
  findAlarm,
  nameIn,
  putAlarm,
  removeAlarm,
  type Alarm,
  type Suppressor,
} from '../alarms/record.ts'
import { childrenOf, parseRule } from '../alarms/rule.ts'
import { afterHand, arnOf, compositeDelay, enter } from '../alarms/transitions.ts'
import { checkName, readActions, readWatch, usesInstances } from '../alarms/validate.ts'
import { noSuchAlarm, validationError } from '../errors.ts'
import type { CloudWatchContext, CloudWatchHandler, CloudWatchState } from '../state.ts'
import { checkTags, putTags, tagged } from '../tags.ts'

type SlowCloudWatch = SlowHandler<CloudWatchState>
type SlowContext = Parameters<SlowCloudWatch>[1]

export const putMetricAlarm: SlowCloudWatch = async (input, context) => {
  const { region, clock } = context
  checkName(input.AlarmName)
  const watch = readWatch(input)
  const actions = readActions(input, region, false)
  if (usesInstances(actions)) await seeToRole(context)
  await context.transaction((state) => {
    const known = findAlarm(state.rows, state.place, input.AlarmName)
    if (known?.rule !== undefined)
      throw validationError(`Alarm ${input.AlarmName} is a composite alarm and cannot be made a metric alarm`)
    const alarm = { ...base(input, known, state, clock().getTime()), actions, watch }
    keep(alarm, known, input, state, clock().getTime())
  })
}

export const putCompositeAlarm: CloudWatchHandler = (input, { state, region, clock }) => {
  const { rows, place } = state
  const now = clock().getTime()
  checkName(input.AlarmName)
  const actions = readActions(input, region, true)
  const children = childrenOf(parseRule(input.AlarmRule))
  const unknown = children.filter((name) => name !== input.AlarmName && !findAlarm(rows, place, name))
  if (unknown.length > 0)
    throw validationError(
      `Could not save the composite alarm as alarms [${unknown.join(', ')}] in the alarm rule do not exist`,
    )
  const known = findAlarm(rows, place, input.AlarmName)
  if (known?.watch)
    throw validationError(`Alarm ${input.AlarmName} is a metric alarm and cannot be made a composite alarm`)
  const suppressor = readSuppressor(input, state)
  bind(rows, 'children', place, input.AlarmName, children)
  bind(rows, 'suppressors', place, input.AlarmName, suppressor ? [nameIn(suppressor.alarm)] : [])
  const alarm = { ...base(input, known, state, now), actions, rule: input.AlarmRule, ...(suppressor && { suppressor }) }
  keep({ ...alarm, next: now + compositeDelay }, known, input, state, now)
}

function readSuppressor(input: any, { rows, place }: CloudWatchState): Suppressor | undefined {
  const {
    ActionsSuppressor: alarm,
    ActionsSuppressorWaitPeriod: wait,
    ActionsSuppressorExtensionPeriod: extension,
  } = input
  if (alarm === undefined) {
    if (wait !== undefined || extension !== undefined)
      throw validationError(
        'ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod can only be specified with ActionsSuppressor',
      )
    return undefined
  }
  if (wait === undefined || extension === undefined)
    throw validationError(
      'ActionsSuppressorWaitPeriod and ActionsSuppressorExtensionPeriod are required when ActionsSuppressor is specified',
    )
  if (nameIn(alarm) === input.AlarmName) throw validationError('An alarm cannot be its own actions suppressor')
  if (!findAlarm(rows, place, nameIn(alarm)))
    throw validationError(`Could not save the composite alarm as the actions suppressor [${alarm}] does not exist`)
  return { alarm, wait, extension }
}

const unchecked = 'Unchecked: Initial alarm creation'

/** What every alarm has; its state stays when it is put again. */
function base(input: any, known: Alarm | undefined, { place }: CloudWatchState, now: number): Omit<Alarm, 'actions'> {
  return {
    name: input.AlarmName,
    place,
    ...(input.AlarmDescription !== undefined && { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    configured: now,
    state: known?.state ?? { value: 'INSUFFICIENT_DATA', reason: unchecked, updated: now, transitioned: now },
  }
}

function keep(alarm: Alarm, known: Alarm | undefined, input: any, { rows }: CloudWatchState, now: number): void {
  checkTags(input.Tags ?? [])
  const scheduled = alarm.watch ? { ...alarm, next: afterHand(alarm, now) } : alarm
  putAlarm(rows, scheduled)
  // Tags of an alarm that is there are changed by TagResource only.
  if (!known) putTags(rows, arnOf(alarm), tagged(input.Tags ?? []))
  noteConfiguration(rows, scheduled, known ? 'updated' : 'created', now)
}

/** Instances are stopped by a role that the first such alarm makes: whoever puts it must be allowed to. */
async function seeToRole({ account, transaction, call }: SlowContext): Promise<void> {
  if (await transaction(({ rows }) => rows.get('roles', account))) return
  try {
    await call('iam', 'CreateServiceLinkedRole', { AWSServiceName: eventsService })
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'InvalidInput' && error.message.includes('has been taken')))
      throw error
  }
  await transaction(({ rows }) => rows.put('roles', account, eventsService))
}

export const setAlarmState: SlowCloudWatch = async (input, context) => {
  const { AlarmName, StateValue: value, StateReason: reason, StateReasonData: data } = input
  if (data !== undefined && !isJson(data))
    throw new AwsError('InvalidFormat', 'StateReasonData is not valid JSON', { status: 400 })
  await context.transaction(({ rows, place }) => {
    const now = context.clock().getTime()
    const alarm = findAlarm(rows, place, AlarmName)
    if (!alarm) throw noSuchAlarm()
    const touched = alarm.watch ? { ...alarm, next: afterHand(alarm, now) } : alarm
    enter(rows, touched, { value, reason, ...(data !== undefined && { data }) }, now)
  })
  await carryOut(context)
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** Names that are nobody's are passed over; of composite alarms only one may go at a time. */
export const deleteAlarms: CloudWatchHandler = (input, { state, clock }) => {
  const { rows, place } = state
  const alarms = (input.AlarmNames as string[]).flatMap((name) => findAlarm(rows, place, name) ?? [])
  if (alarms.filter(({ rule }) => rule !== undefined).length > 1)
    throw validationError('Only one composite alarm can be deleted at a time')
  if (alarms.some(({ rule }) => rule !== undefined) && alarms.length > 1)
    throw validationError('Metric alarms and composite alarms cannot be deleted in one request')
  const needed = alarms
    .map(({ name }) => name)
    .filter(
      (name) => boundBy(rows, 'children', place, name).length + boundBy(rows, 'suppressors', place, name).length > 0,
    )
  if (needed.length > 0)
    throw validationError(
      `Cannot delete ${needed.join(',')} as there are composite alarm(s) depending on ${needed.length > 1 ? 'them' : 'it'}.`,
    )
  for (const alarm of alarms) {
    bind(rows, 'children', place, alarm.name, [])
    bind(rows, 'suppressors', place, alarm.name, [])
    removeAlarm(rows, alarm)
    putTags(rows, arnOf(alarm), {})
    noteConfiguration(rows, alarm, 'deleted', clock().getTime())
  }
}

export const enableAlarmActions: CloudWatchHandler = (input, context) => switchActions(input.AlarmNames, true, context)
export const disableAlarmActions: CloudWatchHandler = (input, context) =>
  switchActions(input.AlarmNames, false, context)

function switchActions(names: readonly string[], actionsEnabled: boolean, { state, clock }: CloudWatchContext): void {
  for (const name of names) {
    const alarm = findAlarm(state.rows, state.place, name)
    if (!alarm || alarm.actionsEnabled === actionsEnabled) continue
    const changed = { ...alarm, actionsEnabled, configured: clock().getTime() }
    putAlarm(state.rows, changed)
    noteConfiguration(state.rows, changed, 'updated', changed.configured)
  }
}
