// Elastic IP addresses that go from one account to another: offered for a week, and accepted by their address.

import { AwsError } from '../../../../lib/errors.ts'
import { listed } from '../describe.ts'
import { invalidParameter, need } from '../errors.ts'
import { moment } from '../ids.ts'
import type { Address } from '../records.ts'
import type { Ec2Handler } from '../state.ts'

const week = 7 * 24 * 3_600_000
/** The address → the account that offers it, in a table of all accounts. */
const offers = 'address-transfers'

function transferShown({ AllocationId, PublicIp, transfer }: Address, status = 'pending'): object {
  return {
    AllocationId,
    PublicIp,
    TransferAccountId: transfer!.account,
    TransferOfferExpirationTimestamp: moment(transfer!.until),
    AddressTransferStatus: status,
  }
}

export const enableAddressTransfer: Ec2Handler = (input, { state }) => {
  need(input, 'TransferAccountId')
  const address = state.addresses.named(input)
  if (!/^\d{12}$/.test(input.TransferAccountId)) throw invalidParameter('transferAccountId', input.TransferAccountId)
  if (input.TransferAccountId === state.account)
    throw invalidParameter('transferAccountId', input.TransferAccountId, 'It is your own account.')
  state.addresses.update(address, { transfer: { account: input.TransferAccountId, until: state.now + week } })
  state.rows.put(`${offers}/${state.region}`, address.PublicIp, state.account)
  return { AddressTransfer: transferShown(address) }
}

export const disableAddressTransfer: Ec2Handler = (input, { state }) => {
  const address = state.addresses.named(input)
  if (!address.transfer) throw noTransfer(address.AllocationId)
  const shown = transferShown(address, 'disabled')
  delete address.transfer
  state.addresses.put(address)
  state.rows.delete(`${offers}/${state.region}`, address.PublicIp)
  return { AddressTransfer: shown }
}

function noTransfer(what: string): AwsError {
  return new AwsError('InvalidTransfer.AddressNotFound', `There is no pending address transfer for '${what}'.`)
}

export const acceptAddressTransfer: Ec2Handler = (input, { state }) => {
  need(input, 'Address')
  const owner = state.rows.get<string>(`${offers}/${state.region}`, input.Address)
  const there = owner === undefined ? undefined : state.at(owner, state.region)
  const address = there?.addresses.all().find((each) => each.PublicIp === input.Address)
  const isOpen = address?.transfer?.account === state.account && address.transfer.until > state.now
  if (!there || !address || !isOpen) throw noTransfer(input.Address)
  if (address.AssociationId !== undefined)
    throw new AwsError('InvalidTransfer.AddressAssociated', `The address '${input.Address}' is associated.`)
  const shown = transferShown(address, 'accepted')
  there.addresses.delete(address)
  state.rows.delete(`${offers}/${state.region}`, input.Address)
  const { transfer: _, ...rest } = address
  state.addresses.put({ ...rest, Tags: [] })
  return { AddressTransfer: { ...shown, TransferOfferAcceptedTimestamp: moment(state.now) } }
}

export const describeAddressTransfers: Ec2Handler = (input, { state }) => {
  const ids: string[] = input.AllocationIds ?? []
  const addresses = ids.length > 0 ? state.addresses.findAll(ids) : state.addresses.all()
  const open = addresses.filter(({ transfer }) => transfer !== undefined && transfer.until > state.now)
  const shown = open.map((each) => ({ order: each.order, ...transferShown(each) }))
  return listed(shown, input, { list: 'AddressTransfers', pages: [5, 1000] })
}
