// VPC peering connections, between regions and accounts of this world too: each side keeps its own copy.

import { AwsError } from '../../../../lib/errors.ts'
import { overlaps, parseBlock } from '../cidr.ts'
import { describe } from '../describe.ts'
import { missingParameter, need } from '../errors.ts'
import type { PeeringSide, Vpc, VpcPeering } from '../records.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'

const week = 7 * 24 * 3_600_000

export const createVpcPeeringConnection: Ec2Handler = (input, { state }) => {
  need(input, 'VpcId')
  if (input.PeerVpcId === undefined) throw missingParameter('peerVpcId')
  const vpc = state.vpcs.named(input)
  const owner: string = input.PeerOwnerId ?? state.account
  const region: string = input.PeerRegion ?? state.region
  const peer = state.at(owner, region).vpcs.get(input.PeerVpcId)
  if (!peer && owner === state.account) throw state.vpcs.kind.missing([input.PeerVpcId])
  const fails =
    !peer || blocksOf(vpc).some((own) => blocksOf(peer).some((other) => overlaps(parseBlock(own)!, parseBlock(other)!)))
  const peering = state.peerings.add({
    RequesterVpcInfo: sideOf(vpc, state.region),
    AccepterVpcInfo: { VpcId: input.PeerVpcId, OwnerId: owner, Region: region },
    ExpirationTime: moment(state.now + week),
    Status: { Code: 'initiating-request', Message: `Initiating Request to ${owner}` },
    later: fails
      ? [
          {
            at: state.after(2),
            change: {
              Status: {
                Code: 'failed',
                Message: 'Failed due to incorrect VPC-ID, Account ID, or overlapping CIDR range',
              },
            },
          },
          { at: state.now + 2 * 3_600_000, change: {}, gone: true },
        ]
      : [
          {
            at: state.after(2),
            change: { Status: { Code: 'pending-acceptance', Message: `Pending Acceptance by ${owner}` } },
          },
          { at: state.now + week, change: { Status: { Code: 'expired', Message: 'Expired' } } },
        ],
    Tags: tagsFor(input, 'vpc-peering-connection'),
  })
  if (!fails) mirror(state, peering)
  return { VpcPeeringConnection: peering }
}

function blocksOf(vpc: Vpc): string[] {
  return vpc.CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock)
}

function sideOf(vpc: Vpc, Region: string): PeeringSide {
  return {
    VpcId: vpc.VpcId,
    OwnerId: vpc.OwnerId,
    Region,
    CidrBlock: vpc.CidrBlock,
    CidrBlockSet: blocksOf(vpc).map((CidrBlock) => ({ CidrBlock })),
    PeeringOptions: {
      AllowDnsResolutionFromRemoteVpc: false,
      AllowEgressFromLocalClassicLinkToRemoteVpc: false,
      AllowEgressFromLocalVpcToRemoteClassicLink: false,
    },
  }
}

/** Keeps the other side's copy as this one; tags are each side's own. */
function mirror(state: Ec2, peering: VpcPeering): void {
  for (const { OwnerId, Region } of [peering.RequesterVpcInfo, peering.AccepterVpcInfo]) {
    const there = state.at(OwnerId, Region)
    if (there === state) continue
    const Tags = there.peerings.get(peering.VpcPeeringConnectionId)?.Tags ?? []
    there.peerings.put({ ...peering, Tags })
  }
}

function become(state: Ec2, peering: VpcPeering, now: VpcPeering['Status'], soon?: VpcPeering['Status']): void {
  state.peerings.update(peering, {
    Status: now,
    later: soon ? [{ at: state.after(2), change: { Status: soon } }] : [],
  })
  mirror(state, peering)
}

function checkPending(peering: VpcPeering, wanted: string): void {
  if (peering.Status.Code !== 'pending-acceptance')
    throw new AwsError(
      'InvalidStateTransition',
      `Invalid state transition for ${peering.VpcPeeringConnectionId}, attempted to transition from ${peering.Status.Code} to ${wanted}`,
    )
}

/** Only whom it is offered to, and where, answers the offer. */
function checkAccepter(state: Ec2, peering: VpcPeering, answer: 'accept' | 'reject'): PeeringSide {
  const { OwnerId, Region } = peering.AccepterVpcInfo
  if (OwnerId === state.account && Region === state.region) return peering.AccepterVpcInfo
  const id = peering.VpcPeeringConnectionId
  throw new AwsError(
    'OperationNotPermitted',
    OwnerId === state.account
      ? `Incorrect region (${state.region}) specified for this request. VPC peering connection ${id} must be ${answer}ed in region ${Region}`
      : `User ${state.account} cannot ${answer} peering ${id}`,
  )
}

export const acceptVpcPeeringConnection: Ec2Handler = (input, { state }) => {
  const peering = state.peerings.named(input)
  const { VpcId } = checkAccepter(state, peering, 'accept')
  checkPending(peering, 'active')
  peering.AccepterVpcInfo = sideOf(state.vpcs.find(VpcId), state.region)
  delete peering.ExpirationTime
  become(state, peering, { Code: 'provisioning', Message: 'Provisioning' }, { Code: 'active', Message: 'Active' })
  return { VpcPeeringConnection: peering }
}

export const rejectVpcPeeringConnection: Ec2Handler = (input, { state }) => {
  const peering = state.peerings.named(input)
  checkAccepter(state, peering, 'reject')
  checkPending(peering, 'rejected')
  become(state, peering, { Code: 'rejected', Message: 'Inactive' })
  return { Return: true }
}

export const deleteVpcPeeringConnection: Ec2Handler = (input, { state }) => {
  const peering = state.peerings.named(input)
  become(state, peering, { Code: 'deleted', Message: `Deleted by ${state.account}` })
  return { Return: true }
}

const sideFilters = (prefix: string, member: string): Record<string, string> => ({
  [`${prefix}.cidr-block`]: `${member}.CidrBlock`,
  [`${prefix}.owner-id`]: `${member}.OwnerId`,
  [`${prefix}.vpc-id`]: `${member}.VpcId`,
})

export const describeVpcPeeringConnections: Ec2Handler = (input, { state }) =>
  describe(state.peerings, input, {
    ids: 'VpcPeeringConnectionIds',
    list: 'VpcPeeringConnections',
    pages: [5, 1000],
    filters: {
      ...sideFilters('accepter-vpc-info', 'AccepterVpcInfo'),
      ...sideFilters('requester-vpc-info', 'RequesterVpcInfo'),
      'expiration-time': 'ExpirationTime',
      'status-code': 'Status.Code',
      'status-message': 'Status.Message',
      'vpc-peering-connection-id': 'VpcPeeringConnectionId',
    },
  })

export const modifyVpcPeeringConnectionOptions: Ec2Handler = (input, { state }) => {
  const peering = state.peerings.named(input)
  if (peering.Status.Code !== 'active')
    throw new AwsError(
      'OperationNotPermitted',
      `Peering ${peering.VpcPeeringConnectionId} is not active. Peering options can be added only to active peerings.`,
    )
  const output: Record<string, unknown> = {}
  for (const side of ['Requester', 'Accepter'] as const) {
    const given = input[`${side}PeeringConnectionOptions`]
    if (!given) continue
    const info = peering[`${side}VpcInfo`]
    info.PeeringOptions = { ...info.PeeringOptions, ...given }
    output[`${side}PeeringConnectionOptions`] = info.PeeringOptions
  }
  state.peerings.put(peering)
  mirror(state, peering)
  return output
}
