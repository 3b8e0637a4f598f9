// Instances: launched, told of, started, stopped, ended.

import { AwsError } from '../../../../lib/errors.ts'
import { toBase64, utf8 } from '../../../../lib/bytes.ts'
import { describe, untagged } from '../describe.ts'
import { badCombination } from '../errors.ts'
import { checkRebootable, checkTerminable, start, stop, terminate } from '../instance-states.ts'
import { typeNamed } from '../instance-types.ts'
import { instanceFilters, instanceShown, reservationsOf } from '../instances.ts'
import { sealedFor } from '../key-material.ts'
import { launch, launchTags } from '../launch.ts'
import type { Instance } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Context, Ec2Handler } from '../state.ts'
import { spotRequestFor } from '../spot-requests.ts'
import { tagsFor } from '../tags.ts'
import { withTemplate } from '../templates.ts'
import { once } from '../tokens.ts'
import { checkVcpus } from '../vcpus.ts'

export const runInstances: Ec2Handler = (input, context) => {
  const { state } = context
  let fresh: Instance[] | undefined
  const { ids } = once(context, input, () => {
    fresh = launchedBy(withTemplate(input, state), context)
    return { ids: fresh.map(({ InstanceId }) => InstanceId) }
  })
  const instances = fresh ?? ids.flatMap((id) => state.instances.get(id) ?? [])
  if (!fresh && instances.every(({ State }) => State.Name === 'terminated'))
    throw new AwsError(
      'IdempotentInstanceTerminated',
      'The request to launch an instance (with the same client token) has been completed, and the instance has been terminated.',
    )
  return reservationsOf(instances.map((each) => untagged(instanceShown(state, each)) as Instance))[0]!
}

/** Launches, and leaves a request beside each Spot Instance. */
function launchedBy(input: Record<string, any>, context: Ec2Context): Instance[] {
  const instances = launch(input, context)
  const { MaxPrice, SpotInstanceType, ValidUntil } = input['InstanceMarketOptions']?.SpotOptions ?? {}
  for (const instance of instances)
    if (instance['InstanceLifecycle'] === 'spot')
      spotRequestFor(context.state, instance, {
        specification: {},
        price: MaxPrice,
        type: SpotInstanceType,
        until: ValidUntil,
        tags: tagsFor(input, 'spot-instances-request', ...launchTags),
      })
  return instances
}

export const describeInstances: Ec2Handler = (input, { state }) => {
  const { Instances, NextToken } = describe(state.instances, input, {
    ids: 'InstanceIds',
    list: 'Instances',
    filters: instanceFilters,
    pages: [5, 1000],
    shown: (instance) => instanceShown(state, instance),
  })
  return { Reservations: reservationsOf(Instances as Instance[]), NextToken }
}

export const describeInstanceStatus: Ec2Handler = (input, { state }) => {
  const told = ({ State }: Instance): boolean => input.IncludeAllInstances === true || State.Name === 'running'
  const table = {
    all: () => state.instances.all().filter(told),
    findAll: (ids: readonly string[]) => state.instances.findAll(ids).filter(told),
  }
  return describe<Instance>(table, input, {
    ids: 'InstanceIds',
    list: 'InstanceStatuses',
    pages: [5, 1000],
    filters: {
      'attached-ebs-status.status': 'AttachedEbsStatus.Status',
      'availability-zone': 'AvailabilityZone',
      'availability-zone-id': 'AvailabilityZoneId',
      'event.code': 'Events.Code',
      'event.description': 'Events.Description',
      'event.instance-event-id': 'Events.InstanceEventId',
      'event.not-after': 'Events.NotAfter',
      'event.not-before': 'Events.NotBefore',
      'event.not-before-deadline': 'Events.NotBeforeDeadline',
      'instance-state-code': 'InstanceState.Code',
      'instance-state-name': 'InstanceState.Name',
      'instance-status.reachability': 'InstanceStatus.Details.Status',
      'instance-status.status': 'InstanceStatus.Status',
      'operator.managed': () => 'false',
      'operator.principal': 'Operator.Principal',
      'system-status.reachability': 'SystemStatus.Details.Status',
      'system-status.status': 'SystemStatus.Status',
    },
    shown: statusShown,
  })
}

