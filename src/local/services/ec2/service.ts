// EC2: machines, their networks and disks, as far as people script them. Nothing runs; everything is remembered, checked
// and refused as EC2 does.

import { handlersIn } from '../../handlers.ts'
import { defineService } from '../../service.ts'
import * as securityGroups from './operations/security-groups.ts'
import * as subnets from './operations/subnets.ts'
import * as vpcs from './operations/vpcs.ts'
import { permissions } from './permissions.ts'
import { ec2In, type Ec2 } from './state.ts'

export const ec2 = defineService<Ec2>({
  name: 'ec2',
  // Images and snapshots are shared between accounts and copied between regions.
  scope: 'global',
  state: (rows, { account, region, clock }) => ec2In(rows, account, region, clock().getTime()),
  permissions,
  operations: handlersIn<Ec2>(vpcs, subnets, securityGroups),
})
