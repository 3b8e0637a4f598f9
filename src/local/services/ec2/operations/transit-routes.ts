// The route tables of transit gateways: who uses which, whose blocks they learn by themselves, and the routes in them.

import { AwsError } from '../../../../lib/errors.ts'
import { contains, formatBlock, parseBlock } from '../cidr.ts'
import { describe, listed } from '../describe.ts'
import { badCombination, incorrectState, invalidParameter, invalidValue, need } from '../errors.ts'
import { passing } from '../filters.ts'
import type { Ec2, Ec2Handler } from '../state.ts'
import { tagsFor } from '../tags.ts'
import { addTransitTable, isThere, tableFor, usableGateway } from '../transit.ts'
import type { TransitAttachment, TransitListReference, TransitRouteTable } from '../transit-records.ts'

export const createTransitGatewayRouteTable: Ec2Handler = (input, { state }) => {
  need(input, 'TransitGatewayId')
  const gateway = usableGateway(state, input.TransitGatewayId)
  const table = addTransitTable(state, gateway, { Tags: tagsFor(input, 'transit-gateway-route-table') })
  return { TransitGatewayRouteTable: table }
}

export const describeTransitGatewayRouteTables: Ec2Handler = (input, { state }) =>
  describe(state.transitTables, input, {
    ids: 'TransitGatewayRouteTableIds',
    list: 'TransitGatewayRouteTables',
    pages: [5, 1000],
    filters: {
      'default-association-route-table': 'DefaultAssociationRouteTable',
      'default-propagation-route-table': 'DefaultPropagationRouteTable',
      state: 'State',
      'transit-gateway-id': 'TransitGatewayId',
      'transit-gateway-route-table-id': 'TransitGatewayRouteTableId',
    },
  })

export const deleteTransitGatewayRouteTable: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const id = table.TransitGatewayRouteTableId
  if (table.DefaultAssociationRouteTable || table.DefaultPropagationRouteTable)
    throw incorrectState(`${id} is a default route table and cannot be deleted`)
  if (table.associations.length > 0) throw incorrectState(`${id} has non-deleted Transit Gateway Attachments`)
  state.transitTables.update(table, {
    State: 'deleting',
    later: [
      { at: state.after(30), change: { State: 'deleted' } },
      { at: state.now + 3_600_000, change: {}, gone: true },
    ],
  })
  return { TransitGatewayRouteTable: table }
}

function tableIn(state: Ec2, input: any): TransitRouteTable {
  const table = state.transitTables.named(input)
  if (!isThere(table)) throw state.transitTables.kind.missing([table.TransitGatewayRouteTableId])
  return table
}

/** The attachment, which must hang at the table's gateway. */
function attachmentIn(state: Ec2, input: any, table: TransitRouteTable): TransitAttachment {
  const attachment = state.transitAttachments.named(input)
  const id = attachment.TransitGatewayAttachmentId
  // Of two gateways here that are peers, either may name what is between them.
  const gateways = [attachment.TransitGatewayId, attachment.AccepterTgwInfo?.TransitGatewayId]
  if (!gateways.includes(table.TransitGatewayId))
    throw invalidValue(`${id} and ${table.TransitGatewayRouteTableId} belong to different transit gateways`)
  if (attachment.State !== 'available') throw incorrectState(`${id} is in invalid state`)
  return attachment
}

function named({ TransitGatewayAttachmentId, ResourceId, ResourceType }: TransitAttachment) {
  return { TransitGatewayAttachmentId, ResourceId, ResourceType }
}

// --- who uses it, and whose blocks it learns -------------------------------------------------------------------------

export const associateTransitGatewayRouteTable: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const attachment = attachmentIn(state, input, table)
  const id = attachment.TransitGatewayAttachmentId
  if (tableFor(state, id))
    throw new AwsError(
      'Resource.AlreadyAssociated',
      `Transit Gateway Attachment ${id} is already associated to a route table.`,
    )
  state.transitTables.update(table, { associations: [...table.associations, id] })
  const { TransitGatewayRouteTableId } = table
  return { Association: { TransitGatewayRouteTableId, ...named(attachment), State: 'associating' } }
}

