// What can be asked and changed of an instance that is there: attributes and options.

import { AwsError } from '../../../../lib/errors.ts'
import { toBase64 } from '../../../../lib/bytes.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, invalidValue, missingParameter, need, oneOf } from '../errors.ts'
import { typeNamed } from '../instance-types.ts'
import { groupsIn } from '../interfaces.ts'
import { checkUserData } from '../launch.ts'
import type { Instance } from '../records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'

const attributes: Readonly<Record<string, (instance: Instance) => object>> = {
  blockDeviceMapping: ({ BlockDeviceMappings }) => ({ BlockDeviceMappings }),
  disableApiStop: ({ stopProtected }) => ({ DisableApiStop: { Value: stopProtected } }),
  disableApiTermination: (instance) => ({ DisableApiTermination: { Value: instance.protected } }),
  ebsOptimized: ({ EbsOptimized }) => ({ EbsOptimized: { Value: EbsOptimized } }),
  enaSupport: ({ EnaSupport }) => ({ EnaSupport: { Value: EnaSupport } }),
  enclaveOptions: ({ EnclaveOptions }) => ({ EnclaveOptions }),
  groupSet: ({ SecurityGroups }) => ({ Groups: SecurityGroups }),
  instanceInitiatedShutdownBehavior: ({ onShutdown }) => ({ InstanceInitiatedShutdownBehavior: { Value: onShutdown } }),
  instanceType: ({ InstanceType }) => ({ InstanceType: { Value: InstanceType } }),
  kernel: ({ Kernel }) => ({ KernelId: Kernel === undefined ? {} : { Value: Kernel } }),
  productCodes: () => ({ ProductCodes: [] }),
  ramdisk: ({ Ramdisk }) => ({ RamdiskId: Ramdisk === undefined ? {} : { Value: Ramdisk } }),
  rootDeviceName: ({ RootDeviceName }) => ({ RootDeviceName: { Value: RootDeviceName } }),
  sourceDestCheck: ({ SourceDestCheck }) => ({ SourceDestCheck: { Value: SourceDestCheck } }),
  sriovNetSupport: () => ({ SriovNetSupport: { Value: 'simple' } }),
  userData: ({ userData }) => ({ UserData: userData === undefined ? {} : { Value: userData } }),
}

export const describeInstanceAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'Attribute')
  const instance = state.instances.named(input)
  const told = attributes[input.Attribute]
  if (!told) throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  return { InstanceId: instance.InstanceId, ...told(instance) }
}

/** Members, and by which name `Attribute` and `Value` say the same. */
const changes: Readonly<Record<string, string>> = {
  instanceType: 'InstanceType',
  userData: 'UserData',
  disableApiTermination: 'DisableApiTermination',
  disableApiStop: 'DisableApiStop',
  instanceInitiatedShutdownBehavior: 'InstanceInitiatedShutdownBehavior',
  sourceDestCheck: 'SourceDestCheck',
  ebsOptimized: 'EbsOptimized',
  enaSupport: 'EnaSupport',
  sriovNetSupport: 'SriovNetSupport',
  kernel: 'Kernel',
  ramdisk: 'Ramdisk',
}

export const modifyInstanceAttribute: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  const given: Record<string, any> = { ...input }
  if (input.Attribute !== undefined && input.Value !== undefined) {
    const member = changes[input.Attribute]
    if (member === undefined) throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
    given[member] = { Value: /^(true|false)$/.test(input.Value) ? input.Value === 'true' : input.Value }
  }
  const wanted = [...Object.values(changes), 'Groups', 'BlockDeviceMappings'].filter(
    (name) => given[name] !== undefined,
  )
  if (wanted.length === 0) throw missingParameter('attribute')
  if (wanted.length > 1) throw badCombination(`Fields for multiple attribute types specified: ${wanted.join(', ')}`)
  change(state, instance, wanted[0]!, given[wanted[0]!])
  state.instances.put(instance)
}

