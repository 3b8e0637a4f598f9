// The roles with which clusters work unless others are named: EMR's own, its machines', and that of automatic scaling.
// What is there already stays as it is. The profile remembers them for create-cluster.

import { Failure } from '../../../lib/errors.ts'
import type { Structure } from '../../../lib/value.ts'
import { profileHeader, writeSection } from '../../../client/config/write.ts'
import { resolveEndpoint } from '../../../client/endpoint/resolve.ts'
import type { Settings } from '../../../client/settings.ts'
import { existsIn, settingsFor } from '../../clients.ts'
import { createRole, requireProfile } from '../../default-roles.ts'
import { partitionOf } from '../../partition.ts'
import { command } from '../command.ts'
import type { Context } from '../command.ts'
import { blockOf } from './configured.ts'

const MACHINES = 'EMR_EC2_DefaultRole'
const SERVICE = 'EMR_DefaultRole'

const roles: readonly { role: string; policy: string; services: readonly string[] }[] = [
  { role: MACHINES, policy: 'AmazonElasticMapReduceforEC2Role', services: ['ec2'] },
  { role: SERVICE, policy: 'AmazonElasticMapReduceRole', services: ['elasticmapreduce'] },
  {
    role: 'EMR_AutoScaling_DefaultRole',
    policy: 'AmazonElasticMapReduceforAutoScalingRole',
    services: ['elasticmapreduce', 'application-autoscaling'],
  },
]

export const createDefaultRoles = command({
  name: 'emr create-default-roles',
  help:
    `Creates the default IAM roles ${MACHINES} and ${SERVICE}, which create-cluster --use-default-roles takes, and ` +
    'that of automatic scaling. Where the profile names no roles for clusters yet, they are written to it.',
  arguments: {
    'iam-endpoint': { noParamFile: true, help: 'The IAM endpoint to call for creating the roles.' },
  },
  run: async (given, context) => {
    const settings = await context.settings()
    const iam = settingsFor(settings, { endpointUrl: (given['iam-endpoint'] as string | undefined) ?? 'configured' })
    const host = await addressOf(settings, context)
    const made: Structure[] = []
    for (const { role, policy, services } of roles) {
      if (!(await existsIn(iam, 'iam', 'GetRole', { RoleName: role }))) {
        const trust = trustIn(services.map((service) => principalOf(service, host)))
        const PolicyArn = `arn:${partitionOf(iam.region ?? '')}:iam::aws:policy/service-role/${policy}`
        const { created, RolePolicy } = await createRole(iam, role, PolicyArn, trust)
        made.push({ ...created, RolePolicy })
      }
      if (role === MACHINES) await requireProfile(iam, MACHINES)
    }
    await remember(context)
    await context.show('create_role', made as unknown as Structure)
    return 0
  },
})

async function addressOf(settings: Settings, context: Context): Promise<string> {
  const operation = await context.outside.models.operation('emr', 'RunJobFlow')
  const { scheme, host, basePath } = await resolveEndpoint(operation, {}, settings)
  return `${scheme}://${host}${basePath}`
}

/** Who may take the role: a service by its name in this part of the world. Throws Failure('InvalidValue'). */
function principalOf(service: string, address: string): string {
  if (service === 'ec2') return 'ec2.amazonaws.com'
  const [, region, suffix] =
    /^https?:\/\/([^.]+).elasticmapreduce.([^/]*)/.exec(address) ??
    /^https?:\/\/elasticmapreduce.([^.]+).([^/]*)/.exec(address) ??
    []
  if (suffix === undefined) {
    throw new Failure('InvalidValue', 'Could not resolve the service principal from the region or the endpoint.')
  }
  return service === 'application-autoscaling' && !region!.startsWith('cn-')
    ? 'application-autoscaling.amazonaws.com'
    : `${service}.${suffix}`
}

function trustIn(principals: readonly string[]): string {
  const Service = principals.length === 1 ? principals[0] : principals
  const Statement = [{ Sid: '', Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' }]
  return JSON.stringify({ Version: '2008-10-17', Statement }, undefined, 2)
}

async function remember(context: Context): Promise<void> {
  const block = await blockOf(context)
  if (block.instance_profile !== undefined || block.service_role !== undefined) return
  const { configuration } = await context.settings()
  if (configuration === undefined) return
  const emr = { service_role: SERVICE, instance_profile: MACHINES }
  await writeSection(configuration.files.configPath, profileHeader(configuration.profile), { emr })
}
