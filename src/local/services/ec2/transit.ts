// What do the operations of transit gateways share? Who is attached, which table routes for whom, and how that is told.

import { AwsError } from '../../../lib/errors.ts'
import { need } from './errors.ts'
import { moment } from './ids.ts'
import type { Tag } from './records.ts'
import type { Ec2 } from './state.ts'
import type { TransitAttachment, TransitGateway, TransitRouteTable } from './transit-records.ts'

const endings = new Set(['deleting', 'deleted', 'rejected', 'rejecting', 'failed'])

/** Neither deleted nor about to be; such are still told of for an hour. */
export function isThere({ State }: { readonly State: string }): boolean {
  return !endings.has(State)
}

/** The gateway, where it can be used. */
export function usableGateway(state: Ec2, id: string): TransitGateway {
  const gateway = state.transitGateways.find(id)
  if (gateway.State === 'available') return gateway
  if (!isThere(gateway)) throw state.transitGateways.kind.missing([id])
  throw new AwsError('IncorrectState', `${id} is in invalid state`)
}

export function addTransitTable(
  state: Ec2,
  { TransitGatewayId }: TransitGateway,
  { associates = false, propagates = false, Tags = [] as Tag[] },
): TransitRouteTable {
  return state.transitTables.add({
    TransitGatewayId,
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    DefaultAssociationRouteTable: associates,
    DefaultPropagationRouteTable: propagates,
    CreationTime: moment(state.now),
    associations: [],
    propagations: [],
    routes: [],
    lists: [],
    Tags,
  })
}

type NewAttachment = Pick<TransitAttachment, 'ResourceType' | 'ResourceId' | 'ResourceOwnerId'> &
  Partial<TransitAttachment>

/** Attached, and at the gateway's default tables where it has such. */
export function attach(state: Ec2, gateway: TransitGateway, given: NewAttachment): TransitAttachment {
  const attachment = state.transitAttachments.add({
    TransitGatewayId: gateway.TransitGatewayId,
    TransitGatewayOwnerId: gateway.OwnerId,
    State: 'pending',
    later: [{ at: state.after(60), change: { State: 'available' } }],
    CreationTime: moment(state.now),
    ...given,
  })
  const id = attachment.TransitGatewayAttachmentId
  const { Options } = gateway
  // Peers exchange no routes by themselves, and a peering stands at no table until somebody puts it there.
  if (given.ResourceType === 'peering') return attachment
  if (Options.DefaultRouteTableAssociation === 'enable') {
    const table = state.transitTables.get(Options.AssociationDefaultRouteTableId ?? '')
    if (table) state.transitTables.update(table, { associations: [...table.associations, id] })
  }
  if (Options.DefaultRouteTablePropagation === 'enable') {
    const table = state.transitTables.get(Options.PropagationDefaultRouteTableId ?? '')
    if (table) state.transitTables.update(table, { propagations: [...table.propagations, id] })
  }
  return attachment
}

/** On its way out, and at no table any more. Its static routes stay, and lead nowhere. */
export function detach(state: Ec2, attachment: TransitAttachment): TransitAttachment {
  const id = attachment.TransitGatewayAttachmentId
  const without = (ids: readonly string[]): string[] => ids.filter((each) => each !== id)
  for (const table of state.transitTables.all())
    state.transitTables.update(table, {
      associations: without(table.associations),
      propagations: without(table.propagations),
    })
  return state.transitAttachments.update(attachment, {
    State: 'deleting',
    later: [
      { at: state.after(60), change: { State: 'deleted' } },
      { at: state.now + 3_600_000, change: {}, gone: true },
    ],
  })
}

/** The table that routes what comes from an attachment. */
export function tableFor(state: Ec2, attachment: string): TransitRouteTable | undefined {
  return state.transitTables.all().find((table) => table.associations.includes(attachment))
}

/** The table of one type alone. Throws what EC2 says of what is attached, but of another type. */
export function attachmentsOf(state: Ec2, type: TransitAttachment['ResourceType']) {
  const isOne = ({ ResourceType }: TransitAttachment): boolean => ResourceType === type
  return {
    all: () => state.transitAttachments.all().filter(isOne),
    findAll(ids: readonly string[]): TransitAttachment[] {
      const found = state.transitAttachments.findAll(ids)
      const other = found.filter((each) => !isOne(each)).map((each) => each.TransitGatewayAttachmentId)
      if (other.length > 0) throw state.transitAttachments.kind.missing(other)
      return found
    },
  }
}

export function attachmentOf(state: Ec2, type: TransitAttachment['ResourceType'], input: any): TransitAttachment {
  need(input, 'TransitGatewayAttachmentId')
  return attachmentsOf(state, type).findAll([input.TransitGatewayAttachmentId])[0]!
}