function change(state: Ec2, instance: Instance, member: string, given: any): void {
  const { Value } = given
  const primary = state.interfaces.get(instance.interfaces[0] ?? '')
  switch (member) {
    case 'InstanceType':
      checkStopped(instance)
      if (!typeNamed(Value)) throw invalidValue(`Invalid value '${Value}' for InstanceType.`)
      instance.InstanceType = Value
      return
    case 'UserData': {
      checkStopped(instance)
      // A blob here, though text when it is launched.
      const text = Value instanceof Uint8Array ? toBase64(Value) : (Value ?? '')
      checkUserData(text)
      instance.userData = text
      return
    }
    case 'DisableApiTermination':
      instance.protected = Value ?? false
      return
    case 'DisableApiStop':
      instance.stopProtected = Value ?? false
      return
    case 'InstanceInitiatedShutdownBehavior':
      instance.onShutdown = oneOf('instanceInitiatedShutdownBehavior', Value, ['stop', 'terminate']) ?? 'stop'
      return
    case 'SourceDestCheck':
      instance.SourceDestCheck = Value ?? false
      if (primary) state.interfaces.update(primary, { SourceDestCheck: instance.SourceDestCheck })
      return
    case 'EbsOptimized':
    case 'EnaSupport':
      checkStopped(instance)
      instance[member] = Value ?? false
      return
    case 'Groups':
      if (given.length === 0) throw invalidValue('Instance must be associated with at least one security group.')
      instance.SecurityGroups = groupsIn(state, instance.VpcId ?? '', given)
      if (primary) state.interfaces.update(primary, { Groups: instance.SecurityGroups })
      return
    case 'BlockDeviceMappings':
      for (const { DeviceName, Ebs } of given) setDevice(state, instance, DeviceName, Ebs?.DeleteOnTermination)
      return
    default:
      instance[member] = Value
  }
}

function setDevice(state: Ec2, instance: Instance, device: string, leaves: boolean | undefined): void {
  const found = instance.BlockDeviceMappings.find((each) => each.DeviceName === device)
  if (!found) throw new AwsError('InvalidInstanceAttributeValue', `No device is currently mapped at ${device}`)
  if (leaves === undefined) return
  found.Ebs.DeleteOnTermination = leaves
  const volume = state.volumes.get(found.Ebs.VolumeId)
  const attachment = volume?.Attachments.find((each) => each.InstanceId === instance.InstanceId)
  if (!volume || !attachment) return
  attachment.DeleteOnTermination = leaves
  state.volumes.put(volume)
}

function checkStopped({ State, InstanceId }: Instance): void {
  if (State.Name !== 'stopped')
    throw new AwsError('IncorrectInstanceState', `The instance '${InstanceId}' is not in the 'stopped' state.`)
}

export const resetInstanceAttribute: Ec2Handler = (input, { state }) => {
  need(input, 'Attribute')
  const instance = state.instances.named(input)
  const member = { kernel: 'Kernel', ramdisk: 'Ramdisk', sourceDestCheck: 'SourceDestCheck' }[input.Attribute as string]
  if (member === undefined) throw invalidParameter('attribute', input.Attribute, 'Unknown attribute.')
  change(state, instance, member, { Value: member === 'SourceDestCheck' ? true : undefined })
  state.instances.put(instance)
}

// --- options ---------------------------------------------------------------------------------------------------------

const metadataNames = [
  'HttpTokens',
  'HttpPutResponseHopLimit',
  'HttpEndpoint',
  'HttpProtocolIpv6',
  'InstanceMetadataTags',
] as const

export const modifyInstanceMetadataOptions: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  oneOf('HttpTokens', input.HttpTokens, ['optional', 'required'])
  oneOf('HttpEndpoint', input.HttpEndpoint, ['enabled', 'disabled'])
  oneOf('InstanceMetadataTags', input.InstanceMetadataTags, ['enabled', 'disabled'])
  const hops = input.HttpPutResponseHopLimit
  if (hops !== undefined && (hops < 1 || hops > 64))
    throw invalidParameter('HttpPutResponseHopLimit', hops, 'Must be between 1 and 64.')
  const given = metadataNames.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])
  const MetadataOptions = { ...instance.MetadataOptions, ...Object.fromEntries(given) }
  state.instances.update(instance, { MetadataOptions })
  return { InstanceId: instance.InstanceId, InstanceMetadataOptions: { ...MetadataOptions, State: 'pending' } }
}

export const getInstanceMetadataDefaults: Ec2Handler = (_, { state }) => ({
  AccountLevel: state.settings().metadataDefaults ?? {},
})

export const modifyInstanceMetadataDefaults: Ec2Handler = (input, { state }) => {
  const defaults: Record<string, string | number> = { ...state.settings().metadataDefaults }
  for (const name of metadataNames) {
    const value = input[name]
    if (value === undefined) continue
    // `no-preference` and -1 take a default back.
    if (value === 'no-preference' || value === -1) delete defaults[name]
    else defaults[name] = value
  }
  state.changeSettings({ metadataDefaults: defaults })
  return { Return: true }
}

