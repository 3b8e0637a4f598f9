// How does a command make the role with which a service of AWS works unless another is named? By IAM, with a policy of
// AWS's own; a role or an instance profile that is there already stays as it is.

import type { Structure } from '../lib/value.ts'
import type { Settings } from '../client/settings.ts'
import { callWith, existsIn } from './clients.ts'
import { presentationOf } from './show.ts'

/** What CreateRole answered, as it is shown, and the document of the policy. */
interface Made {
  readonly created: Structure
  readonly RolePolicy: Structure
}

/** `trust`: the JSON of who may take the role. Throws what IAM answers. */
export async function createRole(iam: Settings, RoleName: string, PolicyArn: string, trust: string): Promise<Made> {
  const created = await callWith(iam, 'iam', 'CreateRole', { RoleName, AssumeRolePolicyDocument: trust })
  await callWith(iam, 'iam', 'AttachRolePolicy', { PolicyArn, RoleName })
  const RolePolicy = await documentOf(iam, PolicyArn)
  const { present } = await import('./output/present.ts')
  return { created: present(await iam.models.operation('iam', 'CreateRole'), created, presentationOf(iam)), RolePolicy }
}

async function documentOf(iam: Settings, PolicyArn: string): Promise<Structure> {
  const { Policy } = await callWith(iam, 'iam', 'GetPolicy', { PolicyArn })
  const VersionId = (Policy as Structure | undefined)?.DefaultVersionId ?? ''
  const { PolicyVersion } = await callWith(iam, 'iam', 'GetPolicyVersion', { PolicyArn, VersionId })
  return ((PolicyVersion as Structure | undefined)?.Document ?? {}) as Structure
}

/** The instance profile of a role's own name. Throws what IAM answers. */
export async function requireProfile(iam: Settings, name: string): Promise<void> {
  if (await existsIn(iam, 'iam', 'GetInstanceProfile', { InstanceProfileName: name })) return
  await callWith(iam, 'iam', 'CreateInstanceProfile', { InstanceProfileName: name })
  await callWith(iam, 'iam', 'AddRoleToInstanceProfile', { InstanceProfileName: name, RoleName: name })
}
