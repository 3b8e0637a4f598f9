// The roles with which pipelines work unless others are named: Data Pipeline's own, and that of the machines it starts.

import type { Structure } from '../../../lib/value.ts'
import type { Settings } from '../../../client/settings.ts'
import { callWith, existsIn } from '../../clients.ts'
import { presentationOf } from '../../show.ts'
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
      const created = await createRole(iam, role, PolicyArn, service)
      made.push({ ...created, RolePolicy: await documentOf(iam, PolicyArn) })
    }
    await requireProfile(iam)
    await context.show('create_role', made as unknown as Structure)
    return 0
  },
})

async function createRole(
  iam: Settings,
  RoleName: string,
  PolicyArn: string,
  Service: string | string[],
): Promise<Structure> {
  const trust = {
    Version: '2008-10-17',
    Statement: [{ Sid: '', Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }],
  }
  const created = await callWith(iam, 'iam', 'CreateRole', {
    RoleName,
    AssumeRolePolicyDocument: JSON.stringify(trust, undefined, 2),
  })
  await callWith(iam, 'iam', 'AttachRolePolicy', { PolicyArn, RoleName })
  const { present } = await import('../../output/present.ts')
  return present(await iam.models.operation('iam', 'CreateRole'), created, presentationOf(iam))
}

async function documentOf(iam: Settings, PolicyArn: string): Promise<Structure> {
  const { Policy } = await callWith(iam, 'iam', 'GetPolicy', { PolicyArn })
  const VersionId = (Policy as Structure | undefined)?.DefaultVersionId ?? ''
  const { PolicyVersion } = await callWith(iam, 'iam', 'GetPolicyVersion', { PolicyArn, VersionId })
  return ((PolicyVersion as Structure | undefined)?.Document ?? {}) as Structure
}

async function requireProfile(iam: Settings): Promise<void> {
  const InstanceProfileName = MACHINES
  if (await existsIn(iam, 'iam', 'GetInstanceProfile', { InstanceProfileName })) return
  await callWith(iam, 'iam', 'CreateInstanceProfile', { InstanceProfileName })
  await callWith(iam, 'iam', 'AddRoleToInstanceProfile', { InstanceProfileName, RoleName: MACHINES })
}