export const modifyInstancePlacement: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  checkStopped(instance)
  for (const name of ['Affinity', 'GroupName', 'HostId', 'Tenancy', 'PartitionNumber'] as const)
    if (input[name] !== undefined) instance.Placement[name] = input[name]
  state.instances.put(instance)
  return { Return: true }
}

export const modifyInstanceMaintenanceOptions: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceId')
  const AutoRecovery = oneOf('autoRecovery', input.AutoRecovery, ['default', 'disabled']) ?? 'default'
  state.instances.update(state.instances.named(input), { MaintenanceOptions: { AutoRecovery } })
  return { InstanceId: input.InstanceId, AutoRecovery }
}

export const modifyPrivateDnsNameOptions: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  const options = { ...(instance['PrivateDnsNameOptions'] as Record<string, unknown>) }
  if (input.PrivateDnsHostnameType !== undefined) options['HostnameType'] = input.PrivateDnsHostnameType
  for (const name of ['EnableResourceNameDnsARecord', 'EnableResourceNameDnsAAAARecord'])
    if (input[name] !== undefined) options[name] = input[name]
  state.instances.update(instance, { PrivateDnsNameOptions: options })
  return { Return: true }
}

export const modifyInstanceCpuOptions: Ec2Handler = (input, { state }) => {
  const instance = state.instances.named(input)
  checkStopped(instance)
  const { CoreCount, ThreadsPerCore } = { ...(instance['CpuOptions'] as object), ...input }
  state.instances.update(instance, { CpuOptions: { CoreCount, ThreadsPerCore } })
  return { InstanceId: instance.InstanceId, CoreCount, ThreadsPerCore }
}

export const describeInstanceCreditSpecifications: Ec2Handler = (input, { state }) => {
  const table = {
    all: () => state.instances.all().filter((each) => each.credits === 'unlimited'),
    findAll: (ids: readonly string[]) => state.instances.findAll(ids),
  }
  return describe<Instance>(table, input, {
    ids: 'InstanceIds',
    list: 'InstanceCreditSpecifications',
    pages: [5, 1000],
    filters: { 'instance-id': 'InstanceId' },
    shown: ({ InstanceId, credits }) => ({ InstanceId, CpuCredits: credits }),
  })
}

export const modifyInstanceCreditSpecification: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceCreditSpecifications')
  const done: object[] = []
  const failed: object[] = []
  for (const { InstanceId = '', CpuCredits } of input.InstanceCreditSpecifications) {
    const instance = state.instances.get(InstanceId)
    const fail = (Code: string, Message: string): void => void failed.push({ InstanceId, Error: { Code, Message } })
    if (!instance) fail('InvalidInstanceID.NotFound', `The instance ID '${InstanceId}' does not exist`)
    else if (instance.credits === undefined)
      fail(
        'InstanceCreditSpecification.NotSupported',
        `The instance with ID ${InstanceId} does not support CPU credits.`,
      )
    else {
      state.instances.update(instance, { credits: CpuCredits })
      done.push({ InstanceId })
    }
  }
  return { SuccessfulInstanceCreditSpecifications: done, UnsuccessfulInstanceCreditSpecifications: failed }
}

export const reportInstanceStatus: Ec2Handler = (input, { state }) => {
  need(input, 'Instances', 'ReasonCodes', 'Status')
  state.instances.findAll(input.Instances)
}

/** From the next start on. */
export const modifyInstanceCapacityReservationAttributes: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceId')
  const given = input.CapacityReservationSpecification
  if (given === undefined) throw missingParameter('CapacityReservationSpecification')
  const instance = state.instances.named(input)
  if (instance.State.Name !== 'stopped')
    throw new AwsError('IncorrectInstanceState', `The instance '${instance.InstanceId}' is not in the 'stopped' state.`)
  const id: string | undefined = given.CapacityReservationTarget?.CapacityReservationId
  if (id !== undefined) state.capacityReservations.find(id)
  state.instances.update(instance, { CapacityReservationSpecification: given })
  return { Return: true }
}

export const modifyInstanceNetworkPerformanceOptions: Ec2Handler = (input, { state }) => {
  need(input, 'InstanceId', 'BandwidthWeighting')
  const BandwidthWeighting = oneOf('bandwidthWeighting', input.BandwidthWeighting, ['default', 'vpc-1', 'ebs-1'])!
  const instance = state.instances.named(input)
  if (instance.State.Name !== 'stopped')
    throw new AwsError('IncorrectInstanceState', `The instance '${instance.InstanceId}' is not in the 'stopped' state.`)
  state.instances.update(instance, { NetworkPerformanceOptions: { BandwidthWeighting } })
  return { InstanceId: instance.InstanceId, BandwidthWeighting }
}
