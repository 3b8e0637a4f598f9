// What nobody can make here, is not there: lists that tools ask for when they look at a whole account, and that are empty
// for that reason. Who names an id is told that the rest is not built.

import { AwsError } from '../../../../lib/errors.ts'
import type { Ec2Handler } from '../state.ts'

const lists: Readonly<Record<string, string>> = {
  DescribeClientVpnEndpoints: 'ClientVpnEndpoints',
  DescribeLocalGateways: 'LocalGateways',
  DescribeReservedInstances: 'ReservedInstances',
}

const empty =
  (operation: string, list: string): Ec2Handler =>
  (input) => {
    const named = Object.keys(input).find((member) => /Ids?$/.test(member) && input[member]?.length > 0)
    if (named === undefined) return { [list]: [] }
    throw new AwsError('NotImplemented', `The local AWS has no ec2 ${operation} by ${named} yet.`, { status: 501 })
  }

export const nothing: Readonly<Record<string, Ec2Handler>> = Object.fromEntries(
  Object.entries(lists).map(([operation, list]) => [operation, empty(operation, list)]),
)
