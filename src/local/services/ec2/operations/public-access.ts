// Block Public Access of VPCs: no way to or from the internet in a region, but for the VPCs and subnets that are excluded.

import { AwsError } from '../../../../lib/errors.ts'
import { describe } from '../describe.ts'
import { badCombination, need, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

function optionsShown(state: Ec2): object {
  const { internetBlock } = state.settings()
  return {
    AwsAccountId: state.account,
    AwsRegion: state.region,
    State: internetBlock ? 'update-complete' : 'default-state',
    InternetGatewayBlockMode: internetBlock?.mode ?? 'off',
    ...(internetBlock && { LastUpdateTimestamp: moment(internetBlock.at) }),
    ManagedBy: 'account',
    ExclusionsAllowed: 'allowed',
  }
}

export const describeVpcBlockPublicAccessOptions: Ec2Handler = (_input, { state }) => ({
  VpcBlockPublicAccessOptions: optionsShown(state),
})

const modes = ['off', 'block-bidirectional', 'block-ingress'] as const

export const modifyVpcBlockPublicAccessOptions: Ec2Handler = (input, { state }) => {
  need(input, 'InternetGatewayBlockMode')
  const mode = oneOf('internetGatewayBlockMode', input.InternetGatewayBlockMode, modes)!
  state.changeSettings({ internetBlock: { mode, at: state.now } })
  return { VpcBlockPublicAccessOptions: { ...optionsShown(state), State: 'update-in-progress' } }
}

const exclusionModes = ['allow-bidirectional', 'allow-egress'] as const

export const createVpcBlockPublicAccessExclusion: Ec2Handler = (input, { state }) => {
  need(input, 'InternetGatewayExclusionMode')
  const { VpcId, SubnetId } = input
  if ((VpcId === undefined) === (SubnetId === undefined)) throw badCombination('Specify either VpcId or SubnetId.')
  const path =
    SubnetId === undefined ? `vpc/${state.vpcs.find(VpcId).VpcId}` : `subnet/${state.subnets.find(SubnetId).SubnetId}`
  const ResourceArn = `arn:aws:ec2:${state.region}:${state.account}:${path}`
  const twice = state.accessExclusions
    .all()
    .some((each) => each.ResourceArn === ResourceArn && each.State !== 'delete-complete')
  if (twice)
    throw new AwsError('VpcBlockPublicAccessExclusionAlreadyExists', `There is an exclusion of ${ResourceArn} already.`)
  const exclusion = state.accessExclusions.add({
    InternetGatewayExclusionMode: oneOf(
      'internetGatewayExclusionMode',
      input.InternetGatewayExclusionMode,
      exclusionModes,
    )!,
    ResourceArn,
    State: 'create-in-progress',
    later: [{ at: state.after(30), change: { State: 'create-complete' } }],
    CreationTimestamp: moment(state.now),
    LastUpdateTimestamp: moment(state.now),
    Tags: tagsFor(input, 'vpc-block-public-access-exclusion'),
  })
  return { VpcBlockPublicAccessExclusion: exclusion }
}

export const describeVpcBlockPublicAccessExclusions: Ec2Handler = (input, { state }) =>
  describe(state.accessExclusions, input, {
    ids: 'ExclusionIds',
    list: 'VpcBlockPublicAccessExclusions',
    pages: [5, 1000],
    filters: {
      'resource-arn': 'ResourceArn',
      'internet-gateway-exclusion-mode': 'InternetGatewayExclusionMode',
      state: 'State',
    },
  })

export const modifyVpcBlockPublicAccessExclusion: Ec2Handler = (input, { state }) => {
  need(input, 'InternetGatewayExclusionMode')
  const exclusion = state.accessExclusions.named(input)
  state.accessExclusions.update(exclusion, {
    InternetGatewayExclusionMode: oneOf(
      'internetGatewayExclusionMode',
      input.InternetGatewayExclusionMode,
      exclusionModes,
    )!,
    LastUpdateTimestamp: moment(state.now),
    State: 'update-in-progress',
    later: [{ at: state.after(30), change: { State: 'update-complete' } }],
  })
  return { VpcBlockPublicAccessExclusion: exclusion }
}

export const deleteVpcBlockPublicAccessExclusion: Ec2Handler = (input, { state }) => {
  const exclusion = state.accessExclusions.named(input)
  state.accessExclusions.update(exclusion, {
    DeletionTimestamp: moment(state.now),
    State: 'delete-in-progress',
    later: [
      { at: state.after(30), change: { State: 'delete-complete' } },
      { at: state.now + 3_600_000, change: {}, gone: true },
    ],
  })
  return { VpcBlockPublicAccessExclusion: exclusion }
}
