// Connect attachments: tunnels (GRE) through a VPC's attachment to appliances in it, and the peers at their ends. Nothing is
// at the other end, so that BGP stays down.
// https://docs.aws.amazon.com/vpc/latest/tgw/tgw-connect.html

import { contains, formatAddress, formatBlock, overlaps, parseAddress, parseBlock, sizeOf } from '../cidr.ts'
import { describe } from '../describe.ts'
import { incorrectState, invalidParameter, invalidValue, missingParameter, need } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { attach, attachmentOf, attachmentsOf, detach, isThere, usableGateway } from '../transit.ts'
import type { ConnectPeer, TransitAttachment, TransitGateway } from '../transit-records.ts'

const connectShown = (attachment: TransitAttachment): object => ({
  ...attachment,
  TransportTransitGatewayAttachmentId: attachment.ResourceId,
})

export const createTransitGatewayConnect: Ec2Handler = (input, { state }) => {
  need(input, 'TransportTransitGatewayAttachmentId')
  if (input.Options?.Protocol !== 'gre') throw invalidParameter('protocol', input.Options?.Protocol)
  const transport = state.transitAttachments.named(input, 'TransportTransitGatewayAttachmentId')
  if (transport.ResourceType !== 'vpc')
    throw invalidParameter('transportTransitGatewayAttachmentId', transport.TransitGatewayAttachmentId)
  if (transport.State !== 'available')
    throw incorrectState(`${transport.TransitGatewayAttachmentId} is in invalid state`)
  const attachment = attach(state, usableGateway(state, transport.TransitGatewayId), {
    ResourceType: 'connect',
    ResourceId: transport.TransitGatewayAttachmentId,
    ResourceOwnerId: state.account,
    Options: { Protocol: 'gre' },
    Tags: tagsFor(input, 'transit-gateway-attachment'),
  })
  return { TransitGatewayConnect: connectShown(attachment) }
}

export const describeTransitGatewayConnects: Ec2Handler = (input, { state }) =>
  describe(attachmentsOf(state, 'connect'), input, {
    ids: 'TransitGatewayAttachmentIds',
    list: 'TransitGatewayConnects',
    pages: [5, 1000],
    shown: connectShown,
    filters: {
      'options.protocol': 'Options.Protocol',
      state: 'State',
      'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
      'transit-gateway-id': 'TransitGatewayId',
      'transport-transit-gateway-attachment-id': 'TransportTransitGatewayAttachmentId',
    },
  })

function peersOf(state: Ec2, { TransitGatewayAttachmentId: id }: TransitAttachment): ConnectPeer[] {
  return state.connectPeers.all().filter((each) => each.TransitGatewayAttachmentId === id && isThere(each))
}

export const deleteTransitGatewayConnect: Ec2Handler = (input, { state }) => {
  const attachment = attachmentOf(state, 'connect', input)
  if (!isThere(attachment)) throw incorrectState(`${attachment.TransitGatewayAttachmentId} is in invalid state`)
  if (peersOf(state, attachment).length > 0)
    throw incorrectState(`${attachment.TransitGatewayAttachmentId} has non-deleted Connect peers.`)
  return { TransitGatewayConnect: connectShown(detach(state, attachment)) }
}

// --- peers -----------------------------------------------------------------------------------------------------------

export const createTransitGatewayConnectPeer: Ec2Handler = (input, { state }) => {
  const attachment = attachmentOf(state, 'connect', input)
  need(input, 'PeerAddress')
  if (!input.InsideCidrBlocks?.length) throw missingParameter('InsideCidrBlocks')
  if (attachment.State !== 'available')
    throw incorrectState(`${attachment.TransitGatewayAttachmentId} is in invalid state`)
  const gateway = usableGateway(state, attachment.TransitGatewayId)
  if (parseAddress(input.PeerAddress) === undefined)
    throw invalidParameter('peerAddress', input.PeerAddress, 'This is not a valid IP address.')
  const InsideCidrBlocks = insideBlocks(state, gateway, input.InsideCidrBlocks)
  const TransitGatewayAsn = gateway.Options.AmazonSideAsn
  const PeerAsn = Number(input.BgpOptions?.PeerAsn ?? TransitGatewayAsn)
  const peer = state.connectPeers.add({
    TransitGatewayAttachmentId: attachment.TransitGatewayAttachmentId,
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    CreationTime: moment(state.now),
    ConnectPeerConfiguration: {
      TransitGatewayAddress: outsideAddress(state, gateway, input.TransitGatewayAddress),
      PeerAddress: input.PeerAddress,
      InsideCidrBlocks,
      Protocol: 'gre',
      // The peer has the first address of each block, the gateway the next two.
      BgpConfigurations: InsideCidrBlocks.flatMap((text) => {
        const { first, version } = parseBlock(text)!
        return [2n, 3n].map((own) => ({
          TransitGatewayAsn,
          PeerAsn,
          TransitGatewayAddress: formatAddress(first + own, version),
          PeerAddress: formatAddress(first + 1n, version),
          BgpStatus: 'down',
        }))
      }),
    },
    gateway: gateway.TransitGatewayId,
    Tags: tagsFor(input, 'transit-gateway-connect-peer'),
  })
  return { TransitGatewayConnectPeer: peer }
}

