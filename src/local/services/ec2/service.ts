// EC2: as yet only what its operations need; every one of them can be asked with DryRun.

import { defineService } from '../../service.ts'
import { permissions } from './permissions.ts'

export const ec2 = defineService<null>({ name: 'ec2', scope: 'region', state: () => null, permissions, operations: {} })