export const disassociateTransitGatewayRouteTable: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const attachment = state.transitAttachments.named(input)
  const { TransitGatewayRouteTableId } = table
  const id = attachment.TransitGatewayAttachmentId
  if (!table.associations.includes(id))
    throw new AwsError(
      'InvalidAssociation.NotFound',
      `Association ${id} does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    )
  state.transitTables.update(table, { associations: table.associations.filter((each) => each !== id) })
  return { Association: { TransitGatewayRouteTableId, ...named(attachment), State: 'disassociating' } }
}

export const enableTransitGatewayRouteTablePropagation: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const attachment = attachmentIn(state, input, table)
  const { TransitGatewayRouteTableId } = table
  const id = attachment.TransitGatewayAttachmentId
  if (table.propagations.includes(id))
    throw new AwsError(
      'TransitGatewayRouteTablePropagation.Duplicate',
      `Propagation ${id} already exists in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    )
  if (attachment.ResourceType === 'peering')
    throw invalidValue(`${id} is a peering attachment, whose routes are not propagated`)
  state.transitTables.update(table, { propagations: [...table.propagations, id] })
  return { Propagation: { ...named(attachment), TransitGatewayRouteTableId, State: 'enabled' } }
}

export const disableTransitGatewayRouteTablePropagation: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const attachment = state.transitAttachments.named(input)
  const { TransitGatewayRouteTableId } = table
  const id = attachment.TransitGatewayAttachmentId
  if (!table.propagations.includes(id))
    throw new AwsError(
      'TransitGatewayRouteTablePropagation.NotFound',
      `Propagation ${id} does not exist in Transit Gateway Route Table ${TransitGatewayRouteTableId}.`,
    )
  state.transitTables.update(table, { propagations: table.propagations.filter((each) => each !== id) })
  return { Propagation: { ...named(attachment), TransitGatewayRouteTableId, State: 'disabled' } }
}

const listFilters = {
  'resource-id': 'ResourceId',
  'resource-type': 'ResourceType',
  'transit-gateway-attachment-id': 'TransitGatewayAttachmentId',
}

function attached(state: Ec2, input: any, ids: readonly string[], list: string, State: string): object {
  const attachments = state.transitAttachments.all().filter((each) => ids.includes(each.TransitGatewayAttachmentId))
  const shown = attachments.map((each) => ({ order: each.order, ...named(each), State }))
  return listed(shown, input, { list, filters: listFilters, pages: [5, 1000] })
}

export const getTransitGatewayRouteTableAssociations: Ec2Handler = (input, { state }) =>
  attached(state, input, tableIn(state, input).associations, 'Associations', 'associated')

export const getTransitGatewayRouteTablePropagations: Ec2Handler = (input, { state }) =>
  attached(state, input, tableIn(state, input).propagations, 'TransitGatewayRouteTablePropagations', 'enabled')

export const getTransitGatewayAttachmentPropagations: Ec2Handler = (input, { state }) => {
  const id = state.transitAttachments.named(input).TransitGatewayAttachmentId
  const filters = { 'transit-gateway-route-table-id': 'TransitGatewayRouteTableId' }
  const found = state.transitTables
    .all()
    .filter((table) => table.propagations.includes(id))
    .map(({ order, TransitGatewayRouteTableId }) => ({ order, TransitGatewayRouteTableId, State: 'enabled' }))
  return listed(found, input, { list: 'TransitGatewayAttachmentPropagations', filters, pages: [5, 1000] })
}

// --- routes ----------------------------------------------------------------------------------------------------------

interface Shown {
  DestinationCidrBlock: string
  PrefixListId?: string
  TransitGatewayAttachments?: ReturnType<typeof named>[]
  Type: 'static' | 'propagated'
  State: string
}

function block(input: any): string {
  need(input, 'DestinationCidrBlock')
  const parsed = parseBlock(input.DestinationCidrBlock)
  if (parsed) return formatBlock(parsed)
  throw invalidParameter('destinationCidrBlock', input.DestinationCidrBlock, 'This is not a valid CIDR block.')
}

function target(state: Ec2, input: any, table: TransitRouteTable): { attachment?: string } {
  if (input.Blackhole && input.TransitGatewayAttachmentId !== undefined)
    throw badCombination('The parameters transitGatewayAttachmentId and blackhole cannot be used together.')
  if (input.Blackhole) return {}
  return { attachment: attachmentIn(state, input, table).TransitGatewayAttachmentId }
}

