// Transit gateways: the hubs to which VPCs, VPN connections and other hubs are attached.

import { parseBlock } from '../cidr.ts'
import { describe } from '../describe.ts'
import { incorrectState, invalidParameter, limitExceeded, oneOf } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { addTransitTable, isThere } from '../transit.ts'
import type { TransitGateway } from '../transit-records.ts'

const hour = 3_600_000
const switches = [
  'AutoAcceptSharedAttachments',
  'DefaultRouteTableAssociation',
  'DefaultRouteTablePropagation',
  'VpnEcmpSupport',
  'DnsSupport',
  'SecurityGroupReferencingSupport',
  'MulticastSupport',
] as const
const off = new Set<string>(['AutoAcceptSharedAttachments', 'SecurityGroupReferencingSupport', 'MulticastSupport'])

/** The options that are turned on or off, as they are given. */
function switched(given: Record<string, unknown>): Partial<TransitGateway['Options']> {
  const chosen = switches.map((name) => [name, oneOf(name, given[name], ['enable', 'disable'])] as const)
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined))
}

function checkedBlocks(blocks: readonly string[]): string[] {
  for (const block of blocks)
    if (!parseBlock(block)) throw invalidParameter('transitGatewayCidrBlocks', block, 'This is not a valid CIDR block.')
  return [...blocks]
}

export const createTransitGateway: Ec2Handler = (input, context) => {
  const { state, quota } = context
  const given = input.Options ?? {}
  if (state.transitGateways.all().filter(isThere).length >= quota('ec2', 'L-A2478D36'))
    throw limitExceeded('TransitGatewayLimitExceeded', 'You have reached the maximum number of transit gateways.')
  const AmazonSideAsn = Number(given.AmazonSideAsn ?? 64_512)
  checkAsn(AmazonSideAsn)
  const gateway = state.transitGateways.add({
    TransitGatewayArn: '',
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    OwnerId: state.account,
    ...(input.Description !== undefined && { Description: input.Description }),
    CreationTime: moment(state.now),
    Options: {
      AmazonSideAsn,
      ...(given.TransitGatewayCidrBlocks && {
        TransitGatewayCidrBlocks: checkedBlocks(given.TransitGatewayCidrBlocks),
      }),
      ...(Object.fromEntries(switches.map((name) => [name, off.has(name) ? 'disable' : 'enable'])) as any),
      ...switched(given),
    },
    Tags: tagsFor(input, 'transit-gateway'),
  })
  gateway.TransitGatewayArn = `arn:aws:ec2:${state.region}:${state.account}:transit-gateway/${gateway.TransitGatewayId}`
  const { Options } = gateway
  const associates = Options.DefaultRouteTableAssociation === 'enable'
  const propagates = Options.DefaultRouteTablePropagation === 'enable'
  if (associates || propagates) {
    const { TransitGatewayRouteTableId } = addTransitTable(state, gateway, { associates, propagates })
    if (associates) Options.AssociationDefaultRouteTableId = TransitGatewayRouteTableId
    if (propagates) Options.PropagationDefaultRouteTableId = TransitGatewayRouteTableId
  }
  return { TransitGateway: state.transitGateways.put(gateway) }
}

/** A private number: 64512–65534, or 4200000000–4294967294. */
function checkAsn(asn: number): void {
  if ((asn >= 64_512 && asn <= 65_534) || (asn >= 4_200_000_000 && asn <= 4_294_967_294)) return
  throw invalidParameter(
    'amazonSideAsn',
    asn,
    'Use a private ASN in the range of 64512-65534 or 4200000000-4294967294.',
  )
}

export const describeTransitGateways: Ec2Handler = (input, { state }) =>
  describe(state.transitGateways, input, {
    ids: 'TransitGatewayIds',
    list: 'TransitGateways',
    pages: [5, 1000],
    filters: {
      'options.propagation-default-route-table-id': 'Options.PropagationDefaultRouteTableId',
      'options.amazon-side-asn': 'Options.AmazonSideAsn',
      'options.association-default-route-table-id': 'Options.AssociationDefaultRouteTableId',
      'options.auto-accept-shared-attachments': 'Options.AutoAcceptSharedAttachments',
      'options.default-route-table-association': 'Options.DefaultRouteTableAssociation',
      'options.default-route-table-propagation': 'Options.DefaultRouteTablePropagation',
      'options.dns-support': 'Options.DnsSupport',
      'options.vpn-ecmp-support': 'Options.VpnEcmpSupport',
      'owner-id': 'OwnerId',
      state: 'State',
      'transit-gateway-id': 'TransitGatewayId',
    },
  })

export const modifyTransitGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.transitGateways.named(input)
  if (!isThere(gateway)) throw state.transitGateways.kind.missing([gateway.TransitGatewayId])
  const given = input.Options ?? {}
  const { Options } = gateway
  const removed: string[] = given.RemoveTransitGatewayCidrBlocks ?? []
  const added = checkedBlocks(given.AddTransitGatewayCidrBlocks ?? [])
  const blocks = new Set([...(Options.TransitGatewayCidrBlocks ?? []), ...added])
  Object.assign(Options, switched(given))
  if (blocks.size > 0) Options.TransitGatewayCidrBlocks = [...blocks].filter((each) => !removed.includes(each))
  if (given.AmazonSideAsn !== undefined) {
    checkAsn(Number(given.AmazonSideAsn))
    Options.AmazonSideAsn = Number(given.AmazonSideAsn)
  }
  for (const [name, flag] of defaults) {
    const chosen = given[name]
    if (chosen !== undefined) Options[name] = state.transitTables.find(chosen).TransitGatewayRouteTableId
    for (const table of state.transitTables.all())
      if (table.TransitGatewayId === gateway.TransitGatewayId)
        state.transitTables.update(table, { [flag]: table.TransitGatewayRouteTableId === Options[name] })
  }
  if (input.Description !== undefined) gateway.Description = input.Description
  state.transitGateways.put(gateway)
  return { TransitGateway: { ...gateway, State: 'modifying' } }
}

const defaults = [
  ['AssociationDefaultRouteTableId', 'DefaultAssociationRouteTable'],
  ['PropagationDefaultRouteTableId', 'DefaultPropagationRouteTable'],
] as const

export const deleteTransitGateway: Ec2Handler = (input, { state }) => {
  const gateway = state.transitGateways.named(input)
  const { TransitGatewayId } = gateway
  if (!isThere(gateway)) throw state.transitGateways.kind.missing([TransitGatewayId])
  const attached = state.transitAttachments
    .all()
    .filter((each) => each.TransitGatewayId === TransitGatewayId && isThere(each))
  for (const [type, what] of Object.entries({ vpc: 'VPC', vpn: 'VPN', peering: 'Transit Gateway Peering' })) {
    const ids = attached.filter((each) => each.ResourceType === type).map((each) => each.TransitGatewayAttachmentId)
    if (ids.length > 0)
      throw incorrectState(`${TransitGatewayId} has non-deleted ${what} Attachments: ${ids.join(', ')}.`)
  }
  for (const table of state.transitTables.all())
    if (table.TransitGatewayId === TransitGatewayId) state.transitTables.delete(table)
  state.transitGateways.update(gateway, {
    State: 'deleting',
    later: [
      { at: state.after(60), change: { State: 'deleted' } },
      { at: state.now + hour, change: {}, gone: true },
    ],
  })
  return { TransitGateway: gateway }
}
