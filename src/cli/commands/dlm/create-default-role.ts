// The role with which Data Lifecycle Manager works unless another is named.

import { Failure } from '../../../lib/errors.ts'
import { stringifyPython } from '../../../lib/json.ts'
import { existsIn, settingsFor } from '../../clients.ts'
import { createRole } from '../../default-roles.ts'
import { partitionOf } from '../../partition.ts'
import { command } from '../command.ts'

const roles = {
  snapshot: { role: 'AWSDataLifecycleManagerDefaultRole', policy: 'AWSDataLifecycleManagerServiceRole' },
  image: {
    role: 'AWSDataLifecycleManagerDefaultRoleForAMIManagement',
    policy: 'AWSDataLifecycleManagerServiceRoleForAMIManagement',
  },
}

const trust = {
  Version: '2012-10-17',
  Statement: [{ Sid: '', Effect: 'Allow', Principal: { Service: 'dlm.amazonaws.com' }, Action: 'sts:AssumeRole' }],
}

export const createDefaultRole = command({
  name: 'dlm create-default-role',
  help: 'Creates the default IAM role which will be used by Lifecycle service, and leaves an existing one as it is.',
  arguments: {
    'iam-endpoint': { noParamFile: true, help: 'The IAM endpoint to call for creating the roles.' },
    'resource-type': {
      choices: ['snapshot', 'image'],
      default: 'snapshot',
      help: 'The resource type for which the role is needed.',
    },
  },
  run: async (given, context) => {
    const endpointUrl = (given['iam-endpoint'] as string | undefined) ?? 'configured'
    const iam = settingsFor(await context.settings(), { endpointUrl })
    const { role, policy } = roles[given['resource-type'] as keyof typeof roles]
    if (await existsIn(iam, 'iam', 'GetRole', { RoleName: role })) return 0
    if (iam.region === undefined) {
      throw new Failure(
        'InvalidValue',
        'You must specify a region. You can also configure your region by running "aws configure".',
      )
    }
    const PolicyArn = `arn:${partitionOf(iam.region)}:iam::aws:policy/service-role/${policy}`
    if (!(await existsIn(iam, 'iam', 'GetPolicy', { PolicyArn }))) return 0
    const { created, RolePolicy } = await createRole(iam, role, PolicyArn, stringifyPython(trust))
    await context.show('create_role', { RolePolicy, ...created })
    return 0
  },
})