function routeShown(state: Ec2, DestinationCidrBlock: string, attachment: string | undefined): Shown {
  const found = attachment === undefined ? undefined : state.transitAttachments.get(attachment)
  const leads = found !== undefined && isThere(found)
  return {
    DestinationCidrBlock,
    ...(found && { TransitGatewayAttachments: [named(found)] }),
    Type: 'static',
    State: leads ? 'active' : 'blackhole',
  }
}

export const createTransitGatewayRoute: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const DestinationCidrBlock = block(input)
  if (table.routes.some((each) => each.DestinationCidrBlock === DestinationCidrBlock))
    throw new AwsError(
      'RouteAlreadyExists',
      `Route ${DestinationCidrBlock} already exists in Transit Gateway Route Table ${table.TransitGatewayRouteTableId}.`,
    )
  const route = { DestinationCidrBlock, ...target(state, input, table) }
  state.transitTables.update(table, { routes: [...table.routes, route] })
  return { Route: routeShown(state, DestinationCidrBlock, route.attachment) }
}

function routeAt(table: TransitRouteTable, DestinationCidrBlock: string): number {
  const at = table.routes.findIndex((each) => each.DestinationCidrBlock === DestinationCidrBlock)
  if (at >= 0) return at
  throw new AwsError(
    'InvalidRoute.NotFound',
    `Route ${DestinationCidrBlock} not found in Transit Gateway Route Table ${table.TransitGatewayRouteTableId}.`,
  )
}

export const replaceTransitGatewayRoute: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const DestinationCidrBlock = block(input)
  const at = routeAt(table, DestinationCidrBlock)
  const route = { DestinationCidrBlock, ...target(state, input, table) }
  state.transitTables.update(table, { routes: table.routes.with(at, route) })
  return { Route: routeShown(state, DestinationCidrBlock, route.attachment) }
}

export const deleteTransitGatewayRoute: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const DestinationCidrBlock = block(input)
  const at = routeAt(table, DestinationCidrBlock)
  const { attachment } = table.routes[at]!
  state.transitTables.update(table, { routes: table.routes.toSpliced(at, 1) })
  return { Route: { ...routeShown(state, DestinationCidrBlock, attachment), State: 'deleted' } }
}

/** Static ones, those that attachments tell of, and those of prefix lists; what is static wins. */
function allRoutes(state: Ec2, table: TransitRouteTable): Shown[] {
  const fixed = table.routes.map((each) => routeShown(state, each.DestinationCidrBlock, each.attachment))
  const referred = table.lists.flatMap(({ PrefixListId, attachment }) =>
    (state.prefixLists.get(PrefixListId)?.versions.at(-1) ?? []).map(({ Cidr }) => ({
      ...routeShown(state, Cidr, attachment),
      PrefixListId,
    })),
  )
  const learned = table.propagations.flatMap((id) => {
    const attachment = state.transitAttachments.get(id)
    return (attachment ? blocksOf(state, attachment) : []).map((each): Shown => ({
      ...routeShown(state, each, id),
      Type: 'propagated',
    }))
  })
  const routes = new Map<string, Shown>()
  for (const route of [...fixed, ...referred, ...learned])
    if (!routes.has(route.DestinationCidrBlock)) routes.set(route.DestinationCidrBlock, route)
  return [...routes.values()]
}

function blocksOf(state: Ec2, { ResourceType, ResourceId }: TransitAttachment): string[] {
  if (ResourceType === 'vpn')
    return state.vpnConnections.get(ResourceId)?.Routes.map((each) => each.DestinationCidrBlock) ?? []
  const vpc = ResourceType === 'vpc' ? state.vpcs.get(ResourceId) : undefined
  return vpc?.CidrBlockAssociationSet.map(({ CidrBlock }) => CidrBlock) ?? []
}

export const searchTransitGatewayRoutes: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const given = (input.Filters ?? []) as { Name?: string; Values?: string[] }[]
  const searches = given.filter(({ Name = '' }) => Name.startsWith('route-search.'))
  const passes = passing(
    given.filter((each) => !searches.includes(each)),
    {
      'attachment.transit-gateway-attachment-id': 'TransitGatewayAttachments.TransitGatewayAttachmentId',
      'attachment.resource-id': 'TransitGatewayAttachments.ResourceId',
      'attachment.resource-type': 'TransitGatewayAttachments.ResourceType',
      'prefix-list-id': 'PrefixListId',
      state: 'State',
      type: 'Type',
    },
  )
  const matches = searches.map(({ Name, Values = [] }) => searched(Name!, Values))
  const found = allRoutes(state, table).filter(
    (route) => passes(route) && matches.every((match) => match(route.DestinationCidrBlock)),
  )
  const most = Math.min(input.MaxResults ?? 1000, 1000)
  return { Routes: found.slice(0, most), AdditionalRoutesAvailable: found.length > most }
}

