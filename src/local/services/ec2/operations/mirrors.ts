// Traffic mirroring: what is copied (filters and their rules), from where and to where (sessions, targets).

import { AwsError } from '../../../../lib/errors.ts'
import { canonical } from '../cidr.ts'
import { describe } from '../describe.ts'
import { badCombination, invalidParameter, invalidValue, need, oneOf } from '../errors.ts'
import { newId } from '../ids.ts'
import type { MirrorFilter, MirrorRule, MirrorSession } from '../side-records.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { once } from '../tokens.ts'

const inUse = (what: string, id: string): AwsError =>
  new AwsError(`${what}InUse`, `The specified ${what} ${id} is in use and can't be deleted.`)

// --- filters -----------------------------------------------------------------------------------------------------------

const filterShown = ({ rules, ...filter }: MirrorFilter): object => ({
  ...filter,
  IngressFilterRules: rules.filter((each) => each.TrafficDirection === 'ingress'),
  EgressFilterRules: rules.filter((each) => each.TrafficDirection === 'egress'),
})

export const createTrafficMirrorFilter: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const filter = context.state.mirrorFilters.add({
      ...(input.Description !== undefined && { Description: input.Description }),
      NetworkServices: [],
      rules: [],
      Tags: tagsFor(input, 'traffic-mirror-filter'),
    })
    return { TrafficMirrorFilter: filterShown(filter), ClientToken: input.ClientToken }
  })

export const describeTrafficMirrorFilters: Ec2Handler = (input, { state }) =>
  describe(state.mirrorFilters, input, {
    ids: 'TrafficMirrorFilterIds',
    list: 'TrafficMirrorFilters',
    pages: [5, 1000],
    shown: filterShown,
    filters: { description: 'Description', 'traffic-mirror-filter-id': 'TrafficMirrorFilterId' },
  })

export const deleteTrafficMirrorFilter: Ec2Handler = (input, { state }) => {
  const filter = state.mirrorFilters.named(input)
  const { TrafficMirrorFilterId } = filter
  if (state.mirrorSessions.all().some((each) => each.TrafficMirrorFilterId === TrafficMirrorFilterId))
    throw inUse('TrafficMirrorFilter', TrafficMirrorFilterId)
  state.mirrorFilters.delete(filter)
  return { TrafficMirrorFilterId }
}

export const modifyTrafficMirrorFilterNetworkServices: Ec2Handler = (input, { state }) => {
  const filter = state.mirrorFilters.named(input)
  const removed: string[] = input.RemoveNetworkServices ?? []
  const services = new Set<string>([...filter.NetworkServices, ...(input.AddNetworkServices ?? [])])
  state.mirrorFilters.update(filter, { NetworkServices: [...services].filter((each) => !removed.includes(each)) })
  return { TrafficMirrorFilter: filterShown(filter) }
}

// --- their rules -------------------------------------------------------------------------------------------------------

const ruleMembers = [
  'TrafficDirection',
  'RuleNumber',
  'RuleAction',
  'DestinationPortRange',
  'SourcePortRange',
  'Protocol',
  'DestinationCidrBlock',
  'SourceCidrBlock',
  'Description',
] as const

function ruleIn(input: any): Partial<MirrorRule> {
  oneOf('trafficDirection', input.TrafficDirection, ['ingress', 'egress'])
  oneOf('ruleAction', input.RuleAction, ['accept', 'reject'])
  const { RuleNumber } = input
  if (RuleNumber !== undefined && (RuleNumber < 1 || RuleNumber > 32_766))
    throw invalidParameter('ruleNumber', RuleNumber, 'It must be between 1 and 32766.')
  for (const name of ['DestinationCidrBlock', 'SourceCidrBlock'])
    if (input[name] !== undefined && !canonical(input[name]))
      throw invalidParameter(name, input[name], 'This is not a valid CIDR block.')
  const given = ruleMembers.filter((name) => input[name] !== undefined)
  return Object.fromEntries(given.map((name) => [name, input[name]]))
}

function checkNumber(filter: MirrorFilter, rule: MirrorRule): void {
  const twice = filter.rules.some(
    (each) =>
      each.TrafficMirrorFilterRuleId !== rule.TrafficMirrorFilterRuleId &&
      each.RuleNumber === rule.RuleNumber &&
      each.TrafficDirection === rule.TrafficDirection,
  )
  if (twice)
    throw new AwsError(
      'TrafficMirrorFilterRuleAlreadyExists',
      `The ${rule.TrafficDirection} rule number ${rule.RuleNumber} already exists in ${filter.TrafficMirrorFilterId}.`,
    )
}

