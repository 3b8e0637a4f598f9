// The roles with which pipelines work unless others are named: Data Pipeline's own, and that of the machines it starts.

import type { Structure } from '../../../lib/value.ts'
import { existsIn } from '../../clients.ts'
import { createRole, requireProfile } from '../../default-roles.ts'
import { command } from '../command.ts'

const MACHINES = 'DataPipelineDefaultResourceRole'

const roles: readonly { role: string; policy: string; service: string | string[] }[] = [
  {
    role: 'DataPipelineDefaultRole',
    policy: 'AWSDataPipelineRole',
    service: ['datapipeline.amazonaws.com', 'elasticmapreduce.amazonaws.com'],
  },
  { role: MACHINES, policy: 'AmazonEC2RoleforDataPipelineRole', service: 'ec2.amazonaws.com' },
]

const DEPRECATED = `
Support for this command has been deprecated and may fail to create these roles
if they do not already exist. For more information on managing these policies
manually see the following documentation:

https://docs.aws.amazon.com/datapipeline/latest/DeveloperGuide/dp-iam-roles.html
`

export const createDefaultRoles = command({
  name: 'datapipeline create-default-roles',
  help: 'Creates the default IAM roles of AWS Data Pipeline, and leaves existing ones as they are. Deprecated by AWS.',
  arguments: {},
  run: async (_, context) => {
    const iam = await context.settings()
    context.warn(DEPRECATED)
    const made: Structure[] = []
    for (const { role, policy, service } of roles) {
      if (await existsIn(iam, 'iam', 'GetRole', { RoleName: role })) continue
      const PolicyArn = `arn:aws:iam::aws:policy/service-role/${policy}`
      const { created, RolePolicy } = await createRole(iam, role, PolicyArn, trustIn(service))
      made.push({ ...created, RolePolicy })
    }
    await requireProfile(iam, MACHINES)
    await context.show('create_role', made as unknown as Structure)
    return 0
  },
})

function trustIn(Service: string | string[]): string {
  const Statement = [{ Sid: '', Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }]
  return JSON.stringify({ Version: '2008-10-17', Statement }, undefined, 2)
}