/** Whoever runs is well. */
function statusShown({ InstanceId, State, Placement, Tags }: Instance): object {
  const checks =
    State.Name === 'running'
      ? { Status: 'ok', Details: [{ Name: 'reachability', Status: 'passed' }] }
      : { Status: 'not-applicable' }
  return {
    AvailabilityZone: Placement.AvailabilityZone,
    AvailabilityZoneId: Placement['AvailabilityZoneId'],
    InstanceId,
    InstanceState: State,
    InstanceStatus: checks,
    SystemStatus: checks,
    AttachedEbsStatus: checks,
    Events: [],
    Tags,
  }
}

// --- states ----------------------------------------------------------------------------------------------------------

function named(state: Ec2, input: { InstanceIds?: string[] }): Instance[] {
  if (!input.InstanceIds?.length) throw badCombination('No instances specified')
  return state.instances.findAll([...new Set(input.InstanceIds)])
}

export const startInstances: Ec2Handler = (input, context) => {
  const { state } = context
  const StartingInstances = named(state, input).map((instance) => {
    const type = typeNamed(instance.InstanceType)
    if (instance.State.Name === 'stopped' && type)
      checkVcpus(context, type, 1, instance['InstanceLifecycle'] === 'spot')
    return start(state, instance)
  })
  return { StartingInstances }
}

export const stopInstances: Ec2Handler = (input, { state }) => {
  const instances = named(state, input)
  for (const { InstanceId, HibernationOptions } of input.Hibernate ? instances : [])
    if (!(HibernationOptions as { Configured: boolean }).Configured)
      throw new AwsError(
        'UnsupportedHibernationConfiguration',
        `Instance ${InstanceId} is not configured for hibernation.`,
      )
  return { StoppingInstances: instances.map((instance) => stop(state, instance)) }
}

export const rebootInstances: Ec2Handler = (input, { state }) => {
  for (const instance of named(state, input)) checkRebootable(instance)
}

export const terminateInstances: Ec2Handler = (input, { state }) => {
  const instances = named(state, input)
  for (const instance of instances) checkTerminable(instance)
  return { TerminatingInstances: instances.map((instance) => terminate(state, instance)) }
}

// --- monitoring ------------------------------------------------------------------------------------------------------

function monitor(state: Ec2, input: { InstanceIds?: string[] }, now: string, soon: string): object {
  return {
    InstanceMonitorings: named(state, input).map((instance) => {
      state.instances.update(instance, { Monitoring: { State: soon } })
      return { InstanceId: instance.InstanceId, Monitoring: { State: now } }
    }),
  }
}

export const monitorInstances: Ec2Handler = (input, { state }) => monitor(state, input, 'pending', 'enabled')
export const unmonitorInstances: Ec2Handler = (input, { state }) => monitor(state, input, 'disabling', 'disabled')

// --- what it says ----------------------------------------------------------------------------------------------------

/** Nothing boots here, and the console says so. */
export const getConsoleOutput: Ec2Handler = (input, { state }) => {
  const { InstanceId, State, LaunchTime } = state.instances.named(input)
  const text = `Nothing boots in this EC2: ${InstanceId}, launched ${LaunchTime}, is ${State.Name} by name only.\n`
  return { InstanceId, Output: toBase64(utf8(text)), Timestamp: moment(state.now) }
}

export const getPasswordData: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  const key = state.keyPairs.all().find((each) => each.KeyName === instance.KeyName)
  if (instance.Platform === 'windows' && key && instance['password'] === undefined) {
    const secret = toBase64(crypto.getRandomValues(new Uint8Array(18)))
    state.instances.update(instance, { password: sealedFor(key.publicKey, secret) ?? '' })
  }
  const PasswordData = instance['password'] ?? ''
  return { InstanceId: instance.InstanceId, PasswordData, Timestamp: moment(state.now) }
}