function peersAt(state: Ec2, { TransitGatewayId }: TransitGateway): ConnectPeer[] {
  return state.connectPeers.all().filter((each) => each.gateway === TransitGatewayId && isThere(each))
}

const linkLocal = parseBlock('169.254.0.0/16')!
const uniqueLocal = parseBlock('fd00::/8')!
const reserved = [0, 1, 2, 3, 4, 5]
  .map((i) => parseBlock(`169.254.${i}.0/29`)!)
  .concat(parseBlock('169.254.169.248/29')!)

/** A /29 of 169.254.0.0/16 and perhaps a /125 of fd00::/8, each for one peer of the gateway. */
function insideBlocks(state: Ec2, gateway: TransitGateway, given: readonly string[]): string[] {
  const taken = peersAt(state, gateway).flatMap((each) => each.ConnectPeerConfiguration.InsideCidrBlocks)
  return given.map((text) => {
    const block = parseBlock(text)
    const fits =
      block?.version === 4
        ? block.length === 29 && contains(linkLocal, block) && !reserved.some((each) => overlaps(each, block))
        : block?.length === 125 && contains(uniqueLocal, block)
    if (!block || !fits) throw invalidParameter('insideCidrBlocks', text)
    if (taken.some((each) => overlaps(parseBlock(each)!, block)))
      throw invalidValue(`The CIDR block ${text} is in use by another Connect peer of ${gateway.TransitGatewayId}.`)
    return formatBlock(block)
  })
}

/** An address of the gateway's own blocks: the one that is named, or the next that no peer has. */
function outsideAddress(state: Ec2, gateway: TransitGateway, given: string | undefined): string {
  const blocks = (gateway.Options.TransitGatewayCidrBlocks ?? []).map((text) => parseBlock(text)!)
  if (blocks.length === 0) throw incorrectState(`${gateway.TransitGatewayId} has no CIDR blocks.`)
  const taken = new Set(peersAt(state, gateway).map((each) => each.ConnectPeerConfiguration.TransitGatewayAddress))
  if (given !== undefined) {
    const at = parseAddress(given)
    const isOwn = at !== undefined && blocks.some((block) => at >= block.first && at < block.first + sizeOf(block))
    if (!isOwn)
      throw invalidParameter('transitGatewayAddress', given, 'It is not within the CIDR blocks of the gateway.')
    return given
  }
  for (const block of blocks)
    for (let at = block.first + 1n; at < block.first + sizeOf(block); at++) {
      const address = formatAddress(at, block.version)
      if (!taken.has(address)) return address
    }
  throw incorrectState(`${gateway.TransitGatewayId} has no free addresses.`)
}

export const describeTransitGatewayConnectPeers: Ec2Handler = (input, { state }) =>
  describe(state.connectPeers, input, {
    ids: 'TransitGatewayConnectPeerIds',
    list: 'TransitGatewayConnectPeers',
    pages: [5, 1000],
    filters: {
      state: 'State',
      'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
      'transit-gateway-connect-peer-id': 'TransitGatewayConnectPeerId',
    },
  })

/** Told of for a while after it is gone, as AWS does. */
export const deleteTransitGatewayConnectPeer: Ec2Handler = (input, { state }) => {
  const peer = state.connectPeers.named(input)
  if (!isThere(peer)) throw incorrectState(`${peer.TransitGatewayConnectPeerId} is in invalid state`)
  state.connectPeers.update(peer, {
    State: 'deleting',
    later: [
      { at: state.after(60), change: { State: 'deleted' } },
      { at: state.now + 3_600_000, change: {}, gone: true },
    ],
  })
  return { TransitGatewayConnectPeer: peer }
}