export const createTrafficMirrorFilterRule: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'TrafficDirection', 'RuleNumber', 'RuleAction')
    need(input, 'DestinationCidrBlock', 'SourceCidrBlock')
    const filter = state.mirrorFilters.named(input)
    const rule = {
      TrafficMirrorFilterRuleId: newId('tmfr'),
      TrafficMirrorFilterId: filter.TrafficMirrorFilterId,
      ...ruleIn(input),
      Tags: tagsFor(input, 'traffic-mirror-filter-rule'),
    } as MirrorRule
    checkNumber(filter, rule)
    state.mirrorFilters.update(filter, { rules: [...filter.rules, rule] })
    return { TrafficMirrorFilterRule: rule, ClientToken: input.ClientToken }
  })

function ruleOf(state: Ec2, input: any): { filter: MirrorFilter; rule: MirrorRule } {
  need(input, 'TrafficMirrorFilterRuleId')
  const id: string = input.TrafficMirrorFilterRuleId
  for (const filter of state.mirrorFilters.all()) {
    const rule = filter.rules.find((each) => each.TrafficMirrorFilterRuleId === id)
    if (rule) return { filter, rule }
  }
  throw ruleNotFound(id)
}

function ruleNotFound(id: string): AwsError {
  return new AwsError('InvalidTrafficMirrorFilterRuleId.NotFound', `Traffic Mirror Filter Rule ${id} does not exist.`)
}

export const modifyTrafficMirrorFilterRule: Ec2Handler = (input, { state }) => {
  const { filter, rule } = ruleOf(state, input)
  Object.assign(rule, ruleIn(input))
  const removable = {
    'destination-port-range': 'DestinationPortRange',
    'source-port-range': 'SourcePortRange',
    protocol: 'Protocol',
    description: 'Description',
  } as const
  for (const name of input.RemoveFields ?? []) delete rule[removable[name as keyof typeof removable]]
  checkNumber(filter, rule)
  state.mirrorFilters.put(filter)
  return { TrafficMirrorFilterRule: rule }
}

export const deleteTrafficMirrorFilterRule: Ec2Handler = (input, { state }) => {
  const { filter, rule } = ruleOf(state, input)
  state.mirrorFilters.update(filter, { rules: filter.rules.filter((each) => each !== rule) })
  return { TrafficMirrorFilterRuleId: rule.TrafficMirrorFilterRuleId }
}

export const describeTrafficMirrorFilterRules: Ec2Handler = (input, { state }) => {
  const within: string | undefined = input.TrafficMirrorFilterId
  const filters = within === undefined ? state.mirrorFilters.all() : [state.mirrorFilters.find(within)]
  const all = filters.flatMap(({ rules }) => rules).map((rule, order) => ({ ...rule, order }))
  const findAll = (ids: readonly string[]) =>
    ids.map((id) => {
      const found = all.find((each) => each.TrafficMirrorFilterRuleId === id)
      if (!found) throw ruleNotFound(id)
      return found
    })
  return describe({ all: () => all, findAll }, input, {
    ids: 'TrafficMirrorFilterRuleIds',
    list: 'TrafficMirrorFilterRules',
    pages: [5, 1000],
    filters: {
      'traffic-mirror-filter-rule-id': 'TrafficMirrorFilterRuleId',
      'traffic-mirror-filter-id': 'TrafficMirrorFilterId',
      'rule-number': 'RuleNumber',
      'rule-action': 'RuleAction',
      'traffic-direction': 'TrafficDirection',
      protocol: 'Protocol',
      'source-cidr-block': 'SourceCidrBlock',
      'destination-cidr-block': 'DestinationCidrBlock',
      description: 'Description',
    },
  })
}

// --- targets -----------------------------------------------------------------------------------------------------------

const targetTypes = {
  NetworkInterfaceId: 'network-interface',
  NetworkLoadBalancerArn: 'network-load-balancer',
  GatewayLoadBalancerEndpointId: 'gateway-load-balancer-endpoint',
} as const

export const createTrafficMirrorTarget: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    const names = Object.keys(targetTypes) as (keyof typeof targetTypes)[]
    const [name, ...more] = names.filter((each) => input[each] !== undefined)
    if (name === undefined || more.length > 0)
      throw new AwsError(
        'InvalidInput',
        'Invalid number of inputs. Only 1 of NetworkInterfaceId, NetworkLoadBalancerArn or GatewayLoadBalancerEndpointId required.',
      )
    if (name === 'NetworkInterfaceId') state.interfaces.named(input)
    if (name === 'GatewayLoadBalancerEndpointId') state.endpoints.named(input, 'GatewayLoadBalancerEndpointId')
    const target = state.mirrorTargets.add({
      [name]: input[name],
      Type: targetTypes[name],
      ...(input.Description !== undefined && { Description: input.Description }),
      OwnerId: state.account,
      Tags: tagsFor(input, 'traffic-mirror-target'),
    })
    return { TrafficMirrorTarget: target, ClientToken: input.ClientToken }
  })