function searched(name: string, values: readonly string[]): (cidr: string) => boolean {
  const wanted = values.map((text) => {
    const parsed = parseBlock(text)
    if (!parsed) throw invalidValue(`Invalid filter value: ${text} is not a valid CIDR block.`)
    return parsed
  })
  const some = (test: (own: any, other: any) => boolean) => (cidr: string) =>
    wanted.some((each) => test(parseBlock(cidr)!, each))
  switch (name) {
    case 'route-search.exact-match':
      return some((own, other) => formatBlock(own) === formatBlock(other))
    case 'route-search.subnet-of-match':
      return some((own, other) => contains(other, own))
    case 'route-search.supernet-of-match':
      return some((own, other) => contains(own, other))
    case 'route-search.longest-prefix-match':
      return some((own, other) => contains(own, other))
    default:
      throw invalidValue(`The filter '${name}' is invalid`)
  }
}

// --- prefix lists as destinations --------------------------------------------------------------------------------------

function referenceShown(state: Ec2, table: TransitRouteTable, reference: TransitListReference, State = 'available') {
  const { PrefixListId, PrefixListOwnerId, attachment } = reference
  const found = attachment === undefined ? undefined : state.transitAttachments.get(attachment)
  return {
    TransitGatewayRouteTableId: table.TransitGatewayRouteTableId,
    PrefixListId,
    PrefixListOwnerId,
    State,
    Blackhole: found === undefined,
    ...(found && { TransitGatewayAttachment: named(found) }),
  }
}

function referenceAt(table: TransitRouteTable, input: any): number {
  need(input, 'PrefixListId')
  const at = table.lists.findIndex((each) => each.PrefixListId === input.PrefixListId)
  if (at >= 0) return at
  throw new AwsError(
    'InvalidPrefixListId.NotFound',
    `The prefix list ${input.PrefixListId} is not referenced in ${table.TransitGatewayRouteTableId}.`,
  )
}

export const createTransitGatewayPrefixListReference: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const { PrefixListId, OwnerId } = state.prefixLists.named(input)
  if (table.lists.some((each) => each.PrefixListId === PrefixListId))
    throw new AwsError(
      'DuplicatePrefixListReference',
      `The prefix list ${PrefixListId} is already referenced in ${table.TransitGatewayRouteTableId}.`,
    )
  const reference = { PrefixListId, PrefixListOwnerId: OwnerId, ...target(state, input, table) }
  state.transitTables.update(table, { lists: [...table.lists, reference] })
  return { TransitGatewayPrefixListReference: referenceShown(state, table, reference, 'pending') }
}

export const modifyTransitGatewayPrefixListReference: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const at = referenceAt(table, input)
  const { PrefixListId, PrefixListOwnerId } = table.lists[at]!
  const reference = { PrefixListId, PrefixListOwnerId, ...target(state, input, table) }
  state.transitTables.update(table, { lists: table.lists.with(at, reference) })
  return { TransitGatewayPrefixListReference: referenceShown(state, table, reference, 'modifying') }
}

export const deleteTransitGatewayPrefixListReference: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const at = referenceAt(table, input)
  const reference = table.lists[at]!
  state.transitTables.update(table, { lists: table.lists.toSpliced(at, 1) })
  return { TransitGatewayPrefixListReference: referenceShown(state, table, reference, 'deleting') }
}

export const getTransitGatewayPrefixListReferences: Ec2Handler = (input, { state }) => {
  const table = tableIn(state, input)
  const filters = {
    'attachment.resource-id': 'TransitGatewayAttachment.ResourceId',
    'attachment.resource-type': 'TransitGatewayAttachment.ResourceType',
    'attachment.transit-gateway-attachment-id': 'TransitGatewayAttachment.TransitGatewayAttachmentId',
    'is-blackhole': 'Blackhole',
    'prefix-list-id': 'PrefixListId',
    'prefix-list-owner-id': 'PrefixListOwnerId',
    state: 'State',
  }
  const found = table.lists.map((reference) => referenceShown(state, table, reference))
  return listed(found, input, { list: 'TransitGatewayPrefixListReferences', filters, pages: [5, 1000] })
}
