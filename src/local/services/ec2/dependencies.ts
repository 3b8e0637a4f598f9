// Who still needs this? What a resource cannot be deleted for, by kind: those that name it and are not deleted with it.

import { AwsError } from '../../../lib/errors.ts'
import { dependencyViolation } from './errors.ts'
import type { KindName } from './kinds.ts'
import type { Ec2 } from './state.ts'
import { isThere } from './transit.ts'

type Needs = (record: any, id: string) => boolean

const inVpc: Needs = (record, id) => record.VpcId === id
const attachedTo: Needs = ({ Attachments }, id) => Attachments.some(({ VpcId }: { VpcId: string }) => VpcId === id)
const inSubnet: Needs = (record, id) => record.SubnetId === id

const needed: Partial<Record<KindName, readonly (readonly [KindName, Needs])[]>> = {
  vpcs: [
    ['subnets', inVpc],
    ['interfaces', inVpc],
    ['internetGateways', attachedTo],
    [
      'vpnGateways',
      ({ VpcAttachments }, id) =>
        VpcAttachments.some((each: { State: string; VpcId: string }) => each.State === 'attached' && each.VpcId === id),
    ],
    ['egressGateways', attachedTo],
    ['natGateways', (record, id) => inVpc(record, id) && record.State !== 'deleted'],
    ['endpoints', inVpc],
    ['carrierGateways', inVpc],
    ['transitAttachments', ({ ResourceId, State }, id) => ResourceId === id && isThere({ State })],
    ['securityGroups', (record, id) => inVpc(record, id) && record.GroupName !== 'default'],
    ['networkAcls', (record, id) => inVpc(record, id) && !record.IsDefault],
    [
      'routeTables',
      (record, id) => inVpc(record, id) && !record.Associations.some(({ Main }: { Main: boolean }) => Main),
    ],
    [
      'peerings',
      ({ RequesterVpcInfo, AccepterVpcInfo, Status }, id) =>
        Status.Code === 'active' && [RequesterVpcInfo.VpcId, AccepterVpcInfo.VpcId].includes(id),
    ],
  ],
  subnets: [
    ['interfaces', inSubnet],
    ['natGateways', (record, id) => inSubnet(record, id) && record.State !== 'deleted'],
  ],
  securityGroups: [
    ['interfaces', ({ Groups }, id) => Groups.some(({ GroupId }: { GroupId: string }) => GroupId === id)],
    [
      'securityGroups',
      ({ GroupId, rules }, id) =>
        GroupId !== id &&
        rules.some((rule: { ReferencedGroupInfo?: { GroupId: string } }) => rule.ReferencedGroupInfo?.GroupId === id),
    ],
  ],
  dhcpOptions: [['vpcs', ({ DhcpOptionsId }, id) => DhcpOptionsId === id]],
}

/** Throws DependencyViolation while something needs it. `what`: how AWS calls the kind (`vpc`). */
export function checkUnneeded(state: Ec2, kind: KindName, what: string, id: string): void {
  for (const [other, needs] of needed[kind] ?? [])
    if (
      state
        .table(other)
        .all()
        .some((record) => needs(record, id))
    )
      throw refusal(kind, what, id)
}

function refusal(kind: KindName, what: string, id: string): AwsError {
  if (kind === 'securityGroups') return new AwsError('DependencyViolation', `resource ${id} has a dependent object`)
  return dependencyViolation(what, id)
}