export const describeTrafficMirrorTargets: Ec2Handler = (input, { state }) =>
  describe(state.mirrorTargets, input, {
    ids: 'TrafficMirrorTargetIds',
    list: 'TrafficMirrorTargets',
    pages: [5, 1000],
    filters: {
      description: 'Description',
      'network-interface-id': 'NetworkInterfaceId',
      'network-load-balancer-arn': 'NetworkLoadBalancerArn',
      'owner-id': 'OwnerId',
      'traffic-mirror-target-id': 'TrafficMirrorTargetId',
    },
  })

export const deleteTrafficMirrorTarget: Ec2Handler = (input, { state }) => {
  const target = state.mirrorTargets.named(input)
  const { TrafficMirrorTargetId } = target
  if (state.mirrorSessions.all().some((each) => each.TrafficMirrorTargetId === TrafficMirrorTargetId))
    throw inUse('TrafficMirrorTarget', TrafficMirrorTargetId)
  state.mirrorTargets.delete(target)
  return { TrafficMirrorTargetId }
}

// --- sessions ----------------------------------------------------------------------------------------------------------

function sessionIn(state: Ec2, input: any, was?: MirrorSession): Partial<MirrorSession> {
  const { TrafficMirrorTargetId, TrafficMirrorFilterId, SessionNumber, PacketLength, VirtualNetworkId } = input
  if (TrafficMirrorTargetId !== undefined) state.mirrorTargets.find(TrafficMirrorTargetId)
  if (TrafficMirrorFilterId !== undefined) state.mirrorFilters.find(TrafficMirrorFilterId)
  if (SessionNumber !== undefined && (SessionNumber < 1 || SessionNumber > 32_766))
    throw invalidParameter('sessionNumber', SessionNumber, 'It must be between 1 and 32766.')
  const source: string = was?.NetworkInterfaceId ?? input.NetworkInterfaceId
  const twice = state.mirrorSessions
    .all()
    .some(
      (each) =>
        each.NetworkInterfaceId === source &&
        each.SessionNumber === SessionNumber &&
        each.TrafficMirrorSessionId !== was?.TrafficMirrorSessionId,
    )
  if (twice) throw badCombination(`The session number ${SessionNumber} is already in use by ${source}.`)
  return {
    ...(TrafficMirrorTargetId !== undefined && { TrafficMirrorTargetId }),
    ...(TrafficMirrorFilterId !== undefined && { TrafficMirrorFilterId }),
    ...(SessionNumber !== undefined && { SessionNumber }),
    ...(PacketLength !== undefined && { PacketLength }),
    ...(VirtualNetworkId !== undefined && { VirtualNetworkId }),
    ...(input.Description !== undefined && { Description: input.Description }),
  }
}

export const createTrafficMirrorSession: Ec2Handler = (input, context) =>
  once(context, input, () => {
    const { state } = context
    need(input, 'TrafficMirrorTargetId', 'TrafficMirrorFilterId', 'SessionNumber')
    const { NetworkInterfaceId, Attachment } = state.interfaces.named(input)
    if (Attachment?.InstanceId === undefined)
      throw invalidValue(`${NetworkInterfaceId} must be attached to an instance.`)
    const session = state.mirrorSessions.add({
      NetworkInterfaceId,
      OwnerId: state.account,
      VirtualNetworkId: Math.floor(Math.random() * 16_777_216),
      ...sessionIn(state, input),
      Tags: tagsFor(input, 'traffic-mirror-session'),
    } as Omit<MirrorSession, 'order' | 'TrafficMirrorSessionId'>)
    return { TrafficMirrorSession: session, ClientToken: input.ClientToken }
  })

export const describeTrafficMirrorSessions: Ec2Handler = (input, { state }) =>
  describe(state.mirrorSessions, input, {
    ids: 'TrafficMirrorSessionIds',
    list: 'TrafficMirrorSessions',
    pages: [5, 1000],
    filters: {
      description: 'Description',
      'network-interface-id': 'NetworkInterfaceId',
      'owner-id': 'OwnerId',
      'packet-length': 'PacketLength',
      'session-number': 'SessionNumber',
      'traffic-mirror-filter-id': 'TrafficMirrorFilterId',
      'traffic-mirror-session-id': 'TrafficMirrorSessionId',
      'traffic-mirror-target-id': 'TrafficMirrorTargetId',
      'virtual-network-id': 'VirtualNetworkId',
    },
  })

export const modifyTrafficMirrorSession: Ec2Handler = (input, { state }) => {
  const session = state.mirrorSessions.named(input)
  Object.assign(session, sessionIn(state, input, session))
  const removable = {
    'packet-length': 'PacketLength',
    description: 'Description',
    'virtual-network-id': 'VirtualNetworkId',
  } as const
  for (const name of input.RemoveFields ?? []) delete session[removable[name as keyof typeof removable]]
  return { TrafficMirrorSession: state.mirrorSessions.put(session) }
}

export const deleteTrafficMirrorSession: Ec2Handler = (input, { state }) => {
  const session = state.mirrorSessions.named(input)
  state.mirrorSessions.delete(session)
  return { TrafficMirrorSessionId: session.TrafficMirrorSessionId }
}
